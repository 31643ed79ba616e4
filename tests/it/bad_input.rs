//! Bad input gets one clear line, the right exit code, and a workspace that is as it was.

use std::io::Write;

use crate::support::{Bench, SMALL, tree};

/// Ingests a file and says what came: the code and the one line. The workspace's stores must not change.
fn refused(bench: &Bench, name: &str, contents: &[u8]) -> (i32, String) {
    bench.ingest("good.csv", SMALL).ok();
    let stores = || -> Vec<_> {
        tree(&bench.workspace())
            .into_iter()
            .filter(|(name, _)| name.ends_with(".duckdb") || name.starts_with("runs"))
            .collect()
    };
    let before = stores();
    let file = bench.write(name, contents);
    let call = bench.run(&["--quiet", "ingest", file.to_str().unwrap()]);
    assert_eq!(call.out, "");
    assert_eq!(call.err.lines().count(), 1, "{}", call.err);
    assert!(before == stores(), "{name} changed the workspace");
    (call.code, call.err)
}

#[test]
fn files_that_hold_no_events_are_rejected_with_three() {
    let cases: [(&str, &[u8], &str); 8] = [
        ("empty.csv", b"", "is empty"),
        ("header.csv", b"user_id,event_time\n", "no usable row"),
        (
            "nouser.csv",
            b"price,event_time\n1,2025-01-01\n",
            "no user column",
        ),
        ("semicolons.csv", b"a:b:c\n1:2:3\n", "no user column"),
        (
            "times.csv",
            b"user_id,event_time\n1,soon\n2,later\n",
            "line 2: the times in column `event_time` do not parse",
        ),
        (
            "twice.csv",
            b"user_id,price,price,event_time\n1,2,3,2025-01-01\n",
            "two columns are called `price`",
        ),
        ("utf16.csv", b"\xff\xfeu\0s\0e\0r\0\n\0", "no usable row"),
        ("binary.csv", &[0; 2000], "is not text"),
    ];
    for (name, contents, says) in cases {
        let (code, line) = refused(&Bench::new(), name, contents);
        assert_eq!(code, 3, "{name}: {line}");
        assert!(line.contains(name) && line.contains(says), "{name}: {line}");
    }
}

#[test]
fn files_that_cannot_be_read_fail_with_one() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    gz.write_all(SMALL.repeat(100).as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    let parquet = [b"PAR1".as_slice(), &[7; 500]].concat();
    for (name, contents) in [
        ("cut.csv.gz", &gz[..gz.len() / 2]),
        ("cut.parquet", &parquet[..]),
    ] {
        let (code, line) = refused(&Bench::new(), name, contents);
        assert_eq!(code, 1, "{name}: {line}");
        assert!(line.contains(name) && line.contains("cut short"), "{line}");
    }
    let bench = Bench::new();
    for (argument, says) in [
        ("missing.csv", "No such file"),
        (".", "is a folder"),
        ("no-*.csv", "matches no file"),
    ] {
        let call = bench.run(&["--quiet", "ingest", argument]);
        assert_eq!(call.code, 1, "{argument}: {}", call.err);
        assert!(call.err.contains(says), "{argument}: {}", call.err);
    }
}

#[test]
fn single_bad_rows_are_quarantined_and_the_rest_is_read() {
    let bench = Bench::new();
    let mut text = SMALL.as_bytes().to_vec();
    text.extend(b"u5,2025-01-01,view,p\0,,,,\n");
    text.extend("u6,2025-01-01,view,naïve,,,,\n".as_bytes());
    text.extend(b"u6,2025-01-01,view,caf\xe9,,,,\n");
    text.extend(format!("u7,2025-01-01,view,{},,,,\n", "x".repeat(2 << 20)).as_bytes());
    let file = bench.write("a.csv", text);
    let report = bench
        .run(&["--json", "ingest", file.to_str().unwrap()])
        .ok()
        .json();
    assert_eq!(
        (
            report["counts"]["events"].as_u64(),
            report["counts"]["quarantined"].as_u64()
        ),
        (Some(9), Some(3))
    );
    let reasons = report["reasons"].to_string();
    for reason in ["NUL byte", "not UTF-8", "longer than 1 MiB"] {
        assert!(reasons.contains(reason), "{reasons}");
    }
}

#[test]
fn a_line_of_100_megabytes_is_refused_without_harm() {
    let (code, line) = refused(&Bench::new(), "long.csv", &vec![b'x'; 100 << 20]);
    assert_eq!(code, 3, "{line}");
    assert!(line.len() < 500, "{} bytes", line.len());
}

#[test]
fn small_and_flat_data_still_make_a_run() {
    let row = |user: u32, day: u32| format!("u{user},2025-01-{day:02} 10:00:00,purchase,p1,5.00\n");
    let header = "user_id,event_time,event_type,product_id,price\n";
    let one_event = format!("{header}{}", row(1, 1));
    let one_user: String = std::iter::once(header.to_owned())
        .chain((1..9).map(|day| row(1, day)))
        .collect();
    let alike: String = std::iter::once(header.to_owned())
        .chain((1..40).flat_map(|user| [row(user, 1), row(user, 2)]))
        .collect();
    for (text, users) in [(one_event, 1), (one_user, 1), (alike, 39)] {
        let bench = Bench::new();
        bench.ingest("a.csv", &text).ok();
        let run = bench.run(&["--json", "segment"]).ok().json();
        assert_eq!(run["users"], users);
        let held: u64 = run["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| s["users"].as_u64().unwrap())
            .sum();
        assert_eq!(held, users);
    }
}

#[test]
fn more_segments_than_users_are_refused() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    let call = bench.run(&["--quiet", "segment", "--k", "50"]);
    assert!(call.code == 1 || call.code == 2, "{call:?}");
    assert!(call.err.contains("50"), "{}", call.err);
}

#[test]
fn wrong_usage_is_two() {
    let bench = Bench::new();
    for arguments in [
        &["segment", "--k", "none"][..],
        &["ingest"],
        &["ingest", "--map", "user", "x.csv"],
        &["ingest", "--zone", "Mars/Base", "x.csv"],
        &["--threads", "0", "runs"],
        &["frobnicate"],
    ] {
        let call = bench.run(arguments);
        assert_eq!(call.code, 2, "{arguments:?}: {}", call.err);
    }
}

#[test]
fn models_that_are_none_are_refused_and_the_workspace_gets_no_run() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    let cut = bench.write(
        "cut.gguf",
        [b"GGUF".as_slice(), &3_u32.to_le_bytes(), &[9; 30]].concat(),
    );
    let other = bench.write("other.gguf", "not a model");
    for file in [cut, other, bench.path("missing.gguf")] {
        let call = bench.run(&["--quiet", "run", "--model", file.to_str().unwrap()]);
        assert_eq!(call.code, 1, "{call:?}");
        assert!(
            call.err
                .contains(file.file_name().unwrap().to_str().unwrap()),
            "{}",
            call.err
        );
        assert_eq!(bench.run(&["--json", "runs"]).json(), serde_json::json!([]));
    }
}

#[test]
fn a_workspace_of_a_newer_version_is_left_alone() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    let catalog = bench.workspace().join("catalog.sqlite");
    rusqlite::Connection::open(&catalog)
        .unwrap()
        .pragma_update(None, "user_version", 999)
        .unwrap();
    let call = bench.run(&["--quiet", "runs"]);
    assert_eq!(call.code, 1);
    assert!(
        call.err.contains("version 999") && call.err.contains("newer portray"),
        "{}",
        call.err
    );
}

#[test]
fn the_key_of_another_workspace_is_refused_by_both_stores() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    let key = bench.workspace().join("pseudonym.key");
    let own = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "0".repeat(64)).unwrap();
    let call = bench.ingest("b.csv", SMALL);
    assert_eq!(call.code, 7);
    assert!(call.err.contains("not the key"), "{}", call.err);
    std::fs::remove_file(bench.workspace().join("catalog.sqlite")).unwrap();
    assert!(
        bench.ingest("b.csv", SMALL).err.contains("not the key"),
        "the event store remembers too"
    );
    std::fs::write(&key, own).unwrap();
    std::fs::remove_file(bench.workspace().join("catalog.sqlite")).unwrap();
    bench.ingest("b.csv", SMALL).ok();
}

#[test]
fn two_writers_do_not_meet() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    let lock = std::fs::File::options()
        .write(true)
        .open(bench.workspace().join("ingest.lock"))
        .unwrap();
    lock.lock().unwrap();
    let call = bench.ingest("b.csv", SMALL);
    assert_eq!(call.code, 4, "{call:?}");
    bench.run(&["runs"]).ok();
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let bench = Bench::new();
    let taken = bench.write("taken", "");
    for workspace in [taken.as_path(), std::path::Path::new("/proc/nowhere")] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_portray"))
            .args([
                "--workspace",
                workspace.to_str().unwrap(),
                "ingest",
                taken.to_str().unwrap(),
            ])
            .output()
            .unwrap();
        let call = crate::support::call(output);
        assert_eq!(call.code, 1, "{call:?}");
        assert!(
            call.err.contains(workspace.to_str().unwrap()),
            "{}",
            call.err
        );
    }
}

#[test]
fn a_full_disk_is_said_and_leaves_the_workspace_whole() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    // A limit on the size of files is to the program what a full disk is: its writes fail.
    let big = bench.shop(300, 7);
    let script = format!(
        "trap '' XFSZ; ulimit -f 300; exec '{}' --quiet --workspace '{}' ingest '{}'",
        env!("CARGO_BIN_EXE_portray"),
        bench.workspace().display(),
        big.display()
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &script])
        .output()
        .unwrap();
    let call = crate::support::call(output);
    assert_eq!(call.code, 1, "{call:?}");
    assert_eq!(call.err.lines().count(), 1, "{}", call.err);
    assert_eq!(bench.run(&["--json", "segment"]).ok().json()["users"], 4);
}

#[test]
fn features_of_nan_infinity_and_giants_leave_a_run_whole() {
    let bench = Bench::new();
    let shop = bench.shop(200, 3);
    bench.run(&["ingest", shop.to_str().unwrap()]).ok();
    let folder = bench.workspace().join("features");
    std::fs::create_dir(&folder).unwrap();
    let column = |name: &str| {
        format!("-- column: {name} | unit: number | missing: median | en: {name} | zh: {name}\n")
    };
    let names = ["nothing", "endless", "giant", "huge", "fine"];
    let header: String = names.iter().map(|name| column(name)).collect();
    std::fs::write(
        folder.join("odd.sql"),
        format!(
            "-- family: odd\n-- title: Odd | 异常\n{header}\
             SELECT user_id, CAST('nan' AS DOUBLE) AS nothing, CAST('inf' AS DOUBLE) AS endless,\n\
             CASE WHEN min(ts) = max(ts) THEN 1e300 ELSE user_id END AS giant, user_id * 1e300 AS huge, user_id % 7 AS fine\n\
             FROM events GROUP BY user_id\n"
        ),
    )
    .unwrap();
    let run = bench.run(&["--json", "segment", "--k", "3"]).ok().json();
    let notes = run["notes"].to_string();
    for left_out in [
        "odd.nothing left out",
        "odd.endless left out",
        "odd.huge left out",
        "values beyond 1e24 count as missing",
    ] {
        assert!(notes.contains(left_out), "{left_out}: {notes}");
    }
    assert!(!notes.contains("odd.fine left out"), "{notes}");
    for segment in run["segments"].as_array().unwrap() {
        assert!(segment["users"].as_u64().unwrap() > 0);
    }
}

#[test]
fn ten_thousand_users_alike_are_one_segment() {
    let bench = Bench::new();
    let mut text = "user_id,event_time,event_type,product_id,price\n".to_owned();
    for user in 0..10_000 {
        for day in 1..=2 {
            text.push_str(&format!(
                "u{user},2025-01-{day:02} 10:00:00,purchase,p1,5.00\n"
            ));
        }
    }
    bench.ingest("a.csv", &text).ok();
    let run = bench.run(&["--json", "segment"]).ok().json();
    assert_eq!((&run["users"], &run["k"]), (&10_000.into(), &1.into()));
    let call = bench.run(&["segment", "--k", "2"]);
    assert_eq!(call.code, 2, "{call:?}");
    assert!(call.err.contains("differ in their features"), "{call:?}");
}
