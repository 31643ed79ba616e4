//! The facts of a segment as lines: value, the shop's, and the difference as a bar to either side.

use unicode_width::UnicodeWidthStr;

use super::figures::told;
use crate::portraits::Why;
use crate::records::{Fact, Segment, Value};
use crate::tui::ask::Ask;
use crate::tui::chart::signed_bar;
use crate::tui::lines::{Column, Line, holds, line, paragraph, row};
use crate::tui::overlay::{Overlay, Page};
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word, customers};
use crate::words::{clean, clip, number, show};

/// Cells to each side of a bar's axis.
const SIDE: usize = 4;

/// A line of the list of facts.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    /// The name of a family.
    Family(&'a str),
    /// A fact.
    Fact(&'a Fact),
    /// The id of a fact that is not told.
    Withheld(&'a str),
}

/// The facts that a filter lets through, under the names of their families.
pub fn entries<'a>(segment: &'a Segment, filter: &str) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    let mut last = None;
    for fact in segment.facts.iter().filter(|fact| passes(fact, filter)) {
        let family = fact.id.split('.').next().unwrap_or_default();
        if last != Some(family) {
            last = Some(family);
            entries.push(Entry::Family(family));
        }
        entries.push(Entry::Fact(fact));
    }
    let withheld = segment.withheld.iter().filter(|id| holds(id, filter));
    entries.extend(withheld.map(|id| Entry::Withheld(id)));
    entries
}

fn passes(fact: &Fact, filter: &str) -> bool {
    let value = match &fact.value {
        Value::Text(text) => text.as_str(),
        Value::Number(_) => "",
    };
    filter.is_empty()
        || holds(
            &clean(&format!(
                "{} {} {} {value}",
                fact.id, fact.label.en, fact.label.zh
            )),
            filter,
        )
}

/// Columns of the list in so many cells.
fn columns(width: usize) -> [Column; 5] {
    let bar = if width >= 56 { 2 * SIDE + 2 } else { 0 };
    let rest = width.saturating_sub(bar + 6 + if bar > 0 { 8 } else { 6 });
    let value = (rest * 26 / 100).min(24);
    let shop = (rest * 24 / 100).min(16);
    [
        Column::text(rest.saturating_sub(value + shop).min(52)),
        Column::number(value),
        Column::number(shop),
        Column::text(bar),
        Column::number(6),
    ]
}

/// The heads of the columns.
pub fn head(shared: &Shared, width: usize) -> Line {
    let words = [
        Word::ColFact,
        Word::ColValue,
        Word::ColShop,
        Word::ColDifference,
    ];
    let mut cells: Vec<_> = words
        .iter()
        .map(|word| (Tone::Quiet, word.get(shared.lang)))
        .collect();
    cells.push((Tone::Quiet, "σ"));
    row(&columns(width), cells)
}

/// An entry as a line; facts that are `linked` stand out.
pub fn entry(entry: Entry<'_>, linked: &[String], shared: &Shared, width: usize) -> Line {
    let fact = match entry {
        Entry::Family(prefix) => {
            let name = words::family(prefix)
                .map_or_else(|| clean(prefix), |word| word.get(shared.lang).into());
            return line(Tone::Heading, name);
        }
        Entry::Withheld(id) => {
            let why = Word::Withheld.get(shared.lang);
            let text = clip(&format!("  {}: {why}", clean(id)), width);
            return line(Tone::Quiet, text);
        }
        Entry::Fact(fact) => fact,
    };
    let is_linked = linked.contains(&fact.id);
    let label = format!(
        "{}{}",
        if is_linked { "→ " } else { "  " },
        clean(fact.label.get(shared.lang))
    );
    let value = told(Some(fact), shared.currency(), shared.lang);
    let shop = shop(fact, shared);
    let (bar, difference, tone) = match fact.difference {
        None => (String::new(), String::new(), Tone::Plain),
        Some(difference) => (
            signed_bar(difference, SIDE),
            format!("{difference:+.2}"),
            if difference < 0.0 {
                Tone::Less
            } else {
                Tone::More
            },
        ),
    };
    row(
        &columns(width),
        [
            (
                if is_linked { Tone::Linked } else { Tone::Plain },
                label.as_str(),
            ),
            (Tone::Plain, &value),
            (Tone::Quiet, &shop),
            (tone, &bar),
            (tone, &difference),
        ],
    )
}

/// The shop's figure beside a fact; empty where it has none.
pub fn shop(fact: &Fact, shared: &Shared) -> String {
    fact.population.as_ref().map_or_else(String::new, |value| {
        clean(&show(value, fact.unit, shared.currency(), shared.lang))
    })
}

/// What a fact's figure is beside: whom it counts, the ratio to the shop's, everybody else's, the nearest segment's, and
/// that of the run before.
pub fn beside(fact: &Fact, segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let figure = |value: &Option<Value>| {
        let value = value.as_ref()?;
        Some(clean(&show(value, fact.unit, shared.currency(), lang)))
    };
    let mut parts = vec![customers(fact.support, lang)];
    if let Some(ratio) = fact.ratio() {
        parts.push(format!("{} ×{}", Word::ColShop.get(lang), number(ratio)));
    }
    if let Some(others) = figure(&fact.others) {
        parts.push(format!("{} {others}", Word::Others.get(lang)));
    }
    if let (Some(nearest), Some(id)) = (figure(&fact.nearest), segment.nearest) {
        let name = clip(&shared.title(id), 24);
        let word = Word::Nearest.get(lang);
        parts.push(format!("{word} ({id} {name}) {nearest}"));
    }
    if let Some(before) = figure(&fact.before) {
        parts.push(format!("{} {before}", Word::Before.get(lang)));
    }
    paragraph(Tone::Quiet, &parts.join(" · "), width).collect()
}

/// A fact in a line of text: what a sentence tells.
pub fn sentence(fact: &Fact, shared: &Shared) -> String {
    let value = told(Some(fact), shared.currency(), shared.lang);
    let label = clean(fact.label.get(shared.lang));
    let shop = shop(fact, shared);
    if shop.is_empty() {
        format!("{label}: {value}")
    } else {
        format!(
            "{label}: {value} ({} {shop})",
            Word::ColShop.get(shared.lang)
        )
    }
}

/// The page of the query behind a fact: its SQL and its rows.
pub fn why(fact: &str, why: &Why) -> Ask {
    let mut lines = Vec::new();
    for (source, sql) in why.sources.iter().zip(&why.sql) {
        lines.push((Tone::Heading, format!("sql/{}", clean(source))));
        let sql = sql.trim_end().lines();
        lines.extend(sql.map(|text| (Tone::Plain, clean(&text.replace('\t', "    ")))));
        lines.push((Tone::Plain, String::new()));
    }
    let cell = |value: &Option<Value>| match value {
        None => String::new(),
        Some(Value::Number(value)) => number(*value),
        Some(Value::Text(value)) => clean(value),
    };
    let rows: Vec<Vec<String>> = why
        .rows
        .iter()
        .map(|row| row.iter().map(cell).collect())
        .collect();
    let widths: Vec<usize> = why
        .columns
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let cells = rows.iter().filter_map(|row| Some(row.get(at)?.width()));
            cells.chain([name.width()]).max().unwrap_or(0).min(30)
        })
        .collect();
    let text = |cells: &[String]| {
        let padded = cells.iter().zip(&widths);
        let padded = padded.map(|(cell, width)| Column::number(*width).cell(cell));
        padded.collect::<Vec<_>>().join("  ")
    };
    lines.push((Tone::Quiet, text(&why.columns)));
    lines.extend(rows.iter().map(|row| (Tone::Plain, text(row))));
    let page = Page::Text(clean(fact), lines);
    Ask::Open(Overlay::Page(page, Scroll::default()))
}
