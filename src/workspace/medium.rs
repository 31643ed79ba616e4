//! What kind of file system a folder is on, where that matters: sticks keep no permissions, networks no locks.

use std::path::Path;

use crate::error::{Error, Result};

/// A file system that a workspace does not do well on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// FAT or exFAT: everybody reads everything, and a file of FAT ends at 4 GB.
    Stick,
    /// Shared over a network: what one machine locks another may not see.
    Network,
}

impl Medium {
    /// The medium of a folder, or of the nearest one above it that exists; none where nothing speaks against it.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        let there = folder.ancestors().find(|folder| folder.exists())?;
        #[cfg(target_os = "linux")]
        {
            let kind = rustix::fs::statfs(there).ok()?.f_type;
            Self::by_magic(u32::try_from(kind & 0xffff_ffff).ok()?)
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = there;
            None
        }
    }

    /// By the number that Linux knows it by (statfs(2); exFAT: `fs/exfat/exfat_fs.h`).
    #[cfg(any(target_os = "linux", test))]
    fn by_magic(magic: u32) -> Option<Self> {
        match magic {
            0x0000_4d44 | 0x2011_bab0 => Some(Self::Stick),
            // NFS, SMB, CIFS, SMB2, AFS, Ceph, 9P.
            0x0000_6969 | 0x0000_517b | 0xff53_4d42 | 0xfe53_4d42 | 0x5346_414f | 0x00c3_6400
            | 0x0102_1997 => Some(Self::Network),
            _ => None,
        }
    }

    /// What speaks against a workspace on it, and the mend.
    ///
    /// # Errors
    /// [`Error::Failed`], always: it is the caller's to say whether that is a warning.
    pub fn object(self, folder: &Path) -> Result<()> {
        let (why, mend) = match self {
            Self::Stick => (
                "is on a FAT or exFAT file system, where everybody reads every file and FAT ends files at 4 GB",
                "keep the workspace on another disk, and carry it with `portray workspace seal --out FILE`",
            ),
            Self::Network => (
                "is on a network file system, where two machines at once can damage a workspace",
                "let one machine at a time work on it, or keep it on a local disk",
            ),
        };
        Err(Error::failed(folder.display(), why, mend))
    }
}

/// Bytes that a folder has room for.
#[cfg(unix)]
pub fn room(folder: &Path) -> Result<u64> {
    let system = rustix::fs::statvfs(folder).map_err(|e| Error::io(folder)(e.into()))?;
    Ok(system.f_bavail.saturating_mul(system.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sticks_and_networks_are_told_from_disks() {
        for (magic, medium) in [
            (0x4d44, Some(Medium::Stick)),
            (0x2011_bab0, Some(Medium::Stick)),
            (0x6969, Some(Medium::Network)),
            (0xff53_4d42, Some(Medium::Network)),
            (0xef53, None),
            (0x0102_1994, None),
            (0x9123_683e, None),
        ] {
            assert_eq!(Medium::by_magic(magic), medium, "{magic:x}");
        }
        let error = Medium::Stick
            .object(Path::new("/media/x"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/media/x") && error.contains("workspace seal"),
            "{error}"
        );
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_on_the_disk_of_the_one_above() {
        let temp = tempfile::tempdir().unwrap();
        assert_eq!(
            Medium::of(&temp.path().join("a/b/c")),
            Medium::of(temp.path())
        );
    }
}
