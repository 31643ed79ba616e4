//! One currency for all amounts: the data's only one, or that which the rates lead to.

use duckdb::{Connection, params};

use super::{run, set};
use crate::error::{Error, Result};
use crate::settings::RunSettings;

/// Decides the currency of the run and makes the rates of each day; none where the data names none.
///
/// # Errors
/// [`Error::Rejected`] where sales are in several currencies and a rate is missing: amounts of different currencies are
/// never added up as they stand.
pub fn decide(
    connection: &Connection,
    settings: &RunSettings,
    notes: &mut Vec<String>,
) -> Result<Option<String>> {
    let read = || -> duckdb::Result<Vec<(String, bool)>> {
        connection
            .prepare(include_str!("../../sql/scope/currencies.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(2)?)))?
            .collect()
    };
    let found = read().map_err(Error::duck("scope/currencies.sql"))?;
    // Rates lead to the currency that needs none; of several, to that of most sales.
    let base = settings.currency.clone().or_else(|| {
        let unrated = found.iter().find(|(_, has_rate)| !has_rate);
        unrated.or(found.first()).map(|(name, _)| name.clone())
    });
    set(connection, "base (currency VARCHAR)", params![base])?;
    run(
        connection,
        "rates",
        include_str!("../../sql/scope/rates.sql"),
    )?;
    let Some(base) = base else {
        return Ok(None);
    };
    let read = || -> duckdb::Result<Vec<(String, u64, String)>> {
        connection
            .prepare(include_str!("../../sql/scope/unrated.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    };
    let unrated = read().map_err(Error::duck("scope/unrated.sql"))?;
    if let Some((currency, lines, day)) = unrated.first() {
        return Err(Error::rejected(
            format!("sales in {currency} ({lines} of them)"),
            format!("amounts are in {base}, and no rate of {currency} is known for {day}"),
            "name a file of date,currency,rate with `portray ingest --rates FILE`",
        ));
    }
    let others: Vec<_> = found
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| *name != base)
        .collect();
    if !others.is_empty() {
        notes.push(format!(
            "amounts in {} are turned into {base} by the rates given",
            others.join(", ")
        ));
    }
    Ok(Some(base))
}
