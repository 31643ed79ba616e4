//! How a shop's files are read, kept in a file of its own: written by `--save-map`, read by `--config`.

use std::collections::BTreeMap;
use std::path::Path;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::field::Field;
use super::kind::EventType;
use super::mapping::{MapOptions, Mapping};
use super::time::TimeFormat;
use crate::error::{Error, Result};

/// What a person would have to say on the command line for files to be read as they were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShopFile {
    /// Name of a preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
    /// Encoding of text files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// `day-first` or `month-first`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<String>,
    /// Zone of stamps without an offset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Zone in which hours and weekdays are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_zone: Option<String>,
    /// Columns kept as attributes of the user.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// Name to regular expression of what is masked in texts besides the standard kinds.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub redact: BTreeMap<String, String>,
    /// Field to column.
    pub map: BTreeMap<String, String>,
    /// The shop's name of an event to its type.
    pub types: BTreeMap<String, String>,
}

impl ShopFile {
    /// The file at `path`.
    ///
    /// # Errors
    /// [`Error::Usage`] naming what does not parse.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        toml::from_str(&text).map_err(|e| wrong(path, e.message()))
    }

    /// Writes it to `path`, whatever stood there.
    pub fn save(&self, path: &Path) -> Result<()> {
        let text =
            toml::to_string(self).map_err(|e| Error::failed(path.display(), e, "report this"))?;
        let head = "# How this shop's files are read: portray ingest --config FILE …\n";
        std::fs::write(path, format!("{head}{text}")).map_err(Error::io(path))
    }

    /// What a mapping came to, with the zones and kept columns that were asked for; names of events that no type is known
    /// for are listed as `other`, for a person to change.
    #[must_use]
    pub fn of(
        mapping: &Mapping,
        columns: &[String],
        options: &MapOptions,
        unknown: &[String],
    ) -> Self {
        let fields = Field::all()
            .filter_map(|field| Some((field.to_string(), columns[mapping.column(field)?].clone())));
        let told = options
            .types
            .iter()
            .map(|(name, kind)| (name.clone(), kind.name().to_owned()));
        let untold = unknown
            .iter()
            .map(|name| (name.clone(), EventType::Other.name().to_owned()));
        let zone = |zone: &Option<TimeZone>| zone.as_ref()?.iana_name().map(str::to_owned);
        Self {
            preset: Some(mapping.preset.name.to_owned()),
            encoding: options.encoding.map(|encoding| encoding.name().to_owned()),
            date_order: match mapping.time_format {
                TimeFormat::DayFirst => Some("day-first".into()),
                TimeFormat::MonthFirst => Some("month-first".into()),
                _ => None,
            },
            zone: zone(&options.zone),
            report_zone: zone(&options.report_zone),
            keep: options.keep.clone(),
            redact: options.redact.iter().cloned().collect(),
            map: fields.collect(),
            types: untold.chain(told).collect(),
        }
    }

    /// Adds what the file says to `options`, whose own words go first.
    ///
    /// # Errors
    /// [`Error::Usage`] for a field, type, zone, order or encoding that is none.
    pub fn add_to(&self, options: &mut MapOptions, path: &Path) -> Result<()> {
        for (field, column) in &self.map {
            let field: Field = field.parse().map_err(|why: String| wrong(path, &why))?;
            if options.map.iter().all(|(known, _)| *known != field) {
                options.map.push((field, column.clone()));
            }
        }
        for (name, kind) in &self.types {
            let kind =
                EventType::named(kind).ok_or_else(|| wrong(path, &format!("no type `{kind}`")))?;
            if options.types.iter().all(|(known, _)| known != name) {
                options.types.push((name.clone(), kind));
            }
        }
        for (name, pattern) in &self.redact {
            if options.redact.iter().all(|(known, _)| known != name) {
                options.redact.push((name.clone(), pattern.clone()));
            }
        }
        let missing = self
            .keep
            .iter()
            .filter(|column| !options.keep.contains(column))
            .cloned();
        let missing: Vec<_> = missing.collect();
        options.keep.extend(missing);
        options.preset = options.preset.take().or_else(|| self.preset.clone());
        let zone = |name: &Option<String>| match name {
            None => Ok(None),
            Some(name) => TimeZone::get(name)
                .map(Some)
                .map_err(|_| wrong(path, &format!("no time zone `{name}`"))),
        };
        options.zone = options.zone.take().or(zone(&self.zone)?);
        options.report_zone = options.report_zone.take().or(zone(&self.report_zone)?);
        let order = match self.date_order.as_deref() {
            None => None,
            Some("day-first") => Some(TimeFormat::DayFirst),
            Some("month-first") => Some(TimeFormat::MonthFirst),
            Some(other) => {
                return Err(wrong(
                    path,
                    &format!("no order of dates `{other}` (day-first, month-first)"),
                ));
            }
        };
        options.date_order = options.date_order.or(order);
        let encoding = match &self.encoding {
            None => None,
            Some(name) => Some(
                Encoding::for_label(name.as_bytes())
                    .ok_or_else(|| wrong(path, &format!("no encoding `{name}`")))?,
            ),
        };
        options.encoding = options.encoding.or(encoding);
        Ok(())
    }
}

fn wrong(path: &Path, why: &str) -> Error {
    Error::usage(
        path.display(),
        why,
        "see `portray ingest --save-map` for the form of the file",
    )
}
