//! From a path to a reader of rows: compression, encoding and format are found from the first bytes.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;

use super::delimited::Delimited;
use super::json_lines::JsonLines;
use super::parquet::Parquet;
use super::row::Rows;
use super::workbook::Workbook;
use crate::error::{Error, Result};
use crate::settings::Settings;

/// How much of a file is looked at before its rows are read.
const HEAD: usize = 1 << 20;

/// The files that an argument means: itself, or what a pattern with `*`, `?` or `[` matches, in order of name.
pub fn expand(arguments: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for argument in arguments {
        let text = argument.to_string_lossy();
        if argument.exists() || text == "-" || !text.contains(['*', '?', '[']) {
            files.push(argument.clone());
            continue;
        }
        let bad = |why: String| Error::usage(argument.display(), why, "check the pattern");
        let found: std::result::Result<Vec<_>, _> =
            glob::glob(&text).map_err(|e| bad(e.to_string()))?.collect();
        let found = found.map_err(|e| bad(e.to_string()))?;
        if found.is_empty() {
            return Err(Error::failed(
                argument.display(),
                "matches no file",
                "check the pattern",
            ));
        }
        files.extend(found);
    }
    Ok(files)
}

/// How a file is named in messages and in the quarantine: its name without the folders above it.
pub fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" {
        return "standard input".into();
    }
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Opens `path` (`-`: standard input) for reading its rows; also what its characters were taken for, or its format.
///
/// # Errors
/// [`Error::Failed`] and [`Error::Io`] where it cannot be read, [`Error::Rejected`] where it is no text of rows.
pub fn open(
    path: &Path,
    temp: &Path,
    encoding: Option<&'static Encoding>,
    settings: &Settings,
) -> Result<(Box<dyn Rows>, &'static str)> {
    let name = name_of(path);
    let raw: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        if path.is_dir() {
            return Err(Error::failed(
                path.display(),
                "is a folder",
                "name its files, as in FOLDER/*.csv",
            ));
        }
        Box::new(File::open(path).map_err(Error::io(path))?)
    };
    let (magic, raw) = peek(raw, 8, path)?;
    if magic.starts_with(b"PAR1") {
        return Ok((
            Box::new(Parquet::open(path, raw, temp, settings)?),
            "Parquet",
        ));
    }
    if magic.starts_with(b"PK\x03\x04") || magic.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Ok((Box::new(Workbook::open(path, raw)?), "workbook"));
    }
    let plain: Box<dyn Read> = if magic.starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(raw))
    } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Box::new(zstd::Decoder::new(raw).map_err(Error::io(path))?)
    } else {
        raw
    };
    let (head, stream) = peek(plain, HEAD, path)?;
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::rejected(
            name,
            "is empty",
            "give a file with a row an event",
        ));
    }
    let encoding = match encoding {
        Some(named) => named,
        None => found_encoding(&head, &name)?,
    };
    let (head, stream): (String, Box<dyn Read>) = if encoding == UTF_8 {
        (String::from_utf8_lossy(&head).into_owned(), stream)
    } else {
        let decoder = DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .build(stream);
        (encoding.decode(&head).0.into_owned(), Box::new(decoder))
    };
    let head = head.strip_prefix('\u{feff}').unwrap_or(&head);
    if head.trim_start().starts_with('{') {
        return Ok((
            Box::new(JsonLines::open(path, head, stream)),
            encoding.name(),
        ));
    }
    Ok((
        Box::new(Delimited::open(path, head, stream)?),
        encoding.name(),
    ))
}

/// The first `length` bytes, and a stream that begins with them again.
fn peek(mut stream: Box<dyn Read>, length: usize, path: &Path) -> Result<(Vec<u8>, Box<dyn Read>)> {
    let mut head = Vec::new();
    (&mut stream)
        .take(length as u64)
        .read_to_end(&mut head)
        .map_err(|e| unreadable(path, &e))?;
    let again = Cursor::new(head.clone()).chain(stream);
    Ok((head, Box::new(again)))
}

/// A file that ends or breaks in the middle.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let why = match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "is cut short".into(),
        std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData => {
            format!("is damaged ({error})")
        }
        _ => format!("cannot be read ({error})"),
    };
    Error::failed(
        name_of(path),
        why,
        "get the file again (nothing of it was kept)",
    )
}

/// What the bytes of a file's beginning are: by its mark; UTF-8 where they are; else the likeliest of the encodings that
/// were there before it, GB18030 and Windows-1252 among them.
fn found_encoding(head: &[u8], name: &str) -> Result<&'static Encoding> {
    if let Some((marked, _)) = Encoding::for_bom(head) {
        return Ok(marked);
    }
    // Text of two bytes a character has a zero in each that is ASCII.
    let start = &head[..head.len().min(512)];
    let zeros = |from: usize| {
        start
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
            * 3
    };
    match (zeros(0) > start.len() / 2, zeros(1) > start.len() / 2) {
        (true, false) => return Ok(UTF_16BE),
        (false, true) => return Ok(UTF_16LE),
        _ => {}
    }
    if zeros(0) + zeros(1) > 3 * 8 {
        return Err(Error::rejected(
            name,
            "is not text",
            "give CSV, JSON lines, Parquet or a workbook, or name its --encoding",
        ));
    }
    match std::str::from_utf8(head) {
        Ok(_) => return Ok(UTF_8),
        // Cut in the middle of a character at the end of the head.
        Err(error) if error.error_len().is_none() => return Ok(UTF_8),
        Err(_) => {}
    }
    // Where most other characters are UTF-8, this one is a slip: one row's matter.
    let text = String::from_utf8_lossy(head);
    let good = text
        .chars()
        .filter(|c| !c.is_ascii() && *c != '\u{fffd}')
        .count();
    let bad = text.chars().filter(|c| *c == '\u{fffd}').count();
    if good > 0 && good >= bad {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let found = detector.guess(None, Utf8Detection::Deny);
    // GB18030 reads all that GBK does, and more.
    Ok(if found == GBK { GB18030 } else { found })
}
