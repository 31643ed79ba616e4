//! The closed lexicon of `models/lexicon`: which phrases a sentence may be made of.

mod cover;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::codes::CODES;
use crate::words::Lang;

pub use cover::{Cover, List};

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
    contrast: Vec<String>,
    addition: Vec<String>,
    joins: Vec<String>,
    headline: Neutral,
    traits: BTreeMap<String, Trait>,
    compare: Words,
    looking: Looking,
    lines: Lines,
    topics: BTreeMap<String, Topic>,
}

/// Words of texts that the narrator did not write.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Free {
    neutral: Vec<String>,
    negation: Vec<String>,
    rank: Vec<String>,
    beyond: Vec<String>,
    announce: Vec<String>,
    up: Vec<String>,
    down: Vec<String>,
    same: Vec<String>,
    strong: Vec<String>,
    mild: Vec<String>,
    median: Vec<String>,
    mean: Vec<String>,
    splits: Vec<String>,
    weak_splits: Vec<String>,
    shop_before: Vec<String>,
    shop_after: Vec<String>,
    topics: BTreeMap<String, Topic>,
    facts: BTreeMap<String, Vec<String>>,
    needs: BTreeMap<String, Vec<String>>,
    ranks: Ranks,
}

/// Words of ranks among the names that a segment's facts list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranks {
    /// The sentence means the names that are listed.
    pub listed: Vec<String>,
    /// The first of them.
    pub highest: Vec<String>,
    /// The last of them.
    pub lowest: Vec<String>,
    /// By lift; without one of these the share is meant.
    pub lift: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Neutral {
    neutral: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

/// Phrases that say of a topic that goods were looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Looking {
    topics: Vec<String>,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trait {
    up: Vec<String>,
    down: Vec<String>,
}

#[derive(Deserialize)]
struct Lines {
    neutral: Vec<String>,
    #[serde(flatten)]
    lines: BTreeMap<String, Words>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    up: Option<Vec<String>>,
    down: Option<Vec<String>>,
    same: Option<Vec<String>>,
}

/// What a sentence is about, as far as its words are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject<'a> {
    /// A topic of a persona.
    Topic(&'a str, Looks),
    /// A topic in a comparison of two segments.
    Compared(&'a str, Looks),
    /// A line of a product's text, a message or a reason.
    Line(&'a str),
    /// A headline.
    Headline,
}

/// Whether the data tells who looked at what; a text of data without views does not say so either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Looks {
    /// It has views.
    Known,
    /// It has none: a product in it was bought, returned or put into a cart.
    Unknown,
}

struct ByLooks {
    known: Cover,
    unknown: Cover,
}

impl ByLooks {
    fn get(&self, looks: Looks) -> &Cover {
        match looks {
            Looks::Known => &self.known,
            Looks::Unknown => &self.unknown,
        }
    }
}

/// The lexicon of one language.
pub struct Lexicon {
    topics: HashMap<String, ByLooks>,
    compared: HashMap<String, ByLooks>,
    lines: HashMap<String, Cover>,
    headline: Cover,
    traits: HashMap<(String, i8), Vec<String>>,
    /// The language.
    pub lang: Lang,
    free: HashMap<String, Cover>,
    any: Cover,
    facts: BTreeMap<String, Vec<String>>,
    needs: BTreeMap<String, Vec<String>>,
    /// Words of ranks among listed names.
    pub ranks: Ranks,
    frame: Cover,
    announcing: Cover,
    shop_words: (Vec<String>, Vec<String>),
    /// Words at which a free sentence may be cut, beside its marks; the longest first.
    pub splits: Vec<String>,
    /// Prepositions at which it may be cut between two figures or names.
    pub weak_splits: Vec<String>,
    /// Words at which a sentence of two facts may be cut.
    pub joins: Vec<String>,
    /// Those that need facts which pull apart.
    pub contrast: Vec<String>,
}

static EN: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::read(
        Lang::En,
        include_str!("../../../models/lexicon/en.toml"),
        include_str!("../../../models/lexicon/free-en.toml"),
    )
});
static ZH: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::read(
        Lang::Zh,
        include_str!("../../../models/lexicon/zh.toml"),
        include_str!("../../../models/lexicon/free-zh.toml"),
    )
});

impl Lexicon {
    /// The lexicon of a language.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::En => &EN,
            Lang::Zh => &ZH,
        }
    }

    fn read(lang: Lang, text: &str, free: &str) -> Self {
        let read_by_a_test = "the file is part of the program, and a test reads it";
        let language: Language = toml::from_str(text).expect(read_by_a_test);
        let free: Free = toml::from_str(free).expect(read_by_a_test);
        let topics = |beside: &[String]| {
            let known = CODES.topics().filter_map(|topic| {
                let words = language.topics.get(&topic.name)?;
                let known = Cover::of_topic(lang, &language, words, beside);
                let mut unknown = known.clone();
                if language.looking.topics.contains(&topic.name) {
                    unknown.remove(&language.looking.words);
                }
                Some((topic.name.clone(), ByLooks { known, unknown }))
            });
            known.collect()
        };
        let line = |name: &str| {
            let words = language.lines.lines.get(name)?;
            let lists = [
                (List::Words, &words.words),
                (List::Neutral, &language.lines.neutral),
            ];
            Some((name.to_owned(), Cover::new(lang, &lists)))
        };
        let mut headline = Cover::new(
            lang,
            &[
                (List::Neutral, &language.headline.neutral),
                (List::Contrast, &language.contrast),
                (List::Addition, &language.addition),
            ],
        );
        let mut traits = HashMap::new();
        for (topic, sides) in &language.traits {
            for (sign, phrases) in [(1, &sides.up), (-1, &sides.down)] {
                headline.add(List::Words, phrases);
                let phrases = phrases.iter().map(|phrase| phrase.to_lowercase());
                traits.insert((topic.clone(), sign), phrases.collect());
            }
        }
        let base = Cover::of_free(lang, &language, &free, &Topic::default(), false);
        let of_free = |(name, words): (&String, &Topic)| {
            let mut cover = Cover::of_free(lang, &language, &free, words, name == "regularity");
            if let Some(own) = free.topics.get(name) {
                cover.add_topic(own);
            }
            if let Some(traits) = language.traits.get(name) {
                cover.add(List::Up, &traits.up);
                cover.add(List::Down, &traits.down);
                cover.add(List::Words, &traits.up);
                cover.add(List::Words, &traits.down);
            }
            (name.clone(), cover)
        };
        let mut frame = Cover::new(
            lang,
            &[
                (List::Neutral, &language.neutral),
                (List::Neutral, &language.headline.neutral),
                (List::Contrast, &language.contrast),
                (List::Addition, &language.addition),
                (List::Neutral, &free.neutral),
            ],
        );
        let mut announcing = frame.clone();
        announcing.add(List::Words, &free.announce);
        announcing.add(List::Negation, &free.negation);
        announcing.add(List::Rank, &free.rank);
        announcing.add(List::Beyond, &free.beyond);
        announcing.add(List::Up, &free.up);
        announcing.add(List::Down, &free.down);
        let of_topics = language.topics.values().chain(free.topics.values());
        for topic in of_topics {
            announcing.add(List::Also, &topic.words);
            announcing.add(List::Also, &topic.also);
            announcing.add(List::Up, topic.up.as_deref().unwrap_or_default());
            announcing.add(List::Down, topic.down.as_deref().unwrap_or_default());
        }
        frame.add(List::Neutral, &language.joins);
        let mut splits = free.splits.clone();
        splits.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self {
            lang,
            free: language.topics.iter().map(of_free).collect(),
            any: base,
            facts: free.facts.clone(),
            needs: free.needs.clone(),
            ranks: free.ranks.clone(),
            frame,
            announcing,
            shop_words: (free.shop_before.clone(), free.shop_after.clone()),
            splits,
            weak_splits: free.weak_splits.clone(),
            topics: topics(&[]),
            compared: topics(&language.compare.words),
            lines: CODES.lines().filter_map(|l| line(&l.name)).collect(),
            headline,
            traits,
            joins: language.joins,
            contrast: language.contrast,
        }
    }

    /// The phrases that a sentence about the subject may be made of, where the lexicon has it.
    #[must_use]
    pub fn cover(&self, subject: Subject<'_>) -> Option<&Cover> {
        match subject {
            Subject::Topic(name, looks) => Some(self.topics.get(name)?.get(looks)),
            Subject::Compared(name, looks) => Some(self.compared.get(name)?.get(looks)),
            Subject::Line(name) => self.lines.get(name),
            Subject::Headline => Some(&self.headline),
        }
    }

    /// The phrases that a free sentence about a fact may be made of: its topic's, where it has one, and of its label.
    #[must_use]
    pub fn free(&'static self, topic: Option<&str>, fact: &str, labels: &[String]) -> Cover {
        let of_topic = topic.and_then(|topic| self.free.get(topic));
        let mut cover = Cover::on(of_topic.unwrap_or(&self.any));
        cover.add(List::Words, labels);
        if let Some(words) = self.facts.get(fact) {
            cover.add(List::Words, words);
        }
        cover
    }

    /// Words of which a free sentence about a topic needs one, where its others tell another topic too.
    #[must_use]
    pub fn needs(&self, topic: Option<&str>) -> &[String] {
        topic
            .and_then(|topic| self.needs.get(topic))
            .map_or(&[], Vec::as_slice)
    }

    /// The phrases of a part of a free sentence that tells nothing.
    #[must_use]
    pub fn frame(&self) -> &Cover {
        &self.frame
    }

    /// The phrases of a free sentence that only announces what comes: those of [`List::Words`] announce.
    #[must_use]
    pub fn announcing(&self) -> &Cover {
        &self.announcing
    }

    /// Words right before, and right after, a figure of the shop's in a free sentence.
    #[must_use]
    pub fn shop_words(&self) -> (&[String], &[String]) {
        (&self.shop_words.0, &self.shop_words.1)
    }

    /// Whether a headline can tell the topic.
    #[must_use]
    pub fn has_trait(&self, topic: &str) -> bool {
        self.traits.contains_key(&(topic.to_owned(), 1))
    }

    /// What a headline says of a topic that is more (1) or less (-1) than the shop's.
    #[must_use]
    pub fn traits(&self, topic: &str, sign: i8) -> &[String] {
        self.traits
            .get(&(topic.to_owned(), sign))
            .map_or(&[], Vec::as_slice)
    }
}

impl Cover {
    /// The phrases of a topic, where the lexicon has it.
    #[must_use]
    pub fn of(lang: Lang, topic: &str) -> Option<&'static Self> {
        Lexicon::of(lang).cover(Subject::Topic(topic, Looks::Known))
    }

    fn of_topic(lang: Lang, language: &Language, topic: &Topic, beside: &[String]) -> Self {
        let mut cover = Self::new(
            lang,
            &[
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
                (List::Contrast, &language.contrast),
                (List::Addition, &language.addition),
            ],
        );
        cover.add(List::Also, beside);
        cover
    }

    /// The phrases of a free sentence about a topic.
    fn of_free(lang: Lang, language: &Language, free: &Free, topic: &Topic, turns: bool) -> Self {
        let mut cover = Self::of_topic(lang, language, topic, &[]);
        for (list, phrases) in [
            (List::Neutral, &free.neutral),
            (List::Neutral, &language.headline.neutral),
            (List::Negation, &free.negation),
            (List::Rank, &free.rank),
            (List::Beyond, &free.beyond),
            (List::Strong, &free.strong),
            (List::Mild, &free.mild),
            (List::Median, &free.median),
            (List::Mean, &free.mean),
        ] {
            cover.add(list, phrases);
        }
        cover.add(List::Same, &free.same);
        // "More regular" is less variation: the words of that topic turn the other way.
        if !turns {
            cover.add(List::Up, &free.up);
            cover.add(List::Down, &free.down);
        }
        cover
    }

    fn add_topic(&mut self, topic: &Topic) {
        self.add(List::Words, &topic.words);
        self.add(List::Also, &topic.also);
        for (list, phrases) in [
            (List::Up, &topic.up),
            (List::Down, &topic.down),
            (List::Same, &topic.same),
        ] {
            self.add(list, phrases.as_deref().unwrap_or_default());
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
        for lang in [Lang::En, Lang::Zh] {
            let lexicon = Lexicon::of(lang);
            for line in CODES.lines() {
                let cover = lexicon.cover(Subject::Line(&line.name));
                assert!(cover.is_some(), "{} in {lang}", line.name);
            }
            let told: Vec<_> = lexicon.traits.keys().map(|(topic, _)| topic).collect();
            assert!(told.iter().all(|topic| CODES.topic(topic).is_some()));
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
