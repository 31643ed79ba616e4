//! One writer of events at a time; readers never wait.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::audit::system_user;
use crate::error::{Error, Result};

/// How long a waiting writer sleeps between two tries.
const AGAIN: Duration = Duration::from_millis(200);
/// How often, and after how long, it is looked up who holds the lock, until that one has written it down.
const TRIES: usize = 10;
const SOON: Duration = Duration::from_millis(10);
/// Most bytes that are read of what a holder wrote about itself.
const MOST: u64 = 300;

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
                Err(Error::Busy { .. }) if Instant::now() < until => {
                    std::thread::sleep(AGAIN.min(until.saturating_duration_since(Instant::now())));
                }
                result => return result,
            }
        }
    }

    fn try_take(path: &Path, root: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path).map_err(Error::io(path))?;
        match file.try_lock() {
            Ok(()) => {
                // Who holds it is for people to read: where it cannot be noted the lock holds all the same.
                let _ = file
                    .set_len(0)
                    .and_then(|()| file.write_all(holder().as_bytes()));
                Ok(Self(file))
            }
            Err(TryLockError::WouldBlock) => Err(Error::Busy {
                workspace: root.to_path_buf(),
                holder: read_holder(&mut file),
            }),
            Err(TryLockError::Error(error)) => Err(Error::io(path)(error)),
        }
    }
}

/// This process, as another one is told who holds the lock.
fn holder() -> String {
    let host = rustix::system::uname();
    format!(
        "process {} of {} on {}, since {}",
        std::process::id(),
        system_user(),
        host.nodename().to_string_lossy(),
        jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC")
    )
}

/// What the holder wrote about itself.
fn read_holder(file: &mut File) -> String {
    for _ in 0..TRIES {
        let mut text = String::new();
        let read = file
            .seek(SeekFrom::Start(0))
            .and_then(|_| file.take(MOST).read_to_string(&mut text));
        let text = crate::words::clean(text.trim());
        if read.is_ok() && !text.is_empty() {
            return text;
        }
        // It holds the lock since just now, and is about to write.
        std::thread::sleep(SOON);
    }
    "another portray".into()
}
