//! Real shop data, quirks and all. Skipped, with a printed reason, where the files are absent.

use crate::support::{Bench, real};

/// Runs the whole job on a file: the report of the ingest and `segments.json`.
fn job(name: &str, arguments: &[&str]) -> Option<(serde_json::Value, serde_json::Value)> {
    let file = real(name)?;
    let bench = Bench::new();
    let mut ingest = vec!["--json", "ingest", file.to_str().unwrap()];
    ingest.extend(arguments);
    let report = bench.run(&ingest).ok().json();
    let out = bench.path("report");
    bench.run(&["run", "--out", out.to_str().unwrap()]).ok();
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("segments.json")).unwrap()).unwrap();
    let count = |key: &str| report["counts"][key].as_u64().unwrap();
    assert_eq!(
        count("rows_read"),
        count("events") + count("duplicates") + count("quarantined")
    );
    for segment in json["segments"].as_array().unwrap() {
        assert!(!segment["facts"].as_array().unwrap().is_empty());
        assert!(!segment["narrative"]["text"].as_str().unwrap().is_empty());
    }
    Some((report, json))
}

fn rows(report: &serde_json::Value) -> u64 {
    report["counts"]["rows_read"].as_u64().unwrap()
}

#[test]
fn online_retail() {
    let Some((report, json)) = job("online_retail.csv.gz", &[]) else {
        return;
    };
    assert_eq!(rows(&report), 541_909);
    assert_eq!(report["counts"]["duplicates"], 5_268);
    // Guests stay events and are in no segment; nine of the 4,372 customers have nothing but postage and bookings.
    assert_eq!(report["without_user"], 135_080);
    assert_eq!(json["run"]["users"], 4_363);
    let sums = &json["reconciliation"];
    let sum = |name: &str| sums[name].as_f64().unwrap();
    let net = sum("gross")
        - sum("tax_and_shipping")
        - sum("discounts")
        - sum("returns")
        - sum("excluded")
        - sum("unattributed");
    assert!((net - sum("net")).abs() < 0.005);
    assert!(sum("unattributed") > 1e6 && sum("unmatched_amount") > 0.0);
    let left_out = sums["left_out"].to_string();
    assert!(left_out.contains("fees") && left_out.contains("unattributed"));
    // A purchase-only file leaves the other families out.
    let facts = json["segments"][0]["facts"].to_string();
    assert!(facts.contains("basket.return_share") && !facts.contains("engagement."));
}

#[test]
fn rees46() {
    let Some((report, json)) = job("rees46_2019-Oct_head.csv.gz", &[]) else {
        return;
    };
    assert_eq!(rows(&report), 17_434);
    assert_eq!(json["run"]["users"], 4_504);
    assert!(report["decisions"][0].as_str().unwrap().contains("rees46"));
}

#[test]
fn taobao() {
    let Some((report, json)) = job(
        "taobao_userbehavior_2h.csv.gz",
        &["--zone", "Asia/Shanghai"],
    ) else {
        return;
    };
    assert_eq!(rows(&report), 96_168);
    assert_eq!(json["run"]["users"], 58_732);
    assert!(report["decisions"][0].as_str().unwrap().contains("taobao"));
}

#[test]
fn retentioneering() {
    let Some((report, json)) = job("retentioneering_ecom.csv.gz", &[]) else {
        return;
    };
    assert_eq!(rows(&report), 31_106);
    assert_eq!(json["run"]["users"], 600);
    assert!(report["unknown_types"].to_string().contains("promo_page"));
}

#[test]
fn ta_feng_keeps_leading_zeros_and_a_protected_column() {
    let Some((report, json)) = job("ta_feng.csv.gz", &["--keep", "AGE_GROUP"]) else {
        return;
    };
    assert_eq!(rows(&report), 817_741);
    assert_eq!(json["run"]["users"], 32_266);
    assert!(
        report["decisions"][0]
            .as_str()
            .unwrap()
            .contains("month/day/year")
    );
    assert!(
        !json["segments"].to_string().contains("AGE_GROUP"),
        "kept for audits, never a fact"
    );
}

#[test]
fn best_buy_searches() {
    let Some((report, json)) = job("bestbuy_search_1k.csv.gz", &[]) else {
        return;
    };
    assert_eq!(rows(&report), 999);
    assert_eq!(json["run"]["users"], 709);
}
