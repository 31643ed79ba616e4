//! The names that one product goes by in the files.

/// Most different names kept of one product; further ones are not counted.
const MOST: usize = 16;

/// Names with how often each was read, in the order of their first appearance.
#[derive(Debug, Default)]
pub struct Names(Vec<(String, u64)>);

impl Names {
    /// Counts a name; an empty one is none.
    pub fn add(&mut self, name: &str) {
        if name.is_empty() {
            return;
        }
        if let Some((_, times)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *times += 1;
        } else if self.0.len() < MOST {
            self.0.push((name.to_owned(), 1));
        }
    }

    /// The most frequent name, among equals the first: a note that somebody booked once under a product's code ("damaged",
    /// "mailout") does not name it.
    #[must_use]
    pub fn most_frequent(self) -> Option<String> {
        let best = self
            .0
            .into_iter()
            .reduce(|best, one| if one.1 > best.1 { one } else { best });
        best.map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_note_booked_once_names_nothing() {
        let mut names = Names::default();
        for name in [
            "mailout",
            "",
            "White mug",
            "Mug, white",
            "White mug",
            "Mug, white",
        ] {
            names.add(name);
        }
        assert_eq!(names.most_frequent().as_deref(), Some("White mug"));
        assert_eq!(Names::default().most_frequent(), None);
    }
}
