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

#[test]
fn what_came_later_is_later_whatever_the_clock_says() {
    const DAY: i64 = 86_400;
    let bench = Bench::new();
    let Some(library) = library(&bench) else {
        return;
    };
    let at = |days: i64, arguments: &[&str]| -> Call {
        let mut command = bench.command();
        command
            .args(arguments)
            .env("LD_PRELOAD", &library)
            .env("CLOCK_SHIFT", (days * DAY).to_string())
            // A quarter of an hour back at each look.
            .env("CLOCK_STEP", "900");
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
