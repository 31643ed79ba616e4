//! A folder that appears whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::MANIFEST;
use crate::error::{Error, Result};

/// What `manifest.json` names as `program`.
pub const PROGRAM: &str = "portray";

/// The folder that an export should become, found fit to be written.
pub struct Target {
    /// Links resolved, so that what they point to is exchanged and not the link.
    path: PathBuf,
    parent: PathBuf,
    name: OsString,
}

impl Target {
    /// Refuses `out` where it holds something that no export made.
    ///
    /// The folders above it are made where they are missing.
    pub fn new(out: &Path) -> Result<Self> {
        let path = match fs::canonicalize(out) {
            Ok(path) => path,
            Err(error) if error.kind() == ErrorKind::NotFound && !out.is_symlink() => absent(out)?,
            Err(error) => return Err(Error::io(out)(error)),
        };
        check(&path, out)?;
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(Error::usage(
                shown(out),
                "this folder can't be exchanged",
                "name a folder in it",
            ));
        };
        Ok(Self {
            parent: parent.to_path_buf(),
            name: name.to_os_string(),
            path,
        })
    }

    /// A hidden folder beside the target, removed when dropped.
    ///
    /// What an export that was killed left there goes first.
    pub fn temporary(&self) -> Result<Temporary> {
        self.sweep();
        self.beside(NEW)
    }

    /// Puts the finished folder in the target's place. What stood there is put back where that fails,
    /// and removed last; gives its path where even removing it fails.
    pub fn exchange(&self, finished: Temporary) -> Result<Option<PathBuf>> {
        sync(finished.path());
        check(&self.path, &self.path)?;
        let old = if !self.path.exists() {
            fs::rename(finished.path(), &self.path).map_err(Error::io(&self.path))?;
            finished.keep();
            None
        } else if swap(finished.path(), &self.path) {
            // The old folder has the temporary name now.
            Some(finished)
        } else {
            Some(self.exchange_in_two(finished)?)
        };
        sync(&self.parent);
        Ok(old.and_then(Temporary::remove))
    }

    /// Where a file system can't swap two names: between the two renames the target is not there, and
    /// [`Self::sweep`] brings it back where a kill falls between them.
    fn exchange_in_two(&self, finished: Temporary) -> Result<Temporary> {
        let aside = self.beside(OLD)?;
        // Onto the empty folder: a rename takes its place.
        fs::rename(&self.path, aside.path()).map_err(Error::io(&self.path))?;
        if let Err(error) = fs::rename(finished.path(), &self.path) {
            let kept = aside.keep();
            // Where even this fails the old folder stays, under the name that the error tells.
            fs::rename(&kept, &self.path).map_err(Error::io(&kept))?;
            return Err(Error::io(&self.path)(error));
        }
        // Its place is taken: nothing is left for the guard to remove.
        finished.keep();
        Ok(aside)
    }

    /// Mends what killed exports left: an old folder goes back where no new one took its place, the rest is
    /// removed. A folder that a living process holds, or that is younger than [`YOUNG`], is let be. What can't
    /// be removed stays: the next export tries again.
    fn sweep(&self) {
        for role in [OLD, NEW] {
            let prefix = self.prefix(role);
            let Ok(entries) = fs::read_dir(&self.parent) else {
                return;
            };
            for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
                let ours = path.file_name().is_some_and(|name| {
                    name.as_encoded_bytes()
                        .starts_with(prefix.as_encoded_bytes())
                });
                if !ours || !abandoned(&path) {
                    continue;
                }
                if role == OLD && !self.path.exists() && made_here(&path) {
                    _ = fs::rename(&path, &self.path);
                } else {
                    _ = fs::remove_dir_all(&path);
                }
            }
        }
    }

    fn prefix(&self, role: &str) -> OsString {
        let mut prefix = OsString::from(".");
        prefix.push(&self.name);
        prefix.push(format!(".{role}-"));
        prefix
    }

    fn beside(&self, role: &str) -> Result<Temporary> {
        let prefix = self.prefix(role);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As `mkdir` would: the umask decides who may read a report.
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        let folder = builder
            .tempdir_in(&self.parent)
            .map_err(Error::io(&self.parent))?;
        // Where folders can't be locked, `abandoned` takes none for abandoned, and none is swept.
        let held = File::open(folder.path())
            .and_then(|file| file.try_lock().map(|()| file).map_err(Into::into));
        Ok(Temporary {
            folder,
            _held: held.ok(),
        })
    }
}

/// The part of a temporary folder's name that says what it is: being written, or moved aside.
const NEW: &str = "new";
const OLD: &str = "old";

/// Between making a folder and locking it lie microseconds; a folder this young may be there.
const YOUNG: Duration = Duration::from_secs(60);

/// A folder that an export works in: locked while it does, removed when dropped.
pub struct Temporary {
    folder: TempDir,
    _held: Option<File>,
}

impl Temporary {
    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves it where it is.
    fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    /// Removes it; gives its path where that fails.
    fn remove(self) -> Option<PathBuf> {
        let path = self.path().to_path_buf();
        self.folder.close().is_err().then_some(path)
    }
}

/// Swaps two folders in one step, where system and file system can.
fn swap(one: &Path, other: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    {
        _ = (one, other);
        false
    }
}

/// Whether no living process works in the folder.
fn abandoned(path: &Path) -> bool {
    let Ok(folder) = File::open(path) else {
        return false;
    };
    let age = folder
        .metadata()
        .and_then(|data| data.modified())
        .ok()
        .and_then(|at| SystemTime::now().duration_since(at).ok());
    age.is_some_and(|age| age > YOUNG) && folder.try_lock().is_ok()
}

/// The whole path of a folder that isn't there yet, in a folder that is.
fn absent(out: &Path) -> Result<PathBuf> {
    let Some(name) = out.file_name() else {
        return Err(Error::usage(
            shown(out),
            "this names no folder",
            "give the folder's name",
        ));
    };
    let parent = out
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(Error::io(parent))?;
    Ok(fs::canonicalize(parent)
        .map_err(Error::io(parent))?
        .join(name))
}

fn check(path: &Path, named: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Error::usage(
                shown(named),
                "it is a file",
                "name a folder to export into",
            ));
        }
        Err(error) => return Err(Error::io(path)(error)),
    };
    if entries.next().is_none() || made_here(path) {
        return Ok(());
    }
    Err(Error::usage(
        shown(named),
        "the folder is not empty and no export of portray made it",
        "name another, or empty it",
    ))
}

/// Whether an export made the folder.
fn made_here(path: &Path) -> bool {
    let manifest = fs::read(path.join(MANIFEST)).ok();
    let manifest =
        manifest.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    manifest.is_some_and(|manifest| manifest["program"] == PROGRAM)
}

/// Brings the folder's entries to the disk, on systems that let a folder be opened for that.
fn sync(folder: &Path) {
    _ = File::open(folder).and_then(|file| file.sync_all());
}

fn shown(path: &Path) -> String {
    format!("--out {}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that holds an earlier export, and the target that it is.
    fn exported(home: &Path) -> (PathBuf, Target) {
        let out = home.join("out");
        fs::create_dir(&out).unwrap();
        fs::write(out.join(MANIFEST), r#"{"program": "portray"}"#).unwrap();
        let target = Target::new(&out).unwrap();
        (out, target)
    }

    fn count(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    fn grow_old(folder: &Path) {
        let long_ago = SystemTime::now() - 2 * YOUNG;
        File::open(folder).unwrap().set_modified(long_ago).unwrap();
    }

    #[test]
    fn where_the_last_rename_fails_the_old_folder_is_put_back() {
        let home = tempfile::tempdir().unwrap();
        let (out, target) = exported(home.path());
        let finished = target.temporary().unwrap();
        fs::remove_dir(finished.path()).unwrap();
        assert!(target.exchange(finished).is_err());
        assert!(out.join(MANIFEST).is_file());
        assert_eq!(count(home.path()), 1, "something is left beside it");
    }

    #[test]
    fn both_ways_of_exchanging_end_alike() {
        for in_two in [false, true] {
            let home = tempfile::tempdir().unwrap();
            let (out, target) = exported(home.path());
            let finished = target.temporary().unwrap();
            fs::write(finished.path().join("new"), "").unwrap();
            if in_two {
                drop(target.exchange_in_two(finished).unwrap());
            } else {
                assert_eq!(target.exchange(finished).unwrap(), None);
            }
            assert!(out.join("new").exists() && !out.join(MANIFEST).exists());
            assert_eq!(count(home.path()), 1, "something is left beside it");
        }
    }

    #[test]
    fn what_a_killed_export_left_is_removed_and_a_living_ones_is_not() {
        let home = tempfile::tempdir().unwrap();
        let (out, target) = exported(home.path());
        let living = target.temporary().unwrap();
        let killed = target.temporary().unwrap().keep();
        fs::write(killed.join("half"), "").unwrap();
        for folder in [living.path(), &killed] {
            grow_old(folder);
        }
        drop(target.temporary().unwrap());
        assert!(living.path().exists() && !killed.exists());
        assert!(out.join(MANIFEST).is_file());
    }

    #[test]
    fn a_folder_killed_between_two_renames_comes_back() {
        let home = tempfile::tempdir().unwrap();
        let (out, target) = exported(home.path());
        let aside = target.beside(OLD).unwrap();
        fs::rename(&out, aside.path()).unwrap();
        grow_old(&aside.keep());
        let target = Target::new(&out).unwrap();
        drop(target.temporary().unwrap());
        assert!(out.join(MANIFEST).is_file());
        assert_eq!(count(home.path()), 1);
    }
}
