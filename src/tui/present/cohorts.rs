//! Cohort retention as a table.

use crate::records::{Run, cohort_months};
use crate::tui::theme::Tone;
use crate::tui::words::Word;
use crate::tui::wrap::pad_left;
use crate::words::Lang;

use super::{Row, paragraph};

/// Columns of a cell.
const MONTH: usize = 7;
const CELL: usize = 7;

/// The table with as many months as fit the width.
pub(super) fn table(run: &Run, lang: Lang, width: usize) -> Vec<Row> {
    let fit = width.saturating_sub(MONTH + 2 + CELL) / CELL;
    let months = cohort_months(&run.cohorts, fit);
    if months == 0 {
        return paragraph(Tone::Quiet, Word::CohortsNone.get(lang), width, 0).collect();
    }
    let mut rows: Vec<Row> =
        paragraph(Tone::Plain, Word::CohortsWhat.get(lang), width, 0).collect();
    rows.push(Row::blank());
    let line = |cells: &[String]| {
        let mut text = pad_left(&cells[0], MONTH);
        text.push_str("  ");
        cells[1..]
            .iter()
            .for_each(|cell| text.push_str(&pad_left(cell, CELL)));
        text
    };
    let mut heads = vec![
        Word::CohortMonth.get(lang).to_owned(),
        Word::CohortUsers.get(lang).to_owned(),
    ];
    heads.extend((1..=months).map(|month| format!("+{month}")));
    rows.push(Row::text(Tone::Quiet, line(&heads)));
    let cohorts = run.cohorts.iter();
    rows.extend(cohorts.map(|cohort| Row::text(Tone::Plain, line(&cohort.cells(months)))));
    rows
}
