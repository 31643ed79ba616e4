//! Filling a sentence's slots, and making names out of the data safe to show.

use super::codes::Slot;
use crate::words::Lang;

/// Most cells of a name on the screen.
const NAME_CELLS: usize = 60;

/// What goes into one slot, and the fact that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// The slot.
    pub slot: Slot,
    /// The text as shown, quoted where it is a name out of the data.
    pub text: String,
    /// Id of the fact.
    pub fact: String,
}

/// A part of a sentence's template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// A slot.
    Slot(Slot),
    /// A control code that is no slot; the whole of it, `<|end|>`.
    Code(&'a str),
}

/// Cuts a template such as `An order brings <|val|>.` into words and slots.
#[must_use]
pub fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some(start) = rest.find("<|") {
        let name = start + 2;
        let Some(length) = rest[name..].find("|>") else {
            break;
        };
        if start > 0 {
            out.push(Piece::Text(&rest[..start]));
        }
        let end = name + length + 2;
        let code = Piece::Code(&rest[start..end]);
        out.push(Slot::of(&rest[name..name + length]).map_or(code, Piece::Slot));
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

/// The sentence with its slots filled; a slot without a filling and foreign codes vanish.
#[must_use]
pub fn fill(template: &str, fillings: &[Filling]) -> String {
    let mut out = String::new();
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(slot) => {
                let text = fillings
                    .iter()
                    .find(|f| f.slot == slot)
                    .map_or("", |f| f.text.as_str());
                if slot == Slot::Label && out.is_empty() {
                    out.push_str(&capitalised(text));
                } else {
                    out.push_str(text);
                }
            }
            Piece::Code(_) => {}
        }
    }
    out
}

/// The text with an upper-case first letter.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// A label as it stands inside a sentence: `Average order value` becomes `average order value`, `AOV` stays.
#[must_use]
pub fn inner_label(label: &str) -> String {
    let label = sanitise(label);
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => first
            .to_lowercase()
            .chain(std::iter::once(second))
            .chain(chars)
            .collect(),
        _ => label,
    }
}

/// A name out of the data between quotation marks, so that it reads as data.
#[must_use]
pub fn quoted(name: &str, lang: Lang) -> String {
    let name = sanitise(name);
    match (name.is_empty(), lang) {
        (true, Lang::En) => "(no name)".into(),
        (true, Lang::Zh) => "（无名）".into(),
        (false, _) => format!("“{name}”"),
    }
}

/// A text out of the data as one short line: no control, direction or invisible characters, no heaps
/// of combining marks, no quotation mark that could end ours, at most 60 cells with `…` for the rest.
#[must_use]
pub fn sanitise(text: &str) -> String {
    let clean = crate::words::clean(text).replace(['“', '”', '„', '‟'], "\"");
    let one_line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    crate::words::clip(&one_line, NAME_CELLS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn a_name_cannot_break_out_of_its_line_or_its_quotes() {
        assert_eq!(
            quoted("Tea\u{202E}pot\r\n\tset\u{200B}", Lang::En),
            "“Teapot set”"
        );
        assert_eq!(
            quoted("a” They are rich. “b", Lang::En),
            "“a\" They are rich. \"b”"
        );
        assert_eq!(quoted("\u{1b}[31mred", Lang::Zh), "“[31mred”");
        assert_eq!(quoted(" \u{feff}", Lang::Zh), "（无名）");
    }

    #[test]
    fn a_name_with_codes_in_it_is_not_filled_again() {
        let filling = |slot, text: &str| Filling {
            slot,
            text: text.into(),
            fact: String::new(),
        };
        let text = fill(
            "<|name|> brings <|val|>.",
            &[filling(Slot::Name, "“<|val|>”"), filling(Slot::Val, "£4")],
        );
        assert_eq!(text, "“<|val|>” brings £4.");
    }

    #[test]
    fn pieces_keep_order_and_show_foreign_codes() {
        let cut = pieces("At <|val|><|end|> here<|");
        assert_eq!(
            cut,
            [
                Piece::Text("At "),
                Piece::Slot(Slot::Val),
                Piece::Code("<|end|>"),
                Piece::Text(" here<|")
            ]
        );
    }

    #[test]
    fn labels_fit_into_a_sentence() {
        assert_eq!(inner_label("Loyalty points"), "loyalty points");
        assert_eq!(inner_label("AOV"), "AOV");
        let label = Filling {
            slot: Slot::Label,
            text: "loyalty points".into(),
            fact: String::new(),
        };
        assert_eq!(
            fill("<|label|> are low.", std::slice::from_ref(&label)),
            "Loyalty points are low."
        );
    }

    proptest! {
        #[test]
        fn any_text_becomes_one_short_visible_line(text in "\\PC*|[\u{0}-\u{2fff}]{0,200}") {
            let name = sanitise(&text);
            prop_assert!(name.width() <= NAME_CELLS, "{} cells", name.width());
            prop_assert!(crate::words::clean(&name) == name);
            prop_assert_eq!(sanitise(&name), name);
        }
    }
}
