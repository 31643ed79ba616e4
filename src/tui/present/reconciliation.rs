//! From all that was sold to what the segments count, and what was left out.

use crate::records::Reconciliation;
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::tui::wrap::{pad, pad_left};
use crate::words::{Lang, cents, clean};

use super::Row;

/// Columns of a line's name.
const NAME: usize = 32;
/// Columns of an amount.
const AMOUNT: usize = 26;

/// The sum line by line, the days that count, and the rows left out by reason.
pub(super) fn sums(sums: &Reconciliation, currency: Option<&str>, lang: Lang) -> Vec<Row> {
    let title = match currency {
        Some(code) => format!("{} ({})", Word::Reconciliation.get(lang), clean(code)),
        None => Word::Reconciliation.get(lang).to_owned(),
    };
    let mut rows = vec![Row::text(Tone::Heading, title)];
    let line = |name: &str, amount: f64| {
        format!("{}{}", pad(name, NAME), pad_left(&cents(amount), AMOUNT))
    };
    for (name, amount) in sums.steps() {
        rows.push(Row::text(Tone::Plain, line(name.get(lang), amount)));
    }
    let days = format!("{} – {}", clean(&sums.first_day), clean(&sums.last_day));
    rows.push(Row::text(
        Tone::Quiet,
        format!("{}{days}", pad(Word::DaysThatCount.get(lang), NAME)),
    ));
    for left_out in &sums.left_out {
        let name = clean(left_out.title.get(lang));
        let rows_of = words::count(left_out.rows);
        rows.push(Row::text(
            Tone::Quiet,
            format!(
                "{}{}{}",
                pad(&name, NAME),
                pad_left(&rows_of, 9),
                pad_left(&cents(left_out.amount), AMOUNT - 9)
            ),
        ));
    }
    rows
}
