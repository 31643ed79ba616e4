//! Users into segments: k-means on the standardised feature matrix, and the choice of k.
//!
//! Pure: it takes a matrix and gives labels, and reads no store. The way of one value of k:
//! several k-means++ restarts of linfa on a seeded sample of rows (`restarts`), exact Lloyd steps
//! on all rows from the best of them (`lloyd`), the mean silhouette of a seeded sample
//! (`silhouette`). With `--k auto` every k from 2 to 12 goes that way and `choice` picks one.
//!
//! The result is the same bytes with any number of threads: every generator is seeded from the run's
//! seed, k and the restart; work is split into chunks of fixed size; sums are taken in row order.

mod agreement;
mod choice;
mod lloyd;
mod plane;
mod restarts;
mod silhouette;

use std::collections::HashSet;

use ndarray::{Array2, ArrayView2, Axis};
use rand::SeedableRng;
use rand::seq::index;
use rand_xoshiro::Xoshiro256Plus;

use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::records::Candidate;
use crate::settings::RunSettings;

pub use agreement::adjusted_rand_index;
pub use plane::{Component, Plane, nearest, plane};

/// Values of k that `--k auto` tries.
pub const AUTO: std::ops::RangeInclusive<usize> = 2..=12;

/// Most rows that the restarts see; the best of them is then fitted to all rows.
const FIT_SAMPLE: usize = 6_000;

/// Squares of larger values could leave the range of a float.
const LARGEST: f64 = 1e100;

/// Users put into clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// Number of clusters; none of them is empty.
    pub k: usize,
    /// The cluster of each row, from 0, numbered by falling size; of equal sizes the one whose first
    /// row comes first.
    pub assignment: Vec<usize>,
    /// One row a cluster, in the space of the matrix.
    pub centroids: Array2<f64>,
    /// Euclidean distance of each row to its own centroid, which is the nearest.
    pub distance: Vec<f64>,
    /// Sum of the squared distances.
    pub inertia: f64,
    /// Mean silhouette of the seeded sample (Rousseeuw 1987), -1 to 1; none for one cluster.
    pub silhouette: Option<f64>,
    /// The tried values of k, smallest first.
    pub candidates: Vec<Candidate>,
}

/// Finds the segments of the rows of `x`, one row a user, standardised features in the columns.
///
/// With `settings.k` that many clusters, else the k of [`AUTO`] with the largest mean silhouette, save
/// that a split in two must be a fifth clearer than any other, and that a k which leaves a cluster under
/// `settings.min_support` users is passed over while there is another; a note tells where that matters.
/// Users who are all alike, or a single one, are one cluster. Threads are those of the rayon pool that
/// the call runs in. Progress counts the values of k.
///
/// # Errors
/// - [`Error::Usage`] where `settings.k` is 0, or more than there are users who differ.
/// - [`Error::Rejected`] where there is no row.
/// - [`Error::Failed`] where the matrix holds a value that is not finite.
/// - [`Error::Cancelled`] soon after a cancel: checked before each restart.
pub fn cluster(
    x: ArrayView2<'_, f64>,
    settings: &RunSettings,
    progress: &Progress,
) -> Result<Clustering> {
    if !x.iter().all(|value| value.abs() < LARGEST) {
        return Err(Error::failed(
            "segments",
            "a feature is no finite number",
            "check the SQL of added features",
        ));
    }
    let tried = values_of_k(x, settings.k)?;
    progress.stage(Stage::Segments, Some(tried.len() as u64));
    let x = x.as_standard_layout();
    if tried == [1] {
        let fit = Fit::single(x.view());
        progress.done(1);
        let candidates = vec![fit.candidate()];
        return Ok(fit.into_clustering(candidates));
    }
    let search = Search::new(x.view(), settings);
    let mut fits = Vec::with_capacity(tried.len());
    for (done, k) in (1..).zip(tried) {
        fits.push(search.fit(k, progress)?);
        progress.done(done);
    }
    let chosen = if settings.k.is_some() {
        Some(0)
    } else {
        choice::best(&fits, settings.min_support, progress)
    };
    if chosen.is_none() {
        fits.insert(0, Fit::single(x.view()));
    }
    let candidates = fits.iter().map(Fit::candidate).collect();
    Ok(fits
        .swap_remove(chosen.unwrap_or(0))
        .into_clustering(candidates))
}

/// The mean of the rows with each label, 0 to `count - 1`; `NaN` for a label that no row has.
#[must_use]
pub fn centroids(x: ArrayView2<'_, f64>, labels: &[usize], count: usize) -> Array2<f64> {
    let mut means = Array2::zeros((count, x.ncols()));
    let mut rows = vec![0.0; count];
    for (row, label) in x.rows().into_iter().zip(labels) {
        means.row_mut(*label).scaled_add(1.0, &row);
        rows[*label] += 1.0;
    }
    for (mut mean, rows) in means.rows_mut().into_iter().zip(rows) {
        mean /= rows;
    }
    means
}

/// The values of k to try: the one asked for, or those of [`AUTO`] that the rows allow.
fn values_of_k(x: ArrayView2<'_, f64>, asked: Option<usize>) -> Result<Vec<usize>> {
    let users = x.nrows();
    match asked {
        Some(0) => Err(Error::usage(
            "--k 0",
            "there must be at least one segment",
            "give 1 or more, or `auto`",
        )),
        Some(k) => {
            let distinct = distinct_rows(x, k);
            if distinct >= k {
                return Ok(vec![k]);
            }
            let why = if k > users {
                format!("there are only {users} users to segment")
            } else {
                format!("only {distinct} of the {users} users differ in their features")
            };
            Err(Error::usage(
                format!("--k {k}"),
                why,
                format!("give {distinct} or less, or `auto`"),
            ))
        }
        None if users == 0 => Err(Error::rejected(
            "segments",
            "no user reaches the minimum activity",
            "lower --min-events or ingest more events",
        )),
        None => {
            let most = distinct_rows(x, *AUTO.end());
            Ok(if most < 2 {
                vec![1]
            } else {
                AUTO.filter(|k| *k <= most).collect()
            })
        }
    }
}

/// How many different rows there are, counted no further than `enough`.
fn distinct_rows(x: ArrayView2<'_, f64>, enough: usize) -> usize {
    let mut seen = HashSet::new();
    for row in x.rows() {
        // Adding zero makes the two zeros one.
        seen.insert(
            row.iter()
                .map(|value| (value + 0.0).to_bits())
                .collect::<Vec<_>>(),
        );
        if seen.len() >= enough {
            break;
        }
    }
    seen.len()
}

/// What the fits of all k share: the rows, the sample for the restarts and the one for the silhouette.
struct Search<'a> {
    x: ArrayView2<'a, f64>,
    sample: Option<Array2<f64>>,
    silhouette: silhouette::Sample,
    seed: u64,
    restarts: usize,
}

impl<'a> Search<'a> {
    fn new(x: ArrayView2<'a, f64>, settings: &RunSettings) -> Self {
        let sample = (x.nrows() > FIT_SAMPLE).then(|| {
            let rows = draw(settings.seed, "fit", x.nrows(), FIT_SAMPLE);
            x.select(Axis(0), &rows)
        });
        let silhouette = silhouette::Sample::new(x, settings.seed);
        Self {
            x,
            sample,
            silhouette,
            seed: settings.seed,
            restarts: settings.restarts.max(1),
        }
    }

    fn fit(&self, k: usize, progress: &Progress) -> Result<Fit> {
        progress.check()?;
        let sample = self.sample.as_ref().map_or(self.x.reborrow(), Array2::view);
        let start = restarts::best(sample, k, self.seed, self.restarts, progress)?;
        let partition = lloyd::settle(self.x, start, progress)?.by_size();
        Ok(Fit {
            silhouette: self.silhouette.mean(&partition.labels),
            partition,
        })
    }
}

/// One value of k, fitted to all rows.
struct Fit {
    partition: lloyd::Partition,
    silhouette: Option<f64>,
}

impl Fit {
    fn single(x: ArrayView2<'_, f64>) -> Self {
        let mean = x
            .mean_axis(Axis(0))
            .unwrap_or_default()
            .insert_axis(Axis(0));
        Self {
            partition: lloyd::assign(x, mean),
            silhouette: None,
        }
    }

    fn k(&self) -> usize {
        self.partition.counts.len()
    }

    fn candidate(&self) -> Candidate {
        Candidate {
            k: self.k(),
            silhouette: self.silhouette,
            inertia: self.partition.inertia(),
        }
    }

    fn into_clustering(self, candidates: Vec<Candidate>) -> Clustering {
        let inertia = self.partition.inertia();
        let lloyd::Partition {
            labels,
            squared,
            centroids,
            counts,
        } = self.partition;
        let distance = squared.into_iter().map(f64::sqrt).collect();
        let silhouette = self.silhouette;
        Clustering {
            k: counts.len(),
            assignment: labels,
            centroids,
            distance,
            inertia,
            silhouette,
            candidates,
        }
    }
}

/// A generator of its own for each thing drawn, by its name and number.
fn generator(seed: u64, name: &str, number: u64) -> Xoshiro256Plus {
    // FNV-1a (Fowler, Noll, Vo): `seed_from_u64` then spreads the bits.
    let bytes = seed
        .to_le_bytes()
        .into_iter()
        .chain(name.bytes())
        .chain(number.to_le_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Xoshiro256Plus::seed_from_u64(hash)
}

/// `amount` different row numbers out of `rows`, in rising order.
fn draw(seed: u64, name: &str, rows: usize, amount: usize) -> Vec<usize> {
    let mut drawn = index::sample(&mut generator(seed, name, 0), rows, amount.min(rows)).into_vec();
    drawn.sort_unstable();
    drawn
}

#[cfg(test)]
mod tests;
