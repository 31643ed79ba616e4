//! `portray narrate`.

use super::args::{Here, NarrateArgs};
use super::{run_of, text};
use crate::error::Result;
use crate::pipeline;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
    #[command(flatten)]
    narrate: NarrateArgs,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let mut run = run_of(here, args.run)?;
    let settings = args.narrate.settings(here.seed, here.settings.lang);
    pipeline::narrate(&mut run, &settings, &here.settings, &here.progress())?;
    pipeline::keep_narratives(&here.workspace, &run)?;
    let run = run_of(here, Some(run.id))?;
    here.out
        .report(&run, || text::segments(&run, here.settings.lang, &here.out))
}
