//! Texts that should be one query: what a person types at the prompt, and SQL files that an analyst adds.

mod lex;
mod reading;

pub use reading::{Reading, read, read_own};
