//! A query that can be stopped while DuckDB works on it.

use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use duckdb::Connection;

use crate::error::{Error, Result};
use crate::progress::Progress;

/// How often the watch looks up.
const TICK: Duration = Duration::from_millis(50);

/// Does `work` on `connection`, and interrupts it once `progress` is cancelled or `limit` is over. The thread that watches
/// ends with the call.
///
/// # Errors
/// [`Error::Cancelled`], [`Error::TimeLimit`], or what `work` gives.
pub fn watched<T>(
    connection: &Connection,
    what: &str,
    limit: Duration,
    progress: &Progress,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    progress.check()?;
    let handle = connection.interrupt_handle();
    let stopped: OnceLock<bool> = OnceLock::new();
    let (working, ended) = channel::<()>();
    let begun = Instant::now();
    let result = std::thread::scope(|scope| {
        let stopped = &stopped;
        scope.spawn(move || {
            while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                let is_cancelled = progress.check().is_err();
                if is_cancelled || begun.elapsed() >= limit {
                    stopped.get_or_init(|| is_cancelled);
                    // Again at each tick: DuckDB forgets it between the statements of one query.
                    handle.interrupt();
                }
            }
        });
        let result = work();
        drop(working);
        result
    });
    match (result, stopped.get()) {
        (Err(_), Some(true)) => Err(Error::Cancelled),
        (Err(_), Some(false)) => Err(Error::TimeLimit {
            what: what.to_owned(),
            seconds: limit.as_secs_f64().ceil() as u64,
        }),
        (result, _) => result,
    }
}
