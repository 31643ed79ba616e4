//! A segment's facts as what a sentence can tell: figures of one thing, the shop's beside them.

use std::collections::BTreeMap;

use super::super::codes::{CODES, Direction, Measure, Topic};
use super::super::lexicon::{Cover, Lexicon, List};
use super::super::plan::{log2_ratio, told};
use super::Shop;
use super::ranks::{self, Places};
use crate::records::{Fact, Segment, Value};
use crate::words::Unit;

/// Whose a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The segment's.
    Segment,
    /// The shop's.
    Shop,
    /// Of the two: a factor.
    Both,
    /// How far the segment's is from the shop's, in its unit or in percent of the shop's.
    Difference,
}

/// One figure.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub value: f64,
    pub unit: Unit,
    pub owner: Owner,
    pub measure: Measure,
    /// Id of its fact.
    pub fact: String,
}

/// Facts about one thing: a feature's median and mean, or a name with its share and lift.
pub(super) struct Group<'a> {
    pub topic: Option<&'static Topic>,
    /// How the segment may be said to stand to the shop: by the difference itself, and by the figures of a measure as
    /// shown.
    pub directions: Vec<(Option<Measure>, Direction)>,
    pub figures: Vec<Figure>,
    /// The name that it is about, lower-case, and the id of its fact.
    pub name: Option<(String, &'a str)>,
    /// Id of the fact that a sentence without figures tells.
    pub lead: &'a str,
    /// Where its name stands among the listed ones of its kind.
    pub places: Places,
    /// Figures in its label, such as the hours of the evening: they may stand beside its own.
    pub label_figures: Vec<f64>,
    /// Words of which one must stand in a sentence without its name or unit, where others tell another fact too.
    pub needs: Vec<String>,
    /// Those of them that tell the group.
    pub words: Vec<String>,
    /// The phrases that a sentence about it is made of.
    pub cover: Cover,
}

/// The groups of a segment's facts.
pub(super) fn of<'a>(segment: &'a Segment, shop: Shop<'_>) -> Vec<Group<'a>> {
    let mut stems: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for fact in &segment.facts {
        stems.entry(stem(&fact.id).0).or_default().push(fact);
    }
    let mut groups: Vec<Group<'a>> = stems
        .into_values()
        .map(|facts| group(&facts, segment, shop))
        .collect();
    // The two figures of the segment's size stand beside any other.
    let size = |id: &str, unit| {
        let value = segment.facts.iter().find(|fact| fact.id == id)?;
        Some(Figure {
            value: value.value.number()?,
            unit,
            owner: Owner::Segment,
            measure: Measure::Exact,
            fact: id.to_owned(),
        })
    };
    let sizes: Vec<Figure> = size("size.users", Unit::Users)
        .into_iter()
        .chain(size("size.share", Unit::Percent))
        .collect();
    for group in &mut groups {
        let is_of_size = |topic: &Topic| matches!(topic.name.as_str(), "size" | "revenue_share");
        let with_share = group.topic.is_some_and(is_of_size) || group.lead == "events.share";
        let beside = sizes
            .iter()
            .filter(|size| with_share || size.unit == Unit::Users);
        group.figures.extend(beside.cloned());
    }
    ranks::place(&mut groups);
    groups
}

fn group<'a>(facts: &[&'a Fact], segment: &Segment, shop: Shop<'_>) -> Group<'a> {
    let lead = facts
        .iter()
        .find(|fact| fact.topic.is_some())
        .unwrap_or(&facts[0]);
    let topic = facts
        .iter()
        .find_map(|fact| fact.topic.as_deref())
        .or_else(|| named(&lead.id))
        .and_then(|name| CODES.topic(name));
    let name = facts.iter().find_map(|fact| match &fact.value {
        Value::Text(name) => Some((
            super::super::slots::sanitise(name).to_lowercase(),
            fact.id.as_str(),
        )),
        Value::Number(_) => None,
    });
    let figures = facts.iter().flat_map(|fact| figures(fact)).collect();
    let mut directions: Vec<(Option<Measure>, Direction)> = Vec::new();
    let told = facts.iter().filter_map(|fact| {
        let difference = fact.difference.or_else(|| log2_ratio(fact))?;
        let of_name = matches!(fact.value, Value::Text(_));
        let told = if of_name {
            None
        } else {
            told(fact, difference)
        };
        let told = told.map(|told| (Some(stem(&fact.id).1), told));
        Some([Some((None, Direction::of(difference))), told])
    });
    directions.extend(told.flatten().flatten());
    if lead.id.starts_with("size.") {
        // Large and small are meant against the mean size of the segments.
        let times = segment.share * shop.segments as f64;
        directions.extend((times > 0.0).then(|| (None, Direction::of(times.log2()))));
    }
    let extra: Vec<String> = facts
        .iter()
        .map(|fact| fact.label.get(shop.lang).to_lowercase())
        .map(|label| {
            label
                .split(['(', '（'])
                .next()
                .unwrap_or("")
                .trim()
                .to_owned()
        })
        .filter(|label| !label.is_empty())
        .collect();
    let needs = Lexicon::of(shop.lang).needs(topic.map(|topic| topic.name.as_str()));
    let mut cover =
        Lexicon::of(shop.lang).free(topic.map(|topic| topic.name.as_str()), &lead.id, &extra);
    cover.add_neutral(segment.name.get(shop.lang));
    Group {
        topic,
        directions,
        figures,
        name,
        lead: &lead.id,
        places: Places::default(),
        label_figures: facts
            .iter()
            .flat_map(|fact| {
                fact.label
                    .get(shop.lang)
                    .split(|c: char| !c.is_ascii_digit())
            })
            .filter_map(|digits| digits.parse().ok())
            .collect(),
        needs: needs.to_vec(),
        words: cover
            .phrases(List::Words)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        cover,
    }
}

/// A fact's figures: the segment's, the shop's, and how many times the one is the other.
fn figures(fact: &Fact) -> Vec<Figure> {
    // A share of a whole stands beside the share of customers, which is no figure of the shop's.
    let is_of_whole = matches!(fact.id.as_str(), "revenue.share" | "events.share");
    let is_lift =
        fact.unit == Unit::Times && stem(&fact.id).0 != fact.id && fact.population.is_none();
    let figure = |value: f64, unit, owner| Figure {
        value,
        unit,
        owner: if owner != Owner::Difference && (is_lift || is_of_whole) {
            Owner::Both
        } else {
            owner
        },
        measure: stem(&fact.id).1,
        fact: fact.id.clone(),
    };
    let own = fact.value.number();
    let shop = fact.population.as_ref().and_then(Value::number);
    let ratio = own
        .zip(shop)
        .filter(|(own, shop)| *own > 0.0 && *shop > 0.0);
    let all = [
        own.map(|own| figure(own, fact.unit, Owner::Segment)),
        shop.map(|shop| figure(shop, fact.unit, Owner::Shop)),
        ratio.map(|(own, shop)| figure(own / shop, Unit::Times, Owner::Both)),
        own.zip(shop)
            .map(|(own, shop)| figure((own - shop).abs(), fact.unit, Owner::Difference)),
        ratio.map(|(own, shop)| {
            let percent = 100.0 * (own - shop).abs() / shop;
            figure(percent, Unit::Percent, Owner::Difference)
        }),
    ];
    all.into_iter().flatten().collect()
}

/// The topic of a name that leads no sentence of the narrator's own, such as the second category.
fn named(id: &str) -> Option<&'static str> {
    ["category", "product", "query", "hour", "weekday"]
        .into_iter()
        .find(|kind| {
            id.strip_prefix(kind)
                .is_some_and(|rest| rest.starts_with('.'))
        })
}

/// What a fact is about, and its measure.
fn stem(id: &str) -> (&str, Measure) {
    let strip = |ending: &str| id.strip_suffix(ending);
    if let Some(stem) = strip(".median") {
        (stem, Measure::Median)
    } else if let Some(stem) = strip(".mean") {
        (stem, Measure::Mean)
    } else if let Some(stem) = strip(".share")
        .or_else(|| strip(".lift"))
        .or_else(|| strip(".users"))
    {
        (stem, Measure::Exact)
    } else {
        (id, Measure::Exact)
    }
}
