//! What names, reaches or pays for a person in free text becomes a mark: addresses, numbers, links that open something.

mod checks;
mod email;
mod fold;
mod hints;
mod iban;
mod ip;
mod kind;
mod links;
mod numbers;
mod own;
mod passport;
mod phone;
mod self_test;

use std::borrow::Cow;
use std::ops::{AddAssign, Range};
use std::sync::LazyLock;

use regex::Regex;
use serde::{Serialize, Serializer};

use self::email::Emails;
use self::fold::Folded;
use self::hints::Hints;
use self::iban::Ibans;
use self::ip::Ips;
use self::kind::{Kind, Span};
use self::links::Links;
use self::numbers::Numbers;
use self::own::Own;
use self::passport::Passports;
pub use self::self_test::{SelfTest, Tally, self_test};
use crate::error::Result;

/// How many of each kind were replaced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Redactions([u64; Kind::ALL.len()]);

impl Redactions {
    /// All kinds together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The names of the kinds, as in the marks, and how many there were.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Kind::ALL
            .into_iter()
            .map(|kind| (kind.name(), self.0[kind as usize]))
    }
}

impl AddAssign for Redactions {
    fn add_assign(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }
}

impl Serialize for Redactions {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_map(self.each())
    }
}

/// The patterns that are the same for every shop.
struct Standard {
    links: Links,
    emails: Emails,
    ibans: Ibans,
    passports: Passports,
    ips: Ips,
    numbers: Numbers,
}

static STANDARD: LazyLock<Standard> = LazyLock::new(|| Standard {
    links: Links::new(),
    emails: Emails::new(),
    ibans: Ibans::new(),
    passports: Passports::new(),
    ips: Ips::new(),
    numbers: Numbers::new(),
});

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the program, and a test reads it")
}

/// Times that a text with marks is looked at again; each makes something a mark, so that few texts need a second.
const ROUNDS: usize = 8;

/// Puts marks in the place of personal identifiers: the standard kinds, and a shop's own patterns.
///
/// Marks are `‹email›`, `‹phone›`, `‹card›`, `‹iban›`, `‹resident-id›`, `‹passport›`, `‹ip›`, `‹link›`, and `‹name›` of an own
/// pattern. Fullwidth forms are read as plain ones; letters of scripts that are written without blanks end a number.
#[derive(Debug, Default)]
pub struct Redactor {
    own: Vec<Own>,
}

impl Redactor {
    /// With a shop's own patterns, each a name of `a-z`, digits and hyphens, and a regular expression.
    ///
    /// # Errors
    /// [`crate::error::Error::Usage`] naming the pattern that does not parse, is too large, or matches empty text.
    pub fn new(own: &[(String, String)]) -> Result<Self> {
        let own = own.iter().map(|(name, pattern)| Own::new(name, pattern));
        Ok(Self {
            own: own.collect::<Result<_>>()?,
        })
    }

    /// The text with marks, and what was replaced; a text without finds is given back as it is.
    #[must_use]
    pub fn redact<'a>(&self, text: &'a str) -> (Cow<'a, str>, Redactions) {
        let found = Self::find(text, &self.own);
        if found.is_empty() {
            return (Cow::Borrowed(text), Redactions::default());
        }
        let (mut text, mut counts) = Self::mark(text, found);
        // A mark parts what stood together: a number beside it may be a card's now. Own patterns could match marks.
        for _ in 0..ROUNDS {
            let found = Self::find(&text, &[]);
            if found.is_empty() {
                break;
            }
            let (again, more) = Self::mark(&text, found);
            counts += more;
            text = again;
        }
        (Cow::Owned(text), counts)
    }

    /// The text with marks at these places.
    fn mark(text: &str, found: Vec<(Range<usize>, Kind, &str)>) -> (String, Redactions) {
        let mut counts = Redactions::default();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (place, kind, mark) in found {
            counts.0[kind as usize] += 1;
            out.push_str(&text[at..place.start]);
            out.push('‹');
            out.push_str(mark);
            out.push('›');
            at = place.end;
        }
        out.push_str(&text[at..]);
        (out, counts)
    }

    /// Places in the text, from left to right and apart, with kind and name of the mark.
    fn find<'a>(text: &str, own: &'a [Own]) -> Vec<(Range<usize>, Kind, &'a str)> {
        let hints = Hints::of(text);
        if own.is_empty() && !hints.any() {
            return Vec::new();
        }
        let mut folded = Folded::new(text);
        let mut found = Vec::new();
        let mut take = |folded: &mut Folded<'_>, spans: Vec<Span>, mark| {
            folded.hide(&spans);
            for span in spans {
                found.push((folded.original(&span.at), span.kind, mark));
            }
        };
        for own in own {
            let spans = own.find(&folded.text);
            take(&mut folded, spans, Some(own.name()));
        }
        let standard = &*STANDARD;
        // What holds others goes first: a link its host's address, an address the digits of its name.
        if hints.link() {
            let spans = standard.links.find(&folded.text);
            take(&mut folded, spans, None);
        }
        if hints.email() {
            let spans = standard.emails.find(&folded.text);
            take(&mut folded, spans, None);
        }
        if hints.number() {
            let spans = standard.ibans.find(&folded.text);
            take(&mut folded, spans, None);
        }
        if hints.passport() {
            let spans = standard.passports.find(&folded.text);
            take(&mut folded, spans, None);
        }
        if hints.ip() {
            let spans = standard.ips.find(&folded.text);
            take(&mut folded, spans, None);
        }
        if hints.number() {
            let spans = standard.numbers.find(&folded.text);
            take(&mut folded, spans, None);
        }
        found.sort_by_key(|(at, ..)| at.start);
        found
            .into_iter()
            .map(|(at, kind, mark)| (at, kind, mark.unwrap_or(kind.name())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(text: &str) -> String {
        Redactor::default().redact(text).0.into_owned()
    }

    #[test]
    fn addresses_and_numbers_become_marks_and_are_counted() {
        let redactor = Redactor::default();
        let (text, counts) = redactor.redact(
            "gift for jane.doe+shop@mail.example.co, call +44 20 7946 0958 or 4111 1111 1111 1111!",
        );
        assert_eq!(text, "gift for ‹email›, call ‹phone› or ‹card›!");
        assert_eq!(counts.total(), 3);
        assert!(counts.each().any(|of| of == ("card", 1)));
    }

    #[test]
    fn what_a_mark_parts_is_looked_at_again() {
        // The card's number is one only where the phone's digits before it are gone.
        let text = redact("电话 138-1234-567801199003074530 电话");
        assert_eq!(redact(&text), text);
        assert!(!text.contains("3074530"), "{text}");
    }

    #[test]
    fn numbers_in_a_row_are_told_apart() {
        let text = redact("4111 1111 1111 1111 +44 20 7946 0958 0151 23456789");
        assert_eq!(text, "‹card› ‹phone› ‹phone›");
        assert_eq!(
            redact("１３８１２３４５６７８，13912345678"),
            "‹phone›，‹phone›"
        );
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
            "4006381333931",
            "9780306406157",
            "firmware 2.4.1.8",
            "2024-01-15 10:30:00",
            "01.02.2024 10:30",
            "订单号 202401151234",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn a_shop_adds_patterns_of_its_own() {
        let own = |name: &str, pattern: &str| Redactor::new(&[(name.into(), pattern.into())]);
        let redactor = own("customer", r"KD-\d{6}").unwrap();
        assert_eq!(redactor.redact("bin KD-123456").0, "bin ‹customer›");
        for (name, pattern) in [("a b", "x"), ("a", "("), ("a", "x*"), ("", "x")] {
            assert!(own(name, pattern).is_err(), "{name} {pattern}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics_no_address_survives_and_twice_is_once(
            before in "\\PC{0,20}", name in "[a-z]{1,8}", after in "\\PC{0,20}",
        ) {
            let address = format!("{before} {name}@mail.example {after}");
            let redacted = redact(&address);
            let leaked = format!("{name}@mail");
            proptest::prop_assert!(!redacted.contains(&leaked));
            proptest::prop_assert_eq!(redact(&redacted), redacted);
        }

        #[test]
        fn odd_digits_and_signs_do_not_panic(text in "[0-9+()./ :@xX\u{ff10}-\u{ff19}é手机tel-]{0,60}") {
            let redacted = redact(&text);
            proptest::prop_assert!(redacted.len() <= text.len() + 20 * text.len().max(1));
        }
    }
}
