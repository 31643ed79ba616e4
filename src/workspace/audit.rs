//! The audit log: who did what, when, to which run and which person. It is only added to, and each line seals those
//! before it.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::Serialize;
use serde_json::{Value, json};

use super::catalog::Catalog;
use super::{Key, Workspace, hex};
use crate::error::{Error, Result};

/// The name in the catalog's `meta` under which the last line's number and hash stand.
const HEAD: &str = "audit_head";
/// Deeds by which data leaves the workspace.
const LEAVES: [&str; 7] = [
    "export",
    "audience",
    "reidentify",
    "bundle",
    "recommend",
    "sql",
    "seal",
];

/// Something that somebody may ask for one day.
#[derive(Debug, Clone, Default)]
pub struct Deed<'a> {
    /// What was done, in one word or two.
    pub action: &'a str,
    /// The run that it was done to or with.
    pub run: Option<i64>,
    /// The second hash of the person that it was about.
    pub person: Option<String>,
    /// Counts, files and the like; no id, no pseudonym.
    pub detail: Value,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its number, from 1.
    pub id: i64,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The system's user, with the number that the system knows it by.
    pub who: String,
    /// Who it was where logins are shared, as they said.
    pub operator: Option<String>,
    /// What was done.
    pub action: String,
    /// The run.
    pub run: Option<i64>,
    /// The second hash of the person.
    pub person: Option<String>,
    /// Counts, files and the like.
    pub detail: Value,
    /// HMAC-SHA256 under the workspace's key over the hash of the line before and all of this line; empty in lines of versions
    /// that kept none.
    pub hash: String,
}

impl Entry {
    fn seal(&self, key: &Key, before: &str) -> String {
        let all = json!([
            "portray audit log",
            before,
            self.id,
            self.at,
            self.who,
            self.operator,
            self.action,
            self.run,
            self.person,
            self.detail
        ]);
        hex(&key.mac(all.to_string().as_bytes()))
    }
}

impl Entry {
    /// Whether it tells of data that left the workspace.
    #[must_use]
    pub fn is_of_leaving(&self) -> bool {
        LEAVES.contains(&self.action.as_str())
    }

    /// Whether what left can be of one of these runs: what names no run is of all that there is.
    #[must_use]
    pub fn can_hold(&self, runs: &[i64]) -> bool {
        self.is_of_leaving() && self.run.is_none_or(|run| runs.contains(&run))
    }
}

/// What a look through the log found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Lines whose hash is right.
    pub sealed: u64,
    /// Lines of older versions, before the first that has a hash.
    pub unsealed: u64,
    /// What is wrong, one line each; none where all is right.
    pub wrong: Vec<String>,
}

impl Workspace {
    /// Adds a line to the audit log and returns its hash.
    ///
    /// # Errors
    /// [`Error::Catalog`] where the catalog cannot be written.
    pub fn record(&self, deed: Deed<'_>, operator: Option<&str>) -> Result<String> {
        let key = self.key()?;
        let mut catalog = self.catalog()?;
        let write = || -> rusqlite::Result<String> {
            let transaction = catalog
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let (id, before) = last(&transaction)?;
            let mut entry = Entry {
                id: id + 1,
                at: jiff::Timestamp::now().to_string(),
                who: system_user(),
                operator: operator.map(str::to_owned),
                action: deed.action.to_owned(),
                run: deed.run,
                person: deed.person,
                detail: deed.detail,
                hash: String::new(),
            };
            entry.hash = entry.seal(&key, &before);
            transaction.execute(
                "INSERT INTO audit_log (id, at, who, operator, action, run_id, person, detail, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    entry.id,
                    entry.at,
                    entry.who,
                    entry.operator,
                    entry.action,
                    entry.run,
                    entry.person,
                    entry.detail.to_string(),
                    entry.hash
                ],
            )?;
            transaction.execute(
                "INSERT INTO meta (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [HEAD, &format!("{}:{}", entry.id, entry.hash)],
            )?;
            transaction.commit()?;
            Ok(entry.hash)
        };
        write().map_err(Error::sqlite("writing the audit log"))
    }

    /// As [`Self::record`], but where the workspace may only be read the deed goes on and a line for people says that it is
    /// not recorded.
    pub fn record_or_say(&self, deed: Deed<'_>, operator: Option<&str>) -> Result<Option<String>> {
        match self.record(deed, operator) {
            Err(Error::Catalog { source, .. }) if super::catalog::is_read_only(&source) => {
                Ok(Some(
                    "the workspace can only be read: the audit log has no line of this".to_owned(),
                ))
            }
            result => result.map(|_| None),
        }
    }
}

impl Catalog {
    /// The lines of the audit log, the oldest first.
    pub fn audit_log(&self) -> Result<Vec<Entry>> {
        self.connection
            .prepare("SELECT id, at, who, operator, action, run_id, person, detail, hash FROM audit_log ORDER BY id")
            .and_then(|mut all| {
                all.query_map([], |row| {
                    let detail: String = row.get(7)?;
                    Ok(Entry {
                        id: row.get(0)?,
                        at: row.get(1)?,
                        who: row.get(2)?,
                        operator: row.get(3)?,
                        action: row.get(4)?,
                        run: row.get(5)?,
                        person: row.get(6)?,
                        // A detail that does not parse is told as it stands, and fails the check.
                        detail: serde_json::from_str(&detail).unwrap_or(Value::String(detail)),
                        hash: row.get(8)?,
                    })
                })?
                .collect()
            })
            .map_err(Error::sqlite("reading the audit log"))
    }

    /// Whether each line is as it was written, none is missing, and none was put in.
    pub fn verify_audit_log(&self, key: &Key) -> Result<Verified> {
        let entries = self.audit_log()?;
        let mut found = Verified {
            sealed: 0,
            unsealed: 0,
            wrong: Vec::new(),
        };
        let (mut before, mut number) = (String::new(), 0);
        for entry in &entries {
            if entry.id != number + 1 {
                found
                    .wrong
                    .push(format!("a line before line {} is missing", entry.id));
            }
            number = entry.id;
            if entry.hash.is_empty() && before.is_empty() {
                found.unsealed += 1;
            } else if entry.hash == entry.seal(key, &before) {
                found.sealed += 1;
            } else {
                found
                    .wrong
                    .push(format!("line {} is not as it was written", entry.id));
            }
            before.clone_from(&entry.hash);
        }
        let head: Option<String> = self
            .connection
            .query_row("SELECT value FROM meta WHERE name = ?1", [HEAD], |row| {
                row.get(0)
            })
            .optional()
            .map_err(Error::sqlite("reading the audit log"))?;
        let last = entries.last().filter(|entry| !entry.hash.is_empty());
        let own = last.map(|entry| format!("{}:{}", entry.id, entry.hash));
        if head != own {
            found.wrong.push("the last lines are missing".to_owned());
        }
        Ok(found)
    }
}

/// Number and hash of the last line; 0 and nothing before the first.
fn last(connection: &Connection) -> rusqlite::Result<(i64, String)> {
    let sql = "SELECT id, hash FROM audit_log ORDER BY id DESC LIMIT 1";
    let found = connection
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// The user that the system runs this for. The name is the environment's word; the number is the system's own.
pub(super) fn system_user() -> String {
    #[cfg(unix)]
    let number = rustix::process::getuid().as_raw().to_string();
    #[cfg(not(unix))]
    let number = "-".to_owned();
    let name = ["LOGNAME", "USER", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .unwrap_or_default();
    format!(
        "{} ({number})",
        crate::words::clip(&crate::words::clean(&name), 60)
    )
    .trim_start()
    .to_owned()
}
