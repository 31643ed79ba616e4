//! What a shop's words for types of events and states of orders mean, each looked up once.

use super::dictionary::ByText;
use super::kind::EventType;
use super::mapping::Mapping;
use super::status::Status;

/// Words remembered at most: a column of other things than words does not fill the memory.
const MOST: usize = 4096;

/// The words of one file.
#[derive(Debug, Default)]
pub struct Meanings {
    kinds: ByText<Option<EventType>>,
    states: ByText<Option<Status>>,
}

impl Meanings {
    /// As [`Mapping::kind_named`].
    pub fn kind(&mut self, name: &str, mapping: &Mapping) -> Option<EventType> {
        remembered(&mut self.kinds, name, || mapping.kind_named(name))
    }

    /// As [`Status::by_name`].
    pub fn status(&mut self, name: &str) -> Option<Status> {
        if name.is_empty() {
            return None;
        }
        remembered(&mut self.states, name, || Status::by_name(name))
    }
}

fn remembered<T: Copy>(
    known: &mut ByText<Option<T>>,
    word: &str,
    meaning: impl FnOnce() -> Option<T>,
) -> Option<T> {
    if let Some(meaning) = known.get(word) {
        return *meaning;
    }
    let meaning = meaning();
    if known.len() < MOST {
        known.insert(word.into(), meaning);
    }
    meaning
}
