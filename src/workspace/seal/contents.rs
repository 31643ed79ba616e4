//! What of a workspace goes into a sealed file.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::workspace::Layout;

/// A file to seal.
#[derive(Debug)]
pub struct Item {
    /// Its path in the workspace.
    pub name: String,
    /// Where its bytes are.
    pub from: PathBuf,
    /// How many are sealed: a log may grow meanwhile.
    pub bytes: u64,
}

/// Everything to seal, in order of name.
#[derive(Debug, Default)]
pub struct Contents {
    /// Folders in the workspace.
    pub folders: Vec<String>,
    /// Files in the workspace and its folders.
    pub files: Vec<Item>,
}

impl Contents {
    /// Lists the workspace; its catalog's bytes are taken from `catalog`.
    ///
    /// # Errors
    /// [`Error::Failed`] where something stands in it that cannot be sealed: leaving it out silently would lose it.
    pub fn list(layout: &Layout, catalog: Option<PathBuf>) -> Result<Self> {
        let root = layout.root();
        let temp = layout.temp();
        let lock = layout.lock();
        let kept = layout.catalog();
        let mut found = Self::default();
        for entry in entries(root)? {
            let path = entry.path();
            if path == temp || path == lock || is_of_catalog(&path, &kept) {
                continue;
            }
            let name = name(&entry, "")?;
            let kind = entry.file_type().map_err(Error::io(&path))?;
            if !kind.is_dir() {
                found.put(&entry, name)?;
                continue;
            }
            for inner in entries(&path)? {
                let inner_name = self::name(&inner, &format!("{name}/"))?;
                found.put(&inner, inner_name)?;
            }
            found.folders.push(name);
        }
        if let Some(from) = catalog {
            let bytes = from.metadata().map_err(Error::io(&from))?.len();
            let name = "catalog.sqlite".to_owned();
            found.files.push(Item { name, from, bytes });
        }
        found.folders.sort();
        found.files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Bytes of all files together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    fn put(&mut self, entry: &DirEntry, name: String) -> Result<()> {
        let from = entry.path();
        // Not of what a link points to.
        let data = entry.metadata().map_err(Error::io(&from))?;
        if !data.is_file() {
            return Err(Error::failed(
                from.display(),
                "is neither a file of the workspace nor of a folder in it, and cannot be sealed",
                "move it out of the workspace; a link can be replaced by the file itself",
            ));
        }
        let bytes = data.len();
        self.files.push(Item { name, from, bytes });
        Ok(())
    }
}

/// The catalog and SQLite's files beside it, whose contents are in the copy.
fn is_of_catalog(path: &Path, catalog: &Path) -> bool {
    ["", "-wal", "-shm", "-journal"].iter().any(|end| {
        let mut name = catalog.as_os_str().to_owned();
        name.push(end);
        path == Path::new(&name)
    })
}

fn entries(folder: &Path) -> Result<Vec<DirEntry>> {
    std::fs::read_dir(folder)
        .and_then(Iterator::collect)
        .map_err(Error::io(folder))
}

fn name(entry: &DirEntry, under: &str) -> Result<String> {
    let name = entry.file_name();
    let good = name
        .to_str()
        .filter(|name| !name.contains(char::is_control));
    good.map(|name| format!("{under}{name}")).ok_or_else(|| {
        Error::failed(
            entry.path().display(),
            "has a name that is not plain UTF-8 text",
            "rename it",
        )
    })
}
