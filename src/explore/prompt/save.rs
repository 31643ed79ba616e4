//! The whole answer to a query as a file.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};

use super::super::watched::{watched, with_room};
use super::answer::{Answer, Row};
use super::open;
use crate::error::{Error, Result};
use crate::export::{cell, visible_json};
use crate::progress::Progress;
use crate::queries::read;
use crate::settings::Settings;

/// Longest time that a whole answer may take.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// How a file holds rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Json,
    JsonLines,
}

/// Writes all that a query gives into `out`, as CSV, JSON or JSON Lines by its ending, and returns how many rows that are.
/// The file is there when it is whole; nothing is overwritten. It takes an hour at most.
///
/// # Errors
/// [`Error::Usage`] for another ending or a file that is there, and as [`query`](super::query()).
pub fn save(
    workspace: &Path,
    run: Option<i64>,
    sql: &str,
    out: &Path,
    settings: &Settings,
    progress: &Progress,
) -> Result<u64> {
    let form = form(out)?;
    let taken = || {
        Error::usage(
            out.display(),
            "is there already, and nothing is overwritten",
            "name another file, or remove this one first",
        )
    };
    if out.symlink_metadata().is_ok() {
        return Err(taken());
    }
    let reading = read(sql)?;
    let folder = match out.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".portray-")
        .tempfile_in(folder)
        .map_err(Error::io(folder))?;
    let to = file.as_file_mut();
    let rows = with_room(|| {
        let connection = open::open(workspace, run, settings)?;
        watched(&connection, "the query", LIMIT, progress, || {
            let answer = Answer::ask(&connection, &reading, None)?;
            write(answer, form, to, out, progress)
        })
    })?;
    file.as_file().sync_all().map_err(Error::io(out))?;
    match file.persist_noclobber(out) {
        Ok(_) => Ok(rows),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Err(taken()),
        Err(error) => Err(Error::io(out)(error.error)),
    }
}

fn form(out: &Path) -> Result<Form> {
    let ending = out.extension().unwrap_or_default().to_string_lossy();
    match ending.to_lowercase().as_str() {
        "csv" => Ok(Form::Csv),
        "json" => Ok(Form::Json),
        "jsonl" | "ndjson" => Ok(Form::JsonLines),
        _ => Err(Error::usage(
            out.display(),
            "has no ending that says how to write it",
            "end it with .csv, .json or .jsonl",
        )),
    }
}

fn write(
    mut answer: Answer<'_>,
    form: Form,
    file: &mut std::fs::File,
    out: &Path,
    progress: &Progress,
) -> Result<u64> {
    let mut file = BufWriter::new(file);
    let mut written = 0;
    let mut heads = Some(answer.columns.iter().map(|name| cell(name)).collect());
    loop {
        progress.check()?;
        let batch = answer.next()?;
        let is_end = batch.is_none();
        let rows = batch.unwrap_or_default();
        let text = match form {
            Form::Csv => {
                let rows = rows.iter().map(|row| cells(&answer.numeric, row));
                lines(heads.take().into_iter().chain(rows))?
            }
            Form::Json | Form::JsonLines => {
                let mut text = String::new();
                for (position, row) in (written..).zip(&rows) {
                    let object = object(&answer.columns, &answer.numeric, row);
                    let before = match (form, position) {
                        (Form::JsonLines, _) => "",
                        (_, 0) => "[\n",
                        _ => ",\n",
                    };
                    let after = if form == Form::JsonLines { "\n" } else { "" };
                    let object = visible_json(&Value::Object(object).to_string());
                    text.push_str(&format!("{before}{object}{after}"));
                }
                text.into_bytes()
            }
        };
        file.write_all(&text).map_err(Error::io(out))?;
        written += rows.len() as u64;
        if is_end {
            break;
        }
    }
    let end = match (form, written) {
        (Form::Json, 0) => "[]\n",
        (Form::Json, _) => "\n]\n",
        _ => "",
    };
    file.write_all(end.as_bytes())
        .and_then(|()| file.flush())
        .map_err(Error::io(out))?;
    Ok(written)
}

/// Lines of CSV.
fn lines(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    let failed = |why: String| Error::failed("a table", why, "report this");
    for row in rows {
        writer
            .write_record(row)
            .map_err(|error| failed(error.to_string()))?;
    }
    writer
        .into_inner()
        .map_err(|error| failed(error.to_string()))
}

/// A row for CSV: a text cannot begin a formula, a number is one.
fn cells(numeric: &[bool], row: &Row) -> Vec<String> {
    let texts = row.iter().map(|text| text.as_deref().unwrap_or_default());
    let one = |(is_number, text): (&bool, &str)| {
        if *is_number {
            text.to_owned()
        } else {
            cell(text)
        }
    };
    numeric.iter().zip(texts).map(one).collect()
}

/// A row as a JSON object.
pub fn object(columns: &[String], numeric: &[bool], row: &Row) -> Map<String, Value> {
    let value = |is_number: bool, text: &Option<String>| match text {
        None => Value::Null,
        Some(text) if is_number => number(text).unwrap_or_else(|| Value::String(text.clone())),
        Some(text) => Value::String(text.clone()),
    };
    columns
        .iter()
        .zip(numeric)
        .zip(row)
        .map(|((name, is_number), text)| (name.clone(), value(*is_number, text)))
        .collect()
}

/// A number of JSON; none where it would lose digits.
fn number(text: &str) -> Option<Value> {
    /// Of a double; its text never has more.
    const DIGITS: usize = 17;
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let value: f64 = text.parse().ok().filter(|_| digits <= DIGITS)?;
    serde_json::Number::from_f64(value).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(number("-5"), Some(Value::from(-5)));
        assert_eq!(number("99.5000"), Some(Value::from(99.5)));
        assert_eq!(number("inf"), None);
        assert_eq!(number("170141183460469231731687303715884105727"), None);
    }

    #[test]
    fn a_negative_number_is_no_formula_and_a_text_is_none_either() {
        let row = [Some("-5".to_owned()), Some("=1+1".to_owned()), None];
        assert_eq!(
            cells(&[true, false, false], &row.to_vec()),
            ["-5", "'=1+1", ""]
        );
    }
}
