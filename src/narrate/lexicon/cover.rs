//! Phrases by what they tell, and how a stretch of text is covered with them.

use std::collections::BTreeMap;

use crate::words::Lang;

/// What a phrase tells; a phrase can be in several lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum List {
    /// The topic.
    Words = 1,
    /// Allowed with the topic, telling nothing.
    Also = 2,
    /// More than the shop.
    Up = 4,
    /// Less than the shop.
    Down = 8,
    /// As the shop.
    Same = 16,
    /// A great difference.
    Strong = 32,
    /// A small one.
    Mild = 64,
    /// The figure is a median.
    Median = 128,
    /// The figure is a mean.
    Mean = 256,
    /// Nothing.
    Neutral = 512,
    /// That the fact before pulls the other way in trade.
    Contrast = 1024,
    /// That it pulls the same way.
    Addition = 2048,
    /// That it is not so; in free text alone.
    Negation = 4096,
    /// A rank or a superlative; in free text alone.
    Rank = 8192,
    /// What no fact can bear out: a cause, a motive, a plan; in free text alone.
    Beyond = 16384,
}

impl List {
    /// Whether the list is among `lists`, an or of lists.
    #[must_use]
    pub fn is_in(self, lists: u16) -> bool {
        lists & self as u16 != 0
    }
}

/// The phrases that a sentence about one subject may be made of.
#[derive(Debug, Clone)]
pub struct Cover {
    lang: Lang,
    phrases: BTreeMap<String, u16>,
    longest: usize,
    /// Thousands of phrases that many covers share.
    base: Option<&'static Cover>,
}

impl Cover {
    /// All that `base` has; what is added to it is its own.
    pub(super) fn on(base: &'static Self) -> Self {
        Self {
            lang: base.lang,
            phrases: BTreeMap::new(),
            longest: base.longest,
            base: Some(base),
        }
    }

    /// Adds a phrase that tells nothing.
    pub fn add_neutral(&mut self, phrase: &str) {
        self.add(List::Neutral, &[phrase.to_owned()]);
    }

    /// The phrases of those lists.
    pub(super) fn new(lang: Lang, lists: &[(List, &Vec<String>)]) -> Self {
        let mut cover = Self {
            lang,
            phrases: BTreeMap::new(),
            longest: 0,
            base: None,
        };
        for (list, phrases) in lists {
            cover.add(*list, phrases);
        }
        cover
    }

    /// Adds phrases to a list.
    pub(super) fn add(&mut self, list: List, phrases: &[String]) {
        for phrase in phrases {
            let phrase = phrase.to_lowercase();
            let units = self.units(&phrase).len();
            self.longest = self.longest.max(units);
            *self.phrases.entry(phrase).or_default() |= list as u16;
        }
    }

    /// Takes phrases out of all lists.
    pub(super) fn remove(&mut self, phrases: &[String]) {
        self.phrases.retain(|phrase, _| !phrases.contains(phrase));
    }

    /// Whether a list has any phrase.
    #[must_use]
    pub fn has(&self, list: List) -> bool {
        let base = self.base.is_some_and(|base| base.has(list));
        base || self.phrases.values().any(|lists| list.is_in(*lists))
    }

    /// The phrases of a list, sorted.
    #[must_use]
    pub fn phrases(&self, list: List) -> Vec<&str> {
        let of_list = self.phrases.iter().filter(|(_, lists)| list.is_in(**lists));
        let mut found: Vec<&str> = of_list.map(|(phrase, _)| phrase.as_str()).collect();
        if let Some(base) = self.base {
            found.extend(base.phrases(list));
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// The lists that have the phrase.
    fn lists(&self, phrase: &str) -> Option<u16> {
        let own = self.phrases.get(phrase).copied();
        let base = self.base.and_then(|base| base.lists(phrase));
        match (own, base) {
            (Some(own), Some(base)) => Some(own | base),
            (own, base) => own.or(base),
        }
    }

    /// Covers a stretch of lower-case text from left to right, the longest phrase first.
    ///
    /// # Errors
    /// The word or character that no phrase covers.
    pub fn take(&self, stretch: &str) -> Result<Vec<(String, u16)>, String> {
        let units = self.units(stretch);
        let glue = if self.lang == Lang::En { " " } else { "" };
        let mut taken = Vec::new();
        let mut at = 0;
        while at < units.len() {
            let longest = (at + 1..=units.len().min(at + self.longest))
                .rev()
                .find_map(|end| {
                    let phrase = units[at..end].join(glue);
                    let lists = self.lists(&phrase)?;
                    Some((end, phrase, lists))
                });
            let Some((end, phrase, lists)) = longest else {
                return Err(units[at].to_owned());
            };
            taken.push((phrase, lists));
            at = end;
        }
        Ok(taken)
    }

    /// As [`Cover::take`] of a stretch that may go on, its last word too: the phrases that are settled whatever
    /// follows; none where no phrase covers it any more, or where its last words can only become a phrase that does not
    /// fit.
    #[must_use]
    pub fn take_start(
        &self,
        stretch: &str,
        fits: &dyn Fn(&str, u16) -> bool,
    ) -> Option<Vec<(String, u16)>> {
        let units = self.units(stretch);
        let glue = if self.lang == Lang::En { " " } else { "" };
        // A blank at the end says that the last word is whole.
        let ends = if stretch.ends_with(' ') { " " } else { "" };
        let mut taken = Vec::new();
        let mut at = 0;
        while at < units.len() {
            let rest = units[at..].join(glue);
            let open = format!("{rest}{ends}");
            if units.len() - at <= self.longest && self.begins(&open, fits) {
                return Some(taken);
            }
            let longest = (at + 1..=units.len().min(at + self.longest))
                .rev()
                .find_map(|end| {
                    let phrase = units[at..end].join(glue);
                    let lists = self.lists(&phrase)?;
                    // The last word may still grow.
                    let is_whole = end < units.len() || !ends.is_empty() || self.lang == Lang::Zh;
                    is_whole.then_some((end, phrase, lists))
                });
            let (end, phrase, lists) = longest?;
            taken.push((phrase, lists));
            at = end;
        }
        Some(taken)
    }

    /// Whether a phrase that fits begins with these signs and does not end with them.
    fn begins(&self, start: &str, fits: &dyn Fn(&str, u16) -> bool) -> bool {
        use std::ops::Bound::{Excluded, Unbounded};
        let is_fit = |(phrase, lists): (&String, &u16)| fits(phrase, *lists);
        let longer = (Excluded(start), Unbounded);
        let mut longer = self
            .phrases
            .range::<str, _>(longer)
            .take_while(|(phrase, _)| phrase.starts_with(start));
        // A last word that is a whole phrase is not settled yet: it may grow, or a longer phrase may follow.
        let may_grow = !start.ends_with(' ') && self.lang == Lang::En;
        longer.any(is_fit)
            || may_grow && self.phrases.get_key_value(start).is_some_and(is_fit)
            || self.base.is_some_and(|base| base.begins(start, fits))
    }

    /// Words in English, characters in Chinese.
    fn units<'a>(&self, text: &'a str) -> Vec<&'a str> {
        match self.lang {
            Lang::En => text.split(' ').filter(|word| !word.is_empty()).collect(),
            Lang::Zh => text
                .char_indices()
                .map(|(at, c)| &text[at..at + c.len_utf8()])
                .collect(),
        }
    }
}
