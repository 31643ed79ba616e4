//! Files from strangers, and files that a disk or a transfer changed: an error that names the thing, never a panic.
//!
//! Inputs are random bytes, random texts of the signs that matter, and true files with random changes. `make torture` tries
//! sixty times as many of each as `make test`; what once failed is kept by proptest beside this file and tried first.

// Clippy's leave for tests knows functions marked as tests only, not what they share.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use portray::Kind;
use portray::events::{MapOptions, ShopFile, Sources, preview};
use portray::features::Family;
use portray::narrate::gguf;
use portray::pipeline;
use portray::privacy::Redactor;
use portray::progress::Progress;
use portray::settings::{RunSettings, Settings};
use portray::words::clean;
use proptest::prelude::*;

const CSV: &[u8] =
    b"user_id,event_time,event_type,order_id,product_id,category,price,quantity,query,consent\n\
u1,2025-01-01 10:00:00,view,,p1,lamps,10.00,1,,yes\n\
u2,2025-01-02 21:00:00,search,,,,,,\"red, \"\"lamp\"\"\",yes\n\
u2,2025-02-02 21:02:00,purchase,o1,p2,rugs,\"1.299,50\",1,,no\n";
const JSON: &[u8] = br#"{"user":"u1","event_timestamp":1735725600000000,"event_name":"purchase","items":[{"item_id":"p1","price":9.5,"quantity":2}]}
{"user":"u2","event_timestamp":1735725700000000,"event_name":"view_item","items":[]}
{"user":{"id":null},"event_timestamp":"2025-01-01","event_name":"search","query":"\ud83d\ude00"}
"#;
const SHOP: &[u8] = b"preset = \"generic\"\nzone = \"Europe/London\"\nkeep = [\"age\"]\n[map]\nuser = \"customer\"\ntime = \"ts\"\n[types]\ncheckout = \"purchase\"\n[redact]\ncustomer = \"KD-[0-9]{6}\"\n";
const FAMILY: &[u8] = "-- family: mine\n-- title: Mine | 我的\n-- needs: purchase | view\n-- column: a | unit: money | topic: aov | transform: log1p | missing: median | needs: price | en: A | zh: 甲\nSELECT user_id, 1 AS a FROM sales GROUP BY user_id\n".as_bytes();

/// How many inputs of a kind, of which `make test` tries `few`.
fn cases(few: u32) -> u32 {
    let factor = std::env::var("PORTRAY_TORTURE").ok();
    few * factor.and_then(|factor| factor.parse().ok()).unwrap_or(1)
}

/// A true file with a few random changes: bytes replaced, removed, put in, or the end cut off.
fn changed(true_file: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..6_u8);
    prop::collection::vec(change, 1..8).prop_map(move |changes| {
        let mut bytes = true_file.clone();
        for (place, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match how {
                0 | 1 => bytes[at] = byte,
                2 => bytes[at] ^= 1 << (byte % 8),
                3 => bytes.insert(at, byte),
                4 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

fn any_file(true_file: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => changed(true_file.to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..400),
        1 => "[\\x00-\\x1f,;\"'\\\\{}\\[\\]:=+@|#\\t\\r\\n0-9a-z\u{feff}é中\u{202e}-]{0,200}".prop_map(String::into_bytes),
    ]
}

/// Looks at a file as an import would.
fn look(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let sources = Sources::events(&[path]);
    match preview(&sources, &MapOptions::default(), &Settings::default()) {
        Ok(previews) => {
            // What is shown is safe to show.
            let text = format!(
                "{:?}",
                previews[0]
                    .rows
                    .iter()
                    .map(|row| &row.query)
                    .collect::<Vec<_>>()
            );
            assert!(!text.contains('\u{1b}'), "{text}");
        }
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains(';'), "no mend: {text}");
            assert!(
                matches!(
                    error.kind(),
                    Kind::Failed | Kind::Usage | Kind::Rejected | Kind::Integrity
                ),
                "{text}"
            );
        }
    }
}

/// A bundle as the program writes it.
fn bundle() -> &'static Path {
    static BUNDLE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = BUNDLE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let workspace = folder.path().join("workspace");
        let events = folder.path().join("a.csv");
        let mut text = String::from("user_id,event_time,event_type,product_id,price\n");
        for user in 0..30 {
            for day in 1..6 {
                text += &format!(
                    "u{user},2025-01-{day:02} 08:00:00,purchase,p{},{}.00\n",
                    day % 3,
                    5 + user % 9
                );
            }
        }
        std::fs::write(&events, text).unwrap();
        let settings = Settings::default();
        let silent = Progress::silent();
        pipeline::ingest(
            &workspace,
            &Sources::events(&[events]),
            &MapOptions::default(),
            &settings,
            &silent,
        )
        .unwrap();
        let run = RunSettings {
            k: Some(2),
            ..RunSettings::default()
        };
        let draft = pipeline::segment(&workspace, &run, &settings, &silent).unwrap();
        pipeline::publish(&workspace, draft, &settings).unwrap();
        let path = folder.path().join("a.bundle");
        pipeline::export_bundle(&workspace, None, &path, &settings).unwrap();
        (folder, path)
    });
    path
}

/// The head of the model that comes with the program.
fn model_head() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let model = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "gguf"));
    let mut bytes = model
        .map(|path| std::fs::read(path).unwrap())
        .unwrap_or_default();
    bytes.truncate(4_000);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(96)))]

    #[test]
    fn columns_of_any_text_file(bytes in any_file(CSV), name in prop::sample::select(vec!["a.csv", "a.tsv", "a.txt", "a", "a.csv.gz", "a.csv.zst"])) {
        look(name, &bytes);
    }

    #[test]
    fn any_json_lines(bytes in any_file(JSON)) {
        look("a.jsonl", &bytes);
    }

    #[test]
    fn what_says_to_be_a_workbook_or_parquet(bytes in prop_oneof![any_file(b"PK\x03\x04\x14\0\0\0\x08\0workbook.xml"), any_file(b"PAR1\x15\x04\x15\x10PAR1")],
        name in prop::sample::select(vec!["a.xlsx", "a.xls", "a.ods", "a.parquet"])) {
        look(name, &bytes);
    }

    #[test]
    fn any_shop_file(bytes in any_file(SHOP)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.toml");
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(shop) = ShopFile::load(&path) {
            let mut options = MapOptions::default();
            let _ = shop.add_to(&mut options, &path);
            let _ = Redactor::new(&options.redact);
        }
    }

    #[test]
    fn any_head_of_a_feature_file(bytes in any_file(FAMILY)) {
        let text = String::from_utf8_lossy(&bytes);
        if let Err(error) = Family::parse("mine.sql", &text) {
            prop_assert!(error.to_string().contains("mine.sql"), "{}", error);
        }
    }

    #[test]
    fn any_head_of_a_model(bytes in changed(model_head())) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gguf");
        std::fs::write(&path, &bytes).unwrap();
        let _ = gguf::inspect(&path);
    }

    #[test]
    fn text_for_the_terminal_holds_no_command_to_it(text in any::<String>(), signs in "[\u{1b}\u{9b}\u{7}\r\n\t\\[0-9;mKHJ\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200b}\u{feff}a中]{0,40}") {
        for text in [text, signs] {
            let safe = clean(&text);
            let is_bad = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!safe.contains(is_bad), "{:?}", safe);
            prop_assert_eq!(clean(&safe), safe);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(24)))]

    #[test]
    fn a_changed_bundle_is_refused_and_nothing_is_published(bytes in changed(std::fs::read(bundle()).unwrap())) {
        if bytes == std::fs::read(bundle()).unwrap() {
            return Ok(());
        }
        let folder = tempfile::tempdir().unwrap();
        let (path, workspace) = (folder.path().join("b.bundle"), folder.path().join("workspace"));
        std::fs::write(&path, &bytes).unwrap();
        let taken = pipeline::import_bundle(&workspace, &path, &Settings::default());
        // A change that its reader does not look at (blanks in the first line) may pass; figures are under the hash.
        if let Err(error) = taken {
            prop_assert!(error.to_string().contains("b.bundle"), "{}", error);
            let runs = portray::workspace::Workspace::open(&workspace).unwrap().runs().unwrap();
            prop_assert!(runs.is_empty());
        }
    }
}
