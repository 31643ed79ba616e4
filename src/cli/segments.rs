//! `portray segments`.

use super::args::Here;
use super::{run_of, text};
use crate::error::Result;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    here.out.report(&run.segments, || {
        text::segments(&run, here.settings.lang, &here.out)
    })
}
