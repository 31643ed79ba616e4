//! The form of a sentence: its slots, its marks, its words, and whose figure stands where.

use std::collections::HashSet;

use super::super::codes::{Direction, Slot, Topic};
use super::super::lexicon::{Lexicon, Subject};
use super::super::slots::{Piece, pieces};
use super::{Claim, Complaint};
use crate::words::Lang;

/// The slots that a sentence must and may have.
#[derive(Clone, Copy)]
pub(super) struct Plan<'a> {
    pub must: &'a [Slot],
    pub may: &'a [Slot],
}

impl<'a> Plan<'a> {
    pub fn of(topic: &'a Topic) -> Self {
        Self {
            must: &topic.must,
            may: &topic.may,
        }
    }
}

/// The phrases that the sentence is made of, with the lists of each, and what is wrong with its form.
pub(super) fn check(
    template: &str,
    subject: Subject<'_>,
    plan: Plan<'_>,
    lang: Lang,
) -> (Vec<(String, u16)>, Vec<Complaint>) {
    let cut = pieces(template);
    let mut complaints = Vec::new();
    check_slots(&cut, plan, &mut complaints);
    check_form(template, &cut, lang, &mut complaints);
    let (taken, unknown) = words(&cut, subject, lang);
    complaints.extend(unknown);
    (taken, complaints)
}

/// The phrases of the stretches between slots and marks, and what no phrase covers.
pub(super) fn words(
    cut: &[Piece<'_>],
    subject: Subject<'_>,
    lang: Lang,
) -> (Vec<(String, u16)>, Vec<Complaint>) {
    let Some(cover) = Lexicon::of(lang).cover(subject) else {
        return (Vec::new(), vec![Complaint::NoTopic]);
    };
    let texts = cut.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(*text),
        _ => None,
    });
    let (mut taken, mut complaints) = (Vec::new(), Vec::new());
    for stretch in texts.flat_map(|text| text.split(|c| is_mark(c, lang))) {
        match cover.take(&stretch.to_lowercase()) {
            Ok(phrases) => taken.extend(phrases),
            Err(word) => complaints.push(Complaint::Unknown(word)),
        }
    }
    (taken, complaints)
}

fn check_slots(cut: &[Piece<'_>], plan: Plan<'_>, complaints: &mut Vec<Complaint>) {
    let mut seen = HashSet::new();
    for piece in cut {
        match *piece {
            Piece::Slot(slot) if !plan.must.contains(&slot) && !plan.may.contains(&slot) => {
                complaints.push(Complaint::Foreign(slot));
            }
            Piece::Slot(slot) if !seen.insert(slot) => complaints.push(Complaint::Twice(slot)),
            Piece::Code(code) => complaints.push(Complaint::Code(code.to_owned())),
            Piece::Slot(_) | Piece::Text(_) => {}
        }
    }
    complaints.extend(
        plan.must
            .iter()
            .filter(|slot| !seen.contains(slot))
            .map(|slot| Complaint::Missing(*slot)),
    );
}

pub(super) fn is_mark(c: char, lang: Lang) -> bool {
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
    let stutters = cut.iter().filter_map(|piece| match piece {
        Piece::Text(text) => stutter(text),
        _ => None,
    });
    complaints.extend(stutters.map(|word| Complaint::Stutter(word.to_owned())));
    if !begins || !is_spaced(template, lang) {
        complaints.push(Complaint::Form);
    }
}

/// The first word that stands twice in a row: the lexicon knows no order. Chinese has no blanks between words.
fn stutter(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let pairs = words.windows(2).map(|pair| {
        // A mark may come after the second, not between them.
        let second = pair[1].trim_end_matches(|c| is_mark(c, Lang::En));
        (pair[0], second)
    });
    let mut twice = pairs.filter(|(first, second)| first.eq_ignore_ascii_case(second));
    twice.next().map(|(_, second)| second)
}

/// Whether no two blanks and no two marks stand in a row; a bracket may stand beside a mark.
pub(super) fn is_spaced(text: &str, lang: Lang) -> bool {
    let is_plain_mark = |c: char| is_mark(c, lang) && !matches!(c, '(' | ')' | '（' | '）');
    let mut before = None;
    let has_two_marks = text.chars().filter(|c| *c != ' ').any(|c| {
        let is_second = is_plain_mark(c) && before.replace(c).is_some_and(is_plain_mark);
        before = Some(c);
        is_second
    });
    !has_two_marks && !text.contains("  ")
}

/// Beyond the lexicon, which knows words but not their order: the segment's figure comes first and is
/// not called the shop's; the shop's is called the shop's, right before it or right after.
pub(super) fn check_roles(cut: &[Piece<'_>], lang: Lang, complaints: &mut Vec<Complaint>) {
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
pub(super) fn check_only(
    template: &str,
    claim: Claim,
    lang: Lang,
    complaints: &mut Vec<Complaint>,
) {
    let lower = template.to_lowercase();
    let belittles = match lang {
        Lang::En => lower
            .replace("only after", "")
            .split(' ')
            .any(|word| word == "only"),
        Lang::Zh => {
            let cut = pieces(template);
            cut.iter().enumerate().any(|(at, piece)| match piece {
                // Right before the shop's figure it belittles that one, which goes with more.
                Piece::Text(text) => {
                    let next = cut.get(at + 1);
                    let is_shops = matches!(next, Some(Piece::Slot(Slot::Pop | Slot::Share)));
                    let (before, last) = match text.rfind(|c| is_mark(c, lang)) {
                        Some(mark) => text.split_at(mark),
                        None => ("", *text),
                    };
                    before.contains('只') || last.contains('只') && !is_shops
                }
                _ => false,
            })
        }
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
        .take(5)
        .collect();
    match words[..] {
        ["", "in" | "of" | "across" | "for", "the", "shop", ..] => true,
        // "the <|pop|> of the shop's customers", but not "the <|pop|> of the shop's".
        ["", "of", "the", "shop's", of_whom] => !of_whom.is_empty(),
        _ => false,
    }
}

/// The own figure comes before the one that it is compared with.
pub(super) fn check_order(cut: &[Piece<'_>], complaints: &mut Vec<Complaint>) {
    let at = |wanted: Slot| cut.iter().position(|piece| *piece == Piece::Slot(wanted));
    if at(Slot::Pop).is_some_and(|pop| at(Slot::Val).is_some_and(|val| val > pop)) {
        complaints.push(Complaint::Role(Slot::Pop));
    }
}

/// A category makes nothing: no word before or after it says that a product is by it.
pub(super) fn check_maker(cut: &[Piece<'_>], lang: Lang, complaints: &mut Vec<Complaint>) {
    let Some(at) = cut
        .iter()
        .position(|piece| *piece == Piece::Slot(Slot::Name2))
    else {
        return;
    };
    let text = |piece: Option<&Piece<'_>>| match piece {
        Some(Piece::Text(text)) => text.trim().to_lowercase(),
        _ => String::new(),
    };
    let before = text(at.checked_sub(1).and_then(|before| cut.get(before)));
    let after = text(cut.get(at + 1));
    let makes = match lang {
        Lang::En => {
            before == "by"
                || before.ends_with(" by")
                || ["brand", "maker", "made"]
                    .iter()
                    .any(|word| before.ends_with(word))
                || ["makes", "made", "is the brand", "is the maker"]
                    .iter()
                    .any(|word| after.starts_with(word))
        }
        Lang::Zh => {
            ["由", "品牌", "出自"]
                .iter()
                .any(|word| before.ends_with(word))
                || ["出品", "制造", "生产", "品牌"]
                    .iter()
                    .any(|word| after.starts_with(word))
        }
    };
    complaints.extend(makes.then_some(Complaint::Role(Slot::Name2)));
}

/// In a comparison of two segments the shop has no part.
pub(super) fn check_no_shop(cut: &[Piece<'_>], lang: Lang, complaints: &mut Vec<Complaint>) {
    let names_shop = cut.iter().any(|piece| match piece {
        Piece::Text(text) if lang == Lang::Zh => text.contains("全店"),
        Piece::Text(text) => text.contains("the shop's"),
        _ => false,
    });
    complaints.extend(names_shop.then_some(Complaint::Role(Slot::Val)));
}
