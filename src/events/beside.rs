//! What the files beside the events say, on its way into the event store.

use std::collections::BTreeMap;

use duckdb::{Connection, params};
use jiff::civil::Date;

use super::side::{Listing, Person};

/// The lines of those files, users and products by key.
#[derive(Default)]
pub struct Beside {
    /// Users who are others.
    pub aliases: Vec<(i32, i32)>,
    /// Users who do not count.
    pub excluded_users: Vec<i32>,
    /// Day, currency, hundred-millionths of the shop's own.
    pub rates: Vec<(Date, String, i64)>,
    /// Products of the catalogue.
    pub listings: BTreeMap<i32, Listing>,
    /// Users of whom consent, opt-outs or a sign-up date are told.
    pub people: BTreeMap<i32, Person>,
}

impl Beside {
    /// Fills the staging tables.
    pub fn insert(&self, connection: &Connection) -> duckdb::Result<()> {
        let mut insert = connection.prepare("INSERT INTO stage.aliases VALUES (?, ?)")?;
        for (old, new) in &self.aliases {
            insert.execute(params![old, new])?;
        }
        let mut insert = connection.prepare("INSERT INTO stage.excluded_users VALUES (?)")?;
        for user in &self.excluded_users {
            insert.execute(params![user])?;
        }
        let mut insert = connection.prepare(
            "INSERT INTO stage.rates VALUES (CAST(? AS DATE), ?, CAST(CAST(? AS BIGINT) * 0.00000001::DECIMAL(9, 8) AS DECIMAL(18, 8)))",
        )?;
        for (day, currency, rate) in &self.rates {
            insert.execute(params![day.to_string(), currency, rate])?;
        }
        self.insert_listings(connection)?;
        self.insert_people(connection)
    }

    fn insert_listings(&self, connection: &Connection) -> duckdb::Result<()> {
        let mut rows = connection.appender_to_catalog_and_db("listings", "stage", "main")?;
        for one in self.listings.values() {
            rows.append_row(params![
                one.product,
                one.name,
                one.brand,
                one.category,
                one.price_e4,
                one.currency,
                one.stock_e3,
                one.url,
                one.attributes
            ])?;
        }
        rows.flush()
    }

    fn insert_people(&self, connection: &Connection) -> duckdb::Result<()> {
        let appender = |table| connection.appender_to_catalog_and_db(table, "stage", "main");
        let (mut people, mut consents) = (appender("people")?, appender("consents")?);
        let (mut opt_outs, mut kept) = (appender("opt_outs")?, appender("kept")?);
        for one in self.people.values() {
            let signed_up = one.signed_up.map(|day| day.to_string());
            people.append_row(params![one.user, signed_up])?;
            for (purpose, agrees) in &one.consents {
                consents.append_row(params![one.user, purpose, agrees])?;
            }
            for (channel, stops) in &one.opt_outs {
                opt_outs.append_row(params![one.user, channel, stops])?;
            }
            for (name, value) in &one.kept {
                kept.append_row(params![one.user, name, value])?;
            }
        }
        people.flush()?;
        consents.flush()?;
        opt_outs.flush()?;
        kept.flush()
    }
}
