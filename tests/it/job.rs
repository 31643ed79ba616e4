//! The main job end to end: what is promised of the exported files, the lists, the facts and their provenance.

use std::collections::HashMap;

use crate::support::Bench;

fn bench_with_run() -> (Bench, serde_json::Value) {
    let bench = Bench::new();
    let shop = bench.shop(600, 42);
    bench
        .run(&[
            "run",
            "--events",
            shop.to_str().unwrap(),
            "--out",
            bench.path("report").to_str().unwrap(),
        ])
        .ok();
    let json = std::fs::read_to_string(bench.path("report/segments.json")).unwrap();
    (bench, serde_json::from_str(&json).unwrap())
}

#[test]
fn one_command_makes_segments_with_facts_and_narratives() {
    let (bench, json) = bench_with_run();
    assert_eq!(json["schema"], "portray.segments/1");
    let input = &json["input"];
    let count = |key: &str| input[key].as_u64().unwrap();
    assert_eq!(
        count("rows_read"),
        count("events") + count("duplicates") + count("quarantined")
    );
    let segments = json["segments"].as_array().unwrap();
    let users: u64 = segments.iter().map(|s| s["users"].as_u64().unwrap()).sum();
    assert_eq!(Some(users), json["run"]["users"].as_u64());
    let share: f64 = segments.iter().map(|s| s["share"].as_f64().unwrap()).sum();
    assert!((share - 1.0).abs() < 1e-6, "{share}");
    let mut names: Vec<_> = segments
        .iter()
        .map(|s| s["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), segments.len(), "names are distinct");
    for segment in segments {
        assert!(
            segment["facts"].as_array().unwrap().len() > 20,
            "{}",
            segment["name"]
        );
        let text = segment["narrative"]["text"].as_str().unwrap();
        assert!(text.split_whitespace().count() > 30, "{text}");
        assert!(matches!(
            segment["narrative"]["status"].as_str(),
            Some("checked" | "facts_only")
        ));
    }
    for file in [
        "assignments.csv",
        "assignments.parquet",
        "report.md",
        "report.html",
        "manifest.json",
    ] {
        assert!(
            bench.path("report").join(file).metadata().unwrap().len() > 100,
            "{file}"
        );
    }
}

#[test]
fn the_manifest_says_what_made_the_run_and_how_long_each_stage_took() {
    let (bench, json) = bench_with_run();
    let manifest = std::fs::read(bench.path("report/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["seed"], json["run"]["seed"]);
    assert_eq!(manifest["model"]["sha256"].as_str().unwrap().len(), 64);
    for stage in [
        "ingest",
        "scope",
        "features",
        "segments",
        "portraits",
        "narrate",
    ] {
        assert!(
            manifest["seconds"][stage].as_f64().unwrap() >= 0.0,
            "{stage}"
        );
    }
}

#[test]
fn a_search_word_that_marks_a_segment_out_says_something() {
    let (bench, json) = bench_with_run();
    let shop = std::fs::read_to_string(bench.path("shop.csv")).unwrap();
    assert!(
        shop.contains(" for "),
        "the shop's queries hold no such word"
    );
    for segment in json["segments"].as_array().unwrap() {
        for fact in segment["facts"].as_array().unwrap() {
            assert_ne!(fact["value"], "for", "{}", segment["name"]);
        }
    }
}

#[test]
fn every_number_of_a_narrative_stands_in_the_facts() {
    let (_bench, json) = bench_with_run();
    for segment in json["segments"].as_array().unwrap() {
        let mut known: Vec<String> = Vec::new();
        for fact in segment["facts"].as_array().unwrap() {
            for value in [&fact["value"], &fact["population"]] {
                match value {
                    serde_json::Value::Number(number) => {
                        known.push(format!("{}", number.as_f64().unwrap()));
                    }
                    serde_json::Value::String(name) => known.extend(numbers(name)),
                    _ => {}
                }
            }
        }
        let text = segment["narrative"]["text"].as_str().unwrap();
        for number in numbers(text) {
            let is_hour =
                known.iter().any(|value| format!("{value:0>2}") == number) || number == "00";
            assert!(known.contains(&number) || is_hour, "{number} in: {text}");
        }
    }
}

/// Numbers in a text, thousands apart or not.
fn numbers(text: &str) -> Vec<String> {
    let joined = text.replace(|c: char| !c.is_ascii_digit() && c != '.' && c != ',', " ");
    joined
        .split_whitespace()
        .map(|word| word.trim_matches(['.', ',']).replace(',', ""))
        .filter(|word| !word.is_empty())
        .map(|word| {
            word.parse::<f64>().map_or(word.clone(), |n| {
                if word.starts_with('0') && !word.contains('.') {
                    word
                } else {
                    n.to_string()
                }
            })
        })
        .collect()
}

#[test]
fn assignments_name_every_user_once_by_pseudonym() {
    let (bench, json) = bench_with_run();
    let mut sizes: HashMap<u64, u64> = HashMap::new();
    let mut users = std::collections::HashSet::new();
    let mut reader = csv::Reader::from_path(bench.path("report/assignments.csv")).unwrap();
    assert_eq!(
        reader.headers().unwrap(),
        vec![
            "user",
            "segment",
            "distance",
            "run",
            "as_of",
            "segment_name",
            "previous_segment",
            "probability",
            "next_segment",
            "margin"
        ]
    );
    for record in reader.records() {
        let record = record.unwrap();
        assert!(
            record[0].len() == 16
                && record[0]
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))
        );
        assert!(users.insert(record[0].to_owned()));
        *sizes.entry(record[1].parse().unwrap()).or_default() += 1;
    }
    for segment in json["segments"].as_array().unwrap() {
        assert_eq!(
            sizes[&segment["id"].as_u64().unwrap()],
            segment["users"].as_u64().unwrap()
        );
    }
    let parquet = bench.path("report/assignments.parquet");
    let rows: u64 = duckdb::Connection::open_in_memory()
        .unwrap()
        .query_row(
            "SELECT count(DISTINCT \"user\") FROM read_parquet(?)",
            [parquet.to_str().unwrap()],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(rows as usize, users.len());
}

#[test]
fn a_fact_shows_its_query_and_a_run_replays_to_the_same_bytes() {
    let (bench, json) = bench_with_run();
    let facts = json["segments"][0]["facts"].as_array().unwrap();
    for fact in facts {
        let id = fact["id"].as_str().unwrap();
        let is_mean = id
            .rsplit_once('.')
            .is_some_and(|(_, end)| matches!(end, "mean" | "peak"));
        if !(is_mean || id.starts_with("size") || id == "category.1" || id == "query.1") {
            continue;
        }
        let why = bench.run(&["--json", "show", "1", "--why", id]).ok().json();
        assert!(
            why["sql"]
                .as_array()
                .unwrap()
                .iter()
                .all(|sql| sql.as_str().unwrap().contains("SELECT"))
        );
        assert!(!why["rows"].as_array().unwrap().is_empty(), "{id}");
    }
    let call = bench.run(&["show", "1", "--why", "no.such"]);
    assert_eq!(call.code, 2);
    let more = bench.write("later.csv", crate::support::SMALL);
    bench.run(&["ingest", more.to_str().unwrap()]).ok();
    let replay = bench.run(&["--json", "replay", "1"]).ok().json();
    assert_eq!(replay["same"], true, "{replay}");
    assert_eq!(replay["changed"], serde_json::json!([]));
}

#[test]
fn a_run_that_was_narrated_later_replays_with_its_texts() {
    let bench = Bench::new();
    let shop = bench.shop(300, 42);
    bench.run(&["ingest", shop.to_str().unwrap()]).ok();
    bench.run(&["segment"]).ok();
    bench.run(&["--lang", "zh", "--seed", "7", "narrate"]).ok();
    let replay = bench.run(&["--json", "replay", "1"]).ok().json();
    assert_eq!(replay["same"], true, "{replay}");
}

#[test]
fn narratives_come_in_chinese_too_and_a_run_keeps_both() {
    let (bench, _) = bench_with_run();
    bench.run(&["--lang", "zh", "narrate"]).ok();
    let list = bench
        .run(&["--lang", "zh", "--json", "segments"])
        .ok()
        .json();
    let text = list[0]["narrative"]["text"].as_str().unwrap();
    assert!(text.contains('。') && !text.contains(". "), "{text}");
    let list = bench.run(&["--json", "segments"]).ok().json();
    assert_eq!(list[0]["narrative"]["lang"], "en");
}

#[test]
fn an_export_replaces_its_own_folder_and_no_other() {
    let (bench, _) = bench_with_run();
    let report = bench.path("report");
    bench
        .run(&[
            "export",
            "--out",
            report.to_str().unwrap(),
            "--format",
            "json",
        ])
        .ok();
    assert!(!report.join("report.md").exists(), "exchanged whole");
    let other = bench.path("photos");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("cat.jpg"), "meow").unwrap();
    let call = bench.run(&["export", "--out", other.to_str().unwrap()]);
    assert!(call.code == 1 || call.code == 2, "{call:?}");
    assert_eq!(std::fs::read_dir(&other).unwrap().count(), 1);
}

#[test]
fn lists_are_data_on_standard_output_and_talk_is_not() {
    let (bench, _) = bench_with_run();
    assert_eq!(bench.run(&["--json", "runs"]).ok().json()[0]["id"], 1);
    let call = bench.run(&["--quiet", "segments"]).ok();
    assert!(
        call.err.is_empty() && call.out.contains("run 1"),
        "{call:?}"
    );
    assert!(!call.out.contains('\u{1b}'), "no colour in a pipe");
    assert!(
        bench
            .run(&["doctor"])
            .ok()
            .out
            .lines()
            .all(|line| line.starts_with("ok"))
    );
    assert!(
        bench
            .run(&["completions", "bash"])
            .ok()
            .out
            .contains("portray")
    );
    let call = bench.run(&["show", "99"]);
    assert_eq!((call.code, call.out.as_str()), (2, ""));
}

#[test]
fn without_a_run_the_lists_say_how_to_make_one() {
    let bench = Bench::new();
    let call = bench.run(&["segments"]);
    assert_eq!(call.code, 1);
    assert!(call.err.contains("portray demo"), "{}", call.err);
    assert!(!bench.workspace().exists(), "looking makes nothing");
}

#[test]
fn the_demo_recovers_its_planted_personas() {
    let call = Bench::new().run(&["--quiet", "demo", "--check"]);
    assert_eq!(call.out.lines().count(), 5, "{}", call.out);
    for line in call.out.lines() {
        let ari: f64 = line.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(line.starts_with("seed ") && ari >= 0.80, "{line}");
    }
    call.ok();
}

/// `PORTRAY_WRITE_DOCS=1` writes the sample anew.
#[test]
fn the_readme_shows_what_the_demo_prints() {
    let printed = Bench::new().run(&["--quiet", "demo"]).ok().out;
    let sample = &printed[..printed.find("\n4  ").unwrap()];
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let start = readme.find("run 1: ").unwrap();
    let end = start + readme[start..].find("\n…\n```").unwrap();
    if std::env::var_os("PORTRAY_WRITE_DOCS").is_some() {
        let written = format!("{}{sample}{}", &readme[..start], &readme[end..]);
        return std::fs::write(path, written).unwrap();
    }
    assert_eq!(&readme[start..end], sample);
}
