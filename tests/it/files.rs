//! Files from everywhere: encodings, workbooks, exports of shop systems and analytics, dates and amounts of all kinds,
//! and how a person decides what the columns mean.

use crate::support::Bench;

/// The first rows as an ingest would read them.
fn preview(
    bench: &Bench,
    name: &str,
    contents: impl AsRef<[u8]>,
    more: &[&str],
) -> serde_json::Value {
    let path = bench.write(name, contents);
    let mut arguments = vec!["--json", "ingest", "--dry-run", path.to_str().unwrap()];
    arguments.extend(more);
    bench.run(&arguments).ok().json()[0].take()
}

fn events(
    bench: &Bench,
    name: &str,
    contents: impl AsRef<[u8]>,
    more: &[&str],
) -> serde_json::Value {
    let path = bench.write(name, contents);
    let mut arguments = vec!["--json", "ingest", path.to_str().unwrap()];
    arguments.extend(more);
    bench.run(&arguments).ok().json()
}

#[test]
fn a_file_in_any_encoding_is_read_and_the_choice_is_said() {
    let text = "用户,时间,商品,单价\n甲,2025-01-01 10:00:00,一盏漂亮的台灯,12.50\n乙,2025-01-02 11:00:00,书架与收纳盒,7\n";
    let western = "customer_id,date,product,price\n1,2025-01-01,Übergröße Gläser für Müller,12.50\n2,2025-01-02,Café crème brûlée à emporter,7\n";
    let encode = |name: &str, text: &str| {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap();
        encoding.encode(text).0.into_owned()
    };
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(utf16.iter().copied())
        .collect();
    for (bytes, said, product) in [
        (text.as_bytes().to_vec(), "UTF-8", "一盏漂亮的台灯"),
        (encode("gb18030", text), "gb18030", "一盏漂亮的台灯"),
        (marked, "UTF-16LE", "一盏漂亮的台灯"),
        (
            encode("windows-1252", western),
            "windows-1252",
            "Übergröße Gläser für Müller",
        ),
    ] {
        let found = preview(&Bench::new(), "a.csv", bytes, &[]);
        assert!(
            found["decision"].as_str().unwrap().contains(said),
            "{found}"
        );
        assert_eq!(found["rows"][0]["product"], product, "{said}");
        assert_eq!(found["rows"][0]["price"], 12.5);
    }
    let short = encode("gb18030", "用户,时间,商品\n1,2025-01-01,灯\n");
    let found = preview(&Bench::new(), "a.csv", short, &["--encoding", "gb18030"]);
    assert_eq!(found["rows"][0]["product"], "灯");
    assert_eq!(
        Bench::new()
            .run(&["ingest", "a.csv", "--encoding", "klingon"])
            .code,
        2
    );
}

#[test]
fn a_workbook_is_read_from_its_first_sheet() {
    let bench = Bench::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/orders.xlsx");
    let found = bench
        .run(&["--json", "ingest", "--dry-run", file])
        .ok()
        .json();
    let rows = &found[0]["rows"];
    assert_eq!(rows[0]["time"], "2010-12-01T08:26:00");
    assert_eq!(
        (&rows[0]["price"], &rows[0]["quantity"]),
        (&12.5.into(), &2.0.into())
    );
    assert_eq!(
        (&rows[1]["product"], &rows[1]["line"]),
        (&"台灯".into(), &4.into())
    );
    assert_eq!(
        bench.run(&["--json", "ingest", file]).ok().json()["counts"]["events"],
        2
    );
}

#[test]
fn columns_parted_by_blanks_and_totals_without_a_price_make_revenue() {
    let bench = Bench::new();
    let text = " customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n 00002 19970112  5   77.00\r\n";
    assert_eq!(
        events(&bench, "cdnow.txt", text, &[])["counts"]["events"],
        2
    );
    let run = bench
        .run(&["--json", "segment", "--k", "1", "--min-support", "1"])
        .ok()
        .json();
    assert_eq!(run["reconciliation"]["net"], 88.77);
    let facts = run["segments"][0]["facts"].to_string();
    assert!(
        !facts.contains("hour.") && !facts.contains("evening"),
        "no time of day, no hours"
    );
}

#[test]
fn decimal_commas_are_decided_for_the_whole_file() {
    let text = "user;date;product;price\n1;2025-01-01;a;1.250\n2;2025-01-01;b;12,5\n3;2025-01-01;c;1.250,75 €\n";
    let found = preview(&Bench::new(), "a.csv", text, &[]);
    let prices: Vec<_> = (0..3)
        .map(|row| found["rows"][row]["price"].as_f64().unwrap())
        .collect();
    assert_eq!(prices, [1250.0, 12.5, 1250.75]);
}

#[test]
fn day_and_month_are_decided_from_the_whole_column_or_asked_for() {
    let mut text = "user,date,product\n".to_owned();
    for row in 0..600 {
        text.push_str(&format!("u{row},03/04/2025,p\n"));
    }
    let bench = Bench::new();
    let path = bench.write("open.csv", &text);
    let call = bench.run(&["ingest", path.to_str().unwrap()]);
    assert_eq!(call.code, 3, "{call:?}");
    assert!(call.err.contains("--date-order"), "{}", call.err);
    let asked = preview(&bench, "open.csv", &text, &["--date-order", "day-first"]);
    assert_eq!(asked["rows"][0]["time"], "2025-04-03T00:00:00");
    // One date beyond the first rows tells it.
    let told = format!("{text}u,25/04/2025,p\n");
    let found = preview(&bench, "told.csv", told, &[]);
    assert_eq!(found["rows"][0]["time"], "2025-04-03T00:00:00");
    let told = format!("{text}u,04/25/2025,p\n");
    assert_eq!(
        preview(&bench, "told.csv", told, &[])["rows"][0]["time"],
        "2025-03-04T00:00:00"
    );
}

#[test]
fn stamps_are_read_in_one_zone_and_reported_in_another() {
    let text = "user,time,product\n1,2025-07-01 20:00:00,a\n2,1751400000000000,a\n";
    let zones = ["--zone", "Europe/London", "--report-zone", "Asia/Shanghai"];
    let naive = preview(
        &Bench::new(),
        "a.csv",
        &text[..text.find("2,17").unwrap()],
        &zones,
    );
    assert_eq!(naive["rows"][0]["time"], "2025-07-02T03:00:00");
    let micros = "user,time,product\n2,1751400000000000,a\n";
    let absolute = preview(&Bench::new(), "b.csv", micros, &zones);
    assert_eq!(absolute["rows"][0]["time"], "2025-07-02T04:00:00");
}

#[test]
fn a_quote_gone_wrong_costs_one_row() {
    let text = "user,date,product,price\n1,2025-01-01,lamp,5\n2,2025-01-01,\"half a quote,5\n3,2025-01-01,\"two\nlines\",5\n4,2025-01-01,shelf,5\n";
    let report = events(&Bench::new(), "a.csv", text, &[]);
    assert_eq!(report["counts"]["events"], 3, "{report}");
    assert_eq!(report["counts"]["quarantined"], 1);
    assert!(
        report["reasons"]
            .to_string()
            .contains("a quote of the row does not close")
    );
}

#[test]
fn names_of_events_are_mapped_by_a_person_and_kept_in_a_file() {
    let bench = Bench::new();
    let text = "uid,moment,what,thing,colour\n1,2025-01-01,product_page,a,red\n1,2025-01-02,basket_fill,a,red\n1,2025-01-03,pay,a,red\n";
    let found = preview(
        &bench,
        "a.csv",
        text,
        &["--map", "time=moment,type=what,product=thing"],
    );
    assert_eq!(found["unmapped"], serde_json::json!(["colour"]));
    let unknown = found["unknown_types"].to_string();
    assert!(
        unknown.contains("product_page") && unknown.contains("pay"),
        "{unknown}"
    );
    let shop = bench.path("shop.toml");
    preview(
        &bench,
        "a.csv",
        text,
        &[
            "--map",
            "time=moment,type=what,product=thing",
            "--map-type",
            "product_page=view,basket_fill=cart",
            "--save-map",
            shop.to_str().unwrap(),
        ],
    );
    let written = std::fs::read_to_string(&shop).unwrap();
    assert!(written.contains("pay = \"other\""), "{written}");
    std::fs::write(
        &shop,
        written.replace("pay = \"other\"", "pay = \"purchase\""),
    )
    .unwrap();
    let found = preview(&bench, "a.csv", text, &["--config", shop.to_str().unwrap()]);
    let kinds: Vec<_> = (0..3)
        .map(|row| found["rows"][row]["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["view", "cart", "purchase"]);
    assert_eq!(found["unknown_types"], serde_json::json!([]));
    assert!(!bench.workspace().exists(), "a dry run writes nothing");
    for (wrong, says) in [
        ("[types]\npay = \"payment\"\n", "no type `payment`"),
        ("colour = 1\n", "colour"),
    ] {
        std::fs::write(&shop, wrong).unwrap();
        let call = bench.run(&["ingest", "a.csv", "--config", shop.to_str().unwrap()]);
        assert_eq!(call.code, 2);
        assert!(call.err.contains(says), "{}", call.err);
    }
}

#[test]
fn a_dry_run_shows_no_raw_id() {
    let bench = Bench::new();
    let path = bench.write(
        "a.csv",
        "email,date,product\njane@example.org,2025-01-01,lamp\n",
    );
    let out = bench
        .run(&["ingest", "--dry-run", path.to_str().unwrap()])
        .ok()
        .out;
    assert!(out.contains("lamp") && !out.contains("jane"), "{out}");
}

#[test]
fn an_order_export_names_its_buyer_once() {
    let bench = Bench::new();
    let text = "Name,Email,Financial Status,Paid at,Created at,Currency,Discount Amount,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount\n\
        #1001,a@example.org,paid,2025-01-01 10:00:00 +0100,2025-01-01 10:00:00 +0100,EUR,5.00,1,Lamp,20.00,L1,,0\n\
        #1001,,,,,,,2,Bulb,3.00,B1,,\n\
        #1002,b@example.org,partially_refunded,,2025-01-02 10:00:00 +0100,EUR,0,1,Shelf,50.00,S1,,10.00\n\
        #1003,b@example.org,paid,,2025-01-03 10:00:00 +0100,EUR,0,1,Shelf,50.00,S1,2025-01-04 10:00:00 +0100,0\n\
        #1003,,,,,,,1,Lamp,20.00,L1,,\n";
    let report = events(&bench, "orders_export.csv", text, &[]);
    assert!(
        report["decisions"][0].as_str().unwrap().contains("shopify"),
        "{report}"
    );
    assert_eq!(
        (&report["counts"]["events"], &report["without_user"]),
        (&5.into(), &0.into())
    );
    let run = bench
        .run(&["--json", "segment", "--k", "1", "--min-support", "1"])
        .ok()
        .json();
    let sums = &run["reconciliation"];
    // 26 - 5 of the first order, 50 - 10 of the second; the third was called off with both its lines.
    assert_eq!(
        (&sums["gross"], &sums["net"], &sums["excluded"]),
        (&146.0.into(), &61.0.into(), &70.0.into())
    );
}

#[test]
fn analytics_exports_are_unnested() {
    let bench = Bench::new();
    let line = |name: &str, time: u64, more: &str| {
        format!(
            "{{\"event_timestamp\":\"{time}\",\"event_name\":\"{name}\",\"user_pseudo_id\":\"d.1\",\"user_id\":null,\"event_params\":[{{\"key\":\"ga_session_id\",\"value\":{{\"string_value\":null,\"int_value\":\"77\"}}}},{{\"key\":\"search_term\",\"value\":{{\"string_value\":\"red lamp\"}}}}]{more}}}\n"
        )
    };
    let items = ",\"ecommerce\":{\"transaction_id\":\"t1\"},\"items\":[{\"item_id\":\"a\",\"item_name\":\"Lamp\",\"price\":20,\"quantity\":1},{\"item_id\":\"b\",\"item_name\":\"Bulb\",\"price\":3,\"quantity\":2}]";
    let text = line("view_search_results", 1_751_400_000_000_000, "")
        + &line("purchase", 1_751_400_060_000_000, items);
    let report = events(&bench, "ga4.jsonl", &text, &[]);
    assert!(
        report["decisions"][0].as_str().unwrap().contains("ga4"),
        "{report}"
    );
    // The counts are of unnested rows.
    assert_eq!(report["counts"]["rows_read"], 3);
    let run = bench
        .run(&[
            "--json",
            "segment",
            "--unit",
            "device",
            "--k",
            "1",
            "--min-support",
            "1",
        ])
        .ok()
        .json();
    assert_eq!(run["reconciliation"]["net"], 26.0);
    let rows = preview(&bench, "ga4.jsonl", &text, &[])["rows"].take();
    assert_eq!(rows[0]["query"], "red lamp");
    assert_eq!(
        (&rows[2]["product"], &rows[2]["quantity"]),
        (&"Bulb".into(), &2.0.into())
    );
}
