//! Where refits begin: k-means++ that looks at each row once for each centroid.
//!
//! linfa's measures all centroids so far for each new one; in the hundreds of refits behind the choice of k that was most
//! of the time (`perf record` of `portray segment` on 4,348 users: 28% of all, three quarters of the refits).

use ndarray::Array2;
use rand::Rng;
use rand_xoshiro::Xoshiro256Plus;

use super::fused::Rows;

/// `k` rows drawn one after the other, each with a probability that grows with the squared distance to the nearest row
/// drawn before (Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", 2007). Rows that are all alike
/// are drawn more than once.
pub fn plus_plus(rows: Rows<'_, f32>, k: usize, mut rng: Xoshiro256Plus) -> Array2<f64> {
    let n = rows.len();
    let mut chosen = vec![rng.gen_range(0..n)];
    let mut nearest = vec![f32::INFINITY; n];
    while chosen.len() < k {
        let last = rows.row(chosen[chosen.len() - 1]);
        let mut sum = 0.0_f64;
        for (at, nearest) in nearest.iter_mut().enumerate() {
            *nearest = nearest.min(apart(rows.row(at), last));
            sum += f64::from(*nearest);
        }
        let mut left = rng.gen_range(0.0..1.0) * sum;
        let drawn = nearest.iter().position(|squared| {
            left -= f64::from(*squared);
            left < 0.0
        });
        chosen.push(drawn.unwrap_or(0));
    }
    let width = rows.row(0).len();
    Array2::from_shape_fn((k, width), |(centroid, j)| {
        f64::from(rows.row(chosen[centroid])[j])
    })
}

fn apart(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum = (a - b).mul_add(a - b, *sum);
        }
    }
    let rest: f32 = a_rest
        .iter()
        .zip(b_rest)
        .map(|(a, b)| (a - b) * (a - b))
        .sum();
    sums.iter().sum::<f32>() + rest
}
