//! The views: one file or folder each, all alike to the program around them. A new one is a line in each table here.

mod charts;
mod choice;
mod compare;
mod data;
mod facts;
mod figures;
mod import;
mod jobs;
mod map;
mod narrative;
mod offers;
mod plan;
mod revising;
mod runs;
mod segment;
mod segments;
mod sql;
mod users;

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};

use super::ask::{Ask, Purpose, Typing};
use super::canvas::Canvas;
use super::keys::Action;
use super::memory::Memory;
use super::message::{Outcome, Request};
use super::problem::Problem;
use super::shared::Shared;
use super::words::Word;

/// A view.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // their titles say what they are
pub enum ViewId {
    #[default]
    Segments,
    Segment,
    Map,
    Compare,
    Users,
    Offers,
    Plan,
    Choice,
    Data,
    Runs,
    Sql,
    Import,
    Jobs,
}

/// Each view with the action that shows it and its title.
pub const VIEWS: [(ViewId, Action, Word); 13] = [
    (ViewId::Segments, Action::ShowSegments, Word::Segments),
    (ViewId::Segment, Action::ShowSegment, Word::Segment),
    (ViewId::Map, Action::ShowMap, Word::Map),
    (ViewId::Compare, Action::ShowCompare, Word::Compare),
    (ViewId::Users, Action::ShowUsers, Word::Users),
    (ViewId::Offers, Action::ShowOffers, Word::Offers),
    (ViewId::Plan, Action::ShowPlan, Word::Plan),
    (ViewId::Choice, Action::ShowChoice, Word::Choice),
    (ViewId::Data, Action::ShowData, Word::Data),
    (ViewId::Runs, Action::ShowRuns, Word::Runs),
    (ViewId::Sql, Action::ShowSql, Word::Sql),
    (ViewId::Import, Action::ShowImport, Word::Import),
    (ViewId::Jobs, Action::ShowJobs, Word::Jobs),
];

impl ViewId {
    /// The view that an action shows.
    #[must_use]
    pub fn shown_by(action: Action) -> Option<Self> {
        VIEWS.iter().find(|row| row.1 == action).map(|row| row.0)
    }

    /// Its title.
    #[must_use]
    pub fn word(self) -> Word {
        VIEWS[self as usize].2
    }

    /// Whether it has nothing to show before there is a run.
    #[must_use]
    pub fn needs_run(self) -> bool {
        !matches!(self, Self::Data | Self::Sql | Self::Import | Self::Jobs)
    }
}

/// What every view can do. State changes in all but `draw` and `command`; nothing here reads, writes or waits.
pub trait View {
    /// It is shown, or the run changed while it is shown: what does it need?
    fn enter(&mut self, _shared: &Shared) -> Vec<Ask> {
        Vec::new()
    }

    /// A person asks for what is newest.
    fn reload(&mut self, shared: &Shared) -> Vec<Ask> {
        self.enter(shared)
    }

    /// An action that is not the program's own.
    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask>;

    /// One step back inside of the view; gives whether there was one.
    fn back(&mut self, _shared: &Shared) -> bool {
        false
    }

    /// Whether the selection moved and what follows it has not been asked for.
    fn is_restless(&self) -> bool {
        false
    }

    /// The selection has rested.
    fn rested(&mut self, _shared: &Shared) -> Vec<Ask> {
        Vec::new()
    }

    /// Whether letters are text and no actions.
    fn is_typing(&self) -> bool {
        false
    }

    /// A key while it is.
    fn typed(&mut self, _key: KeyEvent, _shared: &Shared) -> Vec<Ask> {
        Vec::new()
    }

    /// Text pasted without a prompt.
    fn pasted(&mut self, _text: &str, _shared: &Shared) -> Vec<Ask> {
        Vec::new()
    }

    /// The text of a prompt that the view opened.
    fn prompted(
        &mut self,
        _purpose: Purpose,
        _text: &str,
        _how: Typing,
        _shared: &Shared,
    ) -> Vec<Ask> {
        Vec::new()
    }

    /// A click on a line of a pane.
    fn click(&mut self, _pane: u8, _line: usize, _shared: &Shared) -> Vec<Ask> {
        Vec::new()
    }

    /// A click on a place of a pane, in columns and rows from its corner.
    fn click_at(&mut self, _pane: u8, _place: (u16, u16), _shared: &Shared) -> Vec<Ask> {
        Vec::new()
    }

    /// The wheel over a pane.
    fn wheel(&mut self, _pane: u8, _lines: isize, _shared: &Shared) -> Vec<Ask> {
        Vec::new()
    }

    /// The command line that does what the view shows.
    fn command(&self, shared: &Shared) -> String;

    /// Draws it.
    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>);
}

/// All views with their state.
#[derive(Debug, Default)]
pub struct Views {
    segments: segments::Segments,
    segment: segment::OneSegment,
    map: map::Plane,
    compare: compare::Compare,
    pub(super) users: users::Users,
    offers: offers::Offers,
    plan: plan::Campaign,
    choice: choice::Choice,
    data: data::DataView,
    runs: runs::Runs,
    sql: sql::Sql,
    import: import::Import,
    jobs: jobs::JobsView,
}

impl Views {
    /// A view, to look at.
    #[must_use]
    pub fn get(&self, id: ViewId) -> &dyn View {
        match id {
            ViewId::Segments => &self.segments,
            ViewId::Segment => &self.segment,
            ViewId::Map => &self.map,
            ViewId::Compare => &self.compare,
            ViewId::Users => &self.users,
            ViewId::Offers => &self.offers,
            ViewId::Plan => &self.plan,
            ViewId::Choice => &self.choice,
            ViewId::Data => &self.data,
            ViewId::Runs => &self.runs,
            ViewId::Sql => &self.sql,
            ViewId::Import => &self.import,
            ViewId::Jobs => &self.jobs,
        }
    }

    /// A view, to change.
    pub fn get_mut(&mut self, id: ViewId) -> &mut dyn View {
        match id {
            ViewId::Segments => &mut self.segments,
            ViewId::Segment => &mut self.segment,
            ViewId::Map => &mut self.map,
            ViewId::Compare => &mut self.compare,
            ViewId::Users => &mut self.users,
            ViewId::Offers => &mut self.offers,
            ViewId::Plan => &mut self.plan,
            ViewId::Choice => &mut self.choice,
            ViewId::Data => &mut self.data,
            ViewId::Runs => &mut self.runs,
            ViewId::Sql => &mut self.sql,
            ViewId::Import => &mut self.import,
            ViewId::Jobs => &mut self.jobs,
        }
    }

    /// Hands what background work brought to the view that asked for it.
    pub(super) fn hear(
        &mut self,
        request: &Request,
        outcome: Outcome,
        shared: &Shared,
    ) -> Vec<Ask> {
        match (request, outcome) {
            (_, Outcome::Runs(runs)) => return self.runs.take(runs, shared),
            (_, Outcome::Detached(jobs)) => self.jobs.take(jobs),
            (Request::Brief(id), Outcome::Brief(run)) => self.runs.take_brief(*id, run),
            (Request::Map(run), Outcome::Map(map)) => self.map.take(*run, map),
            (_, Outcome::Overview(overview)) => self.data.take(*overview),
            (_, Outcome::Users(users, of)) => return self.users.take(users, of, shared),
            (Request::Profile(..), Outcome::Profile(profile)) => {
                return self.users.take_profile(profile, shared);
            }
            (Request::Offers(_), Outcome::Offers(lists)) => self.offers.take(lists),
            (_, Outcome::UserOffers(list)) => return self.offers.take_user(list, shared),
            (_, Outcome::Plan(plan)) => self.plan.take(plan),
            (_, Outcome::Schema(schema)) => self.sql.take_schema(schema),
            (_, Outcome::Table(table)) => self.sql.take(table),
            (Request::Save(_, _, path), Outcome::Saved(rows)) => {
                return sql::saved(rows, path, shared);
            }
            (Request::Why(_, _, fact), Outcome::Why(why)) => {
                return vec![facts::why(fact, &why)];
            }
            (_, Outcome::Listing(listing)) => self.import.take_listing(listing),
            (Request::Preview(path, _), Outcome::Preview(preview)) => {
                self.import.take_preview(path, *preview);
            }
            (Request::Compare(_, one, other), Outcome::Compared(text)) => {
                self.compare.take(*one, *other, text, shared);
            }
            _ => {}
        }
        Vec::new()
    }

    /// Tells the view that asked that it will get nothing; gives whether the view says so itself.
    pub(super) fn fail(&mut self, request: &Request, problem: &Problem) -> bool {
        match request {
            Request::Map(_) => self.map.fail(problem.clone()),
            Request::Overview(_) => self.data.fail(problem.clone()),
            Request::Users(..) => self.users.fail_list(problem.clone()),
            Request::Profile(..) => self.users.fail_profile(problem.clone()),
            Request::Offers(_) | Request::UserOffers(..) => self.offers.fail(problem.clone()),
            Request::Plan(_) => self.plan.fail(problem.clone()),
            Request::Query(..) => self.sql.fail(problem.clone()),
            Request::Schema(_) => self.sql.fail_schema(problem.clone()),
            Request::Runs => self.runs.fail_list(problem.clone()),
            Request::Brief(_) => self.runs.fail_brief(problem.clone()),
            Request::Detached => self.jobs.fail(problem.clone()),
            Request::Preview(..) => self.import.fail_preview(problem.clone()),
            Request::Folder(_) => self.import.fail_listing(problem.clone()),
            _ => return false,
        }
        true
    }

    /// A user's list is being made.
    pub(super) fn begun(&mut self, request: &Request) {
        if matches!(request, Request::UserOffers(..)) {
            self.offers.wait();
        }
    }

    /// Takes up where the last session left.
    pub(super) fn recall(&mut self, memory: &Memory) {
        self.segments.recall(memory);
        self.compare.recall(memory);
        self.sql.recall(memory);
    }

    /// What the next session will take up.
    pub(super) fn remember(&self, memory: &mut Memory) {
        self.segments.remember(memory);
        self.compare.remember(memory);
        self.sql.remember(memory);
    }
}

/// Something asked of the store: not yet, under way, here, or not to be had.
#[derive(Debug, Default)]
enum Slot<T> {
    #[default]
    Nothing,
    Waiting,
    Ready(T),
    Failed(Problem),
}

impl<T> Slot<T> {
    fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(value) => Some(value),
            _ => None,
        }
    }

    /// What to say in the place of what is not here.
    fn lines(&self, shared: &Shared, width: usize) -> Vec<super::lines::Line> {
        use super::lines::{line, paragraph};
        use super::theme::Tone;
        match self {
            Self::Nothing | Self::Ready(_) => Vec::new(),
            Self::Waiting => vec![line(Tone::Quiet, Word::Reading.get(shared.lang))],
            Self::Failed(problem) => {
                let mut lines: Vec<_> = paragraph(Tone::Bad, problem.message(), width).collect();
                lines.extend(paragraph(Tone::Plain, problem.mend(shared.lang), width));
                lines
            }
        }
    }
}

/// An area in two, side by side where it is wide enough, else one above the other: the first gets `part` in 100 of the
/// width, or of the height.
fn halves(area: Rect, wide_from: u16, part: u16, rows: u16) -> (Rect, Rect) {
    if area.width >= wide_from {
        let left = area.width * part / 100;
        let gap = 2;
        (
            Rect {
                width: left,
                ..area
            },
            Rect {
                x: area.x + left + gap,
                width: area.width - left - gap,
                ..area
            },
        )
    } else {
        let top = rows
            .min(area.height.saturating_sub(3))
            .max(1)
            .min(area.height);
        (
            Rect {
                height: top,
                ..area
            },
            super::canvas::below(area, top),
        )
    }
}
