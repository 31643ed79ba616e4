//! K-means held against linfa's own fit, from outside.

use linfa::DatasetBase;
use linfa::traits::{Fit, Predict};
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::Array2;
use portray::progress::Progress;
use portray::records::Structure;
use portray::segments::{adjusted_rand_index, cluster, figures};
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

/// The same numbers as `benches/peers/criteria.py` makes.
fn made_up() -> Array2<f64> {
    Array2::from_shape_fn((600, 5), |(i, j)| {
        let noise = (i * 7919 + j * 104_729 + i * j * 31) % 1009;
        noise as f64 / 1009.0 + (i % 4) as f64 * ((j + i % 4) % 3) as f64 * 0.4
    })
}

#[test]
fn figures_are_those_of_scikit_learn() {
    let text = include_str!("fixtures/criteria.json");
    let known: std::collections::BTreeMap<String, std::collections::BTreeMap<String, f64>> =
        serde_json::from_str(text).unwrap();
    let x = made_up();
    let planted: Vec<usize> = (0..600).map(|i| i % 4).collect();
    for (name, label) in [
        ("planted", (|i| i % 4) as fn(usize) -> usize),
        ("two", |i| i % 2),
        ("bad", |i| (i * i / 7) % 5),
        ("uneven", |i| usize::from(i % 97 == 0)),
    ] {
        let labels: Vec<usize> = (0..600).map(label).collect();
        let found = figures(x.view(), &labels, 1);
        for (figure, value) in [
            ("silhouette", found.silhouette),
            ("davies_bouldin", found.davies_bouldin),
            ("calinski_harabasz", found.calinski_harabasz),
            (
                "agreement_with_planted",
                Some(adjusted_rand_index(&planted, &labels)),
            ),
        ] {
            let (own, peer) = (value.unwrap(), known[name][figure]);
            assert!(
                (own - peer).abs() <= 1e-6 * peer.abs().max(1.0),
                "{name}, {figure}: {own}, scikit-learn has {peer}"
            );
        }
    }
}

#[test]
fn users_without_structure_are_one_segment_and_it_is_said() {
    // Uniform noise: any cut of it is as good as of its shuffled twin.
    let x = Array2::from_shape_fn((2_000, 6), |(i, j)| {
        let mut state = (i as u64 * 6 + j as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        state ^= state >> 31;
        state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (state >> 11) as f64 / (1_u64 << 53) as f64 * 3.4 - 1.7
    });
    let settings = RunSettings::default();
    let found = cluster(x.view(), &settings, &Progress::silent()).unwrap();
    let recommendation = found.recommendation.unwrap();
    assert_eq!((found.k, recommendation.k), (1, 1));
    assert_eq!(recommendation.structure, Structure::None);
    assert!(recommendation.reason.en.contains("no stable structure"));
    // Whoever asks gets segments, with the same warning.
    let asked = RunSettings {
        k: Some(4),
        ..RunSettings::default()
    };
    let found = cluster(x.view(), &asked, &Progress::silent()).unwrap();
    let recommendation = found.recommendation.unwrap();
    assert_eq!((found.k, recommendation.structure), (4, Structure::None));
    assert!(recommendation.reason.en.contains("no stable structure"));
}

#[test]
fn planted_groups_are_found_again_and_their_members_are_sure() {
    let x = Array2::from_shape_fn((900, 4), |(i, j)| {
        let noise = ((i * 7919 + j * 104_729 + i * j * 13) % 1009) as f64 / 1009.0;
        noise + if (i % 3 + j) % 3 == 0 { 4.0 } else { 0.0 }
    });
    let found = cluster(x.view(), &RunSettings::default(), &Progress::silent()).unwrap();
    assert_eq!(found.k, 3);
    let recommendation = found.recommendation.unwrap();
    assert_eq!(recommendation.structure, Structure::Stable);
    assert!(
        found.recovery.iter().all(|one| one.unwrap() > 0.99),
        "{:?}",
        found.recovery
    );
    let membership = found.membership.unwrap();
    assert_eq!(membership.between, 0);
    assert!((membership.hard_objective - found.inertia).abs() < 1e-9);
    assert!(membership.soft_objective >= membership.hard_objective);
}
