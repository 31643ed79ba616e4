//! Lines of text in pieces, each with its looks: what panes are made of. Untrusted text is cleaned by whoever puts it
//! into a line.

use super::theme::Tone;
use super::wrap::{pad, pad_left, wrap};
use crate::words::clip;

/// A line: pieces, one after the other.
pub type Line = Vec<(Tone, String)>;

/// A line of one tone.
pub fn line(tone: Tone, text: impl Into<String>) -> Line {
    vec![(tone, text.into())]
}

/// An empty line.
#[must_use]
pub fn blank() -> Line {
    Vec::new()
}

/// Clean text in as many lines as it needs.
pub fn paragraph(tone: Tone, text: &str, width: usize) -> impl Iterator<Item = Line> {
    wrap(text, width)
        .into_iter()
        .map(move |text| line(tone, text))
}

/// A name and a text beside it, which may need several lines.
#[must_use]
pub fn pair(name: &str, text: &str, at: usize, width: usize) -> Vec<Line> {
    let mut name = pad(&clip(name, at.saturating_sub(1)), at);
    wrap(text, width.saturating_sub(at))
        .into_iter()
        .map(|text| {
            let name = std::mem::replace(&mut name, " ".repeat(at));
            vec![(Tone::Quiet, name), (Tone::Plain, text)]
        })
        .collect()
}

/// A column of a table: its width in cells, and whether it holds numbers.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Cells.
    pub width: usize,
    /// To the right.
    pub right: bool,
}

impl Column {
    /// For text.
    #[must_use]
    pub fn text(width: usize) -> Self {
        Self {
            width,
            right: false,
        }
    }

    /// For numbers.
    #[must_use]
    pub fn number(width: usize) -> Self {
        Self { width, right: true }
    }

    /// Text cut and padded to the column.
    #[must_use]
    pub fn cell(self, text: &str) -> String {
        let text = clip(text, self.width);
        if self.right {
            pad_left(&text, self.width)
        } else {
            pad(&text, self.width)
        }
    }
}

/// A row of cells, each in its tone, with two blanks between columns.
#[must_use]
pub fn row<'a>(columns: &[Column], cells: impl IntoIterator<Item = (Tone, &'a str)>) -> Line {
    let mut pieces = Line::new();
    for (column, (tone, text)) in columns.iter().zip(cells) {
        if column.width == 0 {
            continue;
        }
        if !pieces.is_empty() {
            pieces.push((Tone::Plain, "  ".into()));
        }
        pieces.push((tone, column.cell(text)));
    }
    pieces
}

/// Whether a text holds all the words of a filter, whatever their case.
#[must_use]
pub fn holds(text: &str, filter: &str) -> bool {
    let text = text.to_lowercase();
    filter
        .to_lowercase()
        .split_whitespace()
        .all(|word| text.contains(word))
}
