//! Charts as SVG within the page: shapes and words, no script.

use super::escaped;
use crate::export::text::clean;
use crate::records::{Fact, Run, Segment};
use crate::words::{Lang, Unit, Value, clip, number, round_to_tell, show};

/// Facts drawn of a segment, those that differ most.
const FACTS: usize = 10;

/// The chart that a place asks for: `shares`, `choice`, `facts N` or `week N`; nothing where there is nothing to draw.
pub fn draw(place: &str, run: &Run, lang: Lang) -> String {
    let mut words = place.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let segment = words.next().and_then(|id| id.parse().ok());
    let segment = run.segments.iter().find(|one| Some(one.id) == segment);
    match (kind, segment) {
        ("shares", _) => shares(run, lang),
        ("choice", _) => choice(run, lang),
        ("facts", Some(segment)) => facts(segment, run, lang),
        ("week", Some(segment)) => week(segment, lang),
        _ => String::new(),
    }
}

fn figure(caption: &str, size: (u32, u32), shapes: &str) -> String {
    let caption = escaped(caption);
    let (width, height) = size;
    // On one line: a blank line would end the paragraph that it stands in.
    format!(
        "<figure><figcaption>{caption}</figcaption><svg role=\"img\" aria-label=\"{caption}\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\">{shapes}</svg></figure>"
    )
}

fn text(x: f64, y: f64, anchor: &str, words: &str) -> String {
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
        escaped(words)
    )
}

fn rect(x: f64, y: f64, size: (f64, f64), color: &str, title: &str) -> String {
    let (width, height) = size;
    format!(
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{color}\"><title>{}</title></rect>",
        escaped(title)
    )
}

/// Users and revenue of each segment, as shares of the whole.
fn shares(run: &Run, lang: Lang) -> String {
    const ROW: f64 = 42.0;
    let (users, revenue, caption) = match lang {
        Lang::En => (
            "users",
            "revenue",
            "Share of users and of revenue, by segment",
        ),
        Lang::Zh => ("用户", "销售额", "各分群的用户占比与销售额占比"),
    };
    let share = |segment: &Segment| {
        let fact = segment.facts.iter().find(|fact| fact.id == "revenue.share");
        fact.and_then(|fact| fact.value.number())
    };
    let most = run
        .segments
        .iter()
        .map(|one| (100.0 * one.share).max(share(one).unwrap_or_default()))
        .fold(1.0, f64::max);
    let scale = 420.0 / most;
    let mut shapes = String::new();
    for (at, segment) in run.segments.iter().enumerate() {
        let y = at as f64 * ROW;
        let name = clip(&clean(&segment.marked_title(lang)), 34);
        shapes.push_str(&text(
            250.0,
            y + 20.0,
            "end",
            &format!("{} {name}", segment.id),
        ));
        let bars = [
            (Some(100.0 * segment.share), users, "#1f6f8b"),
            (share(segment), revenue, "#8a94a6"),
        ];
        for (line, (value, what, color)) in bars.iter().enumerate() {
            let Some(value) = value else { continue };
            let (top, width) = (y + 4.0 + 15.0 * line as f64, (value * scale).max(1.0));
            let told = format!("{}%", number(round_to_tell(*value)));
            shapes.push_str(&rect(
                260.0,
                top,
                (width, 12.0),
                color,
                &format!("{name}: {what} {told}"),
            ));
            shapes.push_str(&text(
                266.0 + width,
                top + 10.5,
                "start",
                &format!("{told} {what}"),
            ));
        }
    }
    figure(
        caption,
        (820, (run.segments.len() as f64 * ROW) as u32 + 8),
        &shapes,
    )
}

/// The facts that differ most, as bars from the middle: the shop stands there.
fn facts(segment: &Segment, run: &Run, lang: Lang) -> String {
    const ROW: f64 = 24.0;
    let is_told = |fact: &&Fact| fact.difference.is_some() && fact.value.number().is_some();
    let mut told: Vec<&Fact> = segment.facts.iter().filter(is_told).collect();
    let size = |fact: &Fact| fact.difference.unwrap_or_default();
    told.sort_by(|a, b| size(b).abs().total_cmp(&size(a).abs()));
    // Mean and median of one feature say much the same: the one that differs more is drawn.
    let mut drawn = std::collections::HashSet::new();
    let feature = |fact: &Fact| {
        fact.id
            .rsplit_once('.')
            .map_or(fact.id.clone(), |id| id.0.to_owned())
    };
    told.retain(|fact| drawn.insert(feature(fact)));
    told.truncate(FACTS);
    if told.is_empty() {
        return String::new();
    }
    let most = told.iter().map(|fact| size(fact).abs()).fold(0.5, f64::max);
    let mut shapes =
        String::from("<line x1=\"460\" y1=\"0\" x2=\"460\" y2=\"100%\" stroke=\"#8a94a6\"/>");
    for (at, fact) in told.iter().enumerate() {
        let (y, width) = (at as f64 * ROW + 5.0, size(fact).abs() / most * 120.0);
        let said = |value: &Value| clean(&show(value, fact.unit, run.currency.as_deref(), lang));
        let label = clean(fact.label.get(lang));
        let figures = match (&fact.population, lang) {
            (Some(shop), Lang::En) => format!("{} (shop {})", said(&fact.value), said(shop)),
            (Some(shop), Lang::Zh) => format!("{}（全店 {}）", said(&fact.value), said(shop)),
            (None, _) => said(&fact.value),
        };
        shapes.push_str(&text(330.0, y + 11.0, "end", &clip(&label, 58)));
        let (x, color) = if size(fact) >= 0.0 {
            (460.0, "#1f6f8b")
        } else {
            (460.0 - width, "#b3541e")
        };
        shapes.push_str(&rect(
            x,
            y,
            (width.max(1.0), 14.0),
            color,
            &format!("{label}: {figures}"),
        ));
        shapes.push_str(&text(592.0, y + 11.0, "start", &figures));
    }
    let caption = match lang {
        Lang::En => "Where they differ most from the shop: to the right more, to the left less",
        Lang::Zh => "与全店差异最大之处：向右为更多，向左为更少",
    };
    figure(
        caption,
        (920, (told.len() as f64 * ROW) as u32 + 8),
        &shapes,
    )
}

/// When they are active: a square an hour of the week, the darker the more.
fn week(segment: &Segment, lang: Lang) -> String {
    const SIDE: f64 = 22.0;
    if segment.charts.week.len() != 168 {
        return String::new();
    }
    let most = segment
        .charts
        .week
        .iter()
        .flatten()
        .copied()
        .fold(0.0, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let mut shapes = String::new();
    for day in 0..7_u8 {
        let y = f64::from(day) * SIDE;
        let name = show(
            &Value::Number(f64::from(day + 1)),
            Unit::Weekday,
            None,
            lang,
        );
        shapes.push_str(&text(86.0, y + 15.0, "end", &name));
        for hour in 0..24_u8 {
            let value = segment.charts.week[usize::from(day) * 24 + usize::from(hour)];
            let x = 92.0 + f64::from(hour) * SIDE;
            let (color, told) = match value {
                Some(share) => (shade(share / most), format!("{share:.1}%")),
                None => ("#ffffff".to_owned(), "–".to_owned()),
            };
            let size = (SIDE - 2.0, SIDE - 2.0);
            shapes.push_str(&rect(
                x,
                y,
                size,
                &color,
                &format!("{name} {hour}:00 {told}"),
            ));
        }
    }
    for hour in (0..24_u8).step_by(6) {
        let x = 92.0 + f64::from(hour) * SIDE;
        shapes.push_str(&text(x, 7.0 * SIDE + 14.0, "start", &format!("{hour}:00")));
    }
    let caption = match lang {
        Lang::En => "When they are active, by hour of the week: the darker, the more",
        Lang::Zh => "一周各时段的活跃度：颜色越深越活跃",
    };
    figure(caption, (632, 176), &shapes)
}

/// From nearly white to dark blue.
fn shade(part: f64) -> String {
    let mix = |from: f64, to: f64| (from + (to - from) * part.clamp(0.0, 1.0).sqrt()).round() as u8;
    format!(
        "#{:02x}{:02x}{:02x}",
        mix(240.0, 16.0),
        mix(244.0, 74.0),
        mix(248.0, 97.0)
    )
}

/// The silhouette by number of segments, beside that of shuffled users.
fn choice(run: &Run, lang: Lang) -> String {
    let tried: Vec<(f64, f64, Option<f64>)> = run
        .candidates
        .iter()
        .filter_map(|one| {
            let shuffled = one.control.and_then(|control| control.silhouette);
            Some((one.k as f64, one.silhouette?, shuffled))
        })
        .collect();
    let (Some(first), Some(last)) = (tried.first(), tried.last()) else {
        return String::new();
    };
    if tried.len() < 2 {
        return String::new();
    }
    let values = tried.iter().flat_map(|one| [Some(one.1), one.2]).flatten();
    let (low, high) = values.fold((0.0_f64, 0.1_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let x = |k: f64| 60.0 + (k - first.0) / (last.0 - first.0) * 520.0;
    let y = |value: f64| 170.0 - (value - low) / (high - low) * 150.0;
    let mut shapes = String::new();
    let path = |points: Vec<(f64, f64)>, color: &str, dash: &str| {
        let points: Vec<String> = points
            .iter()
            .map(|(k, value)| format!("{:.1},{:.1}", x(*k), y(*value)))
            .collect();
        format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>",
            points.join(" ")
        )
    };
    let own = tried.iter().map(|one| (one.0, one.1)).collect();
    let shuffled: Vec<(f64, f64)> = tried
        .iter()
        .filter_map(|one| Some((one.0, one.2?)))
        .collect();
    shapes.push_str(&path(shuffled, "#8a94a6", "4 3"));
    shapes.push_str(&path(own, "#1f6f8b", ""));
    for (k, value, _) in &tried {
        let is_taken = *k as usize == run.k;
        let radius = if is_taken { 6.0 } else { 3.0 };
        shapes.push_str(&format!(
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\" fill=\"#1f6f8b\"><title>{k}: {value:.3}</title></circle>",
            x(*k),
            y(*value)
        ));
        shapes.push_str(&text(x(*k), 190.0, "middle", &number(*k)));
    }
    for value in [low, high] {
        shapes.push_str(&text(52.0, y(value) + 4.0, "end", &format!("{value:.2}")));
    }
    let caption = match lang {
        Lang::En => {
            "Mean silhouette by number of segments (large dot: the one taken); dashed: of shuffled users"
        }
        Lang::Zh => "各分群数的平均轮廓系数（大点为所选）；虚线为打乱后的用户",
    };
    figure(caption, (640, 200), &shapes)
}
