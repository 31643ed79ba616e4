//! The table of segments, and the text of the selected one beside it.

use std::cmp::Ordering;

use ratatui::layout::Rect;

use super::figures::{figure, lead_text, trend};
use super::{View, halves};
use super::{narrative, revising};
use crate::records::Segment;
use crate::tui::ask::{Ask, Purpose, Typing};
use crate::tui::canvas::{Canvas, List};
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, holds, line, row};
use crate::tui::memory::Memory;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::{Tone, sign};
use crate::tui::views::ViewId;
use crate::tui::words::{self, Word};
use crate::words::{clean, number};

/// Columns from which table and text stand side by side.
const WIDE: u16 = 120;

/// The columns that the table is sorted by, in the order of the table.
const COLUMNS: [Word; 9] = [
    Word::ColNumber,
    Word::ColName,
    Word::ColUsers,
    Word::ColShare,
    Word::ColRevenue,
    Word::ColAov,
    Word::ColRecency,
    Word::ColConversion,
    Word::ColTrend,
];

/// The table's state.
#[derive(Debug, Default)]
pub struct Segments {
    scroll: Scroll,
    text: Scroll,
    sort: usize,
    reversed: bool,
    filter: String,
    in_text: bool,
}

/// A figure of a column; names are compared apart.
fn value(segment: &Segment, column: usize) -> Option<f64> {
    match column {
        2 => Some(segment.users as f64),
        3 => Some(segment.share),
        4 => figure(segment, "revenue.share"),
        5 => figure(segment, "basket.aov.median"),
        6 => figure(segment, "rfm.recency_days.median"),
        7 => figure(segment, "engagement.conversion.median"),
        8 => trend(segment),
        _ => Some(-f64::from(segment.id)),
    }
}

impl Segments {
    pub(super) fn recall(&mut self, memory: &Memory) {
        self.sort = memory.sort.0.min(COLUMNS.len() - 1);
        self.reversed = memory.sort.1;
        self.filter = crate::words::clean(&memory.filter);
    }

    pub(super) fn remember(&self, memory: &mut Memory) {
        memory.sort = (self.sort, self.reversed);
        memory.filter.clone_from(&self.filter);
    }

    /// The segments that the filter lets through, in the order of the table: names rising, figures falling.
    fn visible<'a>(&self, shared: &'a Shared) -> Vec<&'a Segment> {
        let Some(run) = shared.run() else {
            return Vec::new();
        };
        let passes = |segment: &&Segment| {
            self.filter.is_empty()
                || holds(
                    &clean(&format!(
                        "{} {} {} {} {} {}",
                        segment.id,
                        segment.title(shared.lang),
                        segment.name.en,
                        segment.name.zh,
                        segment.tags.join(" "),
                        lead_text(segment, shared.lang).0
                    )),
                    &self.filter,
                )
        };
        let mut segments: Vec<_> = run.segments.iter().filter(passes).collect();
        if self.sort == 1 {
            segments.sort_by_cached_key(|s| clean(s.title(shared.lang)).to_lowercase());
        } else {
            segments.sort_by(|a, b| {
                let (a, b) = (value(a, self.sort), value(b, self.sort));
                b.partial_cmp(&a).unwrap_or(Ordering::Equal)
            });
        }
        if self.reversed {
            segments.reverse();
        }
        segments
    }

    /// Brings selection and cursor together: the cursor follows the selected segment, or the other way round where the
    /// filter hides it.
    fn follow(&self, shared: &Shared) -> Option<u32> {
        let visible = self.visible(shared);
        if let Some(at) = visible.iter().position(|s| Some(s.id) == shared.selected) {
            self.scroll.go(at);
            return None;
        }
        let at = self.scroll.at().min(visible.len().saturating_sub(1));
        visible.get(at).map(|segment| segment.id)
    }

    fn select(&self, shared: &Shared) -> Vec<Ask> {
        let visible = self.visible(shared);
        self.text.go(0);
        visible
            .get(self.scroll.at())
            .map_or_else(Vec::new, |segment| vec![Ask::Select(segment.id)])
    }

    fn title(&self, shown: usize, shared: &Shared) -> String {
        let all = shared.run().map_or(0, |run| run.segments.len());
        let mut title = format!(
            "{} {} · {} {}",
            Word::Segments.get(shared.lang),
            words::part_of(shown, all, shared.lang),
            Word::SortedBy.get(shared.lang),
            COLUMNS[self.sort].get(shared.lang)
        );
        if self.reversed {
            title.push_str(" ↑");
        }
        if !self.filter.is_empty() {
            title += " · /";
            title += &self.filter;
        }
        title
    }

    fn table(segments: &[&Segment], shared: &Shared, width: usize) -> (Line, Vec<Line>) {
        let lang = shared.lang;
        // What fits, the most asked for first.
        let wanted = [
            (7, 40),
            (6, 48),
            (6, 56),
            (9, 64),
            (5, 72),
            (6, 78),
            (6, 84),
        ];
        let widths = wanted.map(|(cells, from)| if width >= from { cells } else { 0 });
        let taken: usize = widths.iter().filter(|w| **w > 0).map(|w| w + 2).sum();
        let lead = if width >= 110 {
            (width - taken) * 2 / 5
        } else {
            0
        };
        let gap = if lead > 0 { 2 } else { 0 };
        let name = width.saturating_sub(taken + 7 + lead + gap);
        let mut columns = vec![
            Column::number(2),
            Column::text(1),
            Column::text(name.saturating_sub(1)),
        ];
        columns.extend(widths.map(Column::number));
        columns.push(Column::text(lead));
        let mut cells = vec![
            (Tone::Quiet, ""),
            (Tone::Quiet, ""),
            (Tone::Quiet, Word::ColName.get(lang)),
        ];
        cells.extend(
            COLUMNS[2..]
                .iter()
                .map(|word| (Tone::Quiet, word.get(lang))),
        );
        cells.push((Tone::Quiet, Word::ColTrait.get(lang)));
        let head = row(&columns, cells);
        let lines = segments
            .iter()
            .map(|segment| {
                let percent = |value: Option<f64>| {
                    value.map_or_else(String::new, |value| format!("{value:.1}%"))
                };
                let trend =
                    trend(segment).map_or_else(String::new, |value| format!("{value:+.0}%"));
                let texts = [
                    words::count(segment.users),
                    percent(Some(segment.share * 100.0)),
                    percent(value(segment, 4)),
                    value(segment, 5).map_or_else(String::new, number),
                    value(segment, 6).map_or_else(String::new, |days| words::days(days, lang)),
                    percent(value(segment, 7)),
                    trend,
                ];
                let (lead, tone) = lead_text(segment, lang);
                let (id, mark, title) = (
                    segment.id.to_string(),
                    sign(segment.id).to_string(),
                    shared.title(segment.id),
                );
                let tone_of_title = if segment.standing.is_weak() {
                    Tone::Warning
                } else {
                    Tone::Plain
                };
                let mut cells = vec![
                    (Tone::Quiet, id.as_str()),
                    (Tone::Segment(segment.id), mark.as_str()),
                    (tone_of_title, title.as_str()),
                ];
                cells.extend(texts.iter().map(|text| (Tone::Plain, text.as_str())));
                cells.push((tone, lead.as_str()));
                row(&columns, cells)
            })
            .collect();
        (head, lines)
    }
}

impl View for Segments {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        self.follow(shared)
            .map_or_else(Vec::new, |id| vec![Ask::Select(id)])
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        if let Some(asks) = revising::act(action, shared) {
            return asks;
        }
        match action {
            Action::SwitchPane | Action::PaneBefore => self.in_text = !self.in_text,
            Action::Open => return vec![Ask::Go(ViewId::Segment)],
            Action::Sort => {
                self.sort = (self.sort + 1) % COLUMNS.len();
                self.reversed = false;
                return self.enter(shared);
            }
            Action::Reverse => {
                self.reversed = !self.reversed;
                return self.enter(shared);
            }
            Action::Filter => {
                return revising::filter(Word::FilterSegments, &self.filter, shared);
            }
            action if self.in_text => {
                self.text.step(action);
            }
            Action::Left | Action::Right => {}
            action => {
                self.follow(shared);
                if self.scroll.step(action) {
                    return self.select(shared);
                }
            }
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        if self.in_text {
            self.in_text = false;
        } else if self.filter.is_empty() {
            return false;
        } else {
            self.filter.clear();
        }
        true
    }

    fn prompted(&mut self, purpose: Purpose, text: &str, how: Typing, shared: &Shared) -> Vec<Ask> {
        if purpose != Purpose::Filter {
            return revising::prompted(purpose, text, how, shared);
        }
        text.clone_into(&mut self.filter);
        self.enter(shared)
    }

    fn click(&mut self, pane: u8, line: usize, shared: &Shared) -> Vec<Ask> {
        self.in_text = pane == 1;
        if pane == 1 {
            return Vec::new();
        }
        let was = self.scroll.at();
        self.scroll.go(line);
        if was == line {
            return vec![Ask::Go(ViewId::Segment)];
        }
        self.select(shared)
    }

    fn click_at(&mut self, pane: u8, _place: (u16, u16), _shared: &Shared) -> Vec<Ask> {
        self.in_text = pane == 1;
        Vec::new()
    }

    fn wheel(&mut self, pane: u8, lines: isize, shared: &Shared) -> Vec<Ask> {
        if pane == 1 {
            self.text.wheel(lines);
            return Vec::new();
        }
        self.scroll.wheel(lines.signum());
        self.select(shared)
    }

    fn command(&self, shared: &Shared) -> String {
        shared.command("segments")
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        self.follow(shared);
        let segments = self.visible(shared);
        let rows = u16::try_from(segments.len().max(1) + 2).unwrap_or(u16::MAX);
        let (left, right) = halves(area, WIDE, 56, rows.min(area.height / 2 + 1));
        let (head, mut lines) = Self::table(&segments, shared, usize::from(left.width));
        if lines.is_empty() {
            lines.push(line(Tone::Quiet, Word::NoSegment.get(shared.lang)));
        }
        let title = self.title(segments.len(), shared);
        let list = List {
            head: Some(head),
            marks: !segments.is_empty(),
            ..List::new(0, &title, !self.in_text, &lines)
        };
        canvas.list(left, &list, &self.scroll);
        let (title, lines) = match shared.rested().filter(|_| !segments.is_empty()) {
            None => (Word::Narrative.get(shared.lang).to_owned(), Vec::new()),
            Some(segment) => {
                let width = usize::from(right.width);
                let mut lines = narrative::streaming(segment.id, shared, width);
                lines.extend(narrative::page(segment, shared, width));
                (
                    format!("{} {}", segment.id, shared.title(segment.id)),
                    lines,
                )
            }
        };
        canvas.page(
            right,
            &List::new(1, &title, self.in_text, &lines),
            &self.text,
        );
    }
}
