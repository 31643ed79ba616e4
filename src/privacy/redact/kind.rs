//! What can be found in a text, and the mark that takes its place.

use std::ops::Range;

/// A kind of personal identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A payment card number.
    Card,
    /// An international bank account number.
    Iban,
    /// A Chinese resident identity number.
    ResidentId,
    /// A passport number.
    Passport,
    /// An IP address.
    Ip,
    /// A link that carries a token.
    Link,
    /// What a shop's own pattern finds.
    Own,
}

impl Kind {
    /// All of them, in the order in which they are reported.
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::Phone,
        Self::Card,
        Self::Iban,
        Self::ResidentId,
        Self::Passport,
        Self::Ip,
        Self::Link,
        Self::Own,
    ];

    /// Its name, as in the mark.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::ResidentId => "resident-id",
            Self::Passport => "passport",
            Self::Ip => "ip",
            Self::Link => "link",
            Self::Own => "own",
        }
    }
}

/// Where in a text something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the text.
    pub at: Range<usize>,
    /// What it is.
    pub kind: Kind,
}
