//! A terminal that goes away, a scheduler that ends its jobs, a reader that has read enough.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::Bench;
use crate::{events, is_whole, shop, times};

#[test]
fn a_hang_up_and_a_request_to_end_leave_the_workspace_whole() {
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(30, 0)).ok();
    let before = events(&bench);
    let file = bench.write("large.csv", shop(3_000, 100));
    for round in 0..times(2) {
        for signal in [Signal::HUP, Signal::TERM, Signal::INT] {
            let mut child = bench
                .command()
                .args(["run", "--events", file.to_str().unwrap(), "--samples", "1"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(60 + 50 * round as u64));
            kill_process(Pid::from_child(&child), signal).unwrap();
            let status = child.wait().unwrap();
            let code = status.code();
            assert_eq!(code, Some(128 + signal.as_raw()), "{signal:?}: {status:?}");
            is_whole(&bench, "a signal");
            assert_eq!(events(&bench), before);
        }
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(300, 0)).ok();
    bench.run(&["segment", "--k", "2"]).ok();
    for arguments in [
        &["show", "users", "--limit", "300"][..],
        &["--json", "sql", "FROM events"],
        &["segments"],
        &["audit"],
    ] {
        let mut child = bench
            .command()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert!(
            !err.contains("panicked") && ended.status.code().is_some_and(|code| code != 101),
            "{arguments:?}: {err}"
        );
    }
}
