//! Rules that leave rows out: a rule is its SQL file, none is named here.

use std::path::Path;

use duckdb::{Connection, params};
use include_dir::{Dir, include_dir};

use crate::error::{Error, Result};
use crate::queries::read_own;
use crate::words::Both;
use crate::workspace::Layout;

static OWN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql/exclude");

/// A file of `sql/exclude`, or of the workspace's folder `exclude`: one SELECT of the `row_id`s to leave out.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Short name, distinct among the rules.
    pub name: String,
    /// For people.
    pub title: Both,
    /// The file's name, such as `exclude/fees.sql`.
    pub source: String,
    /// The whole file.
    pub sql: String,
}

impl Rule {
    fn parse(source: String, sql: String) -> Result<Self> {
        let header = |key: &str| {
            let line = sql
                .lines()
                .find_map(|line| line.strip_prefix("-- ")?.strip_prefix(key));
            line.map(str::trim)
        };
        let lacks = |what: &str| {
            Error::failed(
                &source,
                format!("has no line `-- {what}`"),
                "see CONTRIBUTING.md, exclusion rules",
            )
        };
        let name = header("rule:")
            .ok_or_else(|| lacks("rule: name"))?
            .to_owned();
        let (en, zh) = header("title:")
            .and_then(|title| title.split_once('|'))
            .ok_or_else(|| lacks("title: English | 中文"))?;
        let title = Both::new(en.trim(), zh.trim());
        read_own(&source, &sql)?;
        Ok(Self {
            name,
            title,
            source,
            sql,
        })
    }
}

/// The rules in order of name: the program's own, and those in `workspace/exclude/*.sql`. A file of the workspace
/// stands in for the program's of the same rule, so that an analyst can change or empty one.
///
/// # Errors
/// [`Error::Failed`] for a header that does not parse.
pub fn rules(workspace: &Path) -> Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for file in OWN.files() {
        let sql = file.contents_utf8().unwrap_or_default().to_owned();
        rules.push(Rule::parse(
            format!("exclude/{}", file.path().display()),
            sql,
        )?);
    }
    for path in Layout::sql_files(workspace, "exclude")? {
        let sql = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let rule = Rule::parse(format!("workspace:exclude/{name}"), sql)?;
        rules.retain(|known: &Rule| known.name != rule.name);
        rules.push(rule);
    }
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rules)
}

/// Fills the table `excluded`: each row that a rule flags, with the first rule that does.
///
/// # Errors
/// [`Error::EventStore`] naming the file whose SQL fails.
pub fn flag(connection: &Connection, rules: &[Rule]) -> Result<()> {
    connection
        .execute_batch("CREATE TEMP TABLE excluded (row_id BIGINT, rule VARCHAR)")
        .map_err(Error::duck("setting excluded"))?;
    for rule in rules {
        let sql = format!(
            "INSERT INTO excluded SELECT DISTINCT row_id, ? FROM ({}\n) WHERE row_id NOT IN (SELECT row_id FROM excluded)",
            rule.sql.trim_end().trim_end_matches(';')
        );
        connection
            .execute(&sql, params![rule.name])
            .map_err(Error::duck(&rule.source))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_rules_have_headers_and_a_workspaces_file_stands_in() {
        let workspace = tempfile::tempdir().unwrap();
        let own = rules(workspace.path()).unwrap();
        assert!(own.len() >= 8);
        for rule in &own {
            assert_eq!(rule.source, format!("exclude/{}.sql", rule.name));
        }
        let folder = workspace.path().join("exclude");
        std::fs::create_dir(&folder).unwrap();
        let none = "-- rule: fees\n-- title: None | 无\nSELECT row_id FROM rows WHERE false";
        std::fs::write(folder.join("fees.sql"), none).unwrap();
        let changed = rules(workspace.path()).unwrap();
        assert_eq!(changed.len(), own.len());
        assert!(changed.iter().any(|rule| rule.sql == none));
    }
}
