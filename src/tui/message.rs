//! What reaches the state (messages) and what the state asks for (commands).

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};

use super::problem::Problem;
use crate::events::{Preview, ShopFile};
use crate::explore::{Map, Overview, Profile, Relation, Table, UserLine, Who};
use crate::narrate::revise::Change;
use crate::pipeline::{Annotation, Revision};
use crate::portraits::Why;
use crate::progress::Update;
use crate::records::{Plan, Recommended, Run, Sentence, UserList};
use crate::workspace::{Record, RunSummary, Standing};

/// Number of a background job, never given twice in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub(super) u64);

/// Work that may take longer than a frame, and so never happens on the drawing thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// Read a published run, or the newest.
    Load(Option<i64>),
    /// List the published runs.
    Runs,
    /// Read a run to look at it in the list of runs.
    Brief(i64),
    /// List the jobs of the workspace that outlive their terminal.
    Detached,
    /// The users of a run as places in a plane.
    Map(i64),
    /// What the workspace holds.
    Overview(Option<i64>),
    /// Users of a run whose pseudonym begins so.
    Users(i64, String),
    /// One user.
    Profile(i64, Who),
    /// What is recommended to each segment of a run.
    Offers(i64),
    /// What is recommended to one user.
    UserOffers(i64, String),
    /// The campaign planned over a run last.
    Plan(i64),
    /// Tables and columns that a query can read.
    Schema(Option<i64>),
    /// A query of a person's own.
    Query(Option<i64>, String),
    /// A query's whole result into a file.
    Save(Option<i64>, String, PathBuf),
    /// The query behind a fact of a segment.
    Why(i64, u32, String),
    /// What stands in a folder.
    Folder(PathBuf),
    /// How a file would be read, given what a person says about it.
    Preview(PathBuf, Box<ShopFile>),
    /// Do what a person wants to a segment's text.
    Revise(i64, u32, Change),
    /// Keep a name, tags or a note.
    Annotate(i64, u32, Annotation),
    /// Pick another message of a campaign for a segment, or write one.
    RevisePlan(i64, u32, Revision),
    /// Plan a campaign over a run, with messages.
    PlanCampaign(i64),
    /// Make the sample shop and do the whole job on it.
    Demo,
    /// Read a file into the workspace and make a run of all.
    Ingest(PathBuf, Box<ShopFile>),
    /// Make a run as the given one, with this number of clusters, and write its texts.
    Make(i64, usize),
    /// Write the texts of a run, or of one segment, anew.
    Narrate(i64, Option<u32>),
    /// Write what sets one segment apart from another.
    Compare(i64, u32, u32),
}

impl Request {
    /// Whether it takes so long, or changes so much, that the list of jobs has it and leaving asks first.
    #[must_use]
    pub fn is_job(&self) -> bool {
        matches!(
            self,
            Self::Demo
                | Self::Ingest(..)
                | Self::Make(..)
                | Self::Narrate(..)
                | Self::Compare(..)
                | Self::PlanCampaign(_)
                | Self::Save(..)
        )
    }

    /// Whether it takes the place of an older one that is still under way.
    #[must_use]
    pub fn replaces(&self, older: &Self) -> bool {
        !self.is_job() && std::mem::discriminant(self) == std::mem::discriminant(older)
    }
}

/// What stands in a folder: its absolute path, its folders, and its files with their sizes in bytes. Unclean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The folder.
    pub folder: PathBuf,
    /// Names of folders in it, sorted.
    pub folders: Vec<String>,
    /// Names and sizes of files in it, sorted.
    pub files: Vec<(String, u64)>,
}

/// What a finished job brings back.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// A run; none where nothing was published.
    Loaded(Option<Box<Run>>),
    /// The runs, newest first.
    Runs(Vec<RunSummary>),
    /// A run to look at.
    Brief(Option<Box<Run>>),
    /// Jobs that outlive their terminal, the newest first.
    Detached(Vec<(Record, Standing)>),
    /// The plane; none where the run has none.
    Map(Option<Map>),
    /// What the workspace holds.
    Overview(Box<Overview>),
    /// Users, and how many there are in all.
    Users(Vec<UserLine>, u64),
    /// One user; none where there is none of that name.
    Profile(Option<Box<Profile>>),
    /// What is recommended to each segment.
    Offers(Vec<Recommended>),
    /// What is recommended to a user; none where nothing is known of one.
    UserOffers(Option<Box<UserList>>),
    /// The campaign planned last; none where there is none.
    Plan(Option<Box<Plan>>),
    /// Tables and columns.
    Schema(Vec<Relation>),
    /// What a query gave.
    Table(Table),
    /// So many rows were written.
    Saved(u64),
    /// The query behind a fact.
    Why(Box<Why>),
    /// A folder.
    Listing(Listing),
    /// How a file would be read.
    Preview(Box<Preview>),
    /// A comparison.
    Compared(Vec<Sentence>),
    /// Done, with nothing to show but a newer run of this number; none: the same run.
    Changed(Option<i64>),
}

/// News of a background job.
#[derive(Debug)]
pub enum JobEvent {
    /// It tells where it is, so long after its start.
    Progress(Update, Duration),
    /// It ended with its result.
    Done(Outcome),
    /// It ended without one.
    Failed(Problem),
    /// It ended because it was asked to.
    Cancelled,
}

/// Something that happened; the only way in which the state changes.
#[derive(Debug)]
pub enum Msg {
    /// The program has started.
    Start,
    /// A key was pressed or repeats.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse was clicked or its wheel turned.
    Mouse(MouseEvent),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// News of a background job.
    Job(JobId, JobEvent),
    /// Time passed while something moves.
    Tick,
    /// The selection has rested.
    Rested,
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
    /// Ask a background job to stop.
    Cancel(JobId),
    /// Give the terminal back to the shell until the person returns.
    Suspend,
    /// Put a text on the person's clipboard.
    Copy(String),
    /// Take the mouse, or leave it to the terminal.
    Mouse(bool),
}
