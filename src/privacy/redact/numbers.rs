//! Runs of digits as people part them: resident ids, cards and phone numbers.

use super::checks::{gtin, luhn, resident_id};
use super::fold::{free_after, free_before, window};
use super::kind::{Kind, Span};
use super::phone::Phones;

/// Most characters between two digits of a number, as in `(0) `.
const MOST_BETWEEN: usize = 3;
/// Most digits of a run that are looked at together.
const MOST_DIGITS: usize = 24;

/// Digits and what parts them.
pub struct Run<'a> {
    text: &'a str,
    /// The digits, each 0 to 9.
    pub digits: Vec<u32>,
    /// How many digits stand together.
    pub groups: Vec<usize>,
}

impl<'a> Run<'a> {
    fn new(text: &'a str) -> Self {
        let groups = text
            .split(|c: char| !c.is_ascii_digit())
            .map(str::len)
            .filter(|length| *length > 0);
        Self {
            text,
            digits: super::checks::digits(text),
            groups: groups.collect(),
        }
    }

    /// Whether it begins with the sign of an international number.
    pub fn has_plus(&self) -> bool {
        self.text.trim_start_matches('(').starts_with('+')
    }

    /// Whether a zero stands in it that is left out where one calls from abroad.
    pub fn has_trunk_zero(&self) -> bool {
        self.text.contains("(0)")
    }

    /// Whether anything stands between its digits.
    pub fn is_parted(&self) -> bool {
        self.groups.len() > 1
    }

    /// The digits as a text.
    pub fn text_digits(&self) -> String {
        self.text.chars().filter(char::is_ascii_digit).collect()
    }

    /// Whether its first three groups are a date.
    pub fn is_date(&self) -> bool {
        let mut parts = self.text.split(|c: char| !c.is_ascii_digit());
        let (Some(a), Some(b), Some(c)) = (parts.next(), parts.next(), parts.next()) else {
            return false;
        };
        let number = |part: &str| part.parse::<u32>().unwrap_or(u32::MAX);
        let is = |part: &str, most: u32| {
            (1..=2).contains(&part.len()) && (1..=most).contains(&number(part))
        };
        let is_year = |part: &str| part.len() == 4 && (1900..2100).contains(&number(part));
        let is_day = (is(a, 31) && is(b, 12)) || (is(a, 12) && is(b, 31));
        (is_year(a) && is(b, 12) && is(c, 31))
            || (is_year(c) && is_day)
            || (self.groups.len() == 3 && c.len() == 2 && is_day)
    }

    /// Whether it can be the number of a card: the beginnings and lengths of the networks, and the check digit.
    fn is_card(&self) -> bool {
        let number = |digits: usize| self.digits[..digits].iter().fold(0, |n, d| n * 10 + d);
        let length = self.digits.len();
        if !(13..=19).contains(&length) || !luhn(&self.digits) {
            return false;
        }
        let is_of_a_network = match length {
            13 => number(1) == 4 && !gtin(&self.digits),
            14 => matches!(number(2), 36 | 38 | 39) || matches!(number(3), 300..=305),
            15 => matches!(number(2), 34 | 37) || matches!(number(4), 1800 | 2131),
            16 => {
                matches!(number(1), 3..=6)
                    || matches!(number(2), 81 | 82)
                    || matches!(number(4), 2200..=2204 | 2221..=2720)
            }
            _ => matches!(number(1), 4 | 6) || matches!(number(2), 35 | 50 | 56..=58),
        };
        let is_parted_like_one = self.groups.len() <= 5
            && self
                .text
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'))
            && (self.groups.len() == 1
                || self.groups[..self.groups.len() - 1]
                    .iter()
                    .all(|g| (3..=8).contains(g)));
        is_of_a_network && is_parted_like_one
    }
}

/// Finds them.
pub struct Numbers(Phones);

impl Numbers {
    /// Compiles the patterns.
    pub fn new() -> Self {
        Self(Phones::new())
    }

    /// All numbers of a person, from left to right.
    ///
    /// Two numbers in a row look like one run: the longest beginning of it that is a number is taken, and where there
    /// is none, its first group of digits is passed over and the next one tried.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(step) =
            text[at..].find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('))
        {
            let start = at + step;
            if !self.begins(text, start) {
                at = after_digits(text, start).max(start + 1);
                continue;
            }
            let ends = ends(text, start);
            let best = ends
                .iter()
                .rev()
                .find_map(|&end| self.kind(text, start, end));
            at = match best {
                Some((end, kind)) => {
                    let at = start..end;
                    found.push(Span { at, kind });
                    end
                }
                None => after_digits(text, start).max(start + 1),
            };
        }
        found
    }

    /// Whether a number can begin here: nothing is glued to it but a word for a phone, and it is not a part of another.
    fn begins(&self, text: &str, start: usize) -> bool {
        let mut before = text[..start].chars().rev();
        match (before.next(), before.next()) {
            (Some('-' | '.' | '/'), Some(c)) if c.is_ascii_digit() => false,
            (Some(c), _) if c.is_ascii_alphabetic() => self.0.is_called(window(&text[..start])),
            _ => free_before(text, start),
        }
    }

    /// What stands between two places, and where it ends.
    fn kind(&self, text: &str, start: usize, end: usize) -> Option<(usize, Kind)> {
        let run = Run::new(&text[start..end]);
        if run.text.starts_with('(') && !run.text.contains(')') {
            return None;
        }
        let is_id = |last| run.digits.len() >= 17 && resident_id(&run.digits[..17], last);
        if run.digits.len() == 17
            && let Some(x @ ('x' | 'X')) = text[end..].chars().next()
            && free_after(text, end + 1)
            && is_id(x)
        {
            return Some((end + 1, Kind::ResidentId));
        }
        if !free_after(text, end) {
            return None;
        }
        let before = window(&text[..start]);
        let last = text[..end].chars().next_back()?;
        let kind = if run.digits.len() == 18 && is_id(last) {
            Kind::ResidentId
        } else if run.is_card() && !self.0.is_counted(before) {
            Kind::Card
        } else if self.0.is_one(&run, before) {
            Kind::Phone
        } else {
            return None;
        };
        Some((end, kind))
    }
}

/// Where the digits end that stand here.
fn after_digits(text: &str, start: usize) -> usize {
    let length = text[start..].find(|c: char| !c.is_ascii_digit());
    length.map_or(text.len(), |length| start + length)
}

/// Where the groups of digits end that can be one number from here.
fn ends(text: &str, start: usize) -> Vec<usize> {
    let mut ends = Vec::new();
    let (mut digits, mut between) = (0, 0);
    let mut at = start;
    for (i, c) in text[start..].char_indices() {
        at = start + i;
        if c.is_ascii_digit() {
            digits += 1;
            if digits > MOST_DIGITS {
                return ends;
            }
            between = 0;
            continue;
        }
        if between == 0 && digits > 0 {
            ends.push(at);
        }
        between += 1;
        let parts = matches!(c, ' ' | '-' | '.' | '/' | '(' | ')') || (c == '+' && digits == 0);
        if !parts || between > MOST_BETWEEN {
            return ends;
        }
    }
    if between == 0 && digits > 0 {
        ends.push(at + 1);
    }
    ends
}
