//! Rows on their way into the event store: keys for texts, pseudonyms for users, Arrow batches for DuckDB.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use duckdb::Connection;
use duckdb::arrow::array::{Int32Builder, Int64Builder, StringBuilder};
use duckdb::arrow::datatypes::DataType;
use sha2::{Digest, Sha256};

use super::answer::answer;
use super::batch::Batch;
use super::beside::Beside;
use super::dictionary::Dictionary;
use super::field::Field;
use super::kind::EventType;
use super::mapping::Mapping;
use super::names::Names;
use super::reading::{Event, ID_FIELDS, masked_text, read};
use super::row::Row;
use super::writer::{Columns, Writer, append};
use crate::error::{Error, Result};
use crate::privacy::{Pseudonym, Redactions, pseudonym, second_hash};
use crate::workspace::Key;

/// Why a row of a person who was forgotten is no event.
const FORGOTTEN: &str = "the person was forgotten";
/// Why a row is left out whose column of consent says no, nothing, or no word that is known.
const NO_CONSENT: &str = "the person did not consent";

/// Rows that go to DuckDB together.
const BATCH: usize = 32 * 1024;

/// The pseudonym of a canonical id that stands in a field.
#[must_use]
pub fn pseudonym_of(key: &Key, field: Field, id: &str) -> Pseudonym {
    match field {
        Field::User => pseudonym(key, id),
        // A company may have the number of a customer: each kind has pseudonyms of its own.
        kind => pseudonym(key, &format!("{kind} {id}")),
    }
}

/// Builds the staging tables of one ingest.
pub struct Stage<'a> {
    connection: &'a Connection,
    key: &'a Key,
    row_secret: [u8; 32],
    /// Raw ids seen in these files, of each kind, none for those of forgotten persons; held in memory only.
    raw_ids: [HashMap<String, Option<i32>>; 4],
    /// Second hashes of those who were forgotten.
    barred: &'a HashSet<String>,
    pseudonyms: Dictionary,
    products: Dictionary,
    /// What products are called in these files, and their first category.
    product_details: HashMap<i32, (Names, Option<i32>)>,
    categories: Dictionary,
    queries: Dictionary,
    attributes: Vec<(i64, i32, String, String)>,
    /// What the files beside the events say.
    pub beside: Beside,
    /// Events without a user's id.
    pub without_user: u64,
    last_keys: [(String, i64); 3],
    batch: Batch,
    writer: Writer,
    position: i64,
    /// What was masked in texts.
    pub redactions: Redactions,
    /// Names of event types that are not known, with their counts.
    pub unknown_types: HashMap<String, u64>,
    /// The first quarantined row: file, line, reason.
    pub first_problem: Option<(String, u64, String)>,
}

impl<'a> Stage<'a> {
    /// A stage that knows the users, products, categories and queries of the published generation.
    pub fn begin(
        connection: &'a Connection,
        key: &'a Key,
        barred: &'a HashSet<String>,
    ) -> Result<Self> {
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
            raw_ids: Default::default(),
            barred,
            pseudonyms: known("SELECT user_id, pseudonym FROM prev.users")?,
            products: known("SELECT product_id, code FROM prev.products")?,
            product_details: HashMap::new(),
            categories: known("SELECT category_id, name FROM prev.categories")?,
            queries: known("SELECT query_id, query FROM prev.queries")?,
            attributes: Vec::new(),
            beside: Beside::default(),
            without_user: 0,
            last_keys: Default::default(),
            batch: Batch::default(),
            writer: Writer::begin(connection)?,
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
        // Neither text nor hash of what is left out for a person's sake: nothing of it is kept.
        let leave_out = |stage: &mut Self, why: &str| {
            stage
                .first_problem
                .get_or_insert_with(|| (file.1.to_owned(), row.line, why.to_owned()));
            stage.batch.quarantine(why, None, None);
        };
        match read(row, mapping) {
            _ if !consents(row, mapping) => leave_out(self, NO_CONSENT),
            Ok(event) if self.is_barred(&event) => leave_out(self, FORGOTTEN),
            Ok(event) => self.event(&event, row, mapping),
            Err(reason) => {
                let text = masked_text(row, mapping, width);
                self.first_problem
                    .get_or_insert_with(|| (file.1.to_owned(), row.line, reason.clone()));
                self.batch.quarantine(&reason, text.as_deref(), Some(&hash));
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
                .column(Field::Type)
                .map_or("", |column| row.get(column).trim());
            *self.unknown_types.entry(name.to_owned()).or_default() += 1;
            EventType::Other
        });
        let mut ids = [None; 4];
        for (of, id) in ids.iter_mut().enumerate() {
            *id = self.id(of, event.ids[of]);
        }
        self.without_user += u64::from(ids[0].is_none());
        let category = self.categories.key(event.category);
        let product = self.products.key(&event.product);
        if let Some(product) = product {
            let details = self.product_details.entry(product).or_default();
            details.0.add(&event.name);
            details.1 = details.1.or(category);
        }
        let query = self.queries.key(&event.query);
        self.redactions += event.redactions;
        if let Some(user) = ids[0] {
            for (name, column) in &mapping.keep {
                let value = row.get(*column).trim();
                if !value.is_empty() {
                    let (value, masked) = mapping.redactor.redact(value);
                    self.redactions += masked;
                    self.attributes
                        .push((self.position, user, name.clone(), value.into_owned()));
                }
            }
        }
        let opaque = [
            self.opaque(0, event.order),
            self.opaque(1, event.session),
            self.opaque(2, event.order_line),
        ];
        self.batch
            .event(event, kind, ids, [product, category, query], opaque);
    }

    /// The key of a user's canonical raw id, which is not empty; none for a person who was forgotten.
    pub fn user(&mut self, raw: &str) -> Option<i32> {
        self.id(0, raw)
    }

    /// Whether a row is of a person who was forgotten.
    fn is_barred(&mut self, event: &Event<'_>) -> bool {
        !self.barred.is_empty()
            && (0..event.ids.len())
                .any(|of| !event.ids[of].is_empty() && self.id(of, event.ids[of]).is_none())
    }

    /// The key of a product's code, which is not empty.
    pub fn product(&mut self, code: &str) -> i32 {
        let product = self.products.key(code).unwrap_or_default();
        self.product_details.entry(product).or_default();
        product
    }

    /// The key of a category; none for an empty name.
    pub fn category(&mut self, name: &str) -> Option<i32> {
        self.categories.key(name)
    }

    /// The aliases of the published generation, the last word about each user.
    pub fn known_aliases(&self) -> Result<HashMap<i32, i32>> {
        let read = || -> duckdb::Result<HashMap<i32, i32>> {
            self.connection
                .prepare("SELECT old_id, new_id FROM prev.aliases ORDER BY ingest")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        read().map_err(Error::duck("reading aliases"))
    }

    /// The key of a raw id of the kind that stands at `of` in `ID_FIELDS`; none for an empty one, or one of a person who was
    /// forgotten.
    fn id(&mut self, of: usize, raw: &str) -> Option<i32> {
        if raw.is_empty() {
            return None;
        }
        if let Some(key) = self.raw_ids[of].get(raw) {
            return *key;
        }
        let made = pseudonym_of(self.key, ID_FIELDS[of], raw);
        let name = String::from_utf8_lossy(&made);
        let is_barred =
            !self.barred.is_empty() && self.barred.contains(&second_hash(self.key, &name));
        let key = if is_barred {
            None
        } else {
            self.pseudonyms.key(&name)
        };
        self.raw_ids[of].insert(raw.to_owned(), key);
        key
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
        let columns = self.batch.take();
        self.writer.write(columns)
    }

    fn append(&self, table: &str, columns: Columns) -> Result<()> {
        append(self.connection, table, columns)
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
        self.writer.finish()?;
        let pseudonyms = self.pseudonyms.take_fresh();
        self.append_texts("users", &pseudonyms)?;
        let categories = self.categories.take_fresh();
        self.append_texts("categories", &categories)?;
        let queries = self.queries.take_fresh();
        self.append_texts("queries", &queries)?;
        self.append_products()?;
        self.append_attributes()?;
        self.beside
            .insert(self.connection)
            .map_err(Error::duck("staging the files beside the events"))
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
        for (product, (names, of)) in details {
            ids.append_value(product);
            code.append_option(codes.get(&product));
            name.append_option(names.most_frequent());
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

/// Whether a row's column of consent says yes; true where there is no such column.
fn consents(row: &Row, mapping: &Mapping) -> bool {
    mapping
        .column(Field::Consent)
        .is_none_or(|column| answer(row.get(column)) == Some(true))
}
