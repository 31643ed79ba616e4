//! `portray text`: versions, edits with their ledger, and what `narrate` leaves alone.

use crate::support::Bench;

fn bench() -> Bench {
    let bench = Bench::new();
    let shop = bench.shop(300, 7);
    bench.run(&["ingest", shop.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    bench.run(&["narrate", "--samples", "3"]).ok();
    bench
}

#[test]
fn an_edit_is_judged_shown_as_edited_and_never_overwritten() {
    let bench = bench();
    let users = bench.run(&["--json", "show", "1"]).ok().json()["users"].clone();
    let text =
        format!("The segment has {users} customers.\nThey are young mothers who love luxury.");
    let file = bench.write("mine.txt", &text);
    let edited = bench
        .run(&["--json", "text", "edit", "1", file.to_str().unwrap()])
        .ok()
        .json();
    assert_eq!(edited["status"], "edited");
    assert_eq!(edited["sentences"][0]["verdict"], "supported", "{edited}");
    assert_eq!(edited["sentences"][1]["verdict"], "unsupported", "{edited}");
    let shown = bench.run(&["show", "1"]).ok().out;
    assert!(shown.contains("edited by hand"), "{shown}");
    assert!(
        shown.contains("not borne out by the facts: They are young"),
        "{shown}"
    );

    // A doubt is accepted by name only; then nothing replaces the text, in the export neither.
    let refused = bench.run(&["text", "accept", "1"]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("--with-doubts"), "{}", refused.err);
    bench.run(&["text", "accept", "1", "--with-doubts"]).ok();
    bench.run(&["narrate", "--seed", "9"]).ok();
    assert_eq!(bench.run(&["text", "pick", "1", "1"]).code, 1);
    let out = bench.path("out");
    bench.run(&["export", "--out", out.to_str().unwrap()]).ok();
    // A replay makes the rest again, and leaves the person's text out of it.
    bench.run(&["replay", "1"]).ok();
    let report = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(report.contains("young mothers"), "kept");
    assert!(report.contains("Not borne out by the facts:"), "and marked");
}

#[test]
fn versions_are_listed_and_picked_and_the_pick_stays() {
    let bench = bench();
    let versions = bench.run(&["--json", "text", "versions", "2"]).ok().json();
    let versions = versions.as_array().unwrap();
    assert_eq!(versions.len(), 3);
    let last = versions.last().unwrap();
    let number = last["number"].to_string();
    let picked = bench
        .run(&["--json", "text", "pick", "2", &number])
        .ok()
        .json();
    assert_eq!(picked["sentences"], last["sentences"]);
    bench.run(&["text", "accept", "2"]).ok();
    bench.run(&["narrate", "--seed", "9"]).ok();
    let shown = bench.run(&["--json", "show", "2"]).ok().json();
    assert_eq!(shown["narrative"]["text"], picked["text"]);
    bench.run(&["text", "reopen", "2"]).ok();
    bench.run(&["narrate", "--seed", "9"]).ok();
    let shown = bench.run(&["--json", "show", "2"]).ok().json();
    assert_ne!(shown["narrative"]["text"], picked["text"]);
}

/// Purchases alone: some buy many products of many categories, some a few.
fn purchases() -> String {
    let mut file =
        String::from("user_id,event_time,event_type,product_id,category,price,quantity\n");
    for user in 0..300u32 {
        let (times, width) = if user % 3 == 0 { (12, 9) } else { (2, 2) };
        for time in 0..times {
            let product = (user + time * 7) % (width * 5);
            file += &format!(
                "u{user},2025-{:02}-{:02} {:02}:10:00,purchase,p{product},c{},{}.00,{}\n",
                1 + time % 12,
                1 + (user * 3 + time) % 28,
                9 + (user + time) % 12,
                product % width,
                5 + product * 3,
                1 + user % 4,
            );
        }
    }
    file
}

#[test]
fn nobody_is_said_to_have_looked_at_anything_where_the_data_has_no_views() {
    let bench = Bench::new();
    let file = bench.write("shop.csv", purchases());
    bench.run(&["ingest", file.to_str().unwrap()]).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    for (lang, looking) in [
        ("en", &["look", "view", "brows", "bought or", "buy or"][..]),
        ("zh", &["看过", "浏览", "逛"][..]),
    ] {
        let mut told = 0;
        for seed in ["1", "2"] {
            bench.run(&["narrate", "--lang", lang, "--seed", seed]).ok();
            for segment in ["1", "2", "3"] {
                let shown = bench.run(&["--json", "show", segment]).ok().json();
                for version in shown["narrative"]["versions"].as_array().unwrap() {
                    let text = version["sentences"].to_string();
                    for word in looking {
                        assert!(!text.contains(word), "{lang}: “{word}” in {text}");
                    }
                    told += usize::from(text.contains("breadth.products"));
                }
            }
        }
        assert!(told > 0, "{lang}: no text tells of products");
    }
}

#[test]
fn any_text_is_checked_from_a_file_or_a_pipe_and_bad_ones_name_the_mend() {
    let bench = bench();
    let file = bench.write("claims.txt", "他们都是爱奢侈品的年轻妈妈。");
    let file = file.to_str().unwrap();
    let ledger = bench
        .run(&["--lang", "zh", "--json", "text", "check", "1", file])
        .ok()
        .json();
    assert_eq!(ledger[0]["verdict"], "unsupported");
    assert!(!ledger[0]["why"].as_array().unwrap().is_empty());

    let shown = bench.run(&["text", "check", "1"]).ok().out;
    assert!(shown.contains("supported"), "{shown}");
    let latin = bench.write("latin.txt", b"caf\xe9 is theirs.");
    for (arguments, mend) in [
        (vec!["text", "edit", "1", latin.to_str().unwrap()], "UTF-8"),
        (vec!["text", "edit", "99", file], "segments"),
        (vec!["text", "pick", "1", "77"], "versions"),
        (vec!["text", "check", "1", "/nowhere/text"], "/nowhere/text"),
    ] {
        let call = bench.run(&arguments);
        assert_ne!(call.code, 0, "{arguments:?}");
        assert!(call.err.contains(mend), "{arguments:?}: {}", call.err);
    }
}
