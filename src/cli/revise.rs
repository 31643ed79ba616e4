//! `portray text`: the versions of a segment's text, and what a person does to it.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::args::Here;
use super::text::verdict;
use super::{run_of, segment_of, text};
use crate::error::{Error, Result};
use crate::narrate::revise::Change;
use crate::pipeline;
use crate::records::{Narrative, Sentence};
use crate::words::clean;

/// Longest file read: far more than a text may have.
const LONGEST: u64 = 1 << 20;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N", global = true)]
    run: Option<i64>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the versions kept of a segment's text, the best first
    Versions {
        /// Number of the segment
        segment: u32,
    },
    /// Show a version in place of the present text
    Pick {
        /// Number of the segment
        segment: u32,
        /// Number of the version
        version: u32,
    },
    /// Replace the text by one of your own, and say which of its sentences the facts bear out
    Edit {
        /// Number of the segment
        segment: u32,
        /// A text file; `-` reads standard input
        file: PathBuf,
    },
    /// Stand by the text shown: nothing replaces it any more
    Accept {
        /// Number of the segment
        segment: u32,
        /// Even where the facts do not bear a sentence out
        #[arg(long)]
        with_doubts: bool,
    },
    /// Take the acceptance back
    Reopen {
        /// Number of the segment
        segment: u32,
    },
    /// Say of each sentence, of the text shown or of a file, which facts bear it out
    Check {
        /// Number of the segment
        segment: u32,
        /// A text file; `-` reads standard input (default: the text shown)
        file: Option<PathBuf>,
    },
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let lang = here.settings.lang;
    let change = |segment: u32, change: Change| {
        let narrative = pipeline::revise(&here.workspace, &run, segment, &change, lang)?;
        here.out.report(&narrative, || shown(&narrative))
    };
    match &args.command {
        Command::Versions { segment } => {
            let segment = segment_of(&run, *segment)?;
            let versions = segment
                .narrative
                .as_ref()
                .map_or(&[][..], |narrative| &narrative.versions);
            here.out.report(&versions, || {
                versions
                    .iter()
                    .map(|one| text::version(one, lang))
                    .collect()
            })
        }
        Command::Pick { segment, version } => change(*segment, Change::Pick(*version)),
        Command::Edit { segment, file } => change(*segment, Change::Edit(read(file)?)),
        Command::Accept {
            segment,
            with_doubts,
        } => change(
            *segment,
            Change::Accept {
                with_doubts: *with_doubts,
            },
        ),
        Command::Reopen { segment } => change(*segment, Change::Reopen),
        Command::Check { segment, file } => {
            let text = file.as_deref().map(read).transpose()?;
            let ledger = pipeline::check(&run, *segment, text.as_deref(), lang)?;
            here.out.report(&ledger, || lines(&ledger))
        }
    }
}

fn read(file: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    let done = if file == Path::new("-") {
        std::io::stdin().take(LONGEST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(LONGEST).read_to_end(&mut bytes))
    };
    done.map_err(Error::io(file))?;
    String::from_utf8(bytes).map_err(|_| {
        Error::failed(
            file.display(),
            "is no UTF-8 text",
            "save it as UTF-8 and try again",
        )
    })
}

fn shown(narrative: &Narrative) -> String {
    format!(
        "{}\n\n{}",
        clean_lines(&narrative.text),
        lines(&narrative.sentences)
    )
}

fn clean_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

fn lines(ledger: &[Sentence]) -> String {
    ledger
        .iter()
        .map(|sentence| {
            let behind = if sentence.why.is_empty() {
                sentence.facts.join(", ")
            } else {
                sentence.why.join("; ")
            };
            format!(
                "{:<12} {}\n{:12} {}\n",
                verdict(sentence.verdict),
                clean(&sentence.text),
                "",
                clean(&behind)
            )
        })
        .collect()
}
