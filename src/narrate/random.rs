//! A generator of its own for each thing drawn, and drawing a token from logits.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sha2::{Digest, Sha256};

/// Tokens kept before drawing (Fan et al. 2018, top-k sampling).
const TOP_K: usize = 40;

/// Probability kept before drawing (Holtzman et al. 2020, nucleus sampling).
const TOP_P: f64 = 0.95;

/// The generator of one thing drawn: `task` is what it is for, `part` and `sample` count within it.
#[must_use]
pub fn generator(
    seed: u64,
    segment: u32,
    task: &str,
    part: usize,
    sample: u32,
) -> Xoshiro256PlusPlus {
    let name = format!("{seed}\n{segment}\n{task}\n{part}\n{sample}");
    Xoshiro256PlusPlus::from_seed(Sha256::digest(name.as_bytes()).into())
}

/// Draws one of the `allowed` tokens; none where none is allowed.
///
/// Temperature 0 takes the likeliest. Ties go to the lower token, so the draw depends on nothing but
/// the logits and the generator.
pub fn draw(
    logits: &[f32],
    allowed: impl Fn(i32) -> bool,
    temperature: f32,
    generator: &mut impl Rng,
) -> Option<i32> {
    let tokens = (0i32..).zip(logits.iter().copied());
    let mut kept: Vec<(i32, f32)> = tokens
        .filter(|(token, logit)| logit.is_finite() && allowed(*token))
        .collect();
    let likelier = |a: &(i32, f32), b: &(i32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if kept.len() > TOP_K {
        kept.select_nth_unstable_by(TOP_K - 1, likelier);
        kept.truncate(TOP_K);
    }
    kept.sort_unstable_by(likelier);
    let best = *kept.first()?;
    if temperature <= 0.0 {
        return Some(best.0);
    }
    let weight = |logit: f32| (f64::from(logit - best.1) / f64::from(temperature)).exp();
    let total: f64 = kept.iter().map(|(_, logit)| weight(*logit)).sum();
    let mut sum = 0.0;
    let mut sums = Vec::with_capacity(kept.len());
    for (_, logit) in &kept {
        sum += weight(*logit);
        sums.push(sum);
        if sum >= TOP_P * total {
            break;
        }
    }
    let point = generator.r#gen::<f64>() * sum;
    let drawn = sums
        .iter()
        .position(|&s| point < s)
        .unwrap_or(sums.len() - 1);
    Some(kept[drawn].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_tokens_are_drawn_and_zero_takes_the_likeliest() {
        let logits = [9.0, 1.0, 2.0, f32::NAN, 2.0];
        let mut generator = generator(1, 2, "test", 3, 4);
        assert_eq!(draw(&logits, |t| t != 0, 0.0, &mut generator), Some(2));
        assert!((0..200).all(|_| draw(&logits, |t| t != 0, 2.0, &mut generator) != Some(0)));
        assert_eq!(draw(&logits, |_| false, 0.7, &mut generator), None);
    }

    #[test]
    fn draws_follow_the_softmax() {
        let mut generator = generator(1, 1, "test", 0, 0);
        let logits = [0.0, (3.0f32).ln()];
        let ones = (0..20_000)
            .filter(|_| draw(&logits, |_| true, 1.0, &mut generator) == Some(1))
            .count();
        assert!(
            (14_600..15_400).contains(&ones),
            "{ones} of 20000 instead of three quarters"
        );
    }

    #[test]
    fn each_thing_drawn_has_its_own_generator() {
        let first =
            |segment, task, part, sample| generator(42, segment, task, part, sample).r#gen::<u64>();
        let draws = [
            first(1, "a", 0, 0),
            first(2, "a", 0, 0),
            first(1, "b", 0, 0),
            first(1, "a", 1, 0),
            first(1, "a", 0, 1),
        ];
        let distinct: std::collections::HashSet<_> = draws.iter().collect();
        assert_eq!(distinct.len(), draws.len());
        assert_eq!(first(1, "a", 0, 0), draws[0]);
    }
}
