//! `portray sql`: a query over the event store and a run, read only.

use std::io::Read;
use std::path::PathBuf;

use serde_json::json;

use super::args::Here;
use super::text::aligned;
use crate::error::{Error, Result};
use crate::explore::{self, Limits, Table};
use crate::words::{clean, clip};

/// Widest cell shown; JSON and files hold all of it.
const WIDEST: usize = 60;

/// Longest text read from standard input: far more than a query may have.
const LONGEST: u64 = 1 << 20;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The query, such as "SELECT type, count(*) FROM events GROUP BY type"; `-` reads standard input. SHOW TABLES lists
    /// what there is
    #[arg(value_name = "SQL")]
    sql: String,
    /// Number of the run whose members and features can be asked for (default: the newest)
    #[arg(long, value_name = "N")]
    run: Option<i64>,
    /// Most rows shown
    #[arg(long, value_name = "N", default_value_t = Limits::default().rows, conflicts_with = "out")]
    rows: usize,
    /// Write all rows into a new file that ends with .csv, .json or .jsonl
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn run(args: &Args, here: &Here) -> Result<()> {
    let sql = text(&args.sql)?;
    let (workspace, settings) = (&here.workspace, &here.settings);
    let progress = here.progress();
    if let Some(out) = &args.out {
        here.record_leaving("sql", args.run, out)?;
        let rows = explore::save(workspace, args.run, &sql, out, settings, &progress)?;
        let file = out.display().to_string();
        return here.out.report(&json!({ "file": file, "rows": rows }), || {
            format!("{rows} rows in {}\n", clean(&file))
        });
    }
    let limits = Limits {
        rows: args.rows,
        time: here.timeout.unwrap_or(Limits::default().time),
    };
    let table = explore::query(workspace, args.run, &sql, limits, settings, &progress)?;
    if table.is_cut {
        here.out.say(&format!(
            "only the first {} rows; --rows N shows more, --out FILE writes all",
            args.rows
        ));
    }
    let value = json!({
        "columns": table.columns,
        "rows": table.objects(),
        "is_cut": table.is_cut,
    });
    here.out.report(&value, || lines(&table))
}

/// The query itself, or what standard input says.
fn text(argument: &str) -> Result<String> {
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(LONGEST)
        .read_to_end(&mut bytes)
        .map_err(Error::io("standard input"))?;
    String::from_utf8(bytes)
        .map_err(|_| Error::usage("standard input", "is no UTF-8 text", "write it as UTF-8"))
}

/// An aligned table, numbers to the right.
fn lines(table: &Table) -> String {
    let shown = |text: &str| clip(&clean(text), WIDEST);
    let head: Vec<String> = table.columns.iter().map(|name| shown(name)).collect();
    let rows = table.rows.iter().map(|row| {
        row.iter()
            .map(|cell| shown(cell.as_deref().unwrap_or_default()))
            .collect()
    });
    let lines: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let lines: Vec<&[String]> = lines.iter().map(Vec::as_slice).collect();
    aligned(&lines, &table.numeric)
}
