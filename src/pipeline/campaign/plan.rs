//! A plan: for each segment a goal, whom it reaches, what is offered in which words, and what to expect.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::reach::Reach;
use super::unplanned;
use crate::campaigns::{Goal, Rules, detectable};
use crate::error::{Error, Result};
use crate::narrate::Narrator;
use crate::narrate::codes::{Channel, Tone};
use crate::narrate::tasks::{self, Order, Product};
use crate::pipeline::desk::Desk;
use crate::pipeline::make::settings_of;
use crate::pipeline::recommend::{Recommender, Wish};
use crate::pipeline::{fairness, outlook};
use crate::privacy::Sensitive;
use crate::progress::{Progress, Stage};
use crate::records::{
    Action, Ground, Message, Plan, RecommendedProduct, Run, Segment, SegmentOutlook, Writer,
};
use crate::settings::{NarrateSettings, Settings, Unit};
use crate::words::{Both, Lang};
use crate::workspace::Workspace;

/// Products offered to a segment.
const PRODUCTS: usize = 3;

/// What a plan is made with.
#[derive(Debug, Clone)]
pub struct Drafting {
    /// Days that expectations are about.
    pub days: u32,
    /// The share that is held out; none: as the rules say.
    pub holdout: Option<f64>,
    /// Messages to pick from, a segment; 0: none are written.
    pub messages: usize,
    /// A protected column whose groups are audited in the audience; none: no audit.
    pub protect: Option<String>,
    /// How messages are written.
    pub narrate: NarrateSettings,
}

/// Users of a segment and those who bought lately.
type Base = BTreeMap<u32, (u64, u64)>;

/// Plans a campaign over a run's segments, and keeps it in the catalog.
///
/// # Errors
/// Those of opening the run, of the rules, and of the model.
pub fn plan(
    workspace: &Path,
    run: &Run,
    drafting: &Drafting,
    settings: &Settings,
    progress: &Progress,
) -> Result<Plan> {
    let opened = Workspace::open(workspace)?;
    let rules = Rules::load(opened.layout().root())?;
    let share = drafting.holdout.unwrap_or(rules.holdout);
    let desk = Desk::of_scope(&opened, run, settings)?;
    let mut catalog = opened.catalog()?;
    let reach = Reach::of(&desk, &catalog, rules.cap, 0)?;
    let members = members(&desk)?;
    let base = base(&desk, drafting.days)?;
    let mut notes = wishes(run, &reach)?;
    let outlook = match outlook::forecast(&desk, run, drafting.days, progress) {
        Ok((outlook, _)) => {
            notes.extend(outlook.notes.iter().cloned());
            Some(outlook)
        }
        Err(Error::Rejected { .. }) => {
            notes.push(Both::new(
                "nobody bought anything: nothing is expected",
                "无人购买：没有预期",
            ));
            None
        }
        Err(error) => return Err(error),
    };
    let offers = offers(workspace, run, &mut notes, settings, progress)?;
    let least = settings_of(run)?.min_support;
    let mut actions = Vec::new();
    for segment in &run.segments {
        progress.check()?;
        let all = outlook.iter().flat_map(|all| &all.segments);
        let expected = all.into_iter().find(|one| one.segment == segment.id);
        let Some((goal, grounds)) = rules.goal(segment, expected) else {
            continue;
        };
        let mut action = action(segment, goal, grounds, expected);
        let bought = base.get(&segment.id);
        let bought = bought.filter(|(users, _)| *users >= least);
        action.base_rate = bought.map(|(users, buyers)| *buyers as f64 / (*users).max(1) as f64);
        if goal.contact {
            let own = members
                .get(&segment.id)
                .map_or(&[] as &[i32], Vec::as_slice);
            reached(&mut action, own, &reach, &rules, share);
            // A segment of which nobody had to do with a product is offered nothing.
            let found = offers.as_ref().and_then(|one| one.segment(segment.id).ok());
            let products = found.into_iter().flat_map(|found| found.products);
            action.products = products.map(|reach| reach.product).collect();
        }
        actions.push(action);
    }
    let audit = match &drafting.protect {
        Some(column) => Some(audit(&desk, run, column, &actions, &reach)?),
        None => None,
    };
    // The model needs the memory.
    drop((offers, desk));
    let goals: HashMap<u32, &Goal> = actions
        .iter()
        .filter_map(|action| {
            let goal = rules.goals.iter().find(|goal| goal.name == action.goal)?;
            Some((action.segment, goal))
        })
        .collect();
    progress.stage(Stage::Narrate, Some(actions.len() as u64));
    let narrator = match drafting.messages {
        0 => None,
        _ => Some(Narrator::load(&drafting.narrate)?),
    };
    for (done, action) in (1..).zip(&mut actions) {
        let Some(narrator) = &narrator else { break };
        let tone = goals
            .get(&action.segment)
            .map_or("plain", |goal| goal.tone.as_str());
        action.messages = messages(
            narrator,
            (workspace, run),
            action,
            tone,
            drafting,
            settings,
            progress,
        )?;
        progress.done(done);
    }
    let mut plan = Plan {
        days: drafting.days,
        holdout: share,
        notes,
        audit,
        actions,
        ..unplanned(run, rules.cap)
    };
    catalog.put_plan(&mut plan)?;
    Ok(plan)
}

/// What is to be said about opt-outs.
fn wishes(run: &Run, reach: &Reach) -> Result<Vec<Both>> {
    let note = if settings_of(run)?.unit != Unit::User {
        Both::new(
            "opt-outs are those of users: none is known of what the run segments",
            "退订信息按用户记录，本次运行的分群单位没有",
        )
    } else if reach.knows_wishes() {
        return Ok(Vec::new());
    } else {
        Both::new(
            "no file of users says who wants no word: ingest one with --users",
            "没有用户文件说明谁拒收：请用 --users 读入",
        )
    };
    Ok(vec![note])
}

/// What recommends products; none where no event names one.
fn offers(
    workspace: &Path,
    run: &Run,
    notes: &mut Vec<Both>,
    settings: &Settings,
    progress: &Progress,
) -> Result<Option<Recommender>> {
    let wish = Wish {
        top: PRODUCTS,
        diversity: 0.3,
        without: Vec::new(),
    };
    match Recommender::open(workspace, run, &wish, settings, progress) {
        Ok(recommender) => Ok(Some(recommender)),
        Err(Error::Rejected { .. }) => {
            notes.push(Both::new(
                "no event names a product: nothing is offered",
                "没有商品信息：无法推荐商品",
            ));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// An action that reaches nobody yet.
fn action(
    segment: &Segment,
    goal: &Goal,
    grounds: Vec<Ground>,
    expected: Option<&SegmentOutlook>,
) -> Action {
    Action {
        segment: segment.id,
        goal: goal.name.clone(),
        title: Both::new(&goal.en, &goal.zh),
        grounds,
        users: segment.users,
        refused: 0,
        capped: 0,
        audience: 0,
        held: 0,
        channel: None,
        hour: expected.and_then(|one| one.hour),
        weekday: expected.and_then(|one| one.weekday),
        products: Vec::new(),
        messages: Vec::new(),
        picked: 0,
        expected: expected.and_then(|one| one.expected),
        base_rate: None,
        detectable: None,
    }
}

/// The channel that most of a segment can be reached by, and whom it reaches.
fn reached(action: &mut Action, own: &[i32], reach: &Reach, rules: &Rules, share: f64) {
    let count = |channel: &str| {
        own.iter()
            .filter(|user| !reach.refuses(**user, channel))
            .count()
    };
    let mut best: Option<(&String, usize)> = None;
    for channel in &rules.channels {
        let users = count(channel);
        if best.is_none_or(|(_, most)| users > most) {
            best = Some((channel, users));
        }
    }
    let Some((channel, willing)) = best else {
        return;
    };
    action.channel = Some(channel.clone());
    action.refused = (own.len() - willing) as u64;
    let left = own.iter().filter(|user| !reach.refuses(**user, channel));
    let capped = left.filter(|user| reach.is_capped(**user)).count() as u64;
    action.capped = capped;
    action.audience = willing as u64 - capped;
    action.held = (action.audience as f64 * share).round() as u64;
    let rate = action.base_rate.unwrap_or_default();
    action.detectable = detectable(rate, action.audience - action.held, action.held);
}

/// Messages about the first products, by the model where it can; the plain words of the facts stand in for what fails.
fn messages(
    narrator: &Narrator,
    (workspace, run): (&Path, &Run),
    action: &Action,
    tone: &str,
    drafting: &Drafting,
    settings: &Settings,
    progress: &Progress,
) -> Result<Vec<Message>> {
    let named = |name: &str| Channel::ALL.into_iter().find(|one| one.name() == name);
    let Some(channel) = action.channel.as_deref().and_then(named) else {
        return Ok(Vec::new());
    };
    let tone = Tone::ALL
        .into_iter()
        .find(|one| one.name() == tone)
        .unwrap_or_default();
    let sensitive = Sensitive::load(workspace)?;
    let mut found = Vec::new();
    for offered in action.products.iter().take(drafting.messages) {
        let product = known(workspace, offered, settings);
        let order = Order::Message(action.segment, product, tone, channel);
        let text = tasks::write_with(
            narrator,
            run,
            &order,
            &sensitive,
            &drafting.narrate,
            settings.threads,
            progress,
        );
        // A name too long for its channel has no message; others may.
        let sentences = match text {
            Ok(sentences) => sentences,
            Err(Error::Failed { .. }) => continue,
            Err(error) => return Err(error),
        };
        let has_title = channel != Channel::Sms && sentences.len() > 1;
        let (title, body) = sentences.split_at(usize::from(has_title));
        let glue = if drafting.narrate.lang == Lang::En {
            " "
        } else {
            ""
        };
        let join = |part: &[crate::records::Sentence]| {
            part.iter()
                .map(|one| one.text.as_str())
                .collect::<Vec<_>>()
                .join(glue)
        };
        found.push(Message {
            product: offered.product.clone(),
            lang: drafting.narrate.lang,
            title: has_title.then(|| join(title).trim_end_matches(['.', '。']).to_owned()),
            text: join(body),
            by: if sentences.iter().all(|one| one.by_model) {
                Writer::Model
            } else {
                Writer::Facts
            },
        });
    }
    Ok(found)
}

/// The catalogue's word for a product, else what the events say of it.
fn known(workspace: &Path, offered: &RecommendedProduct, settings: &Settings) -> Product {
    crate::pipeline::product(workspace, &offered.product, settings).unwrap_or_else(|_| Product {
        name: offered.title().to_owned(),
        category: offered.category.clone(),
        brand: None,
        price: None,
        currency: None,
        fields: BTreeMap::new(),
    })
}

/// How groups are spread over those written to and the rest: audited as segments are, with the audience as segment 1.
fn audit(
    desk: &Desk,
    run: &Run,
    column: &str,
    actions: &[Action],
    reach: &Reach,
) -> Result<crate::records::Audit> {
    let channels: HashMap<u32, &str> = actions
        .iter()
        .filter(|action| action.audience > 0)
        .filter_map(|action| Some((action.segment, action.channel.as_deref()?)))
        .collect();
    let members: Vec<(i32, u32)> = fairness::members(desk)?
        .into_iter()
        .map(|(user, segment)| {
            let is_in = channels
                .get(&segment)
                .is_some_and(|channel| !reach.refuses(user, channel) && !reach.is_capped(user));
            (user, if is_in { 1 } else { 2 })
        })
        .collect();
    fairness::of_places(desk, column, &members, settings_of(run)?.min_support)
}

pub(super) fn members(desk: &Desk) -> Result<BTreeMap<u32, Vec<i32>>> {
    let mut found: BTreeMap<u32, Vec<i32>> = BTreeMap::new();
    for (user, segment) in fairness::members(desk)? {
        found.entry(segment).or_default().push(user);
    }
    Ok(found)
}

fn base(desk: &Desk, days: u32) -> Result<Base> {
    let sql = include_str!("../../../sql/campaign/buyers.sql").replace("{days}", &days.to_string());
    let read = || -> duckdb::Result<Base> {
        desk.connection()
            .prepare(&sql)?
            .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
            .collect()
    };
    read().map_err(Error::duck("campaign/buyers.sql"))
}
