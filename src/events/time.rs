//! Times as shops write them, read into the shop's local wall clock in seconds.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The zones of a file's times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zones {
    /// Where a stamp without an offset was written.
    pub stamps: TimeZone,
    /// Where the hours and weekdays of the report are counted.
    pub report: TimeZone,
}

impl Zones {
    /// One zone for both.
    #[must_use]
    pub fn one(zone: TimeZone) -> Self {
        Self {
            stamps: zone.clone(),
            report: zone,
        }
    }

    /// Wall clock of the report for a wall clock of the stamps. An hour that the clock skips or strikes twice is taken as
    /// RFC 5545 has it.
    fn moved(&self, wall: i64) -> Option<i64> {
        if self.stamps == self.report {
            return Some(wall);
        }
        let civil = TimeZone::UTC.to_datetime(Timestamp::from_second(wall).ok()?);
        let utc = self.stamps.to_timestamp(civil).ok()?.as_second();
        local(utc, &self.report)
    }
}

/// How a column writes its times; decided once, on its first rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFormat {
    /// `2010-12-01 08:26:00`, `2010-12-01T08:26:00+01:00`, `2019-10-01 00:00:00 UTC`, `2010/12/01`.
    YearFirst,
    /// `31/12/2010 8:26`, `31.12.2010`.
    DayFirst,
    /// `12/31/2010 8:26`.
    MonthFirst,
    /// `19970101`, `19970101083000`.
    Compact,
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMillis,
    /// Microseconds since 1970.
    UnixMicros,
}

impl TimeFormat {
    /// For people.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::YearFirst => "year-month-day",
            Self::DayFirst => "day/month/year",
            Self::MonthFirst => "month/day/year",
            Self::Compact => "yyyymmdd",
            Self::UnixSeconds => "Unix seconds",
            Self::UnixMillis => "Unix milliseconds",
            Self::UnixMicros => "Unix microseconds",
        }
    }

    /// The format that reads most of the samples; none where none reads half of them.
    ///
    /// Where day and month cannot be told apart it is month/day, and [`Self::is_ambiguous`] says so.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the iterator is cloned for each format"
    )]
    pub fn guess<'a>(samples: impl Iterator<Item = &'a str> + Clone) -> Option<Self> {
        use TimeFormat::{
            Compact, DayFirst, MonthFirst, UnixMicros, UnixMillis, UnixSeconds, YearFirst,
        };
        let total = samples.clone().filter(|s| !s.trim().is_empty()).count();
        let mut best = None;
        for format in [
            YearFirst,
            MonthFirst,
            DayFirst,
            Compact,
            UnixSeconds,
            UnixMillis,
            UnixMicros,
        ] {
            let read = samples
                .clone()
                .filter(|text| format.parse(text, &TimeZone::UTC).is_some())
                .count();
            if read * 2 > total && best.is_none_or(|(_, most)| read > most) {
                best = Some((format, read));
            }
        }
        best.map(|(format, _)| format)
    }

    /// Whether this format reads a text of which day/month/year and month/day/year make different days: one such column
    /// tells the order only by another of its cells.
    #[must_use]
    pub fn is_ambiguous(self, text: &str) -> bool {
        let read = |format: Self| format.parse(text, &TimeZone::UTC);
        matches!(self, Self::DayFirst | Self::MonthFirst)
            && read(Self::DayFirst).is_some()
            && read(Self::MonthFirst).is_some()
    }

    /// The order of day and month that a text tells; none where it reads both ways or not at all.
    #[must_use]
    pub fn told_by(text: &str) -> Option<Self> {
        let read = |format: Self| format.parse(text, &TimeZone::UTC).is_some();
        match (read(Self::DayFirst), read(Self::MonthFirst)) {
            (true, false) => Some(Self::DayFirst),
            (false, true) => Some(Self::MonthFirst),
            _ => None,
        }
    }

    /// Local seconds since 1970-01-01 00:00 of the shop's wall clock.
    ///
    /// A time that names its offset, or counts from 1970, is moved to `zone`; any other is local already.
    #[must_use]
    pub fn parse(self, text: &str, zone: &TimeZone) -> Option<i64> {
        self.parse_in(text, &Zones::one(zone.clone()))
    }

    /// Local seconds since 1970-01-01 00:00 of the wall clock where the report is read.
    ///
    /// A time that names its offset, or counts from 1970, is moved there; any other is first one of the stamps' zone.
    #[must_use]
    pub fn parse_in(self, text: &str, zones: &Zones) -> Option<i64> {
        let zone = &zones.report;
        let text = text.trim();
        let seconds = match self {
            Self::UnixSeconds if (9..=10).contains(&text.len()) => local(digits(text)?, zone)?,
            Self::UnixMillis if (12..=13).contains(&text.len()) => {
                local(digits(text)?.div_euclid(1000), zone)?
            }
            Self::UnixMicros if (15..=16).contains(&text.len()) => {
                local(digits(text)?.div_euclid(1_000_000), zone)?
            }
            Self::UnixSeconds | Self::UnixMillis | Self::UnixMicros => return None,
            Self::Compact if text.len() == 8 => compact(text)?,
            Self::Compact => zones.moved(compact(text)?)?,
            Self::YearFirst | Self::DayFirst | Self::MonthFirst => self.parted(text, zones)?,
        };
        // 1970 to 2199: anything else is a mistake, not a purchase.
        (0..7_258_118_400).contains(&seconds).then_some(seconds)
    }

    fn parted(self, text: &str, zones: &Zones) -> Option<i64> {
        if self == Self::YearFirst
            && let Some(([year, month, day], [hour, minute, second])) = usual(text.as_bytes())
        {
            return zones.moved(midnight(year, month, day)? + seconds(hour, minute, second)?);
        }
        let (date, rest) = match text.find([' ', 'T', 't']) {
            Some(at) => (&text[..at], text[at + 1..].trim_start()),
            None => (text, ""),
        };
        let mut parts = date
            .split(['-', '/', '.', '年', '月'])
            .map(|part| digits(part.trim_end_matches('日')));
        let (a, b, c) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() {
            return None;
        }
        let (year, month, day) = match self {
            Self::YearFirst => (a, b, c),
            Self::DayFirst => (c, b, a),
            _ => (c, a, b),
        };
        let start = midnight(year, month, day)?;
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.'))
            .unwrap_or(rest.len());
        let clock = if rest.is_empty() {
            0
        } else {
            clock(&rest[..end])?
        };
        match rest[end..].trim() {
            // A day without an hour is that day everywhere.
            "" if rest.is_empty() => Some(start),
            "" => zones.moved(start + clock),
            "AM" | "am" => zones.moved(start + clock % 43_200),
            "PM" | "pm" => zones.moved(start + clock % 43_200 + 43_200),
            offset => local(start + clock - offset_seconds(offset)?, &zones.report),
        }
    }
}

/// Date and clock of `2010-12-01 08:26:00`, which is how most files write them; none for any other form.
fn usual(text: &[u8]) -> Option<([i64; 3], [i64; 3])> {
    let text: &[u8; 19] = text.try_into().ok()?;
    let marks = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if marks.iter().any(|(at, mark)| text[*at] != *mark) || !matches!(text[10], b' ' | b'T' | b't')
    {
        return None;
    }
    let digit = |at: usize| {
        text[at]
            .is_ascii_digit()
            .then(|| i64::from(text[at] - b'0'))
    };
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    let date = [two(0)? * 100 + two(2)?, two(5)?, two(8)?];
    Some((date, [two(11)?, two(14)?, two(17)?]))
}

fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

fn local(utc: i64, zone: &TimeZone) -> Option<i64> {
    if *zone == TimeZone::UTC {
        return Some(utc);
    }
    let offset = zone.to_offset(Timestamp::from_second(utc).ok()?);
    Some(utc + i64::from(offset.seconds()))
}

fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1970..2200).contains(&year) {
        return None;
    }
    let date = Date::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
    .ok()?;
    Some(
        TimeZone::UTC
            .to_timestamp(date.at(0, 0, 0, 0))
            .ok()?
            .as_second(),
    )
}

fn clock(text: &str) -> Option<i64> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let mut parts = whole.split(':').map(digits);
    let (hour, minute, second) = (
        parts.next()??,
        parts.next()??,
        parts.next().unwrap_or(Some(0))?,
    );
    parts
        .next()
        .is_none()
        .then(|| seconds(hour, minute, second))?
}

/// Seconds since midnight. 23:59:60 is a leap second: it is counted to its minute.
fn seconds(hour: i64, minute: i64, second: i64) -> Option<i64> {
    let is_valid = hour < 24 && minute < 60 && second <= 60;
    is_valid.then(|| hour * 3600 + minute * 60 + second.min(59))
}

fn compact(text: &str) -> Option<i64> {
    if !matches!(text.len(), 8 | 14) || !text.is_ascii() {
        return None;
    }
    let part = |from: usize, to: usize| digits(&text[from..to]);
    let start = midnight(part(0, 4)?, part(4, 6)?, part(6, 8)?)?;
    if text.len() == 8 {
        return Some(start);
    }
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    (hour < 24 && minute < 60 && second < 60).then_some(start + hour * 3600 + minute * 60 + second)
}

fn offset_seconds(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let number = text[1..].replace(':', "");
    let value = digits(&number)?;
    let (hours, minutes) = if number.len() <= 2 {
        (value, 0)
    } else {
        (value / 100, value % 100)
    };
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<i64> {
        TimeFormat::guess(std::iter::once(text))?.parse(text, &TimeZone::UTC)
    }

    #[test]
    fn common_forms_mean_the_same_instant() {
        let expected = Some(1_291_191_960); // 2010-12-01 08:26:00
        for text in [
            "2010-12-01 08:26:00",
            "2010-12-01T08:26",
            "2010-12-01T08:26:00Z",
            "2010-12-01 08:26:00 UTC",
            "2010-12-01 08:26:00.999",
            "2010-12-01T10:26:00+02:00",
            "2010/12/1 8:26",
            "12/1/2010 8:26",
            "12/1/2010 08:26 AM",
            "20101201082600",
            "1291191960",
            "1291191960000",
            "1291191960000000",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn days_after_the_twelfth_decide_the_order() {
        let samples = ["01/02/2020", "13/02/2020"];
        assert_eq!(
            TimeFormat::guess(samples.into_iter()),
            Some(TimeFormat::DayFirst)
        );
        assert_eq!(
            TimeFormat::guess(["01/02/2020", "02/13/2020"].into_iter()),
            Some(TimeFormat::MonthFirst)
        );
    }

    #[test]
    fn a_zone_moves_absolute_times_only() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let at = |text: &str| TimeFormat::YearFirst.parse(text, &zone).unwrap();
        assert_eq!(
            at("2010-12-01 08:26:00 UTC") - at("2010-12-01 08:26:00"),
            8 * 3600
        );
    }

    #[test]
    fn stamps_of_one_zone_are_reported_in_another() {
        let zones = Zones {
            stamps: TimeZone::get("Europe/London").unwrap(),
            report: TimeZone::get("Asia/Shanghai").unwrap(),
        };
        let at = |text: &str| TimeFormat::YearFirst.parse_in(text, &zones).unwrap();
        let plain = |text: &str| TimeFormat::YearFirst.parse(text, &TimeZone::UTC).unwrap();
        // London is an hour ahead of UTC in summer.
        assert_eq!(at("2010-07-01 20:00"), plain("2010-07-02 03:00"));
        assert_eq!(at("2010-12-01 20:00"), plain("2010-12-02 04:00"));
        assert_eq!(at("2010-07-01 20:00 UTC"), plain("2010-07-02 04:00"));
        assert_eq!(at("2010-07-01"), plain("2010-07-01"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "yesterday",
            "2010-13-01",
            "2010-02-30",
            "1810-01-01",
            "2010-12-01 25:00",
            "2010-12-01 25:00:00",
            "2010-13-01 08:26:00",
            "2010-12-01 08:2 :00",
            "2010-12-01 08:26 foo",
        ] {
            assert_eq!(
                TimeFormat::YearFirst.parse(text, &TimeZone::UTC),
                None,
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = read(&text);
            for format in [TimeFormat::YearFirst, TimeFormat::DayFirst, TimeFormat::Compact, TimeFormat::UnixMillis] {
                let _ = format.parse(&text, &TimeZone::UTC);
            }
        }
    }
}
