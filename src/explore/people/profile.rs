//! All that is known of one user.

use std::collections::BTreeMap;
use std::path::Path;

use duckdb::{Connection, OptionalExt, params};

use super::seat::Seat;
use super::{Happening, Membership, Profile, ProfileFeature, Who};
use crate::error::{Error, Result};
use crate::features::{Column, families};
use crate::pipeline::pseudonym;
use crate::progress::Progress;
use crate::records::Run;
use crate::settings::{Settings, Unit};
use crate::words::{Both, Unit as Measure, Value};

/// Most happenings of a timeline.
const TIMELINE: usize = 200;

/// All that a run knows of a user; none where there is no such user. A user who is another by now is that other. Where the
/// run segments accounts, devices or units, an id is one of these.
///
/// # Errors
/// As opening the run, and the key for an id; [`Error::Cancelled`] where it was stopped. No error tells the id.
pub fn profile(
    workspace: &Path,
    run: i64,
    who: &Who,
    settings: &Settings,
    progress: &Progress,
) -> Result<Option<Profile>> {
    let seat = Seat::take(workspace, run, settings)?;
    let name = pseudonym(workspace, &seat.run, who)?;
    if !name.bytes().all(super::is_letter) {
        return Ok(None);
    }
    let columns: Vec<Column> = families(workspace)?
        .into_iter()
        .flat_map(|family| family.columns)
        .collect();
    seat.work(progress, |connection| {
        let Some((user, pseudonym, segment)) = find(connection, &name)? else {
            return Ok(None);
        };
        let mut timeline = timeline(connection, user, whose(seat.settings.unit))?;
        // A name of another kind, such as a device's where users are segmented, is nobody here.
        if segment.is_none() && timeline.is_empty() {
            return Ok(None);
        }
        let is_cut = timeline.len() > TIMELINE;
        timeline.truncate(TIMELINE);
        Ok(Some(Profile {
            pseudonym,
            segment,
            memberships: memberships(connection, user)?,
            features: features(connection, user, segment, &seat.run, &columns)?,
            timeline,
            is_cut,
        }))
    })
}

/// The column of the view `rows` that holds ids of this kind.
fn whose(unit: Unit) -> &'static str {
    match unit {
        Unit::User => "person",
        Unit::Account => "account_id",
        Unit::Device => "device_id",
        Unit::Unit => "unit",
    }
}

/// Key, pseudonym and segment of whoever a pseudonym stands for.
fn find(connection: &Connection, name: &str) -> Result<Option<(i32, String, Option<u32>)>> {
    let sql = include_str!("../../../sql/explore/user.sql");
    connection
        .query_row(sql, params![name], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
        .map_err(Error::duck("explore/user.sql"))
}

/// One more than a timeline holds, where there are more.
fn timeline(connection: &Connection, user: i32, whose: &str) -> Result<Vec<Happening>> {
    let sql = include_str!("../../../sql/explore/timeline.sql").replace("{whose}", whose);
    let read = || -> duckdb::Result<Vec<Happening>> {
        connection
            .prepare(&sql)?
            .query_map(params![user, TIMELINE + 1], |row| {
                Ok(Happening {
                    at: row.get(0)?,
                    kind: row.get(1)?,
                    what: row.get(2)?,
                    category: row.get(3)?,
                    amount: row.get(4)?,
                })
            })?
            .collect()
    };
    read().map_err(Error::duck("explore/timeline.sql"))
}

/// Features in the order of their files, those whose file is gone last under their bare name. The medians are those that
/// the run's facts tell: over all users they would take seconds.
fn features(
    connection: &Connection,
    user: i32,
    segment: Option<u32>,
    run: &Run,
    columns: &[Column],
) -> Result<Vec<ProfileFeature>> {
    let read = || -> duckdb::Result<BTreeMap<String, f64>> {
        connection
            .prepare(include_str!("../../../sql/explore/own.sql"))?
            .query_map(params![user], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    let own = read().map_err(Error::duck("explore/own.sql"))?;
    let mut found: BTreeMap<String, ProfileFeature> = BTreeMap::new();
    let blank = |id: &str| {
        let column = columns.iter().find(|column| column.id == id);
        ProfileFeature {
            id: id.to_owned(),
            label: column.map_or_else(|| Both::new(id, id), |column| column.label.clone()),
            unit: column.map_or(Measure::Number, |column| column.unit),
            value: own.get(id).copied(),
            segment: None,
            shop: None,
        }
    };
    for id in own.keys() {
        found.insert(id.clone(), blank(id));
    }
    for one in &run.segments {
        for fact in &one.facts {
            let Some(id) = fact.id.strip_suffix(".median") else {
                continue;
            };
            let feature = found.entry(id.to_owned()).or_insert_with(|| blank(id));
            feature.shop = fact.population.as_ref().and_then(Value::number);
            if Some(one.id) == segment {
                feature.segment = fact.value.number();
            }
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    let place = |id: &str| columns.iter().position(|column| column.id == id);
    found.sort_by_key(|feature| place(&feature.id).unwrap_or(usize::MAX));
    Ok(found)
}

fn memberships(connection: &Connection, user: i32) -> Result<Vec<Membership>> {
    let read = || -> duckdb::Result<Vec<Membership>> {
        connection
            .prepare(include_str!("../../../sql/explore/nearness.sql"))?
            .query_map(params![user], |row| {
                Ok(Membership {
                    segment: row.get(0)?,
                    distance: row.get(1)?,
                    probability: row.get(2)?,
                })
            })?
            .collect()
    };
    read().map_err(Error::duck("explore/nearness.sql"))
}
