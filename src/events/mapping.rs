//! Which column means what: by a person's word, by a preset, by names, by content.

use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use super::amount::DecimalMark;
use super::columns::{self, default_type, named};
use super::field::{COUNT, Field, normalised};
use super::kind::EventType;
use super::preset::{PRESETS, Preset, position};
use super::reading::{AMOUNT_FIELDS, ID_FIELDS};
use super::row::Row;
use super::time::{TimeFormat, Zones};
use crate::error::{Error, Result};
use crate::privacy::Redactor;
use crate::words::clip;

/// What a person says about the columns.
#[derive(Debug, Clone, Default)]
pub struct MapOptions {
    /// `field=column` pairs; a column is a name, or a number from 1.
    pub map: Vec<(Field, String)>,
    /// Columns kept as attributes of the user.
    pub keep: Vec<String>,
    /// What the shop's own names of events mean, before the names that are known by themselves.
    pub types: Vec<(String, EventType)>,
    /// Name of a preset.
    pub preset: Option<String>,
    /// Zone of stamps without an offset, and of the report where no other is named.
    pub zone: Option<TimeZone>,
    /// Zone in which hours and weekdays are counted.
    pub report_zone: Option<TimeZone>,
    /// Whether the day or the month comes first, where dates do not tell.
    pub date_order: Option<TimeFormat>,
    /// How the file's characters are written; none: found from its bytes.
    pub encoding: Option<&'static Encoding>,
    /// Name and regular expression of what is masked in texts, besides what is masked for every shop.
    pub redact: Vec<(String, String)>,
}

impl MapOptions {
    /// Reads this column as the unit, where no other was named.
    pub fn read_as_unit(&mut self, column: &str) {
        if !self.map.iter().any(|(field, _)| *field == Field::Unit) {
            self.map.push((Field::Unit, column.to_owned()));
        }
    }
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
    /// Column of the order, and the columns that only the first row of an order fills.
    pub within_order: Option<(usize, Vec<usize>)>,
    /// Column that holds when an order was called off.
    pub cancelled_at: Option<usize>,
    types: Vec<(String, EventType)>,
    /// How times are written.
    pub time_format: TimeFormat,
    /// Where times were written and are read.
    pub zones: Zones,
    /// The mark before the cents.
    pub decimal_mark: DecimalMark,
    /// Type of rows without a type column.
    pub default_type: EventType,
    /// What is masked in texts.
    pub redactor: Redactor,
}

/// What is the order's and not the line's. Amounts are not among them: they would count once a line.
const OF_THE_ORDER: [Field; 8] = [
    Field::User,
    Field::Account,
    Field::Device,
    Field::Time,
    Field::Status,
    Field::Currency,
    Field::Source,
    Field::Country,
];

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
        let preset = preset_of(columns, header, sample, options)?;
        let found = columns::find(columns, header, sample, preset, options)?;
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
        // An id of any kind will do: rows without a user are nobody's, or their device's.
        if ID_FIELDS
            .iter()
            .all(|field| found[*field as usize].is_none())
        {
            return Err(missing(Field::User));
        }
        let time = found[Field::Time as usize].ok_or_else(|| missing(Field::Time))?;
        let guessed = TimeFormat::guess(sample.iter().map(|row| row.get(time))).ok_or_else(|| {
            let example = sample.first().map(|row| clip(row.get(time), 40)).unwrap_or_default();
            Error::rejected(
                format!("{name}, line {}", sample.first().map_or(1, |row| row.line)),
                format!("the times in column `{}` do not parse (`{example}`)", clip(&columns[time], 30)),
                "write them as 2026-01-31 18:30:00 or Unix seconds, or name another column with --map time=COLUMN",
            )
        })?;
        let time_format = match (guessed, options.date_order) {
            (TimeFormat::DayFirst | TimeFormat::MonthFirst, Some(order)) => order,
            (guessed, _) => guessed,
        };
        let keep = options.keep.iter().map(|column| {
            Ok((
                column.clone(),
                named(columns, column, &format!("--keep {column}"))?,
            ))
        });
        Ok(Self {
            keep: keep.collect::<Result<_>>()?,
            types: options
                .types
                .iter()
                .map(|(name, kind)| (normalised(name), *kind))
                .collect(),
            category_else: preset
                .category_else
                .and_then(|column| position(columns, column)),
            within_order: within_order(preset, columns, &found),
            cancelled_at: preset
                .cancelled_at
                .and_then(|column| position(columns, column)),
            default_type: preset.default_type.unwrap_or_else(|| default_type(&found)),
            zones: zones(options),
            decimal_mark: decimal_mark(&found, sample),
            columns: found,
            redactor: Redactor::new(&options.redact)?,
            preset,
            time_format,
        })
    }

    /// The fields that columns were found for, though they may not be enough for a mapping.
    ///
    /// # Errors
    /// [`Error::Usage`] where a named column is not there.
    pub fn found(
        columns: &[String],
        header: bool,
        sample: &[Row],
        options: &MapOptions,
    ) -> Result<Vec<(Field, usize)>> {
        let preset = preset_of(columns, header, sample, options)?;
        let found = columns::find(columns, header, sample, preset, options)?;
        let pairs = Field::all().filter_map(|field| Some((field, found[field as usize]?)));
        Ok(pairs.collect())
    }

    /// Whether a column means anything.
    #[must_use]
    pub fn uses(&self, column: usize) -> bool {
        self.columns.contains(&Some(column))
            || self.keep.iter().any(|(_, kept)| *kept == column)
            || self.category_else == Some(column)
            || self.cancelled_at == Some(column)
    }

    /// Whether the first rows leave open which number of a date is the day.
    #[must_use]
    pub fn leaves_date_order_open(&self, sample: &[Row], options: &MapOptions) -> bool {
        let Some(time) = self.column(Field::Time) else {
            return false;
        };
        let mut cells = sample.iter().map(|row| row.get(time));
        options.date_order.is_none()
            && matches!(
                self.time_format,
                TimeFormat::DayFirst | TimeFormat::MonthFirst
            )
            && !cells.any(|cell| TimeFormat::told_by(cell).is_some())
    }

    /// The column of a field.
    #[must_use]
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns[field as usize]
    }

    /// The type that a shop's name means; none where neither a person's word nor the names known by themselves tell.
    #[must_use]
    pub fn kind_named(&self, name: &str) -> Option<EventType> {
        if !self.types.is_empty() {
            let wanted = normalised(name);
            if let Some((_, kind)) = self.types.iter().find(|(known, _)| *known == wanted) {
                return Some(*kind);
            }
        }
        EventType::by_name(name)
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

fn zones(options: &MapOptions) -> Zones {
    let stamps = options.zone.clone().unwrap_or(TimeZone::UTC);
    Zones {
        report: options
            .report_zone
            .clone()
            .unwrap_or_else(|| stamps.clone()),
        stamps,
    }
}

fn decimal_mark(found: &[Option<usize>; COUNT], sample: &[Row]) -> DecimalMark {
    let columns = std::iter::once(Field::Price)
        .chain(AMOUNT_FIELDS)
        .filter_map(|field| found[field as usize]);
    DecimalMark::guess(columns.flat_map(|column| sample.iter().map(move |row| row.get(column))))
}

fn preset_of(
    columns: &[String],
    header: bool,
    sample: &[Row],
    options: &MapOptions,
) -> Result<&'static Preset> {
    match &options.preset {
        Some(wanted) => Preset::by_name(wanted).ok_or_else(|| {
            let known: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            Error::usage(
                "--preset",
                format!("no preset `{wanted}`"),
                format!("presets: {}", known.join(", ")),
            )
        }),
        None if !header && is_taobao(columns.len(), sample) => {
            Ok(Preset::by_name("taobao").unwrap_or(&PRESETS[0]))
        }
        None => Ok(Preset::by_header(columns)),
    }
}

/// Column of the order, and the columns that only its first row fills.
fn within_order(
    preset: &Preset,
    columns: &[String],
    found: &[Option<usize>; COUNT],
) -> Option<(usize, Vec<usize>)> {
    let order = position(columns, preset.order_column?)?;
    let cancelled = preset
        .cancelled_at
        .and_then(|column| position(columns, column));
    let filled = OF_THE_ORDER
        .iter()
        .filter_map(|field| found[*field as usize])
        .chain(cancelled)
        .filter(|column| *column != order);
    Some((order, filled.collect()))
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
