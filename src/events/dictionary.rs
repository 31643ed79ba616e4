//! Integer keys for texts that recur, in the order of their first appearance.

use std::collections::HashMap;

use compact_str::CompactString;
use foldhash::fast::RandomState;

/// A map by text: short texts stand in the table itself, which is one access of memory less where the table is large.
pub type ByText<T> = HashMap<CompactString, T, RandomState>;

/// Texts with their keys; those that are new since the last generation can be taken out.
#[derive(Debug, Default)]
pub struct Dictionary {
    keys: ByText<i32>,
    /// The highest key: those of texts that were erased stay free below it.
    last: i32,
    fresh: Vec<(i32, String)>,
}

impl Dictionary {
    /// A dictionary that knows `known` already.
    pub fn with(known: impl IntoIterator<Item = (i32, String)>) -> Self {
        let keys: ByText<i32> = known
            .into_iter()
            .map(|(key, text)| (text.into(), key))
            .collect();
        Self {
            last: keys.values().copied().max().unwrap_or(0),
            keys,
            fresh: Vec::new(),
        }
    }

    /// The key of `text`; a new one where it was not seen before. None for empty text.
    pub fn key(&mut self, text: &str) -> Option<i32> {
        if text.is_empty() {
            return None;
        }
        if let Some(key) = self.keys.get(text) {
            return Some(*key);
        }
        // More than two thousand million different texts do not fit in memory before they do not fit in the key.
        let key = self.last.saturating_add(1);
        self.last = key;
        self.keys.insert(text.into(), key);
        self.fresh.push((key, text.to_owned()));
        Some(key)
    }

    /// Those that are new, in the order of their keys.
    pub fn take_fresh(&mut self) -> Vec<(i32, String)> {
        std::mem::take(&mut self.fresh)
    }
}
