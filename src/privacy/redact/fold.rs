//! A text with its fullwidth letters, odd blanks and odd dashes made plain, and the way back.

use std::borrow::Cow;
use std::ops::Range;

use super::kind::Span;

/// A plain form of a text, in which the patterns look.
pub struct Folded<'a> {
    /// The plain form.
    pub text: Cow<'a, str>,
    /// For each byte of the plain form, the byte of the original; empty where both are the same.
    back: Vec<usize>,
}

impl<'a> Folded<'a> {
    /// The plain form of `text`.
    pub fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self {
                text: Cow::Borrowed(text),
                back: Vec::new(),
            };
        }
        let mut plain = String::with_capacity(text.len());
        let mut back = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            if let Some(c) = plain_char(c) {
                plain.push(c);
                back.resize(plain.len(), at);
            }
        }
        back.push(text.len());
        Self {
            text: Cow::Owned(plain),
            back,
        }
    }

    /// The place in the original.
    pub fn original(&self, at: &Range<usize>) -> Range<usize> {
        if self.back.is_empty() {
            return at.clone();
        }
        let of = |i: usize| self.back.get(i).or(self.back.last()).copied().unwrap_or(0);
        of(at.start)..of(at.end)
    }

    /// Takes what was found out of sight of the patterns that come after, and moves nothing.
    pub fn hide(&mut self, found: &[Span]) {
        if found.is_empty() {
            return;
        }
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for span in found {
            out.push_str(&self.text[at..span.at.start]);
            // A control character is neither a letter nor a digit nor a blank: nothing reads across it.
            out.extend(std::iter::repeat_n('\u{1}', span.at.len()));
            at = span.at.end;
        }
        out.push_str(&self.text[at..]);
        self.text = Cow::Owned(out);
    }
}

/// The plain form of a character; nothing for one that is not seen.
fn plain_char(c: char) -> Option<char> {
    Some(match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => return None,
        _ => c,
    })
}

/// Whether a character belongs to the same word as a letter or digit beside it.
///
/// Chinese, Japanese, Korean and Thai are written without blanks: their letters end a number.
pub fn glues(c: char) -> bool {
    c == '_' || (c < '\u{e00}' && c.is_alphanumeric())
}

/// Whether nothing is glued to the start of a place.
pub fn free_before(text: &str, at: usize) -> bool {
    !text[..at].chars().next_back().is_some_and(glues)
}

/// Whether nothing is glued to the end of a place.
pub fn free_after(text: &str, at: usize) -> bool {
    !text[at..].chars().next().is_some_and(glues)
}

/// The last characters of a text: as far as a word may stand from what it speaks of.
pub fn window(text: &str) -> &str {
    let from = text.char_indices().rev().nth(31).map_or(0, |(at, _)| at);
    &text[from..]
}
