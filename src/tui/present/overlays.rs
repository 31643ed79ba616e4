//! The text of the boxes over the panes.

use crate::records::Run;
use crate::tui::app::App;
use crate::tui::keys::BINDINGS;
use crate::tui::layout;
use crate::tui::overlay::Overlay;
use crate::tui::problem::Problem;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::tui::wrap::{pad, pad_left, wrap};
use crate::words::{Lang, clean, number};

use super::states::moment;
use super::{Row, paragraph};

const KEYS_WIDTH: usize = 16;

/// The title of the overlay on top.
#[must_use]
pub fn overlay_title(app: &App) -> &'static str {
    let word = match app.overlays.last() {
        Some(Overlay::Notes(_)) => Word::Notes,
        Some(Overlay::Cohorts(_)) => Word::Cohorts,
        Some(Overlay::Trouble(..)) => Word::Trouble,
        _ => Word::Help,
    };
    word.get(app.lang)
}

/// The rows of the overlay on top; none where none is a box.
#[must_use]
pub fn overlay(app: &App) -> Vec<Row> {
    let width = usize::from(layout::overlay_inside(layout::overlay(app.size, usize::MAX)).width);
    match app.overlays.last() {
        None | Some(Overlay::Prompt { .. }) => Vec::new(),
        Some(Overlay::Help(_)) => help(app.lang, width),
        Some(Overlay::Notes(_)) => app
            .run()
            .map_or_else(Vec::new, |run| notes(run, app.lang, width)),
        Some(Overlay::Cohorts(_)) => app
            .run()
            .map_or_else(Vec::new, |run| super::cohorts::table(run, app.lang, width)),
        Some(Overlay::Trouble(problem, _)) => trouble(problem, app.lang, width),
    }
}

fn help(lang: Lang, width: usize) -> Vec<Row> {
    let mut rows = vec![Row::text(Tone::Heading, Word::HelpKeys.get(lang))];
    rows.extend(BINDINGS.iter().map(|binding| {
        Row::Text(vec![
            (Tone::Key, pad(binding.shown, KEYS_WIDTH)),
            (Tone::Plain, binding.word.get(lang).into()),
        ])
    }));
    rows.push(Row::blank());
    rows.push(Row::text(Tone::Heading, Word::HelpTerms.get(lang)));
    for term in [
        Word::TermShare,
        Word::TermDifference,
        Word::TermTrait,
        Word::TermChecked,
        Word::TermSilhouette,
        Word::TermInertia,
    ] {
        rows.extend(paragraph(Tone::Plain, term.get(lang), width, 0));
    }
    rows
}

fn notes(run: &Run, lang: Lang, width: usize) -> Vec<Row> {
    const LABEL: usize = 12;
    let pair = |word: Word, text: &str| {
        let mut label = pad(word.get(lang), LABEL);
        wrap(text, width.saturating_sub(LABEL))
            .into_iter()
            .map(move |line| {
                let label = std::mem::replace(&mut label, " ".repeat(LABEL));
                Row::Text(vec![(Tone::Quiet, label), (Tone::Plain, line)])
            })
    };
    let input = run.input;
    let counts = [
        (input.events, Word::NoteEvents),
        (input.duplicates, Word::NoteDuplicates),
        (input.quarantined, Word::NoteQuarantined),
    ]
    .map(|(count, word)| format!("{} {}", words::count(count), word.get(lang)))
    .join(" + ");
    let made = format!("{} · {}", words::run(run.id, lang), moment(&run.created_at));
    let read = format!("{} = {counts}", words::count(input.rows_read));
    let mut rows: Vec<_> = pair(Word::NoteMade, &made)
        .chain(pair(Word::NoteSeed, &run.seed.to_string()))
        .chain(pair(Word::NoteUsers, &words::count(run.users)))
        .chain(pair(Word::NoteRead, &read))
        .collect();
    if let Some(sums) = &run.reconciliation {
        rows.push(Row::blank());
        let currency = run.currency.as_deref();
        rows.extend(super::reconciliation::sums(sums, currency, lang));
    }
    rows.push(Row::blank());
    rows.push(Row::text(Tone::Heading, Word::NoteCandidates.get(lang)));
    rows.extend(candidates(run, lang));
    rows.push(Row::blank());
    rows.push(Row::text(Tone::Heading, Word::NoteDecisions.get(lang)));
    if run.notes.is_empty() {
        rows.push(Row::text(Tone::Quiet, Word::NoteNone.get(lang)));
    }
    for note in &run.notes {
        rows.extend(paragraph(Tone::Plain, &clean(note), width, 0));
    }
    rows
}

fn candidates(run: &Run, lang: Lang) -> Vec<Row> {
    if run.candidates.is_empty() {
        return vec![Row::text(Tone::Quiet, Word::NoteNone.get(lang))];
    }
    let line = |k: &str, silhouette: &str, inertia: &str| {
        format!(
            "{}  {}  {}",
            pad_left(k, 4),
            pad_left(silhouette, 12),
            pad_left(inertia, 14)
        )
    };
    let heads = line("k", Word::Silhouette.get(lang), Word::Inertia.get(lang));
    let mut rows = vec![Row::text(Tone::Quiet, heads)];
    rows.extend(run.candidates.iter().map(|tried| {
        let silhouette = tried
            .silhouette
            .map_or_else(|| "–".into(), |value| format!("{value:.3}"));
        let text = line(&tried.k.to_string(), &silhouette, &number(tried.inertia));
        if tried.k == run.k {
            Row::Text(vec![
                (Tone::Title, text),
                (Tone::Good, format!("  ← {}", Word::NoteChosen.get(lang))),
            ])
        } else {
            Row::text(Tone::Plain, text)
        }
    }));
    rows
}

/// A failure and its mend, in a box or on a screen of its own.
pub(super) fn trouble(problem: &Problem, lang: Lang, width: usize) -> Vec<Row> {
    let (message, why, mend) = match problem {
        Problem::Error { message, mend } => (message, None, mend.as_str()),
        Problem::Panic(text) => (text, Some(Word::Bug.get(lang)), Word::BugMend.get(lang)),
    };
    let mut rows: Vec<_> = paragraph(Tone::Plain, message, width, 0).collect();
    if let Some(why) = why {
        rows.extend(paragraph(Tone::Plain, why, width, 0));
    }
    rows.push(Row::blank());
    rows.push(Row::text(Tone::Heading, Word::Mend.get(lang)));
    if !mend.is_empty() {
        rows.extend(paragraph(Tone::Plain, mend, width, 0));
    }
    if why.is_none() {
        rows.extend(paragraph(Tone::Plain, Word::TryAgain.get(lang), width, 0));
    }
    rows
}
