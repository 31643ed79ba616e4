//! The screenshots in `docs/screens`, taken of the real program on its sample shop: `make screens` takes them anew.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::svg;
use crate::terminal::Terminal;

/// Longer than any view takes to fill in.
const REST: Duration = Duration::from_millis(1500);

/// A screenshot.
struct Shot {
    /// Its file.
    name: &'static str,
    /// What it shows.
    title: &'static str,
    size: (u16, u16),
    lang: &'static str,
    /// The keys that lead there.
    keys: &'static [&'static str],
}

const SHOTS: [Shot; 7] = [
    Shot {
        name: "segments",
        title: "The table of segments with the narrative of the one selected",
        size: (110, 32),
        lang: "en",
        keys: &["1"],
    },
    Shot {
        name: "segment",
        title: "One segment: facts beside the shop's, text with its marks, charts",
        size: (150, 44),
        lang: "en",
        keys: &["2", "\t", "jjjjj"],
    },
    Shot {
        name: "map",
        title: "Users in two principal components, a sign for each segment",
        size: (110, 32),
        lang: "en",
        keys: &["3", "m"],
    },
    Shot {
        name: "compare",
        title: "Two segments side by side",
        size: (110, 32),
        lang: "en",
        keys: &["4"],
    },
    Shot {
        name: "choice",
        title: "The number of segments: criteria and stability",
        size: (110, 36),
        lang: "en",
        keys: &["6"],
    },
    Shot {
        name: "sql",
        title: "A query over events and segments",
        size: (110, 32),
        lang: "en",
        keys: &[
            "9",
            "i",
            "SELECT segment, count(*) AS users, round(avg(distance), 2) AS distance FROM members GROUP BY 1 ORDER BY 1",
            "\r",
        ],
    },
    Shot {
        name: "segments-zh",
        title: "分群表与所选分群的叙述",
        size: (110, 32),
        lang: "zh",
        keys: &["1"],
    },
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
    for shot in SHOTS {
        // A home of its own: no view is remembered from the shot before.
        let own = tempfile::tempdir().unwrap();
        let workspace = workspace(home.path(), shot.lang);
        let mut terminal = Terminal::of_lang(own.path(), &workspace, shot.lang, shot.size);
        terminal.quiet(REST);
        for keys in shot.keys {
            terminal.press(keys).quiet(REST);
        }
        let drawn = terminal.look(|screen| svg::draw(screen, shot.title));
        std::fs::write(folder.join(format!("{}.svg", shot.name)), drawn).unwrap();
        terminal.press("\x1b\x1bq");
        terminal.end();
    }
}

fn workspace(home: &Path, lang: &str) -> PathBuf {
    home.join(format!("demo-{lang}"))
}
