//! Names out of the data, hours and days that mark a segment out.

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::super::codes::{Direction, Measure, Slot};
use super::{Item, Planner, log2_ratio, told_numbers};
use crate::records::Fact;

/// Smallest lift of a name, an hour or a day that is told.
const LIFT: f64 = 1.2;

/// Smallest share of the segment, in per cent, that a name told concerns: less says little about them.
const SHARE: f64 = 5.0;

/// Names of a kind that a portrait lists.
const PLACES: std::ops::RangeInclusive<u32> = 1..=5;

impl Planner<'_> {
    /// Names that mark them out, one of a kind, each with the strength of its lift.
    pub(super) fn names(&self, draw: &mut Xoshiro256PlusPlus) -> Vec<(Item, f64)> {
        let two = draw.gen_bool(0.4).then(|| self.two_categories()).flatten();
        let category = two.or_else(|| self.first("category"));
        [category, self.first("product"), self.first("query")]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The hour and the day of the week in which they are busiest against the shop.
    pub(super) fn times(&self) -> Vec<(Item, f64)> {
        ["hour", "weekday"]
            .iter()
            .filter_map(|topic| self.named(topic, &format!("{topic}.peak")))
            .collect()
    }

    fn first(&self, topic: &str) -> Option<(Item, f64)> {
        self.candidates(topic).find_map(|id| self.named(topic, &id))
    }

    /// The names of a kind that may be told, in the portrait's order.
    fn candidates<'b>(&'b self, topic: &'b str) -> impl Iterator<Item = String> + 'b {
        PLACES
            .map(move |place| format!("{topic}.{place}"))
            .filter(|id| {
                let share = self
                    .fact(&format!("{id}.share"))
                    .and_then(|share| share.value.number());
                self.fact(id).is_some_and(|fact| fact.topic.is_some())
                    && share.is_none_or(|share| share >= SHARE)
            })
    }

    fn two_categories(&self) -> Option<(Item, f64)> {
        let mut ids = self.candidates("category");
        let (first, second) = (self.fact(&ids.next()?)?, self.fact(&ids.next()?)?);
        let strength = self.lift(first)?.min(self.lift(second)?).log2();
        let fillings = vec![
            self.value(Slot::Name, first),
            self.value(Slot::Name2, second),
        ];
        if fillings[0].text == fillings[1].text {
            return None;
        }
        let item = self.item(
            "categories_two",
            Direction::of(strength),
            Measure::Exact,
            first,
            fillings,
        )?;
        Some((item, strength))
    }

    fn named(&self, topic: &str, id: &str) -> Option<(Item, f64)> {
        let fact = self.fact(id)?;
        let strength = self.lift(fact)?.log2();
        let direction = Direction::of(strength);
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
        let item = self.item(topic, direction, Measure::Exact, fact, fillings)?;
        Some((item, strength))
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
