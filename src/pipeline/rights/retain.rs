//! What is older than a shop may keep it goes.

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::forget::{gone, publish_without};
use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::workspace::{Deed, NextGeneration, Workspace, duck};

/// How long data is kept.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Days that are kept, that of `as_of` the last of them.
    pub days: u32,
    /// The day counted from; none: today, in UTC.
    pub as_of: Option<Date>,
    /// Whether each later ingest does the same.
    pub at_each_ingest: bool,
}

/// What went, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Retained {
    /// The first day that is kept, ISO 8601.
    pub from: String,
    /// Rows of the event store.
    pub events: u64,
    /// Users of whom nothing is left.
    pub users: u64,
    /// Search texts that only these rows had.
    pub queries: u64,
    /// Runs made before that day, with their tables.
    pub runs: Vec<i64>,
    /// Rows of campaigns drawn before that day.
    pub campaigns: u64,
    /// Hash of the line in the audit log; none where nothing was done.
    pub audit: Option<String>,
}

/// Deletes events, runs, drawings and quarantined texts of before the days that are kept; without `is_sure` only tells what would
/// go. Runs that stay keep their figures.
///
/// # Errors
/// [`Error::Busy`] where another process writes events; nothing is gone then.
pub fn retain(
    workspace: &Path,
    retention: Retention,
    is_sure: bool,
    settings: &Settings,
) -> Result<Retained> {
    let workspace = Workspace::open(workspace)?;
    let key = workspace.key()?;
    let from = first_day(retention)?;
    let mut catalog = workspace.catalog()?;
    if is_sure && retention.at_each_ingest {
        catalog.set_meta("retain_days", &retention.days.to_string())?;
    }
    let mut found = Retained {
        from: from.to_string(),
        events: 0,
        users: 0,
        queries: 0,
        runs: Vec::new(),
        campaigns: 0,
        audit: None,
    };
    let old = |run: &crate::workspace::RunSummary| run.created_at.as_str() < found.from.as_str();
    found.runs = catalog
        .runs()?
        .iter()
        .filter(|run| old(run))
        .map(|run| run.id)
        .collect();
    if !workspace.layout().generations()?.is_empty() {
        let next = NextGeneration::begin(&workspace, &key, settings)?;
        let connection = next.connection();
        let cut = format!("CREATE TEMP TABLE cutoff AS SELECT DATE '{from}' AS day");
        duck::run(connection, "privacy/gone_before.sql", &cut)?;
        duck::run(
            connection,
            "privacy/gone_before.sql",
            include_str!("../../../sql/privacy/gone_before.sql"),
        )?;
        let gone = gone(connection)?;
        (found.events, found.users, found.queries) = (gone.events, gone.pseudonyms, gone.queries);
        let texts: u64 = connection
            .query_row("SELECT count(*) FROM gone_ingests", [], |row| row.get(0))
            .map_err(Error::duck("counting what goes"))?;
        if is_sure && found.events + found.users + texts > 0 {
            publish_without(next)?;
        }
    }
    if !is_sure {
        return Ok(found);
    }
    for run in &found.runs {
        let file = workspace.layout().run(*run);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(&file)(error));
            }
            _ => {}
        }
    }
    (_, found.campaigns) = catalog.retire(&found.runs, &found.from)?;
    catalog.compact()?;
    let deed = Deed {
        action: "retain",
        detail: json!(found),
        ..Deed::default()
    };
    found.audit = Some(workspace.record(deed, settings.operator.as_deref())?);
    Ok(found)
}

/// The retention that each ingest of a workspace is to see to; none where nobody said so.
pub fn of_each_ingest(workspace: &Workspace) -> Result<Option<Retention>> {
    let days = workspace.catalog()?.get_meta("retain_days")?;
    Ok(days
        .and_then(|days| days.parse().ok())
        .map(|days| Retention {
            days,
            as_of: None,
            at_each_ingest: false,
        }))
}

fn first_day(retention: Retention) -> Result<Date> {
    let today = || {
        jiff::tz::TimeZone::UTC
            .to_datetime(jiff::Timestamp::now())
            .date()
    };
    let last = retention.as_of.unwrap_or_else(today);
    last.checked_sub((i64::from(retention.days) - 1).days())
        .map_err(|_| {
            Error::usage(
                "--days",
                "reaches back before the calendar does",
                "name fewer days, such as 730",
            )
        })
}
