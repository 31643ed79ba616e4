//! A person's settings for the screen: `config.toml` in the folder for settings.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::keys::Keymap;
use super::theme::{Background, Depth};
use crate::error::{Error, Result};
use crate::words::Lang;

/// The settings; what is left out is decided from the terminal and the locale.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Preferences {
    /// `en` or `zh`.
    pub lang: Option<Lang>,
    /// `none`, `16`, `256` or `true`.
    pub colors: Option<Depth>,
    /// `dark` or `light`.
    pub background: Option<Background>,
    /// Whether the mouse is taken from the start.
    pub mouse: Option<bool>,
    /// Whether every sign must be ASCII.
    pub ascii: Option<bool>,
    /// Names of actions with their keys.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Preferences {
    /// Where they stand; none where the system names no folder for settings.
    #[must_use]
    pub fn file() -> Option<PathBuf> {
        let dirs = directories::ProjectDirs::from("", "", "portray")?;
        Some(dirs.config_dir().join("config.toml"))
    }

    /// Reads them, with the keys that they come to.
    ///
    /// # Errors
    /// [`Error::Usage`] naming what does not parse, or a binding that is none.
    pub fn load() -> Result<(Self, Keymap)> {
        let Some(file) = Self::file().filter(|file| file.exists()) else {
            return Ok((Self::default(), Keymap::default()));
        };
        let text = std::fs::read_to_string(&file).map_err(Error::io(&file))?;
        Self::parse(&text).map_err(|why| {
            let mend = "docs/keys.md names what can be set; or move the file away";
            Error::usage(file.display(), why, mend)
        })
    }

    /// Reads the text of such a file, with the keys that it comes to.
    ///
    /// # Errors
    /// What does not parse, or a binding that is none, in words.
    pub fn parse(text: &str) -> Result<(Self, Keymap), String> {
        let own: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let keymap = Keymap::with(&own.keys)?;
        Ok((own, keymap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_mistakes_named() {
        let text = "lang = \"zh\"\ncolors = \"256\"\nbackground = \"light\"\nmouse = false\n[keys]\nreload = [\"f5\"]\n";
        let (own, keymap) = Preferences::parse(text).unwrap();
        assert_eq!(own.lang, Some(Lang::Zh));
        assert_eq!(own.colors, Some(Depth::Indexed));
        assert_eq!(own.mouse, Some(false));
        assert_eq!(keymap.first(crate::tui::keys::Action::Reload), "F5");
        assert!(
            Preferences::parse("colour = \"256\"")
                .unwrap_err()
                .contains("colour")
        );
        assert!(
            Preferences::parse("[keys]\nfly = [\"x\"]")
                .unwrap_err()
                .contains("fly")
        );
    }
}
