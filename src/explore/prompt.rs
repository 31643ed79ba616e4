//! A read-only prompt over the event store and a run's tables.

use std::time::Duration;

/// What a query may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most rows fetched.
    pub rows: usize,
    /// Longest time until it is interrupted.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 1_000,
            time: Duration::from_secs(30),
        }
    }
}

/// What a query gave: every cell as text, as DuckDB casts it to VARCHAR. Out of the data, so unclean.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Whether a column holds numbers, for its alignment.
    pub numeric: Vec<bool>,
    /// The rows, none for NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether there were more rows than the limit.
    pub is_cut: bool,
    /// How long it took.
    pub seconds: f64,
}

/// A table or view that the prompt can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// As it is written in a query.
    pub name: String,
    /// Its columns with their types, in order.
    pub columns: Vec<(String, String)>,
}
