//! How likely texts are to a model that did not write them: their perplexity.

use std::path::Path;

use super::engine::{Engine, Next, Writer};
use crate::error::Result;
use crate::progress::Progress;

/// Texts read at once.
const LANES: usize = 8;

/// The perplexity of `texts` under the model at `path`: e to the mean negative log-likelihood of a token, given those
/// before it in its text (Jelinek et al. 1977); none where there is no token to foretell.
///
/// # Errors
/// A model that can't be loaded, cancellation, or a failure inside llama.cpp.
pub fn perplexity(
    path: &Path,
    texts: &[String],
    threads: usize,
    progress: &Progress,
) -> Result<Option<f64>> {
    let engine = Engine::load(path)?;
    let vocab = engine.model().vocab();
    let reader = |text: &String| {
        let tokens = vocab.tokenize(text.as_bytes(), true, false);
        Reader {
            tokens: tokens.into_iter().map(|token| token.0).collect(),
            at: 0,
            sum: 0.0,
            count: 0,
        }
    };
    let mut readers: Vec<Reader> = texts.iter().map(reader).collect();
    engine.drive(&mut readers, engine.layout(LANES, threads), progress)?;
    let sum: f64 = readers.iter().map(|reader| reader.sum).sum();
    let count: u32 = readers.iter().map(|reader| reader.count).sum();
    Ok((count > 0).then(|| (-sum / f64::from(count)).exp()))
}

/// Gives a text's tokens one by one and adds up how likely each was.
struct Reader {
    tokens: Vec<i32>,
    at: usize,
    sum: f64,
    count: u32,
}

impl Writer for Reader {
    fn next(&mut self, logits: &[f32]) -> Next {
        let Some(token) = self.tokens.get(self.at).copied() else {
            return Next::End;
        };
        if self.at > 0
            && let Some(likelihood) = log_likelihood(logits, token)
        {
            self.sum += likelihood;
            self.count += 1;
        }
        self.at += 1;
        Next::Token(token)
    }

    fn full(&mut self) {}
}

/// Natural logarithm of the token's probability under the softmax of the logits.
fn log_likelihood(logits: &[f32], token: i32) -> Option<f64> {
    let own = f64::from(*logits.get(usize::try_from(token).ok()?)?);
    let most = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits
        .iter()
        .map(|logit| (f64::from(*logit) - most).exp())
        .sum();
    Some(own - most - sum.ln())
}

#[cfg(test)]
mod tests {
    use super::log_likelihood;

    #[test]
    fn likelihoods_are_those_of_the_softmax() {
        let logits = [0.0, (3.0f32).ln()];
        let likelihood = log_likelihood(&logits, 1).unwrap();
        assert!((likelihood - 0.75f64.ln()).abs() < 1e-6);
        assert_eq!(log_likelihood(&logits, 2), None);
    }
}
