//! The state of the screen: plain data, changed by `update` alone.

use std::cell::RefCell;

use ratatui::layout::Size;

use super::canvas::Hits;
use super::keys::Keymap;
use super::memory::Memory;
use super::overlay::Overlay;
use super::shared::{Data, Shared};
use super::tasks::Tasks;
use super::theme::Theme;
use super::views::{ViewId, Views};
use crate::words::{Lang, clean};

/// Why the program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// A key asked for it.
    Asked,
    /// A signal asked for it.
    Signal(i32),
    /// The terminal gives no more input, for this reason.
    InputLost(String),
}

/// How the screen looks and is worked, decided once at the start.
#[derive(Debug, Clone)]
pub struct Looks {
    /// Language of the screen.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// Whether every sign must be ASCII.
    pub ascii: bool,
    /// The keys.
    pub keymap: Keymap,
    /// Whether the mouse is taken.
    pub mouse: bool,
}

/// Everything that the screen shows.
#[derive(Debug)]
pub struct App {
    pub(super) shared: Shared,
    pub(super) views: Views,
    pub(super) view: ViewId,
    /// The views before, for the way back.
    pub(super) trail: Vec<ViewId>,
    pub(super) overlays: Vec<Overlay>,
    /// Where things were drawn last: written by `view`, read for clicks.
    pub(super) hits: RefCell<Hits>,
    pub(super) dirty: bool,
    pub(super) end: Option<End>,
}

impl App {
    /// A screen of `size` for the workspace at `place`, which has read nothing yet.
    #[must_use]
    pub fn new(place: &str, looks: Looks, size: Size) -> Self {
        Self {
            shared: Shared {
                lang: looks.lang,
                theme: looks.theme,
                ascii: looks.ascii,
                place: clean(place),
                size,
                data: Data::Waiting,
                is_pinned: false,
                selected: None,
                rested: None,
                tasks: Tasks::default(),
                keymap: looks.keymap,
                said: None,
                mouse: looks.mouse,
                ticks: 0,
            },
            views: Views::default(),
            view: ViewId::Segments,
            trail: Vec::new(),
            overlays: Vec::new(),
            hits: RefCell::default(),
            dirty: true,
            end: None,
        }
    }

    /// Takes up where the last session on this workspace left.
    pub fn recall(&mut self, memory: &Memory) {
        self.view = memory.view;
        self.shared.selected = memory.segment;
        self.shared.rested = memory.segment;
        self.views.recall(memory);
    }

    /// What the next session will take up.
    #[must_use]
    pub fn memory(&self) -> Memory {
        let mut memory = Memory {
            view: self.view,
            segment: self.shared.selected,
            ..Memory::default()
        };
        self.views.remember(&mut memory);
        memory
    }

    /// Why the program ends; none while it goes on.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Whether the screen differs from what was drawn last; asking takes the mark away.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// Whether it does, without asking for it to be drawn.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Whether something on the screen moves by itself, so that a timer is needed.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.shared.tasks.is_busy()
    }

    /// Whether the selection moved and what follows it waits for it to rest.
    #[must_use]
    pub fn is_restless(&self) -> bool {
        self.shared.selected != self.shared.rested || self.views.get(self.view).is_restless()
    }

    /// The language of the screen.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.shared.lang
    }

    /// The view shown.
    #[must_use]
    pub fn view(&self) -> ViewId {
        self.view
    }
}
