//! The runs of the workspace: open one, see what changed against the one before.

use ratatui::layout::Rect;

use super::figures::trend;
use super::{Slot, View, halves};
use crate::records::{Continuity, Fact, Run, Segment};
use crate::tui::ask::Ask;
use crate::tui::canvas::{Canvas, List};
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, blank, line, paragraph, row};
use crate::tui::message::Request;
use crate::tui::scroll::Scroll;
use crate::tui::shared::{Shared, marked};
use crate::tui::theme::{Tone, sign};
use crate::tui::views::ViewId;
use crate::tui::words::{self, Word};
use crate::words::{clean, show};
use crate::workspace::RunSummary;

/// Columns from which list and changes stand side by side.
const WIDE: u16 = 100;
/// Facts told of a segment, those that changed most.
const CHANGES: usize = 3;
/// Changes below this part of the value before are not told.
const LEAST: f64 = 0.05;

/// The view's state.
#[derive(Debug, Default)]
pub struct Runs {
    list: Slot<Vec<RunSummary>>,
    brief: Slot<(i64, Box<Run>)>,
    scroll: Scroll,
    page: Scroll,
    in_page: bool,
    /// The cursor stands on another run than the page.
    is_behind: bool,
}

impl Runs {
    pub(super) fn take(&mut self, runs: Vec<RunSummary>, shared: &Shared) -> Vec<Ask> {
        let shown = shared.run().map(|run| run.id);
        let at = runs.iter().position(|run| Some(run.id) == shown);
        self.scroll.go(at.unwrap_or(0));
        self.list = Slot::Ready(runs);
        self.read()
    }

    pub(super) fn take_brief(&mut self, id: i64, run: Option<Box<Run>>) {
        self.brief = run.map_or(Slot::Nothing, |run| Slot::Ready((id, run)));
    }

    pub(super) fn fail_list(&mut self, problem: crate::tui::problem::Problem) {
        self.list = Slot::Failed(problem);
    }

    pub(super) fn fail_brief(&mut self, problem: crate::tui::problem::Problem) {
        self.brief = Slot::Failed(problem);
    }

    fn selected(&self) -> Option<&RunSummary> {
        self.list.ready()?.get(self.scroll.at())
    }

    fn read(&mut self) -> Vec<Ask> {
        self.is_behind = false;
        let Some(id) = self.selected().map(|run| run.id) else {
            return Vec::new();
        };
        self.page.go(0);
        if self.brief.ready().is_none() {
            self.brief = Slot::Waiting;
        }
        vec![Ask::Start(Request::Brief(id))]
    }
}

/// How much a fact changed, as a part of what it was.
fn change(fact: &Fact) -> Option<f64> {
    let (now, before) = (fact.value.number()?, fact.before.as_ref()?.number()?);
    let change = (now - before) / before.abs();
    (change.is_finite() && change.abs() >= LEAST && fact.topic.is_some()).then_some(change)
}

/// What became of a segment.
fn changes(segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let title = format!("{} {}", segment.id, marked(segment, lang));
    let was = match (segment.previous, trend(segment)) {
        (Some(previous), Some(trend)) => words::was(previous, trend, lang),
        (Some(previous), None) => words::was(previous, 0.0, lang),
        (None, _) => Word::IsNew.get(lang).to_owned(),
    };
    let mut lines = vec![vec![
        (Tone::Segment(segment.id), format!("{} ", sign(segment.id))),
        (Tone::Title, title),
        (Tone::Quiet, format!("  {was}")),
    ]];
    let mut facts: Vec<(f64, &Fact)> = segment
        .facts
        .iter()
        .filter_map(|fact| Some((change(fact)?, fact)))
        .collect();
    facts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let columns = [
        Column::text(width.saturating_sub(42).clamp(10, 52)),
        Column::number(15),
        Column::number(15),
        Column::number(6),
    ];
    for (change, fact) in facts.into_iter().take(CHANGES) {
        let told = |value| clean(&show(value, fact.unit, shared.currency(), lang));
        let before = fact.before.as_ref().map(told).unwrap_or_default();
        let tone = if change < 0.0 { Tone::Less } else { Tone::More };
        lines.push(row(
            &columns,
            [
                (
                    Tone::Plain,
                    format!("  {}", clean(fact.label.get(lang))).as_str(),
                ),
                (Tone::Quiet, &before),
                (Tone::Plain, &told(&fact.value)),
                (tone, &format!("{:+.0}%", change * 100.0)),
            ],
        ));
    }
    lines
}

/// What a run is, and what changed against the one before.
fn about(run: &Run, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let mut lines = vec![line(
        Tone::Quiet,
        format!(
            "{} · {} · {}",
            words::moment(&run.created_at),
            words::customers(run.users, lang),
            words::parts(run, lang)
        ),
    )];
    lines.push(blank());
    let text = match run.recipe["before"].as_i64() {
        Some(before) => words::against(before, lang),
        None => Word::NoBefore.get(lang).to_owned(),
    };
    lines.push(line(Tone::Heading, text));
    for change in run.evidence.continuity.iter().flat_map(Continuity::lines) {
        lines.extend(paragraph(Tone::Warning, &clean(change.get(lang)), width));
    }
    if run.recipe["before"].is_i64() {
        for segment in &run.segments {
            lines.extend(changes(segment, shared, width));
        }
    } else {
        for segment in &run.segments {
            lines.push(vec![
                (Tone::Segment(segment.id), format!("{} ", sign(segment.id))),
                (
                    Tone::Plain,
                    format!("{} {}", segment.id, marked(segment, lang)),
                ),
                (
                    Tone::Quiet,
                    format!("  {}", words::customers(segment.users, lang)),
                ),
            ]);
        }
    }
    lines.push(blank());
    lines.push(line(Tone::Heading, Word::NoteDecisions.get(lang)));
    for note in &run.notes {
        lines.extend(paragraph(Tone::Plain, &clean(note), width));
    }
    lines
}

impl View for Runs {
    fn enter(&mut self, _shared: &Shared) -> Vec<Ask> {
        if self.list.ready().is_none() {
            self.list = Slot::Waiting;
        }
        vec![Ask::Start(Request::Runs)]
    }

    fn act(&mut self, action: Action, _shared: &Shared) -> Vec<Ask> {
        match action {
            Action::SwitchPane | Action::PaneBefore => self.in_page = !self.in_page,
            Action::Open => {
                if let Some(run) = self.selected() {
                    return vec![
                        Ask::Start(Request::Load(Some(run.id))),
                        Ask::Go(ViewId::Segments),
                    ];
                }
            }
            action if self.in_page => {
                self.page.step(action);
            }
            action => {
                self.is_behind |= self.scroll.step(action);
            }
        }
        Vec::new()
    }

    fn is_restless(&self) -> bool {
        self.is_behind
    }

    fn rested(&mut self, _shared: &Shared) -> Vec<Ask> {
        if self.is_behind {
            return self.read();
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        std::mem::take(&mut self.in_page)
    }

    fn click(&mut self, pane: u8, line: usize, _shared: &Shared) -> Vec<Ask> {
        self.in_page = pane == 1;
        if pane == 0 {
            self.scroll.go(line);
            return self.read();
        }
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
        shared.command("runs")
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let lang = shared.lang;
        let runs = self.list.ready().map_or(&[][..], Vec::as_slice);
        let rows = u16::try_from(runs.len().max(1) + 2).unwrap_or(u16::MAX);
        let (left, right) = halves(area, WIDE, 46, rows.min(area.height / 3));
        let columns = [
            Column::number(4),
            Column::text(16),
            Column::number(9),
            Column::number(3),
            Column::number(10),
            Column::text(8),
        ];
        let words = [
            Word::ColRun.get(lang),
            Word::NoteMade.get(lang),
            Word::ColUsers.get(lang),
            "k",
            Word::Silhouette.get(lang),
        ];
        let head = row(&columns, words.map(|word| (Tone::Quiet, word)));
        let shown = shared.run().map(|run| run.id);
        let mut lines: Vec<Line> = runs
            .iter()
            .map(|run| {
                let silhouette = run.silhouette.map(|value| format!("{value:.3}"));
                let here = Some(run.id) == shown;
                let tone = if here { Tone::Title } else { Tone::Plain };
                row(
                    &columns,
                    [
                        (tone, run.id.to_string().as_str()),
                        (tone, &words::moment(&run.created_at)),
                        (tone, &words::count(run.users)),
                        (tone, &run.k.to_string()),
                        (tone, &silhouette.unwrap_or_default()),
                        (Tone::Good, if here { Word::Shown.get(lang) } else { "" }),
                    ],
                )
            })
            .collect();
        let marks = !lines.is_empty();
        if !marks {
            lines = self.list.lines(shared, usize::from(left.width));
        }
        let list = List {
            head: Some(head),
            marks,
            ..List::new(0, Word::Runs.get(lang), !self.in_page, &lines)
        };
        canvas.list(left, &list, &self.scroll);
        let (title, lines) = match self.brief.ready() {
            Some((id, run)) => (
                words::run(*id, lang),
                about(run, shared, usize::from(right.width)),
            ),
            None => (
                String::new(),
                self.brief.lines(shared, usize::from(right.width)),
            ),
        };
        canvas.page(
            right,
            &List::new(1, &title, self.in_page, &lines),
            &self.page,
        );
    }
}
