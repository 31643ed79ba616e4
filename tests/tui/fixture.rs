//! A made-up run, with names as a shop's data holds them: emoji, right to left, control characters.

use std::collections::BTreeMap;

use portray::records::{
    Candidate, Charts, Cohort, Control, Evidence, Fact, Input, LeftOut, Membership, Narrative,
    NarrativeStatus, PriceBand, Recommendation, Reconciliation, Run, Score, Segment, SegmentKind,
    Sentence, Standing, Structure, Suggestion, Value, Verdict, Version,
};
use portray::words::{Both, Lang, Unit};

struct Line(
    &'static str,
    &'static str,
    &'static str,
    f64,
    f64,
    Unit,
    f64,
    &'static str,
);

fn fact(line: &Line, nudge: f64) -> Fact {
    Fact {
        others: None,
        nearest: None,
        before: None,
        id: line.0.into(),
        label: Both::new(line.1, line.2),
        value: Value::Number(line.3),
        unit: line.5,
        population: Some(Value::Number(line.4)),
        difference: Some(line.6 + nudge),
        support: 240,
        topic: Some(line.7.into()),
        source: format!(
            "features/{}.sql",
            line.0.split('.').next().unwrap_or_default()
        ),
    }
}

fn name(id: &str, en: &str, zh: &str, value: &str, lift: f64, topic: &str) -> Fact {
    Fact {
        others: None,
        nearest: None,
        before: None,
        id: id.into(),
        label: Both::new(en, zh),
        value: Value::Text(value.into()),
        unit: Unit::Name,
        population: None,
        difference: Some(lift),
        support: 96,
        topic: Some(topic.into()),
        source: "portraits/lift.sql".into(),
    }
}

const LINES: &[Line] = &[
    Line(
        "revenue.share",
        "share of revenue",
        "收入占比",
        31.4,
        100.0,
        Unit::Percent,
        0.9,
        "revenue_share",
    ),
    Line(
        "rfm.recency_days.median",
        "days since the last purchase",
        "距上次购买天数",
        9.0,
        32.0,
        Unit::Days,
        -1.1,
        "recency",
    ),
    Line(
        "rfm.orders.mean",
        "orders per customer",
        "人均订单数",
        7.2,
        3.1,
        Unit::Orders,
        1.24,
        "orders",
    ),
    Line(
        "rfm.revenue.mean",
        "revenue per customer",
        "人均收入",
        12_345.6,
        2210.5,
        Unit::Money,
        1.43,
        "revenue",
    ),
    Line(
        "engagement.sessions.mean",
        "sessions per customer",
        "人均会话数",
        21.0,
        12.4,
        Unit::Sessions,
        0.71,
        "sessions",
    ),
    Line(
        "engagement.view_to_cart.mean",
        "views that lead to the cart",
        "浏览到加购率",
        10.7,
        8.9,
        Unit::Percent,
        0.21,
        "view_to_cart",
    ),
    Line(
        "basket.aov.median",
        "average order value",
        "客单价",
        401.0,
        212.0,
        Unit::Money,
        1.02,
        "aov",
    ),
    Line(
        "basket.items.mean",
        "pieces in one order",
        "每单件数",
        4.0,
        3.6,
        Unit::Items,
        0.11,
        "items",
    ),
    Line(
        "basket.returns.mean",
        "lines that were sent back",
        "退货率",
        2.1,
        5.4,
        Unit::Percent,
        -0.38,
        "returns",
    ),
    Line(
        "rhythm.evening.mean",
        "events in the evening",
        "晚间活动占比",
        52.0,
        38.0,
        Unit::Percent,
        0.64,
        "evening",
    ),
    Line(
        "rhythm.gap.median",
        "days between two purchases",
        "购买间隔天数",
        14.0,
        41.5,
        Unit::Days,
        -0.93,
        "gap",
    ),
    Line(
        "breadth.categories.mean",
        "different categories",
        "不同品类数",
        6.1,
        6.0,
        Unit::Categories,
        0.02,
        "categories",
    ),
    Line(
        "price.level.median",
        "price against the category",
        "价格水平",
        1.32,
        1.0,
        Unit::Times,
        0.85,
        "price_level",
    ),
    Line(
        "search.words.mean",
        "words in one search",
        "每次搜索词数",
        2.4,
        1.9,
        Unit::Words,
        0.33,
        "words",
    ),
    Line(
        "loyalty.points.mean",
        "points of the loyalty card",
        "会员积分",
        812.0,
        377.0,
        Unit::Number,
        0.48,
        "other",
    ),
];

const NARRATIVE_EN: &str = "This is a group of 412 customers, 13.7% of the shop, and it brings in 31.4% of the \
revenue. They bought only 9 days ago, where the shop's customers typically bought 32 days ago. An order of \
theirs is typically worth £401, against £212 in the shop. They come back every 14 days and like the evening: \
52% of what they do falls between six and midnight. What marks them out is Kitchen & Dining.";

const NARRATIVE_ZH: &str = "这个分群有412位用户，占全店的13.7%，却贡献了31.4%的收入。他们通常在9天前刚买过东西，\
而全店用户通常在32天前。他们的一单通常价值£401，全店为£212。他们每14天回来一次，偏爱晚间：52%的活动发生在六点到\
午夜之间。最能代表他们的品类是厨房用品。";

/// A text cut into its sentences, the last of which nothing bears out.
fn told(text: &str, lang: Lang) -> Vec<Sentence> {
    let facts = [
        "revenue.share",
        "rfm.recency_days.median",
        "basket.aov.median",
        "rhythm.gap.median",
        "category.1",
    ];
    let stop = if lang == Lang::En { ". " } else { "。" };
    let parts: Vec<&str> = text.split_inclusive(stop).collect();
    let last = parts.len() - 1;
    parts
        .iter()
        .zip(facts.iter().cycle())
        .enumerate()
        .map(|(at, (part, fact))| Sentence {
            text: part.trim().into(),
            facts: vec![(*fact).into()],
            by_model: at != 0,
            verdict: if at == last {
                Verdict::Unsupported
            } else {
                Verdict::Supported
            },
            why: if at == last {
                vec!["no fact of that name".into()]
            } else {
                Vec::new()
            },
        })
        .collect()
}

fn narrative(lang: Lang, status: NarrativeStatus) -> Narrative {
    let text = if lang == Lang::En {
        NARRATIVE_EN
    } else {
        NARRATIVE_ZH
    };
    Narrative {
        lang,
        text: text.into(),
        status,
        samples: 7,
        sentences: told(text, lang),
        headline: None,
        versions: (1..=2)
            .map(|number| Version {
                number,
                sentences: if number == 1 {
                    told(text, lang)
                } else {
                    sentences()
                },
                score: Score {
                    own: 1.0,
                    telling: 0.8,
                    first_try: 1.0,
                },
            })
            .collect(),
        is_accepted: false,
        suggestion: Some(Suggestion {
            rule: "WINBACK-1".into(),
            text: match lang {
                Lang::En => "send one inexpensive message to a random half.".into(),
                Lang::Zh => "向随机一半发一次低成本消息。".into(),
            },
            facts: Vec::new(),
        }),
    }
}

/// Busier in the evening, with an hour that too few use.
fn charts(id: u32) -> Charts {
    let hour = |hour: u32| match hour % 24 {
        0..=5 => Some(0.0),
        6 => None,
        h => Some(f64::from(h * (id + hour / 24)) / 100.0),
    };
    let band = |from, to, share| PriceBand {
        from,
        to,
        share,
        shop: 20.0,
    };
    Charts {
        week: (0..168).map(hour).collect(),
        prices: vec![
            band(None, Some(4.5), 8.1),
            band(Some(4.5), Some(12.0), 22.4),
            band(Some(30.0), None, 51.7),
        ],
    }
}

fn segment(id: u32, en: &str, zh: &str, users: u64, nudge: f64) -> Segment {
    let mut facts: Vec<_> = LINES.iter().map(|line| fact(line, nudge)).collect();
    facts.push(name(
        "category.1",
        "favourite category",
        "偏爱品类",
        "Kitchen & Dining 厨房用品",
        1.17,
        "category",
    ));
    facts.push(name(
        "product.1",
        "favourite product",
        "偏爱商品",
        "Mug \u{1b}[31m\u{202e}red\u{200b} 杯 ☕️👩\u{200d}🔧",
        0.9,
        "product",
    ));
    facts.push(name(
        "query.1",
        "search word",
        "搜索词",
        "ספל קפה",
        0.7,
        "query",
    ));
    Segment {
        nearest: None,
        previous: None,
        withheld: Vec::new(),
        given_name: None,
        tags: Vec::new(),
        note: None,
        charts: charts(id),
        standing: Standing {
            recovery: Some(if id == 4 { 0.52 } else { 0.91 }),
            rules: Vec::new(),
        },
        id,
        kind: SegmentKind::Cluster,
        name: Both::new(en, zh),
        users,
        share: users as f64 / 3000.0,
        facts,
        narrative: Some(narrative(Lang::En, NarrativeStatus::Checked)),
    }
}

/// Run 3: six clusters of a made-up shop and its inactive group.
pub fn run() -> Run {
    let mut segments = vec![
        segment(1, "Evening browsers", "晚间浏览者", 912, -0.9),
        segment(2, "Bargain hunters", "折扣猎手", 640, -1.6),
        segment(
            3,
            "Loyal kitchen buyers with a rather long name",
            "名字相当长的忠实厨房用品买家分群",
            412,
            0.0,
        ),
        segment(4, "Gift givers 🎁", "送礼者 🎁", 388, -0.4),
        segment(
            5,
            "Searchers \u{1b}[2J\u{202e}of\u{7} parts",
            "零件\n搜索者",
            301,
            0.3,
        ),
        segment(6, "קונים חדשים", "新用户", 97, -0.5),
    ];
    segments[1].narrative = Some(narrative(Lang::Zh, NarrativeStatus::FactsOnly));
    segments[3].narrative = None;
    segments.push(Segment {
        nearest: None,
        previous: None,
        withheld: Vec::new(),
        given_name: None,
        tags: Vec::new(),
        note: None,
        charts: portray::records::Charts::default(),
        standing: Standing::default(),
        id: 7,
        kind: SegmentKind::Inactive,
        name: Both::new("Inactive", "不活跃用户"),
        users: 250,
        share: 250.0 / 3000.0,
        facts: Vec::new(),
        narrative: None,
    });
    let silhouettes = [0.31, 0.35, 0.33, 0.38, 0.41, 0.37, 0.36];
    Run {
        id: 3,
        created_at: "2026-11-24T03:10:27Z".into(),
        seed: 42,
        k: 6,
        users: 3000,
        silhouette: Some(0.41),
        inertia: 21_034.5,
        currency: Some("GBP".into()),
        input: Input {
            rows_read: 203_911,
            events: 200_127,
            duplicates: 3_602,
            quarantined: 182,
        },
        reconciliation: Some(Reconciliation {
            first_day: "2025-11-24".into(),
            last_day: "2026-11-23".into(),
            gross: 1_284_310.55,
            discounts: 40_211.3,
            returns: 61_904.75,
            excluded: 12_094.5,
            net: 1_170_100.0,
            left_out: vec![LeftOut {
                reason: "fees".into(),
                title: Both::new("Fees and postage \u{1b}[31m", "费用与邮资"),
                rows: 811,
                amount: 12_094.5,
            }],
            ..Reconciliation::default()
        }),
        rules: None,
        week: Vec::new(),
        cohorts: vec![
            Cohort {
                month: "2026-07".into(),
                users: 1_204,
                again: vec![Some(301), None, Some(120)],
            },
            Cohort {
                month: "2026-09".into(),
                users: 410,
                again: vec![Some(98)],
            },
        ],
        candidates: candidates(&silhouettes),
        evidence: evidence(),
        notes: vec![
            "family search: left out, because the data has no search event".into(),
            "column basket.items.mean: dropped, constant\u{1b}]0;owned\u{7}".into(),
        ],
        recipe: serde_json::Value::Null,
        seconds: BTreeMap::new(),
        segments,
    }
}

/// Values of k from 2 on.
fn candidates(silhouettes: &[f64]) -> Vec<Candidate> {
    (2..)
        .zip(silhouettes.iter().copied())
        .map(|(k, silhouette)| Candidate {
            k,
            silhouette: Some(silhouette),
            inertia: 60_000.0 / k as f64,
            davies_bouldin: Some(1.9 - 0.04 * k as f64),
            calinski_harabasz: Some(4_000.0 / k as f64),
            stability: Some(1.0 - 0.05 * k as f64),
            control: Some(Control {
                silhouette: Some(0.06),
                stability: Some(0.2 + 0.02 * k as f64),
                ..Control::default()
            }),
            ..Candidate::default()
        })
        .collect()
}

/// A choice of k with its reason.
fn evidence() -> Evidence {
    Evidence {
        recommendation: Some(Recommendation {
            k: 6,
            structure: Structure::Stable,
            reason: Both::new(
                "k = 6: silhouette 0.187, 0.060 on shuffled features, refits agree by 0.70.",
                "k = 6：轮廓系数 0.187，打乱特征后为 0.060，重抽样一致度 0.70。",
            ),
            silhouette_users: 4_338,
            bootstrap_users: 4_338,
            refits: 20,
        }),
        membership: Some(Membership {
            scale: 0.8,
            temperature: 0.4,
            calibration_error: 0.02,
            hard_objective: 53_655.7,
            soft_objective: 54_120.2,
            between: 218,
        }),
        fidelity: Some(0.83),
        continuity: None,
        audits: Vec::new(),
    }
}

/// A comparison in two sentences.
pub fn sentences() -> Vec<Sentence> {
    let sentence = |text: &str| Sentence {
        text: text.into(),
        facts: vec!["rfm.orders.mean".into()],
        by_model: true,
        verdict: Verdict::Supported,
        why: Vec::new(),
    };
    vec![
        sentence("They order more than twice as often."),
        sentence("Their baskets are worth far more\u{1b}[2J."),
    ]
}

/// The run with the figures of the run before beside its own.
pub fn compared() -> Run {
    let mut run = run();
    run.recipe = serde_json::json!({ "before": 2, "settings": {} });
    for segment in &mut run.segments {
        segment.previous = (segment.id < 6).then_some(segment.id + 1);
        for fact in &mut segment.facts {
            if let Value::Number(value) = fact.value {
                fact.before = Some(Value::Number((value * 0.8).round()));
            }
        }
    }
    run
}

/// A run as no sound catalog holds it: numbers that are none, endless and empty names, many segments.
pub fn strange() -> Run {
    let mut run = run();
    let names = [
        "",
        "\u{202e}\u{0}",
        &"e\u{301}".repeat(5000),
        &"杯".repeat(5000),
        "👩\u{200d}🔧\u{1b}]0;x\u{7}",
    ];
    run.segments = (1..=60)
        .zip(names.iter().cycle())
        .zip(
            [f64::NAN, f64::INFINITY, -1.0, 0.0, 2.0]
                .into_iter()
                .cycle(),
        )
        .map(|((id, name), odd)| {
            let mut segment = segment(id, name, name, u64::MAX, odd);
            segment.share = odd;
            for fact in &mut segment.facts {
                fact.id = (*name).into();
                fact.label = Both::new(*name, *name);
                fact.unit = Unit::Weekday;
            }
            segment
        })
        .collect();
    run.silhouette = Some(f64::NAN);
    run.inertia = f64::NEG_INFINITY;
    run.created_at = "yesterday\u{1b}[2J".into();
    run.currency = Some("\u{202e}XXX".into());
    run.candidates.clear();
    run
}
