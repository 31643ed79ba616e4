//! The model's numbers are the same bits with any number of threads and whatever is decoded beside.

use portray::narrate::engine::{Engine, Layout};
use portray::narrate::shipped;

/// Tokens taken back at the end of each text and given once more.
const AGAIN: usize = 3;

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
    let Ok((path, _)) = shipped::unpack() else {
        eprintln!("skipped: built without models/portray-narrator.gguf");
        return;
    };
    let engine = Engine::load(&path).unwrap();
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
