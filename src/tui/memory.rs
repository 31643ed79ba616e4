//! What a session leaves for the next one on the same workspace: each person's own, beside no one else's.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::views::ViewId;
use crate::workspace::hex;

/// Where a person left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The view.
    pub view: ViewId,
    /// The selected segment.
    pub segment: Option<u32>,
    /// Column that the segments are sorted by, and whether in reverse.
    pub sort: (usize, bool),
    /// Filter of the segments.
    pub filter: String,
    /// Segment that others are compared with.
    pub against: Option<u32>,
    /// Queries, the newest last.
    pub queries: Vec<String>,
}

impl Memory {
    /// The file for a workspace; none where the system names no folder for such things.
    #[must_use]
    pub fn file(workspace: &Path) -> Option<PathBuf> {
        let dirs = directories::ProjectDirs::from("", "", "portray")?;
        let folder = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        let place = std::path::absolute(workspace).ok()?;
        let name = hex(&Sha256::digest(place.as_os_str().as_encoded_bytes()));
        Some(
            folder
                .join("sessions")
                .join(format!("{}.json", &name[..16])),
        )
    }

    /// What was kept there; a fresh start where nothing was, or it cannot be read.
    #[must_use]
    pub fn load(file: Option<&Path>) -> Self {
        file.and_then(|file| std::fs::read(file).ok())
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Keeps it. A session that cannot be remembered is no failure.
    pub fn save(&self, file: Option<&Path>) {
        let Some(file) = file else {
            return;
        };
        let write = || -> std::io::Result<()> {
            let folder = file.parent().unwrap_or(file);
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder)?;
            let temp = tempfile::NamedTempFile::new_in(folder)?;
            serde_json::to_writer(&temp, self)?;
            temp.persist(file)?;
            Ok(())
        };
        if let Err(error) = write() {
            tracing::info!(%error, "the session is not remembered");
        }
    }
}
