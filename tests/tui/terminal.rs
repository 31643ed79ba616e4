//! The real program in a pseudo-terminal, its screen read through a terminal emulator.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longer than anything that a visit waits for takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// A terminal with a program in it.
pub struct Terminal {
    /// The program.
    pub child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<(vt100::Parser, Vec<u8>)>>,
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// A number of cells as the emulator takes it.
fn cells(number: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(number).expect("at least one cell")
}

impl Terminal {
    /// Starts a command in a terminal of so many columns and rows.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system()
            .openpty(size(columns, rows))
            .expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the program");
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let keys = pair.master.take_writer().expect("its input");
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        let screen = Arc::new(Mutex::new((parser, Vec::new())));
        let shown = Arc::clone(&screen);
        thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(read @ 1..) = reader.read(&mut bytes) {
                let mut screen = shown.lock().expect("no reader panics");
                screen.0.process(&bytes[..read]);
                screen.1.extend_from_slice(&bytes[..read]);
            }
        });
        Self {
            child,
            master: Some(pair.master),
            keys,
            screen,
        }
    }

    /// The program of this project on a workspace, with a home of its own.
    pub fn portray(home: &Path, workspace: &Path, columns: u16, rows: u16) -> Self {
        Self::of_lang(home, workspace, "en", (columns, rows))
    }

    /// The same in a language.
    pub fn of_lang(home: &Path, workspace: &Path, lang: &str, size: (u16, u16)) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_portray"));
        command.args(["--lang", lang, "--threads", "2", "--workspace"]);
        command.arg(workspace);
        Self::start(with_home(command, home), size.0, size.1)
    }

    /// The screen, cell by cell.
    pub fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        let screen = self.screen.lock().expect("no reader panics");
        at(screen.0.screen())
    }

    /// What stands on the screen.
    pub fn text(&self) -> String {
        let screen = self.screen.lock().expect("no reader panics");
        screen.0.screen().contents()
    }

    /// Whether the terminal shows the program's own screen.
    pub fn is_taken(&self) -> bool {
        let screen = self.screen.lock().expect("no reader panics");
        screen.0.screen().alternate_screen()
    }

    /// Whether the cursor shows.
    pub fn has_cursor(&self) -> bool {
        let screen = self.screen.lock().expect("no reader panics");
        !screen.0.screen().hide_cursor()
    }

    /// How many bytes came so far.
    pub fn bytes(&self) -> usize {
        self.screen.lock().expect("no reader panics").1.len()
    }

    /// Whether these bytes came.
    pub fn got(&self, bytes: &[u8]) -> bool {
        let screen = self.screen.lock().expect("no reader panics");
        screen.1.windows(bytes.len()).any(|window| window == bytes)
    }

    /// Types.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.keys
            .write_all(keys.as_bytes())
            .expect("keys are taken");
        self.keys.flush().expect("keys are taken");
        self
    }

    /// Waits until the screen is as it should be.
    pub fn until(&mut self, what: &str, holds: impl Fn(&str) -> bool) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        loop {
            let text = self.text();
            if holds(&text) {
                return self;
            }
            assert!(Instant::now() < end, "never came: {what}\n{text}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until this stands on the screen.
    pub fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |screen| screen.contains(text))
    }

    /// Waits until nothing was written for so long.
    pub fn quiet(&self, time: Duration) {
        let mut since = (Instant::now(), self.bytes());
        let end = Instant::now() + PATIENCE;
        while since.0.elapsed() < time {
            assert!(Instant::now() < end, "it is never quiet");
            thread::sleep(Duration::from_millis(20));
            if self.bytes() != since.1 {
                since = (Instant::now(), self.bytes());
            }
        }
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let master = self.master.as_ref().expect("the terminal is open");
        master.resize(size(columns, rows)).expect("a new size");
        let mut screen = self.screen.lock().expect("no reader panics");
        screen.0.screen_mut().set_size(cells(rows), cells(columns));
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: i32) {
        let id = self.child.process_id().expect("it runs");
        let pid = i32::try_from(id)
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        let signal = rustix::process::Signal::from_named_raw(signal).expect("a signal");
        rustix::process::kill_process(pid.expect("a process"), signal).expect("it is there");
    }

    /// Closes the terminal as a lost connection does, and waits until the program has ended.
    pub fn hang_up(mut self) {
        self.signal(1);
        self.master = None;
        self.end();
    }

    /// Waits until the program has ended.
    pub fn end(&mut self) -> portable_pty::ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                // What it wrote last is still on its way.
                thread::sleep(Duration::from_millis(100));
                return status;
            }
            assert!(Instant::now() < end, "it never ends\n{}", self.text());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A command with a home of its own.
pub fn with_home(mut command: CommandBuilder, home: &Path) -> CommandBuilder {
    for (name, value) in [
        ("TERM", "xterm-256color"),
        ("LC_ALL", "C.UTF-8"),
        ("PS1", "$ "),
    ] {
        command.env(name, value);
    }
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"] {
        command.env(name, home);
    }
    for name in ["NO_COLOR", "TMUX", "SSH_TTY", "SSH_CONNECTION", "COLORTERM"] {
        command.env_remove(name);
    }
    command
}
