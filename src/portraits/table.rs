//! A portrait SQL file and its rows.

use duckdb::Connection;
use duckdb::types::ValueRef;

use crate::error::{Error, Result};
use crate::records::Value;
use crate::words::round2;

/// A file under `sql/portraits`.
#[derive(Debug, Clone, Copy)]
pub struct Sheet {
    /// Its name, such as `portraits/hours.sql`.
    pub source: &'static str,
    /// Its one SELECT, of which the first column is the segment; of [`CLOCK`] what makes a table.
    pub sql: &'static str,
}

macro_rules! sheet {
    ($name:literal) => {
        Sheet {
            source: concat!("portraits/", $name, ".sql"),
            sql: include_str!(concat!("../../sql/portraits/", $name, ".sql")),
        }
    };
}

pub const TOTALS: Sheet = sheet!("totals");
pub const NUMERIC: Sheet = sheet!("numeric");
pub const FUNNEL: Sheet = sheet!("funnel");
pub const NAMES: Sheet = sheet!("names");
pub const HOURS: Sheet = sheet!("hours");
pub const WEEKDAYS: Sheet = sheet!("weekdays");
pub const WEEK: Sheet = sheet!("week");
pub const PRICES: Sheet = sheet!("prices");

/// What those about hours and days read.
pub const CLOCK: Sheet = sheet!("clock");

/// Those that facts come from.
pub const SHEETS: [Sheet; 6] = [TOTALS, NUMERIC, FUNNEL, NAMES, HOURS, WEEKDAYS];

/// One row: the segment (0 is the shop), then the other columns.
pub struct Line {
    /// Segment id; 0 is the whole shop.
    pub segment: u32,
    cells: Vec<Option<Value>>,
}

impl Line {
    /// The number in column `at` (the first after the segment is 0); zero where there is none.
    pub fn number(&self, at: usize) -> f64 {
        self.known(at).unwrap_or_default()
    }

    /// The number in column `at`, where there is one.
    pub fn known(&self, at: usize) -> Option<f64> {
        self.cells
            .get(at)
            .and_then(Option::as_ref)
            .and_then(Value::number)
    }

    /// The text in column `at`.
    pub fn text(&self, at: usize) -> &str {
        match self.cells.get(at).and_then(Option::as_ref) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The cells as people read them: numbers to two decimals.
    pub fn cells(&self) -> impl Iterator<Item = Option<Value>> + '_ {
        self.cells.iter().map(|cell| match cell {
            Some(Value::Number(number)) => Some(Value::Number(round2(*number))),
            other => other.clone(),
        })
    }
}

impl Sheet {
    /// Runs the file: column names and rows.
    pub fn read(self, connection: &Connection) -> Result<(Vec<String>, Vec<Line>)> {
        let read = || -> duckdb::Result<_> {
            let mut statement = connection.prepare(self.sql)?;
            let mut rows = statement.query([])?;
            let names = rows
                .as_ref()
                .map(duckdb::Statement::column_names)
                .unwrap_or_default();
            let mut lines = Vec::new();
            while let Some(row) = rows.next()? {
                let cells = (1..names.len())
                    .map(|at| Ok(value(row.get_ref(at)?)))
                    .collect::<duckdb::Result<_>>()?;
                lines.push(Line {
                    segment: row.get(0)?,
                    cells,
                });
            }
            Ok((names, lines))
        };
        read().map_err(Error::duck(self.source))
    }
}

fn value(cell: ValueRef<'_>) -> Option<Value> {
    Some(match cell {
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Double(number) => Value::Number(number),
        ValueRef::Float(number) => Value::Number(f64::from(number)),
        ValueRef::BigInt(number) => Value::Number(number as f64),
        ValueRef::HugeInt(number) => Value::Number(number as f64),
        ValueRef::Int(number) => Value::Number(f64::from(number)),
        ValueRef::UInt(number) => Value::Number(f64::from(number)),
        ValueRef::Decimal(number) => Value::Number(number.to_string().parse().unwrap_or_default()),
        _ => return None,
    })
}
