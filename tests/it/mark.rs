//! `portray mark`: names, tags and notes that a person gives, in every place where people read them.

use crate::support::Bench;

fn bench() -> Bench {
    let bench = Bench::new();
    let shop = bench.shop(300, 7);
    bench.run(&["ingest", shop.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    bench
}

fn exported(bench: &Bench) -> (serde_json::Value, String, String) {
    let out = bench.path("out");
    bench.run(&["export", "--out", out.to_str().unwrap()]).ok();
    let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    let json = serde_json::from_str(&read("segments.json")).unwrap();
    (json, read("report.md"), read("assignments.csv"))
}

#[test]
fn a_given_name_is_shown_everywhere_replays_and_is_taken_back() {
    let bench = bench();
    let own = bench.run(&["--json", "show", "1"]).ok().json()["name"]["en"].clone();
    let marked = bench
        .run(&[
            "--json",
            "mark",
            "1",
            "--name",
            " Gift \u{1b}givers ",
            "--note",
            "Ask sales.\nThen decide.",
            "--tag",
            "vip",
            "b2b",
            "vip",
        ])
        .ok()
        .json();
    assert_eq!(marked["given_name"], "Gift givers");
    assert_eq!(marked["name"], own);
    assert_eq!(marked["tags"], serde_json::json!(["b2b", "vip"]));
    let shown = bench.run(&["segments"]).ok().out;
    assert!(shown.contains("1  Gift givers"), "{shown}");
    assert!(shown.contains("tags: b2b, vip"), "{shown}");
    assert!(shown.contains("note: Then decide."), "{shown}");

    let (json, report, rows) = exported(&bench);
    let segment = &json["segments"][0];
    assert_eq!(segment["name"], own, "programs find what they found before");
    assert_eq!(segment["given_name"], "Gift givers");
    assert_eq!(segment["note"], "Ask sales.\nThen decide.");
    assert!(report.contains("## 1. Gift givers"), "{report}");
    assert!(rows.contains(",Gift givers,"), "{rows}");
    // A person's word is no work of the recipe's.
    let replay = bench.run(&["--json", "replay", "1"]).ok().json();
    assert_eq!(replay["same"], true, "{replay}");

    // A narrator gives names anew and leaves the person's alone.
    bench.run(&["narrate", "--samples", "1"]).ok();
    let shown = bench.run(&["--json", "show", "1"]).ok().json();
    assert_eq!(shown["given_name"], "Gift givers");
    let back = bench
        .run(&[
            "--json",
            "mark",
            "1",
            "--no-name",
            "--untag",
            "vip",
            "--no-note",
        ])
        .ok()
        .json();
    assert_eq!(back["given_name"], serde_json::Value::Null);
    assert_eq!(back["tags"], serde_json::json!(["b2b"]));
    assert_eq!(back["note"], serde_json::Value::Null);
    let shown = bench.run(&["segments"]).ok().out;
    assert!(shown.contains(own.as_str().unwrap()), "{shown}");
}

#[test]
fn what_is_too_long_or_taken_is_refused_and_nothing_of_it_is_kept() {
    let bench = bench();
    let other = bench.run(&["--json", "show", "2"]).ok().json()["name"]["en"].clone();
    let long = "x".repeat(61);
    let word = "x".repeat(25);
    let many: Vec<String> = (0..13).map(|number| number.to_string()).collect();
    let many: Vec<&str> = ["mark", "1", "--tag"]
        .into_iter()
        .chain(many.iter().map(String::as_str))
        .collect();
    for (arguments, says) in [
        (vec!["mark", "1", "--name", &long], "60"),
        (vec!["mark", "1", "--tag", &word, "--name", "Fine"], "24"),
        (many, "12"),
        (
            vec!["mark", "1", "--name", other.as_str().unwrap()],
            "segment 2 is called so",
        ),
        (vec!["mark", "99", "--name", "Nobody"], "segments"),
    ] {
        let call = bench.run(&arguments);
        assert_eq!(call.code, 2, "{arguments:?}: {}", call.err);
        assert!(call.err.contains(says), "{arguments:?}: {}", call.err);
    }
    let kept = bench.run(&["--json", "mark", "1"]).ok().json();
    assert_eq!(kept["given_name"], serde_json::Value::Null);
    assert_eq!(kept["tags"], serde_json::json!([]));
}
