//! A line through points, in braille, with its scale to the left.

use super::Dots;
use crate::tui::lines::Line;
use crate::tui::theme::Tone;
use crate::tui::wrap::pad_left;
use crate::words::number;

/// A curve: points with a value, in order, at even steps.
pub struct Series<'a> {
    /// Values; gaps where there is none.
    pub values: &'a [Option<f64>],
    /// Its looks.
    pub tone: Tone,
    /// The point that is marked with a line down to the axis.
    pub marked: Option<usize>,
}

/// The column of cells, from 0, at which a point stands in a plot so wide with so many points.
#[must_use]
pub fn column(point: usize, points: usize, width: usize) -> usize {
    dot(point, points, width) / 2
}

fn dot(point: usize, points: usize, width: usize) -> usize {
    let last = (width * 2).saturating_sub(2);
    if points < 2 {
        return last / 2;
    }
    1 + point * (last - 1) / (points - 1)
}

/// The plot in `height` lines of `width` cells, of which `scale` are the scale's.
#[must_use]
pub fn plot(series: &Series<'_>, width: usize, height: usize, scale: usize) -> Vec<Line> {
    const DOTS: u32 = 1;
    const MARK: u32 = 2;
    let known = || {
        series
            .values
            .iter()
            .flatten()
            .copied()
            .filter(|v| v.is_finite())
    };
    let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let cells = width.saturating_sub(scale + 1);
    if low > high || cells == 0 || height == 0 {
        return Vec::new();
    }
    let range = if high > low { high - low } else { 1.0 };
    let rows = height * 4 - 1;
    let level = |value: f64| ((high - value) / range * rows as f64).round() as usize;
    let mut dots = Dots::new(cells, height);
    let points = series.values.len();
    let place = |at: usize| {
        let value = series.values[at].filter(|value| value.is_finite())?;
        Some((dot(at, points, cells), level(value)))
    };
    for at in 0..points {
        let Some((x, y)) = place(at) else {
            continue;
        };
        for (column, row) in [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)] {
            dots.set(column, row.min(rows), DOTS);
        }
        if let Some((to, down)) = at
            .checked_add(1)
            .filter(|next| *next < points)
            .and_then(place)
        {
            for column in x..to {
                let part = (column - x) as f64 / (to - x).max(1) as f64;
                let row = y as f64 + (down as f64 - y as f64) * part;
                dots.set(column, row.round() as usize, DOTS);
            }
        }
        if series.marked == Some(at) {
            (y + 2..=rows)
                .step_by(2)
                .for_each(|row| dots.set(x, row, MARK));
        }
    }
    (0..height)
        .map(|y| {
            let label = match y {
                0 => number(crate::words::round_to_tell(high)),
                y if y + 1 == height => number(crate::words::round_to_tell(low)),
                _ => String::new(),
            };
            let mut line = vec![(Tone::Quiet, format!("{}│", pad_left(&label, scale)))];
            line.extend((0..cells).map(|x| match dots.cell(x, y) {
                Some((sign, DOTS, _)) => (series.tone, sign.to_string()),
                Some((sign, ..)) => (Tone::Quiet, sign.to_string()),
                None => (Tone::Plain, " ".to_owned()),
            }));
            line
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &[Line]) -> Vec<String> {
        let join = |line: &Line| line.iter().map(|piece| piece.1.as_str()).collect();
        lines.iter().map(join).collect()
    }

    #[test]
    fn a_curve_runs_from_its_first_point_to_its_last() {
        let series = Series {
            values: &[Some(0.0), Some(1.0)],
            tone: Tone::More,
            marked: None,
        };
        let lines = text(&plot(&series, 12, 3, 3));
        assert!(
            lines[0].starts_with("  1│") && lines[2].starts_with("  0│"),
            "{lines:?}"
        );
        assert!(lines[0].ends_with(|c: char| c != ' ' && c != '│'));
        let none = Series {
            values: &[None, Some(f64::NAN)],
            ..series
        };
        assert!(plot(&none, 12, 3, 3).is_empty());
    }
}
