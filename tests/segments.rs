//! K-means held against linfa's own fit, from outside.

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::Array2;
use portray::progress::Progress;
use portray::segments::{adjusted_rand_index, cluster};
use portray::settings::RunSettings;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;

/// Groups that overlap, more rows than the restarts look at.
fn users() -> Array2<f64> {
    let mut rng = Xoshiro256Plus::seed_from_u64(5);
    Array2::from_shape_fn((12_000, 10), |(i, j)| {
        let noise: f64 = (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        (((i % 7) * 5 + j * 3) % 4) as f64 - 1.5 + noise
    })
}

#[test]
fn restarts_on_a_sample_lose_nothing_against_linfa_on_all_rows() {
    let x = users();
    for k in [4, 7, 12] {
        let settings = RunSettings {
            k: Some(k),
            ..RunSettings::default()
        };
        let ours = cluster(x.view(), &settings, &Progress::silent()).unwrap();
        let model = KMeans::params_with_rng(k, Xoshiro256Plus::seed_from_u64(42))
            .init_method(KMeansInit::KMeansPlusPlus)
            .n_runs(settings.restarts)
            .fit(&DatasetBase::from(x.view()))
            .unwrap();
        let labels = model.predict(&x).to_vec();
        let gaps = |row: usize| &x.row(row) - &model.centroids().row(labels[row]);
        let theirs: f64 = (0..x.nrows())
            .map(|row| gaps(row).mapv(|gap| gap * gap).sum())
            .sum();
        let ratio = ours.inertia / theirs;
        assert!(ratio < 1.01, "k = {k}: {ratio:.4} of linfa's inertia");
        if k == 4 {
            let agreement = adjusted_rand_index(&ours.assignment, &labels);
            assert!(agreement > 0.95, "agreement with linfa {agreement:.3}");
        }
    }
}
