//! Every word of the screen, in English and Chinese.

mod phrases;
mod table;

pub use phrases::*;
pub use table::Word;
