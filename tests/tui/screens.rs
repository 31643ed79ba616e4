//! What each screen looks like, at the smallest usual size and a large one, in both languages.

use crossterm::event::KeyCode::{Down, Enter, Tab};
use portray::Error;
use portray::words::Lang;

use crate::fixture;
use crate::stage::Stage;

const SIZES: [(u16, u16); 2] = [(80, 24), (200, 60)];

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

#[test]
fn list() {
    in_all_forms("list", |size, lang| {
        let mut stage = with_run(size, lang);
        stage.press(&[Down, Down]);
        stage
    });
}

#[test]
fn detail() {
    in_all_forms("detail", |size, lang| {
        let mut stage = with_run(size, lang);
        stage.press(&[Down, Down, Enter]);
        stage
    });
}

#[test]
fn facts_at_the_end() {
    let mut stage = with_run((80, 24), Lang::En);
    stage.press(&[Down, Tab]).type_in("G");
    insta::assert_snapshot!("facts_at_the_end_80x24_en", stage.screen());
}

#[test]
fn help() {
    in_all_forms("help", |size, lang| {
        let mut stage = with_run(size, lang);
        stage.type_in("?");
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
        stage.type_in("c");
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
fn too_small() {
    for lang in [Lang::En, Lang::Zh] {
        insta::assert_snapshot!(
            format!("too_small_{lang}"),
            with_run((40, 8), lang).screen()
        );
    }
}
