//! `portray recommend`.

use std::path::PathBuf;

use super::args::{Here, NarrateArgs};
use super::people::who;
use super::text::table;
use super::{run_of, segment_of};
use crate::error::{Error, Result};
use crate::explore::Who;
use crate::export::Lists;
use crate::pipeline::{self, Evaluation, Recommender, Wish};
use crate::records::{RecommendedProduct, Run};
use crate::words::{Lang, clean, clip};

#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(group(clap::ArgGroup::new("whom").required(true)))]
pub struct Args {
    /// For the users of this segment: what stands on the lists of most
    #[arg(long, value_name = "N", group = "whom")]
    segment: Option<u32>,
    /// For the user of this pseudonym
    #[arg(long, value_name = "PSEUDONYM", group = "whom")]
    user: Option<String>,
    /// For the user whose own id stands on standard input; it is kept nowhere
    #[arg(long, group = "whom")]
    id: bool,
    /// For all users, into the file of --out
    #[arg(long, group = "whom", requires = "out")]
    all: bool,
    /// Hold the last weeks out and tell how well lists made before foretell them
    #[arg(long, group = "whom")]
    evaluate: bool,
    /// Length of a list
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    top: u16,
    /// How much a product loses that is like one already on the list: 0 not at all, 1 everything
    #[arg(long, value_name = "D", default_value_t = 0.0, value_parser = parse_part)]
    diversity: f32,
    /// Products that nobody is recommended: a file of codes, one a line
    #[arg(long, value_name = "FILE")]
    without: Option<PathBuf>,
    /// The file that --all writes: its ending says .csv or .parquet
    #[arg(long, value_name = "FILE", requires = "all")]
    out: Option<PathBuf>,
    /// The folder that --evaluate writes its split and lists into, for other programs
    #[arg(long, value_name = "DIR", requires = "evaluate")]
    split: Option<PathBuf>,
    /// Let the narrator write the reasons of --segment, where the segment's facts bear them out
    #[arg(long, requires = "segment")]
    write: bool,
    #[command(flatten)]
    narrate: NarrateArgs,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
}

fn parse_part(text: &str) -> std::result::Result<f32, String> {
    text.parse()
        .ok()
        .filter(|part: &f32| (0.0..=1.0).contains(part))
        .ok_or_else(|| "a number from 0 to 1".into())
}

impl Args {
    fn wish(&self) -> Result<Wish> {
        let without = match &self.without {
            Some(path) => std::fs::read_to_string(path).map_err(Error::io(path))?,
            None => String::new(),
        };
        let lines = without
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        Ok(Wish {
            top: self.top.into(),
            diversity: self.diversity,
            without: lines.map(str::to_owned).collect(),
        })
    }
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let progress = here.progress();
    let lang = here.settings.lang;
    if args.evaluate {
        let folder = args.split.as_deref();
        let found = pipeline::evaluate(&here.workspace, &run, folder, &here.settings, &progress)?;
        return here.out.report(&found, || judged(&found));
    }
    let asked = match (&args.user, args.id) {
        (Some(name), _) => Some(Who::Pseudonym(name.clone())),
        (None, true) => Some(who(here)?),
        (None, false) => None,
    };
    if let Some(segment) = args.segment {
        segment_of(&run, segment)?;
    }
    let recommender = Recommender::open(
        &here.workspace,
        &run,
        &args.wish()?,
        &here.settings,
        &progress,
    )?;
    for note in &recommender.notes {
        here.out.say(note);
    }
    if let Some(path) = &args.out {
        here.record_leaving("recommend", Some(run.id), path)?;
        let mut lists = Lists::begin(path, lang)?;
        let mut users = 0;
        recommender.all(&progress, |batch| {
            users += batch.len();
            lists.add(batch)
        })?;
        lists.finish()?;
        here.out
            .say(&format!("{users} users in {}", path.display()));
        return Ok(());
    }
    if let Some(asked) = asked {
        let name = pipeline::pseudonym(&here.workspace, &run, &asked)?;
        // What was asked for is not repeated: it may be an id.
        let list = recommender.user(&name).ok_or_else(|| {
            Error::usage(
                "the user",
                format!(
                    "run {} knows nobody of that name who had to do with a product",
                    run.id
                ),
                "`portray show users` lists pseudonyms; the shop's own id is read by --id",
            )
        })?;
        return here.out.report(&list, || {
            products(list.products.iter().map(|one| (one, None)), lang)
        });
    }
    let mut found = recommender.segment(args.segment.unwrap_or_default())?;
    if args.write {
        let told = pipeline::reasons(
            &here.workspace,
            &run,
            &found,
            &args.narrate.settings(here.seed, lang),
            &here.settings,
            &progress,
        )?;
        for (reach, text) in found.products.iter_mut().zip(told) {
            reach.sentence = text;
        }
    }
    here.out.report(&found, || {
        let rows = found
            .products
            .iter()
            .map(|reach| (&reach.product, Some(reach)));
        head(&run, found.segment, found.members, lang) + &products(rows, lang)
    })
}

fn head(run: &Run, segment: u32, members: u64, lang: Lang) -> String {
    let title = run.segments.iter().find(|one| one.id == segment);
    let title = title
        .map(|one| clean(&one.marked_title(lang)))
        .unwrap_or_default();
    match lang {
        Lang::En => {
            format!("segment {segment} {title}: what stands on the lists of {members} members\n\n")
        }
        Lang::Zh => format!("分群 {segment} {title}：{members} 位成员的推荐汇总\n\n"),
    }
}

fn products<'a>(
    rows: impl Iterator<Item = (&'a RecommendedProduct, Option<&'a crate::records::Reach>)>,
    lang: Lang,
) -> String {
    let heads = match lang {
        Lang::En => ["", "product", "name", "on lists", "because"],
        Lang::Zh => ["", "商品", "名称", "上榜率", "理由"],
    };
    let rows: Vec<[String; 5]> = rows
        .map(|(one, reach)| {
            let written = reach.and_then(|reach| reach.sentence.clone());
            [
                one.rank.to_string(),
                clip(&clean(&one.product), 20),
                clip(&clean(one.name.as_deref().unwrap_or_default()), 40),
                reach
                    .map(|reach| format!("{:.0}%", reach.reach))
                    .unwrap_or_default(),
                clean(&written.unwrap_or_else(|| one.reason.say(lang))),
            ]
        })
        .collect();
    table(&heads.map(str::to_owned), &rows)
}

fn judged(found: &Evaluation) -> String {
    let what = if found.purchases {
        "purchases"
    } else {
        "views"
    };
    let row = |name: &str, quality: &crate::recommend::Quality| {
        [
            name.to_owned(),
            format!("{:.4}", quality.recall),
            format!("{:.4}", quality.ndcg),
            format!("{:.4}", quality.mrr),
        ]
    };
    let heads = ["lists", "recall@10", "NDCG@10", "MRR"].map(str::to_owned);
    format!(
        "{what} of {} known users in the last {:.2} days, held out\n{}\n\n{}\ncoverage {:.1}% of the products\n",
        found.ours.users,
        found.days,
        found.note,
        table(
            &heads,
            &[row("Portray", &found.ours), row("popular", &found.popular)]
        ),
        100.0 * found.coverage
    )
}
