//! The terminal UI against what a person notices: the first frame, one frame, a key while both cores are busy, bytes on
//! the wire, memory. Printed as a table; `make bench` runs it.
//!
//! The workspace of a million users is made once, in `target/bench-million` (or where `PORTRAY_BENCH` says), from
//! three events a user. Where `HARLEQUIN` names a Harlequin program, its first frame is timed in the same run.

#[path = "../tests/tui/asked.rs"]
mod asked;
#[allow(dead_code)] // the tests use more of it
#[path = "../tests/tui/fixture.rs"]
mod fixture;
#[allow(dead_code)] // as above
#[path = "../tests/tui/terminal.rs"]
mod terminal;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use portray::explore::{Axis, Map, Point};
use portray::tui::{
    App, Background, Cmd, Console, Depth, JobEvent, Keymap, Looks, Msg, Outcome, Request, Screen,
    Theme, update, view,
};
use portray::words::Lang;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use terminal::Terminal;

/// The keys that show each view.
const VIEWS: [&str; 11] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-"];
const USERS: usize = 1_000_000;

fn main() {
    let mut out = std::io::stdout();
    let mut tell = |name: &str, value: String, asked: &str| {
        let _ = writeln!(out, "{name:<62} {value:>14}   {asked}");
    };
    let frames = frames();
    tell(
        "one frame at 200×60, any view, 99th percentile",
        millis(frames),
        "at most 5 ms",
    );
    for (name, bytes, most) in wire() {
        tell(name, format!("{bytes} B"), most);
    }
    let workspace = million();
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut starts: Vec<Duration> = (0..11)
        .map(|_| first_frame(home.path(), &workspace))
        .collect();
    starts.sort();
    tell(
        "start to first frame, 1,000,000 users, median of 11",
        millis(starts[5]),
        "at most 150 ms",
    );
    if let Some(harlequin) = std::env::var_os("HARLEQUIN") {
        let time = peer(Path::new(&harlequin), home.path());
        tell("the same, Harlequin with nothing loaded", millis(time), "");
        let ratio = starts[5].as_secs_f64() / time.as_secs_f64();
        tell("ratio", format!("{ratio:.3}"), "");
    }
    let (keys, memory) = busy(home.path(), &workspace);
    tell(
        "key to bytes, a run and two busy cores, 99th percentile",
        millis(keys),
        "at most 33 ms",
    );
    tell(
        "memory after every view, 1,000,000 users (peak)",
        format!("{memory:.0} MB"),
        "under 150 MB",
    );
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// The state after a load; questions are answered as in the tests, but for a map of as many places as the view asks for.
struct Stage(App);

impl Stage {
    fn new(size: (u16, u16)) -> Self {
        let looks = Looks {
            lang: Lang::En,
            theme: Theme::new(Depth::Indexed, Background::Dark),
            ascii: false,
            keymap: Keymap::default(),
            mouse: false,
        };
        let mut stage = Self(App::new("/data/shop", looks, Size::new(size.0, size.1)));
        stage.send(Msg::Start);
        stage
    }

    fn send(&mut self, msg: Msg) {
        for command in update(&mut self.0, msg) {
            let Cmd::Start(id, request) = command else {
                continue;
            };
            let outcome = match request {
                Request::Load(_) => Outcome::Loaded(Some(Box::new(fixture::compared()))),
                Request::Map(_) => Outcome::Map(Some(plane())),
                other => asked::answer(&other).expect("a made-up answer"),
            };
            self.send(Msg::Job(id, JobEvent::Done(outcome)));
        }
    }

    fn press(&mut self, key: &str) {
        for c in key.chars() {
            self.send(Msg::Key(KeyEvent::new(
                KeyCode::Char(c),
                KeyModifiers::NONE,
            )));
        }
    }
}

/// A full map.
fn plane() -> Map {
    let axis = || Axis {
        explained: 0.3,
        weights: vec![("rfm.orders".into(), 0.5), ("rfm.revenue".into(), -0.4)],
    };
    let point = |i: u32| {
        let angle = f64::from(i) * 2.399_963;
        let far = f64::from(i).sqrt() / 20.0;
        Point {
            pseudonym: format!("{i:a>16}"),
            segment: i % 7 + 1,
            x: far * angle.cos(),
            y: far * angle.sin(),
        }
    };
    Map {
        axes: [axis(), axis()],
        points: (0..6_000).map(point).collect(),
        users: USERS as u64,
    }
}

/// The 99th percentile of the slowest view.
fn frames() -> Duration {
    let mut stage = Stage::new((200, 60));
    let mut terminal = ratatui::Terminal::new(TestBackend::new(200, 60)).expect("a test backend");
    VIEWS
        .iter()
        .map(|key| {
            stage.press(key);
            let mut times: Vec<Duration> = (0..300)
                .map(|_| {
                    let start = Instant::now();
                    terminal
                        .draw(|frame| view(&stage.0, frame))
                        .expect("a test backend");
                    start.elapsed()
                })
                .collect();
            times.sort();
            times[times.len() * 99 / 100]
        })
        .max()
        .unwrap_or_default()
}

/// Bytes of frames at 80×24.
fn wire() -> Vec<(&'static str, usize, &'static str)> {
    let mut stage = Stage::new((80, 24));
    let wire = Wire::default();
    let mut console = Console::fixed(wire.clone(), Size::new(80, 24)).expect("a fixed console");
    let mut frame = |stage: &Stage| {
        let before = wire.count();
        console.draw(&stage.0).expect("nothing fails");
        wire.count() - before
    };
    frame(&stage);
    stage.press("j");
    let step = frame(&stage);
    stage.send(Msg::Rested);
    let rested = frame(&stage);
    let mut views = Vec::new();
    for key in ["4", "6", "7", "8", "9", "1"] {
        stage.press(key);
        views.push(frame(&stage));
    }
    stage.press("3");
    let map = frame(&stage);
    stage.press("2\t\t");
    let heat = frame(&stage);
    let largest = views.into_iter().max().unwrap_or_default();
    vec![
        (
            "bytes at 80×24: one step in the table",
            step,
            "at most 600 B",
        ),
        (
            "bytes: the step with the text redrawn",
            step + rested,
            "at most 3,000 B",
        ),
        (
            "bytes: a change of view, the largest",
            largest,
            "at most 6,000 B",
        ),
        (
            "bytes: a view with a map or heat map",
            map.max(heat),
            "at most 16,000 B",
        ),
    ]
}

#[derive(Clone, Default)]
struct Wire(Arc<std::sync::Mutex<usize>>);

impl Wire {
    fn count(&self) -> usize {
        *self.0.lock().expect("no writer panics")
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        *self.0.lock().expect("no writer panics") += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The workspace of a million users.
fn million() -> PathBuf {
    let folder = std::env::var_os("PORTRAY_BENCH")
        .map_or_else(|| PathBuf::from("target/bench-million"), PathBuf::from);
    // The program is started in a home of its own.
    let folder = std::path::absolute(folder).expect("a path");
    let workspace = folder.join("workspace");
    if workspace.join("runs/000001.duckdb").exists() {
        return workspace;
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    let events = folder.join("events.csv");
    let file = std::fs::File::create(&events).expect("a file");
    let mut file = std::io::BufWriter::new(file);
    writeln!(file, "user,time,type,product,category,price,quantity").expect("room");
    let mut state = 42_u64;
    for user in 0..USERS {
        for event in 0..3 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let draw = (state >> 33) as usize;
            let kind = ["view", "cart", "purchase"][(event + draw % 2) % 3];
            writeln!(
                file,
                "u{user},2026-{:02}-{:02} {:02}:{:02}:00,{kind},p{},c{},{}.5,{}",
                draw % 12 + 1,
                draw % 27 + 1,
                draw % 24,
                draw % 60,
                draw % 900,
                draw % 13,
                draw % 80 + 1,
                draw % 4 + 1
            )
            .expect("room");
        }
    }
    file.flush().expect("room");
    for arguments in [
        vec!["ingest", events.to_str().expect("a path")],
        vec!["segment", "--k", "7"],
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_portray"))
            .args(arguments)
            .arg("--workspace")
            .arg(&workspace)
            .status();
        assert!(
            done.is_ok_and(|status| status.success()),
            "the workspace could not be made"
        );
    }
    let _ = std::fs::remove_file(events);
    workspace
}

fn first_frame(home: &Path, workspace: &Path) -> Duration {
    let start = Instant::now();
    let mut terminal = Terminal::portray(home, workspace, 80, 24);
    while !terminal.text().contains("Segments 7 ·") && !terminal.text().contains("1,000,000") {
        std::thread::sleep(Duration::from_micros(500));
    }
    let time = start.elapsed();
    terminal.press("1").press("q");
    terminal.end();
    time
}

/// The first frame of Harlequin.
fn peer(program: &Path, home: &Path) -> Duration {
    let start = Instant::now();
    let command = portable_pty::CommandBuilder::new(program);
    let mut terminal = Terminal::start(terminal::with_home(command, home), 80, 24);
    while !terminal.text().contains("Query") {
        std::thread::sleep(Duration::from_micros(500));
    }
    let time = start.elapsed();
    terminal.signal(15);
    terminal.end();
    time
}

/// The 99th percentile from a key to the first byte after it, while both cores are busy and a run is made; and the peak
/// of the resident memory after every view was shown before that, in megabytes.
fn busy(home: &Path, workspace: &Path) -> (Duration, f64) {
    let mut terminal = Terminal::portray(home, workspace, 80, 24);
    terminal.shows("1Segments");
    for key in VIEWS {
        terminal.press(key);
        terminal.quiet(Duration::from_millis(700));
    }
    let id = terminal.child.process_id().expect("it runs");
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| {
        line.strip_prefix("VmHWM:")?
            .trim()
            .strip_suffix(" kB")?
            .trim()
            .parse::<f64>()
            .ok()
    });
    let stop = Arc::new(AtomicBool::new(false));
    let spinners: Vec<_> = (0..2)
        .map(|_| {
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || while !stop.load(Ordering::Relaxed) {})
        })
        .collect();
    terminal.press("6").press("M").press("y").press("1");
    std::thread::sleep(Duration::from_secs(2));
    let mut times: Vec<Duration> = (0..300)
        .map(|i| {
            std::thread::sleep(Duration::from_millis(40));
            let (before, start) = (terminal.bytes(), Instant::now());
            terminal.press(if i % 2 == 0 { "j" } else { "k" });
            while terminal.bytes() == before && start.elapsed() < Duration::from_secs(5) {
                std::thread::sleep(Duration::from_micros(200));
            }
            start.elapsed()
        })
        .collect();
    times.sort();
    stop.store(true, Ordering::Relaxed);
    for spinner in spinners {
        let _ = spinner.join();
    }
    terminal.signal(15);
    terminal.end();
    (
        times[times.len() * 99 / 100],
        peak.unwrap_or_default() / 1024.0,
    )
}
