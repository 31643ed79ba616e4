//! What customers will be worth: how likely each is still a customer, how often they will buy and what they will spend.
//!
//! Pure: it takes purchase histories and gives forecasts, and reads no store. `purchases` is the BG/NBD model of when people
//! buy, `spend` the Gamma-Gamma model of what a purchase brings, `fit` finds their parameters, `check` holds forecasts
//! against weeks that the fit did not see.

mod check;
mod fit;
mod purchases;
mod spend;

pub use check::{Backtest, Later, backtest};
pub use purchases::{Purchases, collapse};
pub use spend::Spend;

/// When a customer bought, in whole days: purchases of one day count once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct History {
    /// Days with a purchase after the first one (x).
    pub frequency: u32,
    /// Days from the first such day to the last (tₓ).
    pub recency: u32,
    /// Days from the first one to the end of what was seen (T).
    pub age: u32,
}

/// A customer's history with what the repeat purchases brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Customer {
    /// When they bought.
    pub history: History,
    /// What a day with a repeat purchase brought on average, in the run's currency; 0 without one.
    pub mean_value: f64,
}

/// What is expected of a customer within a horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// The probability of still being a customer, 0 to 1.
    pub active: f64,
    /// Days with a purchase.
    pub purchases: f64,
    /// What they bring, in the run's currency; none where the data has no prices to fit.
    pub value: Option<f64>,
}

/// Both models, fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Models {
    /// When people buy.
    pub purchases: Purchases,
    /// What a purchase brings; none where too few repeat purchases have a price.
    pub spend: Option<Spend>,
}

impl Models {
    /// Fits both models; none where nobody bought twice.
    #[must_use]
    pub fn fit(customers: &[Customer]) -> Option<Self> {
        let histories = customers.iter().map(|customer| customer.history);
        Some(Self {
            purchases: Purchases::fit(&collapse(histories))?,
            spend: Spend::fit(customers),
        })
    }

    /// What is expected of a customer within the next `days`.
    #[must_use]
    pub fn forecast(&self, customer: &Customer, days: u32) -> Forecast {
        let purchases = self.purchases.expected(customer.history, f64::from(days));
        Forecast {
            active: self.purchases.active(customer.history),
            purchases,
            value: self.spend.map(|spend| {
                purchases * spend.mean(customer.history.frequency, customer.mean_value)
            }),
        }
    }
}
