//! What a plan tells, and what it leaves out.

use super::super::testing::{fact, feature, name, segment, size};
use super::*;

const SHOP: Shop<'static> = Shop {
    currency: Some("GBP"),
    lang: Lang::En,
    segments: 8,
    seed: 42,
    version: 0,
};

fn rich() -> Segment {
    let mut facts = size();
    let topics = [
        "recency", "orders", "revenue", "aov", "items", "evening", "weekend", "tenure", "gap",
        "words",
    ];
    for (i, topic) in (0..).zip(topics) {
        let d = 0.3 + f64::from(i) / 10.0;
        facts.extend(feature(
            &format!("family{}.{topic}", i / 3),
            topic,
            (5.0, 3.0),
            (6.0, 4.0),
            d,
        ));
    }
    facts.extend(feature(
        "search.queries",
        "query_variety",
        (3.0, 3.0),
        (3.1, 3.0),
        0.05,
    ));
    facts.extend(name("category.1", "category", "Teapots", 12.0, 4.0));
    facts.extend(name("category.2", "category", "Mugs", 9.0, 5.0));
    facts.extend(name("product.1", "product", "Blue pot", 9.0, 3.0));
    segment(1, facts)
}

#[test]
fn a_plan_begins_with_size_and_revenue_and_ends_with_what_is_not_special() {
    for id in 1..30 {
        let items = plan(&Segment { id, ..rich() }, SHOP);
        let topics: Vec<_> = items.iter().map(|item| item.topic.name.as_str()).collect();
        assert_eq!(topics[..2], ["size", "revenue_share"]);
        assert_eq!(items.last().unwrap().direction, Direction::Same);
        assert_eq!(items.len(), 8, "{topics:?}");
        let distinct: std::collections::HashSet<_> = topics.iter().collect();
        assert_eq!(distinct.len(), topics.len(), "{topics:?}");
    }
}

#[test]
fn a_span_of_no_days_is_told_by_its_mean() {
    let mut facts = size();
    let days = |fact: Fact| Fact {
        unit: Unit::Days,
        ..fact
    };
    let tenure = feature(
        "rhythm.tenure_days",
        "tenure",
        (0.0, 97.0),
        (21.0, 120.0),
        -0.9,
    );
    facts.extend(tenure.into_iter().map(days));
    let items = plan(&segment(1, facts), SHOP);
    let tenure = items.iter().find(|item| item.topic.name == "tenure");
    assert_eq!(tenure.map(|item| item.measure), Some(Measure::Mean));
}

#[test]
fn plans_vary_with_seed_and_segment_and_only_with_them() {
    let topics = |seed, id| plan(&Segment { id, ..rich() }, Shop { seed, ..SHOP });
    assert_eq!(topics(1, 1), topics(1, 1));
    assert!((2..9).any(|seed| topics(seed, 1) != topics(1, 1)));
    assert!((2..9).any(|id| topics(1, id) != topics(1, 1)));
}

#[test]
fn figures_that_contradict_the_direction_are_not_told() {
    // The difference is of the mean on a transformed scale: the median says nothing, the mean does.
    let equal_medians = segment(
        1,
        feature("rfm.orders", "orders", (1.0, 1.0), (1.9, 1.2), 0.5),
    );
    let item = &plan(&equal_medians, SHOP)[0];
    assert_eq!(
        (item.measure, item.direction),
        (Measure::Mean, Direction::More)
    );
    let reversed = segment(
        1,
        feature("rfm.orders", "orders", (1.0, 2.0), (1.1, 1.2), 0.5),
    );
    assert_eq!(plan(&reversed, SHOP), []);
    let silent = segment(
        1,
        feature("rfm.returns", "returns", (0.0, 0.0), (2.0, 2.1), 0.0),
    );
    assert_eq!(plan(&silent, SHOP)[0].measure, Measure::Mean);
}

#[test]
fn names_need_a_lift_and_bring_their_figures() {
    let items = plan(
        &segment(1, name("product.1", "product", "Blue pot", 9.0, 3.0)),
        SHOP,
    );
    let texts: Vec<_> = items[0]
        .fillings
        .iter()
        .map(|f| (f.slot, f.text.as_str()))
        .collect();
    let expected = [
        (Slot::Name, "“Blue pot”"),
        (Slot::Val, "9%"),
        (Slot::Pop, "3%"),
        (Slot::Ratio, "3 times"),
    ];
    assert_eq!(texts, expected);
    assert_eq!(
        plan(
            &segment(1, name("product.1", "product", "Blue pot", 9.9, 9.0)),
            SHOP
        ),
        []
    );
}

#[test]
fn an_unknown_topic_is_told_by_its_label() {
    let items = plan(
        &segment(1, vec![fact("own.points.mean", "loyalty", 9.0, 5.0, 0.9)]),
        SHOP,
    );
    assert_eq!(items[0].topic.name, "other");
    assert!(
        items[0]
            .fillings
            .iter()
            .any(|f| f.slot == Slot::Label && f.text == "label of own points mean")
    );
}

#[test]
fn nothing_and_two_facts_and_hundreds_make_plans() {
    assert_eq!(plan(&segment(1, vec![]), SHOP), []);
    assert_eq!(plan(&segment(1, size()), SHOP).len(), 2);
    let many =
        (0..200).flat_map(|i| feature(&format!("own.f{i}"), "other", (5.0, 3.0), (6.0, 4.0), 1.0));
    assert_eq!(plan(&segment(1, many.collect()), SHOP).len(), TELLING);
}

#[test]
fn a_share_without_a_difference_is_told_by_its_ratio() {
    let buyers = Fact {
        difference: None,
        ..fact("funnel.buyers", "buyers", 30.0, 60.0, 0.0)
    };
    let items = plan(&segment(1, vec![buyers]), SHOP);
    assert_eq!(items[0].direction, Direction::MuchLess);
    assert_eq!(items[0].measure, Measure::Exact);
}

#[test]
fn figures_that_look_alike_are_not_called_far_apart() {
    let near = segment(
        1,
        vec![fact("price.level.mean", "price_level", 401.0, 398.0, 1.2)],
    );
    assert_eq!(plan(&near, SHOP)[0].direction, Direction::More);
}

#[test]
fn figures_far_apart_are_called_so() {
    let direction = |unit, value, population, difference| {
        let fact = Fact {
            unit,
            ..fact("rfm.revenue.mean", "revenue", value, population, difference)
        };
        plan(&segment(1, vec![fact]), SHOP)[0].direction
    };
    assert_eq!(
        direction(Unit::Money, 307.72, 644.07, -0.5),
        Direction::MuchLess
    );
    assert_eq!(direction(Unit::Money, 400.0, 644.07, -0.5), Direction::Less);
    assert_eq!(direction(Unit::Percent, 2.0, 1.0, 0.5), Direction::More);
    assert_eq!(direction(Unit::Days, 0.0, 98.0, -0.5), Direction::MuchLess);
}

#[test]
fn a_rare_or_sensitive_name_gives_way_to_the_next() {
    let mut facts = name("product.1", "product", "Rare pot", 3.0, 0.5);
    let mut sensitive = name("product.2", "product", "Baby pot", 30.0, 10.0);
    sensitive[0].topic = None;
    facts.extend(sensitive);
    facts.extend(name("product.3", "product", "Blue pot", 20.0, 10.0));
    let items = plan(&segment(1, facts), SHOP);
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].fact, "product.3");
}
