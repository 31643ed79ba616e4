//! Drives the state without threads: work is done at once, until nothing is left to do.

use std::collections::VecDeque;
use std::fmt::Write as _;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use portray::Result;
use portray::records::Run;
use portray::tui::{
    App, Background, Cmd, Depth, JobEvent, Keymap, Looks, Msg, Outcome, Problem, Request, Theme,
    update, view,
};
use portray::words::Lang;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use ratatui::style::{Color, Modifier};

use crate::asked;

/// The looks of the tests: 16 colours on dark, the keys as they come.
pub fn looks(lang: Lang) -> Looks {
    Looks {
        lang,
        theme: Theme::new(Depth::Sixteen, Background::Dark),
        ascii: false,
        keymap: Keymap::default(),
        mouse: true,
    }
}

/// What the workspace answers to a request.
pub type Answer = Box<dyn FnMut(&Request) -> Result<Outcome>>;

/// The state, and what the workspace answers.
pub struct Stage {
    pub app: App,
    pub answer: Answer,
    /// What was asked for, in order.
    pub requests: Vec<Request>,
    /// What was copied to the clipboard.
    pub copied: Vec<String>,
    size: (u16, u16),
}

impl Stage {
    /// A started program whose workspace holds this run, and answers everything else as `asked` does.
    pub fn new(
        size: (u16, u16),
        lang: Lang,
        mut run: impl FnMut() -> Result<Option<Run>> + 'static,
    ) -> Self {
        let answer = move |request: &Request| match request {
            Request::Load(_) => Ok(Outcome::Loaded(run()?.map(Box::new))),
            other => asked::answer(other),
        };
        Self::with_looks(size, looks(lang), answer)
    }

    /// As [`Stage::new`], with looks of one's own.
    pub fn with_looks(
        size: (u16, u16),
        looks: Looks,
        answer: impl FnMut(&Request) -> Result<Outcome> + 'static,
    ) -> Self {
        let mut stage = Self {
            app: App::new("/data/shop", looks, Size::new(size.0, size.1)),
            answer: Box::new(answer),
            requests: Vec::new(),
            copied: Vec::new(),
            size,
        };
        stage.until_idle(Msg::Start);
        stage.buffer();
        stage
    }

    /// Sends a message and does what it asks for, until idle.
    pub fn until_idle(&mut self, msg: Msg) {
        let mut pending = VecDeque::from([msg]);
        if let Some(Msg::Resize(width, height)) = pending.front() {
            self.size = (*width, *height);
        }
        while let Some(msg) = pending.pop_front() {
            for command in update(&mut self.app, msg) {
                match command {
                    Cmd::Start(id, request) => {
                        let event = match (self.answer)(&request) {
                            Ok(outcome) => JobEvent::Done(outcome),
                            Err(error) => JobEvent::Failed(Problem::from(&error)),
                        };
                        self.requests.push(request);
                        pending.push_back(Msg::Job(id, event));
                    }
                    Cmd::Copy(text) => self.copied.push(text),
                    _ => {}
                }
            }
            if pending.is_empty() && self.app.is_restless() {
                pending.push_back(Msg::Rested);
            }
        }
    }

    /// Presses keys: each character is itself.
    pub fn press(&mut self, keys: &[KeyCode]) -> &mut Self {
        for key in keys {
            self.until_idle(Msg::Key(KeyEvent::new(*key, KeyModifiers::NONE)));
            // Positions are brought into what there is when it is drawn.
            self.buffer();
        }
        self
    }

    /// Types characters.
    pub fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.press(&[KeyCode::Char(c)]);
        }
        self
    }

    /// Clicks on the first place where the text stands.
    pub fn click(&mut self, text: &str) -> &mut Self {
        let screen = self.screen();
        let (row, line) = screen
            .lines()
            .enumerate()
            .find(|(_, line)| line.contains(text))
            .unwrap_or_else(|| unreachable!("`{text}` is not on the screen:\n{screen}"));
        let before = &line[..line.find(text).unwrap_or(0)];
        let column = unicode_width::UnicodeWidthStr::width(before);
        self.mouse(
            MouseEventKind::Down(MouseButton::Left),
            column as u16,
            row as u16,
        )
    }

    /// A message of the mouse.
    pub fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> &mut Self {
        self.until_idle(Msg::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        }));
        self.buffer();
        self
    }

    /// What is drawn.
    pub fn buffer(&self) -> Buffer {
        let mut terminal =
            Terminal::new(TestBackend::new(self.size.0, self.size.1)).expect("a test backend");
        terminal
            .draw(|frame| view(&self.app, frame))
            .expect("a test backend");
        terminal.backend().buffer().clone()
    }

    /// The text drawn, a line a row, without blanks at the ends.
    pub fn screen(&self) -> String {
        text(&self.buffer())
    }

    /// The rows drawn in reverse video, from the second on: the first holds the names of the views.
    pub fn reversed(&self) -> Vec<String> {
        let buffer = self.buffer();
        let reversed = |y: u16| {
            (0..buffer.area.width).any(|x| buffer[(x, y)].modifier.contains(Modifier::REVERSED))
        };
        let screen = text(&buffer);
        screen
            .lines()
            .zip(0..)
            .filter(|(_, y)| *y > 0 && reversed(*y))
            .map(|(line, _)| line.to_owned())
            .collect()
    }
}

/// Text of a buffer; the cell after a wide character is not shown.
pub fn text(buffer: &Buffer) -> String {
    use unicode_width::UnicodeWidthStr;
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap_or(1);
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// The looks of a buffer: for each row its runs of cells that look alike, but for those of plain text.
pub fn styles(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut runs: Vec<(u16, u16, Color, Modifier)> = Vec::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            match runs.last_mut() {
                Some(last) if last.1 == x && (last.2, last.3) == (cell.fg, cell.modifier) => {
                    last.1 += 1;
                }
                _ => runs.push((x, x + 1, cell.fg, cell.modifier)),
            }
        }
        let told: Vec<String> = runs
            .iter()
            .filter(|run| run.2 != Color::Reset || !run.3.is_empty())
            .map(|(from, to, color, modifier)| format!("{from}-{to} {color:?} {modifier:?}"))
            .collect();
        let _ = writeln!(out, "{y:>2}: {}", told.join(", "));
    }
    out
}
