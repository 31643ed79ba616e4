//! How a long job tells where it is and learns that it should stop, without knowing who watches.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The stages of the main job, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Reading files into the event store; the unit of progress is rows.
    Ingest,
    /// What counts: rules, money, the period, and a copy of what is left.
    Scope,
    /// Feature SQL, once all events were looked at; the unit is families.
    Features,
    /// The matrix and k-means; the unit is candidate values of k.
    Segments,
    /// Facts; the unit is segments.
    Portraits,
    /// Recommendations; the unit is users.
    Recommend,
    /// Narratives; the unit is sentences.
    Narrate,
    /// Files for people and machines; the unit is files.
    Export,
}

/// Seconds that stages took, from the beginning of each to that of the next one, rounded to milliseconds.
pub type Seconds = BTreeMap<Stage, f64>;

/// One thing that a job says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// A stage begins; `total` is in the stage's unit where it is known.
    Stage(Stage, Option<u64>),
    /// Units of the current stage done so far.
    Done(u64),
    /// A decision or a warning that a person should read, in one line.
    Note(String),
    /// A sentence just written and checked; one of a version that may not be shown in the end.
    Text(String),
}

/// A job's line to whoever watches it; clones share the line and the cancel flag.
#[derive(Clone)]
pub struct Progress {
    sink: Arc<dyn Fn(Update) + Send + Sync>,
    cancelled: Arc<AtomicBool>,
    begun: Arc<Mutex<Vec<(Stage, Instant)>>>,
}

impl Progress {
    /// A line whose updates go to `sink`, from whichever thread the job runs on.
    pub fn new(sink: impl Fn(Update) + Send + Sync + 'static) -> Self {
        Self {
            sink: Arc::new(sink),
            cancelled: Arc::default(),
            begun: Arc::default(),
        }
    }

    /// A line that nobody listens to.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(|_| {})
    }

    /// Begins a stage.
    pub fn stage(&self, stage: Stage, total: Option<u64>) {
        tracing::info!(?stage, total, "a stage begins");
        self.begun
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((stage, Instant::now()));
        (self.sink)(Update::Stage(stage, total));
    }

    /// How long the stages took so far, the current one up to now.
    #[must_use]
    pub fn seconds(&self) -> Seconds {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = begun.iter().skip(1).map(|(_, at)| *at);
        let mut seconds = Seconds::new();
        for ((stage, at), end) in begun.iter().zip(ends.chain([Instant::now()])) {
            *seconds.entry(*stage).or_default() += (end - *at).as_secs_f64();
        }
        for value in seconds.values_mut() {
            *value = (*value * 1e3).round() / 1e3;
        }
        seconds
    }

    /// Passes on what another line said.
    pub fn tell(&self, update: Update) {
        (self.sink)(update);
    }

    /// Tells how many units of the stage are done.
    pub fn done(&self, units: u64) {
        (self.sink)(Update::Done(units));
    }

    /// Tells a sentence just written.
    pub fn text(&self, sentence: &str) {
        (self.sink)(Update::Text(sentence.to_owned()));
    }

    /// Tells a decision or a warning.
    pub fn note(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::info!(note = text);
        (self.sink)(Update::Note(text));
    }

    /// Asks the job to stop at its next check.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Ends a job that was asked to stop: called between steps.
    ///
    /// # Errors
    /// [`Error::Cancelled`] once [`Progress::cancel`] was called on any clone.
    pub fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }
}
