//! Exact Lloyd steps: assign each row to its nearest centroid, move each centroid to its rows' mean.
//!
//! linfa's update counts the old centroid as one more point and its counts belong to its last restart,
//! so what it finds is only where these steps begin.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::distance::squared_to_own;
use super::fused::Rows;
use crate::error::Result;
use crate::progress::Progress;

/// Rows that one task takes: fixed, so that sums are added in the same order with any thread count.
const CHUNK: usize = 1024;

/// Centroids whose distances are computed side by side, in the lanes of a vector register.
const LANES: usize = 8;

/// From so many rows on the first steps are in single precision.
const MANY: usize = 20_000;

/// Lloyd converges in tens of steps; the cap is for data that creeps.
pub const STEPS: usize = 300;

/// Rows with their nearest centroid.
pub struct Partition {
    /// The nearest centroid of each row, the first of equals.
    pub labels: Vec<usize>,
    /// Squared Euclidean distance to it.
    pub squared: Vec<f64>,
    /// One row a cluster.
    pub centroids: Array2<f64>,
    /// Rows of each cluster.
    pub counts: Vec<usize>,
}

impl Partition {
    /// Rows with the centroids that `labels` name, whether they are the nearest or not.
    pub fn of(x: ArrayView2<'_, f64>, labels: &[usize], centroids: Array2<f64>) -> Self {
        let squared = squared_to_own(x, labels, centroids.view());
        let mut counts = vec![0; centroids.nrows()];
        for label in labels {
            counts[*label] += 1;
        }
        Self {
            labels: labels.to_vec(),
            squared,
            centroids,
            counts,
        }
    }

    /// Sum of squared distances, in row order.
    pub fn inertia(&self) -> f64 {
        self.squared.iter().sum()
    }

    /// Numbers the clusters by falling size, of equal sizes by first row, and drops empty ones.
    pub fn by_size(self) -> Self {
        let mut first = vec![usize::MAX; self.counts.len()];
        for (row, label) in self.labels.iter().enumerate().rev() {
            first[*label] = row;
        }
        let mut order: Vec<usize> = (0..self.counts.len())
            .filter(|label| self.counts[*label] > 0)
            .collect();
        order.sort_by_key(|label| (std::cmp::Reverse(self.counts[*label]), first[*label]));
        let mut number = vec![0; self.counts.len()];
        for (new, old) in order.iter().enumerate() {
            number[*old] = new;
        }
        Self {
            labels: self.labels.iter().map(|label| number[*label]).collect(),
            squared: self.squared,
            centroids: self.centroids.select(Axis(0), &order),
            counts: order.iter().map(|label| self.counts[*label]).collect(),
        }
    }
}

/// Steps from `start` until no row changes its cluster, so that each centroid is its rows' mean.
///
/// An empty cluster takes the row that lies farthest from its centroid, which lowers the inertia.
pub fn settle(
    x: ArrayView2<'_, f64>,
    start: Array2<f64>,
    progress: &Progress,
) -> Result<Partition> {
    let start = if x.nrows() > MANY {
        nearly_settled(x, start, progress)?
    } else {
        start
    };
    let mut now = assign(x, start);
    for _ in 0..STEPS {
        progress.check()?;
        let centroids = means(x, &now);
        let next = assign(x, centroids);
        let done = next.labels == now.labels && next.counts.iter().all(|count| *count > 0);
        now = next;
        if done {
            break;
        }
    }
    Ok(now)
}

/// Steps over the rows in single precision, which is half of the memory to read: what they leave to do is little.
fn nearly_settled(
    x: ArrayView2<'_, f64>,
    start: Array2<f64>,
    progress: &Progress,
) -> Result<Array2<f64>> {
    if x.ncols() == 0 {
        return Ok(start);
    }
    let values: Vec<f32> = x.iter().map(|value| *value as f32).collect();
    let settled = Rows::new(&values, x.ncols()).settle(start, STEPS, progress)?;
    Ok(settled.0)
}

/// Each row with the nearest of `centroids`.
pub fn assign(x: ArrayView2<'_, f64>, centroids: Array2<f64>) -> Partition {
    let blocks = side_by_side(&centroids);
    let width = x.ncols();
    let mut nearest = vec![(0, 0.0); x.nrows()];
    if let (Some(values), true) = (x.as_slice(), width > 0) {
        let chunks = nearest
            .par_chunks_mut(CHUNK)
            .zip(values.par_chunks(CHUNK * width));
        chunks.for_each(|(out, rows)| {
            for (out, row) in out.iter_mut().zip(rows.chunks_exact(width)) {
                *out = nearest_of(row, &blocks);
            }
        });
    }
    let (labels, squared): (Vec<usize>, Vec<f64>) = nearest.into_iter().unzip();
    let mut counts = vec![0; centroids.nrows()];
    for label in &labels {
        counts[*label] += 1;
    }
    Partition {
        labels,
        squared,
        centroids,
        counts,
    }
}

/// Centroids in blocks of [`LANES`], feature by feature; lanes without a centroid are infinitely far.
fn side_by_side(centroids: &Array2<f64>) -> Vec<Vec<[f64; LANES]>> {
    centroids
        .axis_chunks_iter(Axis(0), LANES)
        .map(|block| {
            let column = |values: ndarray::ArrayView1<'_, f64>| {
                let mut lanes = [f64::INFINITY; LANES];
                lanes
                    .iter_mut()
                    .zip(values)
                    .for_each(|(lane, value)| *lane = *value);
                lanes
            };
            block.columns().into_iter().map(column).collect()
        })
        .collect()
}

fn nearest_of(row: &[f64], blocks: &[Vec<[f64; LANES]>]) -> (usize, f64) {
    let mut nearest = (0, f64::INFINITY);
    for (b, block) in blocks.iter().enumerate() {
        let mut sums = [0.0; LANES];
        for (value, lanes) in row.iter().zip(block) {
            for (sum, lane) in sums.iter_mut().zip(lanes) {
                let gap = value - lane;
                *sum += gap * gap;
            }
        }
        for (lane, sum) in sums.into_iter().enumerate() {
            if sum < nearest.1 {
                nearest = (b * LANES + lane, sum);
            }
        }
    }
    nearest
}

/// The mean of each cluster's rows; an empty cluster gets the row farthest from all centroids so far.
fn means(x: ArrayView2<'_, f64>, partition: &Partition) -> Array2<f64> {
    let shape = partition.centroids.raw_dim();
    let width = x.ncols();
    let partial = |(labels, rows): (&[usize], &[f64])| {
        let mut sums = Array2::<f64>::zeros(shape);
        if let Some(sums) = sums.as_slice_mut() {
            for (label, row) in labels.iter().zip(rows.chunks_exact(width)) {
                let sums = &mut sums[label * width..(label + 1) * width];
                sums.iter_mut()
                    .zip(row)
                    .for_each(|(sum, value)| *sum += value);
            }
        }
        sums
    };
    let values = x.as_slice().unwrap_or_default();
    let chunks = partition
        .labels
        .par_chunks(CHUNK)
        .zip(values.par_chunks(CHUNK * width));
    let partials: Vec<_> = chunks.map(partial).collect();
    let mut means = partials
        .iter()
        .fold(Array2::zeros(shape), |sums, part| sums + part);
    let mut squared = partition.squared.clone();
    for (mut mean, count) in means.rows_mut().into_iter().zip(&partition.counts) {
        if *count > 0 {
            mean /= *count as f64;
            continue;
        }
        let Some(farthest) = farthest(&squared) else {
            continue;
        };
        mean.assign(&x.row(farthest));
        for (squared, row) in squared.iter_mut().zip(x.rows()) {
            let gaps = row.iter().zip(mean.iter()).map(|(a, b)| (a - b) * (a - b));
            *squared = squared.min(gaps.sum());
        }
    }
    means
}

/// The first of the rows with the largest distance.
fn farthest(squared: &[f64]) -> Option<usize> {
    (0..squared.len())
        .rev()
        .max_by(|a, b| squared[*a].total_cmp(&squared[*b]))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_cluster_takes_the_farthest_row_and_ends_with_rows() {
        let x = array![[0.0], [0.1], [0.2], [9.0]];
        let start = array![[3.0], [100.0]];
        let found = settle(x.view(), start, &Progress::silent())
            .unwrap()
            .by_size();
        assert_eq!(found.counts, [3, 1]);
        assert_eq!(found.labels, [0, 0, 0, 1]);
        assert!((found.inertia() - 0.02).abs() < 1e-12);
    }

    #[test]
    fn several_empty_clusters_take_different_rows() {
        let x = array![[0.0], [0.0], [5.0], [-5.0]];
        let start = array![[0.0], [50.0], [60.0]];
        let found = settle(x.view(), start, &Progress::silent()).unwrap();
        assert_eq!(found.by_size().counts, [2, 1, 1]);
    }

    proptest! {
        #[test]
        fn the_blocked_distance_finds_what_a_plain_search_finds(
            k in 1_usize..20,
            width in 1_usize..9,
            values in prop::collection::vec(-5.0_f64..5.0, 400),
        ) {
            let centroids = Array2::from_shape_fn((k, width), |(i, j)| values[i * width + j]);
            let rows = (values.len() - k * width) / width;
            let x = Array2::from_shape_fn((rows, width), |(i, j)| values[(k + i) * width + j]);
            let found = assign(x.view(), centroids.clone());
            for (i, row) in x.rows().into_iter().enumerate() {
                let far = |c: usize| row.iter().zip(centroids.row(c)).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
                let least = (0..k).map(far).fold(f64::INFINITY, f64::min);
                prop_assert!((found.squared[i] - least).abs() <= 1e-12 * least.max(1.0));
                prop_assert!((far(found.labels[i]) - least).abs() <= 1e-12 * least.max(1.0));
            }
        }

        #[test]
        fn a_step_never_raises_the_inertia(values in prop::collection::vec(-3.0_f64..3.0, 60), k in 1_usize..6) {
            let x = Array2::from_shape_vec((30, 2), values).unwrap();
            let mut now = assign(x.view(), x.slice(ndarray::s![..k, ..]).to_owned());
            for _ in 0..5 {
                let next = assign(x.view(), means(x.view(), &now));
                prop_assert!(next.inertia() <= now.inertia() + 1e-9);
                now = next;
            }
        }
    }
}
