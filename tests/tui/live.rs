//! The real loop, with its threads and channels and the bytes that it writes.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use portray::tui::{App, Console, Crew, End, Msg, Outcome, Pace, Request, Work, run_loop};
use portray::words::Lang;
use ratatui::layout::Size;

use crate::stage::looks;
use crate::{asked, fixture};

/// What a terminal got, and in how many writes.
#[derive(Clone, Default)]
struct Line {
    bytes: Arc<Mutex<Vec<u8>>>,
    writes: Arc<AtomicUsize>,
}

impl Line {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().expect("no writer panics")).into_owned()
    }

    fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }

    /// Waits until something was drawn.
    fn until(&self, text: &str) {
        let patience = Instant::now() + Duration::from_secs(20);
        while !self.text().contains(text) {
            assert!(Instant::now() < patience, "`{text}` was never drawn");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes
            .lock()
            .expect("no writer panics")
            .extend_from_slice(bytes);
        self.writes.fetch_add(1, Ordering::SeqCst);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts the loop on a thread; the second end tells why it ended.
fn start(work: Work, line: &Line) -> (Sender<Msg>, Receiver<End>) {
    start_after([], work, line)
}

/// As `start`, with messages that wait already.
fn start_after(
    pending: impl IntoIterator<Item = Msg>,
    work: Work,
    line: &Line,
) -> (Sender<Msg>, Receiver<End>) {
    let (keys, outside) = unbounded();
    for msg in pending {
        let _ = keys.send(msg);
    }
    let (ended, end) = bounded(1);
    let line = line.clone();
    thread::spawn(move || {
        let size = Size::new(80, 24);
        let mut app = App::new("/data/shop", looks(Lang::En), size);
        let mut screen = Console::fixed(line, size).expect("a fixed console");
        let (mut crew, news) = Crew::new(work);
        let _ = ended.send(
            run_loop(
                &mut app,
                &mut screen,
                &mut crew,
                &outside,
                &news,
                Pace::of(false),
            )
            .expect("the loop ends"),
        );
    });
    (keys, end)
}

fn key(code: KeyCode) -> Msg {
    Msg::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn loads() -> Work {
    Arc::new(|request, _, _| match request {
        Request::Load(_) => Ok(Outcome::Loaded(Some(Box::new(fixture::run())))),
        other => asked::answer(other),
    })
}

#[test]
fn an_idle_program_writes_nothing() {
    let line = Line::default();
    let (keys, end) = start(loads(), &line);
    line.until("Evening");
    thread::sleep(Duration::from_millis(300));
    let before = line.writes();
    thread::sleep(Duration::from_secs(2));
    assert_eq!(line.writes(), before);
    keys.send(key(KeyCode::Char('q'))).unwrap();
    assert_eq!(end.recv_timeout(Duration::from_secs(5)), Ok(End::Asked));
}

#[test]
fn keys_are_answered_while_a_job_is_stuck() {
    let (_hold, held) = bounded::<()>(0);
    let work: Work = Arc::new(move |_, _, _| {
        let _ = held.recv();
        Ok(Outcome::Loaded(None))
    });
    let line = Line::default();
    let (keys, end) = start(work, &line);
    keys.send(key(KeyCode::Char('?'))).unwrap();
    line.until("Everywhere");
    keys.send(Msg::Signal(15)).unwrap();
    assert_eq!(
        end.recv_timeout(Duration::from_secs(5)),
        Ok(End::Signal(15))
    );
}

/// An outcome that the compiler cannot know to be missing.
fn nothing() -> Option<Outcome> {
    Vec::new().pop()
}

#[test]
fn a_job_that_panics_becomes_a_failure_on_the_screen() {
    let line = Line::default();
    let work: Work = Arc::new(|_, _, _| Ok(nothing().expect("the moon is down")));
    let (keys, end) = start(work, &line);
    line.until("moon");
    keys.send(key(KeyCode::Char('q'))).unwrap();
    assert_eq!(end.recv_timeout(Duration::from_secs(5)), Ok(End::Asked));
}

#[test]
fn a_burst_of_keys_is_drawn_once() {
    let line = Line::default();
    let burst = (0..200)
        .map(|_| key(KeyCode::Tab))
        .chain([key(KeyCode::Char('q'))]);
    let (_keys, end) = start_after(burst, loads(), &line);
    assert_eq!(end.recv_timeout(Duration::from_secs(20)), Ok(End::Asked));
    let writes = line.writes();
    assert!(writes <= 2, "201 pending keys took {writes} drawings");
}

#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    let (keys, end) = start(loads(), &Line::default());
    drop(keys);
    assert!(matches!(
        end.recv_timeout(Duration::from_secs(20)),
        Ok(End::InputLost(_))
    ));
}
