//! One writer of events at a time; readers never wait.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// How long a waiting writer sleeps between two tries.
const AGAIN: Duration = Duration::from_millis(200);

/// Held while events are written; let go when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct WriteLock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl WriteLock {
    /// Takes the lock, and waits for it up to `wait`.
    ///
    /// # Errors
    /// [`Error::Busy`] where another process holds it all that time.
    pub fn take(path: &Path, root: &Path, wait: Duration) -> Result<Self> {
        let until = Instant::now() + wait;
        loop {
            match Self::try_take(path, root) {
                Err(Error::Busy(_)) if Instant::now() < until => {
                    std::thread::sleep(AGAIN.min(until.saturating_duration_since(Instant::now())));
                }
                result => return result,
            }
        }
    }

    fn try_take(path: &Path, root: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let file = options.open(path).map_err(Error::io(path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Error::Busy(root.to_path_buf())),
            Err(TryLockError::Error(error)) => Err(Error::io(path)(error)),
        }
    }
}
