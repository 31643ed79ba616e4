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
pub mod lexicon;
pub mod names;
pub mod plan;
pub mod quantize;
pub mod random;
pub mod shipped;
pub mod slots;
pub mod suggest;
#[cfg(test)]
mod testing;
pub mod vocabulary;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::progress::{Progress, Stage};
use crate::records::{Narrative, NarrativeStatus, Run, Segment, Sentence};
use crate::settings::NarrateSettings;
use crate::words::Lang;

pub use names::name_segments;

/// Most texts written at once by our own model.
const LANES: usize = 16;

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

/// Writes the text of every segment of the run, the inactive group too.
///
/// The same run, settings and model give the same texts with any number of threads.
///
/// # Errors
/// A model that can't be read or loaded, cancellation, or a failure inside llama.cpp.
pub fn narrate(
    run: &mut Run,
    settings: &NarrateSettings,
    threads: usize,
    progress: &Progress,
) -> Result<ModelInfo> {
    let (path, info) = model(settings)?;
    let engine = engine::Engine::load(&path)?;
    let vocabulary = vocabulary::Vocabulary::of(engine.model());
    let shop = plan::Shop {
        currency: run.currency.as_deref(),
        lang: settings.lang,
        segments: run.segments.len(),
        seed: settings.seed,
    };
    let plans: Vec<Vec<plan::Item>> = run
        .segments
        .iter()
        .map(|segment| plan::plan(segment, shop))
        .collect();
    let sentences: usize = plans.iter().map(Vec::len).sum();
    progress.stage(Stage::Narrate, Some(sentences as u64));
    let tally = author::Tally::new(progress);
    let study = author::Study {
        vocabulary: &vocabulary,
        settings,
        currency: shop.currency,
        tally: &tally,
    };
    let threads = engine.useful_threads(threads);
    let texts = if vocabulary.has_our_codes() {
        write(&engine, study, &run.segments, plans, threads, progress)?
    } else {
        progress.note(format!(
            "{} has no control codes of Portray: it writes sentence by sentence",
            info.name
        ));
        write_as_guest(&engine, study, &run.segments, &plans, threads, progress)?
    };
    for (segment, (sentences, samples)) in run.segments.iter_mut().zip(texts) {
        let suggestion = suggest::suggest(segment, run.currency.as_deref(), settings.lang);
        segment.narrative = Some(Narrative {
            suggestion,
            ..narrative(sentences, samples, settings.lang)
        });
    }
    Ok(info)
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

type Text = (Vec<Sentence>, u32);

fn write(
    engine: &engine::Engine,
    study: author::Study<'_>,
    segments: &[Segment],
    plans: Vec<Vec<plan::Item>>,
    threads: usize,
    progress: &Progress,
) -> Result<Vec<Text>> {
    let authors = segments
        .iter()
        .zip(plans)
        .map(|(segment, items)| author::Author::new(study, segment, items));
    let mut authors: Vec<_> = authors.collect();
    engine.drive(&mut authors, LANES, threads, progress)?;
    Ok(authors.into_iter().map(author::Author::into_text).collect())
}

fn write_as_guest(
    engine: &engine::Engine,
    study: author::Study<'_>,
    segments: &[Segment],
    plans: &[Vec<plan::Item>],
    threads: usize,
    progress: &Progress,
) -> Result<Vec<Text>> {
    let guests = segments.iter().zip(plans).flat_map(|(segment, items)| {
        items
            .iter()
            .enumerate()
            .map(move |(i, item)| any_model::Guest::new(engine, study, segment, i, item))
    });
    let mut guests: Vec<_> = guests.collect();
    engine.drive(&mut guests, GUEST_LANES, threads, progress)?;
    let mut written = guests.into_iter().map(any_model::Guest::into_sentence);
    Ok(plans
        .iter()
        .map(|items| {
            let text: Vec<_> = written.by_ref().take(items.len()).collect();
            let samples = text.iter().map(|(_, samples)| samples).sum();
            (
                text.into_iter().map(|(sentence, _)| sentence).collect(),
                samples,
            )
        })
        .collect())
}

fn narrative(sentences: Vec<Sentence>, samples: u32, lang: Lang) -> Narrative {
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
        samples,
        sentences,
        suggestion: None,
    }
}
