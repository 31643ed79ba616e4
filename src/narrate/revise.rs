//! What a person does to a segment's text: picks another version, writes it anew, stands by it.
//!
//! A text written by a person, and one that a person stands by, is never replaced by `narrate`.

use super::ledger::{Shop, judge};
use super::narrative as narrative_of;
use crate::error::{Error, Result};
use crate::records::{Narrative, NarrativeStatus, Segment};
use crate::words::clean;

/// Longest text that a person may write, in characters: some ten times a narrative.
const LONGEST: usize = 10_000;

/// What is done to a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Show the version of this number.
    Pick(u32),
    /// Show this text.
    Edit(String),
    /// Stand by the text shown; `with_doubts`: even where a sentence is not borne out by the facts.
    Accept {
        /// Whether unsupported sentences are accepted too.
        with_doubts: bool,
    },
    /// Take the acceptance back.
    Reopen,
}

/// The segment's text after the change.
///
/// # Errors
/// A change that the text does not allow, with what would: a version that is not there, an empty or endless text, an
/// accepted one, a sentence that the facts do not bear out.
pub fn revise(segment: &Segment, change: &Change, shop: Shop<'_>) -> Result<Narrative> {
    let what = || format!("the text of segment {}", segment.id);
    let now = segment.narrative.as_ref();
    if now.is_some_and(|now| now.is_accepted) && *change != Change::Reopen {
        return Err(Error::failed(
            what(),
            "is accepted, and stays as it is",
            format!("`portray text reopen {}` first", segment.id),
        ));
    }
    let missing = || {
        Error::failed(
            what(),
            "is not written yet",
            "`portray narrate` writes the texts of the run",
        )
    };
    match change {
        Change::Pick(number) => pick(now.ok_or_else(missing)?, *number, segment),
        Change::Edit(text) => edit(text, segment, shop),
        Change::Accept { with_doubts } => {
            let now = now.ok_or_else(missing)?;
            let doubts = now.doubts().count();
            if doubts > 0 && !with_doubts {
                return Err(Error::failed(
                    what(),
                    format!("has {doubts} sentence(s) that the facts do not bear out"),
                    format!(
                        "`portray text check {}` says which; accept them with --with-doubts",
                        segment.id
                    ),
                ));
            }
            Ok(Narrative {
                is_accepted: true,
                ..now.clone()
            })
        }
        Change::Reopen => Ok(Narrative {
            is_accepted: false,
            ..now.ok_or_else(missing)?.clone()
        }),
    }
}

fn pick(now: &Narrative, number: u32, segment: &Segment) -> Result<Narrative> {
    let found = now.versions.iter().find(|one| one.number == number);
    let version = found.ok_or_else(|| {
        Error::failed(
            format!("version {number} of segment {}", segment.id),
            format!("is not among the {} kept", now.versions.len()),
            format!("`portray text versions {}` lists them", segment.id),
        )
    })?;
    let shown = narrative_of(version.sentences.clone(), now.lang);
    Ok(Narrative {
        text: shown.text,
        status: shown.status,
        sentences: shown.sentences,
        ..now.clone()
    })
}

fn edit(text: &str, segment: &Segment, shop: Shop<'_>) -> Result<Narrative> {
    let refused = |why: String| {
        Error::failed(
            format!("the text for segment {}", segment.id),
            why,
            "give some sentences of plain text",
        )
    };
    let length = text.chars().count();
    if length > LONGEST {
        return Err(refused(format!(
            "has {length} characters, more than the {LONGEST} that a text may have"
        )));
    }
    // Lines stay; what else a terminal could trip over goes.
    let lines: Vec<String> = text
        .lines()
        .map(|line| clean(line).trim().to_owned())
        .collect();
    let text = lines.join("\n").trim().to_owned();
    let sentences = judge(&text, segment, shop);
    if sentences.is_empty() {
        return Err(refused("says nothing".to_owned()));
    }
    let now = segment
        .narrative
        .as_ref()
        .filter(|now| now.lang == shop.lang);
    Ok(Narrative {
        lang: shop.lang,
        text,
        status: NarrativeStatus::Edited,
        samples: now.map_or(0, |now| now.samples),
        sentences,
        headline: now.and_then(|now| now.headline.clone()),
        suggestion: now.and_then(|now| now.suggestion.clone()),
        versions: now.map_or_else(Vec::new, |now| now.versions.clone()),
        is_accepted: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fact, segment};
    use super::*;
    use crate::records::{Score, Sentence, Verdict, Version};
    use crate::words::Lang;

    const SHOP: Shop<'static> = Shop {
        segments: 2,
        currency: None,
        lang: Lang::En,
    };

    fn told(text: &str) -> Sentence {
        Sentence {
            text: text.into(),
            facts: vec!["rfm.orders.median".into()],
            by_model: true,
            verdict: Verdict::Supported,
            why: Vec::new(),
        }
    }

    fn written() -> Segment {
        let mut segment = segment(3, vec![fact("rfm.orders.median", "orders", 9.0, 3.0, 1.0)]);
        let version = |number, text: &str| Version {
            number,
            sentences: vec![told(text)],
            score: Score {
                own: 1.0,
                telling: 1.0,
                first_try: 1.0,
            },
        };
        segment.narrative = Some(Narrative {
            versions: vec![
                version(2, "They order often."),
                version(1, "Orders are many."),
            ],
            ..narrative_of(vec![told("They order often.")], Lang::En)
        });
        segment
    }

    fn after(segment: &mut Segment, change: &Change) -> Result<()> {
        segment.narrative = Some(revise(segment, change, SHOP)?);
        Ok(())
    }

    #[test]
    fn a_version_is_picked_and_the_others_stay() {
        let mut segment = written();
        after(&mut segment, &Change::Pick(1)).unwrap();
        let now = segment.narrative.as_ref().unwrap();
        assert_eq!(now.text, "Orders are many.");
        assert_eq!(now.versions.len(), 2);
        let error = after(&mut segment, &Change::Pick(7)).unwrap_err();
        assert!(error.to_string().contains("version 7"), "{error}");
    }

    #[test]
    fn an_edit_is_judged_and_what_is_not_borne_out_must_be_accepted_by_name() {
        let mut segment = written();
        let text = "They place 9 orders, against 3 in the shop.\nThey are young mothers.";
        after(&mut segment, &Change::Edit(text.into())).unwrap();
        let now = segment.narrative.clone().unwrap();
        assert_eq!(now.status, NarrativeStatus::Edited);
        let verdicts: Vec<_> = now.sentences.iter().map(|one| one.verdict).collect();
        assert_eq!(verdicts, [Verdict::Supported, Verdict::Unsupported]);
        let accept = |with_doubts| Change::Accept { with_doubts };
        assert!(after(&mut segment, &accept(false)).is_err());
        after(&mut segment, &accept(true)).unwrap();
        assert!(after(&mut segment, &Change::Pick(1)).is_err(), "accepted");
        assert_eq!(segment.narrative.as_ref().unwrap().text, now.text);
        after(&mut segment, &Change::Reopen).unwrap();
        after(&mut segment, &Change::Pick(1)).unwrap();
    }

    #[test]
    fn texts_that_say_nothing_or_never_end_are_refused() {
        let segment = written();
        for text in ["", " \n\u{1b} ", "。", &"word ".repeat(9_000)] {
            let change = Change::Edit(text.to_owned());
            assert!(revise(&segment, &change, SHOP).is_err(), "{text:.20}");
        }
        let text = "A \u{1b}[31mred\u{202e} text.";
        let edited = revise(&segment, &Change::Edit(text.into()), SHOP).unwrap();
        assert_eq!(edited.text, "A [31mred text.");
    }
}
