//! A DuckDB connection laid out for a run: the event store, the run's own tables, the views that SQL reads.

use std::path::Path;

use duckdb::{Connection, params};

use crate::error::{Error, Result};
use crate::export::Assignment;
use crate::settings::Settings;
use crate::workspace::{Workspace, attach_store, duck};

/// A connection with `store` and `run` attached.
pub struct Desk {
    connection: Connection,
}

impl Desk {
    /// For a run in the making: `file` is where its tables will be.
    pub fn of_draft(workspace: &Workspace, file: &Path, settings: &Settings) -> Result<Self> {
        let desk = Self::with_store(workspace, settings)?;
        duck::attach(&desk.connection, file, "run", false)?;
        duck::run(
            &desk.connection,
            "making the run's tables",
            include_str!("../../sql/store/run.sql"),
        )?;
        desk.views()?;
        Ok(desk)
    }

    /// For a published run.
    pub fn of_run(workspace: &Workspace, run: i64, settings: &Settings) -> Result<Self> {
        let file = workspace.layout().run(run);
        if !file.exists() {
            return Err(Error::failed(
                file.display(),
                "is missing",
                "restore it from a copy of the workspace, or make a new run with `portray segment`",
            ));
        }
        Self::of_file(workspace, &file, settings)
    }

    /// For a finished run whose tables are in `file`.
    pub fn of_file(workspace: &Workspace, file: &Path, settings: &Settings) -> Result<Self> {
        let desk = Self::with_store(workspace, settings)?;
        duck::attach(&desk.connection, file, "run", true)?;
        desk.views()?;
        Ok(desk)
    }

    fn with_store(workspace: &Workspace, settings: &Settings) -> Result<Self> {
        let connection = duck::connect(None, &workspace.layout().temp(), settings)?;
        attach_store(&connection, workspace.layout())?;
        Ok(Self { connection })
    }

    fn views(&self) -> Result<()> {
        duck::run(
            &self.connection,
            "opening the run",
            "CREATE TEMP VIEW members AS SELECT * FROM run.members;
             CREATE TEMP VIEW feature_values AS SELECT * FROM run.feature_values;",
        )
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Makes the views of the events up to an ingest (none: all); the number of the last that counts.
    pub fn events_up_to(&self, ingest: Option<i32>) -> Result<i32> {
        let doing = "opening events";
        let last: Option<i32> = self
            .connection
            .query_row("SELECT max(ingest) FROM store.ingests", [], |row| {
                row.get(0)
            })
            .map_err(Error::duck(doing))?;
        let last = ingest.or(last).unwrap_or_default();
        let make = || {
            self.connection
                .execute_batch("CREATE TEMP TABLE up_to (ingest INTEGER)")?;
            self.connection
                .execute("INSERT INTO up_to VALUES (?)", [last])
        };
        make().map_err(Error::duck(doing))?;
        duck::run(
            &self.connection,
            doing,
            include_str!("../../sql/events/views.sql"),
        )?;
        Ok(last)
    }

    /// Sets the smallest number of users that a fact may be about.
    pub fn limits(&self, min_support: u64) -> Result<()> {
        let make = || {
            self.connection
                .execute_batch("CREATE TEMP TABLE limits (min_support BIGINT)")?;
            self.connection
                .execute("INSERT INTO limits VALUES (?)", params![min_support])
        };
        make().map(|_| ()).map_err(Error::duck("setting limits"))
    }

    /// Who is in which segment.
    pub fn assignments(&self) -> Result<Vec<Assignment>> {
        let read = || -> duckdb::Result<Vec<Assignment>> {
            self.connection
                .prepare(include_str!("../../sql/store/assignments.sql"))?
                .query_map([], |row| {
                    Ok(Assignment {
                        user: row.get(0)?,
                        segment: row.get(1)?,
                        distance: row.get(2)?,
                    })
                })?
                .collect()
        };
        read().map_err(Error::duck("store/assignments.sql"))
    }

    /// Closes the run's file, which can then be moved.
    pub fn close(self) -> Result<()> {
        self.connection
            .execute_batch("CHECKPOINT run; DETACH run")
            .map_err(Error::duck("closing the run's tables"))
    }
}
