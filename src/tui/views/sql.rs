//! A read-only prompt over the event store and the run's tables.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr;

use super::{Slot, View, revising};
use crate::explore::{Relation, Table};
use crate::tui::ask::{Ask, Purpose, Said, Typing};
use crate::tui::canvas::{Canvas, List, below, row};
use crate::tui::field::{Field, Typed};
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, line};
use crate::tui::memory::Memory;
use crate::tui::message::Request;
use crate::tui::scroll::Scroll;
use crate::tui::shared::{Shared, quoted};
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::clean;

/// Longest query.
const LONGEST: usize = 8_000;
/// Queries that are remembered.
const HISTORY: usize = 100;
/// Rows of the query's pane, its rule and its hint.
const QUERY: u16 = 6;
/// Widest column of a result.
const WIDEST: usize = 40;
/// Words that complete beside names of tables and columns.
const KEYWORDS: [&str; 24] = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "ORDER BY",
    "LIMIT",
    "JOIN",
    "LEFT JOIN",
    "USING",
    "ON",
    "AS",
    "DISTINCT",
    "HAVING",
    "COUNT",
    "SUM",
    "AVG",
    "MIN",
    "MAX",
    "MEDIAN",
    "CASE",
    "DESCRIBE",
    "SUMMARIZE",
    "BETWEEN",
    "DESC",
];

/// The view's state.
#[derive(Debug)]
pub struct Sql {
    field: Field,
    is_typing: bool,
    schema: Slot<Vec<Relation>>,
    /// The run whose tables are known; none of a workspace without runs.
    schema_of: Option<i64>,
    is_asked: bool,
    table: Slot<Table>,
    /// The result as lines from `column` on: made once, not for each frame.
    lines: (Line, Vec<Line>),
    /// The query that the result is of.
    asked: String,
    history: Vec<String>,
    /// Place in the history while walking through it; its length: the query being typed.
    at: usize,
    scroll: Scroll,
    column: usize,
}

impl Default for Sql {
    fn default() -> Self {
        Self {
            field: Field::new("", LONGEST),
            is_typing: false,
            schema: Slot::Nothing,
            schema_of: None,
            is_asked: false,
            table: Slot::Nothing,
            lines: (Line::new(), Vec::new()),
            asked: String::new(),
            history: Vec::new(),
            at: 0,
            scroll: Scroll::default(),
            column: 0,
        }
    }
}

/// Whether a query could hold an id or address of the shop's own, which no file may hold: quoted text with a digit or an
/// `@` that is neither a date nor a time nor a pseudonym.
fn may_name_somebody(query: &str) -> bool {
    query.split('\'').skip(1).step_by(2).any(|text| {
        let time = text.contains(['-', ':'])
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || "-: .".contains(c));
        let pseudonym =
            text.len() == 16 && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
        text.contains(|c: char| c.is_ascii_digit() || c == '@') && !time && !pseudonym
    })
}

/// Columns as wide as their first cells.
fn columns(table: &Table) -> Vec<Column> {
    table
        .columns
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let cells = table
                .rows
                .iter()
                .take(200)
                .filter_map(|row| row.get(at)?.as_deref());
            let width = cells
                .map(|cell| clean(cell).width())
                .chain([clean(name).width()])
                .max();
            Column {
                width: width.unwrap_or(1).clamp(1, WIDEST),
                right: table.numeric.get(at).copied().unwrap_or(false),
            }
        })
        .collect()
}

/// A result as its heads and lines, from a column on.
fn result(table: &Table, from: usize) -> (Line, Vec<Line>) {
    let columns = columns(table);
    let line_of = |cells: Vec<(Tone, String)>| {
        let cells = cells
            .iter()
            .skip(from)
            .map(|(tone, text)| (*tone, text.as_str()));
        crate::tui::lines::row(&columns[from.min(columns.len())..], cells)
    };
    let head = line_of(
        table
            .columns
            .iter()
            .map(|name| (Tone::Heading, clean(name)))
            .collect(),
    );
    let lines = table
        .rows
        .iter()
        .map(|row| {
            let cell = |cell: &Option<String>| match cell {
                Some(text) => (Tone::Plain, clean(text)),
                None => (Tone::Quiet, "NULL".to_owned()),
            };
            line_of(row.iter().map(cell).collect())
        })
        .collect();
    (head, lines)
}

/// What is said when a result was written.
pub(super) fn saved(rows: u64, path: &Path, shared: &Shared) -> Vec<Ask> {
    let path = clean(&path.display().to_string());
    vec![Ask::Say(Said::Good(words::saved(rows, &path, shared.lang)))]
}

impl Sql {
    pub(super) fn recall(&mut self, memory: &Memory) {
        self.history.clone_from(&memory.queries);
        self.at = self.history.len();
    }

    pub(super) fn remember(&self, memory: &mut Memory) {
        let kept = self
            .history
            .iter()
            .filter(|query| !may_name_somebody(query));
        memory.queries = kept.cloned().collect();
    }

    pub(super) fn take_schema(&mut self, schema: Vec<Relation>) {
        self.schema = Slot::Ready(schema);
    }

    pub(super) fn take(&mut self, table: Table) {
        self.column = 0;
        self.lines = result(&table, 0);
        self.table = Slot::Ready(table);
        self.scroll.go(0);
        self.is_typing = false;
    }

    pub(super) fn fail(&mut self, problem: crate::tui::problem::Problem) {
        self.table = Slot::Failed(problem);
    }

    pub(super) fn fail_schema(&mut self, problem: crate::tui::problem::Problem) {
        self.schema = Slot::Failed(problem);
    }

    fn run(&mut self, shared: &Shared) -> Vec<Ask> {
        let query = self.field.text().trim().to_owned();
        if query.is_empty() {
            return Vec::new();
        }
        self.history.retain(|old| *old != query);
        self.history.push(query.clone());
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
        self.at = self.history.len();
        self.asked.clone_from(&query);
        self.table = Slot::Waiting;
        let run = shared.run().map(|run| run.id);
        vec![Ask::Start(Request::Query(run, query))]
    }

    /// Shows the result from another column on.
    fn turn(&mut self, column: usize) {
        if let Some(table) = self.table.ready() {
            self.column = column.min(table.columns.len().saturating_sub(1));
            self.lines = result(table, self.column);
        }
    }

    fn walk(&mut self, forth: bool) {
        let to = if forth {
            (self.at + 1).min(self.history.len())
        } else {
            self.at.saturating_sub(1)
        };
        if to != self.at {
            self.at = to;
            let text = self.history.get(to).cloned().unwrap_or_default();
            self.field.set(&text);
        }
    }

    /// The word before the cursor, and what could complete it: names first, then words of SQL.
    fn completions(&self) -> (usize, Vec<String>) {
        let before = self.field.before();
        let word = before
            .rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
            .next()
            .unwrap_or_default();
        if word.is_empty() {
            return (0, Vec::new());
        }
        // After a dot the columns of the table before it.
        let (table, part) = match word.rsplit_once('.') {
            Some((table, part)) => (Some(table.to_lowercase()), part),
            None => (None, word),
        };
        let schema = self.schema.ready().map_or(&[][..], Vec::as_slice);
        let begins = |name: &str| {
            name.len() > part.len() && name.to_lowercase().starts_with(&part.to_lowercase())
        };
        let mut found: Vec<String> = Vec::new();
        for relation in schema {
            let own = table
                .as_ref()
                .is_none_or(|table| relation.name.to_lowercase() == *table);
            if own && table.is_some() {
                found.extend(
                    relation
                        .columns
                        .iter()
                        .map(|c| c.0.clone())
                        .filter(|c| begins(c)),
                );
            }
        }
        if table.is_none() {
            found.extend(
                schema
                    .iter()
                    .map(|r| r.name.clone())
                    .filter(|name| begins(name)),
            );
            let columns = schema.iter().flat_map(|r| &r.columns);
            found.extend(columns.map(|c| c.0.clone()).filter(|c| begins(c)));
            found.extend(
                KEYWORDS
                    .map(str::to_owned)
                    .into_iter()
                    .filter(|word| begins(word)),
            );
        }
        let mut seen = std::collections::HashSet::new();
        found.retain(|name| seen.insert(name.clone()));
        found.truncate(8);
        (part.len(), found)
    }

    fn complete(&mut self) {
        let (bytes, found) = self.completions();
        if let Some(first) = found.first() {
            self.field.complete(bytes, first);
        }
    }

    fn draw_query(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let title = Word::Query.get(shared.lang);
        let body = canvas.rule(area, title, self.is_typing, Word::ReadOnly.get(shared.lang));
        let width = usize::from(body.width.saturating_sub(2));
        let (lines, (at, column)) = self.field.lines(width);
        let rows = usize::from(body.height.saturating_sub(1)).max(1);
        let top = (at + 1).saturating_sub(rows);
        if self.field.text().is_empty() && !self.is_typing {
            let text = Word::SqlHint.get(shared.lang);
            canvas.text(row(body, 0), 2, Tone::Quiet, text);
        }
        for (index, text) in lines.iter().skip(top).take(rows).enumerate() {
            canvas.text(row(body, index), 2, Tone::Plain, text);
        }
        canvas.text(row(body, 0), 0, Tone::Key, "›");
        if self.is_typing {
            canvas.cursor = Some(Position::new(
                (body.x + 2 + column as u16).min(body.right().saturating_sub(1)),
                body.y + (at - top) as u16,
            ));
            let (_, found) = self.completions();
            let mut pieces = Line::new();
            for (index, name) in found.iter().enumerate() {
                let tone = if index == 0 { Tone::Key } else { Tone::Quiet };
                pieces.push((tone, format!("{}  ", clean(name))));
            }
            if !found.is_empty() {
                pieces.insert(0, (Tone::Quiet, "  Tab ".to_owned()));
            }
            canvas.pieces(row(body, rows), &pieces);
        }
    }

    /// The tables that can be asked, while there is no result.
    fn tables(&self, shared: &Shared, width: usize) -> Vec<Line> {
        let mut lines = self.schema.lines(shared, width);
        for relation in self.schema.ready().map_or(&[][..], Vec::as_slice) {
            let columns: Vec<String> = relation
                .columns
                .iter()
                .map(|column| clean(&column.0))
                .collect();
            lines.extend(crate::tui::lines::pair(
                &clean(&relation.name),
                &columns.join(", "),
                26.min(width / 3),
                width,
            ));
        }
        lines
    }
}

impl View for Sql {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        let run = shared.run().map(|run| run.id);
        if self.is_asked && self.schema_of == run {
            return Vec::new();
        }
        self.schema_of = run;
        self.is_asked = true;
        self.schema = Slot::Waiting;
        vec![Ask::Start(Request::Schema(run))]
    }

    fn reload(&mut self, shared: &Shared) -> Vec<Ask> {
        self.is_asked = false;
        self.enter(shared)
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        match action {
            Action::EditQuery | Action::Open | Action::SwitchPane | Action::PaneBefore => {
                self.is_typing = true;
            }
            Action::Left => self.turn(self.column.saturating_sub(1)),
            Action::Right => self.turn(self.column + 1),
            Action::Save if self.table.ready().is_some() => {
                return vec![revising::prompt(
                    Purpose::Out,
                    Word::SaveTo,
                    "",
                    1000,
                    shared,
                )];
            }
            action => {
                self.scroll.step(action);
            }
        }
        Vec::new()
    }

    fn is_typing(&self) -> bool {
        self.is_typing
    }

    fn typed(&mut self, key: KeyEvent, shared: &Shared) -> Vec<Ask> {
        match key.code {
            KeyCode::Up => self.walk(false),
            KeyCode::Down => self.walk(true),
            KeyCode::Tab => self.complete(),
            _ => match self.field.press(key) {
                Typed::Done => return self.run(shared),
                Typed::Left => {
                    self.is_typing = false;
                    let asked = shared
                        .tasks
                        .asked(|request| matches!(request, Request::Query(..)));
                    return asked.map(|task| Ask::Cancel(task.id)).into_iter().collect();
                }
                _ => {}
            },
        }
        Vec::new()
    }

    fn pasted(&mut self, text: &str, _shared: &Shared) -> Vec<Ask> {
        self.is_typing = true;
        self.field.insert(text);
        Vec::new()
    }

    fn prompted(&mut self, purpose: Purpose, text: &str, how: Typing, shared: &Shared) -> Vec<Ask> {
        if purpose != Purpose::Out || how != Typing::Done || text.trim().is_empty() {
            return Vec::new();
        }
        let run = shared.run().map(|run| run.id);
        let out = PathBuf::from(text.trim());
        vec![Ask::Start(Request::Save(run, self.asked.clone(), out))]
    }

    fn click(&mut self, pane: u8, line: usize, _shared: &Shared) -> Vec<Ask> {
        self.is_typing = pane == 0;
        if pane == 1 {
            self.scroll.go(line);
        }
        Vec::new()
    }

    fn click_at(&mut self, pane: u8, _place: (u16, u16), _shared: &Shared) -> Vec<Ask> {
        self.is_typing = pane == 0;
        Vec::new()
    }

    fn wheel(&mut self, _pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        self.scroll.wheel(lines);
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        let query = if self.asked.is_empty() {
            self.field.text()
        } else {
            &self.asked
        };
        shared.command_of_run(&format!("sql {}", quoted(&query.replace('\n', " "))))
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let height = QUERY.min(area.height / 2);
        let query = Rect { height, ..area };
        canvas.hits.push((query, crate::tui::canvas::Hit::Pane(0)));
        self.draw_query(shared, query, canvas);
        let rest = below(area, height);
        let width = usize::from(rest.width);
        if let Some(table) = self.table.ready() {
            let (head, lines) = &self.lines;
            let none = [line(Tone::Quiet, Word::NoRows.get(shared.lang))];
            let marks = !lines.is_empty();
            let title = words::result(table, self.column, shared.lang);
            let list = List {
                head: Some(head.clone()),
                marks,
                ..List::new(
                    1,
                    &title,
                    !self.is_typing,
                    if marks { lines } else { &none },
                )
            };
            canvas.list(rest, &list, &self.scroll);
            return;
        }
        let mut lines = self.table.lines(shared, width);
        if matches!(self.table, Slot::Nothing) {
            lines = self.tables(shared, width);
        }
        let title = Word::Tables.get(shared.lang);
        canvas.page(
            rest,
            &List::new(1, title, !self.is_typing, &lines),
            &self.scroll,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_could_name_a_user_is_not_remembered() {
        for (query, named) in [
            ("SELECT 42 FROM events WHERE type = 'view'", false),
            (
                "SELECT * FROM events WHERE time > '2026-01-01 10:00'",
                false,
            ),
            (
                "SELECT * FROM members WHERE \"user\" = 'abcdefgh234567ab'",
                false,
            ),
            ("SELECT '17850'", true),
            ("SELECT 'it''s anna@example.org'", true),
        ] {
            assert_eq!(may_name_somebody(query), named, "{query}");
        }
    }
}
