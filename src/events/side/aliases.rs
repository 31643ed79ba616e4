//! Users who are others by now.

use std::collections::HashMap;

use super::super::stage::Stage;
use super::table::Table;
use crate::error::{Error, Result};
use crate::privacy::canonical_id;

/// Stages the pairs of a file of `old,new`; returns how many.
pub(super) fn read(file: &mut Table, stage: &mut Stage<'_>) -> Result<u64> {
    let (old, new) = (file.need(&["old"])?, file.need(&["new"])?);
    let mut pairs = Vec::new();
    while file.next()? {
        let old = stage.user(canonical_id(file.filled(old)?));
        let new = stage.user(canonical_id(file.filled(new)?));
        // Of persons who were forgotten nothing is said.
        if let (Some(old), Some(new)) = (old, new) {
            pairs.push((old, new, file.line()));
        }
    }
    acyclic(file, &pairs, stage.known_aliases()?)?;
    let taken = pairs.len() as u64;
    let pairs = pairs.into_iter().map(|(old, new, _)| (old, new));
    stage.beside.aliases.extend(pairs);
    Ok(taken)
}

/// A user that is, over some steps, itself, is nobody.
fn acyclic(file: &Table, pairs: &[(i32, i32, u64)], mut known: HashMap<i32, i32>) -> Result<()> {
    for (old, new, line) in pairs {
        let mut at = *new;
        let mut steps = 0;
        while let Some(next) = known.get(&at).filter(|_| at != *old) {
            at = *next;
            steps += 1;
            if steps > known.len() {
                break;
            }
        }
        if at == *old {
            return Err(Error::rejected(
                format!("{}, line {line}", file.name()),
                "the user comes back to itself over the aliases known so far",
                "take one of the lines out",
            ));
        }
        known.insert(*old, *new);
    }
    Ok(())
}
