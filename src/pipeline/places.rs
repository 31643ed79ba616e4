//! Where each user went: clusters, rules, or set apart.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2};

use super::by_rule::Rules;
use crate::features::{Features, Matrix};
use crate::records::{Candidate, Evidence, Segment, SegmentKind, Standing};
use crate::segments::{Clustering, Softness, centroids, squared_to_own};
use crate::words::Both;

/// The segment of each user, in the order of the features, and what the segments are.
pub struct Places {
    /// Numbers from 1.
    pub segment: Vec<u32>,
    /// Euclidean distance to the own centroid; none where the geometry does not know the user.
    pub distance: Vec<Option<f64>>,
    /// A row a segment, of those that have users in the matrix; `NaN` for one that has none.
    pub centroids: Array2<f64>,
    /// Clusters found, or rules that fit somebody.
    pub k: usize,
    /// Sum of the squared distances.
    pub inertia: f64,
    /// Of the clusters.
    pub silhouette: Option<f64>,
    /// Values of k that were tried.
    pub candidates: Vec<Candidate>,
    /// What speaks for them.
    pub evidence: Evidence,
    /// How distances become probabilities of membership; none where there are none.
    pub softness: Option<Softness>,
    /// How often refits find each cluster again.
    recovery: Vec<Option<f64>>,
    /// Kind and name of each segment that users may be in; the name of a cluster comes later.
    kinds: Vec<(SegmentKind, Both)>,
}

impl Places {
    /// Clusters by number, then the inactive group.
    pub fn by_clusters(features: &Features, matrix: &Matrix, found: Option<Clustering>) -> Self {
        let k = found.as_ref().map_or(0, |found| found.k);
        let mut kinds = vec![(SegmentKind::Cluster, Both::default()); k];
        kinds.push((SegmentKind::Inactive, Both::default()));
        let mut places = Self {
            segment: vec![k as u32 + 1; features.users.len()],
            distance: vec![None; features.users.len()],
            centroids: Array2::zeros((0, 0)),
            k,
            inertia: 0.0,
            silhouette: None,
            candidates: Vec::new(),
            evidence: Evidence::default(),
            softness: None,
            recovery: Vec::new(),
            kinds,
        };
        if let Some(found) = found {
            for (at, row) in matrix.rows.iter().enumerate() {
                places.segment[*row] = found.assignment[at] as u32 + 1;
                places.distance[*row] = Some(found.distance[at]);
            }
            places.centroids = found.centroids;
            places.inertia = found.inertia;
            places.silhouette = found.silhouette;
            places.candidates = found.candidates;
            places.evidence.recommendation = found.recommendation;
            places.evidence.membership = found.membership;
            places.softness = found.softness;
            places.recovery = found.recovery;
        }
        places
    }

    /// Segments in the order of the rules, then those whom no rule fits.
    pub fn by_rules(matrix: &Matrix, rules: &Rules, assigned: &[Option<u32>]) -> Self {
        let rest = rules.names.len() as u32 + 1;
        let segment: Vec<u32> = assigned.iter().map(|one| one.unwrap_or(rest)).collect();
        let of_rows: Vec<usize> = matrix
            .rows
            .iter()
            .map(|row| segment[*row] as usize - 1)
            .collect();
        let x: ArrayView2<'_, f64> = matrix.values.view();
        let centroids = centroids(x, &of_rows, rest as usize);
        let squared = squared_to_own(x, &of_rows, centroids.view());
        let inertia = squared.iter().sum();
        let mut distance = vec![None; segment.len()];
        for (row, squared) in matrix.rows.iter().zip(squared) {
            distance[*row] = Some(squared.sqrt());
        }
        let mut kinds: Vec<_> = rules
            .names
            .iter()
            .map(|name| (SegmentKind::Rule, name.clone()))
            .collect();
        let k = (1..rest).filter(|id| segment.contains(id)).count();
        kinds.push((
            SegmentKind::Unmatched,
            Both::new("No rule fits", "不符合任何规则"),
        ));
        Self {
            segment,
            distance,
            centroids,
            k,
            inertia,
            silhouette: None,
            candidates: Vec::new(),
            evidence: Evidence::default(),
            softness: None,
            recovery: Vec::new(),
            kinds,
        }
    }

    /// Whether they are clusters, and not rules.
    pub fn is_clusters(&self) -> bool {
        self.kinds
            .iter()
            .any(|(kind, _)| *kind == SegmentKind::Cluster)
    }

    /// The number of the group that is set apart, where somebody is in it.
    pub fn apart(&self) -> Option<u32> {
        let at = self
            .kinds
            .iter()
            .position(|(kind, _)| *kind == SegmentKind::Inactive)?;
        let id = at as u32 + 1;
        self.segment.contains(&id).then_some(id)
    }

    /// Gives segments other numbers, each its own; those that `numbers` does not name have nobody in them.
    pub fn renumber(&mut self, numbers: &BTreeMap<u32, u32>) {
        let most = numbers.values().copied().max().unwrap_or(0) as usize;
        let mut kinds = vec![(SegmentKind::Cluster, Both::default()); most];
        let mut centroids = Array2::from_elem((most, self.centroids.ncols()), f64::NAN);
        let mut recovery = vec![None; most];
        for (old, new) in numbers {
            let (old, new) = (*old as usize - 1, *new as usize - 1);
            kinds[new] = self.kinds[old].clone();
            recovery[new] = self.recovery.get(old).copied().flatten();
            if old < self.centroids.nrows() {
                centroids.row_mut(new).assign(&self.centroids.row(old));
            }
        }
        for segment in &mut self.segment {
            *segment = numbers.get(segment).copied().unwrap_or(*segment);
        }
        (self.kinds, self.centroids, self.recovery) = (kinds, centroids, recovery);
    }

    /// The segments that have users, without facts yet.
    pub fn segments(&self) -> Vec<Segment> {
        let mut counts = vec![0_u64; self.kinds.len()];
        for segment in &self.segment {
            counts[*segment as usize - 1] += 1;
        }
        (1..)
            .zip(self.kinds.iter().zip(counts))
            .filter(|(_, (_, users))| *users > 0)
            .map(|(id, ((kind, name), users))| Segment {
                id,
                kind: *kind,
                name: name.clone(),
                users,
                share: users as f64 / self.segment.len() as f64,
                nearest: None,
                previous: None,
                withheld: Vec::new(),
                given_name: None,
                tags: Vec::new(),
                note: None,
                charts: crate::records::Charts::default(),
                standing: Standing {
                    recovery: self.recovery.get(id as usize - 1).copied().flatten(),
                    rules: Vec::new(),
                },
                facts: Vec::new(),
                narrative: None,
            })
            .collect()
    }

    /// Names of segments that a rule made and nobody is in, in English.
    pub fn empty(&self) -> Vec<&str> {
        (1..)
            .zip(&self.kinds)
            .filter(|(id, (kind, _))| *kind == SegmentKind::Rule && !self.segment.contains(id))
            .map(|(_, (_, name))| name.en.as_str())
            .collect()
    }
}
