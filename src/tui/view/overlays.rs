//! The box on top of the stack.

use ratatui::layout::{Position, Rect};

use crate::records::{Run, cohort_months};
use crate::tui::app::App;
use crate::tui::canvas::{Canvas, position, row};
use crate::tui::keys::BINDINGS;
use crate::tui::lines::{Column, Line, blank, line, pair, paragraph};
use crate::tui::overlay::{Overlay, Page};
use crate::tui::palette;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::tui::wrap::pad_left;
use crate::words::clean;

/// Cells of the keys in the help.
const KEYS: usize = 16;
/// Widest box of text.
const WIDEST: u16 = 92;
/// Widest box of lines that are not wrapped.
const WIDEST_TEXT: u16 = 140;

/// A box in the middle of the screen for so many lines.
fn middle(screen: Rect, widest: u16, lines: usize) -> Rect {
    let width = screen.width.saturating_sub(4).min(widest);
    let wanted = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let height = wanted.min(screen.height.saturating_sub(2));
    Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 2,
        width,
        height,
    }
}

pub(super) fn draw(app: &App, screen: Rect, canvas: &mut Canvas<'_>) {
    let shared = &app.shared;
    match app.overlays.last() {
        Some(Overlay::Page(page, scroll)) => paged(app, page, scroll, screen, canvas),
        Some(Overlay::Prompt(prompt)) if prompt.purpose.is_long() => {
            let width = usize::from(screen.width.saturating_sub(8)).min(88);
            let (lines, (at, column)) = prompt.field.lines(width);
            let rows = lines
                .len()
                .max(6)
                .min(usize::from(screen.height).saturating_sub(6));
            let inside = canvas.frame(middle(screen, 92, rows), &prompt.title, "");
            let top = (at + 1).saturating_sub(usize::from(inside.height));
            for (index, text) in lines.iter().skip(top).enumerate() {
                canvas.text(row(inside, index), 0, Tone::Plain, text);
            }
            canvas.cursor = Some(Position::new(
                (inside.x + column as u16).min(inside.right()),
                inside.y + (at - top) as u16,
            ));
        }
        // A short prompt stands above the keys.
        None | Some(Overlay::Prompt(_)) => {}
        Some(Overlay::Confirm { question, .. }) => {
            let width = usize::from(screen.width.saturating_sub(8)).min(60);
            let mut lines: Vec<Line> = paragraph(Tone::Plain, question, width).collect();
            lines.push(blank());
            lines.push(vec![
                (Tone::Key, "y ".into()),
                (
                    Tone::Plain,
                    format!("{}   ", Word::HintYes.get(shared.lang)),
                ),
                (Tone::Key, "n ".into()),
                (Tone::Plain, Word::HintNo.get(shared.lang).into()),
            ]);
            let inside = canvas.frame(
                middle(screen, 64, lines.len()),
                Word::Question.get(shared.lang),
                "",
            );
            canvas.lines(inside, &lines);
        }
        Some(Overlay::Palette(field, scroll)) => {
            let found = palette::find(field.text(), app.view, shared);
            let room = usize::from(screen.height.saturating_sub(6)).min(16);
            let area = middle(screen, 72, room + 1);
            let inside = canvas.frame(area, Word::Actions.get(shared.lang), "");
            let at = canvas.text(row(inside, 0), 0, Tone::Key, ": ");
            let (text, cursor) = field.line(usize::from(inside.width.saturating_sub(3)));
            canvas.text(row(inside, 0), at, Tone::Plain, &text);
            canvas.cursor = Some(Position::new(inside.x + at + cursor as u16, inside.y));
            let page = usize::from(inside.height.saturating_sub(1));
            let top = scroll.list(found.len(), page);
            let width = usize::from(inside.width);
            for (index, binding) in found.iter().enumerate().skip(top).take(page) {
                let keys = shared.keymap.shown(binding.action);
                let columns = [Column::text(width.saturating_sub(18)), Column::number(16)];
                let line = crate::tui::lines::row(
                    &columns,
                    [
                        (Tone::Plain, binding.word(shared.lang)),
                        (Tone::Key, keys.as_str()),
                    ],
                );
                let area = row(inside, 1 + index - top);
                canvas.pieces(area, &line);
                if index == scroll.at() {
                    canvas.paint(area, Tone::Selected);
                }
            }
            if found.is_empty() {
                let text = Word::NoAction.get(shared.lang);
                canvas.text(row(inside, 1), 0, Tone::Quiet, text);
            }
        }
    }
}

fn paged(app: &App, page: &Page, scroll: &Scroll, screen: Rect, canvas: &mut Canvas<'_>) {
    let shared = &app.shared;
    let (widest, title) = match page {
        Page::Help => (WIDEST, Word::Help.get(shared.lang)),
        Page::Notes => (WIDEST, Word::Notes.get(shared.lang)),
        Page::Cohorts => (WIDEST, Word::Cohorts.get(shared.lang)),
        Page::Trouble(_) => (WIDEST, Word::Trouble.get(shared.lang)),
        Page::Text(title, _) => (WIDEST_TEXT, title.as_str()),
    };
    let width = usize::from(screen.width.saturating_sub(4).min(widest).saturating_sub(4));
    let run = shared.run();
    let lines = match page {
        Page::Help => help(app, width),
        Page::Notes => run.map_or_else(Vec::new, |run| notes(run, shared, width)),
        Page::Cohorts => run.map_or_else(Vec::new, |run| cohorts(run, shared, width)),
        Page::Trouble(problem) => {
            let mut lines: Vec<Line> = paragraph(Tone::Plain, problem.message(), width).collect();
            lines.push(blank());
            lines.push(line(Tone::Heading, Word::Mend.get(shared.lang)));
            lines.extend(paragraph(Tone::Plain, problem.mend(shared.lang), width));
            lines
        }
        Page::Text(_, lines) => lines.iter().map(|piece| vec![piece.clone()]).collect(),
    };
    let area = middle(screen, widest, lines.len());
    let shown = usize::from(area.height.saturating_sub(2));
    let top = scroll.text(lines.len(), shown);
    let inside = canvas.frame(area, title, &position(top, shown, lines.len()));
    canvas.lines(inside, &lines[top.min(lines.len())..]);
}

/// The keys of the view, those of every view, and what words mean.
fn help(app: &App, width: usize) -> Vec<Line> {
    let shared = &app.shared;
    let lang = shared.lang;
    let rows = |own: bool| {
        BINDINGS
            .iter()
            .filter(|binding| binding.holds(app.view, shared.is_bare()) && binding.is_own() == own)
            .flat_map(|binding| {
                pair(
                    &shared.keymap.shown(binding.action),
                    binding.word(lang),
                    KEYS,
                    width,
                )
            })
            .map(|mut line| {
                line[0].0 = Tone::Key;
                line
            })
            .collect::<Vec<_>>()
    };
    let own = rows(true);
    let mut lines = Vec::new();
    if !own.is_empty() {
        lines.push(line(Tone::Heading, app.view.word().get(lang)));
        lines.extend(own);
        lines.push(blank());
    }
    lines.push(line(Tone::Heading, Word::HelpEverywhere.get(lang)));
    lines.extend(rows(false));
    lines.push(blank());
    lines.push(line(Tone::Heading, Word::HelpTerms.get(lang)));
    for term in [
        Word::TermShare,
        Word::TermDifference,
        Word::TermTrait,
        Word::TermTrend,
        Word::TermChecked,
        Word::TermSilhouette,
        Word::TermStability,
        Word::TermInertia,
        Word::TermMap,
        Word::TermMembership,
    ] {
        lines.extend(paragraph(Tone::Plain, term.get(lang), width));
    }
    lines
}

fn notes(run: &Run, shared: &Shared, width: usize) -> Vec<Line> {
    const LABEL: usize = 12;
    let lang = shared.lang;
    let made = format!(
        "{} · {}",
        words::run(run.id, lang),
        words::moment(&run.created_at)
    );
    let told = |word: Word, text: &str| pair(word.get(lang), text, LABEL, width);
    let mut lines = told(Word::NoteMade, &made);
    lines.extend(told(Word::NoteSeed, &run.seed.to_string()));
    lines.extend(told(Word::NoteUsers, &words::count(run.users)));
    lines.extend(told(Word::NoteRead, &words::rows_read(run.input, lang)));
    lines.push(blank());
    lines.push(line(Tone::Heading, Word::NoteDecisions.get(lang)));
    if run.notes.is_empty() {
        lines.push(line(Tone::Quiet, Word::NoteNone.get(lang)));
    }
    for note in &run.notes {
        lines.extend(paragraph(Tone::Plain, &clean(note), width));
    }
    lines
}

/// The table of cohorts with as many months as fit the width.
fn cohorts(run: &Run, shared: &Shared, width: usize) -> Vec<Line> {
    const MONTH: usize = 7;
    const CELL: usize = 7;
    let lang = shared.lang;
    let fit = width.saturating_sub(MONTH + 2 + CELL) / CELL;
    let months = cohort_months(&run.cohorts, fit);
    if months == 0 {
        return paragraph(Tone::Quiet, Word::CohortsNone.get(lang), width).collect();
    }
    let mut lines: Vec<Line> = paragraph(Tone::Plain, Word::CohortsWhat.get(lang), width).collect();
    lines.push(blank());
    let text = |cells: &[String]| {
        let mut text = format!("{}  ", pad_left(&cells[0], MONTH));
        cells[1..]
            .iter()
            .for_each(|cell| text.push_str(&pad_left(cell, CELL)));
        text
    };
    let mut heads = vec![
        Word::CohortMonth.get(lang).to_owned(),
        Word::CohortUsers.get(lang).to_owned(),
    ];
    heads.extend((1..=months).map(|month| format!("+{month}")));
    lines.push(line(Tone::Quiet, text(&heads)));
    let rows = run
        .cohorts
        .iter()
        .map(|cohort| line(Tone::Plain, text(&cohort.cells(months))));
    lines.extend(rows);
    lines
}
