//! What DuckDB says of a person's query, without what the program put around it.

use unicode_width::UnicodeWidthChar;

use crate::error::Error;
use crate::words::{clean, clip};

/// Most cells of what DuckDB says; some of its errors list all that there is.
const LONGEST: usize = 600;

/// The error of a query of so many lines, which begins on the second line of the statement.
pub fn fault(error: duckdb::Error, lines: usize) -> Error {
    let said = match &error {
        duckdb::Error::DuckDBFailure(_, Some(said)) => said.as_str(),
        duckdb::Error::InvalidParameterCount(..) | duckdb::Error::InvalidParameterIndex(_) => {
            "it has a `?`, and parameters are not known here"
        }
        _ => return Error::duck("asking")(error),
    };
    if said.starts_with("Out of Memory") {
        return Error::failed(
            "the query",
            "needs more memory than there is",
            "ask for less, or allow more with --memory",
        );
    }
    if said.contains("by configuration") {
        return Error::usage(
            "the query",
            "reads a file or changes a setting, and nothing but looking at the workspace is done here",
            "`portray ingest` reads files",
        );
    }
    Error::usage(
        "the query",
        words(said, lines),
        "DESCRIBE names a table's columns, SHOW ALL TABLES the tables",
    )
}

/// Its words on one line, with the place as a person counts.
fn words(said: &str, lines: usize) -> String {
    let mut words = Vec::new();
    let mut place = String::new();
    let mut rest = said.lines();
    while let Some(line) = rest.next() {
        match located(line) {
            None => words.push(line.trim()),
            Some((number, head)) => {
                let caret = rest.next().unwrap_or_default();
                let column = caret.find('^').unwrap_or_default();
                if number > lines + 1 {
                    return "it ends before it is complete".to_owned();
                }
                if number > 1 {
                    let near = from_column(line, column.max(head));
                    place = format!("line {}, at `{}`", number - 1, clip(near, 30));
                }
                break;
            }
        }
    }
    let mut text = clean(&words.join(" ")).trim().to_owned();
    text = clip(&text, LONGEST);
    if !place.is_empty() {
        text = format!("{text} ({})", clean(&place));
    }
    text
}

/// The number of `LINE 3: …`, and how many bytes stand before the query's own.
fn located(line: &str) -> Option<(usize, usize)> {
    let (number, _) = line.strip_prefix("LINE ")?.split_once(": ")?;
    Some((number.parse().ok()?, "LINE : ".len() + number.len()))
}

/// What stands from a column on, counted in cells.
fn from_column(line: &str, column: usize) -> &str {
    let mut cells = 0;
    for (at, c) in line.char_indices() {
        if cells >= column {
            return line[at..].trim_end();
        }
        cells += c.width().unwrap_or(0);
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_that_of_the_persons_own_text() {
        let said = "Binder Error: Referenced column \"usr\" not found in FROM clause!\nCandidate bindings: \"user\"\n\nLINE 4: usr FROM events\n        ^";
        assert_eq!(
            words(said, 3),
            "Binder Error: Referenced column \"usr\" not found in FROM clause! Candidate bindings: \"user\" (line 3, at `usr FROM events`)"
        );
        let said = "Parser Error: syntax error at or near \")\"\n\nLINE 3: ) LIMIT 3\n        ^";
        assert_eq!(words(said, 1), "it ends before it is complete");
        let said = "Conversion Error: no\n\nLINE 1: SELECT COLUMNS\n               ^";
        assert_eq!(words(said, 1), "Conversion Error: no");
        assert_eq!(words("LINE 2: é", 1), " (line 1, at `é`)");
    }
}
