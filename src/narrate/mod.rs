//! From facts to texts: the plan, the model, the checker, and the facts in plain words where no
//! sample passes.
//!
//! The program decides what is said ([`plan`]); the model decides how ([`author`] through [`engine`]);
//! [`checker`] decides whether it may be shown. No figure and no name out of the data ever reaches
//! the model: both enter through [`slots`] after it has written.

pub mod any_model;
pub mod author;
pub mod checker;
pub mod codes;
pub mod engine;
pub mod eval;
pub mod fallback;
pub mod gguf;
pub mod ledger;
pub mod lexicon;
pub mod likelihood;
pub mod names;
pub mod plan;
pub mod quantize;
pub mod random;
pub mod revise;
pub mod shipped;
pub mod slots;
pub mod statement;
pub mod suggest;
pub mod tasks;
#[cfg(test)]
mod testing;
pub mod vocabulary;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::progress::{Progress, Stage};
use crate::records::{Narrative, NarrativeStatus, Run, Score, Segment, Sentence, Verdict, Version};
use crate::settings::NarrateSettings;
use crate::words::Lang;

pub use names::name_segments;

/// Most texts written at once by our own model: the more, the fewer times its weights are read.
const LANES: usize = 40;

/// Room for a text of our own model, in tokens: twice the longest of an evaluation (`portray model eval`).
const ROOM: usize = 512;

/// Most sentences written at once by any other.
const GUEST_LANES: usize = 4;

/// The model that wrote a run's texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// File name; the built-in model's is [`shipped::NAME`].
    pub name: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// A loaded model that writes.
pub struct Narrator {
    engine: engine::Engine,
    vocabulary: vocabulary::Vocabulary,
    info: ModelInfo,
}

impl Narrator {
    /// Loads the model of these settings, the built-in one where they name none.
    ///
    /// # Errors
    /// A model that can't be read or loaded.
    pub fn load(settings: &NarrateSettings) -> Result<Self> {
        let (path, info) = model(settings)?;
        let engine = engine::Engine::load(&path)?;
        let vocabulary = vocabulary::Vocabulary::of(engine.model());
        Ok(Self {
            engine,
            vocabulary,
            info,
        })
    }

    /// The model.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// Writes the text of every segment of the run, the inactive group too.
    ///
    /// The same run, settings and model give the same texts with any number of threads.
    ///
    /// # Errors
    /// Cancellation, or a failure inside llama.cpp.
    pub fn narrate(
        &self,
        run: &mut Run,
        settings: &NarrateSettings,
        threads: usize,
        progress: &Progress,
    ) -> Result<()> {
        self.narrate_some(run, |_| true, settings, threads, progress)
    }

    /// How our own model's texts are laid out on `threads` threads.
    fn layout(&self, threads: usize) -> engine::Layout {
        engine::Layout {
            tokens: ROOM,
            ..self.engine.layout(LANES, threads)
        }
    }

    /// As [`Narrator::narrate`], of those segments alone that pass.
    pub fn narrate_some(
        &self,
        run: &mut Run,
        passes: impl Fn(&Segment) -> bool,
        settings: &NarrateSettings,
        threads: usize,
        progress: &Progress,
    ) -> Result<()> {
        let speaks_portray = self.vocabulary.has_our_codes();
        let versions = if speaks_portray {
            settings.samples.max(1)
        } else {
            1
        };
        let drafts: Vec<Draft> = run
            .segments
            .iter()
            .enumerate()
            .filter(|(_, segment)| passes(segment))
            .flat_map(|(at, _)| (0..versions).map(move |version| (at, version)))
            .map(|(at, version)| Draft::plan(run, settings, &self.vocabulary, at, version))
            .collect();
        let sentences: usize = drafts.iter().map(Draft::len).sum();
        progress.stage(Stage::Narrate, Some(sentences as u64));
        let tally = author::Tally::new(progress);
        let study = author::Study {
            vocabulary: &self.vocabulary,
            settings,
            currency: run.currency.as_deref(),
            tally: &tally,
        };
        let texts = if speaks_portray {
            let layout = self.layout(threads);
            write(&self.engine, study, &run.segments, drafts, layout, progress)?
        } else {
            progress.note(format!(
                "{} has no control codes of Portray: it writes sentence by sentence",
                self.info.name
            ));
            let layout = self.engine.layout(GUEST_LANES, threads);
            write_as_guest(
                &self.engine,
                study,
                &run.segments,
                &drafts,
                layout,
                progress,
            )?
        };
        let mut texts = texts.into_iter();
        for segment in run.segments.iter_mut().filter(|segment| passes(segment)) {
            let written: Vec<Written> = texts.by_ref().take(versions as usize).collect();
            let suggestion = suggest::suggest(segment, run.currency.as_deref(), settings.lang);
            segment.narrative = best(segment, written, settings.lang).map(|narrative| Narrative {
                suggestion,
                ..narrative
            });
        }
        Ok(())
    }
}

/// Loads the model of these settings and writes the text of every segment of the run.
///
/// # Errors
/// Those of [`Narrator::load`] and [`Narrator::narrate`].
pub fn narrate(
    run: &mut Run,
    settings: &NarrateSettings,
    threads: usize,
    progress: &Progress,
) -> Result<ModelInfo> {
    let narrator = Narrator::load(settings)?;
    narrator.narrate(run, settings, threads, progress)?;
    Ok(narrator.info)
}

/// One version of a segment's text before it is written.
struct Draft {
    /// Place of its segment among the run's.
    segment: usize,
    version: u32,
    headline: Option<statement::Statement>,
    statements: Vec<statement::Statement>,
}

impl Draft {
    fn plan(
        run: &Run,
        settings: &NarrateSettings,
        vocabulary: &vocabulary::Vocabulary,
        at: usize,
        version: u32,
    ) -> Self {
        let shop = plan::Shop {
            currency: run.currency.as_deref(),
            lang: settings.lang,
            segments: run.segments.len(),
            seed: settings.seed,
            version,
        };
        let segment = &run.segments[at];
        let items = plan::plan(segment, shop);
        let speaks_all = vocabulary.has_every_code();
        // One headline is enough: the first version's.
        let wants_headline = speaks_all && version == 0;
        let headline = wants_headline
            .then(|| plan::headline(&items, shop))
            .flatten();
        let statements = if speaks_all {
            plan::group(items, segment, shop)
        } else {
            items.into_iter().map(statement::Statement::Fact).collect()
        };
        Self {
            segment: at,
            version,
            headline,
            statements,
        }
    }

    fn len(&self) -> usize {
        self.statements.len() + usize::from(self.headline.is_some())
    }
}

/// A version as it was written.
struct Written {
    headline: Option<Sentence>,
    sentences: Vec<Sentence>,
    samples: u32,
}

/// What the persona of each segment would say under this seed: topic, direction and measure of each fact told, in
/// their order. The narrator's corpus is written from these.
#[must_use]
pub fn plans(run: &Run, seed: u64) -> Vec<Vec<[&'static str; 3]>> {
    let shop = plan::Shop {
        currency: run.currency.as_deref(),
        lang: Lang::En,
        segments: run.segments.len(),
        seed,
        version: 0,
    };
    let codes = |item: &plan::Item| {
        [
            item.topic.name.as_str(),
            item.direction.name(),
            item.measure.name(),
        ]
    };
    run.segments
        .iter()
        .map(|segment| plan::plan(segment, shop).iter().map(codes).collect())
        .collect()
}

/// Finds and checks the model of these settings without writing anything.
///
/// # Errors
/// A model that can't be read, or is no usable GGUF.
pub fn inspect(settings: &NarrateSettings) -> Result<ModelInfo> {
    Ok(model(settings)?.1)
}

/// What a model is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// File name; the built-in model's is [`shipped::NAME`].
    pub name: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// Architecture in llama.cpp's words, such as `gpt2`.
    pub architecture: String,
    /// Number of weights.
    pub parameters: u64,
    /// Tokens that it can look back on.
    pub context_length: u64,
    /// Number of tokens that it knows.
    pub vocabulary: usize,
    /// Whether it has all control codes of this program; else it writes sentence by sentence.
    pub speaks_portray: bool,
    /// Whether it carries a chat template.
    pub chat_template: bool,
}

/// Loads a model, the built-in one where none is named, and says what it is.
///
/// # Errors
/// A file that is no usable model.
pub fn card(path: Option<&std::path::Path>) -> Result<Card> {
    let settings = NarrateSettings {
        model: path.map(std::path::Path::to_owned),
        ..NarrateSettings::default()
    };
    let (path, info) = model(&settings)?;
    let header = gguf::inspect(&path)?;
    let engine = engine::Engine::load(&path)?;
    let vocabulary = vocabulary::Vocabulary::of(engine.model());
    let bytes = std::fs::metadata(&path)
        .map_err(crate::error::Error::io(&path))?
        .len();
    Ok(Card {
        name: info.name,
        sha256: info.sha256,
        bytes,
        architecture: header.architecture,
        parameters: engine.model().n_params(),
        context_length: header.context_length,
        vocabulary: vocabulary.len(),
        speaks_portray: vocabulary.has_our_codes(),
        chat_template: engine.model().chat_template(None).is_ok(),
    })
}

fn model(settings: &NarrateSettings) -> Result<(PathBuf, ModelInfo)> {
    let (path, sha256) = match &settings.model {
        Some(path) => {
            gguf::inspect(path)?;
            (path.clone(), shipped::hash(path)?)
        }
        None => shipped::unpack()?,
    };
    let name = match &settings.model {
        Some(path) => path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        None => shipped::NAME.to_owned(),
    };
    Ok((path, ModelInfo { name, sha256 }))
}

fn write(
    engine: &engine::Engine,
    study: author::Study<'_>,
    segments: &[Segment],
    drafts: Vec<Draft>,
    layout: engine::Layout,
    progress: &Progress,
) -> Result<Vec<Written>> {
    let mut authors = Vec::new();
    let mut has_headline = Vec::new();
    for draft in drafts {
        let segment = &segments[draft.segment];
        let sheet = author::Sheet {
            facts: &segment.facts,
            segment: segment.id,
            version: draft.version,
        };
        has_headline.push(draft.headline.is_some());
        let headline = draft.headline.map(|line| vec![line]);
        authors.extend(
            headline
                .map(|line| author::Author::new(study, sheet, Some(codes::Task::Headline), line)),
        );
        authors.push(author::Author::new(study, sheet, None, draft.statements));
    }
    engine.drive(&mut authors, layout, progress)?;
    let mut texts = authors.into_iter().map(author::Author::into_text);
    let written = has_headline.into_iter().map_while(|has_headline| {
        let headline = if has_headline { texts.next() } else { None };
        let (sentences, samples) = texts.next()?;
        Some(Written {
            headline: headline.and_then(|(lines, _)| lines.into_iter().next()),
            sentences,
            samples,
        })
    });
    Ok(written.collect())
}

fn write_as_guest(
    engine: &engine::Engine,
    study: author::Study<'_>,
    segments: &[Segment],
    drafts: &[Draft],
    layout: engine::Layout,
    progress: &Progress,
) -> Result<Vec<Written>> {
    let items = |draft: &Draft| -> Vec<plan::Item> {
        let item = |statement: &statement::Statement| match statement {
            statement::Statement::Fact(item) => Some(item.clone()),
            _ => None,
        };
        draft.statements.iter().filter_map(item).collect()
    };
    let plans: Vec<Vec<plan::Item>> = drafts.iter().map(items).collect();
    let guests = drafts.iter().zip(&plans).flat_map(|(draft, items)| {
        let segment = &segments[draft.segment];
        items
            .iter()
            .enumerate()
            .map(move |(i, item)| any_model::Guest::new(engine, study, segment, i, item))
    });
    let mut guests: Vec<_> = guests.collect();
    engine.drive(&mut guests, layout, progress)?;
    let mut written = guests.into_iter().map(any_model::Guest::into_sentence);
    let texts = plans.iter().map(|items| {
        let text: Vec<_> = written.by_ref().take(items.len()).collect();
        Written {
            headline: None,
            samples: text.iter().map(|(_, samples)| samples).sum(),
            sentences: text.into_iter().map(|(sentence, _)| sentence).collect(),
        }
    });
    Ok(texts.collect())
}

/// The same narratives with each sentence in plain words, all from one template.
fn in_plain_words(run: &mut Run, settings: &NarrateSettings) {
    for at in 0..run.segments.len() {
        let shop = plan::Shop {
            currency: run.currency.as_deref(),
            lang: settings.lang,
            segments: run.segments.len(),
            seed: settings.seed,
            version: 0,
        };
        let items = plan::plan(&run.segments[at], shop);
        let sentences = items.into_iter().map(|item| Sentence {
            facts: fallback::facts(&item),
            text: fallback::sentence(&item, settings.lang),
            by_model: false,
            verdict: Verdict::Supported,
            why: Vec::new(),
        });
        run.segments[at].narrative = Some(narrative(sentences.collect(), settings.lang));
    }
}

/// The narrative of the best version, with all of them beside it; none where nothing was written.
fn best(segment: &Segment, written: Vec<Written>, lang: Lang) -> Option<Narrative> {
    let samples = written.iter().map(|text| text.samples).sum();
    let headline = written.iter().find_map(|text| text.headline.clone());
    let mut versions: Vec<Version> = (1..)
        .zip(written)
        .map(|(number, text)| Version {
            number,
            score: score(segment, &text),
            sentences: text.sentences,
        })
        .collect();
    // Stable: of equals the one that is not too long, of those the one written first.
    versions.sort_by_cached_key(|version| eval::excess(&version.sentences, lang));
    versions.sort_by(|a, b| b.score.total().total_cmp(&a.score.total()));
    let shown = versions.first()?.sentences.clone();
    Some(Narrative {
        samples,
        headline,
        versions,
        ..narrative(shown, lang)
    })
}

fn score(segment: &Segment, text: &Written) -> Score {
    let sentences = text.sentences.len().max(1) as f64;
    let own = text.sentences.iter().filter(|one| one.by_model).count() as f64 / sentences;
    let told = text.sentences.iter().flat_map(|one| &one.facts);
    Score {
        own,
        telling: eval::coverage(segment, &told.map(String::as_str).collect()),
        first_try: (sentences / f64::from(text.samples.max(1))).min(1.0),
    }
}

/// A narrative of these sentences and nothing else.
fn narrative(sentences: Vec<Sentence>, lang: Lang) -> Narrative {
    let glue = if lang == Lang::En { " " } else { "" };
    let text = sentences
        .iter()
        .map(|s| s.text.as_str())
        .collect::<Vec<_>>()
        .join(glue);
    let is_checked = !sentences.is_empty() && sentences.iter().all(|sentence| sentence.by_model);
    let status = if is_checked {
        NarrativeStatus::Checked
    } else {
        NarrativeStatus::FactsOnly
    };
    Narrative {
        lang,
        text,
        status,
        samples: 0,
        sentences,
        headline: None,
        suggestion: None,
        versions: Vec::new(),
        is_accepted: false,
    }
}
