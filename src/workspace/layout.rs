//! Where things stand in a workspace folder.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The paths of a workspace.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The layout of the workspace at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The key that makes pseudonyms.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.root.join("pseudonym.key")
    }

    /// The SQLite catalog.
    #[must_use]
    pub fn catalog(&self) -> PathBuf {
        self.root.join("catalog.sqlite")
    }

    /// An analyst's own SQL files in a folder of the workspace at `root`, in order of name; none where there is no folder.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be listed.
    pub fn sql_files(root: &Path, folder: &str) -> Result<Vec<PathBuf>> {
        let folder = root.join(folder);
        let mut paths = Vec::new();
        if folder.is_dir() {
            for entry in std::fs::read_dir(&folder).map_err(Error::io(&folder))? {
                let path = entry.map_err(Error::io(&folder))?.path();
                if path.extension().is_some_and(|extension| extension == "sql") {
                    paths.push(path);
                }
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// The file that a writer of events holds locked.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join("ingest.lock")
    }

    /// Unpublished files and DuckDB's spill; safe to delete while nobody writes.
    #[must_use]
    pub fn temp(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// Records and logs of jobs that outlive their terminal.
    #[must_use]
    pub fn jobs(&self) -> PathBuf {
        self.root.join("jobs")
    }

    /// The program's own log; no identifier stands in it.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Features and members of a published run.
    #[must_use]
    pub fn run(&self, id: i64) -> PathBuf {
        self.runs().join(format!("{id:06}.duckdb"))
    }

    /// Where the tables of published runs stand.
    #[must_use]
    pub fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// The event store of a generation.
    #[must_use]
    pub fn generation(&self, number: u64) -> PathBuf {
        self.root.join(format!("events.{number:06}.duckdb"))
    }

    /// Published generations, oldest first.
    pub fn generations(&self) -> Result<Vec<u64>> {
        let entries = match std::fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io(&self.root)(error)),
        };
        let mut numbers = Vec::new();
        for entry in entries {
            let name = entry.map_err(Error::io(&self.root))?.file_name();
            let number: Option<u64> = name.to_str().and_then(|name| {
                name.strip_prefix("events.")?
                    .strip_suffix(".duckdb")?
                    .parse()
                    .ok()
            });
            numbers.extend(number);
        }
        numbers.sort_unstable();
        Ok(numbers)
    }
}
