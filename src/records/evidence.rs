//! What speaks for a run's segments, and what against them.

use serde::{Deserialize, Serialize};

use super::Audit;
use crate::words::{Both, Lang, Unit, Value, round_to_tell, show};

/// One value of k that was tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Number of clusters.
    pub k: usize,
    /// Mean silhouette, -1 to 1; none for k = 1.
    pub silhouette: Option<f64>,
    /// Half the width of its 95% interval; 0 where all users were measured.
    #[serde(default)]
    pub silhouette_margin: f64,
    /// Sum of squared distances to the own centroid over all users.
    pub inertia: f64,
    /// The index of Davies and Bouldin (1979): lower is better.
    #[serde(default)]
    pub davies_bouldin: Option<f64>,
    /// The index of Caliński and Harabasz (1974): higher is better.
    #[serde(default)]
    pub calinski_harabasz: Option<f64>,
    /// Mean adjusted Rand index with refits to bootstrap draws, 1 where the same clusters always come out again.
    #[serde(default)]
    pub stability: Option<f64>,
    /// The same figures of users whose features were shuffled; none in runs of older versions.
    #[serde(default)]
    pub control: Option<Control>,
}

/// The figures of a partition of users with no structure: each feature shuffled on its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// Mean silhouette.
    pub silhouette: Option<f64>,
    /// Sum of squared distances, scaled to as many users as the run has.
    pub inertia: f64,
    /// Index of Davies and Bouldin.
    pub davies_bouldin: Option<f64>,
    /// Index of Caliński and Harabasz, scaled likewise.
    pub calinski_harabasz: Option<f64>,
    /// Mean adjusted Rand index with refits.
    pub stability: Option<f64>,
}

/// Whether the users fall into groups at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Structure {
    /// Some number of clusters is clearly better on the data than on shuffled data, and comes out again.
    Stable,
    /// Clearly better, but other draws of the same users give other clusters.
    Unstable,
    /// No better than on shuffled data: the users are a continuum, and segments of them a convenience.
    None,
}

/// Which number of clusters is recommended, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The number; 1 where there is no structure.
    pub k: usize,
    /// Whether the users fall into groups at all, at the number that the run has.
    pub structure: Structure,
    /// In words.
    pub reason: Both,
    /// Users that the silhouettes were measured on.
    pub silhouette_users: u64,
    /// Users that the refits and the shuffled control were drawn from.
    pub bootstrap_users: u64,
    /// Refits for each number of clusters.
    pub refits: u32,
}

/// How surely users belong to their segment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    /// What squared distances are divided by before the softmax.
    #[serde(default)]
    pub scale: f64,
    /// The same as a multiple of twice the clusters' variance in one feature.
    pub temperature: f64,
    /// Mean gap between the probability of the likeliest segment and how often refits agreed, in ten classes.
    pub calibration_error: f64,
    /// The objective J = Σ w d² with each user wholly in the nearest segment.
    pub hard_objective: f64,
    /// The same with the probabilities as weights.
    pub soft_objective: f64,
    /// Users whose likeliest segment has a probability under 60%.
    pub between: u64,
}

/// All that speaks for the segments of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The choice of k; none for rules and in runs of older versions.
    #[serde(default)]
    pub recommendation: Option<Recommendation>,
    /// How surely users belong to their segment; none for a single one.
    #[serde(default)]
    pub membership: Option<Membership>,
    /// The share of users whose segment the rules of all segments tell, 0 to 1; none where there are no rules.
    #[serde(default)]
    pub fidelity: Option<f64>,
    /// What became of the segments of the run before; none where there was none to compare with.
    #[serde(default)]
    pub continuity: Option<Continuity>,
    /// How groups of users are spread over the segments: of the protected attribute, and of where events came from.
    #[serde(default)]
    pub audits: Vec<Audit>,
}

impl Evidence {
    /// What is to be said before these segments are taken at their word; none where they are stable.
    #[must_use]
    pub fn caution(&self) -> Option<&Both> {
        let recommendation = self.recommendation.as_ref()?;
        (recommendation.structure != Structure::Stable).then_some(&recommendation.reason)
    }
}

/// What speaks for one segment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// How often refits find it again: their mean largest Jaccard index, 0 to 1; none for segments that are no clusters.
    #[serde(default)]
    pub recovery: Option<f64>,
    /// What makes the segment, in bounds on a few features, the rule that catches most of it first.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// Bounds that together hold for most users of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The bounds.
    pub bounds: Vec<Bound>,
    /// The share of the segment's users that they hold for.
    pub cover: f64,
    /// The share of the segment's users among those that they hold for.
    pub precision: f64,
}

/// A bound on one feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The feature, as in `basket.aov`.
    pub feature: String,
    /// What it is, for people.
    pub label: Both,
    /// Its unit.
    pub unit: Unit,
    /// Whether values above the limit count; else those up to it.
    pub is_above: bool,
    /// The limit.
    pub limit: f64,
}

impl Rule {
    /// In words, with what it catches.
    #[must_use]
    pub fn text(&self, currency: Option<&str>, lang: Lang) -> String {
        let bounds: Vec<String> = self
            .bounds
            .iter()
            .map(|bound| {
                let sign = if bound.is_above { ">" } else { "≤" };
                let limit = Value::Number(round_to_tell(bound.limit));
                let limit = show(&limit, bound.unit, currency, lang);
                format!("{} {sign} {limit}", bound.label.get(lang))
            })
            .collect();
        let (cover, precision) = (100.0 * self.cover, 100.0 * self.precision);
        match lang {
            Lang::En => format!(
                "{} (holds for {cover:.0}% of the segment; {precision:.0}% of those that it holds for are in it)",
                bounds.join(" and ")
            ),
            Lang::Zh => format!(
                "{}（覆盖本群 {cover:.0}%；符合者中 {precision:.0}% 属于本群）",
                bounds.join(" 且 ")
            ),
        }
    }
}

/// What became of the segments of the run before: numbers stay with the groups that they named.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Continuity {
    /// Segments that go on under their number.
    pub kept: Vec<u32>,
    /// Segments that were not there before.
    pub born: Vec<Change>,
    /// Segments of the run before that are no more, by their number in it.
    pub gone: Vec<Change>,
}

/// A segment that came or went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its number.
    pub segment: u32,
    /// Its name in its run.
    pub name: Both,
    /// The segment that most of its users were in before, or are in now: it was split off, or merged.
    pub other: Option<u32>,
}

impl Continuity {
    /// A line for each change; nothing where all segments go on.
    #[must_use]
    pub fn lines(&self) -> Vec<Both> {
        let born = self.born.iter().map(|one| {
            let (id, name) = (one.segment, &one.name);
            match one.other {
                Some(from) => Both::new(
                    format!(
                        "New: segment {id} ({}), split off from segment {from}.",
                        name.en
                    ),
                    format!("新增：第 {id} 群（{}），由第 {from} 群分出。", name.zh),
                ),
                None => Both::new(
                    format!("New: segment {id} ({}).", name.en),
                    format!("新增：第 {id} 群（{}）。", name.zh),
                ),
            }
        });
        let gone = self.gone.iter().map(|one| {
            let (id, name) = (one.segment, &one.name);
            match one.other {
                Some(into) => Both::new(
                    format!(
                        "Gone: segment {id} of the run before ({}), merged into segment {into}.",
                        name.en
                    ),
                    format!("消失：上次的第 {id} 群（{}），并入第 {into} 群。", name.zh),
                ),
                None => Both::new(
                    format!("Gone: segment {id} of the run before ({}).", name.en),
                    format!("消失：上次的第 {id} 群（{}）。", name.zh),
                ),
            }
        });
        born.chain(gone).collect()
    }
}

impl Standing {
    /// A cluster that refits find again less than this is weak (Hennig 2007).
    pub const WEAK: f64 = 0.6;

    /// Whether other draws of the same users would hardly show it.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.recovery.is_some_and(|recovery| recovery < Self::WEAK)
    }

    /// A word for lists that have no room for more; nothing where it is sound.
    #[must_use]
    pub fn mark(&self, lang: Lang) -> &'static str {
        match (self.is_weak(), lang) {
            (false, _) => "",
            (true, Lang::En) => " (weak)",
            (true, Lang::Zh) => "（不稳固）",
        }
    }

    /// In words, where it is weak.
    #[must_use]
    pub fn weakness(&self) -> Option<Both> {
        let recovery = self.recovery.filter(|_| self.is_weak())?;
        Some(Both::new(
            format!(
                "Weak: other draws of the same users find it again by {recovery:.2} only (Jaccard; {:.1} is sound).",
                Self::WEAK
            ),
            format!(
                "不稳固：换一批抽样只能以 {recovery:.2} 重现（Jaccard；{:.1} 以上为稳固）。",
                Self::WEAK
            ),
        ))
    }
}
