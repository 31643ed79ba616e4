//! `portray show user` and `portray show users`.

use std::io::{IsTerminal, Read};

use serde_json::json;

use super::args::Here;
use super::run_of;
use super::text::table;
use crate::error::{Error, Result};
use crate::explore::{self, Happening, Listing, Order, Profile, ProfileFeature, UserLine, Who};
use crate::records::Run;
use crate::words::{Lang, Value, clean, clip, number, show};

/// Longest line of standard input that is taken for an id.
const LONGEST: u64 = 4096;

/// Happenings printed; JSON holds all that are known.
const SHOWN: usize = 30;

#[derive(Debug, clap::Args)]
pub struct UserArgs {
    /// The user's pseudonym
    #[arg(value_name = "PSEUDONYM", required_unless_present = "id")]
    pseudonym: Option<String>,
    /// Read the shop's own id from standard input, so that it stands in no shell's history; it is kept nowhere
    #[arg(long, conflicts_with = "pseudonym")]
    id: bool,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

#[derive(Debug, clap::Args)]
pub struct UsersArgs {
    /// Only users of this segment
    #[arg(long, value_name = "N")]
    segment: Option<u32>,
    /// Only users whose pseudonym begins with this
    #[arg(long, value_name = "LETTERS", default_value = "")]
    prefix: String,
    /// Who comes first: by revenue, the most typical of their segment, or only those between segments
    #[arg(long, value_enum, default_value_t = Order::Revenue)]
    sort: Order,
    /// Most users listed
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

pub fn user(args: &UserArgs, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let asked = match &args.pseudonym {
        Some(name) => Who::Pseudonym(name.clone()),
        None => who(here)?,
    };
    let found = explore::profile(
        &here.workspace,
        run.id,
        &asked,
        &here.settings,
        &here.progress(),
    )?;
    // What was asked for is not repeated: it may be an id.
    let profile = found.ok_or_else(|| {
        Error::usage(
            "the user",
            format!("run {} knows none of that name", run.id),
            "`portray show users` lists pseudonyms; the shop's own id is read by `portray show user --id`",
        )
    })?;
    here.out
        .report(&profile, || page(&profile, &run, here.settings.lang))
}

pub fn users(args: &UsersArgs, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    if let Some(segment) = args.segment {
        super::segment_of(&run, segment)?;
    }
    let (users, all) = explore::users(
        &here.workspace,
        run.id,
        &Listing {
            prefix: args.prefix.clone(),
            segment: args.segment,
            order: args.sort,
            limit: args.limit,
        },
        &here.settings,
        &here.progress(),
    )?;
    if (users.len() as u64) < all {
        here.out.say(&format!(
            "{} of {all} users; --limit N lists more",
            users.len()
        ));
    }
    here.out.report(&json!({ "users": users, "all": all }), || {
        list(&users, &run, here.settings.lang)
    })
}

/// The user whose id stands on standard input.
pub fn who(here: &Here) -> Result<Who> {
    Ok(Who::Id(id(here)?))
}

/// The id on the one line of standard input.
fn id(here: &Here) -> Result<String> {
    if std::io::stdin().is_terminal() {
        here.out.say("the user's id, then Enter and Ctrl-D:");
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(LONGEST)
        .read_to_end(&mut bytes)
        .map_err(Error::io("standard input"))?;
    let wrong = |why: &str| Error::usage("standard input", why, "write one id on one line");
    let text = String::from_utf8(bytes).map_err(|_| wrong("is no UTF-8 text"))?;
    match text.trim() {
        "" => Err(wrong("holds no id")),
        id if id.contains(['\n', '\r']) => Err(wrong("holds more than one line")),
        id => Ok(id.to_owned()),
    }
}

fn money(value: f64, run: &Run, lang: Lang) -> String {
    let value = Value::Number(value);
    clean(&show(
        &value,
        crate::words::Unit::Money,
        run.currency.as_deref(),
        lang,
    ))
}

fn list(users: &[UserLine], run: &Run, lang: Lang) -> String {
    let heads = match lang {
        Lang::En => ["user", "segment", "events", "last", "revenue"],
        Lang::Zh => ["用户", "人群", "行为数", "最近", "销售额"],
    };
    let rows: Vec<[String; 5]> = users
        .iter()
        .map(|user| {
            [
                user.pseudonym.clone(),
                user.segment.to_string(),
                user.events.to_string(),
                user.last.clone(),
                money(user.revenue, run, lang),
            ]
        })
        .collect();
    table(&heads.map(str::to_owned), &rows)
}

/// All about a user.
fn page(profile: &Profile, run: &Run, lang: Lang) -> String {
    let mut text = head(profile, run, lang);
    text.push('\n');
    text.push_str(&features(&profile.features, run, lang));
    text.push('\n');
    text.push_str(&timeline(&profile.timeline, run, lang));
    if profile.is_cut || profile.timeline.len() > SHOWN {
        text.push_str(match lang {
            Lang::En => "earlier events are not listed\n",
            Lang::Zh => "更早的行为未列出\n",
        });
    }
    text
}

fn head(profile: &Profile, run: &Run, lang: Lang) -> String {
    let name = |id: u32| {
        let segment = run.segments.iter().find(|segment| segment.id == id);
        let name = segment.map(|segment| clean(&segment.marked_title(lang)));
        format!("{id} {}", name.unwrap_or_default())
            .trim_end()
            .to_owned()
    };
    let place = match (profile.segment, lang) {
        (Some(id), Lang::En) => format!("segment {}", name(id)),
        (Some(id), Lang::Zh) => format!("人群{}", name(id)),
        (None, Lang::En) => "in no segment: nothing of it counts".to_owned(),
        (None, Lang::Zh) => "不在任何人群中：没有计入的行为".to_owned(),
    };
    let mut text = format!("{}  {place}\n", profile.pseudonym);
    for near in &profile.memberships {
        text.push_str(&format!(
            "   {:>5}  {:.2}  {}\n",
            near.probability
                .map_or_else(|| "–".to_owned(), |p| format!("{:.0}%", 100.0 * p)),
            near.distance,
            name(near.segment)
        ));
    }
    text
}

fn features(features: &[ProfileFeature], run: &Run, lang: Lang) -> String {
    let heads = match lang {
        Lang::En => ["feature", "what", "user", "segment median", "shop median"],
        Lang::Zh => ["特征", "含义", "用户", "人群中位数", "全店中位数"],
    };
    let rows: Vec<[String; 5]> = features
        .iter()
        .map(|feature| {
            let cell = |value: Option<f64>| {
                let told = value.map(|value| {
                    show(
                        &Value::Number(value),
                        feature.unit,
                        run.currency.as_deref(),
                        lang,
                    )
                });
                clip(&clean(&told.unwrap_or_default()), 28)
            };
            [
                clean(&feature.id),
                clip(&clean(feature.label.get(lang)), 44),
                cell(feature.value),
                cell(feature.segment),
                cell(feature.shop),
            ]
        })
        .collect();
    table(&heads.map(str::to_owned), &rows)
}

fn timeline(timeline: &[Happening], run: &Run, lang: Lang) -> String {
    let heads = match lang {
        Lang::En => ["when", "event", "what", "category", "amount"],
        Lang::Zh => ["时间", "行为", "内容", "品类", "金额"],
    };
    let currency = run.currency.as_deref().map(clean).unwrap_or_default();
    let rows: Vec<[String; 5]> = timeline
        .iter()
        .take(SHOWN)
        .map(|one| {
            let amount = one
                .amount
                .map(|amount| format!("{} {currency}", number(amount)));
            [
                one.at.clone(),
                clean(&one.kind),
                clip(&clean(&one.what), 44),
                clip(&clean(&one.category), 24),
                amount.unwrap_or_default().trim_end().to_owned(),
            ]
        })
        .collect();
    table(&heads.map(str::to_owned), &rows)
}
