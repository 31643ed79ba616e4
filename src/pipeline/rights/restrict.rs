//! A person's data is kept and not used.

use std::path::Path;

use serde_json::json;

use super::{pseudonym, same_person};
use crate::error::{Error, Result};
use crate::privacy::{Who, second_hash};
use crate::settings::Settings;
use crate::workspace::{Deed, Workspace};

/// Keeps a person's data and uses it no more: in no later run, and in no list of users of a run made before. `lift` ends that.
/// Returns the hash of the line in the audit log.
///
/// # Errors
/// [`Error::Failed`] where nothing is known of the person, or nothing was restricted that could be lifted.
pub fn restrict(workspace: &Path, who: &Who, lift: bool, settings: &Settings) -> Result<String> {
    let workspace = Workspace::open(workspace)?;
    let key = workspace.key()?;
    let name = pseudonym(&key, who);
    let all = same_person(&workspace, &name, settings)?;
    let mut catalog = workspace.catalog()?;
    let is_known = all.len() > 1 || is_known(&workspace, &name, settings)?;
    if !is_known {
        return Err(Error::failed(
            "the person",
            "this workspace holds nothing of that name",
            "check the id; it is read as it stands in the shop's files",
        ));
    }
    if catalog.restrict(&all, lift)? == 0 && lift {
        return Err(Error::failed(
            "the person",
            "is not restricted",
            "without --lift the person is",
        ));
    }
    let deed = Deed {
        action: if lift {
            "restriction lifted"
        } else {
            "restrict"
        },
        person: Some(second_hash(&key, &name)),
        detail: json!({}),
        ..Deed::default()
    };
    workspace.record(deed, settings.operator.as_deref())
}

fn is_known(workspace: &Workspace, name: &str, settings: &Settings) -> Result<bool> {
    if workspace.layout().generations()?.is_empty() {
        return Ok(false);
    }
    let desk = super::Desk::of_store(workspace, settings)?;
    desk.connection()
        .query_row(
            "SELECT count(*) > 0 FROM store.users WHERE pseudonym = ?",
            [name],
            |row| row.get(0),
        )
        .map_err(Error::duck("looking for a person"))
}
