//! The figures of a segment that tables show: out of its facts.

use crate::records::{Fact, Segment, Value};
use crate::tui::theme::Tone;
use crate::words::{Lang, clean, show};

/// Differences below this are too small to lead a portrait (Cohen's "small effect").
const SMALL_DIFFERENCE: f64 = 0.2;

/// A fact of a segment by its id.
pub fn fact<'a>(segment: &'a Segment, id: &str) -> Option<&'a Fact> {
    segment.facts.iter().find(|fact| fact.id == id)
}

/// A figure of a segment by the id of its fact.
pub fn figure(segment: &Segment, id: &str) -> Option<f64> {
    fact(segment, id)?
        .value
        .number()
        .filter(|value| value.is_finite())
}

/// A fact's value in words; empty where there is none.
pub fn told(fact: Option<&Fact>, currency: Option<&str>, lang: Lang) -> String {
    fact.map_or_else(String::new, |fact| {
        clean(&show(&fact.value, fact.unit, currency, lang))
    })
}

/// How the number of users changed since the run before, in per cent.
pub fn trend(segment: &Segment) -> Option<f64> {
    let size = fact(segment, "size.users")?;
    let before = size
        .before
        .as_ref()?
        .number()
        .filter(|before| *before > 0.0)?;
    Some(100.0 * (size.value.number()? - before) / before)
}

/// The fact with the largest difference, where one is large enough to tell; among equals the first.
pub fn lead(segment: &Segment) -> Option<&Fact> {
    let strength = |fact: &Fact| fact.difference.map_or(0.0, f64::abs);
    // How they behave, not which name marks them out: a lift and a standardised difference are no rivals.
    let telling = |fact: &&Fact| {
        fact.topic.is_some() && fact.value.number().is_some() && strength(fact) >= SMALL_DIFFERENCE
    };
    segment.facts.iter().filter(telling).reduce(|best, fact| {
        if strength(fact) > strength(best) {
            fact
        } else {
            best
        }
    })
}

/// What marks a segment out, with its sign.
pub fn lead_text(segment: &Segment, lang: Lang) -> (String, Tone) {
    use crate::tui::words::Word;
    if segment.kind == crate::records::SegmentKind::Inactive {
        return (Word::BelowMinimum.get(lang).into(), Tone::Quiet);
    }
    let Some(fact) = lead(segment) else {
        return (Word::NoTrait.get(lang).into(), Tone::Quiet);
    };
    let label = clean(fact.label.get(lang));
    if fact.difference.is_some_and(|difference| difference > 0.0) {
        (format!("↑ {label}"), Tone::More)
    } else {
        (format!("↓ {label}"), Tone::Less)
    }
}

/// The names of a kind that mark a segment out: name, the share of its users that touched it, and the lift.
pub fn names(segment: &Segment, kind: &str) -> Vec<(String, Option<f64>, Option<f64>)> {
    (1..=20)
        .map_while(|place| {
            let id = format!("{kind}.{place}");
            match &fact(segment, &id)?.value {
                Value::Text(name) => Some((
                    clean(name),
                    figure(segment, &format!("{id}.share")),
                    figure(segment, &format!("{id}.lift")),
                )),
                Value::Number(_) => None,
            }
        })
        .collect()
}
