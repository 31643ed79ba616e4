//! How much nearer rows are to their own cluster than to the next one.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::draw;
use crate::error::Result;
use crate::progress::Progress;

/// Up to so many rows are all measured against all.
pub const EXACT: usize = 20_000;

/// Of more rows, so many are drawn and measured against each other.
pub const DRAWN: usize = 5_000;

/// Columns of the distances of one row that are summed while they lie in the nearest cache.
const TILE: usize = 1024;

/// The half width of a normal distribution's 95% interval, in standard errors.
pub const NORMAL_95: f64 = 1.96;

/// A mean silhouette, -1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// Over the rows measured.
    pub value: f64,
    /// Half the width of its 95% interval; 0 where all rows were measured.
    pub margin: f64,
}

/// Rows that are measured against each other, the same for all partitions.
pub struct Sample {
    /// Their numbers, rising.
    pub rows: Vec<usize>,
    is_all: bool,
    /// A row a feature: so distances to many rows are summed side by side.
    columns: Array2<f32>,
}

impl Sample {
    /// All rows of `x` where they are at most [`EXACT`], else [`DRAWN`] of them.
    pub fn new(x: ArrayView2<'_, f64>, seed: u64) -> Self {
        let is_all = x.nrows() <= EXACT;
        let amount = if is_all { x.nrows() } else { DRAWN };
        let rows = draw(seed, "silhouette", x.nrows(), amount);
        let columns = x
            .select(Axis(0), &rows)
            .t()
            .mapv(|value| value as f32)
            .as_standard_layout()
            .into_owned();
        Self {
            rows,
            is_all,
            columns,
        }
    }

    /// The mean silhouette of the sample under each of `partitions` (labels of all rows of the matrix): of each row
    /// (b - a) / max(a, b), with a the mean distance to the own cluster's other rows and b the least mean distance to
    /// another cluster; 0 for a row alone.
    ///
    /// P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", Journal
    /// of Computational and Applied Mathematics 20, 1987. None where the sample falls into a single cluster. The
    /// distances are computed once for all partitions.
    ///
    /// # Errors
    /// Cancellation, which is looked for at every row.
    pub fn means(&self, partitions: &[&[usize]], progress: &Progress) -> Result<Vec<Option<Mean>>> {
        let partitions: Vec<Labelled> = partitions
            .iter()
            .map(|labels| Labelled::new(labels, &self.rows))
            .collect();
        let n = self.rows.len();
        let widths: Vec<Vec<f64>> = (0..n)
            .into_par_iter()
            .map_init(
                || vec![0.0_f32; n],
                |distances, row| {
                    progress.check()?;
                    self.measure(row, distances);
                    let widths = partitions
                        .iter()
                        .map(|partition| partition.width(row, distances));
                    Ok(widths.collect())
                },
            )
            .collect::<Result<_>>()?;
        let means = partitions
            .iter()
            .enumerate()
            .map(|(at, partition)| partition.is_parted().then(|| self.mean(&widths, at)));
        Ok(means.collect())
    }

    fn mean(&self, widths: &[Vec<f64>], at: usize) -> Mean {
        let n = widths.len() as f64;
        let value = widths.iter().map(|widths| widths[at]).sum::<f64>() / n;
        let squares: f64 = widths
            .iter()
            .map(|widths| (widths[at] - value) * (widths[at] - value))
            .sum();
        let error = (squares / (n - 1.0).max(1.0) / n).sqrt();
        Mean {
            value,
            margin: if self.is_all { 0.0 } else { NORMAL_95 * error },
        }
    }

    /// The Euclidean distances of a row of the sample to all of them.
    fn measure(&self, row: usize, distances: &mut [f32]) {
        for (tile, out) in distances.chunks_mut(TILE).enumerate() {
            out.fill(0.0);
            for column in self.columns.rows() {
                let Some(column) = column.to_slice() else {
                    continue;
                };
                let value = column[row];
                for (sum, other) in out.iter_mut().zip(&column[tile * TILE..]) {
                    let gap = value - other;
                    *sum = gap.mul_add(gap, *sum);
                }
            }
            for squared in out {
                *squared = squared.sqrt();
            }
        }
    }
}

/// The sample under one partition.
struct Labelled {
    labels: Vec<u32>,
    counts: Vec<usize>,
}

impl Labelled {
    fn new(labels: &[usize], rows: &[usize]) -> Self {
        let labels: Vec<u32> = rows.iter().map(|row| labels[*row] as u32).collect();
        let most = labels.iter().max().map_or(0, |most| *most as usize + 1);
        let mut counts = vec![0; most];
        for label in &labels {
            counts[*label as usize] += 1;
        }
        Self { labels, counts }
    }

    fn is_parted(&self) -> bool {
        self.counts.iter().filter(|count| **count > 0).count() > 1
    }

    /// The silhouette of one row.
    fn width(&self, row: usize, distances: &[f32]) -> f64 {
        let mut sums = vec![0.0_f64; self.counts.len()];
        for (distance, label) in distances.iter().zip(&self.labels) {
            sums[*label as usize] += f64::from(*distance);
        }
        let own = self.labels[row] as usize;
        if self.counts[own] < 2 {
            return 0.0;
        }
        let within = sums[own] / (self.counts[own] - 1) as f64;
        let others = (0..sums.len()).filter(|label| *label != own && self.counts[*label] > 0);
        let between = others
            .map(|label| sums[label] / self.counts[label] as f64)
            .fold(f64::INFINITY, f64::min);
        let most = within.max(between);
        if most > 0.0 && most.is_finite() {
            (between - within) / most
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::error::Error;

    /// The means of a sample that nobody cancels.
    fn means(x: &Array2<f64>, partitions: &[&[usize]]) -> Vec<Option<Mean>> {
        let sample = Sample::new(x.view(), 3);
        sample.means(partitions, &Progress::silent()).unwrap()
    }

    #[test]
    fn a_worked_example_gives_its_known_mean() {
        // 0 and 1 against 10 and 12: widths 10/11, 9/10, 7.5/9.5, 9.5/11.5.
        let x = array![[0.0], [1.0], [10.0], [12.0]];
        let mean = means(&x, &[&[0, 0, 1, 1]])[0].unwrap();
        let by_hand = (10.0 / 11.0 + 9.0 / 10.0 + 7.5 / 9.5 + 9.5 / 11.5) / 4.0;
        assert!(
            (mean.value - by_hand).abs() < 1e-6,
            "{mean:?} instead of {by_hand}"
        );
        assert!(mean.margin.abs() < 1e-12);
    }

    #[test]
    fn a_row_alone_counts_as_zero_and_one_cluster_has_none() {
        let x = array![[0.0], [1.0], [10.0]];
        let means = means(&x, &[&[0, 0, 1], &[0, 0, 0]]);
        let by_hand = (9.0 / 10.0 + 8.0 / 9.0 + 0.0) / 3.0;
        assert!((means[0].unwrap().value - by_hand).abs() < 1e-6);
        assert_eq!(means[1], None);
    }

    #[test]
    fn measuring_stops_where_it_is_cancelled() {
        let x = Array2::from_shape_fn((500, 2), |(i, j)| (i * (j + 3) % 17) as f64);
        let labels: Vec<usize> = (0..500).map(|i| i % 2).collect();
        let progress = Progress::silent();
        progress.cancel();
        let found = Sample::new(x.view(), 1).means(&[&labels], &progress);
        assert!(matches!(found, Err(Error::Cancelled)));
    }

    #[test]
    fn the_interval_of_a_sample_holds_the_mean_of_all() {
        let x = Array2::from_shape_fn((2 * EXACT, 2), |(i, j)| {
            let side = if i % 2 == 0 { 0.0 } else { 2.0 };
            side + ((i * 7919 + j * 104_729) % 1009) as f64 / 1009.0
        });
        let labels: Vec<usize> = (0..x.nrows()).map(|i| i % 2).collect();
        let drawn = means(&x, &[&labels])[0].unwrap();
        // All rows repeat the pattern of the first ones, which are few enough to be measured one by one.
        let few = x.select(Axis(0), &(0..EXACT).collect::<Vec<_>>());
        let exact = means(&few, &[&labels[..EXACT]])[0].unwrap();
        assert!(drawn.margin > 0.0 && drawn.margin < 0.02, "{drawn:?}");
        assert!(
            (drawn.value - exact.value).abs() < 2.0 * drawn.margin,
            "{drawn:?} {exact:?}"
        );
    }
}
