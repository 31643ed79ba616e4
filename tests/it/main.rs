//! The program as people use it: through its binary, on files, in workspaces of their own.

// Clippy's leave for tests knows functions marked as tests only, not what they share.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod bad_input;
mod campaigns;
mod determinism;
mod explore;
mod files;
mod ingest;
mod job;
mod mark;
mod model;
mod next;
mod offline;
mod privacy;
mod protected;
mod read_only;
mod real_data;
mod rights;
mod rules;
mod scope;
mod seal;
mod sql;
mod support;
mod text;
mod travel;
mod trust;
mod users;
mod weekly;
mod write;
