//! A DuckDB connection laid out for a run: the event store, the run's own tables, the views that SQL reads.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use duckdb::{Connection, params};

use super::make::{ingest_of, settings_of};
use crate::error::{Error, Result};
use crate::export::Assignment;
use crate::features::Column;
use crate::records::Run;
use crate::scope::{Scope, rules};
use crate::settings::Settings;
use crate::workspace::{Workspace, attach_store, duck};

/// A connection with `store` attached, and `run` where there is one.
pub struct Desk {
    connection: Connection,
}

impl Desk {
    /// For a run in the making: `file` is where its tables will be, and beside it, until [`Self::close_draft`], what counts.
    pub fn of_draft(workspace: &Workspace, file: &Path, settings: &Settings) -> Result<Self> {
        let desk = Self::with_store(workspace, settings)?;
        let events = duck::events(&desk.connection, "store")?;
        duck::bound(&desk.connection, events, settings)?;
        desk.make(file)?;
        duck::attach(&desk.connection, &scope_of(file), "scope", false)?;
        desk.shut(workspace)?;
        // The run's own rules say who counts, up to its last ingest.
        desk.views("")?;
        Ok(desk)
    }

    fn make(&self, file: &Path) -> Result<()> {
        duck::attach(&self.connection, file, "run", false)?;
        duck::run(
            &self.connection,
            "making the run's tables",
            include_str!("../../sql/store/run.sql"),
        )
    }

    /// For a published run.
    ///
    /// # Errors
    /// [`Error::Failed`] where the workspace is protected: a run's tables are about single people.
    pub fn of_run(workspace: &Workspace, run: i64, settings: &Settings) -> Result<Self> {
        workspace.may_tell_of_people()?;
        Self::of_file(workspace, &Self::file_of(workspace, run)?, settings)
    }

    fn file_of(workspace: &Workspace, run: i64) -> Result<PathBuf> {
        let file = workspace.layout().run(run);
        if file.exists() {
            return Ok(file);
        }
        Err(Error::damaged(
            file.display(),
            "is missing",
            "restore it from a copy of the workspace, or make a new run with `portray segment`",
        ))
    }

    /// For a finished run whose tables are in `file`.
    pub fn of_file(workspace: &Workspace, file: &Path, settings: &Settings) -> Result<Self> {
        let desk = Self::with_store(workspace, settings)?;
        duck::attach(&desk.connection, file, "run", true)?;
        let sql = include_str!("../../sql/privacy/set_aside.sql");
        duck::run(&desk.connection, "privacy/set_aside.sql", sql)?;
        desk.views(" WHERE user_id NOT IN (SELECT user_id FROM set_aside)")?;
        Ok(desk)
    }

    /// For a published run, with everything that it counts laid out anew: the views `events`, `sales` and their kin.
    pub fn of_scope(workspace: &Workspace, run: &Run, settings: &Settings) -> Result<Self> {
        let desk = Self::of_run(workspace, run.id, settings)?;
        let own = settings_of(run)?;
        desk.shut(workspace)?;
        desk.limits(own.min_support)?;
        let rules = rules(workspace.layout().root())?;
        Scope::open(&desk.connection, &own, ingest_of(run), &rules)?.events(&desk.connection)?;
        Ok(desk)
    }

    /// For the tables of a published run alone, without the event store.
    pub fn of_tables(workspace: &Workspace, run: i64, settings: &Settings) -> Result<Self> {
        let file = Self::file_of(workspace, run)?;
        let connection = duck::connect(None, &workspace.layout().temp(), settings)?;
        duck::attach(&connection, &file, "run", true)?;
        Ok(Self { connection })
    }

    /// For the tables of a run that came from elsewhere.
    pub fn of_new_tables(workspace: &Workspace, file: &Path, settings: &Settings) -> Result<Self> {
        let connection = duck::connect(None, &workspace.layout().temp(), settings)?;
        let desk = Self { connection };
        desk.make(file)?;
        Ok(desk)
    }

    /// For the event store alone.
    pub fn of_store(workspace: &Workspace, settings: &Settings) -> Result<Self> {
        Self::with_store(workspace, settings)
    }

    fn with_store(workspace: &Workspace, settings: &Settings) -> Result<Self> {
        let connection = duck::connect(None, &workspace.layout().temp(), settings)?;
        attach_store(&connection, workspace.layout())?;
        let desk = Self { connection };
        super::rights::restricted(&desk.connection, workspace)?;
        Ok(desk)
    }

    /// Shuts all files out but those of the workspace's runs: what an analyst adds as SQL is asked after this.
    pub fn shut(&self, workspace: &Workspace) -> Result<()> {
        let runs = workspace.layout().runs();
        let runs = std::path::absolute(&runs).map_err(Error::io(&runs))?;
        let runs = runs.to_string_lossy().replace('\'', "''");
        let sql = include_str!("../../sql/store/shut.sql").replace("{runs}", &runs);
        duck::run(&self.connection, "store/shut.sql", &sql)
    }

    /// The views of a run's tables, of the users that a condition leaves.
    fn views(&self, users: &str) -> Result<()> {
        duck::run(
            &self.connection,
            "opening the run",
            &format!(
                "CREATE TEMP VIEW members AS SELECT * FROM run.members{users};
                 CREATE TEMP VIEW feature_values AS SELECT * FROM run.feature_values{users};"
            ),
        )?;
        let near = if self.has("nearness", "probability")? {
            include_str!("../../sql/geometry/near.sql")
        } else {
            include_str!("../../sql/geometry/no_near.sql")
        };
        duck::run(&self.connection, "opening the run", near)
    }

    /// Whether a table of the run has a column: runs of older versions lack some.
    pub fn has(&self, table: &str, column: &str) -> Result<bool> {
        let sql = include_str!("../../sql/store/has_column.sql");
        self.connection
            .query_row(sql, [table, column], |row| row.get(0))
            .map_err(Error::duck("store/has_column.sql"))
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.connection
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

    /// Makes the view of the members of the run before; of none where there is none or its file is gone.
    pub fn before(&self, file: Option<&Path>) -> Result<()> {
        let members = match file.filter(|file| file.exists()) {
            Some(file) => {
                duck::attach(&self.connection, file, "before", true)?;
                "SELECT user_id, segment FROM before.members"
            }
            None => {
                "SELECT CAST(NULL AS INTEGER) AS user_id, CAST(NULL AS INTEGER) AS segment WHERE false"
            }
        };
        duck::run(
            &self.connection,
            "opening the run before",
            &format!("CREATE TEMP VIEW members_before AS {members}"),
        )
    }

    /// Who is in which segment; after [`Self::before`].
    pub fn assignments(&self) -> Result<Vec<Assignment>> {
        let read = || -> duckdb::Result<Vec<Assignment>> {
            self.connection
                .prepare(include_str!("../../sql/store/assignments.sql"))?
                .query_map([], |row| {
                    Ok(Assignment {
                        user: row.get(0)?,
                        segment: row.get(1)?,
                        distance: row.get(2)?,
                        previous: row.get(3)?,
                        probability: row.get(4)?,
                        next: row.get(5)?,
                        margin: row.get(6)?,
                    })
                })?
                .collect()
        };
        read().map_err(Error::duck("store/assignments.sql"))
    }

    /// Makes the table `users`: a row a user, a column a feature, called as in its SQL file (with the family before it,
    /// `"rfm.orders"`, where two families have one of the name); for SQL that tells users apart.
    pub fn users(&self, features: &[Column]) -> Result<()> {
        let short = |column: &Column| column.id.rsplit('.').next().unwrap_or_default().to_owned();
        let names: Vec<String> = features.iter().map(short).collect();
        let columns: String = features
            .iter()
            .zip(&names)
            .map(|(column, name)| {
                let is_one = names.iter().filter(|other| *other == name).count() == 1;
                let name = if is_one { name } else { &column.id }.replace('"', "\"\"");
                let id = column.id.replace('\'', "''");
                format!(", max(value) FILTER (feature = '{id}') AS \"{name}\"")
            })
            .collect();
        let sql = include_str!("../../sql/segments/users.sql")
            .replace("{columns}", &columns)
            .replace("{everybody}", include_str!("../../sql/events/users.sql"));
        duck::run(&self.connection, "segments/users.sql", &sql)
    }

    /// What a query of two columns, `user_id` and `segment`, gives.
    pub fn pairs(&self, source: &str, sql: &str) -> Result<Vec<(i32, Option<i64>)>> {
        let sql = format!(
            "SELECT CAST(user_id AS INTEGER), CAST(segment AS BIGINT) FROM ({}\n)",
            sql.trim_end().trim_end_matches(';')
        );
        let read = || -> duckdb::Result<_> {
            self.connection
                .prepare(&sql)?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        read().map_err(Error::duck(source))
    }

    /// Closes the file of a run in the making, and removes what counted.
    pub fn close_draft(self, file: &Path) -> Result<()> {
        self.close()?;
        for path in [scope_of(file), file.with_file_name("scope.duckdb.wal")] {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Error::io(&path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Closes the run's file, which can then be moved.
    pub fn close(self) -> Result<()> {
        self.connection
            .execute_batch("CHECKPOINT run; DETACH run")
            .map_err(Error::duck("closing the run's tables"))
    }
}

/// Where what counts stands while a run is made whose tables are in `file`.
fn scope_of(file: &Path) -> PathBuf {
    file.with_file_name("scope.duckdb")
}
