//! The same input, key, seed and model give the same bytes, whatever the threads.

use crate::support::{Bench, tree};

fn files(threads: &str, shop: &[u8], key: &str) -> Vec<(String, Vec<u8>)> {
    let bench = Bench::new();
    std::fs::create_dir(bench.workspace()).unwrap();
    std::fs::write(bench.workspace().join("pseudonym.key"), key).unwrap();
    let shop = bench.write("shop.csv", shop);
    let report = bench.path("report");
    let arguments = [
        "--threads",
        threads,
        "run",
        "--events",
        shop.to_str().unwrap(),
        "--out",
        report.to_str().unwrap(),
    ];
    bench.run(&arguments).ok();
    tree(&report)
        .into_iter()
        .filter(|(name, _)| name != "manifest.json")
        .collect()
}

#[test]
fn the_same_command_gives_the_same_bytes_with_one_thread_and_with_two() {
    let shop = std::fs::read(Bench::new().shop(400, 11)).unwrap();
    let key = "5".repeat(64);
    let first = files("1", &shop, &key);
    assert_eq!(first.len(), 6);
    for threads in ["1", "2", "2"] {
        for ((name, one), (_, other)) in first.iter().zip(&files(threads, &shop, &key)) {
            assert!(one == other, "{name} differs with {threads} threads");
        }
    }
}

#[test]
fn segments_follow_the_order_of_the_data_and_not_the_pseudonyms() {
    let shop = std::fs::read(Bench::new().shop(400, 12)).unwrap();
    let json = |key: &str| {
        files("2", &shop, key)
            .into_iter()
            .find(|(name, _)| name == "segments.json")
            .unwrap()
            .1
    };
    assert!(json(&"a".repeat(64)) == json(&"b".repeat(64)));
}
