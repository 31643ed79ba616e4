//! A batch of rows for the table `stage.rows`, column by column.

use std::sync::Arc;

use duckdb::arrow::array::{Int32Builder, Int64Builder, StringBuilder};
use duckdb::arrow::datatypes::DataType;

use super::kind::EventType;
use super::reading::Event;
use super::status::Status;
use super::writer::Columns;
use crate::workspace::hex;

/// Columns of `stage.rows` in the making. The builders stand in the order of the names below.
#[derive(Default)]
pub struct Batch {
    longs: [Int64Builder; LONGS.len()],
    ints: [Int32Builder; INTS.len()],
    texts: [StringBuilder; TEXTS.len()],
    rows: usize,
}

/// What every row has; then what an event has.
const LONGS: [&str; 15] = [
    "position",
    "hash_high",
    "hash_low",
    "line",
    "at_seconds",
    "price_e4",
    "quantity_e3",
    "total_e4",
    "discount_e4",
    "tax_e4",
    "shipping_e4",
    "refund_e4",
    "order_key",
    "session_key",
    "order_line",
];
const LONGS_OF_ANY_ROW: usize = 4;

/// The file, which every row has; then what an event has.
const INTS: [&str; 8] = [
    "file",
    "user_id",
    "account_id",
    "device_id",
    "unit_id",
    "product_id",
    "category_id",
    "query_id",
];
const INTS_OF_ANY_ROW: usize = 1;

/// What an event has; then what a quarantined row has.
const TEXTS: [&str; 8] = [
    "type",
    "status",
    "currency",
    "source",
    "country",
    "reason",
    "text",
    "text_hash",
];
const TEXTS_OF_EVENTS: usize = 5;

impl Batch {
    /// Rows so far.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Begins a row; an event or the reason of a quarantine must follow.
    pub fn begin(&mut self, position: i64, hash: &[u8; 32], file: i32, line: i64) {
        let half = |from: usize| i64::from_be_bytes(std::array::from_fn(|i| hash[from + i]));
        for (builder, value) in self
            .longs
            .iter_mut()
            .zip([position, half(0), half(8), line])
        {
            builder.append_value(value);
        }
        self.ints[0].append_value(file);
        self.rows += 1;
    }

    /// Ends a row as an event; `ids` are keys of user, account, device and unit, `names` of product, category and
    /// query, `opaque` those of order, session and line of the order.
    pub fn event(
        &mut self,
        event: &Event<'_>,
        kind: EventType,
        ids: [Option<i32>; 4],
        names: [Option<i32>; 3],
        opaque: [Option<i64>; 3],
    ) {
        let figures = [Some(event.at), event.price, event.quantity];
        let longs = figures.into_iter().chain(event.amounts).chain(opaque);
        for (builder, value) in self.longs[LONGS_OF_ANY_ROW..].iter_mut().zip(longs) {
            builder.append_option(value);
        }
        let ints = ids.into_iter().chain(names);
        for (builder, key) in self.ints[INTS_OF_ANY_ROW..].iter_mut().zip(ints) {
            builder.append_option(key);
        }
        let texts = [
            kind.name(),
            event.status.map_or("", Status::name),
            event.currency,
            event.source,
            event.country,
        ];
        for (builder, value) in self.texts.iter_mut().zip(texts) {
            builder.append_option((!value.is_empty()).then_some(value));
        }
        for builder in &mut self.texts[TEXTS_OF_EVENTS..] {
            builder.append_null();
        }
    }

    /// Ends a row as quarantined; without a masked text its hash stands for it, where it may.
    pub fn quarantine(&mut self, reason: &str, masked: Option<&str>, hash: Option<&[u8; 32]>) {
        for builder in &mut self.longs[LONGS_OF_ANY_ROW..] {
            builder.append_null();
        }
        for builder in &mut self.ints[INTS_OF_ANY_ROW..] {
            builder.append_null();
        }
        for builder in &mut self.texts[..TEXTS_OF_EVENTS] {
            builder.append_null();
        }
        let hash = hash
            .filter(|_| masked.is_none())
            .map(|hash| hex(&hash[..16]));
        let texts = [Some(reason), masked, hash.as_deref()];
        for (builder, text) in self.texts[TEXTS_OF_EVENTS..].iter_mut().zip(texts) {
            builder.append_option(text);
        }
    }

    /// Takes the columns out, in the order of the table in `sql/store/stage.sql`.
    pub fn take(&mut self) -> Columns {
        self.rows = 0;
        let mut columns: Columns = Vec::new();
        for (name, builder) in LONGS.into_iter().zip(&mut self.longs) {
            columns.push((name, DataType::Int64, Arc::new(builder.finish())));
        }
        for (name, builder) in INTS.into_iter().zip(&mut self.ints) {
            columns.push((name, DataType::Int32, Arc::new(builder.finish())));
        }
        for (name, builder) in TEXTS.into_iter().zip(&mut self.texts) {
            columns.push((name, DataType::Utf8, Arc::new(builder.finish())));
        }
        columns
    }
}
