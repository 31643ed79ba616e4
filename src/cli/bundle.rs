//! `portray bundle` and `portray merge`: segments that travel, and events that come back.

use std::path::PathBuf;

use super::args::Here;
use crate::error::Result;
use crate::pipeline;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Write a run into one file: its feature SQL, scales, centroids, facts and texts; no user and no key is in it
    Export {
        /// The file, which must not exist
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Number of the run (default: the newest)
        #[arg(long, value_name = "N")]
        run: Option<i64>,
    },
    /// Publish the run of such a file in this workspace, for `portray assign`
    Import {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// Folder of the other workspace, which was made with the same key
    #[arg(value_name = "WORKSPACE")]
    other: PathBuf,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    match &args.what {
        What::Export { file, run } => {
            let header = pipeline::export_bundle(&here.workspace, *run, file, &here.settings)?;
            here.out.report(&header, || {
                format!(
                    "written to {}: {} bytes, sha256 {}\n",
                    file.display(),
                    header.bytes,
                    header.sha256
                )
            })
        }
        What::Import { file } => {
            let found = pipeline::import_bundle(&here.workspace, file, &here.settings)?;
            if !found.same_key {
                here.out.say(
                    "this workspace has another key than the bundle's: users get other pseudonyms here, and events can't \
                     be merged back (copy pseudonym.key before the first ingest to share it)",
                );
            }
            here.out.report(&found, || {
                let known = if found.is_known {
                    ", which was here already"
                } else {
                    ""
                };
                format!(
                    "run {}{known}; `portray assign --run {} FILE` uses it\n",
                    found.run, found.run
                )
            })
        }
    }
}

/// `portray merge`.
pub fn merge(args: &MergeArgs, here: &Here) -> Result<()> {
    let found = pipeline::merge(
        &here.workspace,
        &args.other,
        &here.settings,
        &here.progress(),
    )?;
    here.watch.counts(found.counts);
    here.out.report(&found, || {
        let counts = found.counts;
        format!(
            "{} rows there = {} new events + {} that were here already + {} newly quarantined; {} new lines of aliases, \
             consents and the like\n",
            counts.rows_read, counts.events, counts.duplicates, counts.quarantined, found.said
        )
    })
}
