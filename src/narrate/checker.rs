//! Does a sentence say what its facts say? Independent of whoever wrote it: it sees the sentence, its
//! codes and the facts, and follows the rules at the head of `models/lexicon.toml`.

use std::collections::HashSet;
use std::fmt;

use super::codes::{Direction, Measure, Slot, Topic};
use super::lexicon::{Cover, List};
use super::slots::{Piece, pieces, quoted, sanitise};
use crate::records::{Fact, Value};
use crate::words::{self, Lang};

/// What a sentence claims by its codes.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// What it is about.
    pub topic: &'static Topic,
    /// How the segment stands to the shop.
    pub direction: Direction,
    /// Which figure it tells.
    pub measure: Measure,
}

/// One reason why a sentence is not supported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Complaint {
    /// A slot that the topic needs is missing.
    Missing(Slot),
    /// A slot that does not belong to the topic.
    Foreign(Slot),
    /// A slot stands twice.
    Twice(Slot),
    /// A control code stands in the text.
    Code(String),
    /// A character that no sentence may have.
    Mark(char),
    /// It does not end with its only stop.
    Stop,
    /// It does not begin as a sentence does, or has two blanks in a row.
    Form,
    /// A word outside the closed lexicon of the topic.
    Unknown(String),
    /// No word tells the topic.
    NoTopic,
    /// No word tells the direction.
    NoDirection,
    /// A word tells another direction.
    Direction(String),
    /// A word is stronger or milder than the difference.
    Strength(String),
    /// A word tells another measure.
    Measure(String),
    /// The figure is told as somebody else's: the segment's as the shop's or the reverse.
    Role(Slot),
    /// A number that no fact of the sentence has.
    Number(String),
    /// A quoted name that no fact of the sentence has.
    Name(String),
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(slot) => write!(f, "{slot} is missing"),
            Self::Foreign(slot) => write!(f, "{slot} does not belong here"),
            Self::Twice(slot) => write!(f, "{slot} stands twice"),
            Self::Code(code) => write!(f, "the code {code} stands in the text"),
            Self::Mark(mark) => write!(f, "the character {mark:?} has no place here"),
            Self::Stop => f.write_str("it does not end with its only stop"),
            Self::Form => f.write_str("it does not begin or is not spaced as a sentence"),
            Self::Unknown(word) => write!(f, "{word:?} is outside the lexicon"),
            Self::NoTopic => f.write_str("no word tells the topic"),
            Self::NoDirection => f.write_str("no word tells the direction"),
            Self::Direction(word) => write!(f, "{word:?} tells another direction"),
            Self::Strength(word) => write!(f, "{word:?} is too strong or too mild"),
            Self::Measure(word) => write!(f, "{word:?} tells another measure"),
            Self::Role(slot) => write!(f, "{slot} is told as somebody else's"),
            Self::Number(number) => write!(f, "{number:?} is no figure of the facts"),
            Self::Name(name) => write!(f, "{name:?} is no name of the facts"),
        }
    }
}

/// Checks a sentence with its slots still open; no complaints: supported.
#[must_use]
pub fn check_template(template: &str, claim: Claim, lang: Lang) -> Vec<Complaint> {
    let cut = pieces(template);
    let mut complaints = Vec::new();
    check_slots(&cut, claim.topic, &mut complaints);
    check_form(template, &cut, lang, &mut complaints);
    check_roles(&cut, lang, &mut complaints);
    check_only(template, claim, lang, &mut complaints);
    let stretches: Vec<String> = cut
        .iter()
        .filter_map(|piece| {
            if let Piece::Text(text) = piece {
                Some(*text)
            } else {
                None
            }
        })
        .flat_map(|text| text.split(|c| is_mark(c, lang)))
        .map(str::to_lowercase)
        .collect();
    let Some(cover) = Cover::of(lang, &claim.topic.name) else {
        complaints.push(Complaint::NoTopic);
        return complaints;
    };
    let mut taken = Vec::new();
    for stretch in &stretches {
        match cover.take(stretch) {
            Ok(phrases) => taken.extend(phrases),
            Err(word) => complaints.push(Complaint::Unknown(word)),
        }
    }
    check_meaning(&taken, claim, cover, &mut complaints);
    complaints
}

fn check_slots(cut: &[Piece<'_>], topic: &Topic, complaints: &mut Vec<Complaint>) {
    let mut seen = HashSet::new();
    for piece in cut {
        match *piece {
            Piece::Slot(slot) if !topic.must.contains(&slot) && !topic.may.contains(&slot) => {
                complaints.push(Complaint::Foreign(slot));
            }
            Piece::Slot(slot) if !seen.insert(slot) => complaints.push(Complaint::Twice(slot)),
            Piece::Code(code) => complaints.push(Complaint::Code(code.to_owned())),
            Piece::Slot(_) | Piece::Text(_) => {}
        }
    }
    complaints.extend(
        topic
            .must
            .iter()
            .filter(|slot| !seen.contains(slot))
            .map(|slot| Complaint::Missing(*slot)),
    );
}

fn is_mark(c: char, lang: Lang) -> bool {
    match lang {
        Lang::En => matches!(c, ',' | '.' | ';' | ':' | '(' | ')'),
        Lang::Zh => matches!(c, '，' | '。' | '；' | '：' | '（' | '）'),
    }
}

fn check_form(template: &str, cut: &[Piece<'_>], lang: Lang, complaints: &mut Vec<Complaint>) {
    let text: String = cut
        .iter()
        .filter_map(|p| {
            if let Piece::Text(text) = p {
                Some(*text)
            } else {
                None
            }
        })
        .collect();
    let allowed = |c: char| match lang {
        Lang::En => c.is_ascii_alphabetic() || matches!(c, ' ' | '\'' | '-') || is_mark(c, lang),
        Lang::Zh => !c.is_whitespace() && !c.is_numeric() && !c.is_control(),
    };
    complaints.extend(text.chars().filter(|c| !allowed(*c)).map(Complaint::Mark));
    let stop = if lang == Lang::En { '.' } else { '。' };
    if !template.ends_with(stop) || text.chars().filter(|c| *c == stop).count() != 1 {
        complaints.push(Complaint::Stop);
    }
    let begins = match cut.first() {
        Some(Piece::Slot(_)) => true,
        Some(Piece::Text(text)) => {
            lang == Lang::Zh || text.starts_with(|c: char| c.is_ascii_uppercase())
        }
        _ => false,
    };
    if !begins || template.contains("  ") {
        complaints.push(Complaint::Form);
    }
}

/// Beyond the lexicon, which knows words but not their order: the segment's figure comes first and is
/// not called the shop's; the shop's is called the shop's, right before it or right after.
fn check_roles(cut: &[Piece<'_>], lang: Lang, complaints: &mut Vec<Complaint>) {
    let at = |wanted: Slot| cut.iter().position(|piece| *piece == Piece::Slot(wanted));
    let (val, pop) = (at(Slot::Val), at(Slot::Pop));
    let text = |piece: Option<&Piece<'_>>| match piece {
        Some(Piece::Text(text)) => text.to_lowercase(),
        _ => String::new(),
    };
    let before = |at: usize| text(at.checked_sub(1).and_then(|before| cut.get(before)));
    let after = |at: usize| text(cut.get(at + 1));
    let is_val_wrong = val.is_some_and(|at| {
        let before = before(at);
        // After a colon that does more than name the shop, a new clause begins.
        let clauses: Vec<_> = before.split(|c| is_mark(c, lang)).map(str::trim).collect();
        let clause = match clauses[..] {
            [.., name @ ("shop" | "the shop" | "全店"), ""] => name,
            [.., last] => last,
            [] => "",
        };
        names_shop(clause, lang, 0) || is_of_shop(&after(at))
    });
    let is_pop_wrong = pop.is_some_and(|at| {
        val.is_some_and(|val| val > at)
            || !names_shop(&before(at), lang, 3) && !is_of_shop(&after(at))
    });
    complaints.extend(is_val_wrong.then_some(Complaint::Role(Slot::Val)));
    complaints.extend(is_pop_wrong.then_some(Complaint::Role(Slot::Pop)));
}

/// "Only" belittles, so it goes with less alone; "only after" tells of time and goes with more.
fn check_only(template: &str, claim: Claim, lang: Lang, complaints: &mut Vec<Complaint>) {
    let lower = template.to_lowercase();
    let belittles = match lang {
        Lang::En => lower
            .replace("only after", "")
            .split(' ')
            .any(|word| word == "only"),
        Lang::Zh => lower.contains('只'),
    };
    if belittles && !matches!(claim.direction, Direction::MuchLess | Direction::Less) {
        let word = if lang == Lang::En { "only" } else { "只" };
        complaints.push(Complaint::Direction(word.to_owned()));
    }
}

/// Whether the text before a figure names the shop, with at most `between` words (in Chinese
/// characters, and a particle) between it and the figure.
fn names_shop(before: &str, lang: Lang, between: usize) -> bool {
    match lang {
        Lang::En => {
            let words = before
                .split(|c: char| !c.is_ascii_alphabetic() && c != '\'')
                .filter(|word| !word.is_empty());
            words
                .rev()
                .take(between + 1)
                .any(|word| matches!(word, "shop" | "shop's"))
        }
        Lang::Zh => before
            .rfind("全店")
            // "占全店的" is a share of the shop's whole.
            .is_some_and(|at| {
                before[at..].chars().count() <= between + 3 && !before[..at].ends_with('占')
            }),
    }
}

/// Whether the English text after a figure gives it to the shop.
fn is_of_shop(after: &str) -> bool {
    let words: Vec<_> = after
        .split([' ', ',', '.', ';', ':', '(', ')'])
        .take(4)
        .collect();
    matches!(
        words[..],
        ["", "in" | "of" | "across" | "for", "the", "shop"]
    )
}

fn check_meaning(
    taken: &[(String, u16)],
    claim: Claim,
    cover: &Cover,
    complaints: &mut Vec<Complaint>,
) {
    let wanted = match claim.direction {
        Direction::MuchLess | Direction::Less => List::Down,
        Direction::Same => List::Same,
        Direction::More | Direction::MuchMore => List::Up,
    };
    let is_strong = matches!(claim.direction, Direction::MuchLess | Direction::MuchMore);
    let is_mild = matches!(claim.direction, Direction::Less | Direction::More);
    let any = |list: List| taken.iter().any(|(_, lists)| list.is_in(*lists));
    if !any(List::Words) && cover.has(List::Words) {
        complaints.push(Complaint::NoTopic);
    }
    if !any(wanted) && cover.has(wanted) {
        complaints.push(Complaint::NoDirection);
    }
    for (phrase, lists) in taken {
        let is = |list: List| list.is_in(*lists);
        if [List::Up, List::Down, List::Same]
            .into_iter()
            .any(|list| list != wanted && is(list))
        {
            complaints.push(Complaint::Direction(phrase.clone()));
        }
        if is(List::Strong) && !is_strong || is(List::Mild) && !is_mild {
            complaints.push(Complaint::Strength(phrase.clone()));
        }
        if is(List::Median) && claim.measure != Measure::Median
            || is(List::Mean) && claim.measure != Measure::Mean
        {
            complaints.push(Complaint::Measure(phrase.clone()));
        }
    }
}

/// Checks a sentence as shown against its facts: each number is a figure of theirs as
/// [`words::show`] writes it, each quoted name one of their names.
#[must_use]
pub fn check_shown(
    text: &str,
    facts: &[&Fact],
    currency: Option<&str>,
    lang: Lang,
) -> Vec<Complaint> {
    let mut figures = Vec::new();
    let mut names = Vec::new();
    for fact in facts {
        for value in std::iter::once(&fact.value).chain(&fact.population) {
            match value {
                Value::Text(name) => names.push(quoted(name, lang)),
                Value::Number(_) => figures.push(words::show(value, fact.unit, currency, lang)),
            }
        }
        // A label may hold a digit of its own ("items of the top 3").
        figures.push(sanitise(fact.label.get(lang)).to_lowercase());
    }
    figures.retain(|figure| figure.contains(char::is_numeric));
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.len()));
    let mut complaints = Vec::new();
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut step = c.len_utf8();
        if c == '“' {
            let Some(name) = names.iter().find(|name| rest.starts_with(name.as_str())) else {
                complaints.push(Complaint::Name(
                    rest.split('”').next().unwrap_or(rest).to_owned(),
                ));
                return complaints;
            };
            step = name.len();
        } else if let Some(figure) = figures.iter().find(|figure| stands(figure, rest, before)) {
            step = figure.len();
        } else if c.is_numeric() {
            step = rest
                .find(|c: char| !c.is_numeric() && !matches!(c, '.' | ','))
                .unwrap_or(rest.len());
            complaints.push(Complaint::Number(rest[..step].to_owned()));
        }
        before = rest[..step].chars().next_back().unwrap_or(' ');
        rest = &rest[step..];
    }
    complaints
}

/// Whether the figure stands at the beginning of `rest` as a whole, not as a part of a longer number.
fn stands(figure: &str, rest: &str, before: char) -> bool {
    let Some(head) = rest.get(..figure.len()) else {
        return false;
    };
    if head != figure && head.to_lowercase() != figure {
        return false;
    }
    let mut after = rest[figure.len()..].chars();
    let (next, second) = (after.next().unwrap_or(' '), after.next().unwrap_or(' '));
    let goes_on =
        next.is_numeric() || next == '%' || matches!(next, '.' | ',') && second.is_numeric();
    !goes_on && !before.is_numeric() && !matches!(before, '-' | '−' | '.' | '£' | '$' | '€' | '¥')
}
