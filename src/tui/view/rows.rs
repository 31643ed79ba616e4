//! Rows of text and of facts, from a scroll position on.

use ratatui::layout::Rect;

use super::Canvas;
use crate::tui::present::{FactRow, Row, signed_bar};
use crate::tui::theme::Tone;
use crate::tui::words::Word;
use crate::tui::wrap::{pad, pad_left};
use crate::words::Lang;

/// Columns to each side of a signed bar's axis.
const BAR_SIDE: u16 = 4;
const NUMBER: u16 = 6;
const GAP: u16 = 2;

/// Places of the columns of the table of facts.
struct Columns {
    label: u16,
    value: u16,
    shop: u16,
    bar: u16,
}

impl Columns {
    fn of(width: u16) -> Self {
        let bar = if width >= 72 { 2 * BAR_SIDE + 2 } else { 0 };
        let rest = width.saturating_sub(bar + NUMBER + 3 * GAP + 1);
        let value = (rest * 27 / 100).min(30);
        let shop = (rest * 23 / 100).min(18);
        Self {
            label: rest.saturating_sub(value + shop).min(48),
            value,
            shop,
            bar,
        }
    }
}

pub(super) fn draw(rows: &[Row], top: usize, area: Rect, canvas: &mut Canvas, lang: Lang) {
    let columns = Columns::of(area.width);
    for (index, row) in rows
        .iter()
        .skip(top)
        .take(usize::from(area.height))
        .enumerate()
    {
        let line = Canvas::row(area, index);
        match row {
            Row::Text(pieces) => {
                canvas.pieces(line, pieces);
            }
            Row::FactHeads => heads(line, &columns, canvas, lang),
            Row::Fact(fact) => draw_fact(fact, line, &columns, canvas),
        }
    }
}

fn heads(line: Rect, columns: &Columns, canvas: &mut Canvas, lang: Lang) {
    let word = |word: Word| word.get(lang);
    let difference = pad_left(word(Word::ColDifference), usize::from(columns.bar + NUMBER));
    cells(
        line,
        columns,
        canvas,
        [
            word(Word::ColFact),
            word(Word::ColValue),
            word(Word::ColShop),
        ],
        Tone::Quiet,
        Tone::Quiet,
    );
    canvas.text(line, difference_at(columns), Tone::Quiet, &difference);
}

fn draw_fact(fact: &FactRow, line: Rect, columns: &Columns, canvas: &mut Canvas) {
    let label = format!("  {}", fact.label);
    cells(
        line,
        columns,
        canvas,
        [&label, &fact.value, &fact.shop],
        Tone::Plain,
        Tone::Quiet,
    );
    let Some(difference) = fact.difference else {
        return;
    };
    let tone = if difference < 0.0 {
        Tone::Less
    } else {
        Tone::More
    };
    let mut at = difference_at(columns);
    if columns.bar > 0 {
        at = canvas.text(
            line,
            at,
            tone,
            &pad(
                &signed_bar(difference, usize::from(BAR_SIDE)),
                usize::from(columns.bar),
            ),
        );
    }
    canvas.text(
        line,
        at,
        tone,
        &pad_left(&format!("{difference:+.2}"), usize::from(NUMBER)),
    );
}

fn difference_at(columns: &Columns) -> u16 {
    columns.label + columns.value + columns.shop + 3 * GAP
}

fn cells(
    line: Rect,
    columns: &Columns,
    canvas: &mut Canvas,
    texts: [&str; 3],
    tone: Tone,
    shop: Tone,
) {
    let [label, value, shop_text] = texts;
    let mut cell = |at: u16, width: u16, tone: Tone, text: &str| {
        canvas.text(
            Rect {
                width: (at + width).min(line.width),
                ..line
            },
            at,
            tone,
            text,
        );
    };
    let value_at = columns.label + GAP;
    let shop_at = value_at + columns.value + GAP;
    cell(0, columns.label, tone, label);
    cell(
        value_at,
        columns.value,
        tone,
        &pad_left(value, usize::from(columns.value)),
    );
    cell(
        shop_at,
        columns.shop,
        shop,
        &pad_left(shop_text, usize::from(columns.shop)),
    );
}
