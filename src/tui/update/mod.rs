//! The one way in which the state changes. Nothing here reads, writes or waits.

mod asks;
mod hear;
mod mouse;
mod press;

use super::app::{App, End};
use super::message::{Cmd, Msg, Request};

/// Takes a message in and says what is to be done about it.
pub fn update(app: &mut App, msg: Msg) -> Vec<Cmd> {
    match msg {
        Msg::Start => app.shared.tasks.begin(Request::Load(None)),
        Msg::Key(key) => press::key(app, key),
        Msg::Paste(text) => press::paste(app, &text),
        Msg::Mouse(event) => mouse::mouse(app, event),
        Msg::Resize(width, height) => {
            app.shared.size = ratatui::layout::Size::new(width, height);
            app.dirty = true;
            Vec::new()
        }
        Msg::Job(id, event) => hear::hear(app, id, event),
        Msg::Tick => {
            app.shared.ticks = app.shared.ticks.wrapping_add(1);
            app.dirty |= app.is_moving();
            Vec::new()
        }
        Msg::Rested => {
            app.dirty |= app.is_restless();
            app.shared.rested = app.shared.selected;
            let asks = app.views.get_mut(app.view).rested(&app.shared);
            asks::all(app, asks)
        }
        Msg::Signal(signal) => end(app, End::Signal(signal)),
        Msg::InputLost(why) => end(app, End::InputLost(why)),
    }
}

fn end(app: &mut App, why: End) -> Vec<Cmd> {
    app.end.get_or_insert(why);
    Vec::new()
}
