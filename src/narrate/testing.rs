//! Facts and segments for tests.

use crate::records::{Fact, Segment, SegmentKind, Value};
use crate::words::{Both, Unit};

/// A numeric fact.
pub fn fact(id: &str, topic: &str, value: f64, population: f64, difference: f64) -> Fact {
    Fact {
        others: None,
        nearest: None,
        before: None,
        id: id.into(),
        label: Both::new(format!("Label of {}", id.replace('.', " ")), "标签"),
        value: Value::Number(value),
        unit: Unit::Orders,
        population: Some(Value::Number(population)),
        difference: Some(difference),
        support: 100,
        topic: Some(topic.into()),
        source: "features/test.sql".into(),
    }
}

/// A name with its share and lift.
pub fn name(id: &str, topic: &str, text: &str, share: f64, population: f64) -> Vec<Fact> {
    let lift = share / population;
    let base = fact(id, topic, 0.0, 0.0, lift.log2());
    let companion = |suffix: &str| Fact {
        id: format!("{id}.{suffix}"),
        topic: None,
        difference: None,
        ..base.clone()
    };
    vec![
        Fact {
            value: Value::Text(text.into()),
            population: None,
            unit: Unit::Name,
            ..base.clone()
        },
        Fact {
            value: Value::Number(share),
            population: Some(Value::Number(population)),
            unit: Unit::Percent,
            ..companion("share")
        },
        Fact {
            value: Value::Number(crate::words::round2(lift)),
            population: None,
            unit: Unit::Times,
            ..companion("lift")
        },
    ]
}

/// The facts of a segment's size and revenue.
pub fn size() -> Vec<Fact> {
    vec![
        Fact {
            unit: Unit::Users,
            population: None,
            ..fact("size.users", "size", 1204.0, 0.0, 0.0)
        },
        Fact {
            unit: Unit::Percent,
            population: None,
            topic: None,
            ..fact("size.share", "size", 12.5, 0.0, 0.0)
        },
        Fact {
            unit: Unit::Percent,
            ..fact("revenue.share", "revenue_share", 31.0, 12.5, 1.31)
        },
    ]
}

/// A feature told by median and mean.
pub fn feature(
    stem: &str,
    topic: &str,
    median: (f64, f64),
    mean: (f64, f64),
    difference: f64,
) -> Vec<Fact> {
    vec![
        fact(
            &format!("{stem}.median"),
            topic,
            median.0,
            median.1,
            difference,
        ),
        fact(&format!("{stem}.mean"), topic, mean.0, mean.1, difference),
    ]
}

/// A cluster of an eighth of the users.
pub fn segment(id: u32, facts: Vec<Fact>) -> Segment {
    Segment {
        nearest: None,
        previous: None,
        withheld: Vec::new(),
        given_name: None,
        tags: Vec::new(),
        note: None,
        charts: crate::records::Charts::default(),
        standing: crate::records::Standing::default(),
        id,
        kind: SegmentKind::Cluster,
        name: Both::default(),
        users: 1204,
        share: 0.125,
        facts,
        narrative: None,
    }
}
