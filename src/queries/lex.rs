//! The words, quotes and brackets of a query, as DuckDB's own lexer sees them. Where the two could differ the text is
//! refused rather than guessed at.

/// A part of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// A keyword or a name.
    Word(&'a str),
    /// A name in double quotes, as it stands between them.
    Name(&'a str),
    /// A string, whatever its quotes.
    Text,
    /// An opening round bracket.
    Open,
    /// A closing one.
    Close,
    /// The end of a statement.
    Semicolon,
    /// Part of a number, an operator, a comma…
    Other,
}

/// The tokens of a text with the byte where each begins; blanks and comments are none.
///
/// # Errors
/// What cannot be read, in words.
pub fn lex(sql: &str) -> Result<Vec<(usize, Token<'_>)>, &'static str> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = sql[at..].chars().next() {
        let rest = &sql[at..];
        let after = rest.as_bytes().get(1).copied();
        let (token, length) = match first {
            '\0' => return Err("holds a character that no query may hold"),
            '-' if after == Some(b'-') => (None, rest.find(['\n', '\r']).unwrap_or(rest.len())),
            '/' if after == Some(b'*') => (None, comment(rest)?),
            '\'' => (Some(Token::Text), quoted(rest, '\'')?),
            '"' => {
                let length = quoted(rest, '"')?;
                (Some(Token::Name(&rest[1..length - 1])), length)
            }
            '$' => (Some(Token::Text), dollars(rest)?),
            '(' => (Some(Token::Open), 1),
            ')' => (Some(Token::Close), 1),
            ';' => (Some(Token::Semicolon), 1),
            _ if is_blank(first) => (None, first.len_utf8()),
            _ if first.is_ascii_digit() && after == Some(b'$') => return Err(DOLLAR),
            _ if begins_word(first) => {
                let length = word(rest)?;
                (Some(Token::Word(&rest[..length])), length)
            }
            _ => (Some(Token::Other), first.len_utf8()),
        };
        tokens.extend(token.map(|token| (at, token)));
        at += length;
    }
    Ok(tokens)
}

const DOLLAR: &str = "has a `$` outside quotes, and parameters are not known here";

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn begins_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii() && !is_blank(c)
}

/// The length of a keyword or a name.
fn word(text: &str) -> Result<usize, &'static str> {
    let length = text
        .find(|c: char| !begins_word(c) && !c.is_ascii_digit())
        .unwrap_or(text.len());
    match text.as_bytes().get(length) {
        // Part of the name for DuckDB, unless the name is the end of a number.
        Some(b'$') => Err(DOLLAR),
        // Where a backslash escapes, so that quotes end elsewhere.
        Some(b'\'') if text[..length].eq_ignore_ascii_case("e") => {
            Err("has a string of the kind E'…', which is not taken; chr(10) makes a line's end")
        }
        _ => Ok(length),
    }
}

/// The length of a string or a name with its quotes; a doubled quote is one of its own characters.
fn quoted(text: &str, quote: char) -> Result<usize, &'static str> {
    let mut at = 1;
    loop {
        at += text[at..]
            .find(quote)
            .ok_or("has a quote that is not closed")?
            + 1;
        if !text[at..].starts_with(quote) {
            return Ok(at);
        }
        at += 1;
    }
}

/// The length of a string between `$tag$`s.
fn dollars(text: &str) -> Result<usize, &'static str> {
    let tag = text[1..].find('$').ok_or(DOLLAR)? + 2;
    let name = &text[1..tag - 1];
    let is_tag = !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| begins_word(c) || c.is_ascii_digit());
    if !is_tag {
        return Err(DOLLAR);
    }
    let end = text[tag..].find(&text[..tag]);
    Ok(end.ok_or("has a `$` quote that is not closed")? + 2 * tag)
}

/// The length of a comment; such comments nest.
fn comment(text: &str) -> Result<usize, &'static str> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let (Some(one), next) = (bytes.get(at), bytes.get(at + 1)) {
        match (one, next) {
            (b'/', Some(b'*')) => {
                depth += 1;
                at += 2;
            }
            (b'*', Some(b'/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return Ok(at);
                }
            }
            _ => at += 1,
        }
    }
    Err("has a comment that is not closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_quotes_and_comments_is_no_sign() {
        for sql in [
            "SELECT ';(' , \";)\" , $$;($$, $a$;$$($a$ -- ;(\n, 1 /* ; /* ( */ ) */",
            "SELECT 'it''s;' -- (",
        ] {
            let tokens = lex(sql).unwrap();
            let signs = [Token::Semicolon, Token::Open, Token::Close];
            assert!(!tokens.iter().any(|(_, token)| signs.contains(token)));
        }
        let tokens = lex("a\u{a0}(\"b\"\"c\");").unwrap();
        let kinds: Vec<_> = tokens.into_iter().map(|(_, token)| token).collect();
        assert_eq!(
            kinds,
            [
                Token::Word("a"),
                Token::Open,
                Token::Name("b\"\"c"),
                Token::Close,
                Token::Semicolon
            ]
        );
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for sql in [
            "'a", "\"a", "/* a", "/* /* */", "$$a", "$a$ $$", "$1", "a$$", "1$$;$$", "1e5$$",
            "E'\\'", "a\0",
        ] {
            assert!(lex(sql).is_err(), "{sql}");
        }
    }
}
