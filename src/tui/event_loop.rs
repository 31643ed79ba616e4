//! One loop over input, jobs and time: take in everything that is pending, then draw once.

use std::time::Duration;

use crossbeam_channel::{Receiver, after, never, select};

use super::app::{App, End};
use super::jobs::Crew;
use super::message::{Cmd, Msg};
use super::update::update;
use crate::error::Result;

/// Time between two steps of what moves on the screen.
const TICK: Duration = Duration::from_millis(120);

/// Most messages taken in before the screen is drawn, so that a flood cannot freeze it.
const MOST_AT_ONCE: usize = 512;

/// What the loop draws on.
pub trait Screen {
    /// Shows the state.
    fn draw(&mut self, app: &App) -> Result<()>;

    /// Gives the terminal back until the person returns; the next drawing starts from nothing.
    fn suspend(&mut self) -> Result<()>;
}

/// Runs until the state says why it ends. `outside` brings keys, sizes and signals, `news` what jobs say.
///
/// While nothing moves there is no timer: the loop sleeps and the screen is not written to.
pub fn run_loop(
    app: &mut App,
    screen: &mut impl Screen,
    crew: &mut Crew,
    outside: &Receiver<Msg>,
    news: &Receiver<Msg>,
) -> Result<End> {
    take(app, screen, crew, Msg::Start)?;
    loop {
        if app.take_dirty() {
            screen.draw(app)?;
        }
        let tick = if app.is_moving() {
            after(TICK)
        } else {
            never()
        };
        let msg = select! {
            recv(outside) -> msg => msg.unwrap_or_else(|_| Msg::InputLost("its reader stopped".into())),
            recv(news) -> msg => msg.unwrap_or(Msg::Tick),
            recv(tick) -> _ => Msg::Tick,
        };
        take(app, screen, crew, msg)?;
        for _ in 1..MOST_AT_ONCE {
            let Ok(msg) = outside.try_recv().or_else(|_| news.try_recv()) else {
                break;
            };
            take(app, screen, crew, msg)?;
        }
        if let Some(end) = app.end() {
            return Ok(end.clone());
        }
    }
}

fn take(app: &mut App, screen: &mut impl Screen, crew: &mut Crew, msg: Msg) -> Result<()> {
    crew.hear(&msg);
    for command in update(app, msg) {
        match command {
            Cmd::Start(id, request) => crew.start(id, request),
            Cmd::Cancel(id) => crew.cancel(id),
            Cmd::Suspend => screen.suspend()?,
        }
    }
    Ok(())
}
