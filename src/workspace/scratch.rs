//! Folders for what is not published yet: gone when they are dropped, and after a kill with the next start.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use crate::error::{Error, Result};

/// The file in each folder that its owner holds locked; the system lets go of it when the owner dies. Who clears makes it
/// where it is missing, and holds it while the folder goes: whoever was about to own that folder takes another.
const HELD: &str = ".held";
/// How often a folder is taken from under its maker before that is an error.
const TRIES: u32 = 100;

/// A folder for unpublished files.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    #[expect(dead_code, reason = "the open file is the lock")]
    held: File,
}

impl Scratch {
    /// A new folder in `temp`, its name beginning with `purpose`; what dead processes left there goes first.
    pub(super) fn new(temp: &Path, purpose: &str) -> Result<Self> {
        clear(temp);
        let make = || {
            let mut builder = tempfile::Builder::new();
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
            builder.prefix(purpose);
            for _ in 0..TRIES {
                let folder = builder.tempdir_in(temp)?;
                if let Some(held) = hold(folder.path())? {
                    return Ok(Self { folder, held });
                }
            }
            Err(std::io::ErrorKind::WouldBlock.into())
        };
        make().map_err(Error::io(temp))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes what dead processes left in a folder for temporary files. What cannot be removed is tried again next time.
pub fn clear(temp: &Path) {
    let Ok(entries) = std::fs::read_dir(temp) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        if let Ok(Some(held)) = hold(&path) {
            let _ = remove(&path);
            drop(held);
        }
    }
}

/// Removes a folder, the mark that holds it last: should its maker put a new one there, the folder stays, and is its.
fn remove(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != HELD {
            std::fs::remove_file(entry.path())?;
        }
    }
    std::fs::remove_file(folder.join(HELD))?;
    std::fs::remove_dir(folder)
}

/// Whether a file is the one at a path.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        match (file.metadata(), std::fs::metadata(path)) {
            (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

/// Takes hold of a folder; none where another has it, or it is gone.
fn hold(folder: &Path) -> std::io::Result<Option<File>> {
    let path = folder.join(HELD);
    let file = match File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
    {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        // Locked after whoever cleared it let go: this file is no more, and another may stand at its name.
        Ok(()) => Ok(is_at(&file, &path).then_some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The folders that this process spills into, by workspace.
static SPILLS: Mutex<BTreeMap<PathBuf, Scratch>> = Mutex::new(BTreeMap::new());

/// Where one DuckDB may spill, a folder that it makes when it needs it: of this one alone, since its files have the same
/// names everywhere. Where a workspace cannot be written it is the workspace's own for temporary files.
pub(super) fn spill(temp: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
    let mut spills = SPILLS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(scratch) = spills.get(temp).filter(|scratch| scratch.path().is_dir()) {
        return scratch.path().join(number);
    }
    match Scratch::new(temp, "spill-") {
        Ok(scratch) => {
            let path = scratch.path().join(number);
            spills.insert(temp.to_path_buf(), scratch);
            path
        }
        Err(_) => temp.to_path_buf(),
    }
}

/// Removes the folders that this process spilled into; called once it needs no store any more.
pub fn end() {
    SPILLS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_holds_goes_and_what_somebody_holds_stays() {
        let temp = tempfile::tempdir().unwrap();
        let held = Scratch::new(temp.path(), "run-").unwrap();
        let left = ["ingest-killed", "ingest-without-its-mark"].map(|name| temp.path().join(name));
        for folder in &left {
            std::fs::create_dir(folder).unwrap();
        }
        std::fs::write(left[0].join(HELD), "").unwrap();
        std::fs::write(temp.path().join("a-file"), "").unwrap();
        let path = Scratch::new(temp.path(), "run-")
            .unwrap()
            .path()
            .to_path_buf();
        assert!(!path.exists() && left.iter().all(|folder| !folder.exists()));
        assert!(held.path().is_dir() && temp.path().join("a-file").exists());
    }

    #[test]
    fn makers_and_clearers_at_once_take_nothing_from_each_other() {
        let temp = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let scratch = Scratch::new(temp.path(), "run-").unwrap();
                        std::fs::write(scratch.path().join("a"), "a").unwrap();
                        clear(temp.path());
                        assert!(scratch.path().join("a").exists());
                    }
                });
            }
        });
        assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
    }
}
