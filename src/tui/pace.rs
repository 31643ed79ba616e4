//! How often the screen is drawn: at once where nothing was drawn for a while, else not before the gap is over.

use std::time::Duration;

/// The pace of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Least time between two frames that news ask for.
    pub news: Duration,
    /// Least time between two frames that keys ask for.
    pub keys: Duration,
    /// Time between two steps of what moves by itself.
    pub tick: Duration,
    /// How long a selection rests before what is costly follows it.
    pub rest: Duration,
}

impl Pace {
    /// For a terminal on this machine (30 frames a second), or one behind a line (10, and a step a second).
    #[must_use]
    pub fn of(remote: bool) -> Self {
        let millis = Duration::from_millis;
        Self {
            news: millis(if remote { 100 } else { 33 }),
            keys: millis(if remote { 20 } else { 8 }),
            tick: millis(if remote { 1000 } else { 150 }),
            rest: millis(100),
        }
    }
}
