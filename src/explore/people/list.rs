//! The users of a run as a list.

use std::path::Path;

use duckdb::params;

use super::UserLine;
use super::seat::Seat;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::settings::Settings;

/// Which users are meant, and who comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Order {
    /// All, the highest revenue first.
    #[default]
    Revenue,
    /// Those that a segment's centroid is known for, the most typical of their segment first.
    Typical,
    /// Those between segments, the least sure first.
    Between,
}

impl Order {
    fn sql(self) -> &'static str {
        match self {
            Self::Revenue => include_str!("../../../sql/explore/order/revenue.sql"),
            Self::Typical => include_str!("../../../sql/explore/order/typical.sql"),
            Self::Between => include_str!("../../../sql/explore/order/between.sql"),
        }
    }
}

/// Whom to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// What their pseudonym begins with.
    pub prefix: String,
    /// Their segment; none: any.
    pub segment: Option<u32>,
    /// Which of them, and in which order.
    pub order: Order,
    /// Most of them that are listed.
    pub limit: usize,
}

/// Users of a run: at most `listing.limit` of them, and how many there are in all. A prefix that no pseudonym can begin
/// with finds nobody.
///
/// # Errors
/// As opening the run; [`Error::Cancelled`] where it was stopped.
pub fn users(
    workspace: &Path,
    run: i64,
    listing: &Listing,
    settings: &Settings,
    progress: &Progress,
) -> Result<(Vec<UserLine>, u64)> {
    let Listing {
        prefix,
        segment,
        order,
        limit,
    } = listing;
    let seat = Seat::take(workspace, run, settings)?;
    if !prefix.bytes().all(super::is_letter) {
        return Ok((Vec::new(), 0));
    }
    let (first, last) = seat.days();
    // One at least, since the count stands beside it.
    let rows = i64::try_from((*limit).max(1)).unwrap_or(i64::MAX);
    let sql = include_str!("../../../sql/explore/users.sql").replace("{order}", order.sql());
    let found = seat.work(progress, |connection| {
        let read = || -> duckdb::Result<Vec<(UserLine, u64)>> {
            connection
                .prepare(&sql)?
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
    let lines = found.into_iter().take(*limit).map(|(line, _)| line);
    Ok((lines.collect(), users))
}
