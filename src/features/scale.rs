//! The one place where missing values, outliers, long tails and scales are dealt with.

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_preprocessing::linear_scaling::LinearScaler;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::header::{Column, Missing, Transform};
use crate::settings::Scaling;

/// The quantile `q` of sorted values, between neighbours by linear interpolation (Hyndman & Fan 1996, type 7).
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let at = q * last as f64;
    let low = sorted[at.floor() as usize];
    let high = sorted[at.ceil() as usize];
    low + (high - low) * at.fract()
}

/// How one feature comes onto the common scale: fitted to the users of a run, and applied to others as they are.
///
/// Missing values are filled, values beyond the limits pulled in, the transform applied, then the centre taken off and the
/// rest multiplied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// The feature, as in `basket.aov`.
    pub feature: String,
    /// What a missing value counts as.
    pub fill: f64,
    /// The least value that counts.
    pub low: f64,
    /// The largest value that counts.
    pub high: f64,
    /// What is done to the value then.
    pub transform: Transform,
    /// The middle of the transformed values.
    pub center: f64,
    /// What they are multiplied with.
    pub factor: f64,
}

impl Scale {
    /// Fits the scale of a column to raw values, or says why it has none.
    ///
    /// Missing values are imputed as the header says, the limits are the winsor quantiles; the middle is the mean and the
    /// factor one by the standard deviation, or median and interquartile range / 1.349 (the interquartile range of a
    /// standard normal distribution).
    ///
    /// # Errors
    /// A word for people: `no value`, `constant`, or that the values are beyond any scale.
    pub fn fit(column: &Column, raw: &[f64], scaling: Scaling) -> Result<Self, &'static str> {
        let mut sorted: Vec<f64> = raw
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        if sorted.is_empty() {
            return Err("no value");
        }
        sorted.sort_unstable_by(f64::total_cmp);
        let fill = match column.missing {
            Missing::Zero => 0.0,
            Missing::Median => quantile(&sorted, 0.5),
            Missing::Max => sorted[sorted.len() - 1],
            Missing::Min => sorted[0],
        };
        let (mut low, mut high) = (
            quantile(&sorted, column.winsor.0),
            quantile(&sorted, column.winsor.1),
        );
        if low >= high {
            // A rare feature: nearly everybody has the same value, the quantiles say nothing.
            (low, high) = (sorted[0], sorted[sorted.len() - 1]);
        }
        let mut scale = Self {
            feature: column.id.clone(),
            fill,
            low,
            high,
            transform: column.transform,
            center: 0.0,
            factor: 1.0,
        };
        let values: Vec<f64> = raw.iter().map(|value| scale.apply(*value)).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        let deviation = (squares.sum::<f64>() / n).sqrt();
        if !deviation.is_finite() {
            return Err("its values are beyond any scale");
        }
        if deviation <= 1e-9 * mean.abs().max(1.0) {
            return Err("constant");
        }
        (scale.center, scale.factor) = match scaling {
            Scaling::Standard => standard(values)?,
            Scaling::Robust => robust(values, deviation),
        };
        Ok(scale)
    }

    /// A raw value on the common scale; one that is no finite number counts as missing.
    #[must_use]
    pub fn apply(&self, raw: f64) -> f64 {
        let value = self.filled(raw).clamp(self.low, self.high);
        (transform(value, self.transform) - self.center) * self.factor
    }

    /// A raw value, or what a missing one counts as.
    #[must_use]
    pub fn filled(&self, raw: f64) -> f64 {
        if raw.is_finite() { raw } else { self.fill }
    }
}

/// Mean, and one by the standard deviation.
fn standard(values: Vec<f64>) -> Result<(f64, f64), &'static str> {
    let column = Array2::from_shape_vec((values.len(), 1), values).map_err(|_| "no value")?;
    let scaler = LinearScaler::standard()
        .fit(&DatasetBase::from(column))
        .map_err(|_| "no value")?;
    Ok((scaler.offsets()[0], scaler.scales()[0]))
}

/// Median, and one by the interquartile range; by `deviation` where more than half of the users are alike and the range
/// is zero.
fn robust(mut values: Vec<f64>, deviation: f64) -> (f64, f64) {
    values.sort_unstable_by(f64::total_cmp);
    let range = (quantile(&values, 0.75) - quantile(&values, 0.25)) / 1.349;
    let spread = if range > 1e-9 { range } else { deviation };
    (quantile(&values, 0.5), 1.0 / spread)
}

fn transform(value: f64, transform: Transform) -> f64 {
    match transform {
        Transform::None => value,
        Transform::Log1p => value.signum() * value.abs().ln_1p(),
    }
}

/// Pearson's correlation.
#[must_use]
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += (x - mean_a) * (y - mean_b);
        aa += (x - mean_a).powi(2);
        bb += (y - mean_b).powi(2);
    }
    if aa * bb > 0.0 {
        ab / (aa * bb).sqrt()
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Family;

    fn scale(column: &Column, raw: &[f64], scaling: Scaling) -> Result<Vec<f64>, &'static str> {
        let scale = Scale::fit(column, raw, scaling)?;
        Ok(raw.iter().map(|value| scale.apply(*value)).collect())
    }

    fn column(rest: &str) -> Column {
        Family::parse("x.sql", &format!("-- family: x\n-- column: a{rest}\n"))
            .unwrap()
            .columns
            .remove(0)
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert!((quantile(&[1.0, 2.0, 3.0, 4.0], 0.5) - 2.5).abs() < 1e-12);
        assert!((quantile(&[5.0], 0.99) - 5.0).abs() < 1e-12);
    }

    #[test]
    fn what_no_float_can_square_is_left_out() {
        let raw: Vec<f64> = (0..20).map(|i| f64::from(i) * 1e300).collect();
        for scaling in [Scaling::Standard, Scaling::Robust] {
            let found = scale(&column(""), &raw, scaling);
            assert_eq!(found, Err("its values are beyond any scale"));
        }
    }

    #[test]
    fn one_giant_does_not_stretch_the_scale() {
        let mut raw: Vec<f64> = (0..1000).map(f64::from).collect();
        raw.push(1e9);
        for scaling in [Scaling::Standard, Scaling::Robust] {
            let scaled = scale(&column(" | unit: money"), &raw, scaling).unwrap();
            let greatest = scaled.iter().copied().fold(f64::MIN, f64::max);
            assert!(greatest < 3.0, "{greatest}");
        }
    }

    #[test]
    fn standard_scale_has_mean_zero_and_deviation_one() {
        let raw: Vec<f64> = (0..100).map(|i| f64::from(i * i)).collect();
        let scaled = scale(&column(" | transform: log1p"), &raw, Scaling::Standard).unwrap();
        let mean = scaled.iter().sum::<f64>() / 100.0;
        let variance = scaled.iter().map(|z| z * z).sum::<f64>() / 100.0;
        assert!(mean.abs() < 1e-9 && (variance - 1.0).abs() < 1e-9);
    }

    #[test]
    fn missing_values_are_filled_as_declared_and_constants_left_out() {
        let raw = [1.0, f64::NAN, 3.0, 2.0];
        let filled = scale(
            &column(" | missing: max | winsor: 0..1"),
            &raw,
            Scaling::Standard,
        )
        .unwrap();
        assert!((filled[1] - filled[2]).abs() < 1e-12);
        assert_eq!(
            scale(&column(""), &[2.0, 2.0, f64::NAN], Scaling::Robust),
            Err("constant")
        );
        assert_eq!(
            scale(&column(""), &[f64::NAN], Scaling::Robust),
            Err("no value")
        );
    }
}
