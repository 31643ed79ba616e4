//! DuckDB connections: always offline, within the given memory, spilling inside the workspace.

use std::path::Path;

use duckdb::arrow::array::{ArrayRef, RecordBatch};
use duckdb::{AccessMode, Config, Connection};

use super::memory::{for_duckdb, for_events};
use super::scratch::spill;
use crate::error::{Error, Result};
use crate::settings::Settings;

/// Opens `file`, or a database in memory, with the settings that every connection has; `temp` is the workspace's folder for
/// temporary files.
///
/// # Errors
/// [`Error::EventStore`] where the file is not a DuckDB file, or a setting is refused.
pub fn connect(file: Option<&Path>, temp: &Path, settings: &Settings) -> Result<Connection> {
    let config = || -> duckdb::Result<Config> {
        let mut config = Config::default()
            .access_mode(AccessMode::Automatic)?
            .threads(i64::try_from(settings.threads).unwrap_or(1))?
            .enable_autoload_extension(false)?
            .with("autoinstall_known_extensions", "false")?
            .with("temp_directory", spill(temp).to_string_lossy())?
            .with("preserve_insertion_order", "true")?;
        if let Some(memory) = settings.memory.clone().or_else(for_duckdb) {
            config = config.max_memory(&memory)?;
        }
        Ok(config)
    };
    let config = config().map_err(|e| {
        Error::usage(
            "--memory or --threads",
            e,
            "a memory limit looks like 4GB, threads are a number from 1",
        )
    })?;
    match file {
        Some(file) => Connection::open_with_flags(file, config),
        None => Connection::open_in_memory_with_flags(config),
    }
    .map_err(Error::duck(file.map_or("opening".into(), |file| {
        format!("opening {}", file.display())
    })))
}

/// Leaves DuckDB as much memory as going over all of so many events needs, where `--memory` names nothing else.
///
/// # Errors
/// [`Error::EventStore`] where DuckDB refuses the limit.
pub fn bound(connection: &Connection, events: u64, settings: &Settings) -> Result<()> {
    match for_events(events).filter(|_| settings.memory.is_none()) {
        Some(limit) => run(
            connection,
            "bounding memory",
            &format!("SET memory_limit = '{limit}'"),
        ),
        None => Ok(()),
    }
}

/// How many events a store holds, by what its ingests say.
///
/// # Errors
/// [`Error::EventStore`] where it does not say.
pub fn events(connection: &Connection, store: &str) -> Result<u64> {
    let sql = format!("SELECT CAST(coalesce(sum(events), 0) AS UBIGINT) FROM {store}.ingests");
    connection
        .query_row(&sql, [], |row| row.get(0))
        .map_err(Error::duck("counting events"))
}

/// DuckDB's version, such as `v1.5.6`; a dash where it does not say.
#[must_use]
pub fn version() -> String {
    let ask = || -> duckdb::Result<String> {
        Connection::open_in_memory()?.query_row("SELECT version()", [], |row| row.get(0))
    };
    ask().unwrap_or_else(|_| "–".to_owned())
}

/// Attaches `file` under `name` (a word of the program's own).
pub fn attach(connection: &Connection, file: &Path, name: &str, read_only: bool) -> Result<()> {
    let path = file.to_string_lossy().replace('\'', "''");
    let mode = if read_only { " (READ_ONLY)" } else { "" };
    connection
        .execute_batch(&format!("ATTACH '{path}' AS {name}{mode}"))
        .map_err(Error::duck(format!("opening {}", file.display())))
}

/// Runs the statements of a file under `sql/`.
pub fn run(connection: &Connection, doing: &str, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(Error::duck(doing))
}

/// Puts rows into a table, named with its database; `doing` is what an error says of it.
///
/// # Errors
/// [`Error::EventStore`] where the table does not take them, [`Error::Failed`] where columns differ in length.
pub fn append(
    connection: &Connection,
    (database, table): (&str, &str),
    columns: Vec<(&str, ArrayRef)>,
    doing: &str,
) -> Result<()> {
    let rows = RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, values)| (name, values, true)),
    )
    .map_err(|e| Error::failed(format!("{doing} {table}"), e, "report this"))?;
    let append = || -> duckdb::Result<()> {
        let mut appender = connection.appender_to_catalog_and_db(table, database, "main")?;
        appender.append_record_batch(rows)?;
        appender.flush()
    };
    append().map_err(Error::duck(format!("{doing} {table}")))
}
