//! What goes wrong while a sealed file is read: a wrong key, damage, or the disk.

use std::io;
use std::path::Path;

use age::DecryptError;

use crate::error::{Error, Result};

/// The file does not hold what was sealed.
pub fn damaged(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::damaged(
        path.display(),
        format!("is damaged: {why}"),
        "take another copy of it; nothing was unpacked",
    )
}

/// A read from the stream failed: the disk's reason where it is one, else the bytes are not those that were sealed.
pub fn reading(path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_path_buf();
    move |error| {
        if error.raw_os_error().is_some() {
            Error::io(&path)(error)
        } else {
            damaged(&path, error)
        }
    }
}

/// The head of the file cannot be opened. age's own texts are not used: one of them overflows.
pub fn unlocking(path: &Path, error: DecryptError, most_work: u8) -> Error {
    match error {
        DecryptError::Io(error) => reading(path)(error),
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => Error::failed(
            path.display(),
            "the passphrase does not open it",
            "type it again; it is the one that was given to `portray workspace seal`",
        ),
        DecryptError::NoMatchingKeys => Error::failed(
            path.display(),
            "none of the keys opens it",
            "name the identity file of one of the recipients that it was sealed for",
        ),
        DecryptError::ExcessiveWork { required, .. } => Error::failed(
            path.display(),
            format!("asks for a scrypt work factor of {required}, and {most_work} is the most"),
            "seal the workspace anew; `portray workspace seal` asks for less",
        ),
        DecryptError::UnknownFormat => Error::failed(
            path.display(),
            "is of a version of the age format that is not known here",
            "use a newer portray",
        ),
        DecryptError::InvalidMac => damaged(path, "its head was changed"),
        _ => damaged(path, "its head does not parse"),
    }
}

/// The same for anything that must hold of what is inside.
pub fn ensure(holds: bool, path: &Path, why: impl std::fmt::Display) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(damaged(path, why))
    }
}
