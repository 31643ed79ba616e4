//! Which k `--k auto` takes.

use super::Fit;
use crate::progress::Progress;

/// The place in `fits` of the k to take: the largest mean silhouette, the smaller k of equals, among
/// those whose smallest cluster has at least `min_support` users (all of them where none has).
///
/// The plain maximum is what R's `pamk` and `fviz_nbclust`, MATLAB's `evalclusters` and Rousseeuw's
/// paper do, and it has no tolerance to tune. A tolerance in favour of the smaller k would hide
/// segments: on shop data k = 2 (buyers and the rest) is often near the top. The floor keeps a handful
/// of outliers, which a silhouette likes, from becoming a segment that no fact could be told about.
/// None where no k has a silhouette above 0: there is no structure to show, so all are one cluster.
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
        let open = fits
            .iter()
            .enumerate()
            .filter(|(_, fit)| !only_large || large(fit));
        let scored = open.filter_map(|(place, fit)| Some((place, score(fit)?)));
        scored
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(place, _)| place)
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
