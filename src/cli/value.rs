//! `portray value`.

use serde_json::json;

use super::args::Here;
use super::out::Out;
use super::run_of;
use super::text::table;
use crate::error::Result;
use crate::pipeline;
use crate::records::{Outlook, Run, SegmentOutlook, UserOutlook};
use crate::words::{Lang, Unit, Value, clean, clip, number, show};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Days ahead
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// Write a line for each customer as CSV to standard output
    #[arg(long)]
    csv: bool,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let (outlook, users) = pipeline::outlook(
        &here.workspace,
        &run,
        args.days,
        &here.settings,
        &here.progress(),
    )?;
    let lang = here.settings.lang;
    if args.csv {
        for note in &outlook.notes {
            here.out.say(note.get(lang));
        }
        return Out::data(&csv(&users));
    }
    here.out
        .report(&json!(outlook), || page(&outlook, &run, lang))
}

fn csv(users: &[UserOutlook]) -> String {
    let mut text =
        "user,segment,active,churn_risk,purchases,value,best_hour,best_weekday\n".to_owned();
    let whole = |value: Option<u8>| value.map(|value| value.to_string()).unwrap_or_default();
    for user in users {
        let value = user.value.map(|value| format!("{value:.4}"));
        // A pseudonym is letters and digits: nothing in the line needs quotes.
        text.push_str(&format!(
            "{},{},{:.6},{:.6},{:.6},{},{},{}\n",
            user.user,
            user.segment,
            user.active,
            1.0 - user.active,
            user.purchases,
            value.unwrap_or_default(),
            whole(user.hour),
            whole(user.weekday)
        ));
    }
    text
}

fn page(outlook: &Outlook, run: &Run, lang: Lang) -> String {
    let mut text = match lang {
        Lang::En => format!(
            "{} customers, the {} days after {}\n",
            number(outlook.customers as f64),
            outlook.days,
            outlook.as_of
        ),
        Lang::Zh => format!(
            "{} 位顾客，{} 之后的 {} 天\n",
            number(outlook.customers as f64),
            outlook.as_of,
            outlook.days
        ),
    };
    if let Some(test) = &outlook.backtest {
        text.push_str(&match lang {
            Lang::En => format!(
                "held out {} days: {} days with a purchase, {} forecast, {} by the naive forecast; a customer is missed by {:.3}, naively by {:.3}\n",
                test.days, number(test.actual), number(test.expected.round()), number(test.naive.round()), test.error, test.naive_error
            ),
            Lang::Zh => format!(
                "留出 {} 天检验：实际 {} 个购买日，预测 {}，朴素预测 {}；每位顾客误差 {:.3}，朴素 {:.3}\n",
                test.days, number(test.actual), number(test.expected.round()), number(test.naive.round()), test.error, test.naive_error
            ),
        });
    }
    for note in &outlook.notes {
        text.push_str(&format!("{}\n", note.get(lang)));
    }
    text.push('\n');
    let heads = match lang {
        Lang::En => [
            "segment",
            "customers",
            "active",
            "churn risk",
            "purchases",
            "value",
            "95% between",
            "best hour",
            "best day",
        ],
        Lang::Zh => [
            "分群",
            "顾客",
            "仍活跃",
            "流失风险",
            "购买日",
            "金额",
            "95% 区间",
            "最佳时段",
            "最佳星期",
        ],
    };
    let rows: Vec<[String; 9]> = outlook
        .segments
        .iter()
        .map(|segment| row(segment, run, lang))
        .collect();
    text.push_str(&table(&heads.map(str::to_owned), &rows));
    text
}

fn row(segment: &SegmentOutlook, run: &Run, lang: Lang) -> [String; 9] {
    let name = run.segments.iter().find(|one| one.id == segment.segment);
    let title = name
        .map(|one| clean(&one.marked_title(lang)))
        .unwrap_or_default();
    let said = |value: f64, unit: Unit| {
        clean(&show(
            &Value::Number(value),
            unit,
            run.currency.as_deref(),
            lang,
        ))
    };
    let share = |share: f64| format!("{:.0}%", 100.0 * share);
    let expected = segment.expected.as_ref();
    let unit = match expected.and_then(|one| one.value) {
        Some(_) => Unit::Money,
        None => Unit::Number,
    };
    let cell = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    [
        clip(&format!("{} {title}", segment.segment), 40),
        number(segment.customers as f64),
        cell(expected.map(|one| share(one.active))),
        cell(expected.map(|one| share(1.0 - one.active))),
        cell(expected.map(|one| number(one.purchases.round()))),
        cell(
            expected
                .and_then(|one| one.value)
                .map(|value| said(value.round(), Unit::Money)),
        ),
        cell(expected.and_then(|one| one.interval).map(|(low, high)| {
            format!("{} – {}", said(low.round(), unit), said(high.round(), unit))
        })),
        cell(segment.hour.map(|hour| said(f64::from(hour), Unit::Hour))),
        cell(
            segment
                .weekday
                .map(|day| said(f64::from(day), Unit::Weekday)),
        ),
    ]
}
