//! What makes a cluster, in the words of a few features: a small decision tree that imitates the clustering.

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_trees::{DecisionTree, TreeNode};
use ndarray::{Array1, Array2};
use rayon::prelude::*;

use super::draw;
use crate::error::{Error, Result};

/// Questions that a rule asks at most.
const DEPTH: usize = 3;

/// Most rows that a tree is grown from.
const ROWS: usize = 20_000;

/// Rules told of each cluster.
const RULES: usize = 2;

/// A rule that catches less of its cluster than this says little about it.
const LEAST_COVER: f64 = 0.1;

/// Weight of a row of the cluster, beside 1 of another: a little more, so that no leaf is a tie, which linfa's trees break
/// by the order of a hash map.
const WEIGHT: f32 = 1.000_371;

/// A bound on one feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Column of the matrix.
    pub feature: usize,
    /// Whether values above the limit count; else those up to it.
    pub is_above: bool,
    /// In the matrix's units.
    pub limit: f64,
}

/// Bounds that hold together.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// One bound for each side of a feature.
    pub bounds: Vec<Bound>,
    /// The share of the cluster's rows that it holds for.
    pub cover: f64,
    /// The share of the cluster's rows among those that it holds for.
    pub precision: f64,
}

/// The trees that imitate a clustering.
#[derive(Debug, Clone, PartialEq)]
pub struct Surrogate {
    /// The rules of each cluster, the one with the largest cover first.
    pub rules: Vec<Vec<Rule>>,
    /// The share of rows for which the cluster whose tree is surest is their own.
    pub fidelity: f64,
}

/// Grows a tree of depth 3 for each cluster against all others (linfa-trees, Gini impurity; Breiman et al. 1984) from at
/// most 20,000 rows, drawn with `seed`, and reads rules off it. `value` gives a row's value in one of `features` columns, as
/// people know it, not scaled: a tree only asks which of two values is larger. So the whole matrix need not stand beside
/// the scaled one.
///
/// # Errors
/// [`Error::Failed`] where a value is no number.
pub fn surrogate(
    value: &(impl Fn(usize, usize) -> f64 + Sync),
    features: usize,
    labels: &[usize],
    clusters: usize,
    seed: u64,
) -> Result<Surrogate> {
    let rows = draw(seed, "tree", labels.len(), ROWS);
    let sample = Array2::from_shape_fn((rows.len(), features), |(at, feature)| {
        value(rows[at], feature)
    });
    let grown: Vec<Grown> = (0..clusters)
        .into_par_iter()
        .map(|cluster| {
            let is_own: Vec<bool> = rows.iter().map(|row| labels[*row] == cluster).collect();
            grow(&sample, &is_own)
        })
        .collect::<Result<_>>()?;
    let is_told = |row: usize, label: usize| {
        let surest = (0..clusters).rev().max_by(|a, b| {
            let sureness = |cluster: usize| grown[cluster].sureness(|feature| value(row, feature));
            sureness(*a).total_cmp(&sureness(*b))
        });
        surest == Some(label)
    };
    let told = labels
        .par_iter()
        .enumerate()
        .filter(|(row, label)| is_told(*row, **label))
        .count();
    Ok(Surrogate {
        rules: grown.into_iter().map(Grown::rules).collect(),
        fidelity: told as f64 / labels.len().max(1) as f64,
    })
}

/// The leaves of one tree, with what of the sample lies in each.
struct Grown {
    leaves: Vec<Leaf>,
    own: usize,
}

struct Leaf {
    bounds: Vec<Bound>,
    rows: usize,
    own: usize,
}

impl Leaf {
    fn holds(&self, value: impl Fn(usize) -> f64) -> bool {
        self.bounds
            .iter()
            .all(|bound| (value(bound.feature) > bound.limit) == bound.is_above)
    }

    fn precision(&self) -> f64 {
        self.own as f64 / self.rows.max(1) as f64
    }
}

impl Grown {
    /// The share of the cluster's rows in the leaf that a row falls into.
    fn sureness(&self, value: impl Fn(usize) -> f64) -> f64 {
        let leaf = self.leaves.iter().find(|leaf| leaf.holds(&value));
        leaf.map_or(0.0, Leaf::precision)
    }

    /// The leaves that are mostly the cluster's; where none is, the one that is most.
    fn rules(self) -> Vec<Rule> {
        let own = self.own.max(1) as f64;
        let mut leaves: Vec<Leaf> = self
            .leaves
            .into_iter()
            .filter(|leaf| !leaf.bounds.is_empty() && leaf.own as f64 >= LEAST_COVER * own)
            .collect();
        leaves.sort_by_key(|leaf| std::cmp::Reverse(leaf.own));
        if leaves.iter().any(|leaf| 2 * leaf.own >= leaf.rows) {
            leaves.retain(|leaf| 2 * leaf.own >= leaf.rows);
            leaves.truncate(RULES);
        } else {
            leaves.sort_by(|a, b| b.precision().total_cmp(&a.precision()));
            leaves.truncate(1);
        }
        leaves
            .into_iter()
            .map(|leaf| Rule {
                cover: leaf.own as f64 / own,
                precision: leaf.precision(),
                bounds: leaf.bounds,
            })
            .collect()
    }
}

fn grow(x: &Array2<f64>, is_own: &[bool]) -> Result<Grown> {
    let least = (x.nrows() as f32 / 200.0).clamp(1.0, 20.0);
    let weights = is_own.iter().map(|own| if *own { WEIGHT } else { 1.0 });
    let data = DatasetBase::new(x.view(), Array1::from_vec(is_own.to_vec()))
        .with_weights(weights.collect());
    let tree = DecisionTree::params()
        .max_depth(Some(DEPTH))
        .min_weight_leaf(least)
        .fit(&data)
        .map_err(|why| Error::failed("the rules of a segment", why, "report this"))?;
    let mut leaves = Vec::new();
    walk(tree.root_node(), &mut Vec::new(), &mut leaves);
    let mut grown = Grown {
        leaves: leaves
            .into_iter()
            .map(|bounds| Leaf {
                bounds,
                rows: 0,
                own: 0,
            })
            .collect(),
        own: is_own.iter().filter(|own| **own).count(),
    };
    for (row, own) in x.rows().into_iter().zip(is_own) {
        if let Some(leaf) = grown
            .leaves
            .iter_mut()
            .find(|leaf| leaf.holds(|feature| row[feature]))
        {
            leaf.rows += 1;
            leaf.own += usize::from(*own);
        }
    }
    Ok(grown)
}

/// The bounds of each leaf below a node.
fn walk(node: &TreeNode<f64, bool>, path: &mut Vec<Bound>, leaves: &mut Vec<Vec<Bound>>) {
    if node.is_leaf() {
        leaves.push(tightest(path));
        return;
    }
    let (feature, limit, _) = node.split();
    for (child, is_above) in node.children().into_iter().zip([false, true]) {
        if let Some(child) = child {
            path.push(Bound {
                feature,
                is_above,
                limit,
            });
            walk(child, path, leaves);
            path.pop();
        }
    }
}

/// The same bounds, each side of a feature once.
fn tightest(path: &[Bound]) -> Vec<Bound> {
    let mut kept: Vec<Bound> = Vec::new();
    for bound in path {
        let same =
            |other: &&mut Bound| other.feature == bound.feature && other.is_above == bound.is_above;
        if let Some(other) = kept.iter_mut().find(same) {
            other.limit = if bound.is_above {
                other.limit.max(bound.limit)
            } else {
                other.limit.min(bound.limit)
            };
        } else {
            kept.push(*bound);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use ndarray::ArrayView1;

    use super::*;

    fn surrogate(x: &Array2<f64>, labels: &[usize], clusters: usize) -> Surrogate {
        super::surrogate(
            &|row, feature| x[[row, feature]],
            x.ncols(),
            labels,
            clusters,
            1,
        )
        .unwrap()
    }

    #[test]
    fn planted_bounds_are_read_back() {
        // Cluster 1: the first feature above 0.42 and the second up to 31; the third says nothing.
        let x = Array2::from_shape_fn((4_000, 3), |(i, j)| {
            let noise = ((i * 7919 + j * 104_729 + i * j * 31) % 1009) as f64 / 1009.0;
            if j == 1 { 100.0 * noise } else { noise }
        });
        let is_one = |row: ArrayView1<'_, f64>| row[0] > 0.42 && row[1] <= 31.0;
        let labels: Vec<usize> = x
            .rows()
            .into_iter()
            .map(|row| usize::from(is_one(row)))
            .collect();
        let found = surrogate(&x, &labels, 2);
        assert!(found.fidelity > 0.99, "{found:?}");
        let rule = &found.rules[1][0];
        assert!(rule.cover > 0.99 && rule.precision > 0.99, "{rule:?}");
        assert_eq!(rule.bounds.len(), 2);
        let bound = |feature: usize| {
            rule.bounds
                .iter()
                .find(|bound| bound.feature == feature)
                .unwrap()
        };
        assert!(
            bound(0).is_above && (bound(0).limit - 0.42).abs() < 0.01,
            "{rule:?}"
        );
        assert!(
            !bound(1).is_above && (bound(1).limit - 31.0).abs() < 0.5,
            "{rule:?}"
        );
    }

    #[test]
    fn one_cluster_has_no_rule_and_all_of_it_is_right() {
        let x = Array2::from_shape_fn((50, 2), |(i, j)| (i * (j + 1)) as f64);
        let found = surrogate(&x, &[0; 50], 1);
        assert_eq!((found.rules, found.fidelity), (vec![vec![]], 1.0));
    }

    #[test]
    fn the_same_rules_come_again() {
        let x = Array2::from_shape_fn((600, 4), |(i, j)| ((i * 37 + j * 11 + i * j) % 23) as f64);
        let labels: Vec<usize> = (0..600).map(|i| i % 3).collect();
        let first = surrogate(&x, &labels, 3);
        for _ in 0..5 {
            assert_eq!(surrogate(&x, &labels, 3), first);
        }
    }
}
