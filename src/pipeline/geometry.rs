//! The space that a run's clusters were made in, kept with it: scales and centroids.

use std::sync::Arc;

use duckdb::arrow::array::{ArrayRef, Float64Array, Int32Array, StringArray};
use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::make::append;
use crate::error::{Error, Result};
use crate::features::Scale;

/// How users are measured, and where the segments are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Geometry {
    /// How each feature comes onto the common scale.
    pub scales: Vec<Scale>,
    /// Numbers of the segments that have a centroid, rising.
    pub segments: Vec<u32>,
    /// Their centroids, a value a scale.
    pub centroids: Vec<Vec<f64>>,
}

impl Geometry {
    /// That of segments by number from 1; those whose row is not finite have no centroid.
    pub fn new(scales: &[Scale], centroids: ArrayView2<'_, f64>) -> Self {
        let known = (1_u32..)
            .zip(centroids.rows())
            .filter(|(_, centroid)| centroid.iter().all(|value| value.is_finite()));
        let (segments, centroids) = known
            .map(|(segment, centroid)| (segment, centroid.to_vec()))
            .unzip();
        Self {
            scales: scales.to_vec(),
            segments,
            centroids,
        }
    }

    /// Puts it into the run's tables.
    pub fn store(&self, desk: &Desk) -> Result<()> {
        let numbers = |of: fn(&Scale) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(self.scales.iter().map(of)))
        };
        let words = |words: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(words)) };
        let transform = |scale: &Scale| {
            let word = serde_json::to_value(scale.transform).unwrap_or_default();
            word.as_str().unwrap_or_default().to_owned()
        };
        append(
            desk,
            "scales",
            vec![
                ("position", positions(self.scales.len())),
                (
                    "feature",
                    words(
                        self.scales
                            .iter()
                            .map(|scale| scale.feature.clone())
                            .collect(),
                    ),
                ),
                ("fill", numbers(|scale| scale.fill)),
                ("low", numbers(|scale| scale.low)),
                ("high", numbers(|scale| scale.high)),
                (
                    "transform",
                    words(self.scales.iter().map(transform).collect()),
                ),
                ("center", numbers(|scale| scale.center)),
                ("factor", numbers(|scale| scale.factor)),
            ],
        )?;
        for (segment, centroid) in self.segments.iter().zip(&self.centroids) {
            let segment = i32::try_from(*segment).unwrap_or(i32::MAX);
            append(
                desk,
                "centroids",
                vec![
                    (
                        "segment",
                        Arc::new(Int32Array::from_value(segment, centroid.len())),
                    ),
                    ("position", positions(centroid.len())),
                    ("value", Arc::new(Float64Array::from(centroid.clone()))),
                ],
            )?;
        }
        Ok(())
    }

    /// That of the run on a desk; none for runs of older versions.
    pub fn load(desk: &Desk) -> Result<Option<Self>> {
        let connection = desk.connection();
        if !desk.has("centroids", "value")? {
            return Ok(None);
        }
        let scales = || -> duckdb::Result<Vec<Scale>> {
            connection
                .prepare(include_str!("../../sql/geometry/scales.sql"))?
                .query_map([], |row| {
                    let transform: String = row.get(4)?;
                    Ok(Scale {
                        feature: row.get(0)?,
                        fill: row.get(1)?,
                        low: row.get(2)?,
                        high: row.get(3)?,
                        transform: serde_json::from_value(transform.into()).map_err(|error| {
                            duckdb::Error::FromSqlConversionFailure(
                                4,
                                duckdb::types::Type::Text,
                                Box::new(error),
                            )
                        })?,
                        center: row.get(5)?,
                        factor: row.get(6)?,
                    })
                })?
                .collect()
        };
        let centroids = || -> duckdb::Result<Vec<(u32, f64)>> {
            connection
                .prepare(include_str!("../../sql/geometry/centroids.sql"))?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        let mut found = Self {
            scales: scales().map_err(Error::duck("geometry/scales.sql"))?,
            segments: Vec::new(),
            centroids: Vec::new(),
        };
        for (segment, value) in centroids().map_err(Error::duck("geometry/centroids.sql"))? {
            if found.segments.last() != Some(&segment) {
                found.segments.push(segment);
                found.centroids.push(Vec::new());
            }
            if let Some(centroid) = found.centroids.last_mut() {
                centroid.push(value);
            }
        }
        Ok(Some(found))
    }

    /// The centroids of both in the space of `self`, of the features that both have on the same transform: a row a segment,
    /// in the order of each one's segments.
    ///
    /// What `other` holds is taken back from its scale to transformed values, and put on that of `self`; only the limits
    /// beyond which values are pulled in stay its own.
    pub fn shared(&self, other: &Self) -> (Array2<f64>, Array2<f64>) {
        let pairs = self.pairs(other);
        let own = Array2::from_shape_fn((self.segments.len(), pairs.len()), |(row, column)| {
            self.centroids[row][pairs[column].0]
        });
        let theirs = Array2::from_shape_fn((other.segments.len(), pairs.len()), |(row, column)| {
            let (to, from) = pairs[column];
            let (to, scale) = (&self.scales[to], &other.scales[from]);
            let transformed = other.centroids[row][from] / scale.factor + scale.center;
            (transformed - to.center) * to.factor
        });
        (own, theirs)
    }

    /// The features that both have on the same transform, in the order of the columns of [`Self::shared`].
    pub fn common(&self, other: &Self) -> Vec<String> {
        let pairs = self.pairs(other).into_iter();
        pairs
            .map(|(own, _)| self.scales[own].feature.clone())
            .collect()
    }

    fn pairs(&self, other: &Self) -> Vec<(usize, usize)> {
        self.scales
            .iter()
            .enumerate()
            .filter_map(|(own, scale)| {
                let same =
                    |one: &Scale| one.feature == scale.feature && one.transform == scale.transform;
                Some((own, other.scales.iter().position(same)?))
            })
            .collect()
    }
}

fn positions(count: usize) -> ArrayRef {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    Arc::new(Int32Array::from_iter_values(0..count))
}
