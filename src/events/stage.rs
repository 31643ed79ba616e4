//! Parsed rows on their way into the event store: keys for texts, pseudonyms for users, places in the order of the files.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use duckdb::Connection;
use duckdb::arrow::array::{ArrayRef, Int32Array, Int64Array, StringArray};
use foldhash::fast::RandomState;
use rayon::slice::ParallelSliceMut;

use super::batch::{CATEGORY, HASH, IDS, LINE, NO_KEY, POSITION, PRODUCT, QUERY, REASON, WORDS};
use super::beside::Beside;
use super::dictionary::{ByText, Dictionary};
use super::field::Field;
use super::mapping::Mapping;
use super::names::Names;
use super::parser::Parsed;
use super::reading::ID_FIELDS;
use super::row_hash::Hasher;
use super::staged::Staging;
use super::texts::{Keys, Texts};
use crate::error::{Error, Result};
use crate::privacy::{Pseudonym, Redactions, pseudonym, second_hash};
use crate::workspace::{Key, NextGeneration, RowHash, duck};

/// Why a row of a person who was forgotten is no event.
const FORGOTTEN: &str = "the person was forgotten";

/// The key of whoever was forgotten; no column holds it.
const BARRED: i32 = -2;

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
    row_hash: RowHash,
    /// Keys of raw ids seen in these files, of each kind, or [`BARRED`]; held in memory only.
    raw_ids: [ByText<i32>; 4],
    /// Second hashes of those who were forgotten.
    barred: &'a HashSet<String>,
    pseudonyms: Dictionary,
    products: Dictionary,
    /// What products are called in these files, and their first category.
    product_details: HashMap<i32, (Names, Option<i32>), RandomState>,
    categories: Dictionary,
    queries: Dictionary,
    words: Dictionary,
    attributes: Vec<(i64, i32, String, String)>,
    /// What the files beside the events say.
    pub beside: Beside,
    /// Events without a user's id.
    pub without_user: u64,
    staging: Staging,
    /// The first halves of all rows' hashes: only where one comes twice there may be duplicates.
    hashes: Vec<i64>,
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
        next: &'a NextGeneration,
        key: &'a Key,
        barred: &'a HashSet<String>,
    ) -> Result<Self> {
        let connection = next.connection();
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
            row_hash: next.row_hash(),
            raw_ids: Default::default(),
            barred,
            pseudonyms: known("SELECT user_id, pseudonym FROM prev.users")?,
            products: known("SELECT product_id, code FROM prev.products")?,
            product_details: HashMap::default(),
            categories: known("SELECT category_id, name FROM prev.categories")?,
            queries: known("SELECT query_id, query FROM prev.queries")?,
            words: Dictionary::default(),
            attributes: Vec::new(),
            beside: Beside::default(),
            without_user: 0,
            staging: Staging::create(&next.temp().join("rows"))?,
            hashes: Vec::new(),
            position: 0,
            redactions: Redactions::default(),
            unknown_types: HashMap::new(),
            first_problem: None,
        })
    }

    /// The key behind the pseudonyms.
    pub fn key(&self) -> &'a Key {
        self.key
    }

    /// What hashes the rows of a file with these columns.
    pub fn hasher(&self, columns: &[String]) -> Hasher {
        Hasher::new(self.row_hash, self.key, columns)
    }

    /// Rows staged so far.
    pub fn rows(&self) -> u64 {
        u64::try_from(self.position).unwrap_or_default()
    }

    /// Stages a block of the file of that name: its texts become keys, in the order of its rows.
    pub fn take(&mut self, parsed: &mut Parsed, mapping: &Mapping, file: &str) -> Result<()> {
        let batch = &mut parsed.batch;
        let mut ids: [Keys<'_>; 4] = parsed.ids.each_ref().map(Texts::keys);
        let mut products = parsed.products.keys();
        let mut categories = parsed.categories.keys();
        let mut queries = parsed.queries.keys();
        let mut words = parsed.words.keys();
        let names = parsed.names.keys();
        for row in 0..batch.len() {
            batch.longs[POSITION][row] = self.position;
            self.position += 1;
            let reason = batch.ints[REASON][row];
            if reason != NO_KEY {
                self.problem(file, batch.longs[LINE][row], words.text(reason));
                batch.ints[REASON][row] = words.of(reason, |word| key_of(&mut self.words, word));
                continue;
            }
            let mut is_barred = false;
            for (of, column) in IDS.enumerate() {
                let key = ids[of].of(batch.ints[column][row], |raw| self.id(of, raw));
                is_barred |= key == BARRED;
                batch.ints[column][row] = key;
            }
            // Nothing of the row is looked at any more: not one of its texts is kept.
            if is_barred {
                self.problem(file, batch.longs[LINE][row], FORGOTTEN);
                batch.quarantine(row, key_of(&mut self.words, FORGOTTEN));
                continue;
            }
            self.without_user += u64::from(batch.ints[IDS.start][row] == NO_KEY);
            let category = &mut batch.ints[CATEGORY][row];
            *category = categories.of(*category, |name| key_of(&mut self.categories, name));
            let category = Some(*category).filter(|category| *category != NO_KEY);
            let product = &mut batch.ints[PRODUCT][row];
            *product = products.of(*product, |code| key_of(&mut self.products, code));
            if *product != NO_KEY {
                let details = self.product_details.entry(*product).or_default();
                details.0.add(names.text(parsed.name_of[row]));
                details.1 = details.1.or(category);
            }
            let query = &mut batch.ints[QUERY][row];
            *query = queries.of(*query, |text| key_of(&mut self.queries, text));
            for column in WORDS {
                let word = &mut batch.ints[column][row];
                *word = words.of(*word, |word| key_of(&mut self.words, word));
            }
        }
        self.hashes.extend(&batch.longs[HASH]);
        let is_event = |row: usize| batch.ints[REASON][row] == NO_KEY;
        for (_, masked) in parsed.masked.iter().filter(|(row, _)| is_event(*row)) {
            self.redactions += *masked;
        }
        for (_, name) in parsed.unknown.iter().filter(|(row, _)| is_event(*row)) {
            let name = words.text(*name);
            if let Some(rows) = self.unknown_types.get_mut(name) {
                *rows += 1;
            } else {
                self.unknown_types.insert(name.to_owned(), 1);
            }
        }
        for (row, which, value) in parsed.kept.drain(..) {
            let user = batch.ints[IDS.start][row];
            if is_event(row) && user != NO_KEY {
                let position = batch.longs[POSITION][row];
                let name = mapping.keep[which].0.clone();
                self.attributes.push((position, user, name, value));
            }
        }
        if !parsed.rejected.is_empty() {
            let rejected = parsed.rejected.iter();
            let positions = rejected
                .clone()
                .map(|one| parsed.batch.longs[POSITION][one.row]);
            let columns: Vec<(_, ArrayRef)> = vec![
                (
                    "position",
                    Arc::new(Int64Array::from_iter_values(positions)),
                ),
                (
                    "text",
                    texts(rejected.clone().map(|one| one.text.as_deref())),
                ),
                ("text_hash", texts(rejected.map(|one| one.hash.as_deref()))),
            ];
            self.append("rejected", columns)?;
        }
        self.staging.write(&parsed.batch)
    }

    fn problem(&mut self, file: &str, line: i64, reason: &str) {
        self.first_problem.get_or_insert_with(|| {
            let line = u64::try_from(line).unwrap_or_default();
            (file.to_owned(), line, reason.to_owned())
        });
    }

    /// The key of a user's canonical raw id, which is not empty; none for a person who was forgotten.
    pub fn user(&mut self, raw: &str) -> Option<i32> {
        Some(self.id(0, raw)).filter(|key| *key > 0)
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

    /// The key of a raw id of the kind that stands at `of` in `ID_FIELDS`; [`NO_KEY`] for an empty one, [`BARRED`] for one
    /// of a person who was forgotten.
    fn id(&mut self, of: usize, raw: &str) -> i32 {
        if let Some(key) = self.raw_ids[of].get(raw) {
            return *key;
        }
        if raw.is_empty() {
            return NO_KEY;
        }
        let made = pseudonym_of(self.key, ID_FIELDS[of], raw);
        let name = String::from_utf8_lossy(&made);
        let is_barred =
            !self.barred.is_empty() && self.barred.contains(&second_hash(self.key, &name));
        let key = if is_barred {
            BARRED
        } else {
            key_of(&mut self.pseudonyms, &name)
        };
        self.raw_ids[of].insert(raw.into(), key);
        key
    }

    fn append(&self, table: &str, columns: Vec<(&str, ArrayRef)>) -> Result<()> {
        duck::append(self.connection, ("stage", table), columns, "staging")
    }

    /// Stages texts with the keys that they were given.
    fn append_texts(&self, table: &str, rows: &[(i32, String)]) -> Result<()> {
        let keys = Int32Array::from_iter_values(rows.iter().map(|row| row.0));
        let columns: Vec<(_, ArrayRef)> = vec![
            ("key", Arc::new(keys)),
            ("text", texts(rows.iter().map(|row| Some(row.1.as_str())))),
        ];
        self.append(table, columns)
    }

    /// Stages what is left: the texts behind the keys, and what the files beside the events say. The rows can be read then;
    /// gives the columns in which one of them has a value.
    pub fn finish(mut self) -> Result<Vec<&'static str>> {
        let suspects = repeated(std::mem::take(&mut self.hashes));
        let suspects = Int64Array::from_iter_values(suspects);
        self.append("suspects", vec![("hash_high", Arc::new(suspects))])?;
        let pseudonyms = self.pseudonyms.take_fresh();
        self.append_texts("users", &pseudonyms)?;
        let categories = self.categories.take_fresh();
        self.append_texts("categories", &categories)?;
        let queries = self.queries.take_fresh();
        self.append_texts("queries", &queries)?;
        let words = self.words.take_fresh();
        self.append_texts("words", &words)?;
        self.append_products()?;
        self.append_attributes()?;
        self.beside
            .insert(self.connection)
            .map_err(Error::duck("staging the files beside the events"))?;
        let columns = self.staging.columns();
        self.staging.register(self.connection)?;
        Ok(columns)
    }

    fn append_products(&mut self) -> Result<()> {
        let codes: HashMap<i32, String> = self.products.take_fresh().into_iter().collect();
        let mut details: Vec<_> = self.product_details.drain().collect();
        details.sort_unstable_by_key(|(product, _)| *product);
        let ids: Vec<i32> = details.iter().map(|(product, _)| *product).collect();
        let categories: Int32Array = details.iter().map(|(_, (_, category))| *category).collect();
        let names: Vec<Option<String>> = details
            .into_iter()
            .map(|(_, (names, _))| names.most_frequent())
            .collect();
        let code = ids.iter().map(|id| codes.get(id).map(String::as_str));
        let columns: Vec<(_, ArrayRef)> = vec![
            ("product_id", Arc::new(Int32Array::from(ids.clone()))),
            ("code", texts(code)),
            ("name", texts(names.iter().map(Option::as_deref))),
            ("category_id", Arc::new(categories)),
        ];
        self.append("products", columns)
    }

    fn append_attributes(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.attributes);
        let (position, user) = (rows.iter().map(|row| row.0), rows.iter().map(|row| row.1));
        let columns: Vec<(_, ArrayRef)> = vec![
            ("position", Arc::new(Int64Array::from_iter_values(position))),
            ("user_id", Arc::new(Int32Array::from_iter_values(user))),
            ("name", texts(rows.iter().map(|row| Some(row.2.as_str())))),
            ("value", texts(rows.iter().map(|row| Some(row.3.as_str())))),
        ];
        self.append("attributes", columns)
    }
}

/// The key of a text that is not empty.
fn key_of(dictionary: &mut Dictionary, text: &str) -> i32 {
    dictionary.key(text).unwrap_or(NO_KEY)
}

/// Those that are there more than once.
fn repeated(mut hashes: Vec<i64>) -> Vec<i64> {
    hashes.par_sort_unstable();
    hashes
        .chunk_by(|one, next| one == next)
        .filter(|equal| equal.len() > 1)
        .map(|equal| equal[0])
        .collect()
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}
