//! Rows on their way into the event store: keys for texts, pseudonyms for users, Arrow batches for DuckDB.

use std::collections::HashMap;
use std::sync::Arc;

use duckdb::Connection;
use duckdb::arrow::array::{ArrayRef, Int32Builder, Int64Builder, RecordBatch, StringBuilder};
use duckdb::arrow::datatypes::{DataType, Field as Column, Schema};
use sha2::{Digest, Sha256};

use super::dictionary::Dictionary;
use super::kind::EventType;
use super::mapping::Mapping;
use super::reading::{Event, masked_text, read};
use super::row::Row;
use crate::error::{Error, Result};
use crate::privacy::{Redactions, pseudonym};
use crate::workspace::{Key, hex};

/// Rows that go to DuckDB together.
const BATCH: usize = 32 * 1024;

/// Builds the staging tables of one ingest.
pub struct Stage<'a> {
    connection: &'a Connection,
    key: &'a Key,
    row_secret: [u8; 32],
    /// Raw ids seen in these files; held in memory only.
    raw_users: HashMap<String, i32>,
    pseudonyms: Dictionary,
    products: Dictionary,
    /// Name and category of products, as they first came in these files.
    product_details: HashMap<i32, (String, Option<i32>)>,
    categories: Dictionary,
    queries: Dictionary,
    attributes: Vec<(i64, i32, String, String)>,
    last_keys: [(String, i64); 2],
    batch: Batch,
    position: i64,
    /// What was masked in search texts.
    pub redactions: Redactions,
    /// Names of event types that are not known, with their counts.
    pub unknown_types: HashMap<String, u64>,
    /// The first quarantined row: file, line, reason.
    pub first_problem: Option<(String, u64, String)>,
}

impl<'a> Stage<'a> {
    /// A stage that knows the users, products, categories and queries of the published generation.
    pub fn begin(connection: &'a Connection, key: &'a Key) -> Result<Self> {
        let known = |sql: &str| -> Result<Dictionary> {
            let read = || -> duckdb::Result<Vec<(i32, String)>> {
                connection
                    .prepare(sql)?
                    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect()
            };
            Ok(Dictionary::with(
                read().map_err(Error::duck("reading the last generation"))?,
            ))
        };
        Ok(Self {
            connection,
            key,
            row_secret: key.mac(b"row hash"),
            raw_users: HashMap::new(),
            pseudonyms: known("SELECT user_id, pseudonym FROM prev.users")?,
            products: known("SELECT product_id, code FROM prev.products")?,
            product_details: HashMap::new(),
            categories: known("SELECT category_id, name FROM prev.categories")?,
            queries: known("SELECT query_id, query FROM prev.queries")?,
            attributes: Vec::new(),
            last_keys: Default::default(),
            batch: Batch::default(),
            position: 0,
            redactions: Redactions::default(),
            unknown_types: HashMap::new(),
            first_problem: None,
        })
    }

    /// The secret beginning of each row's hash in a file with these columns.
    #[must_use]
    pub fn hasher(&self, columns: &[String]) -> Sha256 {
        let mut hasher = Sha256::new();
        hasher.update(self.row_secret);
        for column in columns {
            part(&mut hasher, column);
        }
        hasher
    }

    /// Stages one row of file number `file`.
    pub fn add(
        &mut self,
        row: &Row,
        mapping: &Mapping,
        width: usize,
        file: (i32, &str),
        hasher: &Sha256,
    ) -> Result<()> {
        let mut hasher = hasher.clone();
        row.fields().for_each(|field| part(&mut hasher, field));
        let hash: [u8; 32] = hasher.finalize().into();
        let line = i64::try_from(row.line).unwrap_or(i64::MAX);
        self.batch.begin(self.position, &hash, file.0, line);
        match read(row, mapping) {
            Ok(event) => self.event(&event, row, mapping),
            Err(reason) => {
                let text = masked_text(row, mapping, width);
                self.first_problem
                    .get_or_insert_with(|| (file.1.to_owned(), row.line, reason.clone()));
                self.batch.quarantine(&reason, text.as_deref(), &hash);
            }
        }
        self.position += 1;
        if self.batch.len() >= BATCH {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn event(&mut self, event: &Event<'_>, row: &Row, mapping: &Mapping) {
        let kind = event.kind.unwrap_or_else(|| {
            let name = mapping
                .column(super::field::Field::Type)
                .map_or("", |column| row.get(column).trim());
            *self.unknown_types.entry(name.to_owned()).or_default() += 1;
            EventType::Other
        });
        let user = self.user(event.user);
        let category = self.categories.key(event.category);
        let product = self.products.key(event.product);
        if let Some(product) = product {
            let details = self.product_details.entry(product).or_default();
            if details.0.is_empty() && !event.name.is_empty() {
                event.name.clone_into(&mut details.0);
            }
            details.1 = details.1.or(category);
        }
        let query = self.queries.key(&event.query);
        self.redactions += event.redactions;
        for (name, column) in &mapping.keep {
            let value = row.get(*column).trim();
            if !value.is_empty() {
                self.attributes
                    .push((self.position, user, name.clone(), value.to_owned()));
            }
        }
        let order = self.opaque(0, event.order);
        let session = self.opaque(1, event.session);
        self.batch.event(
            event,
            kind,
            [Some(user), product, category, query],
            [order, session],
        );
    }

    fn user(&mut self, raw: &str) -> i32 {
        if let Some(user) = self.raw_users.get(raw) {
            return *user;
        }
        let made = pseudonym(self.key, raw);
        // 16 ASCII letters are never empty, so there is always a key.
        let user = self
            .pseudonyms
            .key(&String::from_utf8_lossy(&made))
            .unwrap_or_default();
        self.raw_users.insert(raw.to_owned(), user);
        user
    }

    /// Orders and sessions only group rows: a keyed hash stands for their numbers.
    fn opaque(&mut self, which: usize, raw: &str) -> Option<i64> {
        if raw.is_empty() {
            return None;
        }
        let last = &mut self.last_keys[which];
        if last.0 != raw {
            let mac = self.key.mac(format!("{which} {raw}").as_bytes());
            let bytes: [u8; 8] = std::array::from_fn(|i| mac[i]);
            *last = (raw.to_owned(), i64::from_be_bytes(bytes) & i64::MAX);
        }
        Some(last.1)
    }

    fn flush(&mut self) -> Result<()> {
        let columns = self.batch.columns_of_rows();
        self.append("rows", columns)
    }

    fn append(&self, table: &str, columns: Vec<(&str, DataType, ArrayRef)>) -> Result<()> {
        let doing = || format!("staging {table}");
        let schema: Vec<Column> = columns
            .iter()
            .map(|(name, kind, _)| Column::new(*name, kind.clone(), true))
            .collect();
        let arrays = columns.into_iter().map(|column| column.2).collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(schema)), arrays).map_err(|e| {
            Error::failed(
                "the event store",
                e,
                "report this with the file's first lines",
            )
        })?;
        let append = || -> duckdb::Result<()> {
            let mut appender = self
                .connection
                .appender_to_catalog_and_db(table, "stage", "main")?;
            appender.append_record_batch(batch)?;
            appender.flush()
        };
        append().map_err(Error::duck(doing()))
    }

    fn append_texts(&self, table: &str, rows: &[(i32, String)]) -> Result<()> {
        let (mut keys, mut texts) = (Int32Builder::new(), StringBuilder::new());
        for (key, text) in rows {
            keys.append_value(*key);
            texts.append_value(text);
        }
        self.append(
            table,
            vec![
                ("key", DataType::Int32, Arc::new(keys.finish())),
                ("text", DataType::Utf8, Arc::new(texts.finish())),
            ],
        )
    }

    /// Stages what is left: the last rows, and the texts behind the keys.
    pub fn finish(&mut self) -> Result<()> {
        self.flush()?;
        let pseudonyms = self.pseudonyms.take_fresh();
        self.append_texts("users", &pseudonyms)?;
        let categories = self.categories.take_fresh();
        self.append_texts("categories", &categories)?;
        let queries = self.queries.take_fresh();
        self.append_texts("queries", &queries)?;
        self.append_products()?;
        self.append_attributes()
    }

    fn append_products(&mut self) -> Result<()> {
        let codes: HashMap<i32, String> = self.products.take_fresh().into_iter().collect();
        let mut details: Vec<_> = self.product_details.drain().collect();
        details.sort_unstable_by_key(|(product, _)| *product);
        let (mut ids, mut code, mut name, mut category) = (
            Int32Builder::new(),
            StringBuilder::new(),
            StringBuilder::new(),
            Int32Builder::new(),
        );
        for (product, (text, of)) in details {
            ids.append_value(product);
            code.append_option(codes.get(&product));
            name.append_option((!text.is_empty()).then_some(text));
            category.append_option(of);
        }
        self.append(
            "products",
            vec![
                ("product_id", DataType::Int32, Arc::new(ids.finish())),
                ("code", DataType::Utf8, Arc::new(code.finish())),
                ("name", DataType::Utf8, Arc::new(name.finish())),
                ("category_id", DataType::Int32, Arc::new(category.finish())),
            ],
        )
    }

    fn append_attributes(&mut self) -> Result<()> {
        let (mut position, mut user, mut name, mut value) = (
            Int64Builder::new(),
            Int32Builder::new(),
            StringBuilder::new(),
            StringBuilder::new(),
        );
        for row in self.attributes.drain(..) {
            position.append_value(row.0);
            user.append_value(row.1);
            name.append_value(row.2);
            value.append_value(row.3);
        }
        self.append(
            "attributes",
            vec![
                ("position", DataType::Int64, Arc::new(position.finish())),
                ("user_id", DataType::Int32, Arc::new(user.finish())),
                ("name", DataType::Utf8, Arc::new(name.finish())),
                ("value", DataType::Utf8, Arc::new(value.finish())),
            ],
        )
    }
}

/// Length first, so that no two rows of different fields run together into the same bytes.
fn part(hasher: &mut Sha256, field: &str) {
    hasher.update((field.len() as u64).to_le_bytes());
    hasher.update(field.as_bytes());
}

/// Columns of `stage.rows` in the making.
#[derive(Default)]
struct Batch {
    longs: [Int64Builder; 9],
    ints: [Int32Builder; 5],
    texts: [StringBuilder; 7],
    rows: usize,
}

/// Positions in `Batch::longs`.
mod long {
    pub const POSITION: usize = 0;
    pub const HASH_HIGH: usize = 1;
    pub const HASH_LOW: usize = 2;
    pub const AT: usize = 3;
    pub const ORDER: usize = 4;
    pub const PRICE: usize = 5;
    pub const QUANTITY: usize = 6;
    pub const SESSION: usize = 7;
    pub const LINE: usize = 8;
}

/// Positions in `Batch::texts`.
mod text {
    pub const TYPE: usize = 0;
    pub const CURRENCY: usize = 1;
    pub const SOURCE: usize = 2;
    pub const COUNTRY: usize = 3;
    pub const REASON: usize = 4;
    pub const TEXT: usize = 5;
    pub const TEXT_HASH: usize = 6;
}

/// Position of the file's number in `Batch::ints`; before it user, product, category, query.
const FILE: usize = 4;

impl Batch {
    fn len(&self) -> usize {
        self.rows
    }

    fn begin(&mut self, position: i64, hash: &[u8; 32], file: i32, line: i64) {
        let half = |from: usize| i64::from_be_bytes(std::array::from_fn(|i| hash[from + i]));
        self.longs[long::POSITION].append_value(position);
        self.longs[long::HASH_HIGH].append_value(half(0));
        self.longs[long::HASH_LOW].append_value(half(8));
        self.longs[long::LINE].append_value(line);
        self.ints[FILE].append_value(file);
        self.rows += 1;
    }

    fn event(
        &mut self,
        event: &Event<'_>,
        kind: EventType,
        keys: [Option<i32>; 4],
        opaque: [Option<i64>; 2],
    ) {
        self.longs[long::AT].append_value(event.at);
        self.longs[long::ORDER].append_option(opaque[0]);
        self.longs[long::PRICE].append_option(event.price);
        self.longs[long::QUANTITY].append_option(event.quantity);
        self.longs[long::SESSION].append_option(opaque[1]);
        for (builder, key) in self.ints.iter_mut().zip(keys) {
            builder.append_option(key);
        }
        self.texts[text::TYPE].append_value(kind.name());
        for (at, value) in [
            (text::CURRENCY, event.currency),
            (text::SOURCE, event.source),
            (text::COUNTRY, event.country),
        ] {
            self.texts[at].append_option((!value.is_empty()).then_some(value));
        }
        for at in [text::REASON, text::TEXT, text::TEXT_HASH] {
            self.texts[at].append_null();
        }
    }

    fn quarantine(&mut self, reason: &str, masked: Option<&str>, hash: &[u8; 32]) {
        for at in [
            long::AT,
            long::ORDER,
            long::PRICE,
            long::QUANTITY,
            long::SESSION,
        ] {
            self.longs[at].append_null();
        }
        self.ints[..FILE]
            .iter_mut()
            .for_each(Int32Builder::append_null);
        for at in [text::TYPE, text::CURRENCY, text::SOURCE, text::COUNTRY] {
            self.texts[at].append_null();
        }
        self.texts[text::REASON].append_value(reason);
        self.texts[text::TEXT].append_option(masked);
        self.texts[text::TEXT_HASH].append_option(masked.is_none().then(|| hex(&hash[..16])));
    }

    fn columns_of_rows(&mut self) -> Vec<(&'static str, DataType, ArrayRef)> {
        self.rows = 0;
        let Self {
            longs, ints, texts, ..
        } = self;
        let mut long = |name, at: usize| {
            (
                name,
                DataType::Int64,
                Arc::new(longs[at].finish()) as ArrayRef,
            )
        };
        let mut int = |name, at: usize| {
            (
                name,
                DataType::Int32,
                Arc::new(ints[at].finish()) as ArrayRef,
            )
        };
        let mut text = |name, at: usize| {
            (
                name,
                DataType::Utf8,
                Arc::new(texts[at].finish()) as ArrayRef,
            )
        };
        // In the order of the table.
        vec![
            long("position", long::POSITION),
            long("hash_high", long::HASH_HIGH),
            long("hash_low", long::HASH_LOW),
            int("user_id", 0),
            long("at_seconds", long::AT),
            text("type", text::TYPE),
            long("order_key", long::ORDER),
            int("product_id", 1),
            int("category_id", 2),
            long("price_e4", long::PRICE),
            long("quantity_e3", long::QUANTITY),
            text("currency", text::CURRENCY),
            int("query_id", 3),
            long("session_key", long::SESSION),
            text("source", text::SOURCE),
            text("country", text::COUNTRY),
            int("file", FILE),
            long("line", long::LINE),
            text("reason", text::REASON),
            text("text", text::TEXT),
            text("text_hash", text::TEXT_HASH),
        ]
    }
}
