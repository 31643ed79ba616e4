//! International bank account numbers (ISO 13616), with or without blanks.

use regex::Regex;

use super::checks::iban_remainder;
use super::compiled;
use super::fold::{free_after, free_before};
use super::kind::{Kind, Span};

const PATTERN: &str = r"(?i)[a-z]{2}[0-9]{2}(?:[ -]?[a-z0-9]){11,30}";
/// Characters of an IBAN by country, from the registry; a country that is not here has none.
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 \
    ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 \
    LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 \
    SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20";

/// Finds them.
pub struct Ibans(Regex);

impl Ibans {
    /// Compiles the pattern.
    pub fn new() -> Self {
        Self(compiled(PATTERN))
    }

    /// All numbers whose check digits are right, from left to right.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(place) = self.0.find_at(text, from) {
            let end = end(&text[place.start()..]).map(|length| place.start() + length);
            let is_free = free_before(text, place.start())
                || text[..place.start()].to_ascii_lowercase().ends_with("iban");
            match end {
                Some(end) if is_free && free_after(text, end) => {
                    found.push(Span {
                        at: place.start()..end,
                        kind: Kind::Iban,
                    });
                    from = end;
                }
                _ => from = place.start() + 1,
            }
        }
        found
    }
}

/// How far the number goes that a text begins with.
fn end(text: &str) -> Option<usize> {
    let country = text.get(..2)?.to_ascii_uppercase();
    let length: usize = LENGTHS
        .split_whitespace()
        .find_map(|known| known.strip_prefix(&country))?
        .parse()
        .ok()?;
    let mut compact = String::with_capacity(length);
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            compact.push(c);
        }
        if compact.len() == length {
            return (iban_remainder(&compact) == 1).then_some(at + 1);
        }
    }
    None
}
