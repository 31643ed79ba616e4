//! A failure as the screen tells it: what happened, and what would mend it.

use super::words::Word;
use crate::error::Error;
use crate::words::{Lang, clean};

/// Why a background job brought nothing back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The library's error, parted into what happened and what would mend it.
    Error {
        /// The thing and the reason.
        message: String,
        /// What to do; empty where nothing is known.
        mend: String,
    },
    /// A bug: the job's thread panicked with this text.
    Panic(String),
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        // Every message of the library ends with its mend after the last semicolon.
        let text = clean(&error.to_string());
        match text.rsplit_once("; ") {
            Some((message, mend)) => Self::Error {
                message: message.into(),
                mend: mend.into(),
            },
            None => Self::Error {
                message: text,
                mend: String::new(),
            },
        }
    }
}

impl Problem {
    /// What happened.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Self::Error { message, .. } | Self::Panic(message) => message,
        }
    }

    /// What would mend it; empty where nothing is known.
    #[must_use]
    pub fn mend(&self, lang: Lang) -> &str {
        match self {
            Self::Error { mend, .. } => mend,
            Self::Panic(_) => Word::BugMend.get(lang),
        }
    }

    /// The text that a panic was raised with.
    #[must_use]
    pub fn from_panic(payload: &(dyn std::any::Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or_default();
        Self::Panic(clean(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_parted_into_what_happened_and_the_mend() {
        let error = Error::failed(
            "catalog.sqlite",
            "made by a newer\u{1b} version",
            "install portray 2",
        );
        assert_eq!(
            Problem::from(&error),
            Problem::Error {
                message: "catalog.sqlite: made by a newer version".into(),
                mend: "install portray 2".into()
            }
        );
    }
}
