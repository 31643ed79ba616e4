//! What reaches the state (messages) and what the state asks for (commands).

use crossterm::event::KeyEvent;

use super::problem::Problem;
use crate::progress::Update;
use crate::records::Run;

/// Number of a background job, never given twice in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub(super) u64);

/// Work that may take longer than a frame, and so never happens on the drawing thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// Read the newest published run.
    Load,
}

/// What a finished job brings back.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The newest run; none where nothing was published.
    Loaded(Option<Box<Run>>),
}

/// News of a background job.
#[derive(Debug, Clone, PartialEq)]
pub enum JobEvent {
    /// It tells where it is.
    Progress(Update),
    /// It ended with its result.
    Done(Outcome),
    /// It ended without one.
    Failed(Problem),
}

/// Something that happened; the only way in which the state changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// The program has started.
    Start,
    /// A key was pressed or repeats.
    Key(KeyEvent),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// News of a background job.
    Job(JobId, JobEvent),
    /// Time passed while something moves.
    Tick,
    /// A signal asks the program to end.
    Signal(i32),
    /// The terminal gives no more input, for this reason.
    InputLost(String),
}

/// Something to do outside of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cmd {
    /// Start a background job.
    Start(JobId, Request),
    /// Ask a background job to stop; what it still says is dropped.
    Cancel(JobId),
    /// Give the terminal back to the shell until the person returns.
    Suspend,
}
