//! Writes one segment's text with our own model: forced codes, sampled words, each sentence checked.

use std::collections::{BTreeSet, VecDeque};

use rand_xoshiro::Xoshiro256PlusPlus;

use super::checker::{Claim, Complaint, check_shown, check_template};
use super::codes::Slot;
use super::engine::{Next, Writer};
use super::fallback;
use super::plan::Item;
use super::random::{draw, generator};
use super::slots::fill;
use super::vocabulary::Vocabulary;
use crate::progress::Progress;
use crate::records::{Fact, Segment, Sentence};
use crate::settings::NarrateSettings;

/// What all authors of a run share.
#[derive(Clone, Copy)]
pub struct Study<'a> {
    /// The model's tokens.
    pub vocabulary: &'a Vocabulary,
    /// How to sample.
    pub settings: &'a NarrateSettings,
    /// ISO 4217 code of the money facts.
    pub currency: Option<&'a str>,
    /// Who hears of each sentence done.
    pub tally: &'a Tally<'a>,
}

/// Counts the sentences done for the progress line.
pub struct Tally<'a> {
    done: std::cell::Cell<u64>,
    progress: &'a Progress,
}

impl<'a> Tally<'a> {
    /// A count from zero.
    #[must_use]
    pub fn new(progress: &'a Progress) -> Self {
        Self {
            done: std::cell::Cell::new(0),
            progress,
        }
    }

    /// One sentence more.
    pub fn add(&self) {
        self.done.set(self.done.get() + 1);
        self.progress.done(self.done.get());
    }
}

/// The state of one text.
pub struct Author<'a> {
    study: Study<'a>,
    segment: &'a Segment,
    items: Vec<Item>,
    sentences: Vec<Sentence>,
    samples: u32,
    /// Tokens to be forced before sampling goes on.
    forced: VecDeque<i32>,
    /// Tokens given so far.
    length: usize,
    /// Tokens before the current sentence's codes, and after them with the logits there.
    before_codes: usize,
    after_codes: usize,
    opening: Vec<f32>,
    draft: Option<Draft>,
}

struct Draft {
    sample: u32,
    generator: Xoshiro256PlusPlus,
    bytes: Vec<u8>,
    slots: BTreeSet<Slot>,
    tokens: usize,
}

impl<'a> Author<'a> {
    /// An author of the text that `items` plan.
    #[must_use]
    pub fn new(study: Study<'a>, segment: &'a Segment, items: Vec<Item>) -> Self {
        let forced = study
            .vocabulary
            .language(study.settings.lang)
            .into_iter()
            .collect();
        let mut author = Self {
            study,
            segment,
            items,
            sentences: Vec::new(),
            samples: 0,
            forced,
            length: 0,
            before_codes: 1,
            after_codes: 0,
            opening: Vec::new(),
            draft: None,
        };
        author.force_codes();
        author
    }

    /// The sentences and how many samples they took.
    #[must_use]
    pub fn into_text(self) -> (Vec<Sentence>, u32) {
        (self.sentences, self.samples)
    }

    fn item(&self) -> Option<&Item> {
        self.items.get(self.sentences.len())
    }

    fn force_codes(&mut self) {
        let Some(item) = self.item() else { return };
        let names = [
            item.topic.name.as_str(),
            item.direction.name(),
            item.measure.name(),
        ];
        let codes: Vec<_> = names
            .iter()
            .filter_map(|name| self.study.vocabulary.code(name))
            .collect();
        self.forced.extend(codes);
        self.draft = None;
    }

    fn begin_draft(&mut self, sample: u32) {
        let settings = self.study.settings;
        let generator = generator(
            settings.seed,
            self.segment.id,
            "sentence",
            self.sentences.len(),
            sample,
        );
        self.samples += 1;
        self.draft = Some(Draft {
            sample,
            generator,
            bytes: Vec::new(),
            slots: BTreeSet::new(),
            tokens: 0,
        });
    }

    /// The next token of the draft; none where it ran too long or nothing can follow.
    fn sample(&mut self, logits: &[f32]) -> Option<i32> {
        let study = self.study;
        let item = self.items.get(self.sentences.len())?;
        let draft = self.draft.as_mut()?;
        if draft.tokens >= study.settings.max_tokens {
            return None;
        }
        let end = study.vocabulary.sentence_end()?;
        let open: Vec<i32> = item
            .fillings
            .iter()
            .filter(|filling| !draft.slots.contains(&filling.slot))
            .filter_map(|filling| study.vocabulary.code(filling.slot.name()))
            .collect();
        let is_begun = draft.tokens > 0;
        let allowed = |token: i32| {
            study.vocabulary.words(token).is_some()
                || open.contains(&token)
                || token == end && is_begun
        };
        let token = draw(
            logits,
            allowed,
            study.settings.temperature,
            &mut draft.generator,
        )?;
        draft.tokens += 1;
        if let Some(slot) = study.vocabulary.slot(token) {
            draft.slots.insert(slot);
            draft.bytes.extend(slot.to_string().bytes());
        } else if let Some(words) = study.vocabulary.words(token) {
            draft.bytes.extend(words);
        }
        Some(token)
    }

    /// Checks the finished draft; with no complaint it becomes a sentence.
    fn accept(&mut self) -> bool {
        let (Some(item), Some(draft)) = (self.item(), &self.draft) else {
            return false;
        };
        let Ok(template) = std::str::from_utf8(&draft.bytes) else {
            return false;
        };
        let facts = facts_told(item, &draft.slots);
        let Ok(text) = checked(template, item, self.segment, &facts, self.study) else {
            return false;
        };
        self.sentences.push(Sentence {
            text,
            facts,
            by_model: true,
        });
        self.study.tally.add();
        true
    }

    fn fall_back(&mut self) {
        let Some(item) = self.item() else { return };
        let text = fallback::sentence(item, self.study.settings.lang);
        self.sentences.push(Sentence {
            text,
            facts: fallback::facts(item),
            by_model: false,
        });
        self.study.tally.add();
    }

    /// Gives `token` after forgetting all but `keep` tokens.
    fn back(&mut self, keep: usize, token: i32) -> Next {
        self.length = keep + 1;
        Next::Back { keep, token }
    }

    /// The draft is no good: another sample of this sentence, or its facts and on to the next sentence.
    fn reject(&mut self) -> Next {
        let mut sample = self.draft.as_ref().map_or(0, |draft| draft.sample) + 1;
        let samples = if self.study.settings.temperature > 0.0 {
            self.study.settings.samples
        } else {
            1
        };
        while sample < samples {
            self.begin_draft(sample);
            let opening = std::mem::take(&mut self.opening);
            let token = self.sample(&opening);
            self.opening = opening;
            if let Some(token) = token {
                return self.back(self.after_codes, token);
            }
            sample += 1;
        }
        self.fall_back();
        self.force_codes();
        let keep = self.before_codes;
        self.forced
            .pop_front()
            .map_or(Next::End, |token| self.back(keep, token))
    }
}

impl Writer for Author<'_> {
    fn next(&mut self, logits: &[f32]) -> Next {
        if self.item().is_none() {
            return Next::End;
        }
        if let Some(token) = self.forced.pop_front() {
            self.length += 1;
            return Next::Token(token);
        }
        if self.draft.is_none() {
            self.after_codes = self.length;
            self.opening.clear();
            self.opening.extend_from_slice(logits);
            self.begin_draft(0);
        }
        let Some(token) = self.sample(logits) else {
            return self.reject();
        };
        if Some(token) != self.study.vocabulary.sentence_end() {
            self.length += 1;
            return Next::Token(token);
        }
        if !self.accept() {
            return self.reject();
        }
        if self.item().is_none() {
            return Next::End;
        }
        self.length += 1;
        self.before_codes = self.length;
        self.force_codes();
        Next::Token(token)
    }

    fn full(&mut self) {
        while self.item().is_some() {
            self.fall_back();
        }
    }
}

/// The facts of the slots used, the leading fact first.
fn facts_told(item: &Item, slots: &BTreeSet<Slot>) -> Vec<String> {
    let mut facts = vec![item.fact.clone()];
    for filling in item
        .fillings
        .iter()
        .filter(|filling| slots.contains(&filling.slot))
    {
        if !facts.contains(&filling.fact) {
            facts.push(filling.fact.clone());
        }
    }
    facts
}

/// The sentence as shown, where both checks pass.
///
/// # Errors
/// What the checker has against it.
pub fn checked(
    template: &str,
    item: &Item,
    segment: &Segment,
    facts: &[String],
    study: Study<'_>,
) -> Result<String, Vec<Complaint>> {
    let template = template.trim();
    let lang = study.settings.lang;
    let claim = Claim {
        topic: item.topic,
        direction: item.direction,
        measure: item.measure,
    };
    let mut complaints = check_template(template, claim, lang);
    let text = fill(template, &item.fillings);
    let behind: Vec<&Fact> = segment
        .facts
        .iter()
        .filter(|fact| facts.contains(&fact.id))
        .collect();
    complaints.extend(check_shown(&text, &behind, study.currency, lang));
    tracing::debug!(
        segment = segment.id,
        topic = item.topic.name,
        template,
        ?complaints,
        "sentence"
    );
    if complaints.is_empty() {
        Ok(text)
    } else {
        Err(complaints)
    }
}
