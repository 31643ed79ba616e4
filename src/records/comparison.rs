//! What two runs have in common, and what changed from one to the other.

use serde::Serialize;

use super::Continuity;
use crate::words::{Both, Unit};

/// A feature's population stability index from here on is a change worth a look.
pub const SHIFTED: f64 = 0.1;

/// From here on the users are other users, as far as the feature can tell.
pub const DRIFTED: f64 = 0.25;

/// Two runs beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Number of the earlier run.
    pub before: i64,
    /// Number of the later one.
    pub now: i64,
    /// Users of the earlier run.
    pub users_before: u64,
    /// Users of the later run.
    pub users_now: u64,
    /// Users of both.
    pub users_both: u64,
    /// The features that both have, the one that changed most first.
    pub drifts: Vec<Drift>,
    /// The segments of the later run whose number the earlier one has too.
    pub shifts: Vec<Shift>,
    /// Where users were and where they are.
    pub moves: Vec<Move>,
    /// What became of the segments; none where one of the runs has no clusters.
    pub continuity: Option<Continuity>,
}

/// How far a feature's values moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// The feature, as in `basket.aov`.
    pub feature: String,
    /// What it is, for people.
    pub label: Both,
    /// Its unit.
    pub unit: Unit,
    /// Population stability index over the deciles of the earlier run, and those who have no value: Σ (q - p) ln(q / p),
    /// p and q the shares of users of both runs in each; 0 where nothing moved.
    pub psi: f64,
}

/// How far a segment's centroid moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shift {
    /// The segment's number in both runs.
    pub segment: u32,
    /// Euclidean distance of the centroids, in standard deviations of the later run, over the features of both; none where
    /// one of them has no centroid.
    pub distance: Option<f64>,
    /// The feature that moved most, and by how many standard deviations.
    pub most: Option<(String, f64)>,
    /// Users before.
    pub users_before: u64,
    /// Users now.
    pub users_now: u64,
}

/// Users by where they were and where they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    /// Segment in the earlier run; none for users who were not in it.
    pub from: Option<u32>,
    /// Segment in the later run; none for users who are no longer in it.
    pub to: Option<u32>,
    /// How many.
    pub users: u64,
    /// Their revenue in the earlier run and in the later one, in each one's currency; none where they are too few to be
    /// told about.
    pub revenue: Option<(f64, f64)>,
}
