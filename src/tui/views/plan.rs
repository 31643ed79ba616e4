//! The campaign planned over the run: what is done for each segment, and the messages to pick and edit.

use ratatui::layout::Rect;

use super::{Slot, View, halves, revising};
use crate::pipeline::Revision;
use crate::records::{Action as Planned, Plan};
use crate::tui::ask::{Ask, Purpose, Said, Typing};
use crate::tui::canvas::{Canvas, List};
use crate::tui::keys::Action;
use crate::tui::lines::{Column, Line, blank, line, paragraph, row};
use crate::tui::message::Request;
use crate::tui::problem::Problem;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Shared;
use crate::tui::theme::Tone;
use crate::tui::words::Word;
use crate::words::{clean, number};

/// Columns from which list and page stand side by side.
const WIDE: u16 = 140;
/// Rows of the list on a narrow screen.
const ROWS: u16 = 9;
/// Longest message that can be typed.
const LONG: usize = 4_000;

/// The view's state.
#[derive(Debug, Default)]
pub struct Campaign {
    of: Option<i64>,
    plan: Slot<Option<Plan>>,
    scroll: Scroll,
    page: Scroll,
    in_page: bool,
}

impl Campaign {
    pub(super) fn take(&mut self, plan: Option<Box<Plan>>) {
        self.plan = Slot::Ready(plan.map(|plan| *plan));
    }

    pub(super) fn fail(&mut self, problem: Problem) {
        self.plan = Slot::Failed(problem);
    }

    fn plan(&self) -> Option<&Plan> {
        self.plan.ready()?.as_ref()
    }

    fn selected(&self) -> Option<&Planned> {
        self.plan()?.actions.get(self.scroll.at())
    }

    fn revise(&self, revision: Revision) -> Vec<Ask> {
        let (Some(plan), Some(action)) = (self.plan(), self.selected()) else {
            return Vec::new();
        };
        vec![Ask::Start(Request::RevisePlan(
            plan.id,
            action.segment,
            revision,
        ))]
    }

    fn table(&self, shared: &Shared, width: usize) -> (Line, Vec<Line>) {
        let name = if width >= 90 { 30 } else { 18 };
        let columns = [
            Column::number(2),
            Column::text(name),
            Column::text(width.saturating_sub(2 + name + 8 + 8 + 6 + 10)),
            Column::number(8),
            Column::number(8),
            Column::text(6),
        ];
        let lang = shared.lang;
        let head = row(
            &columns,
            [
                (Tone::Quiet, "#"),
                (Tone::Quiet, Word::ColName.get(lang)),
                (Tone::Quiet, Word::ColGoal.get(lang)),
                (Tone::Quiet, Word::ColAudience.get(lang)),
                (Tone::Quiet, Word::ColHeld.get(lang)),
                (Tone::Quiet, Word::ColChannel.get(lang)),
            ],
        );
        let actions = self.plan().map_or(&[] as &[Planned], |plan| &plan.actions);
        let lines = actions
            .iter()
            .map(|action| {
                row(
                    &columns,
                    [
                        (
                            Tone::Segment(action.segment),
                            action.segment.to_string().as_str(),
                        ),
                        (Tone::Segment(action.segment), &shared.title(action.segment)),
                        (Tone::Plain, &clean(action.title.get(lang))),
                        (Tone::Plain, &number(action.audience as f64)),
                        (Tone::Quiet, &number(action.held as f64)),
                        (Tone::Quiet, action.channel.as_deref().unwrap_or("–")),
                    ],
                )
            })
            .collect();
        (head, lines)
    }

    fn details(&self, shared: &Shared, width: usize) -> Vec<Line> {
        let (Some(plan), Some(action)) = (self.plan(), self.selected()) else {
            return Vec::new();
        };
        let lang = shared.lang;
        let width = width.min(90);
        let mut lines: Vec<Line> = action
            .told(plan, lang)
            .iter()
            .flat_map(|told| paragraph(Tone::Plain, told, width))
            .collect();
        for product in &action.products {
            let told = format!(
                "• {}: {}",
                clean(product.title()),
                clean(&product.reason.say(lang))
            );
            lines.extend(paragraph(Tone::Quiet, &told, width));
        }
        for (at, message) in action.messages.iter().enumerate() {
            lines.push(blank());
            let (tone, mark) = if at == action.picked {
                (Tone::Heading, "▸ ")
            } else {
                (Tone::Quiet, "  ")
            };
            let title = message.title.as_deref().map(clean).unwrap_or_default();
            let head = format!("{mark}{} {title} [{}]", at + 1, message.by.say(lang));
            lines.extend(paragraph(tone, &head, width));
            let tone = if at == action.picked {
                Tone::Plain
            } else {
                Tone::Quiet
            };
            for text in message.text.lines() {
                lines.extend(paragraph(tone, &clean(text), width));
            }
        }
        for note in &plan.notes {
            lines.push(blank());
            lines.extend(paragraph(Tone::Warning, &clean(note.get(lang)), width));
        }
        lines
    }

    fn nothing(&self, shared: &Shared, width: usize) -> Vec<Line> {
        if let Some(task) = shared
            .tasks
            .asked(|request| matches!(request, Request::PlanCampaign(_)))
        {
            let stage = task
                .stage
                .map(|stage| crate::tui::words::stage(stage, task.done, task.total, shared.lang));
            let text = stage.unwrap_or_else(|| Word::Reading.get(shared.lang).to_owned());
            return vec![line(Tone::Quiet, text)];
        }
        let lines = self.plan.lines(shared, width);
        if lines.is_empty() {
            return paragraph(Tone::Quiet, Word::NoPlan.get(shared.lang), width).collect();
        }
        lines
    }
}

impl View for Campaign {
    fn enter(&mut self, shared: &Shared) -> Vec<Ask> {
        let run = shared.run().map(|run| run.id);
        if self.of != run {
            self.scroll.go(0);
            self.plan = Slot::Waiting;
        }
        self.of = run;
        run.map(|run| Ask::Start(Request::Plan(run)))
            .into_iter()
            .collect()
    }

    fn act(&mut self, action: Action, shared: &Shared) -> Vec<Ask> {
        match action {
            Action::SwitchPane | Action::PaneBefore => self.in_page = !self.in_page,
            Action::PlanCampaign => {
                let run = shared.run().map(|run| run.id);
                return run
                    .map(|run| Ask::Start(Request::PlanCampaign(run)))
                    .into_iter()
                    .collect();
            }
            Action::PickMessage => match self.selected() {
                Some(planned) if planned.messages.len() > 1 => {
                    return self.revise(Revision::Pick(
                        (planned.picked + 1) % planned.messages.len(),
                    ));
                }
                _ => {
                    let text = Word::NoOtherMessage.get(shared.lang).to_owned();
                    return vec![Ask::Say(Said::Plain(text))];
                }
            },
            Action::EditMessage if self.selected().is_some_and(|one| one.channel.is_some()) => {
                let message = self.selected().and_then(Planned::message);
                let text = message.map_or("", |message| message.text.as_str());
                return vec![revising::prompt(
                    Purpose::Text,
                    Word::EditMessage,
                    text,
                    LONG,
                    shared,
                )];
            }
            Action::Open => {
                return self
                    .selected()
                    .map(|one| Ask::Select(one.segment))
                    .into_iter()
                    .collect();
            }
            action if self.in_page => {
                self.page.step(action);
            }
            action => {
                if self.scroll.step(action) {
                    self.page.go(0);
                }
            }
        }
        Vec::new()
    }

    fn back(&mut self, _shared: &Shared) -> bool {
        std::mem::take(&mut self.in_page)
    }

    fn prompted(
        &mut self,
        purpose: Purpose,
        text: &str,
        how: Typing,
        _shared: &Shared,
    ) -> Vec<Ask> {
        if purpose != Purpose::Text || how != Typing::Done {
            return Vec::new();
        }
        // The subject stays that of the message that was edited.
        let message = self.selected().and_then(Planned::message);
        self.revise(Revision::Write {
            title: message.and_then(|message| message.title.clone()),
            text: text.to_owned(),
        })
    }

    fn click(&mut self, pane: u8, line: usize, _shared: &Shared) -> Vec<Ask> {
        self.in_page = pane == 1;
        if pane == 0 {
            self.scroll.go(line);
            self.page.go(0);
        }
        Vec::new()
    }

    fn click_at(&mut self, pane: u8, _place: (u16, u16), _shared: &Shared) -> Vec<Ask> {
        self.in_page = pane == 1;
        Vec::new()
    }

    fn wheel(&mut self, pane: u8, lines: isize, _shared: &Shared) -> Vec<Ask> {
        if pane == 1 {
            self.page.wheel(lines);
        } else {
            self.scroll.wheel(lines);
        }
        Vec::new()
    }

    fn command(&self, shared: &Shared) -> String {
        match self.plan() {
            Some(plan) => shared.command(&format!("campaign show {}", plan.id)),
            None => shared.command_of_run("campaign plan"),
        }
    }

    fn draw(&self, shared: &Shared, area: Rect, canvas: &mut Canvas<'_>) {
        let (list_area, page) = halves(area, WIDE, 50, ROWS);
        let (head, mut lines) = self.table(shared, usize::from(list_area.width));
        let marks = !lines.is_empty();
        if !marks {
            lines = self.nothing(shared, usize::from(list_area.width));
        }
        let title = match self.plan() {
            Some(plan) => format!("{} {}", Word::Plan.get(shared.lang), plan.id),
            None => Word::Plan.get(shared.lang).to_owned(),
        };
        let list = List {
            head: Some(head),
            marks,
            ..List::new(0, &title, !self.in_page, &lines)
        };
        canvas.list(list_area, &list, &self.scroll);
        let lines = self.details(shared, usize::from(page.width));
        if !lines.is_empty() {
            let list = List::new(1, Word::PlanWhat.get(shared.lang), self.in_page, &lines);
            canvas.page(page, &list, &self.page);
        }
    }
}
