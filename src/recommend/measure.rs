//! How good lists of recommendations were, by what people did next.

use serde::{Deserialize, Serialize};

/// Mean figures of lists against what came.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    /// Users with something to be found.
    pub users: u64,
    /// Of what came, the part on the list; at most as many as the list is long can be.
    pub recall: f64,
    /// Normalised discounted cumulative gain (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
    /// ACM Transactions on Information Systems 20 (4), 2002).
    pub ndcg: f64,
    /// Mean reciprocal rank of the first that came.
    pub mrr: f64,
}

/// Figures of a list of at most `top` against what came (sorted keys); a shorter list is not the better for it.
#[must_use]
pub fn quality(list: &[u32], came: &[u32], top: usize) -> Quality {
    let is_hit = |product: &u32| came.binary_search(product).is_ok();
    let gain = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
    let hits = list.iter().filter(|product| is_hit(product)).count();
    let most = came.len().min(top).max(1);
    let gained: f64 = (0..list.len())
        .filter(|at| is_hit(&list[*at]))
        .map(gain)
        .sum();
    // The sum of nothing is minus nought in floating point.
    let gained = gained + 0.0;
    let ideal: f64 = (0..most).map(gain).sum();
    let first = list.iter().position(is_hit);
    Quality {
        users: 1,
        recall: hits as f64 / most as f64,
        ndcg: gained / ideal,
        mrr: first.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0)),
    }
}

impl Quality {
    /// The mean over lists, in their order.
    #[must_use]
    pub fn mean(lists: &[Self]) -> Self {
        let all = lists.len().max(1) as f64;
        let mean = |of: fn(&Self) -> f64| lists.iter().map(of).sum::<f64>() / all;
        Self {
            users: lists.len() as u64,
            recall: mean(|one| one.recall),
            ndcg: mean(|one| one.ndcg),
            mrr: mean(|one| one.mrr),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_worked_example() {
        // Hits on ranks 1 and 3 of three; two came.
        let found = quality(&[5, 9, 7], &[5, 7], 3);
        assert!((found.recall - 1.0).abs() < 1e-12);
        assert!((found.ndcg - (1.0 + 0.5) / (1.0 + 1.0 / 3.0_f64.log2())).abs() < 1e-12);
        assert!((found.mrr - 1.0).abs() < 1e-12);
        let none = quality(&[1, 2], &[3], 10);
        assert!(none.recall + none.ndcg + none.mrr < 1e-12);
        let short = quality(&[5], &[5, 6, 7, 8], 10);
        assert!((short.recall - 0.25).abs() < 1e-12 && short.ndcg < 0.5);
        assert!(quality(&[], &[3], 10).ndcg.abs() < 1e-12);
    }
}
