//! Text broken into lines, and padded, by terminal cells.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks clean text into lines of at most `cells` columns: at blanks, and anywhere between wide
/// characters, but not before closing punctuation. Words longer than a line are cut.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(2);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for unit in units(text) {
        let width = unit.text.width();
        let blank = usize::from(unit.blank_before && used > 0);
        if used > 0 && used + blank + width > cells {
            lines.push(String::new());
            used = 0;
        } else if blank == 1 {
            push(&mut lines, ' ');
            used += 1;
        }
        for c in unit.text.chars() {
            let width = c.width().unwrap_or(0);
            if used + width > cells {
                lines.push(String::new());
                used = 0;
            }
            push(&mut lines, c);
            used += width;
        }
    }
    lines
}

fn push(lines: &mut [String], c: char) {
    if let Some(line) = lines.last_mut() {
        line.push(c);
    }
}

/// What stays on one line where it can: a word, or a wide character with the punctuation that closes it.
struct Unit {
    text: String,
    blank_before: bool,
}

fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut blank = false;
    let mut joins = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        let wide = c.width() == Some(2);
        let clings = c.width() == Some(0) || closes(c) || (joins && !wide);
        match units.last_mut() {
            Some(last) if clings && !blank => last.text.push(c),
            _ => units.push(Unit {
                text: c.into(),
                blank_before: blank,
            }),
        }
        joins = !wide && !closes(c);
        blank = false;
    }
    units
}

fn closes(c: char) -> bool {
    "，。、；：！？）」』》】〉〕…”’".contains(c)
}

/// Clean text followed by blanks up to `cells` columns.
#[must_use]
pub fn pad(text: &str, cells: usize) -> String {
    let missing = cells.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

/// Clean text after blanks up to `cells` columns.
#[must_use]
pub fn pad_left(text: &str, cells: usize) -> String {
    let missing = cells.saturating_sub(text.width());
    format!("{}{text}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_breaks_at_blanks_and_long_words_are_cut() {
        assert_eq!(wrap("an order of theirs", 9), ["an order", "of theirs"]);
        assert_eq!(wrap("abcdefgh ij", 5), ["abcde", "fgh", "ij"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_a_full_stop() {
        assert_eq!(
            wrap("他们的订单金额较高。", 8),
            ["他们的订", "单金额较", "高。"]
        );
        assert_eq!(wrap("金额较高。", 8), ["金额较", "高。"]);
        assert_eq!(wrap("占比10.7%的用户", 7), ["占比", "10.7%的", "用户"]);
    }

    #[test]
    fn padding_counts_cells() {
        assert_eq!(pad("厨房", 6), "厨房  ");
        assert_eq!(pad_left("7", 3), "  7");
    }
}
