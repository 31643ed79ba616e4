//! The clock of the wall goes backwards, from one call to the next and within a call: what came later is still later, and
//! nothing is taken for new or old that is not.

use std::path::Path;
use std::process::Command;

use crate::support::{Bench, Call, call};
use crate::{events, is_whole, runs, shop};

/// The library that shifts the clock; none where this machine has no C compiler.
fn library(bench: &Bench) -> Option<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/clock.c");
    let library = bench.path("clock.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status();
    if built.is_ok_and(|status| status.success()) {
        return Some(library.to_str().unwrap().to_owned());
    }
    println!("skipped: no C compiler to build tests/faults/clock.c with");
    None
}

/// The program where the clock goes back by a quarter of an hour at each look, from `days` before or after now.
fn at(bench: &Bench, library: &str, days: i64, arguments: &[&str]) -> Command {
    const DAY: i64 = 86_400;
    let mut command = bench.command();
    command
        .args(arguments)
        .env("LD_PRELOAD", library)
        .env("CLOCK_SHIFT", (days * DAY).to_string())
        .env("CLOCK_STEP", "900");
    command
}

#[test]
fn what_came_later_is_later_whatever_the_clock_says() {
    let bench = Bench::new();
    let Some(library) = library(&bench) else {
        return;
    };
    let at = |days: i64, arguments: &[&str]| -> Call {
        let mut command = at(&bench, &library, days, arguments);
        // DuckDB gives up where the clock steps back while it waits, see below: it alone sees one that stands.
        command.env("CLOCK_SPARE", "libstdc++");
        call(command.output().unwrap())
    };
    let [one, other, third] = [0, 1, 2].map(|at| {
        let file = bench.write(&format!("{at}.csv"), shop(30, at * 1_000));
        file.to_str().unwrap().to_owned()
    });
    at(0, &["ingest", &one]).ok();
    let years = |call: &Call| call.json()[0]["created_at"].as_str().unwrap()[..4].to_owned();
    at(0, &["run", "--k", "2", "--samples", "1"]).ok();
    let now = years(&bench.run(&["--json", "runs"]).ok());
    // Ten years back: the library is at work, and the later run is the newest all the same.
    at(-3_650, &["ingest", &other]).ok();
    at(-3_650, &["run", "--k", "3", "--samples", "1"]).ok();
    let listed = bench.run(&["--json", "runs"]).ok();
    assert_eq!(listed.json()[0]["id"], 2, "{listed:?}");
    assert_ne!(years(&listed), now);
    let newest = bench.run(&["--json", "segments"]).ok().json();
    assert_eq!(newest.as_array().unwrap().len(), 3);
    // A file that was read stays read, one that was not is new.
    at(-7_300, &["ingest", &other]).ok();
    at(-7_300, &["ingest", &third]).ok();
    assert_eq!((events(&bench), runs(&bench)), (3 * 30 * 14, 2));
    at(-7_300, &["privacy", "forget", "user-3", "--yes"]).ok();
    let out = bench.path("out");
    for days in [0, -3_650] {
        at(days, &["export", "--out", out.to_str().unwrap()]).ok();
    }
    at(-1, &["audit"]).ok();
    is_whole(&bench, "a clock that goes backwards");
    assert_eq!(events(&bench), 3 * 30 * 14 - 14);
}

#[test]
fn a_step_back_while_duckdb_waits_loses_nothing_and_is_named() {
    let bench = Bench::new();
    let Some(library) = library(&bench) else {
        return;
    };
    let file = bench.write("shop.csv", shop(30, 0));
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    let made = (0..8)
        .map(|_| {
            let mut run = at(&bench, &library, 0, &["run", "--k", "2", "--samples", "1"]);
            call(run.output().unwrap())
        })
        .filter(|call| match call.code {
            0 => true,
            code => {
                assert!(
                    code == 1 && call.err.contains("clock"),
                    "a failure that does not say why: {call:?}"
                );
                false
            }
        })
        .count();
    println!("{made} of 8 runs came through");
    is_whole(&bench, "a clock that steps back while DuckDB waits");
    assert_eq!((events(&bench), runs(&bench)), (30 * 14, made));
    bench.run(&["run", "--k", "2", "--samples", "1"]).ok();
}
