//! The same figure for everybody who is not in a segment.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::features::{Features, quantile};

/// Mean and median of the others, by segment and column.
pub type Others = HashMap<(u32, usize), (f64, f64)>;

/// Mean and median of each column over the users outside each segment of `ids`; users without a value say nothing.
///
/// Sums go in the order of the users, so that the same data give the same bits.
pub fn others(features: &Features, segment_of: &[u32], ids: &[u32]) -> Others {
    let of_columns: Vec<Vec<_>> = (0..features.columns.len())
        .into_par_iter()
        .map(|position| of_column(features, position, segment_of, ids))
        .collect();
    of_columns.into_iter().flatten().collect()
}

fn of_column(
    features: &Features,
    position: usize,
    segment_of: &[u32],
    ids: &[u32],
) -> Vec<((u32, usize), (f64, f64))> {
    let mut sorted: Vec<(f64, u32)> = Vec::new();
    let mut sums: HashMap<u32, (f64, usize)> = HashMap::new();
    let mut all = (0.0, 0_usize);
    for (value, segment) in features.raw.column(position).iter().zip(segment_of) {
        if value.is_finite() {
            sorted.push((*value, *segment));
            let sum = sums.entry(*segment).or_default();
            *sum = (sum.0 + value, sum.1 + 1);
            all = (all.0 + value, all.1 + 1);
        }
    }
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut found = Vec::new();
    for id in ids {
        let own = sums.get(id).copied().unwrap_or_default();
        let n = all.1 - own.1;
        if n == 0 {
            continue;
        }
        let middle: Vec<f64> = sorted
            .iter()
            .filter(|(_, segment)| segment != id)
            .map(|(value, _)| *value)
            .skip((n - 1) / 2)
            .take(2 - n % 2)
            .collect();
        let mean = (all.0 - own.0) / n as f64;
        found.push(((*id, position), (mean, quantile(&middle, 0.5))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{Column, Family};
    use ndarray::array;

    #[test]
    fn the_others_are_everybody_else_who_has_a_value() {
        let family = Family::parse("x.sql", "-- family: x\n-- column: a\nSELECT 1").unwrap();
        let columns: Vec<Column> = family.columns;
        let features = Features {
            users: vec![1, 2, 3, 4, 5],
            active: vec![true; 5],
            columns,
            raw: array![[1.0], [9.0], [f64::NAN], [4.0], [2.0]],
            notes: Vec::new(),
        };
        let found = others(&features, &[1, 1, 1, 2, 2], &[1, 2]);
        assert_eq!(found[&(1, 0)], (3.0, 3.0));
        assert_eq!(found[&(2, 0)], (5.0, 5.0));
    }
}
