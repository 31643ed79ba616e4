//! JSON lines: one object a line. The columns are the keys of the first lines, in order of appearance; objects within
//! objects are parted by a point, and an array of items makes a row of each.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::open::unreadable;
use super::row::{Row, Rows};
use crate::error::Result;

/// A line that is longer is no event.
const LONGEST_LINE: u64 = 1 << 20;

/// Arrays whose objects are rows of their own: the lines of an order, the products of a page.
const ITEMS: [&str; 4] = ["items", "products", "line_items", "lines"];

/// A reader of JSON lines.
pub struct JsonLines {
    path: PathBuf,
    stream: BufReader<Box<dyn Read>>,
    line: u64,
    buffer: Vec<u8>,
    columns: Vec<String>,
    /// Rows of the line read last that are still to be given.
    waiting: VecDeque<Vec<(String, String)>>,
}

impl JsonLines {
    /// A reader of `stream`, whose beginning is `head`.
    pub fn open(path: &Path, head: &str, stream: Box<dyn Read>) -> Self {
        let mut columns: Vec<String> = Vec::new();
        for line in head.lines().take(1000) {
            let Ok(object) = serde_json::from_str::<Map<String, Value>>(line) else {
                continue;
            };
            for key in rows_of(object).into_iter().flatten().map(|(key, _)| key) {
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
            waiting: VecDeque::new(),
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

    fn give(&self, mut cells: Vec<(String, String)>, row: &mut Row) {
        row.start(self.line);
        for column in &self.columns {
            let at = cells.iter().position(|(key, _)| key == column);
            row.push(&at.map_or_else(String::new, |at| cells.swap_remove(at).1));
        }
        // Keys that came late tell rows apart all the same.
        cells.sort();
        for (key, value) in cells {
            row.push(&format!("{key}={value}"));
        }
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
        if let Some(cells) = self.waiting.pop_front() {
            self.give(cells, row);
            return Ok(true);
        }
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
            Ok(object) => {
                let mut rows = rows_of(object).into_iter();
                if let Some(first) = rows.next() {
                    self.give(first, row);
                }
                self.waiting.extend(rows);
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

/// The rows of an object, each a list of column and cell: one for each item, or one.
fn rows_of(mut object: Map<String, Value>) -> Vec<Vec<(String, String)>> {
    let is_items = |value: &Value| {
        let all = |items: &Vec<Value>| !items.is_empty() && items.iter().all(Value::is_object);
        value.as_array().is_some_and(all)
    };
    let name = ITEMS
        .into_iter()
        .find(|name| object.get(*name).is_some_and(is_items));
    let items = name.and_then(|name| object.shift_remove(name));
    let mut shared = Vec::new();
    flatten("", Value::Object(object), &mut shared);
    let (Some(name), Some(Value::Array(items))) = (name, items) else {
        return vec![shared];
    };
    let mut rows = Vec::with_capacity(items.len());
    for (number, item) in items.into_iter().enumerate() {
        let mut row = shared.clone();
        flatten(name, item, &mut row);
        // Two pieces of one thing in one order are two rows, not a row and its duplicate.
        if number > 0 {
            row.push((format!("{name}#"), number.to_string()));
        }
        rows.push(row);
    }
    rows
}

/// Adds the cells of `value` under names that begin with `path`.
fn flatten(path: &str, value: Value, out: &mut Vec<(String, String)>) {
    let under = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                flatten(&under(&key), value, out);
            }
        }
        Value::Array(pairs)
            if !pairs.is_empty() && pairs.iter().all(|pair| key_of(pair).is_some()) =>
        {
            for pair in pairs {
                if let (Some(key), value) = (key_of(&pair), pair["value"].clone()) {
                    out.push((under(key), only(value)));
                }
            }
        }
        other => out.push((path.to_owned(), plain(other))),
    }
}

/// The key of a pair as analytics exports write parameters: `{"key": "…", "value": {"string_value": "…"}}`.
fn key_of(pair: &Value) -> Option<&str> {
    let pair = pair.as_object()?;
    pair.contains_key("value")
        .then(|| pair.get("key")?.as_str())?
}

/// The one member of a value that is not null.
fn only(value: Value) -> String {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(_, value)| value)
            .find(|value| !value.is_null())
            .map_or_else(String::new, plain),
        other => plain(other),
    }
}

fn plain(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_rows_and_parameters_are_columns() {
        let text = r#"{"event_name":"purchase","geo":{"country":"DE"},"event_params":[{"key":"term","value":{"string_value":"lamp","int_value":null}},{"key":"n","value":{"int_value":7}}],"items":[{"item_id":"a","price":2.5},{"item_id":"a","price":2.5}]}
{"event_name":"view","items":[],"late":1}
"#;
        let mut reader = JsonLines::open(
            Path::new("a.jsonl"),
            &text[..text.find('\n').unwrap()],
            Box::new(std::io::Cursor::new(text)),
        );
        assert_eq!(
            reader.columns(),
            [
                "event_name",
                "geo.country",
                "event_params.term",
                "event_params.n",
                "items.item_id",
                "items.price",
                "items#"
            ]
        );
        let mut row = Row::default();
        let mut rows = Vec::new();
        while reader.next(&mut row).unwrap() {
            rows.push((row.line, row.fields().collect::<Vec<_>>().join("|")));
        }
        assert_eq!(
            rows,
            [
                (1, "purchase|DE|lamp|7|a|2.5|".to_owned()),
                (1, "purchase|DE|lamp|7|a|2.5|1".to_owned()),
                (2, "view|||||||items=[]|late=1".to_owned()),
            ]
        );
    }
}
