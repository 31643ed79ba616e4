//! What the catalog keeps of single persons: who was forgotten, who is kept and not used; and how they leave it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::campaigns::Drawn;
use super::catalog::Catalog;
use crate::error::{Error, Result};

/// Somebody who was forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The second hash of a pseudonym.
    pub person: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Whether the erasure has gone through all stores.
    pub is_finished: bool,
}

impl Catalog {
    /// The tombstones, in the order of their hashes.
    pub fn tombstones(&self) -> Result<Vec<Tombstone>> {
        self.connection
            .prepare("SELECT person, at, finished_at IS NOT NULL FROM tombstones ORDER BY person")
            .and_then(|mut all| {
                all.query_map([], |row| {
                    Ok(Tombstone {
                        person: row.get(0)?,
                        at: row.get(1)?,
                        is_finished: row.get(2)?,
                    })
                })?
                .collect()
            })
            .map_err(Error::sqlite("reading tombstones"))
    }

    /// How often somebody was forgotten: a run that was begun before is not published after.
    pub fn forgotten(&self) -> Result<u64> {
        forgotten(&self.connection).map_err(Error::sqlite("reading tombstones"))
    }

    /// Puts tombstones up for these hashes; finished ones are begun again.
    pub fn put_tombstones(&mut self, persons: &[String]) -> Result<()> {
        let at = jiff::Timestamp::now().to_string();
        self.write("putting up a tombstone", |transaction| {
            for person in persons {
                transaction.execute(
                    "INSERT INTO tombstones (person, at) VALUES (?1, ?2)
                     ON CONFLICT (person) DO UPDATE SET finished_at = NULL",
                    [person, &at],
                )?;
            }
            transaction.execute(
                "INSERT INTO meta (name, value) VALUES ('forgotten', '1')
                 ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
                [],
            )?;
            Ok(())
        })
    }

    /// Notes that nothing of these persons is left in any store.
    pub fn finish_tombstones(&mut self, persons: &[String]) -> Result<()> {
        let at = jiff::Timestamp::now().to_string();
        let sql = "UPDATE tombstones SET finished_at = ?2 WHERE person = ?1";
        self.write("finishing an erasure", |transaction| {
            for person in persons {
                transaction.execute(sql, [person, &at])?;
            }
            Ok(())
        })
    }

    /// Lets these persons come back; returns whether any was barred.
    pub fn remove_tombstones(&mut self, persons: &[String]) -> Result<bool> {
        let sql = "DELETE FROM tombstones WHERE person = ?1 AND finished_at IS NOT NULL";
        self.write("removing a tombstone", |transaction| {
            let mut removed = 0;
            for person in persons {
                removed += transaction.execute(sql, [person])?;
            }
            Ok(removed > 0)
        })
    }

    /// Pseudonyms of those who are kept and not used, in order.
    pub fn restricted(&self) -> Result<Vec<String>> {
        self.connection
            .prepare("SELECT user FROM restricted ORDER BY user")
            .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect())
            .map_err(Error::sqlite("reading restrictions"))
    }

    /// Restricts these pseudonyms, or lifts that; returns how many changed.
    pub fn restrict(&mut self, users: &BTreeSet<String>, lift: bool) -> Result<u64> {
        let at = jiff::Timestamp::now().to_string();
        self.write("keeping a restriction", |transaction| {
            let mut changed = 0;
            for user in users {
                changed += if lift {
                    transaction.execute("DELETE FROM restricted WHERE user = ?1", [user])?
                } else {
                    let sql =
                        "INSERT INTO restricted (user, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
                    transaction.execute(sql, [user, &at])?
                };
            }
            Ok(changed as u64)
        })
    }

    /// The campaigns that a pseudonym was drawn for, with the channel of each.
    pub fn drawn_for(&self, user: &str) -> Result<Vec<(i64, String, Drawn)>> {
        let sql = "SELECT campaign_id, channel, segment_id, is_held, drawn_on FROM campaign_members WHERE user = ?1
                   ORDER BY campaign_id";
        self.connection
            .prepare(sql)
            .and_then(|mut all| {
                all.query_map([user], |row| {
                    let drawn = Drawn {
                        user: user.to_owned(),
                        segment: row.get(2)?,
                        is_held: row.get(3)?,
                        on: row.get(4)?,
                    };
                    Ok((row.get(0)?, row.get(1)?, drawn))
                })?
                .collect()
            })
            .map_err(Error::sqlite("reading audiences"))
    }

    /// Deletes what the catalog holds of these pseudonyms; returns the rows of campaigns that went.
    pub fn erase(&mut self, users: &BTreeSet<String>) -> Result<u64> {
        self.delete_securely()?;
        self.write("erasing a person", |transaction| {
            let mut rows = 0;
            for user in users {
                rows +=
                    transaction.execute("DELETE FROM campaign_members WHERE user = ?1", [user])?;
                transaction.execute("DELETE FROM restricted WHERE user = ?1", [user])?;
            }
            Ok(rows as u64)
        })
    }

    /// Deletes from runs the facts, charts and narratives that tell one of these texts, which nobody has any more. Facts about fewer
    /// people than a run's smallest group are none, so only runs of very small groups hold some.
    pub fn erase_texts(&mut self, runs: &[i64], texts: &[String]) -> Result<()> {
        let quoted: Vec<String> = texts
            .iter()
            .map(|text| serde_json::Value::String(text.clone()).to_string())
            .collect();
        // In prose a text stands without quotation marks of its own; very short ones would match anything.
        let bare = |text: &str| text.trim_matches('"').chars().count() > 3;
        let tells = |json: &str| quoted.iter().any(|text| json.contains(text.as_str()));
        let narrates = |json: &str| {
            quoted
                .iter()
                .any(|text| bare(text) && json.contains(text.trim_matches('"')))
        };
        self.delete_securely()?;
        self.write("erasing texts", |transaction| {
            for run in runs {
                for (table, column, is_told) in [
                    ("facts", "fact", &tells as &dyn Fn(&str) -> bool),
                    ("narratives", "narrative", &narrates),
                ] {
                    let rows = rows(transaction, table, column, *run)?;
                    for (row, _) in rows.iter().filter(|(_, json)| is_told(json)) {
                        transaction
                            .execute(&format!("DELETE FROM {table} WHERE rowid = ?1"), [row])?;
                    }
                }
                for (row, _) in rows(transaction, "segments", "charts", *run)?
                    .iter()
                    .filter(|(_, json)| tells(json))
                {
                    transaction
                        .execute("UPDATE segments SET charts = '{}' WHERE rowid = ?1", [row])?;
                }
            }
            Ok(())
        })
    }

    /// Adds a note to runs whose figures still count what was erased; one that stands there already is not repeated.
    pub fn note_runs(&mut self, runs: &[i64], note: &str) -> Result<()> {
        self.write("marking runs", |transaction| {
            for run in runs {
                let notes: Option<String> = transaction
                    .query_row("SELECT notes FROM runs WHERE run_id = ?1", [run], |row| {
                        row.get(0)
                    })
                    .optional()?;
                let mut notes: Vec<String> = notes
                    .and_then(|text| serde_json::from_str(&text).ok())
                    .unwrap_or_default();
                if notes.iter().any(|one| one == note) {
                    continue;
                }
                notes.push(note.to_owned());
                transaction.execute(
                    "UPDATE runs SET notes = ?2 WHERE run_id = ?1",
                    params![run, super::catalog::to_json(&notes)?],
                )?;
            }
            Ok(())
        })
    }

    /// Deletes runs with their segments, facts and texts, and who was drawn before a day (ISO 8601); returns both counts.
    pub fn retire(&mut self, runs: &[i64], drawn_before: &str) -> Result<(u64, u64)> {
        self.delete_securely()?;
        self.write("deleting what is old", |transaction| {
            let mut gone = 0;
            for run in runs {
                gone += transaction.execute("DELETE FROM runs WHERE run_id = ?1", [run])?;
            }
            let drawn = transaction.execute(
                "DELETE FROM campaign_members WHERE drawn_on < ?1",
                [drawn_before],
            )?;
            Ok((gone as u64, drawn as u64))
        })
    }

    /// From now on what is deleted is overwritten.
    fn delete_securely(&self) -> Result<()> {
        self.connection
            .pragma_update(None, "secure_delete", true)
            .map_err(Error::sqlite("preparing an erasure"))
    }

    /// Writes the catalog anew and empties its log, so that no byte of what was deleted stays in either. False where another
    /// process reads at this moment: then its log is emptied when that one closes.
    pub fn compact(&mut self) -> Result<bool> {
        let doing = "writing the catalog anew";
        self.connection
            .pragma_update(None, "secure_delete", true)
            .and_then(|()| self.connection.execute_batch("VACUUM"))
            .map_err(Error::sqlite(doing))?;
        let busy: i64 = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(Error::sqlite(doing))?;
        Ok(busy == 0)
    }
}

/// The rows of a run's table with a column of JSON.
fn rows(
    connection: &Connection,
    table: &str,
    column: &str,
    run: i64,
) -> rusqlite::Result<Vec<(i64, String)>> {
    connection
        .prepare(&format!(
            "SELECT rowid, {column} FROM {table} WHERE run_id = ?1"
        ))?
        .query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// How often somebody was forgotten.
pub(super) fn forgotten(connection: &Connection) -> rusqlite::Result<u64> {
    let kept: Option<String> = connection
        .query_row(
            "SELECT value FROM meta WHERE name = 'forgotten'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(kept.and_then(|text| text.parse().ok()).unwrap_or(0))
}
