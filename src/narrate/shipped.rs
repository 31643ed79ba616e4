//! The model that the program carries: unpacked once into the cache, mapped from there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::error::{Error, Result};

/// File name of the built-in model.
pub const NAME: &str = "portray-narrator.gguf";

static BYTES: &[u8] = include_bytes!("../../models/portray-narrator.gguf");

/// The folder that stands in where the cache can't be written; it goes with the process.
static STAND_IN: OnceLock<TempDir> = OnceLock::new();

/// Path and SHA-256 of the built-in model, unpacked where that has not been done.
///
/// # Errors
/// Neither the cache folder nor the folder for temporary files can be written.
pub fn unpack() -> Result<(PathBuf, String)> {
    let sha256 = hex(&Sha256::digest(BYTES));
    if let Some(dirs) = directories::ProjectDirs::from("", "", "portray") {
        let path = dirs.cache_dir().join(format!("{}-{NAME}", &sha256[..16]));
        match unpack_to(&path, &sha256) {
            Ok(()) => return Ok((path, sha256)),
            Err(error) => tracing::info!(%error, "the cache folder can't take the model"),
        }
    }
    if STAND_IN.get().is_none() {
        let made = tempfile::Builder::new().prefix("portray-").tempdir();
        // Another thread may have been first: its folder serves as well.
        let _ = STAND_IN.set(made.map_err(Error::io(std::env::temp_dir()))?);
    }
    let folder = STAND_IN
        .get()
        .map_or_else(std::env::temp_dir, |folder| folder.path().to_owned());
    let path = folder.join(NAME);
    unpack_to(&path, &sha256)?;
    Ok((path, sha256))
}

fn unpack_to(path: &Path, sha256: &str) -> Result<()> {
    if path.is_file() && hash(path)? == sha256 {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::io(folder))?;
    file.write_all(BYTES)
        .and_then(|()| file.as_file().sync_all())
        .map_err(Error::io(path))?;
    file.persist(path).map_err(|e| Error::io(path)(e.error))?;
    Ok(())
}

/// SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// A file that can't be read.
pub fn hash(path: &Path) -> Result<String> {
    let mut file = std::fs::File::open(path).map_err(Error::io(path))?;
    let mut hasher = Hasher(Sha256::new());
    std::io::copy(&mut file, &mut hasher).map_err(Error::io(path))?;
    Ok(hex(&hasher.0.finalize()))
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
