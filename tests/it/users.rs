//! Users one by one: found by pseudonym and by the shop's own id, which stays nowhere.

use std::collections::HashMap;

use serde_json::Value;

use crate::support::{Bench, Call, call, tree};

/// Runs the program with a text on its standard input.
fn with_input(bench: &Bench, arguments: &[&str], input: &str) -> Call {
    let mut command = assert_cmd::Command::from_std(bench.command());
    call(command.args(arguments).write_stdin(input).output().unwrap())
}

/// Thirty users, of whom one went by another name before; a run of three segments at most.
fn shop() -> Bench {
    let bench = Bench::new();
    let mut text = String::from(
        "user_id,event_time,event_type,order_id,product_id,product_name,category,price,quantity,query,account\n",
    );
    for user in 1..=30 {
        for day in 1..=(2 + user % 7) {
            text += &format!(
                "secret-{user}-id,2025-01-{day:02} 10:00:00,view,,p{day},Lamp {day},lamps,10,1,,acme-{}\n",
                user % 5
            );
            text += &format!(
                "secret-{user}-id,2025-02-{day:02} 20:14:00,purchase,o{user}-{day},p{day},Lamp {day},lamps,10,{user},,acme-{}\n",
                user % 5
            );
        }
    }
    text += "secret-old-id,2025-03-01 09:00:00,search,,,,,,,red lamp,\n";
    text += "secret-7-id,2025-03-02 09:00:00,return,o7-1,p1,Lamp 1,lamps,10,7,,\n";
    bench.ingest("a.csv", &text).ok();
    let aliases = bench.write("aliases.csv", "old,new\nsecret-old-id,secret-7-id\n");
    bench
        .run(&["ingest", "--aliases", aliases.to_str().unwrap()])
        .ok();
    bench
        .run(&["--json", "segment", "--k", "2", "--min-support", "2"])
        .ok();
    bench
}

#[test]
fn an_id_and_a_pseudonym_find_the_same_user() {
    let bench = shop();
    let by_id = with_input(&bench, &["--json", "show", "user", "--id"], "secret-7-id\n").ok();
    let told = by_id.json();
    let name = told["pseudonym"].as_str().unwrap();
    let by_name = bench.run(&["--json", "show", "user", name]).ok();
    assert_eq!(by_id.out, by_name.out);
    // What spreadsheets make of it is the same id, and the name that it went by before leads to it too.
    for other in [" secret-7-id \n", "secret-old-id"] {
        let found = with_input(&bench, &["--json", "show", "user", "--id"], other).ok();
        assert_eq!(found.json()["pseudonym"], name);
    }
    let timeline = told["timeline"].as_array().unwrap();
    assert_eq!(timeline[0]["at"], "2025-03-02 09:00");
    assert_eq!(timeline[0]["kind"], "return");
    assert_eq!(timeline[0]["amount"], -70.0);
    assert_eq!(timeline[1]["what"], "red lamp");
    assert_eq!(timeline[2]["what"], "Lamp 2");
    assert_eq!(timeline[2]["category"], "lamps");
    assert_eq!(timeline[2]["amount"], 70.0);
    assert_eq!(told["is_cut"], false);
    let page = bench.run(&["show", "user", name]).ok();
    assert!(
        page.out.starts_with(name) && page.out.contains("red lamp"),
        "{}",
        page.out
    );
    let chinese = bench.run(&["show", "user", name, "--lang", "zh"]).ok();
    assert!(chinese.out.contains("人群"), "{}", chinese.out);

    for output in [&by_id.out, &by_id.err, &page.out, &page.err] {
        assert!(!output.contains("secret-"));
    }
    for (file, bytes) in tree(&bench.workspace()) {
        let found = bytes.windows(7).any(|window| window == b"secret-");
        assert!(!found, "an id in {file}");
    }
}

#[test]
fn whoever_is_not_there_is_not_repeated() {
    let bench = shop();
    let nobody = with_input(&bench, &["show", "user", "--id"], "nobody-4711\n");
    let mistaken = bench.run(&["show", "user", "secret-7-id"]);
    let unknown = bench.run(&["show", "user", "aaaaaaaaaaaaaaaa"]);
    for call in [nobody, mistaken, unknown] {
        assert_eq!(call.code, 2, "{call:?}");
        assert!(call.err.contains("knows none of that name"), "{call:?}");
        assert!(
            !call.err.contains("4711") && !call.err.contains("secret"),
            "{call:?}"
        );
    }
    for input in ["", "\n", "a\nb\n"] {
        assert_eq!(with_input(&bench, &["show", "user", "--id"], input).code, 2);
    }
}

#[test]
fn features_stand_beside_the_medians_of_the_facts() {
    let bench = shop();
    let user = with_input(&bench, &["--json", "show", "user", "--id"], "secret-12-id")
        .ok()
        .json();
    let segment = user["segment"].as_u64().unwrap().to_string();
    let segment = bench.run(&["--json", "show", &segment]).ok().json();
    let facts: HashMap<&str, &Value> = segment["facts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fact| (fact["id"].as_str().unwrap(), fact))
        .collect();
    let near = |one: &Value, other: &Value| {
        let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
        assert!(
            (one - other).abs() <= 0.006 * one.abs().max(1.0),
            "{one} {other}"
        );
    };
    let mut compared = 0;
    for feature in user["features"].as_array().unwrap() {
        let id = format!("{}.median", feature["id"].as_str().unwrap());
        if let Some(fact) = facts.get(id.as_str()) {
            near(&feature["segment"], &fact["value"]);
            near(&feature["shop"], &fact["population"]);
            assert_eq!(feature["unit"], fact["unit"]);
            compared += 1;
        }
    }
    assert!(compared >= 5, "{compared}");
    let revenue = user["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "rfm.revenue");
    // Seven days, twelve pieces at ten.
    assert_eq!(revenue.unwrap()["value"], 840.0);
}

#[test]
fn membership_is_told_where_the_run_has_probabilities() {
    let bench = shop();
    let told = |bench: &Bench| {
        let user = with_input(bench, &["--json", "show", "user", "--id"], "secret-12-id");
        user.ok().json()["memberships"].clone()
    };
    // Rows of a user's own numbers in place of the run's, or of none: runs of older versions have no such table.
    let file = duckdb::Connection::open(bench.workspace().join("runs/000001.duckdb")).unwrap();
    file.execute_batch("DROP TABLE IF EXISTS nearness").unwrap();
    drop(file);
    assert_eq!(told(&bench), serde_json::json!([]));
    let file = duckdb::Connection::open(bench.workspace().join("runs/000001.duckdb")).unwrap();
    file.execute_batch(
        "CREATE TABLE nearness AS SELECT user_id, s.segment, s.distance
         FROM members, (VALUES (2, 2.0), (1, 1.0)) AS s (segment, distance)",
    )
    .unwrap();
    drop(file);
    assert_eq!(told(&bench), serde_json::json!([]));
    let file = duckdb::Connection::open(bench.workspace().join("runs/000001.duckdb")).unwrap();
    file.execute_batch(
        "ALTER TABLE nearness ADD COLUMN probability DOUBLE;
         UPDATE nearness SET probability = CASE segment WHEN 1 THEN 0.8 ELSE 0.2 END",
    )
    .unwrap();
    drop(file);
    assert_eq!(
        told(&bench),
        serde_json::json!([
            {"segment": 1, "distance": 1.0, "probability": 0.8},
            {"segment": 2, "distance": 2.0, "probability": 0.2}
        ])
    );
}

#[test]
fn users_are_listed_by_revenue_segment_and_beginning() {
    let bench = shop();
    let list = |arguments: &[&str]| {
        let mut all = vec!["--json", "show", "users"];
        all.extend(arguments);
        let told = bench.run(&all).ok().json();
        (
            told["users"].as_array().unwrap().clone(),
            told["all"].as_u64().unwrap(),
        )
    };
    let (everybody, all) = list(&[]);
    assert_eq!((everybody.len(), all), (30, 30));
    let revenues: Vec<f64> = everybody
        .iter()
        .map(|user| user["revenue"].as_f64().unwrap())
        .collect();
    assert!(revenues.is_sorted_by(|one, next| one >= next));
    assert_eq!(everybody[0]["last"], "2025-02-08");
    // Net of what came back, with what was done under the old name.
    let seven = with_input(&bench, &["--json", "show", "user", "--id"], "secret-7-id")
        .ok()
        .json();
    let seven = everybody
        .iter()
        .find(|user| user["pseudonym"] == seven["pseudonym"])
        .unwrap();
    assert_eq!(seven["revenue"], 70.0);
    assert_eq!(
        (&seven["events"], &seven["last"]),
        (&Value::from(6), &Value::from("2025-03-02"))
    );

    let (few, all) = list(&["--limit", "3"]);
    assert_eq!((few.as_slice(), all), (&everybody[..3], 30));
    let name = everybody[4]["pseudonym"].as_str().unwrap();
    assert_eq!(list(&["--prefix", name]), (vec![everybody[4].clone()], 1));
    assert_eq!(list(&["--prefix", "%"]), (Vec::new(), 0));
    let segment = everybody[0]["segment"].as_u64().unwrap();
    let (members, all) = list(&["--segment", &segment.to_string()]);
    assert_eq!(members.len() as u64, all);
    assert!(all < 31 && members.iter().all(|user| user["segment"] == segment));
    let table = bench.run(&["show", "users", "--limit", "2"]).ok();
    assert!(
        table.out.lines().count() == 3 && table.err.contains("2 of 30 users"),
        "{table:?}"
    );
    assert_eq!(bench.run(&["show", "users", "--segment", "99"]).code, 2);
}

#[test]
fn where_accounts_are_segmented_an_id_is_an_account() {
    let bench = shop();
    bench
        .run(&[
            "segment",
            "--unit",
            "account",
            "--k",
            "2",
            "--min-support",
            "1",
        ])
        .ok();
    let account = with_input(&bench, &["--json", "show", "user", "--id"], "acme-3")
        .ok()
        .json();
    assert!(account["segment"].is_u64());
    assert_eq!(
        with_input(&bench, &["show", "user", "--id"], "secret-7-id").code,
        2
    );
    with_input(
        &bench,
        &["show", "user", "--id", "--run", "1"],
        "secret-7-id",
    )
    .ok();
}
