//! Which column means what: by a person's word, by a preset, by names, by content.

use jiff::tz::TimeZone;

use super::field::{COUNT, Field, normalised};
use super::kind::EventType;
use super::preset::{PRESETS, Preset, TAOBAO_COLUMNS, position};
use super::row::Row;
use super::time::TimeFormat;
use crate::error::{Error, Result};
use crate::words::clip;

/// What a person says about the columns.
#[derive(Debug, Clone, Default)]
pub struct MapOptions {
    /// `field=column` pairs; a column is a name, or a number from 1.
    pub map: Vec<(Field, String)>,
    /// Columns kept as attributes of the user.
    pub keep: Vec<String>,
    /// Name of a preset.
    pub preset: Option<String>,
    /// Zone of the shop: absolute times are moved to it.
    pub zone: Option<TimeZone>,
}

/// How the rows of one file are read.
pub struct Mapping {
    columns: [Option<usize>; COUNT],
    /// Attribute name and column.
    pub keep: Vec<(String, usize)>,
    /// The preset taken.
    pub preset: &'static Preset,
    /// Column that stands in for an empty category.
    pub category_else: Option<usize>,
    /// How times are written.
    pub time_format: TimeFormat,
    /// The shop's zone.
    pub zone: TimeZone,
    /// Type of rows without a type column.
    pub default_type: EventType,
}

impl Mapping {
    /// Decides the mapping of a file from its columns and first rows.
    ///
    /// # Errors
    /// [`Error::Rejected`] where no user or time column is found; [`Error::Usage`] where a named column is not there.
    pub fn decide(
        name: &str,
        columns: &[String],
        header: bool,
        sample: &[Row],
        options: &MapOptions,
    ) -> Result<Self> {
        let preset = match &options.preset {
            Some(wanted) => Preset::by_name(wanted).ok_or_else(|| {
                let known: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
                Error::usage(
                    "--preset",
                    format!("no preset `{wanted}`"),
                    format!("presets: {}", known.join(", ")),
                )
            })?,
            None if !header && is_taobao(columns.len(), sample) => {
                Preset::by_name("taobao").unwrap_or(&PRESETS[0])
            }
            None => Preset::by_header(columns),
        };
        let mut found = [None; COUNT];
        if !header && preset.name == "taobao" {
            for (i, field) in TAOBAO_COLUMNS.into_iter().enumerate() {
                found[field as usize] = Some(i);
            }
        }
        for (field, column) in preset.columns.iter().chain(preset.also) {
            let slot = &mut found[*field as usize];
            *slot = slot.or_else(|| position(columns, column));
        }
        for (field, column) in &options.map {
            found[*field as usize] =
                Some(named(columns, column, &format!("--map {field}={column}"))?);
        }
        if preset.name == "generic" && header {
            by_name(columns, &mut found);
        }
        by_content(columns.len(), sample, &mut found);
        if sample.is_empty() {
            return Err(Error::rejected(
                format!("{name}, line 1"),
                "no usable row: nothing follows the header",
                "give a file with a row an event",
            ));
        }
        let list = || {
            columns
                .iter()
                .map(|column| clip(column, 30))
                .take(12)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let missing = |field: Field| {
            Error::rejected(
                format!("{name}, line 1"),
                format!("no {field} column among: {}", list()),
                format!("name it with --map {field}=COLUMN"),
            )
        };
        if found[Field::User as usize].is_none() {
            return Err(missing(Field::User));
        }
        let time = found[Field::Time as usize].ok_or_else(|| missing(Field::Time))?;
        let time_format = TimeFormat::guess(sample.iter().map(|row| row.get(time))).ok_or_else(|| {
            let example = sample.first().map(|row| clip(row.get(time), 40)).unwrap_or_default();
            Error::rejected(
                format!("{name}, line {}", sample.first().map_or(1, |row| row.line)),
                format!("the times in column `{}` do not parse (`{example}`)", clip(&columns[time], 30)),
                "write them as 2026-01-31 18:30:00 or Unix seconds, or name another column with --map time=COLUMN",
            )
        })?;
        let keep = options.keep.iter().map(|column| {
            Ok((
                column.clone(),
                named(columns, column, &format!("--keep {column}"))?,
            ))
        });
        Ok(Self {
            keep: keep.collect::<Result<_>>()?,
            category_else: preset
                .category_else
                .and_then(|column| position(columns, column)),
            default_type: preset.default_type.unwrap_or_else(|| default_type(&found)),
            zone: options.zone.clone().unwrap_or(TimeZone::UTC),
            columns: found,
            preset,
            time_format,
        })
    }

    /// The column of a field.
    #[must_use]
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns[field as usize]
    }

    /// The decision in one line: `user=CustomerID, time=InvoiceDate (year-month-day), …`.
    #[must_use]
    pub fn describe(&self, columns: &[String]) -> String {
        let pairs: Vec<String> = Field::all()
            .filter_map(|field| {
                let column = clip(&columns[self.column(field)?], 30);
                let format = if field == Field::Time {
                    format!(" ({})", self.time_format.describe())
                } else {
                    String::new()
                };
                Some(format!("{field}={column}{format}"))
            })
            .collect();
        pairs.join(", ")
    }
}

/// The column that a person named.
fn named(columns: &[String], wanted: &str, argument: &str) -> Result<usize> {
    let number = || {
        wanted
            .parse::<usize>()
            .ok()
            .filter(|n| (1..=columns.len()).contains(n))
            .map(|n| n - 1)
    };
    position(columns, wanted).or_else(number).ok_or_else(|| {
        let list: Vec<_> = columns
            .iter()
            .map(|column| clip(column, 30))
            .take(20)
            .collect();
        Error::usage(
            argument,
            "no such column",
            format!("columns: {}", list.join(", ")),
        )
    })
}

/// Each field takes the free column whose name means it most surely.
fn by_name(columns: &[String], found: &mut [Option<usize>; COUNT]) {
    for field in Field::all() {
        if found[field as usize].is_some() {
            continue;
        }
        found[field as usize] = columns
            .iter()
            .enumerate()
            .filter(|(i, _)| !found.contains(&Some(*i)))
            .filter_map(|(i, column)| Some((field.rank(column)?, i)))
            .min()
            .map(|(_, i)| i);
    }
    // A name that merely speaks of a customer, as `customer_hash` does.
    if found[Field::User as usize].is_none() {
        found[Field::User as usize] = columns.iter().enumerate().position(|(i, column)| {
            let column = normalised(column);
            !found.contains(&Some(i))
                && ["customer", "user", "visitor", "client"]
                    .iter()
                    .any(|w| column.contains(w))
        });
    }
}

/// Times and types of events are known by what stands in a column, where no name told.
fn by_content(width: usize, sample: &[Row], found: &mut [Option<usize>; COUNT]) {
    let most = |column: usize, fits: &dyn Fn(&str) -> bool| {
        let filled = sample
            .iter()
            .filter(|row| !row.get(column).trim().is_empty())
            .count();
        filled > 0 && sample.iter().filter(|row| fits(row.get(column))).count() * 100 >= filled * 95
    };
    let free = |found: &[Option<usize>; COUNT], fits: &dyn Fn(&str) -> bool| {
        (0..width).find(|column| !found.contains(&Some(*column)) && most(*column, fits))
    };
    if found[Field::Time as usize].is_none() {
        found[Field::Time as usize] = free(found, &|text| {
            TimeFormat::guess(std::iter::once(text)).is_some()
        });
    }
    if found[Field::Type as usize].is_none() {
        found[Field::Type as usize] = free(found, &|text| EventType::by_name(text).is_some());
    }
}

/// A file without a type column is of one kind: searches where there is a search text, else purchases.
fn default_type(found: &[Option<usize>; COUNT]) -> EventType {
    let has = |field: Field| found[field as usize].is_some();
    if has(Field::Query) && !has(Field::Price) && !has(Field::Quantity) {
        EventType::Search
    } else if has(Field::Product) || has(Field::Price) || has(Field::Order) || has(Field::Quantity)
    {
        EventType::Purchase
    } else {
        EventType::Other
    }
}

fn is_taobao(width: usize, sample: &[Row]) -> bool {
    width == 5
        && !sample.is_empty()
        && sample.iter().all(|row| {
            matches!(row.get(3), "pv" | "cart" | "fav" | "buy")
                && (9..=10).contains(&row.get(4).trim().len())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<Row> {
        let mut out = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            let mut row = Row::default();
            row.start(i as u64 + 2);
            line.split(',').for_each(|cell| row.push(cell));
            out.push(row);
        }
        out
    }

    fn decide(header: &str, lines: &[&str], options: &MapOptions) -> Result<Mapping> {
        let columns: Vec<String> = header.split(',').map(str::to_owned).collect();
        Mapping::decide("a.csv", &columns, true, &rows(lines), options)
    }

    #[test]
    fn known_files_are_recognised_by_their_header() {
        let retail =
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
        let mapping = decide(
            retail,
            &["1,A,x,2,2010-12-01 08:26:00,1,5,UK"],
            &MapOptions::default(),
        )
        .unwrap();
        assert_eq!(mapping.preset.name, "uci-retail");
        assert_eq!(mapping.column(Field::Price), Some(5));
        let second = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
        let mapping = decide(
            second,
            &["1,A,x,2,2010-12-01 08:26:00,1,5,UK"],
            &MapOptions::default(),
        )
        .unwrap();
        assert_eq!(
            (mapping.preset.name, mapping.column(Field::User)),
            ("uci-retail", Some(6))
        );
    }

    #[test]
    fn content_tells_what_names_do_not() {
        let mapping = decide(
            "customer_hash,what,moment",
            &["a,pv,2020-01-01", "b,buy,2020-01-02"],
            &MapOptions::default(),
        );
        let mapping = mapping.unwrap();
        assert_eq!(
            (mapping.column(Field::Time), mapping.column(Field::Type)),
            (Some(2), Some(1))
        );
    }

    #[test]
    fn a_persons_word_goes_first_and_a_wrong_one_is_named() {
        let options = MapOptions {
            map: vec![(Field::User, "buyer_email".into())],
            ..MapOptions::default()
        };
        let mapping = decide(
            "user_id,buyer_email,time",
            &["1,a@b.c,2020-01-01"],
            &options,
        )
        .unwrap();
        assert_eq!(mapping.column(Field::User), Some(1));
        let options = MapOptions {
            map: vec![(Field::User, "nobody".into())],
            ..MapOptions::default()
        };
        let error = decide("user_id,time", &["1,2020-01-01"], &options)
            .err()
            .unwrap();
        assert!(error.to_string().contains("no such column"), "{error}");
    }

    #[test]
    fn a_file_without_users_is_rejected_with_the_mend() {
        let error = decide("a;b;c", &["1;2;3"], &MapOptions::default())
            .err()
            .unwrap();
        assert_eq!(error.kind(), crate::Kind::Rejected);
        assert!(error.to_string().contains("--map user=COLUMN"), "{error}");
    }
}
