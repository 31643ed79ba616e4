//! Arguments that several commands share, and what they mean once checked.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::bars::progress;
use super::out::Out;
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::events::{EventType, Field, MapOptions, ShopFile, Sources, TimeFormat};
use crate::pipeline;
use crate::progress::Progress;
use crate::settings::{Even, NarrateSettings, RuleFile, RunSettings, Scaling, Settings, Unit};
use crate::tui::{Asked, ColorChoice};
use crate::words::Lang;
use crate::workspace::{Deed, Workspace};

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
    /// Memory that the event store takes before it spills, such as 4GB (default: by the number of events, at most a fifth of what there is for this process, up to 1 GB, then a tenth)
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
    /// Stop after this long, such as 30m: exit code 6
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_duration)]
    pub timeout: Option<Duration>,
    /// Wait this long for another writer, such as 10m, before exit code 4
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_duration)]
    pub wait: Option<Duration>,
    /// Who works here where logins are shared: stands in the audit log
    #[arg(long, global = true, value_name = "NAME")]
    pub operator: Option<String>,
    /// Write how the command ended, as JSON, whether well or not
    #[arg(long, global = true, value_name = "FILE")]
    pub status: Option<PathBuf>,
    /// The job that this process does
    #[arg(long, global = true, hide = true, value_name = "JOB")]
    pub job: Option<u64>,
}

fn parse_duration(text: &str) -> std::result::Result<Duration, String> {
    text.parse::<jiff::SignedDuration>()
        .ok()
        .and_then(|time| time.try_into().ok())
        .ok_or_else(|| "a time such as 90s, 10m or 2h".into())
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
    /// Signals, time limit, status file.
    pub watch: Watch,
    /// How long the command may take, where somebody said so.
    pub timeout: Option<Duration>,
    color: Color,
    lang: Option<Lang>,
}

impl Here {
    /// Checks the options; `demo` takes a workspace of its own where none is named.
    pub fn new(globals: Globals, watch: Watch, demo: bool) -> Result<Self> {
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
            wait: globals.wait.unwrap_or(defaults.wait),
            operator: globals.operator,
        };
        let out = Out::new(globals.json, globals.quiet, globals.color);
        Ok(Self {
            workspace,
            settings,
            seed: globals.seed,
            out,
            watch,
            timeout: globals.timeout,
            color: globals.color,
            lang: globals.lang,
        })
    }

    /// Takes a job for this process, which leaves the terminal that started it.
    pub fn take_job(&self, id: u64) -> Result<()> {
        let job = Workspace::open(&self.workspace)?.job(Some(id))?;
        let running = job.hold()?;
        // In a session of its own no terminal's end reaches it; where it leads one already that is so.
        #[cfg(unix)]
        let _ = rustix::process::setsid();
        let process = std::process::id();
        // Whoever reads the process's number may stop it at once: from here on that ends it in good order.
        self.watch.over(Progress::silent(), self.timeout);
        job.update(|record| {
            record.process = Some(process);
            record.exit = None;
            record.error = None;
            record.ended_at = None;
        })?;
        self.watch.report_to(job, running);
        Ok(())
    }

    /// Says so where others than its owner can enter the workspace.
    pub fn warn_of_others(&self) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode =
                std::fs::metadata(&self.workspace).map_or(0, |data| data.permissions().mode());
            if mode & 0o077 != 0 {
                self.out.say(&format!(
                    "{}: others can enter the workspace (mode {:o}); `portray workspace close` shuts them out",
                    self.workspace.display(),
                    mode & 0o777
                ));
            }
        }
    }

    /// Adds a line to the audit log about data that leaves the workspace for the file `to`, before it does.
    pub fn record_leaving(&self, action: &str, run: Option<i64>, to: &Path) -> Result<()> {
        let deed = Deed {
            action,
            run,
            detail: serde_json::json!({ "to": to.display().to_string() }),
            ..Deed::default()
        };
        let workspace = Workspace::open(&self.workspace)?;
        if let Some(note) = workspace.record_or_say(deed, self.settings.operator.as_deref())? {
            self.out.say(&note);
        }
        Ok(())
    }

    /// A line to this command's standard error, under watch.
    pub fn progress(&self) -> Progress {
        let (told, watch) = (progress(self.out.is_quiet()), self.watch.clone());
        let job = Progress::new(move |update| {
            watch.hear(&update);
            told.tell(update);
        });
        self.watch.over(job.clone(), self.timeout);
        job
    }

    /// How the terminal UI is asked to be.
    pub fn tui_asked(&self) -> Asked {
        let color = match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Asked {
            lang: self.lang,
            color,
        }
    }
}

/// Files beside the events.
#[derive(Debug, Args)]
pub struct BesideArgs {
    /// Users who are others by now: a file with the columns old,new
    #[arg(long, value_name = "FILE")]
    aliases: Option<PathBuf>,
    /// Users who do not count (staff, test accounts): a file with the column user
    #[arg(long, value_name = "FILE")]
    exclude_users: Option<PathBuf>,
    /// What currencies are worth in the shop's own: a file with the columns date,currency,rate
    #[arg(long, value_name = "FILE")]
    rates: Option<PathBuf>,
    /// What the shop sells: a file with the columns product,name,brand,category,price,currency,stock,url and attributes
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// What users want: a file with the columns `user`, `consent_PURPOSE`, `opt_out_CHANNEL`, `signed_up`, and those of --keep
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,
}

impl BesideArgs {
    /// These files and event files.
    pub fn sources(&self, events: &[PathBuf]) -> Sources {
        Sources {
            events: events.to_vec(),
            aliases: self.aliases.clone(),
            excluded_users: self.exclude_users.clone(),
            rates: self.rates.clone(),
            catalog: self.catalog.clone(),
            users: self.users.clone(),
        }
    }
}

/// How files are read.
#[derive(Debug, Args)]
pub struct MapArgs {
    /// What a column means, as in `user=customer_id,time=ts` (a column is a name or a number from 1)
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',')]
    map: Vec<String>,
    /// What the shop's own names of events mean, as in `product_page=view,checkout_done=purchase`
    #[arg(long, value_name = "NAME=TYPE", value_delimiter = ',')]
    map_type: Vec<String>,
    /// How the shop's files are read, as `ingest --save-map` wrote it; what the command line says goes first
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Keep a column as an attribute of the user, for audits; never a feature
    #[arg(long, value_name = "COLUMN")]
    keep: Vec<String>,
    /// Mask what a regular expression finds in texts, besides e-mail addresses, phone numbers and their kin, as in
    /// `customer=KD-[0-9]{6}`; the name stands in the mark
    #[arg(long, value_name = "NAME=REGEX")]
    redact: Vec<String>,
    /// Take the columns of a known data set: uci-retail, retailrocket, rees46, taobao, shopify, ga4, generic
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// Time zone of the shop, such as Europe/London, for times that name their offset (default: UTC)
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Time zone in which hours and weekdays are counted (default: that of --zone)
    #[arg(long, value_name = "ZONE")]
    report_zone: Option<String>,
    /// Which comes first in dates such as 03/04/2026 (default: found from the whole column)
    #[arg(long, value_enum, value_name = "ORDER")]
    date_order: Option<DateOrder>,
    /// Encoding of text files, such as gb18030 or windows-1252 (default: found from the bytes)
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    encoding: Option<&'static Encoding>,
}

/// Which number of a date is the day.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DateOrder {
    /// 31/12/2026
    DayFirst,
    /// 12/31/2026
    MonthFirst,
}

fn parse_encoding(label: &str) -> std::result::Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes())
        .ok_or_else(|| "an encoding of the WHATWG's list, such as gb18030 or windows-1252".into())
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
        let mut types = Vec::new();
        for pair in &self.map_type {
            let known: Vec<_> = EventType::all().map(EventType::name).collect();
            let wrong = |why: String| {
                Error::usage(
                    format!("--map-type {pair}"),
                    why,
                    format!(
                        "write it as --map-type product_page=view (types: {})",
                        known.join(", ")
                    ),
                )
            };
            let (name, kind) = pair
                .rsplit_once('=')
                .ok_or_else(|| wrong("has no `=`".into()))?;
            let kind = EventType::named(kind.trim())
                .ok_or_else(|| wrong(format!("no type `{}`", kind.trim())))?;
            types.push((name.trim().to_owned(), kind));
        }
        let redact = self.redact.iter().map(|pair| {
            let (name, pattern) = pair.split_once('=').ok_or_else(|| {
                Error::usage(
                    format!("--redact {pair}"),
                    "has no `=`",
                    "write it as --redact 'customer=KD-[0-9]{6}'",
                )
            })?;
            Ok((name.trim().to_owned(), pattern.to_owned()))
        });
        let redact = redact.collect::<Result<_>>()?;
        let zone = |argument: &str, name: &Option<String>| {
            let found = name.as_deref().map(|name| {
                TimeZone::get(name).map_err(|_| {
                    Error::usage(
                        argument,
                        format!("no time zone `{name}`"),
                        "name one such as Asia/Shanghai",
                    )
                })
            });
            found.transpose()
        };
        let mut options = MapOptions {
            map,
            keep: self.keep.clone(),
            types,
            preset: self.preset.clone(),
            zone: zone("--zone", &self.zone)?,
            report_zone: zone("--report-zone", &self.report_zone)?,
            date_order: self.date_order.map(|order| match order {
                DateOrder::DayFirst => TimeFormat::DayFirst,
                DateOrder::MonthFirst => TimeFormat::MonthFirst,
            }),
            encoding: self.encoding,
            redact,
        };
        if let Some(path) = &self.config {
            ShopFile::load(path)?.add_to(&mut options, path)?;
        }
        Ok(options)
    }
}

/// How segments are made.
#[derive(Debug, Args)]
pub struct SegmentArgs {
    /// How users come into segments: `kmeans`, or `rules` with a file of your own (default: the RFM grid of
    /// `portray show rules`)
    #[arg(long, value_names = ["METHOD", "FILE.sql"], num_args = 1..=2, default_value = "kmeans")]
    method: Vec<String>,
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
    /// What is segmented: user, account (companies, merchants), device, or the column that `ingest --map unit=COLUMN` named
    #[arg(long, value_name = "UNIT|COLUMN", default_value = "user")]
    unit: String,
    /// The last day that counts, as in 2026-01-31 (default: the data's last)
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    as_of: Option<Date>,
    /// Days up to and with the last one that count, as in 365d (default: all)
    #[arg(long, value_name = "DAYS", value_parser = parse_days)]
    window: Option<u32>,
    /// A protected column (kept by `ingest --keep COLUMN` or a users file): never a feature, never told; how its groups are
    /// spread over the segments is audited
    #[arg(long, value_name = "COLUMN")]
    protect: Option<String>,
    /// Bound on each segment's share of each protected group: 0.8 is between 0.8 and 1.25 times its share of all
    #[arg(long, value_name = "RATIO", requires = "protect", value_parser = parse_ratio)]
    fair_ratio: Option<f64>,
    /// Let the groups of this weigh the same in the fit, however many users they have
    #[arg(long, value_enum, value_name = "WHAT")]
    balance: Option<Even>,
    /// The currency of all amounts, where there are several and rates (default: the one that has no rate)
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
}

/// A date of ISO 8601.
pub fn parse_date(text: &str) -> std::result::Result<Date, String> {
    text.parse().map_err(|_| "a date such as 2026-01-31".into())
}

fn parse_ratio(text: &str) -> std::result::Result<f64, String> {
    text.parse()
        .ok()
        .filter(|ratio: &f64| *ratio > 0.0 && *ratio <= 1.0)
        .ok_or_else(|| "a number above 0, at most 1".into())
}

fn parse_days(text: &str) -> std::result::Result<u32, String> {
    text.trim_end_matches('d')
        .parse()
        .ok()
        .filter(|days| (1..=36_500).contains(days))
        .ok_or_else(|| "a number of days such as 365d".into())
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
    ///
    /// # Errors
    /// [`Error::Usage`] for a method that is none, and those of reading a rule file.
    pub fn settings(&self, seed: u64) -> Result<RunSettings> {
        Ok(RunSettings {
            seed,
            k: self.k.0,
            restarts: self.restarts.into(),
            min_events: self.min_events,
            min_support: self.min_support,
            scaling: self.scaling,
            unit: self.unit().unwrap_or(Unit::Unit),
            unit_column: self.unit_column().map(str::to_owned),
            as_of: self.as_of,
            window_days: self.window,
            currency: self.currency.as_ref().map(|code| code.to_uppercase()),
            rules: self.rules()?,
            protect: self.protect.clone(),
            fair_ratio: self.fair_ratio,
            even: self.balance,
            // The workspace says.
            k_min: None,
        })
    }

    /// The protected column, which files must be read with.
    pub fn protect(&self) -> Option<&str> {
        self.protect.as_deref()
    }

    fn unit(&self) -> Option<Unit> {
        <Unit as ValueEnum>::from_str(&self.unit, true).ok()
    }

    /// The column that is segmented, where it is not one of the units that every shop has.
    pub fn unit_column(&self) -> Option<&str> {
        self.unit().is_none().then_some(self.unit.as_str())
    }

    fn rules(&self) -> Result<Option<RuleFile>> {
        let words: Vec<&str> = self.method.iter().map(String::as_str).collect();
        match words[..] {
            ["kmeans"] => Ok(None),
            ["rules"] => pipeline::rule_file(None).map(Some),
            ["rules", file] if Path::new(file).extension().is_some_and(|end| end == "sql") => {
                pipeline::rule_file(Some(Path::new(file))).map(Some)
            }
            _ => Err(Error::usage(
                format!("--method {}", words.join(" ")),
                "is neither `kmeans`, nor `rules`, nor `rules FILE.sql`",
                "name a rule file that ends with .sql, or none for the RFM grid",
            )),
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
