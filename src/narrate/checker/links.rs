//! What ties facts together: connectives between sentences, and the two halves of a sentence about two facts.

use super::super::codes::Relation;
use super::super::lexicon::{Lexicon, List, Subject};
use super::super::slots::pieces;
use super::form;
use super::{Claim, Claims, Complaint, Told, check as check_sentence};
use crate::words::Lang;

/// Whether the connectives of a sentence fit the fact before it.
pub(super) fn check(
    template: &str,
    subject: Subject<'_>,
    before: Option<Told>,
    now: Told,
    lang: Lang,
    complaints: &mut Vec<Complaint>,
) {
    let relation = before.map_or(Relation::None, |before| Relation::of(before, now));
    let (taken, _) = form::words(&pieces(template), subject, lang);
    for (word, lists) in taken {
        let needs = if List::Contrast.is_in(lists) {
            Relation::Contrast
        } else if List::Addition.is_in(lists) {
            Relation::Addition
        } else {
            continue;
        };
        if relation != needs {
            complaints.push(Complaint::Link(word));
        }
    }
}

/// Checks a sentence about two facts: it can be cut so that each part is right by itself. The complaints are those of
/// the best cut.
pub(super) fn check_two(
    template: &str,
    first: Claim,
    second: Claim,
    before: Option<Told>,
    lang: Lang,
) -> Vec<Complaint> {
    let stop = if lang == Lang::En { '.' } else { '。' };
    let mut best: Option<Vec<Complaint>> = None;
    for cut in cuts(template, lang) {
        let head = format!("{}{stop}", &template[..cut.start]);
        let tail = as_sentence(&template[cut.end..], lang);
        let mut complaints = check_sentence(&head, &Claims::One(first), before, lang);
        complaints.extend(check_sentence(&tail, &Claims::One(second), None, lang));
        let pulls = Relation::of(first.fact(), second.fact());
        if pulls != Relation::Contrast && Lexicon::of(lang).contrast.iter().any(|w| w == cut.word) {
            complaints.push(Complaint::Link(cut.word.to_owned()));
        }
        if best
            .as_ref()
            .is_none_or(|other| complaints.len() < other.len())
        {
            best = Some(complaints);
        }
    }
    best.unwrap_or_else(|| vec![Complaint::NoJoin])
}

/// A place where a sentence can be cut in two: the mark, and the word after it.
pub(super) struct Cut<'a> {
    pub start: usize,
    pub end: usize,
    pub word: &'a str,
}

pub(super) fn cuts(template: &str, lang: Lang) -> Vec<Cut<'_>> {
    let joins = &Lexicon::of(lang).joins;
    let mut found = Vec::new();
    for (start, mark) in template.char_indices() {
        let end = start + mark.len_utf8();
        let rest = &template[end..];
        match (lang, mark) {
            (Lang::En, ',' | ';') => {
                let Some(rest) = rest.strip_prefix(' ') else {
                    continue;
                };
                for word in joins {
                    let is_whole = rest
                        .strip_prefix(word.as_str())
                        .is_some_and(|after| after.starts_with(' '));
                    if is_whole {
                        found.push(Cut {
                            start,
                            end: end + word.len() + 2,
                            word: &rest[..word.len()],
                        });
                    }
                }
                if mark == ';' {
                    found.push(Cut {
                        start,
                        end: end + 1,
                        word: "",
                    });
                }
            }
            (Lang::Zh, '，' | '；') => {
                for word in joins.iter().map(String::as_str).chain([""]) {
                    if rest.starts_with(word) {
                        found.push(Cut {
                            start,
                            end: end + word.len(),
                            word: &rest[..word.len()],
                        });
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The second half of a sentence as one of its own: an upper-case letter, and the slots of a first fact.
pub(super) fn as_sentence(half: &str, lang: Lang) -> String {
    // A figure of the first fact has no place in the second half: its slot becomes one that no topic has.
    let slots = [
        ("<|val|>", "<|value|>"),
        ("<|pop|>", "<|value|>"),
        ("<|val2|>", "<|val|>"),
        ("<|pop2|>", "<|pop|>"),
    ];
    let text = slots
        .iter()
        .fold(half.to_owned(), |text, (from, to)| text.replace(from, to));
    match lang {
        Lang::En => super::super::slots::capitalised(&text),
        Lang::Zh => text,
    }
}
