//! The folder on disk: event store, catalog, key and lock.

use std::path::Path;

use crate::error::Result;
use crate::records::Run;

/// A workspace folder.
pub struct Workspace {}

/// One line about a run, for lists.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSummary {
    /// Number of the run.
    pub id: i64,
    /// When it was published, RFC 3339 in UTC.
    pub created_at: String,
    /// Clusters.
    pub k: usize,
    /// Users.
    pub users: u64,
    /// Mean silhouette.
    pub silhouette: Option<f64>,
}

impl Workspace {
    /// Opens the workspace for reading what was published.
    pub fn open(_dir: &Path) -> Result<Self> {
        Ok(Self {})
    }

    /// The published runs, newest first.
    pub fn runs(&self) -> Result<Vec<RunSummary>> {
        Ok(Vec::new())
    }

    /// The run of that number, or the newest; none where nothing was published.
    pub fn run(&self, _id: Option<i64>) -> Result<Option<Run>> {
        Ok(None)
    }
}
