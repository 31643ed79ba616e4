//! Every colour and emphasis of the screen, in one place.
//!
//! What matters is told without colour too: reverse video, bold, signs and words. No colour stands as a background.
//! Segments have the colours of Okabe and Ito (2008), which colour-blind people can tell apart, and a sign each.

use ratatui::style::{Color, Modifier, Style};

/// When the screen is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// As the terminal can, where the environment does not forbid it: see <https://no-color.org>.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
pub enum Depth {
    /// None.
    #[serde(rename = "none")]
    None,
    /// The terminal's own 16.
    #[serde(rename = "16")]
    Sixteen,
    /// The 256 of xterm.
    #[serde(rename = "256")]
    Indexed,
    /// 24 bits.
    #[serde(rename = "true")]
    True,
}

impl ColorChoice {
    /// The depth of colour, given the values of `NO_COLOR`, `TERM` and `COLORTERM`.
    #[must_use]
    pub fn depth(self, no_color: Option<&str>, term: &str, colorterm: &str) -> Depth {
        let forbidden = no_color.is_some_and(|value| !value.is_empty()) || term == "dumb";
        match self {
            Self::Never => Depth::None,
            Self::Auto if forbidden => Depth::None,
            _ if colorterm.contains("truecolor") || colorterm.contains("24bit") => Depth::True,
            _ if term.contains("direct") => Depth::True,
            _ if term.contains("256") => Depth::Indexed,
            _ => Depth::Sixteen,
        }
    }
}

/// Whether the terminal's own background is dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Background {
    /// Light text on dark.
    #[default]
    Dark,
    /// Dark text on light.
    Light,
}

impl Background {
    /// What `COLORFGBG` (`15;0`, as some terminals set it) says; dark where it says nothing.
    #[must_use]
    pub fn of(colorfgbg: Option<&str>) -> Self {
        let last = colorfgbg.and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok());
        match last {
            Some(7 | 9..=15) => Self::Light,
            _ => Self::Dark,
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
    /// Belongs together with what the cursor is on.
    Linked,
    /// Of the segment of this number.
    Segment(u32),
    /// A step of a heat map, 0 (least) to 4.
    Heat(u8),
}

/// Looks of the tones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    depth: Depth,
    background: Background,
}

/// Okabe and Ito's colours: for dark backgrounds, for light ones (darkened to a contrast of at least 3), and the nearest
/// of the terminal's own.
const SEGMENTS: [(u32, u32, Color); 8] = [
    (0xE6_9F00, 0x9C_6B00, Color::Yellow),
    (0x56_B4E9, 0x1F_78B4, Color::Cyan),
    (0x00_9E73, 0x00_7A59, Color::Green),
    (0xF0_E442, 0x80_7800, Color::LightYellow),
    (0x4A_90D9, 0x00_5A9C, Color::Blue),
    (0xD5_5E00, 0xB3_4E00, Color::Red),
    (0xCC_79A7, 0xA6_4D80, Color::Magenta),
    (0xB0_B0B0, 0x60_6060, Color::Gray),
];

/// Signs of segments, told apart without colour.
const SIGNS: [char; 12] = ['●', '▲', '■', '◆', '○', '△', '□', '◇', '★', '✚', '✖', '☆'];

/// The sign of a segment.
#[must_use]
pub fn sign(segment: u32) -> char {
    SIGNS[(segment.saturating_sub(1)) as usize % SIGNS.len()]
}

const HEAT_DARK: [u32; 5] = [0x3B_4A6B, 0x3A_6EA5, 0x37_9DA6, 0x8F_C46B, 0xF5_DD4B];
const HEAT_LIGHT: [u32; 5] = [0xB8_C4D8, 0x7F_A7CC, 0x3F_7FAF, 0x2B_5A8C, 0x1A_2F5A];

impl Theme {
    /// A theme for a terminal.
    #[must_use]
    pub fn new(depth: Depth, background: Background) -> Self {
        Self { depth, background }
    }

    /// Whether there are no colours.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self.depth == Depth::None
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
            Tone::Linked => (Modifier::UNDERLINED, Some(Color::Cyan)),
            Tone::Segment(number) => {
                let (dark, light, own) = SEGMENTS[(number.saturating_sub(1)) as usize % 8];
                (Modifier::empty(), Some(self.shade(dark, light, own)))
            }
            Tone::Heat(step) => {
                let step = usize::from(step.min(4));
                let own = [
                    Color::Blue,
                    Color::Blue,
                    Color::Cyan,
                    Color::Green,
                    Color::Yellow,
                ];
                let shade = self.shade(HEAT_DARK[step], HEAT_LIGHT[step], own[step]);
                (Modifier::empty(), Some(shade))
            }
        };
        let style = Style::new().add_modifier(modifier);
        match color {
            Some(color) if self.depth != Depth::None => style.fg(color),
            _ => style,
        }
    }

    /// A colour of 24 bits, or the nearest that the terminal has.
    fn shade(self, dark: u32, light: u32, own: Color) -> Color {
        let rgb = match self.background {
            Background::Dark => dark,
            Background::Light => light,
        };
        match self.depth {
            Depth::True => Color::from_u32(rgb),
            Depth::Indexed => Color::Indexed(nearest(rgb)),
            _ => own,
        }
    }
}

/// The nearest colour of xterm's cube of 6 × 6 × 6, whose levels are 0, 95, 135, 175, 215, 255.
fn nearest(rgb: u32) -> u8 {
    let level = |shift: u32| {
        let value = (rgb >> shift) & 255;
        [0, 95, 135, 175, 215, 255]
            .into_iter()
            .zip(0_u8..)
            .min_by_key(|(level, _)| value.abs_diff(*level))
            .map_or(0, |(_, index)| index)
    };
    16 + 36 * level(16) + 6 * level(8) + level(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_depth_follows_the_terminal_and_no_color() {
        let auto = |no_color, term, colorterm| ColorChoice::Auto.depth(no_color, term, colorterm);
        assert_eq!(auto(None, "xterm", ""), Depth::Sixteen);
        assert_eq!(auto(None, "xterm-256color", ""), Depth::Indexed);
        assert_eq!(auto(None, "xterm-256color", "truecolor"), Depth::True);
        assert_eq!(auto(Some(""), "screen-256color", ""), Depth::Indexed);
        assert_eq!(auto(Some("1"), "xterm-256color", "truecolor"), Depth::None);
        assert_eq!(auto(None, "dumb", ""), Depth::None);
        assert_eq!(
            ColorChoice::Always.depth(Some("1"), "xterm", ""),
            Depth::Sixteen
        );
        assert_eq!(
            ColorChoice::Never.depth(None, "xterm", "truecolor"),
            Depth::None
        );
    }

    #[test]
    fn the_selection_shows_without_colour_and_segments_differ_by_sign() {
        let plain = Theme::new(Depth::None, Background::Dark);
        assert!(
            plain
                .style(Tone::Selected)
                .add_modifier
                .contains(Modifier::REVERSED)
        );
        assert_eq!(plain.style(Tone::Segment(3)).fg, None);
        let signs: std::collections::BTreeSet<_> = (1..=12).map(sign).collect();
        assert_eq!(signs.len(), 12);
        assert_eq!(nearest(0xFF_FFFF), 231);
        assert_eq!(Background::of(Some("0;15")), Background::Light);
        assert_eq!(Background::of(Some("15;default;0")), Background::Dark);
    }
}
