//! Drawings of a segment: hours of the week, the funnel, prices, and what marks it out.

use super::figures::{fact, figure, names};
use crate::records::Segment;
use crate::tui::chart::{bar, heat};
use crate::tui::lines::{Column, Line, blank, line, row};
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::tui::wrap::{pad, pad_left};
use crate::words::{clean, clip, number};

/// The steps of the funnel, the widest first, with what stands for each among the facts.
const FUNNEL: [(&str, Word); 6] = [
    ("funnel.viewers", Word::FunnelViewed),
    ("funnel.searchers", Word::FunnelSearched),
    ("funnel.favourers", Word::FunnelMarked),
    ("funnel.carters", Word::FunnelCart),
    ("funnel.buyers", Word::FunnelBought),
    ("funnel.returners", Word::FunnelReturned),
];

/// All drawings of a segment, one below the other.
pub fn all(segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let mut lines = week(segment, shared, width);
    for part in [
        funnel(segment, shared, width),
        prices(segment, shared, width),
        marks(segment, shared, width),
    ] {
        if !part.is_empty() && !lines.is_empty() {
            lines.push(blank());
        }
        lines.extend(part);
    }
    if lines.is_empty() {
        lines.push(line(Tone::Quiet, Word::NoFacts.get(shared.lang)));
    }
    lines
}

/// Hours by weekdays.
fn week(segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let week = &segment.charts.week;
    if week.len() != 168 {
        return Vec::new();
    }
    let cells = if width >= 80 {
        3
    } else if width >= 54 {
        2
    } else {
        1
    };
    let largest = week.iter().flatten().copied().fold(0.0, f64::max);
    let mut lines = vec![line(Tone::Heading, Word::Week.get(shared.lang))];
    let hours: String = (0..24)
        .step_by(6)
        .map(|hour| pad(&hour.to_string(), 6 * cells))
        .collect();
    lines.push(line(Tone::Quiet, format!("     {}", hours.trim_end())));
    for (day, values) in week.chunks(24).enumerate() {
        let mut pieces = vec![(Tone::Quiet, pad(words::weekday(day, shared.lang), 5))];
        pieces.extend(heat(values, largest, cells));
        lines.push(pieces);
    }
    let mut legend = vec![(
        Tone::Quiet,
        format!("     {} 0 ", Word::WeekLegend.get(shared.lang)),
    )];
    let steps: Vec<_> = (1..=5).map(|step| Some(f64::from(step))).collect();
    legend.extend(heat(&steps, 5.0, 1));
    legend.push((Tone::Quiet, format!(" {largest:.1}%")));
    if week.iter().any(Option::is_none) {
        legend.push((Tone::Quiet, format!("  {}", Word::TooFew.get(shared.lang))));
    }
    lines.push(legend);
    lines.extend(peak(week, shared));
    lines
}

/// The busiest hour, with the shop's share of events in it.
fn peak(week: &[Option<f64>], shared: &Shared) -> Option<Line> {
    let told = week
        .iter()
        .enumerate()
        .filter_map(|(hour, share)| Some((hour, (*share)?)));
    let (hour, share) = told.max_by(|one, other| one.1.total_cmp(&other.1))?;
    let shop = shared.run()?.week.get(hour).copied();
    let text = words::peak(hour, share, shop, shared.lang);
    Some(line(Tone::Quiet, format!("     {text}")))
}

/// A bar for the segment, with the shop's figure beside it.
fn beside(name: &str, own: f64, shop: Option<f64>, of: f64, at: usize, width: usize) -> Line {
    let room = width.saturating_sub(at + 22).clamp(4, 40);
    let shop = shop.map_or_else(String::new, |shop| format!("{shop:>6.1}%"));
    vec![
        (Tone::Plain, pad(&clip(name, at - 1), at)),
        (Tone::Bar, pad(&bar(own / of, room), room)),
        (Tone::Plain, pad_left(&format!("{own:.1}%"), 8)),
        (Tone::Quiet, format!("  {shop}")),
    ]
}

fn with_shop(title: Word, shared: &Shared) -> Line {
    vec![
        (Tone::Heading, title.get(shared.lang).to_owned()),
        (
            Tone::Quiet,
            format!("  {}", Word::ShopBeside.get(shared.lang)),
        ),
    ]
}

/// How many of the users came so far.
fn funnel(segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let steps = FUNNEL.iter().filter_map(|(id, word)| {
        let found = fact(segment, id)?;
        let shop = found
            .population
            .as_ref()
            .and_then(crate::words::Value::number);
        let own = figure(segment, id)?;
        Some(beside(word.get(shared.lang), own, shop, 100.0, 18, width))
    });
    let steps: Vec<_> = steps.collect();
    if steps.is_empty() {
        return steps;
    }
    let mut lines = vec![with_shop(Word::Funnel, shared)];
    lines.extend(steps);
    lines
}

/// Where they buy among the shop's prices.
fn prices(segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let bands = &segment.charts.prices;
    if bands.is_empty() {
        return Vec::new();
    }
    let most = bands.iter().map(|band| band.share).fold(1.0, f64::max);
    let mut lines = vec![with_shop(Word::Prices, shared)];
    lines.extend(bands.iter().map(|band| {
        let name = match (band.from, band.to) {
            (Some(from), Some(to)) => format!("{}–{}", number(from), number(to)),
            (None, Some(to)) => format!("≤ {}", number(to)),
            (Some(from), None) => format!("> {}", number(from)),
            (None, None) => String::new(),
        };
        beside(&name, band.share, Some(band.shop), most, 18, width)
    }));
    lines
}

/// Categories, products and query words.
fn marks(segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let columns = [
        Column::text(width.saturating_sub(20).clamp(10, 44)),
        Column::number(7),
        Column::number(7),
    ];
    let mut lines = Vec::new();
    for (kind, word) in [
        ("category", Word::FamilyCategory),
        ("product", Word::FamilyProduct),
        ("query", Word::FamilyQuery),
    ] {
        let names = names(segment, kind);
        if names.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(blank());
        }
        lines.push(row(
            &columns,
            [
                (Tone::Heading, word.get(shared.lang)),
                (Tone::Quiet, Word::ColUsersOf.get(shared.lang)),
                (Tone::Quiet, Word::ColLift.get(shared.lang)),
            ],
        ));
        lines.extend(names.into_iter().map(|(name, share, lift)| {
            let share = share.map_or_else(String::new, |share| format!("{share:.1}%"));
            let lift = lift.map_or_else(String::new, |lift| format!("×{lift:.1}"));
            row(
                &columns,
                [
                    (Tone::Plain, clean(&name).as_str()),
                    (Tone::Plain, &share),
                    (Tone::More, &lift),
                ],
            )
        }));
    }
    lines
}
