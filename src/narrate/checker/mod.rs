//! Does a sentence say what its facts say? Independent of whoever wrote it: it sees the sentence, its
//! codes and the facts, and follows the rules of `models/lexicon/README.md`.

mod form;
mod headline;
mod links;
mod meaning;
mod prefix;
mod shown;

use std::fmt;

use super::codes::{Direction, Line, Measure, Slot, Topic};
use super::lexicon::{Lexicon, Looks, Subject};
use super::slots::pieces;
use crate::words::Lang;

use form::Plan;
pub use prefix::is_open;
pub use shown::check_shown;

/// What a sentence claims by its codes.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// What it is about.
    pub topic: &'static Topic,
    /// How the segment stands to the shop.
    pub direction: Direction,
    /// Which figure it tells.
    pub measure: Measure,
    /// Whether the data tells of looking.
    pub looks: Looks,
}

impl Claim {
    fn subject(self) -> Subject<'static> {
        Subject::Topic(&self.topic.name, self.looks)
    }

    fn subject_compared(self) -> Subject<'static> {
        Subject::Compared(&self.topic.name, self.looks)
    }

    /// The fact as the sentence after it sees it.
    #[must_use]
    pub fn fact(self) -> Told {
        (self.topic, self.direction)
    }
}

/// A fact told: its topic, and how the segment stands to the shop in it.
pub type Told = (&'static Topic, Direction);

/// All that one sentence claims by its codes.
#[derive(Debug, Clone)]
pub enum Claims {
    /// One fact.
    One(Claim),
    /// Two facts, joined or set against each other.
    Two(Claim, Claim),
    /// Two or three facts without figures.
    Headline(Vec<Told>),
    /// One fact of two segments; the first sentence of a comparison names both.
    Compared(Claim, bool),
    /// A line of a product's text, a message or a reason.
    Line(&'static Line),
}

/// One reason why a sentence is not supported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Complaint {
    /// A slot that the topic needs is missing.
    Missing(Slot),
    /// A slot that does not belong to the topic.
    Foreign(Slot),
    /// A slot stands twice.
    Twice(Slot),
    /// A control code stands in the text.
    Code(String),
    /// A character that no sentence may have.
    Mark(char),
    /// It does not end with its only stop.
    Stop,
    /// It does not begin as a sentence does, or has two blanks in a row.
    Form,
    /// A word stands twice in a row.
    Stutter(String),
    /// A word outside the closed lexicon of the topic.
    Unknown(String),
    /// No word tells the topic.
    NoTopic,
    /// No word tells the direction.
    NoDirection,
    /// A word tells another direction.
    Direction(String),
    /// A word is stronger or milder than the difference.
    Strength(String),
    /// A word tells another measure.
    Measure(String),
    /// The figure is told as somebody else's: the segment's as the shop's or the reverse.
    Role(Slot),
    /// A connective that the facts before and after it do not bear out.
    Link(String),
    /// Two facts whose sentence can't be cut into one part for each.
    NoJoin,
    /// A fact that a headline leaves out or adds.
    Trait(String),
    /// A number that no fact of the sentence has.
    Number(String),
    /// A quoted name that no fact of the sentence has.
    Name(String),
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(slot) => write!(f, "{slot} is missing"),
            Self::Foreign(slot) => write!(f, "{slot} does not belong here"),
            Self::Twice(slot) => write!(f, "{slot} stands twice"),
            Self::Code(code) => write!(f, "the code {code} stands in the text"),
            Self::Mark(mark) => write!(f, "the character {mark:?} has no place here"),
            Self::Stop => f.write_str("it does not end with its only stop"),
            Self::Form => f.write_str("it does not begin or is not spaced as a sentence"),
            Self::Stutter(word) => write!(f, "{word:?} stands twice in a row"),
            Self::Unknown(word) => write!(f, "{word:?} is outside the lexicon"),
            Self::NoTopic => f.write_str("no word tells the topic"),
            Self::NoDirection => f.write_str("no word tells the direction"),
            Self::Direction(word) => write!(f, "{word:?} tells another direction"),
            Self::Strength(word) => write!(f, "{word:?} is too strong or too mild"),
            Self::Measure(word) => write!(f, "{word:?} tells another measure"),
            Self::Role(slot) => write!(f, "{slot} is told as somebody else's"),
            Self::Link(word) => write!(f, "{word:?} does not fit the fact before"),
            Self::NoJoin => f.write_str("it can't be cut into one part for each of its two facts"),
            Self::Trait(topic) => write!(f, "{topic} is left out, or told against its direction"),
            Self::Number(number) => write!(f, "{number:?} is no figure of the facts"),
            Self::Name(name) => write!(f, "{name:?} is no name of the facts"),
        }
    }
}

/// Checks a sentence with its slots still open; `before` is the fact told right before it. No complaints: supported.
#[must_use]
pub fn check(template: &str, claims: &Claims, before: Option<Told>, lang: Lang) -> Vec<Complaint> {
    match claims {
        Claims::One(claim) => {
            let subject = claim.subject();
            let mut complaints = check_one(template, *claim, subject, Plan::of(claim.topic), lang);
            links::check(
                template,
                subject,
                before,
                claim.fact(),
                lang,
                &mut complaints,
            );
            complaints
        }
        Claims::Two(first, second) => links::check_two(template, *first, *second, before, lang),
        Claims::Headline(facts) => headline::check(template, facts, lang),
        Claims::Compared(claim, is_first) => {
            let must: &[Slot] = if *is_first {
                &[Slot::Val, Slot::Pop, Slot::Name, Slot::Name2]
            } else {
                &[Slot::Val, Slot::Pop]
            };
            let plan = Plan { must, may: &[] };
            let subject = claim.subject_compared();
            check_one(template, *claim, subject, plan, lang)
        }
        Claims::Line(line) => {
            let plan = Plan {
                must: &line.must,
                may: &line.may,
            };
            let subject = Subject::Line(&line.name);
            let mut complaints = form::check(template, subject, plan, lang).1;
            let cut = pieces(template);
            form::check_order(&cut, &mut complaints);
            form::check_maker(&cut, lang, &mut complaints);
            complaints
        }
    }
}

/// Checks a sentence about one fact, whatever stands before it.
#[must_use]
pub fn check_template(template: &str, claim: Claim, lang: Lang) -> Vec<Complaint> {
    let subject = claim.subject();
    check_one(template, claim, subject, Plan::of(claim.topic), lang)
}

fn check_one(
    template: &str,
    claim: Claim,
    subject: Subject<'_>,
    plan: Plan<'_>,
    lang: Lang,
) -> Vec<Complaint> {
    let (taken, mut complaints) = form::check(template, subject, plan, lang);
    let cut = pieces(template);
    if matches!(subject, Subject::Topic(..)) {
        form::check_roles(&cut, lang, &mut complaints);
    } else {
        form::check_order(&cut, &mut complaints);
        form::check_no_shop(&cut, lang, &mut complaints);
    }
    form::check_only(template, claim, lang, &mut complaints);
    if let Some(cover) = Lexicon::of(lang).cover(subject) {
        meaning::check(&taken, claim, cover, &mut complaints);
    }
    complaints
}
