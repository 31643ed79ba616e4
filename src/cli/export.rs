//! `portray export`.

use std::path::PathBuf;

use super::args::Here;
use super::run_of;
use crate::error::Result;
use crate::export::Format;
use crate::pipeline;

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
}

impl FormatArgs {
    /// Those asked for; all where none was.
    pub fn formats(&self) -> Vec<Format> {
        if self.format.is_empty() {
            vec![Format::Json, Format::Csv, Format::Parquet, Format::Md]
        } else {
            self.format.clone()
        }
    }
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let files = pipeline::export(
        &here.workspace,
        &run,
        &args.formats.formats(),
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
