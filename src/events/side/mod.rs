//! Files beside the events: users that are others, users that do not count, rates of currencies, what the shop sells, and
//! what its users want.

mod aliases;
mod catalogue;
mod people;
mod table;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::amount::decimal;
use super::field::Field;
use super::mapping::MapOptions;
use super::stage::Stage;
use super::time::TimeFormat;
use crate::error::Result;
use crate::privacy::canonical_id;
use crate::settings::Settings;

pub(super) use catalogue::Listing;
pub(super) use people::Person;
pub(crate) use table::Table;

/// What an ingest reads.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Event files: paths, patterns, or `-` for standard input.
    pub events: Vec<PathBuf>,
    /// A file of `old,new`: a user and who it is by now.
    pub aliases: Option<PathBuf>,
    /// A file of `user`: they count for nothing.
    pub excluded_users: Option<PathBuf>,
    /// A file of `date,currency,rate`: what one unit of a currency is worth in the shop's own, from a day on.
    pub rates: Option<PathBuf>,
    /// A file of `product,name,brand,category,price,currency,stock,url` and attributes: what the shop sells.
    pub catalog: Option<PathBuf>,
    /// A file of `user`, consent by purpose, opt-out by channel, sign-up date, and columns kept for audits.
    pub users: Option<PathBuf>,
}

impl Sources {
    /// Event files alone.
    #[must_use]
    pub fn events(files: &[PathBuf]) -> Self {
        Self {
            events: files.to_vec(),
            ..Self::default()
        }
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.beside().next().is_none()
    }

    /// The files beside the events.
    pub fn beside(&self) -> impl Iterator<Item = &PathBuf> {
        [
            &self.aliases,
            &self.excluded_users,
            &self.rates,
            &self.catalog,
            &self.users,
        ]
        .into_iter()
        .flatten()
    }
}

/// Lines taken from the files beside the events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Taken {
    /// Users who are others.
    pub aliases: u64,
    /// Users who do not count.
    pub excluded_users: u64,
    /// Rates.
    pub rates: u64,
    /// Products of the catalogue.
    pub products: u64,
    /// Users of whom consent, opt-outs or a sign-up date are told.
    pub users: u64,
}

/// Stages the files beside the events.
///
/// # Errors
/// [`Error::Rejected`](crate::error::Error::Rejected) naming the file and line: these files are a person's own word, so a bad line is mended rather
/// than left out.
pub fn stage(
    sources: &Sources,
    stage: &mut Stage<'_>,
    temp: &Path,
    options: &MapOptions,
    settings: &Settings,
) -> Result<Taken> {
    let mut taken = Taken::default();
    let open = |path| Table::open(path, temp, options.encoding, settings);
    if let Some(path) = &sources.aliases {
        taken.aliases = aliases::read(&mut open(path)?, stage)?;
    }
    if let Some(path) = &sources.excluded_users {
        let mut file = open(path)?;
        let user = file.need_field(Field::User)?;
        while file.next()? {
            if let Some(user) = stage.user(canonical_id(file.filled(user)?)) {
                stage.beside.excluded_users.push(user);
                taken.excluded_users += 1;
            }
        }
    }
    if let Some(path) = &sources.rates {
        taken.rates = rates(&mut open(path)?, stage)?;
    }
    if let Some(path) = &sources.catalog {
        taken.products = catalogue::read(&mut open(path)?, stage)?;
    }
    if let Some(path) = &sources.users {
        taken.users = people::read(&mut open(path)?, stage, options)?;
    }
    Ok(taken)
}

/// The columns of `--keep` that stand in the file of users, and so not in those of events.
///
/// # Errors
/// As opening the file.
pub fn kept_of_users(
    sources: &Sources,
    temp: &Path,
    options: &MapOptions,
    settings: &Settings,
) -> Result<Vec<String>> {
    match &sources.users {
        Some(path) if !options.keep.is_empty() => {
            let file = Table::open(path, temp, options.encoding, settings)?;
            let stands = |name: &&String| file.column(name).is_some();
            Ok(options.keep.iter().filter(stands).cloned().collect())
        }
        _ => Ok(Vec::new()),
    }
}

fn rates(file: &mut Table, stage: &mut Stage<'_>) -> Result<u64> {
    let date = file.need(&["date", "day"])?;
    let currency = file.need(&["currency"])?;
    let rate = file.need(&["rate"])?;
    let mut taken = 0;
    while file.next()? {
        let day = day(file.filled(date)?)
            .ok_or_else(|| file.wrong("the date does not parse", "write it as 2026-01-31"))?;
        let currency = file.filled(currency)?.to_uppercase();
        let rate = decimal(file.filled(rate)?, 8)
            .filter(|rate| *rate > 0)
            .ok_or_else(|| {
                file.wrong("the rate is not a number above zero", "write it as 0.8671")
            })?;
        stage.beside.rates.push((day, currency, rate));
        taken += 1;
    }
    Ok(taken)
}

/// The day of a date or moment whose year comes first.
fn day(text: &str) -> Option<Date> {
    let seconds = TimeFormat::YearFirst.parse(text, &TimeZone::UTC)?;
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    Some(TimeZone::UTC.to_datetime(moment).date())
}
