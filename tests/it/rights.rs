//! What a person may ask for: a copy, to be forgotten, to be kept and not used; and the log of who did what.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Bench, Call, call, tree};

/// A shop of twelve buyers, one of whom types something that nobody else does.
fn shop() -> String {
    let mut text = String::from(
        "user_id,device_id,event_time,event_type,order_id,product_id,price,query,gender\n",
    );
    for user in 0..12 {
        for day in 1..10 {
            text += &format!(
                "user-{user},,2025-01-{day:02} 10:00:00,purchase,o{user}-{day},p{},{}.50,,f\n",
                day % 4,
                10 + user
            );
            text += &format!("user-{user},,2025-01-{day:02} 09:00:00,search,,,,lamp,f\n");
        }
    }
    text += "user-3,dev-3,2025-01-11 09:00:00,search,,,,violet harpsichord stand,f\n";
    text += ",dev-3,2025-01-11 08:00:00,view,,only-of-three,3.00,,\n";
    text += "user-3b,,2025-01-12 09:00:00,view,,p1,10.00,,f\n";
    text
}

const PEOPLE: &str = "user,consent_marketing,opt_out_mail\nuser-3,yes,yes\nuser-4,yes,no\n";

fn laid_out() -> Bench {
    let bench = Bench::new();
    let events = bench.write("a.csv", shop());
    let users = bench.write("users.csv", PEOPLE);
    let aliases = bench.write("aliases.csv", "old,new\nuser-3b,user-3\n");
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    bench
        .run(&[
            "ingest",
            &path(&events),
            "--users",
            &path(&users),
            "--aliases",
            &path(&aliases),
            "--keep",
            "gender",
        ])
        .ok();
    bench
        .run(&["--quiet", "segment", "--k", "2", "--min-support", "1"])
        .ok();
    bench
}

/// Runs the program with a line on standard input.
fn told(bench: &Bench, arguments: &[&str], line: &str) -> Call {
    let mut child = bench
        .command()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(line.as_bytes())
        .unwrap();
    call(child.wait_with_output().unwrap())
}

/// The one value that a query gives.
fn value(bench: &Bench, sql: &str) -> serde_json::Value {
    let answer = bench.run(&["--json", "sql", sql]).ok().json();
    let row = answer["rows"][0].as_object().unwrap();
    row.values().next().unwrap().clone()
}

fn holds(bench: &Bench, needle: &str) -> Vec<String> {
    let has = |bytes: &[u8]| {
        bytes
            .windows(needle.len())
            .any(|part| part == needle.as_bytes())
    };
    tree(&bench.workspace())
        .into_iter()
        .filter(|(_, bytes)| has(bytes))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn a_person_gets_a_copy_of_everything() {
    let bench = laid_out();
    let copy = told(&bench, &["privacy", "export", "--json"], "user-3\n")
        .ok()
        .json();
    assert_eq!(copy["events"].as_array().unwrap().len(), 21);
    assert_eq!(copy["same_person"].as_array().unwrap().len(), 3);
    let typed = copy["events"].as_array().unwrap().iter();
    assert!(
        typed
            .filter_map(|one| one["query"].as_str())
            .any(|query| query == "violet harpsichord stand")
    );
    let said: Vec<&str> = copy["said"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    for what in ["alias", "attribute", "consent", "opt-out"] {
        assert!(said.contains(&what), "{what} in {said:?}");
    }
    assert_eq!(copy["runs"][0]["run"], 1);
    assert!(!copy["runs"][0]["features"].as_array().unwrap().is_empty());
    // The text begins with the pseudonym and never holds the id.
    let page = bench.run(&["privacy", "export", "user-3"]).ok().out;
    assert_eq!(
        page.lines().next().unwrap(),
        copy["pseudonym"].as_str().unwrap()
    );
    assert!(!page.contains("user-3"));
    assert_eq!(bench.run(&["privacy", "export", "nobody"]).code, 1);
}

#[test]
fn a_forgotten_person_is_nowhere_and_does_not_come_back() {
    let bench = laid_out();
    let out = bench.path("out");
    bench
        .run(&["export", "--out", out.to_str().unwrap(), "--format", "csv"])
        .ok();
    let copy = bench
        .run(&["--json", "privacy", "export", "user-3"])
        .ok()
        .json();
    let pseudonyms: Vec<String> = copy["same_person"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let before = value(&bench, "SELECT count(*) FROM store.events")
        .as_u64()
        .unwrap();

    let would = bench
        .run(&["--json", "privacy", "forget", "user-3"])
        .ok()
        .json();
    assert!(would["audit"].is_null());
    assert_eq!(would["gone"]["events"], 21);
    assert!(
        !holds(&bench, "harpsichord").is_empty(),
        "a dry run removes nothing"
    );

    let receipt = bench
        .run(&["--json", "privacy", "forget", "user-3", "--yes"])
        .ok()
        .json();
    assert_eq!(receipt["gone"], would["gone"]);
    assert_eq!(receipt["gone"]["runs"], serde_json::json!([1]));
    assert_eq!(
        receipt["exports"].as_array().unwrap().len(),
        1,
        "the export held the person"
    );
    assert_eq!(receipt["is_compact"], true);
    for needle in pseudonyms
        .iter()
        .map(String::as_str)
        .chain(["harpsichord", "only-of-three"])
    {
        assert_eq!(holds(&bench, needle), Vec::<String>::new(), "{needle}");
    }
    let after = value(&bench, "SELECT count(*) FROM store.events")
        .as_u64()
        .unwrap();
    assert_eq!(before - after, 21);
    for sql in [
        "SELECT count(*) FROM store.consents WHERE user_id NOT IN (SELECT user_id FROM store.users)",
        "SELECT count(*) FROM run.members WHERE user_id NOT IN (SELECT user_id FROM store.users)",
        "SELECT count(*) FROM run.feature_values WHERE user_id NOT IN (SELECT user_id FROM store.users)",
        "SELECT count(*) FROM store.aliases",
    ] {
        assert_eq!(value(&bench, sql), 0, "{sql}");
    }
    // The run says what its figures still count.
    bench
        .run(&["export", "--out", out.to_str().unwrap(), "--format", "md"])
        .ok();
    let report = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(report.contains("somebody was forgotten"), "{report}");

    // The same file, and a new row: nothing of the person comes in, and others' rows are duplicates.
    let again = bench.path("a.csv");
    let report = bench
        .run(&["--json", "ingest", again.to_str().unwrap()])
        .ok()
        .json();
    assert_eq!(report["counts"]["quarantined"], 21);
    assert_eq!(report["counts"]["events"], 0);
    let report = bench
        .ingest("b.csv", "user_id,event_time,event_type,query\nuser-3,2025-02-01,search,violet harpsichord stand\nuser-99,2025-02-01,search,desk\n")
        .ok()
        .json();
    assert_eq!(
        (
            &report["counts"]["events"],
            &report["counts"]["quarantined"]
        ),
        (&1.into(), &1.into())
    );
    assert_eq!(holds(&bench, "harpsichord"), Vec::<String>::new());
    for name in &pseudonyms {
        assert_eq!(holds(&bench, name), Vec::<String>::new());
    }
    // Keys that were freed are given to nobody twice.
    let twice = "SELECT count(*) FROM (SELECT user_id FROM store.users GROUP BY user_id HAVING count(*) > 1)";
    assert_eq!(value(&bench, twice), 0);

    bench.run(&["privacy", "readmit", "user-3"]).ok();
    let report = bench
        .ingest(
            "c.csv",
            "user_id,event_time,event_type\nuser-3,2025-03-01,view\n",
        )
        .ok()
        .json();
    assert_eq!(report["counts"]["events"], 1);
}

#[test]
fn a_forgotten_person_does_not_come_back_by_a_merge() {
    let (here, there) = (laid_out(), Bench::new());
    std::fs::create_dir(there.workspace()).unwrap();
    std::fs::copy(
        here.workspace().join("pseudonym.key"),
        there.workspace().join("pseudonym.key"),
    )
    .unwrap();
    there.ingest("t.csv", "user_id,event_time,event_type,query\nuser-3,2025-02-01,search,harpsichord\nuser-50,2025-02-01,search,desk\n").ok();
    here.run(&["privacy", "forget", "user-3", "--yes"]).ok();
    here.run(&["merge", there.workspace().to_str().unwrap()])
        .ok();
    assert_eq!(holds(&here, "harpsichord"), Vec::<String>::new());
    assert_eq!(
        value(
            &here,
            "SELECT count(*) FROM store.queries WHERE query = 'desk'"
        ),
        1
    );
}

#[test]
fn a_restricted_person_is_kept_and_in_no_list() {
    let bench = laid_out();
    let listed = || {
        let out = bench.path("lists");
        bench
            .run(&["export", "--out", out.to_str().unwrap(), "--format", "csv"])
            .ok();
        std::fs::read_to_string(out.join("assignments.csv"))
            .unwrap()
            .lines()
            .count()
    };
    // What the SQL prompt counts, in the store and in a run.
    let asked = || {
        ["users", "members"].map(|table| {
            let sql = format!("SELECT count(DISTINCT \"user\") AS value FROM {table}");
            value(&bench, &sql).as_u64().unwrap()
        })
    };
    let rows = || {
        value(&bench, "SELECT count(*) AS value FROM events")
            .as_u64()
            .unwrap()
    };
    let (before, [users, members], all_rows) = (listed(), asked(), rows());
    bench.run(&["privacy", "restrict", "user-3"]).ok();
    assert_eq!(listed(), before - 1);
    assert_eq!(asked(), [users - 1, members - 1]);
    assert_eq!(rows(), all_rows - 21);
    let run = bench
        .run(&["--json", "segment", "--k", "2", "--min-support", "1"])
        .ok()
        .json();
    assert_eq!(run["users"], 11);
    let copy = bench
        .run(&["--json", "privacy", "export", "user-3"])
        .ok()
        .json();
    assert_eq!(copy["is_restricted"], true);
    assert_eq!(copy["events"].as_array().unwrap().len(), 21);
    bench.run(&["privacy", "restrict", "user-3", "--lift"]).ok();
    assert_eq!(
        bench.run(&["privacy", "restrict", "user-3", "--lift"]).code,
        1
    );
    let run = bench
        .run(&["--json", "segment", "--k", "2", "--min-support", "1"])
        .ok()
        .json();
    assert_eq!(run["users"], 12);
}

#[test]
fn withdrawn_consent_reaches_the_lists_of_old_runs() {
    let bench = laid_out();
    let users = bench.write("no.csv", "user,consent_analytics\nuser-5,no\n");
    bench
        .run(&["ingest", "--users", users.to_str().unwrap()])
        .ok();
    let out = bench.path("lists");
    bench
        .run(&[
            "export",
            "--run",
            "1",
            "--out",
            out.to_str().unwrap(),
            "--format",
            "csv",
        ])
        .ok();
    let rows = std::fs::read_to_string(out.join("assignments.csv"))
        .unwrap()
        .lines()
        .count();
    assert_eq!(rows, 1 + 11);
}

#[test]
fn what_is_older_than_may_be_kept_goes() {
    let bench = laid_out();
    let would = bench
        .run(&[
            "--json",
            "privacy",
            "retain",
            "--days",
            "5",
            "--as-of",
            "2025-01-12",
        ])
        .ok()
        .json();
    assert_eq!(would["from"], "2025-01-08");
    let done = bench
        .run(&[
            "--json",
            "privacy",
            "retain",
            "--days",
            "5",
            "--as-of",
            "2025-01-12",
            "--yes",
        ])
        .ok()
        .json();
    assert_eq!(done["events"], would["events"]);
    assert_eq!(done["events"], 12 * 2 * 7);
    let oldest = value(
        &bench,
        "SELECT min(ts) >= TIMESTAMP '2025-01-08' FROM store.events",
    );
    assert_eq!(oldest, "true");
    // Everything is old by now, and each ingest sees to it.
    bench
        .run(&["privacy", "retain", "--days", "30", "--always", "--yes"])
        .ok();
    assert_eq!(value(&bench, "SELECT count(*) FROM store.events"), 0);
    bench
        .ingest(
            "old.csv",
            "user_id,event_time,event_type\nuser-70,2025-03-01,view\n",
        )
        .ok();
    assert_eq!(value(&bench, "SELECT count(*) FROM store.events"), 0);
}

#[test]
fn the_audit_log_tells_who_and_shows_every_change() {
    let bench = laid_out();
    bench
        .run(&["--operator", "Ana", "privacy", "restrict", "user-3"])
        .ok();
    let out = bench.path("out");
    bench
        .run(&["export", "--out", out.to_str().unwrap(), "--format", "csv"])
        .ok();
    bench.run(&["privacy", "forget", "user-4", "--yes"]).ok();
    let log = bench.run(&["--json", "audit"]).ok().json();
    let entries = log["entries"].as_array().unwrap();
    let actions: Vec<&str> = entries
        .iter()
        .map(|one| one["action"].as_str().unwrap())
        .collect();
    let last = &actions[actions.len() - 3..];
    assert_eq!(last, ["restrict", "export", "forget"]);
    assert!(
        actions.contains(&"ingest") && actions.contains(&"run"),
        "{actions:?}"
    );
    assert_eq!(entries[entries.len() - 3]["operator"], "Ana");
    assert_eq!(log["verified"]["sealed"], entries.len());
    assert!(!log.to_string().contains("user-"));
    let one = bench
        .run(&["--json", "audit", "--action", "forget"])
        .ok()
        .json();
    assert_eq!(one["entries"].as_array().unwrap().len(), 1);

    let change = |sql: &str| {
        let catalog = rusqlite::Connection::open(bench.workspace().join("catalog.sqlite")).unwrap();
        assert!(
            catalog.execute_batch(sql).is_err(),
            "the log is only added to"
        );
        catalog.execute_batch("DROP TRIGGER IF EXISTS audit_log_is_not_changed; DROP TRIGGER IF EXISTS audit_log_is_not_deleted").unwrap();
        catalog.execute_batch(sql).unwrap();
    };
    change("UPDATE audit_log SET who = 'somebody else' WHERE id = 2");
    let call = bench.run(&["audit"]);
    assert_eq!(call.code, 1);
    assert!(
        call.out.contains("line 2 is not as it was written"),
        "{}",
        call.out
    );
    let catalog = rusqlite::Connection::open(bench.workspace().join("catalog.sqlite")).unwrap();
    catalog
        .execute_batch("DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)")
        .unwrap();
    let call = bench.run(&["audit"]);
    assert!(
        call.out.contains("the last lines are missing"),
        "{}",
        call.out
    );
}
