//! Raw ids become pseudonyms while they are read; the raw id is never written.

use crate::workspace::{Key, hex};

/// 16 letters of lower-case base32 (a-z, 2-7): 80 bits of an HMAC.
pub type Pseudonym = [u8; 16];

/// One spelling for one id: blanks around it go, and a whole number that a spreadsheet wrote as a decimal
/// (`17850.0`) loses its fraction. Leading zeros are kept: they tell ids apart.
#[must_use]
pub fn canonical_id(raw: &str) -> &str {
    let id = raw.trim();
    if !id.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return id;
    }
    match id.split_once('.') {
        Some((whole, zeros))
            if !whole.is_empty()
                && !zeros.is_empty()
                && whole.bytes().all(|b| b.is_ascii_digit())
                && zeros.bytes().all(|b| b == b'0') =>
        {
            whole
        }
        _ => id,
    }
}

/// The pseudonym of a canonical id: HMAC-SHA256 (RFC 2104) under the workspace key, its first 80 bits in
/// base32 (RFC 4648, lower case).
#[must_use]
pub fn pseudonym(key: &Key, id: &str) -> Pseudonym {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mac = key.mac(id.as_bytes());
    let bits = mac[..10]
        .iter()
        .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    std::array::from_fn(|i| LETTERS[(bits >> (75 - 5 * i)) as usize & 31])
}

/// The second hash of a pseudonym: what a tombstone and the audit log know a person by. Without the workspace's key no
/// pseudonym leads to it, and none comes back from it.
#[must_use]
pub fn second_hash(key: &Key, pseudonym: &str) -> String {
    hex(&key.mac(format!("portray person {pseudonym}").as_bytes())[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_mean_the_same_are_spelled_the_same() {
        for (raw, canonical) in [
            ("17850.0", "17850"),
            (" 17850 ", "17850"),
            ("00123", "00123"),
            ("00123.00", "00123"),
            ("1.5", "1.5"),
            ("v1.0", "v1.0"),
            (".0", ".0"),
            ("7.", "7."),
        ] {
            assert_eq!(canonical_id(raw), canonical);
        }
    }

    #[test]
    fn pseudonyms_are_sixteen_letters_and_follow_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, digit: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, digit.repeat(64)).unwrap();
            Key::load(&path).unwrap().unwrap()
        };
        let (one, two) = (write("a", "0"), write("b", "1"));
        let made = pseudonym(&one, "17850");
        assert!(
            made.iter()
                .all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(b))
        );
        assert_eq!(made, pseudonym(&one, "17850"));
        assert_ne!(made, pseudonym(&one, "17851"));
        assert_ne!(made, pseudonym(&two, "17850"));
    }
}
