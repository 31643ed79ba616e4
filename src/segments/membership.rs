//! How surely a row belongs to each cluster.

use ndarray::{Array2, ArrayView1, ArrayView2};
use rayon::prelude::*;

use super::distance::{chunks, squared};

/// Temperatures that are thought of, as logarithms.
const TEMPERATURES: (f64, f64) = (-4.6, 4.6);

/// Steps of the search for a temperature: each leaves 0.618 of the interval.
const STEPS: usize = 40;

/// Classes in which probabilities are compared with what happened.
const CLASSES: usize = 10;

/// Rows whose likeliest cluster has less than this probability lie between clusters.
pub const BETWEEN: f64 = 0.6;

/// A centroid near a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Its number.
    pub cluster: usize,
    /// Euclidean distance to it.
    pub distance: f64,
    /// The probability that the row belongs to it; none where no [`Softness`] was given.
    pub probability: Option<f64>,
}

/// How squared distances become probabilities of membership: `w_j = exp(-d_j² / scale) / Σ_l exp(-d_l² / scale)`.
///
/// With a scale of twice the clusters' variance these are the probabilities of a mixture of equally large, round normal
/// distributions; the temperature stretches it until it tells how often refits agree (Guo et al., "On Calibration of
/// Modern Neural Networks", 2017, with the votes of refits in place of labels).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Softness {
    /// What squared distances are divided by; positive.
    pub scale: f64,
}

/// A fitted [`Softness`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The scale.
    pub softness: Softness,
    /// The scale as a multiple of twice the clusters' variance.
    pub temperature: f64,
    /// Expected calibration error: the mean gap between the likeliest cluster's probability and the share of refits
    /// that agreed, in ten classes of equal width weighted by rows.
    pub calibration_error: f64,
}

impl Softness {
    /// The probabilities that belong to squared distances; they add up to 1.
    #[must_use]
    pub fn weights(self, squared: &[f64]) -> Vec<f64> {
        let least = squared.iter().copied().fold(f64::INFINITY, f64::min);
        // Relative to the nearest: the largest exponential is 1, and nothing overflows.
        let parts: Vec<f64> = squared
            .iter()
            .map(|squared| ((least - squared) / self.scale).exp())
            .collect();
        let sum: f64 = parts.iter().sum();
        parts.into_iter().map(|part| part / sum).collect()
    }

    /// Fits the temperature to `votes`, a row for each row of `x` with the share of refits that put it into each
    /// cluster: the one with the least cross-entropy, which has a single minimum.
    ///
    /// `variance` is that of the clusters, inertia / (rows × features). None where it is zero: every row lies on its
    /// centroid, and nothing is soft.
    #[must_use]
    pub fn fit(
        x: ArrayView2<'_, f64>,
        centroids: ArrayView2<'_, f64>,
        votes: &Array2<f32>,
        variance: f64,
    ) -> Option<Fitted> {
        if !(variance > 0.0 && variance.is_finite()) || x.nrows() == 0 {
            return None;
        }
        let squared: Vec<Vec<f64>> = x
            .rows()
            .into_iter()
            .map(|row| distances(row, centroids))
            .collect();
        let at = |log: f64| Self {
            scale: 2.0 * variance * log.exp(),
        };
        let log = least(TEMPERATURES, |log| cross_entropy(at(log), &squared, votes));
        Some(Fitted {
            softness: at(log),
            temperature: log.exp(),
            calibration_error: calibration_error(at(log), &squared, votes),
        })
    }
}

/// At most `most` rows of `centroids` that are nearest to each row of `x`, the nearest first (of equals the one with the
/// lower number); centroids that are not finite are nobody's.
#[must_use]
pub fn nearest(
    x: ArrayView2<'_, f64>,
    centroids: ArrayView2<'_, f64>,
    most: usize,
    softness: Option<Softness>,
) -> Vec<Vec<Near>> {
    let known: Vec<usize> = finite(centroids);
    let of_row = |row: ArrayView1<'_, f64>| {
        let apart: Vec<f64> = known
            .iter()
            .map(|number| squared(row, centroids.row(*number)))
            .collect();
        let weights = softness.map(|softness| softness.weights(&apart));
        let mut all: Vec<Near> = known
            .iter()
            .enumerate()
            .map(|(at, number)| Near {
                cluster: *number,
                distance: apart[at].sqrt(),
                probability: weights.as_ref().map(|weights| weights[at]),
            })
            .collect();
        all.sort_by(|a, b| {
            let near = a.distance.total_cmp(&b.distance);
            near.then(a.cluster.cmp(&b.cluster))
        });
        all.truncate(most);
        all
    };
    chunks(x)
        .into_par_iter()
        .flat_map_iter(|rows| rows.rows().into_iter().map(of_row).collect::<Vec<_>>())
        .collect()
}

/// The objective with probabilities as weights, `Σ_i Σ_j w_ij d_ij²`, and how many rows lie between clusters.
#[must_use]
pub fn soft_objective(
    x: ArrayView2<'_, f64>,
    centroids: ArrayView2<'_, f64>,
    softness: Softness,
) -> (f64, u64) {
    let parts: Vec<(f64, u64)> = chunks(x)
        .into_par_iter()
        .map(|rows| {
            let (mut sum, mut between) = (0.0, 0);
            for row in rows.rows() {
                let squared = distances(row, centroids);
                let weights = softness.weights(&squared);
                sum += weights
                    .iter()
                    .zip(&squared)
                    .map(|(w, d)| w * d)
                    .sum::<f64>();
                between += u64::from(weights.iter().all(|weight| *weight < BETWEEN));
            }
            (sum, between)
        })
        .collect();
    parts
        .into_iter()
        .fold((0.0, 0), |all, part| (all.0 + part.0, all.1 + part.1))
}

fn finite(centroids: ArrayView2<'_, f64>) -> Vec<usize> {
    let is_finite = |number: &usize| centroids.row(*number).iter().all(|value| value.is_finite());
    (0..centroids.nrows()).filter(is_finite).collect()
}

fn distances(row: ArrayView1<'_, f64>, centroids: ArrayView2<'_, f64>) -> Vec<f64> {
    centroids
        .rows()
        .into_iter()
        .map(|centroid| squared(row, centroid))
        .collect()
}

/// The mean over all rows of `-Σ_j v_ij ln w_ij`.
fn cross_entropy(softness: Softness, squared: &[Vec<f64>], votes: &Array2<f32>) -> f64 {
    let of_row = |(squared, votes): (&Vec<f64>, ArrayView1<'_, f32>)| -> f64 {
        let least = squared.iter().copied().fold(f64::INFINITY, f64::min);
        let sum: f64 = squared
            .iter()
            .map(|squared| ((least - squared) / softness.scale).exp())
            .sum();
        let logs = squared
            .iter()
            .map(|squared| (least - squared) / softness.scale - sum.ln());
        -logs
            .zip(votes)
            .map(|(log, vote)| log * f64::from(*vote))
            .sum::<f64>()
    };
    squared.iter().zip(votes.rows()).map(of_row).sum::<f64>() / squared.len() as f64
}

fn calibration_error(softness: Softness, squared: &[Vec<f64>], votes: &Array2<f32>) -> f64 {
    let mut classes = [(0.0, 0.0); CLASSES];
    for (squared, votes) in squared.iter().zip(votes.rows()) {
        let weights = softness.weights(squared);
        let likeliest = (0..weights.len())
            .rev()
            .max_by(|a, b| weights[*a].total_cmp(&weights[*b]));
        let Some(likeliest) = likeliest else { continue };
        let class = ((weights[likeliest] * CLASSES as f64) as usize).min(CLASSES - 1);
        classes[class].0 += weights[likeliest];
        classes[class].1 += f64::from(votes[likeliest]);
    }
    let gaps = classes
        .iter()
        .map(|(said, happened)| (said - happened).abs());
    gaps.sum::<f64>() / squared.len() as f64
}

/// Where a function with one minimum has it between two places: golden-section search (Kiefer 1953).
fn least((mut low, mut high): (f64, f64), of: impl Fn(f64) -> f64) -> f64 {
    let part = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (high - part * (high - low), low + part * (high - low));
    let (mut at_a, mut at_b) = (of(a), of(b));
    for _ in 0..STEPS {
        if at_a <= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - part * (high - low);
            at_a = of(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + part * (high - low);
            at_b = of(b);
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_nearest_centroids_come_first_and_broken_ones_never() {
        let centroids = array![[0.0, 0.0], [f64::NAN, 0.0], [3.0, 4.0], [0.0, 1.0]];
        let x = array![[0.0, 0.0], [3.0, 4.0]];
        let found = nearest(x.view(), centroids.view(), 2, None);
        let pairs = |at: usize| -> Vec<_> {
            found[at]
                .iter()
                .map(|near: &Near| (near.cluster, near.distance))
                .collect()
        };
        assert_eq!(pairs(0), [(0, 0.0), (3, 1.0)]);
        assert_eq!(pairs(1)[0], (2, 0.0));
        let none = nearest(
            Array2::zeros((0, 3)).view(),
            Array2::zeros((2, 3)).view(),
            5,
            None,
        );
        assert!(none.is_empty());
    }

    #[test]
    fn the_temperature_that_made_the_votes_is_found_again() {
        let x = Array2::from_shape_fn((2_000, 1), |(i, _)| i as f64 / 100.0);
        let centroids = array![[4.0], [10.0], [15.0]];
        let made = Softness {
            scale: 2.0 * 3.0 * 1.7,
        };
        let mut votes = Array2::zeros((2_000, 3));
        for (row, mut votes) in x.rows().into_iter().zip(votes.rows_mut()) {
            let weights = made.weights(&distances(row, centroids.view()));
            votes
                .iter_mut()
                .zip(weights)
                .for_each(|(vote, weight)| *vote = weight as f32);
        }
        let found = Softness::fit(x.view(), centroids.view(), &votes, 3.0).unwrap();
        assert!((found.temperature - 1.7).abs() < 1e-3, "{found:?}");
        assert!(found.calibration_error < 1e-3, "{found:?}");
        let all = Softness::fit(x.view(), centroids.view(), &votes, 0.0);
        assert_eq!(all, None, "without any variance nothing is soft");
    }

    #[test]
    fn the_soft_objective_is_the_hard_one_where_nothing_is_soft() {
        let x = array![[0.0], [1.0], [9.0], [10.0], [5.0]];
        let centroids = array![[0.5], [9.5]];
        let (hard, between) = soft_objective(x.view(), centroids.view(), Softness { scale: 1e-3 });
        // The one in the middle is as far from both.
        assert!((hard - (4.0 * 0.25 + 4.5 * 4.5)).abs() < 1e-9, "{hard}");
        assert_eq!(between, 1);
        let (soft, between) = soft_objective(x.view(), centroids.view(), Softness { scale: 1e6 });
        assert!(soft > hard && between == 5);
    }

    proptest! {
        #[test]
        fn probabilities_add_up_and_fall_with_distance(
            squared in prop::collection::vec(0.0_f64..1e12, 1..12),
            scale in 1e-6_f64..1e6,
        ) {
            let weights = Softness { scale }.weights(&squared);
            prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            for (a, b) in (0..squared.len()).flat_map(|a| (0..squared.len()).map(move |b| (a, b))) {
                prop_assert!(squared[a] > squared[b] || weights[a] >= weights[b]);
            }
        }
    }
}
