//! The real terminal: taken over, written to, and given back whatever happens.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::panic;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use ratatui::{TerminalOptions, Viewport};

use super::app::App;
use super::clipboard;
use super::event_loop::Screen;
use super::no_terminal;
use super::view::view;
use crate::error::Result;

/// Alternate screen, hidden cursor, pasted text marked as such.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h";
/// End of a frame that was cut short, mouse and pasted text as before, plain style, cursor, main screen.
const LEAVE: &[u8] =
    b"\x1b[?2026l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";
/// Clicks and the wheel, in the form that knows no widest screen.
const MOUSE: (&[u8], &[u8]) = (b"\x1b[?1000h\x1b[?1006h", b"\x1b[?1006l\x1b[?1000l");
/// A terminal that knows these shows a frame only when it is whole; others ignore them.
const FRAME: (&[u8], &[u8]) = (b"\x1b[?2026h", b"\x1b[?2026l");

/// Whether the terminal is ours now; whoever takes it to false gives it back.
static OURS: AtomicBool = AtomicBool::new(false);
/// Standard output without the lock and buffer of `std::io::stdout`, which a panic hook must not touch.
static TERMINAL: OnceLock<File> = OnceLock::new();

/// Gives the terminal back, once; safe from any thread, a panic hook too: it ignores every failure.
pub(super) fn give_back() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    // What was typed ahead is not for the shell. Where another thread holds the reader, that one eats it.
    while crossterm::event::poll(Duration::ZERO).unwrap_or(false)
        && crossterm::event::read().is_ok()
    {}
    if let Some(mut terminal) = TERMINAL.get() {
        let _ = terminal.write_all(LEAVE);
    }
    let _ = disable_raw_mode();
}

fn take_over() -> io::Result<()> {
    let terminal = if let Some(terminal) = TERMINAL.get() {
        terminal
    } else {
        let file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        TERMINAL.get_or_init(|| file)
    };
    enable_raw_mode()?;
    OURS.store(true, Ordering::SeqCst);
    (&*terminal).write_all(ENTER)
}

type Hook = Arc<dyn Fn(&panic::PanicHookInfo<'_>) + Send + Sync>;

/// Holds the terminal; dropping it gives the terminal back.
pub(super) struct Taken {
    former: Hook,
}

impl Taken {
    /// Takes the terminal over. A panic of this thread gives it back before the message is printed; one of
    /// a background thread prints nothing, because it becomes a failed job.
    pub(super) fn new() -> Result<Self> {
        let former: Hook = Arc::from(panic::take_hook());
        let (hook, drawing) = (Arc::clone(&former), std::thread::current().id());
        panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() == drawing {
                give_back();
                hook(info);
            } else if !OURS.load(Ordering::SeqCst) {
                hook(info);
            }
        }));
        let taken = Self { former };
        take_over().map_err(no_terminal)?;
        Ok(taken)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
        // Setting a hook while panicking would abort.
        if !std::thread::panicking() {
            let former = Arc::clone(&self.former);
            panic::set_hook(Box::new(move |info| former(info)));
        }
    }
}

/// Bytes of the frame being drawn.
#[derive(Clone, Default)]
struct Frame(Rc<RefCell<Vec<u8>>>);

impl Write for Frame {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A screen whose frames leave in one write each, and only where something changed.
pub struct Console<W: Write> {
    terminal: Terminal<CrosstermBackend<Frame>>,
    frame: Frame,
    out: W,
    in_tmux: bool,
    mouse: bool,
}

impl Console<File> {
    /// The terminal behind standard output, after it was taken over.
    pub(super) fn of_stdout() -> Result<Self> {
        let make = || {
            let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
            let frame = Frame::default();
            let terminal = Terminal::new(CrosstermBackend::new(frame.clone()))?;
            Ok(Self {
                terminal,
                frame,
                out,
                in_tmux: std::env::var_os("TMUX").is_some(),
                mouse: false,
            })
        };
        make().map_err(no_terminal)
    }
}

impl<W: Write> Console<W> {
    /// A terminal of a fixed size that `out` stands for.
    pub fn fixed(out: W, size: Size) -> Result<Self> {
        let frame = Frame::default();
        let area = Rect::new(0, 0, size.width, size.height);
        let options = TerminalOptions {
            viewport: Viewport::Fixed(area),
        };
        let terminal = Terminal::with_options(CrosstermBackend::new(frame.clone()), options)
            .map_err(no_terminal)?;
        Ok(Self {
            terminal,
            frame,
            out,
            in_tmux: false,
            mouse: false,
        })
    }

    fn show(&mut self, app: &App) -> io::Result<()> {
        self.terminal.draw(|frame| view(app, frame))?;
        let bytes = std::mem::take(&mut *self.frame.0.borrow_mut());
        if bytes.is_empty() {
            return Ok(());
        }
        self.out.write_all(&[FRAME.0, &bytes, FRAME.1].concat())?;
        self.out.flush()
    }
}

impl<W: Write> Screen for Console<W> {
    fn draw(&mut self, app: &App) -> Result<()> {
        self.show(app).map_err(no_terminal)
    }

    fn suspend(&mut self) -> Result<()> {
        give_back();
        let mut again = || {
            signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
            take_over()?;
            if self.mouse {
                self.out.write_all(MOUSE.0)?;
            }
            let size = self.terminal.size()?;
            self.terminal
                .resize(Rect::new(0, 0, size.width, size.height))
        };
        again().map_err(no_terminal)
    }

    fn copy(&mut self, text: &str) -> Result<()> {
        let bytes = clipboard::sequence(text, self.in_tmux);
        let mut write = || self.out.write_all(&bytes).and_then(|()| self.out.flush());
        write().map_err(no_terminal)
    }

    fn mouse(&mut self, taken: bool) -> Result<()> {
        self.mouse = taken;
        let bytes = if taken { MOUSE.0 } else { MOUSE.1 };
        let mut write = || self.out.write_all(bytes).and_then(|()| self.out.flush());
        write().map_err(no_terminal)
    }
}
