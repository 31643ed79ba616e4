//! How well a feature tells a group.

use ndarray::{ArrayView1, ArrayView2};
use rayon::prelude::*;

use super::Groups;

/// For each column of `x` how well it tells the group that it tells best, `|2 AUC - 1|`, and that group: the area under the
/// ROC curve of a group against all others, from the ranks of its values, ties in the middle (Mann and Whitney 1947; Hanley
/// and `McNeil` 1982). 0 and group 0 where there is only one group.
#[must_use]
pub fn strengths(x: ArrayView2<'_, f64>, groups: Groups<'_>) -> Vec<(f64, usize)> {
    let columns: Vec<_> = x.columns().into_iter().collect();
    columns
        .par_iter()
        .map(|column| strength(column.view(), groups))
        .collect()
}

fn strength(column: ArrayView1<'_, f64>, groups: Groups<'_>) -> (f64, usize) {
    let n = column.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| column[*a].total_cmp(&column[*b]));
    let (mut sums, mut sizes) = (vec![0.0; groups.count], vec![0_usize; groups.count]);
    let mut from = 0;
    while from < n {
        let same = |at: &usize| column[order[*at]].total_cmp(&column[order[from]]).is_eq();
        let to = (from..n).take_while(same).count() + from;
        // Ranks from 1; equal values share the middle of theirs.
        let rank = f64::midpoint((from + 1) as f64, to as f64);
        for row in &order[from..to] {
            sums[groups.of_row[*row]] += rank;
            sizes[groups.of_row[*row]] += 1;
        }
        from = to;
    }
    (0..groups.count)
        .filter(|group| sizes[*group] > 0 && sizes[*group] < n)
        .map(|group| {
            let (own, others) = (sizes[group] as f64, (n - sizes[group]) as f64);
            let area = (sums[group] - own * (own + 1.0) / 2.0) / (own * others);
            ((2.0 * area - 1.0).abs(), group)
        })
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .unwrap_or((0.0, 0))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn what_parts_the_groups_tells_them_and_noise_does_not() {
        let of_row = [0, 0, 0, 1, 1, 1];
        let groups = Groups {
            of_row: &of_row,
            count: 2,
        };
        let x = array![
            [1.0, 5.0, 1.0],
            [2.0, 5.0, 2.0],
            [3.0, 5.0, 6.0],
            [4.0, 5.0, 3.0],
            [5.0, 5.0, 4.0],
            [6.0, 5.0, 5.0]
        ];
        let found = strengths(x.view(), groups);
        assert!((found[0].0 - 1.0).abs() < 1e-12, "{found:?}");
        assert!(
            found[1].0.abs() < 1e-12,
            "all alike tell nothing: {found:?}"
        );
        // Six of nine pairs the right way round: AUC 2/3.
        assert!((found[2].0 - 1.0 / 3.0).abs() < 1e-12, "{found:?}");
        let alone = Groups {
            of_row: &[0; 6],
            count: 1,
        };
        assert_eq!(strengths(x.view(), alone)[0], (0.0, 0));
    }
}
