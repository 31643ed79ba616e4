//! A look into a GGUF file before llama.cpp maps it, so that a file that is cut short or is something
//! else ends in a sentence and not in a crash. The format: `docs/gguf.md` of the ggml project.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::{Error, Result};

/// What the program needs to know of a model before loading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Architecture, such as `gpt2` or `llama`.
    pub architecture: String,
    /// Tokens that the model can look back on.
    pub context_length: u64,
    /// Number of tensors.
    pub tensors: u64,
}

/// Architectures in GGUF that write no text.
const NO_WRITERS: &[&str] = &[
    "bert",
    "nomic-bert",
    "jina-bert-v2",
    "clip",
    "t5encoder",
    "wavtokenizer-dec",
    "mmproj",
];

/// Elements in a block and bytes of a block for each tensor type that llama.cpp reads.
const BLOCKS: &[(u32, u64, u64)] = &[
    (0, 1, 4),      // F32
    (1, 1, 2),      // F16
    (2, 32, 18),    // Q4_0
    (3, 32, 20),    // Q4_1
    (6, 32, 22),    // Q5_0
    (7, 32, 24),    // Q5_1
    (8, 32, 34),    // Q8_0
    (9, 32, 36),    // Q8_1
    (10, 256, 84),  // Q2_K
    (11, 256, 110), // Q3_K
    (12, 256, 144), // Q4_K
    (13, 256, 176), // Q5_K
    (14, 256, 210), // Q6_K
    (15, 256, 292), // Q8_K
    (16, 256, 66),  // IQ2_XXS
    (17, 256, 74),  // IQ2_XS
    (18, 256, 98),  // IQ3_XXS
    (19, 256, 50),  // IQ1_S
    (20, 32, 18),   // IQ4_NL
    (21, 256, 110), // IQ3_S
    (22, 256, 82),  // IQ2_S
    (23, 256, 136), // IQ4_XS
    (24, 1, 1),     // I8
    (25, 1, 2),     // I16
    (26, 1, 4),     // I32
    (27, 1, 8),     // I64
    (28, 1, 8),     // F64
    (29, 256, 56),  // IQ1_M
    (30, 1, 2),     // BF16
    (34, 256, 54),  // TQ1_0
    (35, 256, 66),  // TQ2_0
    (39, 32, 17),   // MXFP4
    (40, 64, 36),   // NVFP4
    (41, 128, 18),  // Q1_0
    (42, 64, 18),   // Q2_0
];

const CUT: &str = "it is cut short";

/// Reads and checks the header of the model at `path`.
///
/// # Errors
/// A missing or unreadable file, one that is no GGUF, is cut short, holds no language model, or is of
/// a version or type that the program does not know.
pub fn inspect(path: &Path) -> Result<Header> {
    let file = File::open(path).map_err(Error::io(path))?;
    let length = file.metadata().map_err(Error::io(path))?.len();
    let mut reader = Reader {
        file: BufReader::new(file),
        at: 0,
        length,
    };
    header(&mut reader).map_err(|why| {
        let mend = "fetch the model again, or name another GGUF file with --model";
        Error::failed(path.display(), why, mend)
    })
}

type Checked<T> = std::result::Result<T, String>;

fn header(reader: &mut Reader) -> Checked<Header> {
    let magic = reader
        .bytes(4)
        .map_err(|_| "not a GGUF file (too small)".to_owned())?;
    if magic != b"GGUF" {
        return Err("not a GGUF file (it does not begin with GGUF)".into());
    }
    let version = reader.u32()?;
    if !(2..=3).contains(&version) {
        return Err(format!("GGUF version {version} is not known (2 and 3 are)"));
    }
    let (tensors, pairs) = (reader.u64()?, reader.u64()?);
    let mut meta = HashMap::new();
    for _ in 0..pairs {
        let key = reader.string()?;
        let kind = reader.u32()?;
        if let Some(value) = reader.value(kind)? {
            meta.insert(key, value);
        }
    }
    let Some(Meta::Text(architecture)) = meta.remove("general.architecture") else {
        return Err("it names no architecture (general.architecture)".into());
    };
    if NO_WRITERS.contains(&architecture.as_str()) {
        return Err(format!("a {architecture} model does not write text"));
    }
    if !meta.contains_key("tokenizer.ggml.model") || tensors == 0 {
        return Err("it holds no whole language model (tokenizer or tensors missing)".into());
    }
    let context_length = match meta.get(&format!("{architecture}.context_length")) {
        Some(Meta::Number(length)) if (64..1 << 32).contains(length) => *length,
        _ => {
            return Err(format!(
                "{architecture}.context_length is missing or makes no sense"
            ));
        }
    };
    let alignment = match meta.get("general.alignment") {
        Some(Meta::Number(alignment)) if alignment.is_power_of_two() && *alignment <= 1 << 20 => {
            *alignment
        }
        Some(_) => return Err("general.alignment makes no sense".into()),
        None => 32,
    };
    let mut end = 0;
    for _ in 0..tensors {
        end = end.max(reader.tensor(alignment)?);
    }
    let data = reader.at.next_multiple_of(alignment);
    match data.checked_add(end) {
        Some(needed) if needed <= reader.length => Ok(Header {
            architecture,
            context_length,
            tensors,
        }),
        needed => {
            let needed = needed.map_or("more".into(), |n| n.to_string());
            Err(format!(
                "{CUT}: its tensors need {needed} bytes, the file has {}",
                reader.length
            ))
        }
    }
}

enum Meta {
    Number(u64),
    Text(String),
    Other,
}

struct Reader {
    file: BufReader<File>,
    at: u64,
    length: u64,
}

impl Reader {
    fn advance(&mut self, bytes: u64) -> Checked<()> {
        match self.at.checked_add(bytes) {
            Some(at) if at <= self.length => {
                self.at = at;
                Ok(())
            }
            _ => Err(format!("{CUT}: it ends inside its header")),
        }
    }

    fn bytes(&mut self, count: u64) -> Checked<Vec<u8>> {
        self.advance(count)?;
        let mut bytes = vec![0; count as usize];
        self.file
            .read_exact(&mut bytes)
            .map_err(|e| e.to_string())?;
        Ok(bytes)
    }

    fn skip(&mut self, count: u64) -> Checked<()> {
        self.advance(count)?;
        self.file
            .seek(SeekFrom::Start(self.at))
            .map(drop)
            .map_err(|e| e.to_string())
    }

    fn u32(&mut self) -> Checked<u32> {
        self.number(4).map(|n| n as u32)
    }

    fn u64(&mut self) -> Checked<u64> {
        self.number(8)
    }

    fn number(&mut self, bytes: u64) -> Checked<u64> {
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(self.bytes(bytes)?) {
            *to = from;
        }
        Ok(u64::from_le_bytes(word))
    }

    fn string(&mut self) -> Checked<String> {
        let length = self.u64()?;
        String::from_utf8(self.bytes(length)?)
            .map_err(|_| "a name in its header is not UTF-8".into())
    }

    /// A value of the key-value part; arrays are passed over.
    fn value(&mut self, kind: u32) -> Checked<Option<Meta>> {
        Ok(Some(match kind {
            0 | 1 | 7 => Meta::Number(self.number(1)?),
            2 | 3 => Meta::Number(self.number(2)?),
            4 | 5 => Meta::Number(self.number(4)?),
            10 | 11 => Meta::Number(self.u64()?),
            6 => self.skip(4).map(|()| Meta::Other)?,
            12 => self.skip(8).map(|()| Meta::Other)?,
            8 => {
                let length = self.u64()?;
                Meta::Text(String::from_utf8_lossy(&self.bytes(length)?).into_owned())
            }
            9 => {
                let (kind, count) = (self.u32()?, self.u64()?);
                self.array(kind, count)?;
                return Ok(None);
            }
            other => {
                return Err(format!(
                    "its header holds a value of the unknown kind {other}"
                ));
            }
        }))
    }

    fn array(&mut self, kind: u32, count: u64) -> Checked<()> {
        let width = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            10..=12 => 8,
            8 => {
                for _ in 0..count {
                    let length = self.u64()?;
                    self.advance(length)?;
                    let length = i64::try_from(length).map_err(|_| CUT.to_owned())?;
                    self.file.seek_relative(length).map_err(|e| e.to_string())?;
                }
                return Ok(());
            }
            other => {
                return Err(format!(
                    "its header holds a list of the unknown kind {other}"
                ));
            }
        };
        self.skip(count.checked_mul(width).ok_or(CUT)?)
    }

    /// Where a tensor's data ends, from the beginning of the data part.
    fn tensor(&mut self, alignment: u64) -> Checked<u64> {
        let name = self.string()?;
        let dimensions = self.u32()?;
        if dimensions > 4 {
            return Err(format!("tensor {name:?} has {dimensions} dimensions"));
        }
        let mut elements = 1u64;
        let mut row = 1;
        for i in 0..dimensions {
            let size = self.u64()?;
            row = if i == 0 { size } else { row };
            elements = elements
                .checked_mul(size)
                .ok_or_else(|| format!("tensor {name:?} is impossibly large"))?;
        }
        let kind = self.u32()?;
        let offset = self.u64()?;
        let Some(&(_, block, bytes)) = BLOCKS.iter().find(|b| b.0 == kind) else {
            return Err(format!("tensor {name:?} is of the unknown type {kind}"));
        };
        if !row.is_multiple_of(block) || !offset.is_multiple_of(alignment) {
            return Err(format!("tensor {name:?} does not fit its type"));
        }
        let size = (elements / block)
            .checked_mul(bytes)
            .and_then(|size| size.checked_add(offset));
        size.ok_or_else(|| format!("tensor {name:?} is impossibly large"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn string(out: &mut Vec<u8>, text: &str) {
        out.extend((text.len() as u64).to_le_bytes());
        out.extend(text.as_bytes());
    }

    /// A file with one F32 tensor of 8 by 4 and the least that a language model needs.
    fn small(architecture: &str) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(3u32.to_le_bytes());
        out.extend(1u64.to_le_bytes());
        out.extend(4u64.to_le_bytes());
        for (key, value) in [
            ("general.architecture", architecture),
            ("tokenizer.ggml.model", "gpt2"),
        ] {
            string(&mut out, key);
            out.extend(8u32.to_le_bytes());
            string(&mut out, value);
        }
        string(&mut out, &format!("{architecture}.context_length"));
        out.extend(4u32.to_le_bytes());
        out.extend(512u32.to_le_bytes());
        string(&mut out, "tokenizer.ggml.tokens");
        out.extend(9u32.to_le_bytes());
        out.extend(8u32.to_le_bytes());
        out.extend(2u64.to_le_bytes());
        string(&mut out, "a");
        string(&mut out, "bc");
        string(&mut out, "token_embd.weight");
        out.extend(2u32.to_le_bytes());
        out.extend(8u64.to_le_bytes());
        out.extend(4u64.to_le_bytes());
        out.extend(0u32.to_le_bytes());
        out.extend(0u64.to_le_bytes());
        out.resize(out.len().next_multiple_of(32) + 128, 0);
        out
    }

    fn inspect_bytes(bytes: &[u8]) -> Result<Header> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        inspect(file.path())
    }

    #[test]
    fn a_whole_file_passes() {
        let header = inspect_bytes(&small("gpt2")).unwrap();
        assert_eq!(
            header,
            Header {
                architecture: "gpt2".into(),
                context_length: 512,
                tensors: 1
            }
        );
    }

    #[test]
    fn every_cut_is_noticed() {
        let whole = small("gpt2");
        for length in 0..whole.len() {
            let error = inspect_bytes(&whole[..length]).unwrap_err().to_string();
            assert!(
                error.contains("cut short") || length < 4,
                "{length}: {error}"
            );
        }
    }

    #[test]
    fn other_files_are_named_for_what_they_are() {
        let why = |bytes: &[u8]| inspect_bytes(bytes).unwrap_err().to_string();
        assert!(why(b"PK\x03\x04 a zip file").contains("not a GGUF file"));
        assert!(why(&small("bert")).contains("does not write text"));
        let mut version = small("gpt2");
        version[4] = 9;
        assert!(why(&version).contains("version 9"));
    }

    proptest! {
        #[test]
        fn no_byte_makes_it_panic(at in 0usize..400, byte: u8) {
            let mut bytes = small("gpt2");
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = inspect_bytes(&bytes);
        }
    }
}
