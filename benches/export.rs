//! Exports.
fn main() {}
