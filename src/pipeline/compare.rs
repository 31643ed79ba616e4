//! Two runs beside each other: how features drifted, where segments and users went, what it did to revenue.

use std::collections::BTreeMap;
use std::path::Path;

use super::continuity::changes;
use super::desk::Desk;
use super::geometry::Geometry;
use super::{find_run, settings_of};
use crate::error::{Error, Result};
use crate::features::families;
use crate::records::{Comparison, Drift, Move, Run, SegmentKind, Shift};
use crate::settings::Settings;
use crate::words::{Both, Unit};
use crate::workspace::Workspace;

/// Bins of a feature: tenths, and one for users without a value.
const BINS: usize = 11;

/// A share of users that stands for none, so that the index stays finite.
const LEAST: f64 = 1e-4;

/// Compares the run `before` with the run `now`.
///
/// # Errors
/// [`Error::Failed`] where one of them is not there; [`Error::Usage`] where they segment different units.
pub fn compare(workspace: &Path, before: i64, now: i64, settings: &Settings) -> Result<Comparison> {
    let (then, run) = (
        find_run(workspace, Some(before), settings.lang)?,
        find_run(workspace, Some(now), settings.lang)?,
    );
    let (own, theirs) = (settings_of(&run)?, settings_of(&then)?);
    if own.unit != theirs.unit || own.unit_column != theirs.unit_column {
        return Err(Error::usage(
            format!("runs {before} and {now}"),
            format!(
                "one segments by {}, the other by {}",
                theirs.unit.name(),
                own.unit.name()
            ),
            "compare runs of the same --unit",
        ));
    }
    let opened = Workspace::open(workspace)?;
    opened.may_tell_of_people()?;
    let geometry_before = Geometry::load(&Desk::of_tables(&opened, before, settings)?)?;
    let desk = Desk::of_run(&opened, now, settings)?;
    let file = opened.layout().run(before);
    if before == now {
        // A file can be attached once.
        return Err(Error::usage(
            format!("run {now}"),
            "is the same run twice",
            "name two runs; `portray runs` lists them",
        ));
    }
    desk.before(Some(&file))?;
    let moves = moves(&desk, own.min_support)?;
    let clustered = |run: &Run| {
        run.segments
            .iter()
            .any(|one| one.kind == SegmentKind::Cluster)
    };
    let continuity = if clustered(&run) && clustered(&then) {
        Some(changes(&desk, &run.segments, &then)?)
    } else {
        None
    };
    let users_both = moves
        .iter()
        .filter(|one| one.from.is_some() && one.to.is_some())
        .map(|one| one.users)
        .sum();
    Ok(Comparison {
        before,
        now,
        users_before: then.users,
        users_now: run.users,
        users_both,
        drifts: drifts(&desk, opened.layout().root(), then.users, run.users)?,
        shifts: shifts(
            &run,
            &then,
            Geometry::load(&desk)?.zip(geometry_before).as_ref(),
        ),
        moves,
        continuity,
    })
}

fn moves(desk: &Desk, min_support: u64) -> Result<Vec<Move>> {
    let read = || -> duckdb::Result<Vec<Move>> {
        desk.connection()
            .prepare(include_str!("../../sql/compare/migration.sql"))?
            .query_map([], |row| {
                let users = row.get(2)?;
                let revenue = (row.get(3)?, row.get(4)?);
                Ok(Move {
                    from: row.get(0)?,
                    to: row.get(1)?,
                    users,
                    revenue: (users >= min_support).then_some(revenue),
                })
            })?
            .collect()
    };
    read().map_err(Error::duck("compare/migration.sql"))
}

/// The population stability index of each feature that both runs have.
fn drifts(desk: &Desk, root: &Path, users_before: u64, users_now: u64) -> Result<Vec<Drift>> {
    let read = || -> duckdb::Result<Vec<(String, usize, u64, u64)>> {
        desk.connection()
            .prepare(include_str!("../../sql/compare/bins.sql"))?
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect()
    };
    let mut bins: BTreeMap<String, [(u64, u64); BINS]> = BTreeMap::new();
    for (feature, bin, before, now) in read().map_err(Error::duck("compare/bins.sql"))? {
        bins.entry(feature).or_default()[bin.min(BINS - 2)] = (before, now);
    }
    let known: BTreeMap<String, (Both, Unit)> = families(root)?
        .into_iter()
        .flat_map(|family| family.columns)
        .map(|column| (column.id, (column.label, column.unit)))
        .collect();
    let mut drifts: Vec<Drift> = bins
        .into_iter()
        .filter(|(_, bins)| bins.iter().any(|bin| bin.1 > 0))
        .map(|(feature, mut bins)| {
            let (before, now) = bins
                .iter()
                .fold((0, 0), |all, bin| (all.0 + bin.0, all.1 + bin.1));
            bins[BINS - 1] = (
                users_before.saturating_sub(before),
                users_now.saturating_sub(now),
            );
            let (label, unit) = known
                .get(&feature)
                .cloned()
                .unwrap_or_else(|| (Both::new(feature.clone(), feature.clone()), Unit::Number));
            Drift {
                psi: index(&bins, users_before, users_now),
                feature,
                label,
                unit,
            }
        })
        .collect();
    drifts.sort_by(|a, b| {
        b.psi
            .total_cmp(&a.psi)
            .then_with(|| a.feature.cmp(&b.feature))
    });
    Ok(drifts)
}

/// The population stability index over bins (Karakoulas, "Empirical validation of retail credit-scoring models", The RMA
/// Journal 87 (1), 2004): Jeffreys' divergence of the two distributions.
fn index(bins: &[(u64, u64)], users_before: u64, users_now: u64) -> f64 {
    let share = |count: u64, of: u64| (count as f64 / of.max(1) as f64).max(LEAST);
    bins.iter()
        .filter(|(before, now)| before + now > 0)
        .map(|(before, now)| {
            let (p, q) = (share(*before, users_before), share(*now, users_now));
            (q - p) * (q / p).ln()
        })
        .sum()
}

fn shifts(run: &Run, then: &Run, geometries: Option<&(Geometry, Geometry)>) -> Vec<Shift> {
    let shared = geometries.map(|(now, before)| (now.shared(before), now, before));
    run.segments
        .iter()
        .filter_map(|segment| {
            let was = then.segments.iter().find(|one| one.id == segment.id)?;
            if was.kind != segment.kind {
                return None;
            }
            let gaps = shared.as_ref().and_then(|((own, theirs), now, before)| {
                let row = now.segments.iter().position(|id| *id == segment.id)?;
                let other = before.segments.iter().position(|id| *id == segment.id)?;
                let gaps: Vec<f64> = (&own.row(row) - &theirs.row(other)).to_vec();
                Some((gaps, now.common(before)))
            });
            let distance = gaps
                .as_ref()
                .map(|(gaps, _)| gaps.iter().map(|gap| gap * gap).sum::<f64>().sqrt());
            let most = gaps.and_then(|(gaps, names)| {
                let pairs = names.into_iter().zip(gaps);
                pairs.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
            });
            Some(Shift {
                segment: segment.id,
                distance,
                most,
                users_before: was.users,
                users_now: segment.users,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_a_worked_example() {
        // 50/50 to 60/40: 0.1 ln 1.2 + -0.1 ln 0.8.
        let found = index(&[(50, 60), (50, 40)], 100, 100);
        assert!((found - 0.040_546_5).abs() < 1e-6, "{found}");
        assert!(index(&[(10, 20), (90, 180)], 100, 200).abs() < 1e-12);
        // A bin that emptied counts, and stays finite.
        assert!(index(&[(50, 0), (50, 100)], 100, 100) > 3.0);
    }
}
