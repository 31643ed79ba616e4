//! Which names an archive may use: it is not trusted, so only a file at the top or in a folder at the top.

use super::UNDER;

/// The path in the workspace that an entry names, as one or two plain names; none where it names anything else.
pub fn inside(entry: &[u8]) -> Option<&str> {
    let path = std::str::from_utf8(entry).ok()?.strip_prefix(UNDER)?;
    let is_plain = |name: &str| {
        !name.is_empty() && name != "." && name != ".." && !name.contains(|c: char| c.is_control())
    };
    let names: Vec<&str> = path.split('/').collect();
    (names.len() <= 2 && names.into_iter().all(is_plain)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn only_plain_names_of_two_levels_pass() {
        for good in ["a", "runs/000001.duckdb", "特征/价格.sql", "..a", "a b"] {
            assert_eq!(inside(format!("workspace/{good}").as_bytes()), Some(good));
        }
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../x",
            "a/..",
            "a/../b",
            ".",
            "./a",
            "a//b",
            "a/",
            "a/b/c",
            "a\0b",
            "a\nb",
        ] {
            assert_eq!(
                inside(format!("workspace/{bad}").as_bytes()),
                None,
                "{bad:?}"
            );
        }
        assert_eq!(inside(b"../x"), None);
        assert_eq!(inside(b"/etc/passwd"), None);
        assert_eq!(inside(b"workspace/\xff"), None);
    }
}
