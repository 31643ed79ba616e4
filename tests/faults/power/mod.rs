//! The power goes at any moment: what was not synced is lost, wholly or in part. The next start finds the old state or the
//! new one, and once the program has said that it is done, the new one.
//!
//! A call of the program is recorded once (`trace`), then played up to many points on a disk that loses things (`disk`).

mod disk;
mod trace;

use std::path::Path;

use rand::Rng;

use crate::support::Bench;
use crate::{bad, events, is_whole, random, runs, shop, times};
use disk::Disk;
use trace::{can_trace, record};

/// Loses the power at random steps of a call, and after its last, and has each state of the disk looked at: `is_over` says
/// whether the program had ended.
fn lose_power(bench: &Bench, arguments: &[&str], few: usize, mut look: impl FnMut(&Bench, bool)) {
    let root = bench.path("").canonicalize().unwrap();
    let mut disk = Disk::of(&root);
    let (call, steps) = record(bench, &root, arguments);
    assert_eq!(call.code, 0, "{call:?}");
    assert!(
        steps.len() > 20,
        "{} steps are no whole record",
        steps.len()
    );
    let mut random = random();
    let mut points: Vec<usize> = (0..times(few))
        .map(|_| random.gen_range(0..steps.len()))
        .collect();
    points.sort_unstable();
    let mut look_at = |disk: &Disk, all: bool, is_over: bool| {
        let after = Bench::new();
        disk.lose(&root, Path::new(&after.path("")), all, &mut random);
        look(&after, is_over);
    };
    for (at, step) in steps.iter().enumerate() {
        for point in points.iter().filter(|point| **point == at) {
            look_at(&disk, point % 3 == 0, false);
        }
        disk.take(step);
    }
    look_at(&disk, true, true);
    for _ in 0..times(2) {
        look_at(&disk, false, true);
    }
}

#[test]
fn an_ingest_that_was_told_done_is_there() {
    if !can_trace() {
        return;
    }
    let bench = Bench::new();
    bench.ingest("small.csv", &shop(5, 0)).ok();
    let more = bench.write("more.csv", shop(60, 1_000));
    let before = events(&bench);
    let arguments = ["ingest", more.to_str().unwrap()];
    lose_power(&bench, &arguments, 16, |left, is_over| {
        is_whole(left, "a power loss in an ingest");
        let now = events(left);
        assert!(
            now == before + 60 * 14 || (now == before && !is_over),
            "{now}"
        );
    });
}

#[test]
fn a_first_ingest_leaves_a_workspace_or_none() {
    if !can_trace() {
        return;
    }
    let bench = Bench::new();
    let file = bench.write("a.csv", shop(60, 0));
    let arguments = ["ingest", file.to_str().unwrap()];
    lose_power(&bench, &arguments, 16, |left, is_over| {
        if is_over {
            is_whole(left, "a power loss in a first ingest");
            assert_eq!(events(left), 60 * 14);
        } else {
            // Whatever is there, the same call once more mends it.
            left.ingest("a.csv", &shop(60, 0)).ok();
            assert_eq!(events(left), 60 * 14);
            is_whole(left, "an ingest after a power loss");
        }
    });
}

#[test]
fn a_run_that_was_told_done_is_there_with_its_texts() {
    if !can_trace() {
        return;
    }
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(60, 0)).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    lose_power(
        &bench,
        &["run", "--k", "2", "--samples", "1"],
        16,
        |left, is_over| {
            is_whole(left, "a power loss in a run");
            let now = runs(left);
            assert!(now == 2 || (now == 1 && !is_over), "{now} runs");
            if now == 2 {
                let list = left.run(&["--json", "segments"]).ok().json();
                let mut segments = list.as_array().unwrap().iter();
                assert!(segments.all(|segment| segment["narrative"].is_object()));
            }
        },
    );
}

#[test]
fn an_erasure_that_was_told_done_is_done() {
    if !can_trace() {
        return;
    }
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(60, 0)).ok();
    bench.run(&["segment", "--k", "2"]).ok();
    let before = events(&bench);
    let forget = ["privacy", "forget", "user-3", "--yes"];
    lose_power(&bench, &forget, 16, |left, is_over| {
        let bad = bad(left);
        assert!(
            bad.is_empty() || (!is_over && bad.len() == 1 && bad[0].contains("erasures")),
            "{bad:?}"
        );
        let now = events(left);
        assert!(now == before - 14 || (now == before && !is_over), "{now}");
        // Anybody's erasure ends what is open.
        let _ = left.run(&forget);
        left.run(&["privacy", "forget", "user-4", "--yes"]).ok();
        is_whole(left, "a power loss in an erasure");
        assert_eq!(events(left), before - 28);
    });
}

#[test]
fn an_export_that_was_told_done_is_there() {
    if !can_trace() {
        return;
    }
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(60, 0)).ok();
    bench.run(&["segment", "--k", "2"]).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    let out = bench.path("out");
    let out = out.to_str().unwrap();
    bench.run(&["export", "--run", "1", "--out", out]).ok();
    let arguments = ["export", "--run", "2", "--out", out];
    lose_power(&bench, &arguments, 16, |left, is_over| {
        let read = |name: &str| std::fs::read(left.path("out").join(name)).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&read("manifest.json")).unwrap();
        let run = manifest["run"].as_u64().unwrap();
        assert!(run == 2 || (run == 1 && !is_over), "run {run}");
        for (name, told) in manifest["files"].as_object().unwrap() {
            assert_eq!(
                read(name).len() as u64,
                told["bytes"].as_u64().unwrap(),
                "{name}"
            );
        }
        is_whole(left, "a power loss in an export");
    });
}
