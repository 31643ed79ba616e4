//! Names out of the data, hours and days that mark a segment out.

use rand::Rng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::super::codes::{Direction, Measure, Slot};
use super::{Item, Planner, log2_ratio, told_numbers};
use crate::records::Fact;

/// Smallest lift of a name, an hour or a day that is told.
const LIFT: f64 = 1.2;

impl Planner<'_> {
    /// One or two names that mark them out.
    pub(super) fn names(&self, draw: &mut Xoshiro256PlusPlus) -> Vec<Item> {
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
    pub(super) fn times(&self) -> Vec<Item> {
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
