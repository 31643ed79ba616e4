//! A run in one file, so that a laptop without the events can put users into its segments.
//!
//! A line of JSON that says what follows (format, version of the program, SHA-256 and length), then a zstd frame with the
//! run (settings, facts, narratives), its feature SQL, scales and centroids as JSON. No user is in it, and no key.

use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::assign::geometry_of;
use super::desk::Desk;
use super::find_run;
use super::geometry::Geometry;
use super::make::Draft;
use crate::error::{Error, Result};
use crate::features::families;
use crate::records::Run;
use crate::settings::Settings;
use crate::workspace::{Workspace, hex};

/// The layout of the file; another one is refused.
const FORMAT: &str = "portray.bundle/1";

/// Most bytes of the first line, and of the file: no run comes near.
const HEADER: usize = 4_096;
const LARGEST: u64 = 256 * 1024 * 1024;

/// What stands in the first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// `portray.bundle/1`.
    pub format: String,
    /// Version of the program that wrote it.
    pub version: String,
    /// SHA-256 of the frame.
    pub sha256: String,
    /// Bytes of the frame.
    pub bytes: u64,
    /// What the key of the workspace says of itself: pseudonyms are the same where it is the same.
    pub key_check: String,
}

#[derive(Serialize, Deserialize)]
struct Content {
    run: Run,
    features: Value,
    geometry: Geometry,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The run's number in this workspace.
    pub run: i64,
    /// Whether it was here already.
    pub is_known: bool,
    /// Whether both workspaces share a key; without that, pseudonyms of one mean nothing in the other.
    pub same_key: bool,
}

/// Writes a published run into the file `out`.
///
/// # Errors
/// [`Error::Usage`] where its segments are no clusters, or it keeps no geometry; [`Error::Io`] where the file exists or can't
/// be written.
pub fn export_bundle(
    workspace: &Path,
    run: Option<i64>,
    out: &Path,
    settings: &Settings,
) -> Result<Header> {
    let run = find_run(workspace, run, settings.lang)?;
    let opened = Workspace::open(workspace)?;
    let geometry = geometry_of(&opened, &run, settings)?;
    let features = match &run.recipe["features"] {
        Value::Object(kept) => Value::Object(kept.clone()),
        _ => families(opened.layout().root())?
            .into_iter()
            .map(|family| (family.source, Value::String(family.sql)))
            .collect(),
    };
    let content = Content {
        run,
        features,
        geometry,
    };
    let failed = |why: String| Error::failed(out.display(), why, "report this");
    let text = serde_json::to_vec(&content).map_err(|e| failed(e.to_string()))?;
    let frame = zstd::encode_all(&text[..], 12).map_err(Error::io(out))?;
    let header = Header {
        format: FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sha256: hex(&Sha256::digest(&frame)),
        bytes: frame.len() as u64,
        key_check: opened.key()?.check_value(),
    };
    let first = serde_json::to_string(&header).map_err(|e| failed(e.to_string()))?;
    let folder = out
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let detail = json!({ "to": out.display().to_string(), "sha256": header.sha256 });
    super::record(&opened, "bundle", Some(content.run.id), detail, settings)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::io(out))?;
    file.write_all(format!("{first}\n").as_bytes())
        .and_then(|()| file.write_all(&frame))
        .and_then(|()| file.as_file().sync_all())
        .map_err(Error::io(out))?;
    file.persist_noclobber(out)
        .map_err(|error| Error::io(out)(error.error))?;
    Ok(header)
}

/// Publishes the run of a bundle in the workspace, which is made where there is none, under the next number; a bundle that
/// was read before is known by its hash, and changes nothing.
///
/// # Errors
/// [`Error::Failed`] for a file that is no bundle, or of another format; [`Error::Damaged`] where a bit of it is wrong.
pub fn import_bundle(workspace: &Path, file: &Path, settings: &Settings) -> Result<Imported> {
    let (header, content) = read(file)?;
    let opened = Workspace::create(workspace)?;
    let same_key = opened.key()?.check_value() == header.key_check;
    for known in super::every_run(workspace)? {
        if known.recipe["bundle"].as_str() == Some(&header.sha256) {
            return Ok(Imported {
                run: known.id,
                is_known: true,
                same_key,
            });
        }
    }
    let temp = opened.temporary("run-")?;
    let tables = temp.path().join("run.duckdb");
    let desk = Desk::of_new_tables(&opened, &tables, settings)?;
    content.geometry.store(&desk)?;
    desk.close()?;
    let mut run = content.run;
    run.recipe["bundle"] = json!(header.sha256);
    run.recipe["features"] = content.features;
    // Numbers of runs and ingests are those of the workspace that it came from.
    run.recipe["before"] = Value::Null;
    run.recipe["ingest"] = Value::Null;
    let draft = Draft {
        run,
        file: tables,
        temp,
        forgotten: opened.catalog()?.forgotten()?,
    };
    let run = super::publish(workspace, draft, settings)?;
    Ok(Imported {
        run: run.id,
        is_known: false,
        same_key,
    })
}

fn read(file: &Path) -> Result<(Header, Content)> {
    let size = std::fs::metadata(file).map_err(Error::io(file))?.len();
    let no_bundle = |why: &str| {
        Error::failed(
            file.display(),
            why,
            "name a file that `portray bundle export` wrote",
        )
    };
    if size > LARGEST {
        return Err(no_bundle("is too large to be a bundle"));
    }
    let bytes = std::fs::read(file).map_err(Error::io(file))?;
    let end = bytes
        .iter()
        .take(HEADER)
        .position(|byte| *byte == b'\n')
        .ok_or_else(|| no_bundle("is no bundle: it has no first line"))?;
    let (first, frame) = (&bytes[..end], &bytes[end + 1..]);
    let format: Value = serde_json::from_slice(first).unwrap_or_default();
    match format["format"].as_str() {
        Some(FORMAT) => {}
        Some(other) if other.starts_with("portray.bundle/") => {
            return Err(Error::failed(
                file.display(),
                format!(
                    "is of the format {}, this program reads {FORMAT}",
                    crate::words::clean(other)
                ),
                "export it again with this version of portray, or use the one that wrote it",
            ));
        }
        _ => return Err(no_bundle("is no bundle")),
    }
    let damaged = |why: String| {
        Error::damaged(
            file.display(),
            why,
            "copy it again from where it was exported",
        )
    };
    let header: Header = serde_json::from_value(format)
        .map_err(|e| damaged(format!("its first line does not parse: {e}")))?;
    if frame.len() as u64 != header.bytes || hex(&Sha256::digest(frame)) != header.sha256 {
        return Err(damaged(
            "is not what was written: its hash differs".to_owned(),
        ));
    }
    let mut text = Vec::new();
    let decoder = zstd::Decoder::new(frame).map_err(Error::io(file))?;
    std::io::Read::read_to_end(&mut std::io::Read::take(decoder, LARGEST), &mut text)
        .map_err(Error::io(file))?;
    let content: Content = serde_json::from_slice(&text)
        .map_err(|e| damaged(format!("its content does not parse: {e}")))?;
    if content
        .geometry
        .centroids
        .iter()
        .any(|centroid| centroid.len() != content.geometry.scales.len())
    {
        return Err(damaged("its centroids do not fit its features".to_owned()));
    }
    Ok((header, content))
}
