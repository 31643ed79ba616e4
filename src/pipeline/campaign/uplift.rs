//! Whether a campaign worked: those written to against those held out, in later events.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;

use super::campaign;
use crate::campaigns::{effect, error_of_looks, pooled};
use crate::error::{Error, Result};
use crate::events::{MapOptions, Sources};
use crate::pipeline::assign::Reading;
use crate::pipeline::desk::Desk;
use crate::pipeline::find_run;
use crate::pipeline::make::settings_of;
use crate::progress::Progress;
use crate::records::{Arm, Outcome, Plan, Uplift};
use crate::scope::{Scope, aliases, rules};
use crate::settings::{RunSettings, Settings};
use crate::words::Both;
use crate::workspace::{Drawn, Workspace};

/// Compares those written to with those held out by what both did from `from` on (none: the day after they were drawn). The
/// files are read as an ingest reads them and nothing of them is kept; who does not appear in them did nothing.
///
/// # Errors
/// [`Error::Rejected`] where nobody was drawn for the campaign, or the files hold nothing from that day on; those of an ingest.
pub fn uplift(
    workspace: &Path,
    id: Option<i64>,
    from: Option<Date>,
    (sources, options): (&Sources, &MapOptions),
    settings: &Settings,
    progress: &Progress,
) -> Result<Uplift> {
    let plan = campaign(workspace, id)?;
    let opened = Workspace::open(workspace)?;
    let mut catalog = opened.catalog()?;
    let drawn = catalog.drawn(plan.id)?;
    let Some(last) = drawn.iter().map(|one| one.on.as_str()).max() else {
        return Err(Error::rejected(
            format!("campaign {}", plan.id),
            "has no audience: nobody was written to",
            "`portray audience --campaign` draws one",
        ));
    };
    let from = match from {
        Some(from) => from,
        None => after(last)?,
    };
    let run = find_run(workspace, Some(plan.run), settings.lang)?;
    // All that the files hold counts, whatever the run's own period.
    let own = RunSettings {
        as_of: None,
        window_days: None,
        currency: plan.currency.clone().or(settings_of(&run)?.currency),
        ..settings_of(&run)?
    };
    let (reading, _) = Reading::of(&opened, sources, options, settings, progress)?;
    let desk = Desk::of_store(&reading.workspace, settings)?;
    desk.shut(&opened)?;
    desk.limits(own.min_support)?;
    Scope::open(
        desk.connection(),
        &own,
        None,
        &rules(opened.layout().root())?,
    )?
    .events(desk.connection())?;
    let (to, before) = days(&desk, from)?;
    let to = to.filter(|to| *to >= from.to_string()).ok_or_else(|| {
        Error::rejected(
            "the later events",
            format!("hold nothing from {from} on"),
            "name files of the days after the campaign, or the day it began with --from",
        )
    })?;
    let done = outcomes(&desk, from)?;
    drop(desk);
    let others = aliases_of(&opened, settings)?;
    let (all, segments, in_both) = compare(&drawn, &done, &others, own.min_support.max(2));
    let looks = catalog.look(plan.id, &to)?;
    let mut notes = notes(&plan, &all, before, looks, from);
    if in_both > 0 {
        notes.push(Both::new(
            format!("{in_both} people were written to under one id and held out under another: they count for neither"),
            format!("有 {in_both} 人以一个编号被触达、以另一编号留作对照：两边都不计"),
        ));
    }
    Ok(Uplift {
        campaign: plan.id,
        from: from.to_string(),
        to,
        before,
        currency: plan.currency,
        looks,
        all,
        segments,
        notes,
    })
}

fn after(day: &str) -> Result<Date> {
    let date: Date = day.parse().map_err(|_| {
        Error::damaged(
            "the catalog",
            format!("`{day}` is no day"),
            "draw the audience anew",
        )
    })?;
    Ok(date.checked_add(1.day()).unwrap_or(date))
}

/// The last day of the events, and how many come before the first that counts.
fn days(desk: &Desk, from: Date) -> Result<(Option<String>, u64)> {
    desk.connection()
        .query_row(
            include_str!("../../../sql/campaign/days.sql"),
            [from.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(Error::duck("campaign/days.sql"))
}

fn outcomes(desk: &Desk, from: Date) -> Result<BTreeMap<String, (bool, f64)>> {
    let read = || -> duckdb::Result<BTreeMap<String, (bool, f64)>> {
        desk.connection()
            .prepare(include_str!("../../../sql/campaign/outcome.sql"))?
            .query_map([from.to_string()], |row| {
                let purchases: i64 = row.get(1)?;
                Ok((row.get(0)?, (purchases > 0, row.get(2)?)))
            })?
            .collect()
    };
    read().map_err(Error::duck("campaign/outcome.sql"))
}

/// Who is another by now, by what the workspace was told: the files of later events know nothing of that.
fn aliases_of(workspace: &Workspace, settings: &Settings) -> Result<HashMap<String, String>> {
    let desk = Desk::of_store(workspace, settings)?;
    aliases(desk.connection(), None)?;
    let read = || -> duckdb::Result<HashMap<String, String>> {
        desk.connection()
            .prepare(include_str!("../../../sql/campaign/aliases.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    read().map_err(Error::duck("campaign/aliases.sql"))
}

/// Segments with a part of fewer than `least` users are told by their sizes alone, and count for nothing in the whole.
fn compare(
    drawn: &[Drawn],
    done: &BTreeMap<String, (bool, f64)>,
    others: &HashMap<String, String>,
    least: u64,
) -> (Outcome, Vec<Outcome>, u64) {
    let now = |user: &String| -> String { others.get(user).unwrap_or(user).clone() };
    let mut by_person: BTreeMap<String, (bool, f64)> = BTreeMap::new();
    for (user, (has_bought, amount)) in done {
        let of_person = by_person.entry(now(user)).or_default();
        of_person.0 |= has_bought;
        of_person.1 += amount;
    }
    // Who was drawn under two ids counts once; in both parts, for nothing.
    let mut people: BTreeMap<String, Option<&Drawn>> = BTreeMap::new();
    for one in drawn {
        let known = people.entry(now(&one.user)).or_insert(Some(one));
        if known.is_some_and(|known| known.is_held != one.is_held) {
            *known = None;
        }
    }
    let in_both = people.values().filter(|one| one.is_none()).count() as u64;
    let mut arms: BTreeMap<u32, (Arm, Arm)> = BTreeMap::new();
    for (person, one) in people
        .iter()
        .filter_map(|(person, one)| Some((person, (*one)?)))
    {
        let (has_bought, amount) = by_person.get(person).copied().unwrap_or_default();
        let arms = arms.entry(one.segment).or_default();
        let arm = if one.is_held {
            &mut arms.1
        } else {
            &mut arms.0
        };
        arm.add(has_bought, amount);
    }
    let is_told = |(treated, held): &(Arm, Arm)| treated.users >= least && held.users >= least;
    let told: Vec<(Arm, Arm)> = arms.values().copied().filter(is_told).collect();
    let sum = |of: fn(&(Arm, Arm)) -> Arm| told.iter().map(of).fold(Arm::default(), Arm::with);
    let sizes = arms.values().fold((0, 0), |sum, arms| {
        (sum.0 + arms.0.users, sum.1 + arms.1.users)
    });
    let all = Outcome {
        segment: None,
        treated: Arm {
            users: sizes.0,
            ..sum(|arms| arms.0)
        },
        held: Arm {
            users: sizes.1,
            ..sum(|arms| arms.1)
        },
        effect: pooled(&told),
    };
    let outcome = |(segment, arms): (u32, (Arm, Arm))| {
        let (treated, held) = arms;
        let bare = |arm: Arm| Arm {
            users: arm.users,
            ..Arm::default()
        };
        let told = is_told(&arms);
        Outcome {
            segment: Some(segment),
            treated: if told { treated } else { bare(treated) },
            held: if told { held } else { bare(held) },
            effect: told.then(|| effect(&treated, &held)).flatten(),
        }
    };
    (all, arms.into_iter().map(outcome).collect(), in_both)
}

fn notes(plan: &Plan, all: &Outcome, before: u64, looks: u64, from: Date) -> Vec<Both> {
    let mut notes = Vec::new();
    if before > 0 {
        notes.push(Both::new(
            format!("{before} events of the files come before {from}, and count for nothing here"),
            format!("文件中有 {before} 个事件早于 {from}，此处不计"),
        ));
    }
    match &all.effect {
        None => notes.push(Both::new(
            "too few were held out: what the campaign changed cannot be told",
            "对照组过小：无法判断活动效果",
        )),
        Some(effect) if !effect.is_clear => notes.push(Both::new(
            "the intervals hold zero: the difference may be chance",
            "区间包含零：差异可能出于偶然",
        )),
        Some(_) => {}
    }
    if looks > 1 {
        let chance = 100.0 * error_of_looks(looks as usize);
        notes.push(Both::new(
            format!(
                "look {looks} at campaign {}: looking again as events come, each time at 5%, shows a difference that is not there with a chance of about {chance:.0}%; decide beforehand when to look",
                plan.id
            ),
            format!(
                "第 {looks} 次查看活动 {}：每次按 5% 水平反复查看，误报的机会约为 {chance:.0}%；请事先定好查看时间",
                plan.id
            ),
        ));
    }
    notes
}
