//! A shop's own patterns.

use regex::{Regex, RegexBuilder};

use super::kind::{Kind, Span};
use crate::error::{Error, Result};

/// Most bytes that a compiled pattern may take.
const MOST: usize = 1 << 20;

/// One of them.
#[derive(Debug)]
pub struct Own {
    name: String,
    pattern: Regex,
}

impl Own {
    /// The pattern of this name.
    pub fn new(name: &str, pattern: &str) -> Result<Self> {
        let refuse = |why: String| {
            Error::usage(
                format!("the pattern `{}`", crate::words::clip(name, 30)),
                why,
                "write NAME=REGEX, as in `customer=KD-[0-9]{6}`",
            )
        };
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 30 || !name.chars().all(is_plain) {
            return Err(refuse(
                "needs a name of 1 to 30 letters a-z, digits and hyphens".into(),
            ));
        }
        let pattern = RegexBuilder::new(pattern)
            .size_limit(MOST)
            .build()
            .map_err(|e| refuse(format!("is no regular expression: {e}")))?;
        if pattern.is_match("") {
            return Err(refuse("matches empty text".into()));
        }
        Ok(Self {
            name: name.to_owned(),
            pattern,
        })
    }

    /// What its mark says.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All places, from left to right.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let found = self.pattern.find_iter(text).filter(|m| !m.is_empty());
        found
            .map(|m| Span {
                at: m.range(),
                kind: Kind::Own,
            })
            .collect()
    }
}
