//! A user as a person names one.

/// How a person names a user.
#[derive(Clone, PartialEq, Eq)]
pub enum Who {
    /// By pseudonym.
    Pseudonym(String),
    /// By the shop's own id: it becomes a pseudonym in memory and is never kept, logged or shown.
    Id(String),
}

impl std::fmt::Debug for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pseudonym(name) => f.debug_tuple("Pseudonym").field(name).finish(),
            Self::Id(_) => f.write_str("Id(…)"),
        }
    }
}
