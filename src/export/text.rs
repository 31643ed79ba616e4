//! Untrusted text made safe for the file that it goes into.

use std::fmt::Write;

/// Text on one line without what could act on a terminal or deceive a reader.
pub fn clean(text: &str) -> String {
    crate::words::clean(text).trim().to_owned()
}

/// Whether a character acts on what is around it instead of being seen.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Cleaned text that Markdown shows as it is: no markup, HTML, link or formula comes of it.
///
/// Fit for a table's cell, and for a line of its own.
pub fn markdown(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            ':' if text[at..].starts_with("://") => out.push_str("&#58;"),
            '.' if text[..at].to_ascii_lowercase().ends_with("www") => out.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' => {
                out.push('\\');
                out.push(c);
            }
            // At the start of a line these make lists, headings and rules.
            '-' | '+' | '=' if at == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')'
                if before.is_ascii_digit() && text[..at].bytes().all(|b| b.is_ascii_digit()) =>
            {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// Cleaned text for a CSV cell that no spreadsheet takes for a formula: an apostrophe goes before what
/// would begin one (OWASP, "CSV injection").
#[must_use]
pub fn cell(text: &str) -> String {
    let text = clean(text);
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

/// JSON in which no character acts on the terminal that shows it: such ones are escaped, which loses nothing.
pub fn visible_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && acts(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string can't fail.
                _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_acts_is_gone_and_breaks_become_blanks() {
        assert_eq!(
            clean("a\u{1b}[31mb\tc\nd\u{202e}e\u{200b}f\u{9b}"),
            "a[31mb c def"
        );
        assert_eq!(clean("مرحبا 猫 é"), "مرحبا 猫 é");
    }

    #[test]
    fn markup_becomes_plain_text() {
        assert_eq!(
            markdown("<b>x</b> | *y* & [z](u)"),
            r"&lt;b&gt;x&lt;/b&gt; \| \*y\* &amp; \[z\](u)"
        );
        assert_eq!(
            markdown("http://a.b WWW.c.d e@f $1$"),
            r"http&#58;//a.b WWW&#46;c.d e&#64;f \$1\$"
        );
        assert_eq!(markdown("12. a 3.5"), r"12\. a 3.5");
        assert_eq!(markdown("- a - b"), r"\- a - b");
    }

    #[test]
    fn formulas_become_text() {
        assert_eq!(cell("=cmd()"), "'=cmd()");
        assert_eq!(cell("\t@x"), "'@x");
        assert_eq!(cell("plain = x"), "plain = x");
    }

    proptest! {
        #[test]
        fn escaped_json_reads_back_as_the_same(text in any::<String>()) {
            let json = visible_json(&serde_json::to_string(&text).unwrap());
            prop_assert!(!json.chars().any(acts));
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        #[test]
        fn markdown_never_leaves_a_cell(text in any::<String>()) {
            let escaped = markdown(&text);
            prop_assert!(!escaped.contains(['\n', '<', '>']));
            prop_assert!(escaped.match_indices('|').all(|(at, _)| escaped[..at].ends_with('\\')));
        }
    }
}
