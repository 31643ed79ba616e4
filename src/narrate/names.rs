//! Short names of segments, from their two most telling traits by a table: behaviour, nothing else.

use std::collections::HashSet;

use super::codes::Direction;
use crate::records::{Segment, SegmentKind, Value};
use crate::words::Both;

/// Topic, words for more than the shop and for less (English, Chinese).
type Row = (
    &'static str,
    (&'static str, &'static str),
    (&'static str, &'static str),
);

const TRAITS: &[Row] = &[
    ("recency", ("lapsed", "久未购买"), ("recent", "近期活跃")),
    ("orders", ("frequent", "高频"), ("occasional", "低频")),
    ("revenue", ("high-spend", "高消费"), ("low-spend", "低消费")),
    (
        "sessions",
        ("often-visiting", "常访"),
        ("seldom-visiting", "少访"),
    ),
    (
        "views",
        ("much-browsing", "爱逛"),
        ("little-browsing", "少逛"),
    ),
    ("carts", ("cart-filling", "多加购"), ("cart-shy", "少加购")),
    (
        "view_to_cart",
        ("quick-to-cart", "看后多加购"),
        ("slow-to-cart", "看后少加购"),
    ),
    (
        "cart_to_purchase",
        ("cart-closing", "加购多成交"),
        ("cart-leaving", "加购少成交"),
    ),
    (
        "conversion",
        ("high-conversion", "高转化"),
        ("low-conversion", "低转化"),
    ),
    (
        "buyers",
        ("mostly-buying", "多下单"),
        ("seldom-buying", "少下单"),
    ),
    ("aov", ("big-basket", "大单"), ("small-basket", "小单")),
    ("items", ("bulk", "多件"), ("few-item", "少件")),
    (
        "lines",
        ("mixed-basket", "多品合单"),
        ("single-product", "单品下单"),
    ),
    (
        "returns",
        ("much-returning", "多退货"),
        ("seldom-returning", "少退货"),
    ),
    ("evening", ("evening", "晚间"), ("daytime", "日间")),
    ("weekend", ("weekend", "周末"), ("weekday", "平日")),
    ("tenure", ("long-standing", "长期"), ("short-stay", "短期")),
    (
        "gap",
        ("long-interval", "长间隔"),
        ("short-interval", "短间隔"),
    ),
    ("regularity", ("irregular", "不定期"), ("regular", "规律")),
    (
        "active_days",
        ("many-day", "多日活跃"),
        ("few-day", "少日活跃"),
    ),
    (
        "products",
        ("many-product", "多商品"),
        ("few-product", "少商品"),
    ),
    (
        "categories",
        ("many-category", "多品类"),
        ("few-category", "少品类"),
    ),
    (
        "variety",
        ("broad-taste", "广泛浏览"),
        ("narrow-taste", "集中浏览"),
    ),
    (
        "focus",
        ("one-category", "专一品类"),
        ("mixed-category", "分散品类"),
    ),
    (
        "price_level",
        ("high-price", "高价位"),
        ("low-price", "低价位"),
    ),
    (
        "price_spread",
        ("mixed-price", "价位多样"),
        ("even-price", "价位稳定"),
    ),
    ("discount", ("discount", "折扣"), ("full-price", "原价")),
    (
        "searches",
        ("search-led", "多搜索"),
        ("seldom-searching", "少搜索"),
    ),
    (
        "query_variety",
        ("many-query", "多词搜索"),
        ("few-query", "少词搜索"),
    ),
    (
        "words",
        ("long-query", "长词搜索"),
        ("short-query", "短词搜索"),
    ),
    (
        "search_purchase",
        ("search-to-buy", "搜后多购买"),
        ("search-and-leave", "搜后少购买"),
    ),
];

/// A topic, and whether it is more than the shop's.
type Trait = (&'static str, bool);

/// Pairs that have a better name than the sum of their words.
const PAIRS: &[(Trait, Trait, &str, &str)] = &[
    (
        ("orders", false),
        ("recency", true),
        "Few orders, long ago",
        "久未回购用户",
    ),
    (
        ("orders", true),
        ("recency", false),
        "Frequent and recent buyers",
        "近期高频用户",
    ),
    (
        ("orders", true),
        ("aov", true),
        "Frequent big-basket buyers",
        "高频大单用户",
    ),
    (
        ("orders", true),
        ("aov", false),
        "Little and often",
        "小单高频用户",
    ),
    (
        ("orders", false),
        ("aov", true),
        "Rare but large orders",
        "低频大单用户",
    ),
    (
        ("searches", true),
        ("evening", true),
        "Evening searchers",
        "晚间搜索用户",
    ),
    (
        ("views", true),
        ("conversion", false),
        "Looking more than buying",
        "多看少买用户",
    ),
    (
        ("discount", true),
        ("price_level", false),
        "Low-price discount buyers",
        "低价折扣用户",
    ),
];

const NUMERALS: [(&str, &str); 11] = [
    ("two", "二"),
    ("three", "三"),
    ("four", "四"),
    ("five", "五"),
    ("six", "六"),
    ("seven", "七"),
    ("eight", "八"),
    ("nine", "九"),
    ("ten", "十"),
    ("eleven", "十一"),
    ("twelve", "十二"),
];

/// Names the segments of a run, each name once in each language; those of rules keep theirs.
pub fn name_segments(segments: &mut [Segment]) {
    let mut taken = HashSet::new();
    for segment in segments {
        let candidates = match segment.kind {
            // A person named them.
            SegmentKind::Rule | SegmentKind::Unmatched => vec![segment.name.clone()],
            SegmentKind::Inactive => vec![Both::new("Barely active", "低活跃用户")],
            SegmentKind::Cluster => candidates(&traits(segment)),
        };
        segment.name = distinct(&candidates, &mut taken);
    }
}

fn distinct(candidates: &[Both], taken: &mut HashSet<String>) -> Both {
    let numbered = candidates.first().into_iter().flat_map(|name| {
        let words = NUMERALS
            .iter()
            .map(|(en, zh)| (en.to_string(), zh.to_string()));
        let numbers = (NUMERALS.len() + 2..).map(|n| (n.to_string(), n.to_string()));
        words.chain(numbers).map(move |(en, zh)| {
            Both::new(format!("{}, {en}", name.en), format!("{}（{zh}）", name.zh))
        })
    });
    let name = candidates
        .iter()
        .cloned()
        .chain(numbered)
        .find(|n| !taken.contains(&n.en) && !taken.contains(&n.zh));
    let name = name.unwrap_or_default();
    taken.insert(name.en.clone());
    taken.insert(name.zh.clone());
    name
}

/// The traits of a segment, the most telling first, one of each family before the second of any.
fn traits(segment: &Segment) -> Vec<(&'static Row, bool)> {
    let mut found: Vec<(&'static Row, f64, &str)> = Vec::new();
    for fact in &segment.facts {
        let (Some(topic), Some(difference), Value::Number(_)) =
            (&fact.topic, fact.difference, &fact.value)
        else {
            continue;
        };
        let Some(row) = TRAITS.iter().find(|row| row.0 == topic) else {
            continue;
        };
        if Direction::of(difference) != Direction::Same
            && !found.iter().any(|(known, ..)| known.0 == row.0)
        {
            found.push((
                row,
                difference,
                fact.id.split('.').next().unwrap_or_default(),
            ));
        }
    }
    found.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.0.cmp(b.0.0)));
    let mut families = HashSet::new();
    let (first, rest): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|(_, _, family)| families.insert(*family));
    first
        .into_iter()
        .chain(rest)
        .map(|(row, difference, _)| (row, difference > 0.0))
        .collect()
}

/// Names to try, the best first.
fn candidates(traits: &[(&'static Row, bool)]) -> Vec<Both> {
    if traits.is_empty() {
        return vec![Both::new("Ordinary shoppers", "普通用户")];
    }
    let mut names = Vec::new();
    names.extend(pair(traits));
    names.push(plain(&traits[..traits.len().min(2)]));
    for third in traits.iter().skip(2) {
        names.push(plain(&[traits[0], traits[1], *third]));
    }
    names
}

fn pair(traits: &[(&Row, bool)]) -> Option<Both> {
    let is = |wanted: (&str, bool)| {
        traits
            .iter()
            .take(2)
            .any(|(row, more)| (row.0, *more) == wanted)
    };
    let (_, _, en, zh) = PAIRS.iter().find(|(a, b, ..)| is(*a) && is(*b))?;
    Some(Both::new(*en, *zh))
}

fn plain(traits: &[(&Row, bool)]) -> Both {
    let words: Vec<_> = traits
        .iter()
        .map(|(row, more)| if *more { row.1 } else { row.2 })
        .collect();
    let en: Vec<_> = words
        .iter()
        .map(|(en, _)| *en)
        .chain(["shoppers"])
        .collect();
    let zh: String = words.iter().map(|(_, zh)| *zh).chain(["用户"]).collect();
    Both::new(super::slots::capitalised(&en.join(" ")), zh)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{fact, segment};
    use super::*;
    use crate::narrate::codes::CODES;
    use crate::narrate::plan::NO_FEATURES;

    fn named(segments: &[(&[(&str, f64)], SegmentKind)]) -> Vec<Both> {
        let mut made: Vec<_> = (1..)
            .zip(segments)
            .map(|(id, (traits, kind))| {
                let facts = traits
                    .iter()
                    .map(|(topic, d)| fact(&format!("{topic}.x.mean"), topic, 2.0, 1.0, *d));
                Segment {
                    kind: *kind,
                    ..segment(id, facts.collect())
                }
            })
            .collect();
        name_segments(&mut made);
        made.into_iter().map(|segment| segment.name).collect()
    }

    #[test]
    fn the_two_most_telling_traits_make_the_name() {
        let names = named(&[
            (
                &[("evening", 0.3), ("aov", -1.4), ("returns", 0.9)],
                SegmentKind::Cluster,
            ),
            (&[("aov", 1.0), ("orders", 0.9)], SegmentKind::Cluster),
            (&[("aov", 0.1)], SegmentKind::Cluster),
            (&[], SegmentKind::Inactive),
        ]);
        let en: Vec<_> = names.iter().map(|name| name.en.as_str()).collect();
        let expected = [
            "Small-basket much-returning shoppers",
            "Frequent big-basket buyers",
            "Ordinary shoppers",
            "Barely active",
        ];
        assert_eq!(en, expected);
        assert_eq!(names[0].zh, "小单多退货用户");
    }

    #[test]
    fn equal_segments_get_distinct_names() {
        let traits: &[(&str, f64)] = &[("aov", 1.0), ("orders", -0.9), ("weekend", 0.4)];
        let names = named(&vec![(traits, SegmentKind::Cluster); 30]);
        assert_eq!(names[0].en, "Rare but large orders");
        assert_eq!(names[2].en, "Big-basket occasional weekend shoppers");
        assert_eq!(names[3].en, "Rare but large orders, two");
        let distinct: HashSet<_> = names.iter().flat_map(|name| [&name.en, &name.zh]).collect();
        assert_eq!(distinct.len(), 60);
    }

    #[test]
    fn every_feature_topic_has_words() {
        for topic in CODES
            .topics()
            .filter(|topic| topic.name != "other" && !NO_FEATURES.contains(&topic.name.as_str()))
        {
            assert!(
                TRAITS.iter().any(|row| row.0 == topic.name),
                "no words for {}",
                topic.name
            );
        }
    }
}
