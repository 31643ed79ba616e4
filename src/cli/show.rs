//! `portray show`.

use super::args::Here;
use super::{overview, people, run_of, segment_of, text};
use crate::error::{Error, Result};
use crate::pipeline;
use crate::portraits::Why;
use crate::records::{Run, Value};
use crate::scope::Fate;
use crate::words::{clean, number};

#[derive(Debug, clap::Args)]
#[command(subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Number of the segment
    #[arg(required = true)]
    segment: Option<u32>,
    #[command(subcommand)]
    what: Option<What>,
    /// Print the query behind a fact and the rows behind it (aggregates only)
    #[arg(long, value_name = "FACT")]
    why: Option<String>,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Print the rule file that `--method rules` takes, to be kept or changed
    Rules,
    /// What the workspace holds: ingests, rows kept aside and why, and how each feature of a run is spread
    Data {
        /// Number of the run (default: the newest, where there is one)
        #[arg(long, value_name = "N")]
        run: Option<i64>,
    },
    /// How many of those that first bought in a month bought again in the months after
    Cohorts {
        /// Number of the run (default: the newest)
        #[arg(long, value_name = "N")]
        run: Option<i64>,
    },
    /// Follow a row of an ingested file to where it went
    Row {
        /// The file's name and the line
        #[arg(value_name = "FILE:LINE")]
        place: String,
        /// Number of the run (default: the newest)
        #[arg(long, value_name = "N")]
        run: Option<i64>,
    },
    /// One user: its segment, its features beside others', what it did
    User(people::UserArgs),
    /// List users, the highest revenue first
    Users(people::UsersArgs),
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    match &args.what {
        Some(What::Row { place, run }) => return row(place, &run_of(here, *run)?, here),
        Some(What::Data { run }) => return overview::run(*run, here),
        Some(What::Rules) => {
            let file = pipeline::rule_file(None)?;
            return here.out.report(&file, || file.sql.clone());
        }
        Some(What::Cohorts { run }) => {
            let run = run_of(here, *run)?;
            return here.out.report(&run.cohorts, || {
                text::cohorts(&run.cohorts, here.settings.lang)
            });
        }
        Some(What::User(args)) => return people::user(args, here),
        Some(What::Users(args)) => return people::users(args, here),
        None => {}
    }
    let run = run_of(here, args.run)?;
    let number = args.segment.unwrap_or_default();
    let segment = segment_of(&run, number)?;
    match &args.why {
        None => here.out.report(segment, || {
            text::segment(&run, segment, here.settings.lang, &here.out)
        }),
        Some(fact) => {
            let why = pipeline::why(&here.workspace, &run, number, fact, &here.settings)?;
            here.out.report(&why, || table(&why))
        }
    }
}

fn row(place: &str, run: &Run, here: &Here) -> Result<()> {
    let (file, line) = place
        .rsplit_once(':')
        .and_then(|(file, line)| Some((file, line.parse().ok()?)))
        .ok_or_else(|| Error::usage(place, "is not FILE:LINE", "write it as events.csv:17"))?;
    let fates = pipeline::row(&here.workspace, run, file, line, &here.settings)?;
    here.out.report(&fates, || {
        fates
            .iter()
            .map(|fate| format!("{place}, ingest {}: {}\n", fate.ingest, sentence(fate, run)))
            .collect()
    })
}

/// Where a row went, in words.
fn sentence(fate: &Fate, run: &Run) -> String {
    let why = fate.why.as_deref().map(clean);
    let Some(event) = &fate.event else {
        return match (fate.fate.as_str(), why) {
            ("duplicate", Some(of)) => format!("a duplicate of {of}"),
            ("duplicate", None) => "a duplicate of a row read before".into(),
            ("quarantined", Some(why)) => format!("quarantined: {why}"),
            _ => format!("an event, after run {} was made", run.id),
        };
    };
    let mut text = format!("a {} at {}", clean(&event.kind), event.at);
    if let Some(product) = &event.product {
        text.push_str(&format!(", “{}”", clean(product)));
    }
    let moves_money = matches!(
        event.kind.as_str(),
        "purchase" | "return" | "renewal" | "discount"
    );
    if moves_money && event.amount != 0.0 {
        let currency = run.currency.as_deref().map(clean).unwrap_or_default();
        text.push_str(format!(", {} {currency}", number(event.amount)).trim_end());
    }
    match (&event.user, event.through.as_deref()) {
        (None, _) => text.push_str("; nobody's"),
        (Some(user), None) => text.push_str(&format!("; of {user}")),
        (Some(user), Some(through)) => text.push_str(&format!("; of {user} through its {through}")),
    }
    if event.is_return {
        match &event.purchase {
            Some(place) => {
                text.push_str(&format!("; it takes from the purchase at {}", clean(place)));
            }
            None => text.push_str("; no purchase was found for it"),
        }
    }
    match (&event.rule, event.is_outside) {
        (Some(rule), _) => {
            text.push_str(&format!("; left out by the rule {}", clean(rule)));
            if let Some(by) = &event.superseded_by {
                text.push_str(&format!(": {} says it anew", clean(by)));
            }
        }
        (None, true) => text.push_str("; outside the days that count"),
        (None, false) => match event.segment {
            Some(segment) => {
                text.push_str(&format!("; counted in segment {segment} of run {}", run.id));
            }
            None => text.push_str("; in no segment, counted in the shop's totals"),
        },
    }
    text
}

fn table(why: &Why) -> String {
    let mut text = String::new();
    for (source, sql) in why.sources.iter().zip(&why.sql) {
        text.push_str(&format!("-- sql/{source}\n{}\n\n", sql.trim_end()));
    }
    let cell = |value: &Option<Value>| match value {
        None => String::new(),
        Some(Value::Number(value)) => number(*value),
        Some(Value::Text(value)) => clean(value),
    };
    let rows: Vec<String> = why
        .rows
        .iter()
        .map(|row| row.iter().map(cell).collect::<Vec<_>>().join("\t"))
        .collect();
    text.push_str(&format!("{}\n", why.columns.join("\t")));
    for row in rows {
        text.push_str(&format!("{row}\n"));
    }
    text.push_str("\nsegment 0 is the whole shop; rows about too few users are left out\n");
    text
}
