//! Features: what differs from the shop, and what does not.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::super::codes::{CODES, Direction, Measure, Slot};
use super::super::slots::{Filling, inner_label};
use super::{Item, Planner, log2_ratio, told};
use crate::records::{Fact, Value};
use crate::words::Unit;

/// Topics that do not come from a feature's facts.
pub const NO_FEATURES: &[&str] = &[
    "size",
    "revenue_share",
    "category",
    "categories_two",
    "product",
    "query",
    "hour",
    "weekday",
];

impl Planner<'_> {
    /// What differs, with the strength of each, and what does not.
    pub(super) fn features(&self, draw: &mut Xoshiro256PlusPlus) -> (Vec<(Item, f64)>, Vec<Item>) {
        let (mut differing, mut same) = (Vec::new(), Vec::new());
        for (item, difference) in self.feature_items() {
            if item.direction == Direction::Same {
                same.push(item);
            } else {
                differing.push((item, difference.abs()));
            }
        }
        same.shuffle(draw);
        same.sort_by_key(|item| item.topic.name == "other");
        (differing, same)
    }

    /// At most one item for each topic, with the difference behind it.
    fn feature_items(&self) -> Vec<(Item, f64)> {
        let mut best: BTreeMap<(String, String), (f64, Vec<&Fact>)> = BTreeMap::new();
        for fact in &self.segment.facts {
            let (Some(topic), Value::Number(_)) = (&fact.topic, &fact.value) else {
                continue;
            };
            let (stem, measure) = stem(&fact.id);
            let ratio = || log2_ratio(fact).filter(|_| measure == Measure::Exact);
            let Some(difference) = fact.difference.or_else(ratio) else {
                continue;
            };
            if NO_FEATURES.contains(&topic.as_str()) {
                continue;
            }
            let known = topic != "other" && CODES.topic(topic).is_some();
            let key = if known {
                (topic.clone(), String::new())
            } else {
                ("other".into(), stem.to_owned())
            };
            let entry = best.entry(key).or_insert((0.0, Vec::new()));
            if entry
                .1
                .first()
                .is_some_and(|first| stem == self::stem(&first.id).0)
            {
                entry.1.push(fact);
            } else if entry.1.is_empty() || difference.abs() > entry.0.abs() {
                *entry = (difference, vec![fact]);
            }
        }
        let items = best
            .into_iter()
            .filter_map(|((topic, _), (difference, facts))| {
                let mut facts: Vec<_> = facts
                    .into_iter()
                    .map(|fact| (stem(&fact.id).1, fact))
                    .collect();
                facts.sort_by_key(|(measure, _)| *measure);
                let item = facts.into_iter().find_map(|(measure, fact)| {
                    if says_nothing(fact, measure) {
                        None
                    } else {
                        self.feature(&topic, fact, measure, difference)
                    }
                })?;
                Some((item, difference))
            });
        items.collect()
    }

    fn feature(&self, topic: &str, fact: &Fact, measure: Measure, difference: f64) -> Option<Item> {
        let direction = told(fact, difference)?;
        let mut fillings = vec![self.value(Slot::Val, fact)];
        fillings.extend(self.population(Slot::Pop, fact));
        let label = inner_label(fact.label.get(self.shop.lang));
        fillings.push(Filling {
            slot: Slot::Label,
            text: label,
            fact: fact.id.clone(),
        });
        self.item(topic, direction, measure, fact, fillings)
    }
}

/// A median of nothing that is nothing in the shop too, and a span of no days, which reads as a slip: the mean tells more.
fn says_nothing(fact: &Fact, measure: Measure) -> bool {
    let is_nothing = measure == Measure::Median && fact.value == Value::Number(0.0);
    let is_so_in_the_shop = || fact.population.as_ref().is_none_or(|p| *p == fact.value);
    is_nothing && (fact.unit == Unit::Days || is_so_in_the_shop())
}

/// The feature's name and the measure of a fact's id.
fn stem(id: &str) -> (&str, Measure) {
    if let Some(stem) = id.strip_suffix(".median") {
        (stem, Measure::Median)
    } else if let Some(stem) = id.strip_suffix(".mean") {
        (stem, Measure::Mean)
    } else {
        (id, Measure::Exact)
    }
}
