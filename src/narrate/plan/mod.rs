//! Which facts a narrative tells, in which order: chosen here, never by the model.

mod features;
mod group;
mod names;
#[cfg(test)]
mod tests;

pub use features::NO_FEATURES;
pub use group::{group, headline};

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::codes::{CODES, Direction, Measure, Slot, Topic};
use super::lexicon::Looks;
use super::random::generator;
use super::slots::{Filling, capitalised, quoted, sanitise};
use crate::records::{Fact, Segment, Value};
use crate::words::{self, Lang, Unit};

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
    /// Which of a segment's versions is planned; the first is 0.
    pub version: u32,
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
    /// Whether the data tells of looking.
    pub looks: Looks,
    /// The fact that leads it.
    pub fact: String,
    /// That fact's label.
    pub label: String,
    /// What its slots become.
    pub fillings: Vec<Filling>,
}

/// Sentences about what marks a segment out: with size, revenue and what is not special, eighty to a
/// hundred and fifty words.
const TELLING: usize = 5;

/// What a candidate is worth beside one that was chosen of the same side.
const KIN: f64 = 0.8;

/// Plans the narrative of a segment: its size, its revenue, what marks it out, and one thing that does not.
#[must_use]
pub fn plan(segment: &Segment, shop: Shop<'_>) -> Vec<Item> {
    let mut draw = generator(shop.seed, segment.id, "plan", 0, shop.version);
    let planner = Planner { segment, shop };
    let (mut candidates, same) = planner.features(&mut draw);
    candidates.extend(planner.names(&mut draw));
    candidates.extend(planner.times());
    let body = choose(candidates, &mut draw);
    let enough = if body.is_empty() { 3 } else { 1 };
    [planner.size(), planner.revenue_share()]
        .into_iter()
        .flatten()
        .chain(body)
        .chain(same.into_iter().take(enough))
        .collect()
}

/// The most telling candidates, the strongest first, with some variety from the seed: one that says nearly the same
/// as another chosen one counts for less, so that no narrative dwells on one side of a segment.
fn choose(candidates: Vec<(Item, f64)>, draw: &mut Xoshiro256PlusPlus) -> Vec<Item> {
    let mut left: Vec<(Item, f64)> = candidates
        .into_iter()
        .map(|(item, strength)| (item, strength.min(3.0) * draw.gen_range(0.85..1.15)))
        .collect();
    let mut chosen: Vec<Item> = Vec::new();
    while chosen.len() < TELLING {
        let score = |(item, strength): &(Item, f64)| {
            let kin = chosen.iter().filter(|other| side(other) == side(item));
            let weight: f64 = kin.map(|_| KIN).product();
            strength * weight
        };
        let best = (0..left.len()).max_by(|&a, &b| score(&left[a]).total_cmp(&score(&left[b])));
        let Some(best) = best else { break };
        chosen.push(left.swap_remove(best).0);
    }
    chosen
}

/// The side of a segment that an item shows. Counts that grow with one another (visits, views, orders) are one side,
/// whichever file they come from; else it is the family of the fact.
fn side(item: &Item) -> &str {
    match item.topic.name.as_str() {
        "orders" | "sessions" | "views" | "carts" | "active_days" | "tenure" | "gap"
        | "regularity" => "frequency",
        "searches" | "query_variety" | "words" | "search_purchase" | "query" => "search",
        "evening" | "hour" => "hour",
        "weekend" | "weekday" => "day",
        "category" | "categories_two" | "product" => "names",
        "categories" | "variety" | "focus" | "products" => "breadth",
        "items" | "lines" | "aov" | "revenue" => "basket",
        _ => item.fact.split('.').next().unwrap_or_default(),
    }
}

/// Whether the data tells of looking: where it has views, there is a fact about them.
#[must_use]
pub fn looks(facts: &[Fact]) -> Looks {
    let tells = |fact: &Fact| fact.topic.as_deref() == Some("views");
    if facts.iter().any(tells) {
        Looks::Known
    } else {
        Looks::Unknown
    }
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
            looks: looks(&self.segment.facts),
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
}

/// The direction of a difference, where the figures shown bear it out.
///
/// The strength is that of the standardised difference, but a reader sees the figures: no one would call £401 far
/// above £398, which a shop where nearly everybody is alike can make of them, nor £644 slightly above £308.
pub(super) fn told(fact: &Fact, difference: f64) -> Option<Direction> {
    use Direction::{Less, More, MuchLess, MuchMore};
    let population = fact.population.as_ref().and_then(Value::number);
    let figures = population.zip(fact.value.number());
    let is_near = figures.is_some_and(|(shop, segment)| {
        (segment - shop).abs() < 0.1 * segment.abs().max(shop.abs())
    });
    // Of shares of a whole only those that are ten points apart: 2% is not far from 1%.
    let is_far = figures.is_some_and(|(shop, segment)| {
        let (low, high) = (shop.min(segment), shop.max(segment));
        low >= 0.0
            && high > 0.0
            && high >= 1.75 * low
            && (fact.unit != Unit::Percent || high - low >= 10.0)
    });
    let direction = match Direction::of(difference) {
        MuchLess if is_near => Less,
        MuchMore if is_near => More,
        Less if is_far => MuchLess,
        More if is_far => MuchMore,
        direction => direction,
    };
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

pub(super) fn log2_ratio(fact: &Fact) -> Option<f64> {
    let (value, population) = (fact.value.number()?, fact.population.as_ref()?.number()?);
    (value > 0.0 && population > 0.0).then(|| (value / population).log2())
}
