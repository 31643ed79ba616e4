//! Parquet files, read by DuckDB as text.

use std::io::Read;
use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, bounded};

use super::open::name_of;
use super::row::{Row, Rows};
use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::workspace::duck;

type Batch = Vec<Vec<Option<String>>>;

/// How many rows travel together from the query to the reader.
const BATCH: usize = 1024;

/// A reader of Parquet rows; the query runs on a thread of its own, because its rows borrow the connection.
pub struct Parquet {
    columns: Vec<String>,
    batches: Receiver<Result<Batch>>,
    current: std::vec::IntoIter<Vec<Option<String>>>,
    line: u64,
    // Standard input is copied here: Parquet is read from its end.
    _copy: Option<tempfile::NamedTempFile>,
}

impl Parquet {
    /// A reader of the file at `path`, or of `stream` where that is standard input.
    pub fn open(
        path: &Path,
        mut stream: Box<dyn Read>,
        temp: &Path,
        settings: &Settings,
    ) -> Result<Self> {
        let name = name_of(path);
        let mut copy = None;
        let file: PathBuf = if path.as_os_str() == "-" {
            let mut file = tempfile::NamedTempFile::new_in(temp).map_err(Error::io(temp))?;
            std::io::copy(&mut stream, &mut file).map_err(Error::io(temp))?;
            copy.insert(file).path().to_path_buf()
        } else {
            path.to_path_buf()
        };
        let (settings, temp) = (settings.clone(), temp.to_path_buf());
        let (send_columns, columns) = bounded(1);
        let (send, batches) = bounded(4);
        std::thread::spawn(move || {
            if let Err(error) = read(&file, &temp, &settings, &send_columns, &send) {
                let why = error.to_string();
                let why = why.lines().next().unwrap_or_default();
                let error = Error::failed(
                    name,
                    format!("is cut short or damaged ({why})"),
                    "get the file again",
                );
                // Nobody listening any more is the reader's own end.
                let _ = send.send(Err(error));
            }
        });
        let mut reader = Self {
            columns: columns.recv().unwrap_or_default(),
            batches,
            current: Vec::new().into_iter(),
            line: 0,
            _copy: copy,
        };
        if reader.columns.is_empty() {
            reader.refill()?;
        }
        Ok(reader)
    }

    fn refill(&mut self) -> Result<bool> {
        match self.batches.recv() {
            Ok(batch) => {
                self.current = batch?.into_iter();
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }
}

fn read(
    file: &Path,
    temp: &Path,
    settings: &Settings,
    columns: &crossbeam_channel::Sender<Vec<String>>,
    batches: &crossbeam_channel::Sender<Result<Batch>>,
) -> Result<()> {
    let connection = duck::connect(None, temp, settings)?;
    let doing = || "reading Parquet";
    let mut statement = connection
        .prepare(include_str!("../../sql/store/read_parquet.sql"))
        .map_err(Error::duck(doing()))?;
    let mut rows = statement
        .query([file.to_string_lossy()])
        .map_err(Error::duck(doing()))?;
    let names = rows
        .as_ref()
        .map(duckdb::Statement::column_names)
        .unwrap_or_default();
    let width = names.len();
    let _ = columns.send(names);
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(row) = rows.next().map_err(Error::duck(doing()))? {
        let cells = (0..width)
            .map(|i| row.get(i))
            .collect::<duckdb::Result<Vec<Option<String>>>>();
        batch.push(cells.map_err(Error::duck(doing()))?);
        if batch.len() == BATCH && batches.send(Ok(std::mem::take(&mut batch))).is_err() {
            return Ok(());
        }
    }
    let _ = batches.send(Ok(batch));
    Ok(())
}

impl Rows for Parquet {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_header(&self) -> bool {
        true
    }

    fn next(&mut self, row: &mut Row) -> Result<bool> {
        let cells = loop {
            if let Some(cells) = self.current.next() {
                break cells;
            }
            if !self.refill()? {
                return Ok(false);
            }
        };
        self.line += 1;
        row.start(self.line);
        for cell in cells {
            row.push(cell.as_deref().unwrap_or_default());
        }
        Ok(true)
    }
}
