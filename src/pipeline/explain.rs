//! What makes each cluster, in bounds on features as people know them.

use super::places::Places;
use crate::error::Result;
use crate::features::{Features, Matrix};
use crate::records::{Bound, Rule, Segment, SegmentKind};
use crate::segments::surrogate;

/// Fills the rules of the clusters among `segments`; gives the share of users whose segment they tell. None where there is
/// a single cluster, or none.
///
/// # Errors
/// Those of growing the trees.
pub fn rules(
    segments: &mut [Segment],
    features: &Features,
    matrix: &Matrix,
    places: &Places,
    seed: u64,
) -> Result<Option<f64>> {
    let clusters: Vec<u32> = segments
        .iter()
        .filter(|segment| segment.kind == SegmentKind::Cluster)
        .map(|segment| segment.id)
        .collect();
    if clusters.len() < 2 || matrix.columns.is_empty() {
        return Ok(None);
    }
    let labels: Vec<usize> = matrix
        .rows
        .iter()
        .map(|row| {
            let own = places.segment[*row];
            clusters.iter().position(|id| *id == own).unwrap_or(0)
        })
        .collect();
    let value = |row: usize, column: usize| {
        let raw = features.raw[[matrix.rows[row], matrix.columns[column]]];
        matrix.scales[column].filled(raw)
    };
    let found = surrogate(&value, matrix.columns.len(), &labels, clusters.len(), seed)?;
    for (id, rules) in clusters.iter().zip(found.rules) {
        let Some(segment) = segments.iter_mut().find(|segment| segment.id == *id) else {
            continue;
        };
        segment.standing.rules = rules
            .into_iter()
            .map(|rule| Rule {
                cover: rule.cover,
                precision: rule.precision,
                bounds: rule
                    .bounds
                    .into_iter()
                    .map(|bound| {
                        let column = &features.columns[matrix.columns[bound.feature]];
                        Bound {
                            feature: column.id.clone(),
                            label: column.label.clone(),
                            unit: column.unit,
                            is_above: bound.is_above,
                            limit: bound.limit,
                        }
                    })
                    .collect(),
            })
            .collect();
    }
    Ok(Some(found.fidelity))
}
