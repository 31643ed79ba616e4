//! Unsealing: the files go into a new folder, which gets its name when all is there and as it was sealed.
//!
//! Whoever knows a recipient's public key can seal a file for it, so nothing in the archive is trusted.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};
use tar::{Archive, Entries, EntryType};

use super::{FORMAT, HEADER, Header, LIST, Listed, Unlock, fault, names, place, stream};
use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::workspace::{Layout, hex, sync};

/// Most bytes of the header.
const MOST_HEADER: u64 = 64 * 1024;
/// Most bytes of the closing list: that of about 300,000 files.
const MOST_LIST: u64 = 64 * 1024 * 1024;
/// Most bytes after the last entry: tar fills a record.
const MOST_FILL: u64 = 64 * 1024;
/// zstd may ask for this much memory, as a power of two; level 3 asks for two megabytes.
const MOST_WINDOW: u32 = 24;
/// What a file takes beyond its bytes, roughly.
const PER_FILE: u64 = 4096;

/// What was unsealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsealed {
    /// The workspace.
    pub folder: PathBuf,
    /// Whether it is in memory, and gone when the machine stops.
    pub is_in_memory: bool,
    /// Files in it.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
    /// When it was sealed, RFC 3339 in UTC.
    pub sealed_at: String,
}

/// Unpacks a sealed file into `dest`, which must not exist or be empty; by default into a new folder in memory.
///
/// # Errors
/// [`Error::Failed`] where the passphrase or the keys do not open it, [`Error::Damaged`] where it is not as it was
/// sealed: then no folder is left.
pub fn unseal(
    file: &Path,
    dest: Option<&Path>,
    unlock: &Unlock,
    progress: &Progress,
) -> Result<Unsealed> {
    let named = dest.map(vacant).transpose()?;
    let opened = unlock.open(file)?;
    let mut unpacked = zstd::Decoder::new(opened).map_err(fault::reading(file))?;
    unpacked
        .window_log_max(MOST_WINDOW)
        .map_err(fault::reading(file))?;
    let mut archive = Archive::new(unpacked);
    let mut entries = archive.entries().map_err(fault::reading(file))?.raw(true);
    let header = header(&mut entries, file)?;
    let needed = header
        .files
        .saturating_add(header.folders)
        .saturating_mul(PER_FILE)
        .saturating_add(header.bytes);
    let parent = match named {
        Some(parent) => parent,
        None => place::in_memory(needed)?,
    };
    place::ensure_room(&parent, needed)?;
    let is_in_memory = place::is_memory(&parent)?;
    progress.stage(Stage::Export, Some(header.files));
    // Removed when dropped, with whatever is in it.
    let beside = tempfile::Builder::new()
        .prefix(".portray-unseal-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(&parent)
        .map_err(Error::io(&parent))?;
    let mut unpacking = Unpacking {
        file,
        root: beside.path().join("workspace"),
        is_synced: !is_in_memory,
        bytes: header.bytes,
        folders: BTreeSet::new(),
        files: Vec::new(),
        progress,
    };
    unpacking.all(&mut entries, &header)?;
    ended(archive, file)?;
    unpacking.close()?;
    let folder = match dest {
        Some(dest) => dest.to_path_buf(),
        None => parent.join(own_name(beside.path())),
    };
    progress.check()?;
    // Takes the place of an empty folder, and of nothing else.
    std::fs::rename(&unpacking.root, &folder).map_err(Error::io(&folder))?;
    if !is_in_memory {
        sync(&parent)?;
    }
    Ok(Unsealed {
        folder,
        is_in_memory,
        files: header.files,
        bytes: header.bytes,
        sealed_at: header.created_at,
    })
}

/// The folder that `dest` stands in.
fn vacant(dest: &Path) -> Result<PathBuf> {
    let refuse = |why| Error::failed(dest.display(), why, "name a new folder with --out");
    let entries = match dest.symlink_metadata() {
        Ok(data) if !data.is_dir() => return Err(refuse("exists and is not a folder")),
        Ok(_) => std::fs::read_dir(dest).map_err(Error::io(dest))?.count(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => 0,
        Err(e) => return Err(Error::io(dest)(e)),
    };
    if entries > 0 {
        return Err(refuse("is not empty, and nothing is overwritten"));
    }
    match (dest.parent(), dest.file_name()) {
        (Some(parent), Some(_)) if parent == Path::new("") => Ok(PathBuf::from(".")),
        (Some(parent), Some(_)) => Ok(parent.to_path_buf()),
        _ => Err(refuse("is no name for a folder")),
    }
}

/// A new name, as random as that of the temporary folder.
fn own_name(temporary: &Path) -> String {
    let name = temporary.file_name().unwrap_or_default().to_string_lossy();
    format!("portray-{}", name.trim_start_matches(".portray-unseal-"))
}

fn header<R: Read>(entries: &mut Entries<'_, R>, file: &Path) -> Result<Header> {
    let found = stream::next(entries, file)?;
    // Only the number is sure to be there in a format to come.
    let value: serde_json::Value = stream::json(found, HEADER, MOST_HEADER, file)?;
    let format = value.get("format").and_then(serde_json::Value::as_u64);
    match format {
        Some(number) if number == u64::from(FORMAT) => serde_json::from_value(value)
            .map_err(|e| fault::damaged(file, format!("{HEADER} in it does not parse: {e}"))),
        Some(number) => Err(Error::failed(
            file.display(),
            format!("is of format {number}, this program knows {FORMAT}"),
            "use a newer portray",
        )),
        None => Err(fault::damaged(
            file,
            format!("{HEADER} in it has no format"),
        )),
    }
}

/// Reads to the end: only there does age say that nothing was cut off.
fn ended<R: Read>(archive: Archive<R>, file: &Path) -> Result<()> {
    let mut rest = archive.into_inner().take(MOST_FILL + 1);
    let bytes = std::io::copy(&mut rest, &mut std::io::sink()).map_err(fault::reading(file))?;
    fault::ensure(bytes <= MOST_FILL, file, "more follows its last entry")
}

/// A workspace in the making.
struct Unpacking<'a> {
    file: &'a Path,
    root: PathBuf,
    is_synced: bool,
    /// What is left of the bytes that were announced.
    bytes: u64,
    folders: BTreeSet<String>,
    files: Vec<Listed>,
    progress: &'a Progress,
}

impl Unpacking<'_> {
    /// Unpacks everything after the header, and checks that it is what the closing list says.
    fn all<R: Read>(&mut self, entries: &mut Entries<'_, R>, header: &Header) -> Result<()> {
        make_folder(&self.root)?;
        loop {
            self.progress.check()?;
            let Some((name, mut entry)) = stream::next(entries, self.file)? else {
                return Err(self.fault("its closing list is missing"));
            };
            if name == LIST.as_bytes() {
                let list = stream::json(Some((name, entry)), LIST, MOST_LIST, self.file)?;
                self.compare(list, header)?;
                let more = stream::next(entries, self.file)?;
                return fault::ensure(more.is_none(), self.file, "more follows its closing list");
            }
            let Some(path) = names::inside(&name) else {
                let name = String::from_utf8_lossy(&name).escape_debug().to_string();
                return Err(self.fault(format!("\"{name}\" in it is no path in a workspace")));
            };
            match (entry.header().entry_type(), entry.size()) {
                (EntryType::Directory, 0) => self.folder(path, header)?,
                (EntryType::Regular, bytes) => self.take(path, &mut entry, bytes, header)?,
                _ => return Err(self.fault(format!("\"{path}\" in it is no file and no folder"))),
            }
        }
    }

    fn folder(&mut self, path: &str, header: &Header) -> Result<()> {
        let is_expected = !path.contains('/') && (self.folders.len() as u64) < header.folders;
        if !is_expected || !self.folders.insert(path.to_owned()) {
            return Err(self.fault(format!("the folder \"{path}\" in it was not announced")));
        }
        make_folder(&self.root.join(path))
    }

    /// Writes a file, which must be new, in a folder that is there, and within what the header announced.
    fn take(
        &mut self,
        path: &str,
        entry: &mut impl Read,
        bytes: u64,
        header: &Header,
    ) -> Result<()> {
        let is_placed = path
            .split_once('/')
            .is_none_or(|(folder, _)| self.folders.contains(folder));
        if !is_placed || self.files.len() as u64 >= header.files || bytes > self.bytes {
            return Err(self.fault(format!("\"{path}\" in it was not announced")));
        }
        self.bytes -= bytes;
        let to = self.root.join(path);
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&to)
            .map_err(|e| match e.kind() {
                std::io::ErrorKind::AlreadyExists => {
                    self.fault(format!("\"{path}\" is in it twice"))
                }
                _ => Error::io(&to)(e),
            })?;
        let mut hash = Sha256::new();
        let mut left = bytes;
        let mut buffer = vec![0; 64 * 1024];
        while left > 0 {
            self.progress.check()?;
            let count = entry.read(&mut buffer).map_err(fault::reading(self.file))?;
            fault::ensure(count > 0, self.file, "it ends within a file")?;
            left = left.saturating_sub(count as u64);
            hash.update(&buffer[..count]);
            file.write_all(&buffer[..count]).map_err(Error::io(&to))?;
        }
        if self.is_synced {
            file.sync_all().map_err(Error::io(&to))?;
        }
        self.files.push(Listed {
            path: path.to_owned(),
            bytes,
            sha256: hex(&hash.finalize()),
        });
        self.progress.done(self.files.len() as u64);
        Ok(())
    }

    /// Whether all that was sealed is here.
    fn compare(&mut self, mut list: Vec<Listed>, header: &Header) -> Result<()> {
        list.sort();
        self.files.sort();
        let is_whole = list == self.files
            && self.files.len() as u64 == header.files
            && self.folders.len() as u64 == header.folders
            && self.bytes == 0;
        fault::ensure(is_whole, self.file, "it holds other files than it lists")
    }

    /// Makes the folder for temporary files, which is not sealed, and all of it survive a power cut.
    fn close(&self) -> Result<()> {
        let temp = Layout::new(&self.root).temp();
        if !temp.exists() {
            make_folder(&temp)?;
        }
        if self.is_synced {
            for folder in &self.folders {
                sync(&self.root.join(folder))?;
            }
            sync(&self.root)?;
        }
        Ok(())
    }

    fn fault(&self, why: impl std::fmt::Display) -> Error {
        fault::damaged(self.file, why)
    }
}

/// Makes a folder for its owner alone.
fn make_folder(path: &Path) -> Result<()> {
    let made = DirBuilder::new().mode(0o700).create(path);
    made.map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Error::damaged(
            path.display(),
            "is in the sealed file as a file and as a folder",
            "take another copy of it; nothing was unpacked",
        ),
        _ => Error::io(path)(e),
    })
}
