//! `portray export`.

use std::path::PathBuf;

use super::args::Here;
use super::run_of;
use crate::error::Result;
use crate::export::{Choice, Format};
use crate::pipeline;
use crate::words::Lang;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder for the files; one that Portray made is exchanged whole
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
    #[command(flatten)]
    formats: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct FormatArgs {
    /// Formats to write (default: all)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMAT")]
    format: Vec<Format>,
    /// Begin CSV files with a byte order mark, for Excel
    #[arg(long)]
    bom: bool,
    /// Leave files that come out as they were, and their times, alone
    #[arg(long)]
    if_changed: bool,
}

impl FormatArgs {
    /// What was asked for; all formats where none was named.
    pub fn choice(&self, lang: Lang) -> Choice<'_> {
        Choice {
            formats: &self.format,
            lang,
            bom: self.bom,
            if_changed: self.if_changed,
            plan: None,
        }
    }
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let files = pipeline::export(
        &here.workspace,
        &run,
        &args.formats.choice(here.settings.lang),
        &args.out,
        &here.settings,
        &here.progress(),
    )?;
    here.out.report(&files, || {
        files
            .iter()
            .map(|file| format!("{}\n", file.display()))
            .collect()
    })
}
