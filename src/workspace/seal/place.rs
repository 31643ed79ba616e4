//! Where a workspace is unsealed to: by default into memory, so that no clear text gets onto a disk.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::workspace::room;

/// What Linux calls a tmpfs (`TMPFS_MAGIC` in linux/magic.h).
const TMPFS: u64 = 0x0102_1994;

/// Whether a folder is in a memory-backed file system.
pub fn is_memory(folder: &Path) -> Result<bool> {
    let system = rustix::fs::statfs(folder).map_err(|e| Error::io(folder)(e.into()))?;
    Ok(u64::try_from(system.f_type).is_ok_and(|kind| kind == TMPFS))
}

/// The user's own memory-backed folder, or the one of all users, whichever has room.
pub fn in_memory(bytes: u64) -> Result<PathBuf> {
    let own = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let own = own.filter(|path| path.is_absolute());
    first(own.into_iter().chain([PathBuf::from("/dev/shm")]), bytes)
}

/// The first of the folders that is in memory and has room.
fn first(folders: impl Iterator<Item = PathBuf>, bytes: u64) -> Result<PathBuf> {
    let fits = |folder: &PathBuf| {
        is_memory(folder).unwrap_or(false) && room(folder).is_ok_and(|room| room >= bytes)
    };
    let mut folders = folders;
    folders.find(fits).ok_or_else(|| {
        Error::failed(
            "the unsealed workspace",
            format!("no memory-backed folder has room for its {bytes} bytes"),
            "name a folder with --out; on a disk its clear text stays until you delete it",
        )
    })
}

/// Refuses a folder that has too little room, before anything is written to it.
pub fn ensure_room(folder: &Path, bytes: u64) -> Result<()> {
    let room = room(folder)?;
    if room >= bytes {
        return Ok(());
    }
    Err(Error::failed(
        folder.display(),
        format!("has room for {room} bytes, and {bytes} are needed"),
        "free some, or name another folder with --out",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_memory_with_room_is_taken() {
        let folders = || {
            ["/nowhere", "/proc", "/dev/shm"]
                .map(PathBuf::from)
                .into_iter()
        };
        assert!(first(folders().take(2), 0).is_err());
        if is_memory(Path::new("/dev/shm")).unwrap_or(false) {
            assert_eq!(first(folders(), 1).unwrap(), PathBuf::from("/dev/shm"));
        }
        let error = first(folders(), u64::MAX).unwrap_err().to_string();
        assert!(error.contains("--out"), "{error}");
    }
}
