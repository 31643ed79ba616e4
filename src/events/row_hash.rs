//! What a row is known by when it comes again: a keyed hash of its cells.

use sha2::{Digest, Sha256};

use super::row::Row;

/// Hashes the rows of files with the same columns. Without the secret nobody can try whether a row was read.
#[derive(Clone)]
pub struct RowHash(Sha256);

impl RowHash {
    /// For files with these columns.
    pub fn new(secret: &[u8; 32], columns: &[String]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(secret);
        for column in columns {
            part(&mut hasher, column);
        }
        Self(hasher)
    }

    /// The hash of a row.
    pub fn of(&self, row: &Row) -> [u8; 32] {
        let mut hasher = self.0.clone();
        row.fields().for_each(|field| part(&mut hasher, field));
        hasher.finalize().into()
    }
}

/// Length first, so that no two rows of different fields run together into the same bytes.
fn part(hasher: &mut Sha256, field: &str) {
    hasher.update((field.len() as u64).to_le_bytes());
    hasher.update(field.as_bytes());
}
