//! How many identifiers are found, and how many finds are right, on lines in which they are marked.

mod drawn;

use std::ops::Range;

use serde::Serialize;

use super::{Kind, Redactor};

const LINES: &str = include_str!("lines.txt");
/// All lines together.
const COUNT: usize = 2_000;
/// Most wrong lines that are told.
const MOST_TOLD: usize = 40;

/// What was found of what there is.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Tally {
    /// Identifiers in the lines.
    pub marked: u64,
    /// Those that a mark of their kind covers whole.
    pub found: u64,
    /// Marks that were put.
    pub put: u64,
    /// Those that touch an identifier of their kind.
    pub right: u64,
}

impl Tally {
    /// Found of those that are there; 1 where there is none.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.found, self.marked)
    }

    /// Right ones among the marks; 1 where there is none.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.put)
    }
}

fn share(part: u64, of: u64) -> f64 {
    if of == 0 {
        1.0
    } else {
        part as f64 / of as f64
    }
}

/// How the standard patterns do on the lines that come with the program.
#[derive(Debug, Clone, Serialize)]
pub struct SelfTest {
    /// Lines looked at.
    pub lines: usize,
    /// Those written by hand.
    pub by_hand: usize,
    /// All kinds and languages together.
    pub all: Tally,
    /// By language.
    pub by_language: Vec<(&'static str, Tally)>,
    /// By kind of identifier.
    pub by_kind: Vec<(&'static str, Tally)>,
    /// By where the line comes from: `by hand` or `drawn`.
    pub by_source: Vec<(&'static str, Tally)>,
    /// Lines with an identifier that was not found, or a mark that is wrong, the first 40 of them: marked, and as it came out.
    pub wrong: Vec<(String, String)>,
}

/// Runs the standard patterns over 2,000 lines in English and Chinese, about 1,060 written by hand and the rest drawn.
#[must_use]
pub fn self_test() -> SelfTest {
    let written = LINES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'));
    let by_hand = written.clone().count();
    let drawn: Vec<_> = drawn::lines(COUNT - by_hand).collect();
    let drawn = drawn.iter().map(|d| (d.lang, d.line.as_str(), "drawn"));
    let redactor = Redactor::default();
    let mut result = SelfTest {
        lines: 0,
        by_hand,
        all: Tally::default(),
        by_language: Vec::new(),
        by_kind: Vec::new(),
        by_source: Vec::new(),
        wrong: Vec::new(),
    };
    for (lang, line, source) in written
        .map(|(lang, line)| (lang, line, "by hand"))
        .chain(drawn)
    {
        result.lines += 1;
        let (text, marked) = unmarked(line);
        let found = Redactor::find(&text, &redactor.own);
        let mut is_wrong = false;
        for (place, kind) in &marked {
            let is_found = found.iter().any(|(at, of, _)| {
                of.name() == *kind && at.start <= place.start && place.end <= at.end
            });
            is_wrong |= !is_found;
            result.add(lang, source, kind, |t| {
                t.marked += 1;
                t.found += u64::from(is_found);
            });
        }
        for (at, kind, _) in &found {
            let is_right = marked.iter().any(|(place, of)| {
                *of == kind.name() && at.start < place.end && place.start < at.end
            });
            is_wrong |= !is_right;
            result.add(lang, source, kind.name(), |t| {
                t.put += 1;
                t.right += u64::from(is_right);
            });
        }
        if is_wrong && result.wrong.len() < MOST_TOLD {
            result
                .wrong
                .push((line.to_owned(), redactor.redact(&text).0.into_owned()));
        }
    }
    let order = |name: &str| Kind::ALL.iter().position(|kind| kind.name() == name);
    result.by_kind.sort_by_key(|(name, _)| order(name));
    result
}

impl SelfTest {
    fn add(&mut self, lang: &str, source: &'static str, kind: &str, add: impl Fn(&mut Tally)) {
        let lang = if lang == "zh" { "zh" } else { "en" };
        let kind = Kind::ALL
            .into_iter()
            .map(Kind::name)
            .find(|name| *name == kind)
            .unwrap_or("unknown");
        add(&mut self.all);
        for (groups, name) in [
            (&mut self.by_language, lang),
            (&mut self.by_kind, kind),
            (&mut self.by_source, source),
        ] {
            let at = groups
                .iter()
                .position(|(known, _)| *known == name)
                .unwrap_or_else(|| {
                    groups.push((name, Tally::default()));
                    groups.len() - 1
                });
            add(&mut groups[at].1);
        }
    }
}

/// The text of a line, and where identifiers of which kind stand in it.
fn unmarked(line: &str) -> (String, Vec<(Range<usize>, &str)>) {
    let mut text = String::with_capacity(line.len());
    let mut marked = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("[[") {
        text.push_str(before);
        let (mark, after) = after.split_once("]]").unwrap_or((after, ""));
        let (kind, inside) = mark.split_once('|').unwrap_or(("unknown", mark));
        marked.push((text.len()..text.len() + inside.len(), kind));
        text.push_str(inside);
        rest = after;
    }
    text.push_str(rest);
    (text, marked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_least_98_of_100_are_found_and_95_of_100_finds_are_right() {
        let test = self_test();
        assert_eq!(test.lines, COUNT);
        let told = serde_json::to_string_pretty(&test).unwrap();
        for (name, tally) in test.by_language.iter().chain(&test.by_source) {
            assert!(
                tally.recall() >= 0.98 && tally.precision() >= 0.95,
                "{name}: {told}"
            );
        }
        for (name, tally) in &test.by_kind {
            assert!(tally.marked >= 50, "{name}: {told}");
        }
    }

    #[test]
    fn marks_are_read() {
        let (text, marked) = unmarked("a [[ip|1.2.3.4]]b");
        assert_eq!((text.as_str(), marked), ("a 1.2.3.4b", vec![(2..9, "ip")]));
    }
}
