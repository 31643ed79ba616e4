//! The narrator's control codes, read from `models/codes.toml`: the contract with the model.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::words::Lang;

/// How the segment stands to the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Standardised difference of -0.8 or lower.
    MuchLess,
    /// From there to -0.2.
    Less,
    /// Nearer to the shop than 0.2.
    Same,
    /// From 0.2 on.
    More,
    /// From 0.8 on.
    MuchMore,
}

impl Direction {
    /// All, from the least to the most.
    pub const ALL: [Self; 5] = [
        Self::MuchLess,
        Self::Less,
        Self::Same,
        Self::More,
        Self::MuchMore,
    ];

    /// The direction of a standardised difference (of names: of log2 of the lift).
    ///
    /// 0.2 and 0.8 are Cohen's bounds of a small and a large effect (Cohen 1988, *Statistical Power
    /// Analysis for the Behavioral Sciences*).
    #[must_use]
    pub fn of(difference: f64) -> Self {
        match difference {
            d if d <= -0.8 => Self::MuchLess,
            d if d <= -0.2 => Self::Less,
            d if d < 0.2 => Self::Same,
            d if d < 0.8 => Self::More,
            _ => Self::MuchMore,
        }
    }

    /// Whether two figures, as shown, stand to each other in this way.
    #[must_use]
    pub fn agrees(self, segment: f64, shop: f64) -> bool {
        match self {
            Self::MuchLess | Self::Less => segment < shop,
            Self::More | Self::MuchMore => segment > shop,
            Self::Same => (segment - shop).abs() <= 0.15 * segment.abs().max(shop.abs()),
        }
    }

    /// -1 for less, 1 for more, 0 for the same.
    #[must_use]
    pub fn sign(self) -> i8 {
        match self {
            Self::MuchLess | Self::Less => -1,
            Self::Same => 0,
            Self::More | Self::MuchMore => 1,
        }
    }

    /// The name in the control codes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MuchLess => "much_less",
            Self::Less => "less",
            Self::Same => "same",
            Self::More => "more",
            Self::MuchMore => "much_more",
        }
    }
}

/// Which figure of the segment a sentence tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// What a typical customer shows.
    Median,
    /// The average.
    Mean,
    /// A count, a share of a whole or a name.
    Exact,
}

impl Measure {
    /// The name in the control codes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Median => "median",
            Self::Mean => "mean",
            Self::Exact => "exact",
        }
    }
}

/// A gap in a sentence that the program fills with words from the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The segment's figure.
    Val,
    /// The shop's figure.
    Pop,
    /// The lift as a factor.
    Ratio,
    /// A name out of the data.
    Name,
    /// A second one.
    Name2,
    /// How many customers.
    Users,
    /// Their share of all.
    Share,
    /// The fact's label, or the name of a product's field.
    Label,
    /// The segment's figure of a sentence's second fact.
    Val2,
    /// The shop's figure of a sentence's second fact.
    Pop2,
    /// Who makes a product.
    Brand,
    /// What it costs.
    Price,
    /// The value of a product's field.
    Value,
}

impl Slot {
    /// All slots.
    pub const ALL: [Self; 13] = [
        Self::Val,
        Self::Pop,
        Self::Ratio,
        Self::Name,
        Self::Name2,
        Self::Users,
        Self::Share,
        Self::Label,
        Self::Val2,
        Self::Pop2,
        Self::Brand,
        Self::Price,
        Self::Value,
    ];

    /// The name in the control codes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Val => "val",
            Self::Pop => "pop",
            Self::Ratio => "ratio",
            Self::Name => "name",
            Self::Name2 => "name2",
            Self::Users => "users",
            Self::Share => "share",
            Self::Label => "label",
            Self::Val2 => "val2",
            Self::Pop2 => "pop2",
            Self::Brand => "brand",
            Self::Price => "price",
            Self::Value => "value",
        }
    }

    /// Whether a persona's sentence about one fact may have it.
    #[must_use]
    pub fn is_of_one_fact(self) -> bool {
        !matches!(
            self,
            Self::Val2 | Self::Pop2 | Self::Brand | Self::Price | Self::Value
        )
    }

    /// The slot of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.name() == name)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<|{}|>", self.name())
    }
}

/// What a sentence can be about.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Topic {
    /// The name in the control codes and in facts.
    #[serde(skip)]
    pub name: String,
    /// What it means, for people.
    pub means: String,
    /// Whether a rise is welcome to trade (1), unwelcome (-1) or neither (0).
    #[serde(default)]
    pub valence: i8,
    /// Slots that a sentence must have.
    pub must: Vec<Slot>,
    /// Slots that it may have.
    pub may: Vec<Slot>,
    /// Directions that occur.
    #[serde(default = "every_direction")]
    pub directions: Vec<Direction>,
    /// Measures that occur.
    #[serde(default = "feature_measures")]
    pub measures: Vec<Measure>,
}

/// A kind of text beside the persona.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One sentence that sums a segment up.
    Headline,
    /// What sets two segments apart.
    Compare,
    /// What a product is, for a segment.
    Describe,
    /// A marketing message.
    Message,
    /// Why a product is recommended to a segment.
    Reason,
}

impl Task {
    /// All tasks.
    pub const ALL: [Self; 5] = [
        Self::Headline,
        Self::Compare,
        Self::Describe,
        Self::Message,
        Self::Reason,
    ];

    /// The name in the control codes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Compare => "compare",
            Self::Describe => "describe",
            Self::Message => "message",
            Self::Reason => "reason",
        }
    }
}

/// The code between two facts of one sentence.
pub const JOINT: &str = "and";

/// How a product's text or a message sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Tone {
    /// Matter of fact.
    #[default]
    Plain,
    /// Friendly.
    Warm,
    /// Short and direct.
    Brisk,
}

impl Tone {
    /// All tones.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Warm, Self::Brisk];

    /// The name in the control codes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Warm => "warm",
            Self::Brisk => "brisk",
        }
    }
}

/// Where a message is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Channel {
    /// A mail with a subject and a body.
    Mail,
    /// A push message with a title and a line.
    Push,
    /// A text message.
    Sms,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Push, Self::Sms];

    /// The name in the control codes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Push => "push",
            Self::Sms => "sms",
        }
    }
}

/// A sentence of a product's text, a message or a reason.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// The name in the control codes.
    #[serde(skip)]
    pub name: String,
    /// The kind of text that it belongs to.
    pub task: Task,
    /// What it says, for people.
    pub means: String,
    /// Slots that a sentence must have.
    pub must: Vec<Slot>,
    /// Slots that it may have.
    pub may: Vec<Slot>,
}

/// What two facts told one after the other are to each other in trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// One is welcome and the other is not.
    Contrast,
    /// Both are welcome, or both are not.
    Addition,
    /// Neither.
    None,
}

impl Relation {
    /// The relation of two told facts.
    #[must_use]
    pub fn of(before: (&Topic, Direction), now: (&Topic, Direction)) -> Self {
        let sign = |(topic, direction): (&Topic, Direction)| topic.valence * direction.sign();
        match sign(before) * sign(now) {
            ..0 => Self::Contrast,
            0 => Self::None,
            1.. => Self::Addition,
        }
    }
}

fn every_direction() -> Vec<Direction> {
    Direction::ALL.to_vec()
}

fn feature_measures() -> Vec<Measure> {
    vec![Measure::Median, Measure::Mean]
}

/// The whole file.
#[derive(Debug, Deserialize)]
pub struct Codes {
    topics: BTreeMap<String, Topic>,
    lines: BTreeMap<String, Line>,
}

impl Codes {
    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let mut codes: Self = toml::from_str(text)?;
        for (name, topic) in &mut codes.topics {
            topic.name.clone_from(name);
        }
        for (name, line) in &mut codes.lines {
            line.name.clone_from(name);
        }
        Ok(codes)
    }

    /// The topic of a name.
    #[must_use]
    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.get(name)
    }

    /// The line of a name.
    #[must_use]
    pub fn line(&self, name: &str) -> Option<&Line> {
        self.lines.get(name)
    }

    /// All lines by name.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.values()
    }

    /// All topics by name.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        self.topics.values()
    }
}

/// The control codes of this version.
pub static CODES: LazyLock<Codes> = LazyLock::new(|| {
    Codes::parse(include_str!("../../models/codes.toml"))
        .expect("the file is part of the program, and a test reads it")
});

/// A control code as it stands in the model's vocabulary: `<|aov|>`.
#[must_use]
pub fn control(name: &str) -> String {
    format!("<|{name}|>")
}

/// The control code of a language.
#[must_use]
pub fn language(lang: Lang) -> String {
    control(match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_without_directions_and_measures_has_the_usual_ones() {
        let aov = CODES.topic("aov").unwrap();
        assert_eq!(aov.directions, Direction::ALL);
        assert_eq!(aov.measures, [Measure::Median, Measure::Mean]);
        assert_eq!(
            CODES.topic("category").unwrap().directions,
            [Direction::More, Direction::MuchMore]
        );
    }

    #[test]
    fn bounds_belong_to_the_stronger_direction() {
        let of: Vec<_> = [-0.8, -0.79, -0.2, -0.19, 0.19, 0.2, 0.79, 0.8]
            .map(Direction::of)
            .map(Direction::name)
            .into();
        assert_eq!(
            of,
            [
                "much_less",
                "less",
                "less",
                "same",
                "same",
                "more",
                "more",
                "much_more"
            ]
        );
    }

    #[test]
    fn lists_of_the_file_are_those_of_the_program() {
        let file: toml::Table = toml::from_str(include_str!("../../models/codes.toml")).unwrap();
        let list = |key: &str| -> Vec<String> { file[key].clone().try_into().unwrap() };
        assert_eq!(list("directions"), Direction::ALL.map(Direction::name));
        assert_eq!(list("measures"), ["median", "mean", "exact"]);
        assert_eq!(list("slots"), Slot::ALL.map(Slot::name));
        assert_eq!(list("tasks"), Task::ALL.map(Task::name));
        assert_eq!(list("tones"), Tone::ALL.map(Tone::name));
        assert_eq!(list("channels"), Channel::ALL.map(Channel::name));
        assert_eq!(file["joint"].as_str(), Some(JOINT));
    }
}
