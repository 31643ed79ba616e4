//! Drawing: state in, cells out. Nothing is decided here but places and looks.

mod chrome;
mod list;
mod overlay;
mod rows;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::app::{App, Data, Pane};
use super::layout::{self, MIN_HEIGHT, MIN_WIDTH};
use super::theme::{Theme, Tone};
use super::{present, words};

/// Draws the whole screen.
pub fn view(app: &App, frame: &mut Frame) {
    let area = frame.area();
    let canvas = &mut Canvas {
        buffer: frame.buffer_mut(),
        theme: app.theme,
    };
    if layout::too_small(area.as_size()) {
        let text = words::too_small(MIN_WIDTH, MIN_HEIGHT, app.lang);
        canvas.text(area, 0, Tone::Plain, &text);
        return;
    }
    let rows = app.run().map_or(0, |run| run.segments.len());
    let areas = layout::areas(area.as_size(), rows, app.full);
    chrome::header(app, areas.header, canvas);
    if let Data::Ready(_) = app.data {
        if let Some(pane) = areas.list {
            list::draw(app, pane, canvas);
        }
        detail(app, areas.detail, canvas);
    } else {
        let body = Rect {
            x: 2,
            y: 2,
            width: area.width - 4,
            height: area.height - 4,
        };
        let lines = present::bare(app, usize::from(body.width));
        rows::draw(&lines, 0, body, canvas, app.lang);
    }
    let cursor = chrome::status(app, areas.status, canvas);
    chrome::footer(app, areas.footer, canvas);
    overlay::draw(app, area, canvas);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

fn detail(app: &App, pane: Rect, canvas: &mut Canvas) {
    let inside = layout::inside(pane);
    let lines = present::detail(app, usize::from(inside.width));
    let shown = usize::from(inside.height);
    let focused = app.full || app.pane == Pane::Detail;
    canvas.rule(
        pane,
        &present::detail_title(app),
        focused,
        &position(app.detail_top, shown, lines.len()),
    );
    rows::draw(&lines, app.detail_top, inside, canvas, app.lang);
}

/// Which lines of how many are shown, where they do not all fit.
fn position(top: usize, shown: usize, lines: usize) -> String {
    if lines <= shown {
        String::new()
    } else {
        format!("{}–{}/{lines}", top + 1, (top + shown).min(lines))
    }
}

/// Cells and looks. Text is cut at the edge of its area, never wrapped into the next.
struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: Theme,
}

impl Canvas<'_> {
    /// Puts text on the first row of `area`, `offset` columns in; gives the offset after it.
    fn text(&mut self, area: Rect, offset: u16, tone: Tone, text: &str) -> u16 {
        if offset >= area.width || area.height == 0 {
            return offset;
        }
        let room = usize::from(area.width - offset);
        let style = self.theme.style(tone);
        let text = crate::words::clip(text, room);
        let (end, _) = self
            .buffer
            .set_stringn(area.x + offset, area.y, text, room, style);
        end - area.x
    }

    /// Pieces of text one after the other.
    fn pieces(&mut self, area: Rect, pieces: &[(Tone, String)]) -> u16 {
        pieces.iter().fold(0, |offset, (tone, text)| {
            self.text(area, offset, *tone, text)
        })
    }

    /// The rule above a pane, with its title and, to the right, where in it one is.
    fn rule(&mut self, pane: Rect, title: &str, focused: bool, right: &str) {
        let line = "─".repeat(usize::from(pane.width));
        self.text(pane, 0, Tone::Quiet, &line);
        let (mark, tone) = if focused {
            ("▶ ", Tone::Focused)
        } else {
            ("  ", Tone::Title)
        };
        let right = if right.is_empty() {
            String::new()
        } else {
            format!(" {right} ")
        };
        let room = usize::from(pane.width).saturating_sub(right.chars().count() + 8);
        let title = crate::words::clip(title, room);
        self.text(
            pane,
            1,
            tone,
            &format!(" {}{title} ", if focused { mark } else { "" }),
        );
        let width = u16::try_from(right.chars().count()).unwrap_or(0);
        self.text(
            pane,
            pane.width.saturating_sub(width + 1),
            Tone::Quiet,
            &right,
        );
    }

    /// A row of `area`; an empty one below its end.
    fn row(area: Rect, index: usize) -> Rect {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        if index >= area.height {
            return Rect { height: 0, ..area };
        }
        Rect {
            y: area.y + index,
            height: 1,
            ..area
        }
    }

    /// The look of a whole row.
    fn paint(&mut self, area: Rect, tone: Tone) {
        self.buffer.set_style(area, self.theme.style(tone));
    }
}

/// Where the cursor stands on a row.
fn at(area: Rect, offset: u16) -> Position {
    Position::new(area.x + offset.min(area.width.saturating_sub(1)), area.y)
}
