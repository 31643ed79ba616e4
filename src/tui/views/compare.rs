//! Two segments side by side, and what sets them apart in words.

use ratatui::layout::Rect;

use super::figures::told;
use super::{View, halves, narrative, revising};
use crate::records::{Fact, Segment, Sentence};
use crate::tui::ask::{Ask, Purpose, Typing};
use crate::tui::canvas::{Canvas, List};
use crate::tui::chart::signed_bar;
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, blank, holds, line, paragraph, row};
use crate::tui::memory::Memory;
use crate::tui::message::Request;
use crate::tui::scroll::Scroll;
use crate::tui::shared::{Shared, marked};
use crate::tui::theme::Tone;
use crate::tui::words::Word;
use crate::words::{Lang, clean};

/// Columns from which table and text stand side by side.
const WIDE: u16 = 140;
/// Rows of the text above the table on a narrow screen.
const ROWS: u16 = 7;

/// The view's state.
#[derive(Debug, Default)]
pub struct Compare {
    against: Option<u32>,
    filter: String,
    scroll: Scroll,
    text: Scroll,
    in_text: bool,
    /// Texts written in this session: of which pair, in which language.
    written: Vec<((u32, u32, Lang), Vec<Sentence>)>,
}

/// A fact of both.
struct Pair<'a> {
    one: &'a Fact,
    other: Option<&'a Fact>,
    /// Difference of the standardised differences; none where one of them has none.
    apart: Option<f64>,
}

impl Compare {
    pub(super) fn recall(&mut self, memory: &Memory) {
        self.against = memory.against;
    }

    pub(super) fn remember(&self, memory: &mut Memory) {
        memory.against = self.against;
    }

    pub(super) fn take(&mut self, one: u32, other: u32, text: Vec<Sentence>, shared: &Shared) {
        let key = (one, other, shared.lang);
        self.written.retain(|written| written.0 != key);
        self.written.push((key, text));
    }

    /// The other segment: the one chosen, else the nearest, else the first that is not the selected one.
    fn other<'a>(&self, one: &Segment, shared: &'a Shared) -> Option<&'a Segment> {
        let run = shared.run()?;
        let apart = |id: &u32| *id != one.id;
        let chosen = self
            .against
            .filter(apart)
            .and_then(|id| shared.segment_of(id));
        chosen
            .or_else(|| shared.segment_of(one.nearest.filter(apart)?))
            .or_else(|| run.segments.iter().find(|segment| segment.id != one.id))
    }

    /// Numeric facts by how far they set the two apart, the farthest first, then the others.
    fn pairs<'a>(&self, one: &'a Segment, other: &'a Segment) -> Vec<Pair<'a>> {
        let passes = |fact: &&Fact| {
            fact.value.number().is_some()
                && (self.filter.is_empty()
                    || holds(
                        &clean(&format!("{} {} {}", fact.id, fact.label.en, fact.label.zh)),
                        &self.filter,
                    ))
                // Lifts and shares of names are of different names.
                && !["category.", "product.", "query.", "hour.", "weekday."]
                    .iter()
                    .any(|kind| fact.id.starts_with(kind))
        };
        let mut pairs: Vec<Pair<'_>> = one
            .facts
            .iter()
            .filter(passes)
            .map(|fact| {
                let same = super::figures::fact(other, &fact.id);
                let apart = same.and_then(|same| Some(fact.difference? - same.difference?));
                Pair {
                    one: fact,
                    other: same,
                    apart,
                }
            })
            .collect();
        pairs.sort_by(|a, b| {
            let size = |pair: &Pair<'_>| pair.apart.map_or(-1.0, f64::abs);
            size(b).total_cmp(&size(a))
        });
        pairs
    }

    fn table(
        &self,
        one: &Segment,
        other: &Segment,
        shared: &Shared,
        width: usize,
    ) -> (Line, Vec<Line>) {
        const SIDE: usize = 4;
        let bar = if width >= 70 { 2 * SIDE + 1 } else { 0 };
        let value = ((width.saturating_sub(bar)) / 6).clamp(7, 18);
        let taken = 3 * (value + 2) + if bar > 0 { bar + 2 } else { 0 } + 8;
        let columns = [
            Column::text(width.saturating_sub(taken)),
            Column::number(value),
            Column::number(value),
            Column::number(value),
            Column::text(bar),
            Column::number(6),
        ];
        let (own, theirs) = (
            format!("{} {}", one.id, marked(one, shared.lang)),
            format!("{} {}", other.id, marked(other, shared.lang)),
        );
        let head = row(
            &columns,
            [
                (Tone::Quiet, Word::ColFact.get(shared.lang)),
                (Tone::Segment(one.id), own.as_str()),
                (Tone::Segment(other.id), theirs.as_str()),
                (Tone::Quiet, Word::ColShop.get(shared.lang)),
                (Tone::Quiet, Word::ColApart.get(shared.lang)),
                (Tone::Quiet, "σ"),
            ],
        );
        let lines = self
            .pairs(one, other)
            .iter()
            .map(|pair| {
                let (currency, lang) = (shared.currency(), shared.lang);
                let (bar, apart, tone) = match pair.apart {
                    None => (String::new(), String::new(), Tone::Plain),
                    Some(apart) => (
                        signed_bar(apart, SIDE),
                        format!("{apart:+.2}"),
                        if apart < 0.0 { Tone::Less } else { Tone::More },
                    ),
                };
                row(
                    &columns,
                    [
                        (Tone::Plain, clean(pair.one.label.get(lang)).as_str()),
                        (Tone::Plain, &told(Some(pair.one), currency, lang)),
                        (Tone::Plain, &told(pair.other, currency, lang)),
                        (Tone::Quiet, &super::facts::shop(pair.one, shared)),
                        (tone, &bar),
                        (tone, &apart),
                    ],
                )
            })
            .collect();
        (head, lines)
    }

    fn page(&self, one: &Segment, other: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
        let lang = shared.lang;
        let width = width.min(narrative::MEASURE);
        let asked = shared
            .tasks
            .asked(|request| matches!(request, Request::Compare(_, a, b) if (*a, *b) == (one.id, other.id)));
        if let Some(task) = asked {
            let mut lines = vec![line(Tone::Heading, Word::BeingWritten.get(lang))];
            lines.extend(
                task.texts
                    .iter()
                    .flat_map(|text| paragraph(Tone::Quiet, text, width)),
            );
            return lines;
        }
        let key = (one.id, other.id, lang);
        let mut lines = Vec::new();
        match self.written.iter().find(|written| written.0 == key) {
            None => lines.extend(paragraph(Tone::Quiet, Word::CompareWrite.get(lang), width)),
            Some((_, text)) => {
                let texts: Vec<String> = text.iter().map(|one| clean(&one.text)).collect();
                let glue = if lang == Lang::En { " " } else { "" };
                lines.extend(paragraph(Tone::Plain, &texts.join(glue), width));
            }
        }
        for segment in [one, other] {
            let headline = segment
                .narrative
                .as_ref()
                .and_then(|text| text.headline.as_ref());
            if let Some(headline) = headline {
                lines.push(blank());
                let title = format!("{} {}", segment.id, marked(segment, lang));
                lines.push(line(Tone::Segment(segment.id), title));
                lines.extend(paragraph(Tone::Quiet, &clean(&headline.text), width));
            }
        }
        lines
    }

    fn walk(&mut self, forth: bool, shared: &Shared) {
        let (Some(run), Some(one)) = (shared.run(), shared.segment()) else {
            return;
        };
        let others: Vec<u32> = run
            .segments
            .iter()
            .map(|segment| segment.id)
            .filter(|id| *id != one.id)
            .collect();
        let now = self.other(one, shared).map(|segment| segment.id);
        let at = others.iter().position(|id| Some(*id) == now).unwrap_or(0);
        let to = if forth {
            at + 1
        } else {
            at + others.len().saturating_sub(1)
        };
        self.against = others.get(to % others.len().max(1)).copied();
        self.text.go(0);
    }
}

impl View for Compare {
    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        match action {
            Action::Left => self.walk(false, shared),
            Action::Right => self.walk(true, shared),
            Action::SwitchPane | Action::PaneBefore => self.in_text = !self.in_text,
            Action::Filter => {
                return revising::filter(Word::FilterFacts, &self.filter, shared);
            }
            Action::Open => {
                let one = shared.segment();
                let other = one.and_then(|one| Some((one.id, self.other(one, shared)?.id)));
                if let Some((one, other)) = other {
                    self.against = Some(one);
                    return vec![Ask::Select(other)];
                }
            }
            Action::Regenerate => {
                let (Some(run), Some(one)) = (shared.run(), shared.segment()) else {
                    return Vec::new();
                };
                let compare =
                    |other: &Segment| Ask::Start(Request::Compare(run.id, one.id, other.id));
                return self.other(one, shared).map(compare).into_iter().collect();
            }
            action if self.in_text => {
                self.text.step(action);
            }
            action => {
                self.scroll.step(action);
            }
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        let filtered = !self.filter.is_empty();
        self.filter.clear();
        filtered
    }

    fn prompted(
        &mut self,
        _purpose: Purpose,
        text: &str,
        _how: Typing,
        _shared: &Shared,
    ) -> Vec<Ask> {
        text.clone_into(&mut self.filter);
        Vec::new()
    }

    fn click(&mut self, pane: u8, line: usize, _shared: &Shared) -> Vec<Ask> {
        self.in_text = pane == 1;
        self.scroll.go(line);
        Vec::new()
    }

    fn click_at(&mut self, pane: u8, _place: (u16, u16), _shared: &Shared) -> Vec<Ask> {
        self.in_text = pane == 1;
        Vec::new()
    }

    fn wheel(&mut self, pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        if pane == 1 {
            self.text.wheel(lines);
        } else {
            self.scroll.wheel(lines);
        }
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        let one = shared.segment();
        let other = one.and_then(|one| Some((one.id, self.other(one, shared)?.id)));
        let (one, other) = other.unwrap_or((1, 2));
        let run = shared.run().map_or(1, |run| run.id);
        shared.command(&format!("write --run {run} compare {one} --with {other}"))
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let pair = shared
            .segment()
            .and_then(|one| Some((one, self.other(one, shared)?)));
        let Some((one, other)) = pair else {
            let text = Word::NoOtherSegment.get(shared.lang);
            canvas.text(area, 2, Tone::Quiet, text);
            return;
        };
        let title = format!(
            "{} {} ↔ {} {}",
            one.id,
            shared.title(one.id),
            other.id,
            shared.title(other.id)
        );
        let (table, text) = if area.width >= WIDE {
            halves(area, WIDE, 62, 0)
        } else {
            let (text, table) = halves(area, WIDE, 0, ROWS.min(area.height / 3));
            (table, text)
        };
        let lines = self.page(one, other, shared, usize::from(text.width));
        let list = List::new(1, Word::Comparison.get(shared.lang), self.in_text, &lines);
        canvas.page(text, &list, &self.text);
        let (head, lines) = self.table(one, other, shared, usize::from(table.width));
        let list = List {
            head: Some(head),
            marks: false,
            ..List::new(0, &title, !self.in_text, &lines)
        };
        canvas.list(table, &list, &self.scroll);
    }
}
