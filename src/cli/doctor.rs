//! `portray doctor`: what is right and wrong with the machine, the workspace and the model.

use serde::Serialize;

use super::args::Here;
use super::{ANSWERS_NO, DONE};
use crate::error::{Error, Result};
use crate::records::multiple;
use crate::settings::NarrateSettings;
use crate::workspace::{
    CATALOG_VERSION, Key, Medium, STORE_VERSION, Workspace, attach_store, duck, file_behind, room,
};

#[derive(Serialize)]
struct Finding {
    what: &'static str,
    ok: bool,
    says: String,
}

/// Exit code 1 where something is wrong.
pub fn run(here: &Here) -> Result<u8> {
    let workspace = Workspace::open(&here.workspace)?;
    let findings = [
        finding("program", Ok(versions())),
        finding("terminal", Ok(crate::tui::abilities())),
        finding("workspace", folder(&workspace)),
        finding("disk", disk(&workspace)),
        finding("permissions", closed(&workspace)),
        finding("key", key(&workspace)),
        finding("event store", store(&workspace, here)),
        finding("catalog", catalog(&workspace)),
        finding("audit log", audit_log(&workspace)),
        finding("erasures", erasures(&workspace)),
        finding("model", model()),
    ];
    here.out.report(&findings, || {
        findings
            .iter()
            .map(|f| {
                format!(
                    "{}  {:<12} {}\n",
                    if f.ok { "ok " } else { "BAD" },
                    f.what,
                    crate::words::clean(&f.says)
                )
            })
            .collect()
    })?;
    Ok(if findings.iter().all(|finding| finding.ok) {
        DONE
    } else {
        ANSWERS_NO
    })
}

fn finding(what: &'static str, result: Result<String>) -> Finding {
    match result {
        Ok(says) => Finding {
            what,
            ok: true,
            says,
        },
        Err(error) => Finding {
            what,
            ok: false,
            says: error.to_string(),
        },
    }
}

fn versions() -> String {
    format!(
        "portray {}, DuckDB {}, SQLite {}, event store {STORE_VERSION}, catalog {CATALOG_VERSION}",
        env!("CARGO_PKG_VERSION"),
        duck::version(),
        rusqlite::version()
    )
}

fn folder(workspace: &Workspace) -> Result<String> {
    let root = workspace.layout().root();
    if !root.exists() {
        return Ok(format!(
            "{} is not there yet; the first ingest makes it",
            root.display()
        ));
    }
    let temp = workspace.layout().temp();
    tempfile::tempfile_in(&temp).map_err(Error::io(&temp))?;
    Ok(format!("{} can be written", root.display()))
}

/// The file system, and whether the store could be written once more beside itself, as each ingest does.
fn disk(workspace: &Workspace) -> Result<String> {
    let root = workspace.layout().root();
    if !root.exists() {
        return Ok("nothing is written yet".into());
    }
    if let Some(medium) = Medium::of(root) {
        medium.object(root)?;
    }
    #[cfg(unix)]
    {
        let free = room(root)?;
        let needed = match workspace.layout().generations()?.last() {
            Some(last) => {
                let path = workspace.layout().generation(*last);
                std::fs::metadata(&path).map_err(Error::io(&path))?.len()
            }
            None => 0,
        };
        let of = |bytes: u64| match bytes {
            0..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
            _ => format!("{:.1} GB", bytes as f64 / 1e9),
        };
        if free < needed.saturating_mul(2) {
            return Err(Error::failed(
                root.display(),
                format!(
                    "has {} free, and an ingest writes {} anew",
                    of(free),
                    of(needed)
                ),
                "free some space, or delete what is old with `portray privacy retain`",
            ));
        }
        Ok(format!("{} free", of(free)))
    }
    #[cfg(not(unix))]
    Ok("not looked at on this system".into())
}

#[cfg(unix)]
fn closed(workspace: &Workspace) -> Result<String> {
    let root = workspace.layout().root();
    if !root.exists() {
        return Ok("nothing to read yet".into());
    }
    // Nobody gets to a file through a folder that is closed.
    let open = crate::workspace::seal::permissions::too_open(root)?;
    let Some((path, mode)) = open.first().filter(|(path, _)| path == root) else {
        return Ok("nobody but its owner reads the workspace".into());
    };
    Err(Error::failed(
        path.display(),
        format!(
            "others may read it (mode {mode:o}), and {} files and folders in it",
            open.len() - 1
        ),
        "`portray workspace close` gives it its owner alone",
    ))
}

#[cfg(not(unix))]
fn closed(_: &Workspace) -> Result<String> {
    Ok("not looked at on this system".into())
}

fn audit_log(workspace: &Workspace) -> Result<String> {
    if !workspace.layout().catalog().exists() {
        return Ok("none yet".into());
    }
    let key = workspace.key()?;
    let verified = workspace.catalog()?.verify_audit_log(&key)?;
    match verified.wrong.first() {
        None => Ok(format!(
            "{} lines are as they were written",
            verified.sealed
        )),
        Some(wrong) => Err(Error::damaged(
            "the audit log",
            wrong,
            "compare it with a backup; `portray audit` shows all that is wrong",
        )),
    }
}

fn erasures(workspace: &Workspace) -> Result<String> {
    if !workspace.layout().catalog().exists() {
        return Ok("none yet".into());
    }
    let tombstones = workspace.catalog()?.tombstones()?;
    let open = tombstones.iter().filter(|one| !one.is_finished).count();
    if open == 0 {
        return Ok(format!("{} pseudonyms are forgotten", tombstones.len()));
    }
    Err(Error::failed(
        format!("{open} erasures"),
        "were cut short",
        "run the same `portray privacy forget` again, or any other: it ends them too",
    ))
}

fn key(workspace: &Workspace) -> Result<String> {
    let path = workspace.layout().key();
    if Key::load(&path)?.is_none() {
        return Ok("none yet; the first ingest makes one".into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path)
            .map_err(Error::io(&path))?
            .permissions()
            .mode()
            & 0o777;
        if mode & 0o077 != 0 {
            return Err(Error::failed(
                path.display(),
                format!("others may read it (mode {mode:o})"),
                "chmod 600 it",
            ));
        }
    }
    workspace.key()?;
    Ok("is the one that this workspace was made with".into())
}

fn store(workspace: &Workspace, here: &Here) -> Result<String> {
    if workspace.layout().generations()?.is_empty() {
        return Ok("none yet".into());
    }
    let connection = duck::connect(None, &workspace.layout().temp(), &here.settings)?;
    attach_store(&connection, workspace.layout())?;
    read_all(&connection, &file_behind("store"))?;
    for run in workspace.catalog()?.runs()? {
        let file = workspace.layout().run(run.id);
        if !file.exists() {
            return Err(Error::damaged(
                file.display(),
                "is missing",
                "restore it from a copy of the workspace, or make a new run with `portray segment`",
            ));
        }
        duck::attach(&connection, &file, "run", true)?;
        read_all(&connection, "run").map_err(|e| {
            Error::damaged(file.display(), e, "restore it from a copy of the workspace")
        })?;
        duck::run(&connection, "closing a run", "DETACH run")?;
    }
    let (events, users): (u64, u64) = connection
        .query_row(include_str!("../../sql/store/health.sql"), [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .map_err(Error::duck("store/health.sql"))?;
    Ok(match workspace.k_min()? {
        Some(k) => format!(
            "about {} events of about {} users; protected, nothing is told about fewer than {k}",
            multiple(events, k),
            multiple(users, k)
        ),
        None => format!("{events} events of {users} users"),
    })
}

/// Reads every column of every table: DuckDB compares the checksum of each block that it reads.
fn read_all(connection: &duckdb::Connection, database: &str) -> Result<()> {
    let doing = || Error::duck(format!("reading all of `{database}`"));
    let tables: Vec<String> = connection
        .prepare(include_str!("../../sql/store/tables.sql"))
        .and_then(|mut all| all.query_map([database], |row| row.get(0))?.collect())
        .map_err(doing())?;
    for table in tables {
        let sql = format!("SELECT bit_xor(hash(t)) FROM {database}.\"{table}\" AS t");
        connection
            .query_row(&sql, [], |row| row.get::<_, Option<u64>>(0))
            .map_err(doing())?;
    }
    Ok(())
}

fn catalog(workspace: &Workspace) -> Result<String> {
    if !workspace.layout().catalog().exists() {
        return Ok("none yet".into());
    }
    workspace.catalog()?.check()?;
    Ok(format!("{} runs", workspace.runs()?.len()))
}

fn model() -> Result<String> {
    let info = crate::narrate::inspect(&NarrateSettings::default())?;
    Ok(format!("{}, SHA-256 {}", info.name, info.sha256))
}
