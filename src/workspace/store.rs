//! The event store, published in generations: a writer works on a new file and publishes it by rename,
//! readers open the last published one. DuckDB lets one process write or many read, never both, so nobody
//! who browses locks out the nightly job, nor the reverse.

use std::path::{Path, PathBuf};

use duckdb::{Connection, OptionalExt};

use super::{Key, Layout, Scratch, Workspace, WriteLock, duck, wrong_key};
use crate::error::{Error, Result};
use crate::settings::Settings;

/// Version of the event store's tables.
pub const STORE_VERSION: u32 = 6;

macro_rules! views {
    ($($name:literal),*) => {
        &[$(include_str!(concat!("../../sql/store/views/", $name, ".sql"))),*]
    };
}

/// The views that make a store of each version, from 1, one of today; the next ingest writes it anew. Version 4 had all
/// columns of events, with values or without; since version 6 a store names the hash of its rows.
const VIEWS: [&[&str]; STORE_VERSION as usize] = [
    views!["since_1", "only_1", "before_3"],
    views!["since_1", "since_2", "before_3"],
    views!["since_1", "since_2", "since_3", "only_3"],
    views!["since_1", "since_2", "since_3", "since_4"],
    views!["since_1", "since_2", "since_3", "since_4"],
    views!["since_1", "since_2", "since_3", "since_4"],
];

/// The keyed hash that tells the rows of a store from one another: the same for all of them, or no duplicate of an older
/// one would be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowHash {
    /// Of stores that begin today.
    Blake3,
    /// Of stores that began with version 5 or before; on processors without instructions for it eight times as slow.
    Sha256,
}

impl RowHash {
    fn name(self) -> &'static str {
        match self {
            Self::Blake3 => "blake3",
            Self::Sha256 => "sha256",
        }
    }

    /// That of an open store.
    fn of(connection: &Connection, store: &str) -> Result<Self> {
        match meta(connection, store, "row_hash")?.as_deref() {
            None => Ok(Self::Sha256),
            Some(name) => [Self::Blake3, Self::Sha256]
                .into_iter()
                .find(|one| one.name() == name)
                .ok_or_else(|| {
                    Error::damaged(
                        format!("the event store's row hash `{name}`"),
                        "is none that is known",
                        "restore the store from its copy",
                    )
                }),
        }
    }
}

/// The SQL type of events' types where they are kept, not read.
pub const EVENT_TYPES: &str = include_str!("../../sql/store/event_types.sql");

/// A generation in the making: databases `prev` (the published one, or empty), `stage` (rows being read)
/// and `next`, all attached to one connection.
pub struct NextGeneration {
    connection: Connection,
    layout: Layout,
    number: u64,
    file: PathBuf,
    temp: Scratch,
    columns: Vec<EventColumn>,
    row_hash: RowHash,
    settings: Settings,
    _lock: WriteLock,
}

/// A column of events, as `store/event_columns.sql` lists them.
struct EventColumn {
    name: String,
    /// Its type as it is read, and in the file.
    of_type: String,
    kept_type: String,
    /// Whether every store has it.
    is_always: bool,
    /// Whether the published store has it.
    is_here: bool,
}

impl EventColumn {
    /// All of them, in order; `database` is the published store.
    fn all(connection: &Connection, database: &str) -> Result<Vec<Self>> {
        let sql = include_str!("../../sql/store/event_columns.sql");
        let sql = sql.replace("{types}", &EVENT_TYPES.replace('\'', "''"));
        let read = || -> duckdb::Result<Vec<Self>> {
            let mut statement = connection.prepare(&sql)?;
            let found = statement.query_map([database], |row| {
                Ok(Self {
                    name: row.get(0)?,
                    of_type: row.get(1)?,
                    kept_type: row.get(2)?,
                    is_always: row.get(3)?,
                    is_here: row.get(4)?,
                })
            })?;
            found.collect()
        };
        read().map_err(Error::duck("store/event_columns.sql"))
    }

    /// The column in a list of columns that a store is written with.
    fn write(&self) -> String {
        let Self {
            name, kept_type, ..
        } = self;
        format!("CAST({name} AS {kept_type}) AS {name}")
    }

    /// The column in a list of columns that a store is read by: none where it has none. Stores of older versions may hold keys
    /// of 64 bits.
    fn read(&self) -> String {
        let Self { name, of_type, .. } = self;
        let value = if self.is_here { name } else { "NULL" };
        format!("CAST({value} AS {of_type}) AS {name}")
    }
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
        let (columns, row_hash) = if let Some(last) = last {
            let columns = attach_published(&connection, &layout, last, "prev")?;
            if meta(&connection, "prev", "key_check")? != Some(key.check_value()) {
                return Err(wrong_key(&layout.key()));
            }
            (columns, RowHash::of(&connection, "prev")?)
        } else {
            connection
                .execute_batch("ATTACH ':memory:' AS prev")
                .map_err(Error::duck("starting"))?;
            let columns = EventColumn::all(&connection, "prev")?;
            let one = |column: &EventColumn| format!("{} {}", column.name, column.of_type);
            let columns_made = columns.iter().map(one).collect::<Vec<_>>().join(", ");
            let first =
                include_str!("../../sql/store/first.sql").replace("{events}", &columns_made);
            duck::run(&connection, "starting", &first)?;
            (columns, RowHash::Blake3)
        };
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
            columns,
            row_hash,
            settings: settings.clone(),
            _lock: lock,
        })
    }

    /// The connection that has `prev`, `stage` and `next`.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// How the rows of this store are hashed.
    #[must_use]
    pub fn row_hash(&self) -> RowHash {
        self.row_hash
    }

    /// Attaches the last published generation of another workspace, read only, as `other`; gives the columns that its
    /// events have. The first generation of a store hashes its rows as the other one does.
    ///
    /// # Errors
    /// [`Error::Failed`] where it has none, was made with another key, or its rows can't be compared with those here.
    pub fn attach_other(&mut self, layout: &Layout, key: &Key) -> Result<Vec<String>> {
        let failed = |why: &str, mend: &str| {
            let root = layout.root().display().to_string();
            Err(Error::failed(root, why, mend))
        };
        let Some(last) = layout.generations()?.last().copied() else {
            return failed("holds no events", "name the folder of a workspace");
        };
        let columns = attach_published(&self.connection, layout, last, "other")?;
        if meta(&self.connection, "other", "key_check")? != Some(key.check_value()) {
            return failed(
                "was made with another key: its pseudonyms are of other people",
                "copy pseudonym.key before the first ingest, so that both workspaces share it",
            );
        }
        let theirs = RowHash::of(&self.connection, "other")?;
        if self.number == 1 {
            self.row_hash = theirs;
        }
        if theirs != self.row_hash {
            return failed(
                "marks its rows in another way than this workspace: one of the two began with an older portray",
                "ingest its files here instead",
            );
        }
        let here = columns.into_iter().filter(|column| column.is_here);
        Ok(here.map(|column| column.name).collect())
    }

    /// The folder of what is not published, which goes with this generation.
    #[must_use]
    pub fn temp(&self) -> &Path {
        self.temp.path()
    }

    /// Writes the rows of the view `every_event`, in the order of users and time: with the columns that the published
    /// store has, and those of which `more` says that a new row has a value.
    ///
    /// # Errors
    /// [`Error::EventStore`], where the disk is full for one.
    pub fn write_events(&self, more: impl Fn(&str) -> bool) -> Result<()> {
        let kept = self.columns.iter();
        let kept = kept.filter(|one| one.is_always || one.is_here || more(&one.name));
        let kept: Vec<String> = kept.map(EventColumn::write).collect();
        let sql = format!(
            "CREATE TABLE next.events AS SELECT {} FROM every_event ORDER BY user_id, ts, row_id",
            kept.join(", ")
        );
        let events = duck::events(&self.connection, "next")?;
        duck::bound(&self.connection, events, &self.settings)?;
        duck::run(&self.connection, "writing events", &sql)
    }

    /// Closes the new file, gives it its published name, and removes older generations.
    ///
    /// Readers that have an older one open keep it: the system frees it when they close it.
    pub fn publish(self) -> Result<()> {
        self.connection
            .execute(
                "INSERT INTO next.meta VALUES ('row_hash', ?)",
                [self.row_hash.name()],
            )
            .map_err(Error::duck("closing the new generation"))?;
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
            Err(_) if !layout.generation(last).exists() => detach(connection, "store")?,
            result => return result.map(|_| ()),
        }
    }
    Err(Error::failed(
        layout.root().display(),
        "holds no events yet",
        "`portray ingest FILE` reads some, `portray demo` makes a sample shop",
    ))
}

/// Closes what [`attach_store`] (`store`) or [`NextGeneration::attach_other`] (`other`) opened: the views, and the file behind
/// them.
pub fn detach(connection: &Connection, name: &str) -> Result<()> {
    let file = file_behind(name);
    let sql = format!("DETACH DATABASE IF EXISTS {name}; DETACH DATABASE IF EXISTS {file};");
    duck::run(connection, "closing events", &sql)
}

/// What an open store says of itself under a name.
fn meta(connection: &Connection, store: &str, name: &str) -> Result<Option<String>> {
    let sql = format!("SELECT value FROM {store}.meta WHERE name = ?");
    connection
        .query_row(&sql, [name], |row| row.get(0))
        .optional()
        .map_err(Error::duck(format!("reading the {name} of events")))
}

/// The database of the file that the views of a store are over.
#[must_use]
pub fn file_behind(name: &str) -> String {
    format!("{name}_published")
}

/// Attaches a generation as views of the name over the file.
fn attach_published(
    connection: &Connection,
    layout: &Layout,
    number: u64,
    name: &str,
) -> Result<Vec<EventColumn>> {
    let path = layout.generation(number);
    let published = file_behind(name);
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
    let known = version.parse::<usize>().ok();
    let Some(views) = known.and_then(|number| VIEWS.get(number.checked_sub(1)?)) else {
        return Err(Error::failed(
            path.display(),
            format!("is of version {version}, this program knows {STORE_VERSION}"),
            "use a newer portray, or another --workspace",
        ));
    };
    let columns = EventColumn::all(connection, &published)?;
    let events: Vec<String> = columns.iter().map(EventColumn::read).collect();
    let views = views
        .concat()
        .replace("{events}", &events.join(", "))
        .replace("{old}", &published)
        .replace("{new}", name);
    let sql = format!("ATTACH ':memory:' AS {name};\n{views}");
    duck::run(connection, "opening events", &sql)?;
    Ok(columns)
}

/// Makes a file's or folder's contents survive a power cut.
pub fn sync(path: &std::path::Path) -> Result<()> {
    std::fs::File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(Error::io(path))
}
