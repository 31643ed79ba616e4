//! Does a text say what a segment's facts say? For any text in English or Chinese, whoever wrote it: a person's edit, or
//! a model's draft as shown. Knows nothing of codes or slots: figures and names are read back out of the text.
//!
//! A sentence is cut where it can be cut into parts, each of which tells one fact or nothing. It is *supported* where
//! every part is: its figures are the fact's (rounded as they say), its words are in the closed lexicon of the fact's
//! topic, and direction, strength, measure and negation agree with it. A sentence that tells nothing makes *no claim*.
//! Anything else is *unsupported*, an unknown word included, so that "young mothers who love luxury" does not pass for
//! want of a number.

mod amounts;
mod attempt;
mod groups;
mod hedges;
mod mentions;
mod owner;
mod part;
mod patterns;
mod ranks;
mod sentences;

use crate::records::{Segment, Sentence, Verdict};
use crate::words::Lang;

use super::codes::Measure;
use super::lexicon::Lexicon;
use groups::Group;
use mentions::Reading;
use part::{Context, Told};

/// Most places at which one sentence is cut; those after stay whole.
const CUTS: usize = 14;

/// What a text's segment stands in.
#[derive(Debug, Clone, Copy)]
pub struct Shop<'a> {
    /// Segments of the run: large and small are meant against their mean size.
    pub segments: usize,
    /// ISO 4217 code of the money facts, where the data names one.
    pub currency: Option<&'a str>,
    /// Language of the text.
    pub lang: Lang,
}

/// Judges each sentence of a text by the facts of a segment.
#[must_use]
pub fn judge(text: &str, segment: &Segment, shop: Shop<'_>) -> Vec<Sentence> {
    Judge::new(segment, shop).judge(text)
}

/// A segment's facts made ready for many texts.
pub struct Judge<'a> {
    groups: Vec<Group<'a>>,
    shop: Shop<'a>,
}

impl<'a> Judge<'a> {
    /// Reads the facts of a segment.
    #[must_use]
    pub fn new(segment: &'a Segment, shop: Shop<'a>) -> Self {
        Self {
            groups: groups::of(segment, shop),
            shop,
        }
    }

    /// Judges each sentence of a text.
    #[must_use]
    pub fn judge(&self, text: &str) -> Vec<Sentence> {
        sentences::split(text, self.shop.lang)
            .into_iter()
            .map(|sentence| judge_one(sentence, &self.groups, self.shop))
            .collect()
    }
}

fn judge_one(sentence: &str, groups: &[Group<'_>], shop: Shop<'_>) -> Sentence {
    let lang = shop.lang;
    let reading = Reading::of(sentence, groups, lang);
    let (verdict, facts, why) = if let Some(why) = reading.strange_name() {
        (Verdict::Unsupported, Vec::new(), vec![why])
    } else {
        let (told, why) = best(&reading, groups, shop);
        let mut facts = Vec::new();
        for fact in told {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        match (why.is_empty(), facts.is_empty()) {
            (true, false) => (Verdict::Supported, facts, why),
            _ if part::says_nothing(&reading, lang) => (Verdict::NoClaim, Vec::new(), Vec::new()),
            (true, true) => (
                Verdict::Unsupported,
                facts,
                vec!["tells no figure and no direction of any fact".to_owned()],
            ),
            (false, _) => (Verdict::Unsupported, facts, why),
        }
    };
    Sentence {
        text: sentence.to_owned(),
        facts,
        by_model: false,
        verdict,
        why,
    }
}

/// A way to read the sentence up to one cut.
#[derive(Clone, Default)]
struct Way {
    told: Vec<String>,
    why: Vec<String>,
    /// The group that the last part tells: what follows may go on about it.
    last: Option<usize>,
    measure: Option<Measure>,
}

/// The facts told by the reading with the fewest complaints, and the complaints.
fn best(reading: &Reading, groups: &[Group<'_>], shop: Shop<'_>) -> (Vec<String>, Vec<String>) {
    let cuts = reading.cuts(CUTS, Lexicon::of(shop.lang));
    let topics = part::topics(reading, groups, shop.lang);
    let mut ways: Vec<Option<Way>> = vec![None; cuts.len()];
    ways[0] = Some(Way::default());
    for to in 1..cuts.len() {
        for from in 0..to {
            let Some(before) = ways[from].clone() else {
                continue;
            };
            let slice = &reading.flat[cuts[from].after..cuts[to].before];
            if (cuts[from].is_weak || cuts[to].is_weak) && !slice.contains(mentions::is_private) {
                continue;
            }
            let context = Context {
                before: &reading.flat[..cuts[from].after],
                last: before.last.filter(|_| !cuts[from].is_weak),
                measure: before.measure,
                currency: shop.currency,
                topics: &topics,
            };
            let Told {
                group,
                measure,
                facts,
                why,
            } = part::read(slice, reading, groups, context, shop.lang);
            let way = Way {
                told: [before.told, facts].concat(),
                why: [before.why, why].concat(),
                last: group.or(before.last),
                measure: measure.or(before.measure),
            };
            let is_better = ways[to].as_ref().is_none_or(|other| {
                (way.why.len(), std::cmp::Reverse(way.told.len()))
                    < (other.why.len(), std::cmp::Reverse(other.told.len()))
            });
            if is_better {
                ways[to] = Some(way);
            }
        }
    }
    ways.pop()
        .flatten()
        .map_or_else(Default::default, |way| (way.told, way.why))
}
