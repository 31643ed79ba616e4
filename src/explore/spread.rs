//! How the features of a run are spread over its users.

use std::collections::BTreeMap;

use super::overview::{Bin, FeatureView};
use crate::error::{Error, Result};
use crate::features::{Column, Family, Transform};
use crate::pipeline::desk::Desk;
use crate::words::{Both, Unit};

/// Steps of a histogram.
const STEPS: usize = 20;

/// A feature as `explore/features.sql` gives it.
#[derive(Debug, Default)]
struct Spread {
    known: u64,
    /// The 1st, 5th, 50th, 95th and 99th percentile.
    quantiles: [f64; 5],
    /// Users by step.
    steps: [u64; STEPS],
}

/// The features that users of the run have values of, in the order of their files; those whose file is gone at the end.
///
/// # Errors
/// [`Error::EventStore`] where the run's tables can't be read.
pub fn features(
    desk: &Desk,
    families: &[Family],
    users: u64,
    min_support: u64,
) -> Result<Vec<FeatureView>> {
    let mut found = read(desk)?;
    let mut views = Vec::new();
    for column in families.iter().flat_map(|family| &family.columns) {
        if let Some(spread) = found.remove(&column.id) {
            views.push(view(&column.id, Some(column), &spread, users, min_support));
        }
    }
    let gone = found.iter();
    views.extend(gone.map(|(id, spread)| view(id, None, spread, users, min_support)));
    Ok(views)
}

/// One feature after the other: the quantiles of all at once would hold every value in memory.
fn read(desk: &Desk) -> Result<BTreeMap<String, Spread>> {
    let read = || -> duckdb::Result<_> {
        let connection = desk.connection();
        let ids: Vec<String> = connection
            .prepare(include_str!("../../sql/explore/names.sql"))?
            .query_map([], |row| row.get(0))?
            .collect::<duckdb::Result<_>>()?;
        let mut found: BTreeMap<String, Spread> = BTreeMap::new();
        let mut statement = connection.prepare(include_str!("../../sql/explore/features.sql"))?;
        for id in ids {
            let mut rows = statement.query([&id])?;
            let spread = found.entry(id).or_default();
            while let Some(row) = rows.next()? {
                spread.known = row.get(1)?;
                for (at, quantile) in spread.quantiles.iter_mut().enumerate() {
                    *quantile = row.get(at + 2)?;
                }
                if let Some(step) = spread.steps.get_mut(row.get::<_, usize>(7)?) {
                    *step = row.get(8)?;
                }
            }
        }
        Ok(found)
    };
    read().map_err(Error::duck("explore/features.sql"))
}

fn view(
    id: &str,
    column: Option<&Column>,
    spread: &Spread,
    users: u64,
    min_support: u64,
) -> FeatureView {
    let is_told = spread.known >= min_support;
    let [_, p05, p50, p95, _] = spread.quantiles;
    FeatureView {
        id: id.to_owned(),
        label: column.map_or_else(|| Both::new(id, id), |column| column.label.clone()),
        unit: column.map_or(Unit::Number, |column| column.unit),
        transform: match column.map(|column| column.transform) {
            Some(Transform::Log1p) => "log1p",
            Some(Transform::None) | None => "none",
        }
        .to_owned(),
        missing: users.saturating_sub(spread.known) as f64 / users.max(1) as f64,
        quantiles: is_told.then_some([p05, p50, p95]),
        bins: if is_told {
            bins(spread, min_support)
        } else {
            Vec::new()
        },
    }
}

/// The steps with their ends; one step where nearly all users have the same value.
fn bins(spread: &Spread, min_support: u64) -> Vec<Bin> {
    let [low, .., high] = spread.quantiles;
    let count = if low < high { STEPS } else { 1 };
    let end = |step: usize| low + (high - low) * step as f64 / count as f64;
    let steps = spread.steps.iter().take(count).enumerate();
    steps
        .map(|(at, users)| Bin {
            from: end(at),
            to: end(at + 1),
            users: Some(*users).filter(|users| *users == 0 || *users >= min_support),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_few_users_are_not_told_and_one_value_is_one_step() {
        let mut spread = Spread {
            known: 112,
            quantiles: [0.0, 1.0, 5.0, 9.0, 10.0],
            ..Spread::default()
        };
        (spread.steps[0], spread.steps[3], spread.steps[19]) = (100, 9, 3);
        let told = view("x.gone", None, &spread, 224, 10);
        assert_eq!((told.missing, told.quantiles), (0.5, Some([1.0, 5.0, 9.0])));
        let users: Vec<_> = told.bins.iter().map(|bin| bin.users).collect();
        assert_eq!((users[0], users[1], users[3]), (Some(100), Some(0), None));
        assert_eq!((told.bins[19].from, told.bins[19].to), (9.5, 10.0));
        spread.quantiles = [2.0; 5];
        assert_eq!(view("x.gone", None, &spread, 112, 10).bins.len(), 1);
        let few = view("x.gone", None, &spread, 112, 113);
        assert_eq!((few.quantiles, few.bins.len()), (None, 0));
    }
}
