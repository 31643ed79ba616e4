//! Arguments that several commands share, and what they mean once checked.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use super::bars::progress;
use super::out::Out;
use crate::error::{Error, Result};
use crate::events::{Field, MapOptions};
use crate::progress::Progress;
use crate::settings::{NarrateSettings, RunSettings, Scaling, Settings};
use crate::tui::ColorChoice;
use crate::words::Lang;
use crate::workspace::Workspace;

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Where the terminal can and `NO_COLOR` does not say otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Globals {
    /// Folder of the workspace (default: in the user's data folder)
    #[arg(long, global = true, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// Worker threads (default: all cores)
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Memory limit of the event store, such as 4GB
    #[arg(long, global = true, value_name = "SIZE")]
    pub memory: Option<String>,
    /// Seed of everything drawn
    #[arg(long, global = true, value_name = "N", default_value_t = 42)]
    pub seed: u64,
    /// Language of the texts (default: the locale's)
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    /// Print JSON on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// Say nothing on standard error but errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

/// Where a command runs and how it talks.
pub struct Here {
    /// The workspace's folder.
    pub workspace: PathBuf,
    /// Limits and language.
    pub settings: Settings,
    /// Seed of everything drawn.
    pub seed: u64,
    /// Standard output and standard error.
    pub out: Out,
    color: Color,
}

impl Here {
    /// Checks the options; `demo` takes a workspace of its own where none is named.
    pub fn new(globals: Globals, demo: bool) -> Result<Self> {
        let workspace = match globals.workspace {
            Some(dir) => dir,
            None if demo => Workspace::default_dir()?.join("demo"),
            None => Workspace::default_dir()?.join("workspace"),
        };
        let defaults = Settings::default();
        let settings = Settings {
            threads: globals.threads.map_or(defaults.threads, usize::from),
            memory: globals.memory,
            lang: globals.lang.unwrap_or(defaults.lang),
        };
        let out = Out::new(globals.json, globals.quiet, globals.color);
        Ok(Self {
            workspace,
            settings,
            seed: globals.seed,
            out,
            color: globals.color,
        })
    }

    /// A line to this command's standard error.
    pub fn progress(&self) -> Progress {
        progress(self.out.is_quiet())
    }

    /// Colours of the terminal UI.
    pub fn tui_color(&self) -> ColorChoice {
        match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// How files are read.
#[derive(Debug, Args)]
pub struct MapArgs {
    /// What a column means, as in `user=customer_id,time=ts` (a column is a name or a number from 1)
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',')]
    map: Vec<String>,
    /// Keep a column as an attribute of the user, for audits; never a feature
    #[arg(long, value_name = "COLUMN")]
    keep: Vec<String>,
    /// Take the columns of a known data set: uci-retail, retailrocket, rees46, taobao, generic
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Time zone of the shop, such as Europe/London, for times that name their offset (default: UTC)
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
}

impl MapArgs {
    /// The checked options.
    pub fn options(&self) -> Result<MapOptions> {
        let mut map = Vec::new();
        for pair in &self.map {
            let wrong = |why: String| {
                Error::usage(
                    format!("--map {pair}"),
                    why,
                    "write it as --map user=customer_id",
                )
            };
            let (field, column) = pair
                .split_once('=')
                .ok_or_else(|| wrong("has no `=`".into()))?;
            let field: Field = field.trim().parse().map_err(wrong)?;
            map.push((field, column.trim().to_owned()));
        }
        let zone = self.zone.as_deref().map(|name| {
            TimeZone::get(name).map_err(|_| {
                Error::usage(
                    "--zone",
                    format!("no time zone `{name}`"),
                    "name one such as Asia/Shanghai",
                )
            })
        });
        Ok(MapOptions {
            map,
            keep: self.keep.clone(),
            preset: self.preset.clone(),
            zone: zone.transpose()?,
        })
    }
}

/// How segments are made.
#[derive(Debug, Args)]
pub struct SegmentArgs {
    /// Number of segments: a number, or `auto` for 2 to 12 by silhouette
    #[arg(long, value_name = "N", default_value = "auto", value_parser = parse_k)]
    k: K,
    /// Restarts of k-means for each k
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1000))]
    restarts: u16,
    /// Users with fewer events and no purchase are set apart as inactive
    #[arg(long, value_name = "N", default_value_t = 3)]
    min_events: u64,
    /// Facts about fewer users are not told
    #[arg(long, value_name = "N", default_value_t = 10)]
    min_support: u64,
    /// How features are put on one scale
    #[arg(long, value_enum, default_value_t = Scaling::Standard)]
    scaling: Scaling,
}

#[derive(Debug, Clone, Copy)]
struct K(Option<usize>);

fn parse_k(text: &str) -> std::result::Result<K, String> {
    match text {
        "auto" => Ok(K(None)),
        number => match number.parse() {
            Ok(k) if k >= 1 => Ok(K(Some(k))),
            _ => Err("a number from 1, or `auto`".into()),
        },
    }
}

impl SegmentArgs {
    /// The settings of a run with this seed.
    pub fn settings(&self, seed: u64) -> RunSettings {
        RunSettings {
            seed,
            k: self.k.0,
            restarts: self.restarts.into(),
            min_events: self.min_events,
            min_support: self.min_support,
            scaling: self.scaling,
        }
    }
}

/// How sentences are sampled.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// Versions of each segment's text: the best is shown, all are kept
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    samples: u32,
    /// Most samples of a sentence before the facts stand in for it
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    tries: u32,
    /// Sampling temperature; 0 takes the likeliest word
    #[arg(long, value_name = "T", default_value_t = 0.7, value_parser = parse_temperature)]
    temperature: f32,
    /// Most tokens of a sentence
    #[arg(long, value_name = "N", default_value_t = 96, value_parser = clap::value_parser!(u16).range(8..=1024))]
    max_tokens: u16,
}

/// How narratives are written.
#[derive(Debug, Args)]
pub struct NarrateArgs {
    #[command(flatten)]
    sample: SampleArgs,
    /// Another model, a GGUF file
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

fn parse_temperature(text: &str) -> std::result::Result<f32, String> {
    text.parse()
        .ok()
        .filter(|t: &f32| (0.0..=5.0).contains(t))
        .ok_or_else(|| "a number from 0 to 5".into())
}

impl SampleArgs {
    /// The settings with this seed, language and model (none: the built-in one).
    pub fn settings(&self, seed: u64, lang: Lang, model: Option<PathBuf>) -> NarrateSettings {
        NarrateSettings {
            seed,
            samples: self.samples,
            tries: self.tries,
            temperature: self.temperature,
            max_tokens: self.max_tokens.into(),
            lang,
            model,
        }
    }
}

impl NarrateArgs {
    /// The settings with this seed and language.
    pub fn settings(&self, seed: u64, lang: Lang) -> NarrateSettings {
        self.sample.settings(seed, lang, self.model.clone())
    }
}
