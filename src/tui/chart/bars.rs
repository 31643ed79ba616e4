//! Bars made of block characters.

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The difference, in standard deviations, at which a signed bar is full.
const FULL_DIFFERENCE: f64 = 2.0;

/// A bar of up to `cells` columns for a fraction of 0 to 1; anything above 0 shows at least a sliver.
#[must_use]
pub fn bar(fraction: f64, cells: usize) -> String {
    let eighths = (fraction.clamp(0.0, 1.0) * cells as f64 * 8.0).round() as usize;
    let eighths = if fraction > 0.0 {
        eighths.max(1)
    } else {
        eighths
    };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A difference as a bar to the left or right of an axis, `2 * side + 1` columns wide.
#[must_use]
pub fn signed_bar(difference: f64, side: usize) -> String {
    let fraction = (difference.abs() / FULL_DIFFERENCE).clamp(0.0, 1.0);
    let halves = (fraction * side as f64 * 2.0).round() as usize;
    let (whole, half) = (halves / 2, halves % 2);
    let missing = " ".repeat(side.saturating_sub(whole + half));
    let blocks = "█".repeat(whole);
    if difference < 0.0 {
        format!(
            "{missing}{}{blocks}│{}",
            if half == 1 { "▐" } else { "" },
            " ".repeat(side)
        )
    } else {
        format!(
            "{}│{blocks}{}{missing}",
            " ".repeat(side),
            if half == 1 { "▌" } else { "" }
        )
    }
}

/// A column of eighths for each value, the largest full; a dot where one is not told, a blank for nothing.
#[must_use]
pub fn spark(values: &[Option<f64>]) -> String {
    const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let largest = values.iter().flatten().copied().fold(0.0, f64::max);
    values
        .iter()
        .map(|value| match value {
            None => '·',
            Some(value) if *value > 0.0 && largest > 0.0 => {
                STEPS[((value / largest * 8.0).ceil() as usize).clamp(1, 8) - 1]
            }
            Some(_) => ' ',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_fraction() {
        assert_eq!(bar(1.0, 4), "████");
        assert_eq!(bar(0.5, 3), "█▌");
        assert_eq!(bar(0.0001, 4), "▏");
        assert_eq!(bar(0.0, 4), "");
        assert_eq!(bar(f64::NAN, 4), "");
        assert_eq!(bar(7.0, 2), "██");
    }

    #[test]
    fn a_signed_bar_leans_to_its_side_and_keeps_its_width() {
        assert_eq!(signed_bar(1.0, 4), "    │██  ");
        assert_eq!(signed_bar(-1.25, 4), " ▐██│    ");
        assert_eq!(signed_bar(0.0, 4), "    │    ");
        assert_eq!(signed_bar(-99.0, 4), "████│    ");
        assert_eq!(signed_bar(f64::NAN, 2), "  │  ");
    }

    #[test]
    fn a_spark_line_tells_nothing_from_untold() {
        assert_eq!(spark(&[Some(0.0), Some(1.0), None, Some(8.0)]), " ▁·█");
        assert_eq!(spark(&[Some(f64::NAN), Some(0.0)]), "  ");
    }
}
