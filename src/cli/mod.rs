//! The command line: arguments in, a report out, an exit code. One file a command.

mod args;
mod assign;
mod audience;
mod audit;
mod bars;
mod bundle;
mod campaign;
mod compare;
mod demo;
mod doctor;
mod export;
mod fail_on;
mod fairness;
mod ingest;
mod jobs;
mod mark;
mod model;
mod narrate;
mod out;
mod overview;
mod people;
mod privacy;
mod recommend;
mod replay;
mod revise;
mod run;
mod runs;
mod segment;
mod segments;
mod show;
mod sql;
mod text;
mod uplift;
mod value;
mod watch;
mod workspace;
mod write;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::error::{Error, Result};
use crate::workspace::Workspace;

use args::{Globals, Here};
use out::Out;

/// Customer segments and portraits from a shop's events, offline.
///
/// Without a command the terminal UI opens on the workspace.
#[derive(Debug, Parser)]
#[command(name = "portray", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Exit code of a command that did what it should.
const DONE: u8 = 0;
/// Exit code of a command that answers no: a replay that differs, a check that fails.
const ANSWERS_NO: u8 = 1;
/// Exit code where a condition of `--fail-on` holds.
const CONDITION: u8 = 5;

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a sample shop and run the whole job on it
    Demo(demo::Args),
    /// Read event files into the workspace
    Ingest(ingest::Args),
    /// Compute features, segments and facts from the workspace's events
    Segment(segment::Args),
    /// Write the narratives of a run
    Narrate(narrate::Args),
    /// Do the whole job: ingest, segment, narrate, export
    Run(Box<run::Args>),
    /// Write a run's files for people and machines
    Export(export::Args),
    /// List the runs of the workspace
    Runs,
    /// List jobs that outlive their terminal, attach to one, stop one, go on with one
    Jobs(jobs::Args),
    /// List the segments of a run with their narratives
    Segments(segments::Args),
    /// Put the users of event files into the segments of a run, without a fit
    Assign(Box<assign::Args>),
    /// Carry a run to another workspace in one file
    Bundle(bundle::Args),
    /// Take in the events of another workspace
    Merge(bundle::MergeArgs),
    /// Audit how groups of users are spread over the segments of a run
    Fairness(fairness::Args),
    /// Answer people's requests about their data: export, forget, restrict; and delete what is old
    Privacy(privacy::Args),
    /// Seal the workspace into one encrypted file, and make it of one again
    Workspace(workspace::Args),
    /// Show the audit log and check that it is as it was written
    Audit(audit::Args),
    /// Compare two runs: what moved, who went where, what it did to revenue
    Compare(compare::Args),
    /// Forecast what customers will buy and bring, by segment and one by one
    Value(value::Args),
    /// Recommend products to a user, a segment, or everybody
    Recommend(Box<recommend::Args>),
    /// Plan what to do for each segment, with messages
    Campaign(campaign::Args),
    /// Draw whom to write to and whom to hold out, as files
    Audience(audience::Args),
    /// Tell whether a campaign worked, from later events
    Uplift(Box<uplift::Args>),
    /// Write a comparison, a product's text, a message or a reason
    Write(write::Args),
    /// Pick, edit and accept segments' texts, and check any text against the facts
    Text(revise::Args),
    /// Name a segment, tag it, or note something about it
    Mark(mark::Args),
    /// Show one segment: its facts, its narrative, and where a fact comes from
    Show(show::Args),
    /// Ask the event store and a run a question in SQL; nothing can be changed
    Sql(sql::Args),
    /// Make a run again and say whether the bytes came out the same
    Replay(replay::Args),
    /// List, inspect, evaluate and quantise language models
    Model(model::Args),
    /// Check the machine, the workspace and the model
    Doctor,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Parses the arguments, runs the command, maps an error to the exit code: 0 done, 1 failed, 2 wrong usage,
/// 3 input rejected, 4 workspace busy, 5 a condition of `--fail-on`, 6 cancelled or out of time, 7 damage,
/// 128 + n signal n.
#[must_use]
pub fn main() -> ExitCode {
    no_core_dump();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Where even this cannot be printed there is nobody to tell.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let color = cli.globals.color;
    let watch = watch::Watch::new(cli.globals.status.clone());
    let done = dispatch(cli, watch.clone());
    crate::workspace::end();
    let code = match done {
        Ok(code) => watch.end(None, Some(code)),
        Err(error) => {
            out::error(&error, color);
            watch.end(Some(&error), None)
        }
    };
    ExitCode::from(code)
}

/// Memory holds ids while files are read: a crash must not write it to a disk.
fn no_core_dump() {
    #[cfg(unix)]
    {
        let none = rustix::process::Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        // Where the system refuses, the limit is one that nobody could set.
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    }
}

fn dispatch(cli: Cli, watch: watch::Watch) -> Result<u8> {
    let demo = matches!(cli.command, Some(Command::Demo(_)));
    let job = cli.globals.job;
    let here = Here::new(cli.globals, watch, demo)?;
    job.map_or(Ok(()), |id| here.take_job(id))?;
    let _log = log(&here);
    here.warn_of_others();
    // What killed processes left: nothing of it stays longer than to the next start.
    crate::workspace::clear(&Workspace::open(&here.workspace)?.layout().temp());
    // The pool is made once, here; results are the same with any number of threads.
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(here.settings.threads)
        .build_global();
    match cli.command {
        None => {
            let asked = here.tui_asked();
            crate::tui::run(&here.workspace, &here.settings, here.seed, asked)?;
        }
        Some(Command::Demo(args)) => return demo::run(&args, &here),
        Some(Command::Ingest(args)) => ingest::run(&args, &here)?,
        Some(Command::Segment(args)) => segment::run(&args, &here)?,
        Some(Command::Narrate(args)) => narrate::run(&args, &here)?,
        Some(Command::Run(args)) => return run::run(&args, &here),
        Some(Command::Export(args)) => export::run(&args, &here)?,
        Some(Command::Runs) => runs::run(&here)?,
        Some(Command::Jobs(args)) => return jobs::run(&args, &here),
        Some(Command::Segments(args)) => segments::run(&args, &here)?,
        Some(Command::Assign(args)) => assign::run(&args, &here)?,
        Some(Command::Bundle(args)) => bundle::run(&args, &here)?,
        Some(Command::Merge(args)) => bundle::merge(&args, &here)?,
        Some(Command::Fairness(args)) => fairness::run(&args, &here)?,
        Some(Command::Workspace(args)) => workspace::run(&args, &here)?,
        Some(Command::Privacy(args)) => return privacy::run(&args, &here),
        Some(Command::Audit(args)) => return audit::run(&args, &here),
        Some(Command::Compare(args)) => compare::run(&args, &here)?,
        Some(Command::Text(args)) => revise::run(&args, &here)?,
        Some(Command::Mark(args)) => mark::run(&args, &here)?,
        Some(Command::Show(args)) => show::run(&args, &here)?,
        Some(Command::Sql(args)) => sql::run(&args, &here)?,
        Some(Command::Value(args)) => value::run(&args, &here)?,
        Some(Command::Recommend(args)) => recommend::run(&args, &here)?,
        Some(Command::Campaign(args)) => campaign::run(&args, &here)?,
        Some(Command::Audience(args)) => audience::run(&args, &here)?,
        Some(Command::Uplift(args)) => uplift::run(&args, &here)?,
        Some(Command::Write(args)) => write::run(&args, &here)?,
        Some(Command::Replay(args)) => return replay::run(&args, &here),
        Some(Command::Model(args)) => model::run(&args, &here)?,
        Some(Command::Doctor) => return doctor::run(&here),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "portray", &mut script);
            Out::data(&String::from_utf8_lossy(&script))?;
        }
    }
    Ok(DONE)
}

/// Logs into the workspace, where there is one; `PORTRAY_LOG` sets the level (default: warnings).
fn log(here: &Here) -> Option<tracing_appender::non_blocking::WorkerGuard> {
    let folder = Workspace::open(&here.workspace).ok()?.layout().logs();
    let appender = tracing_appender::rolling::Builder::new()
        .filename_prefix("portray")
        .filename_suffix("log")
        .max_log_files(3)
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .build(folder.is_dir().then_some(folder)?)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    let filter = tracing_subscriber::EnvFilter::try_from_env("PORTRAY_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_env_filter(filter)
        .try_init()
        .ok()?;
    Some(guard)
}

/// A number of a run or the newest.
fn run_of(here: &Here, id: Option<i64>) -> Result<crate::records::Run> {
    crate::pipeline::find_run(&here.workspace, id, here.settings.lang)
}

/// A segment of a run by its number.
fn segment_of(run: &crate::records::Run, id: u32) -> Result<&crate::records::Segment> {
    run.segments
        .iter()
        .find(|segment| segment.id == id)
        .ok_or_else(|| {
            let ids: Vec<_> = run
                .segments
                .iter()
                .map(|segment| segment.id.to_string())
                .collect();
            Error::usage(
                "SEGMENT",
                format!("run {} has no segment {id}", run.id),
                format!("segments: {}", ids.join(", ")),
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_sound() {
        Cli::command().debug_assert();
    }
}
