//! Files become events; the counts add up; nothing is counted twice and nothing is lost.

use std::io::Write;

use crate::support::{Bench, SMALL};

fn counts(report: &serde_json::Value) -> [u64; 4] {
    ["rows_read", "events", "duplicates", "quarantined"]
        .map(|key| report["counts"][key].as_u64().unwrap())
}

#[test]
fn rows_are_events_duplicates_or_quarantined() {
    let bench = Bench::new();
    let text = format!(
        "{SMALL}u1,2025-01-01 10:00:00,view,p1,lamps,10.00,1,\n,2025-01-01,view,p1,,,,\nu9,yesterday,view,p1,,,,\nu9,2025-01-01,view,p1,,-4,,\nu9,2025-01-01\n"
    );
    let report = bench.ingest("shop.csv", &text).ok().json();
    assert_eq!(counts(&report), [13, 9, 1, 3]);
    assert_eq!(report["without_user"], 1);
    let reasons = report["reasons"].to_string();
    for reason in [
        "the time does not parse",
        "the price is negative",
        "2 columns, the header 8",
    ] {
        assert!(reasons.contains(reason), "{reason} in {reasons}");
    }
}

#[test]
fn the_same_file_twice_adds_nothing_and_a_longer_one_adds_its_new_rows() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    assert_eq!(
        counts(&bench.ingest("b.csv", SMALL).ok().json()),
        [8, 0, 8, 0]
    );
    let longer = format!("{SMALL}u5,2025-04-01 10:00:00,view,p1,lamps,10.00,1,\n");
    assert_eq!(
        counts(&bench.ingest("c.csv", &longer).ok().json()),
        [9, 1, 8, 0]
    );
}

#[test]
fn every_format_and_compression_gives_the_same_events() {
    let segments = |prepare: &dyn Fn(&Bench) -> std::path::PathBuf| {
        let bench = Bench::new();
        let file = prepare(&bench);
        let report = bench
            .run(&["--json", "ingest", file.to_str().unwrap()])
            .ok()
            .json();
        assert_eq!(counts(&report), [8, 8, 0, 0], "{}", file.display());
        let segment = bench
            .run(&["--json", "segment", "--min-support", "1", "--k", "1"])
            .ok()
            .json();
        segment["segments"].to_string()
    };
    let plain = segments(&|bench| bench.write("a.csv", SMALL));
    let tabs = segments(&|bench| bench.write("a.tsv", SMALL.replace(',', "\t")));
    let gz = segments(&|bench| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(SMALL.as_bytes()).unwrap();
        bench.write("a.csv.gz", encoder.finish().unwrap())
    });
    let zst =
        segments(&|bench| bench.write("a.csv.zst", zstd::encode_all(SMALL.as_bytes(), 1).unwrap()));
    let marked =
        segments(&|bench| bench.write("a.csv", format!("\u{feff}{}", SMALL.replace('\n', "\r\n"))));
    let lines = segments(&|bench| bench.write("a.jsonl", json_lines()));
    let parquet = segments(&|bench| {
        let (csv, file) = (bench.write("a.csv", SMALL), bench.path("a.parquet"));
        let sql = format!(
            "COPY (FROM read_csv('{}', all_varchar = true)) TO '{}' (FORMAT parquet)",
            csv.display(),
            file.display()
        );
        duckdb::Connection::open_in_memory()
            .unwrap()
            .execute_batch(&sql)
            .unwrap();
        file
    });
    for other in [tabs, gz, zst, marked, lines, parquet] {
        assert_eq!(plain, other);
    }
}

fn json_lines() -> String {
    let mut reader = csv::Reader::from_reader(SMALL.as_bytes());
    let header = reader.headers().unwrap().clone();
    let objects = reader.records().map(|record| {
        let record = record.unwrap();
        let object: serde_json::Map<String, serde_json::Value> = header
            .iter()
            .zip(&record)
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| (k.to_owned(), v.into()))
            .collect();
        serde_json::Value::Object(object).to_string() + "\n"
    });
    objects.collect()
}

#[test]
fn standard_input_and_patterns_are_read() {
    let bench = Bench::new();
    bench.write("part-1.csv", SMALL);
    bench.write("part-2.csv", SMALL.replace("u1,", "u8,"));
    let report = bench.run(&["--json", "ingest", "part-*.csv"]).ok().json();
    assert_eq!(counts(&report), [16, 10, 6, 0]);
    let mut child = bench
        .command()
        .args(["--json", "ingest", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(SMALL.replace("u4,", "u7,").as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        counts(&crate::support::call(output).ok().json()),
        [8, 1, 7, 0]
    );
}

#[test]
fn ids_that_a_spreadsheet_wrote_as_decimals_are_one_user() {
    let bench = Bench::new();
    let text =
        "user,time,type\n17850.0,2025-01-01,view\n17850,2025-01-02,view\n017850,2025-01-03,view\n";
    bench.ingest("a.csv", text).ok();
    let run = bench.run(&["--json", "segment"]).ok().json();
    assert_eq!(run["users"], 2);
}

#[test]
fn a_taobao_file_without_header_is_recognised() {
    let bench = Bench::new();
    let report = bench
        .ingest(
            "UserBehavior.csv",
            "1,2268318,2520377,pv,1511544070\n1,2333346,2520771,buy,1511561733\n",
        )
        .ok();
    assert!(
        report.json()["decisions"][0]
            .as_str()
            .unwrap()
            .contains("taobao"),
        "{report:?}"
    );
    assert_eq!(counts(&report.json()), [2, 2, 0, 0]);
}

#[test]
fn what_was_decided_is_said_and_a_person_can_decide_otherwise() {
    let bench = Bench::new();
    let file = bench.write("a.csv", "who,buyer,moment\na@b.example,7,2025-01-01\n");
    let call = bench
        .run(&[
            "--quiet",
            "ingest",
            "--map",
            "user=buyer,time=moment",
            file.to_str().unwrap(),
        ])
        .ok();
    assert_eq!(call.err, "");
    let call = bench
        .run(&["ingest", "--map", "user=1,time=3", file.to_str().unwrap()])
        .ok();
    assert!(
        call.err.contains("user=who, time=moment (year-month-day)"),
        "{}",
        call.err
    );
    let call = bench.run(&["ingest", "--map", "user=nobody", file.to_str().unwrap()]);
    assert_eq!(call.code, 2);
    assert!(
        call.err.contains("columns: who, buyer, moment"),
        "{}",
        call.err
    );
}
