//! The query behind a fact and its rows: aggregates only, and none about too few users.

use duckdb::Connection;
use serde::Serialize;

use super::table::{CLOCK, HOURS, NAMES, NUMERIC, SHEETS, WEEKDAYS};
use crate::error::{Error, Result};
use crate::features::Family;
use crate::records::{Fact, Value};

/// Where a fact comes from.
#[derive(Debug, Serialize)]
pub struct Why {
    /// The files, the one that computes first.
    pub sources: Vec<String>,
    /// Their SQL.
    pub sql: Vec<String>,
    /// Columns of the rows; segment 0 is the whole shop.
    pub columns: Vec<String>,
    /// The rows behind the fact.
    pub rows: Vec<Vec<Option<Value>>>,
}

/// Runs the query behind `fact` of `segment` again, on a connection such as [`super::portray`] takes.
///
/// # Errors
/// [`Error::Failed`] where the feature's file is no longer there.
pub fn why(
    connection: &Connection,
    families: &[Family],
    segment: u32,
    fact: &Fact,
    min_support: u64,
) -> Result<Why> {
    let family = families.iter().find(|family| family.source == fact.source);
    let (sheet, mut sources, mut sql) = if let Some(family) = family {
        (
            NUMERIC,
            vec![family.source.clone()],
            vec![family.sql.clone()],
        )
    } else {
        let sheet = SHEETS
            .into_iter()
            .find(|sheet| sheet.source == fact.source)
            .ok_or_else(|| {
                Error::failed(
                    &fact.source,
                    "is not among the SQL files",
                    "put it back into the workspace's features folder",
                )
            })?;
        (sheet, Vec::new(), Vec::new())
    };
    if [HOURS, WEEKDAYS]
        .iter()
        .any(|one| one.source == sheet.source)
    {
        super::clock(connection)?;
        sources.push(CLOCK.source.to_owned());
        sql.push(CLOCK.sql.to_owned());
    }
    sources.push(sheet.source.to_owned());
    sql.push(sheet.sql.to_owned());
    // Some files answer for many facts: the first column says whose a row is.
    let only = if fact.source == NAMES.source {
        fact.id.split('.').next()
    } else {
        family.and_then(|_| Some(fact.id.rsplit_once('.')?.0))
    };
    let (columns, lines) = sheet.read(connection)?;
    let support = columns
        .iter()
        .position(|name| name == "users")
        .and_then(|at| at.checked_sub(1));
    let rows = lines
        .iter()
        .filter(|line| line.segment == segment || line.segment == 0)
        .filter(|line| only.is_none_or(|only| line.text(0) == only))
        .filter(|line| support.is_none_or(|at| line.number(at) as u64 >= min_support))
        .map(|line| {
            std::iter::once(Some(Value::Number(f64::from(line.segment))))
                .chain(line.cells())
                .collect()
        })
        .collect();
    Ok(Why {
        sources,
        sql,
        columns,
        rows,
    })
}
