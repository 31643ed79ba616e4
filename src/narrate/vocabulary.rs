//! A model's tokens: which are words, and which are our control codes.

use std::collections::HashMap;

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use super::codes::{self, CODES, Direction, Measure, Slot, control};
use crate::words::Lang;

/// The end of a sentence among the control codes.
const END: &str = "/s";

/// What the narrator needs to know of a vocabulary.
pub struct Vocabulary {
    words: Vec<Option<Vec<u8>>>,
    codes: HashMap<String, i32>,
    slots: HashMap<i32, Slot>,
    ends: Vec<bool>,
}

impl Vocabulary {
    /// Reads the vocabulary of a model.
    #[must_use]
    pub fn of(model: &LlamaModel) -> Self {
        let vocab = model.vocab();
        let tokens = vocab.n_tokens().max(0);
        let mut codes = HashMap::new();
        let mut words = Vec::with_capacity(tokens as usize);
        let mut ends = Vec::with_capacity(tokens as usize);
        for token in 0..tokens {
            let token_id = LlamaToken(token);
            let name = vocab
                .text(token_id)
                .map(|text| text.to_string_lossy().into_owned())
                .unwrap_or_default();
            let is_code = name.starts_with("<|") && name.ends_with("|>");
            let is_end = vocab.is_eog(token_id);
            ends.push(is_end);
            words.push(if is_code || is_end || vocab.is_control(token_id) {
                None
            } else {
                Some(vocab.token_to_piece(token_id, false, None)).filter(|piece| is_words(piece))
            });
            if is_code {
                codes.insert(name, token);
            }
        }
        let slot = |slot: Slot| Some((*codes.get(&control(slot.name()))?, slot));
        Self {
            slots: Slot::ALL.into_iter().filter_map(slot).collect(),
            words,
            codes,
            ends,
        }
    }

    /// Number of tokens.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // a model without tokens does not load
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether the model knows the control codes of a persona whose sentences tell one fact each.
    #[must_use]
    pub fn has_our_codes(&self) -> bool {
        let names = Direction::ALL.iter().map(|d| d.name());
        let names = names.chain(
            [Measure::Median, Measure::Mean, Measure::Exact]
                .iter()
                .map(|m| m.name()),
        );
        let slots = Slot::ALL.iter().filter(|slot| slot.is_of_one_fact());
        let names = names
            .chain(slots.map(|s| s.name()))
            .chain(CODES.topics().map(|t| t.name.as_str()));
        names
            .chain(["en", "zh", END])
            .all(|name| self.codes.contains_key(&control(name)))
    }

    /// Whether the model knows the codes of all tasks, and those of sentences about two facts.
    #[must_use]
    pub fn has_every_code(&self) -> bool {
        let names = Slot::ALL.iter().map(|slot| slot.name());
        let names = names
            .chain([codes::JOINT])
            .chain(codes::Task::ALL.map(codes::Task::name))
            .chain(codes::Tone::ALL.map(codes::Tone::name))
            .chain(codes::Channel::ALL.map(codes::Channel::name))
            .chain(CODES.lines().map(|line| line.name.as_str()));
        self.has_our_codes()
            && names
                .into_iter()
                .all(|name| self.codes.contains_key(&control(name)))
    }

    /// The token of a control code's name, such as `aov`.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<i32> {
        self.codes.get(&control(name)).copied()
    }

    /// The token of a language.
    #[must_use]
    pub fn language(&self, lang: Lang) -> Option<i32> {
        self.codes.get(&codes::language(lang)).copied()
    }

    /// The token that ends a sentence.
    #[must_use]
    pub fn sentence_end(&self) -> Option<i32> {
        self.code(END)
    }

    /// The slot of a token.
    #[must_use]
    pub fn slot(&self, token: i32) -> Option<Slot> {
        self.slots.get(&token).copied()
    }

    /// The bytes of a token that is words without a digit; none for any other.
    #[must_use]
    pub fn words(&self, token: i32) -> Option<&[u8]> {
        self.words.get(usize::try_from(token).ok()?)?.as_deref()
    }

    /// Whether the token ends the whole text in the model's own terms.
    #[must_use]
    pub fn is_end(&self, token: i32) -> bool {
        usize::try_from(token)
            .ok()
            .and_then(|token| self.ends.get(token))
            .is_some_and(|end| *end)
    }
}

/// Whether a piece can stand in a sentence: neither digits nor lines nor what codes are made of.
fn is_words(piece: &[u8]) -> bool {
    let is_digit = |c: char| c.is_numeric();
    !piece.is_empty()
        && !piece
            .iter()
            .any(|b| b.is_ascii_digit() || b.is_ascii_control() || matches!(b, b'<' | b'>' | b'|'))
        && !String::from_utf8_lossy(piece).contains(is_digit)
}

#[cfg(test)]
mod tests {
    use super::is_words;

    #[test]
    fn digits_and_lines_are_no_words() {
        let pieces = [" order", "客单价", "3", " 3rd", "\n", "½", "４", "<|", "Ⅳ"];
        let words: Vec<_> = pieces
            .into_iter()
            .filter(|piece| is_words(piece.as_bytes()))
            .collect();
        assert_eq!(words, [" order", "客单价"]);
        assert!(is_words(&[0xE5]), "a part of a Chinese character");
    }
}
