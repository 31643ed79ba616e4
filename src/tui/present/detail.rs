//! The portrait of a segment: its size, its narrative, its facts.

use crate::records::{Fact, Narrative, Segment, Value};
use crate::tui::app::App;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::{Lang, clean, show};

use super::{Row, holds, paragraph};

/// Longest line of running text, in cells: longer ones are hard to read.
const MEASURE: usize = 100;

/// A line of the table of facts.
#[derive(Debug, Clone, PartialEq)]
pub struct FactRow {
    /// What it is.
    pub label: String,
    /// The segment's value with its unit.
    pub value: String,
    /// The shop's.
    pub shop: String,
    /// The standardised difference.
    pub difference: Option<f64>,
}

/// The title of the detail: whose it is, and the filter.
#[must_use]
pub fn detail_title(app: &App) -> String {
    let Some(segment) = app.segment() else {
        return Word::Facts.get(app.lang).into();
    };
    let mut title = format!("{} {}", segment.id, clean(segment.name.get(app.lang)));
    if !app.fact_filter.is_empty() {
        title += " · /";
        title += &app.fact_filter;
    }
    title
}

/// The rows of the detail in a pane of that many columns.
#[must_use]
pub fn detail(app: &App, width: usize) -> Vec<Row> {
    let Some(segment) = app.segment() else {
        let word = if app.list_filter.is_empty() {
            Word::NoSelection
        } else {
            Word::NoSegment
        };
        return paragraph(Tone::Quiet, word.get(app.lang), width.min(MEASURE), 0).collect();
    };
    let size = format!(
        "{} · {}",
        words::customers(segment.users, app.lang),
        words::of_all(segment.share, app.lang)
    );
    let mut rows = vec![Row::text(Tone::Plain, size)];
    rows.extend(narrative(
        segment.narrative.as_ref(),
        app.lang,
        width.min(MEASURE),
    ));
    rows.push(Row::blank());
    rows.extend(facts(app, segment, width));
    rows
}

fn narrative(narrative: Option<&Narrative>, lang: Lang, width: usize) -> Vec<Row> {
    let heading = (Tone::Heading, Word::Narrative.get(lang).to_owned());
    let Some(narrative) = narrative else {
        let mut rows = vec![Row::Text(vec![heading])];
        rows.extend(paragraph(
            Tone::Quiet,
            Word::NoNarrative.get(lang),
            width,
            0,
        ));
        return rows;
    };
    let tone = match narrative.status {
        crate::records::NarrativeStatus::FactsOnly => Tone::Warning,
        _ => Tone::Good,
    };
    let mut pieces = vec![
        heading,
        (Tone::Plain, "  ".into()),
        (tone, words::status(narrative.status, lang).into()),
    ];
    if narrative.lang != lang {
        let word = if narrative.lang == Lang::En {
            Word::InEnglish
        } else {
            Word::InChinese
        };
        pieces.push((Tone::Quiet, format!(" · {}", word.get(lang))));
    }
    if narrative.is_accepted {
        pieces.push((Tone::Good, format!(" · {}", Word::Accepted.get(lang))));
    }
    let mut rows = vec![Row::Text(pieces)];
    if let Some(headline) = &narrative.headline {
        rows.extend(paragraph(Tone::Plain, &clean(&headline.text), width, 0));
    }
    rows.extend(paragraph(Tone::Plain, &clean(&narrative.text), width, 0));
    for doubt in narrative.doubts() {
        let note = format!("{} {}", Word::NotBorneOut.get(lang), clean(&doubt.text));
        rows.extend(paragraph(Tone::Warning, &note, width, 0));
    }
    if let Some(suggestion) = &narrative.suggestion {
        let marked = clean(&suggestion.marked(narrative.lang));
        rows.extend(paragraph(Tone::Quiet, &marked, width, 0));
    }
    rows
}

fn facts(app: &App, segment: &Segment, width: usize) -> Vec<Row> {
    let currency = app.run().and_then(|run| run.currency.as_deref());
    let shown: Vec<_> = segment
        .facts
        .iter()
        .filter(|fact| passes(fact, &app.fact_filter))
        .collect();
    let count = words::part_of(shown.len(), segment.facts.len(), app.lang);
    let mut rows = vec![Row::text(
        Tone::Heading,
        format!("{} {count}", Word::Facts.get(app.lang)),
    )];
    if shown.is_empty() {
        let word = if segment.facts.is_empty() {
            Word::NoFacts
        } else {
            Word::NoFact
        };
        rows.extend(paragraph(
            Tone::Quiet,
            word.get(app.lang),
            width.min(MEASURE),
            0,
        ));
        return rows;
    }
    rows.push(Row::FactHeads);
    let mut last = None;
    for fact in shown {
        let prefix = fact.id.split('.').next().unwrap_or_default();
        if last != Some(prefix) {
            last = Some(prefix);
            let family = words::family(prefix)
                .map_or_else(|| clean(prefix), |word| word.get(app.lang).into());
            rows.push(Row::text(Tone::Quiet, family));
        }
        rows.push(Row::Fact(fact_row(fact, currency, app.lang)));
    }
    rows
}

fn fact_row(fact: &Fact, currency: Option<&str>, lang: Lang) -> FactRow {
    let value = |value: &Value| clean(&show(value, fact.unit, currency, lang));
    FactRow {
        label: clean(fact.label.get(lang)),
        value: value(&fact.value),
        shop: fact.population.as_ref().map(value).unwrap_or_default(),
        difference: fact.difference,
    }
}

fn passes(fact: &Fact, filter: &str) -> bool {
    if filter.is_empty() {
        return true;
    }
    let value = match &fact.value {
        Value::Text(text) => text.as_str(),
        Value::Number(_) => "",
    };
    holds(
        &clean(&format!(
            "{} {} {} {value}",
            fact.id, fact.label.en, fact.label.zh
        )),
        filter,
    )
}
