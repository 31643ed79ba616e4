//! Whether a text is a query and nothing but one. DuckDB reads it as part of a statement of the program's own, on files
//! that are open for reading alone; this comes first, so that a person is told clearly what is not done here.

use super::lex::{Token, lex};
use crate::error::{Error, Result};

/// A query that may be asked.
#[derive(Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its text without the semicolon, lines and columns as they were typed.
    pub text: String,
    /// Whether the way to the answer is asked for, not the answer.
    pub explains: bool,
}

/// What a query may begin with.
const BEGINNINGS: [&str; 10] = [
    "select",
    "from",
    "with",
    "values",
    "table",
    "describe",
    "show",
    "summarize",
    "pivot",
    "unpivot",
];

/// Functions that do something, or run a text that nobody looked at.
const DOING: [&str; 20] = [
    "checkpoint",
    "force_checkpoint",
    "enable_logging",
    "disable_logging",
    "truncate_duckdb_logs",
    "write_log",
    "enable_profile",
    "enable_profiling",
    "disable_profile",
    "disable_profiling",
    "query",
    "query_table",
    "json_execute_serialized_sql",
    "import_database",
    "copy_database",
    "add_parquet_key",
    "nextval",
    "setseed",
    "enable_peg_parser",
    "arrow_scan",
];

/// Most characters of a query.
const LONGEST: usize = 20_000;

/// Deepest nesting of brackets.
const DEEPEST: usize = 100;

/// Most arrows and words that begin a lambda: DuckDB looks at nested ones over and over, and cannot be stopped there.
const LAMBDAS: usize = 16;

const MEND: &str = "write one query: SELECT, FROM, WITH, VALUES, TABLE, DESCRIBE, SHOW, SUMMARIZE, PIVOT, UNPIVOT or EXPLAIN";

/// Reads a text.
///
/// # Errors
/// [`Error::Usage`] for anything but one query.
pub fn read(sql: &str) -> Result<Reading> {
    judge(sql).map_err(|why| Error::usage("the query", why, MEND))
}

/// Reads a SQL file that an analyst added: it is asked as a part of a query of the program's own, like one at the prompt.
///
/// # Errors
/// [`Error::Failed`] naming the file, for anything but one query.
pub fn read_own(source: &str, sql: &str) -> Result<()> {
    let reading = judge(sql).and_then(|reading| {
        if reading.explains {
            Err("explains and does not answer".into())
        } else {
            Ok(())
        }
    });
    reading.map_err(|why| {
        Error::failed(
            source,
            why,
            "let the file be one SELECT, which may begin with WITH",
        )
    })
}

fn judge(sql: &str) -> Result<Reading, String> {
    if sql.len() > LONGEST {
        return Err(format!("is longer than {LONGEST} characters"));
    }
    let mut tokens = lex(sql)?;
    let mut end = sql.len();
    if let Some(place) = tokens
        .iter()
        .position(|(_, token)| *token == Token::Semicolon)
    {
        if place + 1 < tokens.len() {
            return Err("holds more than one statement".into());
        }
        end = tokens[place].0;
        tokens.truncate(place);
    }
    balanced(&tokens)?;
    let mut words = tokens
        .iter()
        .filter(|(_, token)| *token != Token::Open)
        .map(|(at, token)| match token {
            Token::Word(word) => (*at, word.to_lowercase()),
            _ => (*at, String::new()),
        });
    let (at, mut first) = words.next().ok_or("is empty")?;
    let mut text = sql[..end].to_owned();
    let explains = first == "explain";
    if explains {
        // Blanks in its place, so that lines and columns stay.
        text.replace_range(at..at + first.len(), &" ".repeat(first.len()));
        first = words.next().map_or(String::new(), |(_, word)| word);
    }
    if !BEGINNINGS.contains(&first.as_str()) {
        let begins = match (first.as_str(), explains) {
            ("", _) => "begins with no word that asks".to_owned(),
            (word, true) => format!("explains `{word}`"),
            (word, false) => format!("begins with `{word}`"),
        };
        return Err(format!("{begins}, and nothing but looking is done here"));
    }
    let arrows = sql.matches("->").count();
    let lambda = |token: &Token<'_>| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case("lambda"));
    if arrows + tokens.iter().filter(|(_, token)| lambda(token)).count() > LAMBDAS {
        return Err(format!("has more than {LAMBDAS} arrows or lambdas"));
    }
    for pair in tokens.windows(2) {
        if let [(_, Token::Word(name) | Token::Name(name)), (_, Token::Open)] = pair
            && DOING.contains(&name.to_lowercase().as_str())
        {
            return Err(format!("calls `{name}`, which does more than look"));
        }
    }
    Ok(Reading { text, explains })
}

/// A bracket that closes what was not opened could end the statement that the query stands in.
fn balanced(tokens: &[(usize, Token<'_>)]) -> Result<(), String> {
    let mut depth = 0_usize;
    for (_, token) in tokens {
        match token {
            Token::Open if depth == DEEPEST => {
                return Err(format!("nests brackets more than {DEEPEST} deep"));
            }
            Token::Open => depth += 1,
            Token::Close => {
                depth = depth
                    .checked_sub(1)
                    .ok_or("closes a bracket that it did not open")?;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err("opens a bracket that it does not close".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn queries_are_taken_with_or_without_a_semicolon() {
        for sql in [
            "SELECT 1",
            " select ';' ; -- done",
            "(SELECT 1) UNION (SELECT 2)",
            "/* x */ FROM events",
            "WITH a AS (SELECT 1) SELECT * FROM a;",
            "SELECT query FROM events",
        ] {
            assert!(!read(sql).unwrap().explains, "{sql}");
        }
        let explained = read("EXPLAIN\nSELECT 1;").unwrap();
        assert_eq!(explained.text, "       \nSELECT 1");
        assert!(explained.explains);
    }

    #[test]
    fn all_else_is_refused_with_its_reason() {
        for (sql, why) in [
            ("", "is empty"),
            (" -- nothing\n;", "is empty"),
            ("DROP TABLE x", "begins with `drop`"),
            ("EXPLAIN ANALYZE SELECT 1", "explains `analyze`"),
            ("EXPLAIN EXPLAIN SELECT 1", "explains `explain`"),
            ("SELECT 1; DROP TABLE x", "more than one"),
            ("SELECT 1) ; DELETE FROM t; SELECT (1", "more than one"),
            ("SELECT 1) FROM (SELECT 2", "did not open"),
            ("SELECT (1", "does not close"),
            ("1", "no word that asks"),
            ("FROM \"Enable_Logging\"('x')", "does more than look"),
            (&format!("SELECT {}", "a -> ".repeat(17)), "more than 16"),
            (&format!("SELECT '{}'", "a".repeat(20_000)), "is longer"),
            ("FROM query ('DROP VIEW x')", "does more than look"),
        ] {
            let error = read(sql).unwrap_err().to_string();
            assert!(error.contains(why), "{sql}: {error}");
        }
        assert!(read(&"(".repeat(1000)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_brings_it_down(text in any::<String>()) {
            let _ = read(&text);
        }

        #[test]
        fn nor_does_one_of_signs(text in "[ a1eE$'\";()\\-/*\n\u{a0}]{0,40}") {
            if let Ok(reading) = read(&format!("SELECT {text}")) {
                prop_assert!(lex(&reading.text).unwrap().iter().all(|(_, token)| *token != Token::Semicolon));
            }
        }
    }
}
