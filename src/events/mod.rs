//! From files to events: open, map the columns, mask, load, quarantine. No raw user id is kept.

mod amount;
mod answer;
mod batch;
mod beside;
mod columns;
mod delimited;
mod dictionary;
mod field;
mod json_lines;
mod kind;
mod load;
mod mapping;
mod meanings;
mod merge;
mod names;
mod open;
mod orders;
mod parquet;
mod parser;
mod preset;
mod preview;
mod reading;
mod row;
mod row_hash;
mod shop_file;
mod side;
mod stage;
mod staged;
mod status;
mod texts;
mod time;
mod workbook;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::{Error, Result};
use crate::privacy::Redactions;
use crate::progress::{Progress, Stage as Step};
use crate::records::Input;
use crate::settings::Settings;
use crate::words::clip;
use crate::workspace::{Key, NextGeneration, Workspace, duck};

pub use field::Field;
pub(crate) use field::normalised;
pub use kind::EventType;
pub use mapping::MapOptions;
pub use merge::{Merged, merge as merge_workspace};
pub use preset::PRESETS;
pub use preview::{Preview, PreviewRow, preview};
pub use shop_file::ShopFile;
pub(crate) use side::Table;
pub use side::{Sources, Taken};
pub use stage::pseudonym_of;
pub use time::TimeFormat;

use mapping::Mapping;
use row::{Row, Rows};
use stage::Stage;

/// Rows looked at before the mapping of a file is decided.
const SAMPLE: usize = 500;

/// What an ingest did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IngestReport {
    /// The counts; `rows_read = events + duplicates + quarantined`.
    pub counts: Input,
    /// For each file what it was taken for, in one line.
    pub decisions: Vec<String>,
    /// Why rows were quarantined, with counts, the most frequent first.
    pub reasons: Vec<(String, u64)>,
    /// Events without a user's id, duplicates among them: nobody's, or their device's or company's.
    pub without_user: u64,
    /// What the files beside the events said.
    pub taken: Taken,
    /// What was masked in texts.
    pub redactions: Redactions,
    /// Names of event types that were read as `other`, with counts.
    pub unknown_types: Vec<(String, u64)>,
}

/// Reads files into a new generation of the event store.
///
/// All files together are one transaction: on any error the workspace stays as it was.
///
/// # Errors
/// [`Error::Rejected`] where no row is usable, [`Error::Busy`] where another process is ingesting.
pub fn ingest(
    workspace: &Workspace,
    key: &Key,
    sources: &Sources,
    options: &MapOptions,
    settings: &Settings,
    progress: &Progress,
) -> Result<IngestReport> {
    progress.stage(Step::Ingest, None);
    let files = open::expand(&sources.events)?;
    let next = NextGeneration::begin(workspace, key, settings)?;
    let mut report = IngestReport::default();
    let barred = barred(workspace)?;
    let mut stage = Stage::begin(&next, key, &barred)?;
    let mut presets = Vec::new();
    let mut unit_column = None;
    let temp = workspace.layout().temp();
    let of_users = side::kept_of_users(sources, &temp, options, settings)?;
    let mut of_events = options.clone();
    of_events.keep.retain(|column| !of_users.contains(column));
    for (number, file) in (0_i32..).zip(&files) {
        let options = &of_events;
        let name = open::name_of(file);
        let (mut rows, encoding) = open::open(file, &temp, options.encoding, settings)?;
        let (sample, mut mapping) = decide(&name, rows.as_mut(), options)?;
        if mapping.leaves_date_order_open(&sample, options) {
            mapping.time_format = date_order(file, &name, &mapping, &temp, options, settings)?;
        }
        let decision = format!(
            "{name}: {}, {encoding} ({})",
            mapping.preset.name,
            mapping.describe(rows.columns())
        );
        progress.note(decision.clone());
        report.decisions.push(decision);
        unit_column = mapping
            .column(Field::Unit)
            .and_then(|column| rows.columns().get(column).cloned())
            .or(unit_column);
        presets.push(mapping.preset.name);
        load::load(
            &mut stage,
            (number, &name),
            sample,
            rows.as_mut(),
            &mapping,
            settings.threads,
            progress,
        )?;
    }
    report.taken = side::stage(sources, &mut stage, &temp, options, settings)?;
    report.without_user = stage.without_user;
    report.redactions = stage.redactions;
    report.unknown_types = most_frequent(&stage);
    let first_problem = stage.first_problem.take();
    let staged = stage.finish()?;
    presets.dedup();
    let all: Vec<PathBuf> = files.iter().chain(sources.beside()).cloned().collect();
    take_in(&next, &all, &presets.join(","), unit_column.as_deref())?;
    next.write_events(|column| staged::tell(&staged, column))?;
    (report.counts, report.reasons) = counts(&next)?;
    progress.check()?;
    let is_beside_only = files.is_empty() && report.taken != Taken::default();
    if report.counts.events == 0 && report.counts.duplicates == 0 && !is_beside_only {
        let (file, line, reason) = first_problem
            .unwrap_or_else(|| ("the input".into(), 1, "no row follows the header".into()));
        return Err(Error::rejected(
            format!("{file}, line {line}"),
            format!("no usable row: {reason}"),
            "check the columns with --map FIELD=COLUMN",
        ));
    }
    // Nothing new: the published generation says it all already.
    if report.counts.duplicates < report.counts.rows_read || report.taken != Taken::default() {
        next.publish()?;
    }
    Ok(report)
}

/// Second hashes of those who were forgotten: none of their rows comes in.
fn barred(workspace: &Workspace) -> Result<HashSet<String>> {
    let tombstones = workspace.catalog()?.tombstones()?;
    Ok(tombstones.into_iter().map(|one| one.person).collect())
}

/// Whether the day or the month comes first, from the whole column: one date after the twelfth tells it. Never decided
/// row by row.
fn date_order(
    file: &Path,
    name: &str,
    mapping: &Mapping,
    temp: &Path,
    options: &MapOptions,
    settings: &Settings,
) -> Result<TimeFormat> {
    let time = mapping.column(Field::Time).unwrap_or_default();
    let open = |why: &str| {
        Err(Error::rejected(
            name,
            why,
            "say which with --date-order day-first or --date-order month-first",
        ))
    };
    if file.as_os_str() == "-" {
        return open("its first dates read as day/month and as month/day");
    }
    let (mut rows, _) = open::open(file, temp, options.encoding, settings)?;
    let mut row = Row::default();
    while rows.next(&mut row)? {
        if let Some(order) = TimeFormat::told_by(row.get(time)) {
            return Ok(order);
        }
    }
    open("all its dates read as day/month and as month/day")
}

/// Reads the first rows and decides what the columns mean.
fn decide(name: &str, rows: &mut dyn Rows, options: &MapOptions) -> Result<(Vec<Row>, Mapping)> {
    let sample = sample_of(rows)?;
    let mapping = Mapping::decide(name, rows.columns(), rows.has_header(), &sample, options)?;
    Ok((sample, mapping))
}

fn sample_of(rows: &mut dyn Rows) -> Result<Vec<Row>> {
    let mut sample = Vec::new();
    while sample.len() < SAMPLE {
        let mut row = Row::default();
        if !rows.next(&mut row)? {
            break;
        }
        sample.push(row);
    }
    Ok(sample)
}

fn most_frequent(stage: &Stage<'_>) -> Vec<(String, u64)> {
    let mut types: Vec<_> = stage
        .unknown_types
        .iter()
        .map(|(name, count)| (clip(name, 40), *count))
        .collect();
    types.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    types.truncate(20);
    types
}

fn take_in(
    next: &NextGeneration,
    files: &[PathBuf],
    preset: &str,
    unit_column: Option<&str>,
) -> Result<()> {
    let connection = next.connection();
    let names: Vec<String> = files.iter().map(|file| open::name_of(file)).collect();
    let doing = "loading events";
    duck::run(
        connection,
        doing,
        include_str!("../../sql/store/staged.sql"),
    )?;
    let write = || -> duckdb::Result<()> {
        let ingest: i32 = connection.query_row(
            "SELECT coalesce(max(ingest), 0) + 1 FROM prev.ingests",
            [],
            |row| row.get(0),
        )?;
        connection.execute(
            "INSERT INTO stage.ingest VALUES (?, ?, ?, ?)",
            duckdb::params![
                ingest,
                jiff::Timestamp::now().to_string(),
                names.join("\n"),
                preset
            ],
        )?;
        connection.execute(
            "INSERT INTO stage.units SELECT ? WHERE ? IS NOT NULL",
            [unit_column; 2],
        )?;
        let mut insert = connection.prepare("INSERT INTO stage.files VALUES (?, ?)")?;
        for (number, name) in (0_i32..).zip(&names) {
            insert.execute(duckdb::params![number, name])?;
        }
        Ok(())
    };
    write().map_err(Error::duck(doing))?;
    duck::run(connection, doing, include_str!("../../sql/store/merge.sql"))
}

fn counts(next: &NextGeneration) -> Result<(Input, Vec<(String, u64)>)> {
    let connection = next.connection();
    let read = || -> duckdb::Result<_> {
        let counts =
            connection.query_row(include_str!("../../sql/store/report.sql"), [], |row| {
                Ok(Input {
                    rows_read: row.get(0)?,
                    events: row.get(1)?,
                    duplicates: row.get(2)?,
                    quarantined: row.get(3)?,
                })
            })?;
        let reasons = connection
            .prepare(include_str!("../../sql/store/reasons.sql"))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<duckdb::Result<_>>()?;
        Ok((counts, reasons))
    };
    read().map_err(Error::duck("counting rows"))
}
