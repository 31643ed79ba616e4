//! Reading the archive entry by entry, with no extension of the tar format but long names, and these short.

use std::io::Read;
use std::path::Path;

use tar::{Entries, Entry, EntryType};

use super::fault;
use crate::error::Result;

/// Longest name of an entry.
const MOST_NAME: u64 = 4096;

/// The next entry with its name; none at the end.
pub fn next<'a, R: Read>(
    entries: &mut Entries<'a, R>,
    file: &Path,
) -> Result<Option<(Vec<u8>, Entry<'a, R>)>> {
    let Some(entry) = entries.next() else {
        return Ok(None);
    };
    let entry = entry.map_err(fault::reading(file))?;
    if entry.header().entry_type() != EntryType::GNULongName {
        return Ok(Some((entry.path_bytes().into_owned(), entry)));
    }
    let mut name = read(entry, MOST_NAME, file)?;
    while name.last() == Some(&0) {
        name.pop();
    }
    match entries.next() {
        Some(named) => Ok(Some((name, named.map_err(fault::reading(file))?))),
        None => Err(fault::damaged(file, "it ends after the name of an entry")),
    }
}

/// The whole of a short entry.
pub fn read<R: Read>(entry: Entry<'_, R>, most: u64, file: &Path) -> Result<Vec<u8>> {
    let bytes = entry.size();
    fault::ensure(bytes <= most, file, "an entry is longer than it can be")?;
    let mut text = Vec::new();
    let mut entry = entry.take(most);
    entry.read_to_end(&mut text).map_err(fault::reading(file))?;
    fault::ensure(text.len() as u64 == bytes, file, "it ends within an entry")?;
    Ok(text)
}

/// The whole of the entry of that name, which must come next, as JSON.
pub fn json<T: serde::de::DeserializeOwned, R: Read>(
    found: Option<(Vec<u8>, Entry<'_, R>)>,
    name: &str,
    most: u64,
    file: &Path,
) -> Result<T> {
    let missing = || fault::damaged(file, format!("{name} is missing in it"));
    let (_, entry) = found
        .filter(|(found, entry)| {
            found == name.as_bytes() && entry.header().entry_type() == EntryType::Regular
        })
        .ok_or_else(missing)?;
    let text = read(entry, most, file)?;
    serde_json::from_slice(&text)
        .map_err(|e| fault::damaged(file, format!("{name} in it does not parse: {e}")))
}
