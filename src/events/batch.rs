//! A block of rows column by column, as they are staged. Every column is of whole numbers; where a row has no value it
//! says [`NONE`].

/// No value: none of the columns has a negative one (hashes apart, which every row has).
pub const NONE: i64 = -1;
/// The same in the columns of keys.
pub const NO_KEY: i32 = -1;

/// Columns of 64 bits: what every row has, then what an event has.
pub const LONGS: [&str; 15] = [
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
/// Where in [`LONGS`] the position is.
pub const POSITION: usize = 0;
/// Where in [`LONGS`] the first half of the hash is.
pub const HASH: usize = 1;
/// Where in [`LONGS`] the line is.
pub const LINE: usize = 3;
const LONGS_OF_ANY_ROW: usize = 4;

/// Columns of 32 bits: the file, which every row has; what an event has; why a quarantined row is none.
pub const INTS: [&str; 14] = [
    "file",
    "user_id",
    "account_id",
    "device_id",
    "unit_id",
    "product_id",
    "category_id",
    "query_id",
    "type",
    "status",
    "currency",
    "source",
    "country",
    "reason",
];
/// Where in [`INTS`] the keys of people are, in the order of `ID_FIELDS`.
pub const IDS: std::ops::Range<usize> = 1..5;
/// Where in [`INTS`] the product is.
pub const PRODUCT: usize = 5;
/// Where in [`INTS`] the category is.
pub const CATEGORY: usize = 6;
/// Where in [`INTS`] the query is.
pub const QUERY: usize = 7;
/// Where in [`INTS`] the words of an event are.
pub const WORDS: std::ops::Range<usize> = 8..13;
/// Where in [`INTS`] the reason of a quarantine is.
pub const REASON: usize = 13;

/// Columns in the order of [`LONGS`] and [`INTS`], all of one length.
#[derive(Debug, Default)]
pub struct Batch {
    /// The columns of 64 bits.
    pub longs: [Vec<i64>; LONGS.len()],
    /// The columns of 32 bits.
    pub ints: [Vec<i32>; INTS.len()],
}

impl Batch {
    /// Makes the batch one of this many rows without any value.
    pub fn empty(&mut self, rows: usize) {
        for column in &mut self.longs {
            column.clear();
            column.resize(rows, NONE);
        }
        for column in &mut self.ints {
            column.clear();
            column.resize(rows, NO_KEY);
        }
    }

    /// Rows in the batch.
    pub fn len(&self) -> usize {
        self.ints[REASON].len()
    }

    /// Says of a row what any row has.
    pub fn place(&mut self, row: usize, hash: (i64, i64), file: i32, line: i64) {
        for (column, value) in self.longs[1..].iter_mut().zip([hash.0, hash.1, line]) {
            column[row] = value;
        }
        self.ints[0][row] = file;
    }

    /// Makes a row an event, its figures, keys and words in the order of the columns.
    pub fn event(
        &mut self,
        row: usize,
        figures: [Option<i64>; LONGS.len() - LONGS_OF_ANY_ROW],
        keys: [i32; REASON - IDS.start],
    ) {
        for (column, value) in self.longs[LONGS_OF_ANY_ROW..].iter_mut().zip(figures) {
            if let Some(value) = value {
                column[row] = value;
            }
        }
        for (column, key) in self.ints[IDS.start..REASON].iter_mut().zip(keys) {
            if key != NO_KEY {
                column[row] = key;
            }
        }
    }

    /// Makes a row one that is no event, for a reason: nothing but its place and hash is left of it.
    pub fn quarantine(&mut self, row: usize, reason: i32) {
        for column in &mut self.longs[LONGS_OF_ANY_ROW..] {
            column[row] = NONE;
        }
        for column in &mut self.ints[IDS.start..REASON] {
            column[row] = NO_KEY;
        }
        self.ints[REASON][row] = reason;
    }
}
