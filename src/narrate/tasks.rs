//! Texts beside the persona: what sets two segments apart, what a product is, a marketing message, and why a product
//! is recommended. Planned here from a product's own fields and the segment's facts, written by the same model under
//! the same checker.

use std::collections::BTreeMap;

use super::Narrator;
use super::author::{Author, Sheet, Study, Tally};
use super::codes::{CODES, Channel, Direction, Measure, Slot, Task, Tone};
use super::plan::{Item, NO_FEATURES, looks};
use super::slots::{Filling, capitalised, inner_label, quoted, sanitise};
use super::statement::Statement;
use crate::error::{Error, Result};
use crate::privacy::Sensitive;
use crate::progress::Progress;
use crate::records::{Fact, Run, Segment, Sentence, Value};
use crate::settings::NarrateSettings;
use crate::words::{self, Lang, Unit};

/// Most characters of a text message in one part: in the alphabet of GSM 03.38, and in UCS-2 for what that lacks.
const SMS: (usize, usize) = (160, 70);

/// What GSM 03.38 has beside ASCII, of the signs that prices and names hold.
const GSM: &str = "£¥èéùìòÇØøÅåÆæßÉÄÖÑÜ§äöñüà";

/// Most characters of a push message.
const PUSH: usize = 178;

/// Most fields of a product that a text tells beside name, category, brand and price.
const FIELDS: usize = 2;

/// A product's own fields, the only source of what a text says about it.
#[derive(Debug, Clone)]
pub struct Product {
    /// What it is called.
    pub name: String,
    /// The category that it stands in.
    pub category: Option<String>,
    /// Who makes it.
    pub brand: Option<String>,
    /// What it costs, in `currency`.
    pub price: Option<f64>,
    /// ISO 4217 code; the run's where it is left out.
    pub currency: Option<String>,
    /// Any other field.
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// What is to be written.
#[derive(Debug, Clone)]
pub enum Order {
    /// What sets the first segment apart from the second, in three sentences.
    Compare(u32, u32),
    /// A product for a segment.
    Describe(u32, Product, Tone),
    /// A message about a product to a segment.
    Message(u32, Product, Tone, Channel),
    /// Why a product is recommended to a segment.
    Reason(u32, Product),
}

impl Order {
    fn task(&self) -> Task {
        match self {
            Self::Compare(..) => Task::Compare,
            Self::Describe(..) => Task::Describe,
            Self::Message(..) => Task::Message,
            Self::Reason(..) => Task::Reason,
        }
    }

    fn segment(&self) -> u32 {
        match self {
            Self::Compare(id, _)
            | Self::Describe(id, ..)
            | Self::Message(id, ..)
            | Self::Reason(id, _) => *id,
        }
    }

    fn product(&self) -> Option<&Product> {
        match self {
            Self::Compare(..) => None,
            Self::Describe(_, product, _)
            | Self::Message(_, product, ..)
            | Self::Reason(_, product) => Some(product),
        }
    }
}

/// Writes what is ordered: its sentences, of a mail and a push message the first is the subject or title.
///
/// # Errors
/// A model without these tasks' codes, a sensitive product, a segment that is not there or of which nothing can be
/// told, a message too long for its channel after all samples, and those of the engine.
pub fn write(
    run: &Run,
    order: &Order,
    sensitive: &Sensitive,
    settings: &NarrateSettings,
    threads: usize,
    progress: &Progress,
) -> Result<Vec<Sentence>> {
    let narrator = Narrator::load(settings)?;
    write_with(
        &narrator, run, order, sensitive, settings, threads, progress,
    )
}

/// As [`write()`], with a model that is loaded already.
///
/// # Errors
/// Those of [`write()`].
pub fn write_with(
    narrator: &Narrator,
    run: &Run,
    order: &Order,
    sensitive: &Sensitive,
    settings: &NarrateSettings,
    threads: usize,
    progress: &Progress,
) -> Result<Vec<Sentence>> {
    let segment = find(run, order.segment())?;
    if let Some(product) = order.product() {
        let fields = product.fields.values().filter_map(|value| value.as_str());
        let names = std::iter::once(product.name.as_str())
            .chain(product.category.as_deref())
            .chain(product.brand.as_deref())
            .chain(fields);
        if let Some(name) = names.into_iter().find(|name| sensitive.matches(name)) {
            return Err(Error::failed(
                sanitise(name),
                "stands on the list of sensitive words, of which no text tells",
                "choose another product; a workspace may have a list of its own in sensitive.txt",
            ));
        }
    }
    let statements = plan(run, segment, order, settings.lang)?;
    let Narrator {
        engine,
        vocabulary,
        info,
    } = narrator;
    if !vocabulary.has_every_code() {
        return Err(Error::failed(
            &info.name,
            "has no control codes for this kind of text",
            "leave out --model for the built-in one",
        ));
    }
    let tally = Tally::new(progress);
    let study = Study {
        vocabulary,
        settings,
        currency: run.currency.as_deref(),
        tally: &tally,
    };
    let author = |version| {
        let sheet = Sheet {
            facts: &segment.facts,
            segment: segment.id,
            version,
        };
        Author::new(study, sheet, Some(order.task()), statements.clone())
    };
    let mut authors: Vec<_> = (0..settings.samples.max(1)).map(author).collect();
    engine.drive(&mut authors, narrator.layout(threads), progress)?;
    let mut texts: Vec<Vec<Sentence>> = authors
        .into_iter()
        .map(|author| for_channel(order, author.into_text().0))
        .filter(|text| fits(order, text))
        .collect();
    // The first of those with the most sentences by the model.
    texts.sort_by_key(|text| text.iter().filter(|one| !one.by_model).count());
    texts.into_iter().next().ok_or_else(|| {
        Error::failed(
            "the message",
            "is too long for its channel in every sample",
            "shorten the product's name, ask for more --samples, or take another channel",
        )
    })
}

/// A text message has plain quotation marks: with others it is sent in UCS-2, in which less than half as much fits.
fn for_channel(order: &Order, mut text: Vec<Sentence>) -> Vec<Sentence> {
    if matches!(order, Order::Message(_, _, _, Channel::Sms)) {
        for sentence in &mut text {
            sentence.text = sentence.text.replace(['“', '”'], "\"");
        }
    }
    text
}

/// Whether a message is short enough for where it is read.
fn fits(order: &Order, text: &[Sentence]) -> bool {
    let Order::Message(_, _, _, channel) = order else {
        return true;
    };
    let length: usize = text.iter().map(|one| one.text.chars().count() + 1).sum();
    let is_plain = text
        .iter()
        .flat_map(|one| one.text.chars())
        .all(|c| c.is_ascii() || GSM.contains(c));
    match channel {
        Channel::Mail => true,
        Channel::Push => length <= PUSH,
        Channel::Sms => length <= if is_plain { SMS.0 } else { SMS.1 },
    }
}

/// Whether facts of the segment bear on what is ordered.
#[must_use]
pub fn bears(run: &Run, order: &Order) -> bool {
    find(run, order.segment()).is_ok_and(|segment| plan(run, segment, order, Lang::En).is_ok())
}

fn find(run: &Run, id: u32) -> Result<&Segment> {
    let found = run.segments.iter().find(|segment| segment.id == id);
    found.ok_or_else(|| {
        Error::failed(
            format!("segment {id}"),
            "is not there",
            "`portray segments` lists the segments of the run",
        )
    })
}

fn plan(run: &Run, segment: &Segment, order: &Order, lang: Lang) -> Result<Vec<Statement>> {
    let currency = run.currency.as_deref();
    let statements = match order {
        Order::Compare(_, other) => compare(segment, find(run, *other)?, currency, lang),
        Order::Describe(_, product, tone) => {
            Lines::new(segment, product, currency, lang, vec![tone.name()]).describe()
        }
        Order::Message(_, product, tone, channel) => {
            let codes = vec![tone.name(), channel.name()];
            Lines::new(segment, product, currency, lang, codes).message(*channel)
        }
        Order::Reason(_, product) => {
            Lines::new(segment, product, currency, lang, Vec::new()).reason()
        }
    };
    if statements.is_empty() {
        return Err(Error::failed(
            order.task().name(),
            "has nothing to tell: no fact of the segment bears on it",
            "choose another segment or product, or add the product's category",
        ));
    }
    Ok(statements)
}

/// The three features in which the two differ most, each with both figures.
fn compare(one: &Segment, other: &Segment, currency: Option<&str>, lang: Lang) -> Vec<Statement> {
    let mut found: Vec<(f64, Item)> = Vec::new();
    for fact in &one.facts {
        let Some((difference, item)) = compared(fact, other, currency, lang) else {
            continue;
        };
        match found
            .iter_mut()
            .find(|(_, known)| known.topic == item.topic)
        {
            Some(known) if known.0.abs() < difference.abs() => *known = (difference, item),
            Some(_) => {}
            None => found.push((difference, item)),
        }
    }
    found.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let names = [(Slot::Name, one), (Slot::Name2, other)].map(|(slot, segment)| Filling {
        slot,
        text: quoted(segment.name.get(lang), lang),
        fact: String::new(),
    });
    let items = found.into_iter().take(3).map(|(_, item)| item);
    items
        .enumerate()
        .map(|(place, mut item)| {
            if place == 0 {
                item.fillings.extend(names.clone());
            }
            Statement::Compared {
                item,
                is_first: place == 0,
            }
        })
        .collect()
}

fn compared(
    fact: &Fact,
    other: &Segment,
    currency: Option<&str>,
    lang: Lang,
) -> Option<(f64, Item)> {
    let topic = CODES.topic(fact.topic.as_deref()?)?;
    let is_alone = matches!(topic.name.as_str(), "other" | "buyers");
    if is_alone || NO_FEATURES.contains(&topic.name.as_str()) {
        return None;
    }
    let theirs = other.facts.iter().find(|one| one.id == fact.id)?;
    let difference = fact.difference? - theirs.difference?;
    let direction = Direction::of(difference);
    let agrees = direction.agrees(fact.value.number()?, theirs.value.number()?);
    if direction == Direction::Same || !agrees {
        return None;
    }
    let is_mean = fact.id.rsplit('.').next() == Some("mean");
    let measure = if is_mean {
        Measure::Mean
    } else {
        Measure::Median
    };
    let figure = |slot, fact: &Fact| Filling {
        slot,
        text: words::show(&fact.value, fact.unit, currency, lang),
        fact: fact.id.clone(),
    };
    let item = Item {
        topic,
        direction,
        measure,
        looks: looks(&other.facts),
        fact: fact.id.clone(),
        label: capitalised(&sanitise(fact.label.get(lang))),
        fillings: vec![figure(Slot::Val, fact), figure(Slot::Pop, theirs)],
    };
    Some((difference, item))
}

/// The lines about one product for one segment.
struct Lines<'a> {
    segment: &'a Segment,
    product: &'a Product,
    currency: Option<&'a str>,
    lang: Lang,
    codes: Vec<&'static str>,
}

impl<'a> Lines<'a> {
    fn new(
        segment: &'a Segment,
        product: &'a Product,
        currency: Option<&'a str>,
        lang: Lang,
        codes: Vec<&'static str>,
    ) -> Self {
        Self {
            segment,
            product,
            currency: product.currency.as_deref().or(currency),
            lang,
            codes,
        }
    }

    fn describe(&self) -> Vec<Statement> {
        let mut lines: Vec<Option<Statement>> = vec![
            self.line("p_is", vec![Some(self.name()), self.category()]),
            self.line("p_brand", vec![self.brand()]),
        ];
        lines.extend(self.fields("p_field"));
        lines.push(self.line("p_price", vec![self.price()]));
        let bought = self.fact_of("product", &self.product.name);
        lines.push(bought.and_then(|id| self.line("p_buyers", self.shares(id))));
        let category = self.product.category.as_deref();
        let kin = category.and_then(|name| self.fact_of("category", name));
        lines.push(kin.and_then(|id| {
            let mut fillings = self.shares(id);
            fillings.push(self.category());
            self.line("p_kin", fillings)
        }));
        lines.into_iter().flatten().collect()
    }

    fn message(&self, channel: Channel) -> Vec<Statement> {
        let product =
            |name| self.line(name, vec![Some(self.name()), self.category(), self.brand()]);
        let subject = || self.line("m_subject", vec![Some(self.name())]);
        let price = || self.line("m_price", vec![self.price()]);
        let optout = || self.line("m_optout", vec![]);
        let lines: Vec<Option<Statement>> = match channel {
            Channel::Mail => {
                let category = self.product.category.as_deref();
                let kin = category.and_then(|name| self.fact_of("category", name));
                let mut lines = vec![
                    subject(),
                    self.line("m_greet", vec![]),
                    product("m_product"),
                    price(),
                ];
                lines.extend(self.fields("m_field").into_iter().take(1));
                lines.push(kin.and_then(|_| self.line("m_kin", vec![self.category()])));
                lines.extend([self.line("m_close", vec![]), optout()]);
                lines
            }
            Channel::Push => vec![subject(), price().or_else(|| self.line("m_close", vec![]))],
            Channel::Sms => vec![
                self.line("m_product", vec![Some(self.name())]),
                price(),
                optout(),
            ],
        };
        lines.into_iter().flatten().collect()
    }

    fn reason(&self) -> Vec<Statement> {
        let with = |id: &str, second: Option<Filling>| {
            let mut fillings = self.shares(id);
            fillings.extend([Some(self.name()), second]);
            fillings
        };
        let bought = self.fact_of("product", &self.product.name);
        let category = self.product.category.as_deref();
        let kin = category.and_then(|name| self.fact_of("category", name));
        let line = bought
            .and_then(|id| self.line("r_product", with(id, None)))
            .or_else(|| kin.and_then(|id| self.line("r_category", with(id, self.category()))));
        line.into_iter().collect()
    }

    /// A line with these slots; none where one that it needs is missing.
    fn line(&self, name: &str, fillings: Vec<Option<Filling>>) -> Option<Statement> {
        let line = CODES.line(name)?;
        let fits = |f: &Filling| line.must.contains(&f.slot) || line.may.contains(&f.slot);
        let fillings: Vec<Filling> = fillings.into_iter().flatten().filter(fits).collect();
        let has = |slot: &Slot| fillings.iter().any(|filling| filling.slot == *slot);
        if !line.must.iter().all(has) {
            return None;
        }
        let (comma, stop) = if self.lang == Lang::En {
            (", ", ".")
        } else {
            ("，", "。")
        };
        let told: Vec<&str> = fillings
            .iter()
            .map(|filling| filling.text.as_str())
            .collect();
        let plain = match (told.is_empty(), name, self.lang) {
            (true, "m_optout", Lang::En) => "You can stop these messages at any time.".to_owned(),
            (true, "m_optout", Lang::Zh) => "您可以随时退订。".to_owned(),
            (true, _, Lang::En) => "Hello.".to_owned(),
            (true, _, Lang::Zh) => "您好。".to_owned(),
            (false, ..) => format!("{}{stop}", told.join(comma)),
        };
        Some(Statement::Line {
            line,
            codes: self.codes.clone(),
            fillings,
            plain,
        })
    }

    fn filling(slot: Slot, text: String, fact: &str) -> Filling {
        Filling {
            slot,
            text,
            fact: fact.to_owned(),
        }
    }

    fn name(&self) -> Filling {
        Self::filling(Slot::Name, quoted(&self.product.name, self.lang), "")
    }

    fn category(&self) -> Option<Filling> {
        let name = self.product.category.as_deref()?;
        Some(Self::filling(Slot::Name2, quoted(name, self.lang), ""))
    }

    fn brand(&self) -> Option<Filling> {
        let name = self.product.brand.as_deref()?;
        Some(Self::filling(Slot::Brand, quoted(name, self.lang), ""))
    }

    fn price(&self) -> Option<Filling> {
        let price = Value::Number(self.product.price.filter(|price| price.is_finite())?);
        let text = words::show(&price, Unit::Money, self.currency, self.lang);
        Some(Self::filling(Slot::Price, text, ""))
    }

    fn fields(&self, line: &str) -> Vec<Option<Statement>> {
        let told = self.product.fields.iter().filter_map(|(label, value)| {
            let value = match value {
                serde_json::Value::String(text) => quoted(text, self.lang),
                serde_json::Value::Number(number) => number.to_string(),
                _ => return None,
            };
            let label = Self::filling(Slot::Label, inner_label(&label.replace('_', " ")), "");
            Some(self.line(
                line,
                vec![Some(label), Some(Self::filling(Slot::Value, value, ""))],
            ))
        });
        told.take(FIELDS).collect()
    }

    /// The id of the segment's fact with that name among those that mark it out.
    fn fact_of(&self, kind: &str, name: &str) -> Option<&'a str> {
        let is_it = |fact: &&Fact| {
            fact.topic.as_deref() == Some(kind)
                && matches!(&fact.value, Value::Text(text) if text == name)
        };
        let fact = self.segment.facts.iter().find(is_it)?;
        fact.difference
            .is_some_and(|lift| lift >= 0.2)
            .then_some(fact.id.as_str())
    }

    fn shares(&self, id: &str) -> Vec<Option<Filling>> {
        let id = format!("{id}.share");
        let Some(fact) = self.segment.facts.iter().find(|fact| fact.id == id) else {
            return Vec::new();
        };
        let told = |value: &Value| words::show(value, fact.unit, None, self.lang);
        vec![
            Some(Self::filling(Slot::Val, told(&fact.value), &id)),
            fact.population
                .as_ref()
                .map(|value| Self::filling(Slot::Pop, told(value), &id)),
        ]
    }
}
