//! Where Lloyd begins: the best of several k-means++ restarts of linfa.

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::{Array2, ArrayView2};
use rand_xoshiro::Xoshiro256Plus;
use rayon::prelude::*;

use super::{generator, lloyd};
use crate::error::{Error, Result};
use crate::progress::Progress;

/// linfa stops once the centroids together move less than this; exact steps follow.
const TOLERANCE: f64 = 1e-2;

/// Most steps of one restart.
const STEPS: u64 = 100;

/// The centroids with the least inertia on `x` among `restarts` of k-means++ (Arthur and Vassilvitskii
/// 2007), the first of equals. Each restart has its own generator, so they may run side by side.
///
/// Only `KMeansPlusPlus`: linfa's `KMeansPara` seeds its draws by thread and differs between runs.
pub fn best(
    x: ArrayView2<'_, f64>,
    k: usize,
    seed: u64,
    restarts: usize,
    progress: &Progress,
) -> Result<Array2<f64>> {
    let fit = |restart: usize| {
        progress.check()?;
        let rng = generator(seed, "restart", (k as u64) << 32 | restart as u64);
        let centroids = fitted(x, k, rng)?;
        let partition = lloyd::assign(x, centroids);
        Ok((partition.inertia(), partition.centroids))
    };
    let fits: Vec<_> = (0..restarts)
        .into_par_iter()
        .map(fit)
        .collect::<Result<_>>()?;
    let best = fits
        .into_iter()
        .reduce(|best, next| if next.0 < best.0 { next } else { best });
    best.map(|(_, centroids)| centroids)
        .ok_or_else(|| Error::usage("restarts", "there must be at least one", "give 1 or more"))
}

fn fitted(x: ArrayView2<'_, f64>, k: usize, rng: Xoshiro256Plus) -> Result<Array2<f64>> {
    let model = KMeans::params_with_rng(k, rng)
        .init_method(KMeansInit::KMeansPlusPlus)
        .n_runs(1)
        .tolerance(TOLERANCE)
        .max_n_iterations(STEPS)
        .fit(&DatasetBase::from(x))
        .map_err(|source| {
            Error::failed(
                format!("k-means with k = {k}"),
                source,
                "report this with the run's seed",
            )
        })?;
    Ok(model.centroids().clone())
}
