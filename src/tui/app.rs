//! The state of the screen: plain data, changed by `update` alone.

use ratatui::layout::Size;

use super::keys::Scope;
use super::layout::{self, Areas};
use super::message::{Cmd, JobId, Request};
use super::overlay::Overlay;
use super::present;
use super::problem::Problem;
use super::theme::Theme;
use super::words::Word;
use crate::records::{Run, Segment};
use crate::words::{Lang, clean};

/// A pane that can have the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// The list of segments.
    List,
    /// The portrait of the selected segment.
    Detail,
}

/// Order of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By number: clusters by falling size, the inactive group last.
    #[default]
    Id,
    /// The most customers first.
    Users,
    /// By name in the language shown.
    Name,
    /// The largest share of revenue first.
    Revenue,
}

impl Sort {
    /// The order that comes after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Id => Self::Users,
            Self::Users => Self::Name,
            Self::Name => Self::Revenue,
            Self::Revenue => Self::Id,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn word(self) -> Word {
        match self {
            Self::Id => Word::SortId,
            Self::Users => Word::SortUsers,
            Self::Name => Word::SortName,
            Self::Revenue => Word::SortRevenue,
        }
    }
}

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

/// What happened last, in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// This run took the place of another.
    Loaded(i64),
    /// A reload brought what was there already.
    NothingNew,
}

/// Why the program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// A key asked for it.
    Asked,
    /// A signal asked for it.
    Signal(i32),
    /// The terminal gives no more input, for this reason.
    InputLost(String),
}

/// Background jobs under way; at most one of each request.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    given: u64,
    active: Vec<(JobId, Request)>,
}

impl Jobs {
    /// Begins a job; an older one for the same thing is told to stop.
    pub(super) fn begin(&mut self, request: Request) -> Vec<Cmd> {
        let mut commands: Vec<_> = self
            .active
            .iter()
            .filter(|job| job.1 == request)
            .map(|job| Cmd::Cancel(job.0))
            .collect();
        self.active.retain(|job| job.1 != request);
        self.given += 1;
        let id = JobId(self.given);
        self.active.push((id, request.clone()));
        commands.push(Cmd::Start(id, request));
        commands
    }

    /// Whether the job is still wanted.
    pub(super) fn wants(&self, id: JobId) -> bool {
        self.active.iter().any(|job| job.0 == id)
    }

    /// Forgets a job that ended.
    pub(super) fn end(&mut self, id: JobId) {
        self.active.retain(|job| job.0 != id);
    }

    /// Whether anything is under way.
    pub(super) fn busy(&self) -> bool {
        !self.active.is_empty()
    }
}

/// Everything that the screen shows.
#[derive(Debug)]
pub struct App {
    pub(super) lang: Lang,
    pub(super) theme: Theme,
    /// The workspace folder, clean.
    pub(super) place: String,
    pub(super) size: Size,
    pub(super) data: Data,
    pub(super) pane: Pane,
    /// The detail fills the screen.
    pub(super) full: bool,
    /// Id of the selected segment, kept through sorting, filtering and reloading.
    pub(super) selected: Option<u32>,
    pub(super) sort: Sort,
    pub(super) list_filter: String,
    pub(super) fact_filter: String,
    /// First line shown of the list and of the detail.
    pub(super) list_top: usize,
    pub(super) detail_top: usize,
    pub(super) overlays: Vec<Overlay>,
    pub(super) status: Option<Status>,
    pub(super) jobs: Jobs,
    pub(super) ticks: usize,
    pub(super) dirty: bool,
    pub(super) end: Option<End>,
}

impl App {
    /// A screen of `size` for the workspace at `place`, which has read nothing yet.
    #[must_use]
    pub fn new(place: &str, lang: Lang, theme: Theme, size: Size) -> Self {
        Self {
            lang,
            theme,
            place: clean(place),
            size,
            data: Data::Waiting,
            pane: Pane::List,
            full: false,
            selected: None,
            sort: Sort::Id,
            list_filter: String::new(),
            fact_filter: String::new(),
            list_top: 0,
            detail_top: 0,
            overlays: Vec::new(),
            status: None,
            jobs: Jobs::default(),
            ticks: 0,
            dirty: true,
            end: None,
        }
    }

    /// Why the program ends; none while it goes on.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Whether the screen differs from what was drawn last; asking takes the mark away.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// Whether something on the screen moves by itself, so that a timer is needed.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.jobs.busy()
    }

    /// The run shown.
    #[must_use]
    pub fn run(&self) -> Option<&Run> {
        match &self.data {
            Data::Ready(run) => Some(run),
            _ => None,
        }
    }

    /// The selected segment, where the filter lets it through.
    #[must_use]
    pub fn segment(&self) -> Option<&Segment> {
        present::visible(self)
            .into_iter()
            .find(|segment| Some(segment.id) == self.selected)
    }

    /// What has the keys.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match (self.overlays.last(), &self.data) {
            (Some(Overlay::Prompt { .. }), _) => Scope::Prompt,
            (Some(_), _) => Scope::Overlay,
            (None, Data::Ready(_)) if self.full => Scope::Full,
            (None, Data::Ready(_)) if self.pane == Pane::Detail => Scope::Detail,
            (None, Data::Ready(_)) => Scope::List,
            (None, _) => Scope::Bare,
        }
    }

    /// Where things stand.
    pub(super) fn areas(&self) -> Areas {
        let rows = self.run().map_or(0, |run| run.segments.len());
        layout::areas(self.size, rows, self.full)
    }

    /// The filter of a pane.
    pub(super) fn filter(&mut self, pane: Pane) -> &mut String {
        match pane {
            Pane::List => &mut self.list_filter,
            Pane::Detail => &mut self.fact_filter,
        }
    }
}
