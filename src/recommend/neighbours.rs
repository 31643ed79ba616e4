//! Which products go together: item-to-item similarity by users in common.

use rayon::prelude::*;

use super::histories::{Histories, Touch};

/// Neighbours kept of each product, and of all products together (12 bytes each); at least a few of each.
const KEPT: usize = 100;
const KEPT_OF_ALL: usize = 40_000_000;
const KEPT_AT_LEAST: usize = 8;

/// Most users of a product that are looked at, spread evenly over all of them.
const MOST_USERS: usize = 2_000;

/// Most products of a user that are looked at, the latest.
const MOST_PRODUCTS: usize = 200;

/// So many users in common are needed for half of a similarity to count: what two products share by chance is shrunk away.
const SHRINKAGE: f32 = 8.0;

/// A product that goes with another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Its key.
    pub product: u32,
    /// How much the two have in common, 0 to 1.
    pub similarity: f32,
    /// Users who touched both, of those looked at.
    pub users: u32,
}

/// The nearest products of each product, the nearest first.
#[derive(Debug, Clone, Default)]
pub struct Neighbours {
    starts: Vec<usize>,
    found: Vec<Neighbour>,
}

/// A product of a user, or a user of a product, with its weight.
#[derive(Clone, Copy)]
struct Entry {
    key: u32,
    weight: f32,
}

/// A sparse matrix, row by row.
struct Rows {
    starts: Vec<usize>,
    entries: Vec<Entry>,
}

impl Rows {
    fn of(&self, row: usize) -> &[Entry] {
        &self.entries[self.starts[row]..self.starts[row + 1]]
    }

    /// Rows become columns, in the order of rows.
    fn turned(&self, columns: usize) -> Self {
        let mut starts = vec![0_usize; columns + 1];
        for entry in &self.entries {
            starts[entry.key as usize + 1] += 1;
        }
        for column in 0..columns {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        let nothing = Entry {
            key: 0,
            weight: 0.0,
        };
        let mut entries = vec![nothing; self.entries.len()];
        for row in 0..self.starts.len() - 1 {
            for entry in self.of(row) {
                let place = &mut next[entry.key as usize];
                entries[*place] = Entry {
                    key: row as u32,
                    weight: entry.weight,
                };
                *place += 1;
            }
        }
        Self { starts, entries }
    }
}

/// What one thread adds up for a product.
struct Sums {
    shared: Vec<(f32, u32)>,
    touched: Vec<u32>,
}

impl Neighbours {
    /// Cosine similarity of products over the users who touched both (Linden, Smith and York, "Amazon.com recommendations:
    /// item-to-item collaborative filtering", IEEE Internet Computing 7 (1), 2003). Weights of touches halve with every
    /// `half_life` seconds of age, those of users with many products fall with their logarithm (inverse user frequency:
    /// Breese, Heckerman and Kadie, UAI 1998), and similarities that few users speak for are shrunk.
    ///
    /// `when` says whether a touch counts, and when it was.
    #[must_use]
    pub fn find(
        histories: &Histories,
        half_life: f64,
        when: impl Fn(&Touch) -> Option<u32>,
    ) -> Self {
        let users = weights(histories, half_life, when);
        let products = users.turned(histories.products());
        let norms: Vec<f32> = (0..histories.products())
            .map(|product| {
                let square = |entry: &Entry| entry.weight * entry.weight;
                products.of(product).iter().map(square).sum::<f32>().sqrt()
            })
            .collect();
        let most = KEPT_OF_ALL / histories.products().max(1);
        let kept = most.clamp(KEPT_AT_LEAST, KEPT);
        let lists: Vec<Vec<Neighbour>> = (0..histories.products())
            .into_par_iter()
            .map_init(
                || Sums {
                    shared: vec![(0.0, 0); histories.products()],
                    touched: Vec::new(),
                },
                |sums, product| nearest(product, (&users, &products, &norms), kept, sums),
            )
            .collect();
        let mut starts = vec![0];
        let mut found = Vec::new();
        for list in lists {
            found.extend(list);
            starts.push(found.len());
        }
        Self { starts, found }
    }

    /// The nearest of a product, the nearest first.
    #[must_use]
    pub fn of(&self, product: u32) -> &[Neighbour] {
        let at = product as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => &self.found[*from..*to],
            _ => &[],
        }
    }

    /// How much two products have in common; 0 where neither is among the nearest of the other.
    #[must_use]
    pub fn similarity(&self, one: u32, other: u32) -> f32 {
        let towards = |from: u32, to: u32| {
            let found = self.of(from).iter().find(|near| near.product == to);
            found.map_or(0.0, |near| near.similarity)
        };
        towards(one, other).max(towards(other, one))
    }
}

fn weights(histories: &Histories, half_life: f64, when: impl Fn(&Touch) -> Option<u32>) -> Rows {
    let mut rows = Rows {
        starts: vec![0],
        entries: Vec::new(),
    };
    for place in 0..histories.len() {
        let counted = histories
            .of(place)
            .iter()
            .filter_map(|touch| Some((touch.product, when(touch)?)));
        let counted: Vec<(u32, u32)> = counted.take(MOST_PRODUCTS).collect();
        let many = (1.0 + counted.len() as f64).log2().sqrt();
        rows.entries.extend(counted.iter().map(|(product, at)| {
            let age = f64::from(histories.now.saturating_sub(*at));
            Entry {
                key: *product,
                weight: ((-age / half_life).exp2() / many) as f32,
            }
        }));
        rows.starts.push(rows.entries.len());
    }
    rows
}

fn nearest(
    product: usize,
    (users, products, norms): (&Rows, &Rows, &[f32]),
    kept: usize,
    sums: &mut Sums,
) -> Vec<Neighbour> {
    let all = products.of(product);
    let step = all.len().div_ceil(MOST_USERS).max(1);
    for user in all.iter().step_by(step) {
        for entry in users.of(user.key as usize) {
            let shared = &mut sums.shared[entry.key as usize];
            if shared.1 == 0 {
                sums.touched.push(entry.key);
            }
            shared.0 += user.weight * entry.weight;
            shared.1 += 1;
        }
    }
    let mut near: Vec<Neighbour> = Vec::new();
    for other in sums.touched.drain(..) {
        let (weight, count) = std::mem::take(&mut sums.shared[other as usize]);
        let norm = norms[product] * norms[other as usize];
        if other as usize == product || norm <= 0.0 {
            continue;
        }
        let count_all = count as f32 * step as f32;
        near.push(Neighbour {
            product: other,
            similarity: weight * step as f32 / norm * count_all / (count_all + SHRINKAGE),
            users: count,
        });
    }
    near.sort_by(|a, b| {
        b.similarity
            .total_cmp(&a.similarity)
            .then(a.product.cmp(&b.product))
    });
    near.truncate(kept);
    near.shrink_to_fit();
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(baskets: &[&[u32]], products: usize) -> Histories {
        let mut found = Histories::new(products, 100);
        for (user, basket) in (0..).zip(baskets) {
            let touch = |product: &u32| Touch {
                product: *product,
                days: 1,
                last_bought: 100,
                ..Touch::default()
            };
            found.push(user, basket.iter().map(touch).collect());
        }
        found
    }

    fn bought(touch: &Touch) -> Option<u32> {
        touch.is_bought().then_some(touch.last_bought)
    }

    #[test]
    fn what_is_bought_together_is_near_and_chance_is_shrunk() {
        let mut baskets: Vec<&[u32]> = vec![&[0, 1]; 20];
        baskets.extend([&[2_u32, 3] as &[u32], &[4]]);
        let found = Neighbours::find(&shop(&baskets, 6), 1e9, bought);
        assert_eq!(found.of(0)[0].product, 1);
        assert_eq!(found.of(0)[0].users, 20);
        // Both pairs are always together; one pair rests on a single user.
        assert!(found.similarity(0, 1) > 0.6 && found.similarity(2, 3) < 0.2);
        assert!((found.similarity(1, 0) - found.similarity(0, 1)).abs() < 1e-6);
        assert!(found.of(4).is_empty() && found.of(5).is_empty() && found.of(99).is_empty());
    }
}
