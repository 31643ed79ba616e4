//! A copy of the SQLite catalog as it stands at one moment, whoever else has it open.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Result};
use crate::workspace::Layout;

/// How long another process may hold the catalog.
const WAIT: Duration = Duration::from_secs(30);

/// Copies the catalog into `folder`; none where the workspace has none yet.
pub fn copy(layout: &Layout, folder: &Path) -> Result<Option<PathBuf>> {
    let from = layout.catalog();
    if !from.exists() {
        return Ok(None);
    }
    let to = folder.join("catalog.sqlite");
    let name = to.to_str().ok_or_else(|| {
        Error::failed(
            to.display(),
            "is not UTF-8, which SQLite asks for",
            "move the workspace to a folder whose name is",
        )
    })?;
    let vacuum = || {
        let connection = Connection::open_with_flags(&from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.busy_timeout(WAIT)?;
        connection.execute("VACUUM INTO ?1", [name])
    };
    vacuum().map_err(Error::sqlite("copying it for the seal"))?;
    Ok(Some(to))
}
