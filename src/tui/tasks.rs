//! Background work as the screen knows it: what runs, where it is, how it ended.

use std::time::Duration;

use super::message::{Cmd, JobId, Request};
use super::problem::Problem;
use crate::progress::{Stage, Update};
use crate::words::clean;

/// Lines of a task's log that are kept.
const LOG: usize = 200;

/// How a task stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Under way.
    Running,
    /// Asked to stop; it has not answered yet.
    Cancelling,
    /// Ended well.
    Done,
    /// Ended because it was asked to.
    Cancelled,
    /// Ended without its result.
    Failed(Problem),
}

/// A piece of background work.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its number.
    pub id: JobId,
    /// What it is for.
    pub request: Request,
    /// How it stands.
    pub state: State,
    /// The stage it is in.
    pub stage: Option<Stage>,
    /// Units of the stage, where they are known.
    pub total: Option<u64>,
    /// Units done.
    pub done: u64,
    /// Time since its start, as it said last.
    pub age: Duration,
    /// When the stage began, since the start.
    pub stage_at: Duration,
    /// What it said, the newest last; clean.
    pub log: Vec<String>,
    /// Sentences written, the newest last; clean.
    pub texts: Vec<String>,
}

impl Task {
    /// Whether it is still under way.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self.state, State::Running | State::Cancelling)
    }

    /// The part of the stage that is done, 0 to 1, where that is known.
    #[must_use]
    pub fn fraction(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((self.done as f64 / total as f64).min(1.0))
    }

    /// How long the stage will still take, as its pace so far says; none before it can be told.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        let fraction = self.fraction().filter(|fraction| *fraction >= 0.02)?;
        let spent = self.age.saturating_sub(self.stage_at).as_secs_f64();
        (spent >= 1.0).then(|| Duration::from_secs_f64(spent * (1.0 - fraction) / fraction))
    }

    fn hear(&mut self, update: Update, age: Duration) {
        self.age = age;
        match update {
            Update::Stage(stage, total) => {
                self.stage = Some(stage);
                self.total = total;
                self.done = 0;
                self.stage_at = age;
            }
            Update::Done(units) => self.done = units,
            Update::Note(text) => push(&mut self.log, clean(&text)),
            Update::Text(text) => push(&mut self.texts, clean(&text)),
        }
    }
}

fn push(lines: &mut Vec<String>, line: String) {
    if lines.len() == LOG {
        lines.remove(0);
    }
    lines.push(line);
}

/// All work of a session: jobs stay in the list when they ended, questions do not.
#[derive(Debug, Default)]
pub struct Tasks {
    given: u64,
    list: Vec<Task>,
}

impl Tasks {
    /// Begins work; an older question of the same kind is told to stop.
    pub fn begin(&mut self, request: Request) -> Vec<Cmd> {
        let replaced = |task: &Task| request.replaces(&task.request);
        let mut commands: Vec<_> = self
            .list
            .iter()
            .filter(|task| replaced(task))
            .map(|task| Cmd::Cancel(task.id))
            .collect();
        self.list.retain(|task| !replaced(task));
        self.given += 1;
        let id = JobId(self.given);
        self.list.push(Task {
            id,
            request: request.clone(),
            state: State::Running,
            stage: None,
            total: None,
            done: 0,
            age: Duration::ZERO,
            stage_at: Duration::ZERO,
            log: Vec::new(),
            texts: Vec::new(),
        });
        commands.push(Cmd::Start(id, request));
        commands
    }

    /// Takes news of progress in; gives whether anybody still wants them.
    pub fn hear(&mut self, id: JobId, update: Update, age: Duration) -> bool {
        let task = self.list.iter_mut().find(|task| task.id == id);
        task.is_some_and(|task| {
            task.hear(update, age);
            true
        })
    }

    /// Notes how a task ended and gives what it was for; none where nobody wants it any more.
    pub fn end(&mut self, id: JobId, state: State) -> Option<Request> {
        let at = self.list.iter().position(|task| task.id == id)?;
        let request = self.list[at].request.clone();
        if request.is_job() {
            self.list[at].state = state;
        } else {
            self.list.remove(at);
        }
        Some(request)
    }

    /// Asks a job to stop.
    pub fn cancel(&mut self, id: JobId) -> Vec<Cmd> {
        let task = self.list.iter_mut().find(|task| task.id == id);
        match task {
            Some(task) if task.state == State::Running => {
                task.state = State::Cancelling;
                vec![Cmd::Cancel(id)]
            }
            _ => Vec::new(),
        }
    }

    /// Whether anything is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.list.iter().any(Task::is_active)
    }

    /// The jobs, the newest first.
    #[must_use]
    pub fn jobs(&self) -> Vec<&Task> {
        let jobs = self.list.iter().filter(|task| task.request.is_job());
        jobs.rev().collect()
    }

    /// The job under way, where there is one.
    #[must_use]
    pub fn job(&self) -> Option<&Task> {
        let mut jobs = self.list.iter().filter(|task| task.request.is_job());
        jobs.find(|task| task.is_active())
    }

    /// The question under way that passes.
    #[must_use]
    pub fn asked(&self, is: impl Fn(&Request) -> bool) -> Option<&Task> {
        let mut active = self.list.iter().filter(|task| task.is_active());
        active.find(|task| is(&task.request))
    }
}
