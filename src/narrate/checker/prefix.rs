//! Whether a sentence in the making can still become right: what lets the engine draw another word at once, instead of
//! finding out at the stop.

use super::super::codes::{Direction, Measure, Relation, Slot};
use super::super::lexicon::{Lexicon, List, Subject};
use super::super::slots::{Piece, pieces};
use super::form::{self, is_mark};
use super::headline;
use super::links::{as_sentence, cuts};
use super::{Claim, Claims, Told, check};
use crate::words::Lang;

/// Whether `start`, the beginning of a sentence, can still become one that passes the checker; a whole sentence can
/// where it passes. True is no promise, false is.
#[must_use]
pub fn is_open(start: &str, claims: &Claims, before: Option<Told>, lang: Lang) -> bool {
    let stop = if lang == Lang::En { '.' } else { '。' };
    if !form::is_spaced(start, lang) {
        return false;
    }
    if start.ends_with(stop) {
        return check(start.trim(), claims, before, lang).is_empty();
    }
    match claims {
        Claims::One(claim) => is_one_open(start, *claim, before, lang),
        Claims::Two(first, second) => {
            is_one_open(start, *first, before, lang)
                || cuts(start, lang).iter().any(|cut| {
                    let head = format!("{}{stop}", start[..cut.start].trim());
                    let tail = as_sentence(&start[cut.end..], lang);
                    let contrast = Relation::of(first.fact(), second.fact()) == Relation::Contrast;
                    (contrast || !Lexicon::of(lang).contrast.iter().any(|w| w == cut.word))
                        && check(&head, &Claims::One(*first), before, lang).is_empty()
                        && is_one_open(&tail, *second, None, lang)
                })
        }
        Claims::Headline(facts) => is_headline_open(start, facts, lang),
        Claims::Compared(claim, _) => {
            let subject = claim.subject_compared();
            is_told_open(start, subject, *claim, None, lang)
        }
        Claims::Line(line) => {
            decided(start, Subject::Line(&line.name), lang, &|_, _| true).is_some()
        }
    }
}

fn is_one_open(start: &str, claim: Claim, before: Option<Told>, lang: Lang) -> bool {
    let relation = before.map_or(Relation::None, |before| Relation::of(before, claim.fact()));
    let is_second =
        |piece: &Piece<'_>| matches!(piece, Piece::Slot(Slot::Val2 | Slot::Pop2 | Slot::Value));
    !pieces(start).iter().any(is_second)
        && is_told_open(start, claim.subject(), claim, Some(relation), lang)
}

/// A trait of a fact that is told already, or of none of the facts, closes it.
fn is_headline_open(start: &str, facts: &[Told], lang: Lang) -> bool {
    let lexicon = Lexicon::of(lang);
    let Some(taken) = decided(start, Subject::Headline, lang, &|_, _| true) else {
        return false;
    };
    let fact = |phrase: &str| {
        facts.iter().position(|(topic, direction)| {
            lexicon
                .traits(&topic.name, direction.sign())
                .iter()
                .any(|one| one == phrase)
        })
    };
    let mut told = vec![false; facts.len()];
    for (phrase, lists) in &taken {
        if List::Words.is_in(*lists)
            && fact(phrase).is_none_or(|at| std::mem::replace(&mut told[at], true))
        {
            return false;
        }
    }
    let is_trait = |(_, lists): &(String, u16)| List::Words.is_in(*lists);
    if !taken.split(is_trait).all(headline::is_link_of_one) {
        return false;
    }
    let is_done = told.iter().all(|told| *told);
    let fits = |phrase: &str, lists: u16| {
        if List::Words.is_in(lists) {
            fact(phrase).is_some_and(|at| !told[at])
        } else {
            !is_done || phrase == headline::closing(lang)
        }
    };
    decided(start, Subject::Headline, lang, &fits).is_some()
        && (!is_done
            || headline::closes(&taken, lang) && !start.trim_end().ends_with(|c| is_mark(c, lang)))
}

/// Whether no phrase tells another direction, strength, measure or link than the claim's, and the last words can still
/// become one that does not.
fn is_told_open(
    start: &str,
    subject: Subject<'_>,
    claim: Claim,
    relation: Option<Relation>,
    lang: Lang,
) -> bool {
    let sign = claim.direction.sign();
    let is_strong = matches!(claim.direction, Direction::MuchLess | Direction::MuchMore);
    let is_mild = sign != 0 && !is_strong;
    let forbidden = [
        (List::Up, sign != 1),
        (List::Down, sign != -1),
        (List::Same, sign != 0),
        (List::Strong, !is_strong),
        (List::Mild, !is_mild),
        (List::Median, claim.measure != Measure::Median),
        (List::Mean, claim.measure != Measure::Mean),
        (
            List::Contrast,
            relation.is_some_and(|is| is != Relation::Contrast),
        ),
        (
            List::Addition,
            relation.is_some_and(|is| is != Relation::Addition),
        ),
    ];
    let fits = |_: &str, lists: u16| {
        !forbidden
            .iter()
            .any(|(list, is_forbidden)| *is_forbidden && list.is_in(lists))
    };
    decided(start, subject, lang, &fits)
        .is_some_and(|taken| taken.iter().all(|(phrase, lists)| fits(phrase, *lists)))
}

/// The phrases that are settled whatever follows; none where a stretch can't be covered any more, or where the last one
/// can only end in a phrase that does not fit.
fn decided(
    start: &str,
    subject: Subject<'_>,
    lang: Lang,
    fits: &dyn Fn(&str, u16) -> bool,
) -> Option<Vec<(String, u16)>> {
    let cover = Lexicon::of(lang).cover(subject)?;
    let cut = pieces(start);
    let mut taken = Vec::new();
    for (at, piece) in cut.iter().enumerate() {
        let Piece::Text(text) = piece else { continue };
        let stretches: Vec<String> = text
            .split(|c| is_mark(c, lang))
            .map(str::to_lowercase)
            .collect();
        for (place, stretch) in stretches.iter().enumerate() {
            let is_last = at + 1 == cut.len() && place + 1 == stretches.len();
            if is_last {
                taken.extend(cover.take_start(stretch, fits)?);
            } else {
                taken.extend(cover.take(stretch).ok()?);
            }
        }
    }
    Some(taken)
}
