//! `portray segment`.

use super::args::{Here, SegmentArgs};
use super::text;
use crate::error::Result;
use crate::pipeline;
use crate::records::Run;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    segment: SegmentArgs,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let draft = pipeline::segment(
        &here.workspace,
        &args.segment.settings(here.seed)?,
        &here.settings,
        &here.progress(),
    )?;
    let run = pipeline::publish(&here.workspace, draft, &here.settings)?;
    here.watch.run(run.id);
    notes(&run, here);
    here.out
        .report(&run, || text::segments(&run, here.settings.lang, &here.out))
}

/// Says what was left out or decided.
pub fn notes(run: &Run, here: &Here) {
    for note in &run.notes {
        here.watch.warn(note);
        here.out.say(&crate::words::clean(note));
    }
}
