//! Sentences by a model that was not made for this program: it gets one fact at a time with gaps for
//! numbers and names, and what it writes must pass the same checker.

use super::author::{Sheet, Study, checked};
use super::checker::Complaint;
use super::codes::{Direction, Measure, Slot};
use super::engine::{Engine, Next, Writer};
use super::fallback;
use super::lexicon::{Lexicon, List, Subject};
use super::plan::Item;
use super::random::{draw, generator};
use super::statement::Statement;
use crate::records::{Segment, Sentence, Verdict};
use crate::words::Lang;
use llama_cpp_2::model::LlamaChatMessage;

/// Writes one sentence.
pub struct Guest<'a> {
    study: Study<'a>,
    segment: &'a Segment,
    item: &'a Item,
    number: usize,
    prompt: Vec<i32>,
    opening: Vec<f32>,
    bytes: Vec<u8>,
    tokens: usize,
    sample: Option<u32>,
    sentence: Option<Sentence>,
    generator: rand_xoshiro::Xoshiro256PlusPlus,
}

impl<'a> Guest<'a> {
    /// A writer of the sentence `number` of a segment's text.
    #[must_use]
    pub fn new(
        engine: &Engine,
        study: Study<'a>,
        segment: &'a Segment,
        number: usize,
        item: &'a Item,
    ) -> Self {
        let generator = generator(study.settings.seed, segment.id, "guest", number, 0);
        Self {
            study,
            segment,
            item,
            number,
            prompt: prompt(engine, item, study.settings.lang),
            opening: Vec::new(),
            bytes: Vec::new(),
            tokens: 0,
            sample: None,
            sentence: None,
            generator,
        }
    }

    /// The sentence, and how many samples it took.
    #[must_use]
    pub fn into_sentence(self) -> (Sentence, u32) {
        let samples = self.sample.map_or(0, |sample| sample + 1);
        let sentence = self.sentence.unwrap_or_else(|| Sentence {
            text: fallback::sentence(self.item, self.study.settings.lang),
            facts: fallback::facts(self.item),
            by_model: false,
            verdict: Verdict::Supported,
            why: Vec::new(),
        });
        (sentence, samples)
    }

    fn begin(&mut self, sample: u32) {
        self.sample = Some(sample);
        self.bytes.clear();
        self.tokens = 0;
        self.generator = generator(
            self.study.settings.seed,
            self.segment.id,
            "guest",
            self.number,
            sample,
        );
    }

    fn sample(&mut self, logits: &[f32]) -> Option<i32> {
        let vocabulary = self.study.vocabulary;
        let allowed = |token: i32| vocabulary.words(token).is_some() || vocabulary.is_end(token);
        draw(
            logits,
            allowed,
            self.study.settings.temperature,
            &mut self.generator,
        )
    }

    /// The template of the sentence, once it is whole.
    fn template(&self, is_end: bool) -> Option<String> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        let stop = if self.study.settings.lang == Lang::En {
            '.'
        } else {
            '。'
        };
        let whole = text.find(stop).map(|at| &text[..at + stop.len_utf8()]);
        let text = whole.or_else(|| is_end.then_some(text))?.trim();
        Some(Slot::ALL.into_iter().fold(text.to_owned(), |text, slot| {
            text.replace(&gap(slot), &slot.to_string())
        }))
    }

    fn judge(&self, template: &str) -> Result<Sentence, Vec<Complaint>> {
        let facts = fallback::facts(self.item);
        let statement = Statement::Fact(self.item.clone());
        let sheet = Sheet {
            facts: &self.segment.facts,
            segment: self.segment.id,
            version: 0,
        };
        let text = checked(template, &statement, None, sheet, &facts, self.study)?;
        Ok(Sentence {
            text,
            facts,
            by_model: true,
            verdict: Verdict::Supported,
            why: Vec::new(),
        })
    }

    fn again(&mut self) -> Next {
        let settings = self.study.settings;
        let samples = if settings.temperature > 0.0 {
            settings.tries
        } else {
            1
        };
        for sample in self.sample.map_or(0, |sample| sample + 1)..samples {
            self.begin(sample);
            let opening = std::mem::take(&mut self.opening);
            let token = self
                .sample(&opening)
                .filter(|token| !self.study.vocabulary.is_end(*token));
            self.opening = opening;
            if let Some(token) = token {
                self.push(token);
                return Next::Back {
                    keep: self.prompt.len(),
                    token,
                };
            }
        }
        self.study.tally.add();
        Next::End
    }

    fn push(&mut self, token: i32) {
        self.tokens += 1;
        self.bytes
            .extend(self.study.vocabulary.words(token).unwrap_or_default());
    }
}

impl Writer for Guest<'_> {
    fn next(&mut self, logits: &[f32]) -> Next {
        if logits.is_empty() {
            return Next::Prompt(self.prompt.clone());
        }
        if self.sample.is_none() {
            self.opening = logits.to_vec();
            self.begin(0);
        } else if let Some(template) = self.template(false) {
            if let Ok(sentence) = self.judge(&template) {
                self.sentence = Some(sentence);
                self.study.tally.add();
                return Next::End;
            }
            return self.again();
        }
        match self.sample(logits) {
            Some(token)
                if !self.study.vocabulary.is_end(token)
                    && self.tokens < self.study.settings.max_tokens =>
            {
                self.push(token);
                Next::Token(token)
            }
            _ => self.again(),
        }
    }

    fn full(&mut self) {
        self.study.tally.add();
    }
}

/// How a gap is written in a prompt; without a digit, since none may be sampled.
fn gap(slot: Slot) -> String {
    let name = if slot == Slot::Name2 {
        "second"
    } else {
        slot.name()
    };
    format!("[{}]", name.to_uppercase())
}

/// The prompt's tokens: through the model's chat template where it has one that llama.cpp knows.
fn prompt(engine: &Engine, item: &Item, lang: Lang) -> Vec<i32> {
    let (task, lead) = task(item, lang);
    let model = engine.model();
    let chat = || {
        let template = model.chat_template(None).ok()?;
        let message = LlamaChatMessage::new("user".into(), task.clone()).ok()?;
        model.apply_chat_template(&template, &[message], true).ok()
    };
    let (text, is_chat) =
        chat().map_or_else(|| (format!("{task}\n{lead}"), false), |text| (text, true));
    let mut tokens: Vec<i32> = model
        .vocab()
        .tokenize(text.as_bytes(), true, is_chat)
        .into_iter()
        .map(|t| t.0)
        .collect();
    tokens.truncate(engine.context() / 2);
    tokens
}

/// What is asked, and the words that open a plain model's answer. What all sentences of a language share comes first, so
/// that the engine reads it once.
///
/// Neither figures nor names stand in it, only gaps: nothing out of the data can instruct the model.
fn task(item: &Item, lang: Lang) -> (String, &'static str) {
    let has = |slot: Slot| item.fillings.iter().any(|f| f.slot == slot);
    let slots: Vec<String> = Slot::ALL
        .into_iter()
        .filter(|slot| has(*slot))
        .map(gap)
        .collect();
    let must: Vec<String> = item.topic.must.iter().map(|slot| gap(*slot)).collect();
    let wanted = match item.direction {
        Direction::MuchLess | Direction::Less => List::Down,
        Direction::Same => List::Same,
        Direction::More | Direction::MuchMore => List::Up,
    };
    let phrases = |list: List| {
        Lexicon::of(lang)
            .cover(Subject::Topic(&item.topic.name, item.looks))
            .map(|cover| cover.phrases(list).join(", "))
            .unwrap_or_default()
    };
    let (topic, direction, neutral) = (
        phrases(List::Words),
        phrases(wanted),
        phrases(List::Neutral),
    );
    let measure = match item.measure {
        Measure::Median => phrases(List::Median),
        Measure::Mean => phrases(List::Mean),
        Measure::Exact => String::new(),
    };
    match lang {
        Lang::En => (
            format!(
                "Write one short sentence about a group of customers (they) for a shop's report.\n\
                 No digits, no other words than those listed here, one full stop at the end.\n\
                 Words for any sentence: {neutral}.\n\
                 What this sentence is about: {}.\nGaps that will be filled later, to be kept as they are: {} ({} must occur).\n\
                 Words for what it tells: {topic}; {direction}; {measure}.",
                item.topic.means,
                slots.join(" "),
                must.join(" "),
            ),
            "Sentence:",
        ),
        Lang::Zh => (
            format!(
                "请为店铺报告写一句关于一组用户（他们）的短句。\n不写数字，只用列出的词，句末用一个句号。\n\
                 任何句子可用的词：{neutral}。\n保留以下占位符原样：{}（必须出现：{}）。\n这句话要说的：{topic}；{direction}；{measure}。",
                slots.join(" "),
                must.join(" "),
            ),
            "句子：",
        ),
    }
}
