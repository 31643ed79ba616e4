//! A read-only prompt over the event store and a run's tables.
//!
//! Three things keep a query from doing more than look: it is read before DuckDB sees it (`src/queries`), it stands as a
//! subquery in a statement of the program's own, and the connection has all files open for reading alone with everything
//! outside them shut (`sql/explore/lock.sql`).

mod answer;
mod fault;
mod open;
mod save;

use std::path::Path;
use std::time::{Duration, Instant};

use super::watched::{watched, with_room};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::queries::read;
use crate::settings::Settings;
use answer::Answer;

pub use save::save;

/// What a query may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most rows fetched.
    pub rows: usize,
    /// Longest time until it is interrupted.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 1_000,
            time: Duration::from_secs(30),
        }
    }
}

/// What a query gave: every cell as text, as DuckDB casts it to VARCHAR. Out of the data, so unclean.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Whether a column holds numbers, for its alignment.
    pub numeric: Vec<bool>,
    /// The rows, none for NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether there were more rows than the limit.
    pub is_cut: bool,
    /// How long it took.
    pub seconds: f64,
}

/// A table or view that the prompt can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// As it is written in a query.
    pub name: String,
    /// Its columns with their types, in order.
    pub columns: Vec<(String, String)>,
}

/// Answers a query on the workspace and a run (none: the newest, where there is one).
///
/// # Errors
/// [`Error::Usage`] for anything but one query that can be answered; [`Error::TimeLimit`] and [`Error::Cancelled`] where it
/// was stopped; as opening the workspace.
pub fn query(
    workspace: &Path,
    run: Option<i64>,
    sql: &str,
    limits: Limits,
    settings: &Settings,
    progress: &Progress,
) -> Result<Table> {
    let reading = read(sql)?;
    with_room(|| {
        let connection = open::open(workspace, run, settings)?;
        let begun = Instant::now();
        watched(&connection, "the query", limits.time, progress, || {
            let mut answer =
                Answer::ask(&connection, &reading, Some(limits.rows.saturating_add(1)))?;
            let mut rows = Vec::new();
            while let Some(batch) = answer.next()? {
                rows.extend(batch);
            }
            let is_cut = rows.len() > limits.rows;
            rows.truncate(limits.rows);
            Ok(Table {
                numeric: answer.numeric,
                columns: answer.columns,
                rows,
                is_cut,
                seconds: begun.elapsed().as_secs_f64(),
            })
        })
    })
}

/// What a query can read of the workspace and a run (none: the newest, where there is one): plain views first, then the
/// store's own tables and the run's.
///
/// # Errors
/// As opening the workspace.
pub fn schema(workspace: &Path, run: Option<i64>, settings: &Settings) -> Result<Vec<Relation>> {
    let connection = open::open(workspace, run, settings)?;
    let read = || -> duckdb::Result<Vec<(String, String, String)>> {
        connection
            .prepare(include_str!("../../../sql/explore/schema.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    };
    let mut relations: Vec<Relation> = Vec::new();
    for (name, column, kind) in read().map_err(Error::duck("explore/schema.sql"))? {
        match relations.last_mut() {
            Some(last) if last.name == name => last.columns.push((column, kind)),
            _ => relations.push(Relation {
                name,
                columns: vec![(column, kind)],
            }),
        }
    }
    Ok(relations)
}

impl Table {
    /// The rows as JSON objects, numbers as numbers where JSON holds them exactly enough.
    #[must_use]
    pub fn objects(&self) -> Vec<serde_json::Map<String, serde_json::Value>> {
        let object = |row: &Vec<Option<String>>| save::object(&self.columns, &self.numeric, row);
        self.rows.iter().map(object).collect()
    }
}
