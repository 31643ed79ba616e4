//! Which k `--k auto` takes.

use super::Fit;
use crate::progress::Progress;

/// How far below the best silhouette a finer split may stay, as a fraction of it.
const TOLERANCE: f64 = 0.05;

/// The place in `fits` of the k to take, by mean silhouette: of the k whose silhouette is a peak (above its
/// neighbours') and at most 5% below the best, the largest; among those whose smallest cluster has at least
/// `min_support` users (all of them where none has).
///
/// The plain maximum (Rousseeuw 1987; R's `pamk`, MATLAB's `evalclusters`) is one of these peaks. On shop data
/// it is often k = 2, buyers and the rest, a hair above a finer split that says much more: hence the largest
/// peak of those that are as good. The end of the range is no peak unless it is the best: what comes after it
/// is not known. The floor keeps a handful of outliers, which a silhouette likes, from becoming a segment that
/// no fact could be told about. None where no k has a silhouette above 0: there is no structure to show, so all
/// are one cluster.
pub fn best(fits: &[Fit], min_support: u64, progress: &Progress) -> Option<usize> {
    let large = |fit: &Fit| {
        fit.partition
            .counts
            .iter()
            .all(|count| *count as u64 >= min_support)
    };
    let any_large = fits.iter().any(large);
    let score = |fit: &Fit| fit.silhouette.filter(|silhouette| *silhouette > 0.0);
    let top = |only_large: bool| {
        let scores: Vec<Option<f64>> = fits
            .iter()
            .map(|fit| score(fit).filter(|_| !only_large || large(fit)))
            .collect();
        peak(&scores)
    };
    let Some(best) = top(false) else {
        progress.note("no number of segments from 2 to 12 parts the users: all are one segment");
        return None;
    };
    let chosen = top(any_large).unwrap_or(best);
    if best != chosen {
        let (passed, smallest) = (
            &fits[best].partition,
            fits[best].partition.counts.last().unwrap_or(&0),
        );
        progress.note(format!(
            "k = {} parts the users best but leaves a segment of {smallest} users; k = {} is taken, whose segments all have {min_support} or more",
            passed.counts.len(),
            fits[chosen].partition.counts.len(),
        ));
    }
    Some(chosen)
}

/// The last peak that is nearly as high as the highest value, or the highest value itself (the first of equals).
fn peak(scores: &[Option<f64>]) -> Option<usize> {
    let known = scores
        .iter()
        .enumerate()
        .filter_map(|(place, score)| Some((place, (*score)?)));
    let (best, highest) = known.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let is_peak = |place: usize| match scores[place - 1..=place + 1] {
        [before, Some(score), after] => {
            score >= highest * (1.0 - TOLERANCE)
                && before.is_none_or(|b| b < score)
                && after.is_none_or(|a| a <= score)
        }
        _ => false,
    };
    let finer = (1..scores.len().saturating_sub(1))
        .rev()
        .find(|place| is_peak(*place));
    Some(finer.map_or(best, |finer| finer.max(best)))
}

#[cfg(test)]
mod tests {
    use super::peak;

    fn of(scores: &[f64]) -> Option<usize> {
        peak(
            &scores
                .iter()
                .map(|score| (*score > 0.0).then_some(*score))
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn a_finer_peak_that_is_as_good_is_taken() {
        assert_eq!(of(&[0.267, 0.239, 0.24, 0.247, 0.256, 0.229]), Some(4));
        assert_eq!(
            of(&[0.267, 0.239, 0.24, 0.247, 0.25, 0.229]),
            Some(0),
            "more than 5% below"
        );
        assert_eq!(
            of(&[0.245, 0.218, 0.22, 0.234]),
            Some(0),
            "the end of the range is no peak"
        );
        assert_eq!(of(&[0.2, 0.3, 0.4]), Some(2), "unless it is the best");
        assert_eq!(of(&[0.0, 0.0]), None);
    }
}
