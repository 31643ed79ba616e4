//! Rows of portrait SQL become facts.

use std::collections::HashMap;

use super::others::Others;
use super::table::{FUNNEL, Line, NAMES, Sheet, TOTALS};
use crate::features::Column;
use crate::privacy::Sensitive;
use crate::records::{Fact, Segment, Value};
use crate::words::{Both, Unit, round_to_tell};

/// Words for facts about names out of the data; `id` is the kind in `portraits/names.sql`.
struct Names {
    id: &'static str,
    label: (&'static str, &'static str),
    share: (&'static str, &'static str),
    lift: (&'static str, &'static str),
}

const NAMES_TOLD: [Names; 3] = [
    Names {
        id: "category",
        label: ("Category that marks them out", "特征品类"),
        share: ("Users who touched it", "涉及该品类的用户占比"),
        lift: ("Lift of the category", "该品类的提升度"),
    },
    Names {
        id: "product",
        label: ("Product that marks them out", "特征商品"),
        share: ("Users who touched it", "涉及该商品的用户占比"),
        lift: ("Lift of the product", "该商品的提升度"),
    },
    Names {
        id: "query",
        label: ("Search word that marks them out", "特征搜索词"),
        share: ("Users who searched it", "搜索该词的用户占比"),
        lift: ("Lift of the search word", "该搜索词的提升度"),
    },
];

/// Words for facts about hours and weekdays.
pub struct Clock {
    id: &'static str,
    unit: Unit,
    label: (&'static str, &'static str),
    share: (&'static str, &'static str),
}

pub const HOUR: Clock = Clock {
    id: "hour",
    unit: Unit::Hour,
    label: ("Hour that marks them out", "特征时段"),
    share: ("Events in this hour", "该时段行为占比"),
};
pub const WEEKDAY: Clock = Clock {
    id: "weekday",
    unit: Unit::Weekday,
    label: ("Weekday that marks them out", "特征星期"),
    share: ("Events on this day", "该日行为占比"),
};

/// Steps of the funnel: event type, fact, topic, label.
const STEPS: &[(&str, &str, Option<&str>, &str, &str)] = &[
    (
        "view",
        "funnel.viewers",
        None,
        "Customers who viewed a product",
        "有浏览的用户占比",
    ),
    (
        "search",
        "funnel.searchers",
        None,
        "Customers who searched",
        "有搜索的用户占比",
    ),
    (
        "cart",
        "funnel.carters",
        None,
        "Customers who filled a cart",
        "有加购的用户占比",
    ),
    (
        "favourite",
        "funnel.favourers",
        None,
        "Customers who marked a favourite",
        "有收藏的用户占比",
    ),
    (
        "purchase",
        "funnel.buyers",
        Some("buyers"),
        "Customers who bought",
        "有购买的用户占比",
    ),
    (
        "return",
        "funnel.returners",
        None,
        "Customers who sent something back",
        "有退货的用户占比",
    ),
];

/// A figure of which one user brings more than this, in per cent, says more about that user than about the segment.
const MOST_BY_ONE: f64 = 25.0;

/// Takes facts in and puts each to its segment, unless too few users stand behind it.
pub struct Desk<'a> {
    segments: HashMap<u32, &'a mut Segment>,
    min_support: u64,
    /// How much of a segment's events its busiest user brings, in per cent.
    busiest: HashMap<u32, f64>,
}

impl<'a> Desk<'a> {
    pub fn new(segments: &'a mut [Segment], min_support: u64) -> Self {
        Self {
            segments: segments
                .iter_mut()
                .map(|segment| (segment.id, segment))
                .collect(),
            min_support,
            busiest: HashMap::new(),
        }
    }

    fn put(&mut self, segment: u32, fact: Fact) {
        if fact.support < self.min_support {
            return;
        }
        if let Some(segment) = self.segments.get_mut(&segment) {
            segment.facts.push(fact);
        }
    }

    /// Puts a fact unless one user brings over a quarter of it, `largest` per cent; then its id is kept as withheld.
    fn put_unless_one_users(&mut self, segment: u32, fact: Fact, largest: f64) {
        if largest <= MOST_BY_ONE || fact.support < self.min_support {
            self.put(segment, fact);
        } else if let Some(segment) = self.segments.get_mut(&segment) {
            segment.withheld.push(fact.id);
        }
    }

    /// Size, and shares of users, revenue and events.
    pub fn totals(&mut self, lines: &[Line]) {
        let Some(shop) = lines.iter().find(|line| line.segment == 0) else {
            return;
        };
        let [users, events, buyers, revenue] = [0, 1, 2, 3].map(|at| shop.number(at));
        for line in lines.iter().filter(|line| line.segment > 0) {
            let share = percent(line.number(0), users);
            let fact = |id: &str, en: &str, zh: &str, value: f64, unit| {
                fact(
                    id,
                    (en, zh),
                    Value::Number(round_to_tell(value)),
                    unit,
                    line.number(0),
                    TOTALS,
                )
            };
            let mut size = fact(
                "size.users",
                "Customers",
                "用户数",
                line.number(0),
                Unit::Users,
            );
            size.topic = Some("size".into());
            let size_share = fact(
                "size.share",
                "Share of customers",
                "用户占比",
                share,
                Unit::Percent,
            );
            // The segment keeps its size, however small it is.
            if let Some(segment) = self.segments.get_mut(&line.segment) {
                segment.facts.extend([size, size_share]);
            }
            if buyers > 0.0 && revenue > 0.0 {
                let own = percent(line.number(3), revenue);
                let mut fact = fact(
                    "revenue.share",
                    "Share of revenue",
                    "销售额占比",
                    own,
                    Unit::Percent,
                );
                fact.support = line.number(2) as u64;
                fact.topic = Some("revenue_share".into());
                fact.population = Some(Value::Number(round_to_tell(share)));
                fact.difference = (own > 0.0 && share > 0.0).then(|| round4((own / share).log2()));
                self.put_unless_one_users(line.segment, fact, line.number(5));
            }
            self.busiest.insert(line.segment, line.number(4));
            let own = percent(line.number(1), events);
            let mut fact = fact(
                "events.share",
                "Share of events",
                "行为占比",
                own,
                Unit::Percent,
            );
            fact.population = Some(Value::Number(round_to_tell(share)));
            self.put_unless_one_users(line.segment, fact, line.number(4));
        }
    }

    /// Mean and median of each feature.
    pub fn numeric(
        &mut self,
        lines: &[Line],
        columns: &[Column],
        differences: &HashMap<(u32, usize), f64>,
        others: &Others,
    ) {
        let shop: HashMap<String, (f64, f64)> = lines
            .iter()
            .filter(|line| line.segment == 0)
            .map(|line| (line.text(0).to_owned(), (line.number(2), line.number(3))))
            .collect();
        let by_feature: HashMap<(u32, &str), &Line> = lines
            .iter()
            .map(|line| ((line.segment, line.text(0)), line))
            .collect();
        let mut ids: Vec<u32> = self.segments.keys().copied().collect();
        ids.sort_unstable();
        for segment in ids {
            for (position, column) in columns.iter().enumerate() {
                let Some(line) = by_feature.get(&(segment, column.id.as_str())) else {
                    continue;
                };
                let Some(all) = shop.get(&column.id) else {
                    continue;
                };
                let rest = others.get(&(segment, position)).copied();
                let (mean, median) = (rest.map(|rest| rest.0), rest.map(|rest| rest.1));
                // A median stands whoever is the greatest.
                let measures = [
                    (
                        "median",
                        "median",
                        "中位数",
                        line.number(3),
                        all.1,
                        median,
                        0.0,
                    ),
                    (
                        "mean",
                        "mean",
                        "平均",
                        line.number(2),
                        all.0,
                        mean,
                        line.number(4),
                    ),
                ];
                for (measure, en, zh, own, shop, rest, largest) in measures {
                    let fact = Fact {
                        id: format!("{}.{measure}", column.id),
                        label: Both::new(
                            format!("{}, {en}", column.label.en),
                            format!("{}（{zh}）", column.label.zh),
                        ),
                        value: Value::Number(round_to_tell(own)),
                        unit: column.unit,
                        population: Some(Value::Number(round_to_tell(shop))),
                        difference: differences.get(&(segment, position)).map(|d| round4(*d)),
                        others: rest.map(|rest| Value::Number(round_to_tell(rest))),
                        nearest: None,
                        before: None,
                        support: line.number(1) as u64,
                        topic: column.topic.clone(),
                        source: column.source.clone(),
                    };
                    self.put_unless_one_users(segment, fact, largest);
                }
            }
        }
    }

    /// Shares of users who did each kind of thing.
    pub fn funnel(&mut self, lines: &[Line]) {
        for line in lines.iter().filter(|line| line.segment > 0) {
            let Some((kind, id, topic, en, zh)) = STEPS.iter().find(|step| step.0 == line.text(0))
            else {
                continue;
            };
            let shop = lines
                .iter()
                .find(|other| other.segment == 0 && other.text(0) == *kind)
                .map_or(0.0, |l| l.number(2));
            let own = line.number(2);
            let mut fact = fact(
                id,
                (en, zh),
                Value::Number(round_to_tell(own)),
                Unit::Percent,
                line.number(1),
                FUNNEL,
            );
            fact.population = Some(Value::Number(round_to_tell(shop)));
            fact.topic = topic.map(str::to_owned);
            fact.others = self.rest(line.segment, own, shop);
            fact.difference = Some(round4(cohen_h(own, shop)));
            self.put(line.segment, fact);
        }
    }

    /// The share of users of the others, from the segment's and the shop's.
    fn rest(&self, segment: u32, own: f64, shop: f64) -> Option<Value> {
        let users = self.segments.get(&segment)?.users as f64;
        let all: f64 = self
            .segments
            .values()
            .map(|segment| segment.users as f64)
            .sum();
        let rest = (shop * all - own * users) / (all - users);
        (all > users).then(|| Value::Number(round_to_tell(rest.max(0.0))))
    }

    /// Categories, products and query words by lift.
    pub fn names(&mut self, lines: &[Line], sensitive: &Sensitive) {
        let mut places: HashMap<(u32, &str), usize> = HashMap::new();
        for line in lines {
            let Some(names) = NAMES_TOLD.iter().find(|names| names.id == line.text(0)) else {
                continue;
            };
            let place = places.entry((line.segment, names.id)).or_default();
            *place += 1;
            let id = format!("{}.{place}", names.id);
            let lift = line.number(5);
            let make = |suffix: &str, label, value, unit| {
                fact(
                    &format!("{id}{suffix}"),
                    label,
                    value,
                    unit,
                    line.number(2),
                    NAMES,
                )
            };
            let mut name = make(
                "",
                names.label,
                Value::Text(line.text(1).to_owned()),
                Unit::Name,
            );
            name.topic = (!sensitive.matches(line.text(1))).then(|| names.id.into());
            name.difference = Some(round4(lift.log2()));
            let mut share = make(
                ".share",
                names.share,
                Value::Number(round_to_tell(line.number(3))),
                Unit::Percent,
            );
            share.population = Some(Value::Number(round_to_tell(line.number(4))));
            share.others = self.rest(line.segment, line.number(3), line.number(4));
            let lift = make(
                ".lift",
                names.lift,
                Value::Number(round_to_tell(lift)),
                Unit::Times,
            );
            for fact in [name, share, lift] {
                self.put(line.segment, fact);
            }
        }
    }

    /// The hour or weekday in which a segment is busiest against the shop, and the shares of all weekdays.
    pub fn clock(&mut self, sheet: Sheet, lines: &[Line], clock: &Clock) {
        let mut ids: Vec<u32> = self.segments.keys().copied().collect();
        ids.sort_unstable();
        for segment in ids {
            let own = || {
                lines.iter().filter(|line| {
                    line.segment == segment && line.number(1) as u64 >= self.min_support
                })
            };
            let excess = |line: &Line| line.number(2) - line.number(3);
            let peak = own().max_by(|a, b| {
                excess(a)
                    .total_cmp(&excess(b))
                    .then(b.number(0).total_cmp(&a.number(0)))
            });
            let Some(peak) = peak.filter(|line| excess(line) > 0.0) else {
                continue;
            };
            let make = |suffix: &str, label, value: f64, unit| {
                fact(
                    &format!("{}.{suffix}", clock.id),
                    label,
                    Value::Number(round_to_tell(value)),
                    unit,
                    peak.number(1),
                    sheet,
                )
            };
            let mut name = make("peak", clock.label, peak.number(0), clock.unit);
            name.topic = Some(clock.id.into());
            name.difference = Some(round4((peak.number(2) / peak.number(3)).log2()));
            let mut share = make("peak.share", clock.share, peak.number(2), Unit::Percent);
            share.population = Some(Value::Number(round_to_tell(peak.number(3))));
            share.others = peak.known(4).map(|rest| Value::Number(round_to_tell(rest)));
            let lift = make(
                "peak.lift",
                ("Lift", "提升度"),
                peak.number(2) / peak.number(3),
                Unit::Times,
            );
            let busiest = self.busiest.get(&segment).copied().unwrap_or_default();
            for fact in [name, share, lift] {
                self.put_unless_one_users(segment, fact, busiest);
            }
        }
    }
}

fn fact(
    id: &str,
    label: (&str, &str),
    value: Value,
    unit: Unit,
    support: f64,
    sheet: Sheet,
) -> Fact {
    Fact {
        id: id.to_owned(),
        label: Both::new(label.0, label.1),
        value,
        unit,
        population: None,
        difference: None,
        others: None,
        nearest: None,
        before: None,
        support: support as u64,
        topic: None,
        source: sheet.source.to_owned(),
    }
}

fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        100.0 * part / whole
    } else {
        0.0
    }
}

fn round4(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// Cohen's h, the standardised difference of two shares in per cent (Cohen 1988, chapter 6).
fn cohen_h(own: f64, shop: f64) -> f64 {
    let angle = |share: f64| 2.0 * (share / 100.0).clamp(0.0, 1.0).sqrt().asin();
    angle(own) - angle(shop)
}
