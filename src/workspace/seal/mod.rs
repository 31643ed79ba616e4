//! A workspace as one authenticated file, for laptops, sticks and backups: a tar under zstd in the age format.
//!
//! Its entries are `portray-seal.json` (a [`Header`]), the folders and files under `workspace/`, and
//! `portray-seal-files.json` (what each file must be). Other programs can open it too:
//! `age -d FILE | zstd -d | tar x`.

mod catalog;
mod contents;
mod fault;
mod keys;
mod names;
mod pack;
mod passphrase;
pub mod permissions;
mod place;
mod stream;
#[cfg(test)]
mod tests;
mod unpack;
mod writing;

use serde::{Deserialize, Serialize};

pub use keys::{Lock, LockedBy, Unlock, locked_by};
pub use pack::{Sealed, seal};
pub use passphrase::{prompt_passphrase, read_passphrase_fd};
pub use unpack::{Unsealed, unseal};

/// The format that this program writes and reads.
const FORMAT: u32 = 1;
/// The first entry.
const HEADER: &str = "portray-seal.json";
/// The last entry.
const LIST: &str = "portray-seal-files.json";
/// What the entries of the workspace stand under, so that none is taken for the two above.
const UNDER: &str = "workspace/";

/// What is in a sealed file, known before the rest of it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Number of the format.
    pub format: u32,
    /// Version of the program that wrote it.
    pub portray: String,
    /// When, RFC 3339 in UTC.
    pub created_at: String,
    /// Files of the workspace.
    pub files: u64,
    /// Folders in it.
    pub folders: u64,
    /// Bytes of all files together.
    pub bytes: u64,
}

/// A file as it must be after unsealing.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Listed {
    path: String,
    bytes: u64,
    sha256: String,
}
