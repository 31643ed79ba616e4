//! What keys do.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::asks::{all, back, confirm, go};
use super::end;
use crate::tui::app::{App, End};
use crate::tui::ask::{Ask, Said, Typing};
use crate::tui::field::{Field, Typed};
use crate::tui::keys::{Action, Stroke};
use crate::tui::message::{Cmd, Request};
use crate::tui::overlay::{Overlay, Page};
use crate::tui::palette;
use crate::tui::scroll::Scroll;
use crate::tui::views::ViewId;
use crate::tui::words::Word;
use crate::words::Lang;

/// Longest text that finds an action.
const LONGEST_SEARCH: usize = 60;

pub(super) fn key(app: &mut App, key: KeyEvent) -> Vec<Cmd> {
    let (escape, key) = part(key);
    let mut commands = escape.map_or_else(Vec::new, |escape| press(app, escape));
    commands.extend(press(app, key));
    commands
}

/// Escape and a key after it, sent as one over a slow line, look like that key with Alt. No key of this
/// program takes Alt, so they are parted again.
fn part(key: KeyEvent) -> (Option<KeyEvent>, KeyEvent) {
    if !key.modifiers.contains(KeyModifiers::ALT) {
        return (None, key);
    }
    let escape = KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE);
    (
        Some(escape),
        KeyEvent {
            modifiers: key.modifiers - KeyModifiers::ALT,
            ..key
        },
    )
}

/// Whether this is control and `c`, which leaves from anywhere, whatever is bound.
fn is_interrupt(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL)
}

fn press(app: &mut App, key: KeyEvent) -> Vec<Cmd> {
    app.dirty = true;
    app.shared.said = None;
    if is_interrupt(key) {
        // A second time it does not ask.
        let asked = matches!(app.overlays.last(), Some(Overlay::Confirm { .. }));
        return if asked {
            end(app, End::Asked)
        } else {
            quit(app)
        };
    }
    if let Some(top) = app.overlays.pop() {
        return over(app, top, key);
    }
    if app.views.get(app.view).is_typing() {
        let asks = app.views.get_mut(app.view).typed(key, &app.shared);
        return all(app, asks);
    }
    let action = app
        .shared
        .keymap
        .action(Stroke::of(key), app.view, app.shared.is_bare());
    match action {
        Some(action) => act(app, action),
        None => Vec::new(),
    }
}

/// Text that came at once.
pub(super) fn paste(app: &mut App, text: &str) -> Vec<Cmd> {
    app.dirty = true;
    match app.overlays.last_mut() {
        Some(Overlay::Prompt(prompt)) => {
            prompt.field.insert(text);
            let (purpose, text) = (prompt.purpose, prompt.field.text().to_owned());
            if purpose.is_live() {
                return prompted(app, purpose, &text, Typing::Live);
            }
            Vec::new()
        }
        Some(Overlay::Palette(field, _)) => {
            field.insert(text);
            Vec::new()
        }
        Some(_) => Vec::new(),
        None => {
            let asks = app.views.get_mut(app.view).pasted(text, &app.shared);
            all(app, asks)
        }
    }
}

fn prompted(app: &mut App, purpose: crate::tui::ask::Purpose, text: &str, how: Typing) -> Vec<Cmd> {
    let asks = app
        .views
        .get_mut(app.view)
        .prompted(purpose, text, how, &app.shared);
    all(app, asks)
}

/// A key while something lies over the view; what was on top is put back unless it closes.
fn over(app: &mut App, top: Overlay, key: KeyEvent) -> Vec<Cmd> {
    match top {
        Overlay::Prompt(mut prompt) => {
            let purpose = prompt.purpose;
            match prompt.field.press(key) {
                Typed::Done => prompted(app, purpose, prompt.field.text(), Typing::Done),
                Typed::Left => prompted(app, purpose, &prompt.before, Typing::GivenUp),
                typed => {
                    let text = prompt.field.text().to_owned();
                    app.overlays.push(Overlay::Prompt(prompt));
                    if typed == Typed::Changed && purpose.is_live() {
                        return prompted(app, purpose, &text, Typing::Live);
                    }
                    Vec::new()
                }
            }
        }
        Overlay::Confirm { question, yes } => match key.code {
            KeyCode::Enter | KeyCode::Char('y' | 'Y') => all(app, vec![*yes]),
            KeyCode::Esc | KeyCode::Char('n' | 'N' | 'q') => Vec::new(),
            _ => {
                app.overlays.push(Overlay::Confirm { question, yes });
                Vec::new()
            }
        },
        Overlay::Palette(field, scroll) => search(app, field, scroll, key),
        Overlay::Page(page, scroll) => turn(app, page, scroll, key),
    }
}

fn search(app: &mut App, mut field: Field, scroll: Scroll, key: KeyEvent) -> Vec<Cmd> {
    let action = match key.code {
        KeyCode::Up => Some(Action::Up),
        KeyCode::Down | KeyCode::Tab => Some(Action::Down),
        KeyCode::PageUp => Some(Action::PageUp),
        KeyCode::PageDown => Some(Action::PageDown),
        _ => None,
    };
    if let Some(action) = action {
        scroll.step(action);
        app.overlays.push(Overlay::Palette(field, scroll));
        return Vec::new();
    }
    match field.press(key) {
        Typed::Left => Vec::new(),
        Typed::Done => {
            let found = palette::find(field.text(), app.view, &app.shared);
            match found.get(scroll.at()) {
                Some(binding) => act(app, binding.action),
                None => Vec::new(),
            }
        }
        typed => {
            if typed == Typed::Changed {
                scroll.go(0);
            }
            app.overlays.push(Overlay::Palette(field, scroll));
            Vec::new()
        }
    }
}

fn turn(app: &mut App, page: Page, scroll: Scroll, key: KeyEvent) -> Vec<Cmd> {
    let action = app.shared.keymap.action(Stroke::of(key), app.view, false);
    let same = match (action, &page) {
        (Some(Action::Help), Page::Help)
        | (Some(Action::Notes), Page::Notes)
        | (Some(Action::Cohorts), Page::Cohorts)
        | (Some(Action::Back | Action::Quit | Action::Open), _) => true,
        (Some(Action::CommandLine), Page::Text(_, lines)) => {
            let text: Vec<&str> = lines.iter().map(|line| line.1.as_str()).collect();
            let text = text.join("\n");
            let copied = Word::CopiedText.get(app.shared.lang);
            app.shared.said = Some(Said::Good(copied.to_owned()));
            app.overlays.push(Overlay::Page(page, scroll));
            return vec![Cmd::Copy(text)];
        }
        (Some(Action::Reload), Page::Trouble(_)) => return act(app, Action::Reload),
        _ => false,
    };
    if same {
        return Vec::new();
    }
    let moved = action.is_some_and(|action| scroll.step(action));
    app.overlays.push(Overlay::Page(page, scroll));
    match action {
        Some(
            action @ (Action::Help
            | Action::Notes
            | Action::Cohorts
            | Action::Language
            | Action::Suspend),
        ) if !moved => act(app, action),
        _ => Vec::new(),
    }
}

/// Does what an action asks for.
pub(super) fn act(app: &mut App, action: Action) -> Vec<Cmd> {
    let lang = app.shared.lang;
    if let Some(view) = ViewId::shown_by(action) {
        return go(app, view);
    }
    match action {
        Action::Quit => quit(app),
        Action::Suspend => vec![Cmd::Suspend],
        Action::Help => open(app, Page::Help),
        Action::Notes if app.shared.run().is_some() => open(app, Page::Notes),
        Action::Cohorts if app.shared.run().is_some() => open(app, Page::Cohorts),
        Action::Palette => {
            let field = Field::new("", LONGEST_SEARCH);
            app.overlays
                .push(Overlay::Palette(field, Scroll::default()));
            Vec::new()
        }
        Action::Language => {
            app.shared.lang = match lang {
                Lang::En => Lang::Zh,
                Lang::Zh => Lang::En,
            };
            let name = Word::OwnName.get(app.shared.lang).to_owned();
            app.shared.said = Some(Said::Plain(name));
            // The run's texts are of the language that it was read in.
            app.shared.tasks.begin(Request::Load(pinned(app)))
        }
        Action::Mouse => {
            app.shared.mouse = !app.shared.mouse;
            let word = if app.shared.mouse {
                Word::MouseOn
            } else {
                Word::MouseOff
            };
            app.shared.said = Some(Said::Plain(word.get(lang).to_owned()));
            vec![Cmd::Mouse(app.shared.mouse)]
        }
        Action::Reload => {
            let mut commands = app.shared.tasks.begin(Request::Load(pinned(app)));
            let asks = app.views.get_mut(app.view).reload(&app.shared);
            commands.extend(all(app, asks));
            commands
        }
        Action::CommandLine => {
            let command = app.views.get(app.view).command(&app.shared);
            app.shared.said = Some(Said::Good(format!("{}  {command}", Word::Copied.get(lang))));
            vec![Cmd::Copy(command)]
        }
        Action::Demo => all(app, vec![Ask::Start(Request::Demo), Ask::Go(ViewId::Jobs)]),
        Action::Back if !app.views.get_mut(app.view).back(&app.shared) => {
            back(app).unwrap_or_default()
        }
        Action::Back => Vec::new(),
        action => {
            let asks = app.views.get_mut(app.view).act(action, &app.shared);
            all(app, asks)
        }
    }
}

/// The run to read again: the one that a person opened, else the newest.
pub(super) fn pinned(app: &App) -> Option<i64> {
    let run = app.shared.run()?;
    app.shared.is_pinned.then_some(run.id)
}

fn open(app: &mut App, page: Page) -> Vec<Cmd> {
    let same = |overlay: &Overlay| matches!(overlay, Overlay::Page(other, _) if *other == page);
    app.overlays.retain(|overlay| !same(overlay));
    app.overlays.push(Overlay::Page(page, Scroll::default()));
    Vec::new()
}

/// Leaves, and asks first where a job runs.
fn quit(app: &mut App) -> Vec<Cmd> {
    if app.shared.tasks.job().is_none() {
        return end(app, End::Asked);
    }
    let question = Word::QuitJob.get(app.shared.lang).to_owned();
    confirm(app, question, Ask::Quit);
    Vec::new()
}
