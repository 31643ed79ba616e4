//! The list of segments as a table.

use ratatui::layout::Rect;

use super::{Canvas, position};
use crate::tui::app::{App, Pane};
use crate::tui::layout;
use crate::tui::present::{self, ListRow};
use crate::tui::theme::Tone;
use crate::tui::words::Word;
use crate::tui::wrap::pad_left;

/// Places of the columns.
struct Columns {
    name: (u16, u16),
    users: (u16, u16),
    share: (u16, u16),
    bar: (u16, u16),
    lead: (u16, u16),
}

impl Columns {
    /// What is left after the numbers is shared by name, bar and trait.
    fn of(width: u16) -> Self {
        const MARK_AND_ID: u16 = 6;
        const USERS: u16 = 9;
        const SHARE: u16 = 6;
        let bar = if width >= 72 { width / 13 } else { 0 };
        let gaps = if bar > 0 { 7 } else { 5 };
        let rest = width.saturating_sub(MARK_AND_ID + USERS + SHARE + bar + gaps);
        let name = rest * 19 / 40;
        let users_at = MARK_AND_ID + name + 1;
        let share_at = users_at + USERS + 2;
        let bar_at = share_at + SHARE + 2;
        let lead_at = if bar > 0 { bar_at + bar + 2 } else { bar_at };
        Self {
            name: (MARK_AND_ID, name),
            users: (users_at, USERS),
            share: (share_at, SHARE),
            bar: (bar_at, bar),
            lead: (lead_at, width.saturating_sub(lead_at)),
        }
    }
}

pub(super) fn draw(app: &App, pane: Rect, canvas: &mut Canvas) {
    let lines = present::list(app);
    let body = layout::list_rows(pane);
    let focused = app.pane == Pane::List;
    let shown = usize::from(body.height);
    canvas.rule(
        pane,
        &present::list_title(app),
        focused,
        &position(app.list_top, shown, lines.len()),
    );
    let columns = Columns::of(pane.width);
    heads(app, Canvas::row(layout::inside(pane), 0), &columns, canvas);
    if lines.is_empty() {
        canvas.text(
            Canvas::row(body, 0),
            2,
            Tone::Quiet,
            Word::NoSegment.get(app.lang),
        );
    }
    for (index, line) in lines.iter().skip(app.list_top).take(shown).enumerate() {
        row(line, Canvas::row(body, index), &columns, focused, canvas);
    }
}

fn heads(app: &App, area: Rect, columns: &Columns, canvas: &mut Canvas) {
    let word = |word: Word| word.get(app.lang);
    cell(area, columns.name, Tone::Quiet, word(Word::ColName), canvas);
    right(
        area,
        columns.users,
        Tone::Quiet,
        word(Word::ColUsers),
        canvas,
    );
    right(
        area,
        columns.share,
        Tone::Quiet,
        word(Word::ColShare),
        canvas,
    );
    cell(
        area,
        columns.lead,
        Tone::Quiet,
        word(Word::ColTrait),
        canvas,
    );
}

fn row(line: &ListRow, area: Rect, columns: &Columns, focused: bool, canvas: &mut Canvas) {
    let tone = if line.selected {
        Tone::Remembered
    } else {
        Tone::Plain
    };
    cell(
        area,
        (0, 2),
        tone,
        if line.selected { "› " } else { "  " },
        canvas,
    );
    right(area, (1, 3), Tone::Quiet, &line.id.to_string(), canvas);
    cell(area, columns.name, tone, &line.name, canvas);
    right(area, columns.users, Tone::Plain, &line.users, canvas);
    right(area, columns.share, Tone::Plain, &line.share, canvas);
    cell(
        area,
        columns.bar,
        Tone::Bar,
        &present::bar(line.fraction, usize::from(columns.bar.1)),
        canvas,
    );
    cell(area, columns.lead, line.tone, &line.lead, canvas);
    if line.selected && focused {
        canvas.paint(area, Tone::Selected);
    }
}

fn cell(area: Rect, (at, width): (u16, u16), tone: Tone, text: &str, canvas: &mut Canvas) {
    let room = Rect {
        width: (at + width).min(area.width),
        ..area
    };
    canvas.text(room, at, tone, text);
}

fn right(area: Rect, column: (u16, u16), tone: Tone, text: &str, canvas: &mut Canvas) {
    cell(
        area,
        column,
        tone,
        &pad_left(text, usize::from(column.1)),
        canvas,
    );
}
