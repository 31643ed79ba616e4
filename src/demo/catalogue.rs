//! The made-up catalogue: 2,000 products with names and usual prices, and what is on offer when.

use rand::Rng;
use rand::seq::SliceRandom;

use super::calendar;
use super::draw;
use super::shelves::SHELVES;

/// Products on each shelf.
const PER_SHELF: usize = 50;

/// One product.
#[derive(Debug)]
pub(super) struct Product {
    /// Its name, distinct in the catalogue.
    pub name: String,
    /// Its shelf, an index into [`SHELVES`].
    pub shelf: usize,
    /// Its usual price in pence.
    pub price: u32,
}

/// Everything that the shop sells; a shelf's products stand together, cheapest first.
#[derive(Debug)]
pub(super) struct Catalogue {
    products: Vec<Product>,
    /// How often each product is chosen among its shelf's.
    popularity: Vec<f64>,
    /// Decides which products are on offer in which week.
    salt: u64,
}

impl Catalogue {
    /// Fills the shelves.
    pub(super) fn draw(rng: &mut impl Rng) -> Self {
        let mut products = Vec::with_capacity(SHELVES.len() * PER_SHELF);
        let mut popularity = Vec::with_capacity(products.capacity());
        for (shelf, words) in SHELVES.iter().enumerate() {
            let mut names: Vec<String> = words
                .adjectives
                .iter()
                .flat_map(|adjective| words.kinds.map(|kind| (adjective, kind)))
                .flat_map(|(adjective, kind)| {
                    words.nouns.map(|noun| format!("{adjective} {kind} {noun}"))
                })
                .collect();
            names.shuffle(rng);
            let mut prices: Vec<u32> = (0..PER_SHELF)
                .map(|_| tidy(draw::around(rng, words.price, 0.45)))
                .collect();
            prices.sort_unstable();
            let mut ranks: Vec<f64> = (1..=PER_SHELF)
                .map(|rank| (rank as f64).powf(-0.7))
                .collect();
            ranks.shuffle(rng);
            popularity.extend(ranks);
            products.extend(names.into_iter().zip(prices).map(|(name, price)| Product {
                name,
                shelf,
                price,
            }));
        }
        Self {
            products,
            popularity,
            salt: rng.r#gen(),
        }
    }

    /// All products with their numbers.
    pub(super) fn products(&self) -> impl Iterator<Item = (usize, &Product)> {
        self.products.iter().enumerate()
    }

    /// The product with a number.
    pub(super) fn product(&self, id: usize) -> &Product {
        &self.products[id]
    }

    /// A product off a shelf by popularity, nearer to `level` (0 the cheapest of the shelf, 1 the dearest).
    pub(super) fn pick(
        &self,
        rng: &mut impl Rng,
        category: usize,
        level: f64,
        spread: f64,
    ) -> usize {
        let first = category * PER_SHELF;
        let weights = (0..PER_SHELF).map(|i| {
            let away = (i as f64 / (PER_SHELF - 1) as f64 - level) / spread;
            self.popularity[first + i] * (-away * away / 2.0).exp()
        });
        first + draw::weighted(rng, weights)
    }

    /// What a product costs on a day of the year (from 0), in pence.
    pub(super) fn price_on(&self, id: usize, day: u32) -> u32 {
        let product = &self.products[id];
        match self.discount(id, day) {
            0 => product.price,
            percent => (product.price * (100 - percent)).div_ceil(100),
        }
    }

    /// Per cent off on a day: in a sale week every second product, in any other week one in twenty.
    pub(super) fn discount(&self, id: usize, day: u32) -> u32 {
        let chance = if calendar::sale(day) { 50 } else { 5 };
        let roll = scramble(self.salt ^ ((id as u64) << 8) ^ u64::from(day / 7));
        if roll % 100 >= chance {
            return 0;
        }
        [15, 20, 25, 30, 40, 50][(roll >> 32) as usize % 6]
    }
}

/// Prices as shops write them: …99 or …50 pence.
fn tidy(pence: f64) -> u32 {
    let pence = pence as u32;
    match pence {
        0..=499 => (pence / 10 * 10 + 9).max(89),
        500..=1999 => pence / 50 * 50 + 49,
        2000..=9999 => pence / 100 * 100 + 99,
        _ => pence / 500 * 500,
    }
}

/// Mixes the bits of a number (the finaliser of `SplitMix64`, Steele et al. 2014).
fn scramble(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn two_thousand_products_have_names_of_their_own_and_offers_come_and_go() {
        let catalogue = Catalogue::draw(&mut Xoshiro256PlusPlus::seed_from_u64(7));
        let names: HashSet<_> = catalogue
            .products
            .iter()
            .map(|product| product.name.as_str())
            .collect();
        assert_eq!(names.len(), 2000);
        let shelves: HashSet<_> = SHELVES.iter().map(|shelf| shelf.name).collect();
        assert_eq!(shelves.len(), 40);
        let off = |day| {
            (0..2000)
                .filter(|&id| catalogue.discount(id, day) > 0)
                .count()
        };
        assert!((50..200).contains(&off(100)), "ordinary week: {}", off(100));
        assert!((800..1200).contains(&off(330)), "sale week: {}", off(330));
        let offer = (0..2000)
            .find(|&id| catalogue.discount(id, 330) == 50)
            .unwrap();
        assert_eq!(
            catalogue.price_on(offer, 330),
            catalogue.product(offer).price.div_ceil(2)
        );
    }
}
