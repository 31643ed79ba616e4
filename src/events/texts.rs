//! The different texts of a block of rows: each is looked up once a block among all that were seen.

use compact_str::CompactString;
use foldhash::fast::RandomState;
use indexmap::IndexSet;

use super::batch::NO_KEY;

/// Texts numbered from 0, in the order of their first appearance.
#[derive(Debug, Default)]
pub struct Texts(IndexSet<CompactString, RandomState>);

impl Texts {
    /// The number of a text; [`NO_KEY`] for an empty one.
    pub fn number(&mut self, text: &str) -> i32 {
        if text.is_empty() {
            return NO_KEY;
        }
        let number = self
            .0
            .get_index_of(text)
            .unwrap_or_else(|| self.0.insert_full(text.into()).0);
        i32::try_from(number).unwrap_or(NO_KEY)
    }

    /// Forgets them, but keeps their memory.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// A look at the texts that finds the key of each once, when it is first asked for.
    pub fn keys(&self) -> Keys<'_> {
        Keys {
            texts: self,
            found: vec![None; self.0.len()],
        }
    }
}

/// Keys of a block's texts, as far as they were asked for.
pub struct Keys<'a> {
    texts: &'a Texts,
    found: Vec<Option<i32>>,
}

impl Keys<'_> {
    /// The key of the text of a number, which `find` finds; [`NO_KEY`] for none.
    pub fn of(&mut self, number: i32, find: impl FnOnce(&str) -> i32) -> i32 {
        let Ok(at) = usize::try_from(number) else {
            return NO_KEY;
        };
        if let Some(Some(key)) = self.found.get(at) {
            return *key;
        }
        let Some(text) = self.texts.0.get_index(at) else {
            return NO_KEY;
        };
        let key = find(text);
        self.found[at] = Some(key);
        key
    }

    /// The text of a number; empty for none.
    pub fn text(&self, number: i32) -> &str {
        usize::try_from(number)
            .ok()
            .and_then(|at| self.texts.0.get_index(at))
            .map_or("", CompactString::as_str)
    }
}
