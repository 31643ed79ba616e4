//! Keys: one table says what they mean; a person may change them.

mod keymap;
mod stroke;
mod table;

pub use keymap::Keymap;
pub use stroke::Stroke;
pub use table::{Action, BINDINGS};

use super::views::ViewId;
use crate::words::Lang;

/// Where a binding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// In every view.
    Any,
    /// In one view; goes before [`At::Any`].
    View(ViewId),
    /// On the screen of a workspace that holds nothing yet.
    Bare,
}

/// An action with its keys and words.
#[derive(Debug)]
pub struct Binding {
    /// What is asked for.
    pub action: Action,
    /// Its name in the settings file.
    pub name: &'static str,
    /// The keys as it comes, written as in the settings file: `k`, `ctrl-b`, `pagedown`.
    pub keys: &'static [&'static str],
    /// Where it holds.
    pub at: &'static [At],
    /// What it is, in English and Chinese.
    pub word: (&'static str, &'static str),
    /// The footer's word, where the footer has it.
    pub hint: Option<(&'static str, &'static str)>,
}

impl Binding {
    /// Whether it holds in a view; `bare` where the workspace holds nothing yet.
    #[must_use]
    pub fn holds(&self, view: ViewId, bare: bool) -> bool {
        self.at.iter().any(|at| match at {
            At::Any => true,
            At::View(one) => *one == view,
            At::Bare => bare,
        })
    }

    /// Whether it holds here and not everywhere.
    #[must_use]
    pub fn is_own(&self) -> bool {
        !self.at.contains(&At::Any)
    }

    /// What it is.
    #[must_use]
    pub fn word(&self, lang: Lang) -> &'static str {
        pick(self.word, lang)
    }

    /// The footer's word.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> Option<&'static str> {
        self.hint.map(|hint| pick(hint, lang))
    }
}

fn pick(pair: (&'static str, &'static str), lang: Lang) -> &'static str {
    match lang {
        Lang::En => pair.0,
        Lang::Zh => pair.1,
    }
}
