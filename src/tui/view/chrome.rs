//! The lines around the view, and the screens without a run.

use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use crate::tui::app::App;
use crate::tui::ask::Said;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::keys::{Action, BINDINGS};
use crate::tui::lines::{Line, blank, line, paragraph};
use crate::tui::overlay::Overlay;
use crate::tui::shared::Data;
use crate::tui::theme::Tone;
use crate::tui::views::{VIEWS, ViewId};
use crate::tui::words::{self, Word};
use crate::words::clean;

const SPINNER: [&str; 8] = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇", "⠏", "⠉"];
/// Longest line of a screen without a run.
const MEASURE: usize = 76;

/// The names of the views with their keys; as much about the run as there is room for.
pub(super) fn tabs(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = app.shared.lang;
    let names: Vec<String> = VIEWS
        .iter()
        .map(|view| view.2.get(lang).to_owned())
        .collect();
    let keys: Vec<String> = VIEWS
        .iter()
        .map(|view| app.shared.keymap.first(view.1))
        .collect();
    let widths = |blank: usize| -> usize {
        let each = names.iter().zip(&keys);
        each.map(|(name, key)| name.width() + key.width() + 1 + blank)
            .sum()
    };
    let room = usize::from(area.width);
    let blank = if widths(2) <= room { " " } else { "" };
    // Where they do not all fit, only the one shown has its name.
    let all = widths(0) <= room;
    let mut offset = 0;
    for ((view, name), key) in VIEWS.iter().zip(&names).zip(&keys) {
        let here = view.0 == app.view;
        let from = offset;
        offset = canvas.text(area, offset, Tone::Key, &format!("{blank}{key}"));
        let text = if all || here {
            format!("{name}{blank}")
        } else {
            " ".to_owned()
        };
        offset = canvas.text(area, offset, Tone::Quiet, &text);
        let place = Rect {
            x: area.x + from,
            width: offset - from,
            ..area
        };
        if here {
            canvas.paint(place, Tone::Selected);
        }
        canvas.hits.push((place, Hit::View(view.0)));
        offset += 1;
    }
    let about = about(app, room.saturating_sub(usize::from(offset) + 2));
    let width = u16::try_from(about.width()).unwrap_or(0);
    canvas.text(
        area,
        area.width.saturating_sub(width + 1),
        Tone::Plain,
        &about,
    );
}

/// About the run in so many cells: the parts that fit.
fn about(app: &App, room: usize) -> String {
    let lang = app.shared.lang;
    let parts = match app.shared.run() {
        None => vec!["Portray".to_owned(), app.shared.place.clone()],
        Some(run) => vec![
            words::run(run.id, lang),
            words::customers(run.users, lang),
            words::parts(run, lang),
            words::moment(&run.created_at),
        ],
    };
    let mut text = String::new();
    for part in parts {
        let glue = if text.is_empty() { "" } else { " · " };
        if text.width() + glue.width() + part.width() > room {
            break;
        }
        text = format!("{text}{glue}{part}");
    }
    text
}

/// What is typed, what is under way, what happened last, else what the run is.
pub(super) fn said(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let area = inset(area);
    if let Some(Overlay::Prompt(prompt)) = app.overlays.last()
        && !prompt.purpose.is_long()
    {
        let at = canvas.text(area, 0, Tone::Key, &format!("{} › ", prompt.title));
        let room = usize::from(area.width.saturating_sub(at));
        let (text, cursor) = prompt.field.line(room);
        canvas.text(area, at, Tone::Plain, &text);
        let column = at + u16::try_from(cursor).unwrap_or(0);
        canvas.cursor = Some(Position::new(
            (area.x + column).min(area.right().saturating_sub(1)),
            area.y,
        ));
        return;
    }
    let lang = app.shared.lang;
    let pieces = match (&app.shared.said, app.shared.tasks.job()) {
        (Some(said), _) => {
            let (tone, text) = match said {
                Said::Good(text) => (Tone::Good, text),
                Said::Plain(text) => (Tone::Plain, text),
                Said::Warning(text) => (Tone::Warning, text),
            };
            line(tone, text.clone())
        }
        (None, Some(job)) => {
            let spinner = SPINNER[app.shared.ticks % SPINNER.len()];
            let mut text = format!("{spinner} {}", words::request(&job.request, lang));
            if let Some(stage) = job.stage {
                text += &format!(" · {}", words::stage(stage, job.done, job.total, lang));
            }
            if let Some(left) = job.left() {
                text += &format!(" · {}", words::left(left, lang));
            }
            line(Tone::Plain, text)
        }
        (None, None) if app.shared.tasks.is_busy() => line(Tone::Quiet, Word::Reading.get(lang)),
        (None, None) => line(Tone::Quiet, about(app, usize::from(area.width))),
    };
    canvas.pieces(area, &pieces);
}

/// The keys that matter here, with their words; where they don't all fit, the first are left out.
pub(super) fn keys(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let area = inset(area);
    let lang = app.shared.lang;
    let fixed = |pairs: &[(&str, Word)]| -> Vec<(String, &'static str)> {
        pairs
            .iter()
            .map(|(key, word)| ((*key).to_owned(), word.get(lang)))
            .collect()
    };
    let hints = match app.overlays.last() {
        Some(Overlay::Prompt(prompt)) if prompt.purpose.is_long() => fixed(&[
            ("Enter", Word::HintKeep),
            ("^J", Word::HintBreak),
            ("Esc", Word::HintCancel),
        ]),
        Some(Overlay::Prompt(_)) => fixed(&[("Enter", Word::HintKeep), ("Esc", Word::HintCancel)]),
        Some(Overlay::Confirm { .. }) => fixed(&[("y", Word::HintYes), ("n", Word::HintNo)]),
        Some(Overlay::Palette(..)) => fixed(&[
            ("↑↓", Word::HintMove),
            ("Enter", Word::HintDo),
            ("Esc", Word::HintCancel),
        ]),
        Some(Overlay::Page(..)) => fixed(&[("↑↓", Word::HintMove), ("Esc", Word::HintBack)]),
        None if app.views.get(app.view).is_typing() => fixed(&[
            ("Enter", Word::HintRun),
            ("Tab", Word::HintComplete),
            ("↑↓", Word::HintHistory),
            ("^J", Word::HintBreak),
            ("Esc", Word::HintLeave),
        ]),
        None => {
            let needs = app.shared.run().is_none() && app.view.needs_run();
            BINDINGS
                .iter()
                .filter(|binding| binding.holds(app.view, app.shared.is_bare()))
                .filter(|binding| !is_idle(binding.action, app.view))
                .filter(|binding| {
                    !(needs
                        && matches!(
                            binding.action,
                            Action::SwitchPane | Action::Open | Action::CommandLine
                        ))
                })
                .filter(|binding| !(needs && binding.is_own() && binding.action != Action::Demo))
                .filter_map(|binding| {
                    let key = app.shared.keymap.first(binding.action);
                    Some((key, binding.hint(lang)?)).filter(|hint| !hint.0.is_empty())
                })
                .collect()
        }
    };
    let mut room = usize::from(area.width);
    let mut shown: Vec<_> = hints
        .into_iter()
        .rev()
        .take_while(|(key, word)| {
            let width = key.width() + word.width() + 3;
            let fits = width <= room + 2;
            room = room.saturating_sub(width);
            fits
        })
        .collect();
    shown.reverse();
    let mut offset = 0;
    for (key, word) in shown {
        offset = canvas.text(area, offset, Tone::Key, &key);
        offset = canvas.text(area, offset + 1, Tone::Quiet, word) + 2;
    }
}

/// Whether an action that every view could take is of no use in this one.
fn is_idle(action: Action, view: ViewId) -> bool {
    match action {
        Action::SwitchPane => matches!(view, ViewId::Map | ViewId::Choice | ViewId::Data),
        Action::Open => matches!(view, ViewId::Choice | ViewId::Data | ViewId::Jobs),
        _ => false,
    }
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    }
}

/// The body of a screen without a run.
pub(super) fn bare(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let body = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(1),
    };
    let width = usize::from(body.width).min(MEASURE);
    let lang = app.shared.lang;
    let lines = match &app.shared.data {
        Data::Waiting | Data::Ready(_) => vec![line(Tone::Quiet, Word::Reading.get(lang))],
        Data::Failed(problem) => {
            let mut lines = vec![line(Tone::Bad, Word::Trouble.get(lang)), blank()];
            lines.extend(paragraph(Tone::Plain, problem.message(), width));
            lines.push(blank());
            lines.push(line(Tone::Heading, Word::Mend.get(lang)));
            lines.extend(paragraph(Tone::Plain, problem.mend(lang), width));
            lines.push(line(Tone::Plain, Word::TryAgain.get(lang)));
            lines
        }
        Data::Empty => empty(app, width),
    };
    canvas.lines(body, &lines);
}

/// What to do with a workspace that holds nothing: three ways, each with its key.
fn empty(app: &App, width: usize) -> Vec<Line> {
    let lang = app.shared.lang;
    let key = |action| app.shared.keymap.first(action);
    let way = |action, word: Word| {
        vec![
            (Tone::Key, format!("  {}  ", key(action))),
            (Tone::Plain, word.get(lang).to_owned()),
        ]
    };
    let mut lines = vec![line(Tone::Title, Word::Empty.get(lang))];
    lines.extend(paragraph(Tone::Quiet, &clean(&app.shared.place), width));
    lines.push(blank());
    lines.push(way(Action::Demo, Word::EmptyDemo));
    lines.push(way(Action::ShowImport, Word::EmptyOwn));
    lines.push(way(Action::Reload, Word::EmptyAgain));
    lines.push(blank());
    lines.extend(paragraph(Tone::Quiet, Word::EmptyShell.get(lang), width));
    lines.push(line(
        Tone::Quiet,
        "  portray run --events shop.csv --out report/",
    ));
    lines
}
