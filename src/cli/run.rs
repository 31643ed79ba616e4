//! `portray run`: the whole job.

use std::path::PathBuf;

use super::args::{Here, MapArgs, NarrateArgs, SegmentArgs};
use super::export::FormatArgs;
use super::{ingest, segment, text};
use crate::error::Result;
use crate::pipeline;
use crate::records::Run;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Event files to read first (default: what the workspace holds already)
    #[arg(long, num_args = 1.., value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Folder for the exported files (default: none are written)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    formats: FormatArgs,
    #[command(flatten)]
    map: MapArgs,
    #[command(flatten)]
    segment: SegmentArgs,
    #[command(flatten)]
    narrate: NarrateArgs,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let options = args.map.options()?;
    if let Some(out) = &args.out {
        crate::export::check(out)?;
    }
    let progress = here.progress();
    if !args.events.is_empty() {
        let report = pipeline::ingest(
            &here.workspace,
            &args.events,
            &options,
            &here.settings,
            &progress,
        )?;
        here.out.say(ingest::text(&report).trim_end());
    }
    let run = make(&args.segment, &args.narrate, here, &progress)?;
    if let Some(out) = &args.out {
        pipeline::export(
            &here.workspace,
            &run,
            &args.formats.formats(),
            out,
            &here.settings,
            &progress,
        )?;
        here.out.say(&format!("exported to {}", out.display()));
    }
    here.out
        .report(&run, || text::segments(&run, here.settings.lang, &here.out))
}

/// Segments, narrates and publishes.
pub fn make(
    segment_args: &SegmentArgs,
    narrate: &NarrateArgs,
    here: &Here,
    progress: &crate::progress::Progress,
) -> Result<Run> {
    let mut draft = pipeline::segment(
        &here.workspace,
        &segment_args.settings(here.seed),
        &here.settings,
        progress,
    )?;
    let settings = narrate.settings(here.seed, here.settings.lang);
    pipeline::narrate(&mut draft.run, &settings, &here.settings, progress)?;
    let run = pipeline::publish(&here.workspace, draft)?;
    segment::notes(&run, here);
    Ok(run)
}
