//! The events of another workspace, taken in.

use std::collections::HashSet;

use duckdb::Connection;
use serde::Serialize;

use super::{barred, counts};
use crate::error::{Error, Result};
use crate::privacy::second_hash;
use crate::progress::{Progress, Stage};
use crate::records::Input;
use crate::settings::Settings;
use crate::workspace::{Key, NextGeneration, Workspace, detach, duck};

/// What a merge brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// The other workspace's rows; a duplicate is one that was here already.
    pub counts: Input,
    /// Lines that people said there and not here: aliases, consents, attributes and their kin.
    pub said: u64,
}

/// Takes the events of `other`, and what people said there, into a new generation of `workspace`. Both must have been made
/// with the same key. A second time brings nothing: rows are known by their keyed hash.
///
/// # Errors
/// [`Error::Failed`] where `other` has no events or another key; [`Error::Busy`] where another process is writing.
pub fn merge(
    workspace: &Workspace,
    key: &Key,
    other: &Workspace,
    settings: &Settings,
    progress: &Progress,
) -> Result<Merged> {
    progress.stage(Stage::Ingest, None);
    let same = |layout: &crate::workspace::Layout| layout.root().canonicalize().ok();
    if same(workspace.layout()) == same(other.layout()) {
        return Err(Error::usage(
            other.layout().root().display(),
            "is this workspace itself",
            "name another one",
        ));
    }
    let mut next = NextGeneration::begin(workspace, key, settings)?;
    let columns = next.attach_other(other.layout(), key)?;
    let connection = next.connection();
    let unknown: u64 = connection
        .query_row(include_str!("../../sql/store/other_rows.sql"), [], |row| {
            row.get(0)
        })
        .map_err(Error::duck("store/other_rows.sql"))?;
    if unknown > 0 {
        return Err(Error::failed(
            other.layout().root().display(),
            format!(
                "holds {unknown} rows of an older version, which can't be told from those here"
            ),
            "ingest any file there first: that writes its events anew",
        ));
    }
    progress.check()?;
    duck::run(
        connection,
        "reading the other workspace",
        include_str!("../../sql/store/other.sql"),
    )?;
    let label = other
        .layout()
        .root()
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let said = || -> duckdb::Result<u64> {
        connection.execute(
            "INSERT INTO stage.ingest SELECT coalesce(max(ingest), 0) + 1, ?,
             (SELECT string_agg(name, chr(10) ORDER BY file) FROM stage.files), ? FROM prev.ingests",
            [jiff::Timestamp::now().to_string(), format!("merge of {label}")],
        )?;
        connection.query_row(include_str!("../../sql/store/other_said.sql"), [], |row| {
            row.get(0)
        })
    };
    leave_barred(connection, key, &barred(workspace)?)?;
    let said = said().map_err(Error::duck("reading the other workspace"))?;
    duck::run(
        connection,
        "merging events",
        include_str!("../../sql/store/merge.sql"),
    )?;
    next.write_events(|column| columns.iter().any(|one| one == column))?;
    progress.check()?;
    let (counts, _) = counts(&next)?;
    detach(connection, "other")?;
    if counts.duplicates < counts.rows_read || said > 0 {
        next.publish()?;
    }
    Ok(Merged { counts, said })
}

/// Leaves out of the staged rows those of persons who were forgotten here.
fn leave_barred(connection: &Connection, key: &Key, barred: &HashSet<String>) -> Result<()> {
    if barred.is_empty() {
        return Ok(());
    }
    let mark = || -> duckdb::Result<()> {
        let names: Vec<String> = connection
            .prepare("SELECT pseudonym FROM stage.users")?
            .query_map([], |row| row.get(0))?
            .collect::<duckdb::Result<_>>()?;
        connection.execute_batch("CREATE TEMP TABLE barred (pseudonym VARCHAR)")?;
        let mut insert = connection.prepare("INSERT INTO barred VALUES (?)")?;
        for name in names {
            if barred.contains(&second_hash(key, &name)) {
                insert.execute([name])?;
            }
        }
        Ok(())
    };
    mark().map_err(Error::duck("reading tombstones"))?;
    duck::run(
        connection,
        "privacy/barred.sql",
        include_str!("../../sql/privacy/barred.sql"),
    )
}
