//! What people type into the shop's search box: words of the shelves, slips of the finger, and now and
//! then something that ought never to stand in a log.

use rand::Rng;
use rand::seq::SliceRandom;

use super::draw;
use super::shelves::SHELVES;

/// Words that say what for, in the order of their use.
const EXTRAS: [&str; 8] = [
    "gift",
    "for kitchen",
    "small",
    "white",
    "set of 4",
    "for men",
    "uk delivery",
    "best",
];

/// Words of people who look for a bargain.
const CHEAP: [&str; 4] = ["cheap", "sale", "offer", "clearance"];

/// A query about `shelf` of about `words` words.
pub(super) fn query(rng: &mut impl Rng, shelf: usize, words: f64, hunts_offers: bool) -> String {
    if rng.gen_bool(0.003) {
        return private(rng);
    }
    let shelf = &SHELVES[shelf];
    let mut parts = vec![draw::one(rng, &shelf.nouns).to_lowercase()];
    let more = draw::poisson(rng, (words - 1.3).max(0.1));
    let fixed = [
        draw::one(rng, &shelf.kinds).to_lowercase(),
        draw::one(rng, shelf.adjectives).to_lowercase(),
    ];
    parts.splice(0..0, fixed.into_iter().take(more.min(2) as usize).rev());
    if more > 2 {
        parts.push((*draw::one(rng, &EXTRAS)).to_owned());
    }
    if hunts_offers && rng.gen_bool(0.4) {
        parts.insert(0, (*draw::one(rng, &CHEAP)).to_owned());
    }
    let text = parts.join(" ");
    if rng.gen_bool(0.05) {
        slip(rng, &text)
    } else {
        text
    }
}

/// One letter left out or two letters exchanged.
fn slip(rng: &mut impl Rng, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = rng.gen_range(0..letters.len().max(2) - 1);
    if rng.gen_bool(0.5) {
        letters.remove(at);
    } else if at + 1 < letters.len() {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

/// An e-mail address or a phone number typed into the wrong box (reserved for examples, all of them).
fn private(rng: &mut impl Rng) -> String {
    let number = rng.gen_range(100..1000);
    let names = [
        "jane.moss",
        "tom.ashby",
        "r.patel",
        "li.wei",
        "ann-marie.kerr",
    ];
    let name = names.choose(rng).copied().unwrap_or("jo");
    if rng.gen_bool(0.6) {
        format!("where is my order {name}{number}@example.com")
    } else {
        format!("call me +44 7700 900{number}")
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn wordy_people_type_more_words_and_a_few_queries_are_private() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut typed = |words| {
            (0..4000)
                .map(|i| query(&mut rng, i % 40, words, false))
                .collect::<Vec<_>>()
        };
        let (short, long) = (typed(1.2), typed(3.2));
        let words =
            |queries: &[String]| queries.iter().map(|q| q.split(' ').count()).sum::<usize>();
        assert!(
            words(&long) * 2 > words(&short) * 3,
            "{} against {}",
            words(&long),
            words(&short)
        );
        let private = short
            .iter()
            .chain(&long)
            .filter(|q| q.contains('@') || q.contains("+44"))
            .count();
        assert!((5..60).contains(&private), "{private}");
        assert!(short.iter().all(|query| !query.is_empty()));
    }
}
