//! What is recommended to the selected segment, or to one user, and why.

use ratatui::layout::Rect;

use super::{Slot, View, halves};
use crate::records::{Reach, Recommended, RecommendedProduct, UserList};
use crate::tui::ask::{Ask, Said};
use crate::tui::canvas::{Canvas, List};
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, blank, line, paragraph, row};
use crate::tui::message::Request;
use crate::tui::problem::Problem;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::Word;
use crate::words::{clean, round2};

/// Columns from which list and reason stand side by side.
const WIDE: u16 = 120;
/// Rows of the list on a narrow screen.
const ROWS: u16 = 13;

/// The view's state.
#[derive(Debug, Default)]
pub struct Offers {
    of: Option<i64>,
    segments: Slot<Vec<Recommended>>,
    /// The user whose list is shown in place of the segment's.
    user: Option<Slot<UserList>>,
    scroll: Scroll,
}

impl Offers {
    /// Shows a user's list, which is being made.
    pub(super) fn wait(&mut self) {
        self.user = Some(Slot::Waiting);
        self.scroll.go(0);
    }

    pub(super) fn take(&mut self, lists: Vec<Recommended>) {
        self.segments = Slot::Ready(lists);
    }

    pub(super) fn take_user(&mut self, list: Option<Box<UserList>>, shared: &Shared) -> Vec<Ask> {
        if let Some(list) = list {
            self.user = Some(Slot::Ready(*list));
            return Vec::new();
        }
        self.user = None;
        let text = Word::NoOffersUser.get(shared.lang).to_owned();
        vec![Ask::Say(Said::Warning(text))]
    }

    pub(super) fn fail(&mut self, problem: Problem) {
        match &mut self.user {
            Some(user) => *user = Slot::Failed(problem),
            None => self.segments = Slot::Failed(problem),
        }
    }

    /// The products shown, each with the share of lists that have it.
    fn products(&self, shared: &Shared) -> Vec<(&RecommendedProduct, Option<f64>)> {
        if let Some(user) = &self.user {
            let list = user.ready().map_or(&[] as &[_], |list| &list.products);
            return list.iter().map(|one| (one, None)).collect();
        }
        let lists = self.segments.ready();
        let is_it = |one: &&Recommended| Some(one.segment) == shared.selected;
        let list = lists.and_then(|all| all.iter().find(is_it));
        let list = list.map_or(&[] as &[Reach], |list| &list.products);
        list.iter()
            .map(|one| (&one.product, Some(one.reach)))
            .collect()
    }

    fn title(&self, shared: &Shared) -> String {
        if let Some(user) = &self.user {
            let name = user.ready().map(|list| clean(&list.user));
            let what = Word::OffersUser.get(shared.lang);
            return format!("{what} {}", name.unwrap_or_default());
        }
        let id = shared.selected.unwrap_or_default();
        format!(
            "{} · {id} {}",
            Word::Offers.get(shared.lang),
            shared.title(id)
        )
    }

    fn table(&self, shared: &Shared, width: usize) -> (Line, Vec<Line>) {
        let is_user = self.user.is_some();
        let last = 8;
        let kind = if width >= 60 { 16 } else { 0 };
        let columns = [
            Column::number(3),
            Column::text(width.saturating_sub(3 + last + kind + 6)),
            Column::text(kind),
            Column::number(last),
        ];
        let last_word = if is_user {
            Word::ColScore
        } else {
            Word::ColOnLists
        };
        let head = row(
            &columns,
            [
                (Tone::Quiet, "#"),
                (Tone::Quiet, Word::ColOffer.get(shared.lang)),
                (Tone::Quiet, Word::ColBecause.get(shared.lang)),
                (Tone::Quiet, last_word.get(shared.lang)),
            ],
        );
        let lines = self
            .products(shared)
            .iter()
            .map(|(product, reach)| {
                let figure = match reach {
                    Some(reach) => format!("{reach:.0}%"),
                    None => round2(product.score).to_string(),
                };
                row(
                    &columns,
                    [
                        (Tone::Quiet, product.rank.to_string().as_str()),
                        (Tone::Plain, &clean(product.title())),
                        (Tone::Quiet, &product.reason.kind().replace('_', " ")),
                        (Tone::Plain, &figure),
                    ],
                )
            })
            .collect();
        (head, lines)
    }

    fn reason(&self, shared: &Shared, width: usize) -> Vec<Line> {
        let products = self.products(shared);
        let Some((product, reach)) = products.get(self.scroll.at()) else {
            return Vec::new();
        };
        let lang = shared.lang;
        let mut lines = vec![line(Tone::Heading, clean(product.title()))];
        let code = [Some(product.product.as_str()), product.category.as_deref()];
        let code: Vec<String> = code.into_iter().flatten().map(clean).collect();
        lines.extend(paragraph(Tone::Quiet, &code.join(" · "), width));
        lines.push(blank());
        lines.extend(paragraph(
            Tone::Plain,
            &clean(&product.reason.say(lang)),
            width,
        ));
        if reach.is_some() {
            lines.push(blank());
            lines.extend(paragraph(Tone::Quiet, Word::OffersWhat.get(lang), width));
        }
        lines
    }
}

impl View for Offers {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        let run = shared.run().map(|run| run.id);
        if self.of == run && !matches!(self.segments, Slot::Failed(_)) {
            return Vec::new();
        }
        self.of = run;
        self.segments = Slot::Waiting;
        self.scroll.go(0);
        run.map(|run| Ask::Start(Request::Offers(run)))
            .into_iter()
            .collect()
    }

    fn reload(&mut self, shared: &Shared) -> Vec<Ask> {
        self.of = None;
        self.enter(shared)
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        match action {
            Action::Left | Action::Right if self.user.is_none() => {
                self.scroll.go(0);
                super::segment::OneSegment::walk(action == Action::Right, shared)
            }
            action => {
                self.scroll.step(action);
                Vec::new()
            }
        }
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        self.scroll.go(0);
        self.user.take().is_some()
    }

    fn click(&mut self, _pane: u8, line: usize, _shared: &Shared) -> Vec<Ask> {
        self.scroll.go(line);
        Vec::new()
    }

    fn wheel(&mut self, _pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        self.scroll.wheel(lines);
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        match self.user.as_ref().and_then(Slot::ready) {
            Some(list) => shared.command_of_run(&format!("recommend --user {}", clean(&list.user))),
            None => shared.command_of_run(&format!(
                "recommend --segment {}",
                shared.selected.unwrap_or(1)
            )),
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let (list_area, page) = halves(area, WIDE, 60, ROWS);
        let (head, mut lines) = self.table(shared, usize::from(list_area.width));
        let marks = !lines.is_empty();
        if !marks {
            let width = usize::from(list_area.width);
            lines = match &self.user {
                Some(user) => user.lines(shared, width),
                None => self.segments.lines(shared, width),
            };
            if lines.is_empty() {
                lines = paragraph(Tone::Quiet, Word::NoOffers.get(shared.lang), width).collect();
            }
        }
        let title = self.title(shared);
        let list = List {
            head: Some(head),
            marks,
            ..List::new(0, &title, true, &lines)
        };
        canvas.list(list_area, &list, &self.scroll);
        let reason = self.reason(shared, usize::from(page.width).min(76));
        canvas.lines(page, &reason);
    }
}
