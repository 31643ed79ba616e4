//! CSV, TSV and their kin, and columns parted by blanks.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, ReaderBuilder};

use super::field::Field;
use super::open::{name_of, unreadable};
use super::row::{Row, Rows};
use super::time::TimeFormat;
use crate::error::{Error, Result};

/// A row that is longer is no row of a shop's events.
const LONGEST_ROW: usize = 1 << 20;

/// Lines that a quoted cell may run over before its quote counts as one that went wrong.
const MOST_LINES: usize = 100;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parting {
    By(u8),
    Blanks,
}

/// A reader of delimited rows.
///
/// It goes line by line, so that a quote which never closes costs its own row and not all that follow.
pub struct Delimited {
    path: PathBuf,
    stream: BufReader<Box<dyn Read>>,
    parting: Parting,
    /// Lines read already, with their numbers.
    ahead: VecDeque<(u64, Vec<u8>)>,
    line: u64,
    record: ByteRecord,
    quoted: csv_core::Reader,
    /// Room for the line at hand.
    room: Vec<u8>,
    /// Room for the parser of quoted rows.
    cells: Vec<u8>,
    ends: Vec<usize>,
    columns: Vec<String>,
    has_header: bool,
}

impl Delimited {
    /// A reader of `stream`, whose beginning is `head`.
    pub fn open(path: &Path, head: &str, stream: Box<dyn Read>) -> Result<Self> {
        let parting = parting(head);
        let mut quoted = csv_core::ReaderBuilder::new();
        if let Parting::By(delimiter) = parting {
            quoted.delimiter(delimiter);
        }
        let mut reader = Self {
            path: path.to_path_buf(),
            stream: BufReader::with_capacity(1 << 18, stream),
            parting,
            quoted: quoted.build(),
            room: Vec::new(),
            cells: Vec::new(),
            ends: Vec::new(),
            ahead: VecDeque::new(),
            line: 0,
            record: ByteRecord::new(),
            columns: Vec::new(),
            has_header: false,
        };
        let mut first = Vec::new();
        let Some(number) = reader.take_row(&mut first)? else {
            return Ok(reader);
        };
        let first = first
            .strip_prefix("\u{feff}".as_bytes())
            .unwrap_or(&first)
            .to_vec();
        reader.parse(&first);
        let names: Vec<String> = reader
            .record
            .iter()
            .map(|cell| String::from_utf8_lossy(cell).trim().to_owned())
            .collect();
        reader.has_header = is_header(&names);
        if reader.has_header {
            duplicates(path, &names)?;
            reader.columns = names;
        } else {
            reader.columns = (1..=names.len()).map(|i| i.to_string()).collect();
            reader.ahead.push_front((number, first));
        }
        Ok(reader)
    }

    /// The next line that is not empty, without its end, and its number.
    fn take_row(&mut self, line: &mut Vec<u8>) -> Result<Option<u64>> {
        loop {
            match self.take_line(line)? {
                Some(_) if line.is_empty() => {}
                other => return Ok(other),
            }
        }
    }

    /// The next line, without its end, and its number.
    fn take_line(&mut self, line: &mut Vec<u8>) -> Result<Option<u64>> {
        if let Some((number, ahead)) = self.ahead.pop_front() {
            *line = ahead;
            return Ok(Some(number));
        }
        let broken = |e| unreadable(&self.path, &e);
        line.clear();
        let read = (&mut self.stream)
            .take(LONGEST_ROW as u64 + 1)
            .read_until(b'\n', line)
            .map_err(broken)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if read > LONGEST_ROW && line.last() != Some(&b'\n') {
            self.stream.skip_until(b'\n').map_err(broken)?;
        }
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        Ok(Some(self.line))
    }

    /// Cuts a whole row into the cells of `self.record`.
    fn parse(&mut self, row: &[u8]) {
        self.record.clear();
        match self.parting {
            Parting::Blanks => row
                .split(u8::is_ascii_whitespace)
                .filter(|cell| !cell.is_empty())
                .for_each(|cell| self.record.push_field(cell)),
            Parting::By(delimiter) if !row.contains(&b'"') => {
                row.split(|byte| *byte == delimiter)
                    .for_each(|cell| self.record.push_field(cell));
            }
            Parting::By(_) => self.parse_quoted(row),
        }
    }

    /// Cuts a row with quotes. The parser is made once: making one costs more than many rows.
    fn parse_quoted(&mut self, row: &[u8]) {
        // A cell is never longer than its row, nor are there more cells than bytes and one.
        self.cells.resize(row.len() + 1, 0);
        self.ends.resize(row.len() + 2, 0);
        self.quoted.reset();
        let (mut cut, mut ended) = (0, 0);
        // The second call tells the parser that nothing follows.
        for input in [row, &[]] {
            let (_, _, wrote, ends) =
                self.quoted
                    .read_record(input, &mut self.cells[cut..], &mut self.ends[ended..]);
            cut += wrote;
            ended += ends;
        }
        let mut start = 0;
        for end in &self.ends[..ended] {
            self.record.push_field(&self.cells[start..*end]);
            start = *end;
        }
    }

    /// Joins the lines of a quoted cell that runs over several; what stands alone where its quote never closes as it
    /// should.
    fn join(&mut self, first: &[u8], delimiter: u8) -> Result<Option<Vec<u8>>> {
        let mut joined = first.to_vec();
        let mut taken = Vec::new();
        while taken.len() < MOST_LINES && joined.len() < LONGEST_ROW {
            let mut line = Vec::new();
            let Some(number) = self.take_line(&mut line)? else {
                break;
            };
            joined.push(b'\n');
            joined.extend_from_slice(&line);
            taken.push((number, line));
            match quotes(&joined, delimiter) {
                Quotes::Open => {}
                Quotes::Odd => break,
                Quotes::Closed => {
                    self.parse(&joined);
                    if self.record.len() == self.columns.len() {
                        return Ok(Some(joined));
                    }
                    break;
                }
            }
        }
        for line in taken.into_iter().rev() {
            self.ahead.push_front(line);
        }
        Ok(None)
    }
}

impl Rows for Delimited {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn has_header(&self) -> bool {
        self.has_header
    }

    fn next(&mut self, row: &mut Row) -> Result<bool> {
        let mut line = std::mem::take(&mut self.room);
        let found = self.take_row(&mut line)?;
        if let Some(number) = found {
            row.start(number);
            self.fill(row, &mut line)?;
        }
        self.room = line;
        Ok(found.is_some())
    }
}

impl Delimited {
    /// Cuts a line, which may be joined with those that follow, into the fields of `row`.
    fn fill(&mut self, row: &mut Row, line: &mut Vec<u8>) -> Result<()> {
        if line.len() > LONGEST_ROW {
            row.problem = Some("the row is longer than 1 MiB".into());
            return Ok(());
        }
        // Nearly all rows are plain: they are cut where they stand.
        if let Parting::By(delimiter) = self.parting
            && memchr::memchr2(b'"', 0, line).is_none()
            && let Ok(text) = std::str::from_utf8(line)
        {
            row.split(text, delimiter);
            row.problem = self.width_problem(row);
            return Ok(());
        }
        let mut is_open = false;
        if let Parting::By(delimiter) = self.parting
            && quotes(line, delimiter) == Quotes::Open
        {
            match self.join(line, delimiter)? {
                Some(joined) => *line = joined,
                None => is_open = true,
            }
        }
        self.parse(line);
        for cell in &self.record {
            row.push(&String::from_utf8_lossy(cell));
        }
        row.problem = if is_open {
            Some("a quote of the row does not close".into())
        } else if std::str::from_utf8(line).is_err() {
            Some("the row is not UTF-8 as the rows before it are".into())
        } else if line.contains(&0) {
            Some("the row holds a NUL byte".into())
        } else {
            self.width_problem(row)
        };
        Ok(())
    }

    fn width_problem(&self, row: &Row) -> Option<String> {
        (row.width() != self.columns.len()).then(|| {
            format!(
                "the row has {} columns, the header {}",
                row.width(),
                self.columns.len()
            )
        })
    }
}

/// How a row's quotes end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// All closed, each at the end of its cell.
    Closed,
    /// All closed, one in the middle of a cell: not what a writer of CSV writes.
    Odd,
    /// A cell is still open.
    Open,
}

/// Follows the quotes of a row. One opens at the beginning of a cell only, and closes unless it is doubled (RFC 4180).
fn quotes(row: &[u8], delimiter: u8) -> Quotes {
    if !row.contains(&b'"') {
        return Quotes::Closed;
    }
    let (mut at_start, mut is_open, mut is_odd) = (true, false, false);
    let mut bytes = row.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if is_open {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                is_open = false;
                is_odd |= bytes.peek().is_some_and(|next| *next != delimiter);
            }
        } else if byte == b'"' && at_start {
            is_open = true;
        }
        at_start = !is_open && byte == delimiter;
    }
    match (is_open, is_odd) {
        (true, _) => Quotes::Open,
        (false, true) => Quotes::Odd,
        (false, false) => Quotes::Closed,
    }
}

/// The candidate that parts the first lines most evenly into most columns; blanks where none parts them.
fn parting(head: &str) -> Parting {
    let cells = |text: &str, delimiter: u8| {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        // The last of the rows looked at may be cut.
        let counts = reader
            .byte_records()
            .take(50)
            .filter_map(|r| Some(r.ok()?.len()));
        counts.collect::<Vec<_>>()
    };
    let columns = |delimiter: u8| {
        // A cell may run over lines; but where a quote never closes, each line by itself tells more.
        let lines = head.lines().take(50);
        let by_line: Vec<_> = lines.flat_map(|line| cells(line, delimiter)).collect();
        evenly(&cells(head, delimiter)).max(evenly(&by_line))
    };
    let best = [b',', b'\t', b';', b'|']
        .into_iter()
        .rev()
        .map(|delimiter| (columns(delimiter), delimiter))
        .max_by_key(|(columns, _)| *columns);
    let blanks = || {
        let counts = head
            .lines()
            .take(50)
            .map(|line| line.split_whitespace().count());
        evenly(&counts.collect::<Vec<_>>())
    };
    match best {
        Some((2.., delimiter)) => Parting::By(delimiter),
        _ if blanks() >= 3 => Parting::Blanks,
        _ => Parting::By(b','),
    }
}

/// How many cells most rows have, where eight in ten have as many as the first; else one.
fn evenly(counts: &[usize]) -> usize {
    let first = counts.first().copied().unwrap_or(1);
    let even = counts.iter().filter(|count| **count == first).count();
    if even * 10 >= counts.len() * 8 {
        first
    } else {
        1
    }
}

/// A first row is a header where it names a known column, or where nothing in it is a number or a time.
fn is_header(names: &[String]) -> bool {
    let known = names.iter().any(|name| Field::by_column(name).is_some());
    let data = |cell: &String| {
        cell.parse::<f64>().is_ok()
            || TimeFormat::guess(std::iter::once(cell.as_str())).is_some() && !cell.is_empty()
    };
    known || !names.iter().any(data)
}

fn duplicates(path: &Path, names: &[String]) -> Result<()> {
    for (i, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..i].contains(name) {
            return Err(Error::rejected(
                format!("{}, line 1", name_of(path)),
                format!("two columns are called `{}`", crate::words::clip(name, 40)),
                "rename one of them",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found() {
        for (head, expected) in [
            ("a;b;c\n1;2,5;3\n4;5,5;6\n", Parting::By(b';')),
            ("a\tb\n1\t2\n", Parting::By(b'\t')),
            ("a,b\n\"x;y;z\",2\n", Parting::By(b',')),
            ("a;b\n1;2,5\n3;\"4,5\n6;7,5\n", Parting::By(b';')),
            (" id date n  value\n 1 19970101 1  2.5\n", Parting::Blanks),
            ("one", Parting::By(b',')),
        ] {
            assert_eq!(parting(head), expected, "{head}");
        }
    }

    /// The rows of a text: their lines, cells and problems.
    fn rows(text: &str) -> Vec<(u64, Vec<String>, bool)> {
        let stream = Box::new(std::io::Cursor::new(text.to_owned()));
        let mut reader = Delimited::open(Path::new("a.csv"), text, stream).unwrap();
        let mut found = Vec::new();
        let mut row = Row::default();
        while reader.next(&mut row).unwrap() {
            let cells = row.fields().map(str::to_owned).collect();
            found.push((row.line, cells, row.problem.is_some()));
        }
        found
    }

    #[test]
    fn a_quote_gone_wrong_costs_one_row() {
        let found =
            rows("user,name\n1,\"fine, so far\"\n2,\"open\n3,\"two\nlines\"\n4,5\" pipe\n5,last\n");
        let lines: Vec<_> = found.iter().map(|row| (row.0, row.2)).collect();
        assert_eq!(
            lines,
            [(2, false), (3, true), (4, false), (6, false), (7, false)]
        );
        assert_eq!(found[0].1, ["1", "fine, so far"]);
        assert_eq!(found[2].1, ["3", "two\nlines"]);
        assert_eq!(found[3].1, ["4", "5\" pipe"]);
    }

    proptest::proptest! {
        /// What a writer of CSV wrote is read back, whatever stands in it.
        #[test]
        fn written_rows_are_read_back(cells in proptest::collection::vec(["[a-z\",;\n ]{0,6}", "[a-z]{1,4}"], 1..20)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["user", "name"]).unwrap();
            for row in &cells {
                writer.write_record([row[1].as_str(), row[0].as_str()]).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let found: Vec<_> = rows(&text).into_iter().map(|row| row.1).collect();
            let expected: Vec<_> = cells.iter().map(|row| vec![row[1].clone(), row[0].clone()]).collect();
            proptest::prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_header_is_told_from_data() {
        let row = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        assert!(is_header(&row(
            "user_id,item_id,category_id,behavior,timestamp"
        )));
        assert!(is_header(&row("foo,bar")));
        assert!(!is_header(&row("543462,1715,1464116,pv,1511658000")));
    }
}
