//! What today's patterns find in texts that are kept already.

use std::path::Path;

use serde::Serialize;

use super::Desk;
use crate::error::{Error, Result};
use crate::privacy::{Redactions, Redactor};
use crate::settings::Settings;
use crate::workspace::Workspace;

/// Texts of a workspace with what would be masked, were they read today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Unmasked {
    /// Texts looked at.
    pub texts: u64,
    /// Those in which something is found.
    pub with_finds: u64,
    /// What is found, by kind.
    pub found: Redactions,
}

/// Looks through the texts of the event store with the standard patterns and `own` ones, each a name and a regular
/// expression. No text is told.
///
/// # Errors
/// [`Error::Usage`] for a pattern that does not parse.
pub fn unmasked(
    workspace: &Path,
    own: &[(String, String)],
    settings: &Settings,
) -> Result<Unmasked> {
    let redactor = Redactor::new(own)?;
    let workspace = Workspace::open(workspace)?;
    let desk = Desk::of_store(&workspace, settings)?;
    let mut result = Unmasked::default();
    let mut look = || -> duckdb::Result<()> {
        let mut texts = desk
            .connection()
            .prepare(include_str!("../../../sql/privacy/kept_texts.sql"))?;
        let mut rows = texts.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            let found = redactor.redact(&text).1;
            result.texts += 1;
            result.with_finds += u64::from(found.total() > 0);
            result.found += found;
        }
        Ok(())
    };
    look().map_err(Error::duck("privacy/kept_texts.sql"))?;
    Ok(result)
}
