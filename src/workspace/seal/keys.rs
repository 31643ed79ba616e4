//! What a sealed file is locked and unlocked with: a passphrase, or keys of the age format.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use age::secrecy::SecretString;
use age::x25519;

use super::fault;
use crate::error::{Error, Result};

/// scrypt's work factor for new files: 256 megabytes and about a second, the age tool's own choice.
const WORK: u8 = if cfg!(test) { 8 } else { 18 };
/// The most that a file may ask for: each step more doubles the time and the memory.
const MOST_WORK: u8 = 22;
/// Most bytes of an identity file.
const MOST_IDENTITIES: u64 = 64 * 1024;
/// An age header is this long at most, with hundreds of recipients.
const MOST_HEADER: u64 = 64 * 1024;
/// How the files begin that are read here.
const VERSION: &[u8] = b"age-encryption.org/v1\n";
/// The head's last line: three hyphens, a blank, a MAC in base64, and the line's end.
const LAST_LINE: usize = 3 + 1 + 43 + 1;

/// How to lock a file.
pub enum Lock {
    /// With a passphrase.
    Passphrase(SecretString),
    /// For the owners of these keys, each of whom can open it.
    Recipients(Vec<x25519::Recipient>),
}

/// How to unlock one.
pub enum Unlock {
    /// With its passphrase.
    Passphrase(SecretString),
    /// With one of these keys.
    Identities(Vec<x25519::Identity>),
}

/// What a sealed file asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockedBy {
    /// A passphrase.
    Passphrase,
    /// A key.
    Keys,
}

impl Lock {
    /// A lock for recipients, each written `age1…`.
    ///
    /// # Errors
    /// [`Error::Usage`] where there is none, or one is something else.
    pub fn recipients<S: AsRef<str>>(texts: &[S]) -> Result<Self> {
        if texts.is_empty() {
            return Err(Error::usage(
                "the recipients",
                "are none",
                "name one, age1…",
            ));
        }
        let parse = |text: &S| {
            let text = text.as_ref().trim();
            let why = match text.parse() {
                Ok(recipient) => return Ok(recipient),
                // Who mixes the two up must not find the secret in a log.
                Err(_) if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") => {
                    return Err(Error::usage(
                        "the recipient",
                        "is a secret key, which opens files",
                        "name the public key that belongs to it, age1…, and keep the secret one out of command lines",
                    ));
                }
                Err(why) => why,
            };
            let shown: String = text
                .chars()
                .filter(char::is_ascii_graphic)
                .take(80)
                .collect();
            Err(Error::usage(
                format!("the recipient {shown}"),
                format!("is not an X25519 public key of the age format: {why}"),
                "name one as `age-keygen` prints it, age1… and 58 more characters",
            ))
        };
        Ok(Self::Recipients(
            texts.iter().map(parse).collect::<Result<_>>()?,
        ))
    }

    /// What writes a file that this locks.
    pub(super) fn encryptor(&self) -> Result<age::Encryptor> {
        let made = match self {
            Self::Passphrase(passphrase) => {
                let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK);
                age::Encryptor::with_recipients(std::iter::once(&recipient as _))
            }
            Self::Recipients(all) => {
                age::Encryptor::with_recipients(all.iter().map(|one| one as &dyn age::Recipient))
            }
        };
        made.map_err(|e| Error::failed("the lock", e, "name a passphrase or recipients, age1…"))
    }
}

impl Unlock {
    /// The keys in an age identity file, as `age-keygen` writes it: comments, and lines `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// [`Error::Failed`] where it holds anything else, or no key; the message never shows what stands there.
    pub fn identity_file(path: &Path) -> Result<Self> {
        let refuse = |why: String| {
            Error::failed(
                path.display(),
                why,
                "name a file as `age-keygen` writes it, with a line AGE-SECRET-KEY-1…",
            )
        };
        let mut text = String::new();
        let file = File::open(path).map_err(Error::io(path))?;
        match file.take(MOST_IDENTITIES + 1).read_to_string(&mut text) {
            Ok(_) => {}
            Err(e) if e.kind() == std::io::ErrorKind::InvalidData => {
                return Err(refuse("is not a text".into()));
            }
            Err(e) => return Err(Error::io(path)(e)),
        }
        if text.len() as u64 > MOST_IDENTITIES {
            return Err(refuse("is too long for an identity file".into()));
        }
        if text.starts_with("age-encryption.org/") || text.starts_with("-----BEGIN AGE") {
            return Err(Error::failed(
                path.display(),
                "is itself encrypted",
                "decrypt it first with the age tool, into a memory-backed folder",
            ));
        }
        if text.contains("PRIVATE KEY-----") {
            return Err(refuse("is an SSH key, which is not used here".into()));
        }
        let mut found = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            found.push(line.parse().map_err(|_| {
                refuse(format!(
                    "holds something else than an X25519 secret key in line {}",
                    number + 1
                ))
            })?);
        }
        if found.is_empty() {
            return Err(refuse("holds no key".into()));
        }
        Ok(Self::Identities(found))
    }

    /// Opens a file, which `path` names in errors.
    pub(super) fn open(&self, path: &Path) -> Result<age::stream::StreamReader<BufReader<File>>> {
        let decryptor = decryptor(path)?;
        match (self, decryptor.is_scrypt()) {
            (Self::Passphrase(_), false) => Err(Error::failed(
                path.display(),
                "was sealed for a key, not with a passphrase",
                "name the identity file that holds the key",
            )),
            (Self::Identities(_), true) => Err(Error::failed(
                path.display(),
                "was sealed with a passphrase, not for a key",
                "give the passphrase, and no identity file",
            )),
            (Self::Passphrase(passphrase), true) => {
                let mut identity = age::scrypt::Identity::new(passphrase.clone());
                identity.set_max_work_factor(MOST_WORK);
                decryptor.decrypt(std::iter::once(&identity as _))
            }
            .map_err(|e| fault::unlocking(path, e, MOST_WORK)),
            (Self::Identities(all), false) => decryptor
                .decrypt(all.iter().map(|one| one as &dyn age::Identity))
                .map_err(|e| fault::unlocking(path, e, MOST_WORK)),
        }
    }
}

/// What a sealed file asks for, so that nobody is asked for a passphrase in vain.
///
/// # Errors
/// [`Error::Failed`] where it is no sealed file, [`Error::Damaged`] where its head does not parse.
pub fn locked_by(path: &Path) -> Result<LockedBy> {
    Ok(if decryptor(path)?.is_scrypt() {
        LockedBy::Passphrase
    } else {
        LockedBy::Keys
    })
}

/// The file, its head read.
fn decryptor(path: &Path) -> Result<age::Decryptor<BufReader<File>>> {
    let other = |why: &str| {
        Error::failed(
            path.display(),
            why,
            "name a file that `portray workspace seal` wrote",
        )
    };
    let file = File::open(path).map_err(Error::io(path))?;
    if !file.metadata().map_err(Error::io(path))?.is_file() {
        return Err(other("is not a file"));
    }
    let mut file = BufReader::with_capacity(MOST_HEADER as usize, file);
    let head = file.fill_buf().map_err(Error::io(path))?;
    if head.starts_with(b"-----BEGIN AGE") {
        return Err(other(
            "is an age file written as text, which is not read here",
        ));
    }
    if !head.starts_with(b"age-encryption.org/") {
        return Err(other("is not a sealed workspace"));
    }
    let is_known = head.starts_with(VERSION);
    // age reads up to the end of a line, wherever that is: a head without one is not read into memory whole.
    let last = head.windows(4).position(|bytes| bytes == b"\n---");
    let is_bounded =
        last.is_some_and(|at| head[at + 1..].iter().take(LAST_LINE).any(|b| *b == b'\n'));
    fault::ensure(is_bounded, path, "its head has no end")?;
    age::Decryptor::new_buffered(file).map_err(|e| match e {
        age::DecryptError::UnknownFormat if is_known => {
            fault::damaged(path, "its head does not parse")
        }
        e => fault::unlocking(path, e, MOST_WORK),
    })
}
