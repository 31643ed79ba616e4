//! The terminal UI: segments, their facts and narratives, on any terminal from 48 columns up.
//!
//! The way of a key: a thread reads it and sends a [`Msg`]; [`update()`] changes the [`App`] and answers with
//! [`Cmd`]s; the loop carries those out (jobs run on threads of their own and answer with messages); when
//! nothing more is pending, [`view()`] draws once. `update` reads and writes nothing, `view` decides nothing,
//! and `present` between them works out the rows of text that both need to know.

mod app;
mod console;
mod event_loop;
mod input;
mod jobs;
mod keys;
mod layout;
mod message;
mod overlay;
mod present;
mod problem;
mod theme;
mod update;
mod view;
mod words;
mod wrap;

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use crossbeam_channel::unbounded;
use ratatui::layout::Size;

pub use app::{App, End};
pub use console::Console;
pub use event_loop::{Screen, run_loop};
pub use jobs::{Crew, Work};
pub use message::{Cmd, JobEvent, JobId, Msg, Outcome, Request};
pub use problem::Problem;
pub use theme::{ColorChoice, Theme};
pub use update::update;
pub use view::view;

use crate::error::{Error, Result};
use crate::words::Lang;
use crate::workspace::Workspace;

/// Shows the newest run of a workspace until the person leaves.
///
/// # Errors
/// [`Error::Usage`] where standard input or output is no terminal that can be drawn on. A signal that ends
/// the program (SIGTERM, SIGHUP, SIGINT) restores the terminal and then does what it does by default.
pub fn run(workspace: &Path, lang: Lang, color: ColorChoice) -> Result<()> {
    let folder = workspace.to_path_buf();
    let work: Work = Arc::new(move |request, _| match request {
        Request::Load => Ok(Outcome::Loaded(
            Workspace::open(&folder)?.run(None, lang)?.map(Box::new),
        )),
    });
    run_with(work, &workspace.display().to_string(), lang, color)
}

/// As [`run`], with the work of the background jobs given; `place` names what is read.
pub fn run_with(work: Work, place: &str, lang: Lang, color: ColorChoice) -> Result<()> {
    check_terminal()?;
    let colored = color.decide(std::env::var("NO_COLOR").ok().as_deref());
    crossterm::style::force_color_output(colored);
    let (width, height) = crossterm::terminal::size().map_err(no_terminal)?;
    let mut app = App::new(place, lang, Theme::new(colored), Size::new(width, height));
    let (mut crew, news) = Crew::new(work);

    let (messages, outside) = unbounded();
    let ending = input::Ending::listen(messages.clone())?;
    let taken = console::Taken::new()?;
    let keyboard = input::Keyboard::listen(messages.clone())?;
    let hangup = input::Hangup::listen(messages)?;
    let end = console::Console::of_stdout()
        .and_then(|mut screen| run_loop(&mut app, &mut screen, &mut crew, &outside, &news));
    // The reader lets go first, so that what was typed ahead can be drained.
    drop(keyboard);
    drop(taken);
    drop((ending, hangup));
    match end? {
        End::Asked => Ok(()),
        End::Signal(signal) => {
            signal_hook::low_level::emulate_default_handler(signal).map_err(no_terminal)
        }
        End::InputLost(why) => Err(Error::failed(
            "terminal",
            why,
            "start portray again in another one",
        )),
    }
}

/// What an operating system's refusal to work the terminal means to a person.
fn no_terminal(error: std::io::Error) -> Error {
    Error::failed(
        "terminal",
        error,
        "start portray again, in another terminal where this one is gone",
    )
}

fn check_terminal() -> Result<()> {
    const WHAT: &str = "terminal UI";
    const MEND: &str =
        "run `portray` in a terminal, or use `portray segments` and `portray show` in scripts";
    for (name, is_terminal) in [
        ("standard input", std::io::stdin().is_terminal()),
        ("standard output", std::io::stdout().is_terminal()),
    ] {
        if !is_terminal {
            return Err(Error::usage(
                WHAT,
                format!("{name} is not a terminal"),
                MEND,
            ));
        }
    }
    if std::env::var("TERM").is_ok_and(|term| term == "dumb") {
        return Err(Error::usage(
            WHAT,
            "TERM is `dumb`: the cursor cannot be moved",
            MEND,
        ));
    }
    Ok(())
}
