//! A connection on which the users of a published run can be looked at.

use std::path::Path;
use std::time::Duration;

use duckdb::Connection;

use super::super::watched::watched;
use crate::error::Result;
use crate::pipeline::desk::Desk;
use crate::pipeline::{find_run, ingest_of, settings_of};
use crate::progress::Progress;
use crate::records::Run;
use crate::scope::Scope;
use crate::settings::{RunSettings, Settings};
use crate::workspace::Workspace;

/// A run with its tables open.
pub struct Seat {
    /// What the run was made with.
    pub settings: RunSettings,
    /// The run, with its facts.
    pub run: Run,
    desk: Desk,
}

impl Seat {
    /// Opens a published run.
    pub fn take(workspace: &Path, run: i64, settings: &Settings) -> Result<Self> {
        let run = find_run(workspace, Some(run), settings.lang)?;
        let workspace = Workspace::open(workspace)?;
        let desk = Desk::of_run(&workspace, run.id, settings)?;
        Ok(Self {
            settings: settings_of(&run)?,
            run,
            desk,
        })
    }

    /// The first and the last day that the run counts.
    pub fn days(&self) -> (String, String) {
        self.run.reconciliation.as_ref().map_or_else(
            // Runs of older versions do not say.
            || ("0001-01-01".to_owned(), "9999-12-31".to_owned()),
            |sums| (sums.first_day.clone(), sums.last_day.clone()),
        )
    }

    /// Does `work` with the view `rows` made, as long as nobody asks to stop. The rest of what a run counts (rules,
    /// matched returns) would take seconds where these are asked for at every key.
    pub fn work<T>(
        &self,
        progress: &Progress,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let connection = self.desk.connection();
        watched(connection, "the users", Duration::MAX, progress, || {
            let up_to = ingest_of(&self.run);
            Scope::rows(connection, &self.settings, up_to, &mut Vec::new())?;
            work(connection)
        })
    }
}
