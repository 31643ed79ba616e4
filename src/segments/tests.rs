use ndarray::{Array2, array};
use proptest::prelude::*;
use rand::Rng;

use super::*;
use crate::error::Kind;
use crate::progress::Update;

/// `sizes[i]` points around the i-th corner of a cube, and the corner of each.
fn blobs(sizes: &[usize], width: usize, noise: f64, seed: u64) -> (Array2<f64>, Vec<usize>) {
    let mut rng = generator(seed, "blobs", 0);
    let truth: Vec<usize> = sizes
        .iter()
        .enumerate()
        .flat_map(|(blob, size)| vec![blob; *size])
        .collect();
    let corner = |blob: usize, j: usize| {
        if (blob >> (j % 4)) & 1 == 1 {
            2.0
        } else {
            -2.0
        }
    };
    let x = Array2::from_shape_fn((truth.len(), width), |(i, j)| {
        let normal: f64 = (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        corner(truth[i], j) + noise * normal
    });
    (x, truth)
}

fn settings(k: Option<usize>) -> RunSettings {
    RunSettings {
        k,
        ..RunSettings::default()
    }
}

fn run(x: &Array2<f64>, k: Option<usize>) -> Clustering {
    cluster(x.view(), &settings(k), &Progress::silent()).unwrap()
}

#[test]
fn auto_finds_the_planted_blobs_and_numbers_them_by_size() {
    let (x, truth) = blobs(&[40, 300, 90, 150, 60, 200], 8, 0.6, 7);
    let found = run(&x, None);
    assert_eq!(found.k, 6);
    assert!(adjusted_rand_index(&found.assignment, &truth) > 0.98);
    let tried: Vec<_> = found
        .candidates
        .iter()
        .map(|candidate| candidate.k)
        .collect();
    assert_eq!(tried, AUTO.collect::<Vec<_>>());
    let own = found
        .candidates
        .iter()
        .find(|candidate| candidate.k == 6)
        .unwrap();
    assert_eq!(
        (own.silhouette, own.inertia),
        (found.silhouette, found.inertia)
    );
}

#[test]
fn restarts_on_a_sample_still_fit_every_row() {
    let (x, truth) = blobs(&[5_000, 3_000, 2_000], 5, 0.5, 3);
    let found = run(&x, None);
    assert_eq!(found.k, 3);
    assert!(adjusted_rand_index(&found.assignment, &truth) > 0.99);
    for cluster in 0..found.k {
        let rows: Vec<_> = (0..x.nrows())
            .filter(|row| found.assignment[*row] == cluster)
            .collect();
        let mean = x.select(Axis(0), &rows).mean_axis(Axis(0)).unwrap();
        assert!(
            mean.iter()
                .zip(found.centroids.row(cluster))
                .all(|(a, b)| (a - b).abs() < 1e-9)
        );
    }
}

#[test]
fn the_bytes_depend_on_the_seed_and_not_on_the_threads() {
    let (x, _) = blobs(&[2_800, 1_900, 1_500, 600], 7, 1.5, 11);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| format!("{:?}", run(&x, None)))
    };
    let one = with(1);
    assert!(one == with(2) && one == with(5));
    let other = RunSettings {
        seed: 43,
        ..settings(None)
    };
    let other = cluster(x.view(), &other, &Progress::silent()).unwrap();
    assert_ne!(one, format!("{other:?}"), "the seed has no effect");
}

#[test]
fn a_layout_in_columns_gives_the_same_as_one_in_rows() {
    let (x, _) = blobs(&[50, 30], 4, 0.5, 5);
    let columns = x.t().as_standard_layout().into_owned();
    let other = cluster(columns.t(), &settings(None), &Progress::silent()).unwrap();
    assert_eq!(run(&x, None), other);
}

#[test]
fn users_all_alike_or_alone_are_one_cluster() {
    for x in [
        Array2::from_elem((500, 3), 1.25),
        array![[1.0, 2.0]],
        Array2::zeros((7, 0)),
        array![[0.0], [-0.0]],
    ] {
        let found = run(&x, None);
        assert_eq!((found.k, found.silhouette, found.inertia), (1, None, 0.0));
        assert_eq!(found.assignment, vec![0; x.nrows()]);
        assert_eq!(found.centroids.dim(), (1, x.ncols()));
        assert_eq!(run(&x, Some(1)).candidates.len(), 1);
    }
}

#[test]
fn more_clusters_than_users_is_refused_and_both_numbers_are_named() {
    let x = array![[0.0], [1.0], [1.0], [2.0]];
    let error = cluster(x.view(), &settings(Some(9)), &Progress::silent()).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert_eq!(
        error.to_string(),
        "--k 9: there are only 4 users to segment; give 3 or less, or `auto`"
    );
    let error = cluster(x.view(), &settings(Some(4)), &Progress::silent()).unwrap_err();
    assert!(
        error.to_string().contains("only 3 of the 4 users differ"),
        "{error}"
    );
    assert_eq!(run(&x, Some(3)).k, 3);
}

#[test]
fn auto_tries_no_more_clusters_than_there_are_different_users() {
    let x = Array2::from_shape_fn((90, 2), |(i, _)| (i % 3) as f64);
    let found = run(&x, None);
    assert_eq!((found.k, found.candidates.len()), (3, 2));
    assert!((found.silhouette.unwrap() - 1.0).abs() < 1e-9);
}

#[test]
fn a_handful_of_outliers_is_no_segment_of_its_own() {
    let (mut x, _) = blobs(&[400, 0, 0, 300], 4, 0.7, 9);
    x.row_mut(0).fill(12.0);
    x.row_mut(1).fill(12.5);
    let smallest = |min_support| {
        let settings = RunSettings {
            min_support,
            ..settings(None)
        };
        let found = cluster(x.view(), &settings, &Progress::silent()).unwrap();
        (
            found.k,
            found
                .assignment
                .iter()
                .filter(|label| **label == found.k - 1)
                .count(),
        )
    };
    assert_eq!(
        smallest(0).1,
        2,
        "the outliers are no trap: the test shows nothing"
    );
    assert_eq!(smallest(10), (2, 302));
}

#[test]
fn numbers_that_are_none_are_an_error_and_no_rows_are_rejected() {
    for bad in [f64::NAN, f64::INFINITY, 1e200] {
        let x = array![[0.0], [bad], [1.0]];
        assert_eq!(
            cluster(x.view(), &settings(None), &Progress::silent())
                .unwrap_err()
                .kind(),
            Kind::Failed
        );
    }
    let none = Array2::zeros((0, 3));
    assert_eq!(
        cluster(none.view(), &settings(None), &Progress::silent())
            .unwrap_err()
            .kind(),
        Kind::Rejected
    );
    assert_eq!(
        cluster(none.view(), &settings(Some(2)), &Progress::silent())
            .unwrap_err()
            .kind(),
        Kind::Usage
    );
}

#[test]
fn a_cancel_ends_the_search_at_the_next_restart() {
    let (x, _) = blobs(&[60, 60], 3, 0.5, 1);
    let progress = Progress::silent();
    progress.cancel();
    assert!(matches!(
        cluster(x.view(), &settings(None), &progress),
        Err(Error::Cancelled)
    ));
}

#[test]
fn progress_counts_the_values_of_k() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = std::sync::Arc::clone(&seen);
    let (x, _) = blobs(&[60, 60], 3, 0.5, 1);
    let progress = Progress::new(move |update| sink.lock().unwrap().push(update));
    cluster(x.view(), &settings(None), &progress).unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(
        seen.first(),
        Some(&Update::Stage(Stage::Segments, Some(11)))
    );
    assert_eq!(
        seen.iter()
            .filter(|update| matches!(update, Update::Done(_)))
            .count(),
        11
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn labels_cover_the_clusters_and_sizes_fall(
        values in prop::collection::vec(-4_i8..4, 40..160),
        k in prop::option::of(1_usize..6),
        seed in any::<u64>(),
    ) {
        let rows = values.len() / 2;
        let x = Array2::from_shape_fn((rows, 2), |(i, j)| f64::from(values[2 * i + j]));
        let settings = RunSettings { seed, restarts: 2, ..settings(k) };
        let Ok(found) = cluster(x.view(), &settings, &Progress::silent()) else {
            prop_assert!(distinct_rows(x.view(), 6) < k.unwrap_or(0));
            return Ok(());
        };
        let sizes: Vec<_> = (0..found.k).map(|k| found.assignment.iter().filter(|label| **label == k).count()).collect();
        prop_assert_eq!(sizes.iter().sum::<usize>(), rows);
        prop_assert!(sizes.iter().all(|size| *size > 0) && sizes.is_sorted_by(|a, b| a >= b));
        prop_assert_eq!(k.unwrap_or(found.k), found.k);
        let first = |k: usize| found.assignment.iter().position(|label| *label == k);
        prop_assert!((1..found.k).all(|k| sizes[k - 1] > sizes[k] || first(k - 1) < first(k)));
        let squares: f64 = found.distance.iter().map(|distance| distance * distance).sum();
        prop_assert!((squares - found.inertia).abs() < 1e-6);
    }
}
