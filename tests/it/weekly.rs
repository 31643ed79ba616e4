//! What a scheduled job relies on: exit codes, the status file, outputs that change only where something changed, and
//! figures that can be put together from week to week.

use std::time::{Duration, SystemTime};

use crate::support::{Bench, SMALL};

fn status(bench: &Bench) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(bench.path("status.json")).unwrap()).unwrap()
}

/// Users of two kinds over some days, so that two segments are found.
fn shop(days: u32) -> String {
    let mut text = "user,time,type,order,product,price,quantity\n".to_owned();
    for day in 1..=days {
        for user in 0..40 {
            let (price, hour) = if user < 20 { (5, 9) } else { (200, 21) };
            if (user + day) % 3 == 0 {
                text.push_str(&format!(
                    "u{user},2025-03-{day:02} {hour:02}:{user:02}:00,purchase,o{user}-{day},p{},{},1\n",
                    (user + day) % 7,
                    price + (user * day) % 4
                ));
            }
        }
    }
    text
}

const RUN: [&str; 8] = [
    "run",
    "--k",
    "2",
    "--samples",
    "1",
    "--min-support",
    "2",
    "--out",
];

#[test]
fn a_week_with_nothing_new_is_no_failure_and_leaves_files_alone() {
    let bench = Bench::new();
    let file = bench.write("shop.csv", shop(14));
    let out = bench.path("report");
    let run = |more: &[&str]| {
        let mut arguments: Vec<&str> = RUN.to_vec();
        arguments.extend([out.to_str().unwrap(), "--events", file.to_str().unwrap()]);
        arguments.extend(more);
        bench.run(&arguments).ok()
    };
    run(&[]);
    // The tables carry the run's number: what people read is compared.
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let times = |name: &str| {
        std::fs::metadata(out.join(name))
            .unwrap()
            .modified()
            .unwrap()
    };
    let export = |more: &[&str]| {
        let mut arguments = vec!["export", "--if-changed", "--out", out.to_str().unwrap()];
        arguments.extend(more);
        bench.run(&arguments).ok();
    };
    export(&[]);
    let names = [
        "segments.json",
        "assignments.csv",
        "facts.csv",
        "report.md",
        "report.html",
        "manifest.json",
    ];
    for name in names {
        let old = std::fs::File::options()
            .write(true)
            .open(out.join(name))
            .unwrap();
        old.set_modified(long_ago).unwrap();
    }
    export(&[]);
    for name in names {
        assert_eq!(times(name), long_ago, "{name}");
    }
    // Another mark changes the tables alone.
    export(&["--bom"]);
    assert_eq!(times("segments.json"), long_ago);
    assert_ne!(times("facts.csv"), long_ago);
    assert!(
        std::fs::read(out.join("facts.csv"))
            .unwrap()
            .starts_with("\u{feff}run,".as_bytes())
    );
}

#[test]
fn segments_and_facts_can_be_followed_from_run_to_run() {
    let bench = Bench::new();
    bench.ingest("first.csv", &shop(14)).ok();
    let segment = ["segment", "--k", "2", "--min-support", "2"];
    bench.run(&segment).ok();
    let new = format!("{}fresh,2025-03-20 09:00:00,purchase,of,p1,5,1\n", shop(20));
    bench.ingest("second.csv", &new).ok();
    let run = bench
        .run(&["--json", "segment", "--k", "2", "--min-support", "2"])
        .ok()
        .json();
    for segment in run["segments"].as_array().unwrap() {
        assert!(
            segment["previous"].is_u64() && segment["nearest"].is_u64(),
            "{segment}"
        );
        let fact = segment["facts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|fact| fact["id"] == "rfm.revenue.median");
        let fact = fact.unwrap();
        for beside in ["population", "others", "nearest", "before"] {
            assert!(fact[beside].is_number(), "{beside}: {fact}");
        }
        assert_ne!(fact["value"], fact["others"]);
    }
    let out = bench.path("report");
    bench.run(&["export", "--out", out.to_str().unwrap()]).ok();
    let mut facts = csv::Reader::from_path(out.join("facts.csv")).unwrap();
    let heads = "run,as_of,segment,segment_name,fact,label,value,unit,population,difference,users";
    assert_eq!(
        facts
            .headers()
            .unwrap()
            .iter()
            .collect::<Vec<_>>()
            .join(","),
        heads
    );
    let first = facts.records().next().unwrap().unwrap();
    assert_eq!((&first[0], &first[1]), ("2", "2025-03-20"));
    let mut users = csv::Reader::from_path(out.join("assignments.csv")).unwrap();
    let before: Vec<_> = users
        .records()
        .map(|row| row.unwrap()[6].to_owned())
        .collect();
    assert_eq!(
        before.iter().filter(|id| id.is_empty()).count(),
        1,
        "the new user alone"
    );
    let replayed = bench.run(&["--json", "replay", "2"]).ok().json();
    assert_eq!(replayed["same"], true, "{replayed}");
}

#[test]
fn a_figure_that_rests_on_one_user_is_withheld_and_said() {
    let bench = Bench::new();
    let mut text = shop(14);
    text.push_str("u1,2025-03-14 12:00:00,purchase,big,p1,90000,1\n");
    bench.ingest("shop.csv", &text).ok();
    let run = bench
        .run(&["--json", "segment", "--k", "1", "--min-support", "2"])
        .ok()
        .json();
    let segment = &run["segments"][0];
    let withheld = segment["withheld"].to_string();
    assert!(
        withheld.contains("rfm.revenue.mean") && withheld.contains("revenue.share"),
        "{withheld}"
    );
    let facts = segment["facts"].to_string();
    assert!(facts.contains("rfm.revenue.median") && !facts.contains("rfm.revenue.mean"));
    let out = bench.path("report");
    bench.run(&["export", "--out", out.to_str().unwrap()]).ok();
    let report = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(
        report.contains("over a quarter of the figure comes from one user"),
        "{report}"
    );
}

#[test]
fn a_condition_ends_with_five_after_all_is_written() {
    let bench = Bench::new();
    let file = bench.write("shop.csv", shop(14) + "u1,some day,purchase,,p1,5,1\n");
    let out = bench.path("report");
    let (out, file, status_file) = (
        out.to_str().unwrap(),
        file.to_str().unwrap(),
        bench.path("status.json"),
    );
    let mut arguments: Vec<&str> = RUN.to_vec();
    arguments.extend([
        out,
        "--events",
        file,
        "--status",
        status_file.to_str().unwrap(),
        "--fail-on",
    ]);
    let call = bench.run(&[&arguments[..], &["quarantine>0.1%,fallback>5%"]].concat());
    assert_eq!(call.code, 5, "{call:?}");
    assert!(call.err.contains("quarantine is 0.5"), "{}", call.err);
    assert!(std::path::Path::new(out).join("report.md").is_file());
    let said = status(&bench);
    assert_eq!(
        (&said["exit"], &said["run"], &said["error"]),
        (&5.into(), &1.into(), &serde_json::Value::Null)
    );
    assert_eq!(
        (&said["counts"]["quarantined"], &said["stage"]),
        (&1.into(), &"export".into())
    );
    assert!(said["warnings"].to_string().contains("quarantine is"));
    assert_eq!(
        bench
            .run(&[&arguments[..], &["quarantine>2%"]].concat())
            .code,
        0
    );
    for wrong in ["quarantine>2", "luck>2%", "quarantine"] {
        assert_eq!(bench.run(&["run", "--fail-on", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn how_a_job_ended_is_told_by_code_and_status() {
    let bench = Bench::new();
    let status_file = bench.path("status.json");
    let with_status = ["--status", status_file.to_str().unwrap()];
    // Nothing usable.
    let empty = bench.write("empty.csv", "user,time\n");
    let call = bench.run(&[&["ingest", empty.to_str().unwrap()], &with_status[..]].concat());
    assert_eq!((call.code, &status(&bench)["exit"]), (3, &3.into()));
    assert!(
        status(&bench)["error"]
            .as_str()
            .unwrap()
            .contains("empty.csv")
    );
    // Out of time.
    bench.shop(800, 5);
    bench.run(&["ingest", "shop.csv"]).ok();
    let call = bench.run(
        &[
            &["run", "--samples", "50", "--timeout", "1s"],
            &with_status[..],
        ]
        .concat(),
    );
    assert_eq!(
        (call.code, &status(&bench)["exit"]),
        (6, &6.into()),
        "{call:?}"
    );
    // A signal.
    let mut child = bench
        .command()
        .args(["run", "--samples", "50"])
        .args(with_status)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(2));
    std::process::Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(status(&bench)["exit"], 143);
    // Nothing of either was published.
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
    // Another workspace's key.
    std::fs::write(bench.workspace().join("pseudonym.key"), "0".repeat(64)).unwrap();
    let call = bench.run(&[&["ingest", "shop.csv"], &with_status[..]].concat());
    assert_eq!(
        (call.code, &status(&bench)["exit"]),
        (7, &7.into()),
        "{call:?}"
    );
}

#[test]
fn a_writer_can_wait_for_another() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    let lock = std::fs::File::options()
        .write(true)
        .open(bench.workspace().join("ingest.lock"))
        .unwrap();
    lock.lock().unwrap();
    let file = bench.write("b.csv", SMALL);
    let file = file.to_str().unwrap();
    assert_eq!(bench.run(&["ingest", file]).code, 4);
    assert_eq!(bench.run(&["ingest", "--wait", "1s", file]).code, 4);
    let waiting = bench
        .command()
        .args(["--quiet", "ingest", "--wait", "2m", file])
        .spawn();
    std::thread::sleep(Duration::from_secs(1));
    lock.unlock().unwrap();
    assert!(waiting.unwrap().wait().unwrap().success());
    assert_eq!(bench.run(&["ingest", "--wait", "soon", file]).code, 2);
}
