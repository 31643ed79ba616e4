//! What the made-up workspace answers to questions, with names as a shop's data holds them.

use std::path::PathBuf;

use portray::Result;
use portray::events::{MapOptions, Sources, preview};
use portray::explore::{
    Axis, Bin, FeatureView, Happening, IngestView, Map, Membership, Overview, Point, Profile,
    ProfileFeature, Quarantined, Reason, Relation, Table, UserLine,
};
use portray::progress::Stage;
use portray::records::{
    Action, Cap, Expected, Ground, Message, Plan, Reach, Reason as Because, Recommended,
    RecommendedProduct, UserList, Writer,
};
use portray::settings::Settings;
use portray::tui::{Listing, Outcome, Request};
use portray::words::{Both, Unit};
use portray::workspace::{Record, RunSummary, Standing};

use crate::fixture;

/// The answer to a request, but for loads of the run shown.
pub fn answer(request: &Request) -> Result<Outcome> {
    Ok(match request {
        Request::Runs => Outcome::Runs(runs()),
        Request::Detached => Outcome::Detached(detached()),
        Request::Brief(_) | Request::Load(_) => Outcome::Brief(Some(Box::new(fixture::compared()))),
        Request::Map(_) => Outcome::Map(Some(map())),
        Request::Overview(_) => Outcome::Overview(Box::new(overview())),
        Request::Users(_, prefix) => {
            let users: Vec<_> = users()
                .into_iter()
                .filter(|user| user.pseudonym.starts_with(prefix.as_str()))
                .collect();
            let of = users.len() as u64;
            Outcome::Users(users, of)
        }
        Request::Profile(_, who) => Outcome::Profile(profile(who)),
        Request::Offers(_) => Outcome::Offers(vec![recommended(1), recommended(2)]),
        Request::UserOffers(_, user) => Outcome::UserOffers(Some(Box::new(UserList {
            user: user.clone(),
            segment: Some(1),
            products: products(1),
        }))),
        Request::Plan(_) | Request::RevisePlan(..) | Request::PlanCampaign(_) => {
            Outcome::Plan(Some(Box::new(plan())))
        }
        Request::Schema(_) => Outcome::Schema(schema()),
        Request::Query(..) => Outcome::Table(table()),
        Request::Save(..) => Outcome::Saved(42),
        Request::Folder(_) => Outcome::Listing(listing()),
        Request::Preview(_, own) => Outcome::Preview(Box::new(previewed(own)?)),
        Request::Compare(..) => Outcome::Compared(fixture::sentences()),
        _ => Outcome::Changed(None),
    })
}

/// Products with a reason of each kind; names as a shop's data holds them.
fn products(segment: u32) -> Vec<RecommendedProduct> {
    let reasons = [
        Because::BoughtTogether {
            with: "Oak \u{1b}[2JBoard".into(),
            users: Some(34),
        },
        Because::Again {
            times: 3,
            every_days: Some(27.5),
            since_days: 30,
        },
        Because::Looked { times: 2 },
        Because::Searched {
            query: "linen\u{202e} sheets".into(),
            users: None,
        },
        Because::Segment {
            segment,
            share: Some(34.9),
            population: Some(6.8),
        },
        Because::Popular {
            population: Some(12.4),
        },
    ];
    (1..)
        .zip(reasons)
        .map(|(rank, reason)| RecommendedProduct {
            rank,
            product: format!("p{rank:04}"),
            name: (rank != 3).then(|| format!("Handmade 陶瓷 Bowl No. {rank} <b>x</b>")),
            category: Some("Tableware".into()),
            score: 1.0 / f64::from(rank),
            reason,
        })
        .collect()
}

fn recommended(segment: u32) -> Recommended {
    let reach = |product: RecommendedProduct| Reach {
        reach: 90.0 - 7.5 * f64::from(product.rank),
        product,
        sentence: None,
    };
    Recommended {
        segment,
        members: 640,
        products: products(segment).into_iter().map(reach).collect(),
    }
}

fn plan() -> Plan {
    let message = |product: &str, by, text: &str| Message {
        product: product.into(),
        lang: portray::words::Lang::En,
        title: Some("A note on “Bowl No. 1”".into()),
        text: text.into(),
        by,
    };
    let action = |segment: u32, goal: &str, title: Both, channel: Option<&str>| Action {
        segment,
        goal: goal.into(),
        title,
        grounds: vec![Ground {
            fact: "rfm.recency_days.median".into(),
            label: Both::new(
                "Days since the last purchase, median",
                "距上次购买的天数（中位数）",
            ),
            value: 59.0,
            population: Some(41.0),
            unit: Unit::Days,
        }],
        users: 912,
        refused: 40,
        capped: 2,
        audience: if channel.is_some() { 870 } else { 0 },
        held: if channel.is_some() { 87 } else { 0 },
        channel: channel.map(str::to_owned),
        hour: Some(20),
        weekday: Some(2),
        products: products(segment).into_iter().take(2).collect(),
        messages: vec![
            message(
                "p0001",
                Writer::Model,
                "Hello. This is “Bowl No. 1”. It costs £12.99. You can stop these messages at any time.",
            ),
            message(
                "p0002",
                Writer::Person,
                "Two lines\nby a person \u{1b}[31m.",
            ),
        ],
        picked: 1,
        expected: Some(Expected {
            active: 0.62,
            purchases: 480.0,
            value: Some(41_634.0),
            interval: Some((32_960.0, 50_308.0)),
        }),
        base_rate: Some(0.6),
        detectable: Some(0.203),
    };
    Plan {
        id: 4,
        run: 3,
        created_at: "2026-11-24T03:10:27Z".into(),
        as_of: "2026-11-23".into(),
        days: 90,
        currency: Some("GBP".into()),
        holdout: 0.1,
        cap: Cap {
            contacts: 2,
            days: 30,
        },
        notes: vec![Both::new("nobody said who wants no word", "没有拒收信息")],
        audit: None,
        actions: vec![
            action(
                1,
                "win_back",
                Both::new("win them back", "召回流失用户"),
                Some("mail"),
            ),
            action(2, "keep", Both::new("keep them", "维系"), Some("sms")),
            action(3, "rest", Both::new("leave them alone", "暂不打扰"), None),
        ],
    }
}

fn runs() -> Vec<RunSummary> {
    let run = |id: i64, day: u32, users, k, silhouette| RunSummary {
        id,
        created_at: format!("2026-11-{day:02}T03:10:27Z"),
        k,
        users,
        silhouette,
        k_min: None,
    };
    vec![
        run(3, 24, 3000, 6, Some(0.41)),
        run(2, 17, 2911, 6, Some(0.39)),
        run(1, 10, 2703, 1, None),
    ]
}

/// A spiral: every segment has an arm.
fn map() -> Map {
    let points = (0..1400_u32).map(|i| {
        let (segment, far) = (i % 7 + 1, f64::from(i) / 350.0);
        let turn = f64::from(segment) * 0.9 + far * 0.35;
        Point {
            pseudonym: format!("{:a>16}", base32(i)),
            segment,
            x: far * turn.cos(),
            y: far * turn.sin() * 0.8,
        }
    });
    let axis = |explained, weights: &[(&str, f64)]| Axis {
        explained,
        weights: weights
            .iter()
            .map(|(name, weight)| ((*name).to_owned(), *weight))
            .collect(),
    };
    Map {
        axes: [
            axis(
                0.331,
                &[
                    ("rfm.orders", 0.41),
                    ("engagement.sessions", 0.38),
                    ("rhythm.gap_days", -0.3),
                ],
            ),
            axis(0.187, &[("basket.aov", 0.52), ("price.price_level", 0.44)]),
        ],
        points: points.collect(),
        users: 3000,
    }
}

fn base32(mut number: u32) -> String {
    let letters = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut name = String::new();
    while number > 0 {
        name.push(char::from(letters[(number % 32) as usize]));
        number /= 32;
    }
    name
}

fn users() -> Vec<UserLine> {
    (0..40_u32)
        .map(|i| UserLine {
            pseudonym: format!("{:k>16}", base32(i * 7919 + 1)),
            segment: i % 7 + 1,
            events: u64::from(200 - i),
            revenue: 12_345.5 - f64::from(i) * 300.0,
            last: format!("2026-11-{:02}", 23 - i % 20),
        })
        .collect()
}

fn profile(who: &portray::explore::Who) -> Option<Box<Profile>> {
    use portray::explore::Who;
    let pseudonym = match who {
        Who::Pseudonym(name) => name.clone(),
        Who::Id(id) if id == "17850" => users()[2].pseudonym.clone(),
        Who::Id(_) => return None,
    };
    let membership = |segment, distance, probability| Membership {
        segment,
        distance,
        probability: Some(probability),
    };
    let feature = |id: &str, en: &str, zh: &str, unit, value, segment, shop| ProfileFeature {
        id: id.into(),
        label: Both::new(en, zh),
        unit,
        value,
        segment,
        shop,
    };
    let event = |at: &str, kind: &str, what: &str, amount| Happening {
        at: at.into(),
        kind: kind.into(),
        what: what.into(),
        category: "Kitchen & Dining 厨房用品".into(),
        amount,
    };
    Some(Box::new(Profile {
        pseudonym,
        segment: Some(3),
        memberships: vec![
            membership(3, 1.2, 0.61),
            membership(4, 2.1, 0.2),
            membership(1, 2.6, 0.13),
            membership(2, 3.9, 0.06),
        ],
        features: vec![
            feature(
                "rfm.orders",
                "Orders",
                "订单数",
                Unit::Orders,
                Some(9.0),
                Some(7.0),
                Some(3.0),
            ),
            feature(
                "basket.aov",
                "Average order value",
                "客单价",
                Unit::Money,
                Some(412.5),
                Some(401.0),
                Some(212.0),
            ),
            feature(
                "rhythm.gap_days",
                "Days between purchases",
                "购买间隔天数",
                Unit::Days,
                None,
                Some(14.0),
                Some(41.5),
            ),
        ],
        timeline: vec![
            event(
                "2026-11-23 20:14",
                "purchase",
                "Mug \u{1b}[31m\u{202e}red\u{200b} 杯 ☕️",
                Some(19.9),
            ),
            event("2026-11-23 20:09", "cart", "Mug", None),
            event("2026-11-23 20:01", "search", "ספל קפה", None),
            event("2026-11-20 09:12", "return", "Kettle", Some(-42.0)),
        ],
        is_cut: true,
    }))
}

fn schema() -> Vec<Relation> {
    let relation = |name: &str, columns: &[&str]| Relation {
        name: name.into(),
        columns: columns
            .iter()
            .map(|column| ((*column).to_owned(), "VARCHAR".to_owned()))
            .collect(),
    };
    vec![
        relation(
            "events",
            &[
                "time", "user", "type", "product", "name", "category", "amount",
            ],
        ),
        relation("members", &["user", "segment", "distance"]),
        relation("features", &["user", "feature", "value"]),
    ]
}

fn table() -> Table {
    let row = |i: u32| {
        vec![
            Some(format!("{i}")),
            (!i.is_multiple_of(5)).then(|| format!("Mug \u{1b}[2J{i} 杯")),
            Some(format!("{}.50", i * 17)),
        ]
    };
    Table {
        columns: vec!["segment".into(), "na\u{7}me".into(), "sum(amount)".into()],
        numeric: vec![true, false, true],
        rows: (1..=60).map(row).collect(),
        is_cut: true,
        seconds: 0.031,
    }
}

fn listing() -> Listing {
    Listing {
        folder: PathBuf::from("/data/exports"),
        folders: vec!["2025".into(), "二〇二六".into()],
        files: vec![
            ("events-2026-11.csv".into(), 18_311_204),
            ("evil\u{1b}]0;x\u{7}.csv".into(), 12),
        ],
    }
}

/// A real preview of a small file: what the view shows must be what an ingest would read.
fn previewed(own: &portray::events::ShopFile) -> Result<portray::events::Preview> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("events-2026-11.csv");
    let text = "visitor,when,what,sku,cost,colour\n\
        17850,2026-11-23 20:14:00,purchase,mug-7,19.90,red\n\
        17850,2026-11-23 20:09:00,basket_peek,mug-7,,red\n\
        13047,yesterday,view,mug-7,,blue\n\
        13047,2026-11-22 10:00:00,basket_peek,kettle,,blue\n";
    std::fs::write(&file, text).expect("a file");
    let mut options = MapOptions::default();
    let map = [
        ("user", "visitor"),
        ("time", "when"),
        ("type", "what"),
        ("product", "sku"),
    ];
    own.add_to(&mut options, &file)?;
    for (field, column) in map {
        let field = field.parse().expect("a field");
        let taken = |pair: &(portray::events::Field, String)| pair.0 == field || pair.1 == column;
        if !options.map.iter().any(taken) {
            options.map.push((field, column.to_owned()));
        }
    }
    let mut found = preview(&Sources::events(&[file]), &options, &Settings::default())?;
    Ok(found.remove(0))
}

fn overview() -> Overview {
    let bins = |shift: u64| {
        (0..20_u64)
            .map(|i| Bin {
                from: i as f64,
                to: (i + 1) as f64,
                users: (i != 13).then(|| (i * (20 - i) + shift * i) % 97),
            })
            .collect()
    };
    let feature = |id: &str, en: &str, zh: &str, unit, missing, shift| FeatureView {
        id: id.into(),
        label: Both::new(en, zh),
        unit,
        transform: "log1p".into(),
        missing,
        quantiles: Some([1.0, 3.0, 17.5]),
        bins: bins(shift),
    };
    Overview {
        ingests: vec![IngestView {
            ingest: 1,
            at: "2026-11-24T03:05:00Z".into(),
            files: vec!["events-2026-11.csv".into(), "evil\u{1b}[2J.csv".into()],
            preset: "generic".into(),
            rows: 203_911,
            events: 200_127,
            duplicates: 3_602,
            quarantined: 182,
        }],
        users: 3_000,
        days: Some(("2025-11-24".into(), "2026-11-23".into())),
        types: vec![
            ("view".into(), 151_002),
            ("purchase".into(), 31_000),
            ("basket_peek".into(), 18_125),
        ],
        reasons: vec![Reason {
            reason: "time: `yesterday` is no time".into(),
            rows: 182,
            samples: vec![Quarantined {
                file: "events-2026-11.csv".into(),
                line: 4,
                text: Some("•,yesterday,view,mug-7,,blue".into()),
            }],
        }],
        features: vec![
            feature("rfm.orders", "Orders", "订单数", Unit::Orders, 0.0, 3),
            feature(
                "basket.aov",
                "Average order value",
                "客单价",
                Unit::Money,
                0.62,
                7,
            ),
        ],
    }
}

fn detached() -> Vec<(Record, Standing)> {
    let job = |id, run, error: Option<&str>| Record {
        id,
        arguments: vec!["run".into()],
        started_at: format!("2026-11-2{id}T03:10:00Z"),
        stage: Some(Stage::Segments),
        done: 3,
        total: Some(11),
        run,
        error: error.map(str::to_owned),
        ..Record::default()
    };
    vec![
        (job(4, None, None), Standing::Running),
        (job(3, None, None), Standing::Interrupted),
        (
            job(2, None, Some("shop.csv\u{1b}[31m: is gone")),
            Standing::Failed,
        ),
        (job(1, Some(3), None), Standing::Done),
    ]
}
