//! Amounts as they stand in a text: `£1,204`, `about a third`, `三成`, `twice`, and what figures they can stand for.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::hedges::{Hedge, hedge, hedge_after};
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

struct Pattern {
    regex: Regex,
    read: fn(&Captures<'_>) -> Option<Amount>,
}

fn pattern(regex: &str, read: fn(&Captures<'_>) -> Option<Amount>) -> Pattern {
    Pattern {
        regex: Regex::new(regex).expect("the pattern is part of the program, and a test reads it"),
        read,
    }
}

const NUMBER: &str = r"(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)";
const WORDS: &str = "(?P<w>(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\
    (?:[- ](?:one|two|three|four|five|six|seven|eight|nine)\\b)?|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|\
    nineteen|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|once|twice)";

static EN: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let nouns = r"(?P<u>(?:product )?(?:views?|pages)|(?:different |distinct |separate )?products?|categor(?:y|ies)|searches|search|queries|cart additions?|additions?|sessions?|visits?|events?|words?|customers?|users?|shoppers?|people|members?|orders?|purchases?|items?|pieces?|units?|days?|hours?|years?|times)\b";
    vec![
        pattern(&format!(r"[£$€¥]\s?{NUMBER}"), |c| {
            number(c, &[Unit::Money])
        }),
        pattern(
            &format!(r"{NUMBER}\s?(?:pounds?|dollars?|euros?|gbp|usd|eur|cny|yuan)\b"),
            |c| number(c, &[Unit::Money]),
        ),
        pattern(
            &format!(r"{NUMBER}\s?(?:%|per ?cent\b|percentage points\b)"),
            |c| number(c, &[Unit::Percent]),
        ),
        pattern(&format!(r"{NUMBER} points\b"), |c| {
            Some(Amount {
                is_difference: true,
                ..number(c, &[Unit::Percent])?
            })
        }),
        pattern(r"\b\d{1,2}:\d{2}\b", clock),
        pattern(r"\b(?P<n>\d{1,2}) ?(?P<half>am|pm)\b", hour),
        pattern(&format!(r"{NUMBER}\s?(?:x\b|-fold\b|×)"), |c| {
            number(c, &[Unit::Times])
        }),
        pattern(
            &format!(r"{NUMBER} (?:out of|in) (?:every )?(?P<of>ten|10|100)\b"),
            out_of,
        ),
        pattern(
            &format!(
                r"\b{WORDS} (?:out of|in) (?:every )?(?P<of>two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty)\b"
            ),
            out_of_words,
        ),
        pattern(
            &format!(r"(?:{NUMBER}|{WORDS}|\ba) (?P<span>months?|weeks?)\b"),
            span,
        ),
        pattern(&format!(r"{NUMBER}[ -]{nouns}"), |c| {
            number(c, english_units(c.name("u")?.as_str()))
        }),
        pattern(&format!(r"\b{WORDS} {nouns}"), |c| {
            let value = word(c.name("w")?.as_str())?;
            let noun = c.name("u")?.as_str();
            let step = if noun == "times" { 0.2 } else { 0.5 };
            Some(soft(value, step, english_units(noun)))
        }),
        pattern(
            r"\b(?P<f>two thirds|three quarters|four fifths|two fifths|three fifths|half|(?:an?|one) (?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)|two-thirds|three-quarters|one-third)\b",
            |c| fraction(c.name("f")?.as_str()),
        ),
        pattern(
            r"\b(?:(?P<d>twice|double)|(?P<t>thrice|triple|three times))\b",
            |c| {
                let value = if c.name("d").is_some() { 2.0 } else { 3.0 };
                Some(soft(value, 0.2, &[Unit::Times]))
            },
        ),
        pattern(
            r"\b(?P<day>mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)\b",
            |c| {
                let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
                let at = days.iter().position(|day| c["day"].starts_with(day))?;
                Some(soft((at + 1) as f64, 0.0, &[Unit::Weekday]))
            },
        ),
        pattern(
            r"\b(?:a |the )?(?P<m>majority|minority)\b|\bmost of (?:them|the|these|their)\b",
            |c| {
                let hedge = match c.name("m").map(|m| m.as_str()) {
                    Some("minority") => Hedge::Under,
                    _ => Hedge::Over,
                };
                Some(Amount {
                    hedge,
                    ..soft(50.0, 0.0, &[Unit::Percent])
                })
            },
        ),
        pattern(&format!(r"\b{WORDS}\b"), |c| {
            Some(soft(word(&c["w"])?, 0.5, &[]))
        }),
        pattern(NUMBER, |c| number(c, &[])),
    ]
});

static ZH: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let measures = r"(?P<u>种商品|件商品|个商品页|个商品|款商品|个品类|个类目|次浏览|次搜索|次加购|次会话|次访问|次到访|次下单|次购买|个搜索词|个不同的搜索词|个事件|条行为|次行为|位用户|名用户|个用户|位顾客|笔订单|个订单|天|单|笔|件|种|款|个词|个字|次|人|位|倍|小时|年|个)";
    let digits = "(?P<w>[一二两三四五六七八九十]+)";
    vec![
        pattern(&format!(r"[£$€¥]\s?{NUMBER}"), |c| {
            number(c, &[Unit::Money])
        }),
        pattern(
            &format!(r"{NUMBER}\s?(?:元|块|英镑|美元|欧元|人民币)"),
            |c| number(c, &[Unit::Money]),
        ),
        pattern(&format!(r"{NUMBER}\s?(?:%|％|个百分点)"), |c| {
            number(c, &[Unit::Percent])
        }),
        pattern(&format!(r"百分之{NUMBER}"), |c| {
            number(c, &[Unit::Percent])
        }),
        pattern(r"\d{1,2}:\d{2}", clock),
        pattern(r"(?P<n>\d{1,2})(?:点|时)", |c| number(c, &[Unit::Hour])),
        pattern(
            &format!(r"(?:{NUMBER}|{digits})(?P<span>个月|个星期|周)"),
            span,
        ),
        pattern(&format!(r"{NUMBER}\s?{measures}"), |c| {
            number(c, chinese_units(c.name("u")?.as_str()))
        }),
        pattern(
            r"(?P<a>[二三四五六七八九十])分之(?P<b>[一二两三四五六七八九])",
            |c| {
                let whole = chinese(&c["a"])?;
                let part = chinese(&c["b"])?;
                Some(soft(
                    100.0 * part / whole,
                    2.5,
                    &[Unit::Percent, Unit::Times],
                ))
            },
        ),
        pattern(
            r"(?P<t>[一二两三四五六七八九])成(?P<half>半)?",
            |c| {
                let half = if c.name("half").is_some() { 5.0 } else { 0.0 };
                Some(exact(
                    10.0 * chinese(&c["t"])? + half,
                    2.5,
                    &[Unit::Percent],
                ))
            },
        ),
        pattern(
            r"每(?P<w>[二两三四五六七八九十]+)[位个名](?:用户|顾客)?[中里]?就?有一[位个名]",
            |c| {
                let percent = 100.0 / chinese(&c["w"])?;
                Some(exact(percent, 0.15 * percent, &[Unit::Percent]))
            },
        ),
        pattern(r"一半|半数|过半", |c| {
            let mut amount = soft(50.0, 2.5, &[Unit::Percent, Unit::Times]);
            if &c[0] == "过半" {
                amount.hedge = Hedge::Over;
            }
            Some(amount)
        }),
        pattern(&format!("{digits}{measures}"), |c| {
            let value = chinese(&c["w"])?;
            let units = chinese_units(c.name("u")?.as_str());
            if units.is_empty() && value < 2.0 {
                // "一个" is an article.
                return None;
            }
            let step = if units == [Unit::Times] { 0.2 } else { 0.5 };
            Some(soft(value, step, units))
        }),
        pattern(
            r"(?:周|星期|礼拜)(?P<day>[一二三四五六日天])",
            |c| {
                let at = "一二三四五六日".find(c["day"].replace('天', "日").as_str())?;
                Some(exact((at / 3 + 1) as f64, 0.0, &[Unit::Weekday]))
            },
        ),
        pattern(NUMBER, |c| number(c, &[])),
    ]
});

/// The amounts of a lower-case text, none inside another, in their order, with their places.
pub(super) fn find(text: &str, lang: Lang) -> Vec<(std::ops::Range<usize>, Amount)> {
    let patterns = match lang {
        Lang::En => &EN,
        Lang::Zh => &ZH,
    };
    let mut found: Vec<(std::ops::Range<usize>, Amount)> = Vec::new();
    for pattern in patterns.iter() {
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

fn exact(value: f64, step: f64, units: &[Unit]) -> Amount {
    Amount {
        value,
        step,
        currency: &[],
        units: units.to_vec(),
        hedge: Hedge::Exact,
        hedge_length: 0,
        far_hedge: None,
        is_difference: false,
        is_soft: false,
    }
}

fn soft(value: f64, step: f64, units: &[Unit]) -> Amount {
    Amount {
        is_soft: true,
        ..exact(value, step, units)
    }
}

fn number(captures: &Captures<'_>, units: &[Unit]) -> Option<Amount> {
    let text = captures.name("n")?.as_str().replace(',', "");
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let step = 0.5 * 10f64.powi(-i32::try_from(decimals).ok()?);
    Some(exact(text.parse().ok()?, step, units))
}

/// Months and weeks in days, as far as those who count in them are exact.
fn span(captures: &Captures<'_>) -> Option<Amount> {
    let count = match (captures.name("n"), captures.name("w")) {
        (Some(_), _) => number(captures, &[])?.value,
        (None, Some(w)) => word(w.as_str()).or_else(|| chinese(w.as_str()))?,
        (None, None) => 1.0,
    };
    let days = match &captures["span"] {
        span if span.starts_with("month") || span == "个月" => 30.4,
        _ => 7.0,
    };
    Some(exact(
        count * days,
        0.15 * days * count.max(1.0),
        &[Unit::Days],
    ))
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

/// `20:00` is 20 o'clock.
fn clock(captures: &Captures<'_>) -> Option<Amount> {
    let (hours, minutes) = captures[0].split_once(':')?;
    let (hours, minutes): (f64, f64) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(exact(hours + minutes / 60.0, 0.0, &[Unit::Hour]))
}

fn hour(captures: &Captures<'_>) -> Option<Amount> {
    let hour: f64 = captures.name("n")?.as_str().parse().ok()?;
    let is_after_noon = &captures["half"] == "pm";
    let hour = hour % 12.0 + if is_after_noon { 12.0 } else { 0.0 };
    Some(exact(hour, 0.0, &[Unit::Hour]))
}

fn out_of(captures: &Captures<'_>) -> Option<Amount> {
    let amount = number(captures, &[Unit::Percent])?;
    let whole = if &captures["of"] == "100" {
        100.0
    } else {
        10.0
    };
    Some(exact(
        100.0 * amount.value / whole,
        50.0 / whole,
        &[Unit::Percent],
    ))
}

fn out_of_words(captures: &Captures<'_>) -> Option<Amount> {
    let part = word(&captures["w"])?;
    let whole = word(&captures["of"])?;
    let percent = 100.0 * part / whole;
    Some(exact(percent, 2.5f64.min(0.15 * percent), &[Unit::Percent]))
}

fn word(word: &str) -> Option<f64> {
    const WORDS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let of = |words: &[&str], word: &str| words.iter().position(|w| *w == word).map(|at| at as f64);
    match word {
        "once" => Some(1.0),
        "twice" => Some(2.0),
        word => of(&WORDS, word).or_else(|| {
            let (tens, ones) = word.split_once(['-', ' ']).unwrap_or((word, "zero"));
            Some(10.0 * (of(&TENS, tens)? + 2.0) + of(&WORDS, ones)?)
        }),
    }
}

fn fraction(words: &str) -> Option<Amount> {
    const PARTS: [&str; 8] = [
        "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    ];
    let words = words.replace('-', " ");
    let percent = match words.as_str() {
        "half" => 50.0,
        "two thirds" => 200.0 / 3.0,
        "three quarters" => 75.0,
        "two fifths" => 40.0,
        "three fifths" => 60.0,
        "four fifths" => 80.0,
        one => {
            let at = PARTS.iter().position(|part| one.ends_with(part))?;
            100.0 / (at + 3) as f64
        }
    };
    Some(soft(percent, 2.0, &[Unit::Percent, Unit::Times]))
}

/// A Chinese number up to ninety-nine.
fn chinese(text: &str) -> Option<f64> {
    let digit = |c: char| match c {
        '两' => Some(2.0),
        c => "一二三四五六七八九".find(c).map(|at| (at / 3 + 1) as f64),
    };
    let (tens, ones) = match text.split_once('十') {
        Some((tens, ones)) => (if tens.is_empty() { "一" } else { tens }, ones),
        None => ("", text),
    };
    let value = |part: &str| match part.chars().collect::<Vec<_>>()[..] {
        [] => Some(0.0),
        [one] => digit(one),
        _ => None,
    };
    Some(10.0 * value(tens)? + value(ones)?)
}

fn english_units(noun: &str) -> &'static [Unit] {
    match noun {
        n if n.starts_with("item") || n.starts_with("piece") || n.starts_with("unit") => {
            &[Unit::Items]
        }
        n if n.starts_with("di") || n.starts_with("sep") => &[Unit::Products],
        n if n.contains("product") && !n.contains("view") && !n.contains("page") => {
            &[Unit::Products]
        }
        n if n.starts_with("categor") => &[Unit::Categories],
        n if n.contains("view") || n.contains("page") => &[Unit::Views],
        n if n.starts_with("search") || n.starts_with("quer") => &[Unit::Searches],
        n if n.contains("addition") => &[Unit::Carts],
        n if n.starts_with("session") || n.starts_with("visit") => &[Unit::Sessions],
        n if n.starts_with("event") => &[Unit::Events],
        n if n.starts_with("word") => &[Unit::Words],
        n if n.starts_with("order") || n.starts_with("purchase") => &[Unit::Orders],
        n if n.starts_with("day") => &[Unit::Days],
        n if n.starts_with("year") || n.starts_with("hour") => &[Unit::Hour],
        "times" => &[
            Unit::Times,
            Unit::Orders,
            Unit::Sessions,
            Unit::Searches,
            Unit::Views,
            Unit::Carts,
        ],
        _ => &[Unit::Users],
    }
}

fn chinese_units(measure: &str) -> &'static [Unit] {
    match measure {
        "天" => &[Unit::Days],
        "单" | "笔" | "笔订单" | "个订单" | "次下单" | "次购买" => &[Unit::Orders],
        "件" | "件商品" => &[Unit::Items, Unit::Products],
        "种商品" | "款商品" | "个商品" | "款" => &[Unit::Products],
        "种" => &[Unit::Products, Unit::Categories],
        "个品类" | "个类目" => &[Unit::Categories],
        "次浏览" | "个商品页" => &[Unit::Views],
        "次搜索" | "个搜索词" | "个不同的搜索词" => &[Unit::Searches],
        "次加购" => &[Unit::Carts],
        "次会话" | "次访问" | "次到访" => &[Unit::Sessions],
        "个事件" | "条行为" | "次行为" => &[Unit::Events],
        "个词" | "个字" => &[Unit::Words],
        "倍" => &[Unit::Times],
        "次" => &[
            Unit::Orders,
            Unit::Sessions,
            Unit::Searches,
            Unit::Views,
            Unit::Carts,
        ],
        "小时" | "年" => &[Unit::Hour],
        "个" => &[],
        _ => &[Unit::Users],
    }
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
