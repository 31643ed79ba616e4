//! What watches over a command that runs for a while: signals, a time limit, and the status file for whoever started it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::error::{Error, Kind};
use crate::progress::{Progress, Stage, Update};
use crate::records::Input;
use crate::workspace::{Job, Record, Running};

/// How long a job that was asked to stop may take to do so by itself; after it the process ends, as by a kill, which
/// leaves the workspace whole.
const GRACE: Duration = Duration::from_secs(5);

/// Longest that progress within a stage goes untold.
const OFTEN: Duration = Duration::from_secs(1);

/// Shared by the command and the threads that watch it.
#[derive(Clone, Default)]
pub struct Watch {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    file: Option<PathBuf>,
    is_watching: bool,
    jobs: Vec<Progress>,
    /// The job that this process does, where it outlives a terminal; held until its record says how it ended, since whoever
    /// finds it free before that takes it for interrupted.
    job: Option<(Job, Running)>,
    /// When that was last told of progress.
    told: Option<Instant>,
    /// Why the job was asked to stop.
    stopped: Option<Stop>,
    status: Status,
}

/// Who asked a job to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Signal(i32),
    TimeLimit,
}

impl Stop {
    fn code(self) -> u8 {
        match self {
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(u8::MAX),
            Self::TimeLimit => 6,
        }
    }
}

/// What the status file says.
#[derive(Debug, Clone, Default, Serialize)]
struct Status {
    program: &'static str,
    version: &'static str,
    exit: Option<u8>,
    error: Option<String>,
    stage: Option<Stage>,
    run: Option<i64>,
    counts: Option<Input>,
    warnings: Vec<String>,
}

impl Watch {
    /// A watch that writes the status to `file` at the end, where one is named.
    pub fn new(file: Option<PathBuf>) -> Self {
        let watch = Self::default();
        {
            let mut state = watch.lock();
            state.file = file;
            state.status.program = "portray";
            state.status.version = env!("CARGO_PKG_VERSION");
        }
        watch
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches a job: a signal or the end of the time limit asks it to stop.
    pub fn over(&self, job: Progress, limit: Option<Duration>) {
        let mut state = self.lock();
        if state.stopped.is_some() {
            job.cancel();
        }
        state.jobs.push(job);
        if state.is_watching {
            return;
        }
        state.is_watching = true;
        drop(state);
        if let Some(limit) = limit {
            let watch = self.clone();
            std::thread::spawn(move || {
                std::thread::sleep(limit);
                watch.stop(Stop::TimeLimit);
            });
        }
        // Where signals cannot be caught they end the process, as they did before.
        if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) {
            let watch = self.clone();
            std::thread::spawn(move || {
                if let Some(signal) = signals.forever().next() {
                    watch.stop(Stop::Signal(signal));
                }
            });
        }
    }

    /// From now on the record of a job is told how far this process comes.
    pub fn report_to(&self, job: Job, running: Running) {
        self.lock().job = Some((job, running));
    }

    /// The record of the job that this process does.
    pub fn record(&self) -> Option<Record> {
        self.lock().job.as_ref()?.0.record().ok()
    }

    /// Notes in it what was finished; where that cannot be written the job goes on, and would do it again after a power cut.
    pub fn finish(&self, change: impl FnOnce(&mut Record)) {
        if let Some((job, _)) = &self.lock().job {
            let _ = job.update(change);
        }
    }

    fn tell(&self, change: impl FnOnce(&mut Record), is_seldom: bool) {
        let mut state = self.lock();
        let is_due = is_seldom || state.told.is_none_or(|told| told.elapsed() > OFTEN);
        if let Some((job, _)) = state.job.as_ref().filter(|_| is_due) {
            let _ = job.update(change);
            state.told = Some(Instant::now());
        }
    }

    /// Asks all jobs to stop, and ends the process where they do not.
    #[expect(
        clippy::disallowed_methods,
        reason = "the job did not stop in time: a kill, which leaves the workspace whole, but with a status and a code"
    )]
    fn stop(&self, why: Stop) {
        let mut state = self.lock();
        state.stopped.get_or_insert(why);
        state.jobs.iter().for_each(Progress::cancel);
        drop(state);
        std::thread::sleep(GRACE);
        let code = self.end(Some(&Error::Cancelled), None);
        std::process::exit(code.into());
    }

    /// What a job says, for the status.
    pub fn hear(&self, update: &Update) {
        match update {
            Update::Stage(stage, total) => {
                self.lock().status.stage = Some(*stage);
                let begin = |record: &mut Record| {
                    record.stage = Some(*stage);
                    record.done = 0;
                    record.total = *total;
                };
                self.tell(begin, true);
            }
            Update::Note(note) => self.warn(note),
            Update::Done(done) => self.tell(|record| record.done = *done, false),
            Update::Text(_) => {}
        }
    }

    /// Something that a person should look at.
    pub fn warn(&self, text: &str) {
        self.lock().status.warnings.push(crate::words::clean(text));
    }

    /// The counts of an ingest.
    pub fn counts(&self, counts: Input) {
        self.lock().status.counts = Some(counts);
    }

    /// The run that was published.
    pub fn run(&self, id: i64) {
        self.lock().status.run = Some(id);
        self.finish(|record| record.run = Some(id));
    }

    /// The exit code of a command that ended with `error`, or well with `code`; writes the status file.
    pub fn end(&self, error: Option<&Error>, code: Option<u8>) -> u8 {
        let mut state = self.lock();
        let code = match (error, state.stopped) {
            (Some(Error::Cancelled), Some(stop)) => stop.code(),
            (Some(error), _) => match error.kind() {
                Kind::Failed => 1,
                Kind::Usage => 2,
                Kind::Rejected => 3,
                Kind::Busy => 4,
                Kind::Cancelled => 6,
                Kind::Integrity => 7,
            },
            (None, _) => code.unwrap_or_default(),
        };
        state.status.exit = Some(code);
        state.status.error = error.map(|error| crate::words::clean(&error.to_string()));
        if let Some((job, _running)) = state.job.take() {
            let error = state.status.error.clone();
            let _ = job.update(|record| {
                record.exit = Some(code);
                record.error = error;
                record.ended_at = Some(jiff::Timestamp::now().to_string());
            });
        }
        if let Some(file) = &state.file {
            let text = serde_json::to_value(&state.status).unwrap_or(Value::Null);
            // Whoever reads it finds the old status or the new one, never half of one; where it cannot be written
            // the exit code still says how it ended.
            let beside = file.with_extension("portray-new");
            let written = std::fs::write(&beside, format!("{text:#}\n"));
            let _ = written.and_then(|()| std::fs::rename(&beside, file));
        }
        code
    }
}
