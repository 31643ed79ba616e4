//! `portray audit`: the audit log.

use serde_json::json;

use super::args::Here;
use super::text::table;
use super::{ANSWERS_NO, DONE};
use crate::error::Result;
use crate::pipeline;
use crate::words::clean;
use crate::workspace::{Entry, Verified};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only lines about this run
    #[arg(long, value_name = "N")]
    run: Option<i64>,
    /// Only lines of this action, such as export or forget
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// Only lines from this day on (UTC)
    #[arg(long, value_name = "DATE")]
    since: Option<jiff::civil::Date>,
    /// Only lines of this user of the system or operator
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
}

/// Exit code 1 where a line was changed, removed or put in.
pub fn run(args: &Args, here: &Here) -> Result<u8> {
    let (entries, verified) = pipeline::audit_log(&here.workspace)?;
    let since = args.since.map(|day| day.to_string()).unwrap_or_default();
    let asked = |entry: &&Entry| {
        args.run.is_none_or(|run| entry.run == Some(run))
            && args
                .action
                .as_ref()
                .is_none_or(|action| entry.action == *action)
            && entry.at.as_str() >= since.as_str()
            && args.who.as_ref().is_none_or(|who| {
                entry.who.starts_with(who.as_str()) || entry.operator.as_ref() == Some(who)
            })
    };
    let shown: Vec<&Entry> = entries.iter().filter(asked).collect();
    here.out
        .report(&json!({ "entries": shown, "verified": verified }), || {
            page(&shown, &verified)
        })?;
    Ok(if verified.wrong.is_empty() {
        DONE
    } else {
        ANSWERS_NO
    })
}

fn page(entries: &[&Entry], verified: &Verified) -> String {
    let heads = ["line", "when", "who", "what", "run", "person", "detail"].map(str::to_owned);
    let rows: Vec<[String; 7]> = entries
        .iter()
        .map(|entry| {
            let who = match &entry.operator {
                Some(operator) => format!("{}, {}", clean(&entry.who), clean(operator)),
                None => clean(&entry.who),
            };
            [
                entry.id.to_string(),
                entry.at.get(..19).unwrap_or(&entry.at).to_owned(),
                who,
                clean(&entry.action),
                entry.run.map(|run| run.to_string()).unwrap_or_default(),
                entry
                    .person
                    .as_deref()
                    .map(|hash| hash.chars().take(12).collect())
                    .unwrap_or_default(),
                clean(&entry.detail.to_string()),
            ]
        })
        .collect();
    let mut text = table(&heads, &rows);
    for wrong in &verified.wrong {
        text.push_str(&format!("BAD {}\n", clean(wrong)));
    }
    if verified.wrong.is_empty() {
        text.push_str(&format!(
            "{} lines are as they were written\n",
            verified.sealed
        ));
    }
    if verified.unsealed > 0 {
        text.push_str(&format!(
            "{} lines are of a version that did not seal them\n",
            verified.unsealed
        ));
    }
    text
}
