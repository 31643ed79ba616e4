//! Forecasts held against days that the fit did not see.

use serde::{Deserialize, Serialize};

use super::{Customer, Models};

/// How a forecast did on held-out days, beside a naive one: that each customer goes on at the pace so far.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// Held-out days.
    pub days: u32,
    /// Customers known before them.
    pub customers: usize,
    /// Days with a purchase that they held.
    pub actual: f64,
    /// As many as the model expected.
    pub expected: f64,
    /// As many as the naive forecast did.
    pub naive: f64,
    /// Whether misses are of money; else of days with a purchase.
    pub is_money: bool,
    /// Mean absolute error of a customer by the model.
    pub error: f64,
    /// Mean absolute error of a customer by the naive forecast.
    pub naive_error: f64,
}

impl Backtest {
    /// Whether the model misses customers by more than the naive forecast does.
    #[must_use]
    pub fn loses(&self) -> bool {
        self.error > self.naive_error
    }
}

/// What a customer did within held-out days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Later {
    /// Days with a purchase.
    pub purchases: u32,
    /// What they brought, in the run's currency.
    pub amount: f64,
}

/// Fits the models to customers as they were before the held-out days, and compares with what each did in these. Beside the
/// whole, by how much the value of each customer was missed (actual less forecast; purchases where nothing has a price).
/// None where nothing can be fitted.
#[must_use]
pub fn backtest(
    customers: &[Customer],
    later: &[Later],
    days: u32,
) -> Option<(Backtest, Vec<f64>)> {
    let models = Models::fit(customers)?;
    let mut found = Backtest {
        days,
        customers: customers.len(),
        actual: 0.0,
        expected: 0.0,
        naive: 0.0,
        is_money: models.spend.is_some(),
        error: 0.0,
        naive_error: 0.0,
    };
    let mut misses = Vec::with_capacity(customers.len());
    for (customer, later) in customers.iter().zip(later) {
        let actual = f64::from(later.purchases);
        let forecast = models.forecast(customer, days);
        let expected = forecast.purchases;
        misses.push(
            forecast
                .value
                .map_or(actual - expected, |value| later.amount - value),
        );
        let naive = naive(customer, days);
        found.actual += actual;
        found.expected += expected;
        found.naive += naive;
        found.error += (actual - expected).abs();
        found.naive_error += (actual - naive).abs();
    }
    let all = customers.len().max(1) as f64;
    found.error /= all;
    found.naive_error /= all;
    Some((found, misses))
}

/// Repeat purchases go on at the pace so far.
fn naive(customer: &Customer, days: u32) -> f64 {
    let history = customer.history;
    f64::from(history.frequency) / f64::from(history.age.max(1)) * f64::from(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::History;

    #[test]
    fn the_naive_forecast_goes_on_at_the_pace_so_far_and_errors_add_up() {
        let customer = |frequency, recency| Customer {
            history: History {
                frequency,
                recency,
                age: 100,
            },
            mean_value: 10.0,
        };
        let customers = [customer(10, 100), customer(0, 0)];
        let nothing = Later {
            purchases: 0,
            amount: 0.0,
        };
        let (found, misses) = backtest(&customers, &[nothing; 2], 10).unwrap();
        assert!((found.naive - 1.0).abs() < 1e-12);
        assert!((found.naive_error - 0.5).abs() < 1e-12);
        assert!((found.error - found.expected / 2.0).abs() < 1e-12);
        assert!((misses.iter().sum::<f64>() + found.expected).abs() < 1e-12);
    }
}
