//! The segment that is nearest, and the one that was before: the same figures of both beside each fact.

use std::collections::HashMap;

use ndarray::ArrayView2;

use super::desk::Desk;
use crate::error::{Error, Result};
use crate::records::{Run, Segment, Value};

/// Notes for each segment that has a centroid the one whose centroid is nearest, and its figures.
pub fn nearest(segments: &mut [Segment], centroids: ArrayView2<'_, f64>) {
    let has = |id: usize| centroids.row(id).iter().all(|value| value.is_finite());
    let known: Vec<usize> = (0..centroids.nrows()).filter(|id| has(*id)).collect();
    for segment in segments.iter_mut() {
        let own = segment.id as usize - 1;
        if !known.contains(&own) {
            continue;
        }
        let distance = |other: usize| -> f64 {
            let pairs = centroids.row(own).into_iter().zip(centroids.row(other));
            pairs.map(|(a, b)| (a - b) * (a - b)).sum()
        };
        let others = known.iter().copied().filter(|other| *other != own);
        segment.nearest = others
            .min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
            .map(|other| other as u32 + 1);
    }
    let figures = figures(segments);
    for segment in segments {
        let Some(nearest) = segment.nearest else {
            continue;
        };
        for fact in &mut segment.facts {
            fact.nearest = figures.get(&(nearest, fact.id.clone())).cloned();
        }
    }
}

/// Notes for each segment which one it was in the run before, and its figures: the one with the largest overlap, where
/// at least a third of the users of both are the same (Jaccard's index).
pub fn previous(desk: &Desk, segments: &mut [Segment], then: Option<&Run>) -> Result<()> {
    let Some(then) = then else {
        return Ok(());
    };
    let read = || -> duckdb::Result<Vec<(u32, u32, [u64; 3])>> {
        desk.connection()
            .prepare(include_str!("../../sql/scope/overlap.sql"))?
            .query_map([], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    [row.get(2)?, row.get(3)?, row.get(4)?],
                ))
            })?
            .collect()
    };
    let overlaps = read().map_err(Error::duck("scope/overlap.sql"))?;
    let figures = figures(&then.segments);
    for segment in segments {
        let jaccard = |[both, now, then]: [u64; 3]| both as f64 / (now + then - both) as f64;
        let best = overlaps
            .iter()
            .filter(|(id, ..)| *id == segment.id)
            .map(|(_, previous, sizes)| (*previous, jaccard(*sizes)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        segment.previous = best
            .filter(|(_, index)| *index >= 1.0 / 3.0)
            .map(|(id, _)| id);
        let Some(previous) = segment.previous else {
            continue;
        };
        for fact in &mut segment.facts {
            fact.before = figures.get(&(previous, fact.id.clone())).cloned();
        }
    }
    Ok(())
}

/// Each figure by segment and fact; names are no figures.
fn figures(segments: &[Segment]) -> HashMap<(u32, String), Value> {
    let of = |segment: &Segment| {
        let id = segment.id;
        let numbers = segment
            .facts
            .iter()
            .filter(|fact| fact.value.number().is_some());
        numbers
            .filter(|fact| !is_of_a_name(&fact.id))
            .map(|fact| ((id, fact.id.clone()), fact.value.clone()))
            .collect::<Vec<_>>()
    };
    segments.iter().flat_map(of).collect()
}

/// Whether a fact's figure is of something that another segment has another of: its own category, product, search word,
/// hour or weekday.
fn is_of_a_name(id: &str) -> bool {
    ["category.", "product.", "query.", "hour.", "weekday."]
        .iter()
        .any(|kind| id.starts_with(kind))
}
