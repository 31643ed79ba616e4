//! Which rows count, for whom, and in which money: units, aliases, exclusions, currencies, the period.
//!
//! Feature and portrait SQL reads the views that are made here; whatever is left out of them stays an event, and is
//! counted with its reason.

mod activity;
mod currency;
mod fate;
mod firsts;
mod period;
mod reconcile;
mod rules;

use duckdb::{Connection, params};

use crate::error::{Error, Result};
use crate::records::Reconciliation;
use crate::settings::RunSettings;
use crate::workspace::{EVENT_TYPES, duck};

pub use fate::{Counted, Fate, fates};
pub use rules::{Rule, rules};

/// What a run counts, once its views are made.
pub struct Scope {
    /// The last ingest that counts.
    pub ingest: i32,
    /// ISO 4217 code of all amounts, where the data names one.
    pub currency: Option<String>,
    /// What was decided, one line each.
    pub notes: Vec<String>,
    first_day: String,
    last_day: String,
}

impl Scope {
    /// Makes the views `rows`, `sales` and their kin on a connection with the event store as `store`, of the rows up to an
    /// ingest (none: all).
    ///
    /// # Errors
    /// [`Error::Rejected`] where sales are in several currencies without rates, or nothing is left that counts.
    pub fn open(
        connection: &Connection,
        settings: &RunSettings,
        up_to: Option<i32>,
        rules: &[Rule],
    ) -> Result<Self> {
        let mut notes = Vec::new();
        let (ingest, currency) = Self::rows(connection, settings, up_to, &mut notes)?;
        rules::flag(connection, rules)?;
        let (first_day, last_day) = period::decide(connection, settings, &mut notes)?;
        run(connection, "counted", &counted(connection)?)?;
        let sales = include_str!("../../sql/scope/sales.sql");
        run(connection, "sales", sales)?;
        Ok(Self {
            ingest,
            currency,
            notes,
            first_day,
            last_day,
        })
    }

    /// Makes the view `rows` and those that it needs: every row with whose it is and what it brought, before rules and the
    /// period, which take most of the time. Returns the last ingest that counts and the currency of all amounts.
    ///
    /// # Errors
    /// [`Error::Rejected`] where sales are in several currencies without rates.
    pub fn rows(
        connection: &Connection,
        settings: &RunSettings,
        up_to: Option<i32>,
        notes: &mut Vec<String>,
    ) -> Result<(i32, Option<String>)> {
        let ingest = aliases(connection, up_to)?;
        if let Some(column) = &settings.unit_column {
            check_unit(connection, column)?;
        }
        set(
            connection,
            "unit (unit VARCHAR)",
            params![settings.unit.name()],
        )?;
        run(
            connection,
            "people",
            include_str!("../../sql/scope/people.sql"),
        )?;
        let currency = currency::decide(connection, settings, notes)?;
        run(connection, "rows", include_str!("../../sql/scope/rows.sql"))?;
        Ok((ingest, currency))
    }

    /// Makes the views `events` and `activity`, for which all events are looked at.
    ///
    /// # Errors
    /// [`Error::EventStore`] where memory and disk are too small for it.
    pub fn events(&self, connection: &Connection) -> Result<()> {
        firsts::register(connection)?;
        let events = include_str!("../../sql/scope/events.sql");
        run(connection, "events", events)
    }

    /// Computes once what features and portraits ask for many times; after [`Self::events`].
    ///
    /// # Errors
    /// [`Error::EventStore`] where memory and disk are too small for it.
    pub fn keep(&self, connection: &Connection) -> Result<()> {
        run(connection, "kept", include_str!("../../sql/scope/kept.sql"))
    }

    /// What became of all that was sold.
    pub fn reconciliation(
        &self,
        connection: &Connection,
        rules: &[Rule],
    ) -> Result<Reconciliation> {
        reconcile::reconcile(connection, rules, &self.first_day, &self.last_day)
    }
}

/// What counts, in tables with those columns that have a value.
fn counted(connection: &Connection) -> Result<String> {
    let read = || -> duckdb::Result<Vec<(String, String, bool)>> {
        connection
            .prepare(include_str!("../../sql/scope/present.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    };
    let (mut kept, mut all) = (String::new(), String::new());
    for (name, of, is_here) in read().map_err(Error::duck("scope/present.sql"))? {
        if is_here {
            kept += &format!(", {name}");
            all += &format!(", {name}");
        } else {
            all += &format!(", CAST(NULL AS {of}) AS {name}");
        }
    }
    let sql = include_str!("../../sql/scope/counted.sql");
    let sql = sql.replace("{kept}", &kept).replace("{read}", &all);
    Ok(sql.replace("{types}", EVENT_TYPES))
}

/// Makes the tables `up_to`, with the last ingest that counts (none: the last), and `merged`, of users that are others by
/// now. Returns the ingest.
pub fn aliases(connection: &Connection, up_to: Option<i32>) -> Result<i32> {
    let ingest = up_to.map_or_else(|| last_ingest(connection), Ok)?;
    set(connection, "up_to (ingest INTEGER)", params![ingest])?;
    let sql = include_str!("../../sql/scope/aliases.sql");
    run(connection, "aliases", sql)?;
    Ok(ingest)
}

fn last_ingest(connection: &Connection) -> Result<i32> {
    let last: Option<i32> = connection
        .query_row("SELECT max(ingest) FROM store.ingests", [], |row| {
            row.get(0)
        })
        .map_err(Error::duck("opening events"))?;
    Ok(last.unwrap_or_default())
}

/// Whether the unit is what stood in the column of this name.
fn check_unit(connection: &Connection, column: &str) -> Result<()> {
    let known: Option<String> = connection
        .query_row(
            "SELECT max(value) FROM store.meta WHERE name = 'unit_column'",
            [],
            |row| row.get(0),
        )
        .map_err(Error::duck("opening events"))?;
    match known {
        Some(known) if known.eq_ignore_ascii_case(column) => Ok(()),
        known => Err(Error::usage(
            format!("--unit {column}"),
            match known {
                Some(known) => format!("the unit that was read is the column `{known}`"),
                None => "no column was read as a unit".to_owned(),
            },
            format!(
                "read it with `portray ingest --map unit={column} FILE`, or name user, account or device"
            ),
        )),
    }
}

/// A temporary table of one row.
fn set(connection: &Connection, table: &str, values: &[&dyn duckdb::ToSql]) -> Result<()> {
    let name = table.split(' ').next().unwrap_or_default();
    let places = vec!["?"; values.len()].join(", ");
    let make = || -> duckdb::Result<()> {
        connection.execute_batch(&format!("CREATE TEMP TABLE {table}"))?;
        connection.execute(&format!("INSERT INTO {name} VALUES ({places})"), values)?;
        Ok(())
    };
    make().map_err(Error::duck(format!("setting {name}")))
}

fn run(connection: &Connection, file: &str, sql: &str) -> Result<()> {
    duck::run(connection, &format!("scope/{file}.sql"), sql)
}
