//! What the customers of a run are expected to do next.

use serde::{Deserialize, Serialize};

use crate::words::Both;

/// What is expected of a run's customers within the days after its last one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// The run.
    pub run: i64,
    /// The day that the forecast begins after.
    pub as_of: String,
    /// Days that it is about.
    pub days: u32,
    /// ISO 4217 code of amounts, where the data names one.
    pub currency: Option<String>,
    /// Customers who have bought: a forecast is about them.
    pub customers: u64,
    /// The fitted models; none where too few people bought twice.
    pub models: Option<Parameters>,
    /// How such a forecast did on days held out; none where the data is too short.
    pub backtest: Option<Held>,
    /// What is to be said about it, one line each.
    pub notes: Vec<Both>,
    /// The segments, those without a customer left out.
    pub segments: Vec<SegmentOutlook>,
}

/// Parameters of both models, with time in days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Shape of the buying rates (BG/NBD).
    pub r: f64,
    /// Scale of the buying rates, in days.
    pub alpha: f64,
    /// First shape of the leaving probabilities.
    pub a: f64,
    /// Second shape of the leaving probabilities.
    pub b: f64,
    /// Shape of amounts, shape and scale of customers' means (Gamma-Gamma); none where too few repeat purchases have a price.
    pub spend: Option<[f64; 3]>,
    /// Correlation of frequency and value, which that model takes for none.
    pub correlation: Option<f64>,
}

/// A forecast beside what came, on days that the fit did not see.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Held-out days.
    pub days: u32,
    /// Customers known before them.
    pub customers: u64,
    /// Days with a purchase that they held.
    pub actual: f64,
    /// As many as the model expected.
    pub expected: f64,
    /// As many as a naive forecast did: each customer goes on at the pace so far.
    pub naive: f64,
    /// Mean absolute error of a customer by the model, in days with a purchase.
    pub error: f64,
    /// The same by the naive forecast.
    pub naive_error: f64,
}

/// What is expected of a segment's customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentOutlook {
    /// Number of the segment.
    pub segment: u32,
    /// Its users who have bought.
    pub customers: u64,
    /// The expectation; none where no model could be fitted or the customers are too few to be told of.
    pub expected: Option<Expected>,
    /// The hour in which most happens, 0 to 23; none where the data has no time of day.
    pub hour: Option<u8>,
    /// The weekday in which most happens, 1 (Monday) to 7.
    pub weekday: Option<u8>,
}

/// An expectation over several customers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// Mean probability of still being a customer, 0 to 1; the risk of churn is what it lacks of one.
    pub active: f64,
    /// Days with a purchase.
    pub purchases: f64,
    /// What they bring; none where no price tells.
    pub value: Option<f64>,
    /// Between these `value` (or `purchases`, where it has none) lies with 95% probability, by how far forecasts missed on
    /// held-out days; none where none were.
    pub interval: Option<(f64, f64)>,
}

/// What is expected of one user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserOutlook {
    /// Pseudonym.
    pub user: String,
    /// Its segment.
    pub segment: u32,
    /// Probability of still being a customer, 0 to 1.
    pub active: f64,
    /// Expected days with a purchase.
    pub purchases: f64,
    /// What they bring.
    pub value: Option<f64>,
    /// The hour in which the user does most, else the segment's.
    pub hour: Option<u8>,
    /// The weekday in which the user does most, else the segment's.
    pub weekday: Option<u8>,
}
