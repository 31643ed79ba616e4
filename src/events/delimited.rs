//! CSV, TSV and their kin.

use std::io::Read;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::field::Field;
use super::open::{name_of, unreadable};
use super::row::{Row, Rows};
use super::time::TimeFormat;
use crate::error::{Error, Result};

/// A row that is longer is no row of a shop's events.
const LONGEST_ROW: usize = 1 << 20;

/// A reader of delimited rows.
pub struct Delimited {
    path: PathBuf,
    reader: Reader<Box<dyn Read>>,
    record: ByteRecord,
    columns: Vec<String>,
    has_header: bool,
    first: Option<ByteRecord>,
}

impl Delimited {
    /// A reader of `stream`, whose beginning is `head`.
    pub fn open(path: &Path, head: &str, stream: Box<dyn Read>) -> Result<Self> {
        let delimiter = delimiter(head);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 18)
            .from_reader(stream);
        let mut first = ByteRecord::new();
        reader
            .read_byte_record(&mut first)
            .map_err(|e| broken(path, e))?;
        let names: Vec<String> = first
            .iter()
            .map(|cell| {
                String::from_utf8_lossy(cell)
                    .trim()
                    .trim_start_matches('\u{feff}')
                    .to_owned()
            })
            .collect();
        let has_header = is_header(&names);
        if has_header {
            duplicates(path, &names)?;
        }
        let columns = if has_header {
            names
        } else {
            (1..=names.len()).map(|i| i.to_string()).collect()
        };
        let first = (!has_header).then_some(first);
        Ok(Self {
            path: path.to_path_buf(),
            reader,
            record: ByteRecord::new(),
            columns,
            has_header,
            first,
        })
    }
}

impl Rows for Delimited {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_header(&self) -> bool {
        self.has_header
    }

    fn next(&mut self, row: &mut Row) -> Result<bool> {
        if let Some(first) = self.first.take() {
            self.record = first;
        } else if !self
            .reader
            .read_byte_record(&mut self.record)
            .map_err(|e| broken(&self.path, e))?
        {
            return Ok(false);
        }
        row.start(self.record.position().map_or(0, csv::Position::line));
        let bytes = self.record.as_slice();
        if bytes.len() > LONGEST_ROW {
            row.problem = Some("the row is longer than 1 MiB".into());
            return Ok(true);
        }
        let valid = std::str::from_utf8(bytes).is_ok();
        for cell in &self.record {
            row.push(&String::from_utf8_lossy(cell));
        }
        if !valid {
            row.problem = Some("the row is not UTF-8 as the rows before it are".into());
        } else if bytes.contains(&0) {
            row.problem = Some("the row holds a NUL byte".into());
        } else if row.width() != self.columns.len() {
            row.problem = Some(format!(
                "the row has {} columns, the header {}",
                row.width(),
                self.columns.len()
            ));
        }
        Ok(true)
    }
}

fn broken(path: &Path, error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => unreadable(path, &error),
        other => Error::failed(
            name_of(path),
            format!("cannot be read ({other:?})"),
            "check the file",
        ),
    }
}

/// The candidate that parts the first lines most evenly into most columns.
fn delimiter(head: &str) -> u8 {
    let columns = |delimiter: u8| {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(head.as_bytes());
        // The last of the rows looked at may be cut.
        let counts: Vec<usize> = reader
            .byte_records()
            .take(50)
            .filter_map(|r| Some(r.ok()?.len()))
            .collect();
        let first = counts.first().copied().unwrap_or(1);
        let even = counts.iter().filter(|count| **count == first).count();
        if even * 10 >= counts.len() * 8 {
            first
        } else {
            1
        }
    };
    [b',', b'\t', b';', b'|']
        .into_iter()
        .rev()
        .max_by_key(|delimiter| columns(*delimiter))
        .unwrap_or(b',')
}

/// A first row is a header where it names a known column, or where nothing in it is a number or a time.
fn is_header(names: &[String]) -> bool {
    let known = names.iter().any(|name| Field::by_column(name).is_some());
    let data = |cell: &String| {
        cell.parse::<f64>().is_ok()
            || TimeFormat::guess(std::iter::once(cell.as_str())).is_some() && !cell.is_empty()
    };
    known || !names.iter().any(data)
}

fn duplicates(path: &Path, names: &[String]) -> Result<()> {
    for (i, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..i].contains(name) {
            return Err(Error::rejected(
                format!("{}, line 1", name_of(path)),
                format!("two columns are called `{}`", crate::words::clip(name, 40)),
                "rename one of them",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found() {
        assert_eq!(delimiter("a;b;c\n1;2,5;3\n4;5,5;6\n"), b';');
        assert_eq!(delimiter("a\tb\n1\t2\n"), b'\t');
        assert_eq!(delimiter("a,b\n\"x;y;z\",2\n"), b',');
        assert_eq!(delimiter("one"), b',');
    }

    #[test]
    fn a_header_is_told_from_data() {
        let row = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert!(is_header(&row(
            "user_id,item_id,category_id,behavior,timestamp"
        )));
        assert!(is_header(&row("foo,bar")));
        assert!(!is_header(&row("543462,1715,1464116,pv,1511658000")));
    }
}
