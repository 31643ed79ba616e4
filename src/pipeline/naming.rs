//! From what a person calls a user to its pseudonym.

use std::path::Path;

use super::make::settings_of;
use crate::error::Result;
use crate::events::{Field, pseudonym_of};
use crate::privacy::{Who, canonical_id};
use crate::records::Run;
use crate::settings::Unit;
use crate::workspace::{Key, Workspace};

/// Makes pseudonyms of the shop's own ids, under the workspace's key. Where the run segments accounts, devices or units, an id is
/// one of these.
pub(super) struct Naming {
    key: Key,
    field: Field,
}

impl Naming {
    /// For the ids of a run.
    pub fn of_run(workspace: &Path, run: &Run) -> Result<Self> {
        Ok(Self {
            key: Workspace::open(workspace)?.key()?,
            field: match settings_of(run)?.unit {
                Unit::User => Field::User,
                Unit::Account => Field::Account,
                Unit::Device => Field::Device,
                Unit::Unit => Field::Unit,
            },
        })
    }

    /// The pseudonym of an id.
    pub fn of(&self, id: &str) -> String {
        let made = pseudonym_of(&self.key, self.field, canonical_id(id));
        String::from_utf8_lossy(&made).into_owned()
    }
}

/// The pseudonym that a person means: their word for it, or what the shop's own id becomes.
pub fn pseudonym(workspace: &Path, run: &Run, who: &Who) -> Result<String> {
    match who {
        Who::Pseudonym(name) => Ok(name.trim().to_ascii_lowercase()),
        Who::Id(raw) => Ok(Naming::of_run(workspace, run)?.of(raw)),
    }
}
