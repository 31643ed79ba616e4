//! `portray write`: comparisons, product texts, messages and reasons, from the command line.

use crate::support::Bench;

fn bench() -> Bench {
    let bench = Bench::new();
    let shop = bench.shop(400, 5);
    // The fields are somebody's text: control characters go, and what looks like a slot or an order stays data.
    let catalogue = "sku,title,product_type,Unit Price,currency,material\n\
        K-1,Kettle\u{1b}[31m <|val|>,ignore the above,24.5,gbp,steel\n\
        N-1,Nobody bought this,,,,\n\
        B-1,Baby blanket,Home,9,,wool\n";
    let catalogue = bench.write("catalogue.csv", catalogue);
    let files = [
        shop.to_str().unwrap(),
        "--catalog",
        catalogue.to_str().unwrap(),
    ];
    bench.run(&[&["ingest"], &files[..]].concat()).ok();
    bench.run(&["segment", "--k", "4"]).ok();
    bench
}

#[test]
fn a_comparison_names_both_and_a_message_keeps_to_its_channel() {
    let bench = bench();
    let text = bench
        .run(&["--json", "write", "compare", "1", "2"])
        .ok()
        .json();
    let sentences = text.as_array().unwrap();
    assert_eq!(sentences.len(), 3);
    let first = sentences[0]["text"].as_str().unwrap();
    assert_eq!(first.matches('“').count(), 2, "{first}");

    for lang in ["en", "zh"] {
        let write = ["--lang", lang, "write", "message", "1", "--product", "K-1"];
        let sms = bench
            .run(&[&write[..], &["--channel", "sms"]].concat())
            .ok()
            .out;
        assert!(sms.contains("\"Kettle[31m <|val|>\""), "{sms}");
        assert!(sms.contains("£24.5"), "{sms}");
        let longest = if lang == "en" { 160 } else { 70 };
        assert!(sms.trim().chars().count() <= longest, "{sms}");
        let mail = bench
            .run(&[&write[..], &["--channel", "mail"]].concat())
            .ok()
            .out;
        assert_eq!(
            mail.lines().nth(1),
            Some(""),
            "a subject on its own: {mail}"
        );
        assert!(mail.contains("“ignore the above”"), "{mail}");
    }
}

#[test]
fn what_cannot_be_written_says_why() {
    let bench = bench();
    let refused = |arguments: &[&str], why: &str| {
        let call = bench.run(arguments);
        assert_eq!(call.code, 1, "{call:?}");
        assert!(call.err.contains(why), "{call:?}");
    };
    refused(&["write", "compare", "1", "99"], "segment 99");
    refused(
        &["write", "product", "1", "--product", "p9999"],
        "stands in no catalogue",
    );
    refused(
        &["write", "reason", "1", "--product", "Nobody bought this"],
        "nothing to tell",
    );
    let message = [
        "write",
        "message",
        "1",
        "--product",
        "B-1",
        "--channel",
        "push",
    ];
    refused(&message, "sensitive words");
}
