//! From which day to which day rows count.

use duckdb::{Connection, OptionalExt, params};
use jiff::ToSpan;
use jiff::civil::Date;

use super::set;
use crate::error::{Error, Result};
use crate::settings::RunSettings;

/// Decides the period, as dates of ISO 8601, and puts it into the table `period`.
///
/// # Errors
/// [`Error::Rejected`] where no row is left that counts.
pub fn decide(
    connection: &Connection,
    settings: &RunSettings,
    notes: &mut Vec<String>,
) -> Result<(String, String)> {
    let found: Option<(String, u64, String)> = connection
        .query_row(include_str!("../../sql/scope/last_day.sql"), [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
        .map_err(Error::duck("scope/last_day.sql"))?;
    let Some((found, stray, last_stray)) = found else {
        return Err(Error::rejected(
            "the event store",
            "holds no event",
            "ingest events first",
        ));
    };
    if stray > 0 && settings.as_of.is_none() {
        let rows = if stray == 1 { "row" } else { "rows" };
        notes.push(format!(
            "{stray} {rows} dated after {found}, up to {last_stray}, left out as strays; --as-of DATE takes another last day"
        ));
    }
    let last = match settings.as_of {
        Some(date) => date,
        None => found.parse::<Date>().map_err(|e| {
            Error::failed(
                "the event store",
                format!("the day {found} does not parse: {e}"),
                "report this",
            )
        })?,
    };
    let window = settings.window_days.map(|days| {
        last.checked_sub((i64::from(days) - 1).days())
            .unwrap_or(Date::MIN)
            .to_string()
    });
    let sql = "SELECT CAST(min(day) AS VARCHAR), count(*) FROM rows
               WHERE day <= CAST(?1 AS DATE) AND (?2 IS NULL OR day >= CAST(?2 AS DATE))";
    let last = last.to_string();
    let (first, rows): (Option<String>, u64) = connection
        .query_row(sql, params![last, window], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .map_err(Error::duck("the first day"))?;
    let (Some(first), true) = (first, rows > 0) else {
        return Err(Error::rejected(
            "the period",
            format!(
                "no event lies between {} and {last}",
                window.as_deref().unwrap_or("the beginning")
            ),
            "choose another --as-of or --window",
        ));
    };
    let first = window.unwrap_or(first);
    set(
        connection,
        "period (first_day DATE, last_day DATE)",
        params![first, last],
    )?;
    Ok((first, last))
}
