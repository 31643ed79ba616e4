//! Writes one segment's text with our own model: forced codes, sampled words, each sentence checked.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};

use rand_xoshiro::Xoshiro256PlusPlus;

use super::checker::{Complaint, Told, check, check_shown, is_open};
use super::codes::{Slot, Task};
use super::engine::{Next, Writer};
use super::random::{draw, generator};
use super::slots::{Filling, fill};
use super::statement::Statement;
use super::vocabulary::Vocabulary;
use crate::progress::Progress;
use crate::records::{Fact, Sentence, Verdict};
use crate::settings::NarrateSettings;
use crate::words::Lang;

/// Most tokens drawn in one place before the sample is given up.
const REDRAWS: usize = 40;

/// Times that one draft is taken back from where no word could follow: by 1, 2, 4… tokens, up to all.
const BACKS: u32 = 8;

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
    done: AtomicU64,
    progress: &'a Progress,
}

impl<'a> Tally<'a> {
    /// A count from zero.
    #[must_use]
    pub fn new(progress: &'a Progress) -> Self {
        Self {
            done: AtomicU64::new(0),
            progress,
        }
    }

    /// One sentence more, which passed the checker.
    pub fn tell(&self, sentence: &str) {
        self.progress.text(sentence);
        self.add();
    }

    /// One sentence more.
    pub fn add(&self) {
        let before = self.done.fetch_add(1, Ordering::Relaxed);
        self.progress.done(before + 1);
    }
}

/// Whose text it is, and what it may tell.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    /// The facts that figures and names must come from.
    pub facts: &'a [Fact],
    /// Number of the segment, for the generator.
    pub segment: u32,
    /// Which of the segment's texts it is, for the generator; the first is 0.
    pub version: u32,
}

/// The state of one text.
pub struct Author<'a> {
    study: Study<'a>,
    sheet: Sheet<'a>,
    task: Option<Task>,
    items: Vec<Statement>,
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
    /// Tokens drawn, and the length of `bytes` before each.
    tokens: Vec<(i32, usize)>,
    /// Times that it was taken back, and the token that led nowhere from its present end.
    backs: u32,
    dead: Option<(usize, i32)>,
}

impl Draft {
    fn slots(&self, vocabulary: &Vocabulary) -> BTreeSet<Slot> {
        let slot = |(token, _): &(i32, usize)| vocabulary.slot(*token);
        self.tokens.iter().filter_map(slot).collect()
    }

    /// Takes the last tokens back; none where that was done too often.
    fn take_back(&mut self) -> Option<()> {
        if self.backs >= BACKS || self.tokens.is_empty() {
            return None;
        }
        let keep = self.tokens.len().saturating_sub(1 << self.backs);
        let (token, length) = self.tokens[keep];
        self.backs += 1;
        self.bytes.truncate(length);
        self.tokens.truncate(keep);
        self.dead = Some((keep, token));
        Some(())
    }
}

impl<'a> Author<'a> {
    /// An author of the text of that task (none: a persona) that `items` plan.
    #[must_use]
    pub fn new(
        study: Study<'a>,
        sheet: Sheet<'a>,
        task: Option<Task>,
        items: Vec<Statement>,
    ) -> Self {
        let language = study.vocabulary.language(study.settings.lang);
        let task_code = task.and_then(|task| study.vocabulary.code(task.name()));
        let forced: VecDeque<i32> = language.into_iter().chain(task_code).collect();
        let mut author = Self {
            study,
            sheet,
            task,
            before_codes: forced.len(),
            items,
            sentences: Vec::new(),
            samples: 0,
            forced,
            length: 0,
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

    fn item(&self) -> Option<&Statement> {
        self.items.get(self.sentences.len())
    }

    /// The fact told right before the sentence in the making.
    fn before(&self) -> Option<Told> {
        let last = self.sentences.len().checked_sub(1)?;
        self.items.get(last)?.last_fact()
    }

    fn force_codes(&mut self) {
        let Some(item) = self.item() else { return };
        let names = item.codes();
        let codes: Vec<_> = names
            .iter()
            .filter_map(|name| self.study.vocabulary.code(name))
            .collect();
        self.forced.extend(codes);
        self.draft = None;
    }

    fn begin_draft(&mut self, sample: u32) {
        let settings = self.study.settings;
        let task = self.task.map_or("sentence", Task::name);
        let generator = generator(
            settings.seed,
            self.sheet.segment,
            &format!("{task} {}", self.sheet.version),
            self.sentences.len(),
            sample,
        );
        self.samples += 1;
        self.draft = Some(Draft {
            sample,
            generator,
            bytes: Vec::new(),
            tokens: Vec::new(),
            backs: 0,
            dead: None,
        });
    }

    /// The next token of the draft; none where it ran too long or nothing can follow.
    fn sample(&mut self, logits: &[f32]) -> Option<i32> {
        let study = self.study;
        let before = self.before();
        let item = self.items.get(self.sentences.len())?;
        let claims = item.claims();
        let draft = self.draft.as_mut()?;
        if draft.tokens.len() >= study.settings.max_tokens {
            return None;
        }
        let slots = draft.slots(study.vocabulary);
        let end = study.vocabulary.sentence_end()?;
        let open: Vec<i32> = item
            .fillings()
            .iter()
            .filter(|filling| !slots.contains(&filling.slot))
            .filter_map(|filling| study.vocabulary.code(filling.slot.name()))
            .collect();
        let lang = study.settings.lang;
        let stop = if lang == Lang::En { '.' } else { '。' };
        let is_whole = draft.bytes.ends_with(stop.to_string().as_bytes());
        let dead = draft.dead.filter(|(at, _)| *at == draft.tokens.len());
        let mut refused: Vec<i32> = dead.into_iter().map(|(_, token)| token).collect();
        // A token with which the sentence could not become right any more is drawn again, from the same logits.
        while refused.len() < REDRAWS {
            let allowed = |token: i32| {
                let is_word = study.vocabulary.words(token).is_some() || open.contains(&token);
                (if is_whole { token == end } else { is_word }) && !refused.contains(&token)
            };
            let token = draw(
                logits,
                allowed,
                study.settings.temperature,
                &mut draft.generator,
            )?;
            let slot = study.vocabulary.slot(token);
            let mut bytes = draft.bytes.clone();
            match slot {
                Some(slot) => bytes.extend(slot.to_string().bytes()),
                None => bytes.extend(study.vocabulary.words(token).unwrap_or_default()),
            }
            // Half of a Chinese character tells nothing yet.
            let is_open = std::str::from_utf8(&bytes).map_or(true, |start| {
                is_open(start.trim_start(), &claims, before, lang)
            });
            if token == end || is_open {
                draft.tokens.push((token, draft.bytes.len()));
                draft.bytes = bytes;
                return Some(token);
            }
            refused.push(token);
        }
        tracing::debug!(
            segment = self.sheet.segment,
            codes = ?item.codes(),
            start = %String::from_utf8_lossy(&draft.bytes),
            "no word can follow"
        );
        None
    }

    /// Checks the finished draft; with no complaint it becomes a sentence.
    fn accept(&mut self) -> bool {
        let (Some(item), Some(draft)) = (self.item(), &self.draft) else {
            return false;
        };
        let Ok(template) = std::str::from_utf8(&draft.bytes) else {
            return false;
        };
        let slots = draft.slots(self.study.vocabulary);
        let facts = item.facts(|slot| slots.contains(&slot));
        let Ok(text) = checked(
            template,
            item,
            self.before(),
            self.sheet,
            &facts,
            self.study,
        ) else {
            return false;
        };
        self.study.tally.tell(&text);
        self.sentences.push(Sentence {
            text,
            facts,
            by_model: true,
            verdict: Verdict::Supported,
            why: Vec::new(),
        });
        true
    }

    fn fall_back(&mut self) {
        let Some(item) = self.item() else { return };
        tracing::debug!(segment = self.sheet.segment, codes = ?item.codes(), "facts in plain words");
        let (text, facts) = (item.plain(self.study.settings.lang), item.facts(|_| true));
        self.sentences.push(Sentence {
            text,
            facts,
            by_model: false,
            verdict: Verdict::Supported,
            why: Vec::new(),
        });
        self.study.tally.add();
    }

    /// Gives `token` after forgetting all but `keep` tokens.
    fn back(&mut self, keep: usize, token: i32) -> Next {
        self.length = keep + 1;
        Next::Back { keep, token }
    }

    /// No word can follow: the draft goes on from an earlier place, or is given up.
    fn take_back(&mut self) -> Next {
        let Some(draft) = &mut self.draft else {
            return Next::End;
        };
        if draft.take_back().is_none() {
            return self.reject();
        }
        let keep = draft.tokens.len();
        if let Some((token, _)) = draft.tokens.last() {
            // Its last token is decoded anew, for the logits after it.
            let token = *token;
            return self.back(self.after_codes + keep - 1, token);
        }
        let opening = std::mem::take(&mut self.opening);
        let token = self.sample(&opening);
        self.opening = opening;
        match token {
            Some(token) => self.back(self.after_codes, token),
            None => self.reject(),
        }
    }

    /// The draft is no good: another sample of this sentence, or its facts and on to the next sentence.
    fn reject(&mut self) -> Next {
        let mut sample = self.draft.as_ref().map_or(0, |draft| draft.sample) + 1;
        let samples = if self.study.settings.temperature > 0.0 {
            self.study.settings.tries
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
            return self.take_back();
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

/// The sentence as shown, where both checks pass.
///
/// # Errors
/// What the checker has against it.
pub fn checked(
    template: &str,
    statement: &Statement,
    before: Option<Told>,
    sheet: Sheet<'_>,
    facts: &[String],
    study: Study<'_>,
) -> Result<String, Vec<Complaint>> {
    let template = template.trim();
    let lang = study.settings.lang;
    let mut complaints = check(template, &statement.claims(), before, lang);
    let fillings: Vec<Filling> = statement.fillings().into_iter().cloned().collect();
    let text = fill(template, &fillings);
    // A product's fields are no facts of the segment: their text enters by slots alone, and the template has no digit.
    if !matches!(
        statement,
        Statement::Line { .. } | Statement::Compared { .. }
    ) {
        let behind: Vec<&Fact> = sheet
            .facts
            .iter()
            .filter(|fact| facts.contains(&fact.id))
            .collect();
        complaints.extend(check_shown(&text, &behind, study.currency, lang));
    }
    tracing::debug!(
        segment = sheet.segment,
        codes = ?statement.codes(),
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
