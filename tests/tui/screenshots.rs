//! The screenshots in `docs/screens`, taken of the real program on its sample shop: `make screens` takes them anew.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::terminal::Terminal;

/// Longer than any view takes to fill in.
const REST: Duration = Duration::from_millis(1500);

/// A screenshot: its file, what it shows, size, language, and the keys that lead there.
const SHOTS: [(&str, &str, (u16, u16), &str, &[&str]); 7] = [
    (
        "segments",
        "The table of segments with the narrative of the one selected",
        (110, 32),
        "en",
        &["1"],
    ),
    (
        "segment",
        "One segment: facts beside the shop's, text with its marks, charts",
        (150, 44),
        "en",
        &["2", "\t", "jjjjj"],
    ),
    (
        "map",
        "Users in two principal components, a sign for each segment",
        (110, 32),
        "en",
        &["3", "m"],
    ),
    (
        "compare",
        "Two segments side by side",
        (110, 32),
        "en",
        &["4"],
    ),
    (
        "choice",
        "The number of segments: criteria and stability",
        (110, 36),
        "en",
        &["6"],
    ),
    (
        "sql",
        "A query over events and segments",
        (110, 32),
        "en",
        &[
            "9",
            "i",
            "SELECT segment, count(*) AS users, round(avg(distance), 2) AS distance FROM members GROUP BY 1 ORDER BY 1",
            "\r",
        ],
    ),
    (
        "segments-zh",
        "分群表与所选分群的叙述",
        (110, 32),
        "zh",
        &["1"],
    ),
];

#[test]
#[ignore = "writes docs/screens: make screens"]
fn take() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens");
    std::fs::create_dir_all(&folder).unwrap();
    let home = tempfile::tempdir().unwrap();
    for lang in ["en", "zh"] {
        let workspace = workspace(home.path(), lang);
        let made = std::process::Command::new(env!("CARGO_BIN_EXE_portray"))
            .args(["--quiet", "--lang", lang, "demo", "--workspace"])
            .arg(&workspace)
            .env("HOME", home.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    for (name, title, (columns, rows), lang, keys) in SHOTS {
        // A home of its own: no view is remembered from the shot before.
        let own = tempfile::tempdir().unwrap();
        let workspace = workspace(home.path(), lang);
        let mut terminal = Terminal::of_lang(own.path(), &workspace, lang, (columns, rows));
        terminal.quiet(REST);
        for keys in keys {
            terminal.press(keys).quiet(REST);
        }
        std::fs::write(folder.join(format!("{name}.svg")), terminal.drawn(title)).unwrap();
        terminal.press("\x1b\x1bq");
        terminal.end();
    }
}

fn workspace(home: &Path, lang: &str) -> PathBuf {
    home.join(format!("demo-{lang}"))
}
