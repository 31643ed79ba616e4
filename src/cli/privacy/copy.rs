//! A person's copy, in lines.

use serde_json::Value;

use crate::pipeline::Subject;
use crate::words::clean;

/// A person's copy, for reading.
pub fn page(subject: &Subject) -> String {
    let mut text = format!("{}\n", subject.pseudonym);
    let others = subject
        .same_person
        .iter()
        .filter(|name| **name != subject.pseudonym);
    for other in others {
        text.push_str(&format!("also {other}\n"));
    }
    if subject.is_restricted {
        text.push_str("kept and not used\n");
    }
    let mut section = |title: &str, lines: Vec<String>| {
        text.push_str(&format!("\n{title} ({})\n", lines.len()));
        for line in lines {
            text.push_str(&format!("  {line}\n"));
        }
    };
    section("what was done", subject.events.iter().map(told).collect());
    section("what was said", subject.said.iter().map(told).collect());
    let mut runs = Vec::new();
    for seat in &subject.runs {
        let names: Vec<String> = seat.segments.iter().map(|name| clean(name)).collect();
        runs.push(format!(
            "run {} of {}: {}",
            seat.run,
            seat.created_at,
            names.join(", ")
        ));
        runs.extend(
            seat.members
                .iter()
                .chain(&seat.features)
                .map(|line| format!("  {}", told(line))),
        );
    }
    section("where runs put the person, and what they computed", runs);
    let drawn = subject.campaigns.iter().map(|one| {
        let part = if one.held_out {
            "held out"
        } else {
            "written to"
        };
        format!(
            "campaign {}, {}, {part} by {}",
            one.campaign,
            one.on,
            clean(&one.channel)
        )
    });
    section("campaigns", drawn.collect());
    let exports = subject.exports.iter().map(|one| {
        let to = one.detail["to"].as_str().map(clean).unwrap_or_default();
        let run = one.run.map(|run| format!(" of run {run}"));
        format!(
            "{} {}{} {to}",
            one.at,
            clean(&one.action),
            run.unwrap_or_default()
        )
    });
    section("exports of these runs", exports.collect());
    text
}

/// A row in one line.
fn told(line: &serde_json::Map<String, Value>) -> String {
    let parts = line
        .iter()
        .map(|(name, value)| format!("{name} {}", clean(value.as_str().unwrap_or_default())));
    parts.collect::<Vec<_>>().join(", ")
}
