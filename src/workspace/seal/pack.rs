//! Sealing: the workspace goes through tar, zstd and age into a file that gets its name when it is whole.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use tar::{Builder, EntryType};
use tempfile::NamedTempFile;

use super::contents::Contents;
use super::writing::{Hashing, Source};
use super::{FORMAT, HEADER, Header, LIST, Listed, Lock, UNDER, catalog};
use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::workspace::{Layout, Scratch, WriteLock, sync};

/// zstd's own default: stronger levels cost more than they save here.
const LEVEL: i32 = 3;

/// What was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// Files in it.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
    /// Bytes of the sealed file.
    pub sealed_bytes: u64,
    /// SHA-256 of the sealed file.
    pub sha256: String,
}

/// Writes the workspace at `root` into `out`, which must not exist; nothing in the workspace changes.
///
/// # Errors
/// [`Error::Busy`] where another process writes to the workspace, [`Error::Cancelled`] where the caller asks to stop:
/// then no file is left.
pub fn seal(root: &Path, out: &Path, lock: &Lock, progress: &Progress) -> Result<Sealed> {
    let layout = Layout::new(root);
    if !layout.key().exists() && !layout.catalog().exists() {
        return Err(Error::failed(
            root.display(),
            "is not a workspace",
            "name its folder with --workspace",
        ));
    }
    let beside = folder_of(root, out)?;
    let _held = WriteLock::take(&layout.lock(), root, Duration::ZERO)?;
    // Run files are published before their rows: a catalog copied first names none that the list lacks.
    let scratch = scratch(&layout)?;
    let contents = Contents::list(&layout, catalog::copy(&layout, scratch.path())?)?;
    progress.check()?;
    progress.stage(Stage::Export, Some(contents.files.len() as u64));
    // Made with the permissions 0600, and removed when dropped.
    let file = tempfile::Builder::new()
        .prefix(".portray-seal-")
        .tempfile_in(&beside)
        .map_err(Error::io(&beside))?;
    let (sealed_bytes, sha256) = write(file.as_file(), out, &contents, lock, progress)?;
    file.as_file().sync_all().map_err(Error::io(out))?;
    progress.check()?;
    publish(file, out)?;
    sync(&beside)?;
    Ok(Sealed {
        files: contents.files.len() as u64,
        bytes: contents.bytes(),
        sealed_bytes,
        sha256,
    })
}

/// Gives the file its name, unless that is taken.
fn publish(file: NamedTempFile, out: &Path) -> Result<()> {
    let Err(failed) = file.persist_noclobber(out) else {
        return Ok(());
    };
    match failed.error.kind() {
        ErrorKind::AlreadyExists => Err(taken(out)),
        // Some drivers of sticks (FUSE) know neither a rename that keeps what is there nor hard links.
        ErrorKind::PermissionDenied | ErrorKind::Unsupported | ErrorKind::InvalidInput => {
            if out.symlink_metadata().is_ok() {
                return Err(taken(out));
            }
            let renamed = failed.file.persist(out);
            renamed.map(drop).map_err(|e| Error::io(out)(e.error))
        }
        _ => Err(Error::io(out)(failed.error)),
    }
}

/// The folder that `out` will stand in, which is not the workspace.
fn folder_of(root: &Path, out: &Path) -> Result<PathBuf> {
    if out.symlink_metadata().is_ok() {
        return Err(taken(out));
    }
    let beside = match out.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let full = |path: &Path| path.canonicalize().map_err(Error::io(path));
    if full(beside)?.starts_with(full(root)?) {
        return Err(Error::usage(
            out.display(),
            "stands in the workspace that it is made of",
            "name a file elsewhere",
        ));
    }
    Ok(beside.to_path_buf())
}

fn taken(out: &Path) -> Error {
    Error::failed(
        out.display(),
        "exists already, and no file is overwritten",
        "name another file, or remove it first",
    )
}

/// A folder for the catalog's copy, in the workspace: its clear text goes to no other disk.
fn scratch(layout: &Layout) -> Result<Scratch> {
    let temp = layout.temp();
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&temp)
        .map_err(Error::io(&temp))?;
    Scratch::new(&temp, "seal-")
}

/// Writes the whole sealed file; gives its length and SHA-256.
fn write(
    file: &File,
    out: &Path,
    contents: &Contents,
    lock: &Lock,
    progress: &Progress,
) -> Result<(u64, String)> {
    let io = || Error::io(out);
    let hashing = Hashing::new(BufWriter::new(file));
    let locked = lock.encryptor()?.wrap_output(hashing).map_err(io())?;
    let packed = zstd::Encoder::new(locked, LEVEL).map_err(io())?;
    let mut tar = Tar {
        builder: Builder::new(packed),
        out,
        time: jiff::Timestamp::now(),
        progress,
    };
    tar.header(contents)?;
    for folder in &contents.folders {
        let nothing = Source::new(std::io::empty(), out, 0, progress);
        tar.put(
            &format!("{UNDER}{folder}"),
            EntryType::Directory,
            0,
            nothing,
        )?;
    }
    let mut list = Vec::new();
    for (number, item) in contents.files.iter().enumerate() {
        let file = File::open(&item.from).map_err(Error::io(&item.from))?;
        let source = Source::new(file, &item.from, item.bytes, progress);
        let name = format!("{UNDER}{}", item.name);
        list.push(Listed {
            path: item.name.clone(),
            bytes: item.bytes,
            sha256: tar.put(&name, EntryType::Regular, item.bytes, source)?,
        });
        progress.done(number as u64 + 1);
    }
    tar.json(LIST, &list)?;
    let packed = tar.builder.into_inner().map_err(io())?;
    let locked = packed.finish().map_err(io())?;
    let hashing = locked.finish().map_err(io())?;
    hashing.finish().map_err(io())
}

/// The archive as it is written.
struct Tar<'a, W: Write> {
    builder: Builder<W>,
    out: &'a Path,
    time: jiff::Timestamp,
    progress: &'a Progress,
}

impl<W: Write> Tar<'_, W> {
    fn header(&mut self, contents: &Contents) -> Result<()> {
        let header = Header {
            format: FORMAT,
            portray: env!("CARGO_PKG_VERSION").to_owned(),
            created_at: self.time.to_string(),
            files: contents.files.len() as u64,
            folders: contents.folders.len() as u64,
            bytes: contents.bytes(),
        };
        self.json(HEADER, &header)
    }

    fn json(&mut self, name: &str, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_vec(value)
            .map_err(|e| Error::failed(name, e, "report this, it is a fault of the program"))?;
        let bytes = text.len() as u64;
        let source = Source::new(text.as_slice(), self.out, bytes, self.progress);
        self.put(name, EntryType::Regular, bytes, source)?;
        Ok(())
    }

    /// Adds an entry; gives the SHA-256 of its bytes.
    fn put<R: Read>(
        &mut self,
        name: &str,
        kind: EntryType,
        bytes: u64,
        mut source: Source<'_, R>,
    ) -> Result<String> {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(bytes);
        header.set_mode(if kind.is_dir() { 0o700 } else { 0o600 });
        header.set_mtime(self.time.as_second().unsigned_abs());
        let written = self.builder.append_data(&mut header, name, &mut source);
        source.finish(written, self.out)
    }
}
