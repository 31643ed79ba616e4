//! Where active users lie, put into the run's tables: their places in a plane, and their nearest segments.

use std::sync::Arc;

use duckdb::arrow::array::{ArrayRef, Float32Array, Float64Array, Int32Array, StringArray};
use ndarray::s;

use super::desk::Desk;
use super::make::append;
use super::places::Places;
use crate::error::Result;
use crate::features::{Features, Matrix};
use crate::progress::Progress;
use crate::segments::{Near, Plane, nearest, plane};

/// Segments whose distance is kept for each user.
const NEAREST: usize = 5;

/// Users whose distances are held at once.
const BATCH: usize = 1 << 16;

/// Fills the tables `places`, `axes` and `nearness`.
///
/// # Errors
/// [`crate::Error::EventStore`] where they can't be written; [`crate::Error::Cancelled`] between batches.
pub fn store(
    desk: &Desk,
    features: &Features,
    matrix: &Matrix,
    places: &Places,
    progress: &Progress,
) -> Result<()> {
    let users: Vec<i32> = matrix.rows.iter().map(|row| features.users[*row]).collect();
    let plane = plane(matrix.values.view())?;
    progress.check()?;
    store_places(desk, &users, &plane)?;
    store_axes(desk, features, matrix, &plane)?;
    let centroids = places.centroids.view();
    if centroids.ncols() != matrix.values.ncols() {
        // Without a single active user there are none.
        return Ok(());
    }
    for (from, users) in (0..).step_by(BATCH).zip(users.chunks(BATCH)) {
        progress.check()?;
        let rows = matrix.values.slice(s![from..from + users.len(), ..]);
        store_nearness(
            desk,
            users,
            &nearest(rows, centroids, NEAREST, places.softness),
        )?;
    }
    Ok(())
}

fn store_places(desk: &Desk, users: &[i32], plane: &Plane) -> Result<()> {
    let along = |axis: usize| -> ArrayRef {
        let places = plane.points.iter().map(|point| point[axis] as f32);
        Arc::new(Float32Array::from_iter_values(places))
    };
    append(
        desk,
        "places",
        vec![
            ("user_id", integers(users.iter().copied())),
            ("x", along(0)),
            ("y", along(1)),
        ],
    )
}

fn store_axes(desk: &Desk, features: &Features, matrix: &Matrix, plane: &Plane) -> Result<()> {
    for (number, axis) in (1..).zip(&plane.axes) {
        let names = matrix
            .columns
            .iter()
            .map(|column| &features.columns[*column].id);
        let rows = axis.weights.len();
        append(
            desk,
            "axes",
            vec![
                ("axis", integers(std::iter::repeat_n(number, rows))),
                (
                    "explained",
                    Arc::new(Float64Array::from_value(axis.explained, rows)),
                ),
                (
                    "feature",
                    Arc::new(StringArray::from_iter_values(names.take(rows))),
                ),
                (
                    "weight",
                    Arc::new(Float64Array::from_iter_values(axis.weights.iter().copied())),
                ),
            ],
        )?;
    }
    Ok(())
}

fn store_nearness(desk: &Desk, users: &[i32], found: &[Vec<Near>]) -> Result<()> {
    let pairs = || users.iter().zip(found);
    let each = || pairs().flat_map(|(user, near)| near.iter().map(move |near| (*user, *near)));
    append(
        desk,
        "nearness",
        vec![
            ("user_id", integers(each().map(|(user, _)| user))),
            (
                "segment",
                integers(
                    each().map(|(_, near)| i32::try_from(near.cluster + 1).unwrap_or(i32::MAX)),
                ),
            ),
            (
                "distance",
                Arc::new(Float64Array::from_iter_values(
                    each().map(|(_, near)| near.distance),
                )),
            ),
            (
                "probability",
                Arc::new(
                    each()
                        .map(|(_, near)| near.probability)
                        .collect::<Float64Array>(),
                ),
            ),
        ],
    )
}

fn integers(values: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(values))
}
