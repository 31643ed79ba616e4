//! Settings that any stage may read, checked once at the edge.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::words::Lang;

/// Limits of the machine and the taste of the caller, the same for a whole command.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Worker threads for DuckDB, k-means and the model; at least 1.
    pub threads: usize,
    /// DuckDB's memory limit, such as `4GB`; none: a fifth of what this process may take, up to 1 GB, or a tenth of it where
    /// that is more; while events are written or a run is made no more than going over all of them needs (40 bytes each, at
    /// least 235 MB).
    pub memory: Option<String>,
    /// Language of the texts.
    pub lang: Lang,
    /// How long to wait for another writer before giving up.
    pub wait: Duration,
    /// Who works here where logins are shared, for the audit log.
    pub operator: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            threads,
            memory: None,
            lang: Lang::of_locale(),
            wait: Duration::ZERO,
            operator: None,
        }
    }
}

/// How features are put on one scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// Mean 0, standard deviation 1.
    #[default]
    Standard,
    /// Median 0, interquartile range 1.35 (that of a standard normal distribution).
    Robust,
}

/// What is segmented: which id of an event says whose it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A person: the user, aliases and devices followed.
    #[default]
    User,
    /// A company, shop or merchant.
    Account,
    /// A browser or phone.
    Device,
    /// What `ingest --map unit=COLUMN` named.
    Unit,
}

impl Unit {
    /// The name in settings and SQL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Account => "account",
            Self::Device => "device",
            Self::Unit => "unit",
        }
    }
}

/// A SQL file that says which segment each user is in; kept whole, so that a run can be made again without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFile {
    /// The file's name.
    pub source: String,
    /// The file.
    pub sql: String,
}

/// What a run is made with; kept in its recipe, so that it can be made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    /// Seed of everything drawn.
    pub seed: u64,
    /// Number of clusters; none: chosen by silhouette from 2 to 12.
    pub k: Option<usize>,
    /// k-means++ restarts for each k.
    pub restarts: usize,
    /// Users with fewer events than this are the inactive group.
    pub min_events: u64,
    /// Facts about fewer users than this are suppressed.
    pub min_support: u64,
    /// How features are put on one scale.
    pub scaling: Scaling,
    /// What is segmented.
    #[serde(default)]
    pub unit: Unit,
    /// The column whose values are segmented, where `unit` is [`Unit::Unit`]; none: whichever was read as the unit.
    #[serde(default)]
    pub unit_column: Option<String>,
    /// The last day that counts; none: the day that the data ends on, stray future dates left out.
    #[serde(default)]
    pub as_of: Option<Date>,
    /// Days up to and with the last one that count; none: all.
    #[serde(default)]
    pub window_days: Option<u32>,
    /// The currency of all amounts; none: that of most sales, or that which the rates are in.
    #[serde(default)]
    pub currency: Option<String>,
    /// Segments by rule; none: clusters.
    #[serde(default)]
    pub rules: Option<RuleFile>,
    /// A column kept at ingest whose groups are audited; never a feature.
    #[serde(default)]
    pub protect: Option<String>,
    /// Each segment's share of each of these groups lies between this and its inverse times the share of all; none: no
    /// bound.
    #[serde(default)]
    pub fair_ratio: Option<f64>,
    /// What weighs the same in the fit however many users it has; none: users.
    #[serde(default)]
    pub even: Option<Even>,
    /// Nothing is told about fewer people than these, and counts are multiples of it; none where the workspace is not
    /// protected. The workspace sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k_min: Option<u64>,
}

/// Groups that weigh the same in the fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Even {
    /// The sources of events, each user by that of most of its own.
    Source,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            seed: 42,
            k: None,
            restarts: 8,
            min_events: 3,
            min_support: 10,
            scaling: Scaling::Standard,
            unit: Unit::User,
            unit_column: None,
            as_of: None,
            window_days: None,
            currency: None,
            rules: None,
            protect: None,
            fair_ratio: None,
            even: None,
            k_min: None,
        }
    }
}

/// How narratives are sampled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NarrateSettings {
    /// Seed of the sampler; each text has its own generator made of seed, segment and sentence.
    pub seed: u64,
    /// Versions of each segment's text; the best is shown, all are kept.
    pub samples: u32,
    /// Most samples of one sentence before the facts stand in for it.
    #[serde(default = "five")]
    pub tries: u32,
    /// Sampling temperature; 0 takes the likeliest token.
    pub temperature: f32,
    /// Most tokens of one sentence.
    pub max_tokens: usize,
    /// Language of the text.
    pub lang: Lang,
    /// A GGUF other than the shipped one.
    pub model: Option<PathBuf>,
}

fn five() -> u32 {
    5
}

impl Default for NarrateSettings {
    fn default() -> Self {
        Self {
            seed: 42,
            samples: 5,
            tries: five(),
            temperature: 0.7,
            max_tokens: 96,
            lang: Lang::En,
            model: None,
        }
    }
}
