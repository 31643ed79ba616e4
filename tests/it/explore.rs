//! What people look at beside segments: the data itself, charts, and where users lie.

use portray::explore::map;
use portray::progress::Progress;
use portray::settings::Settings;
use serde_json::Value;

use crate::support::{Bench, SMALL};

fn bench() -> Bench {
    let bench = Bench::new();
    let shop = bench.shop(400, 11);
    bench.run(&["ingest", shop.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "6"]).ok();
    bench
}

fn sum(values: &Value, of: &str) -> u64 {
    let values = values.as_array().unwrap().iter();
    values.map(|one| one[of].as_u64().unwrap_or(0)).sum()
}

#[test]
fn the_data_is_told_as_the_ingest_told_it_and_identifiers_are_masked() {
    let bench = Bench::new();
    let bad = format!(
        "{SMALL}anna@example.com,yesterday noon,view,p1,lamps,10.00,1,\nu7,2025-01-05 10:00:00,view,p1,lamps,10.00,1,\nu7,2025-01-05 10:00:00,view,p1,lamps,10.00,1,\n"
    );
    let told = bench.ingest("shop.csv", &bad).ok().json();
    let data = bench.run(&["--json", "show", "data"]).ok().json();
    let ingest = &data["ingests"][0];
    for (here, there) in [
        ("rows", "rows_read"),
        ("events", "events"),
        ("duplicates", "duplicates"),
        ("quarantined", "quarantined"),
    ] {
        assert_eq!(ingest[here], told["counts"][there], "{here}: {told}");
    }
    assert_eq!(
        (
            ingest["duplicates"].as_u64(),
            ingest["quarantined"].as_u64()
        ),
        (Some(1), Some(1))
    );
    assert_eq!(ingest["files"], serde_json::json!(["shop.csv"]));
    assert_eq!(data["types"][0][0], "view");
    let types = data["types"].as_array().unwrap().iter();
    assert_eq!(
        types.map(|one| one[1].as_u64().unwrap()).sum::<u64>(),
        ingest["events"].as_u64().unwrap()
    );
    assert_eq!(
        data["days"],
        serde_json::json!(["2025-01-01", "2025-03-03"])
    );
    assert_eq!(sum(&data["reasons"], "rows"), 1);
    assert_eq!(data["reasons"][0]["samples"][0]["line"], 10);
    assert_eq!(
        data["features"],
        serde_json::json!([]),
        "no run, no features"
    );

    let shown = bench.run(&["show", "data"]).ok().out;
    assert!(shown.contains("shop.csv:10"), "{shown}");
    for text in [&shown, &data.to_string()] {
        assert!(!text.contains("anna"), "{text}");
    }
    assert_eq!(bench.run(&["show", "data", "--run", "9"]).code, 1);
}

#[test]
fn features_of_a_run_are_spread_over_its_users() {
    let bench = bench();
    let users = bench.run(&["--json", "runs"]).ok().json()[0]["users"]
        .as_u64()
        .unwrap();
    let data = bench.run(&["--json", "show", "data"]).ok().json();
    let features = data["features"].as_array().unwrap();
    assert!(features.len() > 10);
    let id = |at: usize| features[at]["id"].as_str().unwrap();
    assert!(
        id(0).starts_with("basket."),
        "in the order of the files: {}",
        id(0)
    );
    for feature in features {
        let known = ((1.0 - feature["missing"].as_f64().unwrap()) * users as f64).round() as u64;
        let bins = feature["bins"].as_array().unwrap();
        let untold = bins.iter().filter(|bin| bin["users"].is_null()).count() as u64;
        let told = sum(&feature["bins"], "users");
        if known < 10 {
            assert!(
                bins.is_empty() && feature["quantiles"].is_null(),
                "{feature}"
            );
            continue;
        }
        assert!(told <= known && known <= told + 9 * untold, "{feature}");
        let ends = bins.iter().map(|bin| bin["users"].as_u64().unwrap_or(10));
        assert!(
            ends.clone().all(|users| users == 0 || users >= 10),
            "{feature}"
        );
        let quantiles: Vec<f64> = serde_json::from_value(feature["quantiles"].clone()).unwrap();
        assert!(quantiles.is_sorted(), "{feature}");
    }
    let shown = bench
        .run(&["--lang", "zh", "show", "data", "--run", "1"])
        .ok()
        .out;
    assert!(shown.contains("中位数") && shown.contains('█'), "{shown}");
}

#[test]
fn charts_tell_when_a_segment_comes_and_at_which_prices_it_buys() {
    let bench = bench();
    let segments = bench.run(&["--json", "segments"]).ok().json();
    let mut weeks = 0;
    for segment in segments.as_array().unwrap() {
        let week = segment["charts"]["week"].as_array().unwrap();
        assert!(week.is_empty() || week.len() == 168, "{segment}");
        let all: f64 = week.iter().filter_map(Value::as_f64).sum();
        assert!(all < 100.1, "{all}");
        weeks += usize::from(!week.is_empty());
        let bands = segment["charts"]["prices"].as_array().unwrap();
        let share: f64 = bands
            .iter()
            .map(|band| band["share"].as_f64().unwrap())
            .sum();
        assert!(bands.len() <= 5 && share < 100.01, "{bands:?}");
        for band in bands {
            assert!(
                (10.0..40.0).contains(&band["shop"].as_f64().unwrap()),
                "{band}"
            );
            assert!(!band["from"].is_null() || !band["to"].is_null(), "{band}");
        }
    }
    assert!(weeks > 0, "some segment is large enough");
    let bands = segments[0]["charts"]["prices"].as_array().unwrap();
    assert!(bands.len() >= 3, "{bands:?}");
    // Drawn only, and the same when the run is made again.
    let out = bench.path("out");
    bench.run(&["export", "--out", out.to_str().unwrap()]).ok();
    let json = std::fs::read_to_string(out.join("segments.json")).unwrap();
    assert!(!json.contains("\"charts\"") && !json.contains("\"week\""));
    bench.run(&["--threads", "1", "segment", "--k", "6"]).ok();
    let again = bench.run(&["--json", "segments"]).ok().json();
    assert_eq!(again[0]["charts"], segments[0]["charts"]);
}

#[test]
fn users_have_places_in_a_plane_and_the_same_sample_is_shown_each_time() {
    let bench = bench();
    let look = |run: i64, most: usize| {
        map(
            &bench.workspace(),
            run,
            most,
            &Settings::default(),
            &Progress::silent(),
        )
        .unwrap()
    };
    let all = look(1, 10_000).unwrap();
    let some = look(1, 50).unwrap();
    assert_eq!(all.points.len() as u64, all.users);
    assert_eq!((some.points.len(), some.users), (50, all.users));
    assert!(some.points.iter().all(|point| all.points.contains(point)));
    let [first, second] = &all.axes;
    assert!(
        first.explained >= second.explained && second.explained > 0.0,
        "{first:?}"
    );
    assert_eq!(first.weights.len(), 5);
    assert!(first.weights.is_sorted_by(|a, b| a.1.abs() >= b.1.abs()));
    assert!(first.weights[0].1 > 0.0, "the sign is fixed");

    let file = bench.workspace().join("runs/000001.duckdb");
    let run = duckdb::Connection::open(&file).unwrap();
    let count = |sql: &str| run.query_row(sql, [], |row| row.get::<_, u64>(0)).unwrap();
    // Of six clusters the five nearest, the first of them the own one.
    assert_eq!(count("SELECT count(*) FROM nearness"), 5 * all.users);
    let first_is_own = "SELECT count(*) FROM (SELECT user_id, arg_min(segment, distance) AS segment, min(distance) AS distance
         FROM nearness GROUP BY user_id) AS n JOIN members AS m USING (user_id, segment) WHERE abs(n.distance - m.distance) < 1e-9";
    assert_eq!(count(first_is_own), all.users);
    // A run of an older version kept no places.
    run.execute_batch("DROP TABLE places; DROP TABLE axes; DROP TABLE nearness")
        .unwrap();
    drop(run);
    assert!(look(1, 50).is_none());

    bench.run(&["--threads", "1", "segment", "--k", "6"]).ok();
    assert_eq!(
        look(2, 10_000).unwrap(),
        all,
        "the same with any number of threads"
    );
}
