//! Whose a figure in a text is: the segment's, the shop's, or of both.

use super::super::lexicon::Lexicon;
use super::amounts::Amount;
use super::attempt::TOLD;
use super::groups::{Figure, Owner};
use super::hedges::Hedge;
use super::mentions::{is_mark, is_private};
use crate::words::{Lang, Unit};

/// What an amount turns out to be.
pub(super) enum Match<'a> {
    /// The figure, and whether the hedge before the amount was needed.
    Figure(&'a Figure, bool),
    /// A figure of the other owner.
    Owner,
    None,
}

/// Where an amount stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The part up to it, what is accounted for as [`TOLD`].
    pub before: &'a str,
    /// The part after it.
    pub after: &'a str,
    /// Whether the sentence so far is about the shop and not about the segment.
    pub is_about_shop: bool,
    pub lang: Lang,
}

/// The figure that an amount tells, by what stands before and after it.
pub(super) fn matched<'a>(amount: &Amount, figures: &[&'a Figure], place: Place<'_>) -> Match<'a> {
    let Place {
        before,
        after,
        is_about_shop,
        lang,
    } = place;
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
            if figure.owner == Owner::Difference {
                return amount.is_difference
                    && amount.is_of(figure.value, figure.unit, *with_hedge);
            }
            // "40% of the shop's" is of the two figures.
            let is_of_both = figure.owner == Owner::Both
                && figure.unit == Unit::Times
                && (is_shops || is_of_shops(before, after, lang));
            amount.is_of(figure.value, figure.unit, *with_hedge)
                || is_of_both && amount.is_of(100.0 * figure.value, Unit::Percent, *with_hedge)
        };
        // The shop named some words before: "their time with the shop spans 11.5 days".
        let is_near = is_shops && !is_about_shop && !is_shops_own(before, after, lang);
        let owner_fits = |figure: &&&Figure| match figure.owner {
            Owner::Both | Owner::Difference => true,
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

/// Whether an amount is said to be of the shop's figure: "40% of the shop's", "全店£48.3的七成".
fn is_of_shops(before: &str, after: &str, lang: Lang) -> bool {
    match lang {
        Lang::En => {
            let after = after.trim_start();
            after.starts_with("of the shop's") || after.starts_with("of that of the shop")
        }
        Lang::Zh => before
            .strip_suffix('的')
            .and_then(|before| before.rsplit(is_mark).next())
            .is_some_and(|clause| clause.contains("全店")),
    }
}

/// Whether the sentence begins with the shop, and names the segment nowhere before the figure.
pub(super) fn is_about_shop(sentence: &str, part: &str, lang: Lang) -> bool {
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

/// Whether the shop's figure is announced and a mark stands before it: "the figure for the shop, 36.3%", "(shop
/// overall: 1.28)", "全店水平（9%）".
fn is_announced(before: &str, lang: Lang) -> bool {
    const WITH_COMMA: [&str; 2] = ["figure of the shop", "figure for the shop"];
    const WITH_COLON: [&str; 4] = ["shop", "shop overall", "shop as a whole", "shop at large"];
    let before = before.trim_end();
    let Some(mark) = before.chars().next_back().filter(|c| is_mark(*c)) else {
        return false;
    };
    let clause = before[..before.len() - mark.len_utf8()]
        .rsplit(|c| is_mark(c) || c == TOLD)
        .next()
        .unwrap_or_default()
        .trim();
    let ends = |words: &[&str]| words.iter().any(|words| clause.ends_with(words));
    match (lang, mark) {
        (Lang::En, ',') => ends(&WITH_COMMA),
        (Lang::En, ':') => ends(&WITH_COLON),
        (Lang::Zh, '（') => ends(&["全店", "全店水平"]),
        _ => false,
    }
}

/// Whether a figure is the shop's, by the words right before and after it.
fn is_shops(before: &str, after: &str, lang: Lang) -> bool {
    if is_announced(before, lang) {
        return true;
    }
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
