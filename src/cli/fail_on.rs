//! `--fail-on`: what a scheduled job takes for a failure although all was written.

use std::collections::BTreeSet;

use crate::records::{Audit, Comparison, DRIFTED, NarrativeStatus, Run, SegmentKind};

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    measure: Measure,
    limit: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// Rows quarantined, of those read.
    Quarantine,
    /// Narratives with a sentence that is the facts in plain words.
    Fallback,
    /// Events that are nobody's.
    Unattributed,
    /// Events that a rule left out.
    Excluded,
    /// Users in weak segments, or all where the users fall into no stable groups.
    Unstable,
    /// Features whose values drifted since the run before.
    Drift,
    /// Segments of which a protected group has far more or less than its share.
    Unfair,
}

const MEASURES: [(&str, Measure); 7] = [
    ("quarantine", Measure::Quarantine),
    ("fallback", Measure::Fallback),
    ("unattributed", Measure::Unattributed),
    ("excluded", Measure::Excluded),
    ("unstable", Measure::Unstable),
    ("drift", Measure::Drift),
    ("unfair", Measure::Unfair),
];

/// Reads `quarantine>2%`.
pub fn parse(text: &str) -> Result<Condition, String> {
    let known = MEASURES.map(|(name, _)| name).join(", ");
    let (name, limit) = text
        .split_once('>')
        .ok_or_else(|| format!("write it as quarantine>2% (measures: {known})"))?;
    let measure = MEASURES
        .iter()
        .find(|(known, _)| *known == name.trim())
        .ok_or_else(|| format!("no measure `{name}` (measures: {known})"))?
        .1;
    let limit = limit
        .trim()
        .strip_suffix('%')
        .and_then(|limit| limit.trim().parse().ok())
        .filter(|limit: &f64| (0.0..=100.0).contains(limit))
        .ok_or("the limit is a percentage such as 2%")?;
    Ok(Condition { measure, limit })
}

impl Condition {
    /// What a run has of the measure, in per cent, where that is more than the limit.
    #[must_use]
    pub fn failed(&self, run: &Run, drift: Option<&Comparison>) -> Option<String> {
        let left_out = |of: &dyn Fn(&str) -> bool| -> u64 {
            let all = run.reconciliation.iter().flat_map(|sums| &sums.left_out);
            all.filter(|one| of(&one.reason)).map(|one| one.rows).sum()
        };
        let (part, whole) = match self.measure {
            Measure::Quarantine => (run.input.quarantined, run.input.rows_read),
            Measure::Fallback => {
                let texts = || {
                    run.segments
                        .iter()
                        .filter_map(|segment| segment.narrative.as_ref())
                };
                let plain = texts().filter(|text| text.status == NarrativeStatus::FactsOnly);
                (plain.count() as u64, texts().count() as u64)
            }
            Measure::Unattributed => (
                left_out(&|reason| reason == "unattributed"),
                run.input.events,
            ),
            Measure::Excluded => (
                left_out(&|reason| !matches!(reason, "unattributed" | "period")),
                run.input.events,
            ),
            Measure::Unstable => unstable(run),
            Measure::Drift => drift.map_or((0, 0), |found| {
                let drifted = found.drifts.iter().filter(|one| one.psi > DRIFTED);
                (drifted.count() as u64, found.drifts.len() as u64)
            }),
            Measure::Unfair => {
                let audits = run.evidence.audits.iter();
                let flagged: BTreeSet<u32> = audits.flat_map(Audit::flagged).collect();
                (flagged.len() as u64, run.segments.len() as u64)
            }
        };
        let share = if whole == 0 {
            0.0
        } else {
            100.0 * part as f64 / whole as f64
        };
        let name = MEASURES
            .iter()
            .find(|(_, known)| *known == self.measure)
            .map_or("", |(name, _)| name);
        (share > self.limit).then(|| format!("{name} is {share:.2}%, over {}%", self.limit))
    }
}

/// Users in segments that are weak, of those in clusters.
fn unstable(run: &Run) -> (u64, u64) {
    let clusters = || {
        let all = run.segments.iter();
        all.filter(|segment| segment.kind == SegmentKind::Cluster)
    };
    let all: u64 = clusters().map(|segment| segment.users).sum();
    if run.evidence.caution().is_some() {
        return (all, all);
    }
    let weak = clusters().filter(|segment| segment.standing.is_weak());
    (weak.map(|segment| segment.users).sum(), all)
}

/// Whether one of the conditions asks about drift, for which the run before is looked at.
#[must_use]
pub fn asks_about_drift(conditions: &[Condition]) -> bool {
    conditions
        .iter()
        .any(|condition| condition.measure == Measure::Drift)
}

/// The conditions that a run fails, one line each; `drift` is the comparison with the run before.
pub fn failures(conditions: &[Condition], run: &Run, drift: Option<&Comparison>) -> Vec<String> {
    conditions
        .iter()
        .filter_map(|condition| condition.failed(run, drift))
        .collect()
}
