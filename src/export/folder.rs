//! A folder that appears whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

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
    pub fn temporary(&self) -> Result<TempDir> {
        self.beside("new")
    }

    /// Puts the finished folder in the target's place. What stood there is put back where that fails,
    /// and removed last; gives its path where even removing it fails.
    pub fn exchange(&self, finished: TempDir) -> Result<Option<PathBuf>> {
        sync(finished.path());
        check(&self.path, &self.path)?;
        let old = if self.path.exists() {
            let aside = self.beside("old")?;
            // Onto the empty folder: a rename takes its place.
            fs::rename(&self.path, aside.path()).map_err(Error::io(&self.path))?;
            Some(aside)
        } else {
            None
        };
        if let Err(error) = fs::rename(finished.path(), &self.path) {
            if let Some(old) = old {
                let kept = old.keep();
                // Where even this fails the old folder stays, under the name that the error tells.
                fs::rename(&kept, &self.path).map_err(Error::io(&kept))?;
            }
            return Err(Error::io(&self.path)(error));
        }
        // Its place is taken: nothing is left for the guard to remove.
        _ = finished.keep();
        sync(&self.parent);
        let removed = old.map(|old| (old.path().to_path_buf(), old.close()));
        Ok(removed.and_then(|(path, done)| done.is_err().then_some(path)))
    }

    fn beside(&self, role: &str) -> Result<TempDir> {
        let mut prefix = OsString::from(".");
        prefix.push(&self.name);
        prefix.push(format!(".{role}-"));
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As `mkdir` would: the umask decides who may read a report.
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        builder
            .tempdir_in(&self.parent)
            .map_err(Error::io(&self.parent))
    }
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

    #[test]
    fn where_the_last_rename_fails_the_old_folder_is_put_back() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(out.join(MANIFEST), r#"{"program": "portray"}"#).unwrap();
        let target = Target::new(&out).unwrap();
        let finished = target.temporary().unwrap();
        fs::remove_dir(finished.path()).unwrap();
        assert!(target.exchange(finished).is_err());
        assert!(out.join(MANIFEST).is_file());
        assert_eq!(
            fs::read_dir(home.path()).unwrap().count(),
            1,
            "something is left beside it"
        );
    }
}
