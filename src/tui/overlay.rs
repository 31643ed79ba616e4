//! Boxes over the panes: a stack, of which the last has the keys.

use super::app::Pane;
use super::problem::Problem;

/// Something laid over the panes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    /// Keys and terms, from this line on.
    Help(usize),
    /// How the run was made, from this line on.
    Notes(usize),
    /// Cohort retention, from this line on.
    Cohorts(usize),
    /// A failure while something else stays on the screen.
    Trouble(Problem, usize),
    /// The line in which a filter is typed.
    Prompt {
        /// What is filtered.
        pane: Pane,
        /// The filter to return to when the typing is cancelled.
        before: String,
    },
}

impl Overlay {
    /// The first line shown, where the overlay is a box that scrolls.
    pub fn scroll(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help(top) | Self::Notes(top) | Self::Cohorts(top) | Self::Trouble(_, top) => {
                Some(top)
            }
            Self::Prompt { .. } => None,
        }
    }

    /// As [`Overlay::scroll`], to read.
    #[must_use]
    pub fn top(&self) -> usize {
        match self {
            Self::Help(top) | Self::Notes(top) | Self::Cohorts(top) | Self::Trouble(_, top) => *top,
            Self::Prompt { .. } => 0,
        }
    }
}
