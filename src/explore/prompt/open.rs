//! A connection that can look at the event store and a run, and do nothing else.

use std::path::Path;

use duckdb::Connection;

use crate::error::{Error, Result};
use crate::pipeline::{find_run, restricted};
use crate::scope::aliases;
use crate::settings::Settings;
use crate::workspace::{Workspace, attach_store, detach, duck};

/// Opens the event store and a run's tables (none: the newest run's, where there is one) under plain names, and shuts
/// everything else.
pub fn open(workspace: &Path, run: Option<i64>, settings: &Settings) -> Result<Connection> {
    let opened = Workspace::open(workspace)?;
    let run = match run {
        Some(id) => Some(find_run(workspace, Some(id), settings.lang)?.id),
        None => opened.runs()?.first().map(|run| run.id),
    };
    let connection = duck::connect(None, &opened.layout().temp(), settings)?;
    attach_store(&connection, opened.layout())?;
    aliases(&connection, None)?;
    restricted(&connection, &opened)?;
    if let Some(k) = opened.k_min()? {
        groups(&connection, &opened, run, k)?;
        return lock(connection);
    }
    let views = include_str!("../../../sql/explore/views.sql");
    duck::run(&connection, "explore/views.sql", views)?;
    if let Some(id) = run {
        let file = opened.layout().run(id);
        if !file.exists() {
            return Err(Error::damaged(
                file.display(),
                "is missing",
                "restore it from a copy of the workspace, or name another run",
            ));
        }
        duck::attach(&connection, &file, "run", true)?;
        let views = include_str!("../../../sql/explore/run_views.sql");
        duck::run(&connection, "explore/run_views.sql", views)?;
    }
    lock(connection)
}

/// Makes tables of groups of at least `k` people, and closes what they were made of.
fn groups(connection: &Connection, workspace: &Workspace, run: Option<i64>, k: u64) -> Result<()> {
    let of = |sql: &str| sql.replace("{k}", &k.to_string());
    let tables = of(include_str!("../../../sql/explore/protected.sql"));
    duck::run(connection, "explore/protected.sql", &tables)?;
    if let Some(file) = run
        .map(|id| workspace.layout().run(id))
        .filter(|file| file.exists())
    {
        duck::attach(connection, &file, "run", true)?;
        let tables = of(include_str!("../../../sql/explore/protected_run.sql"));
        duck::run(connection, "explore/protected_run.sql", &tables)?;
        duck::run(
            connection,
            "closing the run",
            "DROP TABLE told_of; DETACH run",
        )?;
    }
    let close = "DROP TABLE seen; DROP TABLE merged; DROP TABLE up_to; DROP TABLE restricted;";
    duck::run(connection, "closing the event store", close)?;
    detach(connection, "store")
}

fn lock(connection: Connection) -> Result<Connection> {
    let lock = include_str!("../../../sql/explore/lock.sql");
    duck::run(&connection, "explore/lock.sql", lock)?;
    Ok(connection)
}
