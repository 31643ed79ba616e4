//! The facts that a record of processing (GDPR, article 30) and an impact assessment (article 35) need.

use std::collections::BTreeMap;
use std::path::Path;

use duckdb::Connection;
use serde::Serialize;

use super::Desk;
use crate::error::{Error, Result};
use crate::pipeline::settings_of;
use crate::records::multiple;
use crate::settings::Settings;
use crate::workspace::{Entry, Workspace};

/// Whose data it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Subjects {
    /// People with an event.
    pub users: u64,
    /// Companies.
    pub accounts: u64,
    /// Devices.
    pub devices: u64,
    /// Events.
    pub events: u64,
    /// Day of the first event, ISO 8601; none without events.
    pub from: Option<String>,
    /// Day of the last one.
    pub to: Option<String>,
    /// Rows that were left out for want of consent.
    pub without_consent: u64,
}

/// A kind of data in events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// What it is.
    pub field: String,
    /// Events in which it is filled.
    pub events: u64,
}

/// A kind of data that files said of people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// `attribute`, `consent`, `opt-out` or `sign-up date`.
    pub what: String,
    /// Name of the attribute, purpose or channel.
    pub name: String,
    /// People of whom it is said.
    pub people: u64,
    /// Those who agree, of a consent.
    pub agree: Option<u64>,
}

/// Files that were read together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Names of the files.
    pub files: Vec<String>,
    /// Rows read.
    pub rows: u64,
    /// Events that came of them.
    pub events: u64,
}

/// A profiling: a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profiling {
    /// Number of the run.
    pub run: i64,
    /// When it was made.
    pub at: String,
    /// People in it.
    pub users: u64,
    /// Segments.
    pub segments: usize,
    /// Facts about fewer people are not told.
    pub fewest: u64,
    /// Families of features.
    pub features: Vec<String>,
    /// The protected attribute that was audited, never a feature.
    pub protected: Option<String>,
}

/// What a workspace does with data of people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Processing {
    /// Whose data it is.
    pub subjects: Subjects,
    /// What is kept of events.
    pub kept: Vec<Kept>,
    /// What was said of people.
    pub said: Vec<Said>,
    /// Where the data comes from.
    pub sources: Vec<Source>,
    /// What is made of it.
    pub profiling: Vec<Profiling>,
    /// Days that events are kept, where each ingest deletes older ones.
    pub kept_days: Option<u32>,
    /// Lines of the audit log by what was done.
    pub deeds: BTreeMap<String, u64>,
    /// What left the workspace: exports, bundles, audiences, seals.
    pub recipients: Vec<Entry>,
    /// Pseudonyms of people who were forgotten.
    pub forgotten: u64,
    /// People whose data is kept and not used.
    pub restricted: usize,
    /// Whether the audit log is as it was written.
    pub log_is_whole: bool,
    /// Whether nobody but its owner can enter the workspace; none where the system has no such permissions.
    pub is_closed: Option<bool>,
    /// Nothing is told about fewer people, and counts are multiples of it; none where the workspace is not protected.
    pub k_min: Option<u64>,
}

/// Gathers the facts of a record of processing. No person is told, and nothing is written.
///
/// # Errors
/// [`Error::Failed`] where there is no workspace.
pub fn processing(workspace: &Path, settings: &Settings) -> Result<Processing> {
    let workspace = Workspace::open(workspace)?;
    let catalog = workspace.catalog()?;
    let desk = Desk::of_store(&workspace, settings)?;
    let connection = desk.connection();
    let log = catalog.audit_log()?;
    let mut deeds = BTreeMap::new();
    for entry in &log {
        *deeds.entry(entry.action.clone()).or_default() += 1;
    }
    let mut profiling = Vec::new();
    for summary in catalog.runs()? {
        if let Some(run) = catalog.run(Some(summary.id), settings.lang)? {
            profiling.push(profile(&run)?);
        }
    }
    let recipients = log.into_iter().filter(Entry::is_of_leaving).collect();
    let mut found = Processing {
        subjects: subjects(connection)?,
        kept: kept(connection)?,
        said: said(connection)?,
        sources: sources(connection)?,
        profiling,
        kept_days: catalog
            .get_meta("retain_days")?
            .and_then(|days| days.parse().ok()),
        deeds,
        recipients,
        forgotten: catalog.forgotten()?,
        restricted: catalog.restricted()?.len(),
        log_is_whole: catalog
            .verify_audit_log(&workspace.key()?)?
            .wrong
            .is_empty(),
        is_closed: is_closed(&workspace)?,
        k_min: catalog.k_min()?,
    };
    if let Some(k) = found.k_min {
        found.coarsen(k);
    }
    Ok(found)
}

impl Processing {
    /// Leaves nothing about fewer than `k` people, and no exact count of them.
    fn coarsen(&mut self, k: u64) {
        let of = &mut self.subjects;
        for count in [
            &mut of.users,
            &mut of.accounts,
            &mut of.devices,
            &mut of.events,
            &mut of.without_consent,
        ] {
            *count = multiple(*count, k);
        }
        self.kept
            .iter_mut()
            .for_each(|kept| kept.events = multiple(kept.events, k));
        self.said.retain(|said| said.people >= k);
        for said in &mut self.said {
            said.people = multiple(said.people, k);
            said.agree = said.agree.map(|agree| multiple(agree, k));
        }
        for source in &mut self.sources {
            source.rows = multiple(source.rows, k);
            source.events = multiple(source.events, k);
        }
        self.profiling
            .iter_mut()
            .for_each(|run| run.users = multiple(run.users, k));
    }
}

fn profile(run: &crate::records::Run) -> Result<Profiling> {
    let settings = settings_of(run)?;
    let sql = run.recipe["sql"].as_object();
    let features = sql
        .into_iter()
        .flat_map(|files| files.keys())
        .filter_map(|file| {
            let name = file.strip_prefix("features/")?.strip_suffix(".sql")?;
            Some(name.to_owned())
        });
    Ok(Profiling {
        run: run.id,
        at: run.created_at.clone(),
        users: run.users,
        segments: run.segments.len(),
        fewest: settings.min_support,
        features: features.collect(),
        protected: settings.protect,
    })
}

#[cfg(unix)]
fn is_closed(workspace: &Workspace) -> Result<Option<bool>> {
    let root = workspace.layout().root();
    let open = crate::workspace::seal::permissions::too_open(root)?;
    Ok(Some(open.iter().all(|(path, _)| path != root)))
}

#[cfg(not(unix))]
fn is_closed(_: &Workspace) -> Result<Option<bool>> {
    Ok(None)
}

fn subjects(connection: &Connection) -> Result<Subjects> {
    connection
        .query_row(
            include_str!("../../../sql/privacy/record_subjects.sql"),
            [],
            |row| {
                Ok(Subjects {
                    users: row.get(0)?,
                    accounts: row.get(1)?,
                    devices: row.get(2)?,
                    events: row.get(3)?,
                    from: row.get(4)?,
                    to: row.get(5)?,
                    without_consent: row.get(6)?,
                })
            },
        )
        .map_err(Error::duck("privacy/record_subjects.sql"))
}

fn kept(connection: &Connection) -> Result<Vec<Kept>> {
    let sql = include_str!("../../../sql/privacy/record_fields.sql");
    let found = list(connection, "privacy/record_fields.sql", sql, |row| {
        Ok(Kept {
            field: row.get(0)?,
            events: row.get(1)?,
        })
    })?;
    Ok(found.into_iter().filter(|kept| kept.events > 0).collect())
}

fn said(connection: &Connection) -> Result<Vec<Said>> {
    let sql = include_str!("../../../sql/privacy/record_said.sql");
    list(connection, "privacy/record_said.sql", sql, |row| {
        Ok(Said {
            what: row.get(0)?,
            name: row.get(1)?,
            people: row.get(2)?,
            agree: row.get(3)?,
        })
    })
}

fn sources(connection: &Connection) -> Result<Vec<Source>> {
    let sql = include_str!("../../../sql/privacy/record_sources.sql");
    list(connection, "privacy/record_sources.sql", sql, |row| {
        let files: String = row.get(1)?;
        Ok(Source {
            at: row.get(0)?,
            files: files.lines().map(str::to_owned).collect(),
            rows: row.get(2)?,
            events: row.get(3)?,
        })
    })
}

fn list<T>(
    connection: &Connection,
    name: &'static str,
    sql: &str,
    read: impl FnMut(&duckdb::Row<'_>) -> duckdb::Result<T>,
) -> Result<Vec<T>> {
    let ask =
        || -> duckdb::Result<Vec<T>> { connection.prepare(sql)?.query_map([], read)?.collect() };
    ask().map_err(Error::duck(name))
}
