//! Amounts as they stand in a text: `£1,204`, `about a third`, `三成`, `twice`, and what figures they can stand for.

use std::sync::LazyLock;

use regex::Regex;

use super::hedges::{Hedge, hedge, hedge_after};
use super::patterns;
use crate::words::{Lang, Unit};

/// How much a figure above or below may differ from the round one that it is said to be over or under.
const BOUND: f64 = 2.0;

/// How much a figure may differ from one that is said to be about it.
const ABOUT: f64 = 0.05;

/// An amount in a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amount {
    pub value: f64,
    /// How far the figure may be from it for the digits given.
    pub step: f64,
    /// ISO 4217 codes of the currency that it names, if it names one.
    pub currency: &'static [&'static str],
    /// Units that it may have; empty: any.
    pub units: Vec<Unit>,
    pub hedge: Hedge,
    /// Bytes of the hedge right before it.
    pub hedge_length: usize,
    /// The hedge, where words stand between: "接近全店8次的三倍".
    pub far_hedge: Option<&'static str>,
    /// Whether its words may as well be no amount ("half of them", "one").
    pub is_soft: bool,
    /// Whether it tells how far the segment is from the shop: "six more than the shop", "比全店高3个百分点".
    pub is_difference: bool,
}

impl Amount {
    /// Whether the figure is the amount as it is told; `with_hedge`: what stands before it counted in.
    pub fn is_of(&self, figure: f64, unit: Unit, with_hedge: bool) -> bool {
        if !self.units.is_empty() && !self.units.contains(&unit) {
            return false;
        }
        // A fraction may be meant of the other figure: "half the shop's".
        let is_fraction = unit == Unit::Times && self.units.contains(&Unit::Percent);
        let figure = if is_fraction { 100.0 * figure } else { figure };
        let near = (figure - self.value).abs();
        let slack = self.step + 1e-9;
        if !with_hedge {
            return near <= slack;
        }
        match self.hedge {
            Hedge::Exact => near <= slack,
            Hedge::About => near <= slack.max(ABOUT * self.value.abs()) + 1e-9,
            Hedge::Over => figure > self.value + 1e-9 && figure <= BOUND * self.value,
            Hedge::Under => figure < self.value - 1e-9 && BOUND * figure >= self.value,
            Hedge::Least => figure >= self.value - slack && figure <= BOUND * self.value,
            Hedge::Most => figure <= self.value + slack && BOUND * figure >= self.value,
        }
    }
}

/// The amounts of a lower-case text, none inside another, in their order, with their places.
pub(super) fn find(text: &str, lang: Lang) -> Vec<(std::ops::Range<usize>, Amount)> {
    let mut found: Vec<(std::ops::Range<usize>, Amount)> = Vec::new();
    for pattern in patterns::of(lang) {
        for captures in pattern.regex.captures_iter(text) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            let range = whole.range();
            let is_free = !found
                .iter()
                .any(|(other, _)| range.start < other.end && other.start < range.end);
            if is_free && let Some(mut amount) = (pattern.read)(&captures) {
                let is_in_digits = captures[0].starts_with(|c: char| c.is_ascii_digit());
                if lang == Lang::Zh && is_ordinal(&text[..range.start], is_in_digits) {
                    continue;
                }
                amount.currency = currency(&captures[0]);
                let before = hedge(&text[..range.start], lang);
                if before.kind != Hedge::Exact {
                    amount.hedge = before.kind;
                    amount.hedge_length = before.length;
                    amount.far_hedge = before.far;
                }
                let (hedge, length) = hedge_after(&text[range.end..], lang);
                if hedge != Hedge::Exact {
                    amount.hedge = hedge;
                }
                let beside = (&text[..range.start], &text[range.end + length..]);
                amount.is_difference |= is_difference(beside, amount.hedge_length, lang);
                found.push((range.start..range.end + length, amount));
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// The currencies that a sign or a word stands for.
fn currency(amount: &str) -> &'static [&'static str] {
    const SIGNS: &[(&str, &[&str])] = &[
        ("£", &["GBP"]),
        ("pound", &["GBP"]),
        ("gbp", &["GBP"]),
        ("英镑", &["GBP"]),
        ("$", &["USD"]),
        ("dollar", &["USD"]),
        ("usd", &["USD"]),
        ("美元", &["USD"]),
        ("€", &["EUR"]),
        ("euro", &["EUR"]),
        ("eur", &["EUR"]),
        ("欧元", &["EUR"]),
        ("¥", &["CNY", "JPY"]),
        ("yuan", &["CNY"]),
        ("cny", &["CNY"]),
        ("元", &["CNY"]),
        ("块", &["CNY"]),
        ("人民币", &["CNY"]),
    ];
    let named = SIGNS.iter().find(|(sign, _)| amount.contains(sign));
    named.map_or(&[], |(_, codes)| codes)
}

static DIFFERENCE_EN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^ (?:percentage )?(?:points? )?(?:more|fewer|less|higher|lower|above|below|longer|shorter|ahead|behind|apart)\b")
        .expect("the pattern is part of the program, and a test reads it")
});

static DIFFERENCE_ZH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?:高|多|低|少|长|短|大|小|领先|落后|相差|差距为|差)出?了?(?:整整|足足)?$")
        .expect("the pattern is part of the program, and a test reads it")
});

/// Whether an amount between those texts tells a difference; `hedge`: bytes of the one right before it.
fn is_difference((before, after): (&str, &str), hedge: usize, lang: Lang) -> bool {
    match lang {
        Lang::En => DIFFERENCE_EN.is_match(after),
        Lang::Zh => {
            let before = &before[..before.len() - hedge.min(before.len())];
            before.contains("全店") && DIFFERENCE_ZH.is_match(before)
        }
    }
}

/// Whether what follows is no count: "上一次" is the last one, but "这439位" counts.
fn is_ordinal(before: &str, is_in_digits: bool) -> bool {
    before.ends_with('第')
        || !is_in_digits && before.ends_with(['上', '每', '这', '那', '某', '同', '另', '唯', '统'])
}

#[cfg(test)]
mod tests {
    use super::super::patterns::chinese;
    use super::*;

    fn one(text: &str, lang: Lang) -> Amount {
        let found = find(text, lang);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].1.clone()
    }

    #[test]
    fn amounts_are_read_with_unit_and_rounding() {
        let amount = one("an order brings £1,204.5 here", Lang::En);
        assert_eq!((amount.value, amount.units), (1204.5, vec![Unit::Money]));
        let amount = one("nearly 70% of views", Lang::En);
        assert!(amount.is_of(69.2, Unit::Percent, true));
        assert!(!amount.is_of(69.2, Unit::Percent, false));
        assert!(!amount.is_of(64.0, Unit::Percent, true));
        assert!(one("a third of them", Lang::En).is_of(34.1, Unit::Percent, false));
        assert!(one("less than half", Lang::En).is_of(42.7, Unit::Percent, true));
        assert!(!one("less than half", Lang::En).is_of(52.0, Unit::Percent, true));
        assert_eq!(one("busiest at 8 pm", Lang::En).value as i32, 20);
        assert_eq!(one("on sundays", Lang::En).value as i32, 7);
        assert_eq!(one("one in five", Lang::En).value as i32, 20);
        assert_eq!(one("three orders", Lang::En).units, [Unit::Orders]);
        assert_eq!(one("forty-two orders", Lang::En).value as i32, 42);
        assert!(one("six more than the shop", Lang::En).is_difference);
        assert!(one("29 points above the shop", Lang::En).is_difference);
        assert!(!one("six orders, more than the shop", Lang::En).is_difference);
        assert!(one("85.5% or more", Lang::En).is_of(85.46, Unit::Percent, true));
    }

    #[test]
    fn chinese_amounts_too() {
        assert_eq!(one("客单价270元", Lang::Zh).units, [Unit::Money]);
        assert!(one("不到三成", Lang::Zh).is_of(28.0, Unit::Percent, true));
        assert_eq!(one("下了十二单", Lang::Zh).value as i32, 12);
        assert_eq!(one("周日", Lang::Zh).value as i32, 7);
        assert!(one("约三分之一", Lang::Zh).is_of(32.3, Unit::Percent, true));
        assert_eq!(one("两倍", Lang::Zh).units, [Unit::Times]);
        assert_eq!(one("这439位用户", Lang::Zh).value as i32, 439);
        assert!(one("比全店高出约3.1个百分点", Lang::Zh).is_difference);
        assert!(!one("高于全店，为3.1%", Lang::Zh).is_difference);
        assert_eq!(one("典型为六个", Lang::Zh).value as i32, 6);
        assert_eq!(find("一个群体，第3位", Lang::Zh), []);
        assert_eq!(chinese("二十三"), Some(23.0));
        assert_eq!(chinese("十"), Some(10.0));
    }
}
