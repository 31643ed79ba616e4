//! The first sheet of an Excel or `OpenDocument` workbook.

use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{Data, Range, Reader, open_workbook_auto_from_rs};

use super::open::{name_of, unreadable};
use super::row::{Row, Rows};
use crate::error::{Error, Result};

/// A workbook that is larger is not one that a person saved: its rows would not fit in a sheet.
const LARGEST: u64 = 1 << 30;

/// A reader of a sheet's rows.
pub struct Workbook {
    sheet: Range<Data>,
    columns: Vec<String>,
    next: usize,
}

impl Workbook {
    /// Reads the whole of `stream`, since a workbook has its directory at its end.
    pub fn open(path: &Path, stream: Box<dyn Read>) -> Result<Self> {
        let mut bytes = Vec::new();
        stream
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| unreadable(path, &e))?;
        let broken =
            |why: String| Error::failed(name_of(path), why, "save the sheet again, or as CSV");
        if bytes.len() as u64 > LARGEST {
            return Err(broken("is a workbook of more than 1 GiB".into()));
        }
        let mut workbook = open_workbook_auto_from_rs(Cursor::new(bytes))
            .map_err(|e| broken(format!("is not a workbook ({e})")))?;
        let sheet = workbook
            .worksheet_range_at(0)
            .ok_or_else(|| broken("has no sheet".into()))?
            .map_err(|e| broken(format!("cannot be read ({e})")))?;
        let mut names = sheet
            .rows()
            .next()
            .into_iter()
            .flatten()
            .map(text)
            .collect::<Vec<_>>();
        for (i, name) in names.iter_mut().enumerate() {
            *name = name.trim().to_owned();
            if name.is_empty() {
                *name = (i + 1).to_string();
            }
        }
        if names.is_empty() {
            return Err(Error::rejected(
                name_of(path),
                "its first sheet is empty",
                "put the events on the first sheet, one a row",
            ));
        }
        Ok(Self {
            sheet,
            columns: names,
            next: 1,
        })
    }
}

impl Rows for Workbook {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_header(&self) -> bool {
        true
    }

    fn next(&mut self, row: &mut Row) -> Result<bool> {
        let top = self.sheet.start().map_or(0, |(line, _)| u64::from(line));
        loop {
            let (height, width) = self.sheet.get_size();
            if self.next >= height {
                return Ok(false);
            }
            let at = self.next;
            self.next += 1;
            let cells =
                || (0..width).map(|column| self.sheet.get((at, column)).unwrap_or(&Data::Empty));
            if cells().all(|cell| matches!(cell, Data::Empty)) {
                continue;
            }
            row.start(top + at as u64 + 1);
            cells().for_each(|cell| row.push(&text(cell)));
            return Ok(true);
        }
    }
}

/// A cell as a file of text would hold it: whole numbers without a fraction, times as ISO 8601.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::DateTime(moment) => moment
            .as_datetime()
            .map(|moment| moment.to_string())
            .unwrap_or_default(),
        other => other.to_string(),
    }
}
