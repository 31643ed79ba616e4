//! The closed lexicon of `models/lexicon.toml`: which phrases a sentence about a topic may be made of.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::codes::CODES;
use crate::words::Lang;

/// What a phrase tells; a phrase can be in several lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum List {
    /// The topic.
    Words = 1,
    /// Allowed with the topic, telling nothing.
    Also = 2,
    /// More than the shop.
    Up = 4,
    /// Less than the shop.
    Down = 8,
    /// As the shop.
    Same = 16,
    /// A great difference.
    Strong = 32,
    /// A small one.
    Mild = 64,
    /// The figure is a median.
    Median = 128,
    /// The figure is a mean.
    Mean = 256,
    /// Nothing.
    Neutral = 512,
}

impl List {
    /// Whether the list is among `lists`, an or of lists.
    #[must_use]
    pub fn is_in(self, lists: u16) -> bool {
        lists & self as u16 != 0
    }
}

#[derive(Deserialize)]
struct File {
    en: Language,
    zh: Language,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    up: Vec<String>,
    down: Vec<String>,
    same: Vec<String>,
    strong: Vec<String>,
    mild: Vec<String>,
    median: Vec<String>,
    mean: Vec<String>,
    neutral: Vec<String>,
    topics: BTreeMap<String, Topic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    words: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    up: Option<Vec<String>>,
    down: Option<Vec<String>>,
    same: Option<Vec<String>>,
}

/// The phrases of one topic in one language.
#[derive(Debug)]
pub struct Cover {
    lang: Lang,
    phrases: HashMap<String, u16>,
    longest: usize,
}

static COVERS: LazyLock<HashMap<(Lang, String), Cover>> = LazyLock::new(|| {
    let text = include_str!("../../models/lexicon.toml");
    let file: File =
        toml::from_str(text).expect("the file is part of the program, and a test reads it");
    let mut covers = HashMap::new();
    for (lang, language) in [(Lang::En, &file.en), (Lang::Zh, &file.zh)] {
        for topic in CODES.topics() {
            if let Some(words) = language.topics.get(&topic.name) {
                covers.insert(
                    (lang, topic.name.clone()),
                    Cover::new(lang, language, words),
                );
            }
        }
    }
    covers
});

impl Cover {
    /// The phrases of a topic, where the lexicon has it.
    #[must_use]
    pub fn of(lang: Lang, topic: &str) -> Option<&'static Self> {
        COVERS.get(&(lang, topic.to_owned()))
    }

    fn new(lang: Lang, language: &Language, topic: &Topic) -> Self {
        let mut cover = Self {
            lang,
            phrases: HashMap::new(),
            longest: 0,
        };
        let lists = [
            (List::Words, &topic.words),
            (List::Also, &topic.also),
            (List::Up, topic.up.as_ref().unwrap_or(&language.up)),
            (List::Down, topic.down.as_ref().unwrap_or(&language.down)),
            (List::Same, topic.same.as_ref().unwrap_or(&language.same)),
            (List::Strong, &language.strong),
            (List::Mild, &language.mild),
            (List::Median, &language.median),
            (List::Mean, &language.mean),
            (List::Neutral, &language.neutral),
        ];
        for (list, phrases) in lists {
            for phrase in phrases {
                let units = cover.units(&phrase.to_lowercase()).len();
                cover.longest = cover.longest.max(units);
                *cover.phrases.entry(phrase.to_lowercase()).or_default() |= list as u16;
            }
        }
        cover
    }

    /// Whether a list has any phrase.
    #[must_use]
    pub fn has(&self, list: List) -> bool {
        self.phrases.values().any(|lists| list.is_in(*lists))
    }

    /// The phrases of a list, sorted.
    #[must_use]
    pub fn phrases(&self, list: List) -> Vec<&str> {
        let of_list = self.phrases.iter().filter(|(_, lists)| list.is_in(**lists));
        let mut phrases: Vec<_> = of_list.map(|(phrase, _)| phrase.as_str()).collect();
        phrases.sort_unstable();
        phrases
    }

    /// Covers a stretch of lower-case text from left to right, the longest phrase first.
    ///
    /// # Errors
    /// The word or character that no phrase covers.
    pub fn take(&self, stretch: &str) -> Result<Vec<(String, u16)>, String> {
        let units = self.units(stretch);
        let glue = if self.lang == Lang::En { " " } else { "" };
        let mut taken = Vec::new();
        let mut at = 0;
        while at < units.len() {
            let longest = (at + 1..=units.len().min(at + self.longest))
                .rev()
                .find_map(|end| {
                    let phrase = units[at..end].join(glue);
                    let lists = *self.phrases.get(&phrase)?;
                    Some((end, phrase, lists))
                });
            let Some((end, phrase, lists)) = longest else {
                return Err(units[at].to_owned());
            };
            taken.push((phrase, lists));
            at = end;
        }
        Ok(taken)
    }

    /// Words in English, characters in Chinese.
    fn units<'a>(&self, text: &'a str) -> Vec<&'a str> {
        match self.lang {
            Lang::En => text.split(' ').filter(|word| !word.is_empty()).collect(),
            Lang::Zh => text
                .char_indices()
                .map(|(at, c)| &text[at..at + c.len_utf8()])
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_its_words_in_both_languages() {
        for topic in CODES.topics() {
            for lang in [Lang::En, Lang::Zh] {
                assert!(
                    Cover::of(lang, &topic.name).is_some(),
                    "{} in {lang}",
                    topic.name
                );
            }
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        let cover = Cover::of(Lang::En, "recency").unwrap();
        let phrases: Vec<_> = cover
            .take("they bought longer ago")
            .unwrap()
            .into_iter()
            .map(|p| p.0)
            .collect();
        assert_eq!(phrases, ["they", "bought", "longer ago"]);
        assert_eq!(cover.take("they bought unicorns"), Err("unicorns".into()));
    }
}
