//! `portray campaign`.

use std::io::Read;

use clap::Subcommand;

use super::args::{Here, NarrateArgs};
use super::out::Out;
use super::run_of;
use super::text::table;
use crate::campaigns::Rules;
use crate::error::{Error, Result};
use crate::pipeline::{self, Drafting, Revision};
use crate::records::{Action, Plan, Run, percent};
use crate::words::{Lang, clean, clip, number};

/// Longest message read from standard input.
const LONGEST: u64 = 64 * 1024;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plan for each segment a goal, whom it reaches, what is offered in which words, and what to expect
    Plan(Box<PlanArgs>),
    /// List the campaigns of the workspace
    List,
    /// Show a campaign with its messages
    Show {
        /// Number of the campaign (default: the newest)
        campaign: Option<i64>,
    },
    /// Send another of a segment's messages
    Pick {
        /// Number of the segment
        segment: u32,
        /// Which message, from 1
        message: usize,
        /// Number of the campaign (default: the newest)
        #[arg(long, value_name = "N")]
        campaign: Option<i64>,
    },
    /// Send a segment a message of your own, read from standard input
    Write {
        /// Number of the segment
        segment: u32,
        /// Its subject or title
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// Number of the campaign (default: the newest)
        #[arg(long, value_name = "N")]
        campaign: Option<i64>,
    },
    /// Print the rules that choose goals, to be kept as campaign.toml in the workspace and changed
    Rules,
}

#[derive(Debug, clap::Args)]
struct PlanArgs {
    /// Days that expectations are about
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// The share of each audience that gets nothing, such as 10% (default: as the rules say)
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    holdout: Option<f64>,
    /// Messages to pick from, a segment; 0 writes none
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=3))]
    messages: u8,
    /// Audit how groups of a protected column are spread over those written to
    #[arg(long, value_name = "COLUMN")]
    protect: Option<String>,
    #[command(flatten)]
    narrate: NarrateArgs,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

/// A share such as `10%` or `0.1`, below 1 and not below 0; all of it is refused with words of its own.
pub fn parse_share(text: &str) -> std::result::Result<f64, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.parse().map(|percent: f64| percent / 100.0),
        None => text.parse(),
    };
    share
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "a share such as 10% or 0.1".into())
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let lang = here.settings.lang;
    let plan = match &args.command {
        Command::Rules => return Out::data(Rules::own()),
        Command::List => {
            let found = pipeline::campaigns(&here.workspace)?;
            return here.out.report(&found, || list(&found, lang));
        }
        Command::Plan(args) => {
            let run = run_of(here, args.run)?;
            let drafting = Drafting {
                days: args.days,
                holdout: args.holdout.map(checked).transpose()?,
                messages: args.messages.into(),
                protect: args.protect.clone(),
                narrate: args.narrate.settings(here.seed, lang),
            };
            pipeline::plan(
                &here.workspace,
                &run,
                &drafting,
                &here.settings,
                &here.progress(),
            )?
        }
        Command::Show { campaign } => pipeline::campaign(&here.workspace, *campaign)?,
        Command::Pick {
            segment,
            message,
            campaign,
        } => {
            let which = message.checked_sub(1).unwrap_or(usize::MAX - 1);
            pipeline::revise_plan(&here.workspace, *campaign, *segment, &Revision::Pick(which))?
        }
        Command::Write {
            segment,
            title,
            campaign,
        } => {
            let mut text = String::new();
            std::io::stdin()
                .take(LONGEST)
                .read_to_string(&mut text)
                .map_err(Error::io("standard input"))?;
            let title = title.clone();
            let revision = Revision::Write { title, text };
            pipeline::revise_plan(&here.workspace, *campaign, *segment, &revision)?
        }
    };
    let run = run_of(here, Some(plan.run))?;
    here.out.report(&plan, || page(&plan, &run, lang))
}

/// A holdout of everybody is no campaign.
fn checked(share: f64) -> Result<f64> {
    if share < 1.0 {
        return Ok(share);
    }
    Err(Error::usage(
        "--holdout",
        "holds everybody out: nobody would be written to",
        "hold out less, such as 10%",
    ))
}

fn list(plans: &[Plan], lang: Lang) -> String {
    let heads = match lang {
        Lang::En => [
            "campaign",
            "run",
            "made",
            "segments written to",
            "audience",
            "held out",
        ],
        Lang::Zh => ["活动", "运行", "创建时间", "触达分群", "受众", "对照"],
    };
    let rows: Vec<[String; 6]> = plans
        .iter()
        .map(|plan| {
            let sum =
                |of: fn(&Action) -> u64| number(plan.actions.iter().map(of).sum::<u64>() as f64);
            let written_to = plan
                .actions
                .iter()
                .filter(|action| action.audience > 0)
                .count();
            [
                plan.id.to_string(),
                plan.run.to_string(),
                clip(&plan.created_at, 16),
                written_to.to_string(),
                sum(|action| action.audience),
                sum(|action| action.held),
            ]
        })
        .collect();
    table(&heads.map(str::to_owned), &rows)
}

fn page(plan: &Plan, run: &Run, lang: Lang) -> String {
    let mut text = match lang {
        Lang::En => format!(
            "campaign {}, run {}, {} days from {}; {} held out; at most {} messages in {} days\n",
            plan.id,
            plan.run,
            plan.days,
            plan.as_of,
            percent(plan.holdout),
            plan.cap.contacts,
            plan.cap.days
        ),
        Lang::Zh => format!(
            "活动 {}，运行 {}，自 {} 起 {} 天；对照组 {}；{} 天内最多触达 {} 次\n",
            plan.id,
            plan.run,
            plan.as_of,
            plan.days,
            percent(plan.holdout),
            plan.cap.days,
            plan.cap.contacts
        ),
    };
    for note in &plan.notes {
        text.push_str(&format!("{}\n", clean(note.get(lang))));
    }
    for action in &plan.actions {
        text.push('\n');
        text.push_str(&of_segment(action, plan, run, lang));
    }
    if let Some(audit) = &plan.audit {
        let heads = match lang {
            Lang::En => ["group", "written to", "of all", "ratio", "95% between", ""],
            Lang::Zh => ["群组", "触达占比", "总体占比", "比率", "95% 区间", ""],
        };
        let rows: Vec<[String; 6]> = audit
            .rows
            .iter()
            .filter(|row| row.segment == 1)
            .map(|row| {
                let name = audit
                    .groups
                    .get(row.group)
                    .and_then(|group| group.name.clone());
                [
                    clip(&clean(&name.unwrap_or_else(|| "?".to_owned())), 30),
                    percent(row.share),
                    percent(row.expected),
                    format!("{:.2}", row.ratio),
                    format!("{:.2} – {:.2}", row.interval.0, row.interval.1),
                    if row.is_flagged {
                        "!".to_owned()
                    } else {
                        String::new()
                    },
                ]
            })
            .collect();
        text.push_str(&format!("\n{}\n", clean(&audit.attribute)));
        text.push_str(&table(&heads.map(str::to_owned), &rows));
    }
    text
}

fn of_segment(action: &Action, plan: &Plan, run: &Run, lang: Lang) -> String {
    let title = run.segments.iter().find(|one| one.id == action.segment);
    let title = title
        .map(|one| clean(&one.marked_title(lang)))
        .unwrap_or_default();
    let mut lines = vec![format!(
        "{}  {title}: {}",
        action.segment,
        clean(action.title.get(lang))
    )];
    lines.extend(action.told(plan, lang));
    if action.channel.is_some() {
        let offer = if lang == Lang::En {
            "offer: "
        } else {
            "商品："
        };
        lines.extend(action.products.iter().map(|product| {
            let why = clean(&product.reason.say(lang));
            format!("{offer}{}: {why}", clean(product.title()))
        }));
        lines.extend(messages(action, lang));
    }
    lines.join("\n   ") + "\n"
}

fn messages(action: &Action, lang: Lang) -> Vec<String> {
    let message = |(at, message): (usize, &crate::records::Message)| {
        let mark = if at == action.picked { "▸" } else { " " };
        let by = message.by.say(lang);
        let title = message
            .title
            .as_deref()
            .map(|title| format!("{} — ", clean(title)));
        let body: Vec<String> = message.text.lines().map(clean).collect();
        format!(
            "{mark} {} [{by}] {}{}",
            at + 1,
            title.unwrap_or_default(),
            body.join(" ")
        )
    };
    action.messages.iter().enumerate().map(message).collect()
}
