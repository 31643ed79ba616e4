//! Every action that can be asked for here, found by its words.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::keys::{Action, BINDINGS, Binding};
use super::shared::Shared;
use super::views::ViewId;

/// The actions whose words or name fit the text, the best first; all in the order of the table where it is empty.
#[must_use]
pub fn find(text: &str, view: ViewId, shared: &Shared) -> Vec<&'static Binding> {
    let all = BINDINGS.iter().filter(|binding| {
        binding.holds(view, shared.is_bare()) && binding.action != Action::Palette
    });
    if text.trim().is_empty() {
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|binding| !binding.is_own());
        return all;
    }
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut found: Vec<(u32, &Binding)> = all
        .filter_map(|binding| {
            let words = format!("{} {} {}", binding.word.0, binding.word.1, binding.name);
            let score = pattern.score(Utf32Str::new(&words, &mut letters), &mut matcher)?;
            Some((score, binding))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, binding)| binding).collect()
}
