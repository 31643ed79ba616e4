//! From segments to action: which goal fits a segment, who is written to and who is held out, in which columns a mail tool or an
//! ad platform takes them, and whether it worked.
//!
//! Pure: it takes facts, names and counts, and reads no store.

mod arms;
mod contact;
mod effect;
mod rules;

pub use arms::{Arms, holdout};
pub use contact::{Contacts, Preset};
pub use effect::{detectable, effect, error_of_looks, pooled};
pub use rules::{Goal, Rules};
