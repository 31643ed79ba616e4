//! Files beside the events: users that are others, users that do not count, rates of currencies.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::amount::decimal;
use super::field::{Field, normalised};
use super::open;
use super::row::{Row, Rows};
use super::stage::Stage;
use super::time::TimeFormat;
use crate::error::{Error, Result};
use crate::privacy::canonical_id;
use crate::settings::Settings;
use crate::words::clip;

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
        [&self.aliases, &self.excluded_users, &self.rates]
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
}

/// Stages the files beside the events.
///
/// # Errors
/// [`Error::Rejected`] naming the file and line: these files are short, so one bad line is mended rather than left out.
pub fn stage(
    sources: &Sources,
    stage: &mut Stage<'_>,
    temp: &Path,
    settings: &Settings,
) -> Result<Taken> {
    let mut taken = Taken::default();
    if let Some(path) = &sources.aliases {
        let mut file = Table::open(path, temp, settings, &[&["old"], &["new"]])?;
        let mut pairs = Vec::new();
        while let Some([old, new]) = file.next()? {
            pairs.push((
                stage.user(canonical_id(&old)),
                stage.user(canonical_id(&new)),
                file.row.line,
            ));
        }
        taken.aliases = pairs.len() as u64;
        acyclic(&file, &pairs, stage.known_aliases()?)?;
        stage
            .aliases
            .extend(pairs.into_iter().map(|(old, new, _)| (old, new)));
    }
    if let Some(path) = &sources.excluded_users {
        let names: Vec<&str> = Field::User.names().collect();
        let mut file = Table::open(path, temp, settings, &[&names])?;
        while let Some([user]) = file.next()? {
            let user = stage.user(canonical_id(&user));
            stage.excluded_users.push(user);
            taken.excluded_users += 1;
        }
    }
    if let Some(path) = &sources.rates {
        let mut file = Table::open(
            path,
            temp,
            settings,
            &[&["date", "day"], &["currency"], &["rate"]],
        )?;
        while let Some([date, currency, rate]) = file.next()? {
            let day = day(&date)
                .ok_or_else(|| file.wrong("the date does not parse", "write it as 2026-01-31"))?;
            let rate = decimal(&rate, 8).filter(|rate| *rate > 0).ok_or_else(|| {
                file.wrong("the rate is not a number above zero", "write it as 0.8671")
            })?;
            stage.rates.push((day, currency.to_uppercase(), rate));
            taken.rates += 1;
        }
    }
    Ok(taken)
}

fn day(text: &str) -> Option<Date> {
    let seconds = TimeFormat::YearFirst.parse(text, &TimeZone::UTC)?;
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    Some(TimeZone::UTC.to_datetime(moment).date())
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
                format!("{}, line {line}", file.name),
                "the user comes back to itself over the aliases known so far",
                "take one of the lines out",
            ));
        }
        known.insert(*old, *new);
    }
    Ok(())
}

/// A small file of named columns.
struct Table {
    name: String,
    rows: Box<dyn Rows>,
    columns: Vec<usize>,
    row: Row,
}

impl Table {
    /// Opens a file and finds each column by one of its names.
    fn open(path: &Path, temp: &Path, settings: &Settings, wanted: &[&[&str]]) -> Result<Self> {
        let name = open::name_of(path);
        let (rows, _) = open::open(path, temp, None, settings)?;
        let mut columns = Vec::new();
        for names in wanted {
            let found = rows
                .columns()
                .iter()
                .position(|column| names.contains(&normalised(column).as_str()));
            columns.push(found.ok_or_else(|| {
                let has: Vec<_> = rows
                    .columns()
                    .iter()
                    .map(|column| clip(column, 30))
                    .take(12)
                    .collect();
                Error::rejected(
                    format!("{name}, line 1"),
                    format!(
                        "no column `{}` among: {}",
                        names.first().unwrap_or(&""),
                        has.join(", ")
                    ),
                    "name the columns in the first line",
                )
            })?);
        }
        Ok(Self {
            name,
            rows,
            columns,
            row: Row::default(),
        })
    }

    /// The wanted cells of the next row; an empty one is an error.
    fn next<const N: usize>(&mut self) -> Result<Option<[String; N]>> {
        if !self.rows.next(&mut self.row)? {
            return Ok(None);
        }
        if let Some(problem) = &self.row.problem {
            return Err(self.wrong(problem, "mend the line"));
        }
        let cells: [String; N] =
            std::array::from_fn(|at| self.row.get(self.columns[at]).trim().to_owned());
        if cells.iter().any(String::is_empty) {
            return Err(self.wrong("a cell is empty", "fill it, or take the line out"));
        }
        Ok(Some(cells))
    }

    fn wrong(&self, why: &str, mend: &str) -> Error {
        Error::rejected(format!("{}, line {}", self.name, self.row.line), why, mend)
    }
}
