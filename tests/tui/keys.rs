//! What the keys and the mouse do.

use std::cell::RefCell;
use std::rc::Rc;

use crossterm::event::KeyCode::{Backspace, Char, Down, End, Enter, Esc, Right, Tab};
use crossterm::event::{KeyEvent, KeyModifiers, MouseEventKind};
use portray::Error;
use portray::explore::Who;
use portray::narrate::revise::Change;
use portray::pipeline::Annotation;
use portray::tui::{self, Cmd, JobEvent, Msg, Outcome, Problem, Request, ViewId, update};
use portray::words::Lang;

use crate::stage::Stage;
use crate::{asked, fixture};

fn stage() -> Stage {
    Stage::new((100, 40), Lang::En, || Ok(Some(fixture::run())))
}

/// The line that is selected.
fn selected(stage: &Stage) -> String {
    stage.reversed().join("\n")
}

fn control(c: char) -> Msg {
    Msg::Key(KeyEvent::new(Char(c), KeyModifiers::CONTROL))
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
    let screen = stage.screen();
    assert!(screen.contains("by name"));
    let place = |name: &str| screen.find(name).unwrap();
    assert!(place("Bargain") < place("Evening") && place("Evening") < place("Gift"));
    assert!(selected(&stage).contains("Loyal kitchen"));
    stage.type_in("S");
    let screen = stage.screen();
    assert!(screen.find("Gift").unwrap() < screen.find("Bargain").unwrap());
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
fn a_filter_looks_through_facts_in_both_languages() {
    let mut stage = stage();
    stage.type_in("2/客单价").press(&[Enter]);
    let screen = stage.screen();
    assert!(screen.contains("Facts 1 of 18") && screen.contains("average order value"));
    assert!(!screen.contains("pieces in one order"));
}

#[test]
fn q_in_a_filter_is_a_letter_and_control_c_always_leaves() {
    let mut stage = stage();
    stage.type_in("/q");
    assert_eq!(stage.app.end(), None);
    stage.until_idle(control('c'));
    assert_eq!(stage.app.end(), Some(&tui::End::Asked));
}

#[test]
fn the_language_changes_at_once_and_the_narrative_says_its_own() {
    let mut stage = stage();
    assert!(!stage.screen().contains("in English"));
    stage.type_in("L");
    let screen = stage.screen();
    assert!(screen.contains("分群") && screen.contains("晚间浏览者") && screen.contains("英文"));
    stage.type_in("L");
    assert!(stage.screen().contains("Evening browsers"));
}

#[test]
fn one_segment_leads_to_the_next_and_escape_leads_back() {
    let mut stage = stage();
    stage.press(&[Enter, Right]);
    assert_eq!(stage.app.view(), ViewId::Segment);
    assert!(stage.screen().contains("2 Bargain hunters"));
    stage.press(&[Esc]);
    assert_eq!(stage.app.view(), ViewId::Segments);
    assert!(selected(&stage).contains("Bargain hunters"));
}

#[test]
fn escape_goes_back_through_the_views_that_were_shown() {
    let mut stage = stage();
    stage.type_in("357");
    for view in [
        ViewId::Users,
        ViewId::Map,
        ViewId::Segments,
        ViewId::Segments,
    ] {
        stage.press(&[Esc]);
        assert_eq!(stage.app.view(), view);
    }
}

#[test]
fn overlays_stack_and_close_one_by_one() {
    let mut stage = stage();
    stage.type_in("n?");
    assert!(stage.screen().contains("Everywhere"));
    stage.type_in("q");
    let screen = stage.screen();
    assert!(!screen.contains("Everywhere") && screen.contains("Left out or decided"));
    stage.press(&[Esc]);
    assert!(!stage.screen().contains("Left out or decided"));
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
    assert!(!screen.contains("Left out or decided") && screen.contains("by name"));
}

#[test]
fn names_from_the_data_reach_no_view_with_control_or_direction_characters() {
    let foul =
        |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}\u{200d}\u{fe0f}".contains(c);
    for lang in [Lang::En, Lang::Zh] {
        let mut stage = Stage::new((160, 50), lang, || Ok(Some(fixture::compared())));
        for keys in [
            "jj",
            "2",
            "3",
            "4R",
            "5",
            "6",
            "7",
            "8",
            "9iselect\t",
            "0",
            "jjj",
        ] {
            let screen = stage.type_in(keys).screen();
            assert_eq!(screen.chars().find(|c| foul(*c)), None, "{keys}");
            stage.press(&[Esc, Tab]);
            let screen = stage.screen();
            assert_eq!(screen.chars().find(|c| foul(*c)), None, "{keys}");
        }
    }
}

#[test]
fn the_palette_finds_an_action_by_some_letters_of_its_words() {
    let mut stage = stage();
    stage.type_in(":cohort").press(&[Esc]);
    assert!(!stage.screen().contains("Actions"));
    stage.type_in(":vw data").press(&[Enter]);
    assert_eq!(stage.app.view(), ViewId::Data);
    stage.type_in(":地图").press(&[Enter]);
    assert_eq!(stage.app.view(), ViewId::Map);
}

#[test]
fn the_command_line_of_a_view_is_copied() {
    let mut stage = stage();
    stage.press(&[Down]).type_in("2y");
    assert_eq!(
        stage.copied,
        ["portray show 2 --run 3 --workspace /data/shop"]
    );
    stage.type_in("9iSELECT 'a b'").press(&[Enter]).type_in("y");
    assert_eq!(
        stage.copied[1],
        r"portray sql 'SELECT '\''a b'\''' --run 3 --workspace /data/shop"
    );
}

#[test]
fn the_sentence_under_the_cursor_points_at_its_fact() {
    let mut stage = stage();
    stage.press(&[Down, Down]).type_in("2").press(&[Down, Down]);
    let screen = stage.screen();
    assert!(
        screen.contains("✓ They bought only 9 days ago")
            || screen.contains("→ average order value"),
        "{screen}"
    );
    assert!(
        screen.contains("→ average order value: £401 (shop £212)"),
        "{screen}"
    );
    stage.press(&[End]);
    assert!(stage.screen().contains("→ no fact of that name"));
}

#[test]
fn a_persons_changes_to_a_text_reach_the_workspace() {
    let mut stage = stage();
    stage.type_in("paR");
    stage.type_in("N").type_in("!").press(&[Enter]);
    stage.type_in("t").type_in("vip, autumn").press(&[Enter]);
    stage.type_in("o").type_in("call them").press(&[Enter]);
    stage.type_in("e").type_in(" More.").press(&[Enter]);
    let wanted: Vec<_> = stage
        .requests
        .iter()
        .filter(|request| !matches!(request, Request::Load(_)))
        .cloned()
        .collect();
    let text = fixture::run().segments[0].narrative.clone().unwrap().text;
    assert_eq!(
        wanted,
        [
            Request::Revise(3, 1, Change::Pick(2)),
            Request::Revise(3, 1, Change::Accept { with_doubts: false }),
            Request::Narrate(3, Some(1)),
            Request::Annotate(3, 1, Annotation::Name(Some("Evening browsers!".into()))),
            Request::Annotate(3, 1, Annotation::Tags(vec!["vip".into(), "autumn".into()])),
            Request::Annotate(3, 1, Annotation::Note(Some("call them".into()))),
            Request::Revise(3, 1, Change::Edit(format!("{text} More."))),
        ]
    );
}

#[test]
fn a_real_id_is_not_shown_while_it_is_typed() {
    let mut stage = stage();
    stage.type_in("5i17850");
    assert!(stage.screen().contains("•••••") && !stage.screen().contains("17850"));
    stage.press(&[Enter]);
    assert!(
        stage
            .requests
            .contains(&Request::Profile(3, Who::Id("17850".into())))
    );
    assert!(!format!("{:?}", stage.requests).contains("17850"));
    stage.type_in("i999").press(&[Enter]);
    assert!(stage.screen().contains("No user of that name"));
}

#[test]
fn the_nearest_user_of_the_map_opens() {
    let mut stage = stage();
    stage.type_in("3").press(&[Right, Enter]);
    assert_eq!(stage.app.view(), ViewId::Users);
    let opened = |request: &Request| matches!(request, Request::Profile(3, Who::Pseudonym(_)));
    assert!(stage.requests.iter().any(opened));
    stage.press(&[Esc]);
    assert_eq!(stage.app.view(), ViewId::Map);
}

#[test]
fn another_number_of_segments_is_made_after_a_question() {
    let mut stage = stage();
    stage.type_in("6jM");
    assert!(stage.screen().contains("Make a run with 7 segments"));
    stage.type_in("n");
    assert!(!stage.requests.contains(&Request::Make(3, 7)));
    stage.type_in("My");
    assert!(stage.requests.contains(&Request::Make(3, 7)));
}

#[test]
fn a_column_can_be_given_another_meaning_before_anything_is_read_in() {
    let mut stage = stage();
    stage.type_in("0").press(&[Down, Down, Down, Enter]);
    let screen = stage.screen();
    assert!(
        screen.contains("would be kept aside: ") && screen.contains("“basket_peek”"),
        "{screen}"
    );
    let price = screen
        .lines()
        .position(|line| line.contains("price") && line.contains("no column"));
    assert!(price.is_some(), "{screen}");
    stage.type_in("/");
    for _ in 0..40 {
        if selected(&stage).contains("basket_peek") {
            break;
        }
        stage.press(&[Down]);
    }
    stage.type_in("c");
    let last = stage.requests.last().unwrap();
    let Request::Preview(_, own) = last else {
        unreachable!("{last:?}")
    };
    assert_eq!(own.types.len(), 1);
    let reads = |request: &Request| matches!(request, Request::Ingest(..));
    stage.type_in("I");
    assert!(!stage.requests.iter().any(reads));
    stage.press(&[Enter]);
    assert!(stage.requests.iter().any(reads));
}

#[test]
fn names_complete_in_the_prompt_and_a_result_scrolls() {
    let mut stage = stage();
    stage
        .type_in("9iSELECT * FROM mem")
        .press(&[Tab])
        .type_in(" m JOIN events.na")
        .press(&[Tab]);
    assert!(
        stage
            .screen()
            .contains("SELECT * FROM members m JOIN events.name")
    );
    stage.press(&[Enter]);
    assert!(stage.screen().contains("the first 60 rows, there are more"));
    stage.press(&[End]);
    assert!(selected(&stage).contains("60"));
    stage.press(&[Right]);
    assert!(stage.screen().contains("→ 2/3"));
    stage.type_in("x").type_in("/tmp/out.csv").press(&[Enter]);
    assert!(stage.screen().contains("42 rows written to /tmp/out.csv"));
}

#[test]
fn a_click_selects_and_the_wheel_scrolls() {
    let mut stage = stage();
    stage.click("Gift givers");
    assert!(selected(&stage).contains("Gift givers"));
    stage.click("Gift givers");
    assert_eq!(stage.app.view(), ViewId::Segment);
    stage.click("8Runs");
    assert_eq!(stage.app.view(), ViewId::Runs);
    stage.mouse(MouseEventKind::ScrollDown, 10, 4);
    assert!(selected(&stage).contains(" 2  2026-11-17"));
    stage.type_in("?");
    stage.mouse(MouseEventKind::ScrollDown, 10, 10);
    assert!(!stage.screen().contains("1–"));
}

#[test]
fn a_running_job_is_asked_about_before_leaving() {
    let mut stage = stage();
    let commands = update(
        &mut stage.app,
        Msg::Key(KeyEvent::new(Char('R'), KeyModifiers::NONE)),
    );
    let [Cmd::Start(id, Request::Narrate(3, Some(1)))] = commands[..] else {
        unreachable!("{commands:?}")
    };
    stage.type_in("q");
    assert!(stage.app.end().is_none() && stage.screen().contains("A job is under way"));
    stage.type_in("n");
    assert!(stage.app.end().is_none());
    stage.type_in("-x");
    assert!(stage.screen().contains("cancelling"));
    stage.until_idle(Msg::Job(id, JobEvent::Cancelled));
    assert!(stage.screen().contains("cancelled"));
    stage.type_in("q");
    assert_eq!(stage.app.end(), Some(&tui::End::Asked));
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
    stage.answer = Box::new(|_| {
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
fn a_broken_store_shows_in_its_place_and_the_other_views_go_on() {
    let mut stage = stage();
    stage.answer = Box::new(|request| match request {
        Request::Map(_) | Request::Overview(_) | Request::Users(..) => Err(Error::failed(
            "events.000001.duckdb",
            "is damaged",
            "restore it from a copy",
        )),
        other => asked::answer(other),
    });
    for key in ["3", "7", "5"] {
        stage.type_in(key);
        let screen = stage.screen();
        assert!(
            screen.contains("is damaged") && screen.contains("restore it"),
            "{screen}"
        );
    }
    stage.type_in("6");
    assert!(stage.screen().contains("0.410"));
}

#[test]
fn late_news_of_a_replaced_question_are_dropped() {
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

#[test]
fn the_next_session_begins_where_this_one_ended() {
    let mut stage = stage();
    stage
        .type_in("sss/kitchen")
        .press(&[Enter])
        .type_in("9iSELECT 1")
        .press(&[Enter])
        .type_in("4");
    let memory = stage.app.memory();
    let mut next = Stage::new((100, 40), Lang::En, || Ok(Some(fixture::run())));
    next.app.recall(&memory);
    assert_eq!(next.app.view(), ViewId::Compare);
    next.type_in("1");
    let screen = next.screen();
    assert!(
        screen.contains("by share · /kitchen") && screen.contains("Segments 1 of 7"),
        "{screen}"
    );
    next.type_in("9i").press(&[crossterm::event::KeyCode::Up]);
    assert!(next.screen().contains("SELECT 1"));
}

#[test]
fn a_profile_that_fails_before_the_list_is_there_says_so_in_its_own_place() {
    let mut stage = stage();
    let open = |stage: &mut Stage| {
        let key = |c| Msg::Key(KeyEvent::new(Char(c), KeyModifiers::NONE));
        stage.type_in("3");
        let commands = update(
            &mut stage.app,
            Msg::Key(KeyEvent::new(Enter, KeyModifiers::NONE)),
        );
        let _ = update(&mut stage.app, key('k'));
        commands
    };
    let commands = open(&mut stage);
    let started = commands.iter().filter_map(|command| match command {
        Cmd::Start(id, request) => Some((*id, request.clone())),
        _ => None,
    });
    let started: Vec<_> = started.collect();
    let id = |is: fn(&Request) -> bool| started.iter().find(|one| is(&one.1)).map(|one| one.0);
    let profile = id(|request| matches!(request, Request::Profile(..))).unwrap();
    let list = id(|request| matches!(request, Request::Users(..))).unwrap();
    let problem = Problem::from(&Error::failed(
        "the profile",
        "is out of reach",
        "look again",
    ));
    stage.until_idle(Msg::Job(profile, JobEvent::Failed(problem)));
    stage.until_idle(Msg::Job(
        list,
        JobEvent::Done(asked::answer(&Request::Users(3, String::new())).unwrap()),
    ));
    let screen = stage.screen();
    assert!(
        screen.contains("is out of reach") && screen.contains("40 customers"),
        "{screen}"
    );
}
