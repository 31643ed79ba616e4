//! Check digits: what tells an identifier from any other number of its length.

/// The digits of a text as numbers; anything else is left out.
pub fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// The check of ISO/IEC 7812-1, annex B (Luhn).
pub fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| {
            if i % 2 == 1 {
                digit * 2 - if *digit > 4 { 9 } else { 0 }
            } else {
                *digit
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The check of a barcode number (EAN-8, UPC-A, EAN-13, GTIN-14): weights 3 and 1 from the right.
pub fn gtin(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, digit)| if i % 2 == 1 { digit * 3 } else { *digit })
        .sum();
    matches!(digits.len(), 8 | 12 | 13 | 14) && sum.is_multiple_of(10)
}

/// The remainder by 97 of ISO 7064 that ISO 13616 asks of an IBAN, its blanks already taken out: 1 for a right one.
pub fn iban_remainder(iban: &str) -> u32 {
    let (head, body) = iban.split_at_checked(4).unwrap_or((iban, ""));
    body.chars()
        .chain(head.chars())
        .filter_map(|c| c.to_digit(36))
        .fold(0, |sum, value| {
            (sum * if value > 9 { 100 } else { 10 } + value) % 97
        })
}

/// The last character of a Chinese resident id by its first 17 digits: GB 11643-1999, ISO 7064 MOD 11-2.
pub fn resident_check(first: &[u32]) -> char {
    let sum = first.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    match (12 - sum % 11) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// Whether 17 digits and a last character are a Chinese resident id: province, birth date and check.
pub fn resident_id(first: &[u32], last: char) -> bool {
    let number = |from: usize, to: usize| first[from..to].iter().fold(0, |n, digit| n * 10 + digit);
    first.len() == 17
        && matches!(number(0, 2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
        && (1900..=2099).contains(&number(6, 10))
        && (1..=days(number(6, 10), number(10, 12))).contains(&number(12, 14))
        && resident_check(first) == last.to_ascii_uppercase()
}

/// Days of a month; none of a month that is not one.
fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_pass_and_their_neighbours_do_not() {
        assert!(luhn(&digits("4111111111111111")) && !luhn(&digits("4111111111111112")));
        assert!(gtin(&digits("4006381333931")) && !gtin(&digits("4006381333932")));
        assert_eq!(iban_remainder("DE89370400440532013000"), 1);
        assert_ne!(iban_remainder("DE89370400440532013001"), 1);
        assert_eq!(iban_remainder("GB29NWBK60161331926819"), 1);
        let first = digits("11010519491231002");
        assert!(resident_id(&first, 'X') && resident_id(&first, 'x') && !resident_id(&first, '1'));
    }

    #[test]
    fn a_resident_id_needs_a_day_that_was() {
        let first = digits("11010519490231002");
        assert!(!resident_id(&first, resident_check(&first)));
        assert_eq!((days(2000, 2), days(1900, 2), days(2023, 13)), (29, 28, 0));
    }
}
