//! Cohort retention: who of those that first bought in a month bought again so many months later.

use duckdb::Connection;

use crate::error::{Error, Result};
use crate::records::Cohort;

/// The cohorts by month, the oldest first; on a connection that has the view of `sql/scope/sales.sql` and `limits`.
///
/// # Errors
/// [`Error::EventStore`] where the SQL fails.
pub fn cohorts(connection: &Connection) -> Result<Vec<Cohort>> {
    let read = || -> duckdb::Result<Vec<Cohort>> {
        let mut found: Vec<Cohort> = Vec::new();
        let mut statement = connection.prepare(include_str!("../../sql/portraits/cohorts.sql"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let month: String = row.get(0)?;
            if found.last().is_none_or(|last| last.month != month) {
                found.push(Cohort {
                    month,
                    users: row.get(1)?,
                    again: Vec::new(),
                });
            }
            let Some(months) = row.get::<_, Option<usize>>(2)? else {
                continue;
            };
            if let Some(last) = found.last_mut() {
                // A month in which nobody bought at all has no row.
                last.again.resize(months, Some(0));
                last.again[months - 1] = row.get(3)?;
            }
        }
        Ok(found)
    };
    read().map_err(Error::duck("portraits/cohorts.sql"))
}
