//! What a run leaves behind: the plain data that the catalog keeps, the screens show and the exports write.

use serde::{Deserialize, Serialize};

use crate::progress::Seconds;
use crate::words::{Both, Lang, Unit, number};

mod campaign;
mod charts;
mod comparison;
mod evidence;
mod fairness;
mod outlook;
mod recommendation;
mod suppress;

pub use crate::words::Value;
pub use campaign::{
    Action, Arm, Cap, Effect, Ground, Message, Outcome, Plan, Uplift, Writer, percent,
};
pub use charts::{Charts, PriceBand};
pub use comparison::{Comparison, DRIFTED, Drift, Move, SHIFTED, Shift};
pub use evidence::{
    Bound, Candidate, Change, Continuity, Control, Evidence, Membership, Recommendation, Rule,
    Standing, Structure,
};
pub use fairness::{Audit, AuditRow, FOUR_FIFTHS, FairBound, Group, Proxy};
pub use outlook::{Expected, Held, Outlook, Parameters, SegmentOutlook, UserOutlook};
pub use recommendation::{Reach, Reason, Recommended, RecommendedProduct, UserList};
pub use suppress::multiple;

/// One finished segmentation with everything that was learned from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Number in the workspace, from 1.
    pub id: i64,
    /// When it was published, RFC 3339 in UTC.
    pub created_at: String,
    /// Seed of everything drawn.
    pub seed: u64,
    /// Number of k-means clusters (the inactive group not counted), or of rules that fit somebody.
    pub k: usize,
    /// Users of the run, in clusters and in the inactive group.
    pub users: u64,
    /// Mean silhouette of a seeded sample, -1 to 1; none where there is one cluster.
    pub silhouette: Option<f64>,
    /// Sum of squared distances to the own centroid, in standardised units.
    pub inertia: f64,
    /// ISO 4217 code of the money facts, where the data names one.
    pub currency: Option<String>,
    /// What went into the event store up to this run.
    pub input: Input,
    /// From all sales to those that the segments count; none in runs of older versions.
    #[serde(default)]
    pub reconciliation: Option<Reconciliation>,
    /// Tried values of k, smallest first.
    pub candidates: Vec<Candidate>,
    /// What speaks for the segments, and what against them; empty in runs of older versions.
    #[serde(default)]
    pub evidence: Evidence,
    /// What the segments are where rules made them, as in "RFM grid"; none for clusters.
    #[serde(default)]
    pub rules: Option<Both>,
    /// Retention by month of the first purchase, the oldest first.
    #[serde(default)]
    pub cohorts: Vec<Cohort>,
    /// The share, in per cent, of the shop's events in each hour of the week from Monday 0:00; 0 also where it is too
    /// few users' to be told. Empty where the data has no hours, and in runs of older versions.
    #[serde(default)]
    pub week: Vec<f64>,
    /// What was left out or decided, one line each (families without events, dropped columns…).
    pub notes: Vec<String>,
    /// Settings that replay needs, and the hashes of the SQL and model files used.
    pub recipe: serde_json::Value,
    /// How long each stage took when the run was made; kept for people, replay does not compare it.
    #[serde(default)]
    pub seconds: Seconds,
    /// The segments by id: clusters by size, the inactive group last.
    pub segments: Vec<Segment>,
}

/// Counts of the rows behind a run; `rows_read = events + duplicates + quarantined`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Data rows seen in the files.
    pub rows_read: u64,
    /// Rows that became events.
    pub events: u64,
    /// Rows equal in all source columns to one read before.
    pub duplicates: u64,
    /// Rows kept aside with a reason.
    pub quarantined: u64,
}

/// From all that was sold to what the segments count, in the run's currency:
/// `gross - tax_and_shipping - discounts - returns - excluded - unattributed = net`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// The first day that counts.
    pub first_day: String,
    /// The last day that counts: what recency counts from.
    pub last_day: String,
    /// Purchases and renewals at their full price.
    pub gross: f64,
    /// Contained in totals, where columns tell it.
    pub tax_and_shipping: f64,
    /// Taken off prices, and lines booked as a discount.
    pub discounts: f64,
    /// What went back, as far as it bears on sales that count here.
    pub returns: f64,
    /// Net amount of the rows that a rule left out.
    pub excluded: f64,
    /// Net amount of the rows that nobody of those who are segmented stands behind.
    pub unattributed: f64,
    /// What the segments' revenue adds up to.
    pub net: f64,
    /// Lines sent back by those who are segmented.
    pub returned_lines: u64,
    /// Of these, lines that no purchase was found for.
    pub unmatched_returns: u64,
    /// Their amount; it is part of `returns` all the same.
    pub unmatched_amount: f64,
    /// Rows that are events and count for no segment, by reason.
    pub left_out: Vec<LeftOut>,
}

impl Reconciliation {
    /// The sum line by line, as people read it: what is taken off is negative.
    #[must_use]
    pub fn steps(&self) -> [(Both, f64); 7] {
        [
            (
                Both::new("Gross: purchases and renewals", "总额：购买与续费"),
                self.gross,
            ),
            (
                Both::new("less tax and shipping", "减 税与运费"),
                -self.tax_and_shipping,
            ),
            (Both::new("less discounts", "减 折扣"), -self.discounts),
            (Both::new("less returns", "减 退货"), -self.returns),
            (
                Both::new("less rows left out by rules", "减 按规则排除的行"),
                -self.excluded,
            ),
            (
                Both::new("less rows that are nobody's", "减 无归属的行"),
                -self.unattributed,
            ),
            (
                Both::new("Net: the segments' revenue", "净额：各分群销售额之和"),
                self.net,
            ),
        ]
    }
}

/// Rows that stay events but count for no segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Name of the rule (its file is `exclude/NAME.sql`), `unattributed`, or `period`.
    pub reason: String,
    /// For people.
    pub title: Both,
    /// How many.
    pub rows: u64,
    /// What they would have brought, net.
    pub amount: f64,
}

/// Users who first bought in the same month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// As in `2026-03`.
    pub month: String,
    /// How many.
    pub users: u64,
    /// How many of them bought again one month later, two months later…, as far as the data has whole months; none
    /// where they are too few to be told.
    pub again: Vec<Option<u64>>,
}

impl Cohort {
    /// The share, in per cent, that bought again so many months (from 1) after; none where it is not known or not told.
    #[must_use]
    pub fn retention(&self, months: usize) -> Option<f64> {
        let again = *self.again.get(months.checked_sub(1)?)?;
        again.map(|again| 100.0 * again as f64 / self.users.max(1) as f64)
    }

    /// The cells of a table for people: the month, the users, then the retention of each of so many months; a dash where
    /// it is not told, nothing where the data has not come so far.
    #[must_use]
    pub fn cells(&self, months: usize) -> Vec<String> {
        let mut cells = vec![self.month.clone(), number(self.users as f64)];
        cells.extend((1..=months).map(|month| match self.retention(month) {
            Some(share) => format!("{share:.1}%"),
            None if month <= self.again.len() => "–".to_owned(),
            None => String::new(),
        }));
        cells
    }
}

/// Months of a cohort table that has at most `most` of them.
#[must_use]
pub fn cohort_months(cohorts: &[Cohort], most: usize) -> usize {
    let longest = cohorts.iter().map(|cohort| cohort.again.len()).max();
    longest.unwrap_or(0).min(most)
}

/// Where a segment comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// A k-means cluster.
    Cluster,
    /// Users under the minimum activity, set apart.
    Inactive,
    /// Users whom a rule names.
    Rule,
    /// Users whom no rule fits.
    Unmatched,
}

/// A group of users and its portrait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Number in the run, from 1: clusters by falling size, then the inactive group; or the rules in their order, of
    /// which some may fit nobody, then those whom none fits.
    pub id: u32,
    /// Where it comes from.
    pub kind: SegmentKind,
    /// Short name by the program, distinct in the run.
    pub name: Both,
    /// The name that a person gave it; shown in place of the program's.
    #[serde(default)]
    pub given_name: Option<String>,
    /// Words that a person sorts it by, each once, in order.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What a person noted about it.
    #[serde(default)]
    pub note: Option<String>,
    /// How many users.
    pub users: u64,
    /// Users as a fraction of the run's, 0 to 1.
    pub share: f64,
    /// The segment whose centroid is nearest; none for the inactive group and where there is one cluster.
    #[serde(default)]
    pub nearest: Option<u32>,
    /// The segment of the run before that most of its users make up, where at least a third of both are the same.
    #[serde(default)]
    pub previous: Option<u32>,
    /// Ids of facts that are not told because over a quarter of the figure comes from one user.
    #[serde(default)]
    pub withheld: Vec<String>,
    /// Figures that are drawn and not told; empty in runs of older versions.
    #[serde(default)]
    pub charts: Charts,
    /// What speaks for it.
    #[serde(default)]
    pub standing: Standing,
    /// What is known about them, the most telling first within each family.
    pub facts: Vec<Fact>,
    /// The text, where one was written.
    pub narrative: Option<Narrative>,
}

impl Segment {
    /// What people call it: the name that one of them gave it, else the program's.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        self.given_name.as_deref().unwrap_or(self.name.get(lang))
    }

    /// The same with a word where the segment is weak: for lists that have no room for the reason.
    #[must_use]
    pub fn marked_title(&self, lang: Lang) -> String {
        format!("{}{}", self.title(lang), self.standing.mark(lang))
    }
}

/// One thing known about a segment, with the shop's own figure beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Stable name, such as `basket.aov.median`, `category.1`, `category.1.lift`.
    pub id: String,
    /// What it is, for people.
    pub label: Both,
    /// The segment's value, rounded to three digits that count and at most two decimals; shares are percentages
    /// (10.7, not 0.107).
    pub value: Value,
    /// Unit of `value` and `population`.
    pub unit: Unit,
    /// The same for all users of the run, where that means something.
    pub population: Option<Value>,
    /// Standardised difference (segment mean - population mean) / population standard deviation,
    /// on the transformed and winsorised feature; for lifts, log2 of the lift.
    pub difference: Option<f64>,
    /// The same for all users of the run who are not in the segment.
    #[serde(default)]
    pub others: Option<Value>,
    /// The same for the segment whose centroid is nearest.
    #[serde(default)]
    pub nearest: Option<Value>,
    /// The same for what the segment was in the run before.
    #[serde(default)]
    pub before: Option<Value>,
    /// Users behind the value.
    pub support: u64,
    /// The narrator's topic (a name in `models/codes.toml`), where the fact can lead a sentence; a
    /// name on the list of sensitive words (`privacy/sensitive.txt`) leads none.
    pub topic: Option<String>,
    /// The SQL file that it came from, such as `features/basket.sql`.
    pub source: String,
}

impl Fact {
    /// The plain ratio of the segment's figure to the shop's; none where either is no number or zero.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        let (own, shop) = (self.value.number()?, self.population.as_ref()?.number()?);
        (own != 0.0 && shop != 0.0).then(|| own / shop)
    }
}

/// Where a narrative's words come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NarrativeStatus {
    /// Every sentence was written by the model and passed the checker.
    Checked,
    /// At least one sentence is the facts in plain words, because no sample passed.
    FactsOnly,
    /// A person edited it.
    Edited,
}

/// A segment's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Narrative {
    /// Language of the text.
    pub lang: Lang,
    /// The text shown.
    pub text: String,
    /// Who stands for it.
    pub status: NarrativeStatus,
    /// Sentences sampled, resamples included.
    pub samples: u32,
    /// Each sentence with the facts that support it.
    pub sentences: Vec<Sentence>,
    /// One line that sums the segment up; never part of `text`.
    #[serde(default)]
    pub headline: Option<Sentence>,
    /// What could be tried, by a named rule; never part of `text`.
    #[serde(default)]
    pub suggestion: Option<Suggestion>,
    /// All versions written, the best first; a text edited by hand is none of them.
    #[serde(default)]
    pub versions: Vec<Version>,
    /// Whether a person stands by it: nothing replaces it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_accepted: bool,
}

impl Narrative {
    /// Whether a person wrote it, stands by it, or chose it before the best version.
    #[must_use]
    pub fn is_a_persons(&self) -> bool {
        let best = self.versions.first();
        self.status == NarrativeStatus::Edited
            || self.is_accepted
            || best.is_some_and(|best| best.sentences != self.sentences)
    }

    /// The sentences that the facts do not bear out.
    pub fn doubts(&self) -> impl Iterator<Item = &Sentence> {
        let is_doubt = |sentence: &&Sentence| sentence.verdict == Verdict::Unsupported;
        self.sentences.iter().filter(is_doubt)
    }
}

/// One version of a segment's text, with what speaks for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Number from 1, in the order written.
    pub number: u32,
    /// Each sentence with the facts that support it.
    pub sentences: Vec<Sentence>,
    /// What it is ranked by.
    pub score: Score,
}

/// What a version is ranked by: the sum of its parts, each a fraction from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Sentences by the model, of all.
    pub own: f64,
    /// The segment's five most telling topics that it tells.
    pub telling: f64,
    /// Sentences for each sample drawn: 1 where all passed the checker at the first try.
    pub first_try: f64,
}

impl Score {
    /// The sum: higher is better.
    #[must_use]
    pub fn total(self) -> f64 {
        self.own + self.telling + self.first_try
    }
}

/// What could be tried for a segment: the words of a rule with figures out of the facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Name of the rule in `models/suggestions.toml`, such as `WINBACK-1`.
    pub rule: String,
    /// The text, without the mark that it is a suggestion.
    pub text: String,
    /// Ids of the facts that it tells.
    pub facts: Vec<String>,
}

impl Suggestion {
    /// The text marked as a suggestion, with the rule that it comes from.
    #[must_use]
    pub fn marked(&self, lang: Lang) -> String {
        match lang {
            Lang::En => format!("Suggestion ({}): {}", self.rule, self.text),
            Lang::Zh => format!("建议（规则{}）：{}", self.rule, self.text),
        }
    }
}

/// One sentence of a narrative in the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// As shown.
    pub text: String,
    /// Ids of the facts that it tells.
    pub facts: Vec<String>,
    /// Whether the model wrote it (false: the facts in plain words, or a person).
    pub by_model: bool,
    /// Whether the facts bear it out.
    #[serde(default)]
    pub verdict: Verdict,
    /// Where they do not: what speaks against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
}

/// Whether a sentence is borne out by facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// By the facts named beside it.
    #[default]
    Supported,
    /// It says something that they do not.
    Unsupported,
    /// It says nothing that a fact could bear out.
    NoClaim,
}
