//! Batches of rows into `stage.rows`, on a thread of their own: the next rows are parsed while the last ones are written.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use duckdb::Connection;
use duckdb::arrow::array::{ArrayRef, RecordBatch};
use duckdb::arrow::datatypes::{DataType, Field, Schema};

use crate::error::{Error, Result};

/// Columns of a batch: name, type, values.
pub type Columns = Vec<(&'static str, DataType, ArrayRef)>;

/// Batches that wait at most: parsing that is quicker than writing stops for it.
const WAITING: usize = 2;

/// The thread that writes.
pub struct Writer {
    batches: Option<SyncSender<Columns>>,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Writer {
    /// A writer on a connection of its own to the same databases.
    ///
    /// # Errors
    /// [`Error::EventStore`] where there can't be another connection.
    pub fn begin(connection: &Connection) -> Result<Self> {
        let connection = connection
            .try_clone()
            .map_err(Error::duck("opening the staging tables"))?;
        let (batches, waiting) = sync_channel::<Columns>(WAITING);
        let thread = std::thread::spawn(move || {
            for columns in waiting {
                append(&connection, "rows", columns)?;
            }
            Ok(())
        });
        Ok(Self {
            batches: Some(batches),
            thread: Some(thread),
        })
    }

    /// Hands a batch over.
    ///
    /// # Errors
    /// That of an earlier batch, which ended the thread.
    pub fn write(&mut self, columns: Columns) -> Result<()> {
        let is_taken = self
            .batches
            .as_ref()
            .is_some_and(|batches| batches.send(columns).is_ok());
        if is_taken { Ok(()) } else { self.finish() }
    }

    /// Waits until all is written.
    ///
    /// # Errors
    /// The first that writing met.
    pub fn finish(&mut self) -> Result<()> {
        drop(self.batches.take());
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        thread.join().unwrap_or_else(|_| {
            Err(Error::failed(
                "staging rows",
                "the writer ended early",
                "report this with the file's first lines",
            ))
        })
    }
}

impl Drop for Writer {
    /// Whoever gives up leaves no thread behind that still writes.
    fn drop(&mut self) {
        // Why it gave up is told already.
        _ = self.finish();
    }
}

/// Puts columns into a table of `stage`.
///
/// # Errors
/// [`Error::EventStore`] naming the table.
pub fn append(connection: &Connection, table: &str, columns: Columns) -> Result<()> {
    let schema: Vec<Field> = columns
        .iter()
        .map(|(name, kind, _)| Field::new(*name, kind.clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|column| column.2).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(schema)), arrays).map_err(|e| {
        Error::failed(
            "the event store",
            e,
            "report this with the file's first lines",
        )
    })?;
    let append = || -> duckdb::Result<()> {
        let mut appender = connection.appender_to_catalog_and_db(table, "stage", "main")?;
        appender.append_record_batch(batch)?;
        appender.flush()
    };
    append().map_err(Error::duck(format!("staging {table}")))
}
