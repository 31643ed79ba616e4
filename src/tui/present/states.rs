//! The lines around the panes, and the screens without a run.

use crate::tui::app::{App, Data, Pane, Status};
use crate::tui::keys::{Scope, hints};
use crate::tui::overlay::Overlay;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::clean;
use unicode_width::UnicodeWidthStr;

use super::overlays::trouble;
use super::{Row, paragraph};

const SPINNER: [&str; 8] = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇", "⠏", "⠉"];
const MEASURE: usize = 76;

/// A time of the catalog as people read it; what is no time is shown as it is.
pub(super) fn moment(rfc3339: &str) -> String {
    rfc3339.parse::<jiff::Timestamp>().map_or_else(
        |_| clean(rfc3339),
        |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// The first line: the program and as much about the run as fits.
#[must_use]
pub fn header(app: &App) -> Vec<(Tone, String)> {
    let mut pieces = vec![(Tone::Title, "Portray".to_owned())];
    let about = match app.run() {
        None => vec![app.place.clone()],
        Some(run) => {
            let mut about = vec![
                words::run(run.id, app.lang),
                moment(&run.created_at),
                words::customers(run.users, app.lang),
                run.rules.as_ref().map_or_else(
                    || words::clusters(run.k, app.lang),
                    |title| words::by_rule(&clean(title.get(app.lang)), run.k, app.lang),
                ),
            ];
            if let Some(silhouette) = run.silhouette {
                about.push(format!(
                    "{} {silhouette:.2}",
                    Word::Silhouette.get(app.lang)
                ));
            }
            about
        }
    };
    let mut room = usize::from(app.size.width).saturating_sub("Portray".len() + 2);
    for (index, part) in about.into_iter().enumerate() {
        let part = format!("{}{part}", if index == 0 { "  " } else { " · " });
        if index > 0 && part.width() > room {
            break;
        }
        room = room.saturating_sub(part.width());
        pieces.push((Tone::Plain, part));
    }
    pieces
}

/// The line above the keys: the filter being typed, work under way, or what happened last.
#[must_use]
pub fn status(app: &App) -> Vec<(Tone, String)> {
    if let Some(Overlay::Prompt { pane, .. }) = app.overlays.last() {
        let (word, filter) = match pane {
            Pane::List => (Word::Segments, &app.list_filter),
            Pane::Detail => (Word::Facts, &app.fact_filter),
        };
        let prompt = format!(
            "{} · {} /",
            word.get(app.lang),
            Word::HintFilter.get(app.lang)
        );
        return vec![(Tone::Key, prompt), (Tone::Plain, filter.clone())];
    }
    if app.jobs.busy() {
        return vec![(Tone::Plain, working(app))];
    }
    match app.status {
        Some(Status::Loaded(id)) => vec![(Tone::Good, words::loaded(id, app.lang))],
        Some(Status::NothingNew) => vec![(Tone::Plain, Word::NothingNew.get(app.lang).into())],
        None => Vec::new(),
    }
}

fn working(app: &App) -> String {
    format!(
        "{} {}",
        SPINNER[app.ticks % SPINNER.len()],
        Word::Loading.get(app.lang)
    )
}

/// The keys that matter here, with their words; where they don't all fit, the first are left out.
#[must_use]
pub fn footer(app: &App) -> Vec<(&'static str, &'static str)> {
    if app.scope() == Scope::Prompt {
        return vec![
            ("Enter", Word::HintKeep.get(app.lang)),
            ("Esc", Word::HintCancel.get(app.lang)),
        ];
    }
    let mut room = usize::from(app.size.width);
    let mut keys: Vec<_> = hints(app.scope())
        .map(|(key, word)| (key, word.get(app.lang)))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .take_while(|(key, word)| {
            let width = key.width() + word.width() + 3;
            let fits = width <= room;
            room = room.saturating_sub(width);
            fits
        })
        .collect();
    keys.reverse();
    keys
}

/// The body of a screen without a run.
#[must_use]
pub fn bare(app: &App, width: usize) -> Vec<Row> {
    let width = width.min(MEASURE);
    match &app.data {
        Data::Waiting | Data::Ready(_) => Vec::new(),
        Data::Failed(problem) => {
            let mut rows = vec![
                Row::text(Tone::Bad, Word::Trouble.get(app.lang)),
                Row::blank(),
            ];
            rows.extend(trouble(problem, app.lang, width));
            rows
        }
        Data::Empty => empty(app, width),
    }
}

fn empty(app: &App, width: usize) -> Vec<Row> {
    let text = |word: Word| paragraph(Tone::Plain, word.get(app.lang), width, 0);
    let mut rows = vec![
        Row::text(Tone::Title, Word::Empty.get(app.lang)),
        Row::blank(),
    ];
    rows.extend(text(Word::EmptyWhy));
    rows.extend(paragraph(Tone::Quiet, &app.place, width, 2));
    rows.push(Row::blank());
    rows.extend(text(Word::EmptyDemo));
    rows.push(Row::text(Tone::Key, "  portray demo"));
    rows.extend(text(Word::EmptyOwn));
    rows.push(Row::text(
        Tone::Key,
        "  portray run --events shop.csv --out report/",
    ));
    rows.push(Row::blank());
    rows.extend(text(Word::EmptyAgain));
    rows
}
