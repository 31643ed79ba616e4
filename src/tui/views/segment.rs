//! One segment: its text sentence by sentence, its facts, its drawings.

use ratatui::layout::Rect;

use super::facts::{self, Entry, entries};
use super::{View, charts, narrative, revising};
use crate::records::{Segment, Sentence, Verdict};
use crate::tui::ask::{Ask, Purpose, Typing};
use crate::tui::canvas::{Canvas, List, below};
use crate::tui::keys::Action;
use crate::tui::lines::{Line, blank, line, paragraph};
use crate::tui::message::Request;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::tui::wrap::wrap;
use crate::words::clean;

/// Columns from which facts stand beside text and drawings.
const WIDE: u16 = 120;
/// Rows from which all three panes are open on a narrow screen.
const TALL: u16 = 46;
/// Rows of the list of facts from which a fact's other figures stand below it.
const ROOM_FOR_BESIDE: u16 = 10;

/// A pane of the view.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Pane {
    #[default]
    Text,
    Facts,
    Charts,
}

/// The view's state.
#[derive(Debug, Default)]
pub struct OneSegment {
    pane: Pane,
    sentence: Scroll,
    text: Scroll,
    facts: Scroll,
    charts: Scroll,
    filter: String,
    /// The segment that the positions belong to.
    of: Option<u32>,
}

impl OneSegment {
    pub(super) fn walk(forth: bool, shared: &Shared) -> Vec<Ask> {
        let Some(run) = shared.run() else {
            return Vec::new();
        };
        let at = run
            .segments
            .iter()
            .position(|s| Some(s.id) == shared.selected);
        let to = match (at, forth) {
            (Some(at), true) => at + 1,
            (Some(at), false) => at.saturating_sub(1),
            (None, _) => 0,
        };
        run.segments
            .get(to)
            .map_or_else(Vec::new, |segment| vec![Ask::Select(segment.id)])
    }

    /// Another segment is read from its start.
    fn turn(&mut self, shared: &Shared) {
        if self.of != shared.selected {
            self.of = shared.selected;
            for scroll in [&self.sentence, &self.text, &self.charts] {
                scroll.go(0);
            }
        }
    }

    fn shown<'a>(&self, segment: &'a Segment) -> Option<&'a Sentence> {
        let text = segment.narrative.as_ref()?;
        text.sentences.get(self.sentence.at())
    }

    /// Facts that the sentence under the cursor tells.
    fn linked(&self, segment: &Segment) -> Vec<String> {
        if self.pane != Pane::Text {
            return Vec::new();
        }
        self.shown(segment)
            .map_or_else(Vec::new, |sentence| sentence.facts.clone())
    }

    fn text_lines(&self, segment: &Segment, shared: &Shared, width: usize) -> (Vec<Line>, usize) {
        let lang = shared.lang;
        let width = width.min(narrative::MEASURE);
        let mut lines = narrative::streaming(segment.id, shared, width);
        let size = format!(
            "{} · {}",
            words::customers(segment.users, lang),
            words::of_all(segment.share, lang)
        );
        lines.push(line(Tone::Quiet, size));
        let mut cursor = 0;
        match &segment.narrative {
            None => lines.extend(paragraph(Tone::Quiet, Word::NoNarrative.get(lang), width)),
            Some(text) => {
                lines.push(narrative::status(text, lang));
                if let Some(headline) = &text.headline {
                    lines.extend(paragraph(Tone::Title, &clean(&headline.text), width));
                }
                self.sentence
                    .list(text.sentences.len(), text.sentences.len());
                for (index, sentence) in text.sentences.iter().enumerate() {
                    let here = index == self.sentence.at() && self.pane == Pane::Text;
                    if here {
                        cursor = lines.len();
                    }
                    lines.extend(marked(sentence, here, width));
                    if here {
                        lines.extend(Self::told(segment, sentence, shared, width));
                    }
                }
                if let Some(suggestion) = &text.suggestion {
                    lines.push(blank());
                    let suggestion = clean(&suggestion.marked(text.lang));
                    lines.extend(paragraph(Tone::Quiet, &suggestion, width));
                }
            }
        }
        lines.extend(narrative::beside(segment, shared, width));
        (lines, cursor)
    }

    /// What the sentence under the cursor tells, and what speaks against it.
    fn told(segment: &Segment, sentence: &Sentence, shared: &Shared, width: usize) -> Vec<Line> {
        let facts = sentence
            .facts
            .iter()
            .filter_map(|id| super::figures::fact(segment, id));
        let told = facts.map(|fact| (Tone::Linked, facts::sentence(fact, shared)));
        let why = sentence.why.iter().map(|why| (Tone::Warning, clean(why)));
        told.chain(why)
            .flat_map(|(tone, text)| {
                wrap(&text, width.saturating_sub(6))
                    .into_iter()
                    .map(move |text| vec![(Tone::Quiet, "    → ".to_owned()), (tone, text)])
            })
            .collect()
    }

    fn draw_text(&self, segment: &Segment, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let (lines, cursor) = self.text_lines(segment, shared, usize::from(area.width));
        let page = usize::from(area.height.saturating_sub(1));
        if self.pane == Pane::Text {
            // The sentence under the cursor stays in sight.
            let top = self.text.text(lines.len(), page);
            if cursor < top || cursor + 3 > top + page {
                self.text.go(cursor.saturating_sub(page / 3));
            }
        }
        let title = format!(
            "{} {} · {}",
            segment.id,
            shared.title(segment.id),
            Word::Narrative.get(shared.lang)
        );
        let list = List::new(0, &title, self.pane == Pane::Text, &lines);
        canvas.page(area, &list, &self.text);
    }

    fn draw_facts(&self, segment: &Segment, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let width = usize::from(area.width);
        let shown = entries(segment, &self.filter);
        let linked = self.linked(segment);
        if let Some(first) = linked.first() {
            let at = shown
                .iter()
                .position(|entry| matches!(entry, Entry::Fact(fact) if fact.id == *first));
            if let Some(at) = at {
                self.facts.go(at);
            }
        }
        let count = shown.iter().filter(|e| matches!(e, Entry::Fact(_))).count();
        let mut title = format!(
            "{} {}",
            Word::Facts.get(shared.lang),
            words::part_of(count, segment.facts.len(), shared.lang)
        );
        if !self.filter.is_empty() {
            title += " · /";
            title += &self.filter;
        }
        let mut lines: Vec<Line> = shown
            .iter()
            .map(|entry| facts::entry(*entry, &linked, shared, width))
            .collect();
        let marks = !lines.is_empty();
        if !marks {
            let word = if segment.facts.is_empty() {
                Word::NoFacts
            } else {
                Word::NoFact
            };
            lines.extend(paragraph(Tone::Quiet, word.get(shared.lang), width));
        }
        let list = List {
            head: Some(facts::head(shared, width)),
            marks: marks && self.pane == Pane::Facts,
            ..List::new(1, &title, self.pane == Pane::Facts, &lines)
        };
        // What the figure under the cursor is beside stands below the list, where there is room for both; the room is
        // that of the longest, so that the list stays where it is while the cursor moves.
        let beside = |entry: &Entry<'_>| match entry {
            Entry::Fact(fact) => facts::beside(fact, segment, shared, width),
            _ => Vec::new(),
        };
        let has_room = list.marks && area.height >= ROOM_FOR_BESIDE;
        let (mut room, mut below_list) = (0, Vec::new());
        if has_room {
            room = shown
                .iter()
                .map(|entry| beside(entry).len())
                .max()
                .unwrap_or(0);
            below_list = shown.get(self.facts.at()).map(beside).unwrap_or_default();
        }
        let height = area.height.saturating_sub(room as u16);
        canvas.list(Rect { height, ..area }, &list, &self.facts);
        canvas.lines(below(area, height), &below_list);
    }

    fn draw_charts(&self, segment: &Segment, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let lines = charts::all(segment, shared, usize::from(area.width));
        let title = Word::Charts.get(shared.lang);
        let list = List::new(2, title, self.pane == Pane::Charts, &lines);
        canvas.page(area, &list, &self.charts);
    }
}

/// A sentence with its mark: borne out by the facts or not, by the model or as plain facts.
fn marked(sentence: &Sentence, here: bool, width: usize) -> Vec<Line> {
    let (mark, tone) = match (sentence.verdict, sentence.by_model) {
        (Verdict::Unsupported, _) => ("✖ ", Tone::Warning),
        (Verdict::Supported, true) => ("✓ ", Tone::Good),
        _ => ("· ", Tone::Quiet),
    };
    let text = if here { Tone::Selected } else { Tone::Plain };
    let mut mark = mark.to_owned();
    wrap(&clean(&sentence.text), width.saturating_sub(2))
        .into_iter()
        .map(|part| {
            vec![
                (tone, std::mem::replace(&mut mark, "  ".into())),
                (text, part),
            ]
        })
        .collect()
}

impl View for OneSegment {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        self.turn(shared);
        Vec::new()
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        if let Some(asks) = revising::act(action, shared) {
            return asks;
        }
        match action {
            Action::Left => return Self::walk(false, shared),
            Action::Right => return Self::walk(true, shared),
            Action::SwitchPane => {
                self.pane = match self.pane {
                    Pane::Text => Pane::Facts,
                    Pane::Facts => Pane::Charts,
                    Pane::Charts => Pane::Text,
                };
            }
            Action::PaneBefore => {
                self.pane = match self.pane {
                    Pane::Text => Pane::Charts,
                    Pane::Facts => Pane::Text,
                    Pane::Charts => Pane::Facts,
                };
            }
            Action::Filter => {
                self.pane = Pane::Facts;
                return revising::filter(Word::FilterFacts, &self.filter, shared);
            }
            Action::Why | Action::Open => {
                let (Some(run), Some(segment)) = (shared.run(), shared.segment()) else {
                    return Vec::new();
                };
                let fact = match self.pane {
                    Pane::Text => self.linked(segment).first().cloned(),
                    _ => entries(segment, &self.filter)
                        .get(self.facts.at())
                        .and_then(|entry| match entry {
                            Entry::Fact(fact) => Some(fact.id.clone()),
                            Entry::Family(_) | Entry::Withheld(_) => None,
                        }),
                };
                let why = |fact| vec![Ask::Start(Request::Why(run.id, segment.id, fact))];
                return fact.map_or_else(Vec::new, why);
            }
            action => {
                match self.pane {
                    Pane::Text => self.sentence.step(action),
                    Pane::Facts => self.facts.step(action),
                    Pane::Charts => self.charts.step(action),
                };
            }
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        if self.filter.is_empty() {
            return false;
        }
        self.filter.clear();
        true
    }

    fn prompted(&mut self, purpose: Purpose, text: &str, how: Typing, shared: &Shared) -> Vec<Ask> {
        if purpose != Purpose::Filter {
            return revising::prompted(purpose, text, how, shared);
        }
        text.clone_into(&mut self.filter);
        Vec::new()
    }

    fn click(&mut self, pane: u8, line: usize, shared: &Shared) -> Vec<Ask> {
        self.click_at(pane, (0, 0), shared);
        if pane == 1 {
            self.facts.go(line);
        }
        Vec::new()
    }

    fn click_at(&mut self, pane: u8, _place: (u16, u16), _shared: &Shared) -> Vec<Ask> {
        self.pane = [Pane::Text, Pane::Facts, Pane::Charts][usize::from(pane.min(2))];
        Vec::new()
    }

    fn wheel(&mut self, pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        match pane {
            0 if self.pane == Pane::Text => self.sentence.wheel(lines.signum()),
            0 => self.text.wheel(lines),
            1 => self.facts.wheel(lines),
            _ => self.charts.wheel(lines),
        }
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        let id = shared.selected.unwrap_or(1);
        shared.command_of_run(&format!("show {id}"))
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let Some(segment) = shared.segment() else {
            let text = Word::NoSelection.get(shared.lang);
            canvas.text(area, 2, Tone::Quiet, text);
            return;
        };
        if area.width >= WIDE {
            let left = area.width * 54 / 100;
            let facts = Rect {
                width: left,
                ..area
            };
            let right = Rect {
                x: area.x + left + 2,
                width: area.width - left - 2,
                ..area
            };
            let text = right.height * 55 / 100;
            self.draw_facts(segment, shared, facts, canvas);
            let top = Rect {
                height: text,
                ..right
            };
            self.draw_text(segment, shared, top, canvas);
            self.draw_charts(segment, shared, below(right, text), canvas);
            return;
        }
        // The pane that has the keys is open, the others show their titles; on a tall screen all are open.
        let rest = area.height.saturating_sub(2);
        let heights = if area.height >= TALL {
            [area.height * 35 / 100, area.height * 35 / 100, area.height]
        } else {
            let open = |pane| if self.pane == pane { rest } else { 1 };
            [open(Pane::Text), open(Pane::Facts), open(Pane::Charts)]
        };
        let mut left = area;
        for (pane, height) in heights.into_iter().enumerate() {
            let part = Rect {
                height: height.min(left.height),
                ..left
            };
            match pane {
                0 => self.draw_text(segment, shared, part, canvas),
                1 => self.draw_facts(segment, shared, part, canvas),
                _ => self.draw_charts(segment, shared, part, canvas),
            }
            left = below(left, part.height);
        }
    }
}
