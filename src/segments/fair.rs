//! Clusters in which every group of users has its share.
//!
//! The problem is that of Bera, Chakrabarty, Flores and Negahbani ("Fair Algorithms for Clustering", 2019): rows are
//! assigned to centroids at the least inertia such that each group's share of each cluster lies within bounds. They solve
//! it by a linear program and rounding. Here it falls apart: once it is settled how many rows of each group a cluster
//! takes (a maximum flow in a graph of clusters and groups, Edmonds and Karp 1972), each group is a transportation problem
//! of its own, solved exactly by successive shortest paths (Ahuja, Magnanti and Orlin, "Network Flows", 1993, chapter 9)
//! in a graph whose nodes are the clusters, which are few, whatever the number of rows. Assignment and centroids alternate
//! as in Lloyd's method.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ndarray::{Array2, ArrayView2};
use pathfinding::directed::edmonds_karp::{DenseCapacity, EdmondsKarp};
use rayon::prelude::*;

use super::centroids;
use super::distance::{chunks, squared, squared_to_own};
use crate::error::Result;
use crate::progress::Progress;

/// Squared distances become whole numbers, so that paths are compared exactly.
const UNIT: f64 = 1e6;

/// Rounds of assignment and centroids at most: later ones gain next to nothing.
const ROUNDS: usize = 8;

/// A round that gains less than this part ends them.
const GAIN: f64 = 1e-4;

/// Groups that rows fall into.
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    /// The group of each row, from 0.
    pub of_row: &'a [usize],
    /// How many there are.
    pub count: usize,
}

/// A cluster that cannot have its share of a group: with clusters of these sizes no whole numbers keep all bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutOfReach {
    /// The cluster.
    pub cluster: usize,
    /// The group.
    pub group: usize,
    /// The least and the most rows that the bounds allow.
    pub bounds: (f64, f64),
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fair {
    /// The cluster of each row.
    pub labels: Vec<usize>,
    /// The mean of each cluster's rows.
    pub centroids: Array2<f64>,
    /// Sum of squared distances to it.
    pub inertia: f64,
    /// Bounds that no assignment to clusters of these sizes keeps.
    pub out_of_reach: Vec<OutOfReach>,
}

/// How even the groups' shares are, 0 to 1: the least of share in a cluster / share of all and its inverse, over all
/// clusters and groups (Bera et al. 2019); 1 where every cluster is like the whole.
#[must_use]
pub fn balance(labels: &[usize], clusters: usize, groups: Groups<'_>) -> f64 {
    let counts = counts(labels, clusters, groups);
    let all = labels.len() as f64;
    let mut least = 1.0_f64;
    for cluster in counts.rows() {
        let size: i64 = cluster.sum();
        for (group, count) in cluster.iter().enumerate() {
            let of_all: i64 = counts.column(group).sum();
            if size == 0 || of_all == 0 {
                continue;
            }
            let ratio = (*count as f64 / size as f64) / (of_all as f64 / all);
            least = least.min(if ratio > 0.0 {
                ratio.min(1.0 / ratio)
            } else {
                0.0
            });
        }
    }
    least
}

/// Rows by cluster and group.
#[must_use]
pub fn counts(labels: &[usize], clusters: usize, groups: Groups<'_>) -> Array2<i64> {
    let mut counts = Array2::zeros((clusters, groups.count));
    for (label, group) in labels.iter().zip(groups.of_row) {
        counts[[*label, *group]] += 1;
    }
    counts
}

/// Moves rows between the clusters of `start` until each group's share of each cluster lies between `ratio` and 1 / `ratio`
/// times its share of all rows, at the least cost; `ratio` is above 0 and at most 1. The clusters keep their sizes in each
/// round.
///
/// # Errors
/// [`crate::Error::Cancelled`] between two rounds.
pub fn fair(
    x: ArrayView2<'_, f64>,
    start: ArrayView2<'_, f64>,
    groups: Groups<'_>,
    ratio: f64,
    progress: &Progress,
) -> Result<Fair> {
    let mut means = start.to_owned();
    let mut best: Option<Fair> = None;
    for _ in 0..ROUNDS {
        progress.check()?;
        let found = round(x, means.view(), groups, ratio);
        let gain = best
            .as_ref()
            .map_or(f64::INFINITY, |best| best.inertia - found.inertia);
        let enough = GAIN * found.inertia;
        if gain > 0.0 {
            means.assign(&found.centroids);
            best = Some(found);
        }
        if gain <= enough {
            break;
        }
    }
    // The first round always gains.
    Ok(best.unwrap_or_else(|| round(x, start, groups, ratio)))
}

fn round(
    x: ArrayView2<'_, f64>,
    means: ArrayView2<'_, f64>,
    groups: Groups<'_>,
    ratio: f64,
) -> Fair {
    let clusters = means.nrows();
    let costs = costs(x, means);
    let nearest: Vec<usize> = costs
        .chunks(clusters)
        .map(|costs| (0..clusters).min_by_key(|k| costs[*k]).unwrap_or(0))
        .collect();
    let wanted = counts(&nearest, clusters, groups);
    let (quotas, out_of_reach) = quotas(&wanted, ratio);
    let members: Vec<Vec<usize>> = (0..groups.count)
        .map(|group| {
            let rows = groups.of_row.iter().enumerate();
            rows.filter(|(_, of)| **of == group)
                .map(|(row, _)| row)
                .collect()
        })
        .collect();
    let assigned: Vec<Vec<usize>> = members
        .par_iter()
        .enumerate()
        .map(|(group, rows)| {
            let start: Vec<usize> = rows.iter().map(|row| nearest[*row]).collect();
            let quota: Vec<i64> = quotas.column(group).to_vec();
            Transport::new(&costs, clusters, rows, start, &quota).solve()
        })
        .collect();
    let mut labels = nearest;
    for (rows, assigned) in members.iter().zip(assigned) {
        for (row, label) in rows.iter().zip(assigned) {
            labels[*row] = label;
        }
    }
    let mut found = centroids(x, &labels, clusters);
    for (mut row, old) in found.rows_mut().into_iter().zip(means.rows()) {
        if row.iter().any(|value| !value.is_finite()) {
            row.assign(&old);
        }
    }
    let inertia = squared_to_own(x, &labels, found.view()).iter().sum();
    Fair {
        labels,
        centroids: found,
        inertia,
        out_of_reach,
    }
}

/// Squared distances of each row to each centroid, in units.
fn costs(x: ArrayView2<'_, f64>, means: ArrayView2<'_, f64>) -> Vec<i64> {
    let whole = |squared: f64| (squared * UNIT).min(1e15).round() as i64;
    chunks(x)
        .into_par_iter()
        .flat_map_iter(|rows| {
            let of_row = |row| {
                means
                    .rows()
                    .into_iter()
                    .map(move |mean| whole(squared(row, mean)))
            };
            rows.rows().into_iter().flat_map(of_row).collect::<Vec<_>>()
        })
        .collect()
}

/// How many rows of each group each cluster takes: as many as want to where the bounds allow it, with the sizes of clusters
/// and groups as they are.
///
/// Where the bounds can't be kept all together, each cluster takes one of the two whole numbers beside its exact share. The
/// exact shares are a fractional solution between these, so there is a whole one (the polytope of a transportation problem
/// has whole corners).
fn quotas(wanted: &Array2<i64>, ratio: f64) -> (Array2<i64>, Vec<OutOfReach>) {
    let all = wanted.sum().max(1) as f64;
    let exact = Array2::from_shape_fn(wanted.raw_dim(), |(cluster, group)| {
        wanted.row(cluster).sum() as f64 * wanted.column(group).sum() as f64 / all
    });
    // A hair, so that a share that is exactly on its bound is within it.
    let least = exact.mapv(|exact| (ratio * exact - 1e-9).ceil() as i64);
    let most = exact.mapv(|exact| (exact / ratio + 1e-9).floor() as i64);
    let quotas = flow(wanted, &least, &most).unwrap_or_else(|| {
        let low = exact.mapv(|exact| exact.floor() as i64);
        let high = exact.mapv(|exact| exact.ceil() as i64);
        flow(wanted, &low, &high).unwrap_or_else(|| wanted.clone())
    });
    let out_of_reach = quotas
        .indexed_iter()
        .filter(|(at, quota)| !(least[*at]..=most[*at]).contains(quota))
        .map(|((cluster, group), _)| OutOfReach {
            cluster,
            group,
            bounds: (
                ratio * exact[[cluster, group]],
                exact[[cluster, group]] / ratio,
            ),
        })
        .collect();
    (quotas, out_of_reach)
}

/// Whole numbers between `low` and `high` with the sums of `wanted`'s rows and columns, near `wanted`; none where there are
/// none.
fn flow(wanted: &Array2<i64>, low: &Array2<i64>, high: &Array2<i64>) -> Option<Array2<i64>> {
    let (clusters, groups) = wanted.dim();
    if low.iter().zip(high).any(|(low, high)| low > high) {
        return None;
    }
    // What each cell takes above its least, first up to what is wanted, then up to its most.
    let (source, sink) = (clusters + groups, clusters + groups + 1);
    let mut flow = DenseCapacity::<i64>::new(clusters + groups + 2, source, sink);
    for cluster in 0..clusters {
        let left = wanted.row(cluster).sum() - low.row(cluster).sum();
        flow.set_capacity(source, cluster, (left >= 0).then_some(left)?);
    }
    for group in 0..groups {
        let left = wanted.column(group).sum() - low.column(group).sum();
        flow.set_capacity(clusters + group, sink, (left >= 0).then_some(left)?);
    }
    for limit in [wanted, high] {
        for ((cluster, group), limit) in limit.indexed_iter() {
            let low = low[[cluster, group]];
            let limit = (*limit).clamp(low, high[[cluster, group]]);
            flow.set_capacity(cluster, clusters + group, limit - low);
        }
        flow.augment();
    }
    let found = Array2::from_shape_fn((clusters, groups), |(cluster, group)| {
        low[[cluster, group]] + flow.flow(cluster, clusters + group).max(0)
    });
    (found.sum() == wanted.sum()).then_some(found)
}

/// Rows of one group on their way into clusters that take so many of them each.
struct Transport<'a> {
    costs: &'a [i64],
    clusters: usize,
    rows: &'a [usize],
    label: Vec<usize>,
    /// Rows that each cluster has too many, or too few where negative.
    excess: Vec<i64>,
    /// From each cluster to each other: what moving a row costs more, the cheapest first; some have moved on already.
    moves: Vec<BinaryHeap<Reverse<(i64, usize)>>>,
}

impl<'a> Transport<'a> {
    fn new(
        costs: &'a [i64],
        clusters: usize,
        rows: &'a [usize],
        label: Vec<usize>,
        quota: &[i64],
    ) -> Self {
        let mut excess: Vec<i64> = quota.iter().map(|quota| -quota).collect();
        for label in &label {
            excess[*label] += 1;
        }
        let mut transport = Self {
            costs,
            clusters,
            rows,
            label,
            excess,
            moves: vec![BinaryHeap::new(); clusters * clusters],
        };
        if transport.excess.iter().any(|excess| *excess > 0) {
            for at in 0..rows.len() {
                transport.offer(at);
            }
        }
        transport
    }

    /// Offers a row's moves out of the cluster where it is.
    fn offer(&mut self, at: usize) {
        let own = self.label[at];
        let costs = &self.costs[self.rows[at] * self.clusters..][..self.clusters];
        for (other, cost) in costs.iter().enumerate() {
            if other != own {
                self.moves[own * self.clusters + other].push(Reverse((cost - costs[own], at)));
            }
        }
    }

    /// The cheapest move between two clusters.
    fn cheapest(&mut self, from: usize, to: usize) -> Option<(i64, usize)> {
        let heap = &mut self.moves[from * self.clusters + to];
        while let Some(Reverse((cost, at))) = heap.peek().copied() {
            if self.label[at] == from {
                return Some((cost, at));
            }
            heap.pop();
        }
        None
    }

    /// Moves rows along the cheapest paths from clusters with too many to such with too few, one after the other: after
    /// each the assignment is the best for the sizes that it has.
    fn solve(mut self) -> Vec<usize> {
        while let Some(path) = self.path() {
            for (from, to) in path {
                if let Some((_, at)) = self.cheapest(from, to) {
                    self.label[at] = to;
                    self.excess[from] -= 1;
                    self.excess[to] += 1;
                    self.offer(at);
                }
            }
        }
        self.label
    }

    /// The cheapest way from a cluster with too many rows to one with too few (Bellman 1958): its steps, the last first, so
    /// that each is made before one that it would change.
    fn path(&mut self) -> Option<Vec<(usize, usize)>> {
        let k = self.clusters;
        let is_over = |excess: &i64| *excess > 0;
        if !self.excess.iter().any(is_over) {
            return None;
        }
        let mut arcs = Vec::with_capacity(k * k);
        for from in 0..k {
            for to in 0..k {
                if let Some((cost, _)) = (from != to).then(|| self.cheapest(from, to)).flatten() {
                    arcs.push((from, to, cost));
                }
            }
        }
        let mut reached: Vec<Option<i64>> = self
            .excess
            .iter()
            .map(|excess| is_over(excess).then_some(0))
            .collect();
        let mut before = vec![None; k];
        for _ in 1..k {
            let mut is_done = true;
            for (from, to, cost) in &arcs {
                let Some(through) = reached[*from].map(|so_far| so_far + cost) else {
                    continue;
                };
                if reached[*to].is_none_or(|known| through < known) {
                    (reached[*to], before[*to]) = (Some(through), Some(*from));
                    is_done = false;
                }
            }
            if is_done {
                break;
            }
        }
        let ends = (0..k).filter(|cluster| self.excess[*cluster] < 0);
        let mut at = ends
            .filter_map(|cluster| Some((reached[cluster]?, cluster)))
            .min()?
            .1;
        let mut path = Vec::new();
        while let Some(from) = before[at] {
            path.push((from, at));
            at = from;
            if path.len() > k {
                break;
            }
        }
        (!path.is_empty()).then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use proptest::prelude::*;
    use rand::Rng;

    use super::*;

    fn groups(of_row: &[usize], count: usize) -> Groups<'_> {
        Groups { of_row, count }
    }

    #[test]
    fn a_cluster_of_one_group_is_mixed_at_the_least_cost() {
        // Two clusters of four; all of group 1 sit in the second.
        let x = array![[0.0], [0.1], [0.2], [1.0], [2.0], [3.0], [3.1], [3.2]];
        let of_row = [0, 0, 0, 0, 1, 1, 1, 1];
        let start = array![[0.3], [2.8]];
        let all = groups(&of_row, 2);
        let found = fair(x.view(), start.view(), all, 1.0, &Progress::silent()).unwrap();
        assert!((balance(&found.labels, 2, all) - 1.0).abs() < 1e-12);
        assert!(found.out_of_reach.is_empty());
        // Those in the middle move: two of each.
        let moved: Vec<usize> = (0..8)
            .filter(|row| found.labels[*row] != of_row[*row])
            .collect();
        assert_eq!(moved.len(), 4, "{found:?}");
    }

    #[test]
    fn bounds_that_hold_already_change_nothing() {
        let x = array![[0.0], [0.2], [5.0], [5.2]];
        let start = array![[0.1], [5.1]];
        let all = groups(&[0, 1, 0, 1], 2);
        let found = fair(x.view(), start.view(), all, 0.8, &Progress::silent()).unwrap();
        assert_eq!(found.labels, [0, 0, 1, 1]);
        assert!((found.inertia - 0.04).abs() < 1e-9);
    }

    #[test]
    fn a_group_too_small_to_be_shared_is_named() {
        let x = Array2::from_shape_fn((40, 1), |(i, _)| (i / 10) as f64);
        let of_row: Vec<usize> = (0..40).map(|i| usize::from(i == 7)).collect();
        let start = array![[0.0], [1.0], [2.0], [3.0]];
        let all = groups(&of_row, 2);
        let found = fair(x.view(), start.view(), all, 0.8, &Progress::silent()).unwrap();
        // A quarter of one user for each cluster: between 0.2 and 0.3125 there is no whole number.
        assert_eq!(found.out_of_reach.len(), 4);
        assert!(found.out_of_reach.iter().all(|one| one.group == 1));
    }

    /// The best assignment with the quotas, by trying all.
    fn by_trial(costs: &[i64], k: usize, quota: &[i64]) -> i64 {
        fn go(costs: &[i64], k: usize, left: &mut [i64]) -> Option<i64> {
            let Some((own, rest)) = costs.split_at_checked(k) else {
                return Some(0);
            };
            let mut best: Option<i64> = None;
            for cluster in 0..k {
                if left[cluster] > 0 {
                    left[cluster] -= 1;
                    if let Some(cost) = go(rest, k, left) {
                        let cost = cost + own[cluster];
                        best = Some(best.map_or(cost, |best| best.min(cost)));
                    }
                    left[cluster] += 1;
                }
            }
            best
        }
        go(costs, k, &mut quota.to_vec()).unwrap()
    }

    proptest! {
        #[test]
        fn transport_is_the_best_there_is(
            costs in prop::collection::vec(0_i64..50, 18),
            cut in (0_i64..=6, 0_i64..=6),
        ) {
            let (a, b) = (cut.0.min(cut.1), cut.0.max(cut.1));
            let quota = [a, b - a, 6 - b];
            let rows: Vec<usize> = (0..6).collect();
            let start = costs.chunks(3).map(|c| (0..3).min_by_key(|k| c[*k]).unwrap()).collect();
            let label = Transport::new(&costs, 3, &rows, start, &quota).solve();
            for (cluster, quota) in quota.iter().enumerate() {
                prop_assert_eq!(i64::try_from(label.iter().filter(|l| **l == cluster).count()).unwrap(), *quota);
            }
            let cost: i64 = label.iter().enumerate().map(|(row, l)| costs[3 * row + l]).sum();
            prop_assert_eq!(cost, by_trial(&costs, 3, &quota));
        }

        #[test]
        fn shares_keep_their_bounds(seed in any::<u64>(), ratio in 0.3_f64..1.0) {
            let mut rng = super::super::generator(seed, "test", 0);
            let x = Array2::from_shape_fn((400, 2), |_| rng.gen_range(-3.0..3.0));
            let of_row: Vec<usize> = (0..400).map(|row| {
                usize::from(x[[row, 0]] + rng.gen_range(-1.0..1.0) > 0.5)
            }).collect();
            let start = array![[-2.0, 0.0], [2.0, 0.0], [0.0, 2.0]];
            let all = groups(&of_row, 2);
            let found = fair(x.view(), start.view(), all, ratio, &Progress::silent()).unwrap();
            if found.out_of_reach.is_empty() {
                prop_assert!(balance(&found.labels, 3, all) >= ratio - 1e-6);
            }
        }
    }
}
