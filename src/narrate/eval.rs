//! How good a model is: its narratives of many fact sheets, counted.

use std::collections::HashSet;

use serde::Serialize;

use super::Narrator;
use super::ledger::{Judge, Shop};
use crate::error::Result;
use crate::progress::Progress;
use crate::records::{NarrativeStatus, Run, Segment, Sentence, Verdict};
use crate::settings::NarrateSettings;
use crate::words::Lang;

/// Facts that a narrative should not leave out.
const TELLING: usize = 5;

/// Words (characters in Chinese) in a row that two texts may share.
const RUN: usize = 4;

/// What was counted in one language. Shares are fractions, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Language of the texts.
    pub lang: Lang,
    /// Fact sheets, each of one segment.
    pub sheets: usize,
    /// Sentences of one sample each that passed the checker.
    pub sentences_right: f64,
    /// Narratives of which all those sentences passed.
    pub first_right: f64,
    /// Narratives without an unsupported sentence of the model after all samples: what failed is told as plain facts.
    pub own: f64,
    /// Share of the five most telling facts of a segment that its narrative tells, on average.
    pub telling: f64,
    /// Headlines of the model's own, of all.
    pub headlines: f64,
    /// Sentences shown that the checker of free text bears out too, which knows neither codes nor slots.
    pub borne_out: f64,
    /// Pairs of narratives of one run of which one has more than half of its 4-grams from the other.
    pub alike: f64,
    /// Words of a narrative on average; in Chinese characters.
    pub length: f64,
}

/// Who writes the narratives that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The model.
    Model,
    /// The facts in plain words, all from one template: what a program without a model would show.
    Template,
}

/// Narrates `runs` with one sample a sentence, and again with those of `settings`, and counts; each run as shown goes to
/// `shown_to`.
///
/// # Errors
/// Those of [`Narrator::load`] and [`Narrator::narrate`].
pub fn measure(
    runs: &[Run],
    who: Who,
    settings: &NarrateSettings,
    threads: usize,
    progress: &Progress,
    mut shown_to: impl FnMut(&Run),
) -> Result<Figures> {
    let once = NarrateSettings {
        samples: 1,
        tries: 1,
        ..settings.clone()
    };
    let narrator = Narrator::load(settings)?;
    let mut count = Count::default();
    for run in runs {
        let mut first = run.clone();
        narrator.narrate(&mut first, &once, threads, progress)?;
        let mut shown = run.clone();
        narrator.narrate(&mut shown, settings, threads, progress)?;
        if who == Who::Template {
            super::in_plain_words(&mut first, settings);
            super::in_plain_words(&mut shown, settings);
        }
        count.first(&first);
        count.shown(&shown, settings.lang);
        shown_to(&shown);
    }
    Ok(count.figures(settings.lang))
}

#[derive(Default)]
struct Count {
    sheets: usize,
    sentences: usize,
    sentences_right: usize,
    first_right: usize,
    own: usize,
    telling: f64,
    headlines: (usize, usize),
    borne_out: (usize, usize),
    pairs: usize,
    alike: usize,
    words: usize,
}

impl Count {
    fn first(&mut self, run: &Run) {
        for narrative in run.segments.iter().filter_map(|s| s.narrative.as_ref()) {
            let right = narrative
                .sentences
                .iter()
                .filter(|one| one.by_model)
                .count();
            self.sentences += narrative.sentences.len();
            self.sentences_right += right;
            self.first_right += usize::from(narrative.status == NarrativeStatus::Checked);
        }
    }

    fn shown(&mut self, run: &Run, lang: Lang) {
        let mut texts: Vec<HashSet<Vec<&str>>> = Vec::new();
        for segment in &run.segments {
            let Some(narrative) = &segment.narrative else {
                continue;
            };
            self.sheets += 1;
            if let Some(headline) = &narrative.headline {
                self.headlines.0 += usize::from(headline.by_model);
                self.headlines.1 += 1;
            }
            let shop = Shop {
                segments: run.segments.len(),
                currency: run.currency.as_deref(),
                lang,
            };
            let judge = Judge::new(segment, shop);
            for sentence in &narrative.sentences {
                let judged = judge.judge(&sentence.text);
                let is_borne_out = |one: &Sentence| one.verdict == Verdict::Supported;
                self.borne_out.0 += usize::from(judged.iter().all(is_borne_out));
                self.borne_out.1 += 1;
            }
            self.own += usize::from(narrative.status == NarrativeStatus::Checked);
            let told = narrative.sentences.iter().flat_map(|one| &one.facts);
            self.telling += coverage(segment, &told.map(String::as_str).collect());
            let words = pieces(&narrative.text, lang);
            self.words += words.len();
            texts.push(words.windows(RUN).map(<[&str]>::to_vec).collect());
        }
        for (i, one) in texts.iter().enumerate() {
            for other in &texts[i + 1..] {
                let shared = one.intersection(other).count();
                self.pairs += 1;
                self.alike += usize::from(2 * shared > one.len().min(other.len()));
            }
        }
    }

    fn figures(&self, lang: Lang) -> Figures {
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        Figures {
            lang,
            sheets: self.sheets,
            sentences_right: share(self.sentences_right, self.sentences),
            first_right: share(self.first_right, self.sheets),
            own: share(self.own, self.sheets),
            telling: self.telling / self.sheets.max(1) as f64,
            headlines: share(self.headlines.0, self.headlines.1),
            borne_out: share(self.borne_out.0, self.borne_out.1),
            alike: share(self.alike, self.pairs),
            length: share(self.words, self.sheets),
        }
    }
}

/// The share of the segment's most telling topics that are told; 1 where it has none.
///
/// Most telling are those with the largest differences, one fact a topic.
pub(super) fn coverage(segment: &Segment, told: &HashSet<&str>) -> f64 {
    let mut facts: Vec<_> = segment
        .facts
        .iter()
        .filter_map(|fact| Some((fact.difference?.abs(), fact.topic.as_deref()?, fact)))
        .collect();
    facts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut topics: Vec<&str> = Vec::new();
    for (_, topic, _) in &facts {
        if !topics.contains(topic) && topics.len() < TELLING {
            topics.push(topic);
        }
    }
    if topics.is_empty() {
        return 1.0;
    }
    let is_told = |topic: &&&str| {
        facts
            .iter()
            .any(|(_, other, fact)| other == *topic && told.contains(fact.id.as_str()))
    };
    topics.iter().filter(is_told).count() as f64 / topics.len() as f64
}

/// Words (in Chinese characters) beyond those of a narrative that one reads in one go.
pub(super) fn excess(sentences: &[Sentence], lang: Lang) -> usize {
    let longest = match lang {
        Lang::En => 150,
        Lang::Zh => 270,
    };
    let words = sentences.iter().map(|one| pieces(&one.text, lang).len());
    words.sum::<usize>().saturating_sub(longest)
}

/// Words, or in Chinese characters.
fn pieces(text: &str, lang: Lang) -> Vec<&str> {
    match lang {
        Lang::En => text.split_whitespace().collect(),
        Lang::Zh => text.split("").filter(|c| !c.trim().is_empty()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fact, segment};
    use super::*;

    #[test]
    fn coverage_counts_topics_once_and_takes_the_largest_differences() {
        let mut facts = vec![
            fact("rfm.orders.median", "orders", 9.0, 3.0, 2.0),
            fact("rfm.orders.mean", "orders", 9.0, 3.0, 2.0),
        ];
        for (i, topic) in ["aov", "items", "gap", "tenure", "words"]
            .iter()
            .enumerate()
        {
            let difference = -1.0 + i as f64 / 10.0;
            facts.push(fact(&format!("x.{topic}"), topic, 1.0, 2.0, difference));
        }
        let segment = segment(1, facts);
        let told = |ids: &[&'static str]| coverage(&segment, &ids.iter().copied().collect());
        assert!((told(&["rfm.orders.mean"]) - 0.2).abs() < 1e-9);
        assert!((told(&["rfm.orders.mean", "rfm.orders.median"]) - 0.2).abs() < 1e-9);
        assert!(
            told(&["x.words"]).abs() < 1e-9,
            "the sixth is not among the five"
        );
    }

    #[test]
    fn pieces_are_words_or_characters() {
        assert_eq!(pieces("two  words", Lang::En), ["two", "words"]);
        assert_eq!(pieces("他们 买", Lang::Zh), ["他", "们", "买"]);
    }
}
