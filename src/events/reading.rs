//! One row of text becomes one event, or a reason why not.

use super::amount::decimal;
use super::field::Field;
use super::kind::EventType;
use super::mapping::Mapping;
use super::row::Row;
use crate::privacy::{Redactions, canonical_id, redact};
use crate::words::clip;

/// An event as read, its texts borrowed from the row.
#[derive(Debug, Default)]
pub struct Event<'a> {
    /// Canonical raw id; goes no further than the pseudonym.
    pub user: &'a str,
    /// Local seconds since 1970.
    pub at: i64,
    /// What happened.
    pub kind: Option<EventType>,
    /// Order number.
    pub order: &'a str,
    /// Product code, or its name where there is no code.
    pub product: &'a str,
    /// Product name.
    pub name: &'a str,
    /// Category.
    pub category: &'a str,
    /// Ten-thousandths of a unit of money.
    pub price: Option<i64>,
    /// Thousandths of a piece, never negative.
    pub quantity: Option<i64>,
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
pub fn read<'a>(row: &'a Row, mapping: &Mapping) -> Result<Event<'a>, String> {
    if let Some(problem) = &row.problem {
        return Err(problem.clone());
    }
    let cell = |field: Field| {
        mapping
            .column(field)
            .map_or("", |column| row.get(column).trim())
    };
    let user = canonical_id(cell(Field::User));
    if user.is_empty() || is_null(user) {
        return Err("the row has no user".into());
    }
    let time = cell(Field::Time);
    let at = mapping
        .time_format
        .parse(time, &mapping.zone)
        .ok_or_else(|| {
            if time.is_empty() {
                "the row has no time".to_owned()
            } else {
                "the time does not parse".into()
            }
        })?;
    let amount = |field: Field, places: u32| match cell(field) {
        text if text.is_empty() || is_null(text) => Ok(None),
        text => decimal(text, places)
            .map(Some)
            .ok_or_else(|| format!("the {field} is not a number")),
    };
    let price = amount(Field::Price, 4)?;
    if price.is_some_and(|price| price < 0) {
        return Err("the price is negative".into());
    }
    let quantity = amount(Field::Quantity, 3)?;
    let order = cell(Field::Order);
    let code = cell(Field::Product);
    let name = cell(Field::Name);
    let category = match (cell(Field::Category), mapping.category_else) {
        ("", Some(other)) => row.get(other).trim(),
        (category, _) => category,
    };
    let (query, redactions) = query(cell(Field::Query));
    Ok(Event {
        user,
        at,
        kind: kind(cell(Field::Type), order, quantity, mapping),
        order,
        product: if code.is_empty() { name } else { code },
        name,
        category,
        price,
        quantity: quantity.map(i64::abs),
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
fn kind(name: &str, order: &str, quantity: Option<i64>, mapping: &Mapping) -> Option<EventType> {
    let kind = if mapping.column(Field::Type).is_some() {
        EventType::by_name(name)?
    } else {
        mapping.default_type
    };
    let cancelled = mapping
        .preset
        .cancelled_prefix
        .is_some_and(|prefix| order.starts_with(prefix));
    let sent_back = cancelled || quantity.is_some_and(|quantity| quantity < 0);
    Some(if kind == EventType::Purchase && sent_back {
        EventType::Return
    } else {
        kind
    })
}

/// Search text as it is counted: masked, blanks made one, lower case, at most 200 cells.
fn query(raw: &str) -> (String, Redactions) {
    if raw.is_empty() {
        return (String::new(), Redactions::default());
    }
    let (masked, redactions) = redact(raw);
    let one_line = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    (clip(&one_line.to_lowercase(), 200), redactions)
}

fn is_null(text: &str) -> bool {
    matches!(
        text,
        "null" | "NULL" | "None" | "nan" | "NaN" | "N/A" | "\\N"
    )
}

/// A quarantined row's text with identifiers masked; none where the user column could not be located.
#[must_use]
pub fn masked_text(row: &Row, mapping: &Mapping, width: usize) -> Option<String> {
    let user = mapping.column(Field::User)?;
    // In a row of another width than the header's the id may stand anywhere.
    if row.width() != width {
        return None;
    }
    let cells: Vec<String> = row
        .fields()
        .enumerate()
        .map(|(i, cell)| {
            if i == user && !cell.trim().is_empty() {
                "‹user›".to_owned()
            } else if mapping.column(Field::Time) == Some(i) {
                cell.to_owned()
            } else {
                redact(cell).0.into_owned()
            }
        })
        .collect();
    Some(clip(&crate::words::clean(&cells.join(",")), 500))
}
