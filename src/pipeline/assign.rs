//! New users into the segments of a finished run, from their events alone: nothing is fitted again.

use std::path::Path;

use ndarray::Array2;
use serde::Serialize;

use super::desk::Desk;
use super::geometry::Geometry;
use super::make::measure;
use super::{find_run, settings_of};
use crate::error::{Error, Result};
use crate::events::{IngestReport, MapOptions, Sources};
use crate::features::{Family, Features, families};
use crate::progress::Progress;
use crate::records::{Run, SegmentKind};
use crate::scope::{Scope, rules};
use crate::segments::{Softness, nearest};
use crate::settings::Settings;
use crate::workspace::{Scratch, Workspace};

/// Distances kept of each user: to the own segment and to the next.
const NEAREST: usize = 2;

/// Where a user belongs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assigned {
    /// Pseudonym, as in the run's workspace.
    pub user: String,
    /// The segment; none where the user has too few events and the run has no group of such.
    pub segment: Option<u32>,
    /// Euclidean distance to its centroid, in the run's standardised units; none for users set apart.
    pub distance: Option<f64>,
    /// The probability of belonging to it.
    pub probability: Option<f64>,
    /// The nearest other segment.
    pub next: Option<u32>,
    /// How much farther that one is.
    pub margin: Option<f64>,
}

/// What came of assigning.
#[derive(Debug, Serialize)]
pub struct Assignments {
    /// The run whose segments these are.
    pub run: i64,
    /// What was read.
    #[serde(skip)]
    pub report: IngestReport,
    /// Features that the run measures and the files tell nothing of: everybody has the run's filling value.
    pub missing: Vec<String>,
    /// The users of the files, in the order of their first appearance.
    pub users: Vec<Assigned>,
}

/// Puts the users of `sources` into the segments of a published run. The files are read as an ingest reads them, with the
/// workspace's key, and nothing of them is kept.
///
/// # Errors
/// [`Error::Usage`] where the run's segments are not clusters or keep no geometry; those of an ingest.
pub fn assign(
    workspace: &Path,
    run: Option<i64>,
    sources: &Sources,
    options: &MapOptions,
    settings: &Settings,
    progress: &Progress,
) -> Result<Assignments> {
    let run = find_run(workspace, run, settings.lang)?;
    let opened = Workspace::open(workspace)?;
    let geometry = geometry_of(&opened, &run, settings)?;
    let (reading, report) = Reading::of(&opened, sources, options, settings, progress)?;
    let own = settings_of(&run)?;
    let desk = Desk::of_store(&reading.workspace, settings)?;
    desk.shut(&opened)?;
    desk.limits(own.min_support)?;
    let rules = rules(opened.layout().root())?;
    let scope = Scope::open(desk.connection(), &own, None, &rules)?;
    let families = families_of(&run, opened.layout().root())?;
    let features = measure(&desk, &scope, &families, &own, progress)?;
    let missing = geometry
        .scales
        .iter()
        .filter(|scale| {
            features
                .columns
                .iter()
                .all(|column| column.id != scale.feature)
        })
        .map(|scale| scale.feature.clone())
        .collect();
    let users = places(&run, &geometry, &features, &desk)?;
    Ok(Assignments {
        run: run.id,
        report,
        missing,
        users,
    })
}

/// Events in a workspace that goes when this does.
pub(super) struct Reading {
    /// Where they are.
    pub workspace: Workspace,
    _folder: Scratch,
}

impl Reading {
    /// Reads files as an ingest does, with the workspace's own key, so that pseudonyms are the same; nothing is kept.
    pub fn of(
        opened: &Workspace,
        sources: &Sources,
        options: &MapOptions,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<(Self, IngestReport)> {
        let temp = opened.temporary("assign-")?;
        let folder = temp.path().join("workspace");
        let workspace = Workspace::create(&folder)?;
        opened.key()?;
        std::fs::copy(opened.layout().key(), workspace.layout().key())
            .map_err(Error::io(&workspace.layout().key()))?;
        // Whoever was forgotten is not read here either.
        let forgotten = opened.catalog()?.tombstones()?;
        let forgotten: Vec<String> = forgotten.into_iter().map(|one| one.person).collect();
        workspace.catalog()?.put_tombstones(&forgotten)?;
        let report = super::ingest(&folder, sources, options, settings, progress)?;
        let reading = Self {
            workspace,
            _folder: temp,
        };
        Ok((reading, report))
    }
}

/// The feature files that a run was made with: its own where it came in a bundle.
fn families_of(run: &Run, root: &Path) -> Result<Vec<Family>> {
    let Some(files) = run.recipe["features"].as_object() else {
        return families(root);
    };
    files
        .iter()
        .map(|(source, sql)| Family::parse(source, sql.as_str().unwrap_or_default()))
        .collect()
}

/// The geometry of a run whose segments are clusters.
pub fn geometry_of(workspace: &Workspace, run: &Run, settings: &Settings) -> Result<Geometry> {
    let is_clusters = run
        .segments
        .iter()
        .any(|segment| segment.kind == SegmentKind::Cluster);
    let none = |why: &str, mend: &str| Error::usage(format!("run {}", run.id), why, mend);
    if !is_clusters {
        return Err(none(
            "has segments by rule, which need no run to be told",
            "ingest the file and `portray segment --method rules`",
        ));
    }
    workspace.may_tell_of_people()?;
    Geometry::load(&Desk::of_tables(workspace, run.id, settings)?)?.ok_or_else(|| {
        none(
            "is of an older version, which kept no centroids",
            "make a new run with `portray segment`",
        )
    })
}

fn places(
    run: &Run,
    geometry: &Geometry,
    features: &Features,
    desk: &Desk,
) -> Result<Vec<Assigned>> {
    let columns: Vec<Option<usize>> = geometry
        .scales
        .iter()
        .map(|scale| {
            let same = |column: &crate::features::Column| column.id == scale.feature;
            features.columns.iter().position(same)
        })
        .collect();
    let x = Array2::from_shape_fn((features.users.len(), columns.len()), |(row, at)| {
        let raw = columns[at].map_or(f64::NAN, |column| features.raw[[row, column]]);
        geometry.scales[at].apply(raw)
    });
    let centroids = Array2::from_shape_fn(
        (geometry.segments.len(), geometry.scales.len()),
        |(row, column)| geometry.centroids[row][column],
    );
    let softness = run
        .evidence
        .membership
        .filter(|membership| membership.scale > 0.0)
        .map(|membership| Softness {
            scale: membership.scale,
        });
    let near = nearest(x.view(), centroids.view(), NEAREST, softness);
    let apart = run
        .segments
        .iter()
        .find(|segment| segment.kind == SegmentKind::Inactive)
        .map(|segment| segment.id);
    let pseudonyms = pseudonyms(desk)?;
    let user = |id: &i32| {
        let place = pseudonyms.binary_search_by_key(id, |(id, _)| *id);
        place.map_or_else(|_| String::new(), |place| pseudonyms[place].1.clone())
    };
    Ok(features
        .users
        .iter()
        .zip(&features.active)
        .zip(near)
        .map(|((id, is_active), near)| {
            let own = near.first().filter(|_| *is_active);
            let next = near.get(1).filter(|_| *is_active);
            let segment = |near: &crate::segments::Near| geometry.segments[near.cluster];
            Assigned {
                user: user(id),
                segment: if *is_active { own.map(segment) } else { apart },
                distance: own.map(|near| near.distance),
                probability: own.and_then(|near| near.probability),
                next: next.map(segment),
                margin: own
                    .zip(next)
                    .map(|(own, next)| next.distance - own.distance),
            }
        })
        .collect())
}

/// Keys and pseudonyms, in the order of the keys.
pub(super) fn pseudonyms(desk: &Desk) -> Result<Vec<(i32, String)>> {
    let read = || -> duckdb::Result<Vec<(i32, String)>> {
        desk.connection()
            .prepare(include_str!("../../sql/store/pseudonyms.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    read().map_err(Error::duck("store/pseudonyms.sql"))
}
