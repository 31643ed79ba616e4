//! From a matrix to the segment of each user: clusters or rules, bounds on groups, numbers that stay, and what makes each.

use std::collections::BTreeMap;

use super::by_rule;
use super::continuity;
use super::desk::Desk;
use super::explain;
use super::fairness::Attribute;
use super::geometry::Geometry;
use super::places::Places;
use crate::error::Result;
use crate::features::{Features, Matrix};
use crate::progress::Progress;
use crate::records::{Audit, FairBound, Run, Segment};
use crate::segments::{Clustering, Groups, cluster, cluster_evenly};
use crate::settings::{Even, RunSettings, Settings};
use crate::workspace::Workspace;

/// Users in segments.
pub struct Placed {
    /// Where each is, with what speaks for it.
    pub places: Places,
    /// Whether the segments were matched with those of the run before.
    pub goes_on: bool,
}

impl Placed {
    /// Puts users into segments as the settings say, under the numbers of the run before (`then`) where they go on, and
    /// keeps the geometry in the run's tables.
    ///
    /// # Errors
    /// Those of the clustering and of a rule file; [`crate::Error::Usage`] for a protected column that nobody kept.
    pub fn find(
        desk: &Desk,
        features: &Features,
        matrix: &Matrix,
        settings: &RunSettings,
        before: (&Workspace, Option<&Run>),
        machine: &Settings,
        progress: &Progress,
    ) -> Result<Self> {
        let attributes = Attributes::load(desk, &features.users, settings)?;
        let mut bound = None;
        let mut places = match &settings.rules {
            Some(file) => {
                let assigned = by_rule::assign(desk, features, file)?;
                Places::by_rules(matrix, &by_rule::header(file)?, &assigned)
            }
            None if matrix.rows.is_empty() => Places::by_clusters(features, matrix, None),
            None => {
                let found = clusters(&attributes, matrix, settings, progress)?;
                bound = found.1;
                Places::by_clusters(features, matrix, Some(found.0))
            }
        };
        let (geometry, numbers) = renumbered(&mut places, matrix, before, machine)?;
        geometry.store(desk)?;
        let bound = bound.map(|bound| under(&bound, &numbers));
        places.evidence.audits = attributes.audits(
            features,
            matrix,
            &places.segment,
            settings.min_support,
            bound,
        );
        Ok(Self {
            places,
            goes_on: !numbers.is_empty(),
        })
    }

    /// The segments, with the rules that make the clusters among them.
    ///
    /// # Errors
    /// Those of growing the rules.
    pub fn segments(
        &mut self,
        features: &Features,
        matrix: &Matrix,
        seed: u64,
    ) -> Result<Vec<Segment>> {
        let mut segments = self.places.segments();
        let fidelity = explain::rules(&mut segments, features, matrix, &self.places, seed)?;
        self.places.evidence.fidelity = fidelity;
        Ok(segments)
    }
}

/// What is audited of the users of a run.
struct Attributes {
    protected: Option<Attribute>,
    source: Option<Attribute>,
}

impl Attributes {
    fn load(desk: &Desk, users: &[i32], settings: &RunSettings) -> Result<Self> {
        let least = settings.min_support;
        let protected = settings.protect.as_deref();
        Ok(Self {
            protected: protected
                .map(|name| Attribute::protected(desk, name, users, least))
                .transpose()?,
            source: Attribute::source(desk, users, least)?,
        })
    }

    /// How their groups are spread over the segments.
    fn audits(
        &self,
        features: &Features,
        matrix: &Matrix,
        segment: &[u32],
        min_support: u64,
        bound: Option<FairBound>,
    ) -> Vec<Audit> {
        let protected = self.protected.as_ref().map(|attribute| Audit {
            bound,
            proxies: attribute.proxies(features, matrix),
            ..attribute.audit(segment, min_support)
        });
        let source = self.source.as_ref();
        let source = source.map(|source| source.audit(segment, min_support));
        protected.into_iter().chain(source).collect()
    }
}

/// The clusters of the active users, each protected group with its share where that is asked for; and the bound.
fn clusters(
    attributes: &Attributes,
    matrix: &Matrix,
    settings: &RunSettings,
    progress: &Progress,
) -> Result<(Clustering, Option<FairBound>)> {
    let x = matrix.values.view();
    let even = match settings.even {
        Some(Even::Source) => attributes.source.as_ref(),
        None => None,
    };
    let mut found = if let Some(even) = even {
        let of_row = even.of_rows(&matrix.rows);
        let groups = Groups {
            of_row: &of_row,
            count: even.count(),
        };
        cluster_evenly(x, Some(groups), settings, progress)?
    } else {
        cluster(x, settings, progress)?
    };
    let (Some(attribute), Some(ratio)) = (&attributes.protected, settings.fair_ratio) else {
        return Ok((found, None));
    };
    let bound = attribute.bind(&mut found, matrix, ratio, progress)?;
    Ok((found, Some(bound)))
}

/// Gives clusters that go on from the run before the numbers that they had; gives the geometry under the new numbers, and
/// the new number of each old one.
fn renumbered(
    places: &mut Places,
    matrix: &Matrix,
    (workspace, then): (&Workspace, Option<&Run>),
    settings: &Settings,
) -> Result<(Geometry, BTreeMap<u32, u32>)> {
    let own = Geometry::new(&matrix.scales, places.centroids.view());
    let then = then.filter(|run| workspace.layout().run(run.id).exists());
    let Some(then) = then.filter(|_| places.is_clusters()) else {
        return Ok((own, BTreeMap::new()));
    };
    let Some(before) = Geometry::load(&Desk::of_tables(workspace, then.id, settings)?)? else {
        return Ok((own, BTreeMap::new()));
    };
    let numbers = continuity::renumber(places, &own, then, &before);
    let geometry = Geometry::new(&matrix.scales, places.centroids.view());
    Ok((geometry, numbers))
}

/// A bound with segments under their new numbers.
fn under(bound: &FairBound, numbers: &BTreeMap<u32, u32>) -> FairBound {
    let new = |id: u32| numbers.get(&id).copied().unwrap_or(id);
    FairBound {
        out_of_reach: bound
            .out_of_reach
            .iter()
            .map(|(segment, group)| (new(*segment), *group))
            .collect(),
        ..bound.clone()
    }
}
