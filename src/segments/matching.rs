//! Which cluster of one run is which of another.

use ndarray::{Array2, ArrayView2};
use pathfinding::kuhn_munkres::{kuhn_munkres, kuhn_munkres_min};
use pathfinding::matrix::Matrix;

use super::distance::squared;

/// Distances become whole numbers for the assignment: a millionth of a standard deviation is nothing.
const UNIT: f64 = 1e6;

/// For each column of a table of what is in common (square) the row that it is, one to one, so that most is in common
/// (the Hungarian method; Kuhn 1955, Munkres 1957).
#[must_use]
pub fn by_overlap(common: &Array2<i64>) -> Vec<usize> {
    let (rows, columns) = common.dim();
    let weights = Matrix::from_fn(rows, columns, |(row, column)| common[[row, column]]);
    let (_, column_of_row) = kuhn_munkres(&weights);
    let mut row_of_column = vec![0; columns];
    for (row, column) in column_of_row.into_iter().enumerate() {
        row_of_column[column] = row;
    }
    row_of_column
}

/// For each centroid of `now` the one of `then` that it continues, one to one, so that the distances between them add up
/// to the least (the Hungarian method).
///
/// None for one that lies no nearer to its partner than to a centroid of its own run, or whose partner lies nearer to
/// another of its own: these are other groups. Both have the same columns; rows that are not finite continue nothing.
#[must_use]
pub fn by_centroid(now: ArrayView2<'_, f64>, then: ArrayView2<'_, f64>) -> Vec<Option<usize>> {
    let (rows, columns) = (finite(now), finite(then));
    let mut found = vec![None; now.nrows()];
    if rows.is_empty() || columns.is_empty() {
        return found;
    }
    let is_flat = rows.len() <= columns.len();
    let gap = |row: usize, column: usize| distance(now, rows[row], then, columns[column]);
    let whole = |row, column| (gap(row, column) * UNIT).min(1e15) as i64;
    // The method wants no more rows than columns.
    let pairs: Vec<(usize, usize)> = if is_flat {
        let costs = Matrix::from_fn(rows.len(), columns.len(), |(row, column)| {
            whole(row, column)
        });
        kuhn_munkres_min(&costs).1.into_iter().enumerate().collect()
    } else {
        let costs = Matrix::from_fn(columns.len(), rows.len(), |(column, row)| {
            whole(row, column)
        });
        let of_column = kuhn_munkres_min(&costs).1.into_iter().enumerate();
        of_column.map(|(column, row)| (row, column)).collect()
    };
    for (row, column) in pairs {
        let own = nearest_other(now, &rows, row).min(nearest_other(then, &columns, column));
        if gap(row, column) < own {
            found[rows[row]] = Some(columns[column]);
        }
    }
    found
}

fn finite(centroids: ArrayView2<'_, f64>) -> Vec<usize> {
    let is_finite = |row: &usize| centroids.row(*row).iter().all(|value| value.is_finite());
    (0..centroids.nrows()).filter(is_finite).collect()
}

fn nearest_other(centroids: ArrayView2<'_, f64>, known: &[usize], own: usize) -> f64 {
    let others = (0..known.len()).filter(|other| *other != own);
    others
        .map(|other| distance(centroids, known[own], centroids, known[other]))
        .fold(f64::INFINITY, f64::min)
}

fn distance(a: ArrayView2<'_, f64>, row: usize, b: ArrayView2<'_, f64>, other: usize) -> f64 {
    squared(a.row(row), b.row(other)).sqrt()
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_group_keeps_its_partner_whatever_the_order() {
        let then = array![[0.0, 0.0], [5.0, 0.0], [0.0, 5.0]];
        let now = array![[0.2, 4.9], [0.1, 0.1], [5.1, 0.3]];
        assert_eq!(
            by_centroid(now.view(), then.view()),
            [Some(2), Some(0), Some(1)]
        );
    }

    #[test]
    fn new_groups_and_lost_ones_have_no_partner() {
        let then = array![[0.0], [10.0]];
        let now = array![[0.1], [10.2], [100.0]];
        assert_eq!(
            by_centroid(now.view(), then.view()),
            [Some(0), Some(1), None]
        );
        assert_eq!(by_centroid(then.view(), now.view()), [Some(0), Some(1)]);
        // One that went far is another one.
        let far = array![[0.0], [40.0]];
        assert_eq!(by_centroid(far.view(), then.view()), [Some(0), None]);
        let broken = array![[f64::NAN], [10.0]];
        assert_eq!(by_centroid(broken.view(), then.view()), [None, Some(1)]);
        assert_eq!(by_centroid(Array2::zeros((0, 1)).view(), then.view()), []);
    }

    proptest! {
        #[test]
        fn partners_are_one_to_one(
            now in prop::collection::vec(-9_i8..9, 2..16),
            then in prop::collection::vec(-9_i8..9, 2..16),
        ) {
            let matrix = |values: &[i8]| {
                Array2::from_shape_fn((values.len() / 2, 2), |(i, j)| f64::from(values[2 * i + j]))
            };
            let found = by_centroid(matrix(&now).view(), matrix(&then).view());
            let mut used: Vec<usize> = found.iter().flatten().copied().collect();
            used.sort_unstable();
            let before = used.len();
            used.dedup();
            prop_assert_eq!(used.len(), before);
        }
    }
}
