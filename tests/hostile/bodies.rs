//! What each kind of hostile input is put through: the bodies of the fuzz targets in `fuzz/`, of the property tests beside
//! this file, and of the replay of everything that the fuzzer ever kept.
//!
//! A body takes any bytes and panics where a promise is broken; most promise no more than an answer without a panic.

use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

use portray::Kind;
use portray::events::{MapOptions, ShopFile, Sources, preview};
use portray::export::cell;
use portray::features::Family;
use portray::narrate::checker::{Claim, Claims, check, check_shown, is_open};
use portray::narrate::codes::{CODES, Direction, Measure, Slot, Topic};
use portray::narrate::gguf;
use portray::narrate::ledger::{Judge, Shop};
use portray::narrate::lexicon::Looks;
use portray::narrate::slots::{Filling, fill, quoted};
use portray::pipeline;
use portray::privacy::Redactor;
use portray::progress::Progress;
use portray::queries::{read, read_own};
use portray::records::{Fact, Segment};
use portray::settings::{RunSettings, Settings};
use portray::tui::Preferences;
use portray::words::{Lang, clean};
use sha2::{Digest, Sha256};

/// A body.
pub type Body = fn(&[u8]);

/// Every body under the name of its fuzz target.
pub const BODIES: [(&str, Body); 10] = [
    ("table", table),
    ("json_lines", json_lines),
    ("workbook", workbook),
    ("settings", settings),
    ("queries", queries),
    ("model_file", model_file),
    ("bundle", bundle),
    ("checker", checker),
    ("slots", slots),
    ("terminal_text", terminal_text),
];

/// The first byte chooses among these, the rest is the input.
fn chosen<'a, T: Copy>(bytes: &'a [u8], of: &[T]) -> (T, &'a [u8]) {
    match bytes.split_first() {
        Some((first, rest)) => (of[usize::from(*first) % of.len()], rest),
        None => (of[0], bytes),
    }
}

/// Tables of text, compressed ones too, as an import looks at them.
pub fn table(bytes: &[u8]) {
    let (name, bytes) = chosen(
        bytes,
        &["a.csv", "a.tsv", "a.txt", "a", "a.csv.gz", "a.csv.zst"],
    );
    look(name, bytes);
}

/// Lines of JSON, as an import looks at them.
pub fn json_lines(bytes: &[u8]) {
    look("a.jsonl", bytes);
}

/// What says to be a workbook or Parquet, as an import looks at it.
pub fn workbook(bytes: &[u8]) {
    let (name, bytes) = chosen(bytes, &["a.xlsx", "a.xls", "a.ods", "a.parquet"]);
    look(name, bytes);
}

fn look(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let sources = Sources::events(&[path]);
    match preview(&sources, &MapOptions::default(), &Settings::default()) {
        Ok(previews) => {
            assert_eq!(previews.len(), 1);
            if let Some(lacks) = &previews[0].lacks {
                assert!(lacks.to_string().contains(';'), "no mend: {lacks}");
            }
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

/// A shop's file for its mapping with own masks, and a person's settings of the screen.
pub fn settings(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.toml");
    std::fs::write(&path, bytes).unwrap();
    if let Ok(shop) = ShopFile::load(&path) {
        let mut options = MapOptions::default();
        let _ = shop.add_to(&mut options, &path);
        let _ = Redactor::new(&options.redact);
    }
    if let Err(why) = Preferences::parse(&String::from_utf8_lossy(bytes)) {
        assert!(!why.is_empty());
    }
}

/// A feature family that an analyst wrote, and what is typed at the SQL prompt.
pub fn queries(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = Family::parse("mine.sql", &text) {
        assert!(error.to_string().contains("mine.sql"), "{error}");
    }
    if let Err(error) = read_own("mine.sql", &text) {
        assert!(error.to_string().contains("mine.sql"), "{error}");
    }
    let _ = read(&text);
}

/// The head of a model's file.
pub fn model_file(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gguf");
    std::fs::write(&path, bytes).unwrap();
    let _ = gguf::inspect(&path);
}

/// A run in one file, from a stranger: first as the bytes are, then with a right hash before them, as one who wants to do
/// harm would make it. What is taken in can be read, and its users found in it.
pub fn bundle(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.bundle");
    let workspace = folder.path().join("workspace");
    for bytes in [bytes.to_vec(), signed(bytes)] {
        std::fs::write(&file, bytes).unwrap();
        match pipeline::import_bundle(&workspace, &file, &Settings::default()) {
            Ok(taken) => {
                let run = pipeline::find_run(&workspace, Some(taken.run), Lang::En).unwrap();
                assert_eq!(run.id, taken.run);
                let again = folder.path().join("again.bundle");
                let _ =
                    pipeline::export_bundle(&workspace, Some(run.id), &again, &Settings::default());
                let _ = std::fs::remove_file(again);
            }
            Err(error) => assert!(error.to_string().contains(';'), "no mend: {error}"),
        }
    }
}

/// A bundle whose content is these bytes.
pub fn signed(content: &[u8]) -> Vec<u8> {
    let frame = zstd::encode_all(content, 1).unwrap();
    let hash: String = Sha256::digest(&frame)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let header = serde_json::json!({
        "format": "portray.bundle/1",
        "version": "0.1.0",
        "sha256": hash,
        "bytes": frame.len(),
        "key_check": "",
    });
    [format!("{header}\n").as_bytes(), &frame].concat()
}

/// A bundle as the program writes it.
pub fn true_bundle() -> &'static Path {
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
        let sources = Sources::events(&[events]);
        pipeline::ingest(
            &workspace,
            &sources,
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

/// The segments of `tests/claims`.
static SEGMENTS: LazyLock<Vec<Segment>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../claims/sheets.json")).unwrap());

/// A sentence with open slots, as the model writes them, and a text as a person edits it.
pub fn checker(bytes: &[u8]) {
    let (lang, bytes) = chosen(bytes, &[Lang::En, Lang::Zh]);
    let (direction, bytes) = chosen(bytes, &Direction::ALL);
    let (measure, bytes) = chosen(bytes, &[Measure::Median, Measure::Mean, Measure::Exact]);
    let topics: Vec<&'static Topic> = CODES.topics().collect();
    let (topic, bytes) = chosen(bytes, &topics);
    let (other, bytes) = chosen(bytes, &topics);
    let (segment, bytes) = chosen(bytes, &SEGMENTS.iter().collect::<Vec<_>>());
    let text = String::from_utf8_lossy(bytes);
    let claim = |topic| Claim {
        topic,
        direction,
        measure,
        looks: Looks::Known,
    };
    let (one, two) = (claim(topic), claim(other));
    for claims in [
        Claims::One(one),
        Claims::Two(one, two),
        Claims::Headline(vec![one.fact(), two.fact()]),
        Claims::Compared(one, true),
    ] {
        let complaints = check(text.trim(), &claims, Some(two.fact()), lang);
        // What passes as a whole was open at each word on the way: else the engine could never have written it.
        if complaints.is_empty() {
            assert!(
                is_open(text.trim(), &claims, Some(two.fact()), lang),
                "{text:?}"
            );
        }
        let _ = is_open(&text, &claims, None, lang);
    }
    let facts: Vec<&Fact> = segment.facts.iter().take(3).collect();
    let _ = check_shown(&text, &facts, Some("GBP"), lang);
    let shop = Shop {
        segments: SEGMENTS.len(),
        currency: Some("GBP"),
        lang,
    };
    let judged = Judge::new(segment, shop).judge(&text);
    // Nothing of the text goes unjudged.
    let told: usize = judged.iter().map(|sentence| letters(&sentence.text)).sum();
    assert_eq!(told, letters(&text), "{text:?}");
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// A template, and after a line break a name out of the data that goes into it.
pub fn slots(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (template, name) = text.split_once('\n').unwrap_or((&text, &text));
    for lang in [Lang::En, Lang::Zh] {
        let name = quoted(name, lang);
        assert!(!name.contains(acts), "{name:?}");
        // One pair of marks, the outer: a name can't end its own quotation.
        assert_eq!(
            name.matches(['“', '”']).count(),
            if name.starts_with('“') { 2 } else { 0 },
            "{name:?}"
        );
        let fillings = [Slot::Val, Slot::Name].map(|slot| Filling {
            slot,
            text: name.clone(),
            fact: "a".to_owned(),
        });
        let filled = fill(template, &fillings);
        // A name is not read again as a template.
        if template.is_empty() {
            assert_eq!(filled, "");
        }
        if template == "<|name|>" {
            assert_eq!(filled, name);
        }
    }
}

/// A text out of the data, before it goes to the terminal or into a cell of a CSV file.
pub fn terminal_text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let safe = clean(&text);
    assert!(!safe.contains(acts), "{safe:?}");
    assert_eq!(clean(&safe), safe);
    let cell = cell(&text);
    assert!(!cell.contains(acts), "{cell:?}");
    assert!(
        !cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']),
        "{cell:?}"
    );
    let (masked, _) = Redactor::default().redact(&text);
    let (again, more) = Redactor::default().redact(&masked);
    assert_eq!(
        (again.as_ref(), more.total()),
        (masked.as_ref(), 0),
        "{text:?}"
    );
}

/// Whether a terminal does something on this character besides showing it.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
