//! Names that a text must not tell, because they speak of health, pregnancy, intimacy or belief.

use std::path::Path;

use crate::error::{Error, Result};

const OWN: &str = include_str!("sensitive.txt");

/// The list's name in a workspace.
const FILE: &str = "sensitive.txt";

/// A list of words that no narrative, segment name or message may hold.
#[derive(Debug, Clone)]
pub struct Sensitive {
    text: String,
}

impl Sensitive {
    /// The workspace's own list (`sensitive.txt`), or the built-in one where it has none.
    ///
    /// # Errors
    /// [`Error::Io`] for a list that can't be read.
    pub fn load(workspace: &Path) -> Result<Self> {
        let path = workspace.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => OWN.to_owned(),
            Err(error) => return Err(Error::io(&path)(error)),
        };
        Ok(Self { text })
    }

    /// The list as it was read, for the hash in a run's recipe.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether `name` holds a word of the list.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.entries().any(|entry| holds(&name, &entry))
    }

    fn entries(&self) -> impl Iterator<Item = String> + '_ {
        self.text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_lowercase)
    }
}

fn holds(name: &str, entry: &str) -> bool {
    let (entry, any_ending) = entry
        .strip_suffix('*')
        .map_or((entry, false), |stem| (stem, true));
    // Chinese is written without blanks: a word there has no ends to look for.
    let by_words = entry.is_ascii();
    let joins = |c: Option<char>| by_words && c.is_some_and(char::is_alphanumeric);
    name.match_indices(entry).any(|(at, found)| {
        let before = name[..at].chars().next_back();
        let after = name[at + found.len()..].chars().next();
        !joins(before) && (any_ending || !joins(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_and_stems_are_found_and_words_that_only_look_alike_are_not() {
        let list = Sensitive { text: OWN.into() };
        for name in [
            "Baby & Toddler",
            "PREGNANCY TEST",
            "diapers-size-3",
            "母婴用品",
            "Kosher salt",
        ] {
            assert!(list.matches(name), "{name}");
        }
        for name in ["BABUSHKA LIGHTS", "Essex mug", "Teapots", "空气炸锅", ""] {
            assert!(!list.matches(name), "{name}");
        }
    }

    #[test]
    fn a_workspace_may_have_its_own_list() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "# ours\nteapot*\n").unwrap();
        let list = Sensitive::load(folder.path()).unwrap();
        assert!(list.matches("Blue Teapots") && !list.matches("baby"));
    }
}
