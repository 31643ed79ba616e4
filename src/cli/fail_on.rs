//! `--fail-on`: what a scheduled job takes for a failure although all was written.

use crate::records::{NarrativeStatus, Run};

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
}

const MEASURES: [(&str, Measure); 4] = [
    ("quarantine", Measure::Quarantine),
    ("fallback", Measure::Fallback),
    ("unattributed", Measure::Unattributed),
    ("excluded", Measure::Excluded),
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
    pub fn failed(&self, run: &Run) -> Option<String> {
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

/// The conditions that a run fails, one line each.
pub fn failures(conditions: &[Condition], run: &Run) -> Vec<String> {
    conditions
        .iter()
        .filter_map(|condition| condition.failed(run))
        .collect()
}
