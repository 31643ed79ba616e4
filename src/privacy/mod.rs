//! What keeps people out of the data: pseudonyms instead of ids, marks instead of addresses and numbers.

mod pseudonym;
mod redact;

pub use pseudonym::{Pseudonym, canonical_id, pseudonym};
pub use redact::{Redactions, redact};
