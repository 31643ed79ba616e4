//! Background jobs: a thread each, news over a channel, a panic as a failure.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::message::{JobEvent, JobId, Msg, Outcome, Request};
use super::problem::Problem;
use crate::error::Result;
use crate::progress::Progress;

/// What a job does; called on its own thread.
pub type Work = Arc<dyn Fn(&Request, &Progress) -> Result<Outcome> + Send + Sync>;

/// Starts jobs and stops them.
pub struct Crew {
    work: Work,
    events: Sender<Msg>,
    running: HashMap<JobId, Progress>,
}

impl Crew {
    /// A crew that does `work`, and where its news arrive.
    #[must_use]
    pub fn new(work: Work) -> (Self, Receiver<Msg>) {
        let (events, news) = unbounded();
        (
            Self {
                work,
                events,
                running: HashMap::new(),
            },
            news,
        )
    }

    /// Starts a job on a thread of its own.
    pub fn start(&mut self, id: JobId, request: Request) {
        let news = self.events.clone();
        let progress = Progress::new(move |update| tell(&news, id, JobEvent::Progress(update)));
        self.running.insert(id, progress.clone());
        let (work, events) = (Arc::clone(&self.work), self.events.clone());
        let started = std::thread::Builder::new()
            .name(format!("job {}", id.0))
            .spawn(move || {
                let event = match catch_unwind(AssertUnwindSafe(|| work(&request, &progress))) {
                    Ok(Ok(outcome)) => JobEvent::Done(outcome),
                    Ok(Err(error)) => JobEvent::Failed(Problem::from(&error)),
                    Err(payload) => JobEvent::Failed(Problem::from_panic(payload.as_ref())),
                };
                if let JobEvent::Failed(problem) = &event {
                    tracing::warn!(?problem, ?request, "a background job failed");
                }
                tell(&events, id, event);
            });
        if let Err(error) = started {
            let error = crate::Error::failed(
                "background job",
                error,
                "end other programs that use many threads",
            );
            tell(&self.events, id, JobEvent::Failed(Problem::from(&error)));
        }
    }

    /// Asks a job to stop at its next check.
    pub fn cancel(&mut self, id: JobId) {
        if let Some(progress) = self.running.remove(&id) {
            progress.cancel();
        }
    }

    /// Takes note of news on their way to the state.
    pub fn hear(&mut self, msg: &Msg) {
        if let Msg::Job(id, JobEvent::Done(_) | JobEvent::Failed(_)) = msg {
            self.running.remove(id);
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for progress in self.running.values() {
            progress.cancel();
        }
    }
}

/// The receiver is gone only when the program ends, and then news matter no more.
fn tell(events: &Sender<Msg>, id: JobId, event: JobEvent) {
    let _ = events.send(Msg::Job(id, event));
}
