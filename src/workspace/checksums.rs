//! Checksums over the catalog's rows: a changed byte on the disk is an error, never another figure.
//!
//! They find damage, not malice: whoever can write the file can write the checksum.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::catalog::Catalog;
use super::hex;
use crate::error::{Error, Result};

/// What is read together, has one checksum, and is named by this with a number behind it, where it takes one.
struct Part {
    name: &'static str,
    /// Its rows, in an order of their own; `?1` is the number.
    rows: &'static [&'static str],
    /// The numbers that there are; none where it takes none.
    numbers: Option<&'static str>,
}

const PARTS: [Part; 4] = [
    Part {
        name: "run",
        rows: &[
            "SELECT * FROM runs WHERE run_id = ?1",
            "SELECT * FROM segments WHERE run_id = ?1 ORDER BY segment_id",
            "SELECT * FROM facts WHERE run_id = ?1 ORDER BY segment_id, fact_id",
            "SELECT * FROM narratives WHERE run_id = ?1 ORDER BY segment_id, lang",
            "SELECT * FROM decided WHERE run_id = ?1 ORDER BY segment_id",
        ],
        numbers: Some("SELECT run_id FROM runs"),
    },
    Part {
        name: "campaign",
        rows: &[
            "SELECT * FROM campaigns WHERE id = ?1",
            "SELECT * FROM campaign_members WHERE campaign_id = ?1 ORDER BY user",
            "SELECT * FROM campaign_looks WHERE campaign_id = ?1 ORDER BY last_day",
        ],
        numbers: Some("SELECT id FROM campaigns"),
    },
    // What lists show, so that a list need not read every run.
    Part {
        name: "runs",
        rows: &["SELECT run_id, created_at, k, users, silhouette FROM runs ORDER BY run_id"],
        numbers: None,
    },
    // The audit log has a chain of its own, and its head moves with each line.
    Part {
        name: "settings",
        rows: &[
            "SELECT * FROM meta WHERE name <> 'audit_head' ORDER BY name",
            "SELECT * FROM tombstones ORDER BY person",
            "SELECT * FROM restricted ORDER BY user",
        ],
        numbers: None,
    },
];

/// Notes which parts a transaction changed, for one connection.
const WATCH: &str = include_str!("../../sql/catalog/watch.sql");

impl Catalog {
    /// Watches from now on which parts are changed by this connection.
    pub(super) fn watch(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch(WATCH)
    }

    /// Writes in one transaction, with the checksums of what it changed.
    pub(super) fn write<T>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.transact(doing, |transaction| {
            work(transaction).map_err(Error::sqlite(doing))
        })
    }

    /// The same, where the work can fail in other ways, too; then nothing is written.
    pub(super) fn transact<T>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let failed = || Error::sqlite(doing);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed())?;
        let done = work(&transaction)?;
        seal_changed(&transaction).map_err(failed())?;
        transaction.commit().map_err(failed())?;
        Ok(done)
    }

    /// Compares a part with its checksum, within the transaction that reads it.
    ///
    /// # Errors
    /// [`Error::Damaged`] where they differ.
    pub(super) fn verify(&self, part: &str) -> Result<()> {
        let read = || -> rusqlite::Result<(Option<String>, Option<String>)> {
            let kept = self
                .connection
                .query_row(
                    "SELECT sha256 FROM checksums WHERE part = ?1",
                    [part],
                    |row| row.get(0),
                )
                .optional()?;
            Ok((kept, sum(&self.connection, part)?))
        };
        let (kept, is) = read().map_err(Error::sqlite("comparing checksums"))?;
        if kept == is {
            return Ok(());
        }
        Err(Error::damaged(
            "the catalog",
            format!("its part `{part}` is not as it was written (the checksum differs)"),
            "restore the workspace from a copy; `portray doctor` looks at the rest",
        ))
    }

    /// Compares every part that there is, or should be, with its checksum.
    pub(super) fn verify_all(&self) -> Result<()> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut parts: Vec<String> = self
                .connection
                .prepare("SELECT part FROM checksums")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            parts.extend(all(&self.connection)?);
            parts.sort();
            parts.dedup();
            Ok(parts)
        };
        let parts = read().map_err(Error::sqlite("listing checksums"))?;
        parts.iter().try_for_each(|part| self.verify(part))
    }
}

/// Writes the checksums of everything, for a catalog that has none yet or whose tables have other columns by now.
pub(super) fn seal_all(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM checksums", [])?;
    for part in all(transaction)? {
        seal(transaction, &part)?;
    }
    Ok(())
}

/// Writes the checksums of what this transaction changed.
fn seal_changed(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let parts: Vec<String> = transaction
        .prepare("SELECT DISTINCT part FROM temp.changed ORDER BY part")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for part in parts {
        seal(transaction, &part)?;
    }
    transaction.execute("DELETE FROM temp.changed", [])?;
    Ok(())
}

fn seal(transaction: &Transaction<'_>, part: &str) -> rusqlite::Result<()> {
    match sum(transaction, part)? {
        Some(sum) => transaction.execute(
            "INSERT INTO checksums (part, sha256) VALUES (?1, ?2) ON CONFLICT (part) DO UPDATE SET sha256 = excluded.sha256",
            [part, &sum],
        )?,
        None => transaction.execute("DELETE FROM checksums WHERE part = ?1", [part])?,
    };
    Ok(())
}

/// The parts that there are.
fn all(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = Vec::new();
    for part in &PARTS {
        let Some(numbers) = part.numbers else {
            found.push(part.name.to_owned());
            continue;
        };
        let numbers: Vec<i64> = connection
            .prepare(numbers)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        found.extend(
            numbers
                .iter()
                .map(|number| format!("{}/{number}", part.name)),
        );
    }
    Ok(found)
}

/// The checksum of a part's rows; none where it has none.
fn sum(connection: &Connection, part: &str) -> rusqlite::Result<Option<String>> {
    let (name, number) = part.split_once('/').unwrap_or((part, ""));
    let number: Option<i64> = number.parse().ok();
    let mut hasher = Sha256::new();
    let mut count = 0_u64;
    let known = PARTS.iter().filter(|known| known.name == name);
    for (table, sql) in known.flat_map(|known| known.rows.iter().enumerate()) {
        let mut statement = connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = match number {
            Some(number) => statement.query([number])?,
            None => statement.query([])?,
        };
        while let Some(row) = rows.next()? {
            count += 1;
            hasher.update([u8::try_from(table).unwrap_or(u8::MAX)]);
            for column in 0..columns {
                cell(&mut hasher, row.get_ref(column)?);
            }
        }
    }
    Ok((count > 0).then(|| hex(&hasher.finalize())))
}

/// A cell by its type, its length and its bytes, so that no two rows of cells look alike.
fn cell(hasher: &mut Sha256, value: ValueRef<'_>) {
    let mut add = |kind: u8, bytes: &[u8]| {
        hasher.update([kind]);
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    match value {
        ValueRef::Null => add(0, &[]),
        ValueRef::Integer(number) => add(1, &number.to_le_bytes()),
        ValueRef::Real(number) => add(2, &number.to_bits().to_le_bytes()),
        ValueRef::Text(text) => add(3, text),
        ValueRef::Blob(bytes) => add(4, bytes),
    }
}
