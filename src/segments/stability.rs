//! Whether the same clusters come out again from other draws of the same users.

use ndarray::{Array2, ArrayView2, Axis};
use rand::Rng;
use rayon::prelude::*;

use super::fused::Rows;
use super::matching::by_overlap;
use super::seeding::plus_plus;
use super::{adjusted_rand_index, draw, generator};
use crate::error::Result;
use crate::progress::Progress;

/// Refits for each number of clusters.
pub const REFITS: usize = 20;

/// Most rows that are drawn from.
pub const ROWS: usize = 5_000;

/// k-means++ restarts of one refit.
const RESTARTS: usize = 2;

/// Steps of one refit: what still creeps after so many moves a few rows.
const STEPS: usize = 50;

/// What the refits of one partition show.
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    /// Mean adjusted Rand index of the partition and each refit, on the rows that were drawn from.
    pub agreement: f64,
    /// For each cluster the mean over all refits of the largest Jaccard index of it and a refit's cluster: 1 where it
    /// always comes out again (Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics & Data
    /// Analysis 52, 2007). `NaN` for a cluster that has none of the rows.
    pub recovery: Vec<f64>,
    /// For each row drawn from the share of refits that put it into each cluster, a refit's clusters being matched one
    /// to one with the partition's by most rows in common.
    pub votes: Array2<f32>,
}

/// Rows, and seeded draws from them with replacement: the same for all partitions.
pub struct Bootstrap {
    /// Numbers of the rows in the matrix, rising.
    pub rows: Vec<usize>,
    /// The rows.
    pub x: Array2<f64>,
    /// Of the draws.
    pub seed: u64,
}

impl Bootstrap {
    /// All rows of `x`, or [`ROWS`] of them.
    pub fn new(x: ArrayView2<'_, f64>, seed: u64) -> Self {
        let rows = draw(seed, "bootstrap", x.nrows(), ROWS);
        let x = x.select(Axis(0), &rows);
        Self { rows, x, seed }
    }

    /// The same rows, each column shuffled on its own: as many users with the same values, but what one feature says
    /// tells nothing of another.
    pub fn shuffled(&self) -> Self {
        let mut x = self.x.clone();
        for (number, mut column) in (0..).zip(x.columns_mut()) {
            let mut rng = generator(self.seed, "shuffle", number);
            for last in (1..column.len()).rev() {
                column.swap(last, rng.gen_range(0..=last));
            }
        }
        Self {
            rows: (0..self.rows.len()).collect(),
            x,
            seed: self.seed,
        }
    }

    /// Refits `k` clusters to [`REFITS`] draws, and compares each with `labels`, one a row of [`Self::rows`].
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] between two refits.
    pub fn refit(&self, labels: &[usize], k: usize, progress: &Progress) -> Result<Stability> {
        let values: Vec<f32> = self.x.iter().map(|value| *value as f32).collect();
        let refits: Vec<Vec<usize>> = (0..REFITS)
            .into_par_iter()
            .map(|number| self.one(number, k, &values, progress))
            .collect::<Result<_>>()?;
        let mut found = Stability {
            agreement: 0.0,
            recovery: vec![0.0; k],
            votes: Array2::zeros((labels.len(), k)),
        };
        for refit in &refits {
            let common = common(labels, refit, k);
            found.agreement += adjusted_rand_index(labels, refit) / REFITS as f64;
            for (own, recovery) in found.recovery.iter_mut().enumerate() {
                *recovery += jaccard(&common, own) / REFITS as f64;
            }
            let of_refit = by_overlap(&common);
            for (row, label) in refit.iter().enumerate() {
                found.votes[[row, of_refit[*label]]] += 1.0 / REFITS as f32;
            }
        }
        Ok(found)
    }

    /// The cluster of each row under centroids that were fitted to one draw.
    fn one(
        &self,
        number: usize,
        k: usize,
        values: &[f32],
        progress: &Progress,
    ) -> Result<Vec<usize>> {
        progress.check()?;
        let width = self.x.ncols();
        let n = self.x.nrows();
        let mut rng = generator(self.seed, "refit", number as u64);
        let drawn: Vec<usize> = (0..n).map(|_| rng.gen_range(0..n)).collect();
        let all = Rows::new(values, width);
        let drawn_values: Vec<f32> = drawn
            .iter()
            .flat_map(|row| all.row(*row).iter().copied())
            .collect();
        let rows = Rows::new(&drawn_values, width);
        let mut best: Option<(Array2<f64>, f64)> = None;
        for restart in 0..RESTARTS {
            let seed = ((k as u64) << 32) | ((number as u64) << 8) | restart as u64;
            let start = plus_plus(rows, k, generator(self.seed, "refit", seed));
            let (centroids, pass) = rows.settle(start, STEPS, progress)?;
            let inertia = rows.inertia(&pass);
            if best.as_ref().is_none_or(|(_, least)| inertia < *least) {
                best = Some((centroids, inertia));
            }
        }
        let labels = best.map(|(centroids, _)| all.labels(&centroids));
        Ok(labels
            .unwrap_or_default()
            .into_iter()
            .map(|label| label as usize)
            .collect())
    }
}

/// Rows that clusters of two partitions have in common, each with `k` clusters.
fn common(a: &[usize], b: &[usize], k: usize) -> Array2<i64> {
    let mut common = Array2::zeros((k, k));
    for (a, b) in a.iter().zip(b) {
        common[[*a, *b]] += 1;
    }
    common
}

/// The largest Jaccard index of cluster `own` of the first partition and one of the second.
fn jaccard(common: &Array2<i64>, own: usize) -> f64 {
    let size = common.row(own).sum();
    if size == 0 {
        return f64::NAN;
    }
    let of = |(other, both): (usize, &i64)| {
        let either = size + common.column(other).sum() - both;
        *both as f64 / either.max(1) as f64
    };
    common
        .row(own)
        .iter()
        .enumerate()
        .map(of)
        .fold(0.0, f64::max)
}
