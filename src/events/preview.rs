//! What an ingest would read, with nothing written.

use serde::Serialize;

use super::mapping::{MapOptions, Mapping};
use super::meanings::Meanings;
use super::orders::Orders;
use super::reading::{Event, ID_FIELDS, read};
use super::row::Row;
use super::shop_file::ShopFile;
use super::side::Sources;
use super::{Field, date_order, open, sample_of};
use crate::error::{Error, Kind, Result};
use crate::settings::Settings;
use crate::words::clip;

/// Rows shown of each file.
const SHOWN: usize = 10;

/// How one file would be read.
#[derive(Debug, Serialize)]
pub struct Preview {
    /// The file's name.
    pub file: String,
    /// What it was taken for, in one line.
    pub decision: String,
    /// Columns that mean nothing here.
    pub unmapped: Vec<String>,
    /// Names of events among the first rows that no type is known for, with counts.
    pub unknown_types: Vec<(String, u64)>,
    /// The first rows.
    pub rows: Vec<PreviewRow>,
    /// What `--save-map` would keep.
    #[serde(skip)]
    pub shop: ShopFile,
    /// Why the file can't be read as it stands, such as no column of users: a person may still say which one that is. An
    /// ingest ends with this.
    #[serde(skip)]
    pub lacks: Option<Error>,
}

/// A row as it would be read: no raw id is shown.
#[derive(Debug, Serialize)]
pub struct PreviewRow {
    /// Line in the file.
    pub line: u64,
    /// Why it would be quarantined; then nothing else is told.
    pub problem: Option<String>,
    /// Wall clock, ISO 8601.
    pub time: String,
    /// Its type.
    pub kind: String,
    /// Which ids it has: user, account, device, unit.
    pub ids: Vec<String>,
    /// Name or code of the product.
    pub product: String,
    /// Price of a piece, or the total.
    pub price: Option<f64>,
    /// Pieces.
    pub quantity: Option<f64>,
    /// Search text, masked.
    pub query: String,
}

/// Looks at the first rows of each event file. A file whose columns do not tell enough is shown with what it `lacks`.
///
/// # Errors
/// As an ingest of the same files, but for what a mapping by a person could mend.
pub fn preview(
    sources: &Sources,
    options: &MapOptions,
    settings: &Settings,
) -> Result<Vec<Preview>> {
    let temp = tempfile::tempdir().map_err(Error::io("the temporary folder"))?;
    let mut previews = Vec::new();
    for file in open::expand(&sources.events)? {
        let name = open::name_of(&file);
        let (mut rows, encoding) = open::open(&file, temp.path(), options.encoding, settings)?;
        let sample = sample_of(rows.as_mut())?;
        let (columns, header) = (rows.columns(), rows.has_header());
        let mut mapping = match Mapping::decide(&name, columns, header, &sample, options) {
            Ok(mapping) => mapping,
            Err(lacks) if lacks.kind() == Kind::Rejected && !sample.is_empty() => {
                let found = Mapping::found(columns, header, &sample, options)?;
                previews.push(lacking(name, columns, &found, encoding, lacks));
                continue;
            }
            Err(error) => return Err(error),
        };
        if mapping.leaves_date_order_open(&sample, options) {
            mapping.time_format =
                date_order(&file, &name, &mapping, temp.path(), options, settings)?;
        }
        let unmapped = (0..columns.len()).filter(|column| !mapping.uses(*column));
        let unknown = unknown_types(&sample, &mapping);
        let names: Vec<String> = unknown.iter().map(|(name, _)| name.clone()).collect();
        let mut orders = Orders::new(&mapping);
        previews.push(Preview {
            decision: format!(
                "{}, {encoding} ({})",
                mapping.preset.name,
                mapping.describe(columns)
            ),
            unmapped: unmapped.map(|column| clip(&columns[column], 40)).collect(),
            rows: sample
                .into_iter()
                .take(SHOWN)
                .map(|mut row| {
                    orders.fill(&mut row);
                    shown(&row, &mapping)
                })
                .collect(),
            shop: ShopFile::of(&mapping, columns, options, &names),
            unknown_types: unknown,
            file: name,
            lacks: None,
        });
    }
    Ok(previews)
}

/// A file of which too little is known: its columns alone.
fn lacking(
    name: String,
    columns: &[String],
    found: &[(Field, usize)],
    encoding: &str,
    lacks: Error,
) -> Preview {
    let is_free = |column: &usize| found.iter().all(|(_, taken)| taken != column);
    let free = (0..columns.len()).filter(is_free);
    let map = found
        .iter()
        .map(|(field, column)| (field.to_string(), columns[*column].clone()));
    Preview {
        file: name,
        decision: encoding.to_owned(),
        unmapped: free.map(|column| clip(&columns[column], 40)).collect(),
        unknown_types: Vec::new(),
        rows: Vec::new(),
        shop: ShopFile {
            map: map.collect(),
            ..ShopFile::default()
        },
        lacks: Some(lacks),
    }
}

fn unknown_types(sample: &[Row], mapping: &Mapping) -> Vec<(String, u64)> {
    let mut found: Vec<(String, u64)> = Vec::new();
    let Some(column) = mapping.column(Field::Type) else {
        return found;
    };
    for row in sample {
        let name = row.get(column).trim();
        if mapping.kind_named(name).is_some() {
            continue;
        }
        match found.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => found.push((name.to_owned(), 1)),
        }
    }
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found
}

fn shown(row: &Row, mapping: &Mapping) -> PreviewRow {
    let mut found = PreviewRow {
        line: row.line,
        problem: None,
        time: String::new(),
        kind: String::new(),
        ids: Vec::new(),
        product: String::new(),
        price: None,
        quantity: None,
        query: String::new(),
    };
    match read(row, mapping, &mut Meanings::default()) {
        Err(problem) => found.problem = Some(problem),
        Ok(event) => fill(&mut found, &event),
    }
    found
}

fn fill(found: &mut PreviewRow, event: &Event<'_>) {
    found.time = jiff::Timestamp::from_second(event.at)
        .map(|moment| jiff::tz::TimeZone::UTC.to_datetime(moment).to_string())
        .unwrap_or_default();
    let kind = event.kind.map_or("other", super::EventType::name);
    kind.clone_into(&mut found.kind);
    let has = |(field, id): (Field, &str)| (!id.is_empty()).then(|| field.to_string());
    found.ids = ID_FIELDS
        .into_iter()
        .zip(event.ids)
        .filter_map(has)
        .collect();
    let product = if event.name.is_empty() {
        &event.product
    } else {
        &event.name
    };
    found.product = clip(product, 40);
    found.price = event
        .price
        .or(event.amounts[0])
        .map(|price| price as f64 / 10_000.0);
    found.quantity = event.quantity.map(|quantity| quantity as f64 / 1000.0);
    found.query = clip(&event.query, 40);
}
