//! What the workspace holds: from gross to net, ingests, rows kept aside and why, features with their distributions.

use ratatui::layout::Rect;

use super::{Slot, View};
use crate::explore::{FeatureView, Overview};
use crate::records::{Reconciliation, Run};
use crate::tui::ask::Ask;
use crate::tui::canvas::{Canvas, List};
use crate::tui::chart::{bar, spark};
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, blank, line, pair, row};
use crate::tui::message::Request;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::{Value, cents, clean, show};

/// Cells of a name before its figures.
const NAME: usize = 34;

/// The view's state.
#[derive(Debug, Default)]
pub struct DataView {
    overview: Slot<Overview>,
    /// The run that was asked about; none of a workspace without runs.
    of: Option<i64>,
    is_asked: bool,
    scroll: Scroll,
}

impl DataView {
    pub(super) fn take(&mut self, overview: Overview) {
        self.overview = Slot::Ready(overview);
    }

    pub(super) fn fail(&mut self, problem: crate::tui::problem::Problem) {
        self.overview = Slot::Failed(problem);
    }

    fn page(&self, shared: &Shared, width: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(run) = shared.run() {
            if let Some(sums) = &run.reconciliation {
                lines.extend(reconciliation(sums, run, shared));
                lines.push(blank());
            }
            lines.push(line(Tone::Heading, Word::NoteRead.get(shared.lang)));
            lines.push(line(Tone::Plain, words::rows_read(run.input, shared.lang)));
            lines.push(blank());
        }
        lines.extend(self.overview.lines(shared, width));
        if let Some(overview) = self.overview.ready() {
            lines.extend(ingests(overview, shared, width));
            lines.extend(types(overview, shared));
            lines.extend(reasons(overview, shared, width));
            lines.extend(features(overview, shared, width));
        }
        lines
    }
}

/// The sum line by line, the days that count, and the rows left out by reason.
pub(super) fn reconciliation(sums: &Reconciliation, run: &Run, shared: &Shared) -> Vec<Line> {
    let lang = shared.lang;
    let title = match run.currency.as_deref() {
        Some(code) => format!("{} ({})", Word::Reconciliation.get(lang), clean(code)),
        None => Word::Reconciliation.get(lang).to_owned(),
    };
    let columns = [Column::text(NAME), Column::number(9), Column::number(16)];
    let mut lines = vec![line(Tone::Heading, title)];
    let steps = sums.steps();
    for (at, (name, amount)) in steps.iter().enumerate() {
        let last = at + 1 == steps.len();
        let tone = if last { Tone::Title } else { Tone::Plain };
        lines.push(row(
            &columns,
            [(tone, name.get(lang)), (tone, ""), (tone, &cents(*amount))],
        ));
    }
    let days = format!("{} – {}", clean(&sums.first_day), clean(&sums.last_day));
    lines.extend(pair(
        Word::DaysThatCount.get(lang),
        &days,
        NAME + 2,
        NAME + 40,
    ));
    if !sums.left_out.is_empty() {
        lines.push(row(
            &columns,
            [
                (Tone::Quiet, Word::LeftOut.get(lang)),
                (Tone::Quiet, Word::ColRows.get(lang)),
                (Tone::Quiet, Word::ColNet.get(lang)),
            ],
        ));
    }
    for left_out in &sums.left_out {
        lines.push(row(
            &columns,
            [
                (Tone::Plain, clean(left_out.title.get(lang)).as_str()),
                (Tone::Plain, &words::count(left_out.rows)),
                (Tone::Plain, &cents(left_out.amount)),
            ],
        ));
    }
    lines
}

fn ingests(overview: &Overview, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let columns = [
        Column::number(3),
        Column::text(16),
        Column::number(11),
        Column::number(11),
        Column::number(10),
        Column::number(11),
        Column::text(width.saturating_sub(74)),
    ];
    let words = [
        "#",
        Word::NoteMade.get(lang),
        Word::ColRows.get(lang),
        Word::NoteEvents.get(lang),
        Word::NoteDuplicates.get(lang),
        Word::NoteQuarantined.get(lang),
        Word::ColFiles.get(lang),
    ];
    let mut title = Word::Ingests.get(lang).to_owned();
    if let Some((first, last)) = &overview.days {
        title += &format!("  {} – {}", clean(first), clean(last));
    }
    let mut lines = vec![
        line(Tone::Heading, title),
        row(&columns, words.map(|word| (Tone::Quiet, word))),
    ];
    for ingest in &overview.ingests {
        let files: Vec<String> = ingest.files.iter().map(|file| clean(file)).collect();
        let at = words::moment(&ingest.at);
        lines.push(row(
            &columns,
            [
                (Tone::Quiet, ingest.ingest.to_string().as_str()),
                (Tone::Plain, &at),
                (Tone::Plain, &words::count(ingest.rows)),
                (Tone::Plain, &words::count(ingest.events)),
                (Tone::Plain, &words::count(ingest.duplicates)),
                (Tone::Plain, &words::count(ingest.quarantined)),
                (Tone::Quiet, &files.join(", ")),
            ],
        ));
    }
    lines.push(blank());
    lines
}

fn types(overview: &Overview, shared: &Shared) -> Vec<Line> {
    let most = overview
        .types
        .iter()
        .map(|kind| kind.1)
        .max()
        .unwrap_or(1)
        .max(1);
    let columns = [Column::text(14), Column::text(24), Column::number(12)];
    let mut lines = vec![line(Tone::Heading, Word::EventTypes.get(shared.lang))];
    for (kind, count) in &overview.types {
        let (name, _) = words::kind(kind, shared.lang);
        let name = if name.is_empty() { kind.as_str() } else { name };
        lines.push(row(
            &columns,
            [
                (Tone::Plain, clean(name).as_str()),
                (Tone::Bar, &bar(*count as f64 / most as f64, 24)),
                (Tone::Plain, &words::count(*count)),
            ],
        ));
    }
    lines.push(blank());
    lines
}

fn reasons(overview: &Overview, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let mut lines = vec![line(Tone::Heading, Word::KeptAside.get(lang))];
    if overview.reasons.is_empty() {
        lines.push(line(Tone::Quiet, Word::NoteNone.get(lang)));
    }
    for reason in &overview.reasons {
        lines.push(vec![
            (Tone::Warning, format!("{:>9}  ", words::count(reason.rows))),
            (Tone::Plain, clean(&reason.reason)),
        ]);
        for sample in &reason.samples {
            let place = format!("{}:{}", clean(&sample.file), sample.line);
            let text = sample.text.as_deref().map(clean).unwrap_or_default();
            let text = format!("           {place}  {text}");
            lines.push(line(Tone::Quiet, crate::words::clip(&text, width)));
        }
    }
    lines.push(blank());
    lines
}

fn features(overview: &Overview, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let bars = 20;
    let value = if width >= 120 { 12 } else { 0 };
    let columns = [
        Column::text(
            width
                .saturating_sub(bars + 3 * (value + 2) + 7 + 8 + 8)
                .clamp(12, 56),
        ),
        Column::text(6),
        Column::number(7),
        Column::text(bars),
        Column::number(value),
        Column::number(value),
        Column::number(value),
    ];
    let mut lines = vec![row(
        &columns,
        [
            (Tone::Heading, Word::Features.get(lang)),
            (Tone::Quiet, Word::ColTransform.get(lang)),
            (Tone::Quiet, Word::ColMissing.get(lang)),
            (Tone::Quiet, Word::ColDistribution.get(lang)),
            (Tone::Quiet, "p5"),
            (Tone::Quiet, Word::ColMedian.get(lang)),
            (Tone::Quiet, "p95"),
        ],
    )];
    if overview.features.is_empty() {
        lines.push(line(Tone::Quiet, Word::NoteNone.get(lang)));
    }
    for feature in &overview.features {
        lines.push(feature_line(feature, &columns, shared));
    }
    lines
}

fn feature_line(feature: &FeatureView, columns: &[Column], shared: &Shared) -> Line {
    let told = |at: usize| {
        feature.quantiles.map_or_else(String::new, |quantiles| {
            let value = Value::Number(crate::words::round_to_tell(quantiles[at]));
            clean(&show(&value, feature.unit, shared.currency(), shared.lang))
        })
    };
    let bins: Vec<Option<f64>> = feature
        .bins
        .iter()
        .map(crate::explore::Bin::height)
        .collect();
    let missing = words::percent(feature.missing);
    let tone = if feature.missing > 0.5 {
        Tone::Warning
    } else {
        Tone::Plain
    };
    row(
        columns,
        [
            (Tone::Plain, clean(feature.label.get(shared.lang)).as_str()),
            (Tone::Quiet, &clean(&feature.transform)),
            (tone, &missing),
            (Tone::Bar, &spark(&bins)),
            (Tone::Quiet, &told(0)),
            (Tone::Plain, &told(1)),
            (Tone::Quiet, &told(2)),
        ],
    )
}

impl View for DataView {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        let run = shared.run().map(|run| run.id);
        if self.is_asked && self.of == run {
            return Vec::new();
        }
        self.reload(shared)
    }

    fn reload(&mut self, shared: &Shared) -> Vec<Ask> {
        let run = shared.run().map(|run| run.id);
        self.of = run;
        self.is_asked = true;
        self.overview = Slot::Waiting;
        vec![Ask::Start(Request::Overview(run))]
    }

    fn act(&mut self, action: Action, _shared: &Shared) -> Vec<Ask> {
        self.scroll.step(action);
        Vec::new()
    }

    fn wheel(&mut self, _pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        self.scroll.wheel(lines);
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        shared.command_of_run("show data")
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let lines = self.page(shared, usize::from(area.width));
        let title = Word::Data.get(shared.lang);
        canvas.page(area, &List::new(0, title, true, &lines), &self.scroll);
    }
}
