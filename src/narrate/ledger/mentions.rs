//! A sentence with its amounts and names found: what is left are words.

use super::super::lexicon::Lexicon;
use super::amounts::{Amount, find};
use super::groups::Group;
use crate::words::Lang;

/// First of the characters that stand for mentions in [`Reading::flat`]; out of Unicode's private area.
const FIRST: u32 = 0xE000;

/// Most mentions of a sentence.
const MOST: usize = 500;

/// An amount or a name.
pub(super) enum Mention {
    Amount(Amount),
    /// Lower-case; whether it stands in quotation marks.
    Name(String),
}

/// A sentence read.
pub(super) struct Reading {
    /// Lower-case, each mention one character.
    pub flat: String,
    /// The mentions and their text.
    pub mentions: Vec<(Mention, String)>,
}

/// A place where a sentence may be cut: the part before ends at `before`, the one after begins at `after`.
pub(super) struct Cut {
    pub before: usize,
    pub after: usize,
    /// At a preposition: both parts must have a figure or a name of their own.
    pub is_weak: bool,
}

impl Reading {
    pub fn of(sentence: &str, groups: &[Group<'_>], lang: Lang) -> Self {
        let mut text: String = sentence
            .chars()
            .filter(|c| !is_private(*c))
            .collect::<String>()
            .to_lowercase()
            .replace('’', "'");
        // A colon that does more than name the shop parts it from its figure: "(shop: 8 orders)".
        for before in [
            "(",
            "(the ",
            ", ",
            ", the ",
            "; ",
            "; the ",
            "against ",
            "against the ",
        ] {
            text = text.replace(&format!("{before}shop: "), &format!("{before}shop "));
        }
        text = text
            .replace("（全店：", "（全店")
            .replace("，全店：", "，全店");
        if lang == Lang::En {
            text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let names = names(&text, sentence, groups, lang);
        // Figures inside names are none.
        let is_in_name = |at: usize| names.iter().any(|(range, _)| range.contains(&at));
        let mut found: Vec<(std::ops::Range<usize>, Mention)> = find(&text, lang)
            .into_iter()
            .filter(|(range, _)| !is_in_name(range.start))
            .map(|(range, amount)| (range, Mention::Amount(amount)))
            .collect();
        found.extend(
            names
                .into_iter()
                .map(|(range, name)| (range, Mention::Name(name))),
        );
        // Quotation marks of two kinds may stand crosswise: what begins inside another is a part of it.
        found.sort_by_key(|(range, _)| range.start);
        let mut end = 0;
        found.retain(|(range, _)| {
            let is_apart = range.start >= end;
            end = if is_apart { range.end } else { end };
            is_apart
        });
        found.truncate(MOST);
        let mut reading = Self {
            flat: String::new(),
            mentions: Vec::new(),
        };
        let mut at = 0;
        for (range, mention) in found {
            reading.flat.push_str(&text[at..range.start]);
            reading.flat.extend(sign(reading.mentions.len()));
            reading
                .mentions
                .push((mention, text[range.clone()].to_owned()));
            at = range.end;
        }
        reading.flat.push_str(&text[at..]);
        reading
    }

    /// The mention that a character stands for.
    pub fn mention(&self, c: char) -> Option<&(Mention, String)> {
        let at = (c as u32).checked_sub(FIRST)?;
        self.mentions.get(at as usize)
    }

    /// A name in quotation marks that no fact has.
    pub fn strange_name(&self) -> Option<String> {
        self.mentions
            .iter()
            .find_map(|(mention, text)| match mention {
                Mention::Name(name) if name.is_empty() => {
                    Some(format!("{text} is no name of the facts"))
                }
                _ => None,
            })
    }

    /// The places where it may be cut, with its beginning and its end: at marks, and at words that join.
    pub fn cuts(&self, most: usize, lexicon: &Lexicon) -> Vec<Cut> {
        let cut = |before, after| Cut {
            before,
            after,
            is_weak: false,
        };
        let mut cuts = vec![cut(0, 0)];
        let flat = &self.flat;
        for (at, c) in flat.char_indices() {
            let end = at + c.len_utf8();
            // Inside the word of the cut before.
            if cuts.last().is_some_and(|cut| at < cut.after) {
                continue;
            }
            // Names side by side, without a mark.
            let is_name = |c: char| matches!(self.mention(c), Some((Mention::Name(_), _)));
            if is_name(c) && flat[..at].chars().next_back().is_some_and(is_name) {
                cuts.push(cut(at, at));
                continue;
            }
            if is_mark(c) {
                cuts.push(cut(at, end));
                continue;
            }
            for word in lexicon.splits.iter().chain(&lexicon.weak_splits) {
                let starts_word = |at: usize| {
                    lexicon.lang == Lang::Zh
                        || at == 0
                        || !flat[..at].ends_with(|c: char| c.is_alphanumeric() || c == '\'')
                };
                let ends_word = |at: usize| {
                    lexicon.lang == Lang::Zh
                        || !flat[at..].starts_with(|c: char| c.is_alphanumeric() || c == '\'')
                };
                let whole = at + word.len();
                if flat[at..].starts_with(word.as_str()) && starts_word(at) && ends_word(whole) {
                    cuts.push(Cut {
                        is_weak: lexicon.weak_splits.contains(word),
                        ..cut(at, whole)
                    });
                    break;
                }
            }
        }
        cuts.truncate(most + 1);
        cuts.push(cut(flat.len(), flat.len()));
        cuts
    }
}

/// Marks between the parts of a sentence.
pub(super) fn is_mark(c: char) -> bool {
    matches!(
        c,
        ',' | '.'
            | ';'
            | ':'
            | '('
            | ')'
            | '!'
            | '?'
            | '–'
            | '—'
            | '，'
            | '。'
            | '；'
            | '：'
            | '（'
            | '）'
            | '、'
            | '！'
            | '？'
    )
}

pub(super) fn is_private(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}

fn sign(at: usize) -> Option<char> {
    char::from_u32(FIRST + u32::try_from(at).ok()?)
}

/// Names in quotation marks, empty where no fact has them, and the facts' names without marks.
fn names(
    text: &str,
    written: &str,
    groups: &[Group<'_>],
    lang: Lang,
) -> Vec<(std::ops::Range<usize>, String)> {
    let mut known: Vec<&str> = groups
        .iter()
        .filter_map(|group| Some(group.name.as_ref()?.0.as_str()))
        .filter(|name| !name.is_empty())
        .collect();
    known.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut found: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for (open, close) in [('“', '”'), ('"', '"'), ('「', '」'), ('《', '》')] {
        let mut at = 0;
        while let Some(start) = text[at..].find(open).map(|start| at + start) {
            let inner = start + open.len_utf8();
            let Some(end) = text[inner..].find(close).map(|end| inner + end) else {
                break;
            };
            let name = &text[inner..end];
            let name = known
                .iter()
                .find(|one| **one == name.trim())
                .map_or_else(String::new, |name| (*name).to_owned());
            found.push((start..end + close.len_utf8(), name));
            at = end + close.len_utf8();
        }
    }
    for name in known {
        // A lower-case word without quotation marks is a word: "all" may well be somebody's query.
        let is_written_as_name = |c: char| c.is_uppercase() || !c.is_ascii();
        let starts_as_name = written.to_lowercase().match_indices(name).any(|(at, _)| {
            written
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(is_written_as_name)
        });
        if !starts_as_name || name.chars().count() < 2 {
            continue;
        }
        let mut at = 0;
        while let Some(start) = text[at..].find(name).map(|start| at + start) {
            let range = start..start + name.len();
            at = range.end;
            let is_part = |c: Option<char>| {
                lang == Lang::En && c.is_some_and(char::is_alphanumeric)
                    || name.is_ascii() && c.is_some_and(|c| c.is_ascii_alphanumeric())
            };
            let is_whole = !is_part(text[..start].chars().next_back())
                && !is_part(text[range.end..].chars().next());
            let is_free = !found
                .iter()
                .any(|(other, _)| range.start < other.end && other.start < range.end);
            if is_whole && is_free {
                found.push((range, name.to_owned()));
            }
        }
    }
    found
}
