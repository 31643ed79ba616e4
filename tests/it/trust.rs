//! Segments with evidence: the choice of k, numbers that stay, comparisons, fair bounds and audits.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::support::Bench;

/// A shop of two kinds of buyers, whose gender goes with what they do; `scale` makes the amounts grow.
fn shop(users: u32, scale: u32) -> String {
    let mut text = "user,time,type,product,price,quantity,gender,source\n".to_owned();
    for user in 0..users {
        let is_big = user % 2 == 0;
        // Four of five big buyers are women, one of five small ones.
        let is_woman = (user / 2) % 5 != 0;
        let gender = if is_woman == is_big { "f" } else { "m" };
        let source = if is_big && user % 10 != 0 {
            "app"
        } else {
            "web"
        };
        let orders = if is_big { 6 + user % 3 } else { 1 + user % 2 };
        for order in 0..orders {
            let price = scale * if is_big { 80 + user % 17 } else { 5 + user % 3 };
            let day = 1 + (user * 7 + order * 3) % 28;
            let hour = if is_big { 19 } else { 10 };
            writeln!(
                text,
                "u{user},2025-0{}-{day:02}T{hour}:{:02}:00,purchase,p{},{price},1,{gender},{source}",
                1 + order % 6,
                user % 60,
                (user + order) % 9
            )
            .unwrap();
        }
    }
    text
}

fn segmented(bench: &Bench, arguments: &[&str]) -> serde_json::Value {
    let all = [&["--json", "segment"], arguments].concat();
    bench.run(&all).ok().json()
}

#[test]
fn a_run_says_why_it_has_its_number_of_segments_and_how_sure_its_members_are() {
    let bench = Bench::new();
    let file = bench.write("shop.csv", shop(400, 1));
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    let run = segmented(&bench, &[]);
    let found = &run["evidence"]["recommendation"];
    assert_eq!(found["structure"], "stable", "{found}");
    assert_eq!(found["k"], run["k"]);
    assert_eq!(
        (&found["silhouette_users"], &found["refits"]),
        (&400.into(), &20.into())
    );
    for tried in run["candidates"].as_array().unwrap() {
        for figure in [
            "silhouette",
            "davies_bouldin",
            "calinski_harabasz",
            "stability",
        ] {
            assert!(
                tried[figure].is_number() && tried["control"][figure].is_number(),
                "{tried}"
            );
        }
    }
    let told = bench.run(&["segments"]).ok().out;
    assert!(!told.contains("no stable structure"), "{told}");
    // Every user's probabilities are there, and the rules that make a segment hold for most of it.
    let sure = bench
        .run(&[
            "--json", "show", "users", "--sort", "typical", "--limit", "3",
        ])
        .ok()
        .json();
    assert_eq!(sure["users"].as_array().unwrap().len(), 3);
    assert!(run["evidence"]["fidelity"].as_f64().unwrap() > 0.9);
    for segment in run["segments"].as_array().unwrap() {
        let rule = &segment["standing"]["rules"][0];
        assert!(rule["cover"].as_f64().unwrap() > 0.5, "{segment}");
        assert!(segment["standing"]["recovery"].as_f64().unwrap() > 0.6);
    }
    let report = bench.path("report");
    bench
        .run(&["export", "--out", report.to_str().unwrap()])
        .ok();
    let mut rows = csv::Reader::from_path(report.join("assignments.csv")).unwrap();
    for row in rows.records() {
        let row = row.unwrap();
        let (probability, margin): (f64, f64) = (row[7].parse().unwrap(), row[9].parse().unwrap());
        assert!(
            (0.0..=1.0).contains(&probability) && margin >= 0.0,
            "{row:?}"
        );
    }
    let text = std::fs::read_to_string(report.join("report.md")).unwrap();
    assert!(
        text.contains("What makes it:") && text.contains("Refits agree"),
        "{text}"
    );
}

#[test]
fn numbers_stay_with_their_groups_and_what_moved_is_told() {
    let bench = Bench::new();
    let file = bench.write("shop.csv", shop(300, 1));
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    let first = segmented(&bench, &["--k", "2"]);
    // Many more small buyers: by size the two would change places.
    let mut more = "user,time,type,product,price,quantity,gender,source\n".to_owned();
    for user in 0..900 {
        writeln!(
            more,
            "n{user},2025-06-{:02}T10:00:00,purchase,p1,{},1,m,web",
            1 + user % 28,
            5 + user % 3
        )
        .unwrap();
    }
    let file = bench.write("more.csv", more);
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    let second = segmented(&bench, &["--k", "2"]);
    let revenue = |run: &serde_json::Value| -> BTreeMap<u64, f64> {
        let segments = run["segments"].as_array().unwrap().iter();
        let median = |segment: &serde_json::Value| {
            let facts = segment["facts"].as_array().unwrap();
            let fact = facts.iter().find(|fact| fact["id"] == "rfm.revenue.median");
            fact.unwrap()["value"].as_f64().unwrap()
        };
        segments
            .map(|one| (one["id"].as_u64().unwrap(), median(one)))
            .collect()
    };
    let (was, is) = (revenue(&first), revenue(&second));
    assert_eq!(
        was.keys().collect::<Vec<_>>(),
        is.keys().collect::<Vec<_>>()
    );
    let largest = |of: &BTreeMap<u64, f64>| *of.iter().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
    assert_eq!(largest(&was), largest(&is), "{was:?} {is:?}");
    assert_eq!(
        second["evidence"]["continuity"]["kept"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let found = bench.run(&["--json", "compare", "1", "2"]).ok().json();
    assert_eq!(
        (&found["users_before"], &found["users_now"]),
        (&300.into(), &1200.into())
    );
    assert_eq!(found["users_both"], 300);
    let moves = found["moves"].as_array().unwrap();
    let sum: u64 = moves.iter().map(|one| one["users"].as_u64().unwrap()).sum();
    assert_eq!(sum, 1200, "everybody is in one cell of the matrix");
    let drift = &found["drifts"][0];
    assert!(drift["psi"].as_f64().unwrap() > 0.25, "{drift}");
    let told = bench.run(&["compare", "1"]).ok().out;
    assert!(
        told.contains("drifted") && told.contains("Where users went"),
        "{told}"
    );
    // A third segment is born from one of the two.
    let third = segmented(&bench, &["--k", "3"]);
    let born = third["evidence"]["continuity"]["born"].as_array().unwrap();
    assert_eq!(born.len(), 1, "{born:?}");
    assert!(bench.run(&["segments"]).ok().out.contains("New: segment"));
    let same = bench.run(&["compare", "2", "2"]);
    assert_eq!(same.code, 2, "{same:?}");
}

#[test]
fn drift_instability_and_unfair_shares_can_fail_a_scheduled_run() {
    let bench = Bench::new();
    let (small, large) = (
        bench.write("a.csv", shop(300, 1)),
        bench.write("b.csv", shop(300, 40)),
    );
    let run = |file: &std::path::Path, condition: &str| {
        bench.run(&[
            "run",
            "--events",
            file.to_str().unwrap(),
            "--k",
            "2",
            "--samples",
            "1",
            "--protect",
            "gender",
            "--fail-on",
            condition,
        ])
    };
    assert_eq!(run(&small, "drift>0%,unstable>50%").code, 0);
    let drifted = run(&large, "drift>10%");
    assert_eq!(drifted.code, 5, "{drifted:?}");
    assert!(drifted.err.contains("drift is"), "{drifted:?}");
    assert_eq!(run(&small, "unfair>0%").code, 5);
}

#[test]
fn every_group_gets_its_share_where_a_bound_asks_for_it() {
    let bench = Bench::new();
    let file = bench.write("shop.csv", shop(400, 1));
    bench
        .run(&["ingest", file.to_str().unwrap(), "--keep", "gender"])
        .ok();
    let free = segmented(&bench, &["--k", "2", "--protect", "gender"]);
    let audit = &free["evidence"]["audits"][0];
    assert_eq!(
        (audit["attribute"].as_str(), audit["bound"].is_null()),
        (Some("gender"), true)
    );
    assert!(audit["balance"].as_f64().unwrap() < 0.5, "{audit}");
    assert!(
        audit["rows"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["is_flagged"] == true)
    );
    assert!(
        !audit["proxies"].as_array().unwrap().is_empty(),
        "what they buy tells it"
    );
    // Sources are audited without being asked for.
    let source = &free["evidence"]["audits"][1];
    assert_eq!(source["attribute"], "source");

    let bound = segmented(
        &bench,
        &["--k", "2", "--protect", "gender", "--fair-ratio", "0.8"],
    );
    let audit = &bound["evidence"]["audits"][0];
    let kept = &audit["bound"];
    assert!(
        kept["balance_after"].as_f64().unwrap() >= 0.8 - 1e-9,
        "{kept}"
    );
    assert!(kept["price"].as_f64().unwrap() > 1.0 && kept["moved"].as_u64().unwrap() > 0);
    assert!(kept["out_of_reach"].as_array().unwrap().is_empty());
    for row in audit["rows"].as_array().unwrap() {
        let ratio = row["share"].as_f64().unwrap() / row["expected"].as_f64().unwrap();
        assert!((0.8 - 1e-9..=1.25 + 1e-9).contains(&ratio), "{row}");
    }
    // Nothing of it is a feature or told.
    let whole = serde_json::to_string(&bound["segments"]).unwrap();
    assert!(!whole.contains("gender"), "the protected column is told");
    let told = bench.run(&["fairness", "--protect", "gender"]).ok().out;
    assert!(
        told.contains("Bound on gender") && told.contains("balance"),
        "{told}"
    );
    let unknown = bench.run(&["fairness", "--protect", "age"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.err.contains("kept: gender"), "{unknown:?}");
    let even = segmented(&bench, &["--k", "2", "--balance", "source"]);
    assert_eq!(even["k"], 2);
}

#[test]
fn attributes_with_one_value_or_five_hundred_are_audited_all_the_same() {
    let bench = Bench::new();
    let mut text = "user,time,type,price,quantity,city,planet\n".to_owned();
    for user in 0..600 {
        for order in 0..=(user % 4) {
            writeln!(
                text,
                "u{user},2025-01-{:02},purchase,{},1,city{},earth",
                1 + (user + order) % 28,
                10 + user % 50,
                user % 500
            )
            .unwrap();
        }
    }
    let file = bench.write("shop.csv", text);
    bench
        .run(&[
            "ingest",
            file.to_str().unwrap(),
            "--keep",
            "city",
            "--keep",
            "planet",
        ])
        .ok();
    let one = segmented(
        &bench,
        &["--k", "3", "--protect", "planet", "--fair-ratio", "0.8"],
    );
    let audit = &one["evidence"]["audits"][0];
    assert_eq!(audit["groups"].as_array().unwrap().len(), 1);
    assert_eq!(
        (audit["balance"].as_f64(), audit["bound"]["moved"].as_u64()),
        (Some(1.0), Some(0))
    );
    let many = segmented(
        &bench,
        &["--k", "3", "--protect", "city", "--fair-ratio", "0.8"],
    );
    let audit = &many["evidence"]["audits"][0];
    // Each city is too small to be told about: together they are one group.
    assert_eq!(audit["groups"].as_array().unwrap().len(), 1, "{audit}");
}
