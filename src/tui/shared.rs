//! What every view sees: the run, the selection, the work under way, the looks.

use ratatui::layout::Size;

use super::ask::Said;
use super::keys::Keymap;
use super::problem::Problem;
use super::tasks::Tasks;
use super::theme::Theme;
use crate::records::{Run, Segment};
use crate::words::{Lang, clean};

/// What there is to show.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Nothing yet: the first load is under way.
    Waiting,
    /// The workspace holds no run.
    Empty,
    /// The first load failed.
    Failed(Problem),
    /// A run.
    Ready(Box<Run>),
}

/// The state that all views share.
#[derive(Debug)]
pub struct Shared {
    /// Language of the screen.
    pub lang: Lang,
    /// Its looks.
    pub theme: Theme,
    /// Whether every sign must be ASCII.
    pub ascii: bool,
    /// The workspace folder, clean.
    pub place: String,
    /// Columns and rows of the screen.
    pub size: Size,
    /// The run.
    pub data: Data,
    /// Whether the run shown is one that a person opened, not the newest.
    pub is_pinned: bool,
    /// Id of the selected segment.
    pub selected: Option<u32>,
    /// As `selected`, once it has rested: what is costly to draw follows this one.
    pub rested: Option<u32>,
    /// Background work.
    pub tasks: Tasks,
    /// The keys.
    pub keymap: Keymap,
    /// What happened last.
    pub said: Option<Said>,
    /// Whether the mouse is the program's.
    pub mouse: bool,
    /// Steps of what moves.
    pub ticks: usize,
}

impl Shared {
    /// The run shown.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        match &self.data {
            Data::Ready(run) => Some(run),
            _ => None,
        }
    }

    /// Whether the workspace is known to hold no run: while it is read, or cannot be, nothing is made in it.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        matches!(self.data, Data::Empty)
    }

    /// A segment of the run.
    #[must_use]
    pub fn segment_of(&self, id: u32) -> Option<&Segment> {
        self.run()?.segments.iter().find(|segment| segment.id == id)
    }

    /// The selected segment.
    #[must_use]
    pub fn segment(&self) -> Option<&Segment> {
        self.segment_of(self.selected?)
    }

    /// The selected segment, once the selection has rested.
    #[must_use]
    pub fn rested(&self) -> Option<&Segment> {
        self.segment_of(self.rested?)
    }

    /// The title of a segment, clean, with a mark where it is weak; its number where the run has none of it.
    #[must_use]
    pub fn title(&self, id: u32) -> String {
        self.segment_of(id)
            .map_or_else(|| id.to_string(), |segment| marked(segment, self.lang))
    }

    /// The currency of the run.
    #[must_use]
    pub fn currency(&self) -> Option<&str> {
        self.run()?.currency.as_deref()
    }

    /// A command of this program on this workspace, as a shell takes it.
    #[must_use]
    pub fn command(&self, words: &str) -> String {
        format!("portray {words} --workspace {}", quoted(&self.place))
    }

    /// As [`Shared::command`], of the run shown.
    #[must_use]
    pub fn command_of_run(&self, words: &str) -> String {
        match self.run() {
            Some(run) => self.command(&format!("{words} --run {}", run.id)),
            None => self.command(words),
        }
    }
}

/// A text as one word of a POSIX shell.
#[must_use]
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The title of a segment of any run, clean, with a mark where it is weak.
#[must_use]
pub fn marked(segment: &Segment, lang: Lang) -> String {
    let weak = if segment.standing.is_weak() { "? " } else { "" };
    format!("{weak}{}", clean(segment.title(lang)))
}
