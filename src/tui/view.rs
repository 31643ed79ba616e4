//! Drawing: state in, cells out. Nothing is decided here but places and looks.

mod chrome;
mod overlays;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::app::App;
use super::canvas::{Canvas, row};
use super::glyphs::to_ascii;
use super::shared::Data;
use super::theme::Tone;
use super::words;

/// Fewest columns that the screen can be read in.
pub const MIN_WIDTH: u16 = 40;
/// Fewest rows that the screen can be read in.
pub const MIN_HEIGHT: u16 = 12;

/// Draws the whole screen: views, body, what was said, keys.
pub fn view(app: &App, frame: &mut Frame) {
    let area = frame.area();
    let canvas = &mut Canvas {
        buffer: frame.buffer_mut(),
        theme: app.shared.theme,
        cursor: None,
        hits: Vec::new(),
    };
    if area.width < MIN_WIDTH || area.height < MIN_HEIGHT {
        let text = words::too_small(MIN_WIDTH, MIN_HEIGHT, app.shared.lang);
        canvas.text(area, 0, Tone::Plain, &text);
    } else {
        whole(app, area, canvas);
    }
    if app.shared.ascii {
        to_ascii(canvas.buffer);
    }
    app.hits.replace(std::mem::take(&mut canvas.hits));
    if let Some(cursor) = canvas.cursor {
        frame.set_cursor_position(cursor);
    }
}

fn whole(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let rows = usize::from(area.height);
    chrome::tabs(app, row(area, 0), canvas);
    let body = Rect {
        y: area.y + 1,
        height: area.height - 3,
        ..area
    };
    let has_run = matches!(app.shared.data, Data::Ready(_));
    if has_run || (!app.view.needs_run() && !matches!(app.shared.data, Data::Failed(_))) {
        app.views.get(app.view).draw(&app.shared, body, canvas);
    } else {
        chrome::bare(app, body, canvas);
    }
    chrome::said(app, row(area, rows - 2), canvas);
    chrome::keys(app, row(area, rows - 1), canvas);
    overlays::draw(app, area, canvas);
}
