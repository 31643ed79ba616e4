//! The Gamma-Gamma model of what a purchase brings (Fader and Hardie, "The Gamma-Gamma model of monetary value", 2013):
//! amounts are gamma distributed around each customer's own mean, and the means over the customers.

use rayon::prelude::*;
use statrs::function::gamma::ln_gamma;

use super::Customer;
use super::fit::greatest;

/// Customers whose likelihoods are summed by one thread, in order.
const CHUNK: usize = 4_096;

/// Fewer customers with a repeat purchase that brought something tell nothing of how means are spread.
const FEWEST: usize = 30;

/// The model's parameters, in the run's currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spend {
    /// Shape of the amounts around a customer's mean.
    pub p: f64,
    /// Shape of the means over the customers.
    pub q: f64,
    /// Scale of the means over the customers.
    pub gamma: f64,
    /// Correlation of frequency and mean value over those who came back: the model takes the two for independent.
    pub correlation: f64,
}

impl Spend {
    /// Fits the model to those who bought again and brought something by it; none where they are fewer than thirty.
    #[must_use]
    pub fn fit(customers: &[Customer]) -> Option<Self> {
        let rows: Vec<(f64, f64)> = customers
            .iter()
            .filter(|customer| customer.history.frequency > 0 && customer.mean_value > 0.0)
            .map(|customer| (f64::from(customer.history.frequency), customer.mean_value))
            .collect();
        if rows.len() < FEWEST {
            return None;
        }
        let all = rows.len() as f64;
        // In units of the mean, so that the start fits yen and dollars alike.
        let unit = rows.iter().map(|(_, mean)| mean).sum::<f64>() / all;
        let sum = |parameters: &[f64]| {
            let [p, q, gamma] = [0, 1, 2].map(|at| parameters[at]);
            let start = q * gamma.ln() - ln_gamma(q);
            let one = |(x, mean): &(f64, f64)| {
                let (px, mean) = (p * x, mean / unit);
                start + ln_gamma(px + q) - ln_gamma(px) + (px - 1.0) * mean.ln() + px * x.ln()
                    - (px + q) * (gamma + mean * x).ln()
            };
            let parts: Vec<f64> = rows
                .par_chunks(CHUNK)
                .map(|rows| rows.iter().map(one).sum())
                .collect();
            parts.iter().sum::<f64>() / all
        };
        let ([p, q, gamma], _) = greatest([2.0, 3.0, 2.0], sum)?;
        Some(Self {
            p,
            q,
            gamma: gamma * unit,
            correlation: correlation(&rows),
        })
    }

    /// What a purchase of a customer brings on average, once so many repeat purchases brought this mean: between that mean
    /// and the shop's, the nearer to it the more purchases speak for it (equation 5 of the note).
    #[must_use]
    pub fn mean(&self, frequency: u32, mean_value: f64) -> f64 {
        let px = self.p * f64::from(frequency);
        let below = px + self.q - 1.0;
        // Where q is at most 1 the shop's mean has no bound: then only the own one speaks.
        if below <= 0.0 || (self.q <= 1.0 && frequency == 0) {
            return mean_value.max(0.0);
        }
        self.p * (self.gamma + f64::from(frequency) * mean_value.max(0.0)) / below
    }
}

/// Pearson's correlation.
fn correlation(rows: &[(f64, f64)]) -> f64 {
    let all = rows.len() as f64;
    let means = rows
        .iter()
        .fold((0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    let (mean_x, mean_y) = (means.0 / all, means.1 / all);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in rows {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    let below = f64::sqrt(xx * yy);
    if below > 0.0 { xy / below } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::History;

    #[test]
    fn a_mean_lies_between_the_shops_and_the_customers() {
        let model = Spend {
            p: 6.25,
            q: 3.74,
            gamma: 15.44,
            correlation: 0.0,
        };
        let shop = model.p * model.gamma / (model.q - 1.0);
        assert!((model.mean(0, 0.0) - shop).abs() < 1e-9);
        let (one, many) = (model.mean(1, 100.0), model.mean(50, 100.0));
        assert!(
            shop < one && one < many && many < 100.0,
            "{shop} {one} {many}"
        );
        // A customer whose goods all went back brings nothing below zero.
        assert!(model.mean(3, -20.0) >= 0.0);
    }

    #[test]
    fn few_customers_give_no_model() {
        let customer = Customer {
            history: History {
                frequency: 2,
                recency: 10,
                age: 20,
            },
            mean_value: 12.0,
        };
        assert!(Spend::fit(&vec![customer; FEWEST - 1]).is_none());
    }
}
