//! The number of segments: what was tried, what was taken and why, and a way to take another one.

use ratatui::layout::Rect;

use super::{View, halves};
use crate::records::{Candidate, Run, Structure};
use crate::tui::ask::Ask;
use crate::tui::canvas::{Canvas, List, below};
use crate::tui::chart::{Series, plot};
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, blank, line, paragraph, row};
use crate::tui::message::Request;
use crate::tui::overlay::Overlay;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::{clean, number};

/// Columns from which the reason stands under the table, beside the curves.
const WIDE: u16 = 110;
/// Columns from which there is room for the curves.
const NARROW: u16 = 76;
/// Columns of the table.
const TABLE: u16 = 58;
/// Lines that the reason needs.
const REASON: u16 = 9;
/// Cells of a curve's scale.
const SCALE: usize = 9;

/// The view's state.
#[derive(Debug, Default)]
pub struct Choice {
    scroll: Scroll,
    of: Option<i64>,
}

impl Choice {
    fn selected<'a>(&self, shared: &'a Shared) -> Option<&'a Candidate> {
        shared.run()?.candidates.get(self.scroll.at())
    }

    fn table(run: &Run, shared: &Shared, width: u16) -> (Line, Vec<Line>) {
        let inertia = if width >= TABLE { 10 } else { 0 };
        let columns = [
            Column::number(2),
            Column::number(10),
            Column::number(8),
            Column::number(9),
            Column::number(inertia),
            Column::text(7),
        ];
        let head = row(
            &columns,
            [
                (Tone::Quiet, "k"),
                (Tone::Quiet, Word::Silhouette.get(shared.lang)),
                (Tone::Quiet, Word::Shuffled.get(shared.lang)),
                (Tone::Quiet, Word::Stability.get(shared.lang)),
                (Tone::Quiet, Word::Inertia.get(shared.lang)),
            ],
        );
        let lines = run.candidates.iter().map(|tried| {
            let told = |value: Option<f64>| {
                value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
            };
            let shuffled = tried.control.and_then(|control| control.silhouette);
            let taken = tried.k == run.k;
            let tone = if taken { Tone::Title } else { Tone::Plain };
            row(
                &columns,
                [
                    (tone, tried.k.to_string().as_str()),
                    (tone, &told(tried.silhouette)),
                    (Tone::Quiet, &told(shuffled)),
                    (tone, &told(tried.stability)),
                    (tone, &number(tried.inertia.round())),
                    (
                        Tone::Good,
                        if taken {
                            Word::Chosen.get(shared.lang)
                        } else {
                            ""
                        },
                    ),
                ],
            )
        });
        (head, lines.collect())
    }

    /// Why this k: what the run noted about it, or the rule.
    fn why(run: &Run, shared: &Shared, width: usize) -> Vec<Line> {
        let lang = shared.lang;
        let mut lines = vec![line(Tone::Heading, Word::WhyThis.get(lang))];
        let asked = run.recipe["settings"]["k"].is_u64();
        let text = if run.rules.is_some() {
            Word::ChoiceRules.get(lang)
        } else if asked {
            Word::ChoiceAsked.get(lang)
        } else {
            Word::ChoiceAuto.get(lang)
        };
        lines.extend(paragraph(Tone::Plain, text, width));
        if let Some(found) = &run.evidence.recommendation {
            let tone = if found.structure == Structure::Stable {
                Tone::Plain
            } else {
                Tone::Warning
            };
            lines.extend(paragraph(tone, &clean(found.reason.get(lang)), width));
            let drawn = words::drawn(found, lang);
            lines.extend(paragraph(Tone::Quiet, &drawn, width));
        }
        lines.push(blank());
        lines.extend(paragraph(Tone::Quiet, Word::ChoiceMake.get(lang), width));
        lines
    }

    fn curves(&self, run: &Run, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let each = (height.saturating_sub(4) / 3).min(14);
        let marked = Some(self.scroll.at());
        let silhouettes: Vec<_> = run
            .candidates
            .iter()
            .map(|tried| tried.silhouette)
            .collect();
        let stabilities: Vec<_> = run.candidates.iter().map(|tried| tried.stability).collect();
        let inertias: Vec<_> = run
            .candidates
            .iter()
            .map(|tried| Some(tried.inertia))
            .collect();
        let mut lines = Vec::new();
        for (word, values, tone) in [
            (Word::Silhouette, &silhouettes, Tone::Good),
            (Word::Stability, &stabilities, Tone::Key),
            (Word::Inertia, &inertias, Tone::More),
        ] {
            lines.push(line(Tone::Heading, word.get(shared.lang)));
            let series = Series {
                values,
                tone,
                marked,
            };
            lines.extend(plot(&series, width, each, SCALE));
        }
        let cells = width.saturating_sub(SCALE + 1);
        let mut axis = " ".repeat(width);
        for (at, tried) in run.candidates.iter().enumerate() {
            let from = SCALE + 1 + crate::tui::chart::column(at, run.candidates.len(), cells);
            let text = tried.k.to_string();
            if from + text.len() <= axis.len() {
                axis.replace_range(from..from + text.len(), &text);
            }
        }
        lines.push(line(Tone::Quiet, axis));
        canvas.lines(area, &lines);
    }
}

impl View for Choice {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        let run = shared.run();
        if self.of != run.map(|run| run.id) {
            self.of = run.map(|run| run.id);
            let taken =
                run.and_then(|run| run.candidates.iter().position(|tried| tried.k == run.k));
            self.scroll.go(taken.unwrap_or(0));
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        match action {
            Action::Make | Action::Open => {
                let (Some(run), Some(tried)) = (shared.run(), self.selected(shared)) else {
                    return Vec::new();
                };
                if run.rules.is_some() {
                    return Vec::new();
                }
                vec![Ask::Open(Overlay::Confirm {
                    question: words::make_run(tried.k, shared.lang),
                    yes: Box::new(Ask::Start(Request::Make(run.id, tried.k))),
                })]
            }
            Action::Left => {
                self.scroll.step(Action::Up);
                Vec::new()
            }
            Action::Right => {
                self.scroll.step(Action::Down);
                Vec::new()
            }
            action => {
                self.scroll.step(action);
                Vec::new()
            }
        }
    }

    fn click(&mut self, _pane: u8, line: usize, _shared: &Shared) -> Vec<Ask> {
        self.scroll.go(line);
        Vec::new()
    }

    fn wheel(&mut self, _pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        self.scroll.wheel(lines.signum());
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        let k = self.selected(shared).map_or(6, |tried| tried.k);
        shared.command(&format!("segment --k {k}"))
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let Some(run) = shared.run() else {
            return;
        };
        let rows = u16::try_from(run.candidates.len().max(1) + 2).unwrap_or(u16::MAX);
        // Where it is narrow the curves are as high as the table, and the reason stands below both.
        let upper = Rect {
            height: rows
                .min(area.height.saturating_sub(REASON))
                .max(area.height / 2),
            ..area
        };
        let is_wide = area.width >= WIDE;
        let (table, curves) = if area.width < NARROW {
            (upper, Rect::ZERO)
        } else {
            halves(if is_wide { area } else { upper }, NARROW, TABLE, 0)
        };
        let (head, mut lines) = Self::table(run, shared, table.width);
        let marks = !lines.is_empty();
        if !marks {
            lines.push(line(Tone::Quiet, Word::NoCandidates.get(shared.lang)));
        }
        let list = List {
            head: Some(head),
            marks,
            ..List::new(0, Word::Tried.get(shared.lang), true, &lines)
        };
        let list_area = Rect {
            height: upper.height.min(table.height),
            ..table
        };
        canvas.list(list_area, &list, &self.scroll);
        let rest = if is_wide {
            below(table, list_area.height + 1)
        } else {
            below(area, list_area.height)
        };
        let why = Self::why(run, shared, usize::from(rest.width));
        canvas.lines(rest, &why);
        if area.width < NARROW {
            return;
        }
        let body = canvas.rule(curves, Word::Curves.get(shared.lang), false, "");
        self.curves(run, shared, body, canvas);
    }
}
