//! A part of a sentence held against the facts: which fact it tells, or what speaks against it.

use super::super::codes::Measure;
use super::super::lexicon::{Cover, Lexicon, List};
use super::attempt::Try;
use super::groups::Group;
use super::mentions::{Mention, Reading, is_mark, is_private};
use crate::words::{Lang, Unit};

/// What a part tells.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The group that it tells; none where it tells nothing.
    pub group: Option<usize>,
    /// The measure that its words name.
    pub measure: Option<Measure>,
    pub facts: Vec<String>,
    /// What speaks against it.
    pub why: Vec<String>,
}

/// Reads a part as the fact that it fits best.
pub(super) fn read(
    slice: &str,
    reading: &Reading,
    groups: &[Group<'_>],
    context: Context<'_>,
    lang: Lang,
) -> Told {
    if !slice.contains(is_private) && covers(Lexicon::of(lang).frame(), slice) {
        return Told::default();
    }
    let mut best: Option<Told> = None;
    for (at, group) in groups.iter().enumerate() {
        let goes_on = context.last == Some(at);
        if !goes_on && !may_tell(slice, reading, group) {
            continue;
        }
        for measure in [Measure::Median, Measure::Mean, Measure::Exact] {
            if !group.figures.iter().any(|figure| figure.measure == measure)
                && (measure != Measure::Exact || !group.figures.is_empty())
            {
                continue;
            }
            let told = Try::new(group, measure, at, reading, context, lang).read(slice);
            let is_better = best.as_ref().is_none_or(|other| {
                (told.why.len(), std::cmp::Reverse(told.facts.len()))
                    < (other.why.len(), std::cmp::Reverse(other.facts.len()))
            });
            if is_better {
                best = Some(told);
            }
        }
    }
    best.unwrap_or_else(|| Told {
        why: vec![format!("no fact is told by “{}”", shown(slice, reading))],
        ..Told::default()
    })
}

/// Whether a sentence says nothing of the segment: no figure, no name, nothing but words that announce.
pub(super) fn says_nothing(reading: &Reading, lang: Lang) -> bool {
    // "One" may be a word; "twice" and "half" compare.
    let is_soft = |mention: &Mention| matches!(mention, Mention::Amount(amount) if amount.is_soft && !amount.units.contains(&Unit::Times));
    if !reading.mentions.iter().all(|(mention, _)| is_soft(mention)) {
        return false;
    }
    let text = shown(&reading.flat, reading);
    let lexicon = Lexicon::of(lang);
    // Words that only announce, and those for what the facts are about; none says how much.
    let announces = |lists: u16| {
        let claims = [
            List::Negation,
            List::Rank,
            List::Beyond,
            List::Up,
            List::Down,
        ];
        List::Words.is_in(lists) || !claims.into_iter().any(|list| list.is_in(lists))
    };
    text.split(is_mark).all(|stretch| {
        let taken = lexicon.announcing().take(stretch.trim());
        taken.is_ok_and(|taken| taken.iter().all(|(_, lists)| announces(*lists)))
    })
}

/// The part with its mentions as they stand in the text.
fn shown(slice: &str, reading: &Reading) -> String {
    let mut out = String::new();
    for c in slice.chars() {
        match reading.mention(c) {
            Some((_, text)) => out.push_str(text),
            None => out.push(c),
        }
    }
    out.trim().to_owned()
}

fn covers(cover: &Cover, slice: &str) -> bool {
    slice
        .split(is_mark)
        .all(|stretch| cover.take(stretch.trim()).is_ok())
}

/// The text with the amounts that may be plain words as they stand: "one category".
pub(super) fn expanded(text: &str, reading: &Reading) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match reading.mention(c) {
            Some((Mention::Amount(amount), words)) if amount.is_soft => out.push_str(words),
            _ => out.push(c),
        }
    }
    out
}

/// Where words tell any of the groups' facts, in English as whole words; places in the [`expanded`] text.
pub(super) fn topics(
    reading: &Reading,
    groups: &[Group<'_>],
    lang: Lang,
) -> Vec<std::ops::Range<usize>> {
    let flat = &reading.flat;
    let is_part =
        |c: Option<char>| lang == Lang::En && c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut found = Vec::new();
    for group in groups {
        for word in &group.words {
            for (at, _) in flat.match_indices(word.as_str()) {
                let range = at..at + word.len();
                let is_whole = !is_part(flat[..range.start].chars().next_back())
                    && !is_part(flat[range.end..].chars().next());
                if is_whole && !found.contains(&range) {
                    found.push(range);
                }
            }
        }
    }
    found
}

/// Whether the part can be about the group at all: by a word, a name or an amount.
fn may_tell(slice: &str, reading: &Reading, group: &Group<'_>) -> bool {
    let words = expanded(slice, reading);
    let has_mention = slice
        .chars()
        .filter_map(|c| reading.mention(c))
        .any(|(mention, _)| match mention {
            Mention::Name(name) => group.name.as_ref().is_some_and(|own| own.0 == *name),
            Mention::Amount(amount) => group
                .figures
                .iter()
                .any(|figure| is_telling(figure.unit) && amount.units.contains(&figure.unit)),
        });
    has_mention
        || group
            .words
            .iter()
            .any(|phrase| words.contains(phrase.as_str()))
}

/// Units that tell what a figure is of.
pub(super) fn is_telling(unit: Unit) -> bool {
    !matches!(
        unit,
        Unit::Percent | Unit::Days | Unit::Times | Unit::Money | Unit::Number | Unit::Name
    )
}

/// What stands before a part, and what holds for the whole sentence.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The sentence up to the part.
    pub before: &'a str,
    /// The group told by the part before, which it may go on about.
    pub last: Option<usize>,
    /// The measure named last.
    pub measure: Option<Measure>,
    /// ISO 4217 code of the facts' money.
    pub currency: Option<&'a str>,
    /// Where in the sentence words tell any of the facts.
    pub topics: &'a [std::ops::Range<usize>],
}
