//! The program as people use it: through its binary, on files, in workspaces of their own.

mod bad_input;
mod crash;
mod determinism;
mod ingest;
mod job;
mod offline;
mod privacy;
mod real_data;
mod support;
