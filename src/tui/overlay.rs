//! Boxes over the view: a stack, of which the last has the keys.

use super::ask::{Ask, Purpose};
use super::field::Field;
use super::problem::Problem;
use super::scroll::Scroll;
use super::theme::Tone;

/// Something laid over the view.
#[derive(Debug, Clone)]
pub enum Overlay {
    /// Text that scrolls.
    Page(Page, Scroll),
    /// Something being typed: in the line above the keys, or in a box.
    Prompt(Prompt),
    /// A question that is answered with yes or no.
    Confirm {
        /// What would happen, in the language shown.
        question: String,
        /// What is done on yes.
        yes: Box<Ask>,
    },
    /// Every action, found by its words.
    Palette(Field, Scroll),
}

/// A text that scrolls in a box.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// Keys and terms.
    Help,
    /// How the run was made.
    Notes,
    /// Cohort retention.
    Cohorts,
    /// A failure while something else stays on the screen.
    Trouble(Problem),
    /// Any other text: title, and lines as they are (cut at the edge, not wrapped).
    Text(String, Vec<(Tone, String)>),
}

/// A text that a person types for a view.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What it is for.
    pub purpose: Purpose,
    /// What it is called, in the language shown.
    pub title: String,
    /// The text.
    pub field: Field,
    /// The text to return to when the typing is cancelled.
    pub before: String,
}
