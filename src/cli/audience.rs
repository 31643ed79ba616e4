//! `portray audience`.

use std::path::PathBuf;

use super::args::Here;
use super::campaign::parse_share;
use super::{run_of, segment_of};
use crate::campaigns::Preset;
use crate::error::Result;
use crate::pipeline::{self, Audience, Drawing, Reidentify};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Users of this segment (default: of all segments that the campaign writes to)
    #[arg(long, value_name = "N")]
    segment: Option<u32>,
    /// Only users that a condition over features holds for, such as 'recency > 60'
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// The campaign that they are drawn for (default: a new one)
    #[arg(long, value_name = "N")]
    campaign: Option<i64>,
    /// How they are written to: mail, push or sms; who refuses it is left out (default: the campaign's, else mail)
    #[arg(long, value_name = "CHANNEL", value_parser = ["mail", "push", "sms"])]
    channel: Option<String>,
    /// The share that gets nothing, such as 10%, written to a file of its own (default: the campaign's, else nobody)
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    holdout: Option<f64>,
    /// The file; the holdout's stands beside it as FILE.holdout.csv
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Put people's own ids in place of pseudonyms, from the shop's list of users; the audit log notes it
    #[arg(long, value_name = "FILE")]
    reidentify: Option<PathBuf>,
    /// The columns that a tool takes, from those of the list
    #[arg(long, value_enum, value_name = "TOOL", requires = "reidentify")]
    preset: Option<Preset>,
    /// Country of phone numbers that name none, two letters
    #[arg(long, value_name = "CODE", requires = "preset")]
    country: Option<String>,
    /// Number of the run (default: the campaign's, else the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let planned = match args.campaign {
        Some(id) => Some(pipeline::campaign(&here.workspace, Some(id))?.run),
        None => None,
    };
    let run = run_of(here, args.run.or(planned))?;
    if let Some(segment) = args.segment {
        segment_of(&run, segment)?;
    }
    let drawing = Drawing {
        segment: args.segment,
        condition: args.condition.clone(),
        campaign: args.campaign,
        channel: args.channel.clone(),
        holdout: args.holdout,
        seed: here.seed,
        out: args.out.clone(),
        reidentify: args.reidentify.as_ref().map(|list| Reidentify {
            list: list.clone(),
            preset: args.preset,
            country: args.country.clone(),
        }),
    };
    let found = pipeline::audience(
        &here.workspace,
        &run,
        &drawing,
        &here.settings,
        &here.progress(),
    )?;
    for note in &found.notes {
        here.out.say(note);
    }
    here.out.report(&found, || said(&found))
}

fn said(found: &Audience) -> String {
    format!(
        "campaign {}: {} users asked for, {} refuse, {} were written to lately; {} to write to, {} held out\n{} rows in {}, the holdout in {}\n",
        found.campaign,
        found.asked,
        found.refused,
        found.capped,
        found.treated,
        found.held,
        found.rows,
        found.files[0].display(),
        found.files[1].display()
    )
}
