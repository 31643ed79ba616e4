//! What one sentence of a text tells: one fact, two, a headline's, a comparison's, or a line of a message.
//! The codes that the model is given, the slots that it may use, the claims that the checker holds it to, and the
//! plain words that stand in where no sample passes all follow from it.

use super::checker::{Claim, Claims, Told};
use super::codes::{JOINT, Line, Slot};
use super::fallback;
use super::plan::Item;
use super::slots::Filling;
use crate::words::Lang;

/// What one sentence tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// One fact.
    Fact(Item),
    /// Two facts in one sentence.
    Pair(Item, Item),
    /// Two or three facts without figures.
    Headline(Vec<Item>),
    /// One fact of two segments; `is_first` opens the comparison and names both.
    Compared {
        /// The fact, its shop's figure replaced by the other segment's.
        item: Item,
        /// Whether it opens the comparison.
        is_first: bool,
    },
    /// A line of a product's text, a message or a reason.
    Line {
        /// Which.
        line: &'static Line,
        /// The codes after the line's own: tone and channel, where it has them.
        codes: Vec<&'static str>,
        /// What its slots become.
        fillings: Vec<Filling>,
        /// The words where no sample passes.
        plain: String,
    },
}

impl Statement {
    /// Two facts in one sentence; the figures of the second go by slots of their own.
    #[must_use]
    pub fn pair(first: Item, mut second: Item) -> Self {
        for filling in &mut second.fillings {
            filling.slot = match filling.slot {
                Slot::Val => Slot::Val2,
                Slot::Pop => Slot::Pop2,
                other => other,
            };
        }
        Self::Pair(first, second)
    }

    /// The names of the control codes that the model is given before the sentence.
    #[must_use]
    pub fn codes(&self) -> Vec<&'static str> {
        let three = |item: &Item| {
            [
                item.topic.name.as_str(),
                item.direction.name(),
                item.measure.name(),
            ]
        };
        match self {
            Self::Fact(item) | Self::Compared { item, .. } => three(item).to_vec(),
            Self::Pair(first, second) => [&three(first)[..], &[JOINT], &three(second)[..]].concat(),
            Self::Headline(items) => items
                .iter()
                .flat_map(|item| three(item).into_iter().take(2))
                .collect(),
            Self::Line { line, codes, .. } => {
                let mut all = vec![line.name.as_str()];
                all.extend(codes);
                all
            }
        }
    }

    /// What its slots become.
    #[must_use]
    pub fn fillings(&self) -> Vec<&Filling> {
        match self {
            Self::Fact(item) | Self::Compared { item, .. } => item.fillings.iter().collect(),
            Self::Pair(first, second) => first
                .fillings
                .iter()
                .chain(
                    second
                        .fillings
                        .iter()
                        .filter(|filling| matches!(filling.slot, Slot::Val2 | Slot::Pop2)),
                )
                .collect(),
            Self::Headline(_) => Vec::new(),
            Self::Line { fillings, .. } => fillings.iter().collect(),
        }
    }

    /// What it claims.
    #[must_use]
    pub fn claims(&self) -> Claims {
        let claim = |item: &Item| Claim {
            topic: item.topic,
            direction: item.direction,
            measure: item.measure,
            looks: item.looks,
        };
        match self {
            Self::Fact(item) => Claims::One(claim(item)),
            Self::Pair(first, second) => Claims::Two(claim(first), claim(second)),
            Self::Headline(items) => {
                Claims::Headline(items.iter().map(|item| claim(item).fact()).collect())
            }
            Self::Compared { item, is_first } => Claims::Compared(claim(item), *is_first),
            Self::Line { line, .. } => Claims::Line(line),
        }
    }

    /// The fact that the sentence after it links to.
    #[must_use]
    pub fn last_fact(&self) -> Option<Told> {
        match self {
            Self::Fact(item) | Self::Pair(_, item) => Some((item.topic, item.direction)),
            _ => None,
        }
    }

    /// Ids of the facts told by a sentence with these slots, the leading one first.
    #[must_use]
    pub fn facts(&self, slots: impl Fn(Slot) -> bool) -> Vec<String> {
        let mut facts: Vec<String> = match self {
            Self::Fact(item) | Self::Compared { item, .. } => vec![item.fact.clone()],
            Self::Pair(first, second) => vec![first.fact.clone(), second.fact.clone()],
            Self::Headline(items) => items.iter().map(|item| item.fact.clone()).collect(),
            Self::Line { .. } => Vec::new(),
        };
        for filling in self.fillings() {
            if slots(filling.slot) && !filling.fact.is_empty() && !facts.contains(&filling.fact) {
                facts.push(filling.fact.clone());
            }
        }
        facts
    }

    /// The same in plain words.
    #[must_use]
    pub fn plain(&self, lang: Lang) -> String {
        match self {
            Self::Fact(item) | Self::Compared { item, .. } => fallback::sentence(item, lang),
            Self::Pair(first, second) => {
                let glue = if lang == Lang::En { " " } else { "" };
                let (first, second) = (
                    fallback::sentence(first, lang),
                    fallback::sentence(second, lang),
                );
                format!("{first}{glue}{second}")
            }
            Self::Headline(items) => fallback::headline(items, lang),
            Self::Line { plain, .. } => plain.clone(),
        }
    }
}
