//! Killed at any moment, the program leaves the old state or the new one, whole, and the next start clears the rest.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime};

use rand::Rng;
use rusqlite::Connection;

use crate::support::{Bench, call};
use crate::{bad, events, is_whole, random, runs, shop, times};

/// Starts the program, and what it takes to its end on a copy.
struct Victim<'a> {
    arguments: Vec<&'a str>,
    /// How long it takes undisturbed.
    whole: Duration,
}

impl<'a> Victim<'a> {
    fn new(on: &Bench, arguments: &[&'a str]) -> Self {
        let begun = Instant::now();
        on.run(arguments).ok();
        Self {
            arguments: arguments.to_vec(),
            whole: begun.elapsed(),
        }
    }

    fn start(&self, bench: &Bench) -> Child {
        bench
            .command()
            .args(&self.arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Kills it somewhere between its start and a little after its end; tells whether it had ended.
    fn kill(&self, bench: &Bench, random: &mut impl Rng) -> bool {
        let mut child = self.start(bench);
        std::thread::sleep(self.whole.mul_f64(random.gen_range(0.0..1.1)));
        let _ = child.kill();
        child.wait().unwrap().success()
    }
}

#[test]
fn of_an_ingest_all_or_nothing_is_there() {
    let (bench, copy) = (Bench::new(), Bench::new());
    let small = bench.write("small.csv", shop(5, 0));
    bench.run(&["ingest", small.to_str().unwrap()]).ok();
    let mut random = random();
    let (mut before, mut next) = (events(&bench), 1_000);
    for _ in 0..times(8) {
        let file = bench.write("more.csv", shop(400, next));
        let victim = Victim::new(&copy, &["ingest", file.to_str().unwrap()]);
        let more = 400 * 7 * 2;
        victim.kill(&bench, &mut random);
        is_whole(&bench, "a killed ingest");
        let now = events(&bench);
        assert!(
            now == before || now == before + more,
            "{before} and {more} give {now}"
        );
        if now > before {
            next += 1_000;
        }
        before = now;
    }
    // What was cut short is read by the next try.
    let file = bench.write("more.csv", shop(400, next));
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    assert_eq!(events(&bench), before + 400 * 7 * 2);
}

#[test]
fn of_a_run_with_its_texts_all_or_nothing_is_there() {
    let (bench, copy) = (Bench::new(), Bench::new());
    let file = bench.write("a.csv", shop(60, 0));
    for one in [&bench, &copy] {
        one.run(&["ingest", file.to_str().unwrap()]).ok();
    }
    let victim = Victim::new(&copy, &["run", "--k", "2", "--samples", "1"]);
    let mut random = random();
    for _ in 0..times(6) {
        let before = runs(&bench);
        victim.kill(&bench, &mut random);
        is_whole(&bench, "a killed run");
        let now = runs(&bench);
        assert!(now == before || now == before + 1);
        for id in before + 1..=now {
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
}

#[test]
fn an_export_is_the_old_one_or_the_new_one() {
    let bench = Bench::new();
    let file = bench.write("a.csv", shop(60, 0));
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "2"]).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    let out = bench.path("out");
    let out_text = out.to_str().unwrap();
    bench.run(&["export", "--run", "1", "--out", out_text]).ok();
    let victim = Victim::new(&bench, &["export", "--run", "2", "--out", out_text]);
    let mut random = random();
    for _ in 0..times(6) {
        bench.run(&["export", "--run", "1", "--out", out_text]).ok();
        victim.kill(&bench, &mut random);
        let read = |name: &str| std::fs::read(out.join(name)).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&read("manifest.json")).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&read("segments.json")).unwrap();
        let segments = json["segments"].as_array().unwrap().len() as u64;
        assert_eq!(
            segments,
            manifest["run"].as_u64().unwrap() + 1,
            "the folder is of two exports"
        );
        for (name, told) in manifest["files"].as_object().unwrap() {
            assert_eq!(
                read(name).len() as u64,
                told["bytes"].as_u64().unwrap(),
                "{name}"
            );
        }
        is_whole(&bench, "a killed export");
    }
    // The next export clears what a killed one left beside the folder, unless that is so young that it may be in the making.
    let beside = || -> Vec<PathBuf> {
        std::fs::read_dir(out.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with('.'))
            .collect()
    };
    let hour_ago = SystemTime::now() - Duration::from_secs(3_600);
    for left in beside() {
        File::open(left).unwrap().set_modified(hour_ago).unwrap();
    }
    bench.run(&["export", "--out", out_text]).ok();
    let beside = beside();
    assert!(beside.is_empty(), "{beside:?}");
}

#[test]
fn an_erasure_that_is_cut_short_is_ended_by_the_next() {
    let mut random = random();
    for _ in 0..times(5) {
        let (bench, copy) = (Bench::new(), Bench::new());
        let file = bench.write("a.csv", shop(60, 0));
        for one in [&bench, &copy] {
            one.run(&["ingest", file.to_str().unwrap()]).ok();
            one.run(&["segment", "--k", "2"]).ok();
        }
        let before = events(&bench);
        let victim = Victim::new(&copy, &["privacy", "forget", "user-3", "--yes"]);
        victim.kill(&bench, &mut random);
        let bad = bad(&bench);
        assert!(
            bad.is_empty() || (bad.len() == 1 && bad[0].contains("erasures")),
            "{bad:?}"
        );
        let now = events(&bench);
        assert!(now == before || now == before - 14, "{before} became {now}");
        // Whoever was forgotten already is not there to be forgotten again; anybody else ends what is open.
        let _ = bench.run(&["privacy", "forget", "user-3", "--yes"]);
        bench.run(&["privacy", "forget", "user-4", "--yes"]).ok();
        is_whole(&bench, "a killed erasure");
        assert!(events(&bench) == before - 14 || events(&bench) == before - 28);
    }
}

#[test]
fn a_catalog_of_an_older_version_comes_through_a_kill() {
    let mut random = random();
    let bench = Bench::new();
    let file = bench.write("a.csv", shop(60, 0));
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "2"]).ok();
    let told = bench.run(&["--json", "segments"]).ok().out;
    for _ in 0..times(8) {
        let catalog = Connection::open(bench.workspace().join("catalog.sqlite")).unwrap();
        catalog
            .execute_batch("DROP TABLE checksums; PRAGMA user_version = 9;")
            .unwrap();
        drop(catalog);
        let victim = Victim {
            arguments: vec!["runs"],
            whole: Duration::from_millis(40),
        };
        victim.kill(&bench, &mut random);
        assert_eq!(bench.run(&["--json", "segments"]).ok().out, told);
        is_whole(&bench, "a killed migration");
    }
    let _ = call(bench.command().arg("doctor").output().unwrap()).ok();
}
