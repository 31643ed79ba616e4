//! `portray run`: the whole job.

use std::path::PathBuf;

use super::args::{BesideArgs, Here, MapArgs, NarrateArgs, SegmentArgs};
use super::export::FormatArgs;
use super::{CONDITION, DONE, fail_on, ingest, jobs, segment, text};
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
    beside: BesideArgs,
    #[command(flatten)]
    map: MapArgs,
    #[command(flatten)]
    segment: SegmentArgs,
    #[command(flatten)]
    narrate: NarrateArgs,
    /// End with exit code 5, after all is written, where one of these holds, as in quarantine>2%,fallback>5%
    /// (measures: quarantine, fallback, unattributed, excluded, unstable, drift, unfair)
    #[arg(long, value_name = "CONDITION", value_delimiter = ',', value_parser = fail_on::parse)]
    fail_on: Vec<fail_on::Condition>,
    /// Start it as a job that outlives this terminal, and return at once: `portray jobs` shows how far it is
    #[arg(long)]
    detach: bool,
}

pub fn run(args: &Args, here: &Here) -> Result<u8> {
    let mut options = args.map.options()?;
    if let Some(column) = args.segment.unit_column() {
        options.read_as_unit(column);
    }
    if let Some(column) = args.segment.protect()
        && !options.keep.iter().any(|kept| kept == column)
    {
        options.keep.push(column.to_owned());
    }
    if let Some(out) = &args.out {
        crate::export::check(out)?;
    }
    if args.detach {
        return jobs::detach(here);
    }
    // What a job of before a power cut finished is not done again.
    let earlier = here.watch.record().unwrap_or_default();
    let progress = here.progress();
    let sources = args.beside.sources(&args.events);
    if !sources.is_empty() && !earlier.is_ingested {
        let report = pipeline::ingest(
            &here.workspace,
            &sources,
            &options,
            &here.settings,
            &progress,
        )?;
        here.watch.counts(report.counts);
        here.out.say(ingest::text(&report).trim_end());
        here.watch.finish(|record| record.is_ingested = true);
    }
    let run = match earlier.run {
        Some(id) => super::run_of(here, Some(id))?,
        None => make(&args.segment, &args.narrate, here, &progress)?,
    };
    if let Some(out) = &args.out {
        pipeline::export(
            &here.workspace,
            &run,
            &args.formats.choice(here.settings.lang),
            out,
            &here.settings,
            &progress,
        )?;
        here.out.say(&format!("exported to {}", out.display()));
    }
    here.out
        .report(&run, || text::segments(&run, here.settings.lang, &here.out))?;
    let before = run.recipe["before"].as_i64();
    let drift = match before.filter(|_| fail_on::asks_about_drift(&args.fail_on)) {
        Some(before) => Some(pipeline::compare(
            &here.workspace,
            before,
            run.id,
            &here.settings,
        )?),
        None => None,
    };
    let failures = fail_on::failures(&args.fail_on, &run, drift.as_ref());
    for failure in &failures {
        here.out.say(&format!("--fail-on: {failure}"));
        here.watch.warn(failure);
    }
    Ok(if failures.is_empty() { DONE } else { CONDITION })
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
        &segment_args.settings(here.seed)?,
        &here.settings,
        progress,
    )?;
    let settings = narrate.settings(here.seed, here.settings.lang);
    pipeline::narrate(&mut draft.run, &settings, &here.settings, progress)?;
    let run = pipeline::publish(&here.workspace, draft, &here.settings)?;
    here.watch.run(run.id);
    segment::notes(&run, here);
    Ok(run)
}
