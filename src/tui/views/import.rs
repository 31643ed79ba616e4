//! Reading a file in: pick it, see how its columns and names of events are understood on its first rows, change that,
//! see what would be kept aside and why; nothing is written before a person says so.

use std::path::{Path, PathBuf};

use ratatui::layout::Rect;

use super::{Slot, View, halves, revising};
use crate::events::{EventType, Field, Preview, ShopFile};
use crate::tui::ask::{Ask, Purpose, Typing};
use crate::tui::canvas::{Canvas, List, below};
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, line, paragraph, row};
use crate::tui::message::{Listing, Request};
use crate::tui::overlay::Overlay;
use crate::tui::scroll::Scroll;
use crate::tui::shared::{Shared, quoted};
use crate::tui::theme::Tone;
use crate::tui::words::{self, Word};
use crate::words::{clean, clip};

/// Columns from which mapping and rows stand side by side.
const WIDE: u16 = 120;

/// The view's state.
#[derive(Debug, Default)]
pub struct Import {
    listing: Slot<Listing>,
    /// The file looked at.
    file: Option<PathBuf>,
    preview: Slot<Preview>,
    /// What a person changed.
    own: ShopFile,
    browse: Scroll,
    mapping: Scroll,
    rows: Scroll,
    in_rows: bool,
}

/// A line of the mapping.
enum Entry<'a> {
    /// A field and its column.
    Field(String, Option<&'a str>),
    /// A name of events that is not known, how many rows have it, and the type it is given.
    Kind(&'a str, u64, &'a str),
}

impl Import {
    pub(super) fn take_listing(&mut self, listing: Listing) {
        self.listing = Slot::Ready(listing);
        self.browse.go(0);
    }

    pub(super) fn take_preview(&mut self, path: &Path, preview: Preview) {
        if self.file.as_deref() == Some(path) {
            self.preview = Slot::Ready(preview);
        }
    }

    pub(super) fn fail_preview(&mut self, problem: crate::tui::problem::Problem) {
        self.preview = Slot::Failed(problem);
    }

    pub(super) fn fail_listing(&mut self, problem: crate::tui::problem::Problem) {
        self.listing = Slot::Failed(problem);
    }

    fn look(&mut self, path: PathBuf) -> Vec<Ask> {
        self.own = ShopFile::default();
        self.mapping.go(0);
        self.rows.go(0);
        self.file = Some(path);
        self.look_again()
    }

    fn look_again(&mut self) -> Vec<Ask> {
        let Some(path) = self.file.clone() else {
            return Vec::new();
        };
        if self.preview.ready().is_none() {
            self.preview = Slot::Waiting;
        }
        vec![Ask::Start(Request::Preview(
            path,
            Box::new(self.own.clone()),
        ))]
    }

    fn open(&mut self) -> Vec<Ask> {
        let Some(listing) = self.listing.ready() else {
            return Vec::new();
        };
        let at = self.browse.at();
        let folders = listing.folders.len() + 1;
        if at == 0 {
            let above = listing.folder.parent().unwrap_or(&listing.folder);
            return vec![Ask::Start(Request::Folder(above.to_path_buf()))];
        }
        if at < folders {
            let folder = listing.folder.join(&listing.folders[at - 1]);
            return vec![Ask::Start(Request::Folder(folder))];
        }
        let file = listing
            .files
            .get(at - folders)
            .map(|file| listing.folder.join(&file.0));
        file.map_or_else(Vec::new, |file| {
            self.preview = Slot::Nothing;
            self.look(file)
        })
    }

    /// Fields that a file can't do without and has no column for, fields with one, names of events that are not known, then
    /// the other fields without a column.
    fn entries<'a>(&'a self, preview: &'a Preview) -> Vec<Entry<'a>> {
        let map = &preview.shop.map;
        let of = |field: &Field| map.get(&field.to_string()).map(String::as_str);
        let (with, without): (Vec<_>, Vec<_>) = Field::all().partition(|field| of(field).is_some());
        let (needed, without): (Vec<_>, Vec<_>) = without.into_iter().partition(|field| {
            preview.lacks.is_some() && matches!(field, Field::User | Field::Time)
        });
        let shown = |field: &Field| Entry::Field(field.to_string(), of(field));
        let named = |name: &'a str, rows| {
            let kind = self.own.types.get(name).map_or("other", String::as_str);
            Entry::Kind(name, rows, kind)
        };
        let mut entries: Vec<_> = needed.iter().chain(&with).map(shown).collect();
        entries.extend(
            preview
                .unknown_types
                .iter()
                .map(|(name, rows)| named(name, *rows)),
        );
        let told = self.own.types.keys();
        let told = told.filter(|name| !preview.unknown_types.iter().any(|known| known.0 == **name));
        entries.extend(told.map(|name| named(name, 0)));
        entries.extend(without.iter().map(shown));
        entries
    }

    /// Every column of the file.
    fn columns(preview: &Preview) -> Vec<String> {
        let mut columns: Vec<String> = preview.shop.map.values().cloned().collect();
        columns.extend(preview.unmapped.iter().cloned());
        columns.sort();
        columns.dedup();
        columns
    }

    /// Gives the line under the cursor the next column or type.
    fn change(&mut self, forth: bool) -> Vec<Ask> {
        let Some(preview) = self.preview.ready() else {
            return Vec::new();
        };
        let next = |at: Option<usize>, of: usize| match (at, forth) {
            (None, true) => 0,
            (None, false) => of.saturating_sub(1),
            (Some(at), true) => (at + 1) % of.max(1),
            (Some(at), false) => (at + of.saturating_sub(1)) % of.max(1),
        };
        let (key, value, is_field) = match self.entries(preview).get(self.mapping.at()) {
            Some(Entry::Field(field, column)) => {
                let columns = Self::columns(preview);
                let at = column.and_then(|column| columns.iter().position(|one| one == column));
                match columns.get(next(at, columns.len())) {
                    Some(column) => (field.clone(), column.clone(), true),
                    None => return Vec::new(),
                }
            }
            Some(Entry::Kind(name, _, kind)) => {
                let kinds: Vec<&str> = EventType::all().map(EventType::name).collect();
                let at = kinds.iter().position(|one| one == kind);
                (
                    (*name).to_owned(),
                    kinds[next(at, kinds.len())].to_owned(),
                    false,
                )
            }
            None => return Vec::new(),
        };
        if is_field {
            // A column that was another field's is that one's no more.
            self.own.map.retain(|_, column| *column != value);
            self.own.map.insert(key, value);
        } else {
            self.own.types.insert(key, value);
        }
        self.look_again()
    }

    fn browser(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let Some(listing) = self.listing.ready() else {
            let lines = self.listing.lines(shared, usize::from(area.width));
            let title = Word::Import.get(shared.lang);
            canvas.page(area, &List::new(0, title, true, &lines), &self.browse);
            return;
        };
        let columns = [
            Column::text(usize::from(area.width).saturating_sub(14)),
            Column::number(12),
        ];
        let mut lines = vec![line(Tone::Key, "../")];
        lines.extend(
            listing
                .folders
                .iter()
                .map(|name| line(Tone::Key, format!("{}/", clean(name)))),
        );
        lines.extend(listing.files.iter().map(|(name, bytes)| {
            row(
                &columns,
                [
                    (Tone::Plain, clean(name).as_str()),
                    (Tone::Quiet, &words::bytes(*bytes)),
                ],
            )
        }));
        let folder = clean(&listing.folder.display().to_string());
        let title = format!("{} · {folder}", Word::PickFile.get(shared.lang));
        canvas.list(area, &List::new(0, &title, true, &lines), &self.browse);
    }

    fn mapping_lines(&self, preview: &Preview, shared: &Shared, width: usize) -> Vec<Line> {
        let columns = [Column::text(18), Column::text(width.saturating_sub(20))];
        self.entries(preview)
            .iter()
            .map(|entry| match entry {
                Entry::Field(field, Some(column)) => {
                    let own = self.own.map.get(field).is_some_and(|own| own == column);
                    let tone = if own { Tone::Good } else { Tone::Plain };
                    row(
                        &columns,
                        [
                            (Tone::Key, field.as_str()),
                            (tone, &format!("← {}", clean(column))),
                        ],
                    )
                }
                Entry::Field(field, None) => row(
                    &columns,
                    [
                        (Tone::Quiet, field.as_str()),
                        (Tone::Quiet, Word::NoColumn.get(shared.lang)),
                    ],
                ),
                Entry::Kind(name, rows, kind) => {
                    let tone = if *kind == "other" {
                        Tone::Warning
                    } else {
                        Tone::Good
                    };
                    row(
                        &columns,
                        [
                            (Tone::Key, format!("“{}”", clip(&clean(name), 15)).as_str()),
                            (
                                tone,
                                &format!("→ {kind}  {}", words::rows(*rows, shared.lang)),
                            ),
                        ],
                    )
                }
            })
            .collect()
    }
}

/// The first rows as they would be read.
fn sample(preview: &Preview, shared: &Shared, width: usize) -> Vec<Line> {
    let lang = shared.lang;
    let mut lines: Vec<Line> = paragraph(Tone::Quiet, &clean(&preview.decision), width).collect();
    if let Some(lacks) = &preview.lacks {
        lines.extend(paragraph(Tone::Warning, &clean(&lacks.to_string()), width));
        lines.extend(paragraph(Tone::Plain, Word::SayWhich.get(lang), width));
    }
    let unmapped: Vec<String> = preview.unmapped.iter().map(|name| clean(name)).collect();
    if !unmapped.is_empty() {
        let text = format!("{} {}", Word::Unmapped.get(lang), unmapped.join(", "));
        lines.extend(paragraph(Tone::Quiet, &text, width));
    }
    if preview.lacks.is_some() {
        return lines;
    }
    let columns = [
        Column::number(5),
        Column::text(19),
        Column::text(8),
        Column::text(width.saturating_sub(5 + 19 + 8 + 10 + 7 + 12).max(6)),
        Column::number(10),
        Column::number(7),
    ];
    let words = [
        Word::ColLine,
        Word::ColTime,
        Word::ColType,
        Word::ColProduct,
        Word::ColPrice,
        Word::ColQuantity,
    ];
    lines.push(row(
        &columns,
        words.map(|word| (Tone::Quiet, word.get(lang))),
    ));
    for sample in &preview.rows {
        let at = sample.line.to_string();
        if let Some(problem) = &sample.problem {
            let text = format!("{} {}", Word::WouldBeKeptAside.get(lang), clean(problem));
            lines.push(vec![
                (Tone::Quiet, Column::number(5).cell(&at)),
                (Tone::Warning, format!("  {text}")),
            ]);
            continue;
        }
        let what = if sample.product.is_empty() {
            clean(&sample.query)
        } else {
            clean(&sample.product)
        };
        let number = |value: Option<f64>| value.map_or_else(String::new, crate::words::number);
        lines.push(row(
            &columns,
            [
                (Tone::Quiet, at.as_str()),
                (Tone::Plain, &clean(&sample.time)),
                (Tone::Plain, &sample.kind),
                (Tone::Plain, &what),
                (Tone::Plain, &number(sample.price)),
                (Tone::Plain, &number(sample.quantity)),
            ],
        ));
    }
    lines
}

impl View for Import {
    fn enter(&mut self, _shared: &Shared) -> Vec<Ask> {
        if self.listing.ready().is_some() {
            return Vec::new();
        }
        self.listing = Slot::Waiting;
        vec![Ask::Start(Request::Folder(PathBuf::from(".")))]
    }

    fn reload(&mut self, _shared: &Shared) -> Vec<Ask> {
        match self.listing.ready() {
            Some(listing) if self.file.is_none() => {
                vec![Ask::Start(Request::Folder(listing.folder.clone()))]
            }
            _ => self.look_again(),
        }
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        let looking = self.file.is_some();
        match action {
            Action::TypePath => {
                let folder = self
                    .listing
                    .ready()
                    .map(|listing| format!("{}/", listing.folder.display()));
                let folder = folder.unwrap_or_default();
                return vec![revising::prompt(
                    Purpose::Path,
                    Word::TypePath,
                    &folder,
                    1000,
                    shared,
                )];
            }
            Action::Open if !looking => return self.open(),
            Action::Change | Action::Open | Action::Right if looking => return self.change(true),
            Action::ChangeBack | Action::Left if looking => return self.change(false),
            Action::SwitchPane | Action::PaneBefore => self.in_rows = !self.in_rows,
            Action::Import if self.preview.ready().is_some_and(|one| one.lacks.is_none()) => {
                let Some(path) = self.file.clone() else {
                    return Vec::new();
                };
                let name = clean(&path.display().to_string());
                return vec![Ask::Open(Overlay::Confirm {
                    question: words::read_in(&name, shared.lang),
                    yes: Box::new(Ask::Start(Request::Ingest(
                        path,
                        Box::new(self.own.clone()),
                    ))),
                })];
            }
            action => {
                let scroll = match (looking, self.in_rows) {
                    (false, _) => &self.browse,
                    (true, false) => &self.mapping,
                    (true, true) => &self.rows,
                };
                scroll.step(action);
            }
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        self.in_rows = false;
        self.preview = Slot::Nothing;
        self.file.take().is_some()
    }

    fn prompted(
        &mut self,
        purpose: Purpose,
        text: &str,
        how: Typing,
        _shared: &Shared,
    ) -> Vec<Ask> {
        let path = PathBuf::from(text.trim());
        if purpose != Purpose::Path || how != Typing::Done || text.trim().is_empty() {
            return Vec::new();
        }
        if text.trim().ends_with('/') {
            self.file = None;
            return vec![Ask::Start(Request::Folder(path))];
        }
        self.preview = Slot::Nothing;
        self.look(path)
    }

    fn pasted(&mut self, text: &str, shared: &Shared) -> Vec<Ask> {
        self.prompted(Purpose::Path, text, Typing::Done, shared)
    }

    fn click(&mut self, pane: u8, line: usize, _shared: &Shared) -> Vec<Ask> {
        match pane {
            0 => {
                let was = self.browse.at();
                self.browse.go(line);
                if was == line {
                    return self.open();
                }
            }
            1 => {
                self.in_rows = false;
                self.mapping.go(line);
            }
            _ => self.in_rows = true,
        }
        Vec::new()
    }

    fn wheel(&mut self, pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        match pane {
            0 => self.browse.wheel(lines),
            1 => self.mapping.wheel(lines),
            _ => self.rows.wheel(lines),
        }
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        let Some(file) = &self.file else {
            return shared.command("ingest FILE --dry-run");
        };
        let mut words = format!("ingest {}", quoted(&clean(&file.display().to_string())));
        let join = |pairs: &std::collections::BTreeMap<String, String>| {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            quoted(&clean(&pairs.join(",")))
        };
        if !self.own.map.is_empty() {
            words += &format!(" --map {}", join(&self.own.map));
        }
        if !self.own.types.is_empty() {
            words += &format!(" --map-type {}", join(&self.own.types));
        }
        shared.command(&words)
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let Some(file) = &self.file else {
            self.browser(shared, area, canvas);
            return;
        };
        let name = file
            .file_name()
            .unwrap_or(file.as_os_str())
            .to_string_lossy();
        let title = format!("{} · {}", clean(&name), Word::HowRead.get(shared.lang));
        let Some(preview) = self.preview.ready() else {
            let lines = self.preview.lines(shared, usize::from(area.width));
            canvas.page(area, &List::new(1, &title, true, &lines), &self.rows);
            return;
        };
        let (mapping, rows) = halves(area, WIDE, 34, area.height * 45 / 100);
        let lines = self.mapping_lines(preview, shared, usize::from(mapping.width));
        canvas.list(
            mapping,
            &List::new(1, &title, !self.in_rows, &lines),
            &self.mapping,
        );
        let lines = sample(preview, shared, usize::from(rows.width));
        let title = Word::FirstRows.get(shared.lang);
        let rows = if rows.height > 1 {
            rows
        } else {
            below(rows, 0)
        };
        canvas.page(rows, &List::new(2, title, self.in_rows, &lines), &self.rows);
    }
}
