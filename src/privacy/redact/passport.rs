//! Passport numbers: letters and digits that only a word beside them tells from a part number.

use regex::Regex;

use super::compiled;
use super::fold::{free_after, free_before};
use super::kind::{Kind, Span};

/// A word for a passport, and what follows it in the same sentence.
const WORD: &str = r"(?i)passports?|passeport|pasaporte|reisepass(?:nummer)?|pass-?nr|passnummer|\bppt\b|护照|護照";
/// A number as most countries write it: one or two letters and seven or eight digits, or nine digits.
const NUMBER: &str = r"(?i)[a-z]{1,2}[0-9]{7,8}|[0-9]{9}|[a-z0-9]{8,9}|[a-z][0-9]{6}";
/// Things that are made for passports.
const THING: &str = r"(?i)^[\s-]*(?:夹|套|包|封|收纳|holder|cover|case|wallet|photo|size|sleeve)";
/// Most characters between the word and the number.
const NEAR: usize = 32;

/// Finds passport numbers.
pub struct Passports {
    word: Regex,
    number: Regex,
    thing: Regex,
}

impl Passports {
    /// Compiles the patterns.
    pub fn new() -> Self {
        Self {
            word: compiled(WORD),
            number: compiled(NUMBER),
            thing: compiled(THING),
        }
    }

    /// All passport numbers, from left to right.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let words: Vec<_> = self
            .word
            .find_iter(text)
            .filter(|word| !self.thing.is_match(&text[word.end()..]))
            .map(|word| word.range())
            .collect();
        if words.is_empty() {
            return Vec::new();
        }
        let is_near = |from: usize, to: usize| {
            let between = text.get(from..to).unwrap_or_default();
            from <= to
                && between.chars().count() <= NEAR
                && !between.contains(['。', '!', '！', '\n'])
        };
        self.number
            .find_iter(text)
            .filter(|m| free_before(text, m.start()) && free_after(text, m.end()))
            .filter(|m| is_one(m.as_str()))
            .filter(|m| {
                words
                    .iter()
                    .any(|word| is_near(word.end, m.start()) || is_near(m.end(), word.start))
            })
            .map(|m| Span {
                at: m.range(),
                kind: Kind::Passport,
            })
            .collect()
    }
}

/// Whether letters and digits stand as in a passport number.
fn is_one(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    digits >= 6 || is_german(number)
}

/// Whether it is written as German passports are since 2007: nine characters without vowels, the first a letter.
fn is_german(number: &str) -> bool {
    let letter = |c: char| "CFGHJKLMNPRTVWXYZ".contains(c.to_ascii_uppercase());
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    number.len() == 9
        && number.starts_with(letter)
        && digits >= 2
        && number.chars().all(|c| c.is_ascii_digit() || letter(c))
}
