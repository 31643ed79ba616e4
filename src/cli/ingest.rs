//! `portray ingest`.

use std::path::PathBuf;

use super::args::{BesideArgs, Here, MapArgs};
use crate::error::Result;
use crate::events::{IngestReport, Preview, preview};
use crate::pipeline;
use crate::words::{clean, number};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Event files: CSV, TSV, JSON lines or Parquet, plain, gz or zst; a pattern; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present_any = ["aliases", "exclude_users", "rates", "catalog", "users"])]
    files: Vec<PathBuf>,
    #[command(flatten)]
    beside: BesideArgs,
    #[command(flatten)]
    map: MapArgs,
    /// Show how the first rows would be read and what stays unmapped; nothing is written to the workspace
    #[arg(long)]
    dry_run: bool,
    /// Write how the first file is read into a file for --config, to be kept or changed
    #[arg(long, value_name = "FILE")]
    save_map: Option<PathBuf>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let options = args.map.options()?;
    let sources = args.beside.sources(&args.files);
    if args.dry_run || args.save_map.is_some() {
        let mut previews = preview(&sources, &options, &here.settings)?;
        if let Some(lacks) = previews.iter_mut().find_map(|one| one.lacks.take()) {
            return Err(lacks);
        }
        if let (Some(path), Some(first)) = (&args.save_map, previews.first()) {
            first.shop.save(path)?;
            here.out.say(&format!("written to {}", path.display()));
        }
        if args.dry_run {
            return here
                .out
                .report(&previews, || previews.iter().map(rows).collect());
        }
    }
    let report = pipeline::ingest(
        &here.workspace,
        &sources,
        &options,
        &here.settings,
        &here.progress(),
    )?;
    here.watch.counts(report.counts);
    here.out.report(&report, || text(&report))
}

/// A file's first rows as they would be read.
fn rows(preview: &Preview) -> String {
    let mut text = format!("{}: {}\n", clean(&preview.file), clean(&preview.decision));
    let list = |names: &[String]| {
        names
            .iter()
            .map(|name| clean(name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !preview.unmapped.is_empty() {
        text.push_str(&format!(
            "  unmapped columns: {}\n",
            list(&preview.unmapped)
        ));
    }
    if !preview.unknown_types.is_empty() {
        let names = preview
            .unknown_types
            .iter()
            .map(|(name, n)| format!("{name} ({n})"));
        let names: Vec<_> = names.collect();
        text.push_str(&format!(
            "  events read as `other`, unless --map-type NAME=TYPE says more: {}\n",
            list(&names)
        ));
    }
    text.push_str("  line  time                 type       ids             price       pieces  product or search\n");
    for row in &preview.rows {
        let line = row.line;
        if let Some(problem) = &row.problem {
            text.push_str(&format!("  {line:<5} quarantined: {}\n", clean(problem)));
            continue;
        }
        let figure = |value: Option<f64>| value.map(number).unwrap_or_default();
        let what = if row.product.is_empty() {
            &row.query
        } else {
            &row.product
        };
        let cells = format!(
            "  {line:<5} {:<20} {:<10} {:<15} {:<11} {:<7} {}",
            row.time,
            row.kind,
            row.ids.join(" "),
            figure(row.price),
            figure(row.quantity),
            clean(what)
        );
        text.push_str(&format!("{}\n", cells.trim_end()));
    }
    text
}

/// The counts in a few lines; they add up.
pub fn text(report: &IngestReport) -> String {
    let counts = report.counts;
    let mut text = format!(
        "{} rows read = {} events + {} duplicates + {} quarantined\n",
        counts.rows_read, counts.events, counts.duplicates, counts.quarantined
    );
    if report.without_user > 0 {
        text.push_str(&format!(
            "  without a user: {} rows, counted in the shop's totals and in no segment of users\n",
            report.without_user
        ));
    }
    for (taken, what) in [
        (report.taken.aliases, "users who are others"),
        (report.taken.excluded_users, "users who do not count"),
        (report.taken.rates, "rates"),
        (report.taken.products, "products of the catalogue"),
        (
            report.taken.users,
            "users with consent, opt-outs or a sign-up date",
        ),
    ] {
        if taken > 0 {
            text.push_str(&format!("  {taken} {what}\n"));
        }
    }
    for (reason, rows) in &report.reasons {
        let word = if *rows == 1 { "row" } else { "rows" };
        text.push_str(&format!("  quarantined: {rows} {word}, {reason}\n"));
    }
    if report.redactions.total() > 0 {
        let each = report.redactions.each().filter(|(_, count)| *count > 0);
        let each: Vec<_> = each
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        text.push_str(&format!("  masked in texts: {}\n", each.join(", ")));
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
