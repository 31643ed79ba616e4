//! Killed at any point, the program leaves a workspace that is whole: what was published is there, nothing else.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{Bench, SMALL};

#[test]
fn a_kill_at_any_point_of_ingest_and_run_leaves_the_workspace_whole() {
    let bench = Bench::new();
    let shop = bench.shop(400, 3);
    bench.ingest("first.csv", SMALL).ok();
    let start = |arguments: &[&str]| {
        bench
            .command()
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    // How long the whole takes on a copy, so that the kills fall all over it.
    let copy = Bench::new();
    let began = Instant::now();
    copy.run(&["run", "--events", shop.to_str().unwrap()]).ok();
    let whole = began.elapsed();
    let mut runs = 0;
    for step in 0..12_u32 {
        let mut child = start(&["run", "--events", shop.to_str().unwrap()]);
        std::thread::sleep(whole * step / 11 + Duration::from_millis(u64::from(step)));
        let _ = child.kill();
        child.wait().unwrap();
        let listed = bench
            .run(&["--json", "runs"])
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len();
        assert!(listed >= runs, "a published run is gone");
        runs = listed;
        assert!(
            bench
                .run(&["doctor"])
                .ok()
                .out
                .lines()
                .all(|line| line.starts_with("ok"))
        );
        for id in 1..=listed {
            let list = bench
                .run(&["--json", "segments", "--run", &id.to_string()])
                .ok()
                .json();
            assert!(
                list.as_array()
                    .unwrap()
                    .iter()
                    .all(|segment| segment["narrative"].is_object()),
                "half a run"
            );
        }
    }
    bench.run(&["run", "--events", shop.to_str().unwrap()]).ok();
    let report = bench
        .run(&["--json", "ingest", shop.to_str().unwrap()])
        .ok()
        .json();
    assert_eq!(
        report["counts"]["events"], 0,
        "everything was read in the end"
    );
    let left = std::fs::read_dir(bench.workspace().join("tmp"))
        .unwrap()
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with("ingest-")
        });
    assert_eq!(left.count(), 0, "what a killed ingest left was cleared");
}
