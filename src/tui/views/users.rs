//! Users one by one: found by pseudonym, or by the shop's own id, which is not kept.

use ratatui::layout::Rect;

use super::{Slot, View, halves, revising};
use crate::explore::{Profile, UserLine, Who};
use crate::tui::ask::{Ask, Purpose, Said, Typing};
use crate::tui::canvas::{Canvas, List};
use crate::tui::chart::bar;
use crate::tui::field::Field;
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, blank, line, row};
use crate::tui::message::Request;
use crate::tui::overlay::{Overlay, Prompt};
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::{Tone, sign};
use crate::tui::views::ViewId;
use crate::tui::words::{self, Word};
use crate::words::{Value, cents, clean, show};

/// Columns from which list and profile stand side by side.
const WIDE: u16 = 110;

/// The view's state.
#[derive(Debug, Default)]
pub struct Users {
    list: Slot<(Vec<UserLine>, u64)>,
    profile: Slot<Profile>,
    of: Option<i64>,
    prefix: String,
    scroll: Scroll,
    page: Scroll,
    in_profile: bool,
    /// The cursor stands on another user than the profile.
    is_behind: bool,
    /// The user asked for from elsewhere.
    wanted: Option<String>,
}

impl Users {
    /// Shows a user that another view names.
    pub fn open(&mut self, pseudonym: &str, shared: &Shared) -> Vec<Ask> {
        self.wanted = Some(pseudonym.to_owned());
        self.in_profile = true;
        self.ask(Who::Pseudonym(pseudonym.to_owned()), shared)
    }

    fn ask(&mut self, who: Who, shared: &Shared) -> Vec<Ask> {
        let Some(run) = shared.run() else {
            return Vec::new();
        };
        self.is_behind = false;
        self.profile = Slot::Waiting;
        self.page.go(0);
        vec![Ask::Start(Request::Profile(run.id, who))]
    }

    pub(super) fn take(&mut self, users: Vec<UserLine>, of: u64, shared: &Shared) -> Vec<Ask> {
        self.list = Slot::Ready((users, of));
        if let Some(wanted) = &self.wanted {
            let found = self
                .users()
                .iter()
                .position(|user| user.pseudonym == *wanted);
            if let Some(at) = found {
                self.scroll.go(at);
            }
            return Vec::new();
        }
        self.scroll.go(0);
        self.read(shared)
    }

    pub(super) fn take_profile(
        &mut self,
        profile: Option<Box<Profile>>,
        shared: &Shared,
    ) -> Vec<Ask> {
        let Some(profile) = profile else {
            self.profile = Slot::Nothing;
            let text = Word::NoUser.get(shared.lang).to_owned();
            return vec![Ask::Say(Said::Warning(text))];
        };
        let is_it = |user: &UserLine| user.pseudonym == profile.pseudonym;
        if let Some(at) = self.users().iter().position(is_it) {
            self.scroll.go(at);
        }
        self.profile = Slot::Ready(*profile);
        Vec::new()
    }

    pub(super) fn fail_list(&mut self, problem: crate::tui::problem::Problem) {
        self.list = Slot::Failed(problem);
    }

    pub(super) fn fail_profile(&mut self, problem: crate::tui::problem::Problem) {
        self.profile = Slot::Failed(problem);
    }

    fn users(&self) -> &[UserLine] {
        self.list.ready().map_or(&[], |list| &list.0)
    }

    /// Reads the user under the cursor.
    fn read(&mut self, shared: &Shared) -> Vec<Ask> {
        self.is_behind = false;
        let user = self.users().get(self.scroll.at());
        let Some(pseudonym) = user.map(|user| user.pseudonym.clone()) else {
            self.profile = Slot::Nothing;
            return Vec::new();
        };
        self.ask(Who::Pseudonym(pseudonym), shared)
    }

    fn search(&mut self, shared: &Shared) -> Vec<Ask> {
        let Some(run) = shared.run() else {
            return Vec::new();
        };
        self.of = Some(run.id);
        if !matches!(self.list, Slot::Ready(_)) {
            self.list = Slot::Waiting;
        }
        vec![Ask::Start(Request::Users(run.id, self.prefix.clone()))]
    }

    fn rows(&self, shared: &Shared, width: usize) -> (Line, Vec<Line>) {
        let columns = [
            Column::text(16),
            Column::text(1),
            Column::number(2),
            Column::number(if width >= 44 { 6 } else { 0 }),
            Column::number(if width >= 36 { 12 } else { 0 }),
            Column::text(if width >= 60 { 10 } else { 0 }),
        ];
        let words = [
            Word::ColPseudonym.get(shared.lang),
            "",
            "",
            Word::ColEvents.get(shared.lang),
            Word::ColSpent.get(shared.lang),
            Word::ColLast.get(shared.lang),
        ];
        let head = row(&columns, words.map(|word| (Tone::Quiet, word)));
        let lines = self.users().iter().map(|user| {
            row(
                &columns,
                [
                    (Tone::Plain, clean(&user.pseudonym).as_str()),
                    (Tone::Segment(user.segment), &sign(user.segment).to_string()),
                    (Tone::Quiet, &user.segment.to_string()),
                    (Tone::Plain, &words::count(user.events)),
                    (Tone::Plain, &cents(user.revenue)),
                    (Tone::Quiet, &clean(&user.last)),
                ],
            )
        });
        (head, lines.collect())
    }
}

/// How probably a user belongs to each of the nearest segments.
fn memberships(profile: &Profile, shared: &Shared, width: usize) -> Vec<Line> {
    if profile.memberships.is_empty() {
        return Vec::new();
    }
    let lang = shared.lang;
    let mut lines = vec![blank()];
    lines.push(line(Tone::Heading, Word::Memberships.get(lang)));
    let name = width.saturating_sub(34).clamp(10, 40);
    for membership in &profile.memberships {
        let columns = [Column::text(name), Column::text(16), Column::number(6)];
        let title = format!(
            "{} {}",
            membership.segment,
            shared.title(membership.segment)
        );
        lines.push(row(
            &columns,
            [
                (Tone::Plain, title.as_str()),
                (
                    Tone::Segment(membership.segment),
                    &membership
                        .probability
                        .map(|probability| bar(probability, 16))
                        .unwrap_or_default(),
                ),
                (
                    Tone::Plain,
                    &membership
                        .probability
                        .map_or_else(|| "–".to_owned(), words::percent),
                ),
            ],
        ));
    }
    lines
}

/// All that is known of a user.
fn portrait(profile: &Profile, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let mut lines = vec![match profile.segment {
        Some(id) => vec![
            (Tone::Quiet, format!("{} ", Word::InSegment.get(lang))),
            (Tone::Segment(id), format!("{} ", sign(id))),
            (Tone::Title, format!("{id} {}", shared.title(id))),
        ],
        None => line(Tone::Quiet, Word::InNoSegment.get(lang)),
    }];
    lines.extend(memberships(profile, shared, width));
    lines.push(blank());
    let value = (width.saturating_sub(30) / 3).clamp(8, 16);
    let columns = [
        Column::text(width.saturating_sub(3 * (value + 2)).clamp(10, 52)),
        Column::number(value),
        Column::number(value),
        Column::number(value),
    ];
    lines.push(row(
        &columns,
        [
            (Tone::Heading, Word::Features.get(lang)),
            (Tone::Quiet, Word::ColUser.get(lang)),
            (Tone::Quiet, Word::ColMedian.get(lang)),
            (Tone::Quiet, Word::ColShop.get(lang)),
        ],
    ));
    for feature in &profile.features {
        let told = |value: Option<f64>| {
            value.map_or_else(String::new, |value| {
                let value = Value::Number(crate::words::round_to_tell(value));
                clean(&show(&value, feature.unit, shared.currency(), lang))
            })
        };
        lines.push(row(
            &columns,
            [
                (Tone::Plain, clean(feature.label.get(lang)).as_str()),
                (Tone::Plain, &told(feature.value)),
                (Tone::Quiet, &told(feature.segment)),
                (Tone::Quiet, &told(feature.shop)),
            ],
        ));
    }
    lines.push(blank());
    lines.push(line(Tone::Heading, Word::Timeline.get(lang)));
    let columns = [
        Column::text(16),
        Column::text(9),
        Column::number(10),
        Column::text(width.saturating_sub(16 + 9 + 10 + 6)),
    ];
    for event in &profile.timeline {
        let what = if event.category.is_empty() {
            clean(&event.what)
        } else {
            format!("{} · {}", clean(&event.what), clean(&event.category))
        };
        let (kind, tone) = words::kind(&event.kind, lang);
        lines.push(row(
            &columns,
            [
                (Tone::Quiet, clean(&event.at).as_str()),
                (tone, kind),
                (Tone::Plain, &event.amount.map_or_else(String::new, cents)),
                (Tone::Plain, &what),
            ],
        ));
    }
    if profile.is_cut {
        lines.push(line(Tone::Quiet, Word::TimelineCut.get(lang)));
    }
    lines
}

impl View for Users {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        let run = shared.run().map(|run| run.id);
        if run == self.of && self.list.ready().is_some() {
            return Vec::new();
        }
        self.search(shared)
    }

    fn reload(&mut self, shared: &Shared) -> Vec<Ask> {
        self.search(shared)
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        match action {
            Action::SwitchPane | Action::PaneBefore => self.in_profile = !self.in_profile,
            Action::Filter => {
                return revising::filter(Word::FindPseudonym, &self.prefix, shared);
            }
            Action::FindId => {
                return vec![Ask::Open(Overlay::Prompt(Prompt {
                    purpose: Purpose::Id,
                    title: Word::FindId.get(shared.lang).to_owned(),
                    field: Field::secret(200),
                    before: String::new(),
                }))];
            }
            Action::Recommend => {
                let profile = self.profile.ready();
                if let (Some(run), Some(profile)) = (shared.run(), profile) {
                    let wanted = Request::UserOffers(run.id, profile.pseudonym.clone());
                    return vec![Ask::Go(ViewId::Offers), Ask::Start(wanted)];
                }
            }
            Action::Open => {
                let profile = self.profile.ready();
                if let Some(segment) = profile.and_then(|profile| profile.segment) {
                    return vec![Ask::Select(segment), Ask::Go(ViewId::Segment)];
                }
            }
            action if self.in_profile => {
                self.page.step(action);
            }
            action => {
                if self.scroll.step(action) {
                    self.wanted = None;
                    self.is_behind = true;
                }
            }
        }
        Vec::new()
    }

    fn is_restless(&self) -> bool {
        self.is_behind
    }

    fn rested(&mut self, shared: &Shared) -> Vec<Ask> {
        if self.is_behind {
            return self.read(shared);
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        let was = self.in_profile;
        self.in_profile = false;
        was && self.wanted.is_none()
    }

    fn prompted(&mut self, purpose: Purpose, text: &str, how: Typing, shared: &Shared) -> Vec<Ask> {
        match (purpose, how) {
            (Purpose::Id, Typing::Done) if !text.trim().is_empty() => {
                self.wanted = None;
                self.in_profile = true;
                self.ask(Who::Id(text.to_owned()), shared)
            }
            (Purpose::Filter, _) => {
                self.wanted = None;
                text.trim().to_lowercase().clone_into(&mut self.prefix);
                self.search(shared)
            }
            _ => Vec::new(),
        }
    }

    fn click(&mut self, pane: u8, line: usize, shared: &Shared) -> Vec<Ask> {
        self.in_profile = pane == 1;
        if pane == 0 {
            self.scroll.go(line);
            self.wanted = None;
            return self.read(shared);
        }
        Vec::new()
    }

    fn click_at(&mut self, pane: u8, _place: (u16, u16), _shared: &Shared) -> Vec<Ask> {
        self.in_profile = pane == 1;
        Vec::new()
    }

    fn wheel(&mut self, pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        if pane == 1 {
            self.page.wheel(lines);
            return Vec::new();
        }
        self.scroll.wheel(lines.signum());
        self.is_behind = true;
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        match self.profile.ready() {
            Some(profile) => {
                shared.command_of_run(&format!("show user {}", clean(&profile.pseudonym)))
            }
            None => shared.command_of_run("show users"),
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let (left, right) = halves(area, WIDE, 42, area.height * 2 / 5);
        let (head, mut lines) = self.rows(shared, usize::from(left.width));
        let marks = !lines.is_empty();
        if !marks {
            lines = self.list.lines(shared, usize::from(left.width));
            if self.list.ready().is_some() {
                lines.push(line(Tone::Quiet, Word::NoUserSo.get(shared.lang)));
            }
        }
        let mut title = Word::Users.get(shared.lang).to_owned();
        if let Some((users, of)) = self.list.ready() {
            title = words::shown_of(users.len(), *of, shared.lang);
        }
        if !self.prefix.is_empty() {
            title += " · /";
            title += &self.prefix;
        }
        let list = List {
            head: Some(head),
            marks,
            ..List::new(0, &title, !self.in_profile, &lines)
        };
        canvas.list(left, &list, &self.scroll);
        let (title, lines) = match self.profile.ready() {
            Some(profile) => (
                clean(&profile.pseudonym),
                portrait(profile, shared, usize::from(right.width)),
            ),
            None => (
                Word::Profile.get(shared.lang).to_owned(),
                self.profile.lines(shared, usize::from(right.width)),
            ),
        };
        canvas.page(
            right,
            &List::new(1, &title, self.in_profile, &lines),
            &self.page,
        );
    }
}
