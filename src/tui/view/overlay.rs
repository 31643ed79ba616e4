//! The box on top of the stack.

use ratatui::layout::Rect;
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use super::{Canvas, position, rows};
use crate::tui::app::App;
use crate::tui::layout;
use crate::tui::overlay::Overlay;
use crate::tui::present;
use crate::tui::theme::Tone;

pub(super) fn draw(app: &App, screen: Rect, canvas: &mut Canvas) {
    let lines = present::overlay(app);
    let Some(top) = app
        .overlays
        .last()
        .map(Overlay::top)
        .filter(|_| !lines.is_empty())
    else {
        return;
    };
    let area = layout::overlay(screen.as_size(), lines.len());
    let inside = layout::overlay_inside(area);
    let shown = position(top, usize::from(inside.height), lines.len());
    Clear.render(area, canvas.buffer);
    Block::bordered()
        .border_type(BorderType::Rounded)
        .title_style(canvas.theme.style(Tone::Focused))
        .title(format!(" {} ", present::overlay_title(app)))
        .title_bottom(if shown.is_empty() {
            String::new()
        } else {
            format!(" {shown} ")
        })
        .render(area, canvas.buffer);
    rows::draw(&lines, top, inside, canvas, app.lang);
}
