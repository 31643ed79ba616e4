//! Data sets that are known by their columns.

use super::field::{Field, normalised};
use super::kind::EventType;

/// What is known of a data set.
#[derive(Debug)]
pub struct Preset {
    /// Name for `--preset`.
    pub name: &'static str,
    /// The columns that make it up: field and column name; all must be there for the preset to be taken.
    pub columns: &'static [(Field, &'static str)],
    /// Columns for the same fields in other versions of the data set.
    pub also: &'static [(Field, &'static str)],
    /// Where a field's own column is empty, this one stands in.
    pub category_else: Option<&'static str>,
    /// The type of rows without a type column.
    pub default_type: Option<EventType>,
    /// Order numbers that begin with this letter are cancellations.
    pub cancelled_prefix: Option<char>,
    /// Currency of the prices.
    pub currency: Option<&'static str>,
    /// Rows of one order follow each other, and only the first names what is the order's: the column that they share.
    pub order_column: Option<&'static str>,
    /// A column that holds when an order was called off.
    pub cancelled_at: Option<&'static str>,
}

const PLAIN: Preset = Preset {
    name: "generic",
    columns: &[],
    also: &[],
    category_else: None,
    default_type: None,
    cancelled_prefix: None,
    currency: None,
    order_column: None,
    cancelled_at: None,
};

/// All presets; the last one fits anything.
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "uci-retail",
        columns: &[
            (Field::Product, "StockCode"),
            (Field::Name, "Description"),
            (Field::Quantity, "Quantity"),
            (Field::Time, "InvoiceDate"),
            (Field::User, "CustomerID"),
        ],
        also: &[
            (Field::Order, "InvoiceNo"),
            (Field::Order, "Invoice"),
            (Field::Price, "UnitPrice"),
            (Field::Price, "Price"),
            (Field::Country, "Country"),
        ],
        default_type: Some(EventType::Purchase),
        cancelled_prefix: Some('C'),
        currency: Some("GBP"),
        ..PLAIN
    },
    Preset {
        name: "retailrocket",
        columns: &[
            (Field::Time, "timestamp"),
            (Field::User, "visitorid"),
            (Field::Type, "event"),
            (Field::Product, "itemid"),
            (Field::Order, "transactionid"),
        ],
        ..PLAIN
    },
    Preset {
        name: "rees46",
        columns: &[
            (Field::Time, "event_time"),
            (Field::Type, "event_type"),
            (Field::Product, "product_id"),
            (Field::Category, "category_code"),
            (Field::Price, "price"),
            (Field::User, "user_id"),
            (Field::Session, "user_session"),
        ],
        category_else: Some("category_id"),
        ..PLAIN
    },
    Preset {
        name: "taobao",
        columns: &[
            (Field::User, "user_id"),
            (Field::Product, "item_id"),
            (Field::Category, "category_id"),
            (Field::Type, "behavior"),
            (Field::Time, "timestamp"),
        ],
        ..PLAIN
    },
    Preset {
        name: "shopify",
        columns: &[
            (Field::Order, "Name"),
            (Field::Status, "Financial Status"),
            (Field::Time, "Created at"),
            (Field::Name, "Lineitem name"),
            (Field::Price, "Lineitem price"),
            (Field::Quantity, "Lineitem quantity"),
        ],
        also: &[
            (Field::User, "Customer ID"),
            (Field::User, "Email"),
            (Field::Product, "Lineitem sku"),
            (Field::Currency, "Currency"),
            (Field::Discount, "Discount Amount"),
            (Field::Refund, "Refunded Amount"),
            (Field::Source, "Source"),
            (Field::Country, "Shipping Country"),
        ],
        default_type: Some(EventType::Purchase),
        order_column: Some("Name"),
        cancelled_at: Some("Cancelled at"),
        ..PLAIN
    },
    Preset {
        name: "ga4",
        columns: &[
            (Field::Time, "event_timestamp"),
            (Field::Type, "event_name"),
            (Field::Device, "user_pseudo_id"),
        ],
        also: &[
            (Field::User, "user_id"),
            (Field::Session, "event_params.ga_session_id"),
            (Field::Query, "event_params.search_term"),
            (Field::Order, "ecommerce.transaction_id"),
            (Field::Order, "event_params.transaction_id"),
            (Field::Currency, "event_params.currency"),
            (Field::Product, "items.item_id"),
            (Field::Name, "items.item_name"),
            (Field::Category, "items.item_category"),
            (Field::Price, "items.price"),
            (Field::Quantity, "items.quantity"),
            (Field::Source, "device.category"),
            (Field::Country, "geo.country"),
        ],
        ..PLAIN
    },
    PLAIN,
];

/// The order of columns in Taobao's file, which has no header.
pub const TAOBAO_COLUMNS: [Field; 5] = [
    Field::User,
    Field::Product,
    Field::Category,
    Field::Type,
    Field::Time,
];

impl Preset {
    /// The preset of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// The first preset whose columns are all there.
    #[must_use]
    pub fn by_header(columns: &[String]) -> &'static Self {
        let fits = |preset: &&Preset| {
            preset
                .columns
                .iter()
                .all(|(_, name)| position(columns, name).is_some())
        };
        PRESETS
            .iter()
            .find(fits)
            .unwrap_or(&PRESETS[PRESETS.len() - 1])
    }
}

/// Where the column of that name stands, in any spelling.
#[must_use]
pub fn position(columns: &[String], name: &str) -> Option<usize> {
    let name = normalised(name);
    columns.iter().position(|column| normalised(column) == name)
}
