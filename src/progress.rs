//! How a long job tells where it is and learns that it should stop, without knowing who watches.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

/// The stages of the main job, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Reading files into the event store; the unit of progress is rows.
    Ingest,
    /// Feature SQL; the unit is families.
    Features,
    /// K-means; the unit is candidate values of k.
    Segments,
    /// Facts; the unit is segments.
    Portraits,
    /// Narratives; the unit is sentences.
    Narrate,
    /// Files for people and machines; the unit is files.
    Export,
}

/// One thing that a job says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// A stage begins; `total` is in the stage's unit where it is known.
    Stage(Stage, Option<u64>),
    /// Units of the current stage done so far.
    Done(u64),
    /// A decision or a warning that a person should read, in one line.
    Note(String),
}

/// A job's line to whoever watches it; clones share the line and the cancel flag.
#[derive(Clone)]
pub struct Progress {
    sink: Arc<dyn Fn(Update) + Send + Sync>,
    cancelled: Arc<AtomicBool>,
}

impl Progress {
    /// A line whose updates go to `sink`, from whichever thread the job runs on.
    pub fn new(sink: impl Fn(Update) + Send + Sync + 'static) -> Self {
        Self {
            sink: Arc::new(sink),
            cancelled: Arc::default(),
        }
    }

    /// A line that nobody listens to.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(|_| {})
    }

    /// Begins a stage.
    pub fn stage(&self, stage: Stage, total: Option<u64>) {
        (self.sink)(Update::Stage(stage, total));
    }

    /// Tells how many units of the stage are done.
    pub fn done(&self, units: u64) {
        (self.sink)(Update::Done(units));
    }

    /// Tells a decision or a warning.
    pub fn note(&self, text: impl Into<String>) {
        (self.sink)(Update::Note(text.into()));
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
