//! Segments that travel: users assigned without a fit, a run in a file, events that come back.

use std::collections::HashMap;

use crate::support::{Bench, Call};

/// A workspace with a run of the demo shop.
fn headquarters() -> (Bench, std::path::PathBuf) {
    let bench = Bench::new();
    let shop = bench.shop(300, 5);
    bench.run(&["ingest", shop.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "4"]).ok();
    (bench, shop)
}

fn segments(csv: &str) -> HashMap<String, String> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect()
}

#[test]
fn the_same_events_are_assigned_to_the_segments_that_they_made() {
    let (bench, shop) = headquarters();
    let report = bench.path("report");
    bench
        .run(&["export", "--out", report.to_str().unwrap()])
        .ok();
    let made = segments(&std::fs::read_to_string(report.join("assignments.csv")).unwrap());
    let before = bench.run(&["--json", "show", "data"]).ok().out;
    let call = bench.run(&["assign", shop.to_str().unwrap(), "--csv"]).ok();
    assert_eq!(segments(&call.out), made);
    assert_eq!(
        bench.run(&["--json", "show", "data"]).ok().out,
        before,
        "something was kept"
    );
    assert_eq!(
        std::fs::read_dir(bench.workspace().join("tmp"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn a_bundle_brings_the_segments_to_a_laptop_and_its_events_come_back_once() {
    let (bench, shop) = headquarters();
    let bundle = bench.path("run.bundle");
    bench
        .run(&["bundle", "export", bundle.to_str().unwrap()])
        .ok();
    let field = Bench::new();
    std::fs::create_dir(field.workspace()).unwrap();
    let key = "pseudonym.key";
    std::fs::copy(bench.workspace().join(key), field.workspace().join(key)).unwrap();
    let import =
        |bench: &Bench| bench.run(&["--json", "bundle", "import", bundle.to_str().unwrap()]);
    let first = import(&field).ok().json();
    assert_eq!(
        (&first["is_known"], &first["same_key"]),
        (&false.into(), &true.into())
    );
    assert_eq!(import(&field).ok().json()["is_known"], true);

    // No event is there; the users get the segments and pseudonyms of headquarters.
    let csv = |call: Call| segments(&call.ok().out);
    let there = csv(field.run(&["assign", shop.to_str().unwrap(), "--csv"]));
    assert_eq!(
        there,
        csv(bench.run(&["assign", shop.to_str().unwrap(), "--csv"]))
    );

    // Half of what the field reads is known at headquarters already.
    let known = std::fs::read_to_string(&shop).unwrap();
    let lines: Vec<&str> = known.lines().collect();
    let new = known
        .lines()
        .skip(1)
        .take(50)
        .map(|line| line.replacen("202", "199", 1));
    let mixed = [
        vec![lines[0].to_owned()],
        lines[1..101]
            .iter()
            .map(|line| (*line).to_owned())
            .collect(),
        new.collect(),
    ];
    let file = field.write("field.csv", mixed.concat().join("\n"));
    let read = field
        .run(&["--json", "ingest", file.to_str().unwrap()])
        .ok()
        .json();
    let merge = || {
        bench
            .run(&["--json", "merge", field.workspace().to_str().unwrap()])
            .ok()
            .json()
    };
    let (first, second) = (merge(), merge());
    let count = |merged: &serde_json::Value, what: &str| merged["counts"][what].as_u64().unwrap();
    let rows = count(&first, "rows_read");
    assert_eq!(
        rows,
        count(&first, "events") + count(&first, "duplicates") + count(&first, "quarantined")
    );
    assert_eq!(
        rows + read["counts"]["duplicates"].as_u64().unwrap(),
        read["counts"]["rows_read"].as_u64().unwrap()
    );
    assert!(
        count(&first, "events") > 0 && count(&first, "duplicates") > 0,
        "{first}"
    );
    assert_eq!(
        (count(&second, "events"), count(&second, "duplicates")),
        (0, rows)
    );
    // What came can be followed, and counts.
    bench.run(&["segment", "--k", "3"]).ok();
}

#[test]
fn a_workspace_with_another_key_and_this_one_itself_are_refused() {
    let (bench, shop) = headquarters();
    let other = Bench::new();
    other.run(&["ingest", shop.to_str().unwrap()]).ok();
    let call = bench.run(&["merge", other.workspace().to_str().unwrap()]);
    assert_eq!(call.code, 1, "{call:?}");
    assert!(call.err.contains("another key"), "{call:?}");
    let call = bench.run(&["merge", bench.workspace().to_str().unwrap()]);
    assert_eq!(call.code, 2, "{call:?}");
    let call = bench.run(&["merge", bench.path("nowhere").to_str().unwrap()]);
    assert_eq!(call.code, 1, "{call:?}");
}

#[test]
fn an_older_store_goes_on_telling_its_rows_by_the_older_hash() {
    const TEXT: &str = "user,time,product,price\na,2025-01-01,p,10\nb,2025-01-02,q,20\n";
    let sum = |report: &serde_json::Value| {
        ["events", "duplicates"].map(|what| report["counts"][what].as_u64().unwrap())
    };
    let with_key_of = |other: &Bench| {
        let bench = Bench::new();
        std::fs::create_dir_all(bench.workspace()).unwrap();
        let name = "pseudonym.key";
        std::fs::copy(other.workspace().join(name), bench.workspace().join(name)).unwrap();
        bench
    };
    let merge = |here: &Bench, there: &Bench| {
        here.run(&["--json", "merge", there.workspace().to_str().unwrap()])
    };
    let old = Bench::new();
    old.ingest("first.csv", TEXT).ok();
    // What version 5 left behind, except that these rows have the hashes of today, which nothing after knows.
    let store = old.workspace().join("events.000001.duckdb");
    let store = duckdb::Connection::open(store).unwrap();
    store
        .execute_batch(
            "UPDATE meta SET value = '5' WHERE name = 'version';
             DELETE FROM meta WHERE name = 'row_hash'",
        )
        .unwrap();
    drop(store);
    assert_eq!(sum(&old.ingest("second.csv", TEXT).ok().json()), [2, 0]);
    assert_eq!(sum(&old.ingest("third.csv", TEXT).ok().json()), [0, 2]);

    let fresh = with_key_of(&old);
    assert_eq!(sum(&merge(&fresh, &old).ok().json()), [4, 0]);
    assert_eq!(sum(&merge(&fresh, &old).ok().json()), [0, 4]);
    assert_eq!(sum(&fresh.ingest("fourth.csv", TEXT).ok().json()), [0, 2]);

    let new = with_key_of(&old);
    new.ingest("first.csv", TEXT).ok();
    for (here, there) in [(&new, &old), (&old, &new)] {
        let call = merge(here, there);
        assert_eq!(call.code, 1, "{call:?}");
        assert!(call.err.contains("in another way"), "{call:?}");
    }
}

#[test]
fn a_bundle_with_a_wrong_bit_or_of_another_version_changes_nothing() {
    let (bench, _) = headquarters();
    let bundle = bench.path("run.bundle");
    bench
        .run(&["bundle", "export", bundle.to_str().unwrap()])
        .ok();
    let again = bench.run(&["bundle", "export", bundle.to_str().unwrap()]);
    assert_eq!(again.code, 1, "a file is overwritten: {again:?}");
    let bytes = std::fs::read(&bundle).unwrap();
    let header = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    let refused = |bytes: &[u8], code: i32, why: &str| {
        let field = Bench::new();
        let file = field.write("broken.bundle", bytes);
        let call = field.run(&["bundle", "import", file.to_str().unwrap()]);
        assert_eq!(call.code, code, "{call:?}");
        assert!(call.err.contains(why), "{call:?}");
        assert!(field.run(&["runs"]).out.lines().count() <= 1);
    };
    for at in [header + 1, header + 200, bytes.len() - 1] {
        let mut broken = bytes.clone();
        broken[at] ^= 4;
        refused(&broken, 7, "its hash differs");
    }
    refused(&bytes[..bytes.len() / 2], 7, "its hash differs");
    let text = String::from_utf8_lossy(&bytes[..header]).replace("bundle/1", "bundle/9");
    refused(
        &[text.as_bytes(), &bytes[header..]].concat(),
        1,
        "portray.bundle/9",
    );
    refused(b"user,time\n1,2\n", 1, "is no bundle");
    refused(b"", 1, "is no bundle");
}
