//! `portray ingest`.

use std::path::PathBuf;

use super::args::{Here, MapArgs};
use crate::error::Result;
use crate::events::IngestReport;
use crate::pipeline;
use crate::words::clean;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Event files: CSV, TSV, JSON lines or Parquet, plain, gz or zst; a pattern; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    map: MapArgs,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let options = args.map.options()?;
    let report = pipeline::ingest(
        &here.workspace,
        &args.files,
        &options,
        &here.settings,
        &here.progress(),
    )?;
    here.out.report(&report, || text(&report))
}

/// The counts in a few lines; they add up.
pub fn text(report: &IngestReport) -> String {
    let counts = report.counts;
    let mut text = format!(
        "{} rows read = {} events + {} duplicates + {} quarantined\n",
        counts.rows_read, counts.events, counts.duplicates, counts.quarantined
    );
    for (reason, rows) in &report.reasons {
        text.push_str(&format!("  quarantined: {rows} rows, {reason}\n"));
    }
    if report.redactions.total() > 0 {
        let masked = report.redactions;
        text.push_str(&format!(
            "  masked in search texts: {} e-mail addresses, {} phone numbers, {} card numbers\n",
            masked.emails, masked.phones, masked.cards
        ));
    }
    if !report.unknown_types.is_empty() {
        let names: Vec<_> = report
            .unknown_types
            .iter()
            .map(|(name, n)| format!("{} ({n})", clean(name)))
            .collect();
        text.push_str(&format!("  read as `other`: {}\n", names.join(", ")));
    }
    text
}
