//! One row of text becomes one event, or a reason why not.

use std::borrow::Cow;

use super::amount::decimal_with;
use super::field::Field;
use super::kind::EventType;
use super::mapping::Mapping;
use super::meanings::Meanings;
use super::row::Row;
use super::status::Status;
use crate::privacy::{Redactions, canonical_id};
use crate::words::clip;

/// The fields that become pseudonyms.
pub const ID_FIELDS: [Field; 4] = [Field::User, Field::Account, Field::Device, Field::Unit];

/// The amounts of a row beside the price of a piece.
pub const AMOUNT_FIELDS: [Field; 5] = [
    Field::Total,
    Field::Discount,
    Field::Tax,
    Field::Shipping,
    Field::Refund,
];

/// An event as read, its texts borrowed from the row.
#[derive(Debug, Default)]
pub struct Event<'a> {
    /// Canonical raw ids, in the order of [`ID_FIELDS`]; they go no further than the pseudonym. An empty one is none.
    pub ids: [&'a str; 4],
    /// Local seconds since 1970.
    pub at: i64,
    /// What happened.
    pub kind: Option<EventType>,
    /// Order number.
    pub order: &'a str,
    /// Number of the line in its order.
    pub order_line: &'a str,
    /// What the shop says of the order.
    pub status: Option<Status>,
    /// Product code, or its name where there is no code.
    pub product: Cow<'a, str>,
    /// Product name, masked.
    pub name: Cow<'a, str>,
    /// Category.
    pub category: &'a str,
    /// Ten-thousandths of a unit of money.
    pub price: Option<i64>,
    /// Thousandths of a piece, never negative.
    pub quantity: Option<i64>,
    /// Ten-thousandths of a unit of money, never negative, in the order of [`AMOUNT_FIELDS`].
    pub amounts: [Option<i64>; 5],
    /// Currency code.
    pub currency: &'a str,
    /// Search text, masked, in lower case.
    pub query: String,
    /// Session.
    pub session: &'a str,
    /// Web, app, store…
    pub source: &'a str,
    /// Country.
    pub country: &'a str,
    /// What was masked in the search text.
    pub redactions: Redactions,
}

/// Reads a row.
///
/// # Errors
/// The reason for the quarantine.
pub fn read<'a>(
    row: &'a Row,
    mapping: &Mapping,
    meanings: &mut Meanings,
) -> Result<Event<'a>, String> {
    if let Some(problem) = &row.problem {
        return Err(problem.clone());
    }
    let cell = |field: Field| {
        mapping
            .column(field)
            .map_or("", |column| row.get(column).trim())
    };
    let id = |field: Field| match canonical_id(cell(field)) {
        id if is_null(id) => "",
        id => id,
    };
    let time = cell(Field::Time);
    let at = mapping
        .time_format
        .parse_in(time, &mapping.zones)
        .ok_or_else(|| {
            if time.is_empty() {
                "the row has no time".to_owned()
            } else {
                "the time does not parse".into()
            }
        })?;
    let amount = |field: Field, places: u32| match cell(field) {
        text if text.is_empty() || is_null(text) => Ok(None),
        text => decimal_with(text, places, mapping.decimal_mark)
            .map(Some)
            .ok_or_else(|| format!("the {field} is not a number")),
    };
    let price = amount(Field::Price, 4)?;
    let quantity = amount(Field::Quantity, 3)?;
    let mut amounts = [None; 5];
    for (slot, field) in amounts.iter_mut().zip(AMOUNT_FIELDS) {
        *slot = amount(field, 4)?;
    }
    // Discounts and refunds are written with either sign; a negative total is money going back.
    let is_negative = |amount: Option<i64>| amount.is_some_and(|amount| amount < 0);
    let sends_back = is_negative(price) != is_negative(quantity) || is_negative(amounts[0]);
    let order = cell(Field::Order);
    let code = cell(Field::Product);
    let (name, mut redactions) = mapping.redactor.redact(cell(Field::Name));
    let category = match (cell(Field::Category), mapping.category_else) {
        ("", Some(other)) => row.get(other).trim(),
        (category, _) => category,
    };
    let (query, of_query) = query(cell(Field::Query), mapping);
    redactions += of_query;
    let kind = kind(cell(Field::Type), order, sends_back, mapping, meanings);
    if is_negative(price) && kind.is_none_or(|kind| !kind.moves_money()) {
        return Err("the price is negative".into());
    }
    Ok(Event {
        ids: ID_FIELDS.map(id),
        at,
        kind,
        order,
        order_line: cell(Field::Line),
        status: if mapping
            .cancelled_at
            .is_some_and(|column| !row.get(column).trim().is_empty())
        {
            Some(Status::Cancelled)
        } else {
            meanings.status(cell(Field::Status))
        },
        product: if code.is_empty() {
            name.clone()
        } else {
            Cow::Borrowed(code)
        },
        name,
        category,
        price: price.map(i64::abs),
        quantity: quantity.map(i64::abs),
        amounts: amounts.map(|amount| amount.map(i64::abs)),
        currency: match cell(Field::Currency) {
            "" => mapping.preset.currency.unwrap_or_default(),
            named => named,
        },
        query,
        session: cell(Field::Session),
        source: cell(Field::Source),
        country: cell(Field::Country),
        redactions,
    })
}

/// The type of a row; none where the shop's own name for it is not known.
fn kind(
    name: &str,
    order: &str,
    sends_back: bool,
    mapping: &Mapping,
    meanings: &mut Meanings,
) -> Option<EventType> {
    let kind = if mapping.column(Field::Type).is_some() {
        meanings.kind(name, mapping)?
    } else {
        mapping.default_type
    };
    let cancelled = mapping
        .preset
        .cancelled_prefix
        .is_some_and(|prefix| order.starts_with(prefix));
    Some(
        if kind == EventType::Purchase && (cancelled || sends_back) {
            EventType::Return
        } else {
            kind
        },
    )
}

/// Search text as it is counted: masked, blanks made one, lower case, at most 200 cells.
fn query(raw: &str, mapping: &Mapping) -> (String, Redactions) {
    if raw.is_empty() {
        return (String::new(), Redactions::default());
    }
    let (masked, redactions) = mapping.redactor.redact(raw);
    let one_line = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    (clip(&one_line.to_lowercase(), 200), redactions)
}

fn is_null(text: &str) -> bool {
    matches!(
        text,
        "null" | "NULL" | "None" | "nan" | "NaN" | "N/A" | "\\N"
    )
}

/// A quarantined row's text with identifiers masked; none where no column of ids could be located.
#[must_use]
pub fn masked_text(row: &Row, mapping: &Mapping, width: usize) -> Option<String> {
    let ids: Vec<usize> = ID_FIELDS
        .into_iter()
        .filter_map(|field| mapping.column(field))
        .collect();
    // In a row of another width than the header's the id may stand anywhere.
    if ids.is_empty() || row.width() != width {
        return None;
    }
    let cells: Vec<String> = row
        .fields()
        .enumerate()
        .map(|(i, cell)| {
            if ids.contains(&i) && !cell.trim().is_empty() {
                "‹user›".to_owned()
            } else if mapping.column(Field::Time) == Some(i) {
                cell.to_owned()
            } else {
                mapping.redactor.redact(cell).0.into_owned()
            }
        })
        .collect();
    Some(clip(&crate::words::clean(&cells.join(",")), 500))
}
