//! Copying through the terminal (OSC 52): the text reaches the clipboard of the person's own machine, over SSH too.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Most bytes of text: several terminals drop longer sequences.
const MOST: usize = 70_000;

/// The sequence that copies `text`; in tmux wrapped so that it passes through to the terminal outside.
#[must_use]
pub fn sequence(text: &str, in_tmux: bool) -> Vec<u8> {
    let mut end = text.len().min(MOST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let copy = format!("\x1b]52;c;{}\x07", STANDARD.encode(&text[..end]));
    if in_tmux {
        format!("\x1bPtmux;{}\x1b\\", copy.replace('\x1b', "\x1b\x1b")).into_bytes()
    } else {
        copy.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_as_terminals_take_it() {
        assert_eq!(sequence("foobar", false), b"\x1b]52;c;Zm9vYmFy\x07");
        assert_eq!(
            sequence("fo", true),
            b"\x1bPtmux;\x1b\x1b]52;c;Zm8=\x07\x1b\\"
        );
        let zh = sequence("分群", false);
        assert!(String::from_utf8_lossy(&zh).contains("5YiG576k"));
        assert!(sequence(&"群".repeat(50_000), false).len() < 100_000);
    }
}
