//! The keys: one table that decides, fills the footer and writes the help.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::words::Word;

/// What a person can ask for with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// One screenful up.
    PageUp,
    /// One screenful down.
    PageDown,
    /// To the first line.
    First,
    /// To the last line.
    Last,
    /// To the segment before.
    Previous,
    /// To the segment after.
    Next,
    /// The keys go to the other pane.
    SwitchPane,
    /// The detail fills the screen.
    Open,
    /// One step back: close, clear or leave.
    Back,
    /// Show only what holds a text.
    Filter,
    /// Sort the list another way.
    Sort,
    /// How the run was made.
    Notes,
    /// Who bought again, by month of the first purchase.
    Cohorts,
    /// Look for a newer run.
    Reload,
    /// The other language.
    Language,
    /// What the keys and words mean.
    Help,
    /// Give the terminal to the shell for a while.
    Suspend,
    /// Leave the program.
    Quit,
}

/// Which part of the screen has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The list of segments.
    List,
    /// The detail beside or below the list.
    Detail,
    /// The detail on its own.
    Full,
    /// A box over the panes.
    Overlay,
    /// The line in which a filter is typed.
    Prompt,
    /// A screen without a run.
    Bare,
}

/// Keys that mean one action.
#[derive(Debug)]
pub struct Binding {
    /// As a terminal reports them; true: with control held.
    keys: &'static [(KeyCode, bool)],
    /// As people read them.
    pub shown: &'static str,
    /// What they ask for.
    pub action: Action,
    /// What that is, for the help.
    pub word: Word,
    /// The footer's word, and where the footer has it.
    pub hint: Option<(Word, &'static [Scope])>,
}

use Action as A;
use KeyCode::Char;
use Scope as S;

const PANES: &[Scope] = &[S::List, S::Detail, S::Full];

/// Every key of the program, in the order of the help; hints stand in the footer in this order.
pub const BINDINGS: &[Binding] = &[
    Binding {
        keys: &[(KeyCode::Up, false), (Char('k'), false)],
        shown: "↑ k",
        action: A::Up,
        word: Word::KeyUp,
        hint: None,
    },
    Binding {
        keys: &[(KeyCode::Down, false), (Char('j'), false)],
        shown: "↓ j",
        action: A::Down,
        word: Word::KeyDown,
        hint: Some((Word::HintMove, &[S::List, S::Detail, S::Full, S::Overlay])),
    },
    Binding {
        keys: &[(KeyCode::PageUp, false), (Char('b'), true)],
        shown: "PgUp ^B",
        action: A::PageUp,
        word: Word::KeyPageUp,
        hint: None,
    },
    Binding {
        keys: &[
            (KeyCode::PageDown, false),
            (Char('f'), true),
            (Char(' '), false),
        ],
        shown: "PgDn ^F Space",
        action: A::PageDown,
        word: Word::KeyPageDown,
        hint: None,
    },
    Binding {
        keys: &[(KeyCode::Home, false), (Char('g'), false)],
        shown: "g Home",
        action: A::First,
        word: Word::KeyFirst,
        hint: None,
    },
    Binding {
        keys: &[(KeyCode::End, false), (Char('G'), false)],
        shown: "G End",
        action: A::Last,
        word: Word::KeyLast,
        hint: None,
    },
    Binding {
        keys: &[(KeyCode::Left, false)],
        shown: "←",
        action: A::Previous,
        word: Word::KeyPrevious,
        hint: None,
    },
    Binding {
        keys: &[(KeyCode::Right, false)],
        shown: "→",
        action: A::Next,
        word: Word::KeyNext,
        hint: Some((Word::HintNext, &[S::Full])),
    },
    Binding {
        keys: &[(KeyCode::Tab, false), (KeyCode::BackTab, false)],
        shown: "Tab",
        action: A::SwitchPane,
        word: Word::KeySwitchPane,
        hint: Some((Word::HintPane, &[S::List, S::Detail])),
    },
    Binding {
        keys: &[(KeyCode::Enter, false)],
        shown: "Enter",
        action: A::Open,
        word: Word::KeyOpen,
        hint: Some((Word::HintOpen, &[S::List, S::Detail])),
    },
    Binding {
        keys: &[(KeyCode::Esc, false)],
        shown: "Esc",
        action: A::Back,
        word: Word::KeyBack,
        hint: Some((Word::HintBack, &[S::Full, S::Overlay])),
    },
    Binding {
        keys: &[(Char('/'), false)],
        shown: "/",
        action: A::Filter,
        word: Word::KeyFilter,
        hint: Some((Word::HintFilter, PANES)),
    },
    Binding {
        keys: &[(Char('s'), false)],
        shown: "s",
        action: A::Sort,
        word: Word::KeySort,
        hint: Some((Word::HintSort, &[S::List])),
    },
    Binding {
        keys: &[(Char('n'), false)],
        shown: "n",
        action: A::Notes,
        word: Word::KeyNotes,
        hint: Some((Word::HintNotes, PANES)),
    },
    Binding {
        keys: &[(Char('c'), false)],
        shown: "c",
        action: A::Cohorts,
        word: Word::KeyCohorts,
        hint: None,
    },
    Binding {
        keys: &[(Char('r'), false)],
        shown: "r",
        action: A::Reload,
        word: Word::KeyReload,
        hint: Some((Word::HintReload, &[S::Bare])),
    },
    Binding {
        keys: &[(Char('l'), false)],
        shown: "l",
        action: A::Language,
        word: Word::KeyLanguage,
        hint: Some((
            Word::HintLanguage,
            &[S::List, S::Detail, S::Full, S::Bare, S::Overlay],
        )),
    },
    Binding {
        keys: &[(Char('?'), false), (KeyCode::F(1), false)],
        shown: "? F1",
        action: A::Help,
        word: Word::KeyHelp,
        hint: Some((Word::HintHelp, &[S::List, S::Detail, S::Full, S::Bare])),
    },
    Binding {
        keys: &[(Char('z'), true)],
        shown: "^Z",
        action: A::Suspend,
        word: Word::KeySuspend,
        hint: None,
    },
    Binding {
        keys: &[(Char('q'), false), (Char('c'), true)],
        shown: "q ^C",
        action: A::Quit,
        word: Word::KeyQuit,
        hint: Some((Word::HintQuit, &[S::List, S::Detail, S::Full, S::Bare])),
    },
];

/// What a key asks for outside of the filter prompt.
#[must_use]
pub fn action(key: KeyEvent) -> Option<Action> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    BINDINGS
        .iter()
        .find(|binding| binding.keys.contains(&(key.code, control)))
        .map(|binding| binding.action)
}

/// Whether this is control and `c`, which always leaves.
#[must_use]
pub fn is_interrupt(key: KeyEvent) -> bool {
    key.code == Char('c') && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// The keys and words that the footer shows where `scope` has the keys.
pub fn hints(scope: Scope) -> impl Iterator<Item = (&'static str, Word)> {
    BINDINGS.iter().filter_map(move |binding| {
        let (word, scopes) = binding.hint?;
        let first = binding.shown.split(' ').next().unwrap_or_default();
        scopes.contains(&scope).then_some((
            if binding.action == A::Down {
                "↑↓"
            } else {
                first
            },
            word,
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things() {
        let keys: Vec<_> = BINDINGS.iter().flat_map(|binding| binding.keys).collect();
        for (i, key) in keys.iter().enumerate() {
            assert!(!keys[i + 1..].contains(key), "{key:?} is bound twice");
        }
    }

    #[test]
    fn control_and_shift_are_told_apart() {
        let key = |code, modifiers| action(KeyEvent::new(code, modifiers));
        assert_eq!(key(Char('c'), KeyModifiers::CONTROL), Some(Action::Quit));
        assert_eq!(key(Char('c'), KeyModifiers::NONE), Some(Action::Cohorts));
        assert_eq!(key(Char('G'), KeyModifiers::SHIFT), Some(Action::Last));
        assert_eq!(key(Char('g'), KeyModifiers::NONE), Some(Action::First));
    }
}
