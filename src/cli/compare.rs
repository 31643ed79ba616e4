//! `portray compare`.

use super::args::Here;
use super::text::aligned;
use crate::error::Result;
use crate::pipeline;
use crate::records::{Comparison, Continuity, DRIFTED, Move, Run, SHIFTED};
use crate::words::{Lang, Unit, Value, clean, clip, number, round_to_tell, show};

/// Features listed; JSON holds all.
const LISTED: usize = 12;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Number of the earlier run
    #[arg(value_name = "BEFORE")]
    before: i64,
    /// Number of the later run (default: the newest)
    #[arg(value_name = "NOW")]
    now: Option<i64>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = super::run_of(here, args.now)?;
    let found = pipeline::compare(&here.workspace, args.before, run.id, &here.settings)?;
    here.out
        .report(&found, || text(&found, &run, here.settings.lang))
}

fn text(found: &Comparison, run: &Run, lang: Lang) -> String {
    let mut text = head(found, lang);
    for change in found.continuity.iter().flat_map(Continuity::lines) {
        text.push_str(&format!("{}\n", clean(change.get(lang))));
    }
    text.push_str(&drifts(found, lang));
    text.push_str(&shifts(found, run, lang));
    text.push_str(&moves(found, run, lang));
    text
}

fn head(found: &Comparison, lang: Lang) -> String {
    let count = |users: u64| number(users as f64);
    let (before, now) = (count(found.users_before), count(found.users_now));
    let both = count(found.users_both);
    match lang {
        Lang::En => format!(
            "run {}: {before} users; run {}: {now} users; {both} in both\n",
            found.before, found.now
        ),
        Lang::Zh => format!(
            "运行 {}：{before} 位用户；运行 {}：{now} 位用户；两次都有 {both} 位\n",
            found.before, found.now
        ),
    }
}

fn drifts(found: &Comparison, lang: Lang) -> String {
    let heads = match lang {
        Lang::En => ["feature", "what", "PSI", ""],
        Lang::Zh => ["特征", "含义", "PSI", ""],
    };
    let rows = found.drifts.iter().take(LISTED).map(|one| {
        let word = match (one.psi > DRIFTED, one.psi > SHIFTED, lang) {
            (true, _, Lang::En) => "drifted",
            (true, _, Lang::Zh) => "已漂移",
            (_, true, Lang::En) => "shifted",
            (_, true, Lang::Zh) => "有变化",
            _ => "",
        };
        vec![
            one.feature.clone(),
            clip(one.label.get(lang), 44),
            format!("{:.3}", one.psi),
            word.to_owned(),
        ]
    });
    titled(
        match lang {
            Lang::En => "How features moved (population stability index)",
            Lang::Zh => "特征的变化（群体稳定性指数）",
        },
        &heads,
        &rows.collect::<Vec<_>>(),
        &[false, false, true, false],
    )
}

fn shifts(found: &Comparison, run: &Run, lang: Lang) -> String {
    let heads = match lang {
        Lang::En => [
            "segment",
            "users before",
            "now",
            "centroid moved",
            "most in",
        ],
        Lang::Zh => ["分群", "之前人数", "现在", "质心移动", "变化最大的特征"],
    };
    let rows = found.shifts.iter().map(|one| {
        let distance = one.distance.map(|distance| format!("{distance:.2}"));
        let most = one.most.as_ref().filter(|(_, gap)| gap.abs() >= 0.005);
        vec![
            named(Some(one.segment), run, lang),
            number(one.users_before as f64),
            number(one.users_now as f64),
            distance.unwrap_or_default(),
            most.map(|(feature, gap)| format!("{feature} {gap:+.2}"))
                .unwrap_or_default(),
        ]
    });
    titled(
        match lang {
            Lang::En => "Segments that go on",
            Lang::Zh => "延续的分群",
        },
        &heads,
        &rows.collect::<Vec<_>>(),
        &[false, true, true, true, false],
    )
}

fn moves(found: &Comparison, run: &Run, lang: Lang) -> String {
    let heads = match lang {
        Lang::En => ["from", "to", "users", "revenue before", "now", "change"],
        Lang::Zh => ["从", "到", "用户数", "之前销售额", "现在", "变化"],
    };
    let money = |value: f64| {
        let value = Value::Number(round_to_tell(value));
        clean(&show(&value, Unit::Money, run.currency.as_deref(), lang))
    };
    let rows = found.moves.iter().map(|one: &Move| {
        let revenue = one.revenue;
        vec![
            one.from.map_or_else(|| outside(lang), |id| id.to_string()),
            named(one.to, run, lang),
            number(one.users as f64),
            revenue.map(|(before, _)| money(before)).unwrap_or_default(),
            revenue.map(|(_, now)| money(now)).unwrap_or_default(),
            revenue
                .map(|(before, now)| money(now - before))
                .unwrap_or_default(),
        ]
    });
    titled(
        match lang {
            Lang::En => "Where users went",
            Lang::Zh => "用户的去向",
        },
        &heads,
        &rows.collect::<Vec<_>>(),
        &[false, false, true, true, true, true],
    )
}

fn outside(lang: Lang) -> String {
    match lang {
        Lang::En => "–".to_owned(),
        Lang::Zh => "无".to_owned(),
    }
}

fn named(id: Option<u32>, run: &Run, lang: Lang) -> String {
    let Some(id) = id else {
        return outside(lang);
    };
    let found = run.segments.iter().find(|segment| segment.id == id);
    let name = found.map_or_else(String::new, |segment| clean(&segment.marked_title(lang)));
    clip(&format!("{id} {name}"), 36)
}

fn titled(title: &str, heads: &[&str], rows: &[Vec<String>], right: &[bool]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let lines: Vec<&[String]> = std::iter::once(&heads)
        .chain(rows)
        .map(Vec::as_slice)
        .collect();
    format!("\n{title}\n{}", aligned(&lines, right))
}
