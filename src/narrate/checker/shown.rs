//! The sentence as shown: every number and every name in it must be the facts' own.

use super::super::slots::{quoted, sanitise};
use super::Complaint;
use crate::records::{Fact, Value};
use crate::words::{self, Lang};

/// Checks a sentence as shown against its facts: each number is a figure of theirs as
/// [`words::show`] writes it, each quoted name one of their names.
#[must_use]
pub fn check_shown(
    text: &str,
    facts: &[&Fact],
    currency: Option<&str>,
    lang: Lang,
) -> Vec<Complaint> {
    let mut figures = Vec::new();
    let mut names = Vec::new();
    for fact in facts {
        for value in std::iter::once(&fact.value).chain(&fact.population) {
            match value {
                Value::Text(name) => names.push(quoted(name, lang)),
                Value::Number(_) => figures.push(words::show(value, fact.unit, currency, lang)),
            }
        }
        // A label may hold a digit of its own ("items of the top 3").
        figures.push(sanitise(fact.label.get(lang)).to_lowercase());
    }
    figures.retain(|figure| figure.contains(char::is_numeric));
    figures.sort_by_key(|figure| std::cmp::Reverse(figure.len()));
    let mut complaints = Vec::new();
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut step = c.len_utf8();
        if c == '“' {
            let Some(name) = names.iter().find(|name| rest.starts_with(name.as_str())) else {
                complaints.push(Complaint::Name(
                    rest.split('”').next().unwrap_or(rest).to_owned(),
                ));
                return complaints;
            };
            step = name.len();
        } else if let Some(figure) = figures.iter().find(|figure| stands(figure, rest, before)) {
            step = figure.len();
        } else if c.is_numeric() {
            step = rest
                .find(|c: char| !c.is_numeric() && !matches!(c, '.' | ','))
                .unwrap_or(rest.len());
            complaints.push(Complaint::Number(rest[..step].to_owned()));
        }
        before = rest[..step].chars().next_back().unwrap_or(' ');
        rest = &rest[step..];
    }
    complaints
}

/// Whether the figure stands at the beginning of `rest` as a whole, not as a part of a longer number.
fn stands(figure: &str, rest: &str, before: char) -> bool {
    let Some(head) = rest.get(..figure.len()) else {
        return false;
    };
    if head != figure && head.to_lowercase() != figure {
        return false;
    }
    let mut after = rest[figure.len()..].chars();
    let (next, second) = (after.next().unwrap_or(' '), after.next().unwrap_or(' '));
    let goes_on =
        next.is_numeric() || next == '%' || matches!(next, '.' | ',') && second.is_numeric();
    !goes_on && !before.is_numeric() && !matches!(before, '-' | '−' | '.' | '£' | '$' | '€' | '¥')
}
