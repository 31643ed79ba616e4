//! Blocks of rows become columns: what can be done without knowing the rows before, on any thread.

use sha2::{Digest, Sha256};

use super::answer::answer;
use super::batch::{Batch, NO_KEY};
use super::field::Field;
use super::kind::EventType;
use super::mapping::Mapping;
use super::meanings::Meanings;
use super::reading::{Event, masked_text, read};
use super::row::Row;
use super::status::Status;
use super::texts::Texts;
use crate::privacy::Redactions;
use crate::workspace::{Key, hex};

/// Why a row is left out whose column of consent says no, nothing, or no word that is known.
const NO_CONSENT: &str = "the person did not consent";

/// A block of rows as columns. Keys in the batch are numbers of this block's texts.
#[derive(Debug, Default)]
pub struct Parsed {
    /// The columns; positions are not known yet.
    pub batch: Batch,
    /// Canonical raw ids of each kind, in the order of `ID_FIELDS`; held in memory only.
    pub ids: [Texts; 4],
    /// Codes of products, or their names.
    pub products: Texts,
    /// Names of categories.
    pub categories: Texts,
    /// Search texts, masked.
    pub queries: Texts,
    /// Types, states, currencies, sources, countries, and reasons of quarantines.
    pub words: Texts,
    /// What products are called, and of each row which of these.
    pub names: Texts,
    /// Numbers of `names`, row by row.
    pub name_of: Vec<i32>,
    /// Quarantined rows of which the text is kept, or a hash in its place.
    pub rejected: Vec<Rejected>,
    /// Rows in whose texts something was masked.
    pub masked: Vec<(usize, Redactions)>,
    /// Rows of a type that is not known, with its name among `words`.
    pub unknown: Vec<(usize, i32)>,
    /// What is kept for audits: row, which of the columns, value.
    pub kept: Vec<(usize, usize, String)>,
}

/// What is kept of a quarantined row's text.
#[derive(Debug)]
pub struct Rejected {
    /// The row in its block.
    pub row: usize,
    /// The text, masked.
    pub text: Option<String>,
    /// The hash that stands for it.
    pub hash: Option<String>,
}

/// Reads blocks of one file.
pub struct Parser<'a> {
    mapping: &'a Mapping,
    key: &'a Key,
    file: i32,
    width: usize,
    /// The secret beginning of each row's hash.
    hasher: Sha256,
    meanings: Meanings,
    last_keys: [(String, i64); 3],
    bytes: Vec<u8>,
}

impl<'a> Parser<'a> {
    /// A parser of the file of a number, with these columns.
    pub fn new(mapping: &'a Mapping, key: &'a Key, file: i32, columns: &[String]) -> Self {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&key.mac(b"row hash"));
        for column in columns {
            part(&mut bytes, column);
        }
        Self {
            mapping,
            key,
            file,
            width: columns.len(),
            hasher: Sha256::new_with_prefix(&bytes),
            meanings: Meanings::default(),
            last_keys: Default::default(),
            bytes,
        }
    }

    /// The columns of a block.
    pub fn parse(&mut self, rows: &[Row]) -> Parsed {
        let mut parsed = Parsed {
            batch: Batch::with_capacity(rows.len()),
            name_of: Vec::with_capacity(rows.len()),
            ..Parsed::default()
        };
        for (at, row) in rows.iter().enumerate() {
            self.row(at, row, &mut parsed);
        }
        parsed
    }

    fn row(&mut self, at: usize, row: &Row, into: &mut Parsed) {
        let hash = self.hash(row);
        let half = |from: usize| i64::from_be_bytes(std::array::from_fn(|i| hash[from + i]));
        let line = i64::try_from(row.line).unwrap_or(i64::MAX);
        into.batch.begin((half(0), half(8)), self.file, line);
        into.name_of.push(NO_KEY);
        // Neither text nor hash of what is left out for a person's sake: nothing of it is kept.
        if !consents(row, self.mapping) {
            into.batch.quarantine(into.words.number(NO_CONSENT));
            return;
        }
        match read(row, self.mapping, &mut self.meanings) {
            Ok(event) => self.event(at, row, &event, into),
            Err(reason) => {
                let text = masked_text(row, self.mapping, self.width);
                let hash = text.is_none().then(|| hex(&hash[..16]));
                into.batch.quarantine(into.words.number(&reason));
                into.rejected.push(Rejected {
                    row: at,
                    text,
                    hash,
                });
            }
        }
    }

    fn event(&mut self, at: usize, row: &Row, event: &Event<'_>, into: &mut Parsed) {
        let kind = event.kind.unwrap_or_else(|| {
            let name = self
                .mapping
                .column(Field::Type)
                .map_or("", |column| row.get(column).trim());
            into.unknown.push((at, into.words.number(name)));
            EventType::Other
        });
        let mut masked = event.redactions;
        if !event.ids[0].is_empty() {
            for (which, (_, column)) in self.mapping.keep.iter().enumerate() {
                let value = row.get(*column).trim();
                if !value.is_empty() {
                    let (value, found) = self.mapping.redactor.redact(value);
                    masked += found;
                    into.kept.push((at, which, value.into_owned()));
                }
            }
        }
        if masked.total() > 0 {
            into.masked.push((at, masked));
        }
        if !event.product.is_empty() {
            into.name_of[at] = into.names.number(&event.name);
        }
        let opaque = [event.order, event.session, event.order_line];
        let opaque: [Option<i64>; 3] = std::array::from_fn(|i| self.opaque(i, opaque[i]));
        let figures = [Some(event.at), event.price, event.quantity];
        let ids: [i32; 4] = std::array::from_fn(|of| into.ids[of].number(event.ids[of]));
        let names = [
            into.products.number(&event.product),
            into.categories.number(event.category),
            into.queries.number(&event.query),
        ];
        let words = [
            kind.name(),
            event.status.map_or("", Status::name),
            event.currency,
            event.source,
            event.country,
        ]
        .map(|word| into.words.number(word));
        into.batch.event(
            figures.into_iter().chain(event.amounts).chain(opaque),
            ids.into_iter().chain(names).chain(words),
        );
    }

    /// The keyed hash of all cells of a row.
    fn hash(&mut self, row: &Row) -> [u8; 32] {
        self.bytes.clear();
        row.fields().for_each(|field| part(&mut self.bytes, field));
        let mut hasher = self.hasher.clone();
        hasher.update(&self.bytes);
        hasher.finalize().into()
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
}

/// Length first, so that no two rows of different fields run together into the same bytes.
fn part(bytes: &mut Vec<u8>, field: &str) {
    bytes.extend_from_slice(&(field.len() as u64).to_le_bytes());
    bytes.extend_from_slice(field.as_bytes());
}

/// Whether a row's column of consent says yes; true where there is no such column.
fn consents(row: &Row, mapping: &Mapping) -> bool {
    mapping
        .column(Field::Consent)
        .is_none_or(|column| answer(row.get(column)) == Some(true))
}
