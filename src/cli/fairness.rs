//! `portray fairness`.

use super::args::Here;
use super::text::aligned;
use crate::error::Result;
use crate::pipeline;
use crate::records::{Audit, Run};
use crate::words::{Lang, clean, clip};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A column that was kept at ingest, whose groups are looked at
    #[arg(long, value_name = "COLUMN")]
    protect: Option<String>,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = super::run_of(here, args.run)?;
    let protect = args.protect.as_deref();
    let mut found = pipeline::audit(&here.workspace, &run, protect, &here.settings)?;
    // What a bound did stands in the run.
    for audit in &mut found {
        let kept = run.evidence.audits.iter();
        let mut kept = kept.filter(|one| one.attribute == audit.attribute);
        audit.bound = kept.find_map(|one| one.bound.clone());
    }
    here.out
        .report(&found, || text(&found, &run, here.settings.lang))
}

/// The audits of a run.
pub fn text(audits: &[Audit], run: &Run, lang: Lang) -> String {
    if audits.is_empty() {
        return match lang {
            Lang::En => "nothing to audit: the events name no source, and no --protect COLUMN was asked for\n",
            Lang::Zh => "无可审计的内容：事件没有来源，也未指定 --protect 列\n",
        }
        .to_owned();
    }
    let parts: Vec<String> = audits.iter().map(|audit| one(audit, run, lang)).collect();
    parts.join("\n")
}

fn one(audit: &Audit, run: &Run, lang: Lang) -> String {
    let attribute = clean(&audit.attribute);
    let balance = audit.balance;
    let mut text = match lang {
        Lang::En => {
            format!("{attribute}: balance {balance:.3} (1 where every segment is like the whole)\n")
        }
        Lang::Zh => format!("{attribute}：均衡度 {balance:.3}（各分群与总体一致时为 1）\n"),
    };
    if let Some(verdict) = audit.verdict() {
        text.push_str(&format!("{}\n", clean(verdict.get(lang))));
    }
    let segment = match lang {
        Lang::En => "segment",
        Lang::Zh => "分群",
    };
    let mut heads = vec![segment.to_owned()];
    heads.extend(Audit::heads(lang).map(str::to_owned));
    let rows: Vec<Vec<String>> = audit
        .rows
        .iter()
        .map(|row| {
            let found = run
                .segments
                .iter()
                .find(|segment| segment.id == row.segment);
            let name = found.map_or_else(String::new, |segment| clean(&segment.marked_title(lang)));
            let mut cells = vec![clip(&format!("{} {name}", row.segment), 30)];
            cells.extend(audit.cells(row, lang));
            cells[1] = clip(&clean(&cells[1]), 20);
            cells
        })
        .collect();
    let lines: Vec<&[String]> = std::iter::once(&heads)
        .chain(&rows)
        .map(Vec::as_slice)
        .collect();
    let right = [false, false, true, true, true, true, true, false];
    text.push_str(&aligned(&lines, &right));
    for proxy in &audit.proxies {
        let (strength, feature) = (proxy.strength, &proxy.feature);
        let group = clean(audit.group_name(proxy.group, lang));
        text.push_str(&match lang {
            Lang::En => format!("{feature} tells {group} from the others by {strength:.2} (0 not at all, 1 always)\n"),
            Lang::Zh => format!("{feature} 能以 {strength:.2} 区分 {group}（0 完全不能，1 总是）\n"),
        });
    }
    text
}
