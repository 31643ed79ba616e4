//! JSON lines: one object a line. The columns are the keys of the first lines, in order of appearance.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::open::unreadable;
use super::row::{Row, Rows};
use crate::error::Result;

/// A line that is longer is no event.
const LONGEST_LINE: u64 = 1 << 20;

/// A reader of JSON lines.
pub struct JsonLines {
    path: PathBuf,
    stream: BufReader<Box<dyn Read>>,
    line: u64,
    buffer: Vec<u8>,
    columns: Vec<String>,
}

impl JsonLines {
    /// A reader of `stream`, whose beginning is `head`.
    pub fn open(path: &Path, head: &str, stream: Box<dyn Read>) -> Self {
        let mut columns: Vec<String> = Vec::new();
        for line in head.lines().take(1000) {
            let Ok(object) = serde_json::from_str::<Map<String, Value>>(line) else {
                continue;
            };
            for key in object.into_iter().map(|(key, _)| key) {
                if !columns.contains(&key) {
                    columns.push(key);
                }
            }
        }
        Self {
            path: path.to_path_buf(),
            stream: BufReader::with_capacity(1 << 18, stream),
            line: 0,
            buffer: Vec::new(),
            columns,
        }
    }

    /// Reads one line, at most a little more than the longest allowed; the rest of a longer one is skipped.
    fn read_line(&mut self) -> std::io::Result<bool> {
        self.buffer.clear();
        let read = (&mut self.stream)
            .take(LONGEST_LINE + 1)
            .read_until(b'\n', &mut self.buffer)?;
        if read as u64 > LONGEST_LINE && self.buffer.last() != Some(&b'\n') {
            self.stream.skip_until(b'\n')?;
        }
        self.line += 1;
        Ok(read > 0)
    }
}

impl Rows for JsonLines {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_header(&self) -> bool {
        true
    }

    fn next(&mut self, row: &mut Row) -> Result<bool> {
        loop {
            if !self.read_line().map_err(|e| unreadable(&self.path, &e))? {
                return Ok(false);
            }
            if !self.buffer.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        row.start(self.line);
        if self.buffer.len() as u64 > LONGEST_LINE {
            row.problem = Some("the line is longer than 1 MiB".into());
            return Ok(true);
        }
        let text = self
            .buffer
            .strip_prefix("\u{feff}".as_bytes())
            .unwrap_or(&self.buffer);
        match serde_json::from_slice::<Map<String, Value>>(text) {
            Ok(mut object) => {
                for column in &self.columns {
                    row.push(&object.remove(column).map_or_else(String::new, plain));
                }
                // Keys that came late tell rows apart all the same.
                for (key, value) in object {
                    row.push(&format!("{key}={value}"));
                }
            }
            Err(error) => {
                row.push(&String::from_utf8_lossy(text));
                row.problem = Some(format!(
                    "the line is not a JSON object (column {})",
                    error.column()
                ));
            }
        }
        Ok(true)
    }
}

fn plain(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}
