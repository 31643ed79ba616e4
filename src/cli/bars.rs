//! Progress on standard error: a bar on a terminal, a plain line every few seconds elsewhere.

use std::fmt;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};

use crate::progress::{Progress, Stage, Update};

/// How often a line is written where there is no terminal.
const EVERY: Duration = Duration::from_secs(5);

/// A line to standard error, or to nobody.
pub fn progress(quiet: bool) -> Progress {
    if quiet {
        return Progress::silent();
    }
    let state = Mutex::new(State {
        stage: None,
        bar: None,
        began: Instant::now(),
        told: Instant::now(),
    });
    Progress::new(move |update| {
        if let Ok(mut state) = state.lock() {
            state.update(update);
        }
    })
}

struct State {
    stage: Option<Stage>,
    bar: Option<ProgressBar>,
    began: Instant,
    told: Instant,
}

impl State {
    fn update(&mut self, update: Update) {
        match update {
            Update::Stage(stage, total) => {
                self.finish();
                // A stage whose length shows only later is told twice.
                let is_next = self.stage.replace(stage) != Some(stage);
                self.began = Instant::now();
                self.told = Instant::now();
                if std::io::stderr().is_terminal() {
                    self.bar = Some(bar(stage, total));
                } else if is_next {
                    line(&format!("{}…", verb(stage)));
                }
            }
            Update::Done(units) => {
                if let Some(bar) = &self.bar {
                    bar.set_position(units);
                } else if self.told.elapsed() >= EVERY {
                    self.told = Instant::now();
                    let rate = units as f64 / self.began.elapsed().as_secs_f64();
                    let stage = self.stage.unwrap_or(Stage::Ingest);
                    line(&format!(
                        "{}: {} {} ({rate:.0} a second)",
                        verb(stage),
                        HumanCount(units),
                        unit(stage)
                    ));
                }
            }
            Update::Text(sentence) => {
                if let Some(bar) = &self.bar {
                    bar.set_message(crate::words::clean(&sentence));
                }
            }
            Update::Note(text) => {
                let text = crate::words::clean(&text);
                match &self.bar {
                    Some(bar) => bar.suspend(|| line(&text)),
                    None => line(&text),
                }
            }
        }
    }

    fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.finish();
    }
}

fn line(text: &str) {
    // Talk that nobody can hear is no failure.
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn bar(stage: Stage, total: Option<u64>) -> ProgressBar {
    let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let template = match (stage, total) {
        (Stage::Ingest, _) => "{prefix} {spinner} {human_pos} {msg}, {rate} a second",
        // What is being written is read below the bar as it comes.
        (Stage::Narrate, _) => "{prefix} {wide_bar} {human_pos}/{human_len} sentences\n{wide_msg}",
        (_, None) => "{prefix} {spinner}",
        _ => "{prefix} {wide_bar} {human_pos}/{human_len} {msg}",
    };
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(
        style.with_key("rate", |state: &ProgressState, to: &mut dyn fmt::Write| {
            let _ = write!(to, "{}", HumanCount(state.per_sec() as u64));
        }),
    );
    bar.set_prefix(verb(stage));
    if stage != Stage::Narrate {
        bar.set_message(unit(stage));
    }
    if total.is_none() {
        bar.enable_steady_tick(Duration::from_millis(120));
    }
    bar
}

fn verb(stage: Stage) -> &'static str {
    match stage {
        Stage::Ingest => "reading events",
        Stage::Scope => "looking at what counts",
        Stage::Features => "computing features",
        Stage::Segments => "finding segments",
        Stage::Portraits => "drawing portraits",
        Stage::Recommend => "recommending",
        Stage::Narrate => "writing narratives",
        Stage::Export => "exporting",
    }
}

fn unit(stage: Stage) -> &'static str {
    match stage {
        Stage::Ingest => "rows",
        Stage::Scope => "",
        Stage::Features => "families",
        Stage::Segments => "values of k",
        Stage::Portraits => "segments",
        Stage::Recommend => "done",
        Stage::Narrate => "sentences",
        Stage::Export => "files",
    }
}
