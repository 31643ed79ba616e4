//! Whom a shop may write to.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::ToSpan;

use crate::error::{Error, Result};
use crate::pipeline::desk::Desk;
use crate::records::Cap;
use crate::workspace::Catalog;

/// Users who are not written to.
pub struct Reach {
    /// By channel, with `*` for all: those who asked for no word.
    refused: BTreeMap<String, HashSet<i32>>,
    /// Those who were written to as often as the cap allows.
    capped: HashSet<i32>,
    /// Pseudonyms by key.
    pub names: HashMap<i32, String>,
}

impl Reach {
    /// Asks the files of users, as they stand now, and earlier campaigns other than `campaign`, up to today.
    pub fn of(desk: &Desk, catalog: &Catalog, cap: Cap, campaign: i64) -> Result<Self> {
        let read = || -> duckdb::Result<Vec<(i32, String)>> {
            desk.connection()
                .prepare(include_str!("../../../sql/campaign/opt_outs.sql"))?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        let mut refused: BTreeMap<String, HashSet<i32>> = BTreeMap::new();
        for (user, channel) in read().map_err(Error::duck("campaign/opt_outs.sql"))? {
            refused.entry(channel).or_default().insert(user);
        }
        let names: HashMap<i32, String> = crate::pipeline::assign::pseudonyms(desk)?
            .into_iter()
            .collect();
        let today = today();
        let from = today
            .checked_sub(i64::from(cap.days).days())
            .unwrap_or(jiff::civil::Date::MIN);
        let capped: HashSet<String> = catalog
            .written_to(cap.contacts.max(1), &from.to_string(), campaign)?
            .into_iter()
            .collect();
        let capped = names
            .iter()
            .filter(|(_, name)| capped.contains(*name))
            .map(|(user, _)| *user)
            .collect();
        Ok(Self {
            refused,
            capped,
            names,
        })
    }

    /// Whether a user asked for no word by a channel.
    pub fn refuses(&self, user: i32, channel: &str) -> bool {
        [channel, "*"].iter().any(|one| {
            self.refused
                .get(*one)
                .is_some_and(|users| users.contains(&user))
        })
    }

    /// Whether a user was written to as often as the cap allows.
    pub fn is_capped(&self, user: i32) -> bool {
        self.capped.contains(&user)
    }

    /// Whether anything is known of what users want.
    pub fn knows_wishes(&self) -> bool {
        !self.refused.is_empty()
    }
}

/// The day that it is.
pub fn today() -> jiff::civil::Date {
    let here = jiff::tz::TimeZone::system();
    here.to_datetime(jiff::Timestamp::now()).date()
}
