//! `docs/keys.md` says what the table of bindings says. `PORTRAY_WRITE_DOCS=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use portray::tui::{At, BINDINGS, Binding, Keymap, VIEWS};
use portray::words::Lang;

const HEAD: &str = "\
# Keys and settings of the terminal UI

Made from the table of bindings in `src/tui/keys/table.rs` by `PORTRAY_WRITE_DOCS=1 cargo test --test tui docs`; `?` shows the keys of a view, `:` finds any action by its words, `Esc` goes back. The mouse clicks and scrolls; `^O` leaves it to the terminal, which then selects text.

## Settings

`config.toml` in the folder for settings (`~/.config/portray/` on Linux); all of it may be left out:

```toml
lang = \"zh\"            # en or zh; --lang goes first
colors = \"256\"         # none, 16, 256 or true; NO_COLOR and --color go first
background = \"light\"   # dark or light
mouse = false          # leave the mouse to the terminal
ascii = true           # no sign but ASCII

[keys]                 # an action's name and its keys, in place of those below
reload = [\"r\", \"f5\"]
```

Keys are written `k`, `G`, `ctrl-b`, `pagedown`, `f1`, `space`. A name or key that is not known, or a key that would mean two things, is told at the start.
";

fn table(page: &mut String, title: &str, holds: impl Fn(&Binding) -> bool) {
    let rows: Vec<&Binding> = BINDINGS.iter().filter(|binding| holds(binding)).collect();
    if rows.is_empty() {
        return;
    }
    let keymap = Keymap::default();
    let _ = write!(page, "\n## {title}\n\n| keys | name | |\n|---|---|---|\n");
    for binding in rows {
        let keys = keymap.shown(binding.action);
        let keys: Vec<String> = keys.split(' ').map(|key| format!("`{key}`")).collect();
        let word = binding.word(Lang::En);
        let _ = writeln!(page, "| {} | `{}` | {word} |", keys.join(" "), binding.name);
    }
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    table(&mut page, "Everywhere", |binding| !binding.is_own());
    for (view, _, word) in VIEWS {
        let title = format!("View: {}", word.get(Lang::En));
        table(&mut page, &title, |binding| {
            binding.at.contains(&At::View(view))
        });
    }
    table(&mut page, "Workspace without a run", |binding| {
        binding.at.contains(&At::Bare)
    });
    page
}

#[test]
fn the_page_of_keys_is_that_of_the_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    if std::env::var_os("PORTRAY_WRITE_DOCS").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), page());
}
