//! The llama.cpp engine: a model mapped from its file, and many texts decoded together so that each
//! gets the same bits whatever stands beside it and however many threads work.
//!
//! What makes it so: flash attention off, a cache of its own for each sequence, and one token of each
//! sequence a step, so that no kernel is chosen by the length of a neighbour.

use std::num::NonZeroU32;
use std::path::Path;
use std::slice::IterMut;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::{LogOptions, send_logs_to_tracing};

use super::gguf;
use crate::error::{Error, Result};
use crate::progress::Progress;

/// `LLAMA_FLASH_ATTN_TYPE_DISABLED` of llama.cpp.
const NO_FLASH_ATTENTION: i32 = 0;

/// Longest text, in tokens: narratives end long before, and the cache grows with it.
const CONTEXT: u64 = 1024;

/// Tokens of a prompt decoded at once.
const CHUNK: usize = 64;

/// Parameters from which on several threads pay inside one context: below, waiting for each other costs more than
/// it saves, and each thread gets a context of its own (figures: `cargo bench --bench narrate`).
const LARGE: u64 = 1_000_000_000;

static BACKEND: LazyLock<Option<LlamaBackend>> = LazyLock::new(|| {
    send_logs_to_tracing(LogOptions::default().with_logs_enabled(false));
    LlamaBackend::init().ok()
});

/// Making two contexts of one model at once is unsound in llama-cpp-2, so all are made under this lock.
static MAKING: Mutex<()> = Mutex::new(());

/// Somebody who writes one text token by token.
pub trait Writer {
    /// What to do next; `logits` belong to the last token given, and are empty at the beginning.
    fn next(&mut self, logits: &[f32]) -> Next;

    /// The context is full: the text ends here.
    fn full(&mut self);
}

/// A writer's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// One token goes on.
    Token(i32),
    /// A prompt goes on, decoded apart from the others.
    Prompt(Vec<i32>),
    /// All but the first `keep` tokens are forgotten, then `token` goes on.
    Back {
        /// Tokens that stay.
        keep: usize,
        /// The token after them.
        token: i32,
    },
    /// The text is done.
    End,
}

/// Starts llama.cpp, its talk sent to the log; none where it does not start.
pub(super) fn backend() -> Option<&'static LlamaBackend> {
    BACKEND.as_ref()
}

/// A loaded model.
pub struct Engine {
    model: LlamaModel,
    backend: &'static LlamaBackend,
    context: usize,
}

impl Engine {
    /// Checks the file at `path` and maps it.
    ///
    /// # Errors
    /// A file that [`gguf::inspect`] or llama.cpp refuses.
    pub fn load(path: &Path) -> Result<Self> {
        let header = gguf::inspect(path)?;
        let refused = |why: &str| {
            Error::failed(
                path.display(),
                why,
                "name another GGUF file with --model, or leave it out for the built-in model",
            )
        };
        let bytes = std::fs::metadata(path).map_err(Error::io(path))?.len();
        if let Some(why) = too_large(bytes, memory()) {
            return Err(refused(&why));
        }
        let backend = backend().ok_or_else(|| refused("llama.cpp did not start"))?;
        let params = LlamaModelParams::default()
            .with_n_gpu_layers(0)
            .with_use_mmap(true);
        let model = LlamaModel::load_from_file(backend, path, &params).map_err(|_| {
            refused(&format!(
                "llama.cpp can't load this {} model",
                header.architecture
            ))
        })?;
        let context = header.context_length.min(CONTEXT) as usize;
        Ok(Self {
            model,
            backend,
            context,
        })
    }

    /// The model, for its vocabulary and chat template.
    #[must_use]
    pub fn model(&self) -> &LlamaModel {
        &self.model
    }

    /// What llama.cpp runs on.
    #[doc(hidden)] // for the benchmark, which holds the engine against the bare library
    #[must_use]
    pub fn backend(&self) -> &LlamaBackend {
        self.backend
    }

    /// Most tokens of one text.
    #[must_use]
    pub fn context(&self) -> usize {
        self.context
    }

    /// How the work of `lanes` texts at once is laid out on `threads` threads.
    #[must_use]
    pub fn layout(&self, lanes: usize, threads: usize) -> Layout {
        let (lanes, threads) = (lanes.max(1), threads.max(1));
        if self.model.n_params() >= LARGE {
            return Layout {
                contexts: 1,
                threads,
                lanes,
                tokens: self.context,
            };
        }
        let contexts = threads.min(lanes);
        Layout {
            contexts,
            threads: 1,
            lanes: lanes.div_ceil(contexts),
            tokens: self.context,
        }
    }

    /// Lets all writers write; who ends makes room for the next one waiting.
    ///
    /// Each writes the same whatever the layout.
    ///
    /// # Errors
    /// Cancellation, or a failure inside llama.cpp.
    pub fn drive<W: Writer + Send>(
        &self,
        writers: &mut [W],
        layout: Layout,
        progress: &Progress,
    ) -> Result<()> {
        // Few texts are shared out among the contexts too.
        let contexts = layout.contexts.clamp(1, writers.len().max(1));
        let lanes = writers.len().div_ceil(contexts);
        let lanes = layout.lanes.clamp(1, lanes.max(1));
        let hall = Hall {
            waiting: Mutex::new(writers.iter_mut()),
            is_broken: AtomicBool::new(false),
            progress,
        };
        if contexts == 1 {
            return self.work(&hall, Layout { lanes, ..layout });
        }
        std::thread::scope(|scope| {
            let work = || self.work(&hall, Layout { lanes, ..layout });
            let workers: Vec<_> = (0..contexts).map(|_| scope.spawn(work)).collect();
            let ends = workers.into_iter().map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|_| Err(broken(&"a thread of it ended by a fault")))
            });
            // All of them are waited for before the first error goes on.
            ends.collect::<Vec<_>>().into_iter().collect()
        })
    }

    /// One context's share of the work.
    fn work<W: Writer>(&self, hall: &Hall<'_, '_, W>, layout: Layout) -> Result<()> {
        let result = self.steps(hall, layout);
        if result.is_err() {
            hall.is_broken.store(true, Ordering::Relaxed);
        }
        result
    }

    fn steps<W: Writer>(&self, hall: &Hall<'_, '_, W>, layout: Layout) -> Result<()> {
        let lanes = layout.lanes;
        let tokens = layout.tokens.min(self.context);
        let mut desk = Desk {
            ctx: self.new_context(lanes, tokens, layout.threads)?,
            batch: LlamaBatch::new(lanes.max(CHUNK), 1),
        };
        let mut seats: Vec<Seat<'_, W>> = (0..small(lanes)).map(Seat::new).collect();
        while !hall.is_broken.load(Ordering::Relaxed) {
            hall.progress.check()?;
            let mut step = Vec::with_capacity(lanes);
            for (at, seat) in seats.iter_mut().enumerate() {
                if let Some(token) = seat.advance(&mut desk, hall, tokens)? {
                    step.push((at, token));
                }
            }
            if step.is_empty() {
                break;
            }
            desk.batch.clear();
            for (row, (at, token)) in (0i32..).zip(step) {
                let seat = &mut seats[at];
                desk.add(token, seat.length, seat.lane, true)?;
                seat.length += 1;
                seat.row = Some(row);
            }
            desk.decode()?;
            for seat in &mut seats {
                if let Some(row) = seat.row.take() {
                    seat.logits.clear();
                    seat.logits.extend_from_slice(desk.ctx.get_logits_ith(row));
                }
            }
        }
        Ok(())
    }

    /// The logits after every token of each text, for tests of their sameness: every text is given up to
    /// its end, taken back by `again` tokens, and given those once more.
    ///
    /// # Errors
    /// As [`Engine::drive`].
    #[doc(hidden)]
    pub fn logits(
        &self,
        texts: &[Vec<i32>],
        again: usize,
        layout: Layout,
    ) -> Result<Vec<Vec<f32>>> {
        let reader = |text: &Vec<i32>| Recorder {
            text: text.clone(),
            at: 0,
            again,
            logits: Vec::new(),
        };
        let mut readers: Vec<_> = texts.iter().map(reader).collect();
        self.drive(&mut readers, layout, &Progress::silent())?;
        Ok(readers.into_iter().map(|reader| reader.logits).collect())
    }

    fn new_context(&self, lanes: usize, tokens: usize, threads: usize) -> Result<LlamaContext<'_>> {
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(
                (tokens.next_multiple_of(256) * lanes) as u32,
            ))
            .with_n_seq_max(lanes as u32)
            .with_n_batch(lanes.max(CHUNK) as u32)
            .with_n_ubatch(lanes.max(CHUNK) as u32)
            .with_n_threads(small(threads))
            .with_n_threads_batch(small(threads))
            .with_flash_attention_policy(NO_FLASH_ATTENTION)
            .with_kv_unified(false);
        let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
        self.model
            .new_context(self.backend, params)
            .map_err(|e| broken(&e))
    }
}

/// How the work is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Contexts that work side by side, each on threads of its own.
    pub contexts: usize,
    /// Threads of each context.
    pub threads: usize,
    /// Texts that each context decodes at once.
    pub lanes: usize,
    /// Longest text, in tokens: the memory of a context is that of its lanes times this.
    pub tokens: usize,
}

/// Where the writers of all contexts wait.
struct Hall<'h, 'w, W> {
    waiting: Mutex<IterMut<'w, W>>,
    is_broken: AtomicBool,
    progress: &'h Progress,
}

impl<'w, W> Hall<'_, 'w, W> {
    fn next(&self) -> Option<&'w mut W> {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    }
}

struct Desk<'m> {
    ctx: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
}

impl Desk<'_> {
    fn add(&mut self, token: i32, position: usize, lane: i32, wants_logits: bool) -> Result<()> {
        self.batch
            .add(LlamaToken(token), small(position), &[lane], wants_logits)
            .map_err(|e| broken(&e))
    }

    fn decode(&mut self) -> Result<()> {
        self.ctx.decode(&mut self.batch).map_err(|e| broken(&e))
    }

    /// Forgets all but the first `keep` tokens of a lane.
    fn forget(&mut self, lane: i32, keep: usize) -> Result<()> {
        let lane = u32::try_from(lane).unwrap_or_default();
        match self
            .ctx
            .clear_kv_cache_seq(Some(lane), Some(keep as u32), None)
        {
            Ok(true) => Ok(()),
            _ => Err(broken(&"this model can't take tokens back")),
        }
    }
}

struct Seat<'w, W> {
    writer: Option<&'w mut W>,
    lane: i32,
    length: usize,
    row: Option<i32>,
    logits: Vec<f32>,
    /// The prompt that the lane's cache begins with, of this writer or the one before.
    prompt: Vec<i32>,
}

impl<'w, W: Writer> Seat<'w, W> {
    fn new(lane: i32) -> Self {
        Self {
            writer: None,
            lane,
            length: 0,
            row: None,
            logits: Vec::new(),
            prompt: Vec::new(),
        }
    }

    /// The next token of this seat's writer, or of the next one waiting.
    fn advance(
        &mut self,
        desk: &mut Desk<'_>,
        hall: &Hall<'_, 'w, W>,
        context: usize,
    ) -> Result<Option<i32>> {
        loop {
            let Some(writer) = &mut self.writer else {
                self.writer = hall.next();
                if self.writer.is_none() {
                    return Ok(None);
                }
                self.length = 0;
                self.logits.clear();
                continue;
            };
            match writer.next(&self.logits) {
                Next::Token(token) if self.length < context => {
                    if self.length == 0 {
                        self.keep(desk, 0)?;
                    }
                    return Ok(Some(token));
                }
                Next::Back { keep, token } if keep <= self.length && keep < context => {
                    self.keep(desk, keep)?;
                    return Ok(Some(token));
                }
                Next::Prompt(tokens)
                    if !tokens.is_empty() && self.length + tokens.len() < context =>
                {
                    self.read(desk, &tokens, hall.progress)?;
                }
                Next::End => self.writer = None,
                Next::Token(_) | Next::Back { .. } | Next::Prompt(_) => {
                    writer.full();
                    self.writer = None;
                }
            }
        }
    }

    /// Forgets all but the first `keep` tokens.
    fn keep(&mut self, desk: &mut Desk<'_>, keep: usize) -> Result<()> {
        desk.forget(self.lane, keep)?;
        self.length = keep;
        self.prompt.truncate(keep);
        Ok(())
    }

    /// Reads a prompt. What it shares with the one that the cache begins with stays there: in whole chunks, so that the
    /// rest is cut, and decoded to the same bits, as if all of it were read.
    fn read(&mut self, desk: &mut Desk<'_>, tokens: &[i32], progress: &Progress) -> Result<()> {
        let mut rest = tokens;
        if self.length == 0 {
            let shared = self.prompt.iter().zip(tokens).take_while(|(a, b)| a == b);
            // The last chunk is always read, for the logits after it.
            let shared = shared.count().min(tokens.len() - 1) / CHUNK * CHUNK;
            self.keep(desk, shared)?;
            rest = &tokens[shared..];
            self.prompt.extend_from_slice(rest);
        }
        for chunk in rest.chunks(CHUNK) {
            progress.check()?;
            desk.batch.clear();
            for (i, token) in chunk.iter().enumerate() {
                desk.add(*token, self.length + i, self.lane, i + 1 == chunk.len())?;
            }
            desk.decode()?;
            self.length += chunk.len();
            self.logits.clear();
            self.logits
                .extend_from_slice(desk.ctx.get_logits_ith(small(chunk.len() - 1)));
        }
        Ok(())
    }
}

struct Recorder {
    text: Vec<i32>,
    at: usize,
    again: usize,
    logits: Vec<f32>,
}

impl Writer for Recorder {
    fn next(&mut self, logits: &[f32]) -> Next {
        self.logits.extend_from_slice(logits);
        if let Some(token) = self.text.get(self.at) {
            self.at += 1;
            return Next::Token(*token);
        }
        let keep = self
            .text
            .len()
            .saturating_sub(std::mem::take(&mut self.again));
        let Some(token) = self.text.get(keep) else {
            return Next::End;
        };
        self.at = keep + 1;
        Next::Back {
            keep,
            token: *token,
        }
    }

    fn full(&mut self) {}
}

/// Bytes of memory of this machine, where it says so.
fn memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Why a file of that size can't be worked with in that memory: a mapped file would be read anew for every token.
fn too_large(bytes: u64, memory: Option<u64>) -> Option<String> {
    let memory = memory.filter(|memory| bytes >= *memory)?;
    let gigabytes = |bytes: u64| format!("{:.1} GB", bytes as f64 / 1e9);
    Some(format!(
        "has {} of weights, and this machine {} of memory",
        gigabytes(bytes),
        gigabytes(memory)
    ))
}

/// A count as llama.cpp takes it; all are far below the bound.
fn small(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn broken(why: &impl std::fmt::Display) -> Error {
    Error::failed(
        "the language model",
        why,
        "try another model with --model, or fewer threads and more memory",
    )
}

#[cfg(test)]
mod tests {
    use super::{memory, too_large};

    #[test]
    fn a_model_larger_than_the_memory_is_refused_with_both_sizes() {
        let why = too_large(16_000_000_000, Some(8_000_000_000)).unwrap();
        assert!(why.contains("16.0 GB") && why.contains("8.0 GB"), "{why}");
        assert_eq!(too_large(1_000, Some(8_000)), None);
        assert_eq!(too_large(u64::MAX, None), None);
        assert!(memory().is_none_or(|bytes| bytes > 1 << 20));
    }
}
