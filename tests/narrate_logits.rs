//! The model's numbers are the same bits with any number of threads and whatever is decoded beside.
// Clippy's leave for tests knows functions marked as tests only, not what they share.
#![allow(clippy::unwrap_used)]

use portray::narrate::engine::{Engine, Layout, Next, Writer};
use portray::narrate::shipped;
use portray::progress::Progress;

/// Tokens taken back at the end of each text and given once more.
const AGAIN: usize = 3;

/// The built-in model; none, with a word, where the program was built without it.
fn engine() -> Option<Engine> {
    let Ok((path, _)) = shipped::unpack() else {
        eprintln!("skipped: built without models/portray-narrator.gguf");
        return None;
    };
    Some(Engine::load(&path).unwrap())
}

/// Short texts of different lengths (waiting threads are slow on a busy machine); the tokens need make no sense.
fn texts(vocabulary: i32) -> Vec<Vec<i32>> {
    let text = |i: i32| {
        (0..6 + i * 7 % 5)
            .map(|j| (i * 131 + j * 37 + 5) % vocabulary)
            .collect()
    };
    (0..40).map(text).collect()
}

#[test]
fn logits_are_the_same_bits_for_any_threads_and_batch() {
    let Some(engine) = engine() else { return };
    let texts = texts(engine.model().n_vocab());
    let bits = |count: usize, lanes, threads, contexts| -> Vec<Vec<u32>> {
        let layout = Layout {
            contexts,
            threads,
            lanes,
            tokens: engine.context(),
        };
        let logits = engine.logits(&texts[..count], AGAIN, layout).unwrap();
        logits
            .into_iter()
            .map(|text| text.into_iter().map(f32::to_bits).collect())
            .collect()
    };
    let alone = bits(40, 1, 1, 1);
    let vocabulary = engine.model().n_vocab() as usize;
    assert_eq!(alone[0].len(), (texts[0].len() + AGAIN) * vocabulary);
    for (text, logits) in texts.iter().zip(&alone) {
        let (first, again) = logits.split_at(text.len() * vocabulary);
        assert!(
            first[first.len() - AGAIN * vocabulary..] == *again,
            "taking tokens back changes what follows"
        );
    }
    for (count, lanes, threads, contexts) in [
        (40, 5, 1, 1),
        (40, 40, 1, 1),
        (5, 1, 2, 1),
        (40, 5, 2, 1),
        (40, 40, 2, 1),
        (40, 3, 1, 4),
    ] {
        assert!(
            bits(count, lanes, threads, contexts) == alone[..count],
            "{lanes} at a time with {threads} threads in each of {contexts} contexts"
        );
    }
}

/// Gives a prompt, and keeps the logits after it.
struct Asker {
    prompt: Vec<i32>,
    logits: Vec<u32>,
}

impl Writer for Asker {
    fn next(&mut self, logits: &[f32]) -> Next {
        if logits.is_empty() {
            return Next::Prompt(self.prompt.clone());
        }
        self.logits = logits.iter().map(|logit| logit.to_bits()).collect();
        Next::End
    }

    fn full(&mut self) {}
}

#[test]
fn a_prompt_that_begins_as_the_one_before_gives_the_same_bits_as_alone() {
    let Some(engine) = engine() else { return };
    let one: Vec<i32> = (0..200).map(|at| 300 + at * 7 % 900).collect();
    // The same beginning, of whole chunks and not; the same prompt; a shorter one; another one.
    let changed = |at: usize| {
        let mut prompt = one.clone();
        prompt[at] = 299;
        prompt
    };
    let prompts = [
        one.clone(),
        changed(130),
        changed(128),
        changed(127),
        one.clone(),
        one.clone(),
        one[..70].to_vec(),
        changed(0),
        one.clone(),
    ];
    let layout = engine.layout(1, 1);
    let bits = |prompts: &[Vec<i32>]| -> Vec<Vec<u32>> {
        let asker = |prompt: &Vec<i32>| Asker {
            prompt: prompt.clone(),
            logits: Vec::new(),
        };
        let mut askers: Vec<_> = prompts.iter().map(asker).collect();
        engine
            .drive(&mut askers, layout, &Progress::silent())
            .unwrap();
        askers.into_iter().map(|asker| asker.logits).collect()
    };
    let together = bits(&prompts);
    for (prompt, together) in prompts.iter().zip(&together) {
        assert!(!together.is_empty());
        assert_eq!(bits(std::slice::from_ref(prompt))[0], *together);
    }
    assert_ne!(together[0], together[1]);
}
