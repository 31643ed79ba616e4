//! What DuckDB answers, as text, batch by batch.

use duckdb::arrow::array::{Array, AsArray};
use duckdb::{Connection, Statement};

use super::fault::fault;
use crate::error::{Error, Result};
use crate::queries::Reading;

/// A row as text, none for NULL.
pub type Row = Vec<Option<String>>;

/// An answer that is being fetched.
pub struct Answer<'a> {
    /// Names of the columns, all distinct.
    pub columns: Vec<String>,
    /// Whether a column holds numbers.
    pub numeric: Vec<bool>,
    statement: Statement<'a>,
    lines: usize,
}

impl<'a> Answer<'a> {
    /// Asks a query, for so many rows (none: all).
    ///
    /// # Errors
    /// [`Error::Usage`] where DuckDB does not take it.
    pub fn ask(connection: &'a Connection, reading: &Reading, rows: Option<usize>) -> Result<Self> {
        let text = &reading.text;
        let lines = text.lines().count();
        let limit = rows.map_or(String::new(), |rows| {
            // DuckDB counts with a sign.
            format!(" LIMIT {}", i64::try_from(rows).unwrap_or(i64::MAX))
        });
        // The query begins and ends on lines of its own: so a comment at its end ends with it, and errors name its lines.
        let sql = if reading.explains {
            format!("EXPLAIN SELECT * FROM (\n{text}\n)")
        } else {
            format!("SELECT COLUMNS(*)::VARCHAR FROM (\n{text}\n){limit}")
        };
        let ask = || -> duckdb::Result<_> {
            let kinds = if reading.explains {
                Vec::new()
            } else {
                kinds(connection, text)?
            };
            let mut statement = connection.prepare(&sql)?;
            let schema = statement.stream_arrow([])?.get_schema();
            Ok((kinds, statement, schema))
        };
        let (kinds, statement, schema) = ask().map_err(|error| fault(error, lines))?;
        let columns: Vec<String> = schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        let numeric = (0..columns.len())
            .map(|column| kinds.get(column).is_some_and(|kind| is_number(kind)))
            .collect();
        Ok(Self {
            columns,
            numeric,
            statement,
            lines,
        })
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// [`Error::Usage`] where a value cannot be computed.
    pub fn next(&mut self) -> Result<Option<Vec<Row>>> {
        let batch = self.statement.step();
        let Some(batch) = batch.map_err(|error| fault(error, self.lines))? else {
            return Ok(None);
        };
        let mut rows = vec![Row::with_capacity(self.columns.len()); batch.len()];
        for column in batch.columns() {
            let texts = column.as_string_opt::<i32>().ok_or_else(|| {
                let kind = column.data_type();
                Error::failed(
                    "the query",
                    format!("a column came as {kind}"),
                    "report this",
                )
            })?;
            for (row, text) in rows.iter_mut().zip(texts) {
                row.push(text.map(str::to_owned));
            }
        }
        Ok(Some(rows))
    }
}

/// The types of a query's columns.
fn kinds(connection: &Connection, text: &str) -> duckdb::Result<Vec<String>> {
    connection
        .prepare(&format!("DESCRIBE SELECT * FROM (\n{text}\n)"))?
        .query_map([], |row| row.get(1))?
        .collect()
}

fn is_number(kind: &str) -> bool {
    let name = kind.split('(').next().unwrap_or_default();
    // A list of numbers is none.
    !kind.ends_with(']')
        && matches!(
            name,
            "TINYINT"
                | "SMALLINT"
                | "INTEGER"
                | "BIGINT"
                | "HUGEINT"
                | "UTINYINT"
                | "USMALLINT"
                | "UINTEGER"
                | "UBIGINT"
                | "UHUGEINT"
                | "FLOAT"
                | "DOUBLE"
                | "DECIMAL"
        )
}
