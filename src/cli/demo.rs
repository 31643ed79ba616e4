//! `portray demo`: a made-up shop, and the whole job on it.

use std::collections::HashMap;

use super::args::{Here, NarrateArgs, SegmentArgs};
use super::out::Out;
use super::{ANSWERS_NO, DONE};
use super::{ingest, run as whole, text};
use crate::demo::{Shop, write_catalogue, write_file};
use crate::error::{Error, Result};
use crate::pipeline;
use crate::privacy::{canonical_id, pseudonym};
use crate::progress::Progress;
use crate::segments::adjusted_rand_index;
use crate::workspace::Workspace;

/// Below this agreement with the planted personas the check fails.
const ENOUGH: f64 = 0.80;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Users of the made-up shop
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    users: u32,
    /// Write the shop's events to a file and do nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    events: Option<std::path::PathBuf>,
    /// Write what the shop sells to a file and do nothing else, but for --events
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    catalog: Option<std::path::PathBuf>,
    /// Say for five seeds how well the segments recover the planted personas
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    segment: SegmentArgs,
    #[command(flatten)]
    narrate: NarrateArgs,
}

pub fn run(args: &Args, here: &Here) -> Result<u8> {
    let shop = |seed| Shop {
        users: args.users as usize,
        seed,
    };
    if let Some(file) = &args.events {
        write_file(&shop(here.seed), file)?;
    }
    if let Some(file) = &args.catalog {
        write_catalogue(&shop(here.seed), file)?;
    }
    if args.events.is_some() || args.catalog.is_some() {
        return Ok(DONE);
    }
    if args.check {
        return check(args, here);
    }
    // The demo's own workspace starts anew, so that two shops never mix.
    let own = Workspace::default_dir()?.join("demo");
    if here.workspace == own && own.exists() {
        std::fs::remove_dir_all(&own).map_err(Error::io(&own))?;
    }
    let progress = here.progress();
    let (report, _) =
        pipeline::sample(&here.workspace, &shop(here.seed), &here.settings, &progress)?;
    here.out.say(ingest::text(&report).trim_end());
    let run = whole::make(&args.segment, &args.narrate, here, &progress)?;
    here.out
        .report(&run, || text::segments(&run, here.settings.lang, &here.out))?;
    here.out.say(&format!(
        "\nbrowse them: portray --workspace '{}'",
        here.workspace.display()
    ));
    Ok(DONE)
}

fn check(args: &Args, here: &Here) -> Result<u8> {
    let mut enough = true;
    for seed in std::iter::once(here.seed).chain((1..).filter(|seed| *seed != here.seed).take(4)) {
        let folder = tempfile::tempdir().map_err(Error::io("the temporary folder"))?;
        let shop = Shop {
            users: args.users as usize,
            seed,
        };
        let (_, truth) =
            pipeline::sample(folder.path(), &shop, &here.settings, &Progress::silent())?;
        let draft = pipeline::segment(
            folder.path(),
            &args.segment.settings(seed)?,
            &here.settings,
            &Progress::silent(),
        )?;
        let run = pipeline::publish(folder.path(), draft, &here.settings)?;
        let key = Workspace::open(folder.path())?.key()?;
        let found: HashMap<String, u32> =
            pipeline::assignments(folder.path(), run.id, &here.settings)?
                .into_iter()
                .map(|a| (a.user, a.segment))
                .collect();
        let (planted, segments): (Vec<usize>, Vec<usize>) = truth
            .personas
            .iter()
            .filter_map(|(user, persona)| {
                let name = pseudonym(&key, canonical_id(user));
                Some((
                    *persona,
                    *found.get(std::str::from_utf8(&name).ok()?)? as usize,
                ))
            })
            .unzip();
        let ari = adjusted_rand_index(&planted, &segments);
        enough &= ari >= ENOUGH;
        Out::data(&format!("seed {seed} ari {ari:.3}\n"))?;
    }
    Ok(if enough { DONE } else { ANSWERS_NO })
}
