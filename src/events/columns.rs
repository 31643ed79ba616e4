//! Which column holds which field: by a person's word, by a preset, by names, by content.

use super::field::{COUNT, Field, normalised};
use super::kind::EventType;
use super::mapping::MapOptions;
use super::preset::{Preset, TAOBAO_COLUMNS, position};
use super::row::Row;
use super::time::TimeFormat;
use crate::error::{Error, Result};
use crate::words::clip;

/// The column of each field, by the number of the field.
///
/// # Errors
/// [`Error::Usage`] where a person named a column that is not there.
pub fn find(
    columns: &[String],
    header: bool,
    sample: &[Row],
    preset: &Preset,
    options: &MapOptions,
) -> Result<[Option<usize>; COUNT]> {
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
        found[*field as usize] = Some(named(columns, column, &format!("--map {field}={column}"))?);
    }
    if preset.name == "generic" && header {
        by_name(columns, &mut found);
    }
    by_content(columns.len(), sample, &mut found);
    // Where no log-in is known, the browser is whom one knows.
    let user = found[Field::User as usize].or(found[Field::Device as usize]);
    found[Field::User as usize] = user;
    Ok(found)
}

/// The column that a person named.
pub fn named(columns: &[String], wanted: &str, argument: &str) -> Result<usize> {
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
pub fn default_type(found: &[Option<usize>; COUNT]) -> EventType {
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
