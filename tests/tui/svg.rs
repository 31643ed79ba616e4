//! A terminal's screen as an SVG drawing.

use std::fmt::Write;

use vt100::{Cell, Color, Screen};

/// Pixels of a cell.
const WIDE: u16 = 8;
const HIGH: u16 = 17;
/// From a line's top to its baseline.
const BASE: u16 = 13;
/// Around the screen.
const MARGIN: u16 = 12;
const PAPER: &str = "#16181d";
const INK: &str = "#d7dae0";

/// The first 16 of a terminal's colours, as most have them on a dark ground.
const NAMED: [&str; 16] = [
    "#16181d", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0",
    "#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#ffffff",
];

/// How a run of cells looks.
#[derive(PartialEq)]
struct Looks {
    paper: Option<String>,
    /// Attributes of its text.
    ink: String,
}

impl Looks {
    fn of(cell: &Cell) -> Self {
        let (ink, paper) = (color(cell.fgcolor()), color(cell.bgcolor()));
        let ink = ink.unwrap_or_else(|| INK.to_owned());
        let (ink, paper) = if cell.inverse() {
            (paper.unwrap_or_else(|| PAPER.to_owned()), Some(ink))
        } else {
            (ink, paper)
        };
        let mut ink = format!("fill=\"{ink}\"");
        for (is_set, attribute) in [
            (cell.bold(), " font-weight=\"bold\""),
            (cell.dim(), " opacity=\"0.65\""),
            (cell.italic(), " font-style=\"italic\""),
            (cell.underline(), " text-decoration=\"underline\""),
        ] {
            if is_set {
                ink += attribute;
            }
        }
        Self { paper, ink }
    }
}

/// A colour; none for the terminal's own.
fn color(color: Color) -> Option<String> {
    match color {
        Color::Default => None,
        Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        Color::Idx(index @ 0..16) => Some(NAMED[usize::from(index)].to_owned()),
        Color::Idx(index @ 16..232) => {
            let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
            let at = index - 16;
            let (red, green, blue) = (step(at / 36), step(at / 6 % 6), step(at % 6));
            Some(format!("#{red:02x}{green:02x}{blue:02x}"))
        }
        Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            Some(format!("#{grey:02x}{grey:02x}{grey:02x}"))
        }
    }
}

/// Draws a screen; `title` is what it shows, for whoever can't see it.
pub fn draw(screen: &Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = (columns * WIDE + 2 * MARGIN, rows * HIGH + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"'DejaVu Sans Mono','Noto Sans Mono CJK SC',Menlo,Consolas,monospace\" font-size=\"13\">\n",
        escaped(title)
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let Some(first) = screen.cell(row, column) else {
                break;
            };
            let looks = Looks::of(first);
            let (start, mut text) = (column, String::new());
            let is_wide = first.is_wide();
            // Signs of one width and look go together, so that a font which draws one wider moves no other.
            while let Some(cell) = screen.cell(row, column)
                && column < columns
                && Looks::of(cell) == looks
                && cell.is_wide() == is_wide
                && (text.is_empty() || is_plain(cell) && !is_wide)
            {
                text.push_str(if cell.contents().is_empty() {
                    " "
                } else {
                    cell.contents()
                });
                let has_more = is_plain(cell);
                column += if is_wide { 2 } else { 1 };
                if !has_more {
                    break;
                }
            }
            run(&mut svg, (row, start, column - start), &looks, &text);
        }
    }
    svg + "</g>\n</svg>\n"
}

/// Whether every font draws a cell as wide as it is.
fn is_plain(cell: &Cell) -> bool {
    cell.contents().is_ascii()
}

fn run(svg: &mut String, (row, start, cells): (u16, u16, u16), looks: &Looks, text: &str) {
    let (x, y) = (MARGIN + start * WIDE, MARGIN + row * HIGH);
    let width = cells * WIDE;
    if let Some(paper) = &looks.paper {
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HIGH}\" fill=\"{paper}\"/>"
        );
    }
    for (offset, words, cells) in parts(text, cells) {
        let (x, width) = (x + offset * WIDE, cells * WIDE);
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\" {}>{}</text>",
            y + BASE,
            looks.ink,
            escaped(words)
        );
    }
}

/// A run's words with the cell at which they begin, and how many they take: cut where blanks stand together, which a browser
/// makes one.
fn parts(text: &str, cells: u16) -> Vec<(u16, &str, u16)> {
    if !text.is_ascii() {
        return vec![(0, text, cells)];
    }
    let mut found = Vec::new();
    let mut at = 0;
    for part in text.split("  ") {
        let words = part.trim();
        if !words.is_empty() {
            let lead = part.len() - part.trim_start().len();
            found.push(((at + lead) as u16, words, words.len() as u16));
        }
        at += part.len() + 2;
    }
    found
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
