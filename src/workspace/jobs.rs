//! Jobs that outlive the terminal: what was asked, how far it came, how it ended.
//!
//! A job is `jobs/N.json` (its record), `jobs/N.log` (what it said) and `jobs/N.lock`, which it holds while it runs: a kill
//! or a power cut lets go of that, and so tells an interrupted job from a running one.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Workspace;
use crate::error::{Error, Result};
use crate::progress::Stage;

/// Ended jobs that are kept; older ones go when a new one begins.
const KEPT: usize = 30;
/// How often a job is tried to be taken, and what passes between.
const TRIES: u32 = 20;
const MOMENT: Duration = Duration::from_millis(20);

/// What a job was asked, and how far it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Number in the workspace, from 1.
    pub id: u64,
    /// The program's arguments.
    pub arguments: Vec<String>,
    /// The folder that it was started in: paths among the arguments begin there.
    pub folder: PathBuf,
    /// When it was asked for, RFC 3339 in UTC.
    pub started_at: String,
    /// Number of its process, of the last start.
    pub process: Option<u32>,
    /// The stage that runs, or ran last.
    pub stage: Option<Stage>,
    /// Units of the stage that are done.
    pub done: u64,
    /// Units of the stage in all, where that is known.
    pub total: Option<u64>,
    /// Whether its files are read: they are not read again.
    pub is_ingested: bool,
    /// The run that it published: none is made again.
    pub run: Option<i64>,
    /// Exit code; none until it ended by itself.
    pub exit: Option<u8>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it ended, RFC 3339 in UTC.
    pub ended_at: Option<String>,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its process runs.
    Running,
    /// It ended well.
    Done,
    /// It ended with an error, or a condition of `--fail-on` holds.
    Failed,
    /// Somebody stopped it.
    Cancelled,
    /// It was killed, or the machine went down: it can go on.
    Interrupted,
}

impl Standing {
    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }
}

/// A job of a workspace.
#[derive(Debug, Clone)]
pub struct Job {
    folder: PathBuf,
    id: u64,
}

/// Held while a job runs.
#[derive(Debug)]
pub struct Running(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Workspace {
    /// The jobs, the newest first.
    pub fn jobs(&self) -> Result<Vec<Job>> {
        let folder = self.layout.jobs();
        let Ok(entries) = std::fs::read_dir(&folder) else {
            return Ok(Vec::new());
        };
        let numbers = entries.flatten().filter_map(|entry| {
            let name = entry.file_name();
            name.to_str()?.strip_suffix(".json")?.parse().ok()
        });
        let mut ids: Vec<u64> = numbers.collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        let of = |id| Job {
            folder: folder.clone(),
            id,
        };
        Ok(ids.into_iter().map(of).collect())
    }

    /// The job of that number, or the newest.
    ///
    /// # Errors
    /// [`Error::Failed`] where there is none.
    pub fn job(&self, id: Option<u64>) -> Result<Job> {
        let mut jobs = self.jobs()?.into_iter();
        jobs.find(|job| id.is_none_or(|id| job.id == id))
            .ok_or_else(|| {
                Error::failed(
                    id.map_or("the workspace".to_owned(), |id| format!("job {id}")),
                    "has no such job",
                    "`portray jobs` lists them, `portray run --detach` starts one",
                )
            })
    }

    /// Notes a new job with these arguments; it does not run yet.
    pub fn new_job(&self, arguments: Vec<String>) -> Result<Job> {
        let folder = self.layout.jobs();
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(Error::io(&folder))?;
        let jobs = self.jobs()?;
        for old in jobs.iter().skip(KEPT - 1) {
            if old.standing()? != Standing::Running {
                old.remove();
            }
        }
        let mut id = jobs.first().map_or(1, |job| job.id + 1);
        // Two starts at one moment get two numbers: whoever makes the lock's file has it.
        loop {
            let job = Job {
                folder: folder.clone(),
                id,
            };
            match private().create_new(true).open(job.path("lock")) {
                Ok(_) => {
                    job.write(&Record {
                        id,
                        arguments,
                        folder: std::env::current_dir().map_err(Error::io("the current folder"))?,
                        started_at: jiff::Timestamp::now().to_string(),
                        ..Record::default()
                    })?;
                    return Ok(job);
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => id += 1,
                Err(error) => return Err(Error::io(job.path("lock"))(error)),
            }
        }
    }
}

impl Job {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.id))
    }

    /// What it says to people.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.path("log")
    }

    /// Its log, to be written at the end.
    pub fn open_log(&self) -> Result<File> {
        let path = self.log();
        private().append(true).open(&path).map_err(Error::io(&path))
    }

    /// Its record.
    ///
    /// # Errors
    /// [`Error::Damaged`] where it does not parse.
    pub fn record(&self) -> Result<Record> {
        let path = self.path("json");
        let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
        serde_json::from_str(&text).map_err(|e| {
            Error::damaged(
                path.display(),
                format!("is no record of a job: {e}"),
                "remove it; runs and events do not depend on it",
            )
        })
    }

    /// Changes its record.
    pub fn update(&self, change: impl FnOnce(&mut Record)) -> Result<()> {
        let mut record = self.record()?;
        change(&mut record);
        self.write(&record)
    }

    /// Whoever reads it finds the old record or the new one, also after a power cut.
    fn write(&self, record: &Record) -> Result<()> {
        let (path, beside) = (self.path("json"), self.path("new"));
        let text = serde_json::to_vec_pretty(record).unwrap_or_default();
        let write = || {
            std::fs::write(&beside, &text)?;
            File::open(&beside)?.sync_all()?;
            std::fs::rename(&beside, &path)
        };
        write().map_err(Error::io(&path))
    }

    /// Takes the job for this process.
    ///
    /// # Errors
    /// [`Error::Failed`] where it runs already.
    pub fn hold(&self) -> Result<Running> {
        let path = self.path("lock");
        let file = private().open(&path).map_err(Error::io(&path))?;
        // Whoever asks how the job stands holds it for a moment, too.
        for _ in 0..TRIES {
            if file.try_lock().is_ok() {
                return Ok(Running(file));
            }
            std::thread::sleep(MOMENT);
        }
        Err(Error::failed(
            format!("job {}", self.id),
            "runs already",
            "`portray jobs attach` shows what it says",
        ))
    }

    /// How it stands.
    pub fn standing(&self) -> Result<Standing> {
        let is_free = File::options()
            .write(true)
            .open(self.path("lock"))
            .is_ok_and(|file| file.try_lock().is_ok());
        if !is_free {
            return Ok(Standing::Running);
        }
        Ok(match self.record()?.exit {
            Some(0) => Standing::Done,
            Some(130 | 143 | 129 | 6) => Standing::Cancelled,
            Some(_) => Standing::Failed,
            None => Standing::Interrupted,
        })
    }

    fn remove(&self) {
        for ending in ["log", "lock", "new", "json"] {
            // What cannot be removed is listed on.
            let _ = std::fs::remove_file(self.path(ending));
        }
    }
}

/// Files for the owner alone.
fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
