//! What a person may ask for: a copy of everything, to be forgotten, to be kept and not used; and what time asks for,
//! that old data goes.

mod everything;
mod forget;
mod record;
mod restrict;
mod retain;
mod unmasked;

use std::collections::BTreeSet;
use std::path::Path;

use duckdb::Connection;

use super::desk::Desk;
use crate::error::{Error, Result};
use crate::events::{Field, pseudonym_of};
use crate::privacy::{Who, canonical_id, second_hash};
use crate::settings::Settings;
use crate::workspace::{Entry, Key, Verified, Workspace, duck};

pub use everything::{Subject, everything};
pub use forget::{Forgotten, Receipt, forget, readmit};
pub use record::{Processing, processing};
pub use restrict::restrict;
pub(super) use retain::of_each_ingest;
pub use retain::{Retained, Retention, retain};
pub use unmasked::{Unmasked, unmasked};

/// The lines of the audit log, the oldest first, and whether they are as they were written.
pub fn audit_log(workspace: &Path) -> Result<(Vec<Entry>, Verified)> {
    let workspace = Workspace::open(workspace)?;
    let key = workspace.key()?;
    let catalog = workspace.catalog()?;
    Ok((catalog.audit_log()?, catalog.verify_audit_log(&key)?))
}

/// The pseudonym of a user, as a person names one.
fn pseudonym(key: &Key, who: &Who) -> String {
    match who {
        Who::Pseudonym(name) => name.trim().to_ascii_lowercase(),
        Who::Id(raw) => {
            let made = pseudonym_of(key, Field::User, canonical_id(raw));
            String::from_utf8_lossy(&made).into_owned()
        }
    }
}

/// Makes the table `person`: the keys of these pseudonyms and of all that are the same person, in a database.
pub(super) fn person(connection: &Connection, database: &str, users: &[String]) -> Result<()> {
    let ask = || -> duckdb::Result<()> {
        connection.execute_batch("CREATE TEMP TABLE asked (pseudonym VARCHAR)")?;
        let mut insert = connection.prepare("INSERT INTO asked VALUES (?)")?;
        for user in users {
            insert.execute([user])?;
        }
        Ok(())
    };
    ask().map_err(Error::duck("looking for a person"))?;
    let sql = include_str!("../../../sql/privacy/person.sql").replace("{store}", database);
    duck::run(connection, "privacy/person.sql", &sql)
}

/// Makes the table `restricted`: the keys of everybody who is kept and not used, and of all that are the same person, in
/// the store that is attached.
pub(crate) fn restricted(connection: &Connection, workspace: &Workspace) -> Result<()> {
    let users = workspace.catalog()?.restricted()?;
    if users.is_empty() {
        let none = "CREATE TEMP TABLE restricted (user_id INTEGER)";
        return duck::run(connection, "reading restrictions", none);
    }
    person(connection, "store", &users)?;
    duck::run(
        connection,
        "reading restrictions",
        "CREATE TEMP TABLE restricted AS SELECT user_id FROM person; DROP TABLE person; DROP TABLE asked;",
    )
}

/// The pseudonyms of all keys in the table `person`.
fn names(connection: &Connection, database: &str) -> Result<BTreeSet<String>> {
    let sql =
        format!("SELECT u.pseudonym FROM {database}.users AS u JOIN person AS p USING (user_id)");
    let read = || -> duckdb::Result<BTreeSet<String>> {
        connection
            .prepare(&sql)?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    read().map_err(Error::duck("reading pseudonyms"))
}

/// The pseudonym and those of all that are the same person, as the published events have them.
fn same_person(
    workspace: &Workspace,
    pseudonym: &str,
    settings: &Settings,
) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::from([pseudonym.to_owned()]);
    if !workspace.layout().generations()?.is_empty() {
        let desk = Desk::of_store(workspace, settings)?;
        person(desk.connection(), "store", &[pseudonym.to_owned()])?;
        found.extend(names(desk.connection(), "store")?);
    }
    Ok(found)
}

/// The second hashes of pseudonyms.
fn hashes(key: &Key, users: &BTreeSet<String>) -> Vec<String> {
    users.iter().map(|user| second_hash(key, user)).collect()
}
