//! Whether segments treat groups of users alike.

use serde::{Deserialize, Serialize};

use crate::words::{Both, Lang, number};

/// A rate that is less than four fifths of that of others, or more than five fourths, is looked at (the four-fifths rule of
/// the Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D, 1978).
pub const FOUR_FIFTHS: f64 = 0.8;

/// The groups of one attribute in all segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// The attribute: a protected column, or `source`.
    pub attribute: String,
    /// Its groups, the largest first.
    pub groups: Vec<Group>,
    /// Each group in each segment; such with too few users are left out.
    pub rows: Vec<AuditRow>,
    /// How even the shares are, 0 to 1: the least of share in a segment / share of all and its inverse.
    pub balance: f64,
    /// What a bound on the shares did; none where there was none.
    #[serde(default)]
    pub bound: Option<FairBound>,
    /// Features that tell the attribute, the one that tells most first.
    #[serde(default)]
    pub proxies: Vec<Proxy>,
}

/// Users who share a value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The value; none for users of whom it is not known.
    pub name: Option<String>,
    /// How many of them are in segments.
    pub users: u64,
}

/// One group in one segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRow {
    /// The segment.
    pub segment: u32,
    /// The group's place among the audit's.
    pub group: usize,
    /// Users of the group in the segment.
    pub users: u64,
    /// Their share of the segment, 0 to 1.
    pub share: f64,
    /// The group's share of all users.
    pub expected: f64,
    /// Disparate impact ratio: the rate at which the group's users are in the segment / that of all other users.
    pub ratio: f64,
    /// Its 95% confidence interval (Katz et al., "Obtaining confidence intervals for the risk ratio in cohort studies",
    /// Biometrics 34, 1978).
    pub interval: (f64, f64),
    /// Whether the ratio is beyond four fifths, or its inverse, and the interval leaves 1 out.
    pub is_flagged: bool,
}

/// What a bound on every segment's share of each group did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FairBound {
    /// Shares were to lie between this and its inverse times the share of all.
    pub ratio: f64,
    /// Balance without the bound.
    pub balance_before: f64,
    /// Balance with it, over the groups that are bound.
    pub balance_after: f64,
    /// The price: inertia with the bound / without it.
    pub price: f64,
    /// Users who are in another segment because of it.
    pub moved: u64,
    /// Segments and groups whose bounds are not kept, because no whole numbers of users keep all bounds with segments of
    /// these sizes.
    pub out_of_reach: Vec<(u32, usize)>,
}

/// A feature that tells an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proxy {
    /// The feature, as in `basket.aov`.
    pub feature: String,
    /// What it is, for people.
    pub label: Both,
    /// How well it tells the group that it tells best: |2 AUC - 1|, 0 for not at all, 1 for always.
    pub strength: f64,
    /// That group's place among the audit's.
    pub group: usize,
}

impl Audit {
    /// What a group is called; the attribute of some users is not known.
    #[must_use]
    pub fn group_name(&self, group: usize, lang: Lang) -> &str {
        let name = self
            .groups
            .get(group)
            .and_then(|group| group.name.as_deref());
        name.unwrap_or(match lang {
            Lang::En => "not known",
            Lang::Zh => "未知",
        })
    }

    /// The heads of a table for people, of [`Self::cells`].
    #[must_use]
    pub fn heads(lang: Lang) -> [&'static str; 7] {
        match lang {
            Lang::En => [
                "group",
                "users",
                "share",
                "of all",
                "ratio",
                "95% interval",
                "",
            ],
            Lang::Zh => ["组", "用户数", "占比", "总体占比", "比率", "95% 区间", ""],
        }
    }

    /// The cells of a row: group, figures, and whether it is flagged. The group's name is as the data holds it.
    #[must_use]
    pub fn cells(&self, row: &AuditRow, lang: Lang) -> [String; 7] {
        let flag = match (row.is_flagged, lang) {
            (true, Lang::En) => "beyond four fifths",
            (true, Lang::Zh) => "超出五分之四",
            (false, _) => "",
        };
        [
            self.group_name(row.group, lang).to_owned(),
            number(row.users as f64),
            format!("{:.1}%", 100.0 * row.share),
            format!("{:.1}%", 100.0 * row.expected),
            format!("{:.2}", row.ratio),
            format!("{:.2} – {:.2}", row.interval.0, row.interval.1),
            flag.to_owned(),
        ]
    }

    /// Segments of which some group has far more or less than its share.
    #[must_use]
    pub fn flagged(&self) -> Vec<u32> {
        let mut found: Vec<u32> = self
            .rows
            .iter()
            .filter(|row| row.is_flagged)
            .map(|row| row.segment)
            .collect();
        found.dedup();
        found
    }

    /// Whether the bound is kept, for people; none where there was none.
    #[must_use]
    pub fn verdict(&self) -> Option<Both> {
        let bound = self.bound.as_ref()?;
        let (ratio, inverse) = (bound.ratio, 1.0 / bound.ratio);
        let figures = (
            bound.balance_before,
            bound.balance_after,
            bound.price,
            bound.moved,
        );
        let (before, after, price, moved) = figures;
        let mut text = Both::new(
            format!(
                "Bound on {}: {ratio:.2} to {inverse:.2} times the share of all. Balance {before:.3} before, {after:.3} \
                 after; {moved} users moved; the inertia is {price:.3} times that without the bound.",
                self.attribute
            ),
            format!(
                "对 {} 的约束：占比为总体的 {ratio:.2} 至 {inverse:.2} 倍。均衡度由 {before:.3} 变为 {after:.3}；移动 {moved} \
                 位用户；惯量为无约束时的 {price:.3} 倍。",
                self.attribute
            ),
        );
        if bound.out_of_reach.is_empty() {
            text.en += " It is kept everywhere.";
            text.zh += "所有分群均满足。";
        } else {
            let count = bound.out_of_reach.len();
            text.en += &format!(
                " It is missed in {count} cases: with segments of these sizes no whole numbers of users keep all bounds."
            );
            text.zh += &format!(
                "有 {count} 处未能满足：在这些分群规模下，没有整数人数能同时满足所有界限。"
            );
        }
        Some(text)
    }
}
