//! A part of a sentence held against the facts: which fact it tells, or what speaks against it.

use super::super::codes::{Direction, Measure};
use super::super::lexicon::{Cover, Lexicon, List};
use super::amounts::{Amount, Hedge};
use super::groups::{Figure, Group, Owner};
use super::mentions::{Mention, Reading, is_mark, is_private};
use crate::words::{Lang, Unit};

/// Lists of a topic's own words, and of the narrator's words that tell nothing.
const OWN: u16 = List::Words as u16
    | List::Also as u16
    | List::Up as u16
    | List::Down as u16
    | List::Neutral as u16;

/// Stands for a mention that is accounted for.
const TOLD: char = '\u{F8FF}';

/// What a part tells.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The group that it tells; none where it tells nothing.
    pub group: Option<usize>,
    /// The measure that its words name.
    pub measure: Option<Measure>,
    pub facts: Vec<String>,
    /// What speaks against it.
    pub why: Vec<String>,
}

/// Reads a part as the fact that it fits best.
pub(super) fn read(
    slice: &str,
    reading: &Reading,
    groups: &[Group<'_>],
    context: Context<'_>,
    lang: Lang,
) -> Told {
    if !slice.contains(is_private) && covers(Lexicon::of(lang).frame(), slice) {
        return Told::default();
    }
    let mut best: Option<Told> = None;
    for (at, group) in groups.iter().enumerate() {
        let goes_on = context.last == Some(at);
        if !goes_on && !may_tell(slice, reading, group) {
            continue;
        }
        for measure in [Measure::Median, Measure::Mean, Measure::Exact] {
            if !group.figures.iter().any(|figure| figure.measure == measure)
                && (measure != Measure::Exact || !group.figures.is_empty())
            {
                continue;
            }
            let told = Try {
                group,
                measure,
                goes_on,
                context,
                currency: context.currency,
                lang,
                reading,
                facts: Vec::new(),
                why: Vec::new(),
            }
            .read(slice, at);
            let is_better = best.as_ref().is_none_or(|other| {
                (told.why.len(), std::cmp::Reverse(told.facts.len()))
                    < (other.why.len(), std::cmp::Reverse(other.facts.len()))
            });
            if is_better {
                best = Some(told);
            }
        }
    }
    best.unwrap_or_else(|| Told {
        why: vec![format!("no fact is told by “{}”", shown(slice, reading))],
        ..Told::default()
    })
}

/// Whether a sentence says nothing of the segment: no figure, no name, nothing but words that announce.
pub(super) fn says_nothing(reading: &Reading, lang: Lang) -> bool {
    let is_soft = |mention: &Mention| matches!(mention, Mention::Amount(amount) if amount.is_soft);
    if !reading.mentions.iter().all(|(mention, _)| is_soft(mention)) {
        return false;
    }
    let text = shown(&reading.flat, reading);
    let lexicon = Lexicon::of(lang);
    // Words that only announce, and those for what the facts are about; none says how much.
    let announces = |lists: u16| {
        List::Words.is_in(lists) || !List::Negation.is_in(lists) && !List::Rank.is_in(lists)
    };
    text.split(is_mark).all(|stretch| {
        let taken = lexicon.announcing().take(stretch.trim());
        taken.is_ok_and(|taken| taken.iter().all(|(_, lists)| announces(*lists)))
    })
}

/// The part with its mentions as they stand in the text.
fn shown(slice: &str, reading: &Reading) -> String {
    let mut out = String::new();
    for c in slice.chars() {
        match reading.mention(c) {
            Some((_, text)) => out.push_str(text),
            None => out.push(c),
        }
    }
    out.trim().to_owned()
}

fn covers(cover: &Cover, slice: &str) -> bool {
    slice
        .split(is_mark)
        .all(|stretch| cover.take(stretch.trim()).is_ok())
}

/// The text with the amounts that may be plain words as they stand: "one category".
fn expanded(text: &str, reading: &Reading) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match reading.mention(c) {
            Some((Mention::Amount(amount), words)) if amount.is_soft => out.push_str(words),
            _ => out.push(c),
        }
    }
    out
}

/// Where words tell any of the groups' facts, in English as whole words; places in the [`expanded`] text.
pub(super) fn topics(
    reading: &Reading,
    groups: &[Group<'_>],
    lang: Lang,
) -> Vec<std::ops::Range<usize>> {
    let flat = &reading.flat;
    let is_part =
        |c: Option<char>| lang == Lang::En && c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut found = Vec::new();
    for group in groups {
        for word in &group.words {
            for (at, _) in flat.match_indices(word.as_str()) {
                let range = at..at + word.len();
                let is_whole = !is_part(flat[..range.start].chars().next_back())
                    && !is_part(flat[range.end..].chars().next());
                if is_whole && !found.contains(&range) {
                    found.push(range);
                }
            }
        }
    }
    found
}

/// Whether the part can be about the group at all: by a word, a name or an amount.
fn may_tell(slice: &str, reading: &Reading, group: &Group<'_>) -> bool {
    let words = expanded(slice, reading);
    let has_mention = slice
        .chars()
        .filter_map(|c| reading.mention(c))
        .any(|(mention, _)| match mention {
            Mention::Name(name) => group.name.as_ref().is_some_and(|own| own.0 == *name),
            Mention::Amount(amount) => group
                .figures
                .iter()
                .any(|figure| is_telling(figure.unit) && amount.units.contains(&figure.unit)),
        });
    has_mention
        || group
            .words
            .iter()
            .any(|phrase| words.contains(phrase.as_str()))
}

/// Units that tell what a figure is of.
fn is_telling(unit: Unit) -> bool {
    !matches!(
        unit,
        Unit::Percent | Unit::Days | Unit::Times | Unit::Money | Unit::Number | Unit::Name
    )
}

/// What stands before a part, and what holds for the whole sentence.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The sentence up to the part.
    pub before: &'a str,
    /// The group told by the part before, which it may go on about.
    pub last: Option<usize>,
    /// The measure named last.
    pub measure: Option<Measure>,
    /// ISO 4217 code of the facts' money.
    pub currency: Option<&'a str>,
    /// Where in the sentence words tell any of the facts.
    pub topics: &'a [std::ops::Range<usize>],
}

struct Try<'a> {
    group: &'a Group<'a>,
    measure: Measure,
    goes_on: bool,
    context: Context<'a>,
    currency: Option<&'a str>,
    lang: Lang,
    reading: &'a Reading,
    facts: Vec<String>,
    why: Vec<String>,
}

impl<'a> Try<'a> {
    fn figures(&self) -> Vec<&'a Figure> {
        let measure = self.measure;
        let is_of =
            |figure: &&Figure| figure.measure == measure || figure.measure == Measure::Exact;
        self.group.figures.iter().filter(is_of).collect()
    }

    fn read(mut self, slice: &str, at: usize) -> Told {
        let mut text = String::new();
        let mut is_told_by_unit = false;
        let mut has_claim = false;
        let mut has_ratio = false;
        for (place, c) in slice.char_indices() {
            let Some((mention, words)) = self.reading.mention(c) else {
                text.push(c);
                continue;
            };
            let after = &slice[place + c.len_utf8()..];
            match mention {
                Mention::Name(name) => match &self.group.name {
                    Some((own, fact)) if own == name => {
                        if !self.is_of_kind() {
                            self.why.push(format!("{words} is of another kind"));
                        }
                        self.facts.push((*fact).to_owned());
                        // "A, B and C are their categories": the word may stand with another of the names.
                        is_told_by_unit = true;
                        has_claim = true;
                        text.push(TOLD);
                    }
                    _ => self.why.push(format!("{words} is no name of this fact")),
                },
                Mention::Amount(amount) => {
                    let figures = self.figures();
                    let is_foreign = !amount.currency.is_empty()
                        && self
                            .currency
                            .is_some_and(|own| !amount.currency.contains(&own));
                    let before = Before {
                        part: &text,
                        is_about_shop: is_about_shop(
                            self.context.before,
                            &slice[..place],
                            self.lang,
                        ),
                    };
                    let found = if is_foreign {
                        Match::None
                    } else {
                        matched(amount, &figures, before, after, self.lang)
                    };
                    match found {
                        Match::Figure(figure, with_hedge) => {
                            if with_hedge {
                                text.truncate(text.len() - amount.hedge_length.min(text.len()));
                            }
                            self.facts.push(figure.fact.clone());
                            // How many they are stands beside any fact, and tells none but itself.
                            let is_own = !figure.fact.starts_with("size.")
                                || self.group.lead.starts_with("size.");
                            is_told_by_unit |= is_own
                                && self.group.name.is_none()
                                && is_telling(figure.unit)
                                && !amount.units.is_empty();
                            has_ratio |= figure.unit == Unit::Times;
                            has_claim = true;
                            text.push(TOLD);
                        }
                        Match::None if amount.is_soft => text.push_str(words),
                        Match::None => {
                            self.why.push(format!("{words} is no figure of this fact"));
                            text.push(TOLD);
                        }
                        Match::Owner => {
                            self.why
                                .push(format!("{words} is told as somebody else's figure"));
                            text.push(TOLD);
                        }
                    }
                }
            }
        }
        let mut taken = self.words(&text);
        if has_ratio {
            // "3 times as common as in the shop" says nothing of sameness.
            taken.retain(|(phrase, lists)| !List::Same.is_in(*lists) || !phrase.starts_with("as "));
        }
        let needs = &self.group.needs;
        let has_need = needs.is_empty()
            || is_told_by_unit
            || needs.iter().any(|word| slice.contains(word.as_str()))
            || slice.chars().any(|c| {
                matches!(self.reading.mention(c), Some((Mention::Amount(amount), _)) if amount.units == [Unit::Money])
            });
        let is_named = self.group.name.is_none() || is_told_by_unit;
        let is_told =
            is_told_by_unit || self.goes_on || is_named && has_need && self.is_worded(slice);
        // A name's group is told by the name or a figure of it, not by the word for what it is.
        has_claim |= self.meaning(&taken) && (self.group.name.is_none() || !self.facts.is_empty());
        if !is_told {
            self.why
                .push("no word tells which fact is meant".to_owned());
        }
        if !has_claim {
            self.why
                .push("neither figure nor direction is told".to_owned());
        }
        if self.facts.is_empty() {
            self.facts.push(self.group.lead.to_owned());
        }
        let names = |list: List| taken.iter().any(|(_, lists)| list.is_in(*lists));
        let measure = if names(List::Median) {
            Some(Measure::Median)
        } else {
            names(List::Mean).then_some(Measure::Mean)
        };
        let is_other = self.measure != Measure::Exact
            && measure.is_none()
            && self
                .context
                .measure
                .is_some_and(|named| named != self.measure);
        if is_other && has_claim {
            self.why
                .push("the measure is another than the one named before".to_owned());
        }
        Told {
            group: Some(at),
            measure,
            facts: self.facts,
            why: self.why,
        }
    }

    /// Whether the sentence calls what the group's name is by its kind, if it calls it by any.
    fn is_of_kind(&self) -> bool {
        const KINDS: [(&str, [&str; 2], [&str; 2]); 3] = [
            ("category", ["categor", "categor"], ["品类", "类目"]),
            ("product", ["product", "item"], ["商品", "产品"]),
            ("query", ["search", "quer"], ["搜", "查询"]),
        ];
        let text = &self.reading.flat;
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
        match nought {
            Some(fact) => {
                self.facts.push(fact);
                true
            }
            None => {
                self.why
                    .push("the negation is borne out by no fact".to_owned());
                false
            }
        }
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

enum Match<'a> {
    /// The figure, and whether the hedge before the amount was needed.
    Figure(&'a Figure, bool),
    /// A figure of the other owner.
    Owner,
    None,
}

/// What stands before an amount.
#[derive(Clone, Copy)]
struct Before<'a> {
    part: &'a str,
    /// Whether the sentence so far is about the shop and not about the segment.
    is_about_shop: bool,
}

/// The figure that an amount tells, by what stands before and after it.
fn matched<'a>(
    amount: &Amount,
    figures: &[&'a Figure],
    Before {
        part: before,
        is_about_shop,
    }: Before<'_>,
    after: &str,
    lang: Lang,
) -> Match<'a> {
    let mut is_others = false;
    let readings: &[bool] = if amount.hedge == Hedge::Exact {
        &[false]
    } else {
        &[true, false]
    };
    for with_hedge in readings {
        let cut = if *with_hedge { amount.hedge_length } else { 0 };
        let before = &before[..before.len() - cut.min(before.len())];
        let is_shops = is_about_shop || is_shops(before, after, lang);
        let fits = |figure: &&&Figure| {
            // "40% of the shop's" is of the two figures.
            let is_of_both = figure.owner == Owner::Both
                && figure.unit == Unit::Times
                && (is_shops || is_of_shops(after));
            amount.is_of(figure.value, figure.unit, *with_hedge)
                || is_of_both && amount.is_of(100.0 * figure.value, Unit::Percent, *with_hedge)
        };
        // The shop named some words before: "their time with the shop spans 11.5 days".
        let is_near = is_shops && !is_about_shop && !is_shops_own(before, after, lang);
        let owner_fits = |figure: &&&Figure| match figure.owner {
            Owner::Both => true,
            Owner::Shop => is_shops,
            Owner::Segment => !is_shops || is_near,
        };
        // "More than 4" may compare with the shop's 4; of their own 4 it is wrong.
        let is_meant = |figure: &&&Figure| {
            *with_hedge
                || figure.owner == Owner::Shop
                || matches!(amount.hedge, Hedge::Exact | Hedge::About)
        };
        let found = figures.iter().filter(fits).filter(is_meant);
        if let Some(figure) = found.clone().find(owner_fits) {
            return Match::Figure(figure, *with_hedge);
        }
        is_others |= figures.iter().any(|figure| fits(&figure));
    }
    if is_others { Match::Owner } else { Match::None }
}

/// Whether a figure that may be the shop's is, by the words beside it alone.
fn is_shops_own(before: &str, after: &str, lang: Lang) -> bool {
    if lang == Lang::Zh {
        return true;
    }
    let words: Vec<&str> = before.split_whitespace().collect();
    let last = &words[words.len().saturating_sub(2)..];
    let beside = last.iter().any(|word| matches!(*word, "shop" | "shop's"));
    let is_compared = is_shops(last.last().copied().unwrap_or(""), after, lang);
    beside || is_compared || before.contains("shop's") || before.ends_with("where ")
}

/// Whether an amount is said to be of the shop's figure.
fn is_of_shops(after: &str) -> bool {
    let after = after.trim_start();
    after.starts_with("of the shop's") || after.starts_with("of that of the shop")
}

/// Whether the sentence begins with the shop, and names the segment nowhere before the figure.
fn is_about_shop(sentence: &str, part: &str, lang: Lang) -> bool {
    const SHOP_EN: [&str; 8] = [
        "the shop",
        "across the shop",
        "in the shop",
        "for the shop",
        "shop-wide",
        "across all customers",
        "in the whole shop",
        "overall,",
    ];
    const OWN_EN: [&str; 7] = [
        "they", "their", "them", "theirs", "segment", "group", "here",
    ];
    const SHOP_ZH: [&str; 4] = ["全店", "在全店", "就全店", "从全店"];
    const OWN_ZH: [&str; 8] = [
        "他们",
        "这群",
        "该群",
        "人群",
        "群体",
        "分群",
        "该用户群",
        "这部分",
    ];
    let so_far = format!("{sentence}{part}");
    match lang {
        Lang::En => {
            let names_own = so_far
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| OWN_EN.contains(&word));
            !names_own
                && SHOP_EN
                    .iter()
                    .any(|shop| so_far.trim_start().starts_with(shop))
        }
        Lang::Zh => {
            SHOP_ZH.iter().any(|shop| so_far.starts_with(shop))
                && !OWN_ZH.iter().any(|own| so_far.contains(own))
        }
    }
}

/// Whether a figure is the shop's, by the words right before and after it.
fn is_shops(before: &str, after: &str, lang: Lang) -> bool {
    let lexicon = Lexicon::of(lang);
    let clause = before
        .rsplit(|c| is_mark(c) || c == TOLD)
        .next()
        .unwrap_or(before);
    let following = after
        .split(|c| is_mark(c) || is_private(c))
        .next()
        .unwrap_or(after);
    let (before_words, after_words) = lexicon.shop_words();
    match lang {
        Lang::En => {
            let words: Vec<&str> = clause.split_whitespace().collect();
            let last = &words[words.len().saturating_sub(4)..];
            let names_shop = last.iter().any(|word| matches!(*word, "shop" | "shop's"));
            let tail = format!(" {}", clause.trim());
            let compared = before_words.iter().any(|word| {
                let tail = ["the", "a", "an", "only", "just"]
                    .iter()
                    .fold(tail.as_str(), |tail, article| {
                        tail.strip_suffix(&format!(" {article}")).unwrap_or(tail)
                    });
                tail.ends_with(&format!(" {word}"))
            });
            let head = format!("{} ", following.trim());
            names_shop
                || compared
                || after_words
                    .iter()
                    .any(|word| head.starts_with(&format!("{word} ")))
        }
        Lang::Zh => {
            // "分别为53.1%和26.2%": the second is the shop's.
            let is_second = before.contains("分别")
                && before.contains("全店")
                && ["和", "与", "、"]
                    .iter()
                    .any(|and| before.ends_with(&format!("{TOLD}{and}")));
            if is_second {
                return true;
            }
            let near: String = clause
                .chars()
                .rev()
                .take(10)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            let is_share_of_shop = near.contains("全店用户中")
                || near.contains("全店用户里")
                || near.ends_with("占全店")
                || near.ends_with("占全店的")
                || near.contains("占全店用户");
            (near.contains("全店") && !is_share_of_shop)
                || !clause.ends_with("占比")
                    && before_words
                        .iter()
                        .any(|word| clause.ends_with(word.as_str()))
                || after_words
                    .iter()
                    .any(|word| following.starts_with(word.as_str()))
        }
    }
}
