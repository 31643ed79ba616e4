//! Folders for what is not published yet: gone when they are dropped, and after a kill with the next start.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

use crate::error::{Error, Result};

/// The file in each folder that its owner holds locked; the system lets go of it when the owner dies.
const HELD: &str = ".held";
/// A folder without that file is one in the making, unless it is older than this.
const YOUNG: Duration = Duration::from_secs(60);

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
            let folder = builder.prefix(purpose).tempdir_in(temp)?;
            let held = File::create(folder.path().join(HELD))?;
            match held.try_lock() {
                Ok(()) => Ok(Self { folder, held }),
                Err(TryLockError::Error(error)) => Err(error),
                Err(TryLockError::WouldBlock) => Err(std::io::ErrorKind::WouldBlock.into()),
            }
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
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && is_left(&path) {
            let _ = std::fs::remove_dir_all(&path);
        }
    }
}

/// Whether nobody holds a folder.
fn is_left(folder: &Path) -> bool {
    match File::options().write(true).open(folder.join(HELD)) {
        Ok(file) => file.try_lock().is_ok(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => folder
            .metadata()
            .and_then(|data| data.modified())
            .ok()
            .and_then(|time| time.elapsed().ok())
            .is_some_and(|age| age > YOUNG),
        Err(_) => false,
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
        let left = temp.path().join("ingest-old");
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join(HELD), "").unwrap();
        let young = temp.path().join("export-new");
        std::fs::create_dir(&young).unwrap();
        std::fs::write(temp.path().join("a-file"), "").unwrap();
        let path = Scratch::new(temp.path(), "run-")
            .unwrap()
            .path()
            .to_path_buf();
        assert!(!path.exists() && !left.exists());
        assert!(held.path().is_dir() && young.is_dir() && temp.path().join("a-file").exists());
    }
}
