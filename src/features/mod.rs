//! From events to a matrix: feature SQL is run, its columns are put on one scale. A feature is its SQL file;
//! none is named here.

mod files;
mod header;
mod scale;

use duckdb::Connection;
use duckdb::arrow::array::AsArray;
use duckdb::arrow::datatypes::{Float64Type, Int32Type};
use ndarray::{Array2, ShapeBuilder};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::queries::read_own;
use crate::settings::{RunSettings, Scaling};

pub use files::families;
pub use header::{Column, Family, Missing, Transform};
pub use scale::{Scale, quantile};

/// The sum of as many of these as there may ever be users fits a DECIMAL(38, 6), in which facts are added up.
const LARGEST: f64 = 1e24;

/// Features of all users of a run.
#[derive(Debug)]
pub struct Features {
    /// Users by key, rising: the order of their first appearance in the data.
    pub users: Vec<i32>,
    /// Whether a user has the minimum activity.
    pub active: Vec<bool>,
    /// What the columns of `raw` are.
    pub columns: Vec<Column>,
    /// Values as the SQL gave them, a row a user; `NaN` where one is missing.
    pub raw: Array2<f64>,
    /// Families and columns left out, one line each.
    pub notes: Vec<String>,
}

/// The active users' features on one scale.
#[derive(Debug)]
pub struct Matrix {
    /// Positions in [`Features::users`] of the rows.
    pub rows: Vec<usize>,
    /// Positions in [`Features::columns`] of the columns.
    pub columns: Vec<usize>,
    /// How each column came onto the common scale.
    pub scales: Vec<Scale>,
    /// Standardised values, a row a user.
    pub values: Array2<f64>,
    /// Columns left out, one line each.
    pub notes: Vec<String>,
}

/// Runs the feature files on a connection that has the views of [`crate::scope::Scope::events`], best
/// those of [`crate::scope::Scope::keep`].
///
/// # Errors
/// [`Error::EventStore`] naming the file whose SQL fails; [`Error::Rejected`] where there are no users.
pub fn compute(
    connection: &Connection,
    families: &[Family],
    settings: &RunSettings,
    progress: &Progress,
) -> Result<Features> {
    progress.stage(Stage::Features, Some(families.len() as u64));
    let available = available(connection)?;
    let has = |need: &String| available.contains(need);
    let (users, active) = users(connection, settings)?;
    if users.is_empty() {
        return Err(Error::rejected(
            "the event store",
            "holds no user",
            "ingest events first",
        ));
    }
    let places = Places::of(&users);
    let mut columns: Vec<Column> = Vec::new();
    let mut values: Vec<Vec<f64>> = Vec::new();
    let mut notes = Vec::new();
    for (done, family) in (1..).zip(families) {
        progress.check()?;
        let possible =
            family.needs.is_empty() || family.needs.iter().any(|all| all.iter().all(has));
        let wanted: Vec<&Column> = family
            .columns
            .iter()
            .filter(|c| c.needs.iter().all(has))
            .collect();
        if !possible || wanted.is_empty() {
            notes.push(format!(
                "family {} left out: the data has no {}",
                family.name,
                lacking(family, &available)
            ));
        } else {
            for column in family
                .columns
                .iter()
                .filter(|column| !column.needs.iter().all(has))
            {
                let lacks: Vec<_> = column
                    .needs
                    .iter()
                    .filter(|need| !has(need))
                    .cloned()
                    .collect();
                notes.push(format!(
                    "feature {} left out: the data has no {}",
                    column.id,
                    lacks.join(", ")
                ));
            }
            let (found, beyond) = run(connection, family, &wanted, &places, users.len())?;
            values.extend(found);
            for (column, count) in wanted.iter().zip(beyond).filter(|(_, count)| *count > 0) {
                notes.push(format!(
                    "feature {}: {count} values beyond {LARGEST:e} count as missing",
                    column.id
                ));
            }
            columns.extend(wanted.into_iter().cloned());
        }
        progress.done(done);
    }
    // Column by column, as it is filled and mostly read.
    let mut raw = Array2::from_elem((users.len(), columns.len()).f(), f64::NAN);
    for (mut to, from) in raw.columns_mut().into_iter().zip(&values) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    }
    Ok(Features {
        users,
        active,
        columns,
        raw,
        notes,
    })
}

fn lacking(family: &Family, available: &[String]) -> String {
    let needs: Vec<String> = if family.needs.is_empty() {
        family
            .columns
            .iter()
            .flat_map(|column| column.needs.clone())
            .collect()
    } else {
        family.needs.iter().flatten().cloned().collect()
    };
    let mut lacks: Vec<String> = needs
        .into_iter()
        .filter(|need| !available.contains(need))
        .collect();
    lacks.sort();
    lacks.dedup();
    lacks.join(", ")
}

/// Names of what the data holds.
fn available(connection: &Connection) -> Result<Vec<String>> {
    let read = || -> duckdb::Result<Vec<String>> {
        let mut statement = connection.prepare(include_str!("../../sql/events/available.sql"))?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        if let Some(row) = rows.next()? {
            for (i, name) in row.as_ref().column_names().into_iter().enumerate() {
                if row.get::<_, Option<bool>>(i)?.unwrap_or(false) {
                    found.push(name);
                }
            }
        }
        Ok(found)
    };
    read().map_err(Error::duck("events/available.sql"))
}

fn users(connection: &Connection, settings: &RunSettings) -> Result<(Vec<i32>, Vec<bool>)> {
    let read = || -> duckdb::Result<Vec<(i32, u64, u64)>> {
        connection
            .prepare(include_str!("../../sql/events/users.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    };
    let rows = read().map_err(Error::duck("events/users.sql"))?;
    Ok(rows
        .into_iter()
        .map(|(user, events, bought)| (user, bought > 0 || events >= settings.min_events))
        .unzip())
}

/// At which place of the list of users each is: keys are dense.
struct Places(Vec<u32>);

impl Places {
    fn of(users: &[i32]) -> Self {
        let most = users
            .iter()
            .max()
            .and_then(|key| usize::try_from(*key).ok());
        let mut places = vec![u32::MAX; most.map_or(0, |most| most + 1)];
        for (place, user) in (0..).zip(users) {
            if let Ok(key) = usize::try_from(*user) {
                places[key] = place;
            }
        }
        Self(places)
    }

    /// None for a user who is not in the list.
    fn get(&self, user: i32) -> Option<usize> {
        let place = *self.0.get(usize::try_from(user).ok()?)?;
        (place != u32::MAX).then_some(place as usize)
    }
}

/// The wanted columns of a family, each with a value for every user (`NaN`: missing; zero where that is meant), and how many
/// of each are too large for a number.
fn run(
    connection: &Connection,
    family: &Family,
    wanted: &[&Column],
    places: &Places,
    users: usize,
) -> Result<(Vec<Vec<f64>>, Vec<u64>)> {
    let absent = |column: &&Column| {
        if column.missing == Missing::Zero {
            0.0
        } else {
            f64::NAN
        }
    };
    let mut values: Vec<Vec<f64>> = wanted
        .iter()
        .map(|column| vec![absent(column); users])
        .collect();
    // The file is one SELECT; its columns are asked for by name, as numbers.
    let list: Vec<String> = wanted
        .iter()
        .map(|column| format!("CAST(\"{}\" AS DOUBLE)", column.name))
        .collect();
    let sql = format!(
        "SELECT CAST(user_id AS INTEGER), {} FROM ({}\n)",
        list.join(", "),
        family.sql.trim_end().trim_end_matches(';')
    );
    read_own(&family.source, &family.sql)?;
    let mut beyond = vec![0; wanted.len()];
    let mut statement = connection
        .prepare(&sql)
        .map_err(Error::duck(&family.source))?;
    // The result is complete, so that nothing can fail while it is looked at.
    let batches = statement
        .query_arrow([])
        .map_err(Error::duck(&family.source))?;
    for batch in batches {
        let of = batch.column(0).as_primitive::<Int32Type>();
        for ((column, values), beyond) in (1..).zip(&mut values).zip(&mut beyond) {
            let found = batch.column(column).as_primitive::<Float64Type>();
            for (user, value) in of.iter().zip(found) {
                let place = user.and_then(|user| places.get(user));
                let (Some(place), Some(value)) = (place, value.filter(|one| one.is_finite()))
                else {
                    continue;
                };
                if value.abs() < LARGEST {
                    values[place] = value;
                } else {
                    *beyond += 1;
                }
            }
        }
    }
    Ok((values, beyond))
}

impl Features {
    /// The active users' features on one scale; constant columns and such that say the same as an earlier one
    /// (|r| > 0.98) are left out and noted.
    #[must_use]
    pub fn matrix(&self, scaling: Scaling) -> Matrix {
        let rows: Vec<usize> = (0..self.users.len())
            .filter(|row| self.active[*row])
            .collect();
        let fitted: Vec<_> = (0..self.columns.len())
            .into_par_iter()
            .map(|position| {
                let column = self.raw.column(position);
                let raw: Vec<f64> = rows.iter().map(|row| column[*row]).collect();
                let scale = Scale::fit(&self.columns[position], &raw, scaling)?;
                let values: Vec<f64> = raw.iter().map(|value| scale.apply(*value)).collect();
                Ok::<_, &str>((scale, values))
            })
            .collect();
        let (mut columns, mut scales) = (Vec::new(), Vec::new());
        let mut measured: Vec<Vec<f64>> = Vec::new();
        let mut notes = Vec::new();
        for (position, (column, fitted)) in self.columns.iter().zip(fitted).enumerate() {
            let (scale, values) = match fitted {
                Ok(fitted) => fitted,
                Err(why) => {
                    notes.push(format!(
                        "feature {} left out of the clustering: {why}",
                        column.id
                    ));
                    continue;
                }
            };
            let twin = measured
                .par_iter()
                .position_first(|other| scale::correlation(other, &values).abs() > 0.98);
            if let Some(twin) = twin {
                let other: &Column = &self.columns[columns[twin]];
                notes.push(format!(
                    "feature {} left out of the clustering: says the same as {}",
                    column.id, other.id
                ));
            } else {
                columns.push(position);
                scales.push(scale);
                measured.push(values);
            }
        }
        let values = Array2::from_shape_fn((rows.len(), columns.len()), |(row, column)| {
            measured[column][row]
        });
        Matrix {
            rows,
            columns,
            scales,
            values,
            notes,
        }
    }

    /// Every user's value of a column, transformed and winsorised and in standard deviations from the mean of
    /// all users; none where the column is constant. Missing values are `NaN`: they say nothing about a segment.
    #[must_use]
    pub fn standardised(&self, column: usize) -> Option<Vec<f64>> {
        let raw: Vec<f64> = self.raw.column(column).to_vec();
        let known: Vec<f64> = raw
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        let scale = Scale::fit(&self.columns[column], &known, Scaling::Standard).ok()?;
        let known = |value: &f64| {
            if value.is_finite() {
                scale.apply(*value)
            } else {
                f64::NAN
            }
        };
        Some(raw.iter().map(known).collect())
    }
}
