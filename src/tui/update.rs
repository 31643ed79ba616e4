//! The one way in which the state changes. Nothing here reads, writes or waits.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;

use super::app::{App, Data, End, Pane, Status};
use super::keys::{Action, action, is_interrupt};
use super::layout;
use super::message::{Cmd, JobEvent, JobId, Msg, Outcome, Request};
use super::overlay::Overlay;
use super::present;
use super::problem::Problem;
use crate::records::Run;
use crate::words::{Lang, clean};

const LONGEST_FILTER: usize = 60;

/// Takes a message in and says what is to be done about it.
pub fn update(app: &mut App, msg: Msg) -> Vec<Cmd> {
    let commands = match msg {
        Msg::Start => app.jobs.begin(Request::Load),
        Msg::Key(key) => {
            let (escape, key) = part(key);
            let mut commands = escape.map_or_else(Vec::new, |escape| press(app, escape));
            commands.extend(press(app, key));
            commands
        }
        Msg::Resize(width, height) => {
            app.size = Size::new(width, height);
            app.dirty = true;
            Vec::new()
        }
        Msg::Job(id, event) => {
            hear(app, id, event);
            Vec::new()
        }
        Msg::Tick => {
            app.ticks = app.ticks.wrapping_add(1);
            app.dirty |= app.is_moving();
            Vec::new()
        }
        Msg::Signal(signal) => end(app, End::Signal(signal)),
        Msg::InputLost(why) => end(app, End::InputLost(why)),
    };
    settle(app);
    commands
}

fn end(app: &mut App, why: End) -> Vec<Cmd> {
    app.end.get_or_insert(why);
    Vec::new()
}

fn hear(app: &mut App, id: JobId, event: JobEvent) {
    if !app.jobs.wants(id) {
        return;
    }
    app.dirty = true;
    match event {
        JobEvent::Progress(_) => {}
        JobEvent::Done(Outcome::Loaded(run)) => {
            app.jobs.end(id);
            show(app, run);
        }
        JobEvent::Failed(problem) => {
            app.jobs.end(id);
            fail(app, problem);
        }
    }
}

fn show(app: &mut App, run: Option<Box<Run>>) {
    app.status = match (&app.data, &run) {
        (Data::Ready(old), Some(new)) if old == new => Some(Status::NothingNew),
        (Data::Ready(_), Some(new)) => Some(Status::Loaded(new.id)),
        _ => None,
    };
    if app.run().map(|run| run.id) != run.as_ref().map(|run| run.id) {
        app.selected = None;
        app.detail_top = 0;
    }
    app.data = run.map_or(Data::Empty, Data::Ready);
}

fn fail(app: &mut App, problem: Problem) {
    if app.run().is_some() {
        app.overlays
            .retain(|overlay| !matches!(overlay, Overlay::Trouble(..)));
        app.overlays.push(Overlay::Trouble(problem, 0));
    } else {
        app.data = Data::Failed(problem);
    }
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

fn press(app: &mut App, key: KeyEvent) -> Vec<Cmd> {
    app.dirty = true;
    app.status = None;
    if is_interrupt(key) {
        return end(app, End::Asked);
    }
    match app.overlays.last() {
        Some(Overlay::Prompt { pane, .. }) => {
            let pane = *pane;
            type_filter(app, pane, key);
            Vec::new()
        }
        Some(_) => action(key).map_or_else(Vec::new, |action| act_on_overlay(app, action)),
        None => action(key).map_or_else(Vec::new, |action| act(app, action)),
    }
}

fn type_filter(app: &mut App, pane: Pane, key: KeyEvent) {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Enter => {
            app.overlays.pop();
        }
        KeyCode::Esc => {
            if let Some(Overlay::Prompt { before, .. }) = app.overlays.pop() {
                *app.filter(pane) = before;
            }
        }
        KeyCode::Backspace => {
            app.filter(pane).pop();
        }
        KeyCode::Char('u') if control => app.filter(pane).clear(),
        KeyCode::Char(c) if !control => {
            let typed = clean(c.encode_utf8(&mut [0; 4]));
            let filter = app.filter(pane);
            if filter.chars().count() < LONGEST_FILTER {
                filter.push_str(&typed);
            }
        }
        _ => {}
    }
    if pane == Pane::Detail {
        app.detail_top = 0;
    }
}

fn act_on_overlay(app: &mut App, action: Action) -> Vec<Cmd> {
    let page = overlay_page(app);
    let top = app.overlays.last_mut().and_then(Overlay::scroll);
    match (action, top) {
        (Action::Back | Action::Quit | Action::Open, _) => {
            app.overlays.pop();
        }
        (Action::Help, _) => toggle(app, &Overlay::Help(0)),
        (Action::Notes, _) => toggle(app, &Overlay::Notes(0)),
        (Action::Cohorts, _) => toggle(app, &Overlay::Cohorts(0)),
        (Action::Language, _) => switch_language(app),
        (Action::Suspend, _) => return vec![Cmd::Suspend],
        (Action::Reload, _) => {
            app.overlays.pop();
            return app.jobs.begin(Request::Load);
        }
        (action, Some(top)) => *top = moved(*top, action, page),
        _ => {}
    }
    Vec::new()
}

/// Closes the overlay where it is on top, else lays it there, once.
fn toggle(app: &mut App, overlay: &Overlay) {
    let same = |other: &Overlay| std::mem::discriminant(other) == std::mem::discriminant(overlay);
    let on_top = app.overlays.last().is_some_and(same);
    app.overlays.retain(|other| !same(other));
    if !on_top {
        app.overlays.push(overlay.clone());
    }
}

fn act(app: &mut App, action: Action) -> Vec<Cmd> {
    match action {
        Action::Quit => return end(app, End::Asked),
        Action::Suspend => return vec![Cmd::Suspend],
        Action::Reload => return app.jobs.begin(Request::Load),
        Action::Language => switch_language(app),
        Action::Help => toggle(app, &Overlay::Help(0)),
        _ if app.run().is_some() => act_on_run(app, action),
        _ => {}
    }
    Vec::new()
}

fn act_on_run(app: &mut App, action: Action) {
    match action {
        Action::Notes => toggle(app, &Overlay::Notes(0)),
        Action::Cohorts => toggle(app, &Overlay::Cohorts(0)),
        Action::Sort => app.sort = app.sort.next(),
        Action::Filter => {
            let pane = app.pane;
            let before = app.filter(pane).clone();
            app.overlays.push(Overlay::Prompt { pane, before });
        }
        Action::SwitchPane if !app.full => {
            app.pane = if app.pane == Pane::List {
                Pane::Detail
            } else {
                Pane::List
            };
        }
        Action::Open => {
            app.pane = Pane::Detail;
            app.full = true;
        }
        Action::Back => back(app),
        Action::Previous => select(app, Action::Up),
        Action::Next => select(app, Action::Down),
        action if app.pane == Pane::List => select(app, action),
        action => {
            let page = usize::from(layout::inside(app.areas().detail).height);
            app.detail_top = moved(app.detail_top, action, page);
        }
    }
}

fn back(app: &mut App) {
    let pane = app.pane;
    if !app.filter(pane).is_empty() {
        app.filter(pane).clear();
    } else if app.full {
        app.full = false;
        app.pane = Pane::List;
    } else {
        app.pane = Pane::List;
    }
}

fn select(app: &mut App, action: Action) {
    let page = app
        .areas()
        .list
        .map_or(0, |list| usize::from(layout::list_rows(list).height));
    let ids: Vec<_> = present::visible(app)
        .iter()
        .map(|segment| segment.id)
        .collect();
    let at = ids
        .iter()
        .position(|id| Some(*id) == app.selected)
        .unwrap_or(0);
    let to = moved(at, action, page).min(ids.len().saturating_sub(1));
    let chosen = ids.get(to).copied();
    if chosen != app.selected {
        app.selected = chosen;
        app.detail_top = 0;
    }
}

fn switch_language(app: &mut App) {
    app.lang = match app.lang {
        Lang::En => Lang::Zh,
        Lang::Zh => Lang::En,
    };
}

/// A position after a movement; the end is cut to what there is by `settle`.
fn moved(at: usize, action: Action, page: usize) -> usize {
    let page = page.saturating_sub(1).max(1);
    match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => at.saturating_add(1),
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => at.saturating_add(page),
        Action::First => 0,
        Action::Last => usize::MAX,
        _ => at,
    }
}

fn overlay_page(app: &App) -> usize {
    let lines = present::overlay(app).len();
    usize::from(layout::overlay_inside(layout::overlay(app.size, lines)).height)
}

/// Brings the selection and every scroll position back into what there is.
fn settle(app: &mut App) {
    let ids: Vec<_> = present::visible(app)
        .iter()
        .map(|segment| segment.id)
        .collect();
    let at = ids.iter().position(|id| Some(*id) == app.selected);
    if at.is_none() {
        app.selected = ids.first().copied();
        app.detail_top = 0;
    }
    let areas = app.areas();
    if let Some(list) = areas.list {
        let rows = usize::from(layout::list_rows(list).height).max(1);
        let at = at.unwrap_or(0);
        app.list_top = app
            .list_top
            .clamp((at + 1).saturating_sub(rows), at)
            .min(ids.len().saturating_sub(rows));
    }
    let detail = layout::inside(areas.detail);
    let lines = present::detail(app, usize::from(detail.width)).len();
    app.detail_top = app
        .detail_top
        .min(lines.saturating_sub(usize::from(detail.height)));

    let lines = present::overlay(app).len();
    let page = overlay_page(app);
    if let Some(top) = app.overlays.last_mut().and_then(Overlay::scroll) {
        *top = (*top).min(lines.saturating_sub(page));
    }
}
