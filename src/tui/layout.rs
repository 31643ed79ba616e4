//! Where things stand on the screen: known to the state too, which pages and scrolls by it.

use ratatui::layout::{Constraint, Layout, Rect, Size};

/// Fewest columns that the screen can be read in.
pub const MIN_WIDTH: u16 = 48;
/// Fewest rows that the screen can be read in.
pub const MIN_HEIGHT: u16 = 12;

const SIDE_BY_SIDE_FROM: u16 = 120;
const GUTTER: u16 = 2;

/// The parts of the screen; a pane begins with a rule that carries its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// One row: the program and the run.
    pub header: Rect,
    /// The segments; none while the detail fills the screen.
    pub list: Option<Rect>,
    /// The portrait of the selected segment.
    pub detail: Rect,
    /// One row: what happened last, or the filter being typed.
    pub status: Rect,
    /// One row: the keys.
    pub footer: Rect,
}

/// Whether the screen is too small to show anything but that.
#[must_use]
pub fn too_small(size: Size) -> bool {
    size.width < MIN_WIDTH || size.height < MIN_HEIGHT
}

/// Parts of a screen with `rows` segments; `full` gives the detail all of the body.
#[must_use]
pub fn areas(size: Size, rows: usize, full: bool) -> Areas {
    let screen = Rect::from((ratatui::layout::Position::ORIGIN, size));
    let [header, body, status, footer] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(screen);
    let (list, detail) = if full {
        (None, body)
    } else if size.width >= SIDE_BY_SIDE_FROM {
        let [list, _, detail] = Layout::horizontal([
            Constraint::Length((size.width * 9 / 20).clamp(54, 96)),
            Constraint::Length(GUTTER),
            Constraint::Min(0),
        ])
        .areas(body);
        (Some(list), detail)
    } else {
        let wanted = u16::try_from(rows.max(1) + 2).unwrap_or(u16::MAX);
        let [list, detail] = Layout::vertical([
            Constraint::Length(wanted.min(body.height / 2)),
            Constraint::Min(0),
        ])
        .areas(body);
        (Some(list), detail)
    };
    Areas {
        header,
        list,
        detail,
        status,
        footer,
    }
}

/// A pane without its rule.
#[must_use]
pub fn inside(pane: Rect) -> Rect {
    rows_from(pane, 1)
}

/// The list's rows: without its rule and its column heads.
#[must_use]
pub fn list_rows(pane: Rect) -> Rect {
    rows_from(pane, 2)
}

fn rows_from(area: Rect, skipped: u16) -> Rect {
    let skipped = skipped.min(area.height);
    Rect {
        y: area.y + skipped,
        height: area.height - skipped,
        ..area
    }
}

/// A box in the middle for an overlay of that many lines; its text is two columns and one row further in.
#[must_use]
pub fn overlay(size: Size, lines: usize) -> Rect {
    let width = size.width.saturating_sub(4).min(92);
    let wanted = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let height = wanted.min(size.height.saturating_sub(2));
    Rect {
        x: (size.width - width) / 2,
        y: (size.height - height) / 2,
        width,
        height,
    }
}

/// The text's place in an overlay's box.
#[must_use]
pub fn overlay_inside(area: Rect) -> Rect {
    Rect {
        x: area.x + 2.min(area.width),
        y: area.y + 1.min(area.height),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}
