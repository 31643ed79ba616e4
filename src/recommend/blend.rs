//! How much each kind of evidence counts, learned on the past.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::measure::quality;
use super::signals::{KINDS, Kind};

/// Users whose lists are made by one thread, in order.
const CHUNK: usize = 64;

/// Factors that a weight is tried with.
const FACTORS: [f32; 9] = [0.0, 0.1, 0.25, 0.5, 0.75, 1.33, 2.0, 4.0, 10.0];

/// Most rounds over all weights; a gain below this ends them.
const ROUNDS: usize = 12;
const GAIN: f64 = 1e-5;

/// Length of the lists that weights are learned for.
const TOP: usize = 10;

/// A weight for each kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    /// In the order of [`Kind::ALL`]; evidence of a kind times this is its part in the score.
    pub weights: [f32; KINDS],
}

impl Default for Blend {
    /// Where nothing can be learned: what goes together first, then what the segment likes.
    fn default() -> Self {
        Self {
            weights: [1.0, 0.5, 0.5, 0.2, 0.5, 0.5, 0.2],
        }
    }
}

impl Blend {
    /// The blended score, and the kind of evidence that has the greatest part in it.
    #[must_use]
    pub fn score(&self, scores: &[f32; KINDS]) -> (f32, Kind) {
        let mut all = 0.0;
        let mut best = (0.0, Kind::Popular);
        for ((score, weight), kind) in scores.iter().zip(self.weights).zip(Kind::ALL) {
            let part = score * weight;
            all += part;
            if part > best.0 {
                best = (part, kind);
            }
        }
        (all, best.1)
    }
}

/// A user of the past: the candidates as they stood then, and what came after (sorted keys).
#[derive(Debug, Clone, Default)]
pub struct Lesson {
    /// Product and evidence of each.
    pub candidates: Vec<(u32, [f32; KINDS])>,
    /// What the user bought.
    pub came: Vec<u32>,
}

/// The weights with the best mean NDCG of lists of ten, by coordinate ascent (Metzler and Croft, "Linear feature-based models
/// for information retrieval", Information Retrieval 10, 2007): one weight after the other is tried larger and smaller, from
/// the start and from each kind alone, and the best is kept.
#[must_use]
pub fn learn(lessons: &[Lesson]) -> (Blend, f64) {
    let mut starts = vec![Blend::default()];
    starts.extend((0..KINDS).map(|kind| {
        let mut weights = [0.02; KINDS];
        weights[kind] = 1.0;
        Blend { weights }
    }));
    let mut best = (Blend::default(), -1.0);
    // Of the starts the best goes on: ascents from all of them end in much the same place.
    for start in starts {
        let value = ndcg(lessons, &start);
        if value > best.1 {
            best = (start, value);
        }
    }
    for _ in 0..ROUNDS {
        let before = best.1;
        for kind in 0..KINDS {
            let from = best.0;
            for factor in FACTORS {
                let mut tried = from;
                // A weight that is nought already has to begin somewhere.
                tried.weights[kind] = if from.weights[kind] > 0.0 {
                    from.weights[kind] * factor
                } else {
                    0.1 * factor
                };
                let value = ndcg(lessons, &tried);
                if value > best.1 {
                    best = (tried, value);
                }
            }
        }
        if best.1 - before < GAIN {
            break;
        }
    }
    best
}

fn ndcg(lessons: &[Lesson], blend: &Blend) -> f64 {
    let parts: Vec<f64> = lessons
        .par_chunks(CHUNK)
        .map(|lessons| lessons.iter().map(|lesson| of_one(lesson, blend)).sum())
        .collect();
    parts.iter().sum::<f64>() / lessons.len().max(1) as f64
}

fn of_one(lesson: &Lesson, blend: &Blend) -> f64 {
    let mut scored: Vec<(f32, u32)> = lesson
        .candidates
        .iter()
        .map(|(product, scores)| (blend.score(scores).0, *product))
        .collect();
    let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if scored.len() > TOP {
        scored.select_nth_unstable_by(TOP - 1, order);
        scored.truncate(TOP);
    }
    scored.sort_by(order);
    let list: Vec<u32> = scored.into_iter().map(|(_, product)| product).collect();
    quality(&list, &lesson.came, TOP).ndcg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_that_tells_the_future_gets_the_weight() {
        // Twelve candidates: the segment's taste names what came, popularity names others.
        let lesson = |came: u32| {
            let scores = |product: u32| {
                let mut scores = [0.0; KINDS];
                scores[Kind::Popular as usize] = 1.0 - product as f32 / 40.0;
                scores[Kind::Segment as usize] = if product == came { 0.3 } else { 0.0 };
                (product, scores)
            };
            Lesson {
                candidates: (0..40).map(scores).collect(),
                came: vec![came],
            }
        };
        let lessons: Vec<Lesson> = (0..40).map(lesson).collect();
        let (blend, value) = learn(&lessons);
        assert!(value > 0.99, "{value}");
        let weight = |kind: Kind| blend.weights[kind as usize];
        assert!(weight(Kind::Segment) > weight(Kind::Popular));
        assert_eq!(learn(&[]).0, Blend::default());
    }
}
