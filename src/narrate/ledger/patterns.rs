//! The forms in which amounts stand in a text, and what each is worth.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::amounts::Amount;
use super::hedges::Hedge;
use crate::words::{Lang, Unit};

/// A form of amounts, and how it is read.
pub(super) struct Pattern {
    pub regex: Regex,
    pub read: fn(&Captures<'_>) -> Option<Amount>,
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

/// The forms of a language; the first that fits wins.
pub(super) fn of(lang: Lang) -> &'static [Pattern] {
    match lang {
        Lang::En => &EN,
        Lang::Zh => &ZH,
    }
}

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
pub(super) fn chinese(text: &str) -> Option<f64> {
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
