//! The users of a run as a list.

use std::path::Path;

use duckdb::params;

use super::UserLine;
use super::seat::Seat;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::settings::Settings;

/// Users of a run whose pseudonym begins with `prefix`, of one segment or of all, the highest revenue first (then by
/// pseudonym): at most `limit` of them, and how many there are in all. A prefix that no pseudonym can begin with finds
/// nobody.
///
/// # Errors
/// As opening the run; [`Error::Cancelled`] where it was stopped.
pub fn users(
    workspace: &Path,
    run: i64,
    prefix: &str,
    segment: Option<u32>,
    limit: usize,
    settings: &Settings,
    progress: &Progress,
) -> Result<(Vec<UserLine>, u64)> {
    let seat = Seat::take(workspace, run, settings)?;
    if !prefix.bytes().all(super::is_letter) {
        return Ok((Vec::new(), 0));
    }
    let (first, last) = seat.days();
    // One at least, since the count stands beside it.
    let rows = i64::try_from(limit.max(1)).unwrap_or(i64::MAX);
    let found = seat.work(progress, |connection| {
        let read = || -> duckdb::Result<Vec<(UserLine, u64)>> {
            connection
                .prepare(include_str!("../../../sql/explore/users.sql"))?
                .query_map(params![prefix, segment, rows, first, last], |row| {
                    let line = UserLine {
                        pseudonym: row.get(0)?,
                        segment: row.get(1)?,
                        events: row.get(2)?,
                        revenue: row.get(3)?,
                        last: row.get(4)?,
                    };
                    Ok((line, row.get(5)?))
                })?
                .collect()
        };
        read().map_err(Error::duck("explore/users.sql"))
    })?;
    let users = found.first().map_or(0, |(_, users)| *users);
    let lines = found.into_iter().take(limit).map(|(line, _)| line);
    Ok((lines.collect(), users))
}
