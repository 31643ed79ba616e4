//! `portray privacy`: what a person may ask for, and what a shop must see to.

mod check;
mod copy;
mod receipts;
mod record;

use std::path::Path;

use jiff::civil::Date;

use self::copy::page;
use self::receipts::{receipt_text, retained_text};
use super::DONE;
use super::args::{Here, MapArgs};
use super::people::who;
use crate::error::{Error, Result};
use crate::pipeline::{self, Retention};
use crate::privacy::Who;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print everything about one person
    Export(Person),
    /// Remove one person from events, runs and campaigns, and keep them from coming back
    Forget {
        #[command(flatten)]
        person: Person,
        #[command(flatten)]
        sure: Sure,
    },
    /// Let a person who was forgotten come back with the next file
    Readmit(Person),
    /// Keep one person's data and use it no more
    Restrict {
        #[command(flatten)]
        person: Person,
        /// End the restriction
        #[arg(long)]
        lift: bool,
    },
    /// Delete events, runs and drawings that are older than may be kept
    Retain {
        /// Days that are kept
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
        days: u32,
        /// The day counted from (default: today)
        #[arg(long, value_name = "DATE", conflicts_with = "always")]
        as_of: Option<Date>,
        /// Do the same at the end of each ingest from now on
        #[arg(long)]
        always: bool,
        #[command(flatten)]
        sure: Sure,
    },
    /// Print the facts that a record of processing and an impact assessment need (GDPR, articles 30 and 35)
    Record,
    /// Look through the kept texts with today's patterns for what should be masked; no text is told (exit code 1: there
    /// is some)
    Check {
        /// Instead: run the standard patterns over the 2,000 lines that come with them (exit code 1: below what is promised)
        #[arg(long)]
        self_test: bool,
        #[command(flatten)]
        map: Box<MapArgs>,
    },
}

/// A person.
#[derive(Debug, clap::Args)]
struct Person {
    /// The shop's own id of the person; left out or `-`: read from standard input, so that it stands in no shell's history
    #[arg(value_name = "USER", conflicts_with = "pseudonym")]
    id: Option<String>,
    /// The person by pseudonym
    #[arg(long, value_name = "PSEUDONYM")]
    pseudonym: Option<String>,
}

/// What cannot be undone.
#[derive(Debug, clap::Args)]
struct Sure {
    /// Do it; without this only what would go is told
    #[arg(long)]
    yes: bool,
}

impl Person {
    fn who(&self, here: &Here) -> Result<Who> {
        match (&self.pseudonym, self.id.as_deref()) {
            (Some(name), _) => Ok(Who::Pseudonym(name.clone())),
            (None, None | Some("-")) => who(here),
            (None, Some(id)) if id.trim().is_empty() => {
                Err(Error::usage("USER", "is empty", "name the shop's own id"))
            }
            (None, Some(id)) => Ok(Who::Id(id.to_owned())),
        }
    }
}

/// Exit code 1 where a check finds something.
pub fn run(args: &Args, here: &Here) -> Result<u8> {
    let (workspace, settings) = (&here.workspace, &here.settings);
    if let Command::Check {
        self_test: true, ..
    } = &args.command
    {
        return check::self_test(here);
    }
    must_be_there(workspace)?;
    match &args.command {
        Command::Check { map, .. } => return check::kept(&map.options()?.redact, here),
        Command::Record => {
            let found = pipeline::processing(workspace, settings)?;
            here.out.report(&found, || record::text(&found))
        }
        Command::Export(person) => {
            let found = pipeline::everything(workspace, &person.who(here)?, settings)?;
            here.out.report(&found, || page(&found))
        }
        Command::Forget { person, sure } => {
            let who = person.who(here)?;
            let receipt = pipeline::forget(workspace, &who, sure.yes, settings, &here.progress())?;
            here.out.report(&receipt, || receipt_text(&receipt))
        }
        Command::Readmit(person) => {
            let hash = pipeline::readmit(workspace, &person.who(here)?, settings)?;
            here.out.report(&serde_json::json!({ "audit": hash }), || {
                format!("the person can come back with the next file; audit {hash}\n")
            })
        }
        Command::Restrict { person, lift } => {
            let hash = pipeline::restrict(workspace, &person.who(here)?, *lift, settings)?;
            here.out.report(&serde_json::json!({ "audit": hash }), || {
                let what = if *lift {
                    "the next run counts the person again"
                } else {
                    "the data stays, and no run or list uses it"
                };
                format!("{what}; audit {hash}\n")
            })
        }
        Command::Retain {
            days,
            as_of,
            always,
            sure,
        } => {
            let retention = Retention {
                days: *days,
                as_of: *as_of,
                at_each_ingest: *always,
            };
            let found = pipeline::retain(workspace, retention, sure.yes, settings)?;
            here.out.report(&found, || retained_text(&found))
        }
    }?;
    Ok(DONE)
}

/// Asking about a person makes no workspace.
fn must_be_there(workspace: &Path) -> Result<()> {
    if crate::workspace::Workspace::open(workspace)?
        .layout()
        .key()
        .exists()
    {
        return Ok(());
    }
    Err(Error::failed(
        workspace.display(),
        "is no workspace",
        "name one with --workspace",
    ))
}
