//! `assignments.csv`.

use std::fmt::Write;

use super::{Assignment, text};

/// The assignments as CSV (RFC 4180 with newlines alone): `user,segment,distance`.
pub fn bytes(assignments: &[Assignment]) -> Vec<u8> {
    let mut out = String::with_capacity(32 * (assignments.len() + 1));
    out.push_str("user,segment,distance\n");
    for assignment in assignments {
        let user = quoted(text::cell(&assignment.user));
        // Writing to a string can't fail.
        _ = match assignment.rounded() {
            Some(distance) => writeln!(out, "{user},{},{distance:.6}", assignment.segment),
            None => writeln!(out, "{user},{},", assignment.segment),
        };
    }
    out.into_bytes()
}

fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}
