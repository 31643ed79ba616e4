//! Figures by which partitions into different numbers of clusters are compared.

use ndarray::ArrayView2;

use super::distance::squared;
use super::lloyd::Partition;

/// The index of Davies and Bouldin: how much the clusters overlap, from 0; lower is better.
///
/// The mean over all clusters of the largest (s + s') / d, with s the mean distance of a cluster's rows to its centroid
/// and d the distance between two centroids ("A Cluster Separation Measure", IEEE Transactions on Pattern Analysis and
/// Machine Intelligence 1 (2), 1979). None for a single cluster, and where two centroids are one.
#[must_use]
pub fn davies_bouldin(partition: &Partition) -> Option<f64> {
    let k = partition.counts.len();
    let mut spread = vec![0.0; k];
    for (label, squared) in partition.labels.iter().zip(&partition.squared) {
        spread[*label] += squared.sqrt();
    }
    for (spread, count) in spread.iter_mut().zip(&partition.counts) {
        *spread /= (*count).max(1) as f64;
    }
    let centroid = |cluster: usize| partition.centroids.row(cluster);
    let apart = |a: usize, b: usize| squared(centroid(a), centroid(b)).sqrt();
    let worst = |own: usize| {
        let others = (0..k).filter(|other| *other != own);
        others
            .map(|other| (spread[own] + spread[other]) / apart(own, other))
            .fold(0.0, f64::max)
    };
    let mean = (0..k).map(worst).sum::<f64>() / k as f64;
    (k > 1 && mean.is_finite()).then_some(mean)
}

/// The index of Caliński and Harabasz: the variance between the clusters over that within them, each by its degrees of
/// freedom; higher is better ("A dendrite method for cluster analysis", Communications in Statistics 3 (1), 1974).
///
/// None for a single cluster, as many clusters as rows, and where nothing varies within them.
#[must_use]
pub fn calinski_harabasz(x: ArrayView2<'_, f64>, partition: &Partition) -> Option<f64> {
    let (n, k) = (x.nrows(), partition.counts.len());
    let mean = x.mean_axis(ndarray::Axis(0))?;
    let between: f64 = partition
        .centroids
        .rows()
        .into_iter()
        .zip(&partition.counts)
        .map(|(centroid, count)| *count as f64 * squared(centroid, mean.view()))
        .sum();
    let within = partition.inertia();
    let index = (between / (k as f64 - 1.0)) / (within / (n as f64 - k as f64));
    (k > 1 && k < n && index.is_finite()).then_some(index)
}
