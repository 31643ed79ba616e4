//! What goes wrong on machines: kills, full disks, flipped bytes, crowds, signals. `cargo test` runs a few of each,
//! `make torture` many: `PORTRAY_TORTURE` is how many times as many.

// Clippy's leave for tests knows functions marked as tests only, not what they share.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod clock;
mod crowd;
mod disk;
mod flip;
mod jobs;
mod kill;
mod power;
mod signals;
#[path = "../it/support.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod support;

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use support::Bench;

/// How often something is done that `make test` does `few` times.
fn times(few: usize) -> usize {
    let factor = std::env::var("PORTRAY_TORTURE").ok();
    few * factor.and_then(|factor| factor.parse().ok()).unwrap_or(1)
}

/// A source of moments and places, other ones at each long run; what it began from is printed.
fn random() -> Xoshiro256PlusPlus {
    let seed = match std::env::var("PORTRAY_TORTURE") {
        Ok(_) => u64::from(std::process::id()),
        Err(_) => 8,
    };
    println!("seed {seed}");
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

/// Events in the store.
fn events(bench: &Bench) -> u64 {
    let call = bench
        .run(&["--json", "sql", "SELECT count(*) AS n FROM events"])
        .ok();
    call.json()["rows"][0]["n"].as_u64().unwrap()
}

fn runs(bench: &Bench) -> usize {
    bench
        .run(&["--json", "runs"])
        .ok()
        .json()
        .as_array()
        .unwrap()
        .len()
}

/// What `doctor` finds wrong.
fn bad(bench: &Bench) -> Vec<String> {
    let told = bench.run(&["doctor"]).out;
    let bad = told.lines().filter(|line| line.starts_with("BAD"));
    bad.map(str::to_owned).collect()
}

/// The workspace is whole, and nothing unpublished is left.
fn is_whole(bench: &Bench, after: &str) {
    let doctor = bench.run(&["doctor"]);
    assert!(
        doctor.code == 0 && doctor.out.lines().all(|line| line.starts_with("ok")),
        "after {after}: {}{}",
        doctor.out,
        doctor.err
    );
    let left: Vec<_> = std::fs::read_dir(bench.workspace().join("tmp"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(left.is_empty(), "after {after}: {left:?}");
    for id in 1..=runs(bench) {
        let list = bench
            .run(&["--json", "segments", "--run", &id.to_string()])
            .ok()
            .json();
        assert!(
            !list.as_array().unwrap().is_empty(),
            "after {after}: run {id} is empty"
        );
    }
}

/// A shop of a few people and orders, as text.
fn shop(users: u32, from: u32) -> String {
    let mut text =
        String::from("user_id,event_time,event_type,order_id,product_id,category,price,query\n");
    for user in from..from + users {
        for day in 1..8 {
            let price = 10 + user % 7;
            text += &format!(
                "user-{user},2025-01-{day:02} 08:00:00,purchase,o{user}-{day},p{},lamps,{price}.00,\n",
                day % 3
            );
            text += &format!(
                "user-{user},2025-01-{day:02} 21:05:00,search,,,,,red lamp {}\n",
                user % 3
            );
        }
    }
    text
}
