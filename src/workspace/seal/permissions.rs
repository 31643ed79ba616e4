//! Who may read a workspace: its owner alone.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, fchmod, open};

use crate::error::{Error, Result};

/// Read and write, for the group and for others.
const OTHERS: u32 = 0o066;
/// The same of a folder, and to reach what is in it by name.
const OTHERS_FOLDER: u32 = 0o077;

/// Files that the group or others can read or write, and folders that they can also enter, with their permissions, in
/// order of path; links are not followed.
pub fn too_open(root: &Path) -> Result<Vec<(PathBuf, u32)>> {
    let mut found = Vec::new();
    walk(root, &mut |path, data| {
        let mode = data.permissions().mode() & 0o7777;
        let others = if data.is_dir() { OTHERS_FOLDER } else { OTHERS };
        if mode & others != 0 {
            found.push((path.to_path_buf(), mode));
        }
        Ok(())
    })?;
    found.sort();
    Ok(found)
}

/// Gives what [`too_open`] finds the permissions 0600 (files) and 0700 (folders); how many it were.
pub fn close(root: &Path) -> Result<usize> {
    let open_ones = too_open(root)?;
    for (path, _) in &open_ones {
        // A link that took the file's place since must not be followed, nor a pipe waited for.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = open(path, flags, Mode::empty()).map_err(|e| Error::io(path)(e.into()))?;
        let file = std::fs::File::from(file);
        let is_folder = file.metadata().map_err(Error::io(path))?.is_dir();
        let mode = if is_folder { 0o700 } else { 0o600 };
        fchmod(&file, Mode::from_raw_mode(mode)).map_err(|e| Error::io(path)(e.into()))?;
    }
    Ok(open_ones.len())
}

/// Calls `look` with the folder and each file and folder in it.
fn walk(root: &Path, look: &mut impl FnMut(&Path, &Metadata) -> Result<()>) -> Result<()> {
    let mut waiting = vec![root.to_path_buf()];
    while let Some(path) = waiting.pop() {
        let data = match std::fs::symlink_metadata(&path) {
            Ok(data) => data,
            // Another process may remove its temporary files meanwhile.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && path != root => continue,
            Err(e) => return Err(Error::io(&path)(e)),
        };
        if data.is_dir() {
            look(&path, &data)?;
            let entries = match std::fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound && path != root => continue,
                Err(e) => return Err(Error::io(&path)(e)),
            };
            for entry in entries {
                waiting.push(entry.map_err(Error::io(&path))?.path());
            }
        } else if data.is_file() {
            look(&path, &data)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_can_read_is_found_and_closed_and_links_are_left() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("workspace");
        let outside = folder.path().join("outside");
        std::fs::create_dir_all(root.join("runs")).unwrap();
        let set = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        for (path, mode) in [
            (outside.clone(), 0o644),
            (root.join("key"), 0o600),
            (root.join("runs/1"), 0o664),
        ] {
            std::fs::write(&path, "x").unwrap();
            set(&path, mode);
        }
        std::os::unix::fs::symlink(&outside, root.join("link")).unwrap();
        set(&root, 0o711);
        set(&root.join("runs"), 0o755);
        let expected = vec![
            (root.clone(), 0o711),
            (root.join("runs"), 0o755),
            (root.join("runs/1"), 0o664),
        ];
        assert_eq!(too_open(&root).unwrap(), expected);
        assert_eq!(close(&root).unwrap(), 3);
        assert_eq!(too_open(&root).unwrap(), []);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&root.join("runs")), 0o700);
        assert_eq!(mode(&root.join("runs/1")), 0o600);
        assert_eq!(mode(&outside), 0o644);
    }
}
