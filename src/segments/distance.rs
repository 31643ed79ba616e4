//! Squared Euclidean distances in double precision.

use ndarray::{ArrayView1, ArrayView2, Axis};

/// Rows that one task takes: fixed, so that sums are added in the same order with any thread count.
const CHUNK: usize = 4096;

/// That of two rows.
#[must_use]
pub fn squared(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>) -> f64 {
    let gaps = a.into_iter().zip(b);
    gaps.map(|(a, b)| (a - b) * (a - b)).sum()
}

/// That of each row of `x` to the one of `centroids` that its label names, whether it is the nearest or not.
#[must_use]
pub fn squared_to_own(
    x: ArrayView2<'_, f64>,
    labels: &[usize],
    centroids: ArrayView2<'_, f64>,
) -> Vec<f64> {
    let rows = x.rows().into_iter().zip(labels);
    rows.map(|(row, label)| squared(row, centroids.row(*label)))
        .collect()
}

/// The rows of `x` in the chunks that tasks take.
pub fn chunks(x: ArrayView2<'_, f64>) -> Vec<ArrayView2<'_, f64>> {
    // Of the same lifetime as `x`: the chunks are views of what it views.
    let mut rest = x;
    let mut chunks = Vec::with_capacity(x.nrows().div_ceil(CHUNK));
    while rest.nrows() > CHUNK {
        let (chunk, others) = rest.split_at(Axis(0), CHUNK);
        chunks.push(chunk);
        rest = others;
    }
    chunks.push(rest);
    chunks
}
