//! Users in the plane of the first two principal components: dots or signs by segment, and a cursor that names the
//! nearest user.

use std::cell::Cell;

use ratatui::layout::Rect;

use super::{Slot, View};
use crate::explore::{Axis, Map, Point};
use crate::tui::ask::Ask;
use crate::tui::canvas::{Canvas, Hit, below, row};
use crate::tui::chart::Dots;
use crate::tui::keys::Action;
use crate::tui::lines::{Line, line};
use crate::tui::message::Request;
use crate::tui::shared::Shared;
use crate::tui::theme::{Tone, sign};
use crate::tui::words::{self, Word};
use crate::words::clean;

/// Columns from which the legend stands beside the plane.
const WIDE: u16 = 100;
/// Columns of the legend.
const LEGEND: u16 = 34;
/// The closest look.
const CLOSEST: f64 = 64.0;

/// What part of the plane is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Window {
    left: f64,
    right: f64,
    bottom: f64,
    top: f64,
}

/// The view's state.
#[derive(Debug)]
pub struct Plane {
    map: Slot<Option<Map>>,
    of: Option<i64>,
    /// Where most users are: found once, for it takes a sorting of all places.
    all: Window,
    /// The cursor, in the plane.
    at: (f64, f64),
    zoom: f64,
    signs: bool,
    /// Cells of the plane when it was drawn last.
    cells: Cell<(u16, u16)>,
}

impl Default for Plane {
    fn default() -> Self {
        Self {
            map: Slot::Nothing,
            of: None,
            all: extent(&[]),
            at: (0.0, 0.0),
            zoom: 1.0,
            signs: false,
            cells: Cell::new((60, 16)),
        }
    }
}

/// Where most users are: between the percentiles 0.5 and 99.5 of both axes, a little wider.
fn extent(points: &[Point]) -> Window {
    let ends = |pick: fn(&Point) -> f64| {
        let mut values: Vec<f64> = points.iter().map(pick).filter(|v| v.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let last = values.len().saturating_sub(1);
            values.get((share * last as f64).round() as usize).copied()
        };
        let (low, high) = (at(0.005).unwrap_or(-1.0), at(0.995).unwrap_or(1.0));
        let margin = ((high - low) * 0.05).max(0.1);
        (low - margin, high + margin)
    };
    let ((left, right), (bottom, top)) = (ends(|p| p.x), ends(|p| p.y));
    Window {
        left,
        right,
        bottom,
        top,
    }
}

impl Plane {
    pub(super) fn take(&mut self, run: i64, map: Option<Map>) {
        self.of = Some(run);
        self.zoom = 1.0;
        if let Some(map) = &map {
            self.all = extent(&map.points);
            self.at = (
                f64::midpoint(self.all.left, self.all.right),
                f64::midpoint(self.all.bottom, self.all.top),
            );
        }
        self.map = Slot::Ready(map);
    }

    pub(super) fn fail(&mut self, problem: crate::tui::problem::Problem) {
        self.map = Slot::Failed(problem);
    }

    fn map(&self) -> Option<&Map> {
        self.map.ready()?.as_ref()
    }

    /// What is shown at this zoom, with the cursor in it.
    fn window(&self) -> Window {
        let all = self.all;
        let half = |low: f64, high: f64| (high - low) / 2.0 / self.zoom;
        let (wide, high) = (half(all.left, all.right), half(all.bottom, all.top));
        // Not `clamp`: by rounding the ends can cross by a hair at the widest look.
        let x = self.at.0.max(all.left + wide).min(all.right - wide);
        let y = self.at.1.max(all.bottom + high).min(all.top - high);
        Window {
            left: x - wide,
            right: x + wide,
            bottom: y - high,
            top: y + high,
        }
    }

    /// The user nearest to the cursor, as the screen shows distances.
    fn nearest<'a>(&self, map: &'a Map) -> Option<&'a Point> {
        let window = self.window();
        let (wide, high) = (window.right - window.left, window.top - window.bottom);
        let far = |point: &Point| {
            let (x, y) = ((point.x - self.at.0) / wide, (point.y - self.at.1) / high);
            x * x + y * y
        };
        map.points
            .iter()
            .min_by(|one, other| far(one).total_cmp(&far(other)))
    }

    fn step(&mut self, columns: f64, rows: f64) {
        let (all, window, cells) = (self.all, self.window(), self.cells.get());
        let x = (window.right - window.left) / f64::from(cells.0.max(1));
        let y = (window.top - window.bottom) / f64::from(cells.1.max(1));
        self.at.0 = (self.at.0 + columns * x).clamp(all.left, all.right);
        self.at.1 = (self.at.1 + rows * y).clamp(all.bottom, all.top);
    }

    fn legend(map: &Map, shared: &Shared) -> Vec<Line> {
        let mut segments: Vec<u32> = map.points.iter().map(|point| point.segment).collect();
        segments.sort_unstable();
        segments.dedup();
        segments
            .into_iter()
            .map(|id| {
                vec![
                    (Tone::Segment(id), format!("{} ", sign(id))),
                    (Tone::Plain, format!("{id} {}", shared.title(id))),
                ]
            })
            .collect()
    }

    fn axes(map: &Map, shared: &Shared) -> Vec<Line> {
        let text = |name: &str, axis: &Axis| {
            let weights = axis.weights.iter().take(3).map(|(feature, weight)| {
                let feature = clean(feature.rsplit('.').next().unwrap_or(feature));
                format!("{}{feature}", if *weight < 0.0 { "−" } else { "+" })
            });
            let weights: Vec<_> = weights.collect();
            format!(
                "{name} {}: {}",
                words::percent(axis.explained),
                weights.join(" ").replace('_', " ")
            )
        };
        vec![
            line(Tone::Quiet, text("→", &map.axes[0])),
            line(Tone::Quiet, text("↑", &map.axes[1])),
        ]
        .into_iter()
        .chain([line(
            Tone::Quiet,
            words::shown_of(map.points.len(), map.users, shared.lang),
        )])
        .collect()
    }

    fn plane(&self, map: &Map, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        self.cells.set((area.width, area.height));
        canvas.hits.push((area, Hit::Pane(0)));
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let window = self.window();
        let place = |x: f64, y: f64, columns: usize, rows: usize| {
            let right = (x - window.left) / (window.right - window.left);
            let down = (window.top - y) / (window.top - window.bottom);
            let inside = (0.0..1.0).contains(&right) && (0.0..1.0).contains(&down);
            inside.then_some((
                (right * columns as f64) as usize,
                (down * rows as f64) as usize,
            ))
        };
        let mut dots = Dots::new(width, height);
        for point in &map.points {
            if let Some((column, row)) = place(point.x, point.y, width * 2, height * 4) {
                dots.set(column, row, point.segment);
            }
        }
        // Without colour dots would not tell whose they are.
        let signs = self.signs || shared.theme.is_plain();
        for y in 0..height {
            let line = row(area, y);
            for x in 0..width {
                let Some((dot, segment, _)) = dots.cell(x, y) else {
                    continue;
                };
                let text = if signs { sign(segment) } else { dot };
                canvas.text(
                    line,
                    x as u16,
                    Tone::Segment(segment),
                    text.encode_utf8(&mut [0; 4]),
                );
            }
        }
        if let Some((x, y)) = place(self.at.0, self.at.1, width, height) {
            let cell = Rect {
                x: area.x + x as u16,
                y: area.y + y as u16,
                width: 1,
                height: 1,
            };
            canvas.text(cell, 0, Tone::Selected, "✚");
            canvas.paint(cell, Tone::Selected);
        }
    }
}

impl View for Plane {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        let run = shared.run().map(|run| run.id);
        if run == self.of || matches!(self.map, Slot::Waiting) {
            return Vec::new();
        }
        self.reload(shared)
    }

    fn reload(&mut self, shared: &Shared) -> Vec<Ask> {
        let Some(run) = shared.run() else {
            return Vec::new();
        };
        self.of = Some(run.id);
        self.map = Slot::Waiting;
        vec![Ask::Start(Request::Map(run.id))]
    }

    fn act(&mut self, action: Action, _shared: &Shared) -> Vec<Ask> {
        match action {
            Action::Left => self.step(-1.0, 0.0),
            Action::Right => self.step(1.0, 0.0),
            Action::Up => self.step(0.0, 1.0),
            Action::Down => self.step(0.0, -1.0),
            Action::PageUp => self.step(0.0, 8.0),
            Action::PageDown => self.step(0.0, -8.0),
            Action::First => self.step(-16.0, 0.0),
            Action::Last => self.step(16.0, 0.0),
            Action::ZoomIn => self.zoom = (self.zoom * 2.0).min(CLOSEST),
            Action::ZoomOut => self.zoom = (self.zoom / 2.0).max(1.0),
            Action::Marks => self.signs = !self.signs,
            Action::Open => {
                let nearest = self.map().and_then(|map| self.nearest(map));
                return nearest
                    .map_or_else(Vec::new, |point| vec![Ask::User(point.pseudonym.clone())]);
            }
            _ => {}
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        let closer = self.zoom > 1.0;
        self.zoom = 1.0;
        closer
    }

    fn click_at(&mut self, _pane: u8, place: (u16, u16), _shared: &Shared) -> Vec<Ask> {
        let (window, cells) = (self.window(), self.cells.get());
        let right = (f64::from(place.0) + 0.5) / f64::from(cells.0.max(1));
        let down = (f64::from(place.1) + 0.5) / f64::from(cells.1.max(1));
        self.at = (
            window.left + right * (window.right - window.left),
            window.top - down * (window.top - window.bottom),
        );
        Vec::new()
    }

    fn wheel(&mut self, _pane: u8, lines: isize, shared: &Shared) -> Vec<Ask> {
        let zoom = if lines < 0 {
            Action::ZoomIn
        } else {
            Action::ZoomOut
        };
        self.act(zoom, shared)
    }

    fn command(&self, shared: &Shared) -> String {
        let nearest = self.map().and_then(|map| self.nearest(map));
        match nearest {
            Some(point) => shared.command_of_run(&format!("show user {}", clean(&point.pseudonym))),
            None => shared.command_of_run("show users"),
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let title = Word::MapTitle.get(shared.lang);
        let zoom = if self.zoom > 1.0 {
            format!("×{}", self.zoom)
        } else {
            String::new()
        };
        let body = canvas.rule(area, title, true, &zoom);
        let Some(map) = self.map() else {
            let mut lines = self.map.lines(shared, usize::from(body.width));
            if self.map.ready().is_some() {
                lines.push(line(Tone::Quiet, Word::NoMap.get(shared.lang)));
            }
            canvas.lines(body, &lines);
            return;
        };
        let mut about = Self::axes(map, shared);
        if let Some(nearest) = self.nearest(map) {
            about.push(vec![
                (Tone::Key, format!("✚ {} ", clean(&nearest.pseudonym))),
                (
                    Tone::Segment(nearest.segment),
                    format!("{} ", sign(nearest.segment)),
                ),
                (Tone::Plain, shared.title(nearest.segment)),
            ]);
        }
        let legend = Self::legend(map, shared);
        if area.width >= WIDE {
            let plane = Rect {
                width: body.width - LEGEND - 2,
                ..body
            };
            let side = Rect {
                x: body.x + plane.width + 2,
                width: LEGEND,
                ..body
            };
            self.plane(map, shared, plane, canvas);
            canvas.lines(side, &legend);
            let rows = u16::try_from(legend.len() + 1).unwrap_or(u16::MAX);
            canvas.lines(below(side, rows), &about);
        } else {
            let columns = usize::from(body.width) / 2;
            let rows: Vec<Line> = legend
                .chunks(2)
                .map(|pair| {
                    let mut joined = Line::new();
                    for (index, line) in pair.iter().enumerate() {
                        let text = crate::words::clip(&line[1].1, columns.saturating_sub(4));
                        joined.push(line[0].clone());
                        joined.push((
                            Tone::Plain,
                            if index == 0 {
                                crate::tui::wrap::pad(&text, columns - 2)
                            } else {
                                text
                            },
                        ));
                    }
                    joined
                })
                .collect();
            let used = u16::try_from(rows.len() + about.len()).unwrap_or(u16::MAX);
            let plane = Rect {
                height: body.height.saturating_sub(used).max(4).min(body.height),
                ..body
            };
            self.plane(map, shared, plane, canvas);
            let mut lines = rows;
            lines.extend(about);
            canvas.lines(below(body, plane.height), &lines);
        }
    }
}
