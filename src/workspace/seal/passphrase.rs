//! Where a passphrase comes from: a file descriptor, for scripts, or the terminal.

use std::fs::File;
use std::io::Read;

use age::secrecy::SecretString;

use crate::error::{Error, Result};

/// Most bytes of a passphrase.
const MOST: usize = 4096;

/// The first line of what a file descriptor gives; what follows it stays there to read.
///
/// # Errors
/// [`Error::Failed`] where the descriptor is not open, or the line is empty, too long, or not UTF-8.
pub fn read_passphrase_fd(fd: i32) -> Result<SecretString> {
    let what = format!("file descriptor {fd}");
    let refuse = |why: String| {
        Error::failed(
            &what,
            why,
            format!("give the passphrase as one line, as in `--passphrase-fd {fd} {fd}<FILE`"),
        )
    };
    if fd < 0 {
        return Err(Error::usage(&what, "is below 0", "name an open one"));
    }
    let mut file =
        File::open(format!("/dev/fd/{fd}")).map_err(|e| refuse(format!("cannot be read: {e}")))?;
    // Room for all at once: a text that moves leaves copies in memory.
    let mut line = Vec::with_capacity(MOST + 1);
    let mut byte = [0];
    // One by one, since what was read cannot be put back into a pipe.
    loop {
        match file.read(&mut byte) {
            Ok(0) => break,
            Ok(_) if byte == *b"\n" => break,
            Ok(_) if line.len() > MOST => {
                return Err(refuse(format!(
                    "gives more than {MOST} bytes without a line's end"
                )));
            }
            Ok(_) => line.extend(byte),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(refuse(format!("cannot be read: {e}"))),
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if line.len() > MOST {
        return Err(refuse(format!("gives more than {MOST} bytes")));
    }
    let text = String::from_utf8(line).map_err(|_| refuse("gives no UTF-8 text".into()))?;
    if text.is_empty() {
        return Err(refuse("gives an empty line".into()));
    }
    Ok(text.into())
}

/// Asks for a passphrase on the terminal, which does not show it; `twice` for a new one, against a slip.
///
/// # Errors
/// [`Error::Failed`] where there is no terminal, nothing is typed, or the two differ.
pub fn prompt_passphrase(twice: bool) -> Result<SecretString> {
    let ask = |prompt| {
        rpassword::prompt_password(prompt).map_err(|e| {
            Error::failed(
                "the terminal",
                format!("cannot be asked for the passphrase: {e}"),
                "give it by a file descriptor, with --passphrase-fd",
            )
        })
    };
    let refuse = |why| Error::failed("the passphrase", why, "run the command again");
    let first = ask("Passphrase: ")?;
    if first.is_empty() {
        return Err(refuse("is empty"));
    }
    let first = SecretString::from(first);
    if twice {
        use age::secrecy::ExposeSecret;
        let second = SecretString::from(ask("The same again: ")?);
        if first.expose_secret() != second.expose_secret() {
            return Err(refuse("was not typed the same both times"));
        }
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};
    use std::os::fd::AsRawFd;

    use age::secrecy::ExposeSecret;

    use super::*;

    fn given(text: &[u8]) -> Result<SecretString> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        file.rewind().unwrap();
        read_passphrase_fd(file.as_raw_fd())
    }

    #[test]
    fn one_line_is_read() {
        for (text, expected) in [
            ("a b\nc", "a b"),
            ("密码\r\n", "密码"),
            ("x", "x"),
            (" \n", " "),
        ] {
            assert_eq!(given(text.as_bytes()).unwrap().expose_secret(), expected);
        }
        let longest = "x".repeat(MOST);
        assert_eq!(given(longest.as_bytes()).unwrap().expose_secret(), longest);
    }

    #[test]
    fn what_is_no_passphrase_is_refused() {
        for text in [
            b"".as_slice(),
            b"\n",
            b"\r\nx",
            b"\xff\n",
            &[b'x'; MOST + 1],
            &[b'x'; 9999],
        ] {
            assert_eq!(given(text).unwrap_err().kind(), crate::error::Kind::Failed);
        }
        assert!(read_passphrase_fd(-1).is_err());
        assert!(read_passphrase_fd(1_000_000).is_err());
    }

    #[test]
    fn a_pipe_keeps_the_lines_that_follow() {
        let (mut read, mut write) = std::io::pipe().unwrap();
        write.write_all(b"one\ntwo\n").unwrap();
        drop(write);
        assert_eq!(
            read_passphrase_fd(read.as_raw_fd())
                .unwrap()
                .expose_secret(),
            "one"
        );
        let mut rest = String::new();
        read.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "two\n");
    }
}
