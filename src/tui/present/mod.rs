//! What is shown, worked out of the state: rows of text without a place or a colour.
//!
//! Both sides use it: `view` draws the rows, `update` counts them to know how far one can scroll. All
//! untrusted text passes through [`crate::words::clean`] here.

mod bars;
mod cohorts;
mod detail;
mod list;
mod overlays;
mod reconciliation;
mod states;

pub use bars::{bar, signed_bar};
pub use detail::{FactRow, detail, detail_title};
pub use list::{ListRow, list, list_title, visible};
pub use overlays::{overlay, overlay_title};
pub use states::{bare, footer, header, status};

use super::theme::Tone;
use super::wrap::wrap;

/// A row of a pane.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// Pieces of text, one after the other.
    Text(Vec<(Tone, String)>),
    /// The heads of the table of facts.
    FactHeads,
    /// A line of the table of facts.
    Fact(FactRow),
}

impl Row {
    /// An empty row.
    #[must_use]
    pub fn blank() -> Self {
        Self::Text(Vec::new())
    }

    /// A row of one tone.
    pub fn text(tone: Tone, text: impl Into<String>) -> Self {
        Self::Text(vec![(tone, text.into())])
    }
}

/// Clean text in as many rows as it needs, each after `indent` blanks.
pub(super) fn paragraph(
    tone: Tone,
    text: &str,
    width: usize,
    indent: usize,
) -> impl Iterator<Item = Row> {
    let blanks = " ".repeat(indent);
    wrap(text, width.saturating_sub(indent))
        .into_iter()
        .map(move |line| Row::text(tone, format!("{blanks}{line}")))
}

/// Whether a text holds all the words of a filter, whatever their case.
pub(super) fn holds(text: &str, filter: &str) -> bool {
    let text = text.to_lowercase();
    filter
        .to_lowercase()
        .split_whitespace()
        .all(|word| text.contains(word))
}
