//! Which key means what, once a person's own bindings are taken in.

use std::collections::BTreeMap;

use super::{Action, At, BINDINGS, Binding, Stroke};
use crate::tui::views::ViewId;

/// The keys of each binding of [`BINDINGS`].
#[derive(Debug, Clone)]
pub struct Keymap(Vec<Vec<Stroke>>);

impl Default for Keymap {
    fn default() -> Self {
        let keys = |binding: &Binding| binding.keys.iter().flat_map(|key| key.parse()).collect();
        Self(BINDINGS.iter().map(keys).collect())
    }
}

impl Keymap {
    /// The table with a person's bindings in place of some of its own: names of actions with keys.
    ///
    /// # Errors
    /// A sentence about the first name or key that is not known, or a key that would mean two things.
    pub fn with(own: &BTreeMap<String, Vec<String>>) -> Result<Self, String> {
        let mut map = Self::default();
        for (name, keys) in own {
            let at = BINDINGS
                .iter()
                .position(|binding| binding.name == name)
                .ok_or_else(|| format!("no action is called `{name}`"))?;
            map.0[at] = keys
                .iter()
                .map(|key| key.parse().map_err(|()| format!("`{key}` is no key")))
                .collect::<Result<_, _>>()?;
        }
        match map.clash() {
            Some((key, one, other)) => Err(format!("`{key}` would mean both {one} and {other}")),
            None => Ok(map),
        }
    }

    /// A key that means two things in one place, where there is one.
    fn clash(&self) -> Option<(Stroke, &'static str, &'static str)> {
        let rows: Vec<_> = BINDINGS.iter().zip(&self.0).collect();
        for (i, (one, keys)) in rows.iter().enumerate() {
            for (other, others) in &rows[i + 1..] {
                let same = |at: &At| other.at.contains(at);
                if !one.at.iter().any(same) {
                    continue;
                }
                if let Some(key) = keys.iter().find(|key| others.contains(key)) {
                    return Some((*key, one.name, other.name));
                }
            }
        }
        None
    }

    /// What a key asks for in a view: a meaning of the view's own goes before one that holds everywhere.
    #[must_use]
    pub fn action(&self, stroke: Stroke, view: ViewId, bare: bool) -> Option<Action> {
        let mut found = BINDINGS
            .iter()
            .zip(&self.0)
            .filter(|(binding, keys)| binding.holds(view, bare) && keys.contains(&stroke))
            .map(|(binding, _)| binding)
            .collect::<Vec<_>>();
        found.sort_by_key(|binding| !binding.is_own());
        found.first().map(|binding| binding.action)
    }

    /// The keys of an action, as people read them.
    #[must_use]
    pub fn shown(&self, action: Action) -> String {
        let at = BINDINGS.iter().position(|binding| binding.action == action);
        let keys = at.map_or(&[][..], |at| &self.0[at]);
        keys.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The first key of an action; empty where it has none.
    #[must_use]
    pub fn first(&self, action: Action) -> String {
        let shown = self.shown(action);
        shown.split(' ').next().unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Stroke {
        text.parse().unwrap()
    }

    #[test]
    fn every_key_of_the_table_is_one_and_none_means_two_things() {
        let map = Keymap::default();
        for (binding, keys) in BINDINGS.iter().zip(&map.0) {
            assert_eq!(binding.keys.len(), keys.len(), "{}", binding.name);
        }
        assert_eq!(map.clash(), None);
        let names: std::collections::BTreeSet<_> = BINDINGS.iter().map(|b| b.name).collect();
        assert_eq!(names.len(), BINDINGS.len());
    }

    #[test]
    fn a_view_s_own_meaning_goes_first() {
        let map = Keymap::default();
        assert_eq!(
            map.action(key("x"), ViewId::Jobs, false),
            Some(Action::CancelJob)
        );
        assert_eq!(map.action(key("x"), ViewId::Sql, false), Some(Action::Save));
        assert_eq!(map.action(key("x"), ViewId::Map, false), None);
        assert_eq!(
            map.action(key("D"), ViewId::Segments, true),
            Some(Action::Demo)
        );
        assert_eq!(map.action(key("D"), ViewId::Segments, false), None);
    }

    #[test]
    fn bindings_can_be_changed_and_mistakes_are_named() {
        let own = |name: &str, keys: &[&str]| {
            let keys = keys.iter().map(|key| (*key).to_owned()).collect();
            Keymap::with(&BTreeMap::from([(name.to_owned(), keys)]))
        };
        let map = own("reload", &["f5"]).unwrap();
        assert_eq!(
            map.action(key("f5"), ViewId::Map, false),
            Some(Action::Reload)
        );
        assert_eq!(map.action(key("r"), ViewId::Map, false), None);
        assert!(own("relaod", &["f5"]).unwrap_err().contains("relaod"));
        assert!(own("reload", &["hyper-x"]).unwrap_err().contains("hyper-x"));
        assert!(own("reload", &["q"]).unwrap_err().contains("quit"));
    }
}
