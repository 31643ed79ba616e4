//! Rows read and hashed on a thread of their own, while those before them are staged.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::mapping::Mapping;
use super::orders::Orders;
use super::row::{Row, Rows};
use super::row_hash::RowHash;
use crate::error::Result;

/// Rows that travel together, and bytes of their cells: whatever comes first ends a chunk.
const CHUNK: usize = 2048;
const BYTES: usize = 1 << 20;
/// Chunks that wait at most: reading that is quicker than staging stops for it.
const WAITING: usize = 4;

/// Rows with their hashes; their room is used again and again.
#[derive(Default)]
struct Chunk {
    rows: Vec<(Row, [u8; 32])>,
    filled: usize,
    bytes: usize,
}

/// Hands each row of a file to `take`, in their order: first those of the sample, then the rest. Rows that leave an order's
/// cells empty come filled.
///
/// # Errors
/// Those of the reader, after the rows before, and of `take`, which ends the reading.
pub fn each_row(
    sample: Vec<Row>,
    rows: &mut dyn Rows,
    mapping: &Mapping,
    hash: &RowHash,
    mut take: impl FnMut(&Row, &[u8; 32]) -> Result<()>,
) -> Result<()> {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (full, chunks) = bounded(WAITING);
        let (used, spare) = bounded(WAITING + 2);
        let is_over = &is_over;
        scope.spawn(move || {
            let mut source = Source {
                sample: sample.into_iter(),
                rows,
                orders: Orders::new(mapping),
                hash,
                is_over,
            };
            source.send_all(&full, &spare);
        });
        let taken = take_all(&chunks, &used, &mut take);
        is_over.store(true, Ordering::Relaxed);
        taken
    })
}

fn take_all(
    chunks: &Receiver<Result<Chunk>>,
    used: &Sender<Chunk>,
    take: &mut impl FnMut(&Row, &[u8; 32]) -> Result<()>,
) -> Result<()> {
    for chunk in chunks {
        let chunk = chunk?;
        for (row, hash) in &chunk.rows[..chunk.filled] {
            take(row, hash)?;
        }
        // Room for rows that are out of the ordinary is not kept; where enough is spare, neither.
        if chunk.bytes <= BYTES {
            let _ = used.try_send(chunk);
        }
    }
    Ok(())
}

struct Source<'a> {
    sample: std::vec::IntoIter<Row>,
    rows: &'a mut dyn Rows,
    orders: Orders,
    hash: &'a RowHash,
    /// Nobody takes rows any more.
    is_over: &'a AtomicBool,
}

impl Source<'_> {
    /// Sends chunks until the end, an error, or nobody listening any more.
    fn send_all(&mut self, full: &Sender<Result<Chunk>>, spare: &Receiver<Chunk>) {
        loop {
            let mut chunk = spare.try_recv().unwrap_or_default();
            let more = self.fill(&mut chunk);
            if chunk.filled > 0 && full.send(Ok(chunk)).is_err() {
                return;
            }
            match more {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    let _ = full.send(Err(error));
                    return;
                }
            }
        }
    }

    /// Fills a chunk; false at the end of the file.
    fn fill(&mut self, chunk: &mut Chunk) -> Result<bool> {
        (chunk.filled, chunk.bytes) = (0, 0);
        let mut row = Row::default();
        while chunk.filled < CHUNK && chunk.bytes < BYTES {
            if self.is_over.load(Ordering::Relaxed) {
                return Ok(false);
            }
            if let Some(first) = self.sample.next() {
                row = first;
            } else if !self.rows.next(&mut row)? {
                return Ok(false);
            }
            if chunk.rows.len() == chunk.filled {
                chunk.rows.push(Default::default());
            }
            let (place, hash) = &mut chunk.rows[chunk.filled];
            if self.orders.fills() {
                place.copy(self.orders.fill(&row));
            } else {
                std::mem::swap(place, &mut row);
            }
            *hash = self.hash.of(place);
            chunk.bytes += place.bytes();
            chunk.filled += 1;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::events::MapOptions;

    /// Rows with their numbers, of which the last is an error.
    struct Numbers {
        columns: Vec<String>,
        at: u64,
        end: u64,
        cell: String,
    }

    impl Rows for Numbers {
        fn columns(&self) -> &[String] {
            &self.columns
        }

        fn has_header(&self) -> bool {
            true
        }

        fn next(&mut self, row: &mut Row) -> Result<bool> {
            self.at += 1;
            if self.at > self.end {
                return Err(Error::failed("the file", "ends here", "get it again"));
            }
            row.start(self.at);
            row.push(&format!("u{}", self.at));
            row.push("2026-01-01 10:00:00");
            row.push(&self.cell);
            Ok(true)
        }
    }

    fn numbers(end: u64, cell: usize) -> (Numbers, Mapping, RowHash) {
        let columns = ["user", "time", "query"].map(str::to_owned).to_vec();
        let mut rows = Numbers {
            columns: columns.clone(),
            at: 0,
            end,
            cell: "x".repeat(cell),
        };
        let mut sample = vec![Row::default()];
        rows.next(&mut sample[0]).unwrap();
        rows.at = 0;
        let mapping =
            Mapping::decide("a.csv", &columns, true, &sample, &MapOptions::default()).unwrap();
        let hash = RowHash::new(&[7; 32], &columns);
        (rows, mapping, hash)
    }

    #[test]
    fn rows_come_in_order_and_an_error_after_those_before_it() {
        for (end, cell) in [(3, 1), (10_000, 1), (50, 100_000)] {
            let (mut rows, mapping, hash) = numbers(end, cell);
            let mut seen = Vec::new();
            let error = each_row(Vec::new(), &mut rows, &mapping, &hash, |row, hashed| {
                assert_eq!(*hashed, hash.of(row));
                seen.push(row.line);
                Ok(())
            });
            assert!(error.unwrap_err().to_string().contains("ends here"));
            assert_eq!(seen, (1..=end).collect::<Vec<_>>());
        }
    }

    #[test]
    fn whoever_takes_no_more_ends_the_reading() {
        let (mut rows, mapping, hash) = numbers(u64::MAX, 1);
        let mut taken = 0;
        let stopped = each_row(Vec::new(), &mut rows, &mapping, &hash, |_, _| {
            taken += 1;
            if taken == 5_000 {
                Err(Error::Cancelled)
            } else {
                Ok(())
            }
        });
        assert!(matches!(stopped, Err(Error::Cancelled)));
        assert_eq!(taken, 5_000);
    }
}
