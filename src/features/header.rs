//! The header of a feature file: what each column means, in which unit, and how it is put on one scale.
//!
//! ```text
//! -- family: basket
//! -- title: Basket | 购物篮
//! -- needs: purchase                      (families: `a | b` any of them; `a, b` all of them)
//! -- column: aov | unit: money | topic: aov | transform: log1p | missing: median | needs: price | en: … | zh: …
//! ```

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::words::{Both, Unit};

/// How a value is transformed before it is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// As it is.
    None,
    /// `sign(x) · ln(1 + |x|)`: for amounts and counts with a long tail; keeps negative values apart.
    Log1p,
}

/// What a missing value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is zero: nothing of the kind happened.
    Zero,
    /// It is unknown; the geometry takes the median.
    Median,
    /// It is unknown; the geometry takes the greatest value.
    Max,
    /// It is unknown; the geometry takes the smallest value.
    Min,
}

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Family and column: `basket.aov`.
    pub id: String,
    /// The column in the file's SELECT.
    pub name: String,
    /// What it is, for people.
    pub label: Both,
    /// Unit of the values.
    pub unit: Unit,
    /// The narrator's topic.
    pub topic: Option<String>,
    /// Transform before scaling.
    pub transform: Transform,
    /// What a missing value means.
    pub missing: Missing,
    /// Values beyond these quantiles are pulled in to them.
    pub winsor: (f64, f64),
    /// What the data must hold, all of it.
    pub needs: Vec<String>,
    /// The file.
    pub source: String,
}

/// A feature file.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// Short name, distinct among the files.
    pub name: String,
    /// For people.
    pub title: Both,
    /// What the data must hold: any of the lists, all of each list.
    pub needs: Vec<Vec<String>>,
    /// Its features.
    pub columns: Vec<Column>,
    /// The whole file.
    pub sql: String,
    /// Its name, such as `features/basket.sql`.
    pub source: String,
}

impl Family {
    /// Reads the header of a feature file.
    ///
    /// # Errors
    /// [`Error::Failed`] naming the file, the line and what it should say.
    pub fn parse(source: &str, sql: &str) -> Result<Self> {
        let mut family = Self {
            name: String::new(),
            title: Both::default(),
            needs: Vec::new(),
            columns: Vec::new(),
            sql: sql.to_owned(),
            source: source.to_owned(),
        };
        for (number, line) in (1..).zip(sql.lines()) {
            let Some((key, value)) = line
                .strip_prefix("-- ")
                .and_then(|line| line.split_once(": "))
            else {
                continue;
            };
            let wrong = |why: String| {
                Error::failed(
                    format!("{source}, line {number}"),
                    why,
                    "see CONTRIBUTING.md, feature families",
                )
            };
            match key {
                "family" => family.name = word(value).map_err(wrong)?,
                "title" => family.title = both(value).map_err(wrong)?,
                "needs" => family.needs = value.split('|').map(list).collect(),
                "column" => family
                    .columns
                    .push(column(&family.name, source, value).map_err(wrong)?),
                _ => {}
            }
        }
        if family.name.is_empty() || family.columns.is_empty() {
            return Err(Error::failed(
                source,
                "has no `-- family:` or no `-- column:` line",
                "see CONTRIBUTING.md, feature families",
            ));
        }
        Ok(family)
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(|item| item.trim().to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}

fn word(text: &str) -> Result<String, String> {
    let text = text.trim();
    let plain = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain {
        Ok(text.into())
    } else {
        Err(format!(
            "`{text}` is not a name of lower-case letters, digits and _"
        ))
    }
}

fn both(text: &str) -> Result<Both, String> {
    let (en, zh) = text.split_once('|').ok_or("a title is `English | 中文`")?;
    Ok(Both::new(en.trim(), zh.trim()))
}

fn column(family: &str, source: &str, text: &str) -> Result<Column, String> {
    let mut parts = text.split(" | ");
    let name = word(parts.next().unwrap_or_default())?;
    let mut column = Column {
        id: format!("{family}.{name}"),
        label: Both::new(&name, &name),
        name,
        unit: Unit::Number,
        topic: None,
        transform: Transform::None,
        missing: Missing::Median,
        winsor: (0.01, 0.99),
        needs: Vec::new(),
        source: source.to_owned(),
    };
    for part in parts {
        let (key, value) = part
            .split_once(':')
            .ok_or_else(|| format!("`{part}` is not `key: value`"))?;
        let value = value.trim();
        match key.trim() {
            "unit" => column.unit = value.parse()?,
            "topic" => column.topic = Some(word(value)?),
            "transform" => {
                column.transform = match value {
                    "none" => Transform::None,
                    "log1p" => Transform::Log1p,
                    other => return Err(format!("unknown transform `{other}` (none, log1p)")),
                }
            }
            "missing" => {
                column.missing = match value {
                    "zero" => Missing::Zero,
                    "median" => Missing::Median,
                    "max" => Missing::Max,
                    "min" => Missing::Min,
                    other => {
                        return Err(format!(
                            "unknown missing `{other}` (zero, median, max, min)"
                        ));
                    }
                }
            }
            "winsor" => {
                let bounds = value
                    .split_once("..")
                    .and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
                column.winsor = bounds
                    .filter(|(low, high)| 0.0 <= *low && low < high && *high <= 1.0)
                    .ok_or_else(|| {
                        format!("winsor `{value}` is not two quantiles such as 0.01..0.99")
                    })?;
            }
            "needs" => column.needs = list(value),
            "en" => value.clone_into(&mut column.label.en),
            "zh" => value.clone_into(&mut column.label.zh),
            other => return Err(format!("unknown key `{other}`")),
        }
    }
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_all_about_a_column() {
        let family = Family::parse(
            "features/x.sql",
            "-- family: x\n-- title: X | 某\n-- needs: view | cart, price\n\
             -- column: a_b | unit: days | topic: recency | transform: log1p | missing: max | winsor: 0.05..0.95 | needs: price | en: A b | zh: 甲\n\
             SELECT 1",
        )
        .unwrap();
        assert_eq!(
            family.needs,
            [vec!["view".to_owned()], vec!["cart".into(), "price".into()]]
        );
        let column = &family.columns[0];
        assert_eq!(
            (column.id.as_str(), column.unit, column.winsor),
            ("x.a_b", Unit::Days, (0.05, 0.95))
        );
        assert_eq!(
            (column.missing, column.transform),
            (Missing::Max, Transform::Log1p)
        );
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        for (header, says) in [
            (
                "-- family: x\n-- column: a | unit: furlongs",
                "line 2: unknown unit `furlongs`",
            ),
            ("-- family: X y\n", "line 1"),
            (
                "-- family: x\n-- column: a | colour: red",
                "unknown key `colour`",
            ),
            ("-- family: x\n-- column: a | winsor: 2..1", "winsor"),
            ("SELECT 1", "no `-- family:`"),
        ] {
            let error = Family::parse("features/x.sql", header)
                .unwrap_err()
                .to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
