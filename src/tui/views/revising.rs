//! What a person does to a segment's text, name, tags and note, from whichever view shows it.

use crate::narrate::revise::Change;
use crate::pipeline::Annotation;
use crate::tui::ask::{Ask, Purpose, Said, Typing};
use crate::tui::field::Field;
use crate::tui::keys::Action;
use crate::tui::message::Request;
use crate::tui::overlay::{Overlay, Prompt};
use crate::tui::shared::Shared;
use crate::tui::words::Word;

use super::narrative::version;

/// Longest texts that can be typed.
const FILTER: usize = 60;
const NAME: usize = 60;
const TAGS: usize = 300;
const LONG: usize = 4_000;

/// What the action comes to for the selected segment; none where it is no action on its text.
pub fn act(action: Action, shared: &Shared) -> Option<Vec<Ask>> {
    let (Some(run), Some(segment)) = (shared.run(), shared.segment()) else {
        return None;
    };
    let lang = shared.lang;
    let narrative = segment.narrative.as_ref();
    let revise = |change| vec![Ask::Start(Request::Revise(run.id, segment.id, change))];
    let nothing = || vec![Ask::Say(Said::Plain(Word::NoText.get(lang).to_owned()))];
    Some(match action {
        Action::Regenerate => vec![Ask::Start(Request::Narrate(run.id, Some(segment.id)))],
        Action::Pick => match narrative {
            None => nothing(),
            Some(text) if text.versions.len() < 2 => {
                vec![Ask::Say(Said::Plain(Word::NoOther.get(lang).to_owned()))]
            }
            Some(text) => {
                let next = version(text).map_or(0, |(number, of)| number % of);
                revise(Change::Pick(text.versions[next].number))
            }
        },
        Action::Accept => match narrative {
            None => nothing(),
            Some(text) if text.is_accepted => revise(Change::Reopen),
            Some(_) => revise(Change::Accept { with_doubts: false }),
        },
        Action::Edit => {
            let text = narrative.map_or("", |text| text.text.as_str());
            vec![prompt(Purpose::Text, Word::EditText, text, LONG, shared)]
        }
        Action::Rename => {
            let name = segment.title(lang);
            vec![prompt(Purpose::Name, Word::EditName, name, NAME, shared)]
        }
        Action::Tag => {
            let tags = segment.tags.join(", ");
            vec![prompt(Purpose::Tags, Word::EditTags, &tags, TAGS, shared)]
        }
        Action::Note => {
            let note = segment.note.as_deref().unwrap_or_default();
            vec![prompt(Purpose::Note, Word::EditNote, note, LONG, shared)]
        }
        _ => return None,
    })
}

/// A prompt that begins with a text.
pub fn prompt(purpose: Purpose, title: Word, text: &str, most: usize, shared: &Shared) -> Ask {
    let mut field = Field::new("", most);
    field.insert(text);
    Ask::Open(Overlay::Prompt(Prompt {
        purpose,
        title: title.get(shared.lang).to_owned(),
        before: field.text().to_owned(),
        field,
    }))
}

/// A prompt that narrows a list while it is typed.
pub fn filter(title: Word, now: &str, shared: &Shared) -> Vec<Ask> {
    vec![prompt(Purpose::Filter, title, now, FILTER, shared)]
}

/// What a typed text comes to.
pub fn prompted(purpose: Purpose, text: &str, how: Typing, shared: &Shared) -> Vec<Ask> {
    let (Some(run), Some(segment), Typing::Done) = (shared.run(), shared.segment(), how) else {
        return Vec::new();
    };
    let given = || Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let annotation = match purpose {
        Purpose::Text => {
            let change = Change::Edit(text.trim().to_owned());
            return vec![Ask::Start(Request::Revise(run.id, segment.id, change))];
        }
        // The program's own name, left as it was, is no name that a person gave.
        Purpose::Name if text.trim() == segment.name.get(shared.lang) => Annotation::Name(None),
        Purpose::Name => Annotation::Name(given()),
        Purpose::Note => Annotation::Note(given()),
        Purpose::Tags => Annotation::Tags(
            text.split([',', '，'])
                .map(|tag| tag.trim().to_owned())
                .filter(|tag| !tag.is_empty())
                .collect(),
        ),
        _ => return Vec::new(),
    };
    vec![Ask::Start(Request::Annotate(
        run.id, segment.id, annotation,
    ))]
}
