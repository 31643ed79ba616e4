//! Portray turns a shop's behaviour events into customer segments, and each segment into a portrait
//! that a person can read: facts, and a narrative written from the facts by a local GPT-2.
//!
//! The way of the data is one direction: files, events, features, segments, portraits, narratives,
//! export. `ARCHITECTURE.md` shows the rooms and which may know which.

pub mod campaigns;
pub mod cli;
pub mod demo;
pub mod error;
pub mod events;
pub mod explore;
pub mod export;
pub mod features;
pub mod narrate;
pub mod pipeline;
pub mod portraits;
pub mod privacy;
pub mod progress;
pub mod queries;
pub mod recommend;
pub mod records;
pub mod scope;
pub mod segments;
pub mod settings;
pub mod tui;
pub mod value;
pub mod words;
pub mod workspace;

pub use error::{Error, Kind, Result};
