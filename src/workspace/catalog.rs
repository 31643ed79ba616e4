//! The SQLite catalog: runs, segments, facts and narratives, read by many while one writes.

use std::path::Path;
use std::time::Duration;

use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Row, Transaction, TransactionBehavior, params,
};

use crate::error::{Error, Result};
use crate::records::{Fact, Narrative, Run, Segment, SegmentKind};
use crate::words::{Both, Lang};

/// Each migration makes the catalog's version one higher.
const MIGRATIONS: &[&str] = &[
    include_str!("../../sql/catalog/001_runs.sql"),
    include_str!("../../sql/catalog/002_seconds.sql"),
    include_str!("../../sql/catalog/003_reconciliation.sql"),
    include_str!("../../sql/catalog/004_neighbours.sql"),
    include_str!("../../sql/catalog/005_rules.sql"),
    include_str!("../../sql/catalog/006_decided.sql"),
    include_str!("../../sql/catalog/007_evidence.sql"),
    include_str!("../../sql/catalog/008_campaigns.sql"),
    include_str!("../../sql/catalog/009_privacy.sql"),
    include_str!("../../sql/catalog/010_checksums.sql"),
];

/// The version of the catalog that this program writes.
pub const CATALOG_VERSION: usize = MIGRATIONS.len();

/// One line about a run, for lists.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct RunSummary {
    /// Number of the run.
    pub id: i64,
    /// When it was published, RFC 3339 in UTC.
    pub created_at: String,
    /// Clusters.
    pub k: usize,
    /// Users.
    pub users: u64,
    /// Mean silhouette.
    pub silhouette: Option<f64>,
    /// The fewest people that anything in it is about, where the workspace was protected when it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k_min: Option<u64>,
}

/// An open catalog.
pub struct Catalog {
    pub(super) connection: Connection,
}

impl Catalog {
    /// Opens the catalog, making it or bringing it up to date where that is needed and allowed.
    ///
    /// # Errors
    /// [`Error::Failed`] where a newer program made it; [`Error::Catalog`] where it is not SQLite.
    pub fn open(path: &Path) -> Result<Self> {
        let doing = || format!("opening {}", path.display());
        let connection = match Connection::open(path).and_then(|c| prepare(&c).map(|()| c)) {
            Ok(connection) => connection,
            // A folder that may only be read, or has no room: what stands there can still be looked at.
            Err(error) if path.exists() && (is_read_only(&error) || is_full(&error, path)) => {
                let uri = format!("file:{}?immutable=1", uri_path(path));
                Connection::open_with_flags(
                    uri,
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
                )
                .map_err(Error::sqlite(doing()))?
            }
            Err(error) => return Err(Error::sqlite(doing())(error)),
        };
        let mut catalog = Self { connection };
        catalog.migrate(path)?;
        catalog.watch().map_err(Error::sqlite(doing()))?;
        catalog.verify("settings")?;
        Ok(catalog)
    }

    fn version(&self) -> Result<usize> {
        self.connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(Error::sqlite("reading its version"))
    }

    fn migrate(&mut self, path: &Path) -> Result<()> {
        let known = MIGRATIONS.len();
        let version = self.version()?;
        if version > known {
            return Err(Error::failed(
                path.display(),
                format!("is of version {version}, this program knows {known}"),
                "use a newer portray, or another --workspace",
            ));
        }
        if version == known {
            return Ok(());
        }
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::sqlite("migrating"))?;
        // Another process may have migrated while this one waited.
        let version: usize = transaction
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(Error::sqlite("migrating"))?;
        for (number, migration) in MIGRATIONS.iter().enumerate().skip(version) {
            transaction
                .execute_batch(migration)
                .map_err(Error::sqlite("migrating"))?;
            transaction
                .pragma_update(None, "user_version", number + 1)
                .map_err(Error::sqlite("migrating"))?;
        }
        super::checksums::seal_all(&transaction).map_err(Error::sqlite("migrating"))?;
        transaction.commit().map_err(Error::sqlite("migrating"))
    }

    /// Keeps `value` under `name` where nothing is kept there; what is kept afterwards.
    pub fn meta(&mut self, name: &str, value: &str) -> Result<String> {
        if let Some(kept) = self.get_meta(name)? {
            return Ok(kept);
        }
        self.write("writing meta", |transaction| {
            transaction.execute(
                "INSERT OR IGNORE INTO meta (name, value) VALUES (?1, ?2)",
                [name, value],
            )?;
            let sql = "SELECT value FROM meta WHERE name = ?1";
            transaction.query_row(sql, [name], |row| row.get(0))
        })
    }

    /// What is kept under `name`; none where nothing is.
    pub fn get_meta(&self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM meta WHERE name = ?1";
        self.connection
            .query_row(sql, [name], |row| row.get(0))
            .optional()
            .map_err(Error::sqlite("reading meta"))
    }

    /// Keeps `value` under `name`, whatever was kept there.
    pub fn set_meta(&mut self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.write("writing meta", |transaction| {
            transaction.execute(sql, [name, value]).map(|_| ())
        })
    }

    /// Looks through the whole file for damage.
    pub fn check(&self) -> Result<()> {
        let says: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(Error::sqlite("checking it"))?;
        if says != "ok" {
            return Err(Error::damaged(
                "the catalog",
                says,
                "restore it from a copy",
            ));
        }
        self.verify_all()
    }

    /// The published runs, newest first.
    pub fn runs(&self) -> Result<Vec<RunSummary>> {
        let _same_state = self.reading()?;
        self.verify("runs")?;
        let read = || -> rusqlite::Result<Vec<RunSummary>> {
            self.connection
                .prepare("SELECT run_id, created_at, k, users, silhouette, json_extract(recipe, '$.settings.k_min') FROM runs ORDER BY run_id DESC")?
                .query_map([], |row| {
                    Ok(RunSummary {
                        id: row.get(0)?,
                        created_at: row.get(1)?,
                        k: row.get(2)?,
                        users: row.get(3)?,
                        silhouette: row.get(4)?,
                        k_min: row.get(5)?,
                    })
                })?
                .collect()
        };
        read().map_err(Error::sqlite("listing runs"))
    }

    /// The run of that number, or the newest, with narratives in `lang` where they exist in it, else in the other.
    pub fn run(&self, id: Option<i64>, lang: Lang) -> Result<Option<Run>> {
        let read = || -> rusqlite::Result<Option<Run>> {
            let sql = "SELECT run_id, created_at, seed, k, users, silhouette, inertia, currency, input, candidates, notes, recipe, seconds, reconciliation, rules, cohorts, week, evidence
                       FROM runs WHERE ?1 IS NULL OR run_id = ?1 ORDER BY run_id DESC LIMIT 1";
            let Some(mut run) = self.connection.query_row(sql, [id], read_run).optional()? else {
                return Ok(None);
            };
            run.segments = self.segments(run.id, lang)?;
            Ok(Some(run))
        };
        let _same_state = self.reading()?;
        // Which run is the newest comes from an index that damage can shorten.
        let newest = match id {
            Some(id) => Some(id),
            None => self.runs_newest()?,
        };
        if let Some(id) = newest {
            self.verify(&format!("run/{id}"))?;
        }
        read().map_err(Error::sqlite("reading a run"))
    }

    fn runs_newest(&self) -> Result<Option<i64>> {
        self.connection
            .query_row("SELECT max(run_id) FROM runs", [], |row| row.get(0))
            .map_err(Error::sqlite("reading a run"))
    }

    /// What is read while it lives is of one state of the file.
    pub(super) fn reading(&self) -> Result<Transaction<'_>> {
        self.connection
            .unchecked_transaction()
            .map_err(Error::sqlite("beginning to read"))
    }

    fn segments(&self, run: i64, lang: Lang) -> rusqlite::Result<Vec<Segment>> {
        let mut segments: Vec<Segment> = self
            .connection
            .prepare("SELECT segment_id, kind, name_en, name_zh, users, share, nearest, previous, withheld, charts, given_name, coalesce(tags, '[]'), note, standing
                      FROM segments LEFT JOIN decided USING (run_id, segment_id) WHERE run_id = ?1 ORDER BY segment_id")?
            .query_map([run], |row| {
                Ok(Segment {
                    id: row.get(0)?,
                    kind: from_json(row, 1, |text| format!("\"{text}\""))?,
                    name: Both::new(row.get::<_, String>(2)?, row.get::<_, String>(3)?),
                    users: row.get(4)?,
                    share: row.get(5)?,
                    nearest: row.get(6)?,
                    previous: row.get(7)?,
                    withheld: from_json(row, 8, str::to_owned)?,
                    charts: from_json(row, 9, str::to_owned)?,
                    given_name: row.get(10)?,
                    tags: from_json(row, 11, str::to_owned)?,
                    note: row.get(12)?,
                    standing: from_json(row, 13, str::to_owned)?,
                    facts: Vec::new(),
                    narrative: None,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut facts = self.connection.prepare(
            "SELECT fact FROM facts WHERE run_id = ?1 AND segment_id = ?2 ORDER BY position",
        )?;
        let mut narrative = self.connection.prepare(
            "SELECT narrative FROM narratives WHERE run_id = ?1 AND segment_id = ?2 ORDER BY lang <> ?3, lang LIMIT 1",
        )?;
        for segment in &mut segments {
            segment.facts = facts
                .query_map(params![run, segment.id], |row| {
                    from_json::<Fact>(row, 0, str::to_owned)
                })?
                .collect::<rusqlite::Result<_>>()?;
            segment.narrative = narrative
                .query_row(params![run, segment.id, lang.to_string()], |row| {
                    from_json::<Narrative>(row, 0, str::to_owned)
                })
                .optional()?;
        }
        Ok(segments)
    }

    /// Publishes `run` in one transaction under the next number, which it returns.
    ///
    /// `place` is called with the number before the commit, to put the run's files in their place;
    /// where it fails nothing is published. `forgotten` is [`Self::forgotten`] of when the run was begun.
    ///
    /// # Errors
    /// [`Error::Failed`] where somebody was forgotten since then: the run may count that person.
    pub fn publish(
        &mut self,
        run: &Run,
        forgotten: u64,
        place: impl FnOnce(i64) -> Result<()>,
    ) -> Result<i64> {
        let doing = "publishing a run";
        self.transact(doing, |transaction| {
            let by_now = super::persons::forgotten(transaction).map_err(Error::sqlite(doing))?;
            if by_now != forgotten {
                return Err(Error::failed(
                    "the run",
                    "somebody was forgotten while it was made, and it may count that person",
                    "make it again",
                ));
            }
            let next = "SELECT coalesce(max(run_id), 0) + 1 FROM runs";
            let id: i64 = transaction
                .query_row(next, [], |row| row.get(0))
                .map_err(Error::sqlite(doing))?;
            insert_run(transaction, id, run).map_err(Error::sqlite(doing))?;
            place(id)?;
            Ok(id)
        })
    }

    /// Replaces names, narratives and recipe of a published run in one transaction; texts that a person wrote or stands
    /// by stay.
    pub fn put_narratives(&mut self, run: &Run) -> Result<()> {
        self.write("keeping narratives", |transaction| {
            transaction.execute(
                "UPDATE runs SET recipe = ?2, seconds = ?3 WHERE run_id = ?1",
                params![run.id, to_json(&run.recipe)?, to_json(&run.seconds)?],
            )?;
            for segment in &run.segments {
                transaction.execute(
                    "UPDATE segments SET name_en = ?3, name_zh = ?4 WHERE run_id = ?1 AND segment_id = ?2",
                    params![run.id, segment.id, segment.name.en, segment.name.zh],
                )?;
                insert_narrative(transaction, run.id, segment)?;
            }
            Ok(())
        })
    }

    /// Replaces a segment's text, whoever wrote the one before.
    pub fn put_text(&mut self, run: i64, segment: u32, narrative: &Narrative) -> Result<()> {
        self.write("keeping a text", |transaction| {
            transaction.execute(
                "INSERT INTO narratives (run_id, segment_id, lang, narrative) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (run_id, segment_id, lang) DO UPDATE SET narrative = excluded.narrative",
                params![run, segment, narrative.lang.to_string(), to_json(narrative)?],
            )?;
            Ok(())
        })
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)
}

pub(super) fn is_read_only(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
    matches!(
        error.sqlite_error_code(),
        Some(ReadOnly | CannotOpen | PermissionDenied)
    )
}

/// Whether a full disk keeps SQLite from opening a file whose log holds nothing: without that file alone is the state.
fn is_full(error: &rusqlite::Error, path: &Path) -> bool {
    use rusqlite::ErrorCode::{DiskFull, SystemIoFailure};
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    matches!(error.sqlite_error_code(), Some(DiskFull | SystemIoFailure))
        && std::fs::metadata(log).map_or(true, |log| log.len() == 0)
}

/// A path as a SQLite URI takes it: `?`, `#` and `%` would end or escape it.
fn uri_path(path: &Path) -> String {
    path.to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}

pub(super) fn to_json(value: &impl serde::Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn from_json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
    dress: impl Fn(&str) -> String,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&dress(&text)).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

fn read_run(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        created_at: row.get(1)?,
        seed: from_json(row, 2, str::to_owned)?,
        k: row.get(3)?,
        users: row.get(4)?,
        silhouette: row.get(5)?,
        inertia: row.get(6)?,
        currency: row.get(7)?,
        input: from_json(row, 8, str::to_owned)?,
        candidates: from_json(row, 9, str::to_owned)?,
        notes: from_json(row, 10, str::to_owned)?,
        recipe: from_json(row, 11, str::to_owned)?,
        seconds: from_json(row, 12, str::to_owned)?,
        reconciliation: from_json(row, 13, str::to_owned)?,
        rules: from_json(row, 14, str::to_owned)?,
        cohorts: from_json(row, 15, str::to_owned)?,
        week: from_json(row, 16, str::to_owned)?,
        evidence: from_json(row, 17, str::to_owned)?,
        segments: Vec::new(),
    })
}

fn insert_run(connection: &Connection, id: i64, run: &Run) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO runs (run_id, created_at, seed, k, users, silhouette, inertia, currency, input, candidates, notes, recipe, seconds, reconciliation, rules, cohorts, week, evidence)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            id,
            run.created_at,
            run.seed.to_string(),
            run.k,
            run.users,
            run.silhouette,
            run.inertia,
            run.currency,
            to_json(&run.input)?,
            to_json(&run.candidates)?,
            to_json(&run.notes)?,
            to_json(&run.recipe)?,
            to_json(&run.seconds)?,
            to_json(&run.reconciliation)?,
            to_json(&run.rules)?,
            to_json(&run.cohorts)?,
            to_json(&run.week)?,
            to_json(&run.evidence)?,
        ],
    )?;
    for segment in &run.segments {
        let kind = match segment.kind {
            SegmentKind::Cluster => "cluster",
            SegmentKind::Inactive => "inactive",
            SegmentKind::Rule => "rule",
            SegmentKind::Unmatched => "unmatched",
        };
        connection.execute(
            "INSERT INTO segments (run_id, segment_id, kind, name_en, name_zh, users, share, nearest, previous, withheld, charts, standing)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                id,
                segment.id,
                kind,
                segment.name.en,
                segment.name.zh,
                segment.users,
                segment.share,
                segment.nearest,
                segment.previous,
                to_json(&segment.withheld)?,
                to_json(&segment.charts)?,
                to_json(&segment.standing)?
            ],
        )?;
        let mut insert = connection.prepare_cached(
            "INSERT INTO facts (run_id, segment_id, position, fact_id, fact) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for (position, fact) in segment.facts.iter().enumerate() {
            insert.execute(params![id, segment.id, position, fact.id, to_json(fact)?])?;
        }
        insert_narrative(connection, id, segment)?;
    }
    Ok(())
}

fn insert_narrative(connection: &Connection, run: i64, segment: &Segment) -> rusqlite::Result<()> {
    let Some(narrative) = &segment.narrative else {
        return Ok(());
    };
    connection.execute(
        "INSERT INTO narratives (run_id, segment_id, lang, narrative) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (run_id, segment_id, lang) DO UPDATE SET narrative = excluded.narrative
         WHERE narratives.narrative ->> 'status' <> 'edited'
         AND coalesce(narratives.narrative ->> 'is_accepted', 0) = 0",
        params![
            run,
            segment.id,
            narrative.lang.to_string(),
            to_json(narrative)?
        ],
    )?;
    Ok(())
}
