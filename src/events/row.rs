//! One row of a file, and the interface of the readers of rows.

use crate::error::Result;

/// The fields of one row, reused from row to row.
#[derive(Debug, Default)]
pub struct Row {
    /// Line in the file (row in a Parquet file), from 1.
    pub line: u64,
    /// Why the row cannot be read, where the reader knows already.
    pub problem: Option<String>,
    text: String,
    /// Where in the text each field begins and ends.
    cells: Vec<(usize, usize)>,
}

impl Row {
    /// Empties the row for the next one, which stands at `line`.
    pub fn start(&mut self, line: u64) {
        self.line = line;
        self.problem = None;
        self.text.clear();
        self.cells.clear();
    }

    /// Makes this row the same as another.
    pub fn copy(&mut self, other: &Self) {
        self.line = other.line;
        self.problem.clone_from(&other.problem);
        self.text.clone_from(&other.text);
        self.cells.clone_from(&other.cells);
    }

    /// Appends a field.
    pub fn push(&mut self, field: &str) {
        let start = self.text.len();
        self.text.push_str(field);
        self.cells.push((start, self.text.len()));
    }

    /// Appends the fields of a text that an ASCII delimiter parts, without a copy of each.
    pub fn split(&mut self, fields: &str, delimiter: u8) {
        let mut start = self.text.len();
        self.text.push_str(fields);
        let base = start;
        for at in memchr::memchr_iter(delimiter, fields.as_bytes()) {
            self.cells.push((start, base + at));
            start = base + at + 1;
        }
        self.cells.push((start, self.text.len()));
    }

    /// The field at `index`; empty where the row is shorter.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        self.cells
            .get(index)
            .map_or("", |(start, end)| &self.text[*start..*end])
    }

    /// How many fields it has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.cells.len()
    }

    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        (0..self.width()).map(|i| self.get(i))
    }
}

/// A reader of rows.
pub trait Rows {
    /// The columns' names; numbers from 1 where the file has no header.
    fn columns(&self) -> &[String];

    /// Whether the file names its columns.
    fn has_header(&self) -> bool;

    /// Reads the next row into `row`; false at the end.
    ///
    /// A row that cannot be read is returned with its problem; an error means that the file cannot be read on.
    fn next(&mut self, row: &mut Row) -> Result<bool>;
}
