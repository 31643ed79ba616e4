//! The terminal UI as a person meets it: keys in, screens out.

mod asked;
mod chaos;
mod docs;
mod fixture;
mod keys;
mod live;
mod screens;
mod screenshots;
mod stage;
mod svg;
mod terminal;
mod visits;
