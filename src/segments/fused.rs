//! Lloyd steps for many rows: assignment and sums in one pass over them, in the scalar type of the matrix.
//!
//! A pass reads each row once, from memory that is too large for any cache, so what it costs is that reading and one
//! multiply-add for each feature and centroid. Four rows go through the centroids together: a centroid that was loaded
//! serves all four, and their chains of additions run side by side.

use ndarray::Array2;
use rayon::prelude::*;

use super::lloyd::STEPS;
use crate::error::Result;
use crate::progress::Progress;

/// Rows that one task takes: fixed, so that sums are added in the same order with any thread count.
const CHUNK: usize = 4096;

/// Rows summed in the scalar type before the sum goes on in `f64`.
const BLOCK: usize = 512;

/// Centroids side by side in the lanes of a vector register.
const LANES: usize = 8;

/// Rows that go through the centroids together.
const TOGETHER: usize = 4;

/// What rows may be made of: `f32` is half the memory to read, `f64` exact.
pub trait Real:
    num_traits::Float + num_traits::FromPrimitive + Into<f64> + Send + Sync + std::ops::AddAssign
{
}

impl Real for f32 {}
impl Real for f64 {}

/// Rows of equal width, one after the other.
#[derive(Clone, Copy)]
pub struct Rows<'a, T> {
    values: &'a [T],
    width: usize,
}

/// What a pass over all rows finds.
pub struct Pass {
    /// The sum of each centroid's rows, a row a centroid.
    pub sums: Vec<f64>,
    /// How many rows each centroid is nearest to.
    pub counts: Vec<u64>,
    /// Half of the sum of all rows' squared distances to their nearest centroid, less half of their squared lengths.
    gaps: f64,
}

impl<'a, T: Real> Rows<'a, T> {
    /// Rows of `width` values, which must be at least 1.
    pub fn new(values: &'a [T], width: usize) -> Self {
        debug_assert!(width > 0 && values.len().is_multiple_of(width));
        Self { values, width }
    }

    /// The row with that number.
    pub fn row(&self, at: usize) -> &'a [T] {
        &self.values[at * self.width..(at + 1) * self.width]
    }

    /// Half of the sum of the squared lengths of all rows.
    fn lengths(&self) -> f64 {
        let square = |value: &T| -> f64 {
            let value: f64 = (*value).into();
            value * value
        };
        // Side by side: one sum would wait for each addition.
        let of = |rows: &[T]| -> f64 {
            let (rows, last) = rows.as_chunks::<LANES>();
            let mut sums = [0.0; LANES];
            for values in rows {
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += square(value);
                }
            }
            sums.iter().sum::<f64>() + last.iter().map(square).sum::<f64>()
        };
        self.values
            .par_chunks(CHUNK * self.width)
            .map(of)
            .collect::<Vec<_>>()
            .into_iter()
            .sum::<f64>()
            / 2.0
    }

    /// Sum of the squared distances to the nearest centroid.
    pub fn inertia(&self, pass: &Pass) -> f64 {
        (2.0 * (self.lengths() + pass.gaps)).max(0.0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// One pass: which centroid is nearest to each row (the first of equals), and the sums that move the centroids.
    pub fn pass(&self, centroids: &Array2<f64>) -> Pass {
        let laid = Laid::<T>::new(centroids);
        let k = centroids.nrows();
        let parts: Vec<Pass> = self
            .values
            .par_chunks(CHUNK * self.width)
            .map(|rows| laid.pass(rows, self.width, k))
            .collect();
        let none = Pass {
            sums: vec![0.0; k * self.width],
            counts: vec![0; k],
            gaps: 0.0,
        };
        parts.into_iter().fold(none, |mut all, part| {
            all.sums
                .iter_mut()
                .zip(part.sums)
                .for_each(|(a, b)| *a += b);
            all.counts
                .iter_mut()
                .zip(part.counts)
                .for_each(|(a, b)| *a += b);
            all.gaps += part.gaps;
            all
        })
    }

    /// The number of the nearest centroid of each row, the first of equals.
    pub fn labels(&self, centroids: &Array2<f64>) -> Vec<u32> {
        let laid = Laid::<T>::new(centroids);
        let mut labels = vec![0; self.len()];
        labels
            .par_chunks_mut(CHUNK)
            .zip(self.values.par_chunks(CHUNK * self.width))
            .for_each(|(labels, rows)| {
                laid.nearest(rows, self.width, |at, _, nearest, _| {
                    labels[at] = nearest as u32;
                });
            });
        labels
    }

    /// Steps from `start` until no centroid moves, at most so many. A centroid that loses all its rows stays where it
    /// is.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`] between two steps.
    pub fn settle(
        &self,
        start: Array2<f64>,
        steps: usize,
        progress: &Progress,
    ) -> Result<(Array2<f64>, Pass)> {
        let mut centroids = start;
        let mut pass = self.pass(&centroids);
        for _ in 0..steps.min(STEPS) {
            progress.check()?;
            let moved = pass.means(&centroids);
            if moved == centroids {
                break;
            }
            centroids = moved;
            pass = self.pass(&centroids);
        }
        Ok((centroids, pass))
    }
}

impl Pass {
    /// The mean of each centroid's rows; the centroid itself where it has none.
    pub fn means(&self, centroids: &Array2<f64>) -> Array2<f64> {
        let width = centroids.ncols();
        Array2::from_shape_fn(centroids.raw_dim(), |(k, j)| match self.counts[k] {
            0 => centroids[[k, j]],
            rows => self.sums[k * width + j] / rows as f64,
        })
    }
}

/// Centroids as the inner loop reads them: eight side by side, feature by feature; and half of each squared length.
struct Laid<T> {
    blocks: Vec<Vec<[T; LANES]>>,
    halves: Vec<[T; LANES]>,
}

impl<T: Real> Laid<T> {
    fn new(centroids: &Array2<f64>) -> Self {
        let of = |value: f64| T::from_f64(value).unwrap_or_else(T::zero);
        let (mut blocks, mut halves) = (Vec::new(), Vec::new());
        for block in centroids.axis_chunks_iter(ndarray::Axis(0), LANES) {
            let mut lanes = vec![[T::zero(); LANES]; block.ncols()];
            // A lane without a centroid is infinitely far.
            let mut half = [T::infinity(); LANES];
            for (lane, centroid) in block.rows().into_iter().enumerate() {
                let mut squares = 0.0;
                for (lanes, value) in lanes.iter_mut().zip(centroid) {
                    lanes[lane] = of(*value);
                    let kept: f64 = lanes[lane].into();
                    squares += kept * kept;
                }
                half[lane] = of(squares / 2.0);
            }
            blocks.push(lanes);
            halves.push(half);
        }
        Self { blocks, halves }
    }

    fn pass(&self, rows: &[T], width: usize, k: usize) -> Pass {
        let mut found = Pass {
            sums: vec![0.0; k * width],
            counts: vec![0; k],
            gaps: 0.0,
        };
        let mut sums = vec![T::zero(); k * width];
        for block in rows.chunks(BLOCK * width) {
            sums.fill(T::zero());
            let mut gaps = T::zero();
            self.nearest(block, width, |_, row, nearest, gap| {
                add(&mut sums[nearest * width..(nearest + 1) * width], row);
                gaps += gap;
                found.counts[nearest] += 1;
            });
            for (all, sum) in found.sums.iter_mut().zip(&sums) {
                *all += (*sum).into();
            }
            found.gaps += gaps.into();
        }
        found
    }

    /// Calls `each` for all rows in order with the row's place, the row, its nearest centroid (the first of equals) and
    /// half of the squared distance to it, less half of the row's own squared length.
    #[inline]
    fn nearest(&self, rows: &[T], width: usize, mut each: impl FnMut(usize, &[T], usize, T)) {
        let whole = rows.len() / width / TOGETHER * TOGETHER;
        let (many, rest) = rows.split_at(whole * width);
        for (at, rows) in many.chunks_exact(TOGETHER * width).enumerate() {
            let rows: [&[T]; TOGETHER] = std::array::from_fn(|i| &rows[i * width..][..width]);
            for (i, (row, (number, gap))) in rows.iter().zip(self.of(rows)).enumerate() {
                each(at * TOGETHER + i, row, number, gap);
            }
        }
        for (at, row) in rest.chunks_exact(width).enumerate() {
            let [(number, gap)] = self.of([row]);
            each(whole + at, row, number, gap);
        }
    }

    /// The nearest centroid of each of `N` rows.
    #[inline]
    fn of<const N: usize>(&self, rows: [&[T]; N]) -> [(usize, T); N] {
        let mut nearest = [(0, T::infinity()); N];
        for (number, (block, halves)) in self.blocks.iter().zip(&self.halves).enumerate() {
            let sums = gaps(block, halves, rows);
            for (nearest, sums) in nearest.iter_mut().zip(sums) {
                for (lane, sum) in sums.into_iter().enumerate() {
                    if sum < nearest.1 {
                        *nearest = (number * LANES + lane, sum);
                    }
                }
            }
        }
        nearest
    }
}

/// Adds a row to a sum, in whole registers as far as it goes.
#[inline]
fn add<T: Real>(sums: &mut [T], row: &[T]) {
    let (sums, last_sums) = sums.as_chunks_mut::<LANES>();
    let (row, last) = row.as_chunks::<LANES>();
    for (sums, values) in sums.iter_mut().zip(row) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += *value;
        }
    }
    for (sum, value) in last_sums.iter_mut().zip(last) {
        *sum += *value;
    }
}

/// What decides between eight centroids for each of `N` rows: |x - c|² / 2 = |x|² / 2 + (|c|² / 2 - x · c), of which
/// this is what stands in brackets.
///
/// Not inlined: only so the sums stay in registers, whatever stands around.
#[inline(never)]
fn gaps<T: Real, const N: usize>(
    block: &[[T; LANES]],
    halves: &[T; LANES],
    rows: [&[T]; N],
) -> [[T; LANES]; N] {
    let width = block.len();
    let rows = rows.map(|row| &row[..width]);
    let mut sums = [*halves; N];
    // By number: so the checks of all slices fall away.
    #[allow(clippy::needless_range_loop)]
    for j in 0..width {
        for (sums, row) in sums.iter_mut().zip(&rows) {
            let value = -row[j];
            for (sum, lane) in sums.iter_mut().zip(&block[j]) {
                *sum = value.mul_add(*lane, *sum);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use linfa::DatasetBase;
    use linfa::traits::Fit;
    use linfa_clustering::{KMeans, KMeansInit};
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256Plus;

    use super::super::lloyd;
    use super::*;

    impl Pass {
        /// The step that linfa makes: the old centroid counts as one more row.
        fn means_of_linfa(&self, centroids: &Array2<f64>) -> Array2<f64> {
            let width = centroids.ncols();
            Array2::from_shape_fn(centroids.raw_dim(), |(k, j)| {
                (self.sums[k * width + j] + centroids[[k, j]]) / (self.counts[k] + 1) as f64
            })
        }
    }

    fn rows(n: usize, width: usize) -> Array2<f64> {
        Array2::from_shape_fn((n, width), |(i, j)| {
            let noise = ((i * 7919 + j * 104_729 + i * j * 31) % 1009) as f64 / 1009.0;
            noise * 3.0 + ((i % 5) * (j + 2) % 7) as f64 * 0.5
        })
    }

    #[test]
    fn with_its_extra_row_each_step_is_that_of_linfa() {
        let x = rows(3_000, 11);
        let start = x.slice(ndarray::s![..6, ..]).to_owned();
        let values = x.as_slice().unwrap();
        let mut own = start.clone();
        for step in 1..=12 {
            own = Rows::new(values, 11).pass(&own).means_of_linfa(&own);
            let linfa = KMeans::params_with_rng(6, Xoshiro256Plus::seed_from_u64(1))
                .init_method(KMeansInit::Precomputed(start.clone()))
                .n_runs(1)
                .tolerance(1e-300)
                .max_n_iterations(step)
                .fit(&DatasetBase::from(x.view()))
                .unwrap();
            for (own, theirs) in own.iter().zip(linfa.centroids()) {
                assert!(
                    (own - theirs).abs() <= 1e-6 * theirs.abs().max(1.0),
                    "step {step}"
                );
            }
        }
    }

    #[test]
    fn single_precision_steps_are_the_exact_ones() {
        // Groups that stand apart: near ties would part the two ways for good.
        let x = Array2::from_shape_fn((9_000, 24), |(i, j)| {
            let noise = ((i * 7919 + j * 104_729 + i * j * 31) % 1009) as f64 / 1009.0;
            noise + ((i % 9) * (j + 2) % 11) as f64 * 0.7
        });
        let start = x.slice(ndarray::s![..9, ..]).to_owned();
        let values: Vec<f32> = x.iter().map(|value| *value as f32).collect();
        let single = Rows::new(&values, 24);
        let exact = Rows::new(x.as_slice().unwrap(), 24);
        for steps in [1, 5, 20] {
            let silent = Progress::silent();
            let (_, pass) = single.settle(start.clone(), steps, &silent).unwrap();
            let (_, known) = exact.settle(start.clone(), steps, &silent).unwrap();
            let (own, known) = (single.inertia(&pass), exact.inertia(&known));
            assert!((own - known).abs() <= 1e-5 * known, "{own} {known}");
        }
    }

    proptest! {
        #[test]
        fn a_pass_is_the_assignment_and_its_sums(
            values in prop::collection::vec(-8_i8..8, 60..400),
            width in 1_usize..13,
            k in 1_usize..20,
        ) {
            let n = values.len() / width;
            prop_assume!(n >= k);
            let x = Array2::from_shape_fn((n, width), |(i, j)| f64::from(values[i * width + j]) / 4.0);
            let centroids = x.slice(ndarray::s![..k, ..]).to_owned();
            let flat = x.as_slice().unwrap();
            let fused = Rows::new(flat, width);
            let pass = fused.pass(&centroids);
            let known = lloyd::assign(x.view(), centroids.clone());
            prop_assert!((fused.inertia(&pass) - known.inertia()).abs() < 1e-6);
            let counts: u64 = pass.counts.iter().sum();
            prop_assert_eq!(counts, n as u64);
            // Quarters are exact in binary: so are ties, and the first of equals wins in both.
            let labels: Vec<usize> = fused.labels(&centroids).into_iter().map(|l| l as usize).collect();
            prop_assert_eq!(labels, known.labels);
        }
    }
}
