//! What a screen shows where the locale is not UTF-8: every sign becomes an ASCII one, cell by cell.

use ratatui::buffer::Buffer;

/// Whether the locale's character set is UTF-8, given the values of `LC_ALL`, `LC_CTYPE` and `LANG`.
#[must_use]
pub fn is_utf8(all: Option<&str>, ctype: Option<&str>, lang: Option<&str>) -> bool {
    let set = |value: Option<&str>| {
        value
            .filter(|value| !value.is_empty())
            .map(str::to_lowercase)
    };
    let locale = set(all).or_else(|| set(ctype)).or_else(|| set(lang));
    // Nothing said: most such shells are containers whose terminal is on a desk, in UTF-8.
    locale.is_none_or(|locale| locale.contains("utf-8") || locale.contains("utf8"))
}

/// Replaces every sign of a buffer that is not ASCII.
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        if let Some(c) = symbol.chars().next()
            && !symbol.is_ascii()
        {
            cell.set_char(ascii(c));
        }
    }
}

fn ascii(c: char) -> char {
    match c {
        '─' | '–' | '—' | '╌' => '-',
        '│' | '┆' => '|',
        '✚' | '✓' | '╭' | '╮' | '╰' | '╯' | '┼' | '├' | '┤' | '┬' | '┴' | '└' | '┌' | '┐' | '┘' => {
            '+'
        }
        '█' | '▉' | '▊' | '▓' | '▇' | '▆' | '■' => '#',
        '▋' | '▌' | '▐' | '▒' | '▅' | '▄' => '=',
        '▍' | '▎' | '▏' | '░' | '▃' | '▂' | '▁' => ':',
        '●' => 'o',
        '▲' | '↑' => '^',
        '↓' => 'v',
        '◆' => '%',
        '○' => '0',
        '△' => 'A',
        '□' => 'n',
        '◇' => 'x',
        '★' | '☆' | '•' => '*',
        '✖' | '×' => 'X',
        '›' | '▶' | '→' => '>',
        '←' => '<',
        '…' => '~',
        '·' => '.',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '£' => 'L',
        '€' => 'E',
        '¥' => 'Y',
        // Braille: how many dots it has.
        '\u{2800}'..='\u{28ff}' => match (c as u32 & 255).count_ones() {
            0 => ' ',
            1 | 2 => '.',
            3 | 4 => ':',
            _ => '#',
        },
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn the_first_locale_that_is_set_decides() {
        assert!(is_utf8(None, None, Some("en_GB.UTF-8")));
        assert!(!is_utf8(Some("C"), None, Some("en_GB.UTF-8")));
        assert!(is_utf8(Some(""), Some("zh_CN.utf8"), Some("C")));
        assert!(is_utf8(None, None, None));
        assert!(!is_utf8(None, None, Some("zh_CN.GB18030")));
    }

    #[test]
    fn nothing_but_ascii_is_left() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        buffer.set_string(0, 0, "─ ▶ 厨房 ⣿ ●ab…", ratatui::style::Style::new());
        to_ascii(&mut buffer);
        let text: String = buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert!(text.is_ascii() && text.starts_with("- > ?"), "{text}");
    }
}
