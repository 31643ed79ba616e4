//! One fit of k-means on a file of numbers, timed: what `benches/peers/run.py` holds against scikit-learn and faiss.
//!
//! `cargo bench --bench lloyd -- VALUES.f32 WIDTH K STEPS` prints seconds and inertia as JSON.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use ndarray::Array2;
use portray::segments::{labels, steps};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = arguments
        .iter()
        .filter_map(|word| word.parse().ok())
        .collect();
    let (Some(path), &[width, k, most]) = (arguments.first(), &numbers[..]) else {
        // `cargo bench` without arguments of its own has nothing to time here.
        return;
    };
    let bytes = std::fs::read(path).expect("the file of numbers");
    let values: Vec<f32> = bytes
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four bytes")))
        .collect();
    let start = Array2::from_shape_fn((k, width), |(row, column)| {
        f64::from(values[row * width + column])
    });
    rayon::ThreadPoolBuilder::new()
        .num_threads(2)
        .build_global()
        .expect("the pool is made once");
    let begin = Instant::now();
    let (centroids, inertia) = steps(&values, &start, most);
    let fitted = Instant::now();
    let found = labels(&values, &centroids);
    let (fit, predict) = (fitted - begin, fitted.elapsed());
    assert_eq!(found.len(), values.len() / width);
    println!(
        "{{\"fit\": {}, \"predict\": {}, \"inertia\": {inertia}}}",
        fit.as_secs_f64(),
        predict.as_secs_f64()
    );
}
