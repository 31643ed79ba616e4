//! What keeps people out of the data: pseudonyms instead of ids, marks instead of addresses and numbers,
//! and no text about what is nobody's business.

mod pseudonym;
mod redact;
mod sensitive;
mod who;

pub use pseudonym::{Pseudonym, canonical_id, pseudonym, second_hash};
pub use redact::{Redactions, Redactor, SelfTest, Tally, self_test};
pub use sensitive::Sensitive;
pub use who::Who;
