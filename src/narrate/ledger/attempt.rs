//! One reading of a part of a sentence: as a fact of one group, in one measure.

use super::super::codes::{Direction, Measure};
use super::super::lexicon::List;
use super::amounts::Amount;
use super::groups::{Figure, Group, Owner};
use super::hedges::Hedge;
use super::mentions::{Mention, Reading, is_mark};
use super::owner::{Match, Place, is_about_shop, matched};
use super::part::{Context, Told, expanded, is_telling};
use super::ranks::without_true_rank;
use crate::words::{Lang, Unit};

/// Lists of a topic's own words, and of the narrator's words that tell nothing.
const OWN: u16 = List::Words as u16
    | List::Also as u16
    | List::Up as u16
    | List::Down as u16
    | List::Neutral as u16;

/// Stands for a mention that is accounted for.
pub(super) const TOLD: char = '\u{F8FF}';

pub(super) struct Try<'a> {
    group: &'a Group<'a>,
    measure: Measure,
    /// The group's place among the groups.
    at: usize,
    context: Context<'a>,
    lang: Lang,
    reading: &'a Reading,
    facts: Vec<String>,
    why: Vec<String>,
    is_told_by_mention: bool,
    has_claim: bool,
    has_ratio: bool,
}

impl<'a> Try<'a> {
    pub fn new(
        group: &'a Group<'a>,
        measure: Measure,
        at: usize,
        reading: &'a Reading,
        context: Context<'a>,
        lang: Lang,
    ) -> Self {
        Self {
            group,
            measure,
            at,
            context,
            lang,
            reading,
            facts: Vec::new(),
            why: Vec::new(),
            is_told_by_mention: false,
            has_claim: false,
            has_ratio: false,
        }
    }

    fn figures(&self) -> Vec<&'a Figure> {
        let measure = self.measure;
        let is_of =
            |figure: &&Figure| figure.measure == measure || figure.measure == Measure::Exact;
        self.group.figures.iter().filter(is_of).collect()
    }

    /// Reads the part.
    pub fn read(mut self, slice: &str) -> Told {
        let text = self.mentions(slice);
        let ranked = without_true_rank(&text, &self.reading.flat, self.group, self.lang);
        let is_ranked = ranked.is_some();
        let text = ranked.unwrap_or(text);
        let mut taken = self.words(&text);
        if self.has_ratio {
            // "3 times as common as in the shop" says nothing of sameness.
            taken.retain(|(phrase, lists)| !List::Same.is_in(*lists) || !phrase.starts_with("as "));
        }
        // A name's group is told by the name or a figure of it, not by the word for what it is.
        let is_named = self.group.name.is_none() || !self.facts.is_empty();
        let has_direction = self.meaning(&taken);
        self.has_claim |= (has_direction || is_ranked) && is_named;
        if !self.is_told(slice) {
            self.doubt("no word tells which fact is meant");
        }
        if !self.has_claim {
            self.doubt("neither figure nor direction is told");
        }
        let measure = named_measure(&taken);
        let is_other = measure.is_none()
            && self.measure != Measure::Exact
            && self
                .context
                .measure
                .is_some_and(|named| named != self.measure);
        if is_other && self.has_claim {
            self.doubt("the measure is another than the one named before");
        }
        if self.facts.is_empty() {
            self.facts.push(self.group.lead.to_owned());
        }
        Told {
            group: Some(self.at),
            measure,
            facts: self.facts,
            why: self.why,
        }
    }

    fn doubt(&mut self, why: impl Into<String>) {
        self.why.push(why.into());
    }

    /// The part with the mentions that are accounted for as [`TOLD`].
    fn mentions(&mut self, slice: &str) -> String {
        let mut text = String::new();
        for (place, c) in slice.char_indices() {
            let Some((mention, words)) = self.reading.mention(c) else {
                text.push(c);
                continue;
            };
            let before = &slice[..place];
            let after = &slice[place + c.len_utf8()..];
            match mention {
                Mention::Name(name) => {
                    self.name(name, words, slice);
                    text.push(TOLD);
                }
                Mention::Amount(amount) => self.amount(amount, words, &mut text, before, after),
            }
        }
        text
    }

    fn name(&mut self, name: &str, words: &str, slice: &str) {
        match &self.group.name {
            Some((own, fact)) if own == name => {
                if !self.is_of_kind(slice) {
                    self.doubt(format!("{words} is of another kind"));
                }
                self.facts.push((*fact).to_owned());
                self.is_told_by_mention = true;
                self.has_claim = true;
            }
            _ => self.doubt(format!("{words} is no name of this fact")),
        }
    }

    fn amount(
        &mut self,
        amount: &Amount,
        words: &str,
        text: &mut String,
        before: &str,
        after: &str,
    ) {
        let is_foreign = !amount.currency.is_empty()
            && self
                .context
                .currency
                .is_some_and(|own| !amount.currency.contains(&own));
        let place = Place {
            before: text,
            after,
            is_about_shop: is_about_shop(self.context.before, before, self.lang),
            lang: self.lang,
        };
        let found = if is_foreign {
            Match::None
        } else {
            matched(amount, &self.figures(), place)
        };
        match found {
            Match::Figure(figure, with_hedge) => {
                if with_hedge {
                    text.truncate(text.len() - amount.hedge_length.min(text.len()));
                    let far = amount
                        .far_hedge
                        .and_then(|word| Some((text.rfind(word)?, word)));
                    if let Some((at, word)) = far {
                        text.replace_range(at..at + word.len(), "");
                    }
                }
                self.facts.push(figure.fact.clone());
                // How many they are stands beside any fact, and tells none but itself.
                let is_own =
                    !figure.fact.starts_with("size.") || self.group.lead.starts_with("size.");
                self.is_told_by_mention |= is_own
                    && self.group.name.is_none()
                    && is_telling(figure.unit)
                    && !amount.units.is_empty();
                self.has_ratio |= figure.unit == Unit::Times;
                self.has_claim = true;
            }
            Match::None if amount.is_soft => {
                text.push_str(words);
                return;
            }
            Match::None if self.is_of_label(amount) => {}
            Match::None => self.doubt(format!("{words} is no figure of this fact")),
            Match::Owner => self.doubt(format!("{words} is told as somebody else's figure")),
        }
        text.push(TOLD);
    }

    /// Whether the amount only names what the fact is about: "between 18 and 24 o'clock".
    fn is_of_label(&self, amount: &Amount) -> bool {
        amount.hedge == Hedge::Exact
            && amount.units.iter().all(|unit| *unit == Unit::Hour)
            && self.group.label_figures.contains(&amount.value)
    }

    /// Whether the part says which fact it tells.
    fn is_told(&self, slice: &str) -> bool {
        // The part before told it too.
        let goes_on = self.context.last == Some(self.at);
        if self.is_told_by_mention || goes_on {
            return true;
        }
        let is_money = |c: char| matches!(self.reading.mention(c), Some((Mention::Amount(amount), _)) if amount.units == [Unit::Money]);
        let needs = &self.group.needs;
        let has_need = needs.is_empty()
            || needs.iter().any(|word| slice.contains(word.as_str()))
            || slice.chars().any(is_money);
        self.group.name.is_none() && has_need && self.is_worded(slice)
    }

    /// Whether the sentence, of several names the part, calls what the group's name is by its kind, if it calls it by
    /// any.
    fn is_of_kind(&self, slice: &str) -> bool {
        const KINDS: [(&str, [&str; 2], [&str; 2]); 3] = [
            ("category", ["categor", "categor"], ["品类", "类目"]),
            ("product", ["product", "item"], ["商品", "产品"]),
            ("query", ["search", "quer"], ["搜", "查询"]),
        ];
        let is_name = |(mention, _): &&(Mention, String)| matches!(mention, Mention::Name(_));
        let names = self.reading.mentions.iter().filter(is_name).count();
        let text = if names > 1 { slice } else { &self.reading.flat };
        let own = KINDS
            .iter()
            .position(|(kind, ..)| self.group.lead.starts_with(kind));
        let says = |at: usize| {
            let (_, en, zh) = KINDS[at];
            let words = if self.lang == Lang::En { en } else { zh };
            words.iter().any(|word| text.contains(word))
        };
        own.is_none_or(|own| says(own) || !(0..KINDS.len()).any(says))
    }

    /// Whether a word of the part tells the group, and not as a piece of a longer one that tells another.
    fn is_worded(&self, slice: &str) -> bool {
        let start = expanded(self.context.before, self.reading).len();
        let slice = expanded(slice, self.reading);
        let flat = expanded(&self.reading.flat, self.reading);
        let words = &self.group.words;
        words.iter().any(|word| {
            slice.match_indices(word.as_str()).any(|(at, _)| {
                let range = start + at..start + at + word.len();
                self.is_whole_word(&flat, &range)
                    && !self.context.topics.iter().any(|longer| {
                        longer.len() > range.len()
                            && longer.start <= range.start
                            && range.end <= longer.end
                    })
            })
        })
    }

    fn is_whole_word(&self, flat: &str, range: &std::ops::Range<usize>) -> bool {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        self.lang == Lang::Zh
            || !is_part(flat[..range.start].chars().next_back())
                && !is_part(flat[range.end..].chars().next())
    }

    /// The phrases of the words between the mentions.
    fn words(&mut self, text: &str) -> Vec<(String, u16)> {
        let mut taken = Vec::new();
        // "少于" is one word, whatever shorter one ends with its first sign.
        let mut text = text.to_owned();
        if self.lang == Lang::Zh {
            for word in [
                "多于", "少于", "高于", "低于", "大于", "小于", "长于", "短于",
            ] {
                text = text.replace(word, &format!("{TOLD}{word}"));
            }
            for negated in ["不", "远", "略", "稍", "明显", "显著"] {
                text = text.replace(&format!("{negated}{TOLD}"), negated);
            }
        }
        for stretch in text.split(|c| is_mark(c) || c == TOLD) {
            match self.group.cover.take(stretch.trim()) {
                Ok(phrases) => taken.extend(phrases),
                Err(word) => self.why.push(format!("“{word}” is told by no fact")),
            }
        }
        taken
    }

    /// What the words say of the fact; whether they say how it stands to the shop.
    fn meaning(&mut self, taken: &[(String, u16)]) -> bool {
        let any = |list: List| taken.iter().find(|(_, lists)| list.is_in(*lists));
        for (list, measure) in [(List::Median, Measure::Median), (List::Mean, Measure::Mean)] {
            if let Some((word, _)) = any(list)
                && self.measure != measure
                && !(self.measure == Measure::Exact && self.group.figures.is_empty())
            {
                self.why.push(format!("“{word}” tells another measure"));
            }
        }
        // A word that the fact's own topic has is none: "the dearest product".
        let rank = taken
            .iter()
            .find(|(_, lists)| List::Rank.is_in(*lists) && lists & OWN == 0);
        if let Some((word, _)) = rank {
            self.why
                .push(format!("nothing bears out the rank “{word}”"));
        }
        let beyond = taken
            .iter()
            .find(|(_, lists)| List::Beyond.is_in(*lists) && lists & OWN == 0);
        if let Some((word, _)) = beyond {
            self.why.push(format!("no fact can bear out “{word}”"));
        }
        let has_figure = !self.facts.is_empty();
        let negations = taken
            .iter()
            .filter(|(_, lists)| List::Negation.is_in(*lists))
            .count();
        let has_direction = [List::Up, List::Down, List::Same]
            .into_iter()
            .any(|list| any(list).is_some());
        if negations > 0 && !has_direction {
            return self.is_none(negations);
        }
        let wrong = |direction: &Direction| wrong_words(taken, *direction, negations == 1);
        let least = self
            .group
            .directions
            .iter()
            .filter(|(measure, _)| {
                measure.is_none_or(|measure| has_figure && measure == self.measure)
            })
            .map(|(_, direction)| wrong(direction))
            .min_by_key(Vec::len);
        match least {
            Some(words) => self.why.extend(
                words
                    .into_iter()
                    .map(|word| format!("“{word}” does not fit the fact")),
            ),
            None if has_direction => self
                .why
                .push("the fact has no figure of the shop's to compare with".to_owned()),
            None => {}
        }
        if negations > 1 {
            self.why.push("more than one negation".to_owned());
        }
        has_direction
    }

    /// "Does not": right where the figure is nought.
    fn is_none(&mut self, negations: usize) -> bool {
        let nought = self
            .figures()
            .into_iter()
            .find(|figure| figure.owner == Owner::Segment)
            .filter(|figure| figure.value == 0.0 && negations == 1)
            .map(|figure| figure.fact.clone());
        let Some(fact) = nought else {
            self.doubt("the negation is borne out by no fact");
            return false;
        };
        self.facts.push(fact);
        true
    }
}

/// The words that do not fit a direction.
fn wrong_words(taken: &[(String, u16)], direction: Direction, is_negated: bool) -> Vec<String> {
    let sign = direction.sign();
    let is_much = matches!(direction, Direction::MuchLess | Direction::MuchMore);
    let is_strong = taken.iter().any(|(_, lists)| List::Strong.is_in(*lists));
    let is_wrong = |lists: u16| {
        let is = |list: List| list.is_in(lists);
        if is_negated {
            // "Not far more" leaves open that it is somewhat more.
            let holds = |wanted: i8| sign == wanted && (!is_strong || is_much);
            return is(List::Up) && holds(1)
                || is(List::Down) && holds(-1)
                || is(List::Same) && sign == 0;
        }
        is(List::Up) && sign != 1
            || is(List::Down) && sign != -1
            || is(List::Same) && sign != 0
            || is(List::Strong) && !is_much
            || is(List::Mild) && (is_much || sign == 0)
    };
    taken
        .iter()
        .filter(|(_, lists)| is_wrong(*lists))
        .map(|(word, _)| word.clone())
        .collect()
}

/// The measure that the words name.
fn named_measure(taken: &[(String, u16)]) -> Option<Measure> {
    let names = |list: List| taken.iter().any(|(_, lists)| list.is_in(*lists));
    if names(List::Median) {
        Some(Measure::Median)
    } else {
        names(List::Mean).then_some(Measure::Mean)
    }
}
