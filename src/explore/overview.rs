//! What the workspace holds: ingests, quality, what was kept aside and why, features with their distributions.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::watched::watched;
use crate::error::{Error, Result};
use crate::features::families;
use crate::pipeline::desk::Desk;
use crate::pipeline::{find_run, settings_of};
use crate::progress::Progress;
use crate::records::multiple;
use crate::settings::Settings;
use crate::words::{Both, Unit};
use crate::workspace::Workspace;

/// One ingest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IngestView {
    /// Its number.
    pub ingest: i32,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Names of its files. Unclean.
    pub files: Vec<String>,
    /// How the files were taken.
    pub preset: String,
    /// Rows read.
    pub rows: u64,
    /// Of these events.
    pub events: u64,
    /// Of these equal to one read before.
    pub duplicates: u64,
    /// Of these kept aside.
    pub quarantined: u64,
}

/// A row kept aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    /// The file's name. Unclean.
    pub file: String,
    /// Line in it.
    pub line: u64,
    /// Its text with identifiers masked; none where they could not be located. Unclean.
    pub text: Option<String>,
}

/// Why rows were kept aside, with some of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// In words.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub samples: Vec<Quarantined>,
}

/// A bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// Lower end, in the feature's unit.
    pub from: f64,
    /// Upper end.
    pub to: f64,
    /// Users in it; none where they are too few to be told.
    pub users: Option<u64>,
}

impl Bin {
    /// How high its bar is; none where it is not told.
    #[must_use]
    pub fn height(&self) -> Option<f64> {
        self.users.map(|users| users as f64)
    }
}

/// A feature as the run has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureView {
    /// Stable name, such as `rfm.recency`.
    pub id: String,
    /// What it is, for people.
    pub label: Both,
    /// Its unit.
    pub unit: Unit,
    /// `none`, `log1p`…
    pub transform: String,
    /// The share of users without a value, 0 to 1.
    pub missing: f64,
    /// The 5th, 50th and 95th percentile; none where too few users have a value.
    pub quantiles: Option<[f64; 3]>,
    /// Equal steps between the 1st and the 99th percentile, those beyond in the first and the last; one where both are the
    /// same, none where too few users have a value.
    pub bins: Vec<Bin>,
}

/// What the workspace holds, as a run saw it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// The ingests, the newest first.
    pub ingests: Vec<IngestView>,
    /// Users of all kinds.
    pub users: u64,
    /// The first day and the last one with an event.
    pub days: Option<(String, String)>,
    /// Events by type, the most frequent first.
    pub types: Vec<(String, u64)>,
    /// Why rows were kept aside over all ingests, the most frequent first.
    pub reasons: Vec<Reason>,
    /// The features of the run, in the order of their files.
    pub features: Vec<FeatureView>,
}

/// What the workspace holds, with the features of a run where one is named.
///
/// # Errors
/// [`Error::Failed`] where nothing was ingested yet or there is no such run, [`Error::Damaged`] where the run's file is
/// missing, [`Error::EventStore`] where something can't be read, [`Error::Cancelled`] soon after a cancel.
pub fn overview(
    workspace: &Path,
    run: Option<i64>,
    settings: &Settings,
    progress: &Progress,
) -> Result<Overview> {
    let opened = Workspace::open(workspace)?;
    let k_min = opened.k_min()?;
    let run = run
        .filter(|_| k_min.is_none())
        .map(|id| find_run(workspace, Some(id), settings.lang))
        .transpose()?;
    let desk = match &run {
        Some(run) => Desk::of_run(&opened, run.id, settings)?,
        None => Desk::of_store(&opened, settings)?,
    };
    let look = || {
        let (users, days) = totals(&desk)?;
        let features = match &run {
            Some(run) => {
                let min_support = settings_of(run)?.min_support;
                let families = families(opened.layout().root())?;
                super::spread::features(&desk, &families, run.users, min_support)?
            }
            None => Vec::new(),
        };
        let mut found = Overview {
            ingests: ingests(&desk)?,
            users,
            days,
            types: types(&desk)?,
            reasons: reasons(&desk)?,
            features,
        };
        if let Some(k) = k_min {
            found.coarsen(k);
        }
        Ok(found)
    };
    watched(desk.connection(), "the data", Duration::MAX, progress, look)
}

impl Overview {
    /// Leaves no row and no exact count, for a protected workspace.
    fn coarsen(&mut self, k: u64) {
        self.users = multiple(self.users, k);
        for ingest in &mut self.ingests {
            for count in [
                &mut ingest.rows,
                &mut ingest.events,
                &mut ingest.duplicates,
                &mut ingest.quarantined,
            ] {
                *count = multiple(*count, k);
            }
        }
        self.types.retain(|(_, events)| *events >= k);
        self.types
            .iter_mut()
            .for_each(|(_, events)| *events = multiple(*events, k));
        self.reasons.retain(|reason| reason.rows >= k);
        for reason in &mut self.reasons {
            reason.rows = multiple(reason.rows, k);
            reason.samples.clear();
        }
    }
}

fn ingests(desk: &Desk) -> Result<Vec<IngestView>> {
    let read = || -> duckdb::Result<Vec<IngestView>> {
        desk.connection()
            .prepare(include_str!("../../sql/explore/ingests.sql"))?
            .query_map([], |row| {
                let files: String = row.get(2)?;
                Ok(IngestView {
                    ingest: row.get(0)?,
                    at: row.get(1)?,
                    files: files.lines().map(str::to_owned).collect(),
                    preset: row.get(3)?,
                    rows: row.get(4)?,
                    events: row.get(5)?,
                    duplicates: row.get(6)?,
                    quarantined: row.get(7)?,
                })
            })?
            .collect()
    };
    read().map_err(Error::duck("explore/ingests.sql"))
}

/// Users, and the first day and the last one.
fn totals(desk: &Desk) -> Result<(u64, Option<(String, String)>)> {
    desk.connection()
        .query_row(include_str!("../../sql/explore/totals.sql"), [], |row| {
            let (first, last): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
            Ok((row.get(0)?, first.zip(last)))
        })
        .map_err(Error::duck("explore/totals.sql"))
}

fn types(desk: &Desk) -> Result<Vec<(String, u64)>> {
    let read = || -> duckdb::Result<Vec<(String, u64)>> {
        desk.connection()
            .prepare(include_str!("../../sql/explore/types.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    read().map_err(Error::duck("explore/types.sql"))
}

fn reasons(desk: &Desk) -> Result<Vec<Reason>> {
    let read = || -> duckdb::Result<Vec<Reason>> {
        let mut found: Vec<Reason> = Vec::new();
        let mut statement = desk
            .connection()
            .prepare(include_str!("../../sql/explore/reasons.sql"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let reason: String = row.get(0)?;
            let sample = Quarantined {
                file: row.get(2)?,
                line: row.get(3)?,
                text: row.get(4)?,
            };
            match found.last_mut().filter(|last| last.reason == reason) {
                Some(last) => last.samples.push(sample),
                None => found.push(Reason {
                    reason,
                    rows: row.get(1)?,
                    samples: vec![sample],
                }),
            }
        }
        Ok(found)
    };
    read().map_err(Error::duck("explore/reasons.sql"))
}
