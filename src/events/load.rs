//! The rows of a file, block by block: read here, parsed on other threads, staged here in their order.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, channel, sync_channel};
use std::thread::{Scope, scope};

use super::mapping::Mapping;
use super::orders::Orders;
use super::parser::{Parsed, Parser};
use super::row::{Row, Rows};
use super::stage::Stage;
use crate::error::{Error, Result};
use crate::progress::Progress;

/// Rows that are parsed together.
const ROWS: usize = 4096;
/// Blocks that wait for a worker at most, beside the one that it parses.
const WAITING: usize = 1;
/// Blocks that are read before the first of them is staged, for each thread.
const AHEAD: usize = 4;

/// Room for a block of rows, of which `len` are filled, and for their columns.
#[derive(Default)]
struct Block {
    rows: Vec<Row>,
    len: usize,
    parsed: Parsed,
}

impl Block {
    fn parse(&mut self, parser: &mut Parser<'_>) {
        parser.parse(&self.rows[..self.len], &mut self.parsed);
    }
}

/// Reads rows one after the other: first those that were looked at before.
struct Source<'a> {
    sample: std::vec::IntoIter<Row>,
    rows: &'a mut dyn Rows,
    orders: Orders,
}

impl Source<'_> {
    /// Fills a block; an empty one is the end.
    fn fill(&mut self, block: &mut Block) -> Result<()> {
        block.len = 0;
        while block.len < ROWS {
            if block.rows.len() == block.len {
                block.rows.push(Row::default());
            }
            let row = &mut block.rows[block.len];
            if let Some(seen) = self.sample.next() {
                *row = seen;
            } else if !self.rows.next(row)? {
                break;
            }
            self.orders.fill(row);
            block.len += 1;
        }
        Ok(())
    }
}

/// A thread that parses.
struct Worker {
    blocks: SyncSender<Box<Block>>,
    parsed: Receiver<Box<Block>>,
}

impl Worker {
    fn begin<'scope>(scope: &'scope Scope<'scope, '_>, mut parser: Parser<'scope>) -> Self {
        let (blocks, waiting) = sync_channel::<Box<Block>>(WAITING);
        let (answer, parsed) = channel();
        scope.spawn(move || {
            for mut block in waiting {
                block.parse(&mut parser);
                if answer.send(block).is_err() {
                    break;
                }
            }
        });
        Self { blocks, parsed }
    }
}

/// Stages all rows of file number `file`, of which `sample` was read before.
///
/// The rows are the same with any number of threads: their blocks are staged in the order of the file.
///
/// # Errors
/// Those of the reader and the stage; [`Error::Cancelled`].
pub fn load(
    stage: &mut Stage<'_>,
    file: (i32, &str),
    sample: Vec<Row>,
    rows: &mut dyn Rows,
    mapping: &Mapping,
    threads: usize,
    progress: &Progress,
) -> Result<()> {
    let (key, width) = (stage.key(), rows.columns().len());
    let hasher = stage.hasher(rows.columns());
    let parser = || Parser::new(mapping, key, hasher.clone(), file.0, width);
    let mut source = Source {
        sample: sample.into_iter(),
        rows,
        orders: Orders::new(mapping),
    };
    let mut take = |parsed: &mut Parsed| {
        stage.take(parsed, mapping, file.1)?;
        progress.done(stage.rows());
        progress.check()
    };
    scope(|scope| {
        let workers: Vec<Worker> = (1..threads)
            .map(|_| Worker::begin(scope, parser()))
            .collect();
        let (mut own, mut free) = (parser(), Vec::<Box<Block>>::new());
        let mut pending: VecDeque<Pending<'_>> = VecDeque::new();
        loop {
            let mut block = free.pop().unwrap_or_default();
            source.fill(&mut block)?;
            let is_end = block.len == 0;
            if !is_end {
                pending.push_back(give(block, &workers, &mut own)?);
            }
            while let Some(first) = pending.pop_front() {
                let must = is_end || pending.len() >= AHEAD * threads;
                match first.answer(must)? {
                    Ok(mut block) => {
                        take(&mut block.parsed)?;
                        free.push(block);
                    }
                    Err(first) => {
                        pending.push_front(first);
                        break;
                    }
                }
            }
            if is_end {
                return Ok(());
            }
        }
    })
}

/// A block at its place in the file's order.
enum Pending<'a> {
    /// A worker has it, who answers in the order of what it was given.
    Given(&'a Worker),
    Done(Box<Block>),
}

impl Pending<'_> {
    /// What became of the block; itself again where it is not done, unless that must be waited for.
    fn answer(self, must: bool) -> Result<std::result::Result<Box<Block>, Self>> {
        match self {
            Self::Done(block) => Ok(Ok(block)),
            Self::Given(worker) if must => worker.parsed.recv().map(Ok).map_err(|_| ended()),
            Self::Given(worker) => match worker.parsed.try_recv() {
                Ok(answer) => Ok(Ok(answer)),
                Err(TryRecvError::Empty) => Ok(Err(self)),
                Err(TryRecvError::Disconnected) => Err(ended()),
            },
        }
    }
}

/// Gives a block to a worker that has room; where none has, or there is none, it is parsed here rather than waited for.
fn give<'a>(
    mut block: Box<Block>,
    workers: &'a [Worker],
    own: &mut Parser<'_>,
) -> Result<Pending<'a>> {
    for worker in workers {
        match worker.blocks.try_send(block) {
            Ok(()) => return Ok(Pending::Given(worker)),
            Err(TrySendError::Full(back)) => block = back,
            Err(TrySendError::Disconnected(_)) => return Err(ended()),
        }
    }
    block.parse(own);
    Ok(Pending::Done(block))
}

fn ended() -> Error {
    Error::failed(
        "reading rows",
        "a thread ended early",
        "report this with the file's first lines",
    )
}
