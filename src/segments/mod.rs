//! Users into segments: k-means on the standardised feature matrix, and the choice of k.
//!
//! Pure: it takes a matrix and gives labels, and reads no store. The way of one value of k:
//! several k-means++ restarts of linfa on a seeded sample of rows (`restarts`), exact Lloyd steps
//! on all rows from the best of them (`lloyd`), the mean silhouette of a seeded sample
//! (`silhouette`). With `--k auto` every k from 2 to 12 goes that way and `choice` picks one.
//!
//! Beside each partition stand its figures (`criteria`), how it holds in refits to bootstrap draws (`stability`), and the
//! same of users whose features were shuffled; `membership` tells how surely a user belongs to a segment.
//!
//! The result is the same bytes with any number of threads: every generator is seeded from the run's
//! seed, k and the restart; work is split into chunks of fixed size; sums are taken in row order.

mod agreement;
mod choice;
mod criteria;
mod distance;
mod fair;
mod fused;
mod lloyd;
mod matching;
mod membership;
mod plane;
mod proxies;
mod restarts;
mod seeding;
mod silhouette;
mod stability;
mod tree;

use std::collections::HashSet;

use ndarray::{Array2, ArrayView2, Axis};
use rand::SeedableRng;
use rand::seq::index;
use rand_xoshiro::Xoshiro256Plus;

use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::records::{Candidate, Control, Membership, Recommendation};
use crate::settings::RunSettings;

pub use agreement::adjusted_rand_index;
use choice::Tried;
pub use distance::squared_to_own;
pub use fair::{Fair, Groups, OutOfReach, balance, counts, fair};
pub use matching::by_centroid;
pub use membership::{Near, Softness, nearest};
pub use plane::{Component, Plane, plane};
pub use proxies::strengths;
pub use silhouette::NORMAL_95;
use stability::{Bootstrap, Stability};
pub use tree::{Bound, Rule, Surrogate, surrogate};

/// Values of k that `--k auto` tries.
pub const AUTO: std::ops::RangeInclusive<usize> = 2..=12;

/// Most rows that the restarts see; the best of them is then fitted to all rows.
const FIT_SAMPLE: usize = 6_000;

/// Most rows that even weights are fitted to.
const EVEN_SAMPLE: usize = 20_000;

/// k-means++ restarts for each k on shuffled data.
const CONTROL_RESTARTS: usize = 4;

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
    /// Mean silhouette (Rousseeuw 1987), -1 to 1; none for one cluster.
    pub silhouette: Option<f64>,
    /// The tried values of k, smallest first.
    pub candidates: Vec<Candidate>,
    /// Which k is recommended, and why; none for a single cluster that is not a choice.
    pub recommendation: Option<Recommendation>,
    /// How often refits find each cluster again, 0 to 1 (Hennig 2007); none for one that they had no row of. Empty for a
    /// single cluster.
    pub recovery: Vec<Option<f64>>,
    /// How surely rows belong to their cluster; none for a single one, and where every row lies on its centroid.
    pub membership: Option<Membership>,
    /// How distances become probabilities of membership.
    pub softness: Option<Softness>,
}

/// Finds the segments of the rows of `x`, one row a user, standardised features in the columns.
///
/// With `settings.k` that many clusters, else the k of [`AUTO`] with the largest mean silhouette among those whose
/// clusters are clearer than those of shuffled data and come out again from bootstrap draws, save that a split in two
/// must be 1.4 times as clear as any other, and that a k which leaves a cluster under `settings.min_support` users is
/// passed over while there is another; the recommendation tells why. One cluster where there is no such structure.
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
    cluster_evenly(x, None, settings, progress)
}

/// As [`cluster()`]; where `groups` are given, each of them weighs the same, however many rows it has: the centroids are
/// fitted to a draw with as many rows of each, and all rows then go to the nearest.
///
/// # Errors
/// As [`cluster()`].
pub fn cluster_evenly(
    x: ArrayView2<'_, f64>,
    groups: Option<Groups<'_>>,
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
    let search = Search::new(x.view(), groups, settings);
    let control = search.bootstrap.shuffled();
    let mut fits = Vec::with_capacity(tried.len());
    let mut shuffled = Vec::with_capacity(tried.len());
    for (done, k) in (1..).zip(tried) {
        let (fit, of_shuffled) =
            rayon::join(|| search.fit(k, progress), || control.fit(k, progress));
        fits.push(fit?);
        shuffled.push(of_shuffled?);
        progress.done(done);
    }
    let found = search.weigh(&fits, &control, &shuffled, progress)?;
    let best = match settings.k {
        Some(_) => choice::asked(&found[0].figures),
        None => choice::best(&found, settings.min_support),
    };
    let mut candidates: Vec<Candidate> = found.iter().map(|one| one.figures).collect();
    let recommendation = search.recommendation(&best, &candidates);
    let Some(place) = best.place else {
        let single = Fit::single(x.view());
        candidates.insert(0, single.candidate());
        return Ok(Clustering {
            recommendation: Some(recommendation),
            ..single.into_clustering(candidates)
        });
    };
    let fit = fits.swap_remove(place);
    let evidence = search.evidence(&fit);
    Ok(Clustering {
        recommendation: Some(recommendation),
        silhouette: candidates[place].silhouette,
        recovery: evidence.recovery,
        membership: evidence.membership,
        softness: evidence.softness,
        ..fit.into_clustering(candidates)
    })
}

/// The figures of any partition of the rows of `x` into clusters numbered from 0: silhouette, inertia, and the indices of
/// Davies and Bouldin and of Caliński and Harabasz, against the clusters' means; not what takes refits.
///
/// The silhouette is of all rows where they are at most 20,000, else of 5,000 drawn with `seed`.
#[must_use]
pub fn figures(x: ArrayView2<'_, f64>, labels: &[usize], seed: u64) -> Candidate {
    let count = labels.iter().max().map_or(0, |most| most + 1);
    let partition = lloyd::Partition::of(x, labels, centroids(x, labels, count)).by_size();
    // Nobody cancels a silent progress.
    let means = silhouette::Sample::new(x, seed).means(&[labels], &Progress::silent());
    let silhouette = means.ok().and_then(|means| means[0]);
    candidate(x, &partition, silhouette)
}

fn candidate(
    x: ArrayView2<'_, f64>,
    partition: &lloyd::Partition,
    silhouette: Option<silhouette::Mean>,
) -> Candidate {
    Candidate {
        k: partition.counts.len(),
        silhouette: silhouette.map(|mean| mean.value),
        silhouette_margin: silhouette.map_or(0.0, |mean| mean.margin),
        inertia: partition.inertia(),
        davies_bouldin: criteria::davies_bouldin(partition),
        calinski_harabasz: criteria::calinski_harabasz(x, partition),
        ..Candidate::default()
    }
}

/// Exact Lloyd steps in single precision from a fixed `start`, until no centroid moves, `most` of them at most; the centroids
/// and the sum of squared distances to them. `values` holds rows of as many values as `start` has columns.
#[must_use]
pub fn steps(values: &[f32], start: &Array2<f64>, most: usize) -> (Array2<f64>, f64) {
    let rows = fused::Rows::new(values, start.ncols());
    let silent = Progress::silent();
    match rows.settle(start.clone(), most, &silent) {
        Ok((centroids, pass)) => {
            let inertia = rows.inertia(&pass);
            (centroids, inertia)
        }
        // Nobody cancels a silent progress.
        Err(_) => (start.clone(), f64::NAN),
    }
}

/// The nearest of `centroids` to each row, the first of equals.
#[must_use]
pub fn labels(values: &[f32], centroids: &Array2<f64>) -> Vec<u32> {
    fused::Rows::new(values, centroids.ncols()).labels(centroids)
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

/// What the fits of all k share: the rows, the sample for the restarts, the one for the silhouette, and the one that refits
/// are drawn from.
struct Search<'a> {
    x: ArrayView2<'a, f64>,
    sample: Option<Array2<f64>>,
    silhouette: silhouette::Sample,
    bootstrap: Bootstrap,
    /// Whether the sample, and not all rows, decides where centroids are.
    is_even: bool,
    seed: u64,
    restarts: usize,
}

/// What speaks for the clusters that are taken.
struct Evidence {
    recovery: Vec<Option<f64>>,
    membership: Option<Membership>,
    softness: Option<Softness>,
}

impl<'a> Search<'a> {
    fn new(x: ArrayView2<'a, f64>, groups: Option<Groups<'_>>, settings: &RunSettings) -> Self {
        let sample = match groups {
            Some(groups) => {
                let rows = even(settings.seed, groups, EVEN_SAMPLE);
                Some(x.select(Axis(0), &rows))
            }
            None => (x.nrows() > FIT_SAMPLE).then(|| {
                let rows = draw(settings.seed, "fit", x.nrows(), FIT_SAMPLE);
                x.select(Axis(0), &rows)
            }),
        };
        Self {
            x,
            sample,
            silhouette: silhouette::Sample::new(x, settings.seed),
            bootstrap: Bootstrap::new(x, settings.seed),
            is_even: groups.is_some(),
            seed: settings.seed,
            restarts: settings.restarts.max(1),
        }
    }

    fn fit(&self, k: usize, progress: &Progress) -> Result<Fit> {
        progress.check()?;
        let sample = self.sample.as_ref().map_or(self.x.reborrow(), Array2::view);
        let start = restarts::best(sample, k, self.seed, self.restarts, progress)?;
        let partition = if self.is_even {
            let settled = lloyd::settle(sample, start, progress)?;
            lloyd::assign(self.x, settled.centroids)
        } else {
            lloyd::settle(self.x, start, progress)?
        };
        let partition = partition.by_size();
        let labels = |row: &usize| partition.labels[*row];
        let labels: Vec<usize> = self.bootstrap.rows.iter().map(labels).collect();
        let refits = self
            .bootstrap
            .refit(&labels, partition.counts.len(), progress)?;
        Ok(Fit {
            partition,
            refits: Some(refits),
        })
    }

    /// The figures of all partitions, and those of `control`, whose features are shuffled, beside them.
    fn weigh(
        &self,
        fits: &[Fit],
        control: &Bootstrap,
        shuffled: &[Fit],
        progress: &Progress,
    ) -> Result<Vec<Tried>> {
        let silhouettes = self.silhouette.means(&labels_of(fits), progress)?;
        let controls = control.figures(shuffled, self.x.nrows(), progress)?;
        let tried =
            fits.iter()
                .zip(silhouettes)
                .zip(controls)
                .map(|((fit, silhouette), control)| Tried {
                    figures: Candidate {
                        stability: fit.agreement(),
                        control: Some(control),
                        ..candidate(self.x, &fit.partition, silhouette)
                    },
                    smallest: fit.partition.counts.last().copied().unwrap_or(0) as u64,
                });
        Ok(tried.collect())
    }

    fn recommendation(&self, best: &choice::Best, candidates: &[Candidate]) -> Recommendation {
        Recommendation {
            k: best.place.map_or(1, |place| candidates[place].k),
            structure: best.structure,
            reason: best.reason.clone(),
            silhouette_users: self.silhouette.rows.len() as u64,
            bootstrap_users: self.bootstrap.rows.len() as u64,
            refits: stability::REFITS as u32,
        }
    }

    fn evidence(&self, fit: &Fit) -> Evidence {
        let partition = &fit.partition;
        let inertia = partition.inertia();
        let variance = inertia / (self.x.len().max(1)) as f64;
        let centroids = partition.centroids.view();
        let refits = fit.refits.as_ref().filter(|_| fit.k() > 1);
        let fitted = refits.and_then(|refits| {
            Softness::fit(self.bootstrap.x.view(), centroids, &refits.votes, variance)
        });
        let membership = fitted.map(|fitted| {
            let (soft, between) = membership::soft_objective(self.x, centroids, fitted.softness);
            Membership {
                scale: fitted.softness.scale,
                temperature: fitted.temperature,
                calibration_error: fitted.calibration_error,
                hard_objective: inertia,
                soft_objective: soft,
                between,
            }
        });
        let recovery = fit.refits.iter().flat_map(|refits| &refits.recovery);
        Evidence {
            recovery: recovery
                .map(|one| one.is_finite().then_some(*one))
                .collect(),
            membership,
            softness: fitted.map(|fitted| fitted.softness),
        }
    }
}

impl Bootstrap {
    /// One value of k, fitted to these rows.
    fn fit(&self, k: usize, progress: &Progress) -> Result<Fit> {
        let x = self.x.view();
        let start = restarts::best(x, k, self.seed, CONTROL_RESTARTS, progress)?;
        let partition = lloyd::settle(x, start, progress)?.by_size();
        let refits = self.refit(&partition.labels, partition.counts.len(), progress)?;
        Ok(Fit {
            partition,
            refits: Some(refits),
        })
    }

    /// The figures of fits to these rows, as if there were `users` of them.
    fn figures(&self, fits: &[Fit], users: usize, progress: &Progress) -> Result<Vec<Control>> {
        let x = self.x.view();
        let silhouettes =
            silhouette::Sample::new(x, self.seed).means(&labels_of(fits), progress)?;
        let times = users as f64 / x.nrows().max(1) as f64;
        let controls = fits.iter().zip(silhouettes).map(|(fit, silhouette)| {
            let found = candidate(x, &fit.partition, silhouette);
            let k = found.k;
            Control {
                silhouette: found.silhouette,
                inertia: found.inertia * times,
                davies_bouldin: found.davies_bouldin,
                calinski_harabasz: found
                    .calinski_harabasz
                    .map(|index| index * (users - k) as f64 / (x.nrows() - k).max(1) as f64),
                stability: fit.agreement(),
            }
        });
        Ok(controls.collect())
    }
}

fn labels_of(fits: &[Fit]) -> Vec<&[usize]> {
    fits.iter().map(|fit| &fit.partition.labels[..]).collect()
}

/// One value of k, fitted.
struct Fit {
    partition: lloyd::Partition,
    /// How it holds in refits; none for a single cluster.
    refits: Option<Stability>,
}

impl Fit {
    fn single(x: ArrayView2<'_, f64>) -> Self {
        let mean = x
            .mean_axis(Axis(0))
            .unwrap_or_default()
            .insert_axis(Axis(0));
        Self {
            partition: lloyd::assign(x, mean),
            refits: None,
        }
    }

    fn agreement(&self) -> Option<f64> {
        self.refits.as_ref().map(|refits| refits.agreement)
    }

    fn k(&self) -> usize {
        self.partition.counts.len()
    }

    fn candidate(&self) -> Candidate {
        Candidate {
            k: self.k(),
            inertia: self.partition.inertia(),
            ..Candidate::default()
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
        Clustering {
            k: counts.len(),
            assignment: labels,
            centroids,
            distance: squared.into_iter().map(f64::sqrt).collect(),
            inertia,
            silhouette: None,
            candidates,
            recommendation: None,
            recovery: Vec::new(),
            membership: None,
            softness: None,
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

/// As many row numbers of each group, in rising order: `amount` in all, or as many as the smallest allows.
fn even(seed: u64, groups: Groups<'_>, amount: usize) -> Vec<usize> {
    let mut members = vec![Vec::new(); groups.count];
    for (row, group) in groups.of_row.iter().enumerate() {
        members[*group].push(row);
    }
    members.retain(|rows| !rows.is_empty());
    let least = members.iter().map(Vec::len).min().unwrap_or(0);
    let each = least.min(amount / members.len().max(1)).max(1);
    let mut drawn: Vec<usize> = members
        .iter()
        .enumerate()
        .flat_map(|(group, rows)| {
            let places = draw(seed, &format!("even {group}"), rows.len(), each);
            places.into_iter().map(|place| rows[place])
        })
        .collect();
    drawn.sort_unstable();
    drawn
}

/// `amount` different row numbers out of `rows`, in rising order.
fn draw(seed: u64, name: &str, rows: usize, amount: usize) -> Vec<usize> {
    let mut drawn = index::sample(&mut generator(seed, name, 0), rows, amount.min(rows)).into_vec();
    drawn.sort_unstable();
    drawn
}

#[cfg(test)]
mod tests;
