//! `portray show`.

use super::args::Here;
use super::{run_of, segment_of, text};
use crate::error::Result;
use crate::pipeline;
use crate::portraits::Why;
use crate::records::Value;
use crate::words::{clean, number};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number of the segment
    segment: u32,
    /// Print the query behind a fact and the rows behind it (aggregates only)
    #[arg(long, value_name = "FACT")]
    why: Option<String>,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let segment = segment_of(&run, args.segment)?;
    match &args.why {
        None => here.out.report(segment, || {
            text::segment(&run, segment, here.settings.lang, &here.out)
        }),
        Some(fact) => {
            let why = pipeline::why(&here.workspace, &run, args.segment, fact, &here.settings)?;
            here.out.report(&why, || table(&why))
        }
    }
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
