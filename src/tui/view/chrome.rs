//! The lines around the panes.

use ratatui::layout::{Position, Rect};

use super::{Canvas, at};
use crate::tui::app::App;
use crate::tui::keys::Scope;
use crate::tui::present;
use crate::tui::theme::Tone;

pub(super) fn header(app: &App, area: Rect, canvas: &mut Canvas) {
    let indented = inset(area);
    canvas.pieces(indented, &present::header(app));
}

/// Gives the place of the cursor while something is typed.
pub(super) fn status(app: &App, area: Rect, canvas: &mut Canvas) -> Option<Position> {
    let area = inset(area);
    let end = canvas.pieces(area, &present::status(app));
    (app.scope() == Scope::Prompt).then(|| at(area, end))
}

pub(super) fn footer(app: &App, area: Rect, canvas: &mut Canvas) {
    let area = inset(area);
    let mut offset = 0;
    for (key, word) in present::footer(app) {
        offset = canvas.text(area, offset, Tone::Key, key);
        offset = canvas.text(area, offset + 1, Tone::Quiet, word) + 2;
    }
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    }
}
