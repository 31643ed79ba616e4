//! What background work brings back.

use super::asks::all;
use super::press::pinned;
use crate::tui::app::App;
use crate::tui::ask::{Ask, Said};
use crate::tui::message::{Cmd, JobEvent, JobId, Outcome, Request};
use crate::tui::overlay::{Overlay, Page};
use crate::tui::problem::Problem;
use crate::tui::scroll::Scroll;
use crate::tui::shared::Data;
use crate::tui::tasks::State;
use crate::tui::views::ViewId;
use crate::tui::words::{self, Word};

pub(super) fn hear(app: &mut App, id: JobId, event: JobEvent) -> Vec<Cmd> {
    let (state, outcome) = match event {
        JobEvent::Progress(update, age) => {
            app.dirty |= app.shared.tasks.hear(id, update, age);
            return Vec::new();
        }
        JobEvent::Done(outcome) => (State::Done, Ok(outcome)),
        JobEvent::Failed(problem) => (State::Failed(problem.clone()), Err(Some(problem))),
        JobEvent::Cancelled => (State::Cancelled, Err(None)),
    };
    let Some(request) = app.shared.tasks.end(id, state) else {
        return Vec::new();
    };
    app.dirty = true;
    match outcome {
        Ok(outcome) => done(app, &request, outcome),
        Err(Some(problem)) => failed(app, &request, problem),
        Err(None) => cancelled(app, &request),
    }
}

fn done(app: &mut App, request: &Request, outcome: Outcome) -> Vec<Cmd> {
    match outcome {
        Outcome::Loaded(run) => loaded(app, run, matches!(request, Request::Load(Some(_)))),
        Outcome::Changed(newer) => {
            let said = words::ended(request, newer, app.shared.lang);
            app.shared.said = Some(Said::Good(said));
            let run = match newer {
                Some(_) => None,
                None => pinned(app),
            };
            let asks = if matches!(
                request,
                Request::Demo | Request::Ingest(..) | Request::Make(..)
            ) {
                vec![Ask::Start(Request::Load(run)), Ask::Go(ViewId::Segments)]
            } else {
                vec![Ask::Start(Request::Load(run))]
            };
            all(app, asks)
        }
        outcome => {
            let asks = app.views.hear(request, outcome, &app.shared);
            all(app, asks)
        }
    }
}

fn loaded(app: &mut App, run: Option<Box<crate::records::Run>>, opened: bool) -> Vec<Cmd> {
    let lang = app.shared.lang;
    let said = match (&app.shared.data, &run) {
        (Data::Ready(old), Some(new)) if old.id != new.id => {
            Some(Said::Good(words::loaded(new.id, lang)))
        }
        (Data::Ready(old), Some(new)) if old == new && app.shared.said.is_none() => {
            Some(Said::Plain(Word::NothingNew.get(lang).into()))
        }
        _ => None,
    };
    app.shared.said = said.or(app.shared.said.take());
    app.shared.is_pinned = opened && run.is_some();
    app.shared.data = run.map_or(Data::Empty, Data::Ready);
    let has = app.shared.segment().is_some();
    if !has {
        let first = app.shared.run().and_then(|run| run.segments.first());
        app.shared.selected = first.map(|segment| segment.id);
    }
    app.shared.rested = app.shared.selected;
    let asks = app.views.get_mut(app.view).enter(&app.shared);
    all(app, asks)
}

fn failed(app: &mut App, request: &Request, problem: Problem) -> Vec<Cmd> {
    if matches!(request, Request::Load(_)) && app.shared.run().is_none() {
        app.shared.data = Data::Failed(problem);
        return Vec::new();
    }
    if app.views.fail(request, &problem) {
        return Vec::new();
    }
    app.overlays
        .retain(|overlay| !matches!(overlay, Overlay::Page(Page::Trouble(_), _)));
    let page = Overlay::Page(Page::Trouble(problem), Scroll::default());
    app.overlays.push(page);
    Vec::new()
}

fn cancelled(app: &mut App, request: &Request) -> Vec<Cmd> {
    let stopped = Word::Stopped.get(app.shared.lang).to_owned();
    app.shared.said = Some(Said::Plain(stopped.clone()));
    app.views.fail(
        request,
        &Problem::Error {
            message: stopped,
            mend: String::new(),
        },
    );
    // A job that was stopped may have kept something before.
    if request.is_job() {
        let run = pinned(app);
        return app.shared.tasks.begin(Request::Load(run));
    }
    Vec::new()
}
