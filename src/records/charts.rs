//! Figures of a segment that are drawn: they are computed when a run is made and lead no sentence.

use serde::{Deserialize, Serialize};

/// What is drawn of a segment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Charts {
    /// The share, in per cent to three decimals, of the segment's events in each of the 168 hours of the week from Monday
    /// 0:00: 0 where nobody did anything, none where too few users did to be told. Empty where nothing is told at all.
    pub week: Vec<Option<f64>>,
    /// Where the segment buys among the shop's prices, the cheapest band first; bands of too few users are left out.
    pub prices: Vec<PriceBand>,
}

/// A fifth of the shop's sold lines by the price of a piece, and how much of the segment's lines lies in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PriceBand {
    /// Prices above this one, in the run's currency; none in the cheapest band.
    pub from: Option<f64>,
    /// Up to and with this one; none in the dearest band.
    pub to: Option<f64>,
    /// The share, in per cent, of the segment's sold lines.
    pub share: f64,
    /// The same of the whole shop's: a fifth, or more where many lines are of one price.
    pub shop: f64,
}
