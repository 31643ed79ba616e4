//! What the customers of a published run are expected to do next, and how far such forecasts are to be trusted.

use std::collections::BTreeMap;
use std::path::Path;

use duckdb::{OptionalExt, params};

use super::desk::Desk;
use super::make::settings_of;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::records::{Expected, Held, Outlook, Parameters, Run, SegmentOutlook, UserOutlook};
use crate::segments::NORMAL_95;
use crate::settings::Settings;
use crate::value::{Backtest, Customer, Forecast, History, Later, Models, backtest};
use crate::words::Both;
use crate::workspace::Workspace;

/// Held-out days are at most this part of all: the fit needs the rest.
const HELD_PART: u32 = 3;

/// Fewer held-out customers of a segment tell nothing of how far its forecasts miss; then those of all stand for them.
const FEWEST: usize = 30;

/// Beyond this correlation of frequency and value the model of spending is told to be off (Fader and Hardie, 2013, find 0.06
/// on CDNOW negligible).
const CORRELATED: f64 = 0.3;

/// Customers as SQL tells them.
#[derive(Default)]
struct Known {
    users: Vec<i32>,
    segments: Vec<u32>,
    customers: Vec<Customer>,
    later: Vec<Later>,
}

/// The hour and the weekday in which most happens.
type Times = BTreeMap<i32, (Option<u8>, Option<u8>)>;

/// What a run's customers are expected to do in the `days` after its last one, by segment and one by one (in the order of
/// their keys).
///
/// # Errors
/// Those of opening the run; [`Error::Rejected`] where nobody bought anything.
pub fn outlook(
    workspace: &Path,
    run: &Run,
    days: u32,
    settings: &Settings,
    progress: &Progress,
) -> Result<(Outlook, Vec<UserOutlook>)> {
    let workspace = Workspace::open(workspace)?;
    let desk = Desk::of_scope(&workspace, run, settings)?;
    progress.check()?;
    forecast(&desk, run, days, progress)
}

/// As [`outlook`], on a desk where the run's scope is open.
pub(super) fn forecast(
    desk: &Desk,
    run: &Run,
    days: u32,
    progress: &Progress,
) -> Result<(Outlook, Vec<UserOutlook>)> {
    let (as_of, span) = span(desk)?.ok_or_else(|| {
        Error::rejected(
            format!("run {}", run.id),
            "counts no purchase: there is nothing to forecast from",
            "ingest purchases, or map the shop's name of them with --map-type",
        )
    })?;
    let known = customers(desk, 0)?;
    progress.check()?;
    let models = Models::fit(&known.customers);
    let held = days.min(span / HELD_PART);
    let tested = if held == 0 {
        None
    } else {
        held_out(desk, held)?
    };
    progress.check()?;
    let forecasts: Vec<Option<Forecast>> = known
        .customers
        .iter()
        .map(|customer| models.map(|models| models.forecast(customer, days)))
        .collect();
    let least = settings_of(run)?.min_support;
    let by_segment = times(desk, "m.segment")?;
    let by_user = times(desk, "e.user_id")?;
    let segments = run
        .segments
        .iter()
        .filter_map(|segment| {
            let places: Vec<usize> = (0..known.users.len())
                .filter(|at| known.segments[*at] == segment.id)
                .collect();
            let of: Vec<Forecast> = places.iter().filter_map(|at| forecasts[*at]).collect();
            let time = by_segment.get(&i32::try_from(segment.id).ok()?);
            let enough = places.len() as u64 >= least.max(1);
            (!places.is_empty()).then(|| SegmentOutlook {
                segment: segment.id,
                customers: places.len() as u64,
                expected: (enough && !of.is_empty()).then(|| {
                    expected(
                        &of,
                        tested.as_ref().map(|held| held.spread(segment.id, days)),
                    )
                }),
                hour: time.filter(|_| enough).and_then(|time| time.0),
                weekday: time.filter(|_| enough).and_then(|time| time.1),
            })
        })
        .collect();
    let outlook = Outlook {
        run: run.id,
        as_of,
        days,
        currency: run.currency.clone(),
        customers: known.users.len() as u64,
        models: models.as_ref().map(parameters),
        backtest: tested.as_ref().map(|held| told(&held.test)),
        notes: notes(models.as_ref(), tested.as_ref().map(|held| &held.test)),
        segments,
    };
    let users = users(desk, &known, &forecasts, &by_segment, &by_user)?;
    Ok((outlook, users))
}

/// How forecasts did on held-out days.
struct Tested {
    test: Backtest,
    by_segment: BTreeMap<u32, Vec<f64>>,
}

/// By how much the forecast of a group is to be widened.
#[derive(Clone, Copy)]
struct Spread {
    /// Variance of one customer's miss.
    of_one: f64,
    /// The part by which all together were missed.
    of_all: f64,
    /// Whether it is of money; else of days with a purchase.
    is_money: bool,
}

impl Tested {
    /// The spread of a segment's customers over `days`: misses are taken to add up over time as those of days independent
    /// of each other do.
    fn spread(&self, segment: u32, days: u32) -> Spread {
        let own = self
            .by_segment
            .get(&segment)
            .filter(|misses| misses.len() >= FEWEST);
        let all = || self.by_segment.values().flatten();
        let square = |sum: f64, miss: &f64| sum + miss * miss;
        let (sum, count) = match own {
            Some(misses) => (misses.iter().fold(0.0, square), misses.len()),
            None => (all().fold(0.0, square), all().count()),
        };
        let longer = f64::from(days) / f64::from(self.test.days.max(1));
        Spread {
            of_one: sum / count.max(1) as f64 * longer,
            is_money: self.test.is_money,
            of_all: (self.test.actual - self.test.expected).abs() / self.test.expected.max(1.0),
        }
    }
}

fn held_out(desk: &Desk, held: u32) -> Result<Option<Tested>> {
    let known = customers(desk, held)?;
    Ok(
        backtest(&known.customers, &known.later, held).map(|(test, misses)| {
            let mut by_segment: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
            for (segment, miss) in known.segments.iter().zip(misses) {
                by_segment.entry(*segment).or_default().push(miss);
            }
            Tested { test, by_segment }
        }),
    )
}

/// The last day, and the days from the first purchase to it; none where nobody bought.
fn span(desk: &Desk) -> Result<Option<(String, u32)>> {
    desk.connection()
        .query_row(include_str!("../../sql/value/span.sql"), [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
        .map_err(Error::duck("value/span.sql"))
}

/// Customers as they were so many days before the last one.
fn customers(desk: &Desk, before: u32) -> Result<Known> {
    let read = || -> duckdb::Result<Known> {
        let connection = desk.connection();
        connection.execute_batch("CREATE OR REPLACE TEMP TABLE cut (day DATE)")?;
        connection.execute(
            "INSERT INTO cut SELECT last_day - CAST(? AS INTEGER) FROM period",
            params![before],
        )?;
        let mut statement = connection.prepare(include_str!("../../sql/value/customers.sql"))?;
        let mut rows = statement.query([])?;
        let mut known = Known::default();
        while let Some(row) = rows.next()? {
            let frequency: u32 = row.get(2)?;
            let repeat_amount: f64 = row.get(5)?;
            known.users.push(row.get(0)?);
            known.segments.push(row.get(1)?);
            known.customers.push(Customer {
                history: History {
                    frequency,
                    recency: row.get(3)?,
                    age: row.get(4)?,
                },
                mean_value: repeat_amount / f64::from(frequency.max(1)),
            });
            known.later.push(Later {
                purchases: row.get(6)?,
                amount: row.get(7)?,
            });
        }
        Ok(known)
    };
    read().map_err(Error::duck("value/customers.sql"))
}

fn times(desk: &Desk, whose: &str) -> Result<Times> {
    let sql = include_str!("../../sql/value/times.sql").replace("{whose}", whose);
    let read = || -> duckdb::Result<Times> {
        desk.connection()
            .prepare(&sql)?
            .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
            .collect()
    };
    read().map_err(Error::duck("value/times.sql"))
}

fn expected(forecasts: &[Forecast], spread: Option<Spread>) -> Expected {
    let all = forecasts.len() as f64;
    let sum = |of: fn(&Forecast) -> f64| forecasts.iter().map(of).sum::<f64>();
    let purchases = sum(|one| one.purchases);
    let value = forecasts.iter().map(|one| one.value).sum::<Option<f64>>();
    let middle = value.unwrap_or(purchases);
    // Misses of another kind than what is told say nothing of it.
    let spread = spread.filter(|spread| spread.is_money == value.is_some());
    let interval = spread.map(|spread| {
        let chance = NORMAL_95 * (all * spread.of_one).sqrt();
        let half = chance.hypot(spread.of_all * middle);
        ((middle - half).max(0.0), middle + half)
    });
    Expected {
        active: sum(|one| one.active) / all.max(1.0),
        purchases,
        value,
        interval,
    }
}

fn users(
    desk: &Desk,
    known: &Known,
    forecasts: &[Option<Forecast>],
    by_segment: &Times,
    by_user: &Times,
) -> Result<Vec<UserOutlook>> {
    let names: BTreeMap<i32, String> = super::assign::pseudonyms(desk)?.into_iter().collect();
    let places = known.users.iter().zip(&known.segments).zip(forecasts);
    let user = |((user, segment), forecast): ((&i32, &u32), &Option<Forecast>)| {
        let forecast = (*forecast)?;
        let segments = i32::try_from(*segment)
            .ok()
            .and_then(|id| by_segment.get(&id));
        let time = by_user.get(user).or(segments);
        Some(UserOutlook {
            user: names.get(user)?.clone(),
            segment: *segment,
            active: forecast.active,
            purchases: forecast.purchases,
            value: forecast.value,
            hour: time.and_then(|time| time.0),
            weekday: time.and_then(|time| time.1),
        })
    };
    Ok(places.filter_map(user).collect())
}

fn parameters(models: &Models) -> Parameters {
    let purchases = models.purchases;
    Parameters {
        r: purchases.r,
        alpha: purchases.alpha,
        a: purchases.a,
        b: purchases.b,
        spend: models.spend.map(|spend| [spend.p, spend.q, spend.gamma]),
        correlation: models.spend.map(|spend| spend.correlation),
    }
}

fn told(test: &Backtest) -> Held {
    Held {
        days: test.days,
        customers: test.customers as u64,
        actual: test.actual,
        expected: test.expected,
        naive: test.naive,
        error: test.error,
        naive_error: test.naive_error,
    }
}

fn notes(models: Option<&Models>, test: Option<&Backtest>) -> Vec<Both> {
    let mut notes = Vec::new();
    let Some(models) = models else {
        notes.push(Both::new(
            "nobody bought on a second day: there is no forecast",
            "没有人在第二天再次购买：无法预测",
        ));
        return notes;
    };
    match test {
        None => notes.push(Both::new(
            "the data is too short to hold days out: how good the forecast is stands open",
            "数据太短，无法留出检验期：预测的好坏未知",
        )),
        Some(test) if test.loses() => notes.push(Both::new(
            format!(
                "on {} held-out days the naive forecast (each goes on at the pace so far) missed customers by less: {:.3} against {:.3} days with a purchase",
                test.days, test.naive_error, test.error
            ),
            format!(
                "在留出的 {} 天里，朴素预测（各按以往频率继续）的误差更小：{:.3} 对 {:.3} 个购买日",
                test.days, test.naive_error, test.error
            ),
        )),
        Some(_) => {}
    }
    match models.spend {
        None => notes.push(Both::new(
            "too few repeat purchases have a price: there is no forecast of value",
            "带价格的重复购买太少：无法预测金额",
        )),
        Some(spend) if spend.correlation.abs() > CORRELATED => notes.push(Both::new(
            format!(
                "frequency and value go together (correlation {:.2}), which the model of spending takes for independent",
                spend.correlation
            ),
            format!("购买频次与金额相关（相关系数 {:.2}），而金额模型假定二者独立", spend.correlation),
        )),
        Some(_) => {}
    }
    notes
}
