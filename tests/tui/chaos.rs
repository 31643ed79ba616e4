//! No order of keys, clicks and sizes breaks the screen, or leaves it without a way back.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEventKind};
use portray::records::Run;
use portray::tui::{End, Msg, ViewId, view};
use portray::words::Lang;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::fixture;
use crate::stage::Stage;

#[derive(Debug, Clone)]
enum Step {
    Key(KeyCode, KeyModifiers),
    Mouse(MouseEventKind, u16, u16),
    Paste(String),
    Resize(u16, u16),
}

#[derive(Debug, Clone, Copy)]
enum Answer {
    Nothing,
    Usual,
    Strange,
}

impl Answer {
    fn run(self) -> Option<Run> {
        match self {
            Self::Nothing => None,
            Self::Usual => Some(fixture::compared()),
            Self::Strange => Some(fixture::strange()),
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    use KeyCode::{
        BackTab, Backspace, Down, End, Enter, Esc, Home, Left, PageDown, PageUp, Right, Tab, Up,
    };
    let special = [
        Up, Down, Left, Right, PageUp, PageDown, Home, End, Tab, BackTab, Enter, Esc, Backspace,
    ];
    let letters = "1234567890-jkhlgGsSrnb?/:LReaptNowmMicCxIyD+_ ";
    let mouse = [
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::ScrollUp,
        MouseEventKind::ScrollDown,
        MouseEventKind::Moved,
    ];
    prop_oneof![
        4 => proptest::sample::select(special.to_vec()).prop_map(|code| Step::Key(code, KeyModifiers::NONE)),
        5 => proptest::sample::select(letters.chars().collect::<Vec<_>>())
            .prop_map(|c| Step::Key(KeyCode::Char(c), KeyModifiers::NONE)),
        1 => (any::<char>(), any::<bool>()).prop_map(|(c, control)| {
            // Control and `c` leaves, which is another test's.
            let control = control && !"cz".contains(c);
            Step::Key(KeyCode::Char(c), if control { KeyModifiers::CONTROL } else { KeyModifiers::NONE })
        }),
        1 => (proptest::sample::select(mouse.to_vec()), 0..220_u16, 0..70_u16)
            .prop_map(|(kind, column, row)| Step::Mouse(kind, column, row)),
        1 => ".{0,12}".prop_map(Step::Paste),
        1 => (0..220_u16, 0..70_u16).prop_map(|(width, height)| Step::Resize(width, height)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_keys_clicks_and_sizes_never_panic_and_there_is_a_way_back(
        answer in proptest::sample::select(vec![Answer::Nothing, Answer::Usual, Answer::Usual, Answer::Strange]),
        zh in any::<bool>(),
        steps in prop::collection::vec(step(), 1..500),
    ) {
        let lang = if zh { Lang::Zh } else { Lang::En };
        let mut stage = Stage::new((80, 24), lang, move || Ok(answer.run()));
        for step in steps {
            match step {
                Step::Key(code, modifiers) => stage.until_idle(Msg::Key(KeyEvent::new(code, modifiers))),
                Step::Mouse(kind, column, row) => { stage.mouse(kind, column, row); }
                Step::Paste(text) => stage.until_idle(Msg::Paste(text)),
                Step::Resize(width, height) => stage.until_idle(Msg::Resize(width, height)),
            }
            stage.buffer();
        }
        if stage.app.end().is_none() {
            stage.until_idle(Msg::Resize(80, 24));
            for _ in 0..60 {
                stage.press(&[KeyCode::Esc]);
            }
            prop_assert_eq!(stage.app.view(), ViewId::Segments);
            stage.press(&[KeyCode::Char('q')]);
            prop_assert_eq!(stage.app.end(), Some(&End::Asked));
        }
    }

    #[test]
    fn a_screen_of_another_size_than_the_state_knows_is_drawn_too(
        width in 0..220_u16, height in 0..70_u16, key in proptest::sample::select("1234567890-n?".chars().collect::<Vec<_>>()),
    ) {
        let mut stage = Stage::new((200, 60), Lang::En, || Ok(Some(fixture::run())));
        stage.type_in("jj").press(&[KeyCode::Char(key)]);
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view(&stage.app, frame)).unwrap();
    }
}
