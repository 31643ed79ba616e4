//! E-mail addresses, phone numbers and card numbers in free text become marks.

use std::borrow::Cow;
use std::ops::AddAssign;

/// How many of each kind were replaced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Redactions {
    /// E-mail addresses.
    pub emails: u64,
    /// Phone numbers.
    pub phones: u64,
    /// Card numbers.
    pub cards: u64,
}

impl Redactions {
    /// All kinds together.
    #[must_use]
    pub fn total(self) -> u64 {
        self.emails + self.phones + self.cards
    }
}

impl AddAssign for Redactions {
    fn add_assign(&mut self, other: Self) {
        self.emails += other.emails;
        self.phones += other.phones;
        self.cards += other.cards;
    }
}

/// Replaces e-mail addresses, card numbers (13 to 19 digits that pass Luhn) and phone numbers (8 to 15
/// digits that begin with `+`, `0` or `1`, or are parted like one) by `‹email›`, `‹card›` and `‹phone›`.
#[must_use]
pub fn redact(text: &str) -> (Cow<'_, str>, Redactions) {
    let mut counts = Redactions::default();
    let bytes = text.as_bytes();
    if !bytes.contains(&b'@') && bytes.iter().filter(|b| b.is_ascii_digit()).count() < 8 {
        return (Cow::Borrowed(text), counts);
    }
    let without_emails = emails(text, &mut counts);
    let without_numbers = numbers(&without_emails, &mut counts);
    if counts.total() == 0 {
        (Cow::Borrowed(text), counts)
    } else {
        (Cow::Owned(without_numbers), counts)
    }
}

/// Each `@` with something before it and a dotted name after it, up to the blanks and brackets around.
fn emails(text: &str, counts: &mut Redactions) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "._%+-@".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let word_length = rest[start..]
            .find(|c| !is_part(c))
            .unwrap_or(rest.len() - start);
        let word = &rest[start..start + word_length];
        out.push_str(&rest[..start]);
        let address = word.split_once('@').is_some_and(|(name, host)| {
            let host = host.trim_end_matches(['.', '-', '_']);
            !name.is_empty()
                && host
                    .split_once('.')
                    .is_some_and(|(first, last)| !first.is_empty() && !last.is_empty())
        });
        if address {
            counts.emails += 1;
            out.push_str("‹email›");
        } else {
            out.push_str(word);
        }
        rest = &rest[start + word_length..];
    }
    out.push_str(rest);
    out
}

/// Runs of digits with at most one blank, dash, dot, slash or bracket pair between them.
///
/// Two numbers in a row look like one run: the longest beginning of it that is a number is taken, and where
/// there is none, its first group of digits is passed over and the next one tried.
fn numbers(text: &str, counts: &mut Redactions) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let before = at.checked_sub(1).map(|i| characters[i]);
        let begins = (characters[at].is_ascii_digit() || matches!(characters[at], '+' | '('))
            && !before.is_some_and(char::is_alphanumeric);
        let run = if begins { run_end(&characters, at) } else { at };
        let found = ends(&characters, at, run)
            .rev()
            .find_map(|end| Some((end, kind(&characters[at..end])?)));
        if let Some((end, mark)) = found {
            if mark == "‹card›" {
                counts.cards += 1;
            } else {
                counts.phones += 1;
            }
            out.push_str(mark);
            at = end;
        } else {
            let next = ends(&characters, at, run).next().unwrap_or(at + 1);
            out.extend(&characters[at..next]);
            at = next;
        }
    }
    out
}

/// Where groups of digits end in a run, and no letter follows.
fn ends(
    characters: &[char],
    start: usize,
    run: usize,
) -> impl DoubleEndedIterator<Item = usize> + '_ {
    (start + 1..=run).filter(move |&end| {
        let after = characters.get(end);
        characters[end - 1].is_ascii_digit() && !after.is_some_and(|c| c.is_alphanumeric())
    })
}

fn run_end(characters: &[char], start: usize) -> usize {
    let mut end = start;
    let mut last_digit = start;
    while let Some(c) = characters.get(end) {
        if c.is_ascii_digit() {
            last_digit = end + 1;
        } else if !matches!(c, '+' | '(' | ')' | ' ' | '-' | '.' | '/') || end - last_digit >= 2 {
            break;
        }
        end += 1;
    }
    last_digit
}

fn kind(run: &[char]) -> Option<&'static str> {
    let digits: Vec<u32> = run.iter().filter_map(|c| c.to_digit(10)).collect();
    let parts = run
        .split(|c| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .count();
    if (13..=19).contains(&digits.len()) && luhn(&digits) {
        return Some("‹card›");
    }
    let parted_like_one = (3..=5).contains(&parts) && digits.len() >= 9;
    let starts_like_one = matches!(run.first(), Some('+')) || matches!(digits.first(), Some(0 | 1));
    ((8..=15).contains(&digits.len()) && (starts_like_one || parted_like_one)).then_some("‹phone›")
}

/// The check of ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u32]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_become_marks_and_are_counted() {
        let (text, counts) = redact(
            "gift for jane.doe+shop@mail.example.co, call +44 20 7946 0958 or 4111 1111 1111 1111!",
        );
        assert_eq!(text, "gift for ‹email›, call ‹phone› or ‹card›!");
        assert_eq!(
            counts,
            Redactions {
                emails: 1,
                phones: 1,
                cards: 1
            }
        );
    }

    #[test]
    fn numbers_in_a_row_are_told_apart() {
        let (text, counts) = redact("4111 1111 1111 1111 +44 20 7946 0958 0151 23456789");
        assert_eq!(text, "‹card› ‹phone› ‹phone›");
        assert_eq!((counts.cards, counts.phones), (1, 2));
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in [
            "air fryer 5.5l",
            "usb-c 65w",
            "iphone 15 pro 256",
            "@home",
            "a@b",
            "85123A",
            "lego 75192 2023",
        ] {
            assert_eq!(
                redact(text),
                (Cow::Borrowed(text), Redactions::default()),
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics_and_no_address_survives(before in "\\PC{0,20}", name in "[a-z]{1,8}", after in "\\PC{0,20}") {
            let (text, _) = redact(&before);
            let _ = text.len();
            let address = format!("{before} {name}@mail.example {after}");
            let redacted = redact(&address).0;
            let leaked = format!("{name}@mail");
            proptest::prop_assert!(!redacted.contains(&leaked));
        }
    }
}
