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
    let has_contrast = facts
        .windows(2)
        .any(|two| Relation::of(two[0], two[1]) == Relation::Contrast);
    if !has_contrast {
        let word = taken.iter().find(|(_, lists)| List::Contrast.is_in(*lists));
        complaints.extend(word.map(|(word, _)| Complaint::Link(word.clone())));
    }
    complaints
}
