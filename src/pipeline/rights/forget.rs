//! A person is forgotten: in the event store, in the tables of every run, in the catalog; and does not come back.
//!
//! The tombstone comes first, the event store last: an erasure that was cut short is found by its unfinished tombstone
//! as long as anything is left, and the next one ends it.

use std::collections::BTreeSet;
use std::path::Path;

use duckdb::Connection;
use serde::Serialize;
use serde_json::json;

use super::{hashes, names, person, pseudonym, same_person};
use crate::error::{Error, Result};
use crate::privacy::{Who, second_hash};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::workspace::{Catalog, Deed, Entry, Key, NextGeneration, Workspace, duck, sync};

/// The note that a run gets whose figures still count somebody who was forgotten.
const NOTE: &str = "somebody was forgotten since this run was made: its lists are without that person, its facts and texts still count them; `portray segment` makes a new one";

/// What went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// Rows of the event store.
    pub events: u64,
    /// Pseudonyms: the user's, and those of aliases and devices.
    pub pseudonyms: u64,
    /// Search texts that nobody else had typed.
    pub queries: u64,
    /// Consents, opt-outs, attributes, aliases and their kin.
    pub said: u64,
    /// Rows of campaigns.
    pub campaigns: u64,
    /// Rows of the tables of runs: members, features, places.
    pub of_runs: u64,
    /// Runs that counted the person: their facts and texts still do, and say so.
    pub runs: Vec<i64>,
}

/// What a person who asked to be forgotten can be given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Receipt {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The second hash of the person, as the tombstone and the audit log have it.
    pub person: String,
    /// What went.
    pub gone: Forgotten,
    /// Whether the catalog's write-ahead log is empty; false where another process was reading.
    pub is_compact: bool,
    /// Exports that held the person, of those that the audit log knows.
    pub exports: Vec<Entry>,
    /// Rows in quarantine, which name nobody: whether one was of the person cannot be told.
    pub quarantined: u64,
    /// Hash of the line in the audit log; none where nothing was done yet.
    pub audit: Option<String>,
}

/// Forgets a person; without `is_sure` only tells what would go.
///
/// # Errors
/// [`Error::Busy`] where another process writes events; nothing is gone then.
pub fn forget(
    workspace: &Path,
    who: &Who,
    is_sure: bool,
    settings: &Settings,
    progress: &Progress,
) -> Result<Receipt> {
    let workspace = Workspace::open(workspace)?;
    let key = workspace.key()?;
    let name = pseudonym(&key, who);
    let mut receipt = Receipt {
        at: jiff::Timestamp::now().to_string(),
        person: second_hash(&key, &name),
        gone: Forgotten::default(),
        is_compact: false,
        exports: Vec::new(),
        quarantined: 0,
        audit: None,
    };
    let next = if workspace.layout().generations()?.is_empty() {
        None
    } else {
        Some(NextGeneration::begin(&workspace, &key, settings)?)
    };
    let mut catalog = workspace.catalog()?;
    let mut all = BTreeSet::from([name]);
    if let Some(next) = &next {
        let connection = next.connection();
        all.extend(unfinished(connection, &catalog, &key)?);
        person(connection, "prev", &all.iter().cloned().collect::<Vec<_>>())?;
        all.extend(names(connection, "prev")?);
        duck::run(
            connection,
            "privacy/gone_of_person.sql",
            include_str!("../../../sql/privacy/gone_of_person.sql"),
        )?;
        receipt.gone = gone(connection)?;
        receipt.quarantined = count(connection, "SELECT count(*) FROM prev.quarantine")?;
    }
    receipt.gone.campaigns = all
        .iter()
        .map(|user| catalog.drawn_for(user).map(|rows| rows.len() as u64))
        .sum::<Result<u64>>()?;
    if is_sure {
        catalog.put_tombstones(&hashes(&key, &all))?;
    }
    if let Some(next) = &next {
        let keys = keys(next.connection())?;
        for run in catalog.runs()? {
            progress.check()?;
            let rows = clean_run(&workspace, run.id, &keys, is_sure, settings)?;
            receipt.gone.of_runs += rows;
            if rows > 0 {
                receipt.gone.runs.push(run.id);
            }
        }
    }
    receipt.gone.runs.sort_unstable();
    let of_runs = |entry: &Entry| entry.can_hold(&receipt.gone.runs);
    receipt.exports = catalog.audit_log()?.into_iter().filter(of_runs).collect();
    if !is_sure {
        return Ok(receipt);
    }
    catalog.note_runs(&receipt.gone.runs, NOTE)?;
    if let Some(next) = &next {
        catalog.erase_texts(&receipt.gone.runs, &texts(next.connection())?)?;
    }
    catalog.erase(&all)?;
    if let Some(next) = next {
        publish_without(next)?;
    }
    receipt.is_compact = catalog.compact()?;
    catalog.finish_tombstones(&hashes(&key, &all))?;
    let deed = Deed {
        action: "forget",
        run: None,
        person: Some(receipt.person.clone()),
        detail: json!(receipt.gone),
    };
    receipt.audit = Some(workspace.record(deed, settings.operator.as_deref())?);
    Ok(receipt)
}

/// Lets a person who was forgotten come back with the next file; nothing that went comes back with that. Returns the hash of
/// the line in the audit log.
///
/// # Errors
/// [`Error::Failed`] where the person was not forgotten.
pub fn readmit(workspace: &Path, who: &Who, settings: &Settings) -> Result<String> {
    let workspace = Workspace::open(workspace)?;
    let key = workspace.key()?;
    let name = pseudonym(&key, who);
    let all = same_person(&workspace, &name, settings)?;
    if !workspace
        .catalog()?
        .remove_tombstones(&hashes(&key, &all))?
    {
        return Err(Error::failed(
            "the person",
            "was not forgotten here, or the erasure is not finished",
            "check the id; it is read as it stands in the shop's files",
        ));
    }
    let deed = Deed {
        action: "readmit",
        person: Some(second_hash(&key, &name)),
        detail: json!({}),
        ..Deed::default()
    };
    workspace.record(deed, settings.operator.as_deref())
}

/// Writes the next generation without what is in `gone_rows`, `gone_users` and `gone_ingests`, and publishes it.
pub(super) fn publish_without(next: NextGeneration) -> Result<()> {
    duck::run(
        next.connection(),
        "privacy/erase.sql",
        include_str!("../../../sql/privacy/erase.sql"),
    )?;
    next.write_events(|_| false)?;
    next.publish()
}

/// How much goes of the event store; after `gone_rows` and `gone_users` are made.
pub(super) fn gone(connection: &Connection) -> Result<Forgotten> {
    duck::run(
        connection,
        "privacy/gone_texts.sql",
        include_str!("../../../sql/privacy/gone_texts.sql"),
    )?;
    connection
        .query_row(include_str!("../../../sql/privacy/gone.sql"), [], |row| {
            Ok(Forgotten {
                events: row.get(0)?,
                pseudonyms: row.get(1)?,
                queries: row.get(2)?,
                said: row.get(3)?,
                ..Forgotten::default()
            })
        })
        .map_err(Error::duck("privacy/gone.sql"))
}

/// Pseudonyms of those whose erasure was cut short.
fn unfinished(connection: &Connection, catalog: &Catalog, key: &Key) -> Result<Vec<String>> {
    let open: BTreeSet<String> = catalog
        .tombstones()?
        .into_iter()
        .filter(|one| !one.is_finished)
        .map(|one| one.person)
        .collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let read = || -> duckdb::Result<Vec<String>> {
        connection
            .prepare("SELECT pseudonym FROM prev.users")?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    let users = read().map_err(Error::duck("reading pseudonyms"))?;
    let is_open = |user: &String| open.contains(&second_hash(key, user));
    Ok(users.into_iter().filter(is_open).collect())
}

/// Search texts, words of them, codes and names of products that nobody else had.
fn texts(connection: &Connection) -> Result<Vec<String>> {
    let read = || -> duckdb::Result<Vec<Option<String>>> {
        connection
            .prepare(include_str!("../../../sql/privacy/texts.sql"))?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    let found = read().map_err(Error::duck("privacy/texts.sql"))?;
    Ok(found.into_iter().flatten().collect())
}

fn keys(connection: &Connection) -> Result<Vec<i32>> {
    let read = || -> duckdb::Result<Vec<i32>> {
        connection
            .prepare("SELECT user_id FROM person ORDER BY user_id")?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    read().map_err(Error::duck("looking for a person"))
}

fn count(connection: &Connection, sql: &str) -> Result<u64> {
    connection
        .query_row(sql, [], |row| row.get(0))
        .map_err(Error::duck("counting what goes"))
}

/// Writes the tables of a run anew without these users; returns how many rows were theirs. Readers that have the old file open
/// keep it until they close it.
fn clean_run(
    workspace: &Workspace,
    run: i64,
    users: &[i32],
    is_sure: bool,
    settings: &Settings,
) -> Result<u64> {
    let file = workspace.layout().run(run);
    if !file.exists() || users.is_empty() {
        return Ok(0);
    }
    let temp = workspace.temporary("run-")?;
    let connection = duck::connect(None, temp.path(), settings)?;
    duck::attach(&connection, &file, "run", true)?;
    let tables: Vec<(String, bool)> = connection
        .prepare(include_str!("../../../sql/privacy/user_tables.sql"))
        .and_then(|mut all| {
            all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
        .map_err(Error::duck("privacy/user_tables.sql"))?;
    let list = users
        .iter()
        .map(i32::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let mut rows = 0;
    for (table, _) in tables.iter().filter(|(_, has_users)| *has_users) {
        let sql = format!("SELECT count(*) FROM run.{table} WHERE user_id IN ({list})");
        rows += count(&connection, &sql)?;
    }
    if rows == 0 || !is_sure {
        return Ok(rows);
    }
    let clean = temp.path().join("run.duckdb");
    duck::attach(&connection, &clean, "clean", false)?;
    let doing = "writing a run's tables anew";
    duck::run(
        &connection,
        doing,
        "COPY FROM DATABASE run TO clean (SCHEMA)",
    )?;
    for (table, has_users) in &tables {
        let others = if *has_users {
            format!(" WHERE user_id NOT IN ({list})")
        } else {
            String::new()
        };
        let sql = format!("INSERT INTO clean.{table} SELECT * FROM run.{table}{others}");
        duck::run(&connection, doing, &sql)?;
    }
    duck::run(
        &connection,
        doing,
        "CHECKPOINT clean; DETACH clean; DETACH run",
    )?;
    drop(connection);
    sync(&clean)?;
    std::fs::rename(&clean, &file).map_err(Error::io(&file))?;
    file.parent().map_or(Ok(()), sync)?;
    Ok(rows)
}
