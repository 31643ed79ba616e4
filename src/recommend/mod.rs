//! Products for people: what a user, or a segment, is likely to want next, and why.
//!
//! Pure: it takes who bought and looked at what, and gives ranked products with reasons; it reads no store. The way:
//! `histories` holds users and their products, `neighbours` which products go together, `signals` scores candidates of a user
//! by seven kinds of evidence, `blend` learns on the past how much each kind counts, `ranking` picks the best (with
//! `--diversity` by maximal marginal relevance), `measure` tells how good a list was.
//!
//! The same bytes with any number of threads: each user's list depends on nothing that another thread writes.

mod blend;
mod histories;
mod measure;
mod neighbours;
mod ranking;
mod signals;

pub use blend::{Blend, Lesson, learn};
pub use histories::{Histories, Touch};
pub use measure::{Quality, quality};
pub use neighbours::{Neighbour, Neighbours};
pub use ranking::{Pick, Rules, rank};
pub use signals::{Because, Candidate, Context, Evidence, KINDS, Kind, Liked, Scratch, Searches};
