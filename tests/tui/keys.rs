//! What the keys do.

use std::cell::RefCell;
use std::rc::Rc;

use crossterm::event::KeyCode::{Backspace, Char, Down, End, Enter, Esc, Right, Tab};
use crossterm::event::{KeyEvent, KeyModifiers};
use portray::Error;
use portray::tui::{self, Cmd, JobEvent, Msg, Outcome, Problem, update};
use portray::words::Lang;

use crate::fixture;
use crate::stage::Stage;

fn stage() -> Stage {
    Stage::new((100, 40), Lang::En, || Ok(Some(fixture::run())))
}

/// The line of the list that is selected.
fn selected(stage: &Stage) -> String {
    stage.reversed().join("\n")
}

#[test]
fn the_selection_is_in_reverse_video_and_stops_at_the_ends() {
    let mut stage = stage();
    assert!(selected(&stage).contains("Evening browsers"));
    stage.press(&[Char('k')]);
    assert!(selected(&stage).contains("Evening browsers"));
    stage.press(&[Down, Char('j')]);
    assert!(selected(&stage).contains("Loyal kitchen"));
    stage.press(&[End, Down]);
    assert!(selected(&stage).contains("Inactive"));
    stage.press(&[Char('g')]);
    assert!(selected(&stage).contains("Evening browsers"));
}

#[test]
fn sorting_keeps_the_selected_segment() {
    let mut stage = stage();
    stage.press(&[Down, Down]).type_in("s");
    assert!(stage.screen().contains("by customers"));
    assert!(selected(&stage).contains("Loyal kitchen"));
    stage.type_in("s");
    let screen = stage.screen();
    let place = |name: &str| screen.find(name).unwrap();
    assert!(place("Bargain") < place("Evening") && place("Evening") < place("Gift"));
    assert!(selected(&stage).contains("Loyal kitchen"));
}

#[test]
fn a_filter_narrows_the_list_while_it_is_typed_and_escape_takes_it_back() {
    let mut stage = stage();
    stage.type_in("/GIFTX").press(&[Backspace]);
    assert!(stage.screen().contains("Segments 1 of 7"));
    assert!(!stage.screen().contains("Evening browsers"));
    stage.press(&[Enter]);
    assert!(selected(&stage).contains("Gift givers"));
    stage.type_in("/zzz");
    assert!(stage.screen().contains("No segment holds this text"));
    stage.press(&[Esc]);
    assert!(stage.screen().contains("Segments 1 of 7"));
    stage.press(&[Esc]);
    assert!(stage.screen().contains("Segments 7 ·"));
}

#[test]
fn a_filter_in_the_detail_looks_through_facts_in_both_languages() {
    let mut stage = stage();
    stage.press(&[Tab]).type_in("/客单价").press(&[Enter]);
    let screen = stage.screen();
    assert!(screen.contains("Facts 1 of 18") && screen.contains("average order value"));
    assert!(!screen.contains("pieces in one order"));
}

#[test]
fn q_in_a_filter_is_a_letter_and_control_c_always_leaves() {
    let mut stage = stage();
    stage.type_in("/q");
    assert_eq!(stage.app.end(), None);
    stage.until_idle(Msg::Key(KeyEvent::new(Char('c'), KeyModifiers::CONTROL)));
    assert_eq!(stage.app.end(), Some(&tui::End::Asked));
}

#[test]
fn the_language_changes_at_once_and_the_narrative_says_its_own() {
    let mut stage = stage();
    assert!(!stage.screen().contains("in English"));
    stage.type_in("l");
    let screen = stage.screen();
    assert!(screen.contains("分群") && screen.contains("晚间浏览者") && screen.contains("英文"));
    stage.type_in("l");
    assert!(stage.screen().contains("Evening browsers"));
}

#[test]
fn the_full_detail_walks_from_segment_to_segment() {
    let mut stage = stage();
    stage.press(&[Enter, Right]);
    let screen = stage.screen();
    assert!(screen.contains("Bargain hunters") && !screen.contains("Evening browsers"));
    stage.press(&[Esc]);
    assert!(selected(&stage).contains("Bargain hunters"));
}

#[test]
fn overlays_stack_and_close_one_by_one() {
    let mut stage = stage();
    stage.type_in("n?");
    assert!(stage.screen().contains("Terms"));
    stage.type_in("q");
    let screen = stage.screen();
    assert!(!screen.contains("Terms") && screen.contains("Numbers of segments tried"));
    stage.press(&[Esc]);
    assert!(!stage.screen().contains("Numbers of segments tried"));
    assert_eq!(stage.app.end(), None);
    stage.type_in("q");
    assert_eq!(stage.app.end(), Some(&tui::End::Asked));
}

#[test]
fn escape_and_a_key_that_arrive_together_are_two_keys() {
    let mut stage = stage();
    stage.type_in("n");
    stage.until_idle(Msg::Key(KeyEvent::new(Char('s'), KeyModifiers::ALT)));
    let screen = stage.screen();
    assert!(!screen.contains("Numbers of segments tried") && screen.contains("by customers"));
}

#[test]
fn names_from_the_data_reach_the_screen_without_control_or_direction_characters() {
    let mut stage = stage();
    stage.type_in("n").press(&[Esc, Down, Down, Enter]);
    for keys in ["", "n"] {
        let screen = stage.type_in(keys).screen();
        let foul = |c: char| {
            (c.is_control() && c != '\n') || "\u{202e}\u{200b}\u{200d}\u{fe0f}".contains(c)
        };
        assert_eq!(screen.chars().find(|c| foul(*c)), None);
    }
}

#[test]
fn reload_shows_a_newer_run_and_says_so() {
    let id = Rc::new(RefCell::new(3));
    let newest = Rc::clone(&id);
    let mut stage = Stage::new((100, 40), Lang::En, move || {
        Ok(Some(portray::records::Run {
            id: *newest.borrow(),
            ..fixture::run()
        }))
    });
    stage.type_in("r");
    assert!(stage.screen().contains("Nothing new"));
    *id.borrow_mut() = 4;
    stage.type_in("r");
    assert!(stage.screen().contains("Run 4 is shown now"));
}

#[test]
fn a_failed_reload_keeps_the_run_and_tells_what_to_do() {
    let mut stage = stage();
    stage.answer = Box::new(|| {
        Err(Error::failed(
            "catalog.sqlite",
            "disk I/O error",
            "check the disk",
        ))
    });
    stage.type_in("r");
    assert!(stage.screen().contains("check the disk"));
    stage.press(&[Esc]);
    assert!(selected(&stage).contains("Evening browsers"));
}

#[test]
fn late_news_of_a_cancelled_job_are_dropped() {
    let mut stage = stage();
    let reload = || Msg::Key(KeyEvent::new(Char('r'), KeyModifiers::NONE));
    let first = update(&mut stage.app, reload());
    let second = update(&mut stage.app, reload());
    let [Cmd::Start(old, _)] = first[..] else {
        unreachable!("{first:?}")
    };
    let [Cmd::Cancel(cancelled), Cmd::Start(new, _)] = second[..] else {
        unreachable!("{second:?}")
    };
    assert_eq!(cancelled, old);

    let mut late = fixture::run();
    late.id = 99;
    stage.until_idle(Msg::Job(
        old,
        JobEvent::Done(Outcome::Loaded(Some(Box::new(late)))),
    ));
    assert!(stage.app.is_moving() && !stage.screen().contains("run 99"));
    stage.until_idle(Msg::Job(
        new,
        JobEvent::Failed(Problem::Panic("index out of bounds".into())),
    ));
    assert!(!stage.app.is_moving());
    assert!(
        stage.screen().contains("index out of bounds") && stage.screen().contains("This is a bug")
    );
}
