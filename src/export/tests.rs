use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, OnceLock};

use duckdb::Connection;

use super::*;
use crate::error::Kind;
use crate::progress::Update;
use crate::records::{
    Candidate, Cohort, Fact, Input, Narrative, NarrativeStatus, Reconciliation, Segment,
    SegmentKind,
};
use crate::words::{Both, Unit};

const HOSTILE: &str = "=cmd()|<b>x</b>\nrow two \u{202e}evil\u{1b}[2J";

fn fact(id: &str, value: crate::records::Value, unit: Unit) -> Fact {
    Fact {
        others: None,
        nearest: None,
        before: None,
        id: id.into(),
        label: Both::new("average order value", "客单价"),
        value,
        unit,
        population: Some(crate::records::Value::Number(30.0)),
        difference: Some(0.812_345_678),
        support: 1200,
        topic: None,
        source: "features/basket.sql".into(),
    }
}

fn run() -> Run {
    let segment = |id, kind, users: u64, facts, narrative| Segment {
        nearest: None,
        previous: None,
        withheld: Vec::new(),
        given_name: None,
        tags: Vec::new(),
        note: None,
        charts: crate::records::Charts::default(),
        standing: crate::records::Standing::default(),
        id,
        kind,
        name: Both::new(
            format!("Group {id} {HOSTILE}"),
            format!("群 {id} {HOSTILE}"),
        ),
        users,
        share: users as f64 / 3.0,
        facts,
        narrative,
    };
    let facts = vec![
        fact(
            "basket.aov.median",
            crate::records::Value::Number(45.5),
            Unit::Money,
        ),
        fact(
            "product.1",
            crate::records::Value::Text(HOSTILE.into()),
            Unit::Name,
        ),
    ];
    let narrative = Narrative {
        lang: Lang::En,
        text: "They spend $45.50 & more.".into(),
        status: NarrativeStatus::Checked,
        samples: 4,
        sentences: Vec::new(),
        suggestion: None,
        headline: None,
        versions: Vec::new(),
        is_accepted: false,
    };
    Run {
        id: 77,
        created_at: "2026-01-02T03:04:05Z".into(),
        seed: 42,
        k: 1,
        users: 3,
        silhouette: None,
        inertia: 1.0 / 3.0,
        currency: Some("USD".into()),
        reconciliation: Some(Reconciliation {
            last_day: "2025-12-31".into(),
            ..Reconciliation::default()
        }),
        input: Input {
            rows_read: 10,
            events: 7,
            duplicates: 2,
            quarantined: 1,
        },
        candidates: vec![Candidate {
            k: 1,
            silhouette: None,
            inertia: 1.0 / 3.0,
            ..Candidate::default()
        }],
        evidence: crate::records::Evidence::default(),
        rules: None,
        week: Vec::new(),
        cohorts: vec![Cohort {
            month: "2025-11".into(),
            users: 40,
            again: vec![Some(10), None],
        }],
        notes: vec!["no searches in the data".into()],
        recipe: json!({}),
        seconds: BTreeMap::new(),
        segments: vec![
            segment(1, SegmentKind::Cluster, 2, facts, Some(narrative)),
            segment(2, SegmentKind::Inactive, 1, Vec::new(), None),
        ],
    }
}

fn assignments() -> Vec<Assignment> {
    let one = |user: &str, segment, distance| Assignment {
        user: user.into(),
        segment,
        distance,
        previous: (segment == 1).then_some(2),
        probability: distance.map(|distance: f64| 1.0 - distance / 7.0),
        next: distance.map(|_| 3),
        margin: distance.map(|distance| 1.5 - distance),
    };
    vec![
        one("b2", 1, Some(2.0 / 3.0)),
        one("=cmd()|,\"", 1, Some(0.0)),
        one("a7", 2, None),
    ]
}

fn export(out: &Path, formats: &[Format], lang: Lang) -> Result<Vec<PathBuf>> {
    write(
        &run(),
        &assignments(),
        &json!({"version": "1"}),
        &Choice {
            formats,
            lang,
            bom: false,
            if_changed: false,
            plan: None,
        },
        out,
        &Progress::silent(),
    )
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_new_folder_holds_all_formats_and_nothing_else_is_left_beside_it() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("deep/report");
    let files = export(&out, &[], Lang::En).unwrap();
    let wanted = [
        "assignments.csv",
        "assignments.parquet",
        "facts.csv",
        "manifest.json",
        "report.html",
        "report.md",
        "segments.json",
    ];
    assert_eq!(names(&out), wanted);
    assert_eq!(names(&home.path().join("deep")), ["report"]);
    assert!(files.len() == 7 && files.iter().all(|file| file.is_file()));
}

#[test]
fn the_same_run_gives_the_same_bytes_whatever_its_time_and_in_what_people_read_its_number() {
    let home = tempfile::tempdir().unwrap();
    let (one, two) = (home.path().join("one"), home.path().join("two"));
    export(&one, &[], Lang::Zh).unwrap();
    let again = Run {
        id: 78,
        created_at: "2027-01-01T00:00:00Z".into(),
        ..run()
    };
    write(
        &again,
        &assignments(),
        &json!({}),
        &Choice {
            formats: &[],
            lang: Lang::Zh,
            bom: false,
            if_changed: false,
            plan: None,
        },
        &two,
        &Progress::silent(),
    )
    .unwrap();
    // The tables carry the number of the run, so that those of many runs can be put together.
    for format in [Format::Json, Format::Md] {
        let read = |folder: &Path| fs::read(folder.join(format.file())).unwrap();
        assert!(read(&one) == read(&two), "{} differs", format.file());
    }
}

#[test]
fn segments_json_has_the_promised_keys() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    export(&out, &[Format::Json], Lang::Zh).unwrap();
    let bytes = fs::read_to_string(out.join("segments.json")).unwrap();
    assert!(
        !bytes.contains(['\u{202e}', '\u{1b}']),
        "a character that acts on a terminal"
    );
    let json: Value = serde_json::from_str(&bytes).unwrap();
    assert_eq!(json["schema"], "portray.segments/1");
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&json)[..],
        [
            "schema",
            "lang",
            "run",
            "input",
            "reconciliation",
            "cohorts",
            "campaign",
            "segments"
        ]
    );
    assert_eq!(
        keys(&json["run"])[..5],
        ["seed", "k", "users", "silhouette", "inertia"]
    );
    assert_eq!(
        json["input"],
        json!({"rows_read": 10, "events": 7, "duplicates": 2, "quarantined": 1})
    );
    let segments = json["segments"].as_array().unwrap();
    assert_eq!(
        keys(&segments[0])[..],
        [
            "id",
            "kind",
            "name",
            "given_name",
            "tags",
            "note",
            "users",
            "share",
            "nearest",
            "previous",
            "recovery",
            "weak",
            "rules",
            "withheld",
            "facts",
            "narrative"
        ]
    );
    assert_eq!(
        (&segments[0]["kind"], &segments[1]["kind"]),
        (&json!("cluster"), &json!("inactive"))
    );
    assert_eq!(
        keys(&segments[0]["facts"][0])[..6],
        ["id", "label", "value", "unit", "population", "difference"]
    );
    assert_eq!(segments[0]["facts"][0]["label"], "客单价");
    assert_eq!(
        segments[0]["facts"][1]["value"], HOSTILE,
        "the name must be told as it is"
    );
    assert_eq!(
        keys(&segments[0]["narrative"])[..4],
        ["lang", "text", "status", "samples"]
    );
    assert_eq!(segments[0]["narrative"]["status"], "checked");
    assert!(segments[1]["narrative"].is_null());
}

#[test]
fn csv_and_parquet_tell_the_same_in_the_same_order() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("it's \"out\"; --");
    export(&out, &[Format::Csv, Format::Parquet], Lang::En).unwrap();
    let mut reader = csv::Reader::from_path(out.join("assignments.csv")).unwrap();
    let heads: Vec<_> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        heads,
        [
            "user",
            "segment",
            "distance",
            "run",
            "as_of",
            "segment_name",
            "previous_segment",
            "probability",
            "next_segment",
            "margin"
        ]
    );
    let cells: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let name = &cells[0][5];
    assert!(
        name.starts_with("Group 1") && !name.contains(['\u{1b}', '\u{202e}', '\n']),
        "{name}"
    );
    let told: Vec<_> = cells
        .iter()
        .map(|row| {
            [
                &row[0], &row[1], &row[2], &row[3], &row[4], &row[6], &row[7], &row[8], &row[9],
            ]
            .map(String::as_str)
        })
        .collect();
    assert_eq!(
        told,
        [
            [
                "b2",
                "1",
                "0.666667",
                "77",
                "2025-12-31",
                "2",
                "0.904762",
                "3",
                "0.833333"
            ],
            [
                "'=cmd()|,\"",
                "1",
                "0.000000",
                "77",
                "2025-12-31",
                "2",
                "1.000000",
                "3",
                "1.500000"
            ],
            ["a7", "2", "", "77", "2025-12-31", "", "", "", ""],
        ]
    );
    let db = Connection::open_in_memory().unwrap();
    let path = out.join("assignments.parquet");
    let mut rows = db
        .prepare("SELECT \"user\", segment, distance, previous_segment, probability, next_segment, margin FROM read_parquet(?) WHERE run = 77")
        .unwrap();
    let rows = rows.query_map([path.to_str().unwrap()], |row| {
        Ok(Assignment {
            user: row.get(0)?,
            segment: row.get(1)?,
            distance: row.get(2)?,
            previous: row.get(3)?,
            probability: row.get(4)?,
            next: row.get(5)?,
            margin: row.get(6)?,
        })
    });
    let rows: Vec<_> = rows.unwrap().map(std::result::Result::unwrap).collect();
    let wanted: Vec<_> = assignments()
        .into_iter()
        .map(|row| Assignment {
            distance: rounded(row.distance),
            probability: rounded(row.probability),
            margin: rounded(row.margin),
            ..row
        })
        .collect();
    assert_eq!(rows, wanted);
}

#[test]
fn the_report_shows_names_as_plain_text_on_one_line() {
    for lang in [Lang::En, Lang::Zh] {
        let report = report::text(&run(), None, lang);
        assert!(!report.contains(['\u{202e}', '\u{1b}', '<']), "{report}");
        let line = report
            .lines()
            .find(|line| line.contains("客单价") || line.contains("order value"));
        assert!(line.unwrap().contains(r"\$45.5"), "{report}");
        let named = report
            .lines()
            .find(|line| line.contains("=cmd()") && line.contains("1200"))
            .unwrap();
        assert!(
            named.contains(r"\|&lt;b&gt;x&lt;/b&gt; row two evil\[2J"),
            "{named}"
        );
        assert_eq!(named.replace(r"\|", "").matches('|').count(), 10, "{named}");
    }
    assert!(report::text(&run(), None, Lang::Zh).starts_with("# 客户分群\n"));
}

#[test]
fn the_page_tells_what_the_report_does_and_nothing_of_the_data_is_markup() {
    for lang in [Lang::En, Lang::Zh] {
        let page = page::text(&run(), None, lang);
        assert!(!page.contains("<b>") && !page.contains("<script") && !page.contains("<img"));
        assert!(!page.contains(['\u{202e}', '\u{1b}', '\u{2}']), "{page}");
        assert!(page.contains("&lt;b&gt;x&lt;/b&gt;"));
        // Nothing is asked for from elsewhere: the one address is the name of SVG.
        let rest = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!rest.contains("http://") && !rest.contains("https://") && !rest.contains("url("));
        let (open, shut) = (
            page.matches("<figure>").count(),
            page.matches("</figure>").count(),
        );
        assert!(open >= 1 && open == shut);
        for fact in &run().segments[0].facts {
            assert!(page.contains(fact.label.get(lang)), "{}", fact.id);
        }
        assert!(page.contains(if lang == Lang::En {
            "lang=\"en\""
        } else {
            "lang=\"zh-Hans\""
        }));
    }
}

#[test]
fn the_manifest_keeps_the_callers_words_and_adds_what_was_written() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    export(&out, &[Format::Csv], Lang::En).unwrap();
    let manifest: Value = serde_json::from_slice(&fs::read(out.join(MANIFEST)).unwrap()).unwrap();
    assert_eq!(
        (&manifest["program"], &manifest["version"]),
        (&json!("portray"), &json!("1"))
    );
    let csv = fs::read(out.join("assignments.csv")).unwrap();
    let hash = Sha256::digest(&csv)
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!(
        manifest["files"],
        json!({"assignments.csv": {"bytes": csv.len(), "sha256": hash}})
    );
}

#[test]
fn a_folder_of_someone_else_is_refused_and_untouched() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("mine");
    fs::create_dir(&out).unwrap();
    for manifest in [None, Some("{\"program\": \"other\"}"), Some("no json")] {
        fs::write(out.join("notes.txt"), "keep me").unwrap();
        if let Some(manifest) = manifest {
            fs::write(out.join(MANIFEST), manifest).unwrap();
        }
        let before = names(&out);
        let error = export(&out, &[], Lang::En).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.to_string().contains("mine"), "{error}");
        assert_eq!(names(&out), before);
        assert_eq!(
            fs::read_to_string(out.join("notes.txt")).unwrap(),
            "keep me"
        );
        assert_eq!(names(home.path()), ["mine"]);
    }
}

#[test]
fn a_file_and_a_folder_below_a_file_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "x").unwrap();
    assert_eq!(
        export(&file, &[], Lang::En).unwrap_err().kind(),
        Kind::Usage
    );
    assert!(export(&file.join("out"), &[], Lang::En).is_err());
    assert!(export(Path::new("/"), &[], Lang::En).is_err());
    assert_eq!(fs::read_to_string(&file).unwrap(), "x");
}

#[test]
fn an_own_folder_is_exchanged_whole_and_an_empty_one_filled() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    fs::create_dir(&out).unwrap();
    export(&out, &[], Lang::En).unwrap();
    export(&out, &[Format::Csv], Lang::En).unwrap();
    assert_eq!(names(&out), ["assignments.csv", "manifest.json"]);
    assert_eq!(names(home.path()), ["out"]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_what_it_points_to_is_exchanged() {
    let home = tempfile::tempdir().unwrap();
    let (real, link) = (home.path().join("real"), home.path().join("link"));
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    export(&link, &[Format::Csv], Lang::En).unwrap();
    assert!(link.is_symlink() && real.join("assignments.csv").is_file());
}

#[test]
fn an_export_stopped_at_any_file_leaves_the_old_folder_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    export(&out, &[Format::Csv], Lang::En).unwrap();
    let before = fs::read(out.join(MANIFEST)).unwrap();
    for stop in 1..=4 {
        let own: Arc<OnceLock<Progress>> = Arc::default();
        let seen = Arc::clone(&own);
        let progress = Progress::new(move |update| {
            if update == Update::Done(stop) {
                seen.get().unwrap().cancel();
            }
        });
        own.set(progress.clone()).ok().unwrap();
        let ended = write(
            &run(),
            &assignments(),
            &json!({}),
            &Choice {
                formats: &[],
                lang: Lang::En,
                bom: false,
                if_changed: false,
                plan: None,
            },
            &out,
            &progress,
        );
        assert!(
            matches!(ended, Err(Error::Cancelled)),
            "stop after file {stop}"
        );
        assert_eq!(names(&out), ["assignments.csv", "manifest.json"]);
        assert_eq!(fs::read(out.join(MANIFEST)).unwrap(), before);
        assert_eq!(names(home.path()), ["out"]);
    }
}
