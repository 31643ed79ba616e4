//! The key behind the pseudonyms: made once, readable by its owner alone, checked by both stores.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::{Error, Result};

/// The 32 bytes that turn raw ids into pseudonyms.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// The key in `path`, made there where the file does not exist.
    pub fn load_or_create(path: &Path) -> Result<Self> {
        if let Some(key) = Self::load(path)? {
            return Ok(key);
        }
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|e| {
            Error::failed(
                path.display(),
                format!("no random bytes: {e}"),
                "check /dev/urandom",
            )
        })?;
        let temporary = path.with_extension("key.new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary).map_err(Error::io(&temporary))?;
        writeln!(file, "{}", hex(&bytes))
            .and_then(|()| file.sync_all())
            .map_err(Error::io(&temporary))?;
        // A hard link fails where another process was quicker: then its key counts.
        let linked = std::fs::hard_link(&temporary, path);
        std::fs::remove_file(&temporary).map_err(Error::io(&temporary))?;
        match linked {
            Ok(()) => Ok(Self(bytes)),
            Err(error) => Self::load(path)?.ok_or_else(|| Error::io(path)(error)),
        }
    }

    /// The key in `path`; none where there is no such file.
    pub fn load(path: &Path) -> Result<Option<Self>> {
        let mut text = String::new();
        match std::fs::File::open(path).and_then(|file| file.take(1024).read_to_string(&mut text)) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io(path)(error)),
        }
        let text = text.trim();
        let digits: Option<Vec<u8>> = (text.len() == 64)
            .then(|| {
                (0..32)
                    .map(|i| u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok())
                    .collect()
            })
            .flatten();
        digits
            .and_then(|bytes| bytes.try_into().ok())
            .map(|bytes| Some(Self(bytes)))
            .ok_or_else(|| {
                Error::damaged(
                    path.display(),
                    "is not a key",
                    "it holds 64 hexadecimal digits; restore it from its copy",
                )
            })
    }

    /// HMAC-SHA256 (RFC 2104) of `message` under this key.
    #[must_use]
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0)
            .unwrap_or_else(|_| unreachable!("any length is a key"));
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// What both stores keep to recognise the key without holding it.
    #[must_use]
    pub fn check_value(&self) -> String {
        hex(&self.mac(b"portray key check")[..8])
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pseudonym.key");
        let made = Key::load_or_create(&path).unwrap();
        let again = Key::load_or_create(&path).unwrap();
        assert_eq!(made.check_value(), again.check_value());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pseudonym.key");
        for text in ["", "abc", &"é".repeat(32), &"g".repeat(64)] {
            std::fs::write(&path, text).unwrap();
            assert!(Key::load_or_create(&path).is_err(), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), *text);
        }
    }
}
