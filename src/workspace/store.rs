//! The event store, published in generations: a writer works on a new file and publishes it by rename,
//! readers open the last published one. DuckDB lets one process write or many read, never both, so nobody
//! who browses locks out the nightly job, nor the reverse.

use std::path::{Path, PathBuf};

use duckdb::{Connection, OptionalExt};

use super::{Key, Layout, Scratch, Workspace, WriteLock, duck, wrong_key};
use crate::error::{Error, Result};
use crate::settings::Settings;

/// Version of the event store's tables.
pub const STORE_VERSION: u32 = 4;

/// A generation in the making: databases `prev` (the published one, or empty), `stage` (rows being read)
/// and `next`, all attached to one connection.
pub struct NextGeneration {
    connection: Connection,
    layout: Layout,
    number: u64,
    file: PathBuf,
    temp: Scratch,
    _lock: WriteLock,
}

impl NextGeneration {
    /// Takes the write lock and opens the three databases.
    pub fn begin(workspace: &Workspace, key: &Key, settings: &Settings) -> Result<Self> {
        let layout = workspace.layout().clone();
        let lock = WriteLock::take(&layout.lock(), layout.root(), settings.wait)?;
        let temp = workspace.temporary("ingest-")?;
        let connection = duck::connect(None, &layout.temp(), settings)?;
        duck::attach(
            &connection,
            &temp.path().join("stage.duckdb"),
            "stage",
            false,
        )?;
        let last = layout.generations()?.last().copied();
        if let Some(last) = last {
            attach_published(&connection, &layout, last, "prev")?;
            let kept: Option<String> = connection
                .query_row(
                    "SELECT value FROM prev.meta WHERE name = 'key_check'",
                    [],
                    |row| row.get(0),
                )
                .optional()
                .map_err(Error::duck("reading the key check"))?;
            if kept.as_deref() != Some(key.check_value().as_str()) {
                return Err(wrong_key(&layout.key()));
            }
        } else {
            connection
                .execute_batch("ATTACH ':memory:' AS prev")
                .map_err(Error::duck("starting"))?;
            duck::run(
                &connection,
                "starting",
                include_str!("../../sql/store/first.sql"),
            )?;
        }
        let number = last.unwrap_or(0) + 1;
        let file = temp.path().join("next.duckdb");
        duck::attach(&connection, &file, "next", false)?;
        duck::run(
            &connection,
            "making tables",
            include_str!("../../sql/store/schema.sql"),
        )?;
        duck::run(
            &connection,
            "making tables",
            include_str!("../../sql/store/stage.sql"),
        )?;
        connection
            .execute(
                "INSERT INTO next.meta VALUES ('version', ?), ('key_check', ?)",
                [STORE_VERSION.to_string(), key.check_value()],
            )
            .map_err(Error::duck("making tables"))?;
        Ok(Self {
            connection,
            layout,
            number,
            file,
            temp,
            _lock: lock,
        })
    }

    /// The connection that has `prev`, `stage` and `next`.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The folder of what is not published, which goes with this generation.
    #[must_use]
    pub fn temp(&self) -> &Path {
        self.temp.path()
    }

    /// Closes the new file, gives it its published name, and removes older generations.
    ///
    /// Readers that have an older one open keep it: the system frees it when they close it.
    pub fn publish(self) -> Result<()> {
        for statement in ["CHECKPOINT next", "DETACH next", "DETACH stage"] {
            self.connection
                .execute_batch(statement)
                .map_err(Error::duck("closing the new generation"))?;
        }
        drop(self.connection);
        let published = self.layout.generation(self.number);
        sync(&self.file)?;
        std::fs::rename(&self.file, &published).map_err(Error::io(&published))?;
        sync(self.layout.root())?;
        for old in self
            .layout
            .generations()?
            .into_iter()
            .filter(|number| *number < self.number)
        {
            let path = self.layout.generation(old);
            std::fs::remove_file(&path).map_err(Error::io(&path))?;
        }
        drop(self.temp);
        Ok(())
    }
}

/// Attaches the last published generation, read only, as `store`.
///
/// # Errors
/// [`Error::Failed`] where nothing was ingested yet, or a newer program wrote it.
pub fn attach_store(connection: &Connection, layout: &Layout) -> Result<()> {
    // A writer may publish between the listing and the opening, and remove what was listed.
    for _ in 0..10 {
        let Some(last) = layout.generations()?.last().copied() else {
            break;
        };
        match attach_published(connection, layout, last, "store") {
            Err(_) if !layout.generation(last).exists() => {
                let undo = "DETACH DATABASE IF EXISTS store_published";
                duck::run(connection, "opening events", undo)?;
            }
            result => return result,
        }
    }
    Err(Error::failed(
        layout.root().display(),
        "holds no events yet",
        "`portray ingest FILE` reads some, `portray demo` makes a sample shop",
    ))
}

/// Attaches the last published generation of another workspace, read only, as `other`.
///
/// # Errors
/// [`Error::Failed`] where it has none, or was made with another key.
pub fn attach_other(connection: &Connection, layout: &Layout, key: &Key) -> Result<()> {
    let Some(last) = layout.generations()?.last().copied() else {
        return Err(Error::failed(
            layout.root().display(),
            "holds no events",
            "name the folder of a workspace",
        ));
    };
    attach_published(connection, layout, last, "other")?;
    let theirs: Option<String> = connection
        .query_row(
            "SELECT value FROM other.meta WHERE name = 'key_check'",
            [],
            |row| row.get(0),
        )
        .optional()
        .map_err(Error::duck("reading the key check"))?;
    if theirs.as_deref() != Some(key.check_value().as_str()) {
        return Err(Error::failed(
            layout.root().display(),
            "was made with another key: its pseudonyms are of other people",
            "copy pseudonym.key before the first ingest, so that both workspaces share it",
        ));
    }
    Ok(())
}

fn attach_published(
    connection: &Connection,
    layout: &Layout,
    number: u64,
    name: &str,
) -> Result<()> {
    let path = layout.generation(number);
    let published = format!("{name}_published");
    duck::attach(connection, &path, &published, true)?;
    let version: String = connection
        .query_row(
            &format!("SELECT value FROM {published}.meta WHERE name = 'version'"),
            [],
            |row| row.get(0),
        )
        .map_err(Error::duck(format!(
            "reading the version of {}",
            path.display()
        )))?;
    match version.parse::<u32>() {
        Ok(STORE_VERSION) => {
            duck::run(connection, "opening events", &format!("DETACH {published}"))?;
            duck::attach(connection, &path, name, true)
        }
        // An older one is seen through views; the next ingest writes it anew.
        Ok(old @ 1..=3) => {
            let views = match old {
                1 => include_str!("../../sql/store/version_1.sql"),
                2 => include_str!("../../sql/store/version_2.sql"),
                _ => include_str!("../../sql/store/version_3.sql"),
            };
            let views = views.replace("{old}", &published).replace("{new}", name);
            let sql = format!("ATTACH ':memory:' AS {name};\n{views}");
            duck::run(connection, "opening events of an older version", &sql)
        }
        _ => Err(Error::failed(
            path.display(),
            format!("is of version {version}, this program knows {STORE_VERSION}"),
            "use a newer portray, or another --workspace",
        )),
    }
}

/// Makes a file's or folder's contents survive a power cut.
pub fn sync(path: &std::path::Path) -> Result<()> {
    std::fs::File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(Error::io(path))
}
