//! The few distributions that the shop is drawn from.

use rand::Rng;

/// A count with mean `mean` (Knuth's method; means here are small).
pub(super) fn poisson(rng: &mut impl Rng, mean: f64) -> u32 {
    let limit = (-mean).exp();
    let mut product: f64 = rng.r#gen();
    let mut count = 0;
    while product > limit {
        product *= rng.r#gen::<f64>();
        count += 1;
    }
    count
}

/// A standard normal number (Box and Muller).
pub(super) fn normal(rng: &mut impl Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.r#gen::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.r#gen::<f64>()).cos()
}

/// `mean` times a lognormal factor of mean 1 whose logarithm has the standard deviation `sigma`.
pub(super) fn around(rng: &mut impl Rng, mean: f64, sigma: f64) -> f64 {
    mean * (sigma * normal(rng) - sigma * sigma / 2.0).exp()
}

/// A probability moved by `sigma` on the logit scale.
pub(super) fn nudged(rng: &mut impl Rng, probability: f64, sigma: f64) -> f64 {
    let odds = probability / (1.0 - probability) * (sigma * normal(rng)).exp();
    odds / (1.0 + odds)
}

/// An index, each as likely as its weight; 0 where every weight is 0.
pub(super) fn weighted(rng: &mut impl Rng, weights: impl Iterator<Item = f64> + Clone) -> usize {
    let mut left = rng.r#gen::<f64>() * weights.clone().sum::<f64>();
    weights
        .enumerate()
        .find_map(|(index, weight)| {
            left -= weight;
            (left < 0.0).then_some(index)
        })
        .unwrap_or(0)
}

/// One of `items`, which is never empty.
pub(super) fn one<'a, T>(rng: &mut impl Rng, items: &'a [T]) -> &'a T {
    &items[rng.gen_range(0..items.len())]
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn draws_have_the_mean_they_are_asked_for() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let n = 20_000;
        let mean = |sum: f64| sum / f64::from(n);
        let counts: f64 = (0..n).map(|_| f64::from(poisson(&mut rng, 2.5))).sum();
        let scaled: f64 = (0..n).map(|_| around(&mut rng, 10.0, 0.5)).sum();
        let second: f64 = (0..n)
            .map(|_| weighted(&mut rng, [1.0, 3.0].into_iter()) as f64)
            .sum();
        assert!((mean(counts) - 2.5).abs() < 0.05, "{}", mean(counts));
        assert!((mean(scaled) - 10.0).abs() < 0.2, "{}", mean(scaled));
        assert!((mean(second) - 0.75).abs() < 0.02, "{}", mean(second));
    }
}
