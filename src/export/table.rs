//! `assignments.csv` and `facts.csv` (RFC 4180 with newlines alone).

use std::collections::HashMap;

use super::{Assignment, Choice, rounded, text};
use crate::error::{Error, Result};
use crate::records::{Run, Segment, Value};

/// What spreadsheets know UTF-8 by.
const MARK: &str = "\u{feff}";

/// The assignments: `user,segment,distance,run,as_of,segment_name,previous_segment,probability,next_segment,
/// margin`.
pub fn assignments(run: &Run, assignments: &[Assignment], choice: &Choice<'_>) -> Result<Vec<u8>> {
    let heads = [
        "user",
        "segment",
        "distance",
        "run",
        "as_of",
        "segment_name",
        "previous_segment",
        "probability",
        "next_segment",
        "margin",
    ];
    let (id, as_of) = (run.id.to_string(), as_of(run));
    let names = names(run, choice);
    let six = |value| rounded(value).map_or_else(String::new, |value| format!("{value:.6}"));
    let rows = assignments.iter().map(|assignment| {
        [
            text::cell(&assignment.user),
            assignment.segment.to_string(),
            six(assignment.distance),
            id.clone(),
            as_of.to_owned(),
            names.get(&assignment.segment).cloned().unwrap_or_default(),
            assignment
                .previous
                .map(|id| id.to_string())
                .unwrap_or_default(),
            six(assignment.probability),
            assignment.next.map(|id| id.to_string()).unwrap_or_default(),
            six(assignment.margin),
        ]
    });
    write(heads, rows, choice.bom)
}

/// The facts: `run,as_of,segment,segment_name,fact,label,value,unit,population,difference,users`.
pub fn facts(run: &Run, choice: &Choice<'_>) -> Result<Vec<u8>> {
    let heads = [
        "run",
        "as_of",
        "segment",
        "segment_name",
        "fact",
        "label",
        "value",
        "unit",
        "population",
        "difference",
        "users",
    ];
    let (id, as_of) = (run.id.to_string(), as_of(run));
    let value = |value: &Value| match value {
        Value::Number(number) => number.to_string(),
        Value::Text(name) => text::cell(name),
    };
    let rows = run.segments.iter().flat_map(|segment| {
        let (id, as_of) = (id.clone(), as_of.to_owned());
        segment.facts.iter().map(move |fact| {
            [
                id.clone(),
                as_of.clone(),
                segment.id.to_string(),
                text::cell(segment.title(choice.lang)),
                text::cell(&fact.id),
                text::cell(fact.label.get(choice.lang)),
                value(&fact.value),
                text::cell(fact.unit.name()),
                fact.population.as_ref().map(value).unwrap_or_default(),
                fact.difference
                    .map(|difference| difference.to_string())
                    .unwrap_or_default(),
                fact.support.to_string(),
            ]
        })
    });
    write(heads, rows, choice.bom)
}

/// The last day that counts; nothing for runs of older versions.
pub fn as_of(run: &Run) -> &str {
    run.reconciliation
        .as_ref()
        .map_or("", |sums| &sums.last_day)
}

/// What people call the segments, safe for a cell.
pub fn names(run: &Run, choice: &Choice<'_>) -> HashMap<u32, String> {
    let name = |segment: &Segment| (segment.id, text::cell(segment.title(choice.lang)));
    run.segments.iter().map(name).collect()
}

fn write<const N: usize>(
    heads: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    bom: bool,
) -> Result<Vec<u8>> {
    let start = if bom {
        MARK.as_bytes().to_vec()
    } else {
        Vec::new()
    };
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(start);
    let put = || -> csv::Result<()> {
        writer.write_record(heads)?;
        rows.into_iter()
            .try_for_each(|row| writer.write_record(row))
    };
    let failed = |why: String| Error::failed("a table", why, "report this");
    put().map_err(|e| failed(e.to_string()))?;
    writer.into_inner().map_err(|e| failed(e.to_string()))
}
