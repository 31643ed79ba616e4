//! What runs in the background: stage, progress, time left; the last lines of its log. Below it the workspace's jobs that
//! outlive their terminal, which other programs run.

use ratatui::layout::Rect;

use super::{Slot, View, halves};
use crate::tui::ask::Ask;
use crate::tui::canvas::{Canvas, List};
use crate::tui::chart::bar;
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, blank, line, paragraph, row};
use crate::tui::message::Request;
use crate::tui::problem::Problem;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::tasks::{State, Task};
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::clean;
use crate::workspace::{Record, Standing};

/// Columns from which list and log stand side by side.
const WIDE: u16 = 120;
/// Cells of the bar.
const BAR: usize = 16;

/// The view's state.
#[derive(Debug, Default)]
pub struct JobsView {
    scroll: Scroll,
    log: Scroll,
    in_log: bool,
    detached: Slot<Vec<(Record, Standing)>>,
}

impl JobsView {
    pub(super) fn take(&mut self, jobs: Vec<(Record, Standing)>) {
        self.detached = Slot::Ready(jobs);
    }

    pub(super) fn fail(&mut self, problem: Problem) {
        self.detached = Slot::Failed(problem);
    }

    fn detached(&self, shared: &Shared, width: usize) -> Vec<Line> {
        let lang = shared.lang;
        let Some(jobs) = self.detached.ready() else {
            return self.detached.lines(shared, width);
        };
        if jobs.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![blank(), line(Tone::Heading, Word::DetachedJobs.get(lang))];
        let columns = [
            Column::number(4),
            Column::text(12),
            Column::text(16),
            Column::text(width.saturating_sub(4 + 12 + 16 + 6)),
        ];
        for (record, standing) in jobs {
            let (name, tone) = words::standing(*standing, lang);
            let what = match (standing, record.stage, &record.error, record.run) {
                (Standing::Running, Some(stage), ..) => {
                    words::stage(stage, record.done, record.total, lang)
                }
                (_, _, Some(error), _) => clean(error),
                (_, _, None, Some(run)) => words::run(run, lang),
                _ => String::new(),
            };
            let started = record.started_at.get(..16).unwrap_or_default();
            lines.push(row(
                &columns,
                [
                    (Tone::Plain, record.id.to_string().as_str()),
                    (tone, name),
                    (Tone::Quiet, &clean(&started.replace('T', " "))),
                    (Tone::Plain, &what),
                ],
            ));
        }
        let hint = Word::DetachedHint.get(lang);
        lines.extend(paragraph(Tone::Quiet, hint, width));
        lines
    }
}

fn summary(task: &Task, shared: &Shared, width: usize) -> Line {
    let lang = shared.lang;
    let columns = [
        Column::text(width.saturating_sub(BAR + 6 + 12 + 6).max(8)),
        Column::text(BAR),
        Column::number(6),
        Column::text(12),
    ];
    let (state, tone) = words::state(task, lang);
    let fraction = match task.state {
        State::Done => Some(1.0),
        _ => task.fraction(),
    };
    row(
        &columns,
        [
            (Tone::Plain, words::request(&task.request, lang).as_str()),
            (
                Tone::Bar,
                &fraction.map_or_else(String::new, |part| bar(part, BAR)),
            ),
            (Tone::Quiet, &words::span(task.age)),
            (tone, &state),
        ],
    )
}

fn details(task: &Task, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let mut lines = vec![line(Tone::Title, words::request(&task.request, lang))];
    if let Some(stage) = task.stage.filter(|_| task.is_active()) {
        lines.push(line(
            Tone::Plain,
            words::stage(stage, task.done, task.total, lang),
        ));
    }
    if let Some(left) = task.left().filter(|_| task.is_active()) {
        lines.push(line(Tone::Quiet, words::left(left, lang)));
    }
    if let State::Failed(problem) = &task.state {
        lines.push(blank());
        lines.extend(paragraph(Tone::Bad, problem.message(), width));
        lines.extend(paragraph(Tone::Plain, problem.mend(lang), width));
    }
    if !task.log.is_empty() {
        lines.push(blank());
        lines.push(line(Tone::Heading, Word::Log.get(lang)));
        for text in &task.log {
            lines.extend(paragraph(Tone::Plain, text, width));
        }
    }
    if !task.texts.is_empty() {
        lines.push(blank());
        lines.push(line(Tone::Heading, Word::BeingWritten.get(lang)));
        let from = task.texts.len().saturating_sub(40);
        for text in task.texts[from..].iter().rev() {
            lines.extend(paragraph(Tone::Quiet, text, width));
        }
    }
    lines
}

impl View for JobsView {
    fn enter(&mut self, _shared: &Shared) -> Vec<Ask> {
        vec![Ask::Start(Request::Detached)]
    }

    fn reload(&mut self, _shared: &Shared) -> Vec<Ask> {
        vec![Ask::Start(Request::Detached)]
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        match action {
            Action::SwitchPane | Action::PaneBefore => self.in_log = !self.in_log,
            Action::CancelJob => {
                let jobs = shared.tasks.jobs();
                let task = jobs.get(self.scroll.at()).filter(|task| task.is_active());
                return task.map(|task| Ask::Cancel(task.id)).into_iter().collect();
            }
            action if self.in_log => {
                self.log.step(action);
            }
            action => {
                if self.scroll.step(action) {
                    self.log.go(0);
                }
            }
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        std::mem::take(&mut self.in_log)
    }

    fn click(&mut self, pane: u8, line: usize, _shared: &Shared) -> Vec<Ask> {
        self.in_log = pane == 1;
        if pane == 0 {
            self.scroll.go(line);
        }
        Vec::new()
    }

    fn wheel(&mut self, pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        if pane == 1 {
            self.log.wheel(lines);
        } else {
            self.scroll.wheel(lines.signum());
        }
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        let jobs = shared.tasks.jobs();
        let words = match jobs.get(self.scroll.at()).map(|task| &task.request) {
            Some(Request::Ingest(path, _)) => {
                let path = crate::tui::shared::quoted(&clean(&path.display().to_string()));
                format!("run --events {path}")
            }
            Some(Request::Make(_, k)) => format!("segment --k {k}"),
            Some(Request::Narrate(run, _)) => format!("narrate --run {run}"),
            Some(Request::Compare(run, one, other)) => {
                format!("write --run {run} compare {one} --with {other}")
            }
            _ => "demo".to_owned(),
        };
        shared.command(&words)
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let jobs = shared.tasks.jobs();
        let rows = u16::try_from(jobs.len().max(1) + 1).unwrap_or(u16::MAX);
        let (left, right) = halves(area, WIDE, 52, rows.min(area.height / 3));
        let width = usize::from(left.width);
        let mut lines: Vec<Line> = jobs
            .iter()
            .map(|task| summary(task, shared, width))
            .collect();
        if lines.is_empty() {
            lines.push(line(Tone::Quiet, Word::NoJobs.get(shared.lang)));
        }
        let list = List {
            marks: !jobs.is_empty(),
            ..List::new(0, Word::Jobs.get(shared.lang), !self.in_log, &lines)
        };
        canvas.list(left, &list, &self.scroll);
        let width = usize::from(right.width);
        let mut lines = jobs
            .get(self.scroll.at())
            .map_or_else(Vec::new, |task| details(task, shared, width));
        lines.extend(self.detached(shared, width));
        let title = Word::Progress.get(shared.lang);
        canvas.page(right, &List::new(1, title, self.in_log, &lines), &self.log);
    }
}
