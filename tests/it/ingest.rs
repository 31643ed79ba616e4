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
fn a_column_is_written_once_a_row_has_a_value_in_it() {
    let bench = Bench::new();
    let newest = || {
        let files = std::fs::read_dir(bench.workspace()).unwrap();
        let paths = files.map(|file| file.unwrap().path());
        let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        paths
            .filter(|path| name(path).starts_with("events."))
            .max()
            .unwrap()
    };
    let columns = || -> Vec<String> {
        let store = duckdb::Connection::open(newest()).unwrap();
        let mut all = store.prepare("DESCRIBE events").unwrap();
        let names = all.query_map([], |row| row.get(0)).unwrap();
        names.collect::<duckdb::Result<_>>().unwrap()
    };
    let asked = |sql: &str| bench.run(&["--json", "sql", sql]).ok().json()["rows"].to_string();
    let always = ["row_id", "ingest", "file", "line", "user_id", "ts", "type"];
    let text = "user,time,product,price\na,2025-01-01,p,10\nb,2025-01-02,q,20\n";
    bench.ingest("first.csv", text).ok();
    assert_eq!(
        columns(),
        [&always[..], &["product_id", "category_id", "price"]].concat()
    );
    let countries =
        "SELECT count(*) AS a, count(country) AS b, count(refund) AS c FROM store.events";
    assert_eq!(asked(countries), r#"[{"a":2,"b":0,"c":0}]"#);
    let more = "user,time,product,price,country\nb,2025-01-03,p,11,NO\nc,2025-01-04,p,12,\n";
    bench.ingest("second.csv", more).ok();
    assert_eq!(columns().last().unwrap(), "country");
    assert_eq!(asked(countries), r#"[{"a":4,"b":1,"c":0}]"#);
    // A store of version 4 had all columns, with values or without.
    let store = duckdb::Connection::open(newest()).unwrap();
    store
        .execute_batch(
            "ALTER TABLE events ADD COLUMN refund DECIMAL(18, 4);
             UPDATE meta SET value = '4' WHERE name = 'version'",
        )
        .unwrap();
    drop(store);
    assert_eq!(asked(countries), r#"[{"a":4,"b":1,"c":0}]"#);
    bench.run(&["doctor"]).ok();
    let third = "user,time,product,price,country\nc,2025-01-05,p,11,SE\n";
    let report = bench.ingest("third.csv", text).ok().json();
    assert_eq!(counts(&report), [2, 0, 2, 0]);
    bench.ingest("third.csv", third).ok();
    assert_eq!(asked(countries), r#"[{"a":5,"b":2,"c":0}]"#);
    // Who is forgotten takes no column along.
    bench.run(&["privacy", "forget", "c", "--yes"]).ok();
    assert_eq!(asked(countries), r#"[{"a":3,"b":1,"c":0}]"#);
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
