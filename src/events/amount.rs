//! Prices and quantities, read exactly: no doubles on the way.

/// Which mark a file's amounts have before the cents; decided once, on its first rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DecimalMark {
    /// None of the first amounts tells: each number is taken by itself.
    #[default]
    Unknown,
    /// `1,234.50`
    Point,
    /// `1.234,50`
    Comma,
}

impl DecimalMark {
    /// The mark that the samples tell: a last separator with other than three digits after it, or one that comes after
    /// the other kind. Where samples disagree none is told.
    #[must_use]
    pub fn guess<'a>(samples: impl Iterator<Item = &'a str>) -> Self {
        let (mut point, mut comma) = (false, false);
        for text in samples {
            let number = text.trim_matches(|c: char| !c.is_ascii_digit());
            let is_number = |c: char| c.is_ascii_digit() || ".,' \u{a0}".contains(c);
            let Some(last) = number
                .rfind(['.', ','])
                .filter(|_| number.chars().all(is_number))
            else {
                continue;
            };
            let mark = &number[last..=last];
            let other = if mark == "." { ',' } else { '.' };
            let tells = number.len() - last != 4 || number.contains(other);
            if tells && number.matches(mark).count() == 1 {
                point |= mark == ".";
                comma |= mark == ",";
            }
        }
        match (point, comma) {
            (true, false) => Self::Point,
            (false, true) => Self::Comma,
            _ => Self::Unknown,
        }
    }
}

/// The decimal number in `text` times `10^places`, rounded half away from zero; none where it is not one.
///
/// Understands a currency sign around it, thousands separators, a decimal comma, and exponents.
#[must_use]
pub fn decimal(text: &str, places: u32) -> Option<i64> {
    decimal_with(text, places, DecimalMark::Unknown)
}

/// As [`decimal`], with the mark that the file's amounts have.
#[must_use]
pub fn decimal_with(text: &str, places: u32, mark: DecimalMark) -> Option<i64> {
    if let Some(number) = usual(text.as_bytes(), places, mark) {
        return Some(number);
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || "£$€¥￥元".contains(c));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (
            true,
            rest.trim_start_matches(|c: char| c.is_whitespace() || "£$€¥￥".contains(c)),
        ),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let sign = |magnitude: i64| if negative { -magnitude } else { magnitude };
    if let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) {
        let exponent: i32 = exponent.parse().ok()?;
        let places = i32::try_from(places).ok()?.checked_add(exponent)?;
        return plain(mantissa, places, mark).map(sign);
    }
    plain(digits, i32::try_from(places).ok()?, mark).map(sign)
}

/// As [`decimal_with`] of digits with at most one point among them, which is how nearly all amounts are written; none says
/// nothing.
fn usual(text: &[u8], places: u32, mark: DecimalMark) -> Option<i64> {
    if text.len() > 12 || mark == DecimalMark::Comma {
        return None;
    }
    let (mut value, mut behind) = (0_i64, None);
    for byte in text {
        match (byte, &mut behind) {
            (b'0'..=b'9', behind) => {
                value = value * 10 + i64::from(byte - b'0');
                *behind = behind.map(|places: u32| places + 1);
            }
            (b'.', behind @ None) => *behind = Some(0),
            _ => return None,
        }
    }
    let more = places.checked_sub(behind.unwrap_or(0))?;
    let has_digit = text.len() > usize::from(behind.is_some());
    (has_digit && more <= 4).then(|| value * 10_i64.pow(more))
}

fn plain(digits: &str, places: i32, mark: DecimalMark) -> Option<i64> {
    let point = match mark {
        DecimalMark::Unknown => decimal_point(digits),
        DecimalMark::Point => digits.rfind('.'),
        DecimalMark::Comma => digits.rfind(','),
    };
    let (whole, fraction) = point.map_or((digits, ""), |at| (&digits[..at], &digits[at + 1..]));
    let mut value: i64 = 0;
    let mut seen = false;
    for byte in whole
        .bytes()
        .filter(|b| !b",.' \xc2\xa0".contains(b))
        .chain(fraction.bytes())
    {
        let digit = i64::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        value = value.checked_mul(10)?.checked_add(digit)?;
        seen = true;
    }
    if !seen {
        return None;
    }
    let shift = places - i32::try_from(fraction.len()).ok()?;
    let scaled = match u32::try_from(shift) {
        Ok(up) => value.checked_mul(10_i64.checked_pow(up)?)?,
        Err(_) => match 10_i64.checked_pow(shift.unsigned_abs()) {
            Some(down) => value.saturating_add(down / 2) / down,
            None => 0,
        },
    };
    // DECIMAL(18) in the store.
    (scaled < 1_000_000_000_000_000_000).then_some(scaled)
}

/// Where the decimal point is: the last separator, unless it parts thousands; none in a whole number.
fn decimal_point(digits: &str) -> Option<usize> {
    let separators: Vec<(usize, u8)> = digits
        .bytes()
        .enumerate()
        .filter(|(_, b)| matches!(b, b'.' | b','))
        .collect();
    let (last, mark) = *separators.last()?;
    let same = separators.iter().filter(|(_, b)| *b == mark).count();
    // 1,234,567 and 1,234
    let lone_comma = mark == b',' && separators.len() == 1;
    let thousands = same > 1 || lone_comma && digits.len() - last == 4 && (1..4).contains(&last);
    (!thousands).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, expected) in [
            ("2.55", Some(25_500)),
            ("£1,234.50", Some(12_345_000)),
            ("1.234,50", Some(12_345_000)),
            ("12,34", Some(123_400)),
            ("1,234", Some(12_340_000)),
            ("-3", Some(-30_000)),
            ("-£3", Some(-30_000)),
            ("0", Some(0)),
            ("1e-2", Some(100)),
            ("2.5E3", Some(25_000_000)),
            ("0.00005", Some(1)),
            (".5", Some(5_000)),
            ("", None),
            ("abc", None),
            ("1.2.3x", None),
            ("--1", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(decimal(text, 4), expected, "{text}");
        }
    }

    #[test]
    fn one_mark_holds_for_a_whole_file() {
        let guess = |samples: &[&str]| DecimalMark::guess(samples.iter().copied());
        assert_eq!(guess(&["1.250", "12,5", "3"]), DecimalMark::Comma);
        assert_eq!(guess(&["£1,250", "12.50"]), DecimalMark::Point);
        assert_eq!(guess(&["1.250,00 €"]), DecimalMark::Comma);
        assert_eq!(guess(&["1.250", "7"]), DecimalMark::Unknown);
        assert_eq!(guess(&["1.5", "1,5"]), DecimalMark::Unknown);
        assert_eq!(decimal_with("1.250", 2, DecimalMark::Comma), Some(125_000));
        assert_eq!(decimal_with("1.250", 2, DecimalMark::Point), Some(125));
        assert_eq!(decimal_with("1,250", 2, DecimalMark::Point), Some(125_000));
        assert_eq!(
            decimal_with("1\u{a0}250,5", 2, DecimalMark::Comma),
            Some(125_050)
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_number_or_none(text in "\\PC{0,24}") {
            let _ = decimal(&text, 4);
        }

        #[test]
        fn the_quick_way_reads_what_the_other_reads(text in "[0-9]{0,7}[.,]?[0-9]{0,6}", places in 0_u32..=4) {
            for mark in [DecimalMark::Unknown, DecimalMark::Point, DecimalMark::Comma] {
                if let Some(quick) = usual(text.as_bytes(), places, mark) {
                    proptest::prop_assert_eq!(Some(quick), plain(&text, places.try_into().unwrap(), mark), "{}", text);
                }
            }
        }

        #[test]
        fn what_is_written_plainly_is_read_back(whole in 0_i64..1_000_000_000, cents in 0_i64..100) {
            proptest::prop_assert_eq!(decimal(&format!("{whole}.{cents:02}"), 4), Some(whole * 10_000 + cents * 100));
        }
    }
}
