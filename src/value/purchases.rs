//! The BG/NBD model of repeat buying (Fader, Hardie and Lee, "'Counting your customers' the easy way: an alternative to the
//! Pareto/NBD model", Marketing Science 24 (2), 2005). While they are customers, people buy at random at a rate of their own,
//! and after any purchase they may leave, with a probability of their own; rates are gamma distributed (r, alpha) over the
//! customers, probabilities beta (a, b).

use std::collections::BTreeMap;

use rayon::prelude::*;
use statrs::function::gamma::ln_gamma;

use super::History;
use super::fit::greatest;

/// Rows whose likelihoods are summed by one thread, in order.
const CHUNK: usize = 4_096;

/// Most terms of a hypergeometric series, and what a term adds at the last.
const TERMS: u32 = 20_000;
const SMALLEST: f64 = 1e-14;

/// `expected` divides by a - 1; nearer than this it takes the limit from beside.
const NEAR_ONE: f64 = 1e-6;

/// The model's parameters, with time in days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Purchases {
    /// Shape of the buying rates.
    pub r: f64,
    /// Scale of the buying rates: r / alpha purchases a day on average.
    pub alpha: f64,
    /// First shape of the leaving probabilities.
    pub a: f64,
    /// Second shape of the leaving probabilities.
    pub b: f64,
    /// Mean log-likelihood of a customer.
    pub likelihood: f64,
}

/// Equal histories together, each with how many customers have it: all that the likelihood needs, and far fewer rows than
/// customers.
pub fn collapse(histories: impl Iterator<Item = History>) -> Vec<(History, f64)> {
    let mut counts: BTreeMap<History, f64> = BTreeMap::new();
    for history in histories {
        *counts.entry(history).or_default() += 1.0;
    }
    counts.into_iter().collect()
}

impl Purchases {
    /// Fits the model to weighted histories; none where nobody bought twice.
    #[must_use]
    pub fn fit(rows: &[(History, f64)]) -> Option<Self> {
        let all: f64 = rows.iter().map(|(_, weight)| weight).sum();
        if !rows.iter().any(|(history, _)| history.frequency > 0) {
            return None;
        }
        // In units of the longest history, so that the start fits days and years alike.
        let unit = f64::from(rows.iter().map(|(row, _)| row.age).max()?.max(1));
        let longest = rows.iter().map(|(row, _)| row.frequency).max()?;
        let sum = |parameters: &[f64]| {
            let by_count = Counts::new(parameters, longest);
            let parts: Vec<f64> = rows
                .par_chunks(CHUNK)
                .map(|rows| {
                    let one = |(history, weight): &(History, f64)| {
                        weight * by_count.likelihood(*history, unit)
                    };
                    rows.iter().map(one).sum()
                })
                .collect();
            parts.iter().sum::<f64>() / all
        };
        let ([r, alpha, a, b], likelihood) = greatest([1.0, 0.5, 1.0, 2.0], sum)?;
        Some(Self {
            r,
            alpha: alpha * unit,
            a,
            b,
            likelihood,
        })
    }

    /// The probability that a customer with this history is one still. Who never came back had no chance to leave: 1.
    #[must_use]
    pub fn active(&self, history: History) -> f64 {
        1.0 / (1.0 + self.odds_of_leaving(history))
    }

    fn odds_of_leaving(&self, history: History) -> f64 {
        if history.frequency == 0 {
            return 0.0;
        }
        let x = f64::from(history.frequency);
        let aged =
            (self.alpha + f64::from(history.age)) / (self.alpha + f64::from(history.recency));
        self.a / (self.b + x - 1.0) * ((self.r + x) * aged.ln()).exp()
    }

    /// Purchases to be expected in the next `days` (equation 10 of the paper). The hypergeometric function is taken by
    /// Euler's transformation, whose series converges fast and takes large powers out of it.
    #[must_use]
    pub fn expected(&self, history: History, days: f64) -> f64 {
        let x = f64::from(history.frequency);
        let age = self.alpha + f64::from(history.age);
        let less_one = match self.a - 1.0 {
            near if near.abs() < NEAR_ONE => NEAR_ONE,
            far => far,
        };
        let a = less_one + 1.0;
        let z = days / (age + days);
        let c = a + self.b + x - 1.0;
        let series = hypergeometric(a + self.b - 1.0 - self.r, less_one, c, z);
        let kept = (less_one * (1.0 - z).ln()).exp() * series;
        let expected = c / less_one * (1.0 - kept) / (1.0 + self.odds_of_leaving(history));
        if expected.is_finite() {
            expected.max(0.0)
        } else {
            0.0
        }
    }
}

/// Gauss' hypergeometric series of z in 0 to 1.
fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for at in (0..TERMS).map(f64::from) {
        term *= (a + at) * (b + at) / ((c + at) * (at + 1.0)) * z;
        sum += term;
        if term.abs() <= SMALLEST * f64::abs(sum) {
            break;
        }
    }
    sum
}

/// The part of the likelihood that depends on how often somebody bought alone, and the parameters.
struct Counts {
    r: f64,
    alpha: f64,
    by_frequency: Vec<(f64, f64)>,
}

impl Counts {
    fn new(parameters: &[f64], longest: u32) -> Self {
        let [r, alpha, a, b] = [0, 1, 2, 3].map(|at| parameters[at]);
        let start = r * alpha.ln() - ln_gamma(r) + ln_gamma(a + b) - ln_gamma(b);
        let by_frequency = (0..=longest)
            .map(|x| {
                let x = f64::from(x);
                let common = start + ln_gamma(r + x) + ln_gamma(b + x) - ln_gamma(a + b + x);
                (common, a.ln() - (b + x.max(1.0) - 1.0).ln())
            })
            .collect();
        Self {
            r,
            alpha,
            by_frequency,
        }
    }

    /// Log-likelihood of a history, times in parts of `unit` (equation 6 of the paper).
    fn likelihood(&self, history: History, unit: f64) -> f64 {
        let (common, left) = self.by_frequency[history.frequency as usize];
        let power = self.r + f64::from(history.frequency);
        let stayed = -power * (self.alpha + f64::from(history.age) / unit).ln();
        if history.frequency == 0 {
            return common + stayed;
        }
        let gone = left - power * (self.alpha + f64::from(history.recency) / unit).ln();
        let greater = stayed.max(gone);
        common + greater + ((stayed - greater).exp() + (gone - greater).exp()).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parameters of the paper (its table 2), whose unit is the week; here a day stands for a week.
    const PAPER: Purchases = Purchases {
        r: 0.243,
        alpha: 4.414,
        a: 0.793,
        b: 2.426,
        likelihood: 0.0,
    };

    #[test]
    fn the_worked_example_of_the_authors() {
        // Fader, Hardie and Lee, "Implementing the BG/NBD model for customer base analysis in Excel", 2005: a customer with
        // x = 2, t_x = 30.43, T = 38.86 buys 1.226 times in 39 weeks. Here in sevenths of a week.
        let days = Purchases {
            alpha: 7.0 * PAPER.alpha,
            ..PAPER
        };
        let history = History {
            frequency: 2,
            recency: 213,
            age: 272,
        };
        let expected = days.expected(history, 7.0 * 39.0);
        assert!((expected - 1.226).abs() < 5e-4, "{expected}");
    }

    #[test]
    fn nobody_leaves_without_a_purchase_and_silence_tells_against_frequent_buyers() {
        let at = |frequency, recency| {
            PAPER.active(History {
                frequency,
                recency,
                age: 39,
            })
        };
        assert!((at(0, 0) - 1.0).abs() < f64::EPSILON);
        assert!(at(10, 38) > 0.9);
        assert!(at(10, 5) < 0.01);
        assert!(at(1, 5) > at(10, 5));
    }

    #[test]
    fn expectation_grows_with_the_horizon_and_is_continuous_at_a_of_one() {
        let history = History {
            frequency: 3,
            recency: 30,
            age: 39,
        };
        let at = |a: f64, days: f64| Purchases { a, ..PAPER }.expected(history, days);
        assert!(at(0.793, 0.0).abs() < 1e-9);
        assert!(at(0.793, 10.0) < at(0.793, 20.0));
        assert!((at(1.0, 20.0) - at(1.000_01, 20.0)).abs() < 1e-3);
        assert!(at(0.793, 1e7).is_finite());
    }

    #[test]
    fn nobody_who_came_back_is_no_model() {
        let once = History {
            frequency: 0,
            recency: 0,
            age: 30,
        };
        assert!(Purchases::fit(&[(once, 100.0)]).is_none());
        assert!(Purchases::fit(&[]).is_none());
    }

    #[test]
    fn drawn_customers_give_their_parameters_back() {
        use rand::{Rng, SeedableRng};
        use rand_xoshiro::Xoshiro256Plus;
        use statrs::distribution::{Beta, ContinuousCDF, Gamma};
        let truth = Purchases {
            r: 0.8,
            alpha: 30.0,
            a: 0.9,
            b: 3.0,
            likelihood: 0.0,
        };
        let rates = Gamma::new(truth.r, truth.alpha).unwrap();
        let leaving = Beta::new(truth.a, truth.b).unwrap();
        let mut random = Xoshiro256Plus::seed_from_u64(7);
        let mut draw = || random.gen_range(1e-9..1.0 - 1e-9);
        let histories: Vec<History> = (0..20_000)
            .map(|_| {
                let age = 200 + (draw() * 500.0) as u32;
                let (rate, leaves): (f64, f64) =
                    (rates.inverse_cdf(draw()), leaving.inverse_cdf(draw()));
                let (mut at, mut last, mut frequency) = (0.0, 0.0, 0);
                // The first purchase is the customer's beginning: from there on, one more or the end.
                loop {
                    at += -f64::ln(draw()) / rate;
                    if at > f64::from(age) {
                        break;
                    }
                    (last, frequency) = (at, frequency + 1);
                    if draw() < leaves {
                        break;
                    }
                }
                History {
                    frequency,
                    recency: f64::round(last) as u32,
                    age,
                }
            })
            .collect();
        let found = Purchases::fit(&collapse(histories.into_iter())).unwrap();
        let near = |one: f64, other: f64| (one / other - 1.0).abs() < 0.1;
        assert!(
            near(found.r, truth.r) && near(found.alpha, truth.alpha),
            "{found:?}"
        );
        let mean = |model: &Purchases| model.a / (model.a + model.b);
        assert!(near(mean(&found), mean(&truth)), "{found:?}");
    }
}
