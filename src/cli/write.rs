//! `portray write`: a text beside the personas, checked as they are.

use clap::Subcommand;

use super::args::{Here, NarrateArgs};
use super::run_of;
use crate::error::Result;
use crate::narrate::codes::{Channel, Tone};
use crate::narrate::tasks::Order;
use crate::pipeline;
use crate::records::Sentence;
use crate::words::{Lang, clean};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// Number of the run (default: the newest)
    #[arg(long, value_name = "N", global = true)]
    run: Option<i64>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What sets a segment apart from another, in three sentences
    Compare {
        /// Number of the segment
        segment: u32,
        /// Number of the segment that it is compared with
        with: u32,
        #[command(flatten)]
        narrate: NarrateArgs,
    },
    /// A product for a segment, from the product's own fields
    Product {
        #[command(flatten)]
        about: About,
        /// How it sounds
        #[arg(long, value_enum, default_value_t)]
        tone: Tone,
        #[command(flatten)]
        narrate: NarrateArgs,
    },
    /// A marketing message about a product to a segment
    Message {
        #[command(flatten)]
        about: About,
        /// Where it is read
        #[arg(long, value_enum)]
        channel: Channel,
        /// How it sounds
        #[arg(long, value_enum, default_value_t)]
        tone: Tone,
        #[command(flatten)]
        narrate: NarrateArgs,
    },
    /// Why a product is recommended to a segment
    Reason {
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        narrate: NarrateArgs,
    },
}

#[derive(Debug, clap::Args)]
struct About {
    /// Number of the segment
    segment: u32,
    /// A product of the catalogue, by its code or its whole name
    #[arg(long, value_name = "PRODUCT")]
    product: String,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let run = run_of(here, args.run)?;
    let product =
        |about: &About| pipeline::product(&here.workspace, &about.product, &here.settings);
    let (order, narrate) = match &args.command {
        Command::Compare {
            segment,
            with,
            narrate,
        } => (Order::Compare(*segment, *with), narrate),
        Command::Product {
            about,
            tone,
            narrate,
        } => (
            Order::Describe(about.segment, product(about)?, *tone),
            narrate,
        ),
        Command::Message {
            about,
            channel,
            tone,
            narrate,
        } => {
            let product = product(about)?;
            (
                Order::Message(about.segment, product, *tone, *channel),
                narrate,
            )
        }
        Command::Reason { about, narrate } => {
            (Order::Reason(about.segment, product(about)?), narrate)
        }
    };
    let lang = here.settings.lang;
    let settings = narrate.settings(here.seed, lang);
    let text = pipeline::write(
        &here.workspace,
        &run,
        &order,
        &settings,
        here.settings.threads,
        &here.progress(),
    )?;
    let has_title = matches!(
        order,
        Order::Message(_, _, _, Channel::Mail | Channel::Push)
    );
    here.out.report(&text, || shown(&text, has_title, lang))
}

/// The sentences as a text; of a message with a subject or a title that stands on a line of its own.
fn shown(text: &[Sentence], has_title: bool, lang: Lang) -> String {
    let glue = if lang == Lang::En { " " } else { "" };
    let (title, body) = text.split_at(usize::from(has_title && text.len() > 1));
    let join = |part: &[Sentence]| {
        let texts: Vec<String> = part.iter().map(|one| clean(&one.text)).collect();
        texts.join(glue)
    };
    let title = join(title);
    let title = if title.is_empty() {
        title
    } else {
        format!("{}\n\n", title.trim_end_matches(['.', '。']))
    };
    format!("{title}{}\n", join(body))
}
