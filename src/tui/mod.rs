//! The terminal UI, on any terminal from 40 columns up.
//!
//! The way of a key: a thread reads it and sends a [`Msg`]; [`update()`] changes the [`App`], where a view takes it, and
//! answers with [`Cmd`]s; the loop carries those out (work runs on threads of its own, see `work`, and answers with
//! messages); when nothing more is pending, [`view()`] draws once. `update` reads and writes nothing, `view` decides
//! nothing. A view is a file in `views` that does both for its part of the screen; what all of them see is in `shared`.

mod app;
mod ask;
mod canvas;
mod chart;
mod clipboard;
mod console;
mod event_loop;
mod field;
mod glyphs;
mod input;
mod jobs;
mod keys;
mod lines;
mod memory;
mod message;
mod overlay;
mod pace;
mod palette;
mod preferences;
mod problem;
mod scroll;
mod shared;
mod tasks;
mod theme;
mod update;
mod view;
mod views;
mod words;
mod work;
mod wrap;

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use crossbeam_channel::unbounded;
use ratatui::layout::Size;

pub use app::{App, End, Looks};
pub use chart::spark;
pub use console::Console;
pub use event_loop::{Screen, run_loop};
pub use jobs::{Crew, Work};
pub use keys::{Action, At, BINDINGS, Binding, Keymap};
pub use memory::Memory;
pub use message::{Cmd, JobEvent, JobId, Listing, Msg, Outcome, Request};
pub use pace::Pace;
pub use preferences::Preferences;
pub use problem::Problem;
pub use theme::{Background, ColorChoice, Depth, Theme};
pub use update::update;
pub use view::view;
pub use views::{VIEWS, ViewId};
pub use work::Desk;

use crate::error::{Error, Result};
use crate::settings::Settings;
use crate::words::Lang;

/// How the screen is asked to be on the command line; what is left out is decided from a person's settings, the
/// terminal and the locale.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The language.
    pub lang: Option<Lang>,
    /// The colours.
    pub color: ColorChoice,
}

/// Shows a workspace until the person leaves.
///
/// # Errors
/// [`Error::Usage`] where standard input or output is no terminal that can be drawn on, or a person's settings do not
/// parse. A signal that ends the program (SIGTERM, SIGHUP, SIGINT) restores the terminal and then does what it does by
/// default.
pub fn run(workspace: &Path, settings: &Settings, seed: u64, asked: Asked) -> Result<()> {
    check_terminal()?;
    let looks = looks(settings, asked)?;
    let desk = Desk {
        folder: workspace.to_path_buf(),
        settings: settings.clone(),
        seed,
    };
    let work: Work = Arc::new(move |request, lang, progress| desk.work(request, lang, progress));
    let file = Memory::file(workspace);
    let size = crossterm::terminal::size().map_err(no_terminal)?;
    let place = workspace.display().to_string();
    let mut app = App::new(&place, looks, Size::new(size.0, size.1));
    app.recall(&Memory::load(file.as_deref()));
    let end = show(&mut app, work);
    app.memory().save(file.as_deref());
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

/// What the screen of this terminal can show, in one line for people.
#[must_use]
pub fn abilities() -> String {
    let var = |name: &str| std::env::var(name).ok();
    let term = var("TERM").unwrap_or_default();
    let no_color = var("NO_COLOR");
    let colorterm = var("COLORTERM").unwrap_or_default();
    let colors = match ColorChoice::Auto.depth(no_color.as_deref(), &term, &colorterm) {
        Depth::None => "no colours",
        Depth::Sixteen => "16 colours",
        Depth::Indexed => "256 colours",
        Depth::True => "true colour",
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(var);
    let [all, ctype, lang] = locale.each_ref().map(Option::as_deref);
    let glyphs = if glyphs::is_utf8(all, ctype, lang) {
        "UTF-8"
    } else {
        "ASCII (the locale is not UTF-8)"
    };
    let size = match crossterm::terminal::size() {
        Ok((columns, rows)) => format!("{columns}×{rows}"),
        Err(_) => "no terminal".to_owned(),
    };
    let term = if term.is_empty() {
        "TERM is not set"
    } else {
        &term
    };
    format!("{term}, {colors}, {glyphs}, {size}")
}

/// The looks, from the command line, a person's settings, the terminal and the locale, in this order.
fn looks(settings: &Settings, asked: Asked) -> Result<Looks> {
    let (own, keymap) = Preferences::load()?;
    let var = |name: &str| std::env::var(name).ok();
    let term = var("TERM").unwrap_or_default();
    let depth = asked.color.depth(
        var("NO_COLOR").as_deref(),
        &term,
        &var("COLORTERM").unwrap_or_default(),
    );
    let depth = match (own.colors, asked.color) {
        (Some(own), ColorChoice::Auto) if depth != Depth::None => own,
        _ => depth,
    };
    crossterm::style::force_color_output(depth != Depth::None);
    let background = Background::of(var("COLORFGBG").as_deref());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(var);
    let [all, ctype, lang] = locale.each_ref().map(Option::as_deref);
    Ok(Looks {
        lang: asked.lang.or(own.lang).unwrap_or(settings.lang),
        theme: Theme::new(depth, own.background.unwrap_or(background)),
        ascii: own.ascii.unwrap_or(!glyphs::is_utf8(all, ctype, lang)),
        keymap,
        mouse: own.mouse.unwrap_or(true),
    })
}

/// Takes the terminal over, runs the loop, and gives the terminal back; jobs still under way are asked to stop and
/// waited for.
fn show(app: &mut App, work: Work) -> Result<End> {
    let (mut crew, news) = Crew::new(work);
    let (messages, outside) = unbounded();
    let ending = input::Ending::listen(messages.clone())?;
    let taken = console::Taken::new()?;
    let keyboard = input::Keyboard::listen(messages.clone())?;
    let hangup = input::Hangup::listen(messages)?;
    let remote = ["SSH_TTY", "SSH_CONNECTION"];
    let pace = Pace::of(remote.iter().any(|name| std::env::var_os(name).is_some()));
    let end = console::Console::of_stdout().and_then(|mut screen| {
        if app.shared.mouse {
            screen.mouse(true)?;
        }
        run_loop(app, &mut screen, &mut crew, &outside, &news, pace)
    });
    // The reader lets go first, so that what was typed ahead can be drained.
    drop(keyboard);
    drop(taken);
    drop(crew);
    drop((ending, hangup));
    end
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
