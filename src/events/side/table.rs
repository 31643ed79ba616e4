//! A small file of named columns.

use std::path::Path;

use super::super::field::{Field, normalised};
use super::super::open;
use super::super::row::{Row, Rows};
use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::words::clip;

/// Reads a file line by line; columns are found by name.
pub(crate) struct Table {
    name: String,
    rows: Box<dyn Rows>,
    row: Row,
}

impl Table {
    /// Opens a file.
    pub fn open(
        path: &Path,
        temp: &Path,
        encoding: Option<&'static encoding_rs::Encoding>,
        settings: &Settings,
    ) -> Result<Self> {
        let (rows, _) = open::open(path, temp, encoding, settings)?;
        Ok(Self {
            name: open::name_of(path),
            rows,
            row: Row::default(),
        })
    }

    /// The names of its columns, as they stand in the file.
    pub fn columns(&self) -> &[String] {
        self.rows.columns()
    }

    /// The column of this very name, whatever the case, blanks and marks.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.find(&[&normalised(name)])
    }

    /// The column that goes by the first of these names, which are normalised.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        let columns: Vec<String> = self.columns().iter().map(|name| normalised(name)).collect();
        names
            .iter()
            .find_map(|name| columns.iter().position(|column| column == name))
    }

    /// As [`Self::find`], an error where there is none.
    pub fn need(&self, names: &[&str]) -> Result<usize> {
        self.find(names).ok_or_else(|| {
            let has: Vec<_> = self
                .columns()
                .iter()
                .map(|column| clip(column, 30))
                .take(12)
                .collect();
            Error::rejected(
                format!("{}, line 1", self.name),
                format!(
                    "no column `{}` among: {}",
                    names.first().unwrap_or(&""),
                    has.join(", ")
                ),
                "name the columns in the first line",
            )
        })
    }

    /// The column that goes by a name of the field, or by one of the `more` names.
    pub fn find_field(&self, field: Field, more: &[&'static str]) -> Option<usize> {
        self.find(&Self::names(field, more))
    }

    /// As [`Self::find_field`], an error where there is none.
    pub fn need_field(&self, field: Field) -> Result<usize> {
        self.need(&Self::names(field, &[]))
    }

    fn names(field: Field, more: &[&'static str]) -> Vec<&'static str> {
        field.names().chain(more.iter().copied()).collect()
    }

    /// Goes to the next line; false at the end.
    pub fn next(&mut self) -> Result<bool> {
        if !self.rows.next(&mut self.row)? {
            return Ok(false);
        }
        match &self.row.problem {
            Some(problem) => Err(self.wrong(problem, "mend the line")),
            None => Ok(true),
        }
    }

    /// A cell of the line, without the blanks around it.
    pub fn cell(&self, column: usize) -> &str {
        self.row.get(column).trim()
    }

    /// A cell of a column that may be missing; none where it is empty.
    pub fn get(&self, column: Option<usize>) -> Option<&str> {
        column
            .map(|column| self.cell(column))
            .filter(|text| !text.is_empty())
    }

    /// A cell that must not be empty.
    pub fn filled(&self, column: usize) -> Result<&str> {
        self.get(Some(column)).ok_or_else(|| {
            self.wrong(
                &format!(
                    "`{}` is empty",
                    self.columns().get(column).map_or("a cell", String::as_str)
                ),
                "fill it, or take the line out",
            )
        })
    }

    /// The number of the line.
    pub fn line(&self) -> u64 {
        self.row.line
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is wrong with the line.
    pub fn wrong(&self, why: &str, mend: &str) -> Error {
        Error::rejected(format!("{}, line {}", self.name, self.row.line), why, mend)
    }
}
