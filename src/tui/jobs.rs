//! Background jobs: a thread each, news over a channel, a panic as a failure.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::message::{JobEvent, JobId, Msg, Outcome, Request};
use super::problem::Problem;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::words::Lang;

/// What a job does, in the language of the screen; called on its own thread.
pub type Work = Arc<dyn Fn(&Request, Lang, &Progress) -> Result<Outcome> + Send + Sync>;

/// How long the end of the program waits for jobs to reach a point where the workspace is whole anyway: every stage
/// publishes at once or not at all, so what is cut off later than this is only done again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts jobs and stops them.
pub struct Crew {
    work: Work,
    events: Sender<Msg>,
    running: HashMap<JobId, (Progress, bool, Option<JoinHandle<()>>)>,
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
    pub fn start(&mut self, id: JobId, request: Request, lang: Lang) {
        let (news, begun) = (self.events.clone(), Instant::now());
        let progress = Progress::new(move |update| {
            tell(&news, id, JobEvent::Progress(update, begun.elapsed()));
        });
        let (work, events) = (Arc::clone(&self.work), self.events.clone());
        let (own, is_job) = (progress.clone(), request.is_job());
        let started = std::thread::Builder::new()
            .name(format!("job {}", id.0))
            .spawn(move || {
                let event = match catch_unwind(AssertUnwindSafe(|| work(&request, lang, &own))) {
                    Ok(Ok(outcome)) => JobEvent::Done(outcome),
                    Ok(Err(Error::Cancelled)) => JobEvent::Cancelled,
                    Ok(Err(error)) => JobEvent::Failed(Problem::from(&error)),
                    Err(payload) => JobEvent::Failed(Problem::from_panic(payload.as_ref())),
                };
                if let JobEvent::Failed(problem) = &event {
                    tracing::warn!(?problem, "a background job failed");
                }
                tell(&events, id, event);
            });
        match started {
            Ok(thread) => {
                self.running.insert(id, (progress, is_job, Some(thread)));
            }
            Err(error) => {
                let mend = "end other programs that use many threads";
                let error = Error::failed("background job", error, mend);
                tell(&self.events, id, JobEvent::Failed(Problem::from(&error)));
            }
        }
    }

    /// Asks a job to stop at its next check.
    pub fn cancel(&mut self, id: JobId) {
        if let Some((progress, ..)) = self.running.get(&id) {
            progress.cancel();
        }
    }

    /// Takes note of news on their way to the state.
    pub fn hear(&mut self, msg: &Msg) {
        if let Msg::Job(id, JobEvent::Done(_) | JobEvent::Failed(_) | JobEvent::Cancelled) = msg {
            self.running.remove(id);
        }
    }
}

impl Drop for Crew {
    /// Jobs are asked to stop and waited for, a while; questions are not waited for.
    fn drop(&mut self) {
        for (progress, ..) in self.running.values() {
            progress.cancel();
        }
        let deadline = Instant::now() + PATIENCE;
        for (_, is_job, thread) in self.running.values_mut() {
            let Some(thread) = thread.take().filter(|_| *is_job) else {
                continue;
            };
            while !thread.is_finished() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// The receiver is gone only when the program ends, and then news matter no more.
fn tell(events: &Sender<Msg>, id: JobId, event: JobEvent) {
    let _ = events.send(Msg::Job(id, event));
}
