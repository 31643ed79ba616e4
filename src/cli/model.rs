//! `portray model`: the models at hand, what is in one, how good it is, and its weights in fewer bits.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use super::args::{Here, SampleArgs};
use super::text::table;
use crate::error::{Error, Result};
use crate::narrate::eval::{Figures, Who, measure};
use crate::narrate::likelihood::perplexity;
use crate::narrate::quantize::{Weights, quantize};
use crate::narrate::{Card, card, plans as narrate_plans};
use crate::pipeline::{every_run, fact_sheets};
use crate::records::Run;
use crate::words::{Lang, clean, number};

/// Seed of the first held-out shop. `--seed` is that of the texts: the shops stay those that nothing else uses.
const HELD_OUT: u64 = 900_000;

/// Seed of the first shop whose plans the narrator learns from.
const TAUGHT: u64 = 1000;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the built-in model and those in the workspace's folder `models`
    List,
    /// Say what a model is (default: the built-in one)
    Inspect {
        /// A GGUF file
        file: Option<PathBuf>,
    },
    /// Write narratives of made-up shops and count what the checker finds
    Eval {
        /// A GGUF file (default: the built-in model)
        file: Option<PathBuf>,
        /// Fact sheets in each language
        #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        sheets: u32,
        /// Shops to pass over first, to cut an evaluation into parts
        #[arg(long, value_name = "SHOPS", default_value_t = 0)]
        skip: u32,
        /// Count what one template for each fact would write in place of the model
        #[arg(long, conflicts_with = "file")]
        template: bool,
        /// Write the narratives to a file too, as JSON lines
        #[arg(long, value_name = "FILE")]
        texts: Option<PathBuf>,
        #[command(flatten)]
        sample: SampleArgs,
    },
    /// Say how likely texts are to a model that did not write them
    Perplexity {
        /// A GGUF file
        file: PathBuf,
        /// Files of texts, one a line
        #[arg(required = true)]
        texts: Vec<PathBuf>,
    },
    /// Print what the narratives of made-up shops, or of the workspace's runs, would tell: JSON lines to train on
    Plans {
        /// Fact sheets of made-up shops; 0: the runs of the workspace
        #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(0..=100_000))]
        sheets: u32,
        /// Plans of each fact sheet, which differ by their seed
        #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=1000))]
        each: u64,
    },
    /// Write a model with its weights in fewer bits
    Quantize {
        /// A GGUF file, best one in F16
        file: PathBuf,
        /// The form of the weights
        #[arg(long, value_enum)]
        to: Weights,
        /// The file to write (default: the form's name put before `.gguf`)
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    match &args.command {
        Command::List => list(here),
        Command::Inspect { file } => {
            let card = card(file.as_deref())?;
            here.out.report(&card, || describe(&card))
        }
        Command::Eval {
            file,
            sheets,
            skip,
            template,
            texts,
            sample,
        } => {
            let who = if *template { Who::Template } else { Who::Model };
            let progress = here.progress();
            let runs = fact_sheets(*sheets as usize, HELD_OUT, *skip, &here.settings, &progress)?;
            eval(&runs, who, file.as_deref(), texts.as_deref(), sample, here)
        }
        Command::Perplexity { file, texts } => perplexities(file, texts, here),
        Command::Plans { sheets, each } => plans(*sheets as usize, *each, here),
        Command::Quantize { file, to, out } => {
            let out = out.clone().unwrap_or_else(|| beside(file, *to));
            quantize(file, &out, *to, here.settings.threads)?;
            let card = card(Some(&out))?;
            here.out.report(&card, || describe(&card))
        }
    }
}

/// One narrative's facts: topic, direction and measure of each.
#[derive(Serialize)]
struct Plan {
    items: Vec<[&'static str; 3]>,
}

fn plans(sheets: usize, each: u64, here: &Here) -> Result<()> {
    let progress = here.progress();
    let runs = if sheets == 0 {
        every_run(&here.workspace)?
    } else {
        fact_sheets(sheets, TAUGHT, 0, &here.settings, &progress)?
    };
    let plans: Vec<Plan> = runs
        .iter()
        .flat_map(|run| (0..each).flat_map(|seed| narrate_plans(run, here.seed.wrapping_add(seed))))
        .map(|items| Plan { items })
        .collect();
    here.out.report(&plans, || {
        let line = |plan| serde_json::to_string(plan).unwrap_or_default() + "\n";
        plans.iter().map(line).collect()
    })
}

/// `models/small.gguf` in `q4_0` becomes `models/small-q4_0.gguf`.
fn beside(file: &Path, to: Weights) -> PathBuf {
    use clap::ValueEnum;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let form = to.to_possible_value();
    let form = form.as_ref().map_or("out", |value| value.get_name());
    file.with_file_name(format!("{stem}-{form}.gguf"))
}

#[derive(Serialize)]
struct Listed {
    path: String,
    says: String,
    ok: bool,
}

fn list(here: &Here) -> Result<()> {
    let mut files = vec![None];
    let folder = here.workspace.join("models");
    if let Ok(entries) = std::fs::read_dir(&folder) {
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "gguf"))
            .collect();
        found.sort();
        files.extend(found.into_iter().map(Some));
    }
    let listed: Vec<Listed> = files
        .iter()
        .map(|file| {
            let path = file
                .as_ref()
                .map_or("built in".to_owned(), |path| path.display().to_string());
            match card(file.as_deref()) {
                Ok(card) => Listed {
                    path,
                    says: summary(&card),
                    ok: true,
                },
                Err(error) => Listed {
                    path,
                    says: error.to_string(),
                    ok: false,
                },
            }
        })
        .collect();
    here.out.report(&listed, || {
        listed
            .iter()
            .map(|one| format!("{}\n    {}\n", clean(&one.path), clean(&one.says)))
            .collect()
    })
}

fn summary(card: &Card) -> String {
    let millions = number((card.parameters as f64 / 1e5).round() / 10.0);
    let codes = if card.speaks_portray {
        "knows Portray's control codes"
    } else {
        "writes sentence by sentence, without control codes"
    };
    format!(
        "{}, {millions} million parameters, {} bytes, {codes}",
        card.architecture, card.bytes
    )
}

fn describe(card: &Card) -> String {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let rows = [
        ("file", card.name.clone()),
        ("SHA-256", card.sha256.clone()),
        ("bytes", card.bytes.to_string()),
        ("architecture", card.architecture.clone()),
        ("parameters", card.parameters.to_string()),
        ("context", card.context_length.to_string()),
        ("vocabulary", card.vocabulary.to_string()),
        ("control codes", yes(card.speaks_portray).into()),
        ("chat template", yes(card.chat_template).into()),
    ];
    rows.iter()
        .map(|(what, says)| format!("{what:<14} {}\n", clean(says)))
        .collect()
}

/// A narrative as shown, for measures that need its words.
#[derive(Serialize)]
struct Text<'a> {
    lang: Lang,
    text: &'a str,
}

fn eval(
    runs: &[Run],
    who: Who,
    file: Option<&Path>,
    texts: Option<&Path>,
    sample: &SampleArgs,
    here: &Here,
) -> Result<()> {
    let progress = here.progress();
    let mut all = Vec::new();
    let mut lines = String::new();
    for lang in [Lang::En, Lang::Zh] {
        let settings = sample.settings(here.seed, lang, file.map(Path::to_owned));
        let keep = |run: &Run| {
            for narrative in run.segments.iter().filter_map(|s| s.narrative.as_ref()) {
                let text = &narrative.text;
                lines += &serde_json::to_string(&Text { lang, text }).unwrap_or_default();
                lines.push('\n');
            }
        };
        all.push(measure(
            runs,
            who,
            &settings,
            here.settings.threads,
            &progress,
            keep,
        )?);
    }
    if let Some(path) = texts {
        std::fs::write(path, lines).map_err(Error::io(path))?;
    }
    here.out.report(&all, || figures(&all))
}

#[derive(Serialize)]
struct Likelihood {
    file: PathBuf,
    texts: usize,
    perplexity: Option<f64>,
}

fn perplexities(model: &Path, files: &[PathBuf], here: &Here) -> Result<()> {
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(Error::io(file))?;
        let texts: Vec<String> = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(str::to_owned)
            .collect();
        let perplexity = perplexity(model, &texts, here.settings.threads, &here.progress())?;
        all.push(Likelihood {
            file: file.clone(),
            texts: texts.len(),
            perplexity,
        });
    }
    here.out.report(&all, || {
        let cell =
            |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1}"));
        let row = |one: &Likelihood| {
            [
                clean(&one.file.display().to_string()),
                one.texts.to_string(),
                cell(one.perplexity),
            ]
        };
        let rows: Vec<_> = all.iter().map(row).collect();
        table(&["file", "texts", "perplexity"].map(str::to_owned), &rows)
    })
}

fn figures(all: &[Figures]) -> String {
    let percent = |value: f64| format!("{:.1}%", 100.0 * value);
    let row = |what: &str, of: &dyn Fn(&Figures) -> String| {
        let cell = |at: usize| all.get(at).map_or_else(String::new, of);
        [what.to_owned(), cell(0), cell(1)]
    };
    let rows = [
        row("fact sheets", &|f| f.sheets.to_string()),
        row("sentences right, first sample", &|f| {
            percent(f.sentences_right)
        }),
        row("narratives right, first sample", &|f| {
            percent(f.first_right)
        }),
        row("headlines the model's own", &|f| percent(f.headlines)),
        row("sentences borne out as free text", &|f| {
            percent(f.borne_out)
        }),
        row("narratives all the model's own", &|f| percent(f.own)),
        row("five most telling facts told", &|f| percent(f.telling)),
        row("pairs of a run more than half alike", &|f| percent(f.alike)),
        row("words (zh: characters) a narrative", &|f| {
            format!("{:.0}", f.length)
        }),
    ];
    let head = ["figure", "en", "zh"].map(str::to_owned);
    table(&head, &rows)
}
