//! `assignments.parquet`, written by `DuckDB` out of memory.

use std::path::Path;

use duckdb::{Connection, params};

use super::{Assignment, Choice, rounded, table};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::records::Run;

/// Rows between two looks at the cancel flag.
const BATCH: usize = 50_000;

/// Writes the assignments to the file `path`.
pub fn write(
    run: &Run,
    assignments: &[Assignment],
    choice: &Choice<'_>,
    path: &Path,
    progress: &Progress,
) -> Result<()> {
    let (as_of, names) = (table::as_of(run), table::names(run, choice));
    let doing = || format!("writing {}", path.display());
    let Some(name) = path.to_str() else {
        return Err(Error::failed(
            path.display(),
            "the name is not UTF-8",
            "export into a folder with another name",
        ));
    };
    let db = Connection::open_in_memory().map_err(Error::duck(doing()))?;
    db.execute_batch(include_str!("../../sql/export/open.sql"))
        .map_err(Error::duck(doing()))?;
    {
        let mut rows = db.appender("assignments").map_err(Error::duck(doing()))?;
        for batch in assignments.chunks(BATCH) {
            progress.check()?;
            for row in batch {
                let name = names.get(&row.segment).map_or("", String::as_str);
                rows.append_row(params![
                    row.user,
                    row.segment,
                    rounded(row.distance),
                    run.id,
                    as_of,
                    name,
                    row.previous,
                    rounded(row.probability),
                    row.next,
                    rounded(row.margin)
                ])
                .map_err(Error::duck(doing()))?;
            }
        }
        rows.flush().map_err(Error::duck(doing()))?;
    }
    db.execute("SET VARIABLE out = ?", [name])
        .map_err(Error::duck(doing()))?;
    db.execute_batch(include_str!("../../sql/export/parquet.sql"))
        .map_err(Error::duck(doing()))
}
