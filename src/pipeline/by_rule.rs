//! Segments that a person wrote: a SQL file that says which segment each user is in.

use std::collections::HashMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::features::Features;
use crate::queries::read_own;
use crate::settings::RuleFile;
use crate::words::{Both, clip};

use super::desk::Desk;

/// The grid that comes with the program.
const RFM: &str = include_str!("../../sql/segments/rfm.sql");

/// What a rule file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// What the segments are, as in "RFM grid".
    pub title: Both,
    /// The segments' names, the first of segment 1.
    pub names: Vec<Both>,
}

/// Reads a rule file; without a path, the RFM grid that comes with the program.
///
/// # Errors
/// [`Error::Io`] where it can't be read, [`Error::Failed`] where its header does not parse.
pub fn load(path: Option<&Path>) -> Result<RuleFile> {
    let file = match path {
        None => RuleFile {
            source: "segments/rfm.sql".to_owned(),
            sql: RFM.to_owned(),
        },
        Some(path) => RuleFile {
            source: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            sql: std::fs::read_to_string(path).map_err(Error::io(path))?,
        },
    };
    header(&file).map(|_| file)
}

/// The title and the names in a rule file's header: `-- segments: Title | 标题`, then `-- 1: Name | 名称` and so on.
///
/// # Errors
/// [`Error::Failed`] naming the line that is missing.
pub fn header(file: &RuleFile) -> Result<Rules> {
    let lacks = |what: &str| {
        Error::failed(
            &file.source,
            format!("has no line `-- {what}`"),
            "`portray show rules` prints one that works, docs/rules.md explains it",
        )
    };
    let line = |key: &str| {
        let text = file.sql.lines().find_map(|line| {
            line.strip_prefix("-- ")?
                .strip_prefix(key)?
                .strip_prefix(':')
        })?;
        let (en, zh) = text.split_once('|').unwrap_or((text, text));
        let (en, zh) = (en.trim(), zh.trim());
        (!en.is_empty() && !zh.is_empty()).then(|| Both::new(clip(en, 60), clip(zh, 60)))
    };
    read_own(&file.source, &file.sql)?;
    let title = line("segments").ok_or_else(|| lacks("segments: title | 标题"))?;
    let names: Vec<Both> = (1..)
        .map_while(|number: u32| line(&number.to_string()))
        .collect();
    if names.is_empty() {
        return Err(lacks("1: name | 名称"));
    }
    for name in &names {
        let same = |other: &&Both| other.en == name.en || other.zh == name.zh;
        if names.iter().filter(same).count() > 1 {
            return Err(Error::failed(
                &file.source,
                format!("names two segments `{}`", name.en),
                "give each a name of its own",
            ));
        }
    }
    Ok(Rules { title, names })
}

/// The segment of each user, from 1, in the order of the features; none where no rule fits.
///
/// # Errors
/// [`Error::EventStore`] where the SQL fails; [`Error::Failed`] where it gives other than a user and one of the named
/// segments, or one user twice.
pub fn assign(desk: &Desk, features: &Features, file: &RuleFile) -> Result<Vec<Option<u32>>> {
    let known = header(file)?.names.len();
    let wrong = |why: String, mend: &str| Err(Error::failed(&file.source, why, mend));
    desk.users(&features.columns)?;
    let pairs = desk.pairs(&file.source, &file.sql)?;
    let mut segments = HashMap::with_capacity(pairs.len());
    for (user, segment) in pairs {
        let Some(segment) = segment else {
            continue;
        };
        let Some(number) = u32::try_from(segment)
            .ok()
            .filter(|number| (1..=known).contains(&(*number as usize)))
        else {
            return wrong(
                format!("gives segment {segment}; its header names 1 to {known}"),
                "name it with a line `-- N: name | 名称`, or give another number",
            );
        };
        if segments
            .insert(user, number)
            .is_some_and(|other| other != number)
        {
            return wrong(
                "puts a user into two segments".to_owned(),
                "let one CASE decide: its first WHEN that holds counts",
            );
        }
    }
    let of = |user: &i32| segments.get(user).copied();
    Ok(features.users.iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_a_header_and_a_file_without_one_says_what_it_lacks() {
        let rules = header(&load(None).unwrap()).unwrap();
        assert_eq!(rules.title.en, "RFM grid");
        assert_eq!(rules.names.len(), 11);
        for (sql, why) in [
            ("SELECT 1", "segments: title"),
            ("-- segments: Mine\nSELECT 1", "1: name"),
            (
                "-- segments: Mine\n-- 1: A\n-- 2: A\nSELECT 1",
                "two segments",
            ),
        ] {
            let file = RuleFile {
                source: "mine.sql".to_owned(),
                sql: sql.to_owned(),
            };
            let told = header(&file).unwrap_err().to_string();
            assert!(told.contains(why), "{told}");
        }
    }
}
