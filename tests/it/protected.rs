//! A protected workspace: nothing about fewer people than may be told leaves it, and what stays is coarse.

use serde_json::Value;

use crate::support::{Bench, tree};

/// A shop of two kinds of people: buyers in the morning, each with a spend of its own, and lookers in the evening.
fn shop(buyers: u32, lookers: u32) -> String {
    let mut text =
        String::from("user_id,event_time,event_type,order_id,product_id,category,price,query\n");
    for user in 0..buyers {
        for day in 1..8 {
            let price = 40 + user;
            text += &format!(
                "buyer-{user},2025-01-{day:02} 08:00:00,purchase,b{user}-{day},p{},lamps,{price}.00,\n",
                day % 3
            );
        }
    }
    for user in 0..lookers {
        for day in 1..8 {
            text += &format!(
                "looker-{user},2025-01-{day:02} 21:00:00,view,,p{},rugs,5.00,\n",
                day % 3
            );
            text += &format!(
                "looker-{user},2025-01-{day:02} 21:05:00,search,,,,,rug number {}\n",
                user % 3
            );
        }
    }
    text
}

/// A protected workspace with one run of two segments.
fn protected(buyers: u32, lookers: u32) -> Bench {
    let bench = Bench::new();
    bench.run(&["workspace", "protect", "--k-min", "10"]).ok();
    bench.ingest("a.csv", &shop(buyers, lookers)).ok();
    bench
        .run(&["segment", "--k", "2", "--min-support", "2"])
        .ok();
    bench
}

fn segments(bench: &Bench) -> Value {
    let out = bench.path("out");
    let _ = std::fs::remove_dir_all(&out);
    bench.run(&["export", "--out", out.to_str().unwrap()]).ok();
    serde_json::from_slice(&std::fs::read(out.join("segments.json")).unwrap()).unwrap()
}

/// Every number under a key that counts people or rows.
fn counts(json: &Value, found: &mut Vec<(String, u64)>) {
    const COUNTS: [&str; 10] = [
        "users",
        "support",
        "rows",
        "rows_read",
        "events",
        "duplicates",
        "quarantined",
        "between",
        "returned_lines",
        "silhouette_users",
    ];
    match json {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_u64() {
                    Some(count) if COUNTS.contains(&key.as_str()) => {
                        found.push((key.clone(), count));
                    }
                    _ => counts(value, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| counts(value, found)),
        _ => {}
    }
}

fn all_counts(json: &Value) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    counts(json, &mut found);
    found
}

fn sql(bench: &Bench, query: &str) -> Value {
    bench.run(&["--json", "sql", query]).ok().json()["rows"].clone()
}

#[test]
fn counts_are_multiples_and_nobody_is_listed() {
    let bench = protected(27, 24);
    let json = segments(&bench);
    let counts = all_counts(&json);
    assert!(counts.iter().filter(|(key, _)| key == "support").count() > 10);
    for (key, count) in &counts {
        assert!(count % 10 == 0, "{key}: {count}");
    }
    let mut users: Vec<_> = json["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["users"].as_u64().unwrap())
        .collect();
    users.sort_unstable();
    assert_eq!(users, [20, 30]);
    let files: Vec<String> = tree(&bench.path("out"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(
        files.contains(&"report.html".into())
            && !files.iter().any(|name| name.starts_with("assignments")),
        "{files:?}"
    );
    // Shares of people follow from these counts, and so does every ratio of them.
    let mut shares = 0;
    for segment in json["segments"].as_array().unwrap() {
        let users = segment["users"].as_f64().unwrap();
        for fact in segment["facts"].as_array().unwrap() {
            let id = fact["id"].as_str().unwrap();
            let is_of_people = id.starts_with("funnel.")
                || id.starts_with("product.") && id.strip_suffix(".share").is_some();
            if let Some(value) = fact["value"].as_f64().filter(|_| is_of_people) {
                let tens = value / 100.0 * users / 10.0;
                assert!((tens - tens.round()).abs() < 0.01, "{fact}");
                shares += 1;
            }
        }
        let size = segment["facts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|fact| fact["id"] == "size.users")
            .unwrap();
        assert_eq!(size["value"].as_f64(), Some(users));
    }
    assert!(shares > 1, "{json}");
    let report = std::fs::read_to_string(bench.path("out").join("report.md")).unwrap();
    for exact in [
        "27 users",
        "24 users",
        "27 customers",
        "24 customers",
        "52.9%",
        "47.1%",
    ] {
        assert!(!report.contains(exact), "{exact} in {report}");
    }
    // No pseudonym is in any file.
    bench.run(&["workspace", "protect", "--lift"]).ok();
    let people = sql(&bench, "SELECT DISTINCT \"user\" AS name FROM events");
    assert_eq!(people.as_array().unwrap().len(), 51);
    for (file, bytes) in tree(&bench.path("out")) {
        for row in people.as_array().unwrap() {
            let name = row["name"].as_str().unwrap();
            assert!(
                !bytes
                    .windows(name.len())
                    .any(|part| part == name.as_bytes()),
                "{name} in {file}"
            );
        }
    }
}

#[test]
fn what_tells_of_single_people_is_refused_and_says_how_that_ends() {
    let bench = protected(27, 24);
    let out = bench.path("x");
    let out = out.to_str().unwrap();
    let file = bench.path("a.csv");
    let file = file.to_str().unwrap();
    for arguments in [
        vec!["show", "users"],
        vec!["show", "user", "buyer-1"],
        vec!["show", "row", "a.csv:2"],
        vec!["export", "--out", out, "--format", "csv"],
        vec!["export", "--out", out, "--format", "parquet,json"],
        vec!["recommend", "--all", "--top", "3", "--out", out],
        vec!["recommend", "--segment", "1"],
        vec!["value"],
        vec!["campaign", "plan"],
        vec!["campaign", "list"],
        vec!["audience", "--segment", "1", "--out", out],
        vec!["assign", file],
        vec!["bundle", "export", out],
        vec!["compare", "1", "1"],
        vec!["fairness"],
    ] {
        let call = bench.run(&arguments);
        assert!(
            call.code == 1 && call.err.contains("is protected"),
            "{arguments:?}: {} {}",
            call.code,
            call.err
        );
        assert!(
            call.out.is_empty() && !bench.path("x").exists(),
            "{arguments:?}"
        );
    }
    // What is about groups goes on.
    for arguments in [
        vec!["segments"],
        vec!["show", "cohorts"],
        vec!["show", "data"],
        vec!["runs"],
        vec!["doctor"],
        vec!["privacy", "record"],
    ] {
        bench.run(&arguments).ok();
    }
    // A person's own copy is a right.
    assert!(
        bench
            .run(&["privacy", "export", "buyer-1"])
            .ok()
            .out
            .contains("purchase")
    );
    let log = bench.run(&["--json", "audit"]).ok().json();
    assert_eq!(log["entries"][0]["action"], "protect");
}

#[test]
fn runs_of_before_are_not_shown_until_the_protection_ends() {
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(27, 24)).ok();
    bench
        .run(&["segment", "--k", "2", "--min-support", "2"])
        .ok();
    bench.run(&["workspace", "protect"]).ok();
    let refused = bench.run(&["segments"]);
    assert!(
        refused.code == 1 && refused.err.contains("before the workspace was protected"),
        "{}",
        refused.err
    );
    assert_eq!(
        bench
            .run(&["--json", "runs"])
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len(),
        0
    );
    bench.run(&["segment", "--k", "2"]).ok();
    assert_eq!(
        bench
            .run(&["--json", "runs"])
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // More protection hides the run that had less.
    bench.run(&["workspace", "protect", "--k-min", "20"]).ok();
    assert_eq!(bench.run(&["segments"]).code, 1);
    bench.run(&["workspace", "protect", "--lift"]).ok();
    assert_eq!(
        bench
            .run(&["--json", "runs"])
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );
    bench.run(&["show", "users"]).ok();
}

#[test]
fn a_group_of_too_few_goes_and_does_not_come_back_as_the_rest() {
    let bench = Bench::new();
    bench.run(&["workspace", "protect", "--k-min", "10"]).ok();
    bench.ingest("a.csv", &shop(27, 24)).ok();
    // Three rules of 4, 23 and 24 people: the smallest goes, and the next one with it, or the rest would tell it.
    let rules = bench.write(
        "rules.sql",
        "-- segments: Three groups | 三组\n-- 1: Few | 少\n-- 2: Others | 其他\n-- 3: Lookers | 浏览\n\
         SELECT user_id, CASE WHEN revenue >= 440 THEN 1 WHEN orders > 0 THEN 2 ELSE 3 END AS segment FROM users\n",
    );
    let made = bench.run(&["segment", "--method", "rules", rules.to_str().unwrap()]);
    let json = if made.code == 0 {
        segments(&bench)
    } else {
        panic!("{}", made.err)
    };
    let list = json["segments"].as_array().unwrap();
    let withheld: Vec<_> = list.iter().filter(|s| s["users"] == 0).collect();
    assert_eq!(withheld.len(), 2, "{json}");
    for segment in withheld {
        assert!(segment["facts"].as_array().unwrap().is_empty());
        assert!(segment["name"].to_string().contains("too few"));
    }
    assert_eq!(list.iter().filter(|s| s["users"] == 20).count(), 1);
}

#[test]
fn the_prompt_sees_groups_alone() {
    let bench = protected(27, 24);
    let names: Vec<String> = sql(
        &bench,
        "SELECT table_name AS name FROM information_schema.tables ORDER BY 1",
    )
    .as_array()
    .unwrap()
    .iter()
    .map(|row| row["name"].as_str().unwrap().to_owned())
    .collect();
    assert!(
        names.contains(&"days".into()) && !names.contains(&"seen".into()),
        "{names:?}"
    );
    for name in &names {
        let rows = sql(&bench, &format!("FROM \"{name}\""));
        for row in rows.as_array().unwrap() {
            for key in ["users", "events", "searches"] {
                if let Some(count) = row[key].as_u64() {
                    assert!(count >= 10 && count % 10 == 0, "{name}: {row}");
                }
            }
        }
    }
    // Eight people typed each search: none is told. Twenty-seven bought each product.
    assert_eq!(sql(&bench, "FROM queries").as_array().unwrap().len(), 0);
    assert!(!sql(&bench, "FROM products").as_array().unwrap().is_empty());
    for query in [
        "FROM store.events",
        "FROM store_published.events",
        "FROM events",
        "FROM users",
        "FROM run.members",
        "FROM members",
        "FROM aside.merged",
        "FROM quarantine",
        "FROM duckdb_databases() WHERE database_name LIKE 'store%'",
    ] {
        let call = bench.run(&["--json", "sql", query]);
        let is_nothing = call.code == 0 && call.json()["rows"].as_array().unwrap().is_empty();
        assert!(
            call.code == 2 || is_nothing,
            "{query}: {} {}",
            call.code,
            call.out
        );
    }
}

/// What two exports tell who compares them: a data set and the same with one person more.
#[test]
fn one_person_more_changes_no_count_but_at_a_boundary_and_changes_means() {
    let (without, with) = (segments(&protected(27, 24)), segments(&protected(28, 24)));
    // 27 and 28 buyers are 30; all counts of people stay. Promised.
    let people = |json: &Value| -> Vec<(String, u64)> {
        all_counts(json)
            .into_iter()
            .filter(|(key, _)| key == "users" || key == "support")
            .collect()
    };
    assert_eq!(people(&without), people(&with));
    // Rows are rounded, too: a person's seven rows move them by one multiple at most.
    let rows = |json: &Value| {
        all_counts(json)
            .into_iter()
            .find(|(key, _)| key == "events")
            .unwrap()
            .1
    };
    assert!(rows(&with).abs_diff(rows(&without)) <= 10);
    // Not promised: a mean moves with each person, however many stand behind it.
    let mean = |json: &Value| -> Vec<f64> {
        let facts = json["segments"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|s| s["facts"].as_array().unwrap());
        facts
            .filter(|fact| fact["id"].to_string().contains("basket.aov"))
            .filter_map(|fact| fact["value"].as_f64())
            .collect()
    };
    assert_ne!(mean(&without), mean(&with), "{without}");
    // Not promised: at a boundary one person more is a whole multiple, and who knows the other 24 knows the 25th.
    let (below, above) = (segments(&protected(24, 27)), segments(&protected(25, 27)));
    assert_ne!(people(&below), people(&above));
}
