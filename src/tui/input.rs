//! Keys, sizes, signals and the end of the terminal as messages, each from a thread that sleeps until
//! there is one.

use std::io::{self, PipeWriter};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use crossterm::event::{Event, KeyEventKind, MouseEventKind, read};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::{emulate_default_handler, raise};

use super::console::give_back;
use super::message::Msg;
use super::no_terminal;
use crate::error::Result;

/// How long the end of the program waits for the reader of keys to let go of the terminal.
const PATIENCE: Duration = Duration::from_millis(100);

/// The reader of the terminal; dropping it stops it.
pub(super) struct Keyboard {
    stop: Arc<AtomicBool>,
    stopped: Receiver<()>,
}

impl Keyboard {
    /// Sends keys and sizes to `messages`.
    pub(super) fn listen(messages: Sender<Msg>) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (sign, stopped) = bounded::<()>(0);
        let asked = Arc::clone(&stop);
        spawn("keyboard", move || {
            // Dropped when this thread ends, which is what `stopped` waits for.
            let _sign = sign;
            while !asked.load(Ordering::SeqCst) {
                let msg = match read() {
                    Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => Msg::Key(key),
                    Ok(Event::Resize(width, height)) => Msg::Resize(width, height),
                    Ok(Event::Paste(text)) => Msg::Paste(text),
                    Ok(Event::Mouse(event)) if event.kind != MouseEventKind::Moved => {
                        Msg::Mouse(event)
                    }
                    Ok(_) => continue,
                    Err(error) => Msg::InputLost(error.to_string()),
                };
                let lost = matches!(msg, Msg::InputLost(_));
                if messages.send(msg).is_err() || lost {
                    break;
                }
            }
        })?;
        Ok(Self { stop, stopped })
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // The reader wakes for a change of size too: this is the only way to wake it without a key.
        let _ = raise(SIGWINCH);
        let _ = self.stopped.recv_timeout(PATIENCE);
    }
}

/// The listener for signals that end the program; dropping it stops it.
pub(super) struct Ending(Handle);

impl Ending {
    /// Sends SIGTERM, SIGHUP and SIGINT to `messages`; a second one ends the program on the spot.
    pub(super) fn listen(messages: Sender<Msg>) -> Result<Self> {
        let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT]).map_err(no_terminal)?;
        let handle = signals.handle();
        spawn("signals", move || {
            for (before, signal) in signals.forever().enumerate() {
                if before > 0 || messages.send(Msg::Signal(signal)).is_err() {
                    give_back();
                    let _ = emulate_default_handler(signal);
                }
            }
        })?;
        Ok(Self(handle))
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The watch over the terminal's other end; dropping it stops it.
///
/// A terminal that closes sends SIGHUP only to those that it controls. The reader of keys does not see it
/// go: it would read nothing, for ever, as fast as it can.
pub(super) struct Hangup {
    /// Closed when dropped, which wakes the watch.
    _open: PipeWriter,
}

impl Hangup {
    /// Sends a message when the terminal behind standard input is gone.
    pub(super) fn listen(messages: Sender<Msg>) -> Result<Self> {
        let (closes, open) = io::pipe().map_err(no_terminal)?;
        spawn("hangup", move || {
            let terminal = io::stdin();
            // Without flags only hang-ups and errors end the wait.
            let mut ends = [
                PollFd::new(&terminal, PollFlags::empty()),
                PollFd::new(&closes, PollFlags::empty()),
            ];
            while poll(&mut ends, None) == Err(Errno::INTR) {}
            // Where the program left first, nobody listens any more.
            let _ = messages.send(Msg::InputLost("it was closed".into()));
        })?;
        Ok(Self { _open: open })
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = std::thread::Builder::new().name(name.into());
    thread.spawn(body).map(drop).map_err(no_terminal)
}
