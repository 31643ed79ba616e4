//! Drives the state without threads: work is done at once, until nothing is left to do.

use std::collections::VecDeque;
use std::fmt::Write as _;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use portray::Result;
use portray::records::Run;
use portray::tui::{App, Cmd, JobEvent, Msg, Outcome, Problem, Theme, update, view};
use portray::words::Lang;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Size;
use ratatui::style::Modifier;

/// The state, and what the workspace answers to a load.
pub struct Stage {
    pub app: App,
    pub answer: Box<dyn FnMut() -> Result<Option<Run>>>,
    size: (u16, u16),
}

impl Stage {
    /// A started program that has loaded `answer`.
    pub fn new(
        size: (u16, u16),
        lang: Lang,
        answer: impl FnMut() -> Result<Option<Run>> + 'static,
    ) -> Self {
        let app = App::new(
            "/data/shop",
            lang,
            Theme::new(true),
            Size::new(size.0, size.1),
        );
        let mut stage = Self {
            app,
            answer: Box::new(answer),
            size,
        };
        stage.until_idle(Msg::Start);
        stage
    }

    /// Sends a message and does what it asks for, until idle.
    pub fn until_idle(&mut self, msg: Msg) {
        let mut pending = VecDeque::from([msg]);
        while let Some(msg) = pending.pop_front() {
            for command in update(&mut self.app, msg) {
                if let Cmd::Start(id, _) = command {
                    let event = match (self.answer)() {
                        Ok(run) => JobEvent::Done(Outcome::Loaded(run.map(Box::new))),
                        Err(error) => JobEvent::Failed(Problem::from(&error)),
                    };
                    pending.push_back(Msg::Job(id, event));
                }
            }
        }
    }

    /// Presses keys: each character is itself; see `code` for the others.
    pub fn press(&mut self, keys: &[KeyCode]) -> &mut Self {
        for key in keys {
            self.until_idle(Msg::Key(KeyEvent::new(*key, KeyModifiers::NONE)));
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

    /// The rows drawn in reverse video.
    pub fn reversed(&self) -> Vec<String> {
        let buffer = self.buffer();
        let reversed = |y: u16| {
            (0..buffer.area.width).any(|x| buffer[(x, y)].modifier.contains(Modifier::REVERSED))
        };
        let screen = text(&buffer);
        screen
            .lines()
            .zip(0..)
            .filter(|(_, y)| reversed(*y))
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
