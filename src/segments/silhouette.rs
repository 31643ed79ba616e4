//! The mean silhouette of a seeded sample of rows.

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

use super::draw;

/// Most rows in the sample: all their pairs are measured once, 16 MB of distances.
const ROWS: usize = 2_000;

/// Rows drawn once for all values of k, with the distances between them.
pub struct Sample {
    rows: Vec<usize>,
    /// Euclidean distance of each row of the sample to each.
    distances: Vec<f32>,
}

impl Sample {
    /// Draws up to [`ROWS`] rows of `x` and measures them.
    pub fn new(x: ArrayView2<'_, f64>, seed: u64) -> Self {
        let rows = draw(seed, "silhouette", x.nrows(), ROWS);
        let points = x.select(Axis(0), &rows);
        // Feature by feature, so that the sums of one row run side by side.
        let columns = points.t().as_standard_layout().into_owned();
        let mut distances = vec![0.0_f32; rows.len() * rows.len()];
        distances
            .par_chunks_mut(rows.len().max(1))
            .zip(0..rows.len())
            .for_each(|(out, i)| {
                let mut squared = vec![0.0_f64; out.len()];
                for (column, value) in columns.rows().into_iter().zip(points.row(i)) {
                    squared
                        .iter_mut()
                        .zip(column)
                        .for_each(|(sum, other)| *sum += (value - other) * (value - other));
                }
                out.iter_mut()
                    .zip(squared)
                    .for_each(|(out, squared)| *out = squared.sqrt() as f32);
            });
        Self { rows, distances }
    }

    /// The mean silhouette of the sample under `labels` (one a row of the matrix), each row measured
    /// against the others of the sample: (b - a) / max(a, b), with a the mean distance to the own
    /// cluster's other rows and b the least mean distance to another cluster; 0 for a row alone.
    ///
    /// P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster
    /// analysis", Journal of Computational and Applied Mathematics 20, 1987. None where the sample
    /// falls into a single cluster.
    pub fn mean(&self, labels: &[usize]) -> Option<f64> {
        let labels: Vec<usize> = self.rows.iter().map(|row| labels[*row]).collect();
        let mut counts = vec![0_usize; labels.iter().max()? + 1];
        for label in &labels {
            counts[*label] += 1;
        }
        if counts.iter().filter(|count| **count > 0).count() < 2 {
            return None;
        }
        let widths: Vec<f64> = self
            .distances
            .par_chunks(labels.len())
            .zip(&labels)
            .map(|(distances, own)| {
                let mut sums = vec![0.0_f64; counts.len()];
                distances
                    .iter()
                    .zip(&labels)
                    .for_each(|(distance, label)| sums[*label] += f64::from(*distance));
                width(&sums, &counts, *own)
            })
            .collect();
        Some(widths.iter().sum::<f64>() / widths.len() as f64)
    }
}

/// The silhouette of one row from its summed distances to each cluster.
fn width(sums: &[f64], counts: &[usize], own: usize) -> f64 {
    if counts[own] < 2 {
        return 0.0;
    }
    let within = sums[own] / (counts[own] - 1) as f64;
    let others = (0..counts.len()).filter(|label| *label != own && counts[*label] > 0);
    let between = others
        .map(|label| sums[label] / counts[label] as f64)
        .fold(f64::INFINITY, f64::min);
    let most = within.max(between);
    if most > 0.0 {
        (between - within) / most
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_worked_example_gives_its_known_mean() {
        // 0 and 1 against 10 and 12: widths 10/11, 9/10, 7.5/9.5, 9.5/11.5.
        let x = array![[0.0], [1.0], [10.0], [12.0]];
        let mean = Sample::new(x.view(), 1).mean(&[0, 0, 1, 1]).unwrap();
        let by_hand = (10.0 / 11.0 + 9.0 / 10.0 + 7.5 / 9.5 + 9.5 / 11.5) / 4.0;
        assert!((mean - by_hand).abs() < 1e-6, "{mean} instead of {by_hand}");
    }

    #[test]
    fn a_row_alone_counts_as_zero_and_one_cluster_has_none() {
        let x = array![[0.0], [1.0], [10.0]];
        let sample = Sample::new(x.view(), 1);
        let by_hand = (9.0 / 10.0 + 8.0 / 9.0 + 0.0) / 3.0;
        assert!((sample.mean(&[0, 0, 1]).unwrap() - by_hand).abs() < 1e-6);
        assert_eq!(sample.mean(&[0, 0, 0]), None);
    }
}
