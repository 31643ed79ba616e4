//! Which rows count, for whom, and in which money: a small shop that has everything go wrong at once
//! (`tests/fixtures/worst_shop`), each row followed to where it went.

use crate::support::Bench;

/// The worst shop with aliases, exclusion list, rates, catalogue and what its users want.
fn worst_shop() -> Bench {
    let bench = Bench::new();
    // A branch with a colleague's Excel (GB18030, decimal commas, days first, a quote gone wrong), and a till's workbook.
    let mut arguments = vec!["ingest".to_owned()];
    arguments.extend(["events.csv", "branch.csv", "till.xlsx"].map(fixture));
    for (name, file) in [
        ("--aliases", "aliases.csv"),
        ("--exclude-users", "staff.csv"),
        ("--rates", "rates.csv"),
        ("--catalog", "catalogue.csv"),
        ("--users", "users.csv"),
    ] {
        arguments.extend([name.to_owned(), fixture(file)]);
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    bench.run(&arguments).ok();
    bench
}

fn fixture(name: &str) -> String {
    format!(
        "{}/tests/fixtures/worst_shop/{name}",
        env!("CARGO_MANIFEST_DIR")
    )
}

const SEGMENT: [&str; 8] = [
    "--json",
    "segment",
    "--k",
    "1",
    "--min-support",
    "1",
    "--min-events",
    "1",
];

fn segment(bench: &Bench, more: &[&str]) -> serde_json::Value {
    let arguments: Vec<_> = SEGMENT.iter().chain(more).copied().collect();
    bench.run(&arguments).ok().json()
}

fn number(value: &serde_json::Value, name: &str) -> f64 {
    value[name].as_f64().unwrap()
}

fn fact(run: &serde_json::Value, id: &str) -> f64 {
    let facts = run["segments"][0]["facts"].as_array().unwrap();
    let fact = facts.iter().find(|fact| fact["id"] == id);
    fact.unwrap_or_else(|| panic!("no fact {id}"))["value"]
        .as_f64()
        .unwrap()
}

#[test]
fn each_row_can_be_followed_to_where_it_went() {
    let bench = worst_shop();
    segment(&bench, &[]);
    for (line, went) in [
        (2, "through its device; counted in segment 1"),
        (4, "a purchase at 2025-03-01 09:10:00, “Desk lamp”, 36 EUR"),
        (5, "nobody's; in no segment"),
        (8, "nobody's; in no segment"),
        (9, "nobody's; in no segment, counted in the shop's totals"),
        (10, "left out by the rule fees"),
        (11, "takes from the purchase at events.csv:4"),
        (12, "no purchase was found for it; counted"),
        (
            13,
            "left out by the rule superseded: events.csv:14 says it anew",
        ),
        (14, "counted in segment 1"),
        (15, "left out by the rule cancelled"),
        (16, "left out by the rule test_orders"),
        (17, "through its alias; counted"),
        (18, "left out by the rule listed"),
        (19, "80 EUR"),
        (20, "a renewal at"),
        (21, "a discount at 2025-03-12 12:00:00, “Discount”, 8 EUR"),
        (22, "a duplicate of events.csv:6"),
        (23, "quarantined: the time does not parse"),
        (24, "left out by the rule staff"),
        (17, "“Wall shelf”"),
        (25, "left out by the rule no_consent"),
    ] {
        let place = format!("events.csv:{line}");
        let said = bench.run(&["show", "row", &place]).ok().out;
        assert!(said.contains(went), "{said}");
    }
    for (place, went) in [
        (
            "branch.csv:2",
            "a purchase at 2025-03-14 12:00:00, “Wall shelf”, 25 EUR",
        ),
        ("branch.csv:3", "a view at 2025-03-04 12:00:00, “Desk lamp”"),
        (
            "branch.csv:4",
            "quarantined: a quote of the row does not close",
        ),
        ("branch.csv:5", "a favourite at 2025-03-05 12:05:00"),
        (
            "till.xlsx:2",
            "a purchase at 2025-03-10 12:00:00, “Chair”, 80 EUR",
        ),
        ("till.xlsx:3", "counted in segment 1"),
    ] {
        let said = bench.run(&["show", "row", place]).ok().out;
        assert!(said.contains(went), "{said}");
    }
    for wrong in ["events.csv", "events.csv:99", "other.csv:2"] {
        assert_eq!(bench.run(&["show", "row", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn gross_to_net_adds_up_and_net_is_what_the_segments_count() {
    let bench = worst_shop();
    let run = segment(&bench, &[]);
    let sums = &run["reconciliation"];
    // By hand, from the rows: see the fixture.
    for (name, expected) in [
        ("gross", 722.0),
        ("discounts", 12.0),
        ("returns", 35.0),
        ("excluded", 225.0),
        ("unattributed", 80.0),
        ("net", 370.0),
        ("unmatched_amount", 15.0),
    ] {
        assert!(
            (number(sums, name) - expected).abs() < 1e-9,
            "{name}: {sums}"
        );
    }
    // 66, 35, 72, 80, 12, nothing, 25 of the branch and 80 of the till.
    assert!((fact(&run, "rfm.revenue.median") - 50.5).abs() < 1e-9);
    let out = bench.path("report");
    bench.run(&["export", "--out", out.to_str().unwrap()]).ok();
    let report = std::fs::read_to_string(out.join("report.md")).unwrap();
    let opening = report.find("From all sales").unwrap();
    assert!(opening < report.find("## Input").unwrap());
    assert!(
        report.contains("| Net: the segments' revenue | 370.00 |"),
        "{report}"
    );
}

#[test]
fn what_no_person_does_is_a_bots_unless_it_buys() {
    let bench = Bench::new();
    let mut events = "user,time,type,product,price,quantity\n".to_owned();
    for user in ["crawler", "reseller"] {
        for second in 0..1300 {
            let (hour, rest) = (9 + second / 650, second % 650);
            let (minute, second) = (rest / 60, rest % 60);
            events +=
                &format!("{user},2026-03-01 {hour:02}:{minute:02}:{second:02},view,p{rest},5,1\n");
        }
    }
    events +=
        "reseller,2026-03-01 12:00:00,purchase,p1,5,40\nann,2026-03-01 12:00:00,view,p1,5,1\n";
    bench.ingest("events.csv", &events).ok();
    let run = segment(&bench, &[]);
    assert_eq!(run["users"], 2, "{run}");
    let left_out = &run["reconciliation"]["left_out"][0];
    assert_eq!(
        (&left_out["reason"], &left_out["rows"]),
        (&"bots".into(), &1300.into())
    );
}

#[test]
fn an_order_of_which_all_came_back_is_none_and_a_buyer_is_never_inactive() {
    let bench = Bench::new();
    let text = "user,time,type,order,product,price,quantity\n\
        a,2025-01-01,purchase,1,p,10,2\na,2025-01-05,return,1,p,10,2\na,2025-02-01,purchase,2,q,30,1\n\
        b,2025-01-01,renewal,3,s,12,1\n\
        c,2025-01-01,view,,p,,\n";
    bench.ingest("shop.csv", text).ok();
    let run = bench
        .run(&[
            "--json",
            "segment",
            "--k",
            "1",
            "--min-support",
            "1",
            "--min-events",
            "9",
        ])
        .ok()
        .json();
    let kinds: Vec<_> = run["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["kind"].clone(), s["users"].clone()))
        .collect();
    assert_eq!(
        kinds,
        [("cluster".into(), 2.into()), ("inactive".into(), 1.into())]
    );
    // One order of 30 by one buyer; the renewal is revenue.
    assert!((fact(&run, "basket.aov.median") - 30.0).abs() < 1e-9);
    assert!((fact(&run, "rfm.revenue.median") - 21.0).abs() < 1e-9);
}

#[test]
fn companies_and_devices_can_be_segmented() {
    let bench = worst_shop();
    let companies = segment(&bench, &["--unit", "account"]);
    assert_eq!(companies["users"], 2);
    // Guests in the store have no company; the exclusion list knows persons, so sue's purchase stays out.
    assert!((number(&companies["reconciliation"], "net") - 265.0).abs() < 1e-9);
    let devices = segment(&bench, &["--unit", "device"]);
    assert_eq!(devices["users"], 2);
    // Returns name no device: they are nobody's here.
    assert!((number(&devices["reconciliation"], "net") - 86.0).abs() < 1e-9);
    let text = "shop,merchant,time,product,price\nx,m1,2025-01-01,p,5\nx,m2,2025-01-02,p,7\ny,m2,2025-01-03,p,7\n";
    let bench = Bench::new();
    let file = bench.write("b2b.csv", text);
    bench
        .run(&[
            "ingest",
            file.to_str().unwrap(),
            "--map",
            "user=shop,unit=merchant",
        ])
        .ok();
    assert_eq!(segment(&bench, &["--unit", "unit"])["users"], 2);
    assert!((fact(&segment(&bench, &["--unit", "unit"]), "rfm.revenue.median") - 9.5).abs() < 1e-9);
    assert_eq!(segment(&bench, &["--unit", "Merchant"])["users"], 2);
    let other = bench.run(&["segment", "--unit", "shop"]);
    assert_eq!(other.code, 2, "{other:?}");
    assert!(other.err.contains("`merchant`"), "{other:?}");
}

#[test]
fn currencies_are_never_added_up_without_rates() {
    let bench = Bench::new();
    bench.run(&["ingest", &fixture("events.csv")]).ok();
    let call = bench.run(&SEGMENT);
    assert_eq!(call.code, 3, "{call:?}");
    assert!(call.err.contains("--rates"), "{}", call.err);
    let late = bench.write("late.csv", "date,currency,rate\n2025-03-11,GBP,1.2\n");
    bench
        .run(&["ingest", "--rates", late.to_str().unwrap()])
        .ok();
    assert_eq!(
        bench.run(&SEGMENT).code,
        3,
        "no rate stands for the day of the sale"
    );
    bench
        .run(&["ingest", "--rates", &fixture("rates.csv")])
        .ok();
    let run = segment(&bench, &[]);
    assert_eq!(run["currency"], "EUR");
    let bad = bench.write("bad.csv", "date,currency,rate\n2025-03-11,GBP,-1\n");
    let call = bench.run(&["ingest", "--rates", bad.to_str().unwrap()]);
    assert_eq!(call.code, 3);
    assert!(call.err.contains("bad.csv, line 2"), "{}", call.err);
}

#[test]
fn aliases_follow_several_steps_and_never_lead_in_a_circle() {
    let bench = Bench::new();
    let text = "user,time,product,price\na,2025-01-01,p,1\nb,2025-01-02,p,1\nc,2025-01-03,p,1\n";
    bench.ingest("shop.csv", text).ok();
    let first = bench.write("first.csv", "old,new\na,b\n");
    bench
        .run(&["ingest", "--aliases", first.to_str().unwrap()])
        .ok();
    assert_eq!(segment(&bench, &[])["users"], 2);
    let circle = bench.write("circle.csv", "old,new\nb,c\nc,a\n");
    let call = bench.run(&["ingest", "--aliases", circle.to_str().unwrap()]);
    assert_eq!(call.code, 3, "{call:?}");
    assert!(call.err.contains("circle.csv, line 3"), "{}", call.err);
    let second = bench.write("second.csv", "old,new\nb,c\n");
    bench
        .run(&["ingest", "--aliases", second.to_str().unwrap()])
        .ok();
    assert_eq!(segment(&bench, &[])["users"], 1);
    // A run remembers what it knew.
    let replayed = bench.run(&["--json", "replay", "1"]).ok().json();
    assert_eq!(replayed["same"], true);
}

#[test]
fn stray_future_dates_do_not_move_the_end_and_a_window_bounds_everything() {
    let bench = Bench::new();
    let mut text = "user,time,type,product,price\n".to_owned();
    for day in 0..1200 {
        let date = format!("2024-{:02}-{:02}", 1 + day / 100, 1 + day % 28);
        text.push_str(&format!(
            "u{},{date} 12:00:00,purchase,p{day},{day}\n",
            day % 40
        ));
    }
    text.push_str("u1,2099-01-01 00:00:00,purchase,px,1\n");
    bench.ingest("shop.csv", &text).ok();
    let run = segment(&bench, &[]);
    let sums = &run["reconciliation"];
    assert_eq!(sums["last_day"], "2024-12-28");
    assert!(
        run["notes"]
            .to_string()
            .contains("1 row dated after 2024-12-28"),
        "{}",
        run["notes"]
    );
    assert_eq!(sums["left_out"][0]["reason"], "period");
    let bounded = segment(&bench, &["--as-of", "2024-06-30", "--window", "30d"]);
    let sums = &bounded["reconciliation"];
    assert_eq!(
        (&sums["first_day"], &sums["last_day"]),
        (&"2024-06-01".into(), &"2024-06-30".into())
    );
    let june: u32 = (500..600).sum();
    assert!((number(sums, "net") - f64::from(june)).abs() < 1e-9);
    assert_eq!(bench.run(&["segment", "--as-of", "2020-01-01"]).code, 3);
    assert_eq!(bench.run(&["segment", "--as-of", "soon"]).code, 2);
}

#[test]
fn an_analysts_rule_stands_in_for_the_programs() {
    let bench = worst_shop();
    let folder = bench.workspace().join("exclude");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(
        folder.join("fees.sql"),
        "-- rule: fees\n-- title: Chairs | 椅子\nSELECT r.row_id FROM rows AS r JOIN products AS p ON p.product_id = r.product_id WHERE p.code = 'p3'",
    )
    .unwrap();
    let run = segment(&bench, &[]);
    let left_out = run["reconciliation"]["left_out"].to_string();
    assert!(
        left_out.contains("Chairs") && !left_out.contains("postage"),
        "{left_out}"
    );
    std::fs::write(
        folder.join("bad.sql"),
        "-- rule: bad\n-- title: Bad | 坏\nSELECT nothing",
    )
    .unwrap();
    let call = bench.run(&SEGMENT);
    assert_eq!(call.code, 1);
    assert!(
        call.err.contains("workspace:exclude/bad.sql"),
        "{}",
        call.err
    );
}

#[test]
fn a_store_of_the_first_version_is_read_and_carried_on() {
    let bench = Bench::new();
    let text = "user,time,product,price\na,2025-01-01,p,10\nb,2025-01-02,p,20\n";
    bench.ingest("shop.csv", text).ok();
    let before = segment(&bench, &[]);
    let store = bench.workspace().join("events.000001.duckdb");
    let new = bench.path("v1.duckdb");
    let connection = duckdb::Connection::open_in_memory().unwrap();
    connection
        .execute_batch(&format!(
            "ATTACH '{}' AS old (READ_ONLY); ATTACH '{}' AS v1;
             CREATE TABLE v1.meta AS SELECT name, CASE WHEN name = 'version' THEN '1' ELSE value END AS value FROM old.meta;
             CREATE TABLE v1.ingests AS FROM old.ingests; CREATE TABLE v1.users AS FROM old.users;
             CREATE TABLE v1.categories AS FROM old.categories; CREATE TABLE v1.products AS FROM old.products;
             CREATE TABLE v1.queries AS FROM old.queries; CREATE TABLE v1.attributes AS FROM old.attributes;
             CREATE TABLE v1.quarantine AS SELECT ingest, file, line, reason, text, hash FROM old.quarantine;
             CREATE TABLE v1.rows_seen AS SELECT hash_high, hash_low FROM old.rows_seen;
             CREATE TABLE v1.events AS SELECT ingest, row_id % 1099511627776 AS position, user_id, ts, type,
                 NULL::BIGINT AS order_key, product_id, NULL::INTEGER AS category_id, price,
                 NULL::DECIMAL(18, 3) AS quantity, NULL::VARCHAR AS currency, NULL::INTEGER AS query_id,
                 NULL::BIGINT AS session_key, NULL::VARCHAR AS source, NULL::VARCHAR AS country FROM old.events;",
            store.display(),
            new.display()
        ))
        .unwrap();
    drop(connection);
    std::fs::rename(&new, &store).unwrap();
    let after = segment(&bench, &[]);
    let told = |run: &serde_json::Value| -> Vec<String> {
        let facts = run["segments"][0]["facts"].as_array().unwrap();
        facts
            .iter()
            .map(|fact| format!("{} {}", fact["id"], fact["value"]))
            .collect()
    };
    assert_eq!(told(&before), told(&after));
    assert_eq!(before["reconciliation"], after["reconciliation"]);
    let more = format!("{text}c,2025-01-03,p,30\n");
    let report = bench.ingest("more.csv", &more).ok().json();
    assert_eq!(report["counts"]["duplicates"], 2);
    assert_eq!(segment(&bench, &[])["users"], 3);
}

#[test]
fn the_catalogue_names_products_and_its_last_word_counts() {
    let bench = Bench::new();
    let mut events = "user,time,type,product,price,quantity\n".to_owned();
    for user in 1..=12 {
        events += &format!("u{user},2026-03-{user:02} 10:00,purchase,A-1,10,1\n");
        if user <= 6 {
            events += &format!("u{user},2026-04-{user:02} 10:00,view,B-2,10,1\n");
        }
    }
    bench.ingest("events.csv", &events);
    let names = |run: &serde_json::Value| -> String { run["segments"].to_string() };
    let catalogue = |text: &str| {
        let path = bench.write("catalogue.csv", text);
        bench.run(&["--json", "ingest", "--catalog", path.to_str().unwrap()])
    };
    let header = "product,name,brand,category,price,currency,stock,url,colour\n";
    let read = catalogue(&format!(
        "{header}A-1,Old lamp,,Light,9,GBP,,,\nB-2,Chair,Oak & Co,Seats,\"1.250,75\",GBP,3,http://shop/b2,red\n"
    ));
    assert_eq!(read.ok().json()["taken"]["products"], 2);
    catalogue(&format!("{header}A-1,Lamp,Glow,Light,12.5,GBP,,,brass\n")).ok();
    let run = bench
        .run(&[
            "--json",
            "segment",
            "--k",
            "2",
            "--min-support",
            "3",
            "--min-events",
            "1",
        ])
        .ok()
        .json();
    let told = names(&run);
    assert!(told.contains("Chair") && told.contains("Seats"), "{told}");
    assert!(
        !told.contains("B-2") && !told.contains("Old lamp"),
        "{told}"
    );
    // Only the last catalogue is sold from.
    let write = |product: &str| bench.run(&["write", "product", "1", "--product", product]);
    assert!(write("B-2").err.contains("stands in no catalogue"));
    let lamp = write("A-1").ok().out;
    assert!(lamp.contains("Lamp") && !lamp.contains("Old"), "{lamp}");

    // A price that is none costs the file, and the workspace stays as it was.
    let refused = catalogue(&format!("{header}A-1,Lamp,,,cheap,,,,\n"));
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(
        refused.err.contains("line 2") && refused.err.contains("cheap"),
        "{refused:?}"
    );
    write("A-1").ok();
}

#[test]
fn users_who_do_not_agree_leave_features_and_what_audits_need_is_kept() {
    let bench = Bench::new();
    let mut events = "user,time,type,product,price,quantity\n".to_owned();
    for user in 1..=6 {
        events += &format!("u{user},2026-03-{user:02} 10:00,purchase,A-1,10,1\n");
    }
    bench.ingest("events.csv", &events);
    let users = |text: &str| {
        let path = bench.write("users.csv", text);
        let path = path.to_str().unwrap();
        bench.run(&["--json", "ingest", "--users", path, "--keep", "gender"])
    };
    let read = users(
        "user,Signed Up,consent_analytics,consent_marketing,opt_out,gender,shoe size\n\
         u1,2024-01-31,no,yes,mail;sms,f,38\nu2,2025-02-01,,no,,m,44\nu3,,yes,,,,\n",
    );
    assert_eq!(read.ok().json()["taken"]["users"], 3);
    let run = segment(&bench, &[]);
    let left_out = &run["reconciliation"]["left_out"];
    assert!(left_out.to_string().contains("no_consent"), "{left_out}");
    assert_eq!(run["segments"][0]["users"], 5, "{run}");
    let row = bench.run(&["show", "row", "events.csv:2"]).ok().out;
    assert!(row.contains("no_consent"), "{row}");

    // The last word counts: agreed since.
    users("user,consent_analytics\nu1,yes\n").ok();
    assert_eq!(segment(&bench, &[])["segments"][0]["users"], 6);
    for (text, why) in [
        ("user,consent_analytics\nu1,perhaps\n", "neither yes nor no"),
        ("user,opt_out_pigeon\nu1,yes\n", "no channel"),
        ("user,signed_up\nu1,soon\n", "sign-up date"),
    ] {
        let refused = users(text);
        assert_eq!(refused.code, 3, "{refused:?}");
        assert!(refused.err.contains(why), "{refused:?}");
    }
}

#[test]
fn days_since_users_signed_up_are_a_feature_where_they_are_told() {
    let bench = Bench::new();
    let is = |run: &serde_json::Value, id: &str, expected: f64| {
        let told = fact(run, id);
        assert!((told - expected).abs() < 1e-9, "{id} {told}");
    };
    let mut events = "user,time,type,product,price,quantity\n".to_owned();
    // The data begins on the first of March; one who only looks has no first purchase.
    events += "seen,2026-03-01 10:00,view,A-1,10,1\nseen,2026-03-31 10:00,view,A-1,10,1\n";
    let mut users = "user,signed_up\nseen,2026-03-01\n".to_owned();
    for user in 1..=6 {
        events += &format!("u{user},2026-03-10 10:00,purchase,A-1,10,1\n");
        events += &format!("u{user},2026-03-31 10:00,purchase,A-1,10,1\n");
        users += &format!("u{user},2026-03-{user:02}\n");
    }
    bench.ingest("events.csv", &events).ok();
    let has_days = |run: &serde_json::Value| {
        let facts = run["segments"][0]["facts"].as_array().unwrap();
        facts
            .iter()
            .any(|fact| fact["id"].as_str().unwrap().starts_with("signup."))
    };
    assert!(!has_days(&segment(&bench, &[])));
    let path = bench.write("users.csv", users);
    let path = path.to_str().unwrap();
    bench.run(&["ingest", "--users", path]).ok();
    // Twice 30 and 29 to 25 days before the last one of the data; 9 to 4 before the first purchase of those who bought.
    let run = segment(&bench, &[]);
    is(&run, "signup.days.median", 28.0);
    is(&run, "signup.first_purchase_days.median", 6.5);
    // A sign-up after the period is not known in it.
    let run = segment(&bench, &["--as-of", "2026-03-12"]);
    is(&run, "signup.days.median", 9.0);
    let later = bench.write("later.csv", "user,signed_up\nu1,2026-04-30\n");
    bench
        .run(&["ingest", "--users", later.to_str().unwrap()])
        .ok();
    let run = segment(&bench, &[]);
    is(&run, "signup.days.median", 27.5);
}
