//! One changed byte in any file of the workspace: an error that names the thing, or no effect; never another figure.

use std::fs;
use std::path::Path;

use rand::Rng;

use crate::support::{Bench, Call};
use crate::{random, shop, times};

/// What people ask, and scripts.
const ASKED: [&[&str]; 6] = [
    &["--json", "segments"],
    &["--json", "runs"],
    &[
        "--json",
        "sql",
        "SELECT type, count(*), count(DISTINCT \"user\"), sum(amount), max(query) FROM events GROUP BY type ORDER BY 1",
    ],
    &[
        "--json",
        "sql",
        "SELECT segment, count(*), count(DISTINCT \"user\") FROM members GROUP BY 1 ORDER BY 1",
    ],
    &["--json", "campaign", "list"],
    &["--json", "privacy", "export", "user-3"],
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

fn ask(bench: &Bench, arguments: &[&str]) -> Call {
    let mut call = bench.run(arguments);
    // What the audit log adds for each copy handed out is not the person's data.
    if arguments.contains(&"export") && call.code == 0 {
        let mut json = call.json();
        json.as_object_mut().unwrap().remove("exports");
        call.out = json.to_string();
    }
    call
}

#[test]
fn a_flipped_byte_is_an_error_or_nothing() {
    let bench = Bench::new();
    let file = bench.write("a.csv", shop(40, 0));
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    bench.run(&["run", "--k", "2", "--samples", "1"]).ok();
    bench.run(&["campaign", "plan"]).ok();
    bench.run(&["privacy", "restrict", "user-5"]).ok();
    let expected: Vec<Call> = ASKED.iter().map(|asked| ask(&bench, asked).ok()).collect();
    let whole = bench.path("whole");
    copy(&bench.workspace(), &whole);
    let mut random = random();
    let files = [
        "catalog.sqlite",
        "events.000001.duckdb",
        "runs/000001.duckdb",
        "pseudonym.key",
    ];
    let (mut seen, mut told) = (0, 0);
    for name in files {
        let mut rounds = times(if name.contains("key") { 3 } else { 14 });
        while rounds > 0 {
            rounds -= 1;
            fs::remove_dir_all(bench.workspace()).unwrap();
            copy(&whole, &bench.workspace());
            let path = bench.workspace().join(name);
            let mut bytes = fs::read(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
            let at = random.gen_range(0..bytes.len());
            let mask = random.gen_range(1..=255);
            bytes[at] ^= mask;
            fs::write(&path, &bytes).unwrap();
            let doctor = bench.run(&["doctor"]);
            for (asked, expected) in ASKED.iter().zip(&expected) {
                let call = ask(&bench, asked);
                let place = format!("{name}, byte {at} ^ {mask}, {asked:?}");
                assert!(
                    matches!(call.code, 0..=7),
                    "{place}: {} {}",
                    call.code,
                    call.err
                );
                assert!(!call.err.contains("panicked"), "{place}: {}", call.err);
                if call.code == 0 {
                    assert_eq!(call.out, expected.out, "{place}: another figure");
                } else {
                    seen += 1;
                    assert!(call.err.contains(';'), "{place}: no mend in {}", call.err);
                    // Whoever asks the doctor is told, too.
                    assert!(
                        doctor.code != 0,
                        "{place}: {} but the doctor says {}",
                        call.err,
                        doctor.out
                    );
                }
            }
            told += usize::from(doctor.code != 0);
            assert!(
                matches!(doctor.code, 0..=7) && !doctor.err.contains("panicked"),
                "{name}, byte {at}: {}",
                doctor.err
            );
        }
    }
    println!("{seen} answers were errors, {told} times the doctor told");
    assert!(seen > 0 && told > 0, "no flip was seen at all");
}
