//! A heat map: shades that can be told apart without colour.

use crate::tui::lines::Line;
use crate::tui::theme::Tone;

const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

/// A row of a heat map, each value in so many columns. Steps are fifths of `largest`; a value that is not told is `?`,
/// nothing at all a blank.
#[must_use]
pub fn heat(values: &[Option<f64>], largest: f64, columns: usize) -> Line {
    values
        .iter()
        .map(|value| match value {
            None => (Tone::Quiet, format!("{:<columns$}", "?")),
            Some(value) if *value > 0.0 && largest > 0.0 => {
                let step = ((value / largest * 5.0).ceil() as usize).clamp(1, 5) - 1;
                let shade = SHADES[step].to_string().repeat(columns);
                (Tone::Heat(step as u8), shade)
            }
            Some(_) => (Tone::Plain, " ".repeat(columns)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_fifths_of_the_largest() {
        let row = heat(
            &[Some(0.0), Some(0.1), Some(10.0), None, Some(f64::NAN)],
            10.0,
            2,
        );
        let text: String = row.iter().map(|piece| piece.1.as_str()).collect();
        assert_eq!(text, "  ··██?   ");
        assert_eq!(row[2].0, Tone::Heat(4));
    }
}
