//! No order of keys and sizes breaks the screen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use portray::records::Run;
use portray::tui::{Msg, view};
use portray::words::Lang;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::fixture;
use crate::stage::Stage;

#[derive(Debug, Clone)]
enum Step {
    Key(KeyCode, KeyModifiers),
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
            Self::Usual => Some(fixture::run()),
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
    prop_oneof![
        4 => proptest::sample::select(special.to_vec()).prop_map(|code| Step::Key(code, KeyModifiers::NONE)),
        4 => proptest::sample::select("jkgGlsrn?/ q".chars().collect::<Vec<_>>())
            .prop_map(|c| Step::Key(KeyCode::Char(c), KeyModifiers::NONE)),
        1 => (any::<char>(), any::<bool>()).prop_map(|(c, control)| {
            Step::Key(KeyCode::Char(c), if control { KeyModifiers::CONTROL } else { KeyModifiers::NONE })
        }),
        1 => (0..220_u16, 0..70_u16).prop_map(|(width, height)| Step::Resize(width, height)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn random_keys_and_sizes_never_panic(
        answer in proptest::sample::select(vec![Answer::Nothing, Answer::Usual, Answer::Usual, Answer::Strange]),
        zh in any::<bool>(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let lang = if zh { Lang::Zh } else { Lang::En };
        let mut stage = Stage::new((80, 24), lang, move || Ok(answer.run()));
        let mut size = (80, 24);
        for step in steps {
            match step {
                Step::Key(code, modifiers) => stage.until_idle(Msg::Key(KeyEvent::new(code, modifiers))),
                Step::Resize(width, height) => {
                    size = (width, height);
                    stage.until_idle(Msg::Resize(width, height));
                }
            }
            let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
            terminal.draw(|frame| view(&stage.app, frame)).unwrap();
        }
    }

    #[test]
    fn a_screen_of_another_size_than_the_state_knows_is_drawn_too(width in 0..220_u16, height in 0..70_u16) {
        let mut stage = Stage::new((200, 60), Lang::En, || Ok(Some(fixture::run())));
        stage.type_in("jjn");
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view(&stage.app, frame)).unwrap();
    }
}
