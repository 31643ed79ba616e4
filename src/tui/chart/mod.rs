//! Drawings out of characters.

mod bars;
mod dots;
mod heat;
mod plot;

pub use bars::{bar, signed_bar, spark};
pub use dots::Dots;
pub use heat::heat;
pub use plot::{Series, column, plot};
