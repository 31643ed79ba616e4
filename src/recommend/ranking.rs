//! From candidates to a list.

use std::collections::HashSet;

use super::blend::Blend;
use super::histories::{Histories, Touch};
use super::neighbours::Neighbours;
use super::signals::{Candidate, Kind};

/// Candidates among which diversity chooses.
const POOL: usize = 100;

/// A product is bought again as a matter of course where at least this part of its buyers did, and at least so many.
const REPEAT_SHARE: f64 = 0.1;
const REPEATERS: u32 = 5;

/// What may not be recommended, and how alike the list may be.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Products that nobody is recommended: out of the catalogue, out of stock, sensitive, or on a person's list.
    pub barred: HashSet<u32>,
    /// How much a product that is like one already on the list loses, 0 to 1.
    pub diversity: f32,
    /// Category of each product, by its key; none where it has none.
    pub categories: Vec<Option<i32>>,
}

/// A recommended product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    /// Its key.
    pub product: u32,
    /// The blended score.
    pub score: f32,
    /// The kind of evidence that speaks for it most.
    pub kind: Kind,
    /// What each kind of evidence said.
    pub candidate: Candidate,
}

impl Rules {
    /// Whether a product may be recommended to somebody who touched this.
    fn allows(&self, histories: &Histories, product: u32, own: Option<&Touch>) -> bool {
        if self.barred.contains(&product) {
            return false;
        }
        let Some(own) = own else { return true };
        if own.is_returned {
            return false;
        }
        !own.is_bought() || own.days > 1 || is_repeat(histories, product)
    }
}

/// Whether a product is bought again as a matter of course.
fn is_repeat(histories: &Histories, product: u32) -> bool {
    let record = histories.record(product);
    record.repeaters >= REPEATERS
        && f64::from(record.repeaters) >= REPEAT_SHARE * f64::from(record.buyers)
}

/// The best `top` of a user's candidates by the blend, without what the rules bar. With a diversity above 0 they are chosen one
/// by one, each by its score less its likeness to those chosen before (maximal marginal relevance: Carbonell and Goldstein,
/// "The use of MMR, diversity-based reranking for reordering documents and producing summaries", SIGIR 1998).
#[must_use]
pub fn rank(
    candidates: &[Candidate],
    own: &[Touch],
    histories: &Histories,
    neighbours: &Neighbours,
    blend: &Blend,
    rules: &Rules,
    top: usize,
) -> Vec<Pick> {
    let mut picks: Vec<Pick> = candidates
        .iter()
        .filter(|one| {
            // A user's touches are few, most lists of them short: a scan is quicker than a map.
            let own = own.iter().find(|touch| touch.product == one.product);
            rules.allows(histories, one.product, own)
        })
        .map(|candidate| {
            let (score, kind) = blend.score(&candidate.scores);
            Pick {
                product: candidate.product,
                score,
                kind,
                candidate: *candidate,
            }
        })
        .filter(|pick| pick.score > 0.0)
        .collect();
    let order = |a: &Pick, b: &Pick| b.score.total_cmp(&a.score).then(a.product.cmp(&b.product));
    let kept = if rules.diversity > 0.0 {
        POOL.max(top)
    } else {
        top
    };
    if picks.len() > kept && kept > 0 {
        picks.select_nth_unstable_by(kept - 1, order);
        picks.truncate(kept);
    }
    picks.sort_by(order);
    if rules.diversity > 0.0 {
        picks = diverse(picks, neighbours, rules, top);
    }
    picks.truncate(top);
    picks
}

fn diverse(mut pool: Vec<Pick>, neighbours: &Neighbours, rules: &Rules, top: usize) -> Vec<Pick> {
    let most = pool.first().map_or(1.0, |pick| pick.score);
    let category = |product: u32| rules.categories.get(product as usize).copied().flatten();
    let alike = |one: u32, other: u32| {
        let same = category(one).is_some() && category(one) == category(other);
        let near = neighbours.similarity(one, other);
        if same { near.max(0.5) } else { near }
    };
    let mut likeness = vec![0.0_f32; pool.len()];
    let mut chosen: Vec<Pick> = Vec::new();
    while chosen.len() < top && !pool.is_empty() {
        let value = |at: usize| {
            (1.0 - rules.diversity) * pool[at].score / most - rules.diversity * likeness[at]
        };
        let best = (0..pool.len())
            .reduce(|best, at| if value(at) > value(best) { at } else { best })
            .unwrap_or(0);
        let pick = pool.remove(best);
        likeness.remove(best);
        for (at, other) in pool.iter().enumerate() {
            likeness[at] = likeness[at].max(alike(pick.product, other.product));
        }
        chosen.push(pick);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::signals::{Because, KINDS};

    fn candidate(product: u32, score: f32) -> Candidate {
        let mut scores = [0.0; KINDS];
        scores[Kind::Popular as usize] = score;
        Candidate {
            product,
            scores,
            because: [Because::default(); KINDS],
        }
    }

    fn list(
        candidates: &[Candidate],
        own: &[Touch],
        histories: &Histories,
        rules: &Rules,
    ) -> Vec<u32> {
        let none = Neighbours::default();
        let blend = Blend::default();
        let found = rank(candidates, own, histories, &none, &blend, rules, 3);
        found.iter().map(|pick| pick.product).collect()
    }

    #[test]
    fn bought_returned_and_barred_products_stay_out_repeat_goods_stay_in() {
        let bought = |product, days| Touch {
            product,
            days,
            last_bought: 1,
            ..Touch::default()
        };
        let mut histories = Histories::new(6, 10);
        for user in 0..20 {
            histories.push(user, vec![bought(1, 1), bought(2, 2)]);
        }
        let all: Vec<Candidate> = (0..6_u8)
            .map(|p| candidate(p.into(), 9.0 - f32::from(p)))
            .collect();
        let returned = Touch {
            product: 0,
            is_returned: true,
            ..Touch::default()
        };
        let rules = Rules {
            barred: HashSet::from([3]),
            ..Rules::default()
        };
        let own = [returned, bought(1, 1), bought(2, 1)];
        assert_eq!(list(&all, &own, &histories, &rules), [2, 4, 5]);
    }

    #[test]
    fn diversity_puts_another_category_before_a_better_twin() {
        let histories = Histories::new(4, 10);
        let all = [candidate(0, 1.0), candidate(1, 0.9), candidate(2, 0.7)];
        let mut rules = Rules {
            categories: vec![Some(1), Some(1), Some(2), None],
            ..Rules::default()
        };
        assert_eq!(list(&all, &[], &histories, &rules), [0, 1, 2]);
        rules.diversity = 0.5;
        assert_eq!(list(&all, &[], &histories, &rules), [0, 2, 1]);
    }
}
