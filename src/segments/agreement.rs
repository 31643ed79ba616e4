//! How far two labellings of the same things agree.

use std::collections::HashMap;

/// The adjusted Rand index of two labellings of the same rows: 1 where they are the same partition,
/// about 0 for labels drawn at random, negative below chance.
///
/// From the contingency table of the two, as Hubert and Arabie give it ("Comparing partitions",
/// Journal of Classification 2, 1985, equation 5). Rows that only one of the two has are left out;
/// two partitions that are both a single group, or both all alone, agree with 1.
#[must_use]
pub fn adjusted_rand_index(a: &[usize], b: &[usize]) -> f64 {
    let (mut cells, mut rows, mut columns) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (a, b) in a.iter().zip(b) {
        *cells.entry((a, b)).or_insert(0_u64) += 1;
        *rows.entry(a).or_insert(0_u64) += 1;
        *columns.entry(b).or_insert(0_u64) += 1;
    }
    // Integers until the end: the order of a hash map must not reach a sum of floats.
    let together: u64 = cells.into_values().map(pairs).sum();
    let in_a: u64 = rows.into_values().map(pairs).sum();
    let in_b: u64 = columns.into_values().map(pairs).sum();
    let all = pairs(a.len().min(b.len()) as u64);
    let expected = in_a as f64 * in_b as f64 / (all as f64).max(1.0);
    let most = f64::midpoint(in_a as f64, in_b as f64);
    if (in_a == in_b && in_a == together) || most <= expected {
        return 1.0;
    }
    (together as f64 - expected) / (most - expected)
}

fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn the_names_of_the_groups_do_not_matter() {
        assert!(close(
            adjusted_rand_index(&[0, 0, 1, 1, 2], &[7, 7, 3, 3, 0]),
            1.0
        ));
    }

    #[test]
    fn known_tables_give_their_known_index() {
        // Worked by hand: cells 2,1,1,2 -> (2 - 6*6/15) / (6 - 6*6/15) = -1/9.
        assert!(close(
            adjusted_rand_index(&[0, 0, 0, 1, 1, 1], &[0, 0, 1, 0, 1, 1]),
            -1.0 / 9.0
        ));
        // scikit-learn's documented example: 0.57.
        assert!((adjusted_rand_index(&[0, 0, 1, 2], &[0, 0, 1, 1]) - 4.0 / 7.0).abs() < 1e-12);
    }

    #[test]
    fn one_group_against_all_alone_is_chance() {
        assert!(close(adjusted_rand_index(&[0; 5], &[0, 1, 2, 3, 4]), 0.0));
        assert!(close(adjusted_rand_index(&[0; 5], &[1; 5]), 1.0));
        assert!(close(adjusted_rand_index(&[], &[]), 1.0));
    }
}
