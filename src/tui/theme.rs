//! Every colour and emphasis of the screen, in one place.
//!
//! Only the terminal's own 16 colours are used, and none as a background, so light and dark schemes both
//! work. What matters is told without colour too: reverse video, bold, signs and words.

use ratatui::style::{Color, Modifier, Style};

/// When the screen is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// Where the environment does not forbid it: see <https://no-color.org>.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Whether to colour, given the value of `NO_COLOR` where it is set.
    #[must_use]
    pub fn decide(self, no_color: Option<&str>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => no_color.is_none_or(str::is_empty),
        }
    }
}

/// What a piece of text is, as far as its looks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// Text of less weight: units, the shop's figures, rules.
    Quiet,
    /// A title: the program's name, a segment's name.
    Title,
    /// The title of the pane that has the keys.
    Focused,
    /// A heading within a pane.
    Heading,
    /// The selected line of the pane that has the keys.
    Selected,
    /// The selected line of a pane that has not.
    Remembered,
    /// A key in a hint.
    Key,
    /// A bar.
    Bar,
    /// More than the shop.
    More,
    /// Less than the shop.
    Less,
    /// All is well.
    Good,
    /// Worth a second look.
    Warning,
    /// Something failed.
    Bad,
}

/// Looks of the tones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    color: bool,
}

impl Theme {
    /// A theme with the terminal's 16 colours, or with none.
    #[must_use]
    pub fn new(color: bool) -> Self {
        Self { color }
    }

    /// Looks of a tone.
    #[must_use]
    pub fn style(self, tone: Tone) -> Style {
        let (modifier, color) = match tone {
            Tone::Plain => (Modifier::empty(), None),
            Tone::Quiet => (Modifier::DIM, None),
            Tone::Focused => (Modifier::BOLD, Some(Color::Cyan)),
            Tone::Heading => (Modifier::BOLD, Some(Color::Blue)),
            Tone::Selected => (Modifier::REVERSED, None),
            Tone::Title | Tone::Remembered | Tone::Key => (Modifier::BOLD, None),
            Tone::Bar => (Modifier::empty(), Some(Color::Blue)),
            Tone::More => (Modifier::empty(), Some(Color::Cyan)),
            Tone::Less => (Modifier::empty(), Some(Color::Magenta)),
            Tone::Good => (Modifier::empty(), Some(Color::Green)),
            Tone::Warning => (Modifier::BOLD, Some(Color::Yellow)),
            Tone::Bad => (Modifier::BOLD, Some(Color::Red)),
        };
        let style = Style::new().add_modifier(modifier);
        match color {
            Some(color) if self.color => style.fg(color),
            _ => style,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_counts_unless_it_is_empty_or_colour_is_demanded() {
        assert!(ColorChoice::Auto.decide(None));
        assert!(ColorChoice::Auto.decide(Some("")));
        assert!(!ColorChoice::Auto.decide(Some("1")));
        assert!(ColorChoice::Always.decide(Some("1")));
        assert!(!ColorChoice::Never.decide(None));
    }

    #[test]
    fn the_selection_shows_without_colour() {
        let style = Theme::new(false).style(Tone::Selected);
        assert!(style.add_modifier.contains(Modifier::REVERSED));
        assert_eq!(style.fg, None);
    }
}
