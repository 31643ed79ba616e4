//! How the facts of a plan are grouped into sentences, and which of them a headline tells.

use rand::Rng;

use super::super::codes::Direction;
use super::super::lexicon::Lexicon;
use super::super::random::generator;
use super::super::statement::Statement;
use super::{Item, NO_FEATURES, Shop};
use crate::records::Segment;

/// The chance that a fact is told together with the one after it.
const PAIR: f64 = 0.3;

/// Most facts of a headline.
const HEADLINE: usize = 3;

/// The sentences of a plan: some tell two facts, which the seed decides; numbers of two families may stand together,
/// names and what is as usual stand alone.
#[must_use]
pub fn group(items: Vec<Item>, segment: &Segment, shop: Shop<'_>) -> Vec<Statement> {
    let mut draw = generator(shop.seed, segment.id, "group", 0, shop.version);
    let mut statements = Vec::with_capacity(items.len());
    let mut left = items.into_iter().peekable();
    while let Some(item) = left.next() {
        let next = left.next_if(|next| joins(&item) && joins(next) && draw.gen_bool(PAIR));
        statements.push(match next {
            Some(next) => Statement::pair(item, next),
            None => Statement::Fact(item),
        });
    }
    statements
}

fn joins(item: &Item) -> bool {
    let name = item.topic.name.as_str();
    item.direction != Direction::Same && name != "other" && !NO_FEATURES.contains(&name)
}

/// What sums the segment up: its strongest facts that a headline has words for; none where there are not two.
#[must_use]
pub fn headline(items: &[Item], shop: Shop<'_>) -> Option<Statement> {
    let lexicon = Lexicon::of(shop.lang);
    let told: Vec<Item> = items
        .iter()
        .filter(|item| item.direction != Direction::Same && lexicon.has_trait(&item.topic.name))
        .take(HEADLINE)
        .cloned()
        .collect();
    (told.len() > 1).then_some(Statement::Headline(told))
}
