//! One cheap look over a text: which patterns can possibly find something in it.

/// What was counted in a text.
#[derive(Debug, Default, Clone, Copy)]
pub struct Hints {
    digits: usize,
    dots: usize,
    colons: usize,
    at_sign: bool,
    slash_or_equals: bool,
    passport_word: bool,
}

impl Hints {
    /// Counts the bytes that the patterns cannot do without.
    ///
    /// This relies on UTF-8: a byte below 0x80 is always a whole character, and the fullwidth forms of the
    /// same characters are EF BC and a third byte, whose value less 0x60 is the plain one.
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut hints = Self::default();
        for (i, &byte) in bytes.iter().enumerate() {
            let plain = match byte {
                0xef if bytes.get(i + 1) == Some(&0xbc) => {
                    bytes.get(i + 2).map_or(0, |b| b.wrapping_sub(0x60))
                }
                _ => byte,
            };
            match plain {
                b'0'..=b'9' => hints.digits += 1,
                b'.' => hints.dots += 1,
                b':' => hints.colons += 1,
                b'@' => hints.at_sign = true,
                b'/' | b'=' => hints.slash_or_equals = true,
                b'd' | b'D' if bytes.len() > i + 4 => {
                    hints.at_sign |= bytes[i..i + 4].eq_ignore_ascii_case(b"dot ");
                }
                b')' | b']' if i >= 2 => {
                    hints.at_sign |= bytes[i - 2..i].eq_ignore_ascii_case(b"at");
                }
                _ => {}
            }
        }
        if hints.digits >= 2 {
            let has = |part: &str| {
                let mut windows = bytes.windows(part.len());
                windows.any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
            };
            hints.passport_word = ["pass", "pasa", "ppt", "护照", "護照"].into_iter().any(has);
        }
        hints
    }

    /// Each address has `@`, or `(at)`, or is spelled with `dot`.
    pub fn email(self) -> bool {
        self.at_sign
    }

    /// Each link has a dot in its host and a path or a parameter.
    pub fn link(self) -> bool {
        self.slash_or_equals && self.dots > 0
    }

    /// Four numbers with dots, or hexadecimal groups with colons.
    pub fn ip(self) -> bool {
        self.digits > 0 && ((self.digits >= 4 && self.dots >= 3) || self.colons >= 2)
    }

    /// A passport number has two digits or more, and a word for it.
    pub fn passport(self) -> bool {
        self.digits >= 2 && self.passport_word
    }

    /// The shortest number is a phone number of seven digits.
    pub fn number(self) -> bool {
        self.digits >= 7
    }

    /// Any of these.
    pub fn any(self) -> bool {
        self.email() || self.link() || self.ip() || self.passport() || self.number()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fullwidth_counts_as_plain() {
        assert!(Hints::of("１３８１２３４５６７８").number());
        assert!(Hints::of("a＠b.com").email());
        assert!(Hints::of("１.２．３.４").ip());
        assert!(!Hints::of("空气炸锅 5.5升，家用").any());
    }
}
