//! What each screen looks like, at the smallest usual size, a middle one and a large one, in both languages; and its
//! looks with colours and without.

use crossterm::event::KeyCode::{Down, Enter, Right, Tab};
use portray::Error;
use portray::tui::{Background, Depth, Looks, Theme};
use portray::words::Lang;

use crate::stage::{Stage, looks, styles};
use crate::{asked, fixture};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn in_all_forms(name: &str, play: impl Fn((u16, u16), Lang) -> Stage) {
    for size in SIZES {
        for lang in [Lang::En, Lang::Zh] {
            let screen = play(size, lang).screen();
            insta::assert_snapshot!(format!("{name}_{}x{}_{lang}", size.0, size.1), screen);
        }
    }
}

fn with_run(size: (u16, u16), lang: Lang) -> Stage {
    Stage::new(size, lang, || Ok(Some(fixture::run())))
}

/// A view after some keys, in all forms; and its looks with 16 colours and with none.
fn view(name: &str, play: impl Fn(&mut Stage)) {
    in_all_forms(name, |size, lang| {
        let mut stage = with_run(size, lang);
        play(&mut stage);
        stage
    });
    for (colors, depth) in [("16", Depth::Sixteen), ("none", Depth::None)] {
        let looks = Looks {
            theme: Theme::new(depth, Background::Dark),
            ..looks(Lang::En)
        };
        let mut stage = Stage::with_looks((80, 24), looks, |request| match request {
            portray::tui::Request::Load(_) => Ok(portray::tui::Outcome::Loaded(Some(Box::new(
                fixture::run(),
            )))),
            other => asked::answer(other),
        });
        play(&mut stage);
        let text = format!("{}\n{}", stage.screen(), styles(&stage.buffer()));
        insta::assert_snapshot!(format!("{name}_looks_{colors}"), text);
    }
}

#[test]
fn segments() {
    view("segments", |stage| {
        stage.press(&[Down, Down]);
    });
}

#[test]
fn segment_with_its_text() {
    view("segment_text", |stage| {
        stage.press(&[Down, Down, Enter, Down]);
    });
}

#[test]
fn segment_with_its_facts() {
    view("segment_facts", |stage| {
        stage.press(&[Down, Down, Enter, Tab, Down, Down]);
    });
}

#[test]
fn segment_with_its_charts() {
    view("segment_charts", |stage| {
        stage.press(&[Down, Down, Enter, Tab, Tab]);
    });
}

#[test]
fn map() {
    view("map", |stage| {
        stage.type_in("3").press(&[Right, Right, Down]);
    });
}

#[test]
fn compare() {
    view("compare", |stage| {
        stage.type_in("4").press(&[Right]).type_in("R");
    });
}

#[test]
fn users() {
    view("users", |stage| {
        stage.type_in("5").press(&[Down, Down]);
    });
}

#[test]
fn offers() {
    view("offers", |stage| {
        stage.type_in("O").press(&[Right, Down]);
    });
}

#[test]
fn offers_of_a_user() {
    view("offers_user", |stage| {
        stage.type_in("5R").press(&[Down]);
    });
}

#[test]
fn campaign() {
    view("campaign", |stage| {
        stage.type_in("P").press(&[Down]);
    });
}

#[test]
fn choice() {
    view("choice", |stage| {
        stage.type_in("6");
    });
}

#[test]
fn data() {
    view("data", |stage| {
        stage.type_in("7");
    });
}

#[test]
fn runs() {
    view("runs", |stage| {
        stage.type_in("8").press(&[Down]);
    });
}

#[test]
fn sql_result() {
    view("sql", |stage| {
        stage
            .type_in("9i")
            .type_in("SELECT segment")
            .press(&[Enter, Down]);
    });
}

#[test]
fn sql_being_typed() {
    let mut stage = with_run((80, 24), Lang::En);
    stage.type_in("9i").type_in("SELECT segment FROM mem");
    insta::assert_snapshot!("sql_typed_80x24_en", stage.screen());
}

#[test]
fn import_of_a_file() {
    view("import", |stage| {
        stage.type_in("0").press(&[Down, Down, Down, Enter]);
    });
}

#[test]
fn import_picks_a_file() {
    view("browse", |stage| {
        stage.type_in("0").press(&[Down]);
    });
}

#[test]
fn jobs_when_none_runs() {
    view("jobs", |stage| {
        stage.type_in("-");
    });
}

#[test]
fn help() {
    in_all_forms("help", |size, lang| {
        let mut stage = with_run(size, lang);
        stage.type_in("2?");
        stage
    });
}

#[test]
fn palette() {
    in_all_forms("palette", |size, lang| {
        let mut stage = with_run(size, lang);
        stage.type_in(":viw sql");
        stage
    });
}

#[test]
fn notes() {
    in_all_forms("notes", |size, lang| {
        let mut stage = with_run(size, lang);
        stage.type_in("n");
        stage
    });
}

#[test]
fn cohorts() {
    in_all_forms("cohorts", |size, lang| {
        let mut stage = with_run(size, lang);
        stage.type_in("b");
        stage
    });
}

#[test]
fn filter_being_typed() {
    let mut stage = with_run((80, 24), Lang::Zh);
    stage.type_in("/厨房");
    insta::assert_snapshot!("filter_80x24_zh", stage.screen());
}

#[test]
fn text_being_edited() {
    in_all_forms("edit", |size, lang| {
        let mut stage = with_run(size, lang);
        stage.type_in("e").type_in(" And more.");
        stage
    });
}

#[test]
fn empty_workspace() {
    in_all_forms("empty", |size, lang| Stage::new(size, lang, || Ok(None)));
}

#[test]
fn error() {
    in_all_forms("error", |size, lang| {
        Stage::new(size, lang, || {
            Err(Error::failed(
                "/data/shop/catalog.sqlite",
                "made by a newer version of portray",
                "install portray 2 or later, or name another folder with --workspace",
            ))
        })
    });
}

#[test]
fn the_smallest_screen_and_smaller_ones() {
    for lang in [Lang::En, Lang::Zh] {
        insta::assert_snapshot!(
            format!("too_small_{lang}"),
            with_run((39, 12), lang).screen()
        );
        for keys in ["", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-"] {
            let screen = with_run((40, 12), lang).type_in(keys).screen();
            let body: String = screen.lines().skip(1).take(9).collect();
            assert!(body.trim().chars().count() > 40, "{keys}: {screen}");
        }
    }
    insta::assert_snapshot!("smallest_en", with_run((40, 12), Lang::En).screen());
}

#[test]
fn nothing_but_ascii_where_the_locale_has_nothing_else() {
    for lang in [Lang::En, Lang::Zh] {
        let looks = Looks {
            ascii: true,
            ..looks(lang)
        };
        let mut stage = Stage::with_looks((100, 40), looks, |request| match request {
            portray::tui::Request::Load(_) => Ok(portray::tui::Outcome::Loaded(Some(Box::new(
                fixture::run(),
            )))),
            other => asked::answer(other),
        });
        for keys in ["", "2", "3", "4", "5", "6", "7", "8", "?"] {
            let screen = stage.type_in(keys).screen();
            assert!(screen.is_ascii(), "{keys}: {screen}");
        }
    }
}
