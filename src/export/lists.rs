//! Recommendations of many users as one file, written as they come: `user,segment,rank,product,name,score,reason,with,users,say`.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use duckdb::{Connection, params};

use super::text;
use crate::error::{Error, Result};
use crate::records::UserList;
use crate::words::Lang;

/// A line of the file.
const HEADS: [&str; 10] = [
    "user", "segment", "rank", "product", "name", "score", "reason", "with", "users", "say",
];

/// A file of lists in the making; it has its name once [`Self::finish`] is through.
pub struct Lists {
    path: PathBuf,
    temp: tempfile::TempDir,
    lang: Lang,
    form: Form,
}

enum Form {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Parquet(Connection),
}

impl Lists {
    /// Begins `path`, whose ending says its form: `.csv` or `.parquet`. Rows go to disk as they come, in a folder beside it.
    ///
    /// # Errors
    /// [`Error::Usage`] for another ending, [`Error::Io`] where the folder cannot be written to.
    pub fn begin(path: &Path, lang: Lang) -> Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let beside = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let beside = beside.unwrap_or_else(|| Path::new("."));
        let temp = || tempfile::tempdir_in(beside).map_err(Error::io(beside));
        let (temp, form) = match ending {
            Some("csv") => {
                let temp = temp()?;
                let file = temp.path().join("lists.csv");
                let file = BufWriter::new(File::create(&file).map_err(Error::io(&file))?);
                let mut writer = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::Any(b'\n'))
                    .from_writer(file);
                writer.write_record(HEADS).map_err(|e| broken(path, e))?;
                (temp, Form::Csv(Box::new(writer)))
            }
            Some("parquet") => {
                let temp = temp()?;
                let doing = || Error::duck(format!("writing {}", path.display()));
                let db = Connection::open(temp.path().join("lists.duckdb")).map_err(doing())?;
                db.execute_batch(include_str!("../../sql/export/lists.sql"))
                    .map_err(doing())?;
                (temp, Form::Parquet(db))
            }
            _ => {
                return Err(Error::usage(
                    path.display(),
                    "ends neither with .csv nor with .parquet",
                    "name the file by what it is to be",
                ));
            }
        };
        Ok(Self {
            path: path.to_owned(),
            temp,
            lang,
            form,
        })
    }

    /// Adds the lists of some users.
    pub fn add(&mut self, lists: &[UserList]) -> Result<()> {
        let lang = self.lang;
        match &mut self.form {
            Form::Csv(writer) => {
                for list in lists {
                    for one in &list.products {
                        let row = [
                            text::cell(&list.user),
                            list.segment.map(|id| id.to_string()).unwrap_or_default(),
                            one.rank.to_string(),
                            text::cell(&one.product),
                            text::cell(one.name.as_deref().unwrap_or_default()),
                            format!("{:.6}", one.score),
                            one.reason.kind().to_owned(),
                            text::cell(one.reason.rests_on().unwrap_or_default()),
                            one.reason
                                .users()
                                .map(|users| users.to_string())
                                .unwrap_or_default(),
                            text::cell(&one.reason.say(lang)),
                        ];
                        writer
                            .write_record(row)
                            .map_err(|e| broken(&self.path, e))?;
                    }
                }
                Ok(())
            }
            Form::Parquet(db) => {
                let doing = || Error::duck(format!("writing {}", self.path.display()));
                let mut rows = db.appender("lists").map_err(doing())?;
                for list in lists {
                    for one in &list.products {
                        rows.append_row(params![
                            list.user,
                            list.segment,
                            one.rank,
                            text::clean(&one.product),
                            one.name.as_deref().map(text::clean),
                            one.score,
                            one.reason.kind(),
                            one.reason.rests_on().map(text::clean),
                            one.reason.users(),
                            text::clean(&one.reason.say(lang))
                        ])
                        .map_err(doing())?;
                    }
                }
                rows.flush().map_err(doing())
            }
        }
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<()> {
        let made = match self.form {
            Form::Csv(writer) => {
                let file = self.temp.path().join("lists.csv");
                writer.into_inner().map_err(|e| broken(&self.path, e))?;
                file
            }
            Form::Parquet(db) => {
                let file = self.temp.path().join("lists.parquet");
                let doing = || Error::duck(format!("writing {}", self.path.display()));
                db.execute("SET VARIABLE out = ?", [file.to_string_lossy()])
                    .map_err(doing())?;
                db.execute_batch(include_str!("../../sql/export/lists_parquet.sql"))
                    .map_err(doing())?;
                file
            }
        };
        std::fs::rename(&made, &self.path).map_err(Error::io(&self.path))
    }
}

fn broken(path: &Path, why: impl ToString) -> Error {
    Error::failed(
        path.display(),
        why,
        "check the free space and the folder's permissions",
    )
}
