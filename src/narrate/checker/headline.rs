//! A headline: each of its facts told once by a phrase of its own, and nothing else.

use super::super::codes::{CODES, Relation};
use super::super::lexicon::{Lexicon, List, Subject};
use super::form::{self, Plan};
use super::{Complaint, Told};
use crate::words::Lang;

pub(super) fn check(template: &str, facts: &[Told], lang: Lang) -> Vec<Complaint> {
    let plan = Plan {
        must: &[],
        may: &[],
    };
    let (taken, mut complaints) = form::check(template, Subject::Headline, plan, lang);
    let lexicon = Lexicon::of(lang);
    let tells = |phrase: &String, topic: &str, sign| lexicon.traits(topic, sign).contains(phrase);
    for (topic, direction) in facts {
        let count = taken
            .iter()
            .filter(|(phrase, _)| tells(phrase, &topic.name, direction.sign()))
            .count();
        if count != 1 {
            complaints.push(Complaint::Trait(topic.name.clone()));
        }
    }
    for (phrase, lists) in &taken {
        let is_trait = List::Words.is_in(*lists);
        let is_told = facts
            .iter()
            .any(|(topic, direction)| tells(phrase, &topic.name, direction.sign()));
        if is_trait && !is_told {
            let of = CODES
                .topics()
                .find(|topic| [1, -1].iter().any(|&sign| tells(phrase, &topic.name, sign)));
            complaints.push(Complaint::Trait(
                of.map_or_else(|| phrase.clone(), |topic| topic.name.clone()),
            ));
        }
    }
    complaints.extend((!reads(&taken, lang)).then_some(Complaint::Form));
    let has_contrast = facts
        .windows(2)
        .any(|two| Relation::of(two[0], two[1]) == Relation::Contrast);
    if !has_contrast {
        let word = taken.iter().find(|(_, lists)| List::Contrast.is_in(*lists));
        complaints.extend(word.map(|(word, _)| Complaint::Link(word.clone())));
    }
    complaints
}

/// Most phrases between two traits, and before the first.
const BETWEEN: usize = 3;

/// Words of the headline's own that link two traits, beside the lexicon's contrasts and additions.
const LINKS: [&str; 9] = [
    "and",
    "while they",
    "but",
    "yet",
    "且",
    "而",
    "但",
    "同时",
    "也",
];

/// Whether the phrases between the traits make a sentence: few, none twice, one link at most; after the last trait
/// nothing but what may close a headline.
pub(super) fn reads(taken: &[(String, u16)], lang: Lang) -> bool {
    let is_trait = |(_, lists): &(String, u16)| List::Words.is_in(*lists);
    let last = taken.iter().rposition(is_trait).map_or(0, |at| at + 1);
    let (body, _) = taken.split_at(last);
    body.split(is_trait).all(is_link_of_one) && closes(taken, lang)
}

/// Whether what stands after the last trait may close a headline.
pub(super) fn closes(taken: &[(String, u16)], lang: Lang) -> bool {
    let after = taken
        .iter()
        .rev()
        .take_while(|(_, lists)| !List::Words.is_in(*lists));
    after
        .map(|(phrase, _)| phrase.as_str())
        .all(|phrase| phrase == closing(lang))
}

/// What may stand after the last trait.
pub(super) fn closing(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "as well",
        Lang::Zh => "的用户",
    }
}

/// Whether a run of phrases between two traits is short and links them once.
pub(super) fn is_link_of_one(between: &[(String, u16)]) -> bool {
    let links = between.iter().filter(|(phrase, lists)| {
        LINKS.contains(&phrase.as_str())
            || List::Contrast.is_in(*lists)
            || List::Addition.is_in(*lists)
    });
    let is_first = |at: usize| {
        !between[..at]
            .iter()
            .any(|(phrase, _)| *phrase == between[at].0)
    };
    between.len() <= BETWEEN && links.count() <= 1 && (0..between.len()).all(is_first)
}
