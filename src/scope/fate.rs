//! Where a row of a file went.

use duckdb::{Connection, OptionalExt, params};
use serde::Serialize;

use crate::error::{Error, Result};

/// What became of a line of a file in one ingest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fate {
    /// Number of the ingest.
    pub ingest: i32,
    /// `event`, `duplicate` or `quarantined`.
    pub fate: String,
    /// Of a duplicate the line that it repeats (none where an older version read it), of a quarantined row the reason.
    pub why: Option<String>,
    /// Of an event, what a run makes of it.
    pub event: Option<Counted>,
    #[serde(skip)]
    row_id: Option<i64>,
}

/// An event in the light of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counted {
    /// Its type; `discount` for a line that books one.
    pub kind: String,
    /// The shop's wall clock.
    pub at: String,
    /// What it moves, in the run's currency, before returns.
    pub amount: f64,
    /// Name or code of its product.
    pub product: Option<String>,
    /// Pseudonym of whom it belongs to; none: nobody of those who are segmented.
    pub user: Option<String>,
    /// How it came to them where not by its own id: `alias` or `device`.
    pub through: Option<String>,
    /// The rule that leaves it out.
    pub rule: Option<String>,
    /// Whether its day does not count.
    pub is_outside: bool,
    /// Whether it is a return of somebody who is segmented.
    pub is_return: bool,
    /// Of a return, the line of its purchase as `FILE:LINE`.
    pub purchase: Option<String>,
    /// Of a superseded row, the line that took its place.
    pub superseded_by: Option<String>,
    /// The segment of whom it belongs to.
    pub segment: Option<u32>,
}

/// What became of line `line` of the files called `file`, one entry for each ingest that read it.
pub fn fates(connection: &Connection, file: &str, line: u64) -> Result<Vec<Fate>> {
    let read = || -> duckdb::Result<Vec<Fate>> {
        connection
            .prepare(include_str!("../../sql/store/row.sql"))?
            .query_map(params![file, line], |row| {
                Ok(Fate {
                    ingest: row.get(0)?,
                    fate: row.get(1)?,
                    row_id: row.get(2)?,
                    why: row.get(3)?,
                    event: None,
                })
            })?
            .collect()
    };
    read().map_err(Error::duck("store/row.sql"))
}

impl Fate {
    /// Adds what a run makes of an event, on a connection with the run's views.
    pub fn judge(&mut self, connection: &Connection) -> Result<()> {
        let Some(row_id) = self.row_id.filter(|_| self.fate == "event") else {
            return Ok(());
        };
        let read = || -> duckdb::Result<Option<Counted>> {
            connection
                .query_row(include_str!("../../sql/scope/row.sql"), [row_id], |row| {
                    Ok(Counted {
                        kind: row.get(0)?,
                        at: row.get(1)?,
                        amount: row.get(2)?,
                        product: row.get(3)?,
                        user: row.get(4)?,
                        through: row.get(5)?,
                        rule: row.get(6)?,
                        is_outside: row.get(7)?,
                        is_return: row.get(8)?,
                        purchase: row.get(9)?,
                        superseded_by: row.get(10)?,
                        segment: row.get(11)?,
                    })
                })
                .optional()
        };
        self.event = read().map_err(Error::duck("scope/row.sql"))?;
        Ok(())
    }
}
