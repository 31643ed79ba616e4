//! Cells and looks, and where a click lands. Text is cut at the edge of its area, never wrapped into the next.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Block, BorderType, Clear, Widget};

use super::lines::Line;
use super::scroll::Scroll;
use super::theme::{Theme, Tone};
use super::views::ViewId;
use crate::words::clip;

/// What a click on a part of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// A view's name.
    View(ViewId),
    /// A line of a view's pane of this number.
    Line(u8, usize),
    /// A place in a view's pane of this number.
    Pane(u8),
}

/// Where things were drawn last.
pub type Hits = Vec<(Rect, Hit)>;

/// What drawing needs.
pub struct Canvas<'a> {
    /// The cells.
    pub buffer: &'a mut Buffer,
    /// The looks.
    pub theme: Theme,
    /// Where the terminal's cursor goes, while something is typed.
    pub cursor: Option<Position>,
    /// Where a click would land.
    pub hits: Hits,
}

impl Canvas<'_> {
    /// Puts text on the first row of `area`, `offset` columns in; gives the offset after it.
    pub fn text(&mut self, area: Rect, offset: u16, tone: Tone, text: &str) -> u16 {
        if offset >= area.width || area.height == 0 {
            return offset;
        }
        let room = usize::from(area.width - offset);
        let style = self.theme.style(tone);
        let text = clip(text, room);
        let (end, _) = self
            .buffer
            .set_stringn(area.x + offset, area.y, text, room, style);
        end - area.x
    }

    /// Pieces of text one after the other.
    pub fn pieces(&mut self, area: Rect, pieces: &Line) -> u16 {
        pieces.iter().fold(0, |offset, (tone, text)| {
            self.text(area, offset, *tone, text)
        })
    }

    /// The rule above a pane, with its title and, to the right, where in it one is; gives what is below it.
    pub fn rule(&mut self, pane: Rect, title: &str, focused: bool, right: &str) -> Rect {
        let line = "─".repeat(usize::from(pane.width));
        self.text(pane, 0, Tone::Quiet, &line);
        let (mark, tone) = if focused {
            ("▶ ", Tone::Focused)
        } else {
            ("", Tone::Title)
        };
        let right = if right.is_empty() {
            String::new()
        } else {
            format!(" {right} ")
        };
        let room = usize::from(pane.width).saturating_sub(right.chars().count() + 8);
        let title = clip(title, room);
        self.text(pane, 1, tone, &format!(" {mark}{title} "));
        let width = u16::try_from(right.chars().count()).unwrap_or(0);
        self.text(
            pane,
            pane.width.saturating_sub(width + 1),
            Tone::Quiet,
            &right,
        );
        below(pane, 1)
    }

    /// A pane of lines of which one is selected, under a rule with its title and, where they do not fit, a head.
    pub fn list(&mut self, pane: Rect, list: &List<'_>, scroll: &Scroll) {
        let head = u16::from(list.head.is_some());
        let shown = usize::from(pane.height.saturating_sub(1 + head));
        let top = scroll.list(list.lines.len(), shown);
        let body = self.open(pane, list, top, shown);
        if let Some(head) = &list.head {
            self.pieces(row(body, 0), head);
        }
        let body = below(body, head);
        for (index, line) in list.lines.iter().enumerate().skip(top).take(shown) {
            let area = row(body, index - top);
            self.pieces(area, line);
            self.hits.push((area, Hit::Line(list.number, index)));
            if index == scroll.at() && list.marks {
                let tone = if list.focused {
                    Tone::Selected
                } else {
                    Tone::Remembered
                };
                self.paint(area, tone);
            }
        }
    }

    /// A pane of text that scrolls, under a rule with its title.
    pub fn page(&mut self, pane: Rect, list: &List<'_>, scroll: &Scroll) {
        let shown = usize::from(pane.height.saturating_sub(1));
        let top = scroll.text(list.lines.len(), shown);
        let body = self.open(pane, list, top, shown);
        for (index, line) in list.lines.iter().skip(top).take(shown).enumerate() {
            self.pieces(row(body, index), line);
        }
    }

    /// The rule of a pane of which `shown` lines from `top` on are drawn; gives what is below it.
    fn open(&mut self, pane: Rect, list: &List<'_>, top: usize, shown: usize) -> Rect {
        let right = position(top, shown, list.lines.len());
        let body = self.rule(pane, list.title, list.focused, &right);
        self.hits.push((body, Hit::Pane(list.number)));
        body
    }

    /// Lines from the first row on, as many as fit.
    pub fn lines(&mut self, area: Rect, lines: &[Line]) {
        for (index, line) in lines.iter().take(usize::from(area.height)).enumerate() {
            self.pieces(row(area, index), line);
        }
    }

    /// An empty box with a title above and a word below; gives its inside.
    pub fn frame(&mut self, area: Rect, title: &str, below: &str) -> Rect {
        Clear.render(area, self.buffer);
        Block::bordered()
            .border_type(BorderType::Rounded)
            .title_style(self.theme.style(Tone::Focused))
            .title(format!(
                " {} ",
                clip(title, usize::from(area.width).saturating_sub(6))
            ))
            .title_bottom(if below.is_empty() {
                String::new()
            } else {
                format!(" {below} ")
            })
            .render(area, self.buffer);
        Rect {
            x: area.x + 2.min(area.width),
            y: area.y + 1.min(area.height),
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2),
        }
    }

    /// The look of a whole area.
    pub fn paint(&mut self, area: Rect, tone: Tone) {
        self.buffer.set_style(area, self.theme.style(tone));
    }
}

/// What a pane shows.
pub struct List<'a> {
    /// Number of the pane in its view, for clicks.
    pub number: u8,
    /// What it is.
    pub title: &'a str,
    /// Whether it has the keys.
    pub focused: bool,
    /// Whether the selected line is marked.
    pub marks: bool,
    /// Heads of columns.
    pub head: Option<Line>,
    /// The lines.
    pub lines: &'a [Line],
}

impl<'a> List<'a> {
    /// A pane without heads.
    #[must_use]
    pub fn new(number: u8, title: &'a str, focused: bool, lines: &'a [Line]) -> Self {
        Self {
            number,
            title,
            focused,
            marks: true,
            head: None,
            lines,
        }
    }
}

/// Which lines of how many are shown, where they do not all fit.
#[must_use]
pub fn position(top: usize, shown: usize, lines: usize) -> String {
    if lines <= shown || shown == 0 {
        String::new()
    } else {
        format!("{}–{}/{lines}", top + 1, (top + shown).min(lines))
    }
}

/// A row of `area`; an empty one below its end.
#[must_use]
pub fn row(area: Rect, index: usize) -> Rect {
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

/// What is left of `area` below so many rows.
#[must_use]
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}
