//! `portray show data`: what the workspace holds.

use super::args::Here;
use super::text::table;
use crate::error::Result;
use crate::explore::{self, Bin, FeatureView, Overview};
use crate::tui::spark;
use crate::words::{Lang, clean, clip, number, round_to_tell};
use crate::workspace::Workspace;

/// Widest text of a row kept aside.
const WIDTH: usize = 80;

pub fn run(run: Option<i64>, here: &Here) -> Result<()> {
    let newest = || -> Result<Option<i64>> {
        let runs = Workspace::open(&here.workspace)?.runs()?;
        Ok(runs.first().map(|run| run.id))
    };
    let run = run.map_or_else(newest, |id| Ok(Some(id)))?;
    let found = explore::overview(&here.workspace, run, &here.settings, &here.progress())?;
    here.out.report(&found, || text(&found, here.settings.lang))
}

fn text(found: &Overview, lang: Lang) -> String {
    let mut text = ingests(found, lang);
    let days = found
        .days
        .as_ref()
        .map_or_else(String::new, |(first, last)| match lang {
            Lang::En => format!(", {first} to {last}"),
            Lang::Zh => format!("，{first} 至 {last}"),
        });
    let users = number(found.users as f64);
    let types: Vec<String> = found
        .types
        .iter()
        .map(|(name, events)| format!("{} {}", clean(name), number(*events as f64)))
        .collect();
    let types = types.join(", ");
    text.push_str(&match lang {
        Lang::En => format!("\n{users} users and other owners of events{days}\nevents: {types}\n"),
        Lang::Zh => format!("\n用户等行为主体 {users}{days}\n行为：{types}\n"),
    });
    text.push_str(&reasons(found, lang));
    if !found.features.is_empty() {
        text.push('\n');
        text.push_str(&features(&found.features, lang));
    }
    text
}

fn ingests(found: &Overview, lang: Lang) -> String {
    let rows: Vec<[String; 8]> = found
        .ingests
        .iter()
        .map(|one| {
            let count = |rows: u64| number(rows as f64);
            [
                one.ingest.to_string(),
                one.at.clone(),
                clean(&one.preset),
                count(one.rows),
                count(one.events),
                count(one.duplicates),
                count(one.quarantined),
                clip(&clean(&one.files.join(", ")), WIDTH),
            ]
        })
        .collect();
    let heads = match lang {
        Lang::En => [
            "ingest",
            "when",
            "preset",
            "rows",
            "events",
            "duplicates",
            "quarantined",
            "files",
        ],
        Lang::Zh => ["导入", "时间", "预设", "行", "事件", "重复", "隔离", "文件"],
    };
    table(&heads.map(str::to_owned), &rows)
}

fn reasons(found: &Overview, lang: Lang) -> String {
    let mut text = String::new();
    for reason in &found.reasons {
        let (rows, why) = (number(reason.rows as f64), clean(&reason.reason));
        text.push_str(&match lang {
            Lang::En => format!("\nquarantined, {rows}: {why}\n"),
            Lang::Zh => format!("\n隔离 {rows} 行：{why}\n"),
        });
        for sample in &reason.samples {
            let masked = clean(sample.text.as_deref().unwrap_or("–"));
            text.push_str(&format!(
                "   {}:{}  {}\n",
                clean(&sample.file),
                sample.line,
                clip(&masked, WIDTH)
            ));
        }
    }
    text
}

fn features(features: &[FeatureView], lang: Lang) -> String {
    let rows: Vec<[String; 8]> = features
        .iter()
        .map(|feature| {
            let quantile = |at: usize| {
                let value = feature.quantiles.map(|quantiles| quantiles[at]);
                value.map_or_else(|| "–".into(), |value| number(round_to_tell(value)))
            };
            [
                feature.id.clone(),
                clip(&clean(feature.label.get(lang)), 44),
                feature.unit.name().to_owned(),
                format!("{}%", number(round_to_tell(100.0 * feature.missing))),
                quantile(0),
                quantile(1),
                quantile(2),
                spark(&feature.bins.iter().map(Bin::height).collect::<Vec<_>>()),
            ]
        })
        .collect();
    let heads = match lang {
        Lang::En => [
            "feature", "what", "unit", "missing", "5%", "median", "95%", "spread",
        ],
        Lang::Zh => [
            "特征",
            "含义",
            "单位",
            "缺失",
            "5%",
            "中位数",
            "95%",
            "分布",
        ],
    };
    table(&heads.map(str::to_owned), &rows)
}
