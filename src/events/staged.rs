//! Rows on their way to DuckDB: columns of whole numbers in a temporary file, which DuckDB reads as the table function
//! `staged_rows()`. A table of its own would be compressed, written and read again for one reading.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duckdb::Connection;
use duckdb::arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch};
use duckdb::arrow::buffer::{MutableBuffer, ScalarBuffer};
use duckdb::arrow::datatypes::{ArrowNativeType, DataType, Field, Schema, ToByteSlice};
use duckdb::core::{DataChunkHandle, LogicalTypeHandle, LogicalTypeId};
use duckdb::vtab::{
    BindInfo, InitInfo, TableFunctionInfo, VTab, record_batch_to_duckdb_data_chunk,
};

use super::batch::{Batch, INTS, LONGS, NO_KEY, NONE};
use crate::error::{Error, Result};

/// Rows that DuckDB takes at once.
const VECTOR: usize = 2048;
const COLUMNS: usize = LONGS.len() + INTS.len();

/// A block in the file: how many rows, and where each column begins; none where no row has a value.
#[derive(Debug)]
struct Block {
    rows: usize,
    columns: [Option<u64>; COLUMNS],
}

/// The file in the making.
pub struct Staging {
    path: PathBuf,
    file: File,
    end: u64,
    blocks: Vec<Block>,
}

impl Staging {
    /// An empty file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] naming the file.
    pub fn create(path: &Path) -> Result<Self> {
        let mut options = File::options();
        let file = options.read(true).write(true).create_new(true).open(path);
        Ok(Self {
            path: path.to_path_buf(),
            file: file.map_err(Error::io(path))?,
            end: 0,
            blocks: Vec::new(),
        })
    }

    /// Appends a block.
    ///
    /// # Errors
    /// [`Error::Io`] naming the file, where the disk is full for one.
    pub fn write(&mut self, batch: &Batch) -> Result<()> {
        let mut block = Block {
            rows: batch.len(),
            columns: [None; COLUMNS],
        };
        let (longs, ints) = block.columns.split_at_mut(LONGS.len());
        let mut place = |bytes: &[u8]| -> Result<u64> {
            let start = self.end;
            self.file.write_all(bytes).map_err(Error::io(&self.path))?;
            self.end += bytes.len() as u64;
            Ok(start)
        };
        for (at, values) in longs.iter_mut().zip(&batch.longs) {
            if values.iter().any(|value| *value != NONE) {
                *at = Some(place(values.to_byte_slice())?);
            }
        }
        for (at, keys) in ints.iter_mut().zip(&batch.ints) {
            if keys.iter().any(|key| *key != NO_KEY) {
                *at = Some(place(keys.to_byte_slice())?);
            }
        }
        self.blocks.push(block);
        Ok(())
    }

    /// The columns in which a row has a value.
    pub fn columns(&self) -> Vec<&'static str> {
        let names = LONGS.into_iter().chain(INTS).zip(0..COLUMNS);
        let has = |at: usize| self.blocks.iter().any(|block| block.columns[at].is_some());
        names
            .filter(|(_, at)| has(*at))
            .map(|(name, _)| name)
            .collect()
    }

    /// Gives the rows to a connection, as `staged_rows()`.
    ///
    /// # Errors
    /// [`Error::EventStore`] where DuckDB refuses the function.
    pub fn register(self, connection: &Connection) -> Result<()> {
        let pieces = self.blocks.iter().enumerate();
        let pieces = pieces.flat_map(|(at, block)| {
            (0..block.rows)
                .step_by(VECTOR)
                .map(move |start| (at, start))
        });
        let staged = Arc::new(Staged {
            pieces: pieces.collect(),
            file: self.file,
            blocks: self.blocks,
        });
        connection
            .register_table_function_with_extra_info::<StagedRows, _>("staged_rows", &staged)
            .map_err(Error::duck("staging rows"))
    }
}

/// Whether staged rows with values in these columns become events with one in `column` (`store/merge.sql` makes them).
pub fn tell(staged: &[&str], column: &str) -> bool {
    // Amounts are staged as whole numbers, which their names say (price_e4). Where an event names no category, its product
    // may have one.
    let whole = |name: &&str| name.trim_end_matches("_e4").trim_end_matches("_e3") == column;
    staged.iter().any(whole) || column == "category_id" && staged.contains(&"product_id")
}

/// All rows of an ingest.
#[derive(Debug)]
struct Staged {
    file: File,
    blocks: Vec<Block>,
    /// What is read at once: a block, and its row where this begins.
    pieces: Vec<(usize, usize)>,
}

impl Staged {
    /// The values of a column in a piece.
    fn column(&self, column: usize, piece: (usize, usize)) -> std::io::Result<ArrayRef> {
        let block = &self.blocks[piece.0];
        let rows = (block.rows - piece.1).min(VECTOR);
        let at = block.columns[column];
        Ok(if column < LONGS.len() {
            let values: ScalarBuffer<i64> = self.values(at, piece.1, rows, NONE)?;
            Arc::new(Int64Array::new(values, None))
        } else {
            let values: ScalarBuffer<i32> = self.values(at, piece.1, rows, NO_KEY)?;
            Arc::new(Int32Array::new(values, None))
        })
    }

    fn values<T: ArrowNativeType>(
        &self,
        at: Option<u64>,
        start: usize,
        rows: usize,
        none: T,
    ) -> std::io::Result<ScalarBuffer<T>> {
        let Some(at) = at else {
            return Ok(vec![none; rows].into());
        };
        let mut bytes = MutableBuffer::from_len_zeroed(rows * size_of::<T>());
        self.file
            .read_exact_at(bytes.as_slice_mut(), at + (start * size_of::<T>()) as u64)?;
        Ok(bytes.into())
    }
}

/// The table function: columns as in [`LONGS`] and [`INTS`], read on any number of threads.
struct StagedRows;

/// What one scan is at.
struct Scan {
    next: AtomicUsize,
    columns: Vec<usize>,
    schema: Arc<Schema>,
}

type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error>>;

impl VTab for StagedRows {
    type InitData = Scan;
    type BindData = Arc<Staged>;

    #[allow(unsafe_code)] // the binding hands out what was registered as a raw pointer
    fn bind(bind: &BindInfo) -> Outcome<Self::BindData> {
        for name in LONGS {
            bind.add_result_column(name, LogicalTypeHandle::from(LogicalTypeId::Bigint));
        }
        for name in INTS {
            bind.add_result_column(name, LogicalTypeHandle::from(LogicalTypeId::Integer));
        }
        // SAFETY: `Staging::register` registered this function with an `Arc<Staged>`, which lives as long as the function.
        let staged = unsafe { bind.get_extra_info::<Arc<Staged>>().as_ref() };
        let staged = staged.ok_or("no rows were staged")?;
        let rows: usize = staged.blocks.iter().map(|block| block.rows).sum();
        bind.set_cardinality(rows as u64, true);
        Ok(Arc::clone(staged))
    }

    fn init(init: &InitInfo) -> Outcome<Self::InitData> {
        // DuckDB takes no more threads than it has.
        init.set_max_threads(u64::from(u16::MAX));
        let columns: Vec<usize> = init
            .get_column_indices()
            .into_iter()
            .map(usize::try_from)
            .collect::<std::result::Result<_, _>>()?;
        let field = |column: &usize| match LONGS.get(*column) {
            Some(name) => Ok(Field::new(*name, DataType::Int64, false)),
            None => INTS
                .get(column - LONGS.len())
                .map(|name| Field::new(*name, DataType::Int32, false))
                .ok_or("a column that staged rows lack"),
        };
        let fields: Vec<Field> = columns
            .iter()
            .map(field)
            .collect::<std::result::Result<_, _>>()?;
        Ok(Scan {
            next: AtomicUsize::new(0),
            columns,
            schema: Arc::new(Schema::new(fields)),
        })
    }

    fn func(info: &TableFunctionInfo<Self>, output: &mut DataChunkHandle) -> Outcome<()> {
        let (staged, scan) = (info.get_bind_data(), info.get_init_data());
        let at = scan.next.fetch_add(1, Ordering::Relaxed);
        let Some(piece) = staged.pieces.get(at) else {
            output.set_len(0);
            return Ok(());
        };
        let columns = scan
            .columns
            .iter()
            .map(|column| staged.column(*column, *piece));
        let columns = columns.collect::<std::io::Result<_>>()?;
        let batch = RecordBatch::try_new(Arc::clone(&scan.schema), columns)?;
        record_batch_to_duckdb_data_chunk(&batch, output)
    }

    fn supports_pushdown() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums over the rows that DuckDB reads back, and of how many rows they are.
    fn sums(batches: Vec<Batch>) -> (i64, i64, i64, i64) {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open_in_memory().unwrap();
        let mut staging = Staging::create(&folder.path().join("rows")).unwrap();
        for batch in batches {
            staging.write(&batch).unwrap();
        }
        staging.register(&connection).unwrap();
        let sql = "SELECT coalesce(sum(hash_low), 0)::BIGINT, coalesce(sum(user_id), 0)::BIGINT,
                          coalesce(sum(price_e4), 0)::BIGINT, count(line) FROM staged_rows()";
        let read = |row: &duckdb::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        connection.query_row(sql, [], read).unwrap()
    }

    fn batch(rows: std::ops::Range<i32>, price: Option<i64>) -> Batch {
        let (mut figures, mut keys) = ([None; 11], [NO_KEY; 12]);
        let mut batch = Batch::default();
        batch.empty(rows.len());
        for (at, row) in rows.enumerate() {
            batch.place(at, (0, i64::from(row)), 0, 1);
            (figures[1], keys[0]) = (price, row);
            batch.event(at, figures, keys);
        }
        batch
    }

    #[test]
    fn rows_come_back_from_blocks_of_any_length() {
        assert_eq!(sums(vec![]), (0, 0, 0, 0));
        let batches = vec![
            batch(0..1, Some(7)),
            batch(1..5000, None),
            batch(5000..7048, Some(1)),
        ];
        let sum: i64 = (0..7048).sum();
        // A column that a block lacks says so in each of its rows.
        assert_eq!(sums(batches), (sum, sum, 7 - 4999 + 2048, 7048));
    }
}
