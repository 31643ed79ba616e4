//! What a view asks of the program.

use super::message::{JobId, Request};
use super::overlay::Overlay;
use super::views::ViewId;

/// A wish of a view.
#[derive(Debug, Clone)]
pub enum Ask {
    /// Begin background work.
    Start(Request),
    /// Stop background work.
    Cancel(JobId),
    /// Show a view.
    Go(ViewId),
    /// Lay something over the view.
    Open(Overlay),
    /// Select a segment.
    Select(u32),
    /// Show a user.
    User(String),
    /// Say something in the line above the keys.
    Say(Said),
    /// End the program.
    Quit,
}

/// Something said in the line above the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// All is well.
    Good(String),
    /// As it is.
    Plain(String),
    /// Worth a second look.
    Warning(String),
}

/// What a typed text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Narrows a list while it is typed.
    Filter,
    /// The shop's own id of a user.
    Id,
    /// A segment's name.
    Name,
    /// A segment's tags.
    Tags,
    /// A segment's note.
    Note,
    /// A segment's text.
    Text,
    /// The path of a file to write.
    Out,
    /// The path of a file to read.
    Path,
}

impl Purpose {
    /// Whether the view hears of every letter.
    #[must_use]
    pub fn is_live(self) -> bool {
        self == Self::Filter
    }

    /// Whether it has a box of its own, for text of several lines.
    #[must_use]
    pub fn is_long(self) -> bool {
        matches!(self, Self::Note | Self::Text)
    }
}

/// How far the typing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// A letter came or went.
    Live,
    /// It is done.
    Done,
    /// It was given up; the text is what it was before.
    GivenUp,
}
