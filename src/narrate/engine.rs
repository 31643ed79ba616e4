//! The llama.cpp engine: a model mapped from its file, and many texts decoded together so that each
//! gets the same bits whatever stands beside it and however many threads work.
//!
//! What makes it so: flash attention off, a cache of its own for each sequence, and one token of each
//! sequence a step, so that no kernel is chosen by the length of a neighbour.

use std::num::NonZeroU32;
use std::path::Path;
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

/// Parameters from which on several threads pay: below, waiting for each other costs more than it saves.
const LARGE: u64 = 100_000_000;

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

    /// Most tokens of one text.
    #[must_use]
    pub fn context(&self) -> usize {
        self.context
    }

    /// Threads worth using for this model out of `threads`.
    #[must_use]
    pub fn useful_threads(&self, threads: usize) -> usize {
        if self.model.n_params() < LARGE {
            1
        } else {
            threads.max(1)
        }
    }

    /// Lets all writers write, at most `lanes` of them at a time; who ends makes room for the next.
    ///
    /// # Errors
    /// Cancellation, or a failure inside llama.cpp.
    pub fn drive<W: Writer>(
        &self,
        writers: &mut [W],
        lanes: usize,
        threads: usize,
        progress: &Progress,
    ) -> Result<()> {
        if writers.is_empty() {
            return Ok(());
        }
        let lanes = lanes.clamp(1, writers.len());
        let mut desk = Desk {
            ctx: self.new_context(lanes, threads)?,
            batch: LlamaBatch::new(lanes.max(CHUNK), 1),
        };
        let mut waiting = writers.iter_mut();
        let mut seats: Vec<Seat<'_, W>> = (0..small(lanes)).map(Seat::new).collect();
        loop {
            progress.check()?;
            let mut step = Vec::with_capacity(lanes);
            for (at, seat) in seats.iter_mut().enumerate() {
                if let Some(token) =
                    seat.advance(&mut desk, &mut waiting, self.context, progress)?
                {
                    step.push((at, token));
                }
            }
            if step.is_empty() {
                return Ok(());
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
        lanes: usize,
        threads: usize,
    ) -> Result<Vec<Vec<f32>>> {
        let reader = |text: &Vec<i32>| Recorder {
            text: text.clone(),
            at: 0,
            again,
            logits: Vec::new(),
        };
        let mut readers: Vec<_> = texts.iter().map(reader).collect();
        self.drive(&mut readers, lanes, threads, &Progress::silent())?;
        Ok(readers.into_iter().map(|reader| reader.logits).collect())
    }

    fn new_context(&self, lanes: usize, threads: usize) -> Result<LlamaContext<'_>> {
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(
                (self.context.next_multiple_of(256) * lanes) as u32,
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
}

impl<'w, W: Writer> Seat<'w, W> {
    fn new(lane: i32) -> Self {
        Self {
            writer: None,
            lane,
            length: 0,
            row: None,
            logits: Vec::new(),
        }
    }

    /// The next token of this seat's writer, or of the next one waiting.
    fn advance(
        &mut self,
        desk: &mut Desk<'_>,
        waiting: &mut impl Iterator<Item = &'w mut W>,
        context: usize,
        progress: &Progress,
    ) -> Result<Option<i32>> {
        loop {
            let Some(writer) = &mut self.writer else {
                self.writer = waiting.next();
                if self.writer.is_none() {
                    return Ok(None);
                }
                desk.forget(self.lane, 0)?;
                self.length = 0;
                self.logits.clear();
                continue;
            };
            match writer.next(&self.logits) {
                Next::Token(token) if self.length < context => return Ok(Some(token)),
                Next::Back { keep, token } if keep <= self.length && keep < context => {
                    desk.forget(self.lane, keep)?;
                    self.length = keep;
                    return Ok(Some(token));
                }
                Next::Prompt(tokens)
                    if !tokens.is_empty() && self.length + tokens.len() < context =>
                {
                    self.read(desk, &tokens, progress)?;
                }
                Next::End => self.writer = None,
                Next::Token(_) | Next::Back { .. } | Next::Prompt(_) => {
                    writer.full();
                    self.writer = None;
                }
            }
        }
    }

    fn read(&mut self, desk: &mut Desk<'_>, tokens: &[i32], progress: &Progress) -> Result<()> {
        for chunk in tokens.chunks(CHUNK) {
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
