//! Users one by one: a list, and all that is known of one.

mod list;
mod profile;
mod seat;

use serde::Serialize;

use crate::words::{Both, Unit};

pub use crate::privacy::Who;

pub use list::{Listing, Order, users};
pub use profile::profile;

/// Whether a pseudonym can have this letter.
fn is_letter(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'2'..=b'7')
}

/// A user in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UserLine {
    /// Its pseudonym.
    pub pseudonym: String,
    /// Its segment in the run.
    pub segment: u32,
    /// What it did within the run's days, rows that a rule leaves out among it.
    pub events: u64,
    /// What it brought, net, in the run's currency, as the feature `rfm.revenue` has it; 0 where the data has no prices.
    pub revenue: f64,
    /// The last day it did something, as in `2026-11-23`.
    pub last: String,
}

/// Something that a user did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Happening {
    /// Wall clock of the shop, as in `2026-11-23 20:14`.
    pub at: String,
    /// Its type, as in `purchase`.
    pub kind: String,
    /// Name or code of the product, or the words searched for. Out of the data, so unclean.
    pub what: String,
    /// Category of the product.
    pub category: String,
    /// Price paid, or given back (negative), in the run's currency, after what its own row takes off.
    pub amount: Option<f64>,
}

/// A feature of a user beside those of its segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProfileFeature {
    /// Stable name, such as `rfm.recency`.
    pub id: String,
    /// What it is, for people.
    pub label: Both,
    /// Its unit.
    pub unit: Unit,
    /// The user's value; none where it has none.
    pub value: Option<f64>,
    /// Median of the user's segment, as its fact tells it; none where no fact does.
    pub segment: Option<f64>,
    /// Median of the shop, likewise.
    pub shop: Option<f64>,
}

/// How near a user is to a segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Membership {
    /// Number of the segment.
    pub segment: u32,
    /// Distance to its centroid, in standardised units.
    pub distance: f64,
    /// The probability of belonging to it, 0 to 1; none where segments are no clusters.
    pub probability: Option<f64>,
}

/// All that is known of a user.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// Its pseudonym.
    pub pseudonym: String,
    /// Its segment in the run; none where the run does not hold it (nothing of it counts).
    pub segment: Option<u32>,
    /// Nearness to the segments that the run keeps distances to (the five nearest that have a centroid), the nearest
    /// first; empty for users set apart and runs of older versions.
    pub memberships: Vec<Membership>,
    /// Its features.
    pub features: Vec<ProfileFeature>,
    /// What it did up to the run's last ingest, the latest first, rows that a rule leaves out among it.
    pub timeline: Vec<Happening>,
    /// Whether it did more than `timeline` holds.
    pub is_cut: bool,
}
