//! A run about groups alone: what is about fewer people than may be told goes, and what stays is coarse.
//!
//! Counts become multiples of the smallest number that may be told, shares follow from these, amounts keep three digits. A
//! segment of too few people goes whole, and with it the smallest other one where all that went are too few together: else
//! it could be told by taking the rest from the whole (complementary suppression).

use std::collections::BTreeMap;

use super::{Audit, Charts, Fact, Reconciliation, Run, Segment, Standing, Value};
use crate::words::{Both, round_to_tell};

/// Digits that shares keep behind the point, as fractions.
const OF_SHARES: f64 = 1_000.0;

impl Run {
    /// Leaves nothing about fewer than `k` people, and no exact count.
    pub fn suppress(&mut self, k: u64) {
        let k = k.max(1);
        let all: u64 = self.segments.iter().map(|segment| segment.users).sum();
        let gone = too_small(&self.segments, k);
        let users = multiple(all, k);
        let crowd = Crowd {
            k,
            all,
            sizes: self
                .segments
                .iter()
                .map(|segment| (segment.id, segment.users))
                .collect(),
            gone,
        };
        for segment in &mut self.segments {
            if crowd.gone.contains(&segment.id) {
                withhold(segment);
            } else {
                crowd.coarsen(segment);
            }
        }
        self.users = users;
        for count in [
            &mut self.input.rows_read,
            &mut self.input.events,
            &mut self.input.duplicates,
            &mut self.input.quarantined,
        ] {
            *count = multiple(*count, k);
        }
        if let Some(sums) = &mut self.reconciliation {
            coarse_sums(sums, k);
        }
        self.cohorts.retain(|cohort| cohort.users >= k);
        for cohort in &mut self.cohorts {
            cohort.users = multiple(cohort.users, k);
            for again in &mut cohort.again {
                *again = again.filter(|again| *again >= k).map(|n| multiple(n, k));
            }
        }
        self.week
            .iter_mut()
            .for_each(|share| *share = tenth(*share));
        // Words about what was decided can hold counts.
        self.notes
            .retain(|note| !note.contains(|c: char| c.is_ascii_digit()));
        if let Some(recommendation) = &mut self.evidence.recommendation {
            recommendation.silhouette_users = multiple(recommendation.silhouette_users, k);
            recommendation.bootstrap_users = multiple(recommendation.bootstrap_users, k);
        }
        if let Some(membership) = &mut self.evidence.membership {
            membership.between = if membership.between < k {
                0
            } else {
                multiple(membership.between, k)
            };
        }
        self.evidence
            .audits
            .iter_mut()
            .for_each(|audit| coarse_audit(audit, &crowd));
    }
}

/// The sizes that shares of people are taken of.
struct Crowd {
    k: u64,
    all: u64,
    /// Exact users by segment.
    sizes: BTreeMap<u32, u64>,
    /// Segments that go.
    gone: Vec<u32>,
}

impl Crowd {
    fn coarsen(&self, segment: &mut Segment) {
        let k = self.k;
        let own = segment.users;
        let others = self.all - own;
        let nearest = segment
            .nearest
            .filter(|id| !self.gone.contains(id))
            .and_then(|id| self.sizes.get(&id).copied());
        segment.facts.retain(|fact| fact.support >= k);
        for fact in &mut segment.facts {
            if fact.id == "size.users" {
                let of =
                    |value: &Value| Some(Value::Number(multiple(value.number()? as u64, k) as f64));
                fact.value = Value::Number(multiple(own, k) as f64);
                fact.nearest = nearest.and(fact.nearest.as_ref()).and_then(of);
            } else if fact.id == "size.share" {
                fact.value = Value::Number(self.share(own));
                fact.nearest = nearest.map(|users| Value::Number(self.share(users)));
            } else if is_of_size(&fact.id) {
                fact.population = Some(Value::Number(self.share(own)));
            } else if is_of_people(&fact.id) {
                let coarse = |value: Option<&Value>, of: u64| self.part(value?.number()?, of);
                let value = coarse(Some(&fact.value), own);
                fact.population = coarse(fact.population.as_ref(), self.all).map(Value::Number);
                fact.others = coarse(fact.others.as_ref(), others).map(Value::Number);
                fact.nearest = nearest
                    .and_then(|of| coarse(fact.nearest.as_ref(), of))
                    .map(Value::Number);
                fact.value = Value::Number(value.unwrap_or_default());
            }
            fact.support = multiple(fact.support, k);
            // The rest of so few would follow from the whole and the part.
            if others < k {
                fact.others = None;
                fact.population = None;
                fact.difference = None;
            }
            if nearest.is_none() {
                fact.nearest = None;
            }
        }
        lifts(&mut segment.facts);
        for rule in &mut segment.standing.rules {
            rule.cover = self.part(100.0 * rule.cover, own).unwrap_or_default() / 100.0;
            rule.precision = tenth(rule.precision);
        }
        segment.nearest = segment.nearest.filter(|id| !self.gone.contains(id));
        segment.users = multiple(own, k);
        segment.share = self.share(own) / 100.0;
        coarse_charts(&mut segment.charts);
    }

    /// The share of all people, in per cent, that so many are.
    fn share(&self, users: u64) -> f64 {
        percent(multiple(users, self.k), multiple(self.all, self.k))
    }

    /// A share of people, in per cent of `of`, by coarse counts; none where it is of fewer than may be told.
    fn part(&self, share: f64, of: u64) -> Option<f64> {
        let people = (share / 100.0 * of as f64).round() as u64;
        (people >= self.k).then(|| percent(multiple(people, self.k), multiple(of, self.k)))
    }
}

/// Whether a fact holds a part of the shop against the segment's share of people.
fn is_of_size(id: &str) -> bool {
    matches!(id, "revenue.share" | "events.share")
}

/// Whether a fact is a share of people.
fn is_of_people(id: &str) -> bool {
    let is_of_names = ["category.", "product.", "query."]
        .iter()
        .any(|start| id.starts_with(start));
    id.starts_with("funnel.") || (is_of_names && id.strip_suffix(".share").is_some())
}

/// Ratios of shares of people follow from the coarse shares.
fn lifts(facts: &mut Vec<Fact>) {
    let ratios: BTreeMap<String, Option<f64>> = facts
        .iter()
        .filter(|fact| is_of_people(&fact.id))
        .filter_map(|fact| Some((fact.id.strip_suffix("share")?.to_owned(), fact.ratio())))
        .collect();
    facts.retain_mut(|fact| {
        let of = fact
            .id
            .strip_suffix("lift")
            .and_then(|start| ratios.get(start));
        match of {
            None => true,
            Some(Some(ratio)) => {
                fact.value = Value::Number(round_to_tell(*ratio));
                fact.difference = Some(ratio.log2());
                true
            }
            Some(None) => false,
        }
    });
}

fn percent(part: u64, of: u64) -> f64 {
    round_to_tell(100.0 * part as f64 / of.max(1) as f64).min(100.0)
}

/// The segments that go.
fn too_small(segments: &[Segment], k: u64) -> Vec<u32> {
    let mut by_size: Vec<&Segment> = segments
        .iter()
        .filter(|segment| segment.users > 0)
        .collect();
    by_size.sort_by_key(|segment| (segment.users, segment.id));
    let mut gone = Vec::new();
    let mut people = 0;
    for segment in by_size {
        if segment.users >= k && (people == 0 || people >= k) {
            break;
        }
        people += segment.users;
        gone.push(segment.id);
    }
    gone
}

fn withhold(segment: &mut Segment) {
    segment.name = Both::new(
        format!("Withheld {}: too few people", segment.id),
        format!("不予显示 {}：人数过少", segment.id),
    );
    segment.users = 0;
    segment.share = 0.0;
    segment.nearest = None;
    segment.previous = None;
    segment.withheld.clear();
    segment.charts = Charts::default();
    segment.standing = Standing::default();
    segment.facts.clear();
    segment.narrative = None;
}

fn coarse_charts(charts: &mut Charts) {
    for share in &mut charts.week {
        *share = share.map(tenth);
    }
    for band in &mut charts.prices {
        band.share = thousandth(band.share);
        band.shop = thousandth(band.shop);
    }
}

fn coarse_sums(sums: &mut Reconciliation, k: u64) {
    for amount in [
        &mut sums.gross,
        &mut sums.tax_and_shipping,
        &mut sums.discounts,
        &mut sums.returns,
        &mut sums.excluded,
        &mut sums.unattributed,
        &mut sums.net,
        &mut sums.unmatched_amount,
    ] {
        *amount = three_digits(*amount);
    }
    sums.returned_lines = multiple(sums.returned_lines, k);
    if sums.unmatched_returns < k {
        sums.unmatched_amount = 0.0;
    }
    sums.unmatched_returns = multiple(sums.unmatched_returns, k);
    sums.left_out.retain(|left_out| left_out.rows >= k);
    for left_out in &mut sums.left_out {
        left_out.rows = multiple(left_out.rows, k);
        left_out.amount = three_digits(left_out.amount);
    }
}

fn coarse_audit(audit: &mut Audit, crowd: &Crowd) {
    let k = crowd.k;
    for group in &mut audit.groups {
        group.users = multiple(group.users, k);
    }
    audit
        .rows
        .retain(|row| row.users >= k && !crowd.gone.contains(&row.segment));
    for row in &mut audit.rows {
        row.users = multiple(row.users, k);
        let size = crowd.sizes.get(&row.segment).copied().unwrap_or_default();
        row.share = percent(row.users, multiple(size, k)) / 100.0;
        row.expected = thousandth(row.expected);
        row.ratio = round_to_tell(row.share / row.expected.max(f64::MIN_POSITIVE));
        row.interval = (round_to_tell(row.interval.0), round_to_tell(row.interval.1));
    }
    if let Some(bound) = &mut audit.bound {
        bound.moved = multiple(bound.moved, k);
    }
}

/// The nearest multiple of `k`, halves up; 0 only for less than `k`.
#[must_use]
pub fn multiple(count: u64, k: u64) -> u64 {
    if count < k {
        0
    } else {
        (count + k / 2) / k * k
    }
}

fn tenth(share: f64) -> f64 {
    (share * 10.0).round() / 10.0
}

fn thousandth(share: f64) -> f64 {
    (share * OF_SHARES).round() / OF_SHARES
}

/// An amount with three digits that count.
fn three_digits(amount: f64) -> f64 {
    if amount == 0.0 {
        return 0.0;
    }
    let scale = 10_f64.powi(2 - amount.abs().log10().floor() as i32);
    (amount * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_amounts_are_coarse() {
        let counts = [0, 9, 10, 14, 15, 27].map(|count| multiple(count, 10));
        assert_eq!(counts, [0, 0, 10, 10, 20, 30]);
        assert_eq!(multiple(7, 1), 7);
        for (amount, coarse) in [
            (0.0, 0.0),
            (-1234.5, -1230.0),
            (0.012_34, 0.0123),
            (99.96, 100.0),
        ] {
            assert!((three_digits(amount) - coarse).abs() < 1e-9, "{amount}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_left_never_tells_fewer_than_may_be_told(sizes in proptest::collection::vec(0_u64..60, 1..8), k in 2_u64..20) {
            let segments: Vec<Segment> = (1..).zip(&sizes).map(|(id, users)| segment(id, *users)).collect();
            let gone = too_small(&segments, k);
            let hidden: u64 = segments.iter().filter(|s| gone.contains(&s.id)).map(|s| s.users).sum();
            let is_all = segments.iter().filter(|s| s.users > 0).all(|s| gone.contains(&s.id));
            proptest::prop_assert!(gone.is_empty() || hidden >= k || is_all);
            for segment in segments.iter().filter(|s| !gone.contains(&s.id)) {
                proptest::prop_assert!(segment.users == 0 || segment.users >= k);
            }
        }
    }

    fn segment(id: u32, users: u64) -> Segment {
        Segment {
            id,
            kind: super::super::SegmentKind::Cluster,
            name: Both::new("a", "甲"),
            given_name: None,
            tags: Vec::new(),
            note: None,
            users,
            share: 0.0,
            nearest: None,
            previous: None,
            withheld: Vec::new(),
            charts: Charts::default(),
            standing: Standing::default(),
            facts: Vec::new(),
            narrative: None,
        }
    }
}
