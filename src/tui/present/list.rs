//! The list of segments.

use std::cmp::Ordering;

use crate::records::{Fact, Run, Segment, SegmentKind, Value};
use crate::tui::app::{App, Sort};
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::{Lang, clean};

use super::holds;

/// Differences below this are too small to lead a portrait (Cohen's "small effect").
const SMALL_DIFFERENCE: f64 = 0.2;

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRow {
    /// Number of the segment.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Its customers.
    pub users: String,
    /// Its share of all customers.
    pub share: String,
    /// The share against the largest segment's, 0 to 1.
    pub fraction: f64,
    /// What marks it out, with its sign.
    pub lead: String,
    /// Looks of `lead`.
    pub tone: Tone,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// The segments that the filter lets through, in the order of the list.
#[must_use]
pub fn visible(app: &App) -> Vec<&Segment> {
    let Some(run) = app.run() else {
        return Vec::new();
    };
    let filter = app.list_filter.as_str();
    let mut segments: Vec<_> = run
        .segments
        .iter()
        .filter(|segment| passes(segment, filter))
        .collect();
    match app.sort {
        Sort::Id => segments.sort_by_key(|segment| segment.id),
        Sort::Users => segments.sort_by_key(|segment| std::cmp::Reverse(segment.users)),
        Sort::Name => {
            segments.sort_by_cached_key(|segment| clean(segment.name.get(app.lang)).to_lowercase());
        }
        Sort::Revenue => segments.sort_by(|a, b| {
            revenue_share(b)
                .partial_cmp(&revenue_share(a))
                .unwrap_or(Ordering::Equal)
        }),
    }
    segments
}

fn passes(segment: &Segment, filter: &str) -> bool {
    if filter.is_empty() {
        return true;
    }
    let label = lead(segment)
        .map(|fact| format!("{} {}", fact.label.en, fact.label.zh))
        .unwrap_or_default();
    holds(
        &clean(&format!(
            "{} {} {} {label}",
            segment.id, segment.name.en, segment.name.zh
        )),
        filter,
    )
}

fn revenue_share(segment: &Segment) -> Option<f64> {
    segment
        .facts
        .iter()
        .find(|fact| fact.topic.as_deref() == Some("revenue_share"))?
        .value
        .number()
}

/// The fact with the largest difference, where one is large enough to tell; among equals the first.
fn lead(segment: &Segment) -> Option<&Fact> {
    let strength = |fact: &Fact| fact.difference.map_or(0.0, f64::abs);
    // How they behave, not which name marks them out: a lift and a standardised difference are no rivals.
    let telling = |fact: &&Fact| {
        fact.topic.is_some() && fact.value.number().is_some() && strength(fact) >= SMALL_DIFFERENCE
    };
    segment.facts.iter().filter(telling).reduce(|best, fact| {
        if strength(fact) > strength(best) {
            fact
        } else {
            best
        }
    })
}

fn lead_text(segment: &Segment, lang: Lang) -> (String, Tone) {
    if segment.kind == SegmentKind::Inactive {
        return (Word::BelowMinimum.get(lang).into(), Tone::Quiet);
    }
    let Some(fact) = lead(segment) else {
        return (Word::NoTrait.get(lang).into(), Tone::Quiet);
    };
    let more = fact.difference.is_some_and(|difference| difference > 0.0);
    let label = clean(fact.label.get(lang));
    let what = match (&fact.value, lang) {
        (Value::Text(name), Lang::En) => format!("{label}: {}", clean(name)),
        (Value::Text(name), Lang::Zh) => format!("{label}：{}", clean(name)),
        (Value::Number(_), _) => label,
    };
    (
        format!("{} {what}", if more { '↑' } else { '↓' }),
        if more { Tone::More } else { Tone::Less },
    )
}

/// The lines of the list.
#[must_use]
pub fn list(app: &App) -> Vec<ListRow> {
    let largest = app.run().map_or(0.0, |run: &Run| {
        run.segments.iter().map(|s| s.share).fold(0.0, f64::max)
    });
    let row = |segment: &Segment| {
        let (lead, tone) = lead_text(segment, app.lang);
        ListRow {
            id: segment.id,
            name: clean(segment.name.get(app.lang)),
            users: words::count(segment.users),
            share: words::percent(segment.share),
            fraction: if largest > 0.0 {
                segment.share / largest
            } else {
                0.0
            },
            lead,
            tone,
            selected: Some(segment.id) == app.selected,
        }
    };
    visible(app).into_iter().map(row).collect()
}

/// The title of the list: how many there are, their order, the filter.
#[must_use]
pub fn list_title(app: &App) -> String {
    let all = app.run().map_or(0, |run| run.segments.len());
    let mut title = format!(
        "{} {} · {}",
        Word::Segments.get(app.lang),
        words::part_of(visible(app).len(), all, app.lang),
        app.sort.word().get(app.lang)
    );
    if !app.list_filter.is_empty() {
        title += " · /";
        title += &app.list_filter;
    }
    title
}
