//! Blocks of rows become columns: what can be done without knowing the rows before, on any thread.

use super::answer::answer;
use super::batch::{Batch, NO_KEY};
use super::field::Field;
use super::kind::EventType;
use super::mapping::Mapping;
use super::meanings::Meanings;
use super::reading::{Event, masked_text, read};
use super::row::Row;
use super::row_hash::Hasher;
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

impl Parsed {
    /// Forgets all but the memory, for this many rows.
    fn empty(&mut self, rows: usize) {
        self.batch.empty(rows);
        let texts = [
            &mut self.products,
            &mut self.categories,
            &mut self.queries,
            &mut self.words,
            &mut self.names,
        ];
        texts.into_iter().for_each(Texts::clear);
        self.ids.iter_mut().for_each(Texts::clear);
        self.name_of.clear();
        self.name_of.resize(rows, NO_KEY);
        self.rejected.clear();
        self.masked.clear();
        self.unknown.clear();
        self.kept.clear();
    }
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
    hasher: Hasher,
    meanings: Meanings,
    last_keys: [(String, i64); 3],
}

impl<'a> Parser<'a> {
    /// A parser of the file of a number, with so many columns.
    pub fn new(
        mapping: &'a Mapping,
        key: &'a Key,
        hasher: Hasher,
        file: i32,
        width: usize,
    ) -> Self {
        Self {
            mapping,
            key,
            file,
            width,
            hasher,
            meanings: Meanings::default(),
            last_keys: Default::default(),
        }
    }

    /// Puts a block's columns in the place of those that `parsed` held before, in the same memory.
    pub fn parse(&mut self, rows: &[Row], parsed: &mut Parsed) {
        parsed.empty(rows.len());
        for (at, row) in rows.iter().enumerate() {
            self.row(at, row, parsed);
        }
    }

    fn row(&mut self, at: usize, row: &Row, into: &mut Parsed) {
        let hash = self.hasher.hash(row);
        let half = |from: usize| i64::from_be_bytes(std::array::from_fn(|i| hash[from + i]));
        let line = i64::try_from(row.line).unwrap_or(i64::MAX);
        into.batch.place(at, (half(0), half(8)), self.file, line);
        // Neither text nor hash of what is left out for a person's sake: nothing of it is kept.
        if !consents(row, self.mapping) {
            into.batch.quarantine(at, into.words.number(NO_CONSENT));
            return;
        }
        match read(row, self.mapping, &mut self.meanings) {
            Ok(event) => self.event(at, row, &event, into),
            Err(reason) => {
                let text = masked_text(row, self.mapping, self.width);
                let hash = text.is_none().then(|| hex(&hash[..16]));
                into.batch.quarantine(at, into.words.number(&reason));
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
        let [order, session, order_line] = std::array::from_fn(|i| self.opaque(i, opaque[i]));
        let [total, discount, tax, shipping, refund] = event.amounts;
        let figures = [
            Some(event.at),
            event.price,
            event.quantity,
            total,
            discount,
            tax,
            shipping,
            refund,
            order,
            session,
            order_line,
        ];
        let [user, account, device, unit] =
            std::array::from_fn(|of| into.ids[of].number(event.ids[of]));
        let words = &mut into.words;
        let keys = [
            user,
            account,
            device,
            unit,
            into.products.number(&event.product),
            into.categories.number(event.category),
            into.queries.number(&event.query),
            words.number(kind.name()),
            words.number(event.status.map_or("", Status::name)),
            words.number(event.currency),
            words.number(event.source),
            words.number(event.country),
        ];
        into.batch.event(at, figures, keys);
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

/// Whether a row's column of consent says yes; true where there is no such column.
fn consents(row: &Row, mapping: &Mapping) -> bool {
    mapping
        .column(Field::Consent)
        .is_none_or(|column| answer(row.get(column)) == Some(true))
}
