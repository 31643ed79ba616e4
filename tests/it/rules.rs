//! Segments that a person wrote, and cohort retention.

use crate::support::Bench;

/// Ten shoppers a kind: many recent orders, one recent order, one order long ago, and views alone.
fn shop(bench: &Bench) {
    let mut events = "user,time,type,order,product,price,quantity\n".to_owned();
    let mut buy = |user: String, month: u32, day: u32, price: u32| {
        events += &format!(
            "{user},2026-{month:02}-{day:02} 10:00,purchase,{user}-{month}-{day},A,{price},1\n"
        );
    };
    for user in 1..=10 {
        for month in 1..=6 {
            buy(format!("often{user}"), month, user, 20 + user);
        }
        buy(format!("new{user}"), 6, 10 + user, 15);
        buy(format!("gone{user}"), 1, 10 + user, 30);
    }
    for user in 1..=10 {
        for day in 1..=4 {
            events += &format!("looker{user},2026-05-{day:02} 11:00,view,,A,20,1\n");
        }
    }
    // A month is over where the data goes on after it.
    events += "often1,2026-07-01 10:00,view,,A,20,1\n";
    bench.ingest("events.csv", &events).ok();
}

fn named(run: &serde_json::Value) -> Vec<(u64, String, u64)> {
    let of = |one: &serde_json::Value| {
        (
            one["id"].as_u64().unwrap(),
            one["name"]["en"].as_str().unwrap().to_owned(),
            one["users"].as_u64().unwrap(),
        )
    };
    run["segments"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn the_shipped_grid_puts_everybody_into_one_named_cell_with_the_same_outputs() {
    let bench = Bench::new();
    shop(&bench);
    let run = bench
        .run(&["--json", "segment", "--method", "rules"])
        .ok()
        .json();
    let found = named(&run);
    assert_eq!(found.iter().map(|one| one.2).sum::<u64>(), 40);
    let users = |name: &str| found.iter().find(|one| one.1 == name).map(|one| one.2);
    assert_eq!(users("Recent, one order"), Some(10), "{found:?}");
    let once = ["Cooling, one order", "Lapsed, one order"].map(|name| users(name).unwrap_or(0));
    assert_eq!(once.iter().sum::<u64>(), 10, "{found:?}");
    assert_eq!(users("No order yet"), Some(10), "{found:?}");
    assert!(run["notes"].to_string().contains("rules that fit nobody"));
    let buyers = run["segments"].as_array().unwrap();
    assert!(buyers.iter().all(|one| one["kind"] == "rule"));
    assert!(buyers[0]["facts"].as_array().unwrap().len() > 3);
    assert!(buyers[0]["nearest"].is_u64());

    // Narratives, reports, assignments and replay as of clusters.
    bench.run(&["narrate", "--samples", "1"]).ok();
    bench.run(&["export", "--out", "out"]).ok();
    let report = std::fs::read_to_string(bench.path("out/report.md")).unwrap();
    assert!(report.contains("by rule (RFM grid)"), "{report}");
    assert!(report.contains("Cohort retention"), "{report}");
    let assignments = std::fs::read_to_string(bench.path("out/assignments.csv")).unwrap();
    assert_eq!(assignments.lines().count(), 41);
    assert!(assignments.contains("Lapsed, one order"));
    let replay = bench.run(&["--json", "replay", "1"]).ok().json();
    assert_eq!(replay["same"], true, "{replay}");
    let clusters = bench.run(&["segment", "--k", "3"]).ok();
    assert!(clusters.out.contains("silhouette"), "{clusters:?}");
}

#[test]
fn a_file_of_ones_own_decides_and_what_no_rule_fits_is_a_segment_too() {
    let bench = Bench::new();
    shop(&bench);
    let shipped = bench.run(&["show", "rules"]).ok().out;
    assert!(shipped.contains("-- segments: RFM grid"));
    let rules = |sql: &str| {
        bench.write("mine.sql", sql);
        bench.run(&["--json", "segment", "--method", "rules", "mine.sql"])
    };
    let run = rules(
        "-- segments: My own\n-- 1: Big | 大\n-- 2: Small | 小\n\
         SELECT user_id, CASE WHEN orders >= 6 THEN 1 WHEN orders >= 1 THEN 2 END AS segment FROM users;\n",
    );
    assert_eq!(
        named(&run.ok().json()),
        [
            (1, "Big".into(), 10),
            (2, "Small".into(), 20),
            (3, "No rule fits".into(), 10)
        ]
    );
    bench.run(&["--lang", "zh", "show", "1"]).ok();
    for (sql, why) in [
        ("SELECT user_id, 1 AS segment FROM users", "segments: title"),
        (
            "-- segments: A\n-- 1: B\nSELECT user_id, 7 AS segment FROM users",
            "gives segment 7",
        ),
        (
            "-- segments: A\n-- 1: B\n-- 2: C\nSELECT user_id, unnest([1, 2]) AS segment FROM users",
            "two segments",
        ),
        (
            "-- segments: A\n-- 1: B\nSELECT user_id, height AS segment FROM users",
            "height",
        ),
        (
            "-- segments: A\n-- 1: B\nSELECT user_id, 1 FROM users",
            "segment",
        ),
    ] {
        let refused = rules(sql);
        assert_ne!(refused.code, 0, "{refused:?}");
        assert!(
            refused.err.contains("mine.sql") && refused.err.contains(why),
            "{refused:?}"
        );
    }
    let method = bench.run(&["segment", "--method", "magic"]);
    assert_eq!(method.code, 2, "{method:?}");
}

#[test]
fn cohorts_tell_who_bought_again_and_not_of_too_few() {
    let bench = Bench::new();
    shop(&bench);
    bench.run(&["segment", "--k", "2"]).ok();
    let cohorts = bench.run(&["--json", "show", "cohorts"]).ok().json();
    // Twenty bought first in January; ten of them in each month after. The new ones of June have no month after it yet.
    assert_eq!(
        cohorts,
        serde_json::json!([
            {"month": "2026-01", "users": 20, "again": [10, 10, 10, 10, 10]},
            {"month": "2026-06", "users": 10, "again": []}
        ])
    );
    let shown = bench.run(&["show", "cohorts"]).ok().out;
    assert!(shown.contains("50.0%"), "{shown}");
    bench
        .run(&["segment", "--k", "2", "--min-support", "11"])
        .ok();
    let shown = bench.run(&["show", "cohorts"]).ok().out;
    assert!(shown.contains('–') && !shown.contains("50.0%"), "{shown}");
    assert!(!shown.contains("2026-06"), "{shown}");
}
