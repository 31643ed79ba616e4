//! What views ask for, done.

use super::end;
use crate::tui::app::{App, End};
use crate::tui::ask::{Ask, Said};
use crate::tui::message::Cmd;
use crate::tui::overlay::Overlay;
use crate::tui::views::ViewId;
use crate::tui::words::Word;

/// Most views that the way back remembers.
const TRAIL: usize = 32;

pub(super) fn all(app: &mut App, asks: Vec<Ask>) -> Vec<Cmd> {
    asks.into_iter().flat_map(|ask| one(app, ask)).collect()
}

fn one(app: &mut App, ask: Ask) -> Vec<Cmd> {
    app.dirty = true;
    match ask {
        Ask::Start(request) => {
            if request.is_job() && app.shared.tasks.job().is_some() {
                let text = Word::OneJob.get(app.shared.lang).to_owned();
                app.shared.said = Some(Said::Warning(text));
                return Vec::new();
            }
            app.views.begun(&request);
            app.shared.tasks.begin(request)
        }
        Ask::Cancel(id) => app.shared.tasks.cancel(id),
        Ask::Go(view) => go(app, view),
        Ask::Open(overlay) => {
            app.overlays.push(overlay);
            Vec::new()
        }
        Ask::Select(segment) => {
            app.shared.selected = Some(segment);
            Vec::new()
        }
        Ask::User(pseudonym) => {
            let asks = app.views.users.open(&pseudonym, &app.shared);
            let mut commands = go(app, ViewId::Users);
            commands.extend(all(app, asks));
            commands
        }
        Ask::Say(said) => {
            app.shared.said = Some(said);
            Vec::new()
        }
        Ask::Quit => end(app, End::Asked),
    }
}

/// Shows a view; the one before is the way back.
pub(super) fn go(app: &mut App, view: ViewId) -> Vec<Cmd> {
    if view == app.view {
        return Vec::new();
    }
    if app.trail.len() == TRAIL {
        app.trail.remove(0);
    }
    app.trail.push(app.view);
    enter(app, view)
}

/// The view before; gives whether there was one.
pub(super) fn back(app: &mut App) -> Option<Vec<Cmd>> {
    let before = app.trail.pop().or_else(|| {
        let home = ViewId::Segments;
        (app.view != home).then_some(home)
    })?;
    Some(enter(app, before))
}

fn enter(app: &mut App, view: ViewId) -> Vec<Cmd> {
    app.view = view;
    app.shared.rested = app.shared.selected;
    let asks = app.views.get_mut(view).enter(&app.shared);
    all(app, asks)
}

/// Asks before something is done.
pub(super) fn confirm(app: &mut App, question: String, yes: Ask) {
    app.overlays.push(Overlay::Confirm {
        question,
        yes: Box::new(yes),
    });
}
