//! `portray privacy`: what a person may ask for, and what a shop must see to.

use std::path::Path;

use jiff::civil::Date;
use serde_json::Value;

use super::args::Here;
use super::people::who;
use crate::error::{Error, Result};
use crate::pipeline::{self, Receipt, Retained, Retention, Subject};
use crate::privacy::Who;
use crate::words::clean;

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

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let (workspace, settings) = (&here.workspace, &here.settings);
    must_be_there(workspace)?;
    match &args.command {
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
    }
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

fn receipt_text(receipt: &Receipt) -> String {
    let gone = &receipt.gone;
    let mut text = match &receipt.audit {
        Some(hash) => format!(
            "forgotten at {}\nperson     {} (a keyed hash; no id, no pseudonym)\naudit      {hash}\n\nwhat went\n",
            receipt.at, receipt.person
        ),
        None => "nothing is done yet: --yes does it, and it cannot be undone\n\nwhat would go\n"
            .to_owned(),
    };
    for (count, what) in [
        (gone.events, "events"),
        (
            gone.pseudonyms,
            "pseudonyms (the user's, and those of aliases and own devices)",
        ),
        (gone.queries, "search texts that nobody else typed"),
        (
            gone.said,
            "lines of consents, opt-outs, attributes and aliases",
        ),
        (gone.of_runs, "rows of members, features and places in runs"),
        (gone.campaigns, "rows of campaigns"),
    ] {
        text.push_str(&format!("{count:>10} {what}\n"));
    }
    let list = |runs: &[i64]| {
        let runs: Vec<String> = runs.iter().map(i64::to_string).collect();
        runs.join(", ")
    };
    if !gone.runs.is_empty() {
        text.push_str(&format!(
            "\nfacts and texts of run {} still count the person, in figures of groups; `portray segment` makes a new run\n",
            list(&gone.runs)
        ));
    }
    if receipt.quarantined > 0 {
        text.push_str(&format!(
            "\n{} rows in quarantine name nobody, so none was removed; `portray privacy retain` deletes their texts with time\n",
            receipt.quarantined
        ));
    }
    text.push_str("\nout of reach: the shop's own files, and every copy outside the workspace (exports, bundles, backups, snapshots of the disk)\n");
    for export in &receipt.exports {
        let to = export.detail["to"].as_str().map(clean).unwrap_or_default();
        text.push_str(&format!(
            "  {} {} {} of run {} {to}\n",
            export.at,
            clean(&export.who),
            clean(&export.action),
            export.run.unwrap_or_default()
        ));
    }
    if receipt.audit.is_some() && !receipt.is_compact {
        text.push_str(
            "\nanother process is reading the catalog: its log is emptied when that one ends\n",
        );
    }
    text
}

fn retained_text(found: &Retained) -> String {
    let head = match &found.audit {
        Some(hash) => format!("kept from {} on; audit {hash}\nwhat went\n", found.from),
        None => format!(
            "nothing is done yet: --yes does it, and it cannot be undone\nwhat is of before {}\n",
            found.from
        ),
    };
    format!(
        "{head}{:>10} events\n{:>10} users of whom nothing is left\n{:>10} search texts\n{:>10} runs\n{:>10} rows of campaigns\n",
        found.events,
        found.users,
        found.queries,
        found.runs.len(),
        found.campaigns
    )
}

/// A person's copy, for reading.
fn page(subject: &Subject) -> String {
    let mut text = format!("{}\n", subject.pseudonym);
    let others = subject
        .same_person
        .iter()
        .filter(|name| **name != subject.pseudonym);
    for other in others {
        text.push_str(&format!("also {other}\n"));
    }
    if subject.is_restricted {
        text.push_str("kept and not used\n");
    }
    let mut section = |title: &str, lines: Vec<String>| {
        text.push_str(&format!("\n{title} ({})\n", lines.len()));
        for line in lines {
            text.push_str(&format!("  {line}\n"));
        }
    };
    section("what was done", subject.events.iter().map(told).collect());
    section("what was said", subject.said.iter().map(told).collect());
    let mut runs = Vec::new();
    for seat in &subject.runs {
        let names: Vec<String> = seat.segments.iter().map(|name| clean(name)).collect();
        runs.push(format!(
            "run {} of {}: {}",
            seat.run,
            seat.created_at,
            names.join(", ")
        ));
        runs.extend(
            seat.members
                .iter()
                .chain(&seat.features)
                .map(|line| format!("  {}", told(line))),
        );
    }
    section("where runs put the person, and what they computed", runs);
    let drawn = subject.campaigns.iter().map(|one| {
        let part = if one.held_out {
            "held out"
        } else {
            "written to"
        };
        format!(
            "campaign {}, {}, {part} by {}",
            one.campaign,
            one.on,
            clean(&one.channel)
        )
    });
    section("campaigns", drawn.collect());
    let exports = subject.exports.iter().map(|one| {
        let to = one.detail["to"].as_str().map(clean).unwrap_or_default();
        format!("{} run {} {to}", one.at, one.run.unwrap_or_default())
    });
    section("exports of these runs", exports.collect());
    text
}

/// A row in one line.
fn told(line: &serde_json::Map<String, Value>) -> String {
    let parts = line
        .iter()
        .map(|(name, value)| format!("{name} {}", clean(value.as_str().unwrap_or_default())));
    parts.collect::<Vec<_>>().join(", ")
}
