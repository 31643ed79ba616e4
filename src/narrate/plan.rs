//! Which facts a narrative tells, in which order: chosen here, never by the model.

use std::collections::BTreeMap;

use rand::Rng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::codes::{CODES, Direction, Measure, Slot, Topic};
use super::random::generator;
use super::slots::{Filling, capitalised, inner_label, quoted, sanitise};
use crate::records::{Fact, Segment, Value};
use crate::words::{self, Lang, Unit};

/// Topics that do not come from a feature's facts.
const NO_FEATURES: &[&str] = &[
    "size",
    "revenue_share",
    "category",
    "categories_two",
    "product",
    "query",
    "hour",
    "weekday",
];

/// Smallest lift of a name, an hour or a day that is told.
const LIFT: f64 = 1.2;

/// What the plan of a segment needs to know of the run.
#[derive(Debug, Clone, Copy)]
pub struct Shop<'a> {
    /// ISO 4217 code of the money facts.
    pub currency: Option<&'a str>,
    /// Language of the text.
    pub lang: Lang,
    /// Number of segments.
    pub segments: usize,
    /// Seed of the run's narratives.
    pub seed: u64,
}

/// One sentence to be: what it says, and what fills its slots.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it is about.
    pub topic: &'static Topic,
    /// How the segment stands to the shop.
    pub direction: Direction,
    /// Which figure it tells.
    pub measure: Measure,
    /// The fact that leads it.
    pub fact: String,
    /// That fact's label.
    pub label: String,
    /// What its slots become.
    pub fillings: Vec<Filling>,
}

/// Plans the narrative of a segment: its size, its revenue, what marks it out, and one thing that does not.
#[must_use]
pub fn plan(segment: &Segment, shop: Shop<'_>) -> Vec<Item> {
    let mut draw = generator(shop.seed, segment.id, "plan", 0, 0);
    let planner = Planner { segment, shop };
    let (features, same) = planner.features(&mut draw);
    let names = planner.names(&mut draw);
    let times: Vec<_> = planner
        .times()
        .into_iter()
        .filter(|_| draw.gen_bool(0.7))
        .collect();
    let mut items: Vec<_> = [planner.size(), planner.revenue_share()]
        .into_iter()
        .flatten()
        .collect();
    let mut body = features;
    for item in names.into_iter().chain(times) {
        let at = draw.gen_range(body.len().min(1)..=body.len());
        body.insert(at, item);
    }
    let enough = if body.is_empty() { 3 } else { 1 };
    body.extend(same.into_iter().take(enough));
    items.append(&mut body);
    items
}

struct Planner<'a> {
    segment: &'a Segment,
    shop: Shop<'a>,
}

impl Planner<'_> {
    fn fact(&self, id: &str) -> Option<&Fact> {
        self.segment.facts.iter().find(|fact| fact.id == id)
    }

    fn show(&self, value: &Value, unit: Unit) -> String {
        match value {
            Value::Text(name) => quoted(name, self.shop.lang),
            Value::Number(_) => words::show(value, unit, self.shop.currency, self.shop.lang),
        }
    }

    fn value(&self, slot: Slot, fact: &Fact) -> Filling {
        Filling {
            slot,
            text: self.show(&fact.value, fact.unit),
            fact: fact.id.clone(),
        }
    }

    fn population(&self, slot: Slot, fact: &Fact) -> Option<Filling> {
        let population = fact.population.as_ref()?;
        Some(Filling {
            slot,
            text: self.show(population, fact.unit),
            fact: fact.id.clone(),
        })
    }

    fn item(
        &self,
        topic: &str,
        direction: Direction,
        measure: Measure,
        fact: &Fact,
        fillings: Vec<Filling>,
    ) -> Option<Item> {
        let topic = CODES.topic(topic)?;
        let fits = topic.directions.contains(&direction)
            && topic.measures.contains(&measure)
            && topic
                .must
                .iter()
                .all(|slot| fillings.iter().any(|f| f.slot == *slot));
        let label = capitalised(&sanitise(fact.label.get(self.shop.lang)));
        let fillings = fillings
            .into_iter()
            .filter(|f| topic.must.contains(&f.slot) || topic.may.contains(&f.slot));
        fits.then(|| Item {
            topic,
            direction,
            measure,
            fact: fact.id.clone(),
            label,
            fillings: fillings.collect(),
        })
    }

    /// How many they are; large and small are meant against the mean size of the segments.
    fn size(&self) -> Option<Item> {
        let (users, share) = (self.fact("size.users")?, self.fact("size.share")?);
        let times = self.segment.share * self.shop.segments as f64;
        let direction = Direction::of(if times > 0.0 { times.log2() } else { 0.0 });
        let fillings = vec![
            self.value(Slot::Users, users),
            self.value(Slot::Share, share),
        ];
        self.item("size", direction, Measure::Exact, users, fillings)
    }

    fn revenue_share(&self) -> Option<Item> {
        let fact = self.fact("revenue.share")?;
        let difference = fact.difference.or_else(|| log2_ratio(fact))?;
        let direction = told(fact, difference)?;
        let fillings = [
            Some(self.value(Slot::Val, fact)),
            self.population(Slot::Share, fact),
        ];
        self.item(
            "revenue_share",
            direction,
            Measure::Exact,
            fact,
            fillings.into_iter().flatten().collect(),
        )
    }

    /// What differs, the most telling first, and what does not.
    fn features(&self, draw: &mut Xoshiro256PlusPlus) -> (Vec<Item>, Vec<Item>) {
        let mut differing = Vec::new();
        let mut same = Vec::new();
        for (item, difference) in self.feature_items() {
            if item.direction == Direction::Same {
                same.push(item);
            } else {
                differing.push((item, difference.abs().min(3.0) * draw.gen_range(0.85..1.15)));
            }
        }
        let wanted = draw.gen_range(4..=7);
        let mut chosen = Vec::new();
        let mut told_of: BTreeMap<String, i32> = BTreeMap::new();
        while chosen.len() < wanted && !differing.is_empty() {
            let score = |(item, score): &(Item, f64)| {
                score * 0.6f64.powi(*told_of.get(family(&item.fact)).unwrap_or(&0))
            };
            let best = (0..differing.len())
                .max_by(|&a, &b| score(&differing[a]).total_cmp(&score(&differing[b])));
            let Some(best) = best else { break };
            let (item, _) = differing.remove(best);
            *told_of.entry(family(&item.fact).to_owned()).or_default() += 1;
            chosen.push(item);
        }
        same.shuffle(draw);
        same.sort_by_key(|item| item.topic.name == "other");
        (chosen, same)
    }

    /// At most one item for each topic, with the difference behind it.
    fn feature_items(&self) -> Vec<(Item, f64)> {
        let mut best: BTreeMap<(String, String), (f64, Vec<&Fact>)> = BTreeMap::new();
        for fact in &self.segment.facts {
            let (Some(topic), Some(difference), Value::Number(_)) =
                (&fact.topic, fact.difference, &fact.value)
            else {
                continue;
            };
            if NO_FEATURES.contains(&topic.as_str()) {
                continue;
            }
            let known = topic != "other" && CODES.topic(topic).is_some();
            let stem = stem(&fact.id).0;
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
                    let is_silent = measure == Measure::Median && fact.value == Value::Number(0.0);
                    let is_silent =
                        is_silent && fact.population.as_ref().is_none_or(|p| *p == fact.value);
                    if is_silent {
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

    /// One or two names that mark them out.
    fn names(&self, draw: &mut Xoshiro256PlusPlus) -> Vec<Item> {
        let mut items = Vec::new();
        let two = draw.gen_bool(0.4).then(|| self.two_categories()).flatten();
        items.extend(two.or_else(|| self.named("category", "category.1")));
        let mut others: Vec<_> = ["product", "query"]
            .iter()
            .filter_map(|topic| self.named(topic, &format!("{topic}.1")))
            .collect();
        others.shuffle(draw);
        let wanted = 2usize.saturating_sub(items.len()).min(if items.is_empty() {
            2
        } else {
            draw.gen_range(0..=1)
        });
        items.extend(others.into_iter().take(wanted));
        items
    }

    fn two_categories(&self) -> Option<Item> {
        let (first, second) = (self.fact("category.1")?, self.fact("category.2")?);
        let difference = self.lift(first)?.min(self.lift(second)?).log2();
        let fillings = vec![
            self.value(Slot::Name, first),
            self.value(Slot::Name2, second),
        ];
        if fillings[0].text == fillings[1].text {
            return None;
        }
        self.item(
            "categories_two",
            Direction::of(difference),
            Measure::Exact,
            first,
            fillings,
        )
    }

    /// The hour and the day of the week in which they are busiest against the shop.
    fn times(&self) -> Vec<Item> {
        ["hour", "weekday"]
            .iter()
            .filter_map(|topic| self.named(topic, &format!("{topic}.peak")))
            .collect()
    }

    fn named(&self, topic: &str, id: &str) -> Option<Item> {
        let fact = self.fact(id)?;
        let direction = Direction::of(self.lift(fact)?.log2());
        let mut fillings = vec![self.value(Slot::Name, fact)];
        if let Some(share) = self
            .fact(&format!("{id}.share"))
            .filter(|share| told_numbers(share, direction))
        {
            fillings.push(self.value(Slot::Val, share));
            fillings.extend(self.population(Slot::Pop, share));
        }
        if let Some(lift) = self.fact(&format!("{id}.lift")) {
            fillings.push(self.value(Slot::Ratio, lift));
        }
        self.item(topic, direction, Measure::Exact, fact, fillings)
    }

    /// The lift of a name, where it is worth telling.
    fn lift(&self, fact: &Fact) -> Option<f64> {
        let companion = self
            .fact(&format!("{}.lift", fact.id))
            .and_then(|lift| lift.value.number());
        let share = self
            .fact(&format!("{}.share", fact.id))
            .and_then(log2_ratio)
            .map(f64::exp2);
        let lift = fact.difference.map(f64::exp2).or(companion).or(share)?;
        (lift >= LIFT).then_some(lift)
    }
}

/// The direction of a difference, where the figures shown bear it out.
fn told(fact: &Fact, difference: f64) -> Option<Direction> {
    let direction = Direction::of(difference);
    told_numbers(fact, direction).then_some(direction)
}

fn told_numbers(fact: &Fact, direction: Direction) -> bool {
    match (
        fact.value.number(),
        fact.population.as_ref().and_then(Value::number),
    ) {
        (Some(value), Some(population)) => direction.agrees(value, population),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn log2_ratio(fact: &Fact) -> Option<f64> {
    let (value, population) = (fact.value.number()?, fact.population.as_ref()?.number()?);
    (value > 0.0 && population > 0.0).then(|| (value / population).log2())
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

fn family(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fact, feature, name, segment, size};
    use super::*;

    const SHOP: Shop<'static> = Shop {
        currency: Some("GBP"),
        lang: Lang::En,
        segments: 8,
        seed: 42,
    };

    fn rich() -> Segment {
        let mut facts = size();
        let topics = [
            "recency", "orders", "revenue", "aov", "items", "evening", "weekend", "tenure", "gap",
            "words",
        ];
        for (i, topic) in (0..).zip(topics) {
            let d = 0.3 + f64::from(i) / 10.0;
            facts.extend(feature(
                &format!("family{}.{topic}", i / 3),
                topic,
                (5.0, 3.0),
                (6.0, 4.0),
                d,
            ));
        }
        facts.extend(feature(
            "search.queries",
            "query_variety",
            (3.0, 3.0),
            (3.1, 3.0),
            0.05,
        ));
        facts.extend(name("category.1", "category", "Teapots", 12.0, 4.0));
        facts.extend(name("category.2", "category", "Mugs", 9.0, 5.0));
        facts.extend(name("product.1", "product", "Blue pot", 3.0, 1.0));
        segment(1, facts)
    }

    #[test]
    fn a_plan_begins_with_size_and_revenue_and_ends_with_what_is_not_special() {
        for id in 1..30 {
            let items = plan(&Segment { id, ..rich() }, SHOP);
            let topics: Vec<_> = items.iter().map(|item| item.topic.name.as_str()).collect();
            assert_eq!(topics[..2], ["size", "revenue_share"]);
            assert_eq!(items.last().unwrap().direction, Direction::Same);
            assert!((8..=12).contains(&items.len()), "{topics:?}");
            let distinct: std::collections::HashSet<_> = topics.iter().collect();
            assert_eq!(distinct.len(), topics.len(), "{topics:?}");
        }
    }

    #[test]
    fn plans_vary_with_seed_and_segment_and_only_with_them() {
        let topics = |seed, id| plan(&Segment { id, ..rich() }, Shop { seed, ..SHOP });
        assert_eq!(topics(1, 1), topics(1, 1));
        assert!((2..9).any(|seed| topics(seed, 1) != topics(1, 1)));
        assert!((2..9).any(|id| topics(1, id) != topics(1, 1)));
    }

    #[test]
    fn figures_that_contradict_the_direction_are_not_told() {
        // The difference is of the mean on a transformed scale: the median says nothing, the mean does.
        let equal_medians = segment(
            1,
            feature("rfm.orders", "orders", (1.0, 1.0), (1.9, 1.2), 0.5),
        );
        let item = &plan(&equal_medians, SHOP)[0];
        assert_eq!(
            (item.measure, item.direction),
            (Measure::Mean, Direction::More)
        );
        let reversed = segment(
            1,
            feature("rfm.orders", "orders", (1.0, 2.0), (1.1, 1.2), 0.5),
        );
        assert_eq!(plan(&reversed, SHOP), []);
        let silent = segment(
            1,
            feature("rfm.returns", "returns", (0.0, 0.0), (2.0, 2.1), 0.0),
        );
        assert_eq!(plan(&silent, SHOP)[0].measure, Measure::Mean);
    }

    #[test]
    fn names_need_a_lift_and_bring_their_figures() {
        let items = plan(
            &segment(1, name("product.1", "product", "Blue pot", 3.0, 1.0)),
            SHOP,
        );
        let texts: Vec<_> = items[0]
            .fillings
            .iter()
            .map(|f| (f.slot, f.text.as_str()))
            .collect();
        let expected = [
            (Slot::Name, "“Blue pot”"),
            (Slot::Val, "3%"),
            (Slot::Pop, "1%"),
            (Slot::Ratio, "3 times"),
        ];
        assert_eq!(texts, expected);
        assert_eq!(
            plan(
                &segment(1, name("product.1", "product", "Blue pot", 1.1, 1.0)),
                SHOP
            ),
            []
        );
    }

    #[test]
    fn an_unknown_topic_is_told_by_its_label() {
        let items = plan(
            &segment(1, vec![fact("own.points.mean", "loyalty", 9.0, 5.0, 0.9)]),
            SHOP,
        );
        assert_eq!(items[0].topic.name, "other");
        assert!(
            items[0]
                .fillings
                .iter()
                .any(|f| f.slot == Slot::Label && f.text == "label of own points mean")
        );
    }

    #[test]
    fn nothing_and_two_facts_and_hundreds_make_plans() {
        assert_eq!(plan(&segment(1, vec![]), SHOP), []);
        assert_eq!(plan(&segment(1, size()), SHOP).len(), 2);
        let many = (0..200)
            .flat_map(|i| feature(&format!("own.f{i}"), "other", (5.0, 3.0), (6.0, 4.0), 1.0));
        assert!((4..=7).contains(&plan(&segment(1, many.collect()), SHOP).len()));
    }
}
