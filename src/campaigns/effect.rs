//! Whether a campaign worked: treated against holdout.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::records::{Arm, Effect};
use crate::segments::NORMAL_95;

/// Power that a detectable effect is told for.
const POWER: f64 = 0.8;

impl Arm {
    /// Adds one user who bought (or not) and brought so much.
    pub fn add(&mut self, has_bought: bool, amount: f64) {
        self.users += 1;
        self.buyers += u64::from(has_bought);
        self.revenue += amount;
        self.squares += amount * amount;
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            users: self.users + other.users,
            buyers: self.buyers + other.buyers,
            revenue: self.revenue + other.revenue,
            squares: self.squares + other.squares,
        }
    }

    /// The share that bought; 0 of nobody.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.buyers as f64 / self.users.max(1) as f64
    }

    fn mean(&self) -> f64 {
        self.revenue / self.users.max(1) as f64
    }

    fn variance_of_mean(&self) -> f64 {
        let n = self.users as f64;
        ((self.squares - n * self.mean() * self.mean()).max(0.0) / (n - 1.0)) / n
    }

    /// Wilson's interval of the share (Wilson, JASA 22, 1927).
    fn wilson(&self) -> (f64, f64) {
        let (n, p, z) = (self.users as f64, self.rate(), NORMAL_95);
        let below = 1.0 + z * z / n;
        let middle = (p + z * z / (2.0 * n)) / below;
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / below;
        (middle - half, middle + half)
    }
}

/// Treated against holdout; none where either has fewer than two users.
#[must_use]
pub fn effect(treated: &Arm, held: &Arm) -> Option<Effect> {
    if treated.users < 2 || held.users < 2 {
        return None;
    }
    let conversion = treated.rate() - held.rate();
    let ((low, high), (low_held, high_held)) = (treated.wilson(), held.wilson());
    let below = (treated.rate() - low).hypot(high_held - held.rate());
    let above = (high - treated.rate()).hypot(held.rate() - low_held);
    let revenue = treated.mean() - held.mean();
    let (one, other) = (treated.variance_of_mean(), held.variance_of_mean());
    let spread = one + other;
    let freedom = spread * spread
        / (one * one / (treated.users - 1) as f64 + other * other / (held.users - 1) as f64);
    let quantile = StudentsT::new(0.0, 1.0, freedom).map_or(NORMAL_95, |t| t.inverse_cdf(0.975));
    let half = quantile * spread.sqrt();
    Some(told(
        (conversion, (conversion - below, conversion + above)),
        (revenue, (revenue - half, revenue + half)),
        treated.users as f64,
    ))
}

/// The effect over several segments: the differences of each, weighted by its treated users, so that a segment whose holdout is
/// larger than another's moves nothing (a stratified estimate: Cochran, Sampling Techniques, 1977, chapter 5). None where no
/// segment has two users on both sides.
#[must_use]
pub fn pooled(segments: &[(Arm, Arm)]) -> Option<Effect> {
    if let [(treated, held)] = segments {
        return effect(treated, held);
    }
    let effects: Vec<(f64, &(Arm, Arm), Effect)> = segments
        .iter()
        .filter_map(|arms| Some((arms.0.users as f64, arms, effect(&arms.0, &arms.1)?)))
        .collect();
    let all: f64 = effects.iter().map(|one| one.0).sum();
    if all <= 0.0 {
        return None;
    }
    let (mut conversion, mut revenue) = ((0.0, 0.0), (0.0, 0.0));
    for (users, (treated, held), one) in &effects {
        let part = users / all;
        let spread = |arm: &Arm| arm.rate() * (1.0 - arm.rate()) / arm.users as f64;
        conversion.0 += part * one.conversion;
        conversion.1 += part * part * (spread(treated) + spread(held));
        revenue.0 += part * one.revenue;
        revenue.1 += part * part * (treated.variance_of_mean() + held.variance_of_mean());
    }
    let interval = |(middle, variance): (f64, f64)| {
        let half = NORMAL_95 * variance.sqrt();
        (middle - half, middle + half)
    };
    let (conversion_interval, revenue_interval) = (interval(conversion), interval(revenue));
    Some(told(
        (conversion.0, conversion_interval),
        (revenue.0, revenue_interval),
        all,
    ))
}

/// An effect from its differences and their intervals, over so many treated users.
fn told(
    (conversion, conversion_interval): (f64, (f64, f64)),
    (revenue, revenue_interval): (f64, (f64, f64)),
    treated: f64,
) -> Effect {
    let clear = |interval: (f64, f64)| interval.0 > 0.0 || interval.1 < 0.0;
    Effect {
        conversion,
        conversion_interval,
        revenue,
        revenue_interval,
        gained: treated * revenue,
        gained_interval: (treated * revenue_interval.0, treated * revenue_interval.1),
        is_clear: clear(conversion_interval) || clear(revenue_interval),
    }
}

/// The smallest difference of the share of buyers that a test at 5% on both sides finds with a power of 80%, where `rate` of
/// the holdout buy anyway (Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 2003, chapter 4). None where
/// either part is empty.
#[must_use]
pub fn detectable(rate: f64, treated: u64, held: u64) -> Option<f64> {
    if treated == 0 || held == 0 {
        return None;
    }
    let quantile = NORMAL_95 + Normal::standard().inverse_cdf(POWER);
    // Of a rate of nought or one nothing would vary: one user more or less stands for it.
    let all = (treated + held) as f64;
    let rate = rate.clamp(1.0 / (all + 2.0), 1.0 - 1.0 / (all + 2.0));
    let spread = rate * (1.0 - rate) * (1.0 / treated as f64 + 1.0 / held as f64);
    Some(quantile * spread.sqrt())
}

/// The chance that at least one of so many looks, each at 5%, shows a difference where there is none (Armitage, `McPherson` and
/// Rowe, "Repeated significance tests on accumulating data", JRSS A 132, 1969, table 2; beyond ten looks that of ten).
#[must_use]
pub fn error_of_looks(looks: usize) -> f64 {
    const TABLE: [f64; 10] = [
        0.05, 0.083, 0.107, 0.126, 0.142, 0.155, 0.166, 0.176, 0.185, 0.193,
    ];
    TABLE[looks.clamp(1, TABLE.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(users: u64, buyers: u64) -> Arm {
        let mut arm = Arm::default();
        for user in 0..users {
            arm.add(user < buyers, if user < buyers { 10.0 } else { 0.0 });
        }
        arm
    }

    #[test]
    fn the_interval_of_newcombes_example() {
        // His table II, row (a): 56/70 against 48/80, by method 10: 0.0524 to 0.3339.
        let found = effect(&arm(70, 56), &arm(80, 48)).unwrap();
        assert!((found.conversion - 0.2).abs() < 1e-12);
        assert!(
            (found.conversion_interval.0 - 0.0524).abs() < 1e-4,
            "{found:?}"
        );
        assert!(
            (found.conversion_interval.1 - 0.3339).abs() < 1e-4,
            "{found:?}"
        );
        assert!(found.is_clear);
        assert!((found.gained - 70.0 * 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_larger_holdout_in_one_segment_makes_no_effect() {
        // Half of the one segment buy, one in fifty of the other, whoever is written to; the holdouts differ.
        let segments = [(arm(500, 250), arm(500, 250)), (arm(900, 18), arm(100, 2))];
        let found = pooled(&segments).unwrap();
        assert!(
            found.conversion.abs() < 1e-12 && !found.is_clear,
            "{found:?}"
        );
        let whole = effect(&arm(1400, 268), &arm(600, 252)).unwrap();
        assert!(whole.is_clear, "added up they would mislead");
    }

    #[test]
    fn welchs_interval_of_revenue() {
        // scipy.stats.ttest_ind([1, 2, 3, 4, 5, 6], [2, 4, 4, 4, 5], equal_var=False).confidence_interval()
        let of = |amounts: &[f64]| {
            let mut arm = Arm::default();
            for amount in amounts {
                arm.add(true, *amount);
            }
            arm
        };
        let found = effect(
            &of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            &of(&[2.0, 4.0, 4.0, 4.0, 5.0]),
        )
        .unwrap();
        assert!((found.revenue + 0.3).abs() < 1e-12);
        let (low, high) = found.revenue_interval;
        assert!(
            (low + 2.382_659).abs() < 1e-4 && (high - 1.782_659).abs() < 1e-4,
            "{found:?}"
        );
    }

    #[test]
    fn nothing_is_told_without_a_holdout_and_nobody_buying_is_no_panic() {
        assert!(effect(&arm(10, 2), &arm(0, 0)).is_none());
        let found = effect(&arm(50, 0), &arm(50, 0)).unwrap();
        assert!(!found.is_clear && found.revenue.abs() < 1e-12);
        assert!(detectable(0.1, 100, 0).is_none());
    }

    #[test]
    fn a_larger_holdout_detects_less() {
        let small = detectable(0.1, 900, 100).unwrap();
        // (1.96 + 0.8416) sqrt(0.09 (1/900 + 1/100)).
        assert!((small - 0.088_6).abs() < 1e-3, "{small}");
        assert!(detectable(0.1, 500, 500).unwrap() < small);
        assert!(detectable(0.0, 500, 500).unwrap() > 0.0);
    }
}
