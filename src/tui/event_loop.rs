//! One loop over input, jobs and time: take in everything that is pending, then draw once.

use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, after, never, select};

use super::app::{App, End};
use super::jobs::Crew;
use super::message::{Cmd, Msg};
use super::pace::Pace;
use super::update::update;
use crate::error::Result;

/// Most messages taken in before the screen is drawn, so that a flood cannot freeze it.
const MOST_AT_ONCE: usize = 512;

/// What the loop draws on.
pub trait Screen {
    /// Shows the state.
    fn draw(&mut self, app: &App) -> Result<()>;

    /// Gives the terminal back until the person returns; the next drawing starts from nothing.
    fn suspend(&mut self) -> Result<()>;

    /// Puts a text on the person's clipboard.
    fn copy(&mut self, text: &str) -> Result<()>;

    /// Takes the mouse, or leaves it to the terminal.
    fn mouse(&mut self, taken: bool) -> Result<()>;
}

/// Times of the loop's own: nothing of them is part of the state.
struct Clock {
    pace: Pace,
    drawn: Instant,
    keyed: bool,
    ticked: Instant,
    touched: Instant,
}

impl Clock {
    /// The least time between the last frame and the next.
    fn gap(&self) -> Duration {
        if self.keyed {
            self.pace.keys
        } else {
            self.pace.news
        }
    }

    /// How long until the next thing that time alone brings; none where the loop can sleep until there is news.
    fn wait(&self, app: &App) -> Option<Duration> {
        let draw = app.is_dirty().then(|| self.drawn + self.gap());
        let rest = app.is_restless().then(|| self.touched + self.pace.rest);
        let tick = app.is_moving().then(|| self.ticked + self.pace.tick);
        let next = [draw, rest, tick].into_iter().flatten().min()?;
        Some(next.saturating_duration_since(Instant::now()))
    }
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
    pace: Pace,
) -> Result<End> {
    let start = Instant::now();
    let mut clock = Clock {
        pace,
        drawn: start.checked_sub(Duration::from_secs(1)).unwrap_or(start),
        keyed: false,
        ticked: start,
        touched: start,
    };
    take(app, screen, crew, Msg::Start)?;
    loop {
        if app.is_dirty() && clock.drawn.elapsed() >= clock.gap() {
            app.take_dirty();
            screen.draw(app)?;
            clock.drawn = Instant::now();
            clock.keyed = false;
        }
        let timer = clock.wait(app).map_or_else(never, after);
        let msg = select! {
            recv(outside) -> msg => Some(msg.unwrap_or_else(|_| Msg::InputLost("its reader stopped".into()))),
            recv(news) -> msg => msg.ok(),
            recv(timer) -> _ => None,
        };
        let now = Instant::now();
        if let Some(msg) = msg {
            let mut next = Some(msg);
            for _ in 0..MOST_AT_ONCE {
                let Some(msg) = next.take() else {
                    break;
                };
                if matches!(msg, Msg::Key(_) | Msg::Mouse(_) | Msg::Paste(_)) {
                    clock.touched = now;
                    clock.keyed = true;
                }
                take(app, screen, crew, msg)?;
                next = outside.try_recv().or_else(|_| news.try_recv()).ok();
            }
            if let Some(msg) = next {
                take(app, screen, crew, msg)?;
            }
        }
        if app.is_moving() && clock.ticked.elapsed() >= pace.tick {
            clock.ticked = now;
            take(app, screen, crew, Msg::Tick)?;
        }
        if app.is_restless() && clock.touched.elapsed() >= pace.rest {
            take(app, screen, crew, Msg::Rested)?;
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
            Cmd::Start(id, request) => crew.start(id, request, app.lang()),
            Cmd::Cancel(id) => crew.cancel(id),
            Cmd::Suspend => screen.suspend()?,
            Cmd::Copy(text) => screen.copy(&text)?,
            Cmd::Mouse(taken) => screen.mouse(taken)?,
        }
    }
    Ok(())
}
