//! Which k `--k auto` takes.

use super::Fit;
use crate::progress::Progress;

/// How many times as clear as any finer partition a split in two must be to be taken.
const TWO: f64 = 1.2;

/// The place in `fits` of the k to take: the largest mean silhouette, the smaller k of equals, with
/// two conditions that customer data asks for.
///
/// - A split in two is taken only where its silhouette is [`TWO`] times that of each finer partition.
///   The widest gap among customers lies between the busy and the rest, which a silhouette rewards and
///   everybody knew: on the real invoices of Online Retail 0.21 at k = 2, then a clear peak of
///   0.19 at k = 7. Two groups that truly stand apart still win: cutting one of them in two costs
///   far more than a fifth.
/// - No cluster has fewer than `min_support` users, where any k manages that: a silhouette likes a
///   handful of outliers, but no fact could be told about them.
///
/// Otherwise the plain maximum, as in Rousseeuw's paper, R's `pamk` and `fviz_nbclust` and MATLAB's
/// `evalclusters`. None where no silhouette is above 0: no structure to show, so all are one cluster.
pub fn best(fits: &[Fit], min_support: u64, progress: &Progress) -> Option<usize> {
    let size = |fit: &Fit| fit.partition.counts.last().copied().unwrap_or(0) as u64;
    let large = |fit: &&Fit| size(fit) >= min_support;
    let clear = |fit: &&Fit| fit.silhouette.is_some_and(|silhouette| silhouette > 0.0);
    let Some(clearest) = most(fits.iter().filter(clear), 1.0) else {
        progress.note("no number of segments parts the users: all of them are one");
        return None;
    };
    let open = fits.iter().filter(clear).filter(large);
    let chosen = most(open, TWO)
        .or_else(|| most(fits.iter().filter(clear), TWO))
        .unwrap_or(clearest);
    if chosen.k() != clearest.k() {
        let why = if size(clearest) < min_support && size(chosen) >= min_support {
            format!("has a segment of only {} users", size(clearest))
        } else {
            "parts little more than the busy from the rest".to_string()
        };
        progress.note(format!(
            "k = {} has the largest silhouette ({:.3}) but {why}: k = {} is taken ({:.3}); --k {} asks for the other",
            clearest.k(),
            clearest.silhouette.unwrap_or_default(),
            chosen.k(),
            chosen.silhouette.unwrap_or_default(),
            clearest.k(),
        ));
    }
    fits.iter().position(|fit| std::ptr::eq(fit, chosen))
}

/// The first fit with the largest silhouette, where that of two clusters counts `two` times less.
fn most<'a>(fits: impl Iterator<Item = &'a Fit>, two: f64) -> Option<&'a Fit> {
    let score = |fit: &Fit| {
        let silhouette = fit.silhouette.unwrap_or(-1.0);
        if fit.k() == 2 {
            silhouette / two
        } else {
            silhouette
        }
    };
    fits.reduce(|best, next| {
        if score(next) > score(best) {
            next
        } else {
            best
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use ndarray::Array2;

    use super::super::lloyd::Partition;
    use super::*;
    use crate::progress::Update;

    /// Fits from k = 2 on, with their silhouette and the size of their smallest cluster.
    fn fits(table: &[(f64, usize)]) -> Vec<Fit> {
        let fit = |(k, (silhouette, smallest)): (usize, &(f64, usize))| {
            let mut counts = vec![900; k - 1];
            counts.push(*smallest);
            let centroids = Array2::zeros((k, 1));
            let partition = Partition {
                labels: Vec::new(),
                squared: Vec::new(),
                centroids,
                counts,
            };
            Fit {
                partition,
                silhouette: Some(*silhouette),
            }
        };
        (2..).zip(table).map(fit).collect()
    }

    /// The k chosen, and what was noted.
    fn chosen(table: &[(f64, usize)]) -> (Option<usize>, Vec<Update>) {
        let notes = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&notes);
        let progress = Progress::new(move |update| sink.lock().unwrap().push(update));
        let place = best(&fits(table), 10, &progress);
        let notes = notes.lock().unwrap().clone();
        (place.map(|place| place + 2), notes)
    }

    #[test]
    fn the_largest_silhouette_wins_and_the_smaller_k_of_equals() {
        assert_eq!(
            chosen(&[(0.30, 50), (0.25, 50), (0.31, 50), (0.31, 50)]),
            (Some(4), vec![])
        );
    }

    #[test]
    fn a_split_in_two_must_be_clearly_better_and_the_choice_is_told() {
        let (k, notes) = chosen(&[
            (0.212, 50),
            (0.160, 50),
            (0.162, 50),
            (0.175, 50),
            (0.187, 50),
        ]);
        assert_eq!((k, notes.len()), (Some(6), 1));
        assert!(format!("{notes:?}").contains("--k 2"), "{notes:?}");
        assert_eq!(
            chosen(&[(0.70, 50), (0.45, 50), (0.30, 50)]),
            (Some(2), vec![])
        );
    }

    #[test]
    fn a_tiny_cluster_rules_its_k_out_while_another_is_left() {
        let (k, notes) = chosen(&[(0.40, 50), (0.60, 3), (0.35, 50)]);
        assert_eq!(k, Some(4));
        assert!(format!("{notes:?}").contains("only 3 users"), "{notes:?}");
        assert_eq!(chosen(&[(0.40, 3), (0.60, 3)]).0, Some(3));
    }

    #[test]
    fn nothing_above_zero_is_no_structure() {
        assert_eq!(chosen(&[(0.0, 50), (-0.1, 50)]).0, None);
    }
}
