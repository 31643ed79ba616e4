//! What the mouse does: a click is a key with a place, the wheel turns what it stands over.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::asks::{all, go};
use crate::tui::app::App;
use crate::tui::canvas::Hit;
use crate::tui::message::Cmd;
use crate::tui::overlay::Overlay;

/// Lines that a step of the wheel moves.
const WHEEL: isize = 3;

pub(super) fn mouse(app: &mut App, event: MouseEvent) -> Vec<Cmd> {
    let wheel = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => None,
        MouseEventKind::ScrollUp => Some(-WHEEL),
        MouseEventKind::ScrollDown => Some(WHEEL),
        _ => return Vec::new(),
    };
    app.dirty = true;
    if let Some(Overlay::Page(_, scroll) | Overlay::Palette(_, scroll)) = app.overlays.last() {
        match wheel {
            Some(lines) => scroll.wheel(lines),
            None => {
                app.overlays.pop();
            }
        }
        return Vec::new();
    }
    if !app.overlays.is_empty() {
        return Vec::new();
    }
    let at = Position::new(event.column, event.row);
    // What was drawn last lies on top.
    let hit = app
        .hits
        .borrow()
        .iter()
        .rev()
        .find(|hit| hit.0.contains(at))
        .map(|hit| (hit.0, hit.1));
    let asks = match (hit, wheel) {
        (Some((_, Hit::View(view))), None) => return go(app, view),
        (Some((_, Hit::Line(pane, line))), None) => {
            app.views.get_mut(app.view).click(pane, line, &app.shared)
        }
        (Some((area, Hit::Pane(pane))), None) => {
            let place = (event.column - area.x, event.row - area.y);
            app.views
                .get_mut(app.view)
                .click_at(pane, place, &app.shared)
        }
        (Some((_, Hit::Line(pane, _) | Hit::Pane(pane))), Some(lines)) => {
            app.views.get_mut(app.view).wheel(pane, lines, &app.shared)
        }
        _ => Vec::new(),
    };
    all(app, asks)
}
