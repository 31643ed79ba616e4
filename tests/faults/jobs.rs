//! Jobs outlive the terminal that started them, can be stopped, and go on after a kill.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::Bench;
use crate::{events, is_whole, runs, shop};

fn job(bench: &Bench, id: u64) -> Value {
    let jobs = bench.run(&["--json", "jobs"]).ok().json();
    let found = jobs
        .as_array()
        .unwrap()
        .iter()
        .find(|job| job["record"]["id"] == id);
    found.unwrap_or_else(|| panic!("{jobs}")).clone()
}

/// Waits until a job stands so, or came so far.
fn until(bench: &Bench, id: u64, is_so: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let now = job(bench, id);
        if is_so(&now) {
            return now;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "{now}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn kill(job: &Value) {
    let process = i32::try_from(job["record"]["process"].as_i64().unwrap()).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::KILL).unwrap();
}

#[test]
fn a_detached_job_ends_by_itself_and_can_be_followed() {
    let bench = Bench::new();
    let file = bench.write("a.csv", shop(40, 0));
    let out = bench.path("report");
    let arguments = [
        "--json",
        "run",
        "--detach",
        "--events",
        file.to_str().unwrap(),
        "--k",
        "2",
        "--samples",
        "1",
        "--out",
        out.to_str().unwrap(),
    ];
    let started = bench.run(&arguments).ok().json();
    assert_eq!(started["job"], 1);
    let followed = bench.run(&["jobs", "attach", "1"]).ok();
    assert!(followed.out.contains("exported to"), "{}", followed.out);
    let ended = job(&bench, 1);
    assert_eq!(ended["standing"], "done");
    assert_eq!(ended["record"]["run"], 1);
    assert!(out.join("segments.json").exists());
    // Its place is its owner's alone.
    bench.run(&["doctor"]).ok();
    // One that cannot be done says why at once, or when it is followed.
    let wrong = bench.run(&["run", "--detach", "--events", "nowhere.csv"]);
    if wrong.code == 0 {
        let followed = bench.run(&["jobs", "attach"]);
        assert!(
            followed.code != 0 && followed.out.contains("nowhere.csv"),
            "{followed:?}"
        );
    } else {
        assert!(wrong.err.contains("nowhere.csv"), "{}", wrong.err);
    }
    assert_eq!(bench.run(&["jobs", "attach", "99"]).code, 1);
}

#[test]
fn a_killed_job_goes_on_from_its_last_finished_stage() {
    let bench = Bench::new();
    let file = bench.write("a.csv", shop(300, 0));
    bench
        .run(&[
            "run",
            "--detach",
            "--events",
            file.to_str().unwrap(),
            "--k",
            "2",
            "--samples",
            "1",
        ])
        .ok();
    kill(&until(&bench, 1, |job| {
        job["record"]["is_ingested"] == true
    }));
    let left = until(&bench, 1, |job| job["standing"] != "running");
    assert_eq!(left["standing"], "interrupted", "{left}");
    is_whole(&bench, "a killed job");
    let attached = bench.run(&["jobs", "attach", "1"]);
    assert!(
        attached.code == 1 && attached.err.contains("jobs resume 1"),
        "{attached:?}"
    );
    // The file may be gone by now: what was read is not read again.
    std::fs::remove_file(&file).unwrap();
    let resumed = bench.run(&["--json", "jobs", "resume"]).ok().json();
    assert_eq!(resumed["resumed"], serde_json::json!([1]));
    bench.run(&["jobs", "attach", "1"]).ok();
    assert_eq!(job(&bench, 1)["standing"], "done");
    assert_eq!((events(&bench), runs(&bench)), (300 * 14, 1));
    let nothing = bench.run(&["--json", "jobs", "resume"]).ok().json();
    assert_eq!(nothing["resumed"], serde_json::json!([]));
}

#[test]
fn a_job_is_stopped_and_leaves_the_state_of_before() {
    let bench = Bench::new();
    let file = bench.write("a.csv", shop(3_000, 0));
    bench
        .run(&[
            "run",
            "--detach",
            "--events",
            file.to_str().unwrap(),
            "--k",
            "2",
        ])
        .ok();
    let stopped = bench.run(&["--json", "jobs", "cancel"]).ok().json();
    assert_eq!(stopped["standing"], "cancelled");
    assert_eq!(runs(&bench), 0);
    is_whole(&bench, "a stopped job");
    assert_eq!(bench.run(&["jobs", "cancel", "1"]).code, 1);
    assert!(bench.run(&["jobs"]).ok().out.contains("cancelled"));
}
