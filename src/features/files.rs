//! Where feature files come from: the program's own, and those that an analyst puts into the workspace.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::header::Family;
use crate::error::{Error, Result};
use crate::workspace::Layout;

static OWN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql/features");

/// The families in order of name: the program's own, then those in `workspace/features/*.sql`.
///
/// # Errors
/// [`Error::Failed`] for a header that does not parse, or a family name that is taken.
pub fn families(workspace: &Path) -> Result<Vec<Family>> {
    let mut families = Vec::new();
    let mut own: Vec<_> = OWN.files().collect();
    own.sort_by_key(|file| file.path());
    for file in own {
        let source = format!("features/{}", file.path().display());
        families.push(Family::parse(
            &source,
            file.contents_utf8().unwrap_or_default(),
        )?);
    }
    for path in Layout::sql_files(workspace, "features")? {
        let sql = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let family = Family::parse(&format!("workspace:features/{name}"), &sql)?;
        if families
            .iter()
            .any(|known: &Family| known.name == family.name)
        {
            return Err(Error::failed(
                path.display(),
                format!("the family `{}` is there already", family.name),
                "give it another name",
            ));
        }
        families.push(family);
    }
    Ok(families)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_headers_parse_and_their_topics_are_codes_of_the_narrator() {
        let families = families(Path::new("/nowhere")).unwrap();
        let codes: toml::Table = include_str!("../../models/codes.toml").parse().unwrap();
        let topics = codes["topics"].as_table().unwrap();
        assert!(families.len() >= 7);
        for column in families.iter().flat_map(|family| &family.columns) {
            // The shipped model does not know sign-ups: the narrator tells those by their labels.
            let is_known = column
                .topic
                .as_ref()
                .is_some_and(|topic| topics.contains_key(topic));
            assert!(
                is_known || column.id.starts_with("signup."),
                "{}",
                column.id
            );
            assert!(
                column.label.en != column.name && column.label.zh != column.name,
                "{}",
                column.id
            );
        }
    }

    #[test]
    fn an_analysts_file_adds_a_family_and_a_taken_name_is_refused() {
        let workspace = tempfile::tempdir().unwrap();
        let folder = workspace.path().join("features");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(
            folder.join("mine.sql"),
            "-- family: mine\n-- column: a | unit: number | en: A | zh: 甲\nSELECT 1",
        )
        .unwrap();
        assert!(
            families(workspace.path())
                .unwrap()
                .iter()
                .any(|family| family.name == "mine")
        );
        std::fs::write(
            folder.join("other.sql"),
            "-- family: basket\n-- column: a\nSELECT 1",
        )
        .unwrap();
        assert!(families(workspace.path()).is_err());
    }
}
