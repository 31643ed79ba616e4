//! A query that can be stopped while DuckDB works on it.

use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use duckdb::Connection;

use crate::error::{Error, Result};
use crate::progress::Progress;

/// How often the watch looks up.
const TICK: Duration = Duration::from_millis(50);

/// Room for DuckDB to plan a query that nests as deep as the prompt lets it; threads have less by default.
const STACK: usize = 64 << 20;

/// Does `work` on a thread with much room on its stack, which ends with the call.
pub fn with_room<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let failed = |why: &str| Error::failed("the query", why, "report this with the query");
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(Error::io("a thread"))?
            .join()
            .map_err(|_| failed("ended the thread that asked it"))?
    })
}

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
