//! What the workspace holds: ingests, quality, what was kept aside and why, features with their distributions.

use crate::words::{Both, Unit};

/// One ingest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestView {
    /// Its number.
    pub ingest: i32,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Names of its files. Unclean.
    pub files: Vec<String>,
    /// How the files were taken.
    pub preset: String,
    /// Rows read.
    pub rows: u64,
    /// Of these events.
    pub events: u64,
    /// Of these equal to one read before.
    pub duplicates: u64,
    /// Of these kept aside.
    pub quarantined: u64,
}

/// A row kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The file's name. Unclean.
    pub file: String,
    /// Line in it.
    pub line: u64,
    /// Its text with identifiers masked; none where they could not be located. Unclean.
    pub text: Option<String>,
}

/// Why rows were kept aside, with some of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// In words.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub samples: Vec<Quarantined>,
}

/// A bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower end, in the feature's unit.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Users in it; none where they are too few to be told.
    pub users: Option<u64>,
}

/// A feature as the run has it.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureView {
    /// Stable name, such as `rfm.recency`.
    pub id: String,
    /// What it is, for people.
    pub label: Both,
    /// Its unit.
    pub unit: Unit,
    /// `none`, `log1p`…
    pub transform: String,
    /// The share of users without a value, 0 to 1.
    pub missing: f64,
    /// The 5th, 50th and 95th percentile; none where nobody has a value.
    pub quantiles: Option<[f64; 3]>,
    /// Equal steps between the 1st and the 99th percentile, those beyond in the first and the last.
    pub bins: Vec<Bin>,
}

/// What the workspace holds, as a run saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The ingests, the newest first.
    pub ingests: Vec<IngestView>,
    /// Users of all kinds.
    pub users: u64,
    /// The first day and the last one with an event.
    pub days: Option<(String, String)>,
    /// Events by type, the most frequent first.
    pub types: Vec<(String, u64)>,
    /// Why rows were kept aside over all ingests, the most frequent first.
    pub reasons: Vec<Reason>,
    /// The features of the run, in the order of their files.
    pub features: Vec<FeatureView>,
}
