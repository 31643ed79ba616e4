//! The two ends of sealing: files that are counted and hashed as they are read, and the sealed file as it is written.

use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::workspace::hex;

/// A file's bytes, exactly as many as were announced; ends when the job is asked to stop.
pub struct Source<'a, R> {
    inner: R,
    path: &'a Path,
    left: u64,
    hash: Sha256,
    progress: &'a Progress,
    /// Why it ended early: what stands between here and the caller only passes on that it did.
    fault: Option<Error>,
}

impl<'a, R: Read> Source<'a, R> {
    /// `bytes` bytes of `inner`, which `path` names in errors.
    pub fn new(inner: R, path: &'a Path, bytes: u64, progress: &'a Progress) -> Self {
        Self {
            inner,
            path,
            left: bytes,
            hash: Sha256::new(),
            progress,
            fault: None,
        }
    }

    /// The SHA-256 of all, once `written` says that all went through; else why it did not.
    pub fn finish(self, written: io::Result<()>, out: &Path) -> Result<String> {
        match (written, self.fault) {
            (Ok(()), _) => Ok(hex(&self.hash.finalize())),
            (Err(_), Some(fault)) => Err(fault),
            (Err(error), None) => Err(Error::io(out)(error)),
        }
    }

    fn next(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.progress.check()?;
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let count = loop {
            match self.inner.read(&mut buffer[..most]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                result => break result.map_err(Error::io(self.path))?,
            }
        };
        if count == 0 {
            return Err(Error::failed(
                self.path.display(),
                "became shorter while it was sealed",
                "run it again while no other portray is running",
            ));
        }
        self.hash.update(&buffer[..count]);
        self.left -= count as u64;
        Ok(count)
    }
}

impl<R: Read> Read for Source<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.next(buffer).map_err(|fault| {
            self.fault = Some(fault);
            io::Error::other("ended early")
        })
    }
}

/// Hashes and counts what is written.
pub struct Hashing<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    /// Before the first byte.
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    /// Passes on what is held back; gives the number of bytes and their SHA-256.
    pub fn finish(mut self) -> io::Result<(u64, String)> {
        self.inner.flush()?;
        Ok((self.bytes, hex(&self.hash.finalize())))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(&bytes[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
