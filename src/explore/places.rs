//! Users as places in a plane: the first two principal components of the features that the clusters were made from.

use std::path::Path;
use std::time::Duration;

use super::watched::watched;
use crate::error::{Error, Result};
use crate::pipeline::desk::Desk;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::workspace::Workspace;

/// Features named for each component.
const WEIGHTS: usize = 5;

/// A user's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its pseudonym.
    pub pseudonym: String,
    /// Its segment.
    pub segment: u32,
    /// Along the first component, in standardised units.
    pub x: f64,
    /// Along the second one.
    pub y: f64,
}

/// A principal component.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Axis {
    /// The share of all variance along it, 0 to 1.
    pub explained: f64,
    /// The features with the largest weights, that with the largest absolute one first.
    pub weights: Vec<(String, f64)>,
}

/// The plane with a sample of users.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// The first component and the second one.
    pub axes: [Axis; 2],
    /// The same users each time: those whose hash is smallest.
    pub points: Vec<Point>,
    /// Users that have a place, shown or not.
    pub users: u64,
}

/// The plane of a published run with at most `most` users in it; none for runs of older versions, which kept none.
///
/// # Errors
/// [`Error::Damaged`] where the run's file is missing, [`Error::EventStore`] where it can't be read,
/// [`Error::Cancelled`] soon after a cancel.
pub fn map(
    workspace: &Path,
    run: i64,
    most: usize,
    settings: &Settings,
    progress: &Progress,
) -> Result<Option<Map>> {
    let workspace = Workspace::open(workspace)?;
    let desk = Desk::of_run(&workspace, run, settings)?;
    if !desk.has("places", "x")? {
        return Ok(None);
    }
    let look = || {
        let users = desk
            .connection()
            .query_row("SELECT count(*) FROM run.places", [], |row| row.get(0))
            .map_err(Error::duck("counting places"))?;
        Ok(Map {
            axes: axes(&desk)?,
            points: points(&desk, most)?,
            users,
        })
    };
    watched(desk.connection(), "the map", Duration::MAX, progress, look).map(Some)
}

fn points(desk: &Desk, most: usize) -> Result<Vec<Point>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let read = || -> duckdb::Result<Vec<Point>> {
        desk.connection()
            .prepare(include_str!("../../sql/explore/map.sql"))?
            .query_map([most], |row| {
                Ok(Point {
                    pseudonym: row.get(0)?,
                    segment: row.get(1)?,
                    x: row.get(2)?,
                    y: row.get(3)?,
                })
            })?
            .collect()
    };
    read().map_err(Error::duck("explore/map.sql"))
}

fn axes(desk: &Desk) -> Result<[Axis; 2]> {
    let read = || -> duckdb::Result<[Axis; 2]> {
        let mut axes = <[Axis; 2]>::default();
        let mut statement = desk
            .connection()
            .prepare(include_str!("../../sql/explore/axes.sql"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number: usize = row.get(0)?;
            let Some(found) = number.checked_sub(1).and_then(|at| axes.get_mut(at)) else {
                continue;
            };
            found.explained = row.get(1)?;
            if found.weights.len() < WEIGHTS {
                found.weights.push((row.get(2)?, row.get(3)?));
            }
        }
        Ok(axes)
    };
    read().map_err(Error::duck("explore/axes.sql"))
}
