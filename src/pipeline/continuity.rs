//! Numbers that stay with the groups that they named: which cluster of the run before each cluster is.

use std::collections::{BTreeMap, BTreeSet};

use super::desk::Desk;
use super::geometry::Geometry;
use super::places::Places;
use crate::error::{Error, Result};
use crate::records::{Change, Continuity, Run, Segment, SegmentKind};
use crate::segments::by_centroid;

/// A segment that most of another's users were in, or are in.
const MOST: f64 = 0.5;

/// Gives clusters that go on the number that they had, and others numbers that no segment of the run before has.
///
/// The partner of a cluster is found on the centroids, in the features that both runs have; nothing is done where the run
/// before has no clusters. Gives the new number of each old one.
pub fn renumber(
    places: &mut Places,
    now: &Geometry,
    run: &Run,
    then: &Geometry,
) -> BTreeMap<u32, u32> {
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    let has_clusters = of_kind(run, SegmentKind::Cluster).next().is_some();
    if now.segments.is_empty() || !has_clusters {
        return numbers;
    }
    let (own, theirs) = now.shared(then);
    let partners = by_centroid(own.view(), theirs.view());
    let inactive = of_kind(run, SegmentKind::Inactive).next();
    let taken: BTreeSet<u32> = run.segments.iter().map(|segment| segment.id).collect();
    for (segment, partner) in now.segments.iter().zip(&partners) {
        if let Some(partner) = partner.map(|row| then.segments[row]) {
            numbers.insert(*segment, partner);
        }
    }
    // Numbers of segments that are gone stay free for this run: who compares two runs reads none of them wrongly.
    let mut free = (1_u32..).filter(|number| !taken.contains(number));
    for segment in &now.segments {
        if !numbers.contains_key(segment) {
            numbers.insert(*segment, free.next().unwrap_or(u32::MAX));
        }
    }
    if let Some(apart) = places.apart() {
        let number = inactive.or_else(|| free.next());
        numbers.insert(apart, number.unwrap_or(apart));
    }
    places.renumber(&numbers);
    numbers
}

/// What became of the segments of the run before, with the users that both runs have.
pub fn changes(desk: &Desk, segments: &[Segment], before: &Run) -> Result<Continuity> {
    let overlaps = overlaps(desk)?;
    let now: BTreeSet<u32> = clusters(segments).map(|segment| segment.id).collect();
    let then: BTreeSet<u32> = clusters(&before.segments)
        .map(|segment| segment.id)
        .collect();
    let change = |segment: &Segment, other: Option<u32>| Change {
        segment: segment.id,
        name: segment.name.clone(),
        other,
    };
    let kept: BTreeSet<u32> = now.intersection(&then).copied().collect();
    Ok(Continuity {
        kept: kept.iter().copied().collect(),
        born: clusters(segments)
            .filter(|segment| !kept.contains(&segment.id))
            .map(|segment| {
                let from = overlaps.iter().filter(|one| one.0 == segment.id);
                change(segment, most(from.map(|one| (one.1, one.2)), &kept))
            })
            .collect(),
        gone: clusters(&before.segments)
            .filter(|segment| !kept.contains(&segment.id))
            .map(|segment| {
                let into = overlaps.iter().filter(|one| one.1 == segment.id);
                change(segment, most(into.map(|one| (one.0, one.2)), &kept))
            })
            .collect(),
    })
}

/// The segment with most of the users that are shared, where it is one of `among` and they are half of them.
fn most(shared: impl Iterator<Item = (u32, u64)>, among: &BTreeSet<u32>) -> Option<u32> {
    let shared: Vec<(u32, u64)> = shared.collect();
    let all: u64 = shared.iter().map(|(_, users)| users).sum();
    let (other, users) = shared
        .into_iter()
        .max_by_key(|(id, users)| (*users, std::cmp::Reverse(*id)))?;
    (among.contains(&other) && users as f64 >= MOST * all as f64).then_some(other)
}

fn clusters(segments: &[Segment]) -> impl Iterator<Item = &Segment> {
    segments
        .iter()
        .filter(|segment| segment.kind == SegmentKind::Cluster)
}

fn of_kind(run: &Run, kind: SegmentKind) -> impl Iterator<Item = u32> + '_ {
    let segments = run
        .segments
        .iter()
        .filter(move |segment| segment.kind == kind);
    segments.map(|segment| segment.id)
}

/// Users that a segment of this run and one of the run before have in common.
fn overlaps(desk: &Desk) -> Result<Vec<(u32, u32, u64)>> {
    let read = || -> duckdb::Result<Vec<(u32, u32, u64)>> {
        desk.connection()
            .prepare(include_str!("../../sql/scope/overlap.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    };
    read().map_err(Error::duck("scope/overlap.sql"))
}
