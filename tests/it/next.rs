//! What customers will do and want next: forecasts of value, recommendations.

use std::collections::HashSet;

use crate::support::{Bench, real};

fn shop() -> Bench {
    let bench = Bench::new();
    let shop = bench.shop(400, 5);
    bench.run(&["ingest", shop.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    bench
}

fn rows(csv: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|row| row.unwrap()).collect()
}

#[test]
fn forecasts_of_users_add_up_to_those_of_their_segments() {
    let bench = shop();
    let found = bench.run(&["--json", "value", "--days", "60"]).ok().json();
    let users = rows(&bench.run(&["value", "--days", "60", "--csv"]).ok().out);
    assert_eq!(found["customers"].as_u64().unwrap(), users.len() as u64);
    let mut told = 0;
    for segment in found["segments"].as_array().unwrap() {
        let own: Vec<_> = users
            .iter()
            .filter(|row| row[1].parse() == Ok(segment["segment"].as_u64().unwrap()))
            .collect();
        assert_eq!(segment["customers"].as_u64().unwrap(), own.len() as u64);
        let Some(expected) = segment["expected"].as_object() else {
            continue;
        };
        told += 1;
        let sum = |at: usize| {
            own.iter()
                .map(|row| row[at].parse::<f64>().unwrap())
                .sum::<f64>()
        };
        for (name, at) in [("purchases", 4), ("value", 5)] {
            let whole = expected[name].as_f64().unwrap();
            assert!(
                (whole - sum(at)).abs() < 1e-4 * whole.max(100.0),
                "{name}: {whole} {}",
                sum(at)
            );
        }
        let (low, high) = (
            expected["interval"][0].as_f64().unwrap(),
            expected["interval"][1].as_f64().unwrap(),
        );
        let value = expected["value"].as_f64().unwrap();
        assert!(low < value && value < high);
    }
    assert!(told >= 3);
    for row in &users {
        let active: f64 = row[2].parse().unwrap();
        assert!((0.0..=1.0).contains(&active));
        assert!((active + row[3].parse::<f64>().unwrap() - 1.0).abs() < 1e-5);
    }
}

#[test]
fn where_the_naive_forecast_is_better_the_report_says_so() {
    let bench = shop();
    let found = bench.run(&["--json", "value"]).ok().json();
    let test = &found["backtest"];
    let loses = test["error"].as_f64().unwrap() > test["naive_error"].as_f64().unwrap();
    let notes = found["notes"].to_string();
    assert_eq!(notes.contains("naive forecast"), loses, "{found}");
    let zh = bench.run(&["--lang", "zh", "value"]).ok().out;
    assert_eq!(zh.contains("朴素预测（"), loses, "{zh}");
}

#[test]
fn one_purchase_each_or_none_gives_words_in_place_of_figures() {
    let once = Bench::new();
    let lines: String = (0..60)
        .map(|user| format!("u{user},2026-01-{:02},purchase,p1,5\n", user % 28 + 1))
        .collect();
    once.ingest(
        "once.csv",
        &format!("user,time,type,product,price\n{lines}"),
    )
    .ok();
    once.run(&["segment", "--k", "1"]).ok();
    let found = once.run(&["--json", "value"]).ok().json();
    assert!(found["models"].is_null() && found["notes"].to_string().contains("second day"));
    // One product, bought already by everybody: nothing is left to recommend.
    let list = once
        .run(&["--json", "recommend", "--segment", "1"])
        .ok()
        .json();
    assert_eq!(list["products"].as_array().unwrap().len(), 0);

    let none = Bench::new();
    let lines: String = (0..60)
        .map(|user| format!("u{user},2026-01-02,view,p1,\n"))
        .collect();
    none.ingest(
        "none.csv",
        &format!("user,time,type,product,price\n{lines}"),
    )
    .ok();
    none.run(&["segment", "--k", "1", "--min-events", "1"]).ok();
    let call = none.run(&["value"]);
    assert_eq!(call.code, 3, "{call:?}");
    assert!(call.err.contains("counts no purchase"));
}

/// Keys of products that each user bought, from the file of events.
fn bought(shop: &str) -> HashSet<(String, String)> {
    let mut reader = csv::Reader::from_reader(shop.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let at = |names: &[&str]| heads.iter().position(|head| names.contains(&head)).unwrap();
    let (user, kind, product) = (
        at(&["user", "user_id"]),
        at(&["event", "event_type", "type"]),
        at(&["product", "product_id"]),
    );
    let rows = reader.records().map(|row| row.unwrap());
    rows.filter(|row| &row[kind] == "purchase")
        .map(|row| (row[user].to_owned(), row[product].to_owned()))
        .collect()
}

#[test]
fn nobody_is_recommended_what_is_left_out_and_lists_are_the_same_with_any_threads() {
    let bench = shop();
    let out = |name: &str, arguments: &[&str]| {
        let path = bench.path(name);
        let mut all = vec!["recommend", "--all", "--out", path.to_str().unwrap()];
        all.extend(arguments);
        bench.run(&all).ok();
        std::fs::read_to_string(&path).unwrap()
    };
    let one = out("one.csv", &["--threads", "1"]);
    assert_eq!(one, out("two.csv", &["--threads", "4"]));
    let first = rows(&one);
    let users: HashSet<&str> = first.iter().map(|row| &row[0]).collect();
    assert!(users.len() > 300 && first.len() > 9 * users.len());
    // A list names a product once, the best first, each with a reason.
    let mut seen = HashSet::new();
    for pair in first.windows(2) {
        assert!(seen.insert((pair[0][0].to_owned(), pair[0][3].to_owned())));
        if pair[0][0] == pair[1][0] {
            let score = |row: &csv::StringRecord| row[5].parse::<f64>().unwrap();
            assert!(score(&pair[0]) >= score(&pair[1]));
        }
        assert!(!pair[0][9].is_empty());
    }
    let top = first[0][3].to_owned();
    let list = bench.write("without.txt", format!("{top}\n"));
    let without = out("without.csv", &["--without", list.to_str().unwrap()]);
    assert!(rows(&without).iter().all(|row| row[3] != top));
    let wrong = bench.write("wrong.txt", "no-such-product\n");
    let call = bench.run(&[
        "recommend",
        "--segment",
        "1",
        "--without",
        wrong.to_str().unwrap(),
    ]);
    assert_eq!(call.code, 2, "{call:?}");
    // The user's own list is the same one, found by the shop's id as well.
    let user = first[0][0].to_owned();
    let own = bench
        .run(&["--json", "recommend", "--user", &user])
        .ok()
        .json();
    assert_eq!(own["products"][0]["product"], top.as_str());
    let call = bench.run(&["recommend", "--user", "nobody"]);
    assert_eq!(call.code, 2);
    // What was bought once and is no repeat good is on no list: repeat goods are few.
    let shop = std::fs::read_to_string(bench.path("shop.csv")).unwrap();
    assert!(bought(&shop).len() > 500);
    let again = first.iter().filter(|row| &row[6] == "again").count();
    assert!(again * 2 < first.len());
}

#[test]
fn a_product_out_of_the_catalogue_or_stock_is_recommended_to_nobody() {
    let bench = Bench::new();
    let mut lines = "user,time,type,product,price\n".to_owned();
    for user in 0..80 {
        for product in 0..6 {
            if (user + product) % 3 != 0 {
                lines.push_str(&format!(
                    "u{user},2026-01-{:02},purchase,p{product},5\n",
                    product + 1
                ));
            }
        }
    }
    bench.ingest("events.csv", &lines).ok();
    let catalog = bench.write(
        "catalog.csv",
        "product,name,stock\np0,Cup,3\np1,Jug,0\np2,Pan,\np3,Pregnancy Test,9\n",
    );
    let shop = bench.path("events.csv");
    bench
        .run(&[
            "ingest",
            shop.to_str().unwrap(),
            "--catalog",
            catalog.to_str().unwrap(),
        ])
        .ok();
    bench.run(&["segment", "--k", "1"]).ok();
    let path = bench.path("lists.csv");
    bench
        .run(&["recommend", "--all", "--out", path.to_str().unwrap()])
        .ok();
    let shown: HashSet<String> = rows(&std::fs::read_to_string(&path).unwrap())
        .iter()
        .map(|row| row[3].to_owned())
        .collect();
    assert_eq!(shown, HashSet::from(["p0".to_owned(), "p2".to_owned()]));
}

#[test]
fn lists_foretell_purchases_better_than_popularity_on_real_data() {
    for name in ["online_retail.csv.gz", "ta_feng.csv.gz"] {
        let Some(file) = real(name) else { continue };
        let bench = Bench::new();
        bench.run(&["ingest", file.to_str().unwrap()]).ok();
        bench.run(&["segment", "--k", "4"]).ok();
        let found = bench
            .run(&["--json", "recommend", "--evaluate"])
            .ok()
            .json();
        let ndcg = |who: &str| found[who]["ndcg"].as_f64().unwrap();
        assert!(ndcg("ours") > 1.5 * ndcg("popular"), "{name}: {found}");
    }
}
