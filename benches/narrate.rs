//! The narrator's engine against a bare llama-cpp-2 decode loop in the same process: same file, first tokens, batch
//! shape and threads, both greedy. Then a whole run of 8 segments in 5 versions against a bare loop that decodes as many
//! tokens; and one-thread contexts side by side against one context of two threads, idle and beside two busy loops.
//!
//! Each figure is the median of [`ROUNDS`] rounds in which the two sides take turns.

// A benchmark prints its figures, and all its counts are small.
#![allow(clippy::print_stdout, clippy::cast_possible_wrap)]

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;
use portray::narrate::engine::{Engine, Layout, Next, Writer};
use portray::narrate::{Narrator, shipped};
use portray::pipeline::fact_sheets;
use portray::progress::Progress;
use portray::records::{Run, Segment};
use portray::settings::{NarrateSettings, Settings};

const ROUNDS: usize = 5;
const LANES: usize = 16;
const TOKENS: usize = 150;
const ROOM: usize = 1024;
const SEGMENTS: usize = 8;

fn main() {
    // Files named on the command line are compared with each other alone: the forms of one model's weights.
    let files: Vec<PathBuf> = std::env::args_os()
        .skip(1)
        .map(PathBuf::from)
        .filter(|path| path.extension().is_some_and(|ending| ending == "gguf"))
        .collect();
    if !files.is_empty() {
        return forms(&files);
    }
    let (path, _) = shipped::unpack().expect("the built-in model");
    let engine = Engine::load(&path).expect("the built-in model");
    let one = Layout {
        contexts: 1,
        threads: 1,
        lanes: LANES,
        tokens: ROOM,
    };
    let (ours, bare) = turns(
        || ours(&engine, LANES, one),
        || bare(engine.model(), engine.backend(), LANES, TOKENS, 1),
    );
    let tokens = (LANES * TOKENS) as f64;
    println!("engine, {LANES} texts of {TOKENS} tokens, one thread:");
    println!("  ours  {:>6.0} tokens/s", tokens / ours);
    println!("  bare  {:>6.0} tokens/s", tokens / bare);
    println!("  ours / bare  {:.2} of its speed", bare / ours);
    whole(&engine);
    layouts(&engine);
}

/// Tokens a second of each file, all of them in turn in every round.
fn forms(files: &[PathBuf]) {
    let engines: Vec<Engine> = files
        .iter()
        .map(|file| Engine::load(file).expect("a model"))
        .collect();
    let one = Layout {
        contexts: 1,
        threads: 1,
        lanes: LANES,
        tokens: ROOM,
    };
    let mut rounds: Vec<Vec<f64>> = vec![Vec::new(); files.len()];
    for _ in 0..=ROUNDS {
        for (engine, seconds) in engines.iter().zip(&mut rounds) {
            seconds.push(timed(|| ours(engine, LANES, one)));
        }
    }
    println!("{LANES} texts of {TOKENS} tokens, one thread:");
    for (file, mut seconds) in files.iter().zip(rounds) {
        seconds.remove(0);
        seconds.sort_by(f64::total_cmp);
        let tokens = (LANES * TOKENS) as f64;
        println!(
            "  {:>6.0} tokens/s  {}",
            tokens / seconds[ROUNDS / 2],
            file.display()
        );
    }
}

/// A whole run through the narrator, masks, look-ahead, checker and all, against bare decoding.
fn whole(engine: &Engine) {
    let settings = NarrateSettings::default();
    let narrator = Narrator::load(&settings).expect("the built-in model");
    let run = run_of_eight();
    let texts = SEGMENTS * settings.samples as usize;
    let threads = Settings::default().threads;
    let mut kept = None;
    let (ours, bare) = turns(
        || {
            let mut run = run.clone();
            narrator
                .narrate(&mut run, &settings, threads, &Progress::silent())
                .expect("texts");
            kept = Some(run);
        },
        // A bare loop on every thread: the quickest that can be had.
        || {
            let (model, backend) = (engine.model(), engine.backend());
            std::thread::scope(|scope| {
                for share in 0..threads {
                    let texts = (texts + share) / threads;
                    scope.spawn(move || bare(model, backend, texts, TOKENS, 1));
                }
            });
        },
    );
    let run = kept.expect("a run");
    let words = |segment: &Segment| {
        let narrative = segment.narrative.as_ref().expect("a narrative");
        let sentences = narrative.versions.iter().flat_map(|one| &one.sentences);
        let count = |text: &str| {
            engine
                .model()
                .vocab()
                .tokenize(text.as_bytes(), false, false)
                .len()
        };
        sentences.map(|one| count(&one.text)).sum::<usize>()
    };
    let tokens: usize = run.segments.iter().map(words).sum();
    let samples: u32 = run
        .segments
        .iter()
        .filter_map(|s| Some(s.narrative.as_ref()?.samples))
        .sum();
    println!(
        "whole run, {SEGMENTS} segments in {} versions ({tokens} tokens of text, {samples} samples of sentences):",
        settings.samples
    );
    println!("  ours  {ours:.2} s on {threads} threads");
    println!("  bare  {bare:.2} s on {threads} threads, {texts} texts of {TOKENS} tokens");
    let each = |seconds: f64, tokens: usize| seconds / tokens as f64;
    println!(
        "  ours / bare a token of text  {:.2} of its time",
        each(ours, tokens) / each(bare, texts * TOKENS)
    );
}

fn layouts(engine: &Engine) {
    let layout = |contexts, threads| Layout {
        contexts,
        threads,
        lanes: LANES / contexts,
        tokens: ROOM,
    };
    let shapes = [
        ("one context of one thread", layout(1, 1)),
        ("two contexts of one thread", layout(2, 1)),
        ("one context of two threads", layout(1, 2)),
    ];
    for busy in [0, 2] {
        println!("layout, {LANES} texts of {TOKENS} tokens beside {busy} busy loops:");
        for (name, shape) in shapes {
            let stop = AtomicBool::new(false);
            let seconds = std::thread::scope(|scope| {
                for _ in 0..busy {
                    scope.spawn(|| {
                        while !stop.load(Ordering::Relaxed) {
                            std::hint::spin_loop();
                        }
                    });
                }
                let seconds = timed(|| ours(engine, LANES, shape));
                stop.store(true, Ordering::Relaxed);
                seconds
            });
            let tokens = (LANES * TOKENS) as f64;
            println!("  {name}  {:>6.0} tokens/s", tokens / seconds);
        }
    }
}

/// Median seconds of both, which take turns after one round to warm up.
fn turns(mut first: impl FnMut(), mut second: impl FnMut()) -> (f64, f64) {
    first();
    second();
    let rounds: Vec<(f64, f64)> = (0..ROUNDS)
        .map(|_| (timed(&mut first), timed(&mut second)))
        .collect();
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    (
        median(rounds.iter().map(|round| round.0).collect()),
        median(rounds.iter().map(|round| round.1).collect()),
    )
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn run_of_eight() -> Run {
    let mut runs = fact_sheets(64, 900_000, 0, &Settings::default(), &Progress::silent())
        .expect("fact sheets");
    runs.retain(|run| run.segments.len() >= SEGMENTS);
    let mut run = runs.swap_remove(0);
    run.segments.truncate(SEGMENTS);
    run
}

/// Texts begin with different tokens, so that they are not the same text.
fn first(text: usize) -> i32 {
    300 + text as i32
}

struct Greedy {
    first: i32,
    length: usize,
}

impl Writer for Greedy {
    fn next(&mut self, logits: &[f32]) -> Next {
        self.length += 1;
        match self.length {
            1 => Next::Token(self.first),
            length if length <= TOKENS => Next::Token(likeliest(logits)),
            _ => Next::End,
        }
    }

    fn full(&mut self) {}
}

fn ours(engine: &Engine, texts: usize, layout: Layout) {
    let mut writers: Vec<_> = (0..texts)
        .map(|text| Greedy {
            first: first(text),
            length: 0,
        })
        .collect();
    engine
        .drive(&mut writers, layout, &Progress::silent())
        .expect("texts");
}

/// What a person would write with llama-cpp-2 alone.
fn bare(model: &LlamaModel, backend: &LlamaBackend, texts: usize, tokens: usize, threads: i32) {
    for begin in (0..texts).step_by(LANES) {
        let lanes = LANES.min(texts - begin);
        let params = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new((ROOM * lanes) as u32))
            .with_n_seq_max(lanes as u32)
            .with_n_batch(64)
            .with_n_ubatch(64)
            .with_n_threads(threads)
            .with_n_threads_batch(threads)
            .with_flash_attention_policy(0)
            .with_kv_unified(false);
        let mut ctx = model.new_context(backend, params).expect("a context");
        let mut batch = LlamaBatch::new(64, 1);
        let mut next: Vec<i32> = (0..lanes).map(|lane| first(begin + lane)).collect();
        for position in 0..tokens {
            batch.clear();
            for (lane, token) in next.iter().enumerate() {
                batch
                    .add(LlamaToken(*token), position as i32, &[lane as i32], true)
                    .expect("room");
            }
            ctx.decode(&mut batch).expect("logits");
            for (row, token) in next.iter_mut().enumerate() {
                *token = likeliest(ctx.get_logits_ith(row as i32));
            }
        }
    }
}

fn likeliest(logits: &[f32]) -> i32 {
    let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    best.map_or(0, |(token, _)| token as i32)
}
