//! `portray uplift`.

use std::path::PathBuf;

use jiff::civil::Date;

use super::args::{Here, MapArgs};
use super::run_of;
use super::text::table;
use crate::error::Result;
use crate::events::Sources;
use crate::pipeline;
use crate::records::{Outcome, Run, Uplift};
use crate::words::{Lang, Unit, Value, clean, clip, number, show};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number of the campaign (default: the newest)
    #[arg(long, value_name = "N")]
    campaign: Option<i64>,
    /// Event files of the days since; nothing of them is kept
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    events: Vec<PathBuf>,
    /// The first day that counts, as in 2026-01-31 (default: the day after the audience was drawn)
    #[arg(long, value_name = "DATE", value_parser = super::args::parse_date)]
    from: Option<Date>,
    #[command(flatten)]
    map: MapArgs,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let found = pipeline::uplift(
        &here.workspace,
        args.campaign,
        args.from,
        (&Sources::events(&args.events), &args.map.options()?),
        &here.settings,
        &here.progress(),
    )?;
    let plan = pipeline::campaign(&here.workspace, Some(found.campaign))?;
    let run = run_of(here, Some(plan.run))?;
    here.out
        .report(&found, || page(&found, &run, here.settings.lang))
}

fn page(found: &Uplift, run: &Run, lang: Lang) -> String {
    let mut text = match lang {
        Lang::En => format!(
            "campaign {}, {} to {}\n",
            found.campaign, found.from, found.to
        ),
        Lang::Zh => format!("活动 {}，{} 至 {}\n", found.campaign, found.from, found.to),
    };
    for note in &found.notes {
        text.push_str(&format!("{}\n", note.get(lang)));
    }
    let heads = match lang {
        Lang::En => [
            "segment",
            "written to",
            "bought",
            "held out",
            "bought",
            "change, points",
            "95% between",
            "brought",
            "95% between",
        ],
        Lang::Zh => [
            "分群",
            "触达",
            "购买",
            "对照",
            "购买",
            "变化（百分点）",
            "95% 区间",
            "增收",
            "95% 区间",
        ],
    };
    let rows: Vec<[String; 9]> = std::iter::once(&found.all)
        .chain(&found.segments)
        .map(|one| row(one, found, run, lang))
        .collect();
    text.push('\n');
    text + &table(&heads.map(str::to_owned), &rows)
}

fn row(one: &Outcome, found: &Uplift, run: &Run, lang: Lang) -> [String; 9] {
    let name = match one.segment {
        None if lang == Lang::En => "all".to_owned(),
        None => "全部".to_owned(),
        Some(id) => {
            let title = run.segments.iter().find(|segment| segment.id == id);
            format!(
                "{id} {}",
                title
                    .map(|segment| clean(&segment.marked_title(lang)))
                    .unwrap_or_default()
            )
        }
    };
    let points = |share: f64| format!("{:+.1}", 100.0 * share);
    let money = |value: f64| {
        clean(&show(
            &Value::Number(value.round()),
            Unit::Money,
            found.currency.as_deref(),
            lang,
        ))
    };
    let rate = |arm: &crate::records::Arm| format!("{:.1}%", 100.0 * arm.rate());
    let effect = one.effect.as_ref();
    let cell = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let between = |low: String, high: String| format!("{low} – {high}");
    [
        clip(&name, 40),
        number(one.treated.users as f64),
        rate(&one.treated),
        number(one.held.users as f64),
        rate(&one.held),
        cell(effect.map(|effect| points(effect.conversion))),
        cell(effect.map(|effect| {
            let (low, high) = effect.conversion_interval;
            between(points(low), points(high))
        })),
        cell(effect.map(|effect| money(effect.gained))),
        cell(effect.map(|effect| {
            let (low, high) = effect.gained_interval;
            between(money(low), money(high))
        })),
    ]
}
