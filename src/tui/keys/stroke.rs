//! A key as people write it in the settings file: `k`, `G`, `ctrl-b`, `pagedown`, `f1`, `space`.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with or without control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stroke {
    code: KeyCode,
    control: bool,
}

const NAMES: &[(&str, KeyCode, &str)] = &[
    ("up", KeyCode::Up, "↑"),
    ("down", KeyCode::Down, "↓"),
    ("left", KeyCode::Left, "←"),
    ("right", KeyCode::Right, "→"),
    ("pageup", KeyCode::PageUp, "PgUp"),
    ("pagedown", KeyCode::PageDown, "PgDn"),
    ("home", KeyCode::Home, "Home"),
    ("end", KeyCode::End, "End"),
    ("tab", KeyCode::Tab, "Tab"),
    ("backtab", KeyCode::BackTab, "S-Tab"),
    ("enter", KeyCode::Enter, "Enter"),
    ("esc", KeyCode::Esc, "Esc"),
    ("space", KeyCode::Char(' '), "Space"),
    ("insert", KeyCode::Insert, "Ins"),
    ("delete", KeyCode::Delete, "Del"),
    ("backspace", KeyCode::Backspace, "Bksp"),
];

impl Stroke {
    /// What a terminal reported. Shift is part of a character and of nothing else.
    #[must_use]
    pub fn of(key: KeyEvent) -> Self {
        Self {
            code: key.code,
            control: key.modifiers.contains(KeyModifiers::CONTROL),
        }
    }
}

impl FromStr for Stroke {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, control) = match text.strip_prefix("ctrl-") {
            Some(rest) if !rest.is_empty() => (rest, true),
            _ => (text, false),
        };
        let named = NAMES.iter().find(|known| known.0 == name).map(|k| k.1);
        let function = name
            .strip_prefix('f')
            .and_then(|number| number.parse().ok())
            .filter(|number| (1..=24).contains(number))
            .map(KeyCode::F);
        let mut chars = name.chars();
        let single = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() => Some(KeyCode::Char(c)),
            _ => None,
        };
        let code = named.or(function).or(single).ok_or(())?;
        Ok(Self { code, control })
    }
}

/// As the footer and the help show it.
impl fmt::Display for Stroke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("^")?;
        }
        match (NAMES.iter().find(|known| known.1 == self.code), self.code) {
            (Some(known), _) => f.write_str(known.2),
            (None, KeyCode::Char(c)) if self.control => write!(f, "{}", c.to_uppercase()),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, KeyCode::F(number)) => write!(f, "F{number}"),
            (None, _) => f.write_str("?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_people_write_them() {
        let of = |code, modifiers| Stroke::of(KeyEvent::new(code, modifiers));
        for (text, code, modifiers, shown) in [
            ("k", KeyCode::Char('k'), KeyModifiers::NONE, "k"),
            ("G", KeyCode::Char('G'), KeyModifiers::SHIFT, "G"),
            ("ctrl-b", KeyCode::Char('b'), KeyModifiers::CONTROL, "^B"),
            ("pagedown", KeyCode::PageDown, KeyModifiers::NONE, "PgDn"),
            ("f1", KeyCode::F(1), KeyModifiers::NONE, "F1"),
            ("space", KeyCode::Char(' '), KeyModifiers::NONE, "Space"),
            ("-", KeyCode::Char('-'), KeyModifiers::NONE, "-"),
        ] {
            let stroke: Stroke = text.parse().unwrap();
            assert_eq!(stroke, of(code, modifiers), "{text}");
            assert_eq!(stroke.to_string(), shown);
        }
        for wrong in ["", "ctrl-", "kk", "f99", "\u{1b}"] {
            assert_eq!(wrong.parse::<Stroke>().ok(), None, "{wrong:?}");
        }
    }
}
