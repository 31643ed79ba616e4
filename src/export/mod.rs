//! A run as files for people and machines: `segments.json`, `assignments.csv` and `.parquet`,
//! `report.md` and `.html`, and the `manifest.json` that marks the folder as Portray's.
//!
//! The files are written to a temporary folder beside the wanted one and exchanged with it in one step, so a
//! failed export leaves what was there. All bytes but the manifest's depend on the run
//! alone: ids of runs, times and paths stand in the manifest only.

mod folder;
mod json;
mod lists;
mod page;
mod parquet;
mod report;
mod table;
mod text;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::progress::{Progress, Stage};
use crate::records::{Plan, Run};
use crate::words::Lang;

pub use lists::Lists;
pub use text::cell;
pub(crate) use text::visible_json;

/// The version of the layout of `segments.json`, which `docs/segments.schema.md` describes.
pub const SCHEMA: &str = "portray.segments/1";

/// The file that says what made the folder; its `program` is `portray`.
pub const MANIFEST: &str = "manifest.json";

/// One kind of file, or for the assignments one form of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Format {
    /// `segments.json`: the run, its segments, facts and narratives, for programs.
    Json,
    /// `assignments.csv`: the segment of each user.
    Csv,
    /// `assignments.parquet`: the same.
    Parquet,
    /// `facts.csv`: every fact of every segment, a row each.
    Facts,
    /// `report.md`: the same as `segments.json`, for people.
    Md,
    /// `report.html`: the same with charts, one file that asks for nothing from elsewhere.
    Html,
}

impl Format {
    /// All formats, in the order in which they are written.
    pub const ALL: [Self; 6] = [
        Self::Json,
        Self::Csv,
        Self::Parquet,
        Self::Facts,
        Self::Md,
        Self::Html,
    ];

    /// The name of its file.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Json => "segments.json",
            Self::Csv => "assignments.csv",
            Self::Parquet => "assignments.parquet",
            Self::Facts => "facts.csv",
            Self::Md => "report.md",
            Self::Html => "report.html",
        }
    }
}

/// Where one user belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// Pseudonym.
    pub user: String,
    /// Id of the segment in the run.
    pub segment: u32,
    /// Euclidean distance to the segment's centroid in standardised units; none for the inactive group.
    pub distance: Option<f64>,
    /// Id of the segment that the user was in in the run before; none where there was none of them.
    pub previous: Option<u32>,
    /// The probability that the user belongs to the segment, 0 to 1; none where there is none.
    pub probability: Option<f64>,
    /// Id of the nearest other segment.
    pub next: Option<u32>,
    /// How much farther its centroid is than the own one; negative for users who are not in their nearest segment.
    pub margin: Option<f64>,
}

/// A figure as exported; none where it is not finite.
fn rounded(value: Option<f64>) -> Option<f64> {
    value
        .filter(|value| value.is_finite())
        .map(|value| (value * 1e6).round() / 1e6)
}

/// What is written, and how.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// The kinds of files; all where none is named.
    pub formats: &'a [Format],
    /// Language of labels and words.
    pub lang: Lang,
    /// The campaign planned over the run's segments, where there is one: a part of the reports and the JSON.
    pub plan: Option<&'a Plan>,
    /// Whether CSV files begin with the mark by which spreadsheets know UTF-8.
    pub bom: bool,
    /// Whether files that came out as they were keep their times, and a folder of such files stays as it is.
    pub if_changed: bool,
}

/// Writes `run` into the folder `out` as `choice` says, with `manifest`, to which `program` and the size and SHA-256 of
/// each file are added; assignments keep their order. Gives the paths written, the manifest's last.
///
/// A folder that an export made before is exchanged whole, whatever formats it holds; an empty one is
/// filled. Progress counts files.
///
/// # Errors
/// - [`Error::Usage`] where `out` is a file, or a folder that is neither empty nor made by an export.
/// - [`Error::Io`] and [`Error::EventStore`] where a file can't be written.
/// - [`Error::Cancelled`], checked before each file and again before the exchange.
///
/// After any of them `out` is as it was.
pub fn write(
    run: &Run,
    assignments: &[Assignment],
    manifest: &Value,
    choice: &Choice<'_>,
    out: &Path,
    progress: &Progress,
) -> Result<Vec<PathBuf>> {
    let formats: Vec<_> = Format::ALL
        .into_iter()
        .filter(|format| choice.formats.is_empty() || choice.formats.contains(format))
        .collect();
    progress.stage(Stage::Export, Some(formats.len() as u64 + 1));
    let target = folder::Target::new(out)?;
    let temporary = target.temporary()?;
    let mut files = serde_json::Map::new();
    for (done, format) in (1..).zip(&formats) {
        progress.check()?;
        let path = temporary.path().join(format.file());
        match format {
            Format::Json => save(&path, &json::bytes(run, choice.plan, choice.lang))?,
            Format::Csv => save(&path, &table::assignments(run, assignments, choice)?)?,
            Format::Parquet => parquet::write(run, assignments, choice, &path, progress)?,
            Format::Facts => save(&path, &table::facts(run, choice)?)?,
            Format::Md => save(
                &path,
                report::text(run, choice.plan, choice.lang).as_bytes(),
            )?,
            Format::Html => save(&path, page::text(run, choice.plan, choice.lang).as_bytes())?,
        }
        files.insert(format.file().into(), seal(&path)?);
        progress.done(done);
    }
    let path = temporary.path().join(MANIFEST);
    save(&path, &manifest_bytes(manifest, files))?;
    seal(&path)?;
    progress.check()?;
    let written = || {
        let names = formats.iter().map(|format| format.file()).chain([MANIFEST]);
        names.map(|file| out.join(file)).collect::<Vec<_>>()
    };
    if choice.if_changed && unchanged(&formats, temporary.path(), out)? {
        progress.done(formats.len() as u64 + 1);
        return Ok(written());
    }
    if let Some(left) = target.exchange(temporary)? {
        progress.note(format!(
            "{}: the folder exported before could not be removed",
            left.display()
        ));
    }
    progress.done(formats.len() as u64 + 1);
    Ok(written())
}

/// Whether all of `formats` came out as they stand in `out`, and `out` holds no other files; those that did keep their
/// times.
fn unchanged(formats: &[Format], new: &Path, out: &Path) -> Result<bool> {
    let mut all = std::fs::read_dir(out).is_ok_and(|entries| entries.count() == formats.len() + 1);
    for format in formats {
        let (new, old) = (new.join(format.file()), out.join(format.file()));
        let read = |path: &Path| std::fs::read(path).map_err(Error::io(path));
        if !old.is_file() || read(&old)? != read(&new)? {
            all = false;
            continue;
        }
        let time = std::fs::metadata(&old).and_then(|old| old.modified());
        let keep = |time| File::open(&new)?.set_modified(time);
        time.and_then(keep).map_err(Error::io(&new))?;
    }
    Ok(all)
}

/// Whether `out` may be exported to, asked before a long job begins.
///
/// # Errors
/// As [`write()`] for a folder that it refuses.
pub fn check(out: &Path) -> Result<()> {
    folder::Target::new(out).map(|_| ())
}

fn manifest_bytes(manifest: &Value, files: serde_json::Map<String, Value>) -> Vec<u8> {
    let mut whole = serde_json::Map::new();
    whole.insert("program".into(), json!(folder::PROGRAM));
    match manifest {
        Value::Object(fields) => whole.extend(
            fields
                .iter()
                .map(|(key, value)| (key.clone(), value.clone())),
        ),
        other => _ = whole.insert("run".into(), other.clone()),
    }
    // Whatever the caller's manifest says: the next export knows its own by this.
    whole.insert("program".into(), json!(folder::PROGRAM));
    whole.insert("files".into(), Value::Object(files));
    json::pretty(&Value::Object(whole))
}

fn save(path: &Path, bytes: &[u8]) -> Result<()> {
    let file = File::create_new(path).map_err(Error::io(path))?;
    let mut writer = BufWriter::new(file);
    writer
        .write_all(bytes)
        .and_then(|()| writer.flush())
        .map_err(Error::io(path))
}

/// Brings a finished file to the disk, and tells its size and SHA-256.
fn seal(path: &Path) -> Result<Value> {
    let mut file = File::open(path).map_err(Error::io(path))?;
    file.sync_all().map_err(Error::io(path))?;
    let mut hash = Sha256::new();
    let bytes = std::io::copy(&mut file, &mut Hashing(&mut hash)).map_err(Error::io(path))?;
    let digest = hash.finalize();
    let mut hex = String::with_capacity(2 * digest.len());
    for byte in digest {
        // Writing to a string can't fail.
        _ = write!(hex, "{byte:02x}");
    }
    Ok(json!({ "bytes": bytes, "sha256": hex }))
}

/// Bytes written to it go into the hash.
struct Hashing<'a>(&'a mut Sha256);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
