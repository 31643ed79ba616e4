//! The made-up shop keeps what it promises: the same bytes for a seed, and every kind of thing in it.

use std::collections::{HashMap, HashSet};

use portray::demo::{Shop, Truth, write_events};

fn shop(users: usize, seed: u64) -> (Vec<u8>, Truth) {
    let mut bytes = Vec::new();
    let truth = write_events(&Shop { users, seed }, &mut bytes).expect("memory takes every row");
    (bytes, truth)
}

fn column<'a>(
    rows: &'a [csv::StringRecord],
    header: &csv::StringRecord,
    name: &str,
) -> Vec<&'a str> {
    let at = header
        .iter()
        .position(|column| column == name)
        .expect("a column of that name");
    rows.iter().map(|row| &row[at]).collect()
}

fn distinct<'a>(values: &[&'a str]) -> HashSet<&'a str> {
    values
        .iter()
        .copied()
        .filter(|value| !value.is_empty())
        .collect()
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    assert_eq!(shop(100, 7), shop(100, 7));
    assert_ne!(shop(100, 7).0, shop(100, 8).0);
}

#[test]
fn the_default_shop_has_what_the_help_promises() {
    let (bytes, truth) = shop(Shop::default().users, Shop::default().seed);
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();

    assert_eq!(rows.len() as u64, truth.rows);
    assert!(
        (180_000..220_000).contains(&rows.len()),
        "{} rows",
        rows.len()
    );
    assert_eq!(distinct(&column(&rows, &header, "category")).len(), 40);
    let sold = distinct(&column(&rows, &header, "product_id")).len();
    assert!((1980..=2000).contains(&sold), "{sold} products are seen");

    let types = distinct(&column(&rows, &header, "event_type"));
    assert_eq!(
        types,
        HashSet::from([
            "view",
            "search",
            "cart",
            "favourite",
            "purchase",
            "return",
            "other"
        ])
    );
    assert_eq!(
        distinct(&column(&rows, &header, "source")),
        HashSet::from(["web", "app", "store"])
    );

    let times = column(&rows, &header, "event_time");
    assert!(times.is_sorted(), "rows stand in the order of time");
    assert_eq!(
        times
            .iter()
            .map(|time| &time[..7])
            .collect::<HashSet<_>>()
            .len(),
        12,
        "every month"
    );

    let lines: HashSet<_> = rows
        .iter()
        .map(|row| row.iter().collect::<Vec<_>>().join("\u{1}"))
        .collect();
    assert_eq!(lines.len(), rows.len(), "no row is there twice");
    let queries = column(&rows, &header, "query");
    assert!(
        queries.iter().any(|query| query.contains('@')),
        "a query that must be masked"
    );
}

#[test]
fn every_persona_has_a_fair_share_of_users_who_all_do_something() {
    let (bytes, truth) = shop(3000, 42);
    let mut sizes = HashMap::new();
    for (_, persona) in &truth.personas {
        *sizes.entry(*persona).or_insert(0_usize) += 1;
    }
    assert_eq!(sizes.len(), 6);
    assert!(
        sizes.values().all(|&size| (300..=750).contains(&size)),
        "{sizes:?}"
    );

    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let users: HashSet<_> = reader
        .records()
        .map(|row| row.unwrap()[1].to_owned())
        .collect();
    assert_eq!(
        users,
        truth.personas.into_iter().map(|(user, _)| user).collect()
    );
}

#[test]
fn a_shop_without_users_is_a_header() {
    let (bytes, truth) = shop(0, 1);
    assert_eq!((truth.rows, truth.personas.len()), (0, 0));
    assert!(bytes.starts_with(b"event_time,user_id,"));
}

#[test]
fn a_full_disk_is_an_error_that_says_so() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = write_events(&Shop { users: 50, seed: 1 }, &mut Full)
        .unwrap_err()
        .to_string();
    assert!(error.contains("free space"), "{error}");
}
