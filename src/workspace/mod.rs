//! The folder on disk: event store (DuckDB, in generations), catalog (SQLite), key and lock.

mod audit;
mod campaigns;
mod catalog;
mod checksums;
mod decided;
pub mod duck;
mod jobs;
mod key;
mod layout;
mod lock;
mod medium;
mod memory;
mod persons;
mod protection;
mod scratch;
pub mod seal;
mod store;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::records::Run;
use crate::words::Lang;

pub use audit::{Deed, Entry, Verified};
pub use campaigns::Drawn;
pub use catalog::{CATALOG_VERSION, Catalog, RunSummary};
pub use decided::Annotation;
pub use jobs::{Job, Record, Running, Standing};
pub use key::{Key, hex};
pub use layout::Layout;
pub use lock::WriteLock;
pub use medium::{Medium, room};
pub use persons::Tombstone;
pub use scratch::{Scratch, clear, end};
pub use store::{
    EVENT_TYPES, NextGeneration, RowHash, STORE_VERSION, attach_store, detach, file_behind, sync,
};

/// A workspace folder.
pub struct Workspace {
    layout: Layout,
}

impl Workspace {
    /// The workspace at `dir`, which need not exist: looking at it makes nothing.
    pub fn open(dir: &Path) -> Result<Self> {
        if dir.exists() && !dir.is_dir() {
            return Err(Error::failed(
                dir.display(),
                "is not a folder",
                "name a folder with --workspace",
            ));
        }
        Ok(Self {
            layout: Layout::new(dir),
        })
    }

    /// The workspace at `dir`, made there where it does not exist, for the owner alone.
    ///
    /// # Errors
    /// [`Error::Failed`] for a new one on a stick whose file system keeps nobody out.
    pub fn create(dir: &Path) -> Result<Self> {
        let workspace = Self::open(dir)?;
        if !workspace.layout.catalog().exists() && Medium::of(dir) == Some(Medium::Stick) {
            Medium::Stick.object(dir)?;
        }
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        for folder in [
            dir.to_path_buf(),
            workspace.layout.temp(),
            workspace.layout.logs(),
            dir.join("runs"),
        ] {
            builder.create(&folder).map_err(Error::io(&folder))?;
        }
        Ok(workspace)
    }

    /// The default folder: the XDG data folder of the user.
    pub fn default_dir() -> Result<PathBuf> {
        directories::ProjectDirs::from("", "", "portray")
            .map(|dirs| dirs.data_dir().to_path_buf())
            .ok_or_else(|| {
                Error::failed(
                    "the workspace",
                    "no home folder is known",
                    "name a folder with --workspace",
                )
            })
    }

    /// A folder for unpublished files, removed when dropped; what killed processes left goes first.
    pub fn temporary(&self, purpose: &str) -> Result<Scratch> {
        Scratch::new(&self.layout.temp(), purpose)
    }

    /// Where things stand.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The catalog, made where it does not exist.
    pub fn catalog(&self) -> Result<Catalog> {
        Catalog::open(&self.layout.catalog())
    }

    /// The key, made where the workspace is new, and checked against what the catalog remembers of it.
    ///
    /// # Errors
    /// [`Error::Failed`] where the key is missing or another than the one that the stores were made with.
    pub fn key(&self) -> Result<Key> {
        let path = self.layout.key();
        if !path.exists() && !self.layout.generations()?.is_empty() {
            return Err(Error::failed(
                path.display(),
                "is missing, and no other key can read what is here",
                "put it back from its copy, or start another --workspace",
            ));
        }
        let key = Key::load_or_create(&path)?;
        let check = key.check_value();
        if self.catalog()?.meta("key_check", &check)? != check {
            return Err(wrong_key(&path));
        }
        Ok(key)
    }

    /// The published runs, newest first; in a protected workspace those that tell of nobody.
    pub fn runs(&self) -> Result<Vec<RunSummary>> {
        if !self.layout.catalog().exists() {
            return Ok(Vec::new());
        }
        let catalog = self.catalog()?;
        let mut runs = catalog.runs()?;
        if let Some(k) = catalog.k_min()? {
            runs.retain(|run| run.k_min.is_some_and(|of_run| of_run >= k));
        }
        Ok(runs)
    }

    /// The run of that number, or the newest; none where there is no such run, or one that a protected workspace does not
    /// show.
    pub fn run(&self, id: Option<i64>, lang: Lang) -> Result<Option<Run>> {
        if !self.layout.catalog().exists() {
            return Ok(None);
        }
        let catalog = self.catalog()?;
        if catalog.k_min()?.is_none() {
            return catalog.run(id, lang);
        }
        let runs = self.runs()?;
        let mut shown = runs.iter().filter(|run| id.is_none_or(|id| run.id == id));
        match shown.next() {
            Some(run) => catalog.run(Some(run.id), lang),
            None => Ok(None),
        }
    }
}

/// The key is not the one that the stores were made with.
fn wrong_key(path: &Path) -> Error {
    Error::damaged(
        path.display(),
        "is not the key that this workspace was made with",
        "put the right key back, or start another --workspace",
    )
}
