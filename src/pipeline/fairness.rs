//! Groups of users in segments: audits, and bounds on their shares.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use ndarray::{Array2, ArrayView2, Axis};

use super::desk::Desk;
use super::geometry::Geometry;
use super::settings_of;
use crate::error::{Error, Result};
use crate::features::{Column, Features, Matrix, Scale, families};
use crate::progress::Progress;
use crate::records::{Audit, AuditRow, FOUR_FIFTHS, FairBound, Group, Proxy, Run};
use crate::segments::{Clustering, Groups, NORMAL_95, balance, fair, squared_to_own, strengths};
use crate::settings::Settings;
use crate::workspace::Workspace;

/// Groups told apart; the smallest of more are one.
const MOST: usize = 20;

/// Rows that proxies are looked for in.
const ROWS: usize = 20_000;

/// A feature that tells a group less than this is no proxy.
const PROXY: f64 = 0.2;

/// Proxies told.
const PROXIES: usize = 10;

/// An attribute of users.
#[derive(Debug)]
pub struct Attribute {
    name: String,
    groups: Vec<Group>,
    of_user: Vec<usize>,
}

impl Attribute {
    /// A protected column that was kept at ingest, of the users of a run.
    ///
    /// # Errors
    /// [`Error::Usage`] where no ingest kept such a column, naming those that were kept.
    pub fn protected(desk: &Desk, name: &str, users: &[i32], min_support: u64) -> Result<Self> {
        let kept = names(desk)?;
        if !kept.iter().any(|one| one == name) {
            let known = if kept.is_empty() {
                "none".to_owned()
            } else {
                kept.join(", ")
            };
            return Err(Error::usage(
                format!("--protect {name}"),
                format!("no ingest kept a column of that name (kept: {known})"),
                format!("ingest the file with --keep {name}, or give it in --users"),
            ));
        }
        let sql = include_str!("../../sql/fairness/attribute.sql");
        let values = values(desk, "fairness/attribute.sql", sql, Some(name))?;
        Ok(Self::new(name, &values, users, min_support))
    }

    /// Where users came from, where the events tell more than one source.
    pub fn source(desk: &Desk, users: &[i32], min_support: u64) -> Result<Option<Self>> {
        let sql = include_str!("../../sql/fairness/source.sql");
        let values = values(desk, "fairness/source.sql", sql, None)?;
        let found = Self::new("source", &values, users, min_support);
        Ok((found.groups.len() > 1).then_some(found))
    }

    /// Groups by falling size; those with fewer than `min_support` users, and those after the first [`MOST`], are one, since
    /// nothing may be told about them.
    fn new(name: &str, values: &HashMap<i32, String>, users: &[i32], min_support: u64) -> Self {
        let mut counts: BTreeMap<Option<&str>, u64> = BTreeMap::new();
        let value = |user: &i32| values.get(user).map(String::as_str);
        for user in users {
            *counts.entry(value(user)).or_default() += 1;
        }
        let mut order: Vec<(Option<&str>, u64)> = counts.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let large = order
            .iter()
            .take_while(|(_, users)| *users >= min_support)
            .count()
            .min(MOST);
        let mut groups: Vec<Group> = order[..large]
            .iter()
            .map(|(name, users)| Group {
                name: name.map(str::to_owned),
                users: *users,
            })
            .collect();
        let rest = &order[large..];
        if !rest.is_empty() {
            groups.push(Group {
                name: Some("…".to_owned()),
                users: rest.iter().map(|(_, users)| users).sum(),
            });
        }
        let places: HashMap<Option<&str>, usize> = order
            .iter()
            .enumerate()
            .map(|(at, (name, _))| (*name, at.min(large)))
            .collect();
        let of_user = users.iter().map(|user| places[&value(user)]).collect();
        Self {
            name: name.to_owned(),
            groups,
            of_user,
        }
    }

    /// The group of each of the users at `rows`.
    pub fn of_rows(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().map(|row| self.of_user[*row]).collect()
    }

    /// How many groups there are.
    pub fn count(&self) -> usize {
        self.groups.len()
    }

    /// Moves users between the clusters of `found` until each group has its share.
    ///
    /// # Errors
    /// [`Error::Cancelled`] between two rounds.
    pub fn bind(
        &self,
        found: &mut Clustering,
        matrix: &Matrix,
        ratio: f64,
        progress: &Progress,
    ) -> Result<FairBound> {
        let of_row = self.of_rows(&matrix.rows);
        let groups = Groups {
            of_row: &of_row,
            count: self.count(),
        };
        let x = matrix.values.view();
        let before = balance(&found.assignment, found.k, groups);
        let bound = fair(x, found.centroids.view(), groups, ratio, progress)?;
        let moved = bound
            .labels
            .iter()
            .zip(&found.assignment)
            .filter(|(now, then)| now != then)
            .count();
        let result = FairBound {
            ratio,
            balance_before: before,
            balance_after: balance(&bound.labels, found.k, groups),
            price: if found.inertia > 0.0 {
                bound.inertia / found.inertia
            } else {
                1.0
            },
            moved: moved as u64,
            out_of_reach: bound
                .out_of_reach
                .iter()
                .map(|one| (one.cluster as u32 + 1, one.group))
                .collect(),
        };
        let squared = squared_to_own(x, &bound.labels, bound.centroids.view());
        found.distance = squared.into_iter().map(f64::sqrt).collect();
        found.assignment = bound.labels;
        found.centroids = bound.centroids;
        found.inertia = bound.inertia;
        Ok(result)
    }

    /// The groups in the segments of all users.
    pub fn audit(&self, segment: &[u32], min_support: u64) -> Audit {
        let mut counts: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        for (segment, group) in segment.iter().zip(&self.of_user) {
            counts
                .entry(*segment)
                .or_insert_with(|| vec![0; self.count()])[*group] += 1;
        }
        let all = segment.len() as u64;
        let mut rows = Vec::new();
        for (segment, counts) in &counts {
            let size: u64 = counts.iter().sum();
            for (group, users) in counts.iter().enumerate() {
                let of_group = self.groups[group].users;
                // Too few either way: the group in the segment, or the segment without it.
                if self.count() > 1 && of_group >= min_support && size >= min_support {
                    rows.push(row(*segment, group, *users, size, of_group, all));
                }
            }
        }
        let numbers: Vec<u32> = counts.keys().copied().collect();
        let labels: Vec<usize> = segment
            .iter()
            .map(|id| numbers.binary_search(id).unwrap_or(0))
            .collect();
        let groups = Groups {
            of_row: &self.of_user,
            count: self.count(),
        };
        Audit {
            attribute: self.name.clone(),
            groups: self.groups.clone(),
            balance: balance(&labels, numbers.len(), groups),
            rows,
            bound: None,
            proxies: Vec::new(),
        }
    }

    /// The features of a run that tell the attribute.
    pub fn proxies(&self, features: &Features, matrix: &Matrix) -> Vec<Proxy> {
        let step = matrix.rows.len().div_ceil(ROWS).max(1);
        let drawn: Vec<usize> = (0..matrix.rows.len()).step_by(step).collect();
        let x: Array2<f64> = matrix.values.select(Axis(0), &drawn);
        let rows: Vec<usize> = drawn.iter().map(|at| matrix.rows[*at]).collect();
        let columns: Vec<&Column> = matrix
            .columns
            .iter()
            .map(|column| &features.columns[*column])
            .collect();
        self.proxies_among(x.view(), &rows, &columns)
    }

    /// The columns of `x` that tell the attribute; `rows` are the places of its users.
    fn proxies_among(
        &self,
        x: ArrayView2<'_, f64>,
        rows: &[usize],
        columns: &[&Column],
    ) -> Vec<Proxy> {
        let of_row = self.of_rows(rows);
        let groups = Groups {
            of_row: &of_row,
            count: self.count(),
        };
        let mut found: Vec<Proxy> = strengths(x, groups)
            .into_iter()
            .zip(columns)
            .filter(|((strength, _), _)| *strength >= PROXY)
            .map(|((strength, group), column)| Proxy {
                feature: column.id.clone(),
                label: column.label.clone(),
                strength,
                group,
            })
            .collect();
        found.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        found.truncate(PROXIES);
        found
    }
}

/// Audits a published run: a protected column, where one is named, and where events came from.
///
/// # Errors
/// [`Error::Usage`] where no ingest kept such a column.
pub fn audit(
    workspace: &Path,
    run: &Run,
    protect: Option<&str>,
    settings: &Settings,
) -> Result<Vec<Audit>> {
    let opened = Workspace::open(workspace)?;
    let root = opened.layout().root();
    let desk = Desk::of_scope(&opened, run, settings)?;
    let own = settings_of(run)?;
    let (users, segment): (Vec<i32>, Vec<u32>) = members(&desk)?.into_iter().unzip();
    let mut found = Vec::new();
    if let Some(name) = protect {
        let attribute = Attribute::protected(&desk, name, &users, own.min_support)?;
        let columns: Vec<Column> = families(root)?
            .into_iter()
            .flat_map(|family| family.columns)
            .collect();
        found.push(Audit {
            proxies: drawn_proxies(&desk, &attribute, &users, &columns)?,
            ..attribute.audit(&segment, own.min_support)
        });
    }
    if let Some(source) = Attribute::source(&desk, &users, own.min_support)? {
        found.push(source.audit(&segment, own.min_support));
    }
    Ok(found)
}

/// Audits how groups of a protected column are spread over places that users are put into, as over segments.
///
/// # Errors
/// [`Error::Usage`] where no ingest kept such a column.
pub(super) fn of_places(
    desk: &Desk,
    column: &str,
    places: &[(i32, u32)],
    min_support: u64,
) -> Result<Audit> {
    let (users, place): (Vec<i32>, Vec<u32>) = places.iter().copied().unzip();
    let attribute = Attribute::protected(desk, column, &users, min_support)?;
    Ok(attribute.audit(&place, min_support))
}

/// Proxies among the features that a published run keeps.
fn drawn_proxies(
    desk: &Desk,
    attribute: &Attribute,
    users: &[i32],
    columns: &[Column],
) -> Result<Vec<Proxy>> {
    let Some(geometry) = Geometry::load(desk)? else {
        return Ok(Vec::new());
    };
    let step = users.len().div_ceil(ROWS).max(1) as u64;
    let read = || -> duckdb::Result<Vec<(i32, String, f64)>> {
        desk.connection()
            .prepare(include_str!("../../sql/fairness/features.sql"))?
            .query_map([step], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect()
    };
    let values = read().map_err(Error::duck("fairness/features.sql"))?;
    let mut drawn: Vec<i32> = values.iter().map(|(user, ..)| *user).collect();
    drawn.dedup();
    let known: Vec<(&Scale, &Column)> = geometry
        .scales
        .iter()
        .filter_map(|scale| {
            Some((
                scale,
                columns.iter().find(|column| column.id == scale.feature)?,
            ))
        })
        .collect();
    let mut x = Array2::from_shape_fn((drawn.len(), known.len()), |(_, at)| {
        known[at].0.apply(f64::NAN)
    });
    for (user, feature, value) in &values {
        let column = known
            .iter()
            .position(|(scale, _)| scale.feature == *feature);
        if let (Ok(row), Some(column)) = (drawn.binary_search(user), column) {
            x[[row, column]] = known[column].0.apply(*value);
        }
    }
    let rows: Vec<usize> = drawn
        .iter()
        .filter_map(|user| users.binary_search(user).ok())
        .collect();
    let columns: Vec<&Column> = known.iter().map(|(_, column)| *column).collect();
    Ok(attribute.proxies_among(x.view(), &rows, &columns))
}

/// Users and their segments, in the order of their keys.
pub(super) fn members(desk: &Desk) -> Result<Vec<(i32, u32)>> {
    let read = || -> duckdb::Result<Vec<(i32, u32)>> {
        desk.connection()
            .prepare(include_str!("../../sql/fairness/members.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    read().map_err(Error::duck("fairness/members.sql"))
}

/// One group in one segment, with the rate of the group against that of all others.
fn row(segment: u32, group: usize, users: u64, size: u64, of_group: u64, all: u64) -> AuditRow {
    let (a, n) = (users as f64, of_group as f64);
    let (b, m) = ((size - users) as f64, (all - of_group) as f64);
    let ratio = (a / n) / (b / m);
    // A count of nobody has no logarithm: half a user stands for it (Haldane 1956).
    let (a, b) = (a.max(0.5), b.max(0.5));
    let log = ((a / n) / (b / m)).ln();
    let error = (1.0 / a - 1.0 / n + 1.0 / b - 1.0 / m).max(0.0).sqrt();
    let interval = (
        (log - NORMAL_95 * error).exp(),
        (log + NORMAL_95 * error).exp(),
    );
    let is_far = !(FOUR_FIFTHS..=1.0 / FOUR_FIFTHS).contains(&ratio);
    AuditRow {
        segment,
        group,
        users,
        share: users as f64 / size as f64,
        expected: of_group as f64 / all as f64,
        ratio: if ratio.is_finite() { ratio } else { interval.1 },
        interval,
        is_flagged: is_far && !(interval.0..=interval.1).contains(&1.0),
    }
}

fn names(desk: &Desk) -> Result<Vec<String>> {
    let read = || -> duckdb::Result<Vec<String>> {
        desk.connection()
            .prepare(include_str!("../../sql/fairness/names.sql"))?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    read().map_err(Error::duck("fairness/names.sql"))
}

fn values(desk: &Desk, file: &str, sql: &str, name: Option<&str>) -> Result<HashMap<i32, String>> {
    let read = || -> duckdb::Result<HashMap<i32, String>> {
        desk.connection()
            .prepare(sql)?
            .query_map(duckdb::params_from_iter(name), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect()
    };
    read().map_err(Error::duck(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_and_its_interval_of_a_worked_example() {
        // 30 of 100 against 10 of 100: ratio 3, ln ± 1.96 √(1/30 - 1/100 + 1/10 - 1/100).
        let found = row(1, 0, 30, 40, 100, 200);
        assert!((found.ratio - 3.0).abs() < 1e-12);
        assert!((found.interval.0 - 1.551).abs() < 1e-3, "{found:?}");
        assert!((found.interval.1 - 5.803).abs() < 1e-3, "{found:?}");
        assert!(found.is_flagged);
        assert!((found.share - 0.75).abs() < 1e-12 && (found.expected - 0.5).abs() < 1e-12);
        assert!(
            !row(1, 0, 3, 5, 100, 200).is_flagged,
            "few users prove nothing"
        );
    }

    #[test]
    fn hundreds_of_values_become_twenty_and_the_rest() {
        let users: Vec<i32> = (0..5_000).collect();
        let values = users
            .iter()
            .map(|user| (*user, format!("v{:03}", (user * user) % 500)))
            .collect();
        let found = Attribute::new("city", &values, &users, 10);
        assert!(found.count() <= MOST + 1, "{}", found.count());
        assert_eq!(
            found.groups.iter().map(|group| group.users).sum::<u64>(),
            5_000
        );
        assert_eq!(found.groups.last().unwrap().name.as_deref(), Some("…"));
        let one = Attribute::new("city", &HashMap::new(), &users, 10);
        assert_eq!((one.count(), one.groups[0].name.clone()), (1, None));
    }
}
