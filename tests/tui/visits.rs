//! Whole visits of a person, at the real program in a real terminal.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::terminal::{Terminal, with_home};

/// Visits one after the other: each is busy on both cores at times, and all wait for screens.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> std::sync::MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a command of the program.
fn portray(home: &Path, workspace: &Path, arguments: &[&str]) -> String {
    let out = Command::new(env!("CARGO_BIN_EXE_portray"))
        .args(arguments)
        .arg("--workspace")
        .arg(workspace)
        .env("XDG_DATA_HOME", home)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("the program starts");
    assert!(out.status.success(), "{arguments:?}: {out:?}");
    String::from_utf8(out.stdout).expect("text")
}

/// A small shop with a run of two segments and no texts, made once; each visit gets a copy.
fn shop() -> (TempDir, PathBuf) {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let home = tempfile::tempdir().expect("the disk works");
        let (events, workspace) = (home.path().join("shop.csv"), home.path().join("w"));
        let file = events.display().to_string();
        portray(
            home.path(),
            &workspace,
            &["demo", "--users", "200", "--events", &file],
        );
        portray(home.path(), &workspace, &["ingest", &file]);
        portray(home.path(), &workspace, &["segment", "--k", "2"]);
        home
    });
    let home = tempfile::tempdir().expect("the disk works");
    let workspace = home.path().join("w");
    copy(&made.path().join("w"), &workspace);
    (home, workspace)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the disk works");
    for entry in std::fs::read_dir(from).expect("the disk works") {
        let entry = entry.expect("the disk works");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("the disk works");
        }
    }
}

#[test]
fn from_an_empty_workspace_to_a_narrative() {
    let _alone = alone();
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::portray(home.path(), &home.path().join("w"), 100, 30);
    terminal.shows("This workspace holds no run yet").press("D");
    terminal.shows("sample shop");
    // When it is done the segments show, with their texts.
    terminal.until("segments with a text", |screen| {
        screen.contains("Segments") && screen.contains("checked: every sentence")
    });
    terminal.press("2").shows("✓ ");
    terminal.press("q");
    assert!(terminal.end().success());
    assert!(!terminal.is_taken() && terminal.has_cursor());
}

#[test]
fn a_campaign_is_planned_and_a_message_written() {
    let _alone = alone();
    let (home, workspace) = shop();
    let mut terminal = Terminal::portray(home.path(), &workspace, 120, 40);
    terminal.shows("Segments 2 ·").press("O");
    terminal.until("recommendations", |screen| {
        screen.contains("on lists") && screen.contains('%')
    });
    terminal.press("P").shows("M plans one").press("M");
    terminal.until("a plan", |screen| {
        screen.contains("held out") && screen.contains("▸ 1 ")
    });
    terminal.press("p").shows("▸ 2 ");
    terminal.press("e").shows("Message").press("Ours. ");
    terminal.press("\r").shows("by a person");
    terminal.press("q");
    assert!(terminal.end().success());
    let shown = portray(home.path(), &workspace, &["campaign", "show"]);
    assert!(
        shown.contains("▸ 3 [by a person]") && shown.contains("Ours."),
        "{shown}"
    );
}

#[test]
fn browse_compare_and_ask() {
    let _alone = alone();
    let (home, workspace) = shop();
    let mut terminal = Terminal::portray(home.path(), &workspace, 80, 24);
    terminal
        .shows("Segments 2 ·")
        .press("j")
        .press("2")
        .shows("Facts");
    terminal.press("\t").shows("difference");
    terminal.press("3").shows("✚").press("\r");
    terminal.shows("Membership in segments");
    terminal.press("4").shows("apart").press("R");
    terminal.until("a comparison", |screen| {
        !screen.contains("Being written")
            && !screen.contains("R writes what")
            && screen.contains("apart")
    });
    terminal
        .press("7")
        .shows("Net: the segments' revenue")
        .press("8")
        .shows("← shown");
    terminal
        .press("9")
        .shows("members")
        .press("i")
        .press("SELECT segment, count(*) AS n FROM members GROUP BY 1 ORDER BY 1\r");
    terminal.shows("2 rows");
    terminal.press("y");
    terminal.shows("Copied:");
    assert!(terminal.got(b"\x1b]52;c;"));
    terminal.press("q");
    assert!(terminal.end().success());
    // The next session begins where this one ended.
    let mut terminal = Terminal::portray(home.path(), &workspace, 80, 24);
    terminal
        .shows("read only")
        .press("i")
        .press("\x1b[A")
        .shows("SELECT segment, count(*)");
    terminal.press("\x1b").press("q");
    terminal.end();
}

#[test]
fn a_statement_that_changes_something_is_refused() {
    let _alone = alone();
    let (home, workspace) = shop();
    let before = portray(home.path(), &workspace, &["runs"]);
    let mut terminal = Terminal::portray(home.path(), &workspace, 80, 24);
    terminal.shows("Segments 2 ·").press("9").shows("members");
    for statement in [
        "DELETE FROM store.events",
        "COPY members TO '/tmp/x.csv'",
        "ATTACH '/tmp/x.db'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "INSTALL httpfs",
    ] {
        terminal
            .press("i")
            .press("\x15")
            .press(statement)
            .press("\r");
        terminal.until(statement, |screen| {
            !screen.contains("Reading…")
                && !screen.contains("rows ·")
                && screen.contains("What can be asked")
        });
        terminal.press("\x1b");
    }
    let text = terminal.text();
    assert!(!text.contains(" rows"), "{text}");
    terminal.press("q");
    terminal.end();
    assert_eq!(portray(home.path(), &workspace, &["runs"]), before);
    assert!(!Path::new("/tmp/x.csv").exists() && !Path::new("/tmp/x.db").exists());
}

#[test]
fn a_connection_lost_during_a_run_leaves_the_workspace_whole() {
    let _alone = alone();
    let (home, workspace) = shop();
    let mut terminal = Terminal::portray(home.path(), &workspace, 100, 30);
    terminal
        .shows("Segments 2 ·")
        .press("6")
        .shows("taken")
        .press("M")
        .shows("Make a run")
        .press("y");
    terminal.shows("run with 2 segments");
    std::thread::sleep(Duration::from_millis(500));
    terminal.hang_up();
    // Whole: what was there is there, and nothing unpublished lies about that the next one minds.
    assert!(portray(home.path(), &workspace, &["segments"]).contains("2 segments"));
    let mut terminal = Terminal::portray(home.path(), &workspace, 100, 30);
    terminal
        .shows("taken")
        .press("M")
        .shows("Make a run")
        .press("y");
    terminal.until("a run with texts", |screen| {
        screen.contains("is shown now") && screen.contains("checked")
    });
    terminal.press("q");
    assert!(terminal.end().success());
}

#[test]
fn an_idle_screen_writes_nothing_and_a_storm_of_sizes_is_one_frame() {
    let _alone = alone();
    let (home, workspace) = shop();
    let mut terminal = Terminal::portray(home.path(), &workspace, 80, 24);
    terminal.shows("Segments 2 ·");
    terminal.quiet(Duration::from_millis(600));
    let before = terminal.bytes();
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(terminal.bytes(), before);
    for width in 0..40 {
        terminal.resize(60 + width, 20 + width / 4);
    }
    terminal.resize(120, 40);
    terminal.quiet(Duration::from_millis(400));
    let storm = terminal.bytes() - before;
    // Forty frames would be two hundred thousand.
    assert!(storm < 60_000, "{storm} bytes");
    assert!(terminal.text().lines().count() >= 39);
    terminal.press("q");
    terminal.end();
}

#[test]
fn the_terminal_is_whole_after_a_signal() {
    let _alone = alone();
    let (home, workspace) = shop();
    for signal in [15, 2, 1] {
        let mut terminal = Terminal::portray(home.path(), &workspace, 80, 24);
        terminal.shows("Segments 2 ·");
        assert!(terminal.is_taken());
        terminal.signal(signal);
        terminal.end();
        assert!(
            !terminal.is_taken() && terminal.has_cursor(),
            "signal {signal}"
        );
    }
}

#[test]
fn the_shell_has_the_terminal_while_the_program_waits() {
    let _alone = alone();
    let (home, workspace) = shop();
    let mut command = CommandBuilder::new("bash");
    command.args(["--norc", "--noprofile", "-i"]);
    let mut terminal = Terminal::start(with_home(command, home.path()), 80, 24);
    let program = env!("CARGO_BIN_EXE_portray");
    terminal.shows("$").press(&format!(
        "{program} --lang en --workspace {}\n",
        workspace.display()
    ));
    terminal.shows("Segments 2 ·").press("\x1a");
    terminal.shows("Stopped");
    assert!(!terminal.is_taken() && terminal.has_cursor());
    terminal
        .press("echo in the $((20 + 22)) shell\n")
        .shows("in the 42 shell");
    terminal.press("fg\n").until("the screen again", |screen| {
        screen.contains("Segments 2 ·") && !screen.contains("42 shell")
    });
    terminal.press("q").shows("42 shell");
    terminal.press("exit\n");
    terminal.end();
}

#[test]
fn a_file_whose_columns_tell_nothing_is_mapped_by_a_person() {
    let _alone = alone();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("till.csv");
    let rows: String = (1..30)
        .map(|at| format!("k{at},x,2025-03-{at:02} 10:00\n"))
        .collect();
    std::fs::write(&file, format!("alpha,beta,gamma\n{rows}")).unwrap();
    let mut terminal = Terminal::portray(home.path(), &home.path().join("w"), 100, 30);
    terminal.shows("This workspace holds no run yet").press("0");
    terminal.shows("../").press("i");
    terminal.press(&format!("\x15{}\r", file.display()));
    terminal.shows("no user column among: alpha, beta, gamma");
    // Nothing is read in before it is known whose the rows are.
    terminal.press("I").quiet(Duration::from_millis(300));
    assert!(terminal.text().contains("no user column"));
    terminal.press("\r").shows("← alpha");
    terminal.shows("2025-03-01T10:00:00").press("I");
    terminal.shows("till.csv").press("y");
    // What was read in is segmented, too.
    terminal.shows("is shown now").press("q");
    assert!(terminal.end().success());
    let told = portray(
        home.path(),
        &home.path().join("w"),
        &["--json", "sql", "SELECT count(*) AS n FROM events"],
    );
    assert!(told.contains("29"), "{told}");
}
