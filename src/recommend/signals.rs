//! Evidence that a user wants a product, of seven kinds, each on a scale of its own.

use std::collections::BTreeMap;

use super::histories::{Histories, Touch};
use super::neighbours::Neighbours;

/// Kinds of evidence.
pub const KINDS: usize = 7;

/// Candidates taken from the popular products, of the shop and of the user's segment.
const POPULAR: usize = 200;

/// The latest products and queries of a user that speak for others.
const LATEST: usize = 60;

/// A kind of evidence; its number is its place among a candidate's scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bought by those who bought what the user bought.
    BoughtTogether,
    /// Looked at or bought by those who did so with what the user looked at or bought.
    SeenTogether,
    /// The user bought it before, and it may be time again.
    Again,
    /// The user looked at it and has not bought it.
    Looked,
    /// Bought after a query of the user.
    Searched,
    /// Liked by the user's segment.
    Segment,
    /// Liked by everybody of late.
    Popular,
}

impl Kind {
    /// All of them, in the order of the scores.
    pub const ALL: [Self; KINDS] = [
        Self::BoughtTogether,
        Self::SeenTogether,
        Self::Again,
        Self::Looked,
        Self::Searched,
        Self::Segment,
        Self::Popular,
    ];

    /// The name in exports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BoughtTogether => "bought_together",
            Self::SeenTogether => "seen_together",
            Self::Again => "again",
            Self::Looked => "looked",
            Self::Searched => "searched",
            Self::Segment => "segment",
            Self::Popular => "popular",
        }
    }
}

/// What a kind of evidence rests on most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Because {
    /// Key of the product or query; none where the evidence rests on none.
    pub key: Option<u32>,
    /// Users behind it.
    pub users: u32,
}

/// A product that a user may want.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Its key.
    pub product: u32,
    /// How much each kind of evidence speaks for it, in the order of [`Kind::ALL`].
    pub scores: [f32; KINDS],
    /// What the first two kinds and the queries rest on most, in the order of [`Kind::ALL`].
    pub because: [Because; KINDS],
}

/// Which products are bought after which query: `(query, product, users who did so, users who searched for it)`.
#[derive(Debug, Clone, Default)]
pub struct Searches {
    /// Sorted by query.
    pub bought: Vec<(u32, u32, u32, u32)>,
}

impl Searches {
    fn of(&self, query: u32) -> &[(u32, u32, u32, u32)] {
        let from = self.bought.partition_point(|row| row.0 < query);
        let to = self.bought.partition_point(|row| row.0 <= query);
        &self.bought[from..to]
    }
}

/// How much a group likes a product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Liked {
    /// Its key.
    pub product: u32,
    /// Its weight among the group's users, of which each gives 1 to what was just bought and less to what was bought long ago.
    pub share: f32,
    /// Users of the group who bought it; who had to do with it, where nobody buys.
    pub users: u32,
}

/// What all users share: histories, what goes together, what is liked.
pub struct Evidence {
    /// Who bought and looked at what.
    pub histories: Histories,
    /// What is bought together.
    pub bought: Neighbours,
    /// What is looked at or bought together.
    pub seen: Neighbours,
    /// What is bought after which query.
    pub searches: Searches,
    /// What is liked of late, by share of the weight of all.
    popular: Vec<Liked>,
    /// The same of each segment, by its place.
    segments: Vec<Vec<Liked>>,
    half_life: f64,
    has_purchases: bool,
}

/// What is asked about one user.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Its place in the histories; none for somebody without one.
    pub place: Option<usize>,
    /// Place of its segment among those of the evidence.
    pub segment: Option<usize>,
    /// Its queries, the latest first.
    pub queries: &'a [u32],
}

/// What one thread needs to score a user.
pub struct Scratch {
    slots: Vec<u32>,
    /// The candidates of the user scored last.
    pub candidates: Vec<Candidate>,
    best: Vec<[f32; KINDS]>,
}

impl Scratch {
    /// For a shop with so many product keys.
    #[must_use]
    pub fn new(products: usize) -> Self {
        Self {
            slots: vec![u32::MAX; products],
            candidates: Vec::new(),
            best: Vec::new(),
        }
    }

    fn clear(&mut self) {
        for candidate in &self.candidates {
            self.slots[candidate.product as usize] = u32::MAX;
        }
        self.candidates.clear();
        self.best.clear();
    }

    fn add(&mut self, product: u32, kind: Kind, score: f32, because: Because) {
        let slot = &mut self.slots[product as usize];
        if *slot == u32::MAX {
            *slot = self.candidates.len() as u32;
            self.candidates.push(Candidate {
                product,
                scores: [0.0; KINDS],
                because: [Because::default(); KINDS],
            });
            self.best.push([0.0; KINDS]);
        }
        let (at, kind) = (*slot as usize, kind as usize);
        self.candidates[at].scores[kind] += score;
        if score > self.best[at][kind] {
            self.best[at][kind] = score;
            self.candidates[at].because[kind] = because;
        }
    }
}

impl Evidence {
    /// Prepares the evidence. `segments` says for each place of the histories which segment it is in (of `count`); touches
    /// count half as much with every `half_life` seconds of age.
    #[must_use]
    pub fn new(
        histories: Histories,
        searches: Searches,
        segments: &[Option<usize>],
        count: usize,
        half_life: f64,
    ) -> Self {
        let has_purchases =
            (0..histories.products() as u32).any(|product| histories.record(product).buyers > 0);
        let bought = |touch: &Touch| touch.is_bought().then_some(touch.last_bought);
        let seen = |touch: &Touch| Some(touch.last());
        let liked = |touch: &Touch| {
            if has_purchases {
                bought(touch)
            } else {
                seen(touch)
            }
        };
        let (popular, segments) = liked_by(&histories, segments, count, half_life, liked);
        Self {
            bought: Neighbours::find(&histories, half_life, bought),
            seen: Neighbours::find(&histories, half_life, seen),
            histories,
            searches,
            popular,
            segments,
            half_life,
            has_purchases,
        }
    }

    /// What the users of the segment at this place like most.
    #[must_use]
    pub fn liked(&self, segment: usize) -> &[Liked] {
        self.segments.get(segment).map_or(&[], Vec::as_slice)
    }

    /// Users who bought a product; who had to do with it, where nobody buys.
    #[must_use]
    pub fn choosers(&self, product: u32) -> u32 {
        let record = self.histories.record(product);
        if self.has_purchases {
            record.buyers
        } else {
            record.users
        }
    }

    /// Scores everything that speaks for something into `scratch`.
    pub fn score(&self, context: &Context<'_>, scratch: &mut Scratch) {
        scratch.clear();
        let touches = context
            .place
            .map_or(&[] as &[Touch], |place| self.histories.of(place));
        self.together(touches, scratch);
        self.own(touches, scratch);
        self.searched(context.queries, scratch);
        let none = Because::default();
        for liked in context.segment.map_or(&[] as &[Liked], |at| self.liked(at)) {
            scratch.add(liked.product, Kind::Segment, liked.share, none);
        }
        for liked in &self.popular {
            scratch.add(liked.product, Kind::Popular, liked.share, none);
        }
    }

    fn together(&self, touches: &[Touch], scratch: &mut Scratch) {
        let bought = touches.iter().filter(|touch| touch.is_bought());
        let kinds: [(Kind, &Neighbours, Vec<&Touch>); 2] = [
            (
                Kind::BoughtTogether,
                &self.bought,
                bought.take(LATEST).collect(),
            ),
            (
                Kind::SeenTogether,
                &self.seen,
                touches.iter().take(LATEST).collect(),
            ),
        ];
        for (kind, neighbours, latest) in kinds {
            let weights: Vec<f32> = (0..latest.len()).map(rank_weight).collect();
            let all: f32 = weights.iter().sum();
            for (touch, weight) in latest.iter().zip(weights) {
                for near in neighbours.of(touch.product) {
                    let because = Because {
                        key: Some(touch.product),
                        users: near.users,
                    };
                    scratch.add(near.product, kind, weight / all * near.similarity, because);
                }
            }
        }
    }

    fn own(&self, touches: &[Touch], scratch: &mut Scratch) {
        let none = Because::default();
        for (rank, touch) in touches.iter().enumerate() {
            if touch.is_bought() {
                scratch.add(touch.product, Kind::Again, self.again(touch), none);
            } else {
                let often = f32::from(touch.looks).ln_1p() * rank_weight(rank);
                scratch.add(touch.product, Kind::Looked, often, none);
            }
        }
    }

    /// How likely somebody buys again what was bought on `days` days: as often as others do at first, as often as this user
    /// did the more days speak for it; rising until it is due, falling slowly after.
    fn again(&self, touch: &Touch) -> f32 {
        let record = self.histories.record(touch.product);
        let share = f64::from(record.repeaters) / f64::from(record.buyers.max(1));
        let often = f64::from(touch.days - 1);
        let likely = (often + 2.0 * share) / (often + 2.0);
        let own_gap = f64::from(touch.last_bought - touch.first_bought) / often.max(1.0);
        let gap = match (touch.days > 2, record.gap > 0.0) {
            (true, _) => own_gap,
            (false, true) => record.gap,
            (false, false) => self.half_life,
        };
        let waited = f64::from(self.histories.now.saturating_sub(touch.last_bought)) / gap.max(1.0);
        let timing = waited.min(1.0).mul_add(0.5, 0.5) * (-(waited - 1.0).max(0.0) / 4.0).exp2();
        (likely * timing) as f32
    }

    fn searched(&self, queries: &[u32], scratch: &mut Scratch) {
        for (rank, query) in queries.iter().take(LATEST).enumerate() {
            for (_, product, users, searchers) in self.searches.of(*query) {
                let share = *users as f32 / (*searchers as f32 + 5.0);
                let because = Because {
                    key: Some(*query),
                    users: *users,
                };
                if (*product as usize) < self.histories.products() {
                    scratch.add(*product, Kind::Searched, rank_weight(rank) * share, because);
                }
            }
        }
    }
}

/// The later somebody had to do with something, the more it says of what they want now.
fn rank_weight(rank: usize) -> f32 {
    (1.0 + rank as f32).cbrt().recip()
}

/// Weighted shares of the products, of all and of each segment, the most liked first. A segment's are pulled towards those of
/// all as if fifty users of everybody's taste were in it (a Dirichlet prior), so that few users make no taste.
fn liked_by(
    histories: &Histories,
    segments: &[Option<usize>],
    count: usize,
    half_life: f64,
    when: impl Fn(&Touch) -> Option<u32>,
) -> (Vec<Liked>, Vec<Vec<Liked>>) {
    const PRIOR: f64 = 50.0;
    let mut all = vec![(0.0_f64, 0_u32); histories.products()];
    let mut of_segment: Vec<BTreeMap<u32, (f64, u32)>> = vec![BTreeMap::new(); count];
    let mut users = vec![0.0_f64; count];
    for place in 0..histories.len() {
        let segment = segments
            .get(place)
            .copied()
            .flatten()
            .filter(|at| *at < count);
        if let Some(at) = segment {
            users[at] += 1.0;
        }
        for touch in histories.of(place) {
            let Some(at) = when(touch) else { continue };
            let age = f64::from(histories.now.saturating_sub(at));
            let weight = (-age / half_life).exp2();
            let own = segment.map(|at| of_segment[at].entry(touch.product).or_default());
            for sum in std::iter::once(&mut all[touch.product as usize]).chain(own) {
                *sum = (sum.0 + weight, sum.1 + 1);
            }
        }
    }
    let everybody = histories.len().max(1) as f64;
    let sorted = |mut liked: Vec<Liked>| {
        liked.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.product.cmp(&b.product)));
        liked.truncate(POPULAR);
        liked
    };
    let popular = (0..histories.products() as u32)
        .zip(&all)
        .filter(|(_, sum)| sum.1 > 0);
    let popular = popular.map(|(product, sum)| Liked {
        product,
        share: (sum.0 / everybody) as f32,
        users: sum.1,
    });
    let of_segments = of_segment.into_iter().zip(users).map(|(sums, users)| {
        let pulled = |(product, sum): (u32, (f64, u32))| Liked {
            product,
            share: ((sum.0 + PRIOR * all[product as usize].0 / everybody) / (users + PRIOR)) as f32,
            users: sum.1,
        };
        sorted(sums.into_iter().map(pulled).collect())
    });
    (sorted(popular.collect()), of_segments.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u32 = 86_400;

    fn bought(product: u32, days: u16, first: u32, last: u32) -> Touch {
        Touch {
            product,
            days,
            first_bought: first * DAY,
            last_bought: last * DAY,
            ..Touch::default()
        }
    }

    fn scores(histories: &Histories, place: usize, kind: Kind) -> Vec<(u32, f32)> {
        let evidence = Evidence::new(histories.clone(), Searches::default(), &[], 0, 1e9);
        let mut scratch = Scratch::new(histories.products());
        let context = Context {
            place: Some(place),
            segment: None,
            queries: &[],
        };
        evidence.score(&context, &mut scratch);
        let score = |one: &Candidate| (one.product, one.scores[kind as usize]);
        scratch
            .candidates
            .iter()
            .map(score)
            .filter(|(_, score)| *score > 0.0)
            .collect()
    }

    #[test]
    fn goods_bought_again_score_most_when_they_are_due() {
        let mut histories = Histories::new(3, 100 * DAY);
        // All three are bought every 20 days; the second is due, the first was just bought, the third long given up.
        histories.push(
            1,
            vec![
                bought(0, 4, 39, 99),
                bought(1, 4, 20, 80),
                bought(2, 4, 0, 10),
            ],
        );
        let mut found = scores(&histories, 0, Kind::Again);
        found.sort_by_key(|one| one.0);
        assert!(
            found[1].1 > found[0].1 && found[1].1 > found[2].1,
            "{found:?}"
        );
    }

    #[test]
    fn what_others_bought_with_it_is_a_candidate() {
        let mut histories = Histories::new(3, 100 * DAY);
        for user in 0..10 {
            histories.push(user, vec![bought(0, 1, 5, 5), bought(1, 1, 6, 6)]);
        }
        histories.push(10, vec![bought(0, 1, 9, 9)]);
        assert_eq!(scores(&histories, 10, Kind::BoughtTogether)[0].0, 1);
    }

    #[test]
    fn a_query_speaks_for_what_was_bought_after_it() {
        let mut histories = Histories::new(2, 10);
        histories.push(1, vec![bought(0, 1, 0, 0)]);
        let searches = Searches {
            bought: vec![(4, 1, 9, 20), (7, 0, 1, 1)],
        };
        let evidence = Evidence::new(histories, searches, &[], 0, 1e9);
        let mut scratch = Scratch::new(2);
        let context = Context {
            place: None,
            segment: None,
            queries: &[4],
        };
        evidence.score(&context, &mut scratch);
        let found = scratch
            .candidates
            .iter()
            .find(|one| one.product == 1)
            .unwrap();
        assert!((found.scores[Kind::Searched as usize] - 9.0 / 25.0).abs() < 1e-6);
        assert_eq!(found.because[Kind::Searched as usize].users, 9);
    }
}
