//! The export of 50,000 assignments, whole and format by format, to a folder on the disk.

use divan::Bencher;
use portray::export::{Assignment, Choice, Format, write};
use portray::progress::Progress;
use portray::records::{Input, Run};
use portray::words::Lang;

fn main() {
    divan::main();
}

fn run() -> Run {
    Run {
        id: 1,
        created_at: "2026-01-01T00:00:00Z".into(),
        seed: 42,
        k: 8,
        users: 50_000,
        silhouette: Some(0.3),
        inertia: 1.0,
        currency: None,
        input: Input::default(),
        reconciliation: None,
        rules: None,
        week: Vec::new(),
        cohorts: Vec::new(),
        candidates: Vec::new(),
        evidence: portray::records::Evidence::default(),
        notes: Vec::new(),
        recipe: serde_json::json!({}),
        seconds: std::collections::BTreeMap::new(),
        segments: Vec::new(),
    }
}

fn assignments() -> Vec<Assignment> {
    let user = |i: u32| format!("user{:012}", i.wrapping_mul(2_654_435_761));
    let one = |i: u32| Assignment {
        user: user(i),
        segment: i % 8 + 1,
        distance: Some(f64::from(i % 997) / 7.0),
        previous: None,
        probability: Some(0.9),
        next: Some(2),
        margin: Some(1.0),
    };
    (0..50_000).map(one).collect()
}

fn export(bencher: Bencher, formats: &[Format]) {
    let (run, assignments) = (run(), assignments());
    let manifest = serde_json::json!({});
    bencher
        .with_inputs(tempfile::tempdir)
        .bench_local_values(|home| {
            let home = home.expect("a temporary folder");
            let out = home.path().join("out");
            let done = write(
                &run,
                &assignments,
                &manifest,
                &Choice {
                    formats,
                    lang: Lang::En,
                    bom: false,
                    if_changed: false,
                    plan: None,
                },
                &out,
                &Progress::silent(),
            );
            done.expect("an export");
        });
}

#[divan::bench(sample_count = 10)]
fn csv(bencher: Bencher) {
    export(bencher, &[Format::Csv]);
}

#[divan::bench(sample_count = 10)]
fn parquet(bencher: Bencher) {
    export(bencher, &[Format::Parquet]);
}

#[divan::bench(sample_count = 10)]
fn everything(bencher: Bencher) {
    export(bencher, &Format::ALL);
}
