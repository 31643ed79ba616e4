//! What tells a row from any other: a keyed hash over all its cells, by which duplicates are known.

use sha2::{Digest, Sha256};

use super::row::Row;
use crate::workspace::{Key, RowHash};

/// Hashes the rows of one file; two rows have the same hash where the names of their columns and all their cells are the
/// same. Without the workspace's key no hash says anything of its row.
#[derive(Clone)]
pub struct Hasher {
    keyed: Keyed,
    bytes: Vec<u8>,
}

#[derive(Clone)]
enum Keyed {
    Blake3([u8; 32]),
    /// With the beginning that is secret.
    Sha256(Sha256),
}

impl Hasher {
    /// For rows with these columns, in a store that hashes rows that way.
    pub fn new(of: RowHash, key: &Key, columns: &[String]) -> Self {
        let secret = key.mac(b"row hash");
        let mut bytes = Vec::new();
        let columns = columns.iter().map(String::as_str);
        let keyed = match of {
            RowHash::Blake3 => {
                columns.for_each(|column| part(&mut bytes, column));
                Keyed::Blake3(blake3::keyed_hash(&secret, &bytes).into())
            }
            RowHash::Sha256 => {
                bytes.extend_from_slice(&secret);
                columns.for_each(|column| part(&mut bytes, column));
                Keyed::Sha256(Sha256::new_with_prefix(&bytes))
            }
        };
        Self { keyed, bytes }
    }

    /// The hash of a row.
    pub fn hash(&mut self, row: &Row) -> [u8; 32] {
        self.bytes.clear();
        row.fields().for_each(|field| part(&mut self.bytes, field));
        match &self.keyed {
            Keyed::Blake3(key) => blake3::keyed_hash(key, &self.bytes).into(),
            Keyed::Sha256(begun) => begun.clone().chain_update(&self.bytes).finalize().into(),
        }
    }
}

/// Length first, so that no two rows of different fields run together into the same bytes.
fn part(bytes: &mut Vec<u8>, field: &str) {
    bytes.extend_from_slice(&(field.len() as u64).to_le_bytes());
    bytes.extend_from_slice(field.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "07".repeat(32)).unwrap();
        Key::load(&path).unwrap().unwrap()
    }

    fn hash(of: RowHash, columns: &[&str], cells: &[&str]) -> [u8; 32] {
        let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
        let mut row = Row::default();
        for cell in cells {
            row.push(cell);
        }
        Hasher::new(of, &key(), &columns).hash(&row)
    }

    #[test]
    fn each_cell_and_column_tells() {
        for of in [RowHash::Blake3, RowHash::Sha256] {
            let one = hash(of, &["user", "item"], &["12", "3"]);
            assert_eq!(one, hash(of, &["user", "item"], &["12", "3"]));
            assert_ne!(one, hash(of, &["user", "item"], &["1", "23"]));
            assert_ne!(one, hash(of, &["user", "item"], &["12", "3", ""]));
            assert_ne!(one, hash(of, &["user", "price"], &["12", "3"]));
        }
    }

    /// What stores of version 5 and before hold: a change would bring each of their rows in once more.
    #[test]
    fn older_stores_know_their_rows_by_sha_256() {
        let mut bytes = key().mac(b"row hash").to_vec();
        for cell in ["user", "12"] {
            bytes.extend((cell.len() as u64).to_le_bytes());
            bytes.extend(cell.bytes());
        }
        let expected: [u8; 32] = Sha256::digest(&bytes).into();
        assert_eq!(hash(RowHash::Sha256, &["user"], &["12"]), expected);
    }
}
