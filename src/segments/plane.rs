//! The plane in which the rows of a matrix lie farthest apart: its first two principal components (Pearson 1901;
//! Hotelling 1933).

use linfa_linalg::eigh::Eigh;
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::error::{Error, Result};

/// Rows that one task takes: fixed, so that sums are added in the same order with any thread count.
const CHUNK: usize = 4096;

/// A principal component.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Component {
    /// The share of all variance along it, 0 to 1.
    pub explained: f64,
    /// The weight of each column of the matrix, a vector of length 1 whose largest absolute weight is positive; empty
    /// where the matrix has no such component.
    pub weights: Vec<f64>,
}

/// Rows in the plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// The first component and the second one.
    pub axes: [Component; 2],
    /// Each row's place along both, from the mean of all rows.
    pub points: Vec<[f64; 2]>,
}

/// The plane of the rows of `x`: the eigenvectors with the two largest eigenvalues of the covariance matrix
/// `Xᵀ X / n` of centred columns.
///
/// # Errors
/// [`Error::Failed`] where the matrix has no eigenvectors: a value of it is no number.
pub fn plane(x: ArrayView2<'_, f64>) -> Result<Plane> {
    let width = x.ncols();
    let standard = x.as_standard_layout();
    let values = standard.as_slice().unwrap_or_default();
    if values.is_empty() {
        return Ok(Plane {
            axes: Default::default(),
            points: vec![[0.0; 2]; x.nrows()],
        });
    }
    let n = x.nrows() as f64;
    let means: Vec<f64> = sums(values, width, width, |row, sums| {
        add(sums, row, 1.0);
    })
    .into_iter()
    .map(|sum| sum / n)
    .collect();
    let covariance = covariance(values, &means);
    let broken = |why: String| {
        Error::failed(
            "the plane of the users",
            why,
            "check the SQL of added features",
        )
    };
    if !covariance.iter().all(|value| value.is_finite()) {
        return Err(broken("a feature is no finite number".to_owned()));
    }
    let (lengths, vectors) = covariance.eigh().map_err(|e| broken(e.to_string()))?;
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|a, b| lengths[*b].total_cmp(&lengths[*a]).then(a.cmp(b)));
    let all: f64 = covariance.diag().iter().sum();
    let component = |place: usize| {
        let Some(at) = order.get(place).filter(|_| all > 0.0) else {
            return Component::default();
        };
        Component {
            // What is zero comes out a little beside it, on either side.
            explained: (lengths[*at] / all).clamp(0.0, 1.0),
            weights: pointed(vectors.column(*at).to_vec()),
        }
    };
    let axes = [component(0), component(1)];
    let mut points = vec![[0.0; 2]; x.nrows()];
    points
        .par_iter_mut()
        .zip(values.par_chunks_exact(width))
        .for_each(|(point, row)| {
            for (place, axis) in point.iter_mut().zip(&axes) {
                let parts = row.iter().zip(&means).zip(&axis.weights);
                *place = parts
                    .map(|((value, mean), weight)| (value - mean) * weight)
                    .sum();
            }
        });
    Ok(Plane { axes, points })
}

/// `Xᵀ X / n` of the centred columns.
fn covariance(values: &[f64], means: &[f64]) -> Array2<f64> {
    let width = means.len();
    let products = sums(values, width, width * width, |row, sums| {
        let centred: Vec<f64> = row.iter().zip(means).map(|(x, mean)| x - mean).collect();
        for (sums, x) in sums.chunks_exact_mut(width).zip(&centred) {
            add(sums, &centred, *x);
        }
    });
    let n = (values.len() / width) as f64;
    Array2::from_shape_fn((width, width), |(row, column)| {
        // The two products are the same bits: a · b is b · a.
        products[row * width + column] / n
    })
}

/// `size` sums over all rows: those of a chunk in row order, then the chunks in theirs.
fn sums(
    values: &[f64],
    width: usize,
    size: usize,
    of_row: impl Fn(&[f64], &mut [f64]) + Sync,
) -> Vec<f64> {
    let chunks: Vec<Vec<f64>> = values
        .par_chunks(CHUNK * width)
        .map(|rows| {
            let mut sums = vec![0.0; size];
            for row in rows.chunks_exact(width) {
                of_row(row, &mut sums);
            }
            sums
        })
        .collect();
    let mut all = vec![0.0; size];
    for chunk in chunks {
        add(&mut all, &chunk, 1.0);
    }
    all
}

fn add(to: &mut [f64], from: &[f64], times: f64) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from * times;
    }
}

/// A vector, or its opposite where its largest absolute weight (the first of equals) is negative.
fn pointed(mut weights: Vec<f64>) -> Vec<f64> {
    let largest = weights.iter().fold(0.0_f64, |largest, weight| {
        if weight.abs() > largest.abs() {
            *weight
        } else {
            largest
        }
    });
    if largest < 0.0 {
        for weight in &mut weights {
            *weight = -*weight;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn a_slanted_cloud_lies_along_its_diagonal() {
        // Variance 2 along (1, 1) / √2, half along (1, -1) / √2.
        let x = array![[3.0, 1.0], [-1.0, -3.0], [1.5, -1.5], [0.5, -0.5]];
        let plane = plane(x.view()).unwrap();
        let half = 0.5_f64.sqrt();
        let [first, second] = &plane.axes;
        assert!(
            close(first.weights[0], half) && close(first.weights[1], half),
            "{first:?}"
        );
        assert!(
            close(second.weights[0].abs(), half) && close(second.weights[0], -second.weights[1])
        );
        assert!(second.weights.iter().any(|weight| *weight > 0.0));
        // Along the first: ±√8, 0, 0 from the mean (1, -1); along the second: 0, 0, ±√½.
        assert!(
            close(plane.points[0][0], 8.0_f64.sqrt()),
            "{:?}",
            plane.points
        );
        assert!(close(first.explained, 4.0 / 4.25) && close(second.explained, 0.25 / 4.25));
    }

    #[test]
    fn components_stand_upright_on_each_other_and_explain_what_the_points_vary() {
        let x = Array2::from_shape_fn((5_000, 6), |(row, column)| {
            ((row * (column + 3) * 7919 + column * column) % 1009) as f64 / 500.0
                + (row % 17) as f64 * column as f64 / 20.0
        });
        let plane = plane(x.view()).unwrap();
        let [first, second] = &plane.axes;
        let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        assert!(dot(&first.weights, &second.weights).abs() < 1e-9);
        assert!((dot(&first.weights, &first.weights) - 1.0).abs() < 1e-9);
        assert!(first.explained >= second.explained && first.explained + second.explained <= 1.0);
        let means = x.mean_axis(ndarray::Axis(0)).unwrap();
        let all: f64 = (&x - &means).iter().map(|value| value * value).sum();
        for (at, axis) in plane.axes.iter().enumerate() {
            let own: f64 = plane.points.iter().map(|point| point[at] * point[at]).sum();
            assert!((own / all - axis.explained).abs() < 1e-9, "{axis:?}");
        }
    }

    #[test]
    fn narrow_and_empty_matrices_have_the_components_that_they_have() {
        let one = plane(array![[1.0], [3.0]].view()).unwrap();
        assert_eq!(one.axes[0].weights, [1.0]);
        assert!(close(one.axes[0].explained, 1.0) && one.axes[1] == Component::default());
        assert_eq!(one.points, [[-1.0, 0.0], [1.0, 0.0]]);
        let alike = plane(array![[2.0, 5.0], [2.0, 5.0]].view()).unwrap();
        assert_eq!(alike.axes, <[Component; 2]>::default());
        for shape in [(0, 3), (3, 0), (0, 0)] {
            let none = plane(Array2::zeros(shape).view()).unwrap();
            assert_eq!(none.points.len(), shape.0);
        }
        assert!(plane(array![[f64::NAN]].view()).is_err());
    }
}
