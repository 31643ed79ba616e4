//! A text cut into sentences.

use crate::words::Lang;

/// The sentences of a text, trimmed, none empty. Lines end sentences too; a stop inside quotation marks or between
/// digits does not.
pub(super) fn split(text: &str, lang: Lang) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_quoted = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '“' => is_quoted = true,
            '”' => is_quoted = false,
            _ => {}
        }
        let next = chars.peek().map(|(_, next)| *next);
        let is_stop = match c {
            '\n' => true,
            '。' | '！' | '？' => !is_quoted,
            '.' | '!' | '?' if lang == Lang::En => {
                !is_quoted && next.is_none_or(char::is_whitespace)
            }
            _ => false,
        };
        if is_stop {
            let end = at + c.len_utf8();
            found.push(&text[start..end]);
            start = end;
            is_quoted = false;
        }
    }
    found.push(&text[start..]);
    found
        .into_iter()
        .map(str::trim)
        .filter(|sentence| sentence.contains(char::is_alphanumeric))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::words::Lang;

    #[test]
    fn stops_in_figures_and_names_end_nothing() {
        let text = "They spend £29.5 an order. “St. Ives. Soap” is theirs!\nNo stop here";
        let found = split(text, Lang::En);
        assert_eq!(
            found,
            [
                "They spend £29.5 an order.",
                "“St. Ives. Soap” is theirs!",
                "No stop here"
            ]
        );
        assert_eq!(split("客单价3.5元。“好。吃”买得多！", Lang::Zh).len(), 2);
        assert!(split(" \n . ", Lang::En).is_empty());
    }
}
