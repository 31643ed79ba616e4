//! Who is written to and who is held out.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256Plus;

/// An audience in two parts, each in the order of the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arms {
    /// Those who are written to.
    pub treated: Vec<String>,
    /// Those who are not, so that the effect can be told.
    pub held: Vec<String>,
}

/// Draws the holdout: a share of the audience, to the nearest whole user, each set of that size as likely as any other. The
/// same names, share and seed give the same parts.
#[must_use]
pub fn holdout(mut audience: Vec<String>, share: f64, seed: u64) -> Arms {
    audience.sort_unstable();
    audience.dedup();
    let count = (audience.len() as f64 * share.clamp(0.0, 1.0)).round() as usize;
    let mut random = Xoshiro256Plus::seed_from_u64(seed);
    audience.shuffle(&mut random);
    let mut held = audience.split_off(audience.len() - count);
    audience.sort_unstable();
    held.sort_unstable();
    Arms {
        treated: audience,
        held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn everybody_is_in_one_part_and_the_same_draw_gives_the_same(
            names in proptest::collection::vec("[a-z]{1,4}", 0..200), share in 0.0..1.0, seed: u64
        ) {
            let found = holdout(names.clone(), share, seed);
            let mut all = [found.treated.clone(), found.held.clone()].concat();
            all.sort_unstable();
            let mut wanted = names.clone();
            wanted.sort_unstable();
            wanted.dedup();
            prop_assert_eq!(&all, &wanted);
            prop_assert!((found.held.len() as f64 - share * wanted.len() as f64).abs() <= 0.5);
            let mut turned = names;
            turned.reverse();
            prop_assert_eq!(holdout(turned, share, seed), found);
        }
    }
}
