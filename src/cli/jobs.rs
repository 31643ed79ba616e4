//! `portray jobs`: jobs that outlive the terminal that started them.

use std::ffi::OsString;
use std::io::{Read, Seek, SeekFrom};
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::DONE;
use super::args::Here;
use super::out::Out;
use super::text::table;
use crate::error::{Error, Result};
use crate::words::clean;
use crate::workspace::{Job, Standing, Workspace};

/// How often an attached job is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// How long a job that is started may take until it runs, and one that is stopped until it ended.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Copy, clap::Subcommand)]
enum Command {
    /// List the jobs, the newest first (the same as without a command)
    List,
    /// Print what a job says until it ends, and end with its exit code; leaving lets it run on
    Attach(Which),
    /// Stop a job; the workspace stays as it was before its stage
    Cancel(Which),
    /// Go on with jobs that a kill or a power cut interrupted, from the last stage that was finished; for `@reboot` in a
    /// crontab
    Resume(Which),
}

/// A job.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Which {
    /// Its number (default: the newest; of `resume`: all that were interrupted)
    #[arg(value_name = "JOB")]
    id: Option<u64>,
}

pub fn run(args: &Args, here: &Here) -> Result<u8> {
    let workspace = Workspace::open(&here.workspace)?;
    match args.command {
        None | Some(Command::List) => list(&workspace, here)?,
        Some(Command::Attach(which)) => return attach(&workspace.job(which.id)?),
        Some(Command::Cancel(which)) => cancel(&workspace.job(which.id)?, here)?,
        Some(Command::Resume(which)) => {
            let jobs = match which.id {
                Some(id) => vec![workspace.job(Some(id))?],
                None => workspace.jobs()?,
            };
            let mut resumed = Vec::new();
            for job in jobs.into_iter().rev() {
                if job.standing()? == Standing::Interrupted {
                    start(&job)?;
                    resumed.push(job.id());
                }
            }
            here.out.report(&json!({ "resumed": resumed }), || {
                match resumed.as_slice() {
                    [] => "no job was interrupted\n".to_owned(),
                    ids => ids.iter().map(|id| format!("job {id} goes on\n")).collect(),
                }
            })?;
        }
    }
    Ok(DONE)
}

/// Starts this very command as a job, without `--detach`, and tells its number.
pub fn detach(here: &Here) -> Result<u8> {
    let workspace = Workspace::create(&here.workspace)?;
    let arguments = std::env::args_os()
        .skip(1)
        .filter(|argument| argument != "--detach")
        .map(OsString::into_string)
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(|_| {
            Error::usage(
                "--detach",
                "an argument is no UTF-8 text, and the job's record is",
                "give the file another name, or run without --detach",
            )
        })?;
    let job = workspace.new_job(arguments)?;
    start(&job)?;
    let id = job.id();
    here.out.report(&json!({ "job": id }), || {
        format!("job {id} runs on its own: `portray jobs attach {id}` shows what it says, `portray jobs cancel {id}` stops it\n")
    })?;
    Ok(DONE)
}

/// Starts a process for a job, and waits until it has taken it.
fn start(job: &Job) -> Result<()> {
    let failed = |why: String| {
        Error::failed(
            format!("job {}", job.id()),
            why,
            "run the same command without --detach",
        )
    };
    let record = job.record()?;
    let program =
        std::env::current_exe().map_err(|e| failed(format!("this program is not found: {e}")))?;
    let log = job.open_log()?;
    let again = log.try_clone().map_err(Error::io(job.log()))?;
    let mut child = Process::new(program)
        .arg("--job")
        .arg(job.id().to_string())
        .args(&record.arguments)
        .current_dir(&record.folder)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(again)
        .spawn()
        .map_err(|e| failed(format!("cannot be started: {e}")))?;
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if job.record()?.process == Some(child.id()) {
            return Ok(());
        }
        if let Ok(Some(_)) = child.try_wait() {
            let mut said = String::new();
            let read =
                std::fs::File::open(job.log()).and_then(|mut log| log.read_to_string(&mut said));
            let last = said
                .lines()
                .last()
                .filter(|_| read.is_ok())
                .unwrap_or_default();
            return Err(failed(format!("ended at once: {}", clean(last))));
        }
        std::thread::sleep(LOOK / 10);
    }
    Err(failed("did not begin in time".into()))
}

fn list(workspace: &Workspace, here: &Here) -> Result<()> {
    let mut jobs = Vec::new();
    for job in workspace.jobs()? {
        jobs.push((job.record()?, job.standing()?));
    }
    if jobs.is_empty() {
        here.out
            .say("no job yet: `portray run --detach …` starts one that outlives the terminal");
    }
    let told: Vec<_> = jobs
        .iter()
        .map(|(record, standing)| json!({ "standing": standing, "record": record }))
        .collect();
    here.out.report(&told, || {
        let rows: Vec<[String; 6]> = jobs
            .iter()
            .map(|(record, standing)| {
                let stage = record
                    .stage
                    .map(|stage| format!("{stage:?}").to_lowercase())
                    .unwrap_or_default();
                let progress = match record.total {
                    Some(total) if total > 0 => {
                        format!("{:.0}%", 100.0 * record.done as f64 / total as f64)
                    }
                    _ => String::new(),
                };
                [
                    record.id.to_string(),
                    standing.name().to_owned(),
                    stage,
                    progress,
                    record
                        .started_at
                        .get(..19)
                        .unwrap_or_default()
                        .replace('T', " "),
                    record
                        .error
                        .clone()
                        .or(record.run.map(|run| format!("run {run}")))
                        .unwrap_or_default(),
                ]
            })
            .collect();
        table(
            &["job", "", "stage", "", "started (UTC)", "came to"].map(str::to_owned),
            &rows,
        )
    })
}

fn attach(job: &Job) -> Result<u8> {
    let mut at = 0;
    loop {
        // Asked first, so that what it said last is read, too.
        let standing = job.standing()?;
        let path = job.log();
        if let Ok(mut log) = std::fs::File::open(&path) {
            let mut said = Vec::new();
            let read = log
                .seek(SeekFrom::Start(at))
                .and_then(|_| log.read_to_end(&mut said));
            at += read.map_err(Error::io(&path))? as u64;
            // The log is by this program, but stands in a file that others may have written to.
            let text = String::from_utf8_lossy(&said);
            let lines: Vec<_> = text.split('\n').map(clean).collect();
            Out::data(&lines.join("\n"))?;
        }
        if standing != Standing::Running {
            let record = job.record()?;
            return match record.exit {
                Some(code) => Ok(code),
                None => Err(Error::failed(
                    format!("job {}", job.id()),
                    "was interrupted",
                    format!("`portray jobs resume {}` goes on with it", job.id()),
                )),
            };
        }
        std::thread::sleep(LOOK);
    }
}

#[cfg(unix)]
fn cancel(job: &Job, here: &Here) -> Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    let process = job
        .record()?
        .process
        .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let Some(process) =
        process.filter(|_| job.standing().is_ok_and(|now| now == Standing::Running))
    else {
        return Err(Error::failed(
            format!("job {}", job.id()),
            "does not run",
            "`portray jobs` lists how each stands",
        ));
    };
    kill_process(process, Signal::TERM).map_err(|e| {
        Error::failed(
            format!("job {}", job.id()),
            std::io::Error::from(e),
            "it may be another user's",
        )
    })?;
    let until = Instant::now() + PATIENCE;
    while job.standing()? == Standing::Running && Instant::now() < until {
        std::thread::sleep(LOOK);
    }
    let standing = job.standing()?;
    here.out
        .report(&json!({ "job": job.id(), "standing": standing }), || {
            format!("job {}: {}\n", job.id(), standing.name())
        })
}

#[cfg(not(unix))]
fn cancel(job: &Job, _: &Here) -> Result<()> {
    Err(Error::failed(
        format!("job {}", job.id()),
        "cannot be stopped from here on this system",
        "stop its process",
    ))
}
