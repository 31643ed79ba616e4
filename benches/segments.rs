//! K-means at the sizes of real shops: one k, the whole choice of k, and linfa's own fit to compare with.

use divan::Bencher;
use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::Array2;
use portray::progress::Progress;
use portray::segments::cluster;
use portray::settings::RunSettings;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256Plus;

fn main() {
    divan::main();
}

/// Eight overlapping groups of users in 24 features.
fn users(rows: usize) -> Array2<f64> {
    let mut rng = Xoshiro256Plus::seed_from_u64(7);
    Array2::from_shape_fn((rows, 24), |(i, j)| {
        let noise: f64 = (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        let corner = ((i % 8) * 7 + j * 3) % 5;
        corner as f64 * 0.6 - 1.2 + noise
    })
}

fn settings(k: Option<usize>) -> RunSettings {
    RunSettings {
        k,
        ..RunSettings::default()
    }
}

#[divan::bench(args = [10_000, 50_000], sample_count = 3)]
fn eight_segments(bencher: Bencher, rows: usize) {
    let x = users(rows);
    bencher.bench_local(|| cluster(x.view(), &settings(Some(8)), &Progress::silent()));
}

/// The same k and restarts with linfa alone, on all rows.
#[divan::bench(args = [10_000, 50_000], sample_count = 3)]
fn eight_segments_with_linfa_alone(bencher: Bencher, rows: usize) {
    let x = users(rows);
    bencher.bench_local(|| {
        KMeans::params_with_rng(8, Xoshiro256Plus::seed_from_u64(42))
            .init_method(KMeansInit::KMeansPlusPlus)
            .n_runs(settings(None).restarts)
            .fit(&DatasetBase::from(x.view()))
    });
}

#[divan::bench(args = [10_000, 50_000], sample_count = 3)]
fn choose_k(bencher: Bencher, rows: usize) {
    let x = users(rows);
    bencher.bench_local(|| cluster(x.view(), &settings(None), &Progress::silent()));
}
