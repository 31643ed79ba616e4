//! A place in something longer than its pane: a line selected, or the first line shown.

use std::cell::Cell;

use super::keys::Action;

/// A position that remembers how much was there when it was drawn last, so that pages can be turned by it.
#[derive(Debug, Clone, Default)]
pub struct Scroll {
    at: Cell<usize>,
    top: Cell<usize>,
    page: Cell<usize>,
    len: Cell<usize>,
}

impl Scroll {
    /// The line selected, or the first one shown.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at.get()
    }

    /// Goes to a line.
    pub fn go(&self, at: usize) {
        self.at.set(at);
    }

    /// Moves; gives whether `action` is a movement.
    pub fn step(&self, action: Action) -> bool {
        let page = self.page.get().saturating_sub(1).max(1);
        let at = self.at.get();
        self.at.set(match action {
            Action::Up => at.saturating_sub(1),
            Action::Down => at.saturating_add(1),
            Action::PageUp => at.saturating_sub(page),
            Action::PageDown => at.saturating_add(page),
            Action::First => 0,
            Action::Last => usize::MAX,
            _ => return false,
        });
        self.at
            .set(self.at.get().min(self.len.get().saturating_sub(1)));
        true
    }

    /// Moves by so many lines of the mouse wheel.
    pub fn wheel(&self, lines: isize) {
        let at = self.at.get().saturating_add_signed(lines);
        self.at.set(at.min(self.len.get().saturating_sub(1)));
    }

    /// For a list of `len` lines of which one is selected, in a pane of `page` lines: the first line shown.
    pub fn list(&self, len: usize, page: usize) -> usize {
        self.page.set(page);
        self.len.set(len);
        let at = self.at.get().min(len.saturating_sub(1));
        self.at.set(at);
        let page = page.max(1);
        let top = self
            .top
            .get()
            .clamp((at + 1).saturating_sub(page), at)
            .min(len.saturating_sub(page));
        self.top.set(top);
        top
    }

    /// For a text of `len` lines in a pane of `page` lines: the first line shown.
    pub fn text(&self, len: usize, page: usize) -> usize {
        self.page.set(page);
        let last = len.saturating_sub(page);
        self.len.set(last + 1);
        self.at.set(self.at.get().min(last));
        self.at.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_stays_in_sight_and_a_text_ends_with_its_last_page() {
        let scroll = Scroll::default();
        assert_eq!(scroll.list(10, 4), 0);
        scroll.step(Action::Last);
        assert_eq!((scroll.list(10, 4), scroll.at()), (6, 9));
        scroll.step(Action::PageUp);
        assert_eq!((scroll.list(10, 4), scroll.at()), (6, 6));
        assert_eq!(scroll.list(3, 4), 0);
        let text = Scroll::default();
        text.text(10, 4);
        text.step(Action::Last);
        assert_eq!(text.text(10, 4), 6);
        assert_eq!(text.text(2, 4), 0);
        assert!(!text.step(Action::Quit));
    }
}
