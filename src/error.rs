//! The one error type of the library: each variant names the thing, the reason and the mend.

use std::path::{Path, PathBuf};

/// A result of the library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure an error is: the command line maps it to an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Something failed: exit code 1.
    Failed,
    /// The arguments make no sense together: exit code 2.
    Usage,
    /// The input holds nothing usable: exit code 3.
    Rejected,
    /// Another process writes to the workspace: exit code 4.
    Busy,
    /// The caller asked to stop, or the time ran out: exit code 6.
    Cancelled,
    /// What is kept is damaged or does not belong together: exit code 7.
    Integrity,
}

/// Why a call into the library ended without its result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something failed that a person can mend.
    #[error("{what}: {why}; {mend}")]
    Failed {
        /// The file, workspace, model or run at fault.
        what: String,
        /// What is wrong with it.
        why: String,
        /// What would mend it.
        mend: String,
    },
    /// Arguments that contradict each other or name nothing known.
    #[error("{what}: {why}; {mend}")]
    Usage {
        /// The argument.
        what: String,
        /// What is wrong with it.
        why: String,
        /// What would mend it.
        mend: String,
    },
    /// Input without a usable row.
    #[error("{what}: {why}; {mend}")]
    Rejected {
        /// The file, with the line where one is known.
        what: String,
        /// What is wrong with it.
        why: String,
        /// What would mend it.
        mend: String,
    },
    /// What is kept is damaged, missing, or does not belong together.
    #[error("{what}: {why}; {mend}")]
    Damaged {
        /// The file.
        what: String,
        /// What is wrong with it.
        why: String,
        /// What would mend it.
        mend: String,
    },
    /// Another process writes to the workspace.
    #[error("{}: {holder} is writing to this workspace; wait for it (`--wait 5m`) or stop it", .workspace.display())]
    Busy {
        /// The workspace's folder.
        workspace: PathBuf,
        /// Process, user, host and since when, as the holder wrote it down.
        holder: String,
    },
    /// The operating system refused a file operation.
    #[error("{}: {source}; check that the path exists, its permissions, and the free space", .path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// DuckDB refused a statement.
    #[error("event store, {doing}: {source}; {}", mend_of_store(source))]
    EventStore {
        /// What was being done.
        doing: String,
        /// DuckDB's reason.
        source: duckdb::Error,
    },
    /// SQLite refused a statement.
    #[error("catalog, {doing}: {source}; {}", mend_of_catalog(source))]
    Catalog {
        /// What was being done.
        doing: String,
        /// SQLite's reason.
        source: rusqlite::Error,
    },
    /// A question took longer than it was given.
    #[error(
        "{what}: took longer than {seconds} s; ask for less, or give it more time (`--timeout 5m`)"
    )]
    TimeLimit {
        /// What was asked.
        what: String,
        /// What it was given, in seconds.
        seconds: u64,
    },
    /// The caller asked to stop.
    #[error("stopped: cancelled before the end; nothing was published")]
    Cancelled,
}

const RESTORE: &str = "restore the workspace from a copy; `portray doctor` looks at the rest";
const FREE: &str = "free some space on its disk, then try again";

fn is_corrupt_catalog(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseCorrupt | NotADatabase)
    )
}

fn mend_of_catalog(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode::{DiskFull, SystemIoFailure};
    match error.sqlite_error_code() {
        // Where a full disk lets it make no file beside its own, SQLite says no more than that.
        Some(DiskFull | SystemIoFailure) => FREE,
        _ if is_corrupt_catalog(error) => RESTORE,
        _ => "`portray doctor` checks the workspace",
    }
}

/// DuckDB tells damage by words alone.
fn is_corrupt_store(error: &duckdb::Error) -> bool {
    let text = error.to_string().to_lowercase();
    ["corrupt", "checksum", "not a valid duckdb"]
        .iter()
        .any(|word| text.contains(word))
}

fn is_short_of_memory(error: &duckdb::Error) -> bool {
    error.to_string().contains("Out of Memory")
}

/// DuckDB 1.5 measures its own waits by the clock of the wall: where that is set back meanwhile, it gives the statement
/// up and says nothing.
fn is_silent(error: &duckdb::Error) -> bool {
    matches!(error, duckdb::Error::DuckDBFailure(_, None))
}

fn mend_of_store(error: &duckdb::Error) -> &'static str {
    if is_silent(error) {
        "DuckDB gave no reason, as it does where the system's clock is set back while it works; nothing is lost, try again"
    } else if is_corrupt_store(error) {
        RESTORE
    } else if error.to_string().contains("No space left") {
        FREE
    } else if is_short_of_memory(error) {
        "give it more with --memory, or fewer --threads"
    } else {
        "`portray doctor` checks the workspace"
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a caller hands over whatever it has to show"
)]
impl Error {
    /// A failure of `what`, because of `why`; `mend` says what to do.
    pub fn failed(what: impl ToString, why: impl ToString, mend: impl ToString) -> Self {
        Self::Failed {
            what: what.to_string(),
            why: why.to_string(),
            mend: mend.to_string(),
        }
    }

    /// A wrong argument.
    pub fn usage(what: impl ToString, why: impl ToString, mend: impl ToString) -> Self {
        Self::Usage {
            what: what.to_string(),
            why: why.to_string(),
            mend: mend.to_string(),
        }
    }

    /// Input that holds nothing usable.
    pub fn rejected(what: impl ToString, why: impl ToString, mend: impl ToString) -> Self {
        Self::Rejected {
            what: what.to_string(),
            why: why.to_string(),
            mend: mend.to_string(),
        }
    }

    /// Damage to what is kept.
    pub fn damaged(what: impl ToString, why: impl ToString, mend: impl ToString) -> Self {
        Self::Damaged {
            what: what.to_string(),
            why: why.to_string(),
            mend: mend.to_string(),
        }
    }

    /// Wraps an operating system error with its path: `.map_err(Error::io(path))`.
    pub fn io(path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { path, source }
    }

    /// Wraps a DuckDB error: `.map_err(Error::duck("computing features"))`.
    pub fn duck(doing: impl ToString) -> impl FnOnce(duckdb::Error) -> Self {
        let doing = doing.to_string();
        move |source| Self::EventStore { doing, source }
    }

    /// Wraps a SQLite error: `.map_err(Error::sqlite("reading runs"))`.
    pub fn sqlite(doing: impl ToString) -> impl FnOnce(rusqlite::Error) -> Self {
        let doing = doing.to_string();
        move |source| Self::Catalog { doing, source }
    }

    /// Whether a query needed more memory than it was given.
    #[must_use]
    pub fn is_out_of_memory(&self) -> bool {
        matches!(self, Self::EventStore { source, .. } if is_short_of_memory(source))
    }

    /// The kind, for an exit code.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Usage { .. } => Kind::Usage,
            Self::Rejected { .. } => Kind::Rejected,
            Self::Busy { .. } => Kind::Busy,
            Self::Cancelled | Self::TimeLimit { .. } => Kind::Cancelled,
            Self::Damaged { .. } => Kind::Integrity,
            Self::Catalog { source, .. } if is_corrupt_catalog(source) => Kind::Integrity,
            Self::EventStore { source, .. } if is_corrupt_store(source) => Kind::Integrity,
            _ => Kind::Failed,
        }
    }
}
