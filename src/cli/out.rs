//! The one place that prints: data on standard output, talk on standard error.

use std::io::{ErrorKind, IsTerminal, Write};

use serde::Serialize;

use super::args::Color;
use crate::error::{Error, Result};

/// Standard output and standard error of a command.
pub struct Out {
    json: bool,
    quiet: bool,
    color: bool,
}

impl Out {
    /// Output in JSON or text; `quiet` silences the talk.
    pub fn new(json: bool, quiet: bool, color: Color) -> Self {
        Self {
            json,
            quiet,
            color: colored(color, std::io::stdout().is_terminal()),
        }
    }

    /// Whether standard error stays silent.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Text in bold where colour is on.
    pub fn bold(&self, text: &str) -> String {
        if self.color {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// Prints data: `value` as JSON where that was asked for, else the text.
    pub fn report(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        if !self.json {
            return Self::data(&text());
        }
        let json = serde_json::to_string_pretty(value)
            .map_err(|e| Error::failed("standard output", e, "report this with the command"))?;
        Self::data(&(json + "\n"))
    }

    /// Writes to standard output. A reader that has gone away (`| head`) is no failure.
    pub fn data(text: &str) -> Result<()> {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Error::io("standard output")),
        }
    }

    /// Says something on standard error.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            // Talk that nobody can hear is no failure.
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }
}

/// Prints an error in one line.
pub fn error(error: &Error, color: Color) {
    let text = error.to_string();
    let text: Vec<String> = text.lines().map(crate::words::clean).collect();
    let mark = if colored(color, std::io::stderr().is_terminal()) {
        "\u{1b}[1;31merror:\u{1b}[0m"
    } else {
        "error:"
    };
    let _ = writeln!(std::io::stderr(), "{mark} {}", text.join(" "));
}

fn colored(color: Color, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}
