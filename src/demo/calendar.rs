//! The shop's year 2025, day by day: weekdays, seasons and sales. Days count from 0, 1 January.

use jiff::civil::{Date, date};

/// Days of the year.
pub(super) const DAYS: u32 = 365;

/// How busy the months are, January first.
const BUSY: [f64; 12] = [
    0.95, 0.85, 0.95, 1.0, 1.0, 0.95, 0.9, 0.85, 1.0, 1.05, 1.3, 1.4,
];

/// First and last days of the sales: January, midsummer, two weeks around Black Friday, after Christmas.
const SALES: [(u32, u32); 4] = [(0, 13), (168, 181), (322, 335), (359, 364)];

/// The date of a day.
pub(super) fn day_of(day: u32) -> Date {
    date(2025, 1, 1).saturating_add(jiff::Span::new().days(i64::from(day)))
}

/// The first day of the month after each month.
const ENDS: [u32; 12] = [31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// The month of a day, 1 to 12.
pub(super) fn month(day: u32) -> u32 {
    1 + ENDS.iter().take_while(|&&end| end <= day).count().min(11) as u32
}

/// Whether a day is a Saturday or a Sunday (1 January 2025 was a Wednesday).
pub(super) fn weekend(day: u32) -> bool {
    matches!(day % 7, 3 | 4)
}

/// Whether a sale is on.
pub(super) fn sale(day: u32) -> bool {
    SALES
        .iter()
        .any(|&(first, last)| (first..=last).contains(&day))
}

/// How busy a day's month is, 1 on the average.
pub(super) fn season(day: u32) -> f64 {
    BUSY[month(day) as usize - 1]
}

/// How much a shelf with its best month `peak` (0: none) is in season on a day.
pub(super) fn in_season(peak: u32, day: u32) -> f64 {
    if peak == 0 {
        return 1.0;
    }
    let away = f64::from(
        peak.abs_diff(month(day))
            .min(12 - peak.abs_diff(month(day))),
    );
    0.7 + 1.3 * (-away * away / 2.0).exp()
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::*;

    #[test]
    fn weekends_agree_with_the_calendar_and_seasons_wrap_around_the_year() {
        for day in 0..DAYS {
            let weekday = day_of(day).weekday();
            assert_eq!(
                weekend(day),
                matches!(weekday, Weekday::Saturday | Weekday::Sunday),
                "day {day}"
            );
            assert_eq!(
                month(day),
                u32::from(day_of(day).month().unsigned_abs()),
                "day {day}"
            );
        }
        assert!(
            in_season(12, 5) > in_season(12, 180),
            "January is nearer to December than July is"
        );
    }
}
