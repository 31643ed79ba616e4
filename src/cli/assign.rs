//! `portray assign`.

use std::path::PathBuf;

use super::args::{BesideArgs, Here, MapArgs};
use super::out::Out;
use super::text::table;
use crate::error::Result;
use crate::pipeline;
use crate::words::{Lang, clean, clip};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Event files of the users; nothing of them is kept
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Number of the run whose segments they go into (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
    /// Write all of them as CSV to standard output
    #[arg(long)]
    csv: bool,
    #[command(flatten)]
    beside: BesideArgs,
    #[command(flatten)]
    map: MapArgs,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let found = pipeline::assign(
        &here.workspace,
        args.run,
        &args.beside.sources(&args.files),
        &args.map.options()?,
        &here.settings,
        &here.progress(),
    )?;
    here.out.say(super::ingest::text(&found.report).trim_end());
    for feature in &found.missing {
        here.out.say(&format!(
            "feature {} is not in the files: everybody has the value that stands for a missing one",
            clean(feature)
        ));
    }
    if args.csv {
        return Out::data(&csv(&found.users));
    }
    let run = super::run_of(here, Some(found.run))?;
    here.out
        .report(&found, || counts(&found, &run, here.settings.lang))
}

/// How many went where.
fn counts(found: &pipeline::Assignments, run: &crate::records::Run, lang: Lang) -> String {
    let heads = match lang {
        Lang::En => ["segment", "users", "share"],
        Lang::Zh => ["分群", "用户数", "占比"],
    };
    let all = found.users.len().max(1) as f64;
    let rows: Vec<[String; 3]> = run
        .segments
        .iter()
        .map(|segment| {
            let users = found
                .users
                .iter()
                .filter(|user| user.segment == Some(segment.id));
            let users = users.count();
            [
                clip(
                    &format!("{} {}", segment.id, clean(&segment.marked_title(lang))),
                    48,
                ),
                users.to_string(),
                format!("{:.1}%", 100.0 * users as f64 / all),
            ]
        })
        .collect();
    table(&heads.map(str::to_owned), &rows)
}

fn csv(users: &[pipeline::Assigned]) -> String {
    let mut text = "user,segment,distance,probability,next_segment,margin\n".to_owned();
    let six = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.6}"));
    let id = |id: Option<u32>| id.map(|id| id.to_string()).unwrap_or_default();
    for user in users {
        // A pseudonym is letters and digits: nothing in the line needs quotes.
        text.push_str(&format!(
            "{},{},{},{},{},{}\n",
            user.user,
            id(user.segment),
            six(user.distance),
            six(user.probability),
            id(user.next),
            six(user.margin)
        ));
    }
    text
}
