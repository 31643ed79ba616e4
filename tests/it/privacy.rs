//! No raw identifier is on disk anywhere; small groups are not told about.

use std::os::unix::fs::PermissionsExt;

use crate::support::{Bench, tree};

#[test]
fn no_raw_identifier_reaches_the_disk() {
    let bench = Bench::new();
    let secret = [
        "zebra-4711-user",
        "mail.of.someone@mail.example",
        "+44 20 7946 0958",
        "4111 1111 1111 1111",
    ];
    let mut text =
        String::from("user_id,event_time,event_type,order_id,product_id,price,query,session_id\n");
    for day in 1..20 {
        text += &format!(
            "{},2025-01-{day:02} 10:00:00,purchase,ord-secret-{day},p1,5,,sess-secret\n",
            secret[0]
        );
        text += &format!(
            "{},2025-01-{day:02} 10:01:00,search,,,,gift {} {} {},\n",
            secret[0], secret[1], secret[2], secret[3]
        );
    }
    // Quarantined: one whose id can be masked, one whose id stands nowhere certain.
    text += &format!(
        "{},never,search,,,,from {},\n{},too,short\n",
        secret[0], secret[1], secret[0]
    );
    let report = bench.ingest("a.csv", &text).ok().json();
    assert_eq!(report["redactions"]["emails"], 19);
    bench
        .run(&["run", "--out", bench.path("report").to_str().unwrap()])
        .ok();
    bench
        .run(&["ingest", bench.path("a.csv").to_str().unwrap()])
        .ok();
    let files = tree(&bench.workspace())
        .into_iter()
        .chain(tree(&bench.path("report")));
    for (name, bytes) in files {
        for secret in secret.iter().copied().chain(["ord-secret", "sess-secret"]) {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {name}");
        }
    }
}

#[test]
fn the_workspace_is_its_owners_alone_and_a_shared_key_gives_the_same_pseudonyms() {
    let users = |bench: &Bench| {
        bench.ingest("a.csv", crate::support::SMALL).ok();
        bench
            .run(&[
                "run",
                "--out",
                bench.path("report").to_str().unwrap(),
                "--format",
                "csv",
            ])
            .ok();
        std::fs::read_to_string(bench.path("report/assignments.csv")).unwrap()
    };
    let (one, two, three) = (Bench::new(), Bench::new(), Bench::new());
    let first = users(&one);
    let mode =
        |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(one.workspace()), 0o700);
    assert_eq!(mode(one.workspace().join("pseudonym.key")), 0o600);
    std::fs::create_dir(two.workspace()).unwrap();
    std::fs::copy(
        one.workspace().join("pseudonym.key"),
        two.workspace().join("pseudonym.key"),
    )
    .unwrap();
    assert_eq!(first, users(&two));
    assert_ne!(first, users(&three));
}

#[test]
fn facts_about_fewer_than_ten_users_are_not_told() {
    let bench = Bench::new();
    let shop = bench.shop(300, 5);
    bench.run(&["ingest", shop.to_str().unwrap()]).ok();
    for (minimum, arguments) in [
        (10, &["--json", "segment", "--k", "6"][..]),
        (
            40,
            &["--json", "segment", "--k", "6", "--min-support", "40"],
        ),
    ] {
        let run = bench.run(arguments).ok().json();
        for segment in run["segments"].as_array().unwrap() {
            for fact in segment["facts"].as_array().unwrap() {
                let is_size = fact["id"].as_str().unwrap().starts_with("size.");
                assert!(
                    is_size || fact["support"].as_u64().unwrap() >= minimum,
                    "{fact}"
                );
            }
            assert!(
                segment["facts"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|fact| fact["id"] == "size.users")
            );
        }
    }
}
