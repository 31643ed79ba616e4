//! One suggestion for a segment, from a rule with a name in `models/suggestions.toml`: the words are a person's,
//! the figures are facts, and no model has a say in it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::slots::quoted;
use crate::records::{Fact, Segment, SegmentKind, Suggestion, Value};
use crate::words::{Lang, show};

#[derive(Debug, Deserialize)]
struct Rules {
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
struct Rule {
    id: String,
    when: Vec<Condition>,
    en: String,
    zh: String,
}

/// A fact and the bounds, both included, of its figures.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    fact: String,
    value: Option<(f64, f64)>,
    difference: Option<(f64, f64)>,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    toml::from_str::<Rules>(include_str!("../../models/suggestions.toml"))
        .expect("the file is part of the program, and a test reads it")
        .rules
});

/// What to try for this segment; none for the inactive group, of whom too little is known.
#[must_use]
pub fn suggest(segment: &Segment, currency: Option<&str>, lang: Lang) -> Option<Suggestion> {
    if segment.kind == SegmentKind::Inactive {
        return None;
    }
    let mut best: Option<(f64, Suggestion)> = None;
    for rule in RULES.iter() {
        let Some(strength) = rule.strength(segment) else {
            continue;
        };
        let is_stronger = best.as_ref().is_none_or(|(other, _)| strength > *other);
        if let Some(suggestion) = rule.told(segment, currency, lang).filter(|_| is_stronger) {
            best = Some((strength, suggestion));
        }
    }
    best.map(|(_, suggestion)| suggestion)
}

impl Rule {
    /// The mean size of the differences that it asks for, where all its conditions hold.
    fn strength(&self, segment: &Segment) -> Option<f64> {
        let mut sizes = Vec::new();
        for condition in &self.when {
            let fact = find(segment, &condition.fact)?;
            if let Some(bounds) = condition.value {
                within(fact.value.number()?, bounds)?;
            }
            if let Some(bounds) = condition.difference {
                sizes.push(within(fact.difference?, bounds)?.abs());
            }
        }
        Some(sizes.iter().sum::<f64>() / sizes.len().max(1) as f64)
    }

    /// The text with its figures; none where the segment lacks one of them.
    fn told(&self, segment: &Segment, currency: Option<&str>, lang: Lang) -> Option<Suggestion> {
        let template = if lang == Lang::En { &self.en } else { &self.zh };
        let (mut text, mut facts) = (String::new(), Vec::new());
        let mut rest = template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, after) = after.split_once('}')?;
            let id = slot.strip_prefix("shop ").unwrap_or(slot);
            let fact = find(segment, id)?;
            let value = if id == slot {
                &fact.value
            } else {
                fact.population.as_ref()?
            };
            text.push_str(before);
            text.push_str(&match value {
                Value::Text(name) => quoted(name, lang),
                Value::Number(_) => show(value, fact.unit, currency, lang),
            });
            if !facts.contains(&fact.id) {
                facts.push(fact.id.clone());
            }
            rest = after;
        }
        text.push_str(rest);
        Some(Suggestion {
            rule: self.id.clone(),
            text,
            facts,
        })
    }
}

fn find<'a>(segment: &'a Segment, id: &str) -> Option<&'a Fact> {
    segment.facts.iter().find(|fact| fact.id == id)
}

fn within(value: f64, (low, high): (f64, f64)) -> Option<f64> {
    (low..=high).contains(&value).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::super::checker::check_shown;
    use super::super::testing::{fact, segment, size};
    use super::*;

    /// A segment that meets every condition of a rule, with figures that differ from one another.
    fn meets(rule: &Rule) -> Segment {
        let mut facts = size();
        for (i, condition) in (0..).zip(&rule.when) {
            let inside = |(low, high): (f64, f64)| {
                if low.is_finite() { low } else { high.min(0.0) }
            };
            let value = condition.value.map_or(7.0 + f64::from(i), inside);
            let difference = condition.difference.map_or(0.9, inside);
            facts.retain(|fact| fact.id != condition.fact);
            facts.push(fact(&condition.fact, "other", value, 41.0, difference));
        }
        segment(1, facts)
    }

    #[test]
    fn every_rule_can_be_told_in_both_languages_and_every_figure_is_a_fact() {
        for rule in RULES.iter() {
            let segment = meets(rule);
            assert!(rule.strength(&segment).is_some(), "{}", rule.id);
            for lang in [Lang::En, Lang::Zh] {
                let told = rule.told(&segment, Some("GBP"), lang).unwrap();
                assert!(!told.text.contains(['{', '}']), "{}", told.text);
                let behind: Vec<_> = segment
                    .facts
                    .iter()
                    .filter(|fact| told.facts.contains(&fact.id))
                    .collect();
                let complaints = check_shown(&told.text, &behind, Some("GBP"), lang);
                assert!(complaints.is_empty(), "{}: {complaints:?}", rule.id);
            }
        }
    }

    #[test]
    fn the_rule_with_the_largest_differences_is_told_and_the_last_one_where_none_holds() {
        let told = |facts: Vec<Fact>| {
            let mut all = size();
            all.extend(facts);
            suggest(&segment(1, all), None, Lang::En).unwrap().rule
        };
        let lapsed = |d| fact("rfm.recency_days.median", "recency", 200.0, 40.0, d);
        let returning = |d| fact("basket.return_share.mean", "returns", 20.0, 5.0, d);
        assert_eq!(told(vec![lapsed(1.5), returning(0.9)]), "WINBACK-1");
        assert_eq!(told(vec![lapsed(0.6), returning(0.9)]), "RETURNS-1");
        assert_eq!(told(vec![lapsed(0.1)]), "KEEP-1");
    }

    #[test]
    fn the_inactive_group_gets_none() {
        let inactive = Segment {
            kind: SegmentKind::Inactive,
            ..segment(1, size())
        };
        assert_eq!(suggest(&inactive, None, Lang::Zh), None);
    }
}
