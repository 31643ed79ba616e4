//! The text of a segment as a flowing page, and what people noted beside it.

use crate::records::{Narrative, NarrativeStatus, Segment};
use crate::tui::lines::{Line, blank, line, paragraph};
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::{Lang, clean};

/// Longest line of running text, in cells: longer ones are hard to read.
pub const MEASURE: usize = 96;

/// Who stands for the text, which version it is, and in which language where it is not the screen's.
pub fn status(narrative: &Narrative, lang: Lang) -> Line {
    let tone = match narrative.status {
        NarrativeStatus::FactsOnly => Tone::Warning,
        _ => Tone::Good,
    };
    let mut pieces = vec![(tone, words::status(narrative.status, lang).to_owned())];
    if let Some((number, of)) = version(narrative) {
        pieces.push((
            Tone::Quiet,
            format!(" · {}", words::version(number, of, lang)),
        ));
    }
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
    pieces
}

/// Which of how many versions is shown; none for a text that is none of them.
pub fn version(narrative: &Narrative) -> Option<(usize, usize)> {
    let shown = |version: &crate::records::Version| version.sentences == narrative.sentences;
    let at = narrative.versions.iter().position(shown)?;
    Some((at + 1, narrative.versions.len()))
}

/// The page of a segment: headline, text, doubts, suggestion, tags and note.
pub fn page(segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let width = width.min(MEASURE);
    let size = format!(
        "{} · {}",
        words::customers(segment.users, lang),
        words::of_all(segment.share, lang)
    );
    let mut lines = vec![line(Tone::Quiet, size)];
    if let Some(weakness) = segment.standing.weakness() {
        lines.extend(paragraph(Tone::Warning, weakness.get(lang), width));
    }
    match &segment.narrative {
        None => lines.extend(paragraph(Tone::Quiet, Word::NoNarrative.get(lang), width)),
        Some(narrative) => {
            lines.push(status(narrative, lang));
            if let Some(headline) = &narrative.headline {
                lines.extend(paragraph(Tone::Title, &clean(&headline.text), width));
            }
            lines.extend(paragraph(Tone::Plain, &clean(&narrative.text), width));
            for doubt in narrative.doubts() {
                let text = format!("{} {}", Word::NotBorneOut.get(lang), clean(&doubt.text));
                lines.extend(paragraph(Tone::Warning, &text, width));
            }
            if let Some(suggestion) = &narrative.suggestion {
                lines.push(blank());
                let marked = clean(&suggestion.marked(narrative.lang));
                lines.extend(paragraph(Tone::Quiet, &marked, width));
            }
        }
    }
    lines.extend(beside(segment, shared, width));
    lines
}

/// What makes the segment, its tags and note.
pub fn beside(segment: &Segment, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let mut lines = Vec::new();
    if !segment.standing.rules.is_empty() {
        lines.push(blank());
        lines.push(line(Tone::Heading, Word::WhatMakesIt.get(lang)));
    }
    for rule in &segment.standing.rules {
        let text = rule.text(shared.currency(), lang);
        lines.extend(paragraph(Tone::Plain, &clean(&text), width));
    }
    if !segment.tags.is_empty() {
        let tags: Vec<String> = segment.tags.iter().map(|tag| clean(tag)).collect();
        let text = format!("{} {}", Word::Tags.get(lang), tags.join(", "));
        lines.extend(paragraph(Tone::Key, &text, width));
    }
    if let Some(note) = &segment.note {
        let text = format!("{} {}", Word::Note.get(lang), clean(note));
        lines.extend(paragraph(Tone::Plain, &text, width));
    }
    lines
}

/// Sentences just written by a job that writes this segment's text, or those of the whole run.
pub fn streaming(segment: u32, shared: &Shared, width: usize) -> Vec<Line> {
    use crate::tui::message::Request;
    let Some(task) = shared.tasks.asked(|request| {
        matches!(request, Request::Narrate(_, one) if one.is_none_or(|one| one == segment))
    }) else {
        return Vec::new();
    };
    let mut lines = vec![line(Tone::Heading, Word::BeingWritten.get(shared.lang))];
    let last = task.texts.len().saturating_sub(6);
    for text in &task.texts[last..] {
        lines.extend(paragraph(Tone::Quiet, text, width.min(MEASURE)));
    }
    lines.push(blank());
    lines
}
