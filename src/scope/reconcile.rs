//! From all that was sold to what the segments count.

use duckdb::Connection;

use super::rules::Rule;
use crate::error::{Error, Result};
use crate::records::{LeftOut, Reconciliation};
use crate::words::Both;

/// Adds up, on a connection whose views are made.
pub fn reconcile(
    connection: &Connection,
    rules: &[Rule],
    first_day: &str,
    last_day: &str,
) -> Result<Reconciliation> {
    let sums = || -> duckdb::Result<Reconciliation> {
        let sql = include_str!("../../sql/scope/reconciliation.sql");
        connection.query_row(sql, [], |row| {
            Ok(Reconciliation {
                first_day: first_day.to_owned(),
                last_day: last_day.to_owned(),
                gross: row.get(0)?,
                tax_and_shipping: row.get(1)?,
                discounts: row.get(2)?,
                returns: row.get(3)?,
                excluded: row.get(4)?,
                unattributed: row.get(5)?,
                net: row.get(6)?,
                unmatched_returns: row.get(7)?,
                unmatched_amount: row.get(8)?,
                returned_lines: row.get(9)?,
                left_out: Vec::new(),
            })
        })
    };
    let mut found = sums().map_err(Error::duck("scope/reconciliation.sql"))?;
    let left_out = || -> duckdb::Result<Vec<(String, u64, f64)>> {
        connection
            .prepare(include_str!("../../sql/scope/left_out.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    };
    for (reason, rows, amount) in left_out().map_err(Error::duck("scope/left_out.sql"))? {
        let title = match reason.as_str() {
            "unattributed" => Both::new(
                "Nobody's: no id of those who are segmented",
                "无归属：没有分群对象的标识",
            ),
            "period" => Both::new("Outside the period", "不在统计期内"),
            rule => rules
                .iter()
                .find(|known| known.name == rule)
                .map_or_else(|| Both::new(rule, rule), |rule| rule.title.clone()),
        };
        found.left_out.push(LeftOut {
            reason,
            title,
            rows,
            amount,
        });
    }
    Ok(found)
}
