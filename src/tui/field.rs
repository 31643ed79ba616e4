//! Text that a person types: one line, or several.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::words::clean;

/// What a key did to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The text or the cursor changed.
    Changed,
    /// Enter.
    Done,
    /// Escape.
    Left,
    /// Not a key of a field.
    Other,
}

/// A text with a cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
    /// In bytes, at a boundary of characters.
    cursor: usize,
    /// Most characters.
    most: usize,
    /// Shown as dots.
    is_secret: bool,
}

impl Field {
    /// A field that holds `text` and takes at most `most` characters.
    #[must_use]
    pub fn new(text: &str, most: usize) -> Self {
        Self {
            text: text.to_owned(),
            cursor: text.len(),
            most,
            is_secret: false,
        }
    }

    /// An empty field whose text is not shown.
    #[must_use]
    pub fn secret(most: usize) -> Self {
        Self {
            is_secret: true,
            ..Self::new("", most)
        }
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Replaces the text.
    pub fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.cursor = self.text.len();
    }

    /// The text before the cursor.
    #[must_use]
    pub fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Replaces the last `bytes` before the cursor.
    pub fn complete(&mut self, bytes: usize, with: &str) {
        let from = self.cursor.saturating_sub(bytes);
        if self.text.is_char_boundary(from) {
            self.text.replace_range(from..self.cursor, with);
            self.cursor = from + with.len();
        }
    }

    /// Puts text in at the cursor, without what acts on a terminal; line breaks stay.
    pub fn insert(&mut self, text: &str) {
        let mut room = self.most.saturating_sub(self.text.chars().count());
        for (index, line) in text.split(['\n', '\r']).enumerate() {
            let line = clean(line);
            let breaks = (index > 0).then_some('\n');
            for c in breaks.into_iter().chain(line.chars()).take(room) {
                self.text.insert(self.cursor, c);
                self.cursor += c.len_utf8();
                room -= 1;
            }
        }
    }

    /// Takes a key in.
    pub fn press(&mut self, key: KeyEvent) -> Typed {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Typed::Done,
            KeyCode::Esc => return Typed::Left,
            KeyCode::Backspace => self.erase(self.back()),
            KeyCode::Delete => {
                let from = self.cursor;
                self.cursor = self.forth();
                self.erase(from);
            }
            KeyCode::Left => self.cursor = self.back(),
            KeyCode::Right => self.cursor = self.forth(),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = self.text.len(),
            KeyCode::Char('u') if control => self.erase(0),
            KeyCode::Char('w') if control => self.erase(self.word()),
            KeyCode::Char('k') if control => self.text.truncate(self.cursor),
            KeyCode::Char('j') if control => self.insert("\n"),
            KeyCode::Char(c) if !control => self.insert(c.encode_utf8(&mut [0; 4])),
            _ => return Typed::Other,
        }
        Typed::Changed
    }

    fn erase(&mut self, from: usize) {
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }

    /// The place a character before the cursor; marks that combine go with their letter.
    fn back(&self) -> usize {
        let mut at = self.cursor;
        for (index, c) in self.before().char_indices().rev() {
            at = index;
            if c.width() != Some(0) {
                break;
            }
        }
        at
    }

    fn forth(&self) -> usize {
        let mut chars = self.text[self.cursor..].char_indices().skip(1);
        chars
            .find(|(_, c)| c.width() != Some(0))
            .map_or(self.text.len(), |(index, _)| self.cursor + index)
    }

    /// Where the word before the cursor begins.
    fn word(&self) -> usize {
        let before = self.before().trim_end();
        before
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(index, c)| index + c.len_utf8())
    }

    /// As much of one line as fits in so many cells, with the cursor in it, and the cursor's column.
    #[must_use]
    pub fn line(&self, cells: usize) -> (String, usize) {
        let shown: String = self.text.chars().map(|c| self.seen(c)).collect();
        let before: String = self.before().chars().map(|c| self.seen(c)).collect();
        let room = cells.saturating_sub(1).max(1);
        let mut skipped = 0;
        let mut start = 0;
        for (index, c) in before.char_indices() {
            if before.width() - skipped <= room {
                break;
            }
            skipped += c.width().unwrap_or(0);
            start = index + c.len_utf8();
        }
        (shown[start..].to_owned(), before.width() - skipped)
    }

    fn seen(&self, c: char) -> char {
        match c {
            _ if self.is_secret => '•',
            '\n' => '⏎',
            c => c,
        }
    }

    /// The whole text in lines of at most so many cells, cut anywhere, and the cursor's row and column.
    #[must_use]
    pub fn lines(&self, cells: usize) -> (Vec<String>, (usize, usize)) {
        let cells = cells.max(2);
        let mut lines = vec![String::new()];
        let mut used = 0;
        let mut cursor = (0, 0);
        for (index, c) in self.text.char_indices() {
            if index == self.cursor {
                cursor = (lines.len() - 1, used);
            }
            let width = c.width().unwrap_or(0);
            if c == '\n' || used + width > cells {
                lines.push(String::new());
                used = 0;
            }
            if c != '\n' {
                used += width;
                if let Some(line) = lines.last_mut() {
                    line.push(c);
                }
            }
        }
        if self.cursor == self.text.len() {
            if used >= cells {
                lines.push(String::new());
                used = 0;
            }
            cursor = (lines.len() - 1, used);
        }
        (lines, cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    #[test]
    fn letters_words_and_combining_marks_are_typed_and_erased() {
        let mut field = Field::new("", 20);
        for c in "客单 cafe\u{301}".chars() {
            field.press(key(KeyCode::Char(c)));
        }
        field.press(key(KeyCode::Backspace));
        assert_eq!(field.text(), "客单 caf");
        field.press(key(KeyCode::Home));
        field.press(key(KeyCode::Delete));
        assert_eq!(field.text(), "单 caf");
        field.press(key(KeyCode::End));
        field.press(KeyEvent::new(KeyCode::Char('w'), KeyModifiers::CONTROL));
        assert_eq!(field.text(), "单 ");
        assert_eq!(field.press(key(KeyCode::Enter)), Typed::Done);
    }

    #[test]
    fn what_is_pasted_is_cleaned_and_cut() {
        let mut field = Field::new("", 8);
        field.insert("a\u{1b}[2Jb\nlonger than that");
        assert!(!field.text().contains('\u{1b}') && field.text().chars().count() == 8);
    }

    #[test]
    fn a_long_line_scrolls_with_its_cursor() {
        let field = Field::new("0123456789", 80);
        assert_eq!(field.line(5), ("6789".into(), 4));
        assert_eq!(field.line(50), ("0123456789".into(), 10));
        assert_eq!(field.lines(4).0, ["0123", "4567", "89"]);
        assert_eq!(field.lines(4).1, (2, 2));
        let secret = {
            let mut secret = Field::secret(9);
            secret.insert("17850");
            secret
        };
        assert_eq!(secret.line(20).0, "•••••");
    }
}
