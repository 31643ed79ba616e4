//! What people decide about a segment, kept in the catalog apart from what the program found: a name, tags, a note.

use std::collections::BTreeSet;

use rusqlite::params;

use super::catalog::{Catalog, to_json};
use crate::error::{Error, Result};
use crate::words::clean;

/// Most characters of a name.
const NAME: usize = 60;
/// Most characters of a tag.
const TAG: usize = 24;
/// Most tags of a segment.
const TAGS: usize = 12;
/// Most characters of a note.
const NOTE: usize = 2_000;

/// Something that a person decides about a segment; it replaces what was decided before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Annotation {
    /// What the segment is called; none gives it the program's name back.
    Name(Option<String>),
    /// The words that it is sorted by, a set.
    Tags(Vec<String>),
    /// A note; none removes it.
    Note(Option<String>),
}

impl Annotation {
    /// The same as it is kept: control characters removed, trimmed, nothing where that leaves nothing, tags in order
    /// and each once.
    ///
    /// # Errors
    /// [`Error::Usage`] where a name has over 60 characters, a tag over 24, a note over 2,000, or there are over 12 tags.
    pub fn checked(&self) -> Result<Self> {
        Ok(match self {
            Self::Name(name) => Self::Name(text(name.as_deref(), "the name", NAME)?),
            Self::Note(note) => Self::Note(text(note.as_deref(), "the note", NOTE)?),
            Self::Tags(tags) => {
                let mut kept = BTreeSet::new();
                for tag in tags {
                    kept.extend(text(Some(tag), "a tag", TAG)?);
                }
                if kept.len() > TAGS {
                    return Err(Error::usage(
                        "the tags",
                        format!("are {}; a segment has at most {TAGS}", kept.len()),
                        "take some away",
                    ));
                }
                Self::Tags(kept.into_iter().collect())
            }
        })
    }
}

/// A text line by line without what acts on a terminal; none where nothing is left of it.
fn text(given: Option<&str>, what: &str, most: usize) -> Result<Option<String>> {
    let lines: Vec<String> = given
        .unwrap_or_default()
        .lines()
        // Only a note has lines: in a name or a tag a break is a blank.
        .map(|line| clean(line).trim().to_owned())
        .collect();
    let glue = if most == NOTE { "\n" } else { " " };
    let text = lines.join(glue).trim().to_owned();
    let length = text.chars().count();
    if length > most {
        return Err(Error::usage(
            what,
            format!("has {length} characters; {most} are the most"),
            "shorten it",
        ));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

impl Catalog {
    /// Keeps a decision about a segment of a published run, as it is given.
    pub fn annotate(&mut self, run: i64, segment: u32, change: &Annotation) -> Result<()> {
        self.write("keeping what a person decided", |transaction| {
            let (column, value) = match change {
                Annotation::Name(name) => ("given_name", name.clone()),
                Annotation::Tags(tags) => ("tags", Some(to_json(tags)?)),
                Annotation::Note(note) => ("note", note.clone()),
            };
            transaction.execute(
                &format!(
                    "INSERT INTO decided (run_id, segment_id, {column}) VALUES (?1, ?2, ?3)
                     ON CONFLICT (run_id, segment_id) DO UPDATE SET {column} = excluded.{column}"
                ),
                params![run, segment, value],
            )?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned_and_what_is_empty_is_none() {
        let name = |text: &str| Annotation::Name(Some(text.into())).checked();
        assert_eq!(
            name(" Gift\u{1b}[31m\u{202e} givers\n").unwrap(),
            Annotation::Name(Some("Gift[31m givers".into()))
        );
        assert_eq!(name(" \u{200b} ").unwrap(), Annotation::Name(None));
        assert!(name(&"x".repeat(60)).is_ok() && name(&"礼".repeat(60)).is_ok());
        assert_eq!(
            name(&"x".repeat(61)).unwrap_err().kind(),
            crate::Kind::Usage
        );
        let note = Annotation::Note(Some(" one \n\ttwo\u{7}\n".into()));
        assert_eq!(
            note.checked().unwrap(),
            Annotation::Note(Some("one\ntwo".into()))
        );
        assert!(Annotation::Note(Some("x".repeat(2_001))).checked().is_err());
    }

    #[test]
    fn tags_are_a_set_of_at_most_twelve_words() {
        let tags = |all: &[&str]| Annotation::Tags(all.iter().map(ToString::to_string).collect());
        assert_eq!(
            tags(&["vip", " b2b ", "vip", ""]).checked().unwrap(),
            tags(&["b2b", "vip"])
        );
        assert!(tags(&["x".repeat(25).as_str()]).checked().is_err());
        let many: Vec<String> = (0..13).map(|number| number.to_string()).collect();
        assert!(Annotation::Tags(many).checked().is_err());
    }
}
