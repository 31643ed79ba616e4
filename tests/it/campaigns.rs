//! From segments to action: plans, audiences, and whether they worked.

use std::collections::BTreeSet;

use crate::support::{Bench, Call};

/// A shop with a run, and its users' own ids.
fn shop(users_file: Option<&str>) -> (Bench, Vec<String>) {
    let bench = Bench::new();
    let events = bench.shop(400, 5);
    let mut ingest = vec!["ingest".to_owned(), events.to_str().unwrap().to_owned()];
    if let Some(text) = users_file {
        let path = bench.write("users.csv", text);
        ingest.extend(["--users".to_owned(), path.to_str().unwrap().to_owned()]);
    }
    let ingest: Vec<&str> = ingest.iter().map(String::as_str).collect();
    bench.run(&ingest).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    let mut reader = csv::Reader::from_path(&events).unwrap();
    let heads = reader.headers().unwrap().clone();
    let at = heads
        .iter()
        .position(|head| ["user", "user_id"].contains(&head))
        .unwrap();
    let ids: BTreeSet<String> = reader
        .records()
        .map(|row| row.unwrap()[at].to_owned())
        .collect();
    (bench, ids.into_iter().collect())
}

fn lines(bench: &Bench, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(bench.path(name)).unwrap();
    assert!(!text.starts_with('\u{feff}'));
    text.lines().skip(1).map(str::to_owned).collect()
}

fn draw(bench: &Bench, arguments: &[&str]) -> Call {
    let out = bench.path("audience.csv");
    let mut all = vec!["--json", "audience", "--out", out.to_str().unwrap()];
    all.extend(arguments);
    bench.run(&all)
}

#[test]
fn a_plan_gives_each_segment_a_goal_with_its_grounds_and_a_message_that_a_person_can_change() {
    let (bench, _) = shop(None);
    let plan = bench
        .run(&[
            "--json",
            "campaign",
            "plan",
            "--messages",
            "1",
            "--days",
            "60",
        ])
        .ok()
        .json();
    let actions = plan["actions"].as_array().unwrap();
    assert!(actions.len() >= 3);
    for action in actions {
        let number = |name: &str| action[name].as_u64().unwrap();
        if action["channel"].is_null() {
            assert_eq!(number("audience"), 0);
            continue;
        }
        assert!(!action["grounds"].as_array().unwrap().is_empty());
        assert_eq!(
            number("audience") + number("refused") + number("capped"),
            number("users")
        );
        assert_eq!(
            number("held"),
            (number("audience") as f64 / 10.0).round() as u64
        );
        let least = action["detectable"].as_f64().unwrap();
        assert!(least > 0.0 && least < 1.0);
        let message = &action["messages"][0];
        assert!(message["text"].as_str().unwrap().len() > 20, "{message}");
        // The way out is in each message.
        let text = message["text"].as_str().unwrap();
        assert!(
            ["messages", "unsubscribe"]
                .iter()
                .any(|word| text.contains(word)),
            "{text}"
        );
    }
    let segment = actions
        .iter()
        .find(|one| !one["channel"].is_null())
        .unwrap()["segment"]
        .to_string();
    let mut command = assert_cmd::Command::from_std(bench.command());
    let wrote = command
        .args(["--json", "campaign", "write", &segment, "--title", "Ours"])
        .write_stdin("Come\u{1b}[31m and see\n")
        .output()
        .unwrap();
    assert!(wrote.status.success());
    let shown = bench.run(&["campaign", "show"]).ok().out;
    assert!(shown.contains("▸ 2 [by a person] Ours — Come"), "{shown}");
    assert!(!shown.contains('\u{1b}'));
    bench.run(&["campaign", "pick", &segment, "1"]).ok();
    assert!(bench.run(&["campaign", "show"]).ok().out.contains("▸ 1 ["));
    assert_eq!(bench.run(&["campaign", "pick", &segment, "9"]).code, 2);
    assert_eq!(bench.run(&["campaign", "pick", "99", "1"]).code, 2);
}

#[test]
fn rules_of_the_workspace_stand_in_for_the_built_in_ones() {
    let (bench, _) = shop(None);
    let own = "channels = [\"sms\"]\nholdout = 0.25\ncap = { contacts = 1, days = 7 }\n\
               [[goal]]\nname = \"all\"\nen = \"greet\"\nzh = \"问候\"\n";
    std::fs::write(bench.workspace().join("campaign.toml"), own).unwrap();
    let plan = bench
        .run(&["--json", "campaign", "plan", "--messages", "0"])
        .ok()
        .json();
    for action in plan["actions"].as_array().unwrap() {
        assert_eq!(
            (&action["goal"], &action["channel"]),
            (&"all".into(), &"sms".into())
        );
    }
    std::fs::write(bench.workspace().join("campaign.toml"), "holdout = 2").unwrap();
    let call = bench.run(&["campaign", "plan", "--messages", "0"]);
    assert_eq!(call.code, 2, "{call:?}");
    assert!(call.err.contains("campaign.toml"));
}

#[test]
fn who_asked_for_no_word_is_in_no_audience_and_nobody_is_written_to_too_often() {
    let (_, ids) = shop(None);
    // A third refuses mail, another third everything.
    let users: String = ids
        .iter()
        .enumerate()
        .map(|(at, id)| match at % 3 {
            0 => format!("{id},yes,\n"),
            1 => format!("{id},,no\n"),
            _ => format!("{id},,yes\n"),
        })
        .collect();
    let (bench, _) = shop(Some(&format!(
        "user,opt_out_mail,consent_marketing\n{users}"
    )));
    let mail = draw(&bench, &[]).ok().json();
    let sum = |found: &serde_json::Value, names: &[&str]| -> u64 {
        names.iter().map(|name| found[name].as_u64().unwrap()).sum()
    };
    assert_eq!(
        sum(&mail, &["treated", "held", "refused", "capped"]),
        sum(&mail, &["asked"])
    );
    let third = ids.len() as u64 / 3;
    assert!(sum(&mail, &["treated"]).abs_diff(third) < 10, "{mail}");
    let by_mail: BTreeSet<String> = lines(&bench, "audience.csv").into_iter().collect();
    // A later file of users that names neither lifts nothing.
    let ids_alone: String = ids.iter().map(|id| format!("{id},2020-01-01\n")).collect();
    let later = bench.write("later.csv", format!("user,signed_up\n{ids_alone}"));
    let events = bench.path("shop.csv");
    let both = [events.to_str().unwrap(), later.to_str().unwrap()];
    bench.run(&["ingest", both[0], "--users", both[1]]).ok();
    let sms = draw(&bench, &["--channel", "sms"]).ok().json();
    assert!(sum(&sms, &["treated"]).abs_diff(2 * third) < 20, "{sms}");
    let by_sms: BTreeSet<String> = lines(&bench, "audience.csv").into_iter().collect();
    assert!(by_mail.is_subset(&by_sms));
    // Those by mail have had two messages by now, which is the cap.
    let again = draw(&bench, &["--channel", "sms"]).ok().json();
    assert_eq!(sum(&again, &["capped"]), by_mail.len() as u64);
    let third: BTreeSet<String> = lines(&bench, "audience.csv").into_iter().collect();
    assert!(third.is_disjoint(&by_mail));
    let none = draw(&bench, &["--channel", "mail"]);
    assert_eq!(none.code, 3, "{none:?}");
    assert!(none.err.contains("written to lately"));
}

#[test]
fn an_opt_out_stands_until_a_later_word_lifts_it() {
    let (_, ids) = shop(None);
    let said = |head: &str, cell: &str, of: &[String]| {
        let lines: String = of.iter().map(|id| format!("{id},{cell}\n")).collect();
        format!("user,{head}\n{lines}")
    };
    let half = &ids[..ids.len() / 2];
    let (bench, _) = shop(Some(&said("opt_out", "mail;sms", half)));
    let rules = include_str!("../../src/campaigns/campaign.toml");
    let rules = rules.replace("contacts = 2", "contacts = 99");
    std::fs::write(bench.workspace().join("campaign.toml"), rules).unwrap();
    let refused = || draw(&bench, &[]).ok().json()["refused"].as_u64().unwrap();
    let (all, quarter) = (half.len(), half.len() / 2);
    assert_eq!(refused(), all as u64);
    // A store of version 3 knew no word that lifts: what it holds stands.
    let store = duckdb::Connection::open(bench.workspace().join("events.000001.duckdb")).unwrap();
    store
        .execute_batch(
            "ALTER TABLE opt_outs DROP COLUMN stops; UPDATE meta SET value = '3' WHERE name = 'version'",
        )
        .unwrap();
    drop(store);
    assert_eq!(refused(), all as u64);
    let events = bench.path("shop.csv");
    let hear = |text: String| {
        let users = bench.write("later.csv", text);
        let both = [events.to_str().unwrap(), users.to_str().unwrap()];
        bench.run(&["ingest", both[0], "--users", both[1]]).ok();
    };
    // Nothing is said by an empty cell, nor about another channel.
    hear(said("opt_out_mail", "", &half[..quarter]));
    hear(said("opt_out_sms", "no", half));
    assert_eq!(refused(), all as u64);
    hear(said("opt_out_mail", "no", &half[..quarter]));
    assert_eq!(refused(), (all - quarter) as u64);
    hear(said("opt_out", "none", half));
    assert_eq!(refused(), 0);
    hear(said("opt_out_mail", "yes", &half[..quarter]));
    assert_eq!(refused(), quarter as u64);
}

#[test]
fn a_holdout_stands_in_a_file_of_its_own_and_the_seed_decides_who_is_in_it() {
    let (bench, _) = shop(None);
    let arguments = [
        "--segment",
        "1",
        "--where",
        "recency >= 0 AND orders >= 1",
        "--holdout",
        "20%",
        "--seed",
        "7",
    ];
    let found = draw(&bench, &arguments).ok().json();
    let (treated, held) = (
        lines(&bench, "audience.csv"),
        lines(&bench, "audience.holdout.csv"),
    );
    assert_eq!(found["treated"].as_u64().unwrap(), treated.len() as u64);
    let all = (treated.len() + held.len()) as f64;
    assert!((held.len() as f64 - all * 0.2).abs() <= 0.5);
    assert!(treated.iter().all(|user| !held.contains(user)));
    draw(&bench, &arguments).ok();
    assert_eq!(lines(&bench, "audience.holdout.csv"), held);
    for (wrong, code) in [
        (vec!["--holdout", "100%"], 2),
        (vec!["--holdout", "200%"], 2),
        (vec!["--where", "nonsense > 1"], 2),
        (vec!["--where", "1 = 1; DROP TABLE x"], 2),
        (
            vec![
                "--where",
                "1 = (SELECT count(*) FROM read_text('/etc/hostname'))",
            ],
            2,
        ),
        (vec!["--where", "orders > 100000"], 3),
        (vec!["--segment", "99"], 2),
    ] {
        let call = draw(&bench, &wrong);
        assert_eq!(call.code, code, "{wrong:?} {call:?}");
    }
    // Where the file cannot be written, nobody is drawn; who was drawn for a campaign is not drawn for it again.
    let campaigns = || {
        bench
            .run(&["--json", "campaign", "list"])
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len()
    };
    let before = campaigns();
    let missing = bench.path("no/such/folder/x.csv");
    let call = bench.run(&[
        "audience",
        "--segment",
        "2",
        "--out",
        missing.to_str().unwrap(),
    ]);
    assert_eq!((call.code, campaigns()), (1, before), "{call:?}");
    let again = draw(&bench, &["--segment", "1", "--campaign", "1"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.err.contains("already"));
    let none = draw(&bench, &["--segment", "2", "--holdout", "0"]).ok();
    assert!(none.err.contains("nobody is held out"), "{none:?}");
}

#[test]
fn a_list_of_the_shop_gives_the_file_its_ids_in_the_columns_of_the_tool() {
    let (bench, ids) = shop(None);
    let mut list = "customer_id,Email,Phone,First Name,Last Name,Country,Zip\n".to_owned();
    for (at, id) in ids.iter().enumerate().skip(20) {
        list.push_str(&format!(
            "{id}, User{at}@Shop.EXAMPLE ,0171 {:07},Ann,=Lee,de,10115\n",
            1_000_000 + at
        ));
    }
    list.push_str(&format!("{},second@line.example,,,,,\n", ids[30]));
    list.push_str("stranger,who@is.example,,,,,\n");
    let path = bench.write("crm.csv", &list);
    let crm = path.to_str().unwrap();
    let google = draw(
        &bench,
        &["--reidentify", crm, "--preset", "google", "--holdout", "0"],
    )
    .ok();
    let found = google.json();
    let number = |name: &str| found[name].as_u64().unwrap();
    assert_eq!(
        (number("rows"), number("missing"), number("repeated")),
        (ids.len() as u64 - 20, 20, 1)
    );
    let text = std::fs::read_to_string(bench.path("audience.csv")).unwrap();
    assert!(text.starts_with("Email,Phone,First Name,Last Name,Country,Zip\n"));
    let first = text.lines().nth(1).unwrap();
    let cells: Vec<&str> = first.split(',').collect();
    assert!(cells[..4].iter().all(|cell| cell.len() == 64), "{first}");
    assert_eq!(cells[4..], ["DE", "10115"]);
    let mailchimp = draw(
        &bench,
        &[
            "--segment",
            "1",
            "--reidentify",
            crm,
            "--preset",
            "mailchimp",
        ],
    )
    .ok()
    .json();
    let text = std::fs::read_to_string(bench.path("audience.csv")).unwrap();
    let tag = format!("portray-{}", mailchimp["campaign"]);
    assert!(
        text.lines()
            .skip(1)
            .all(|line| line.contains("@shop.example,Ann,'=Lee,") && line.ends_with(&tag)),
        "{text}"
    );
    // No segment's name goes out, and nothing of the list stays here.
    let names = bench.run(&["--json", "segments"]).ok().out;
    assert!(!text.contains("shoppers") && names.contains("shoppers"));
    for (name, bytes) in crate::support::tree(&bench.workspace()) {
        assert!(
            !String::from_utf8_lossy(&bytes)
                .to_lowercase()
                .contains("@shop.example"),
            "{name}"
        );
    }
    let strangers = bench.write("strangers.csv", "user,email\nx1,a@b.example\n");
    let call = draw(&bench, &["--reidentify", strangers.to_str().unwrap()]);
    assert_eq!(call.code, 3, "{call:?}");
    let bare = bench.write("bare.csv", "user,shoe\nx1,42\n");
    let call = draw(
        &bench,
        &["--reidentify", bare.to_str().unwrap(), "--preset", "meta"],
    );
    assert_eq!(call.code, 2, "{call:?}");
}

#[test]
fn an_effect_that_is_there_is_found_with_its_interval_and_peeking_is_warned_about() {
    let (bench, ids) = shop(None);
    let list: String = ids.iter().map(|id| format!("{id}\n")).collect();
    let path = bench.write("crm.csv", format!("user\n{list}"));
    let found = draw(
        &bench,
        &["--holdout", "50%", "--reidentify", path.to_str().unwrap()],
    )
    .ok()
    .json();
    let treated: Vec<String> = lines(&bench, "audience.csv");
    // Of those written to two thirds buy later, of the others one in ten; some events come too early.
    let mut events = "user,time,type,product,price\n".to_owned();
    let is_treated: BTreeSet<&String> = treated.iter().collect();
    for (at, id) in ids.iter().enumerate() {
        events.push_str(&format!("{id},2001-01-01,purchase,p1,99\n"));
        if is_treated.contains(id) && at % 3 != 0 || !is_treated.contains(id) && at % 10 == 0 {
            events.push_str(&format!("{id},2031-02-03,purchase,p1,30\n"));
        }
    }
    let later = bench.write("later.csv", &events);
    let campaign = found["campaign"].to_string();
    let look = |arguments: &[&str]| {
        let mut all = vec![
            "--json",
            "uplift",
            "--campaign",
            &campaign,
            "--events",
            later.to_str().unwrap(),
        ];
        all.extend(arguments);
        bench.run(&all)
    };
    let seen = look(&[]).ok().json();
    let count = |arm: &str| seen["all"][arm]["users"].as_u64().unwrap();
    assert_eq!(count("treated"), treated.len() as u64);
    assert_eq!(
        count("treated") + count("held"),
        found["asked"].as_u64().unwrap()
    );
    assert_eq!(seen["before"].as_u64().unwrap(), ids.len() as u64);
    let effect = &seen["all"]["effect"];
    let of = |name: &str, at: usize| effect[name][at].as_f64().unwrap();
    assert!(
        of("conversion_interval", 0) > 0.3 && of("conversion_interval", 1) < 0.8,
        "{effect}"
    );
    assert!(of("gained_interval", 0) > 0.0 && effect["is_clear"] == true);
    let by_segment: u64 = seen["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["treated"]["users"].as_u64().unwrap())
        .sum();
    assert_eq!(by_segment, count("treated"));
    // The same events again are no new look; later ones are.
    assert_eq!(look(&[]).ok().json()["looks"], 1);
    let more = events + &format!("{},2031-03-01,purchase,p1,30\n", ids[0]);
    std::fs::write(&later, &more).unwrap();
    let again = look(&[]).ok().json();
    assert_eq!(again["looks"], 2);
    assert!(again["notes"].to_string().contains("decide beforehand"));
    // Those who buy under another id, and were said to be the same, count as before.
    let renamed = more.replace(",2031-02-03", "-app,2031-02-03");
    std::fs::write(&later, renamed).unwrap();
    assert_ne!(look(&[]).ok().json()["all"], again["all"]);
    let same: String = ids.iter().map(|id| format!("{id}-app,{id}\n")).collect();
    let same = bench.write("aliases.csv", format!("old,new\n{same}"));
    bench
        .run(&["ingest", "--aliases", same.to_str().unwrap()])
        .ok();
    assert_eq!(look(&[]).ok().json()["all"], again["all"]);
    // One who was written to and another who was not turn out to be one person: it counts for neither.
    let held = ids.iter().find(|id| !is_treated.contains(id)).unwrap();
    let same = bench.write("same.csv", format!("old,new\n{held},{}\n", treated[0]));
    bench
        .run(&["ingest", "--aliases", same.to_str().unwrap()])
        .ok();
    let merged = look(&[]).ok().json();
    for arm in ["treated", "held"] {
        let of = |seen: &serde_json::Value| seen["all"][arm]["users"].as_u64().unwrap();
        assert_eq!(of(&merged), of(&again) - 1, "{arm}");
    }
    assert!(merged["notes"].to_string().contains("count for neither"));
    let none = look(&["--from", "2040-01-01"]);
    assert_eq!(none.code, 3, "{none:?}");
    let call = bench.run(&[
        "uplift",
        "--campaign",
        "77",
        "--events",
        later.to_str().unwrap(),
    ]);
    assert_eq!(call.code, 1, "{call:?}");
}
