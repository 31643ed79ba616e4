//! What is said of an amount beside it: about, over, at least.

use std::sync::LazyLock;

use regex::Regex;

use crate::words::Lang;

/// What is said of an amount right before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hedge {
    /// Nothing: the figure itself, rounded to the digits given.
    Exact,
    /// About, nearly.
    About,
    /// Over, more than.
    Over,
    /// Under, less than.
    Under,
    /// At least.
    Least,
    /// At most.
    Most,
}

static OF_SHOPS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "(超过|不到|不足|不及|接近|将近|约为|约|近)(?:全店|其用户占比|用户占比)[^，。；]{0,14}的$",
    )
    .expect("the pattern is part of the program, and a test reads it")
});

const HEDGES_EN: &[(&str, Hedge)] = &[
    ("no fewer than", Hedge::Least),
    ("no less than", Hedge::Least),
    ("at least", Hedge::Least),
    ("more than", Hedge::Over),
    ("just over", Hedge::Over),
    ("a little over", Hedge::Over),
    ("slightly over", Hedge::Over),
    ("well over", Hedge::Over),
    ("upwards of", Hedge::Least),
    ("over", Hedge::Over),
    ("above", Hedge::Over),
    ("no more than", Hedge::Most),
    ("not even", Hedge::Under),
    ("does not reach", Hedge::Under),
    ("do not reach", Hedge::Under),
    ("does not even reach", Hedge::Under),
    ("do not even reach", Hedge::Under),
    ("fails to reach", Hedge::Under),
    ("fail to reach", Hedge::Under),
    ("does not exceed", Hedge::Most),
    ("do not exceed", Hedge::Most),
    ("at most", Hedge::Most),
    ("less than", Hedge::Under),
    ("fewer than", Hedge::Under),
    ("just under", Hedge::Under),
    ("a little under", Hedge::Under),
    ("slightly under", Hedge::Under),
    ("under", Hedge::Under),
    ("below", Hedge::Under),
    ("up to", Hedge::Most),
    ("add up to", Hedge::Exact),
    ("adds up to", Hedge::Exact),
    ("about", Hedge::About),
    ("around", Hedge::About),
    ("roughly", Hedge::About),
    ("approximately", Hedge::About),
    ("close to", Hedge::About),
    ("approaching", Hedge::About),
    ("something like", Hedge::About),
    ("in the region of", Hedge::About),
    ("on the order of", Hedge::About),
    ("just about", Hedge::About),
    ("just short of", Hedge::About),
    ("a good", Hedge::About),
    ("in excess of", Hedge::Over),
    ("beyond", Hedge::Over),
    ("exceeding", Hedge::Over),
    ("short of", Hedge::Under),
    ("as few as", Hedge::About),
    ("as many as", Hedge::About),
    ("as much as", Hedge::About),
    ("nearly", Hedge::About),
    ("almost", Hedge::About),
    ("some", Hedge::About),
];

const HEDGES_ZH: &[(&str, Hedge)] = &[
    ("逾", Hedge::Over),
    ("超", Hedge::Over),
    ("不止", Hedge::Over),
    ("逼近", Hedge::About),
    ("约有", Hedge::About),
    ("约占", Hedge::About),
    ("大致", Hedge::About),
    ("不少于", Hedge::Least),
    ("不低于", Hedge::Least),
    ("不短于", Hedge::Least),
    ("至少", Hedge::Least),
    ("超过", Hedge::Over),
    ("超出", Hedge::Over),
    ("多于", Hedge::Over),
    ("高于", Hedge::Over),
    ("不超过", Hedge::Most),
    ("没有超过", Hedge::Most),
    ("未超过", Hedge::Most),
    ("并未超过", Hedge::Most),
    ("没有达到", Hedge::Under),
    ("没达到", Hedge::Under),
    ("未达到", Hedge::Under),
    ("未达", Hedge::Under),
    ("达不到", Hedge::Under),
    ("还不到", Hedge::Under),
    ("不到", Hedge::Under),
    ("不足", Hedge::Under),
    ("不及", Hedge::Under),
    ("低于", Hedge::Under),
    ("少于", Hedge::Under),
    ("至多", Hedge::Most),
    ("大约", Hedge::About),
    ("约为", Hedge::About),
    ("约", Hedge::About),
    ("近", Hedge::About),
    ("将近", Hedge::About),
    ("接近", Hedge::About),
    ("差不多", Hedge::About),
    ("大概", Hedge::About),
];

/// A hedge before an amount.
pub(super) struct Before {
    pub kind: Hedge,
    /// Its bytes, where it stands right before.
    pub length: usize,
    /// Its word, where others stand between.
    pub far: Option<&'static str>,
}

/// The hedge before an amount, the longest that fits.
pub(super) fn hedge(before: &str, lang: Lang) -> Before {
    let (table, before_trimmed) = match lang {
        Lang::En => (HEDGES_EN, before.trim_end()),
        Lang::Zh => (HEDGES_ZH, before),
    };
    let is_whole = |hedge: &str| {
        lang == Lang::Zh
            || before_trimmed
                .strip_suffix(hedge)
                .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    };
    let best = table
        .iter()
        .filter(|(hedge, _)| before_trimmed.ends_with(hedge) && is_whole(hedge))
        .max_by_key(|(hedge, _)| hedge.len());
    if let Some((hedge, kind)) = best {
        let blanks = before.len() - before_trimmed.len();
        return Before {
            kind: *kind,
            length: hedge.len() + blanks,
            far: None,
        };
    }
    // "More than three times" of a figure in between: 超过全店8次的三倍.
    let of_shops = OF_SHOPS.captures(before).filter(|_| lang == Lang::Zh);
    let word = of_shops.as_ref().and_then(|captures| captures.get(1));
    let far = word.and_then(|word| table.iter().find(|(hedge, _)| *hedge == word.as_str()));
    Before {
        kind: far.map_or(Hedge::Exact, |(_, kind)| *kind),
        length: 0,
        far: far.map(|(word, _)| *word),
    }
}

/// The hedge right after an amount, and its length.
pub(super) fn hedge_after(after: &str, lang: Lang) -> (Hedge, usize) {
    const EN: &[(&str, Hedge)] = &[
        (" or more", Hedge::Least),
        (" or fewer", Hedge::Most),
        (" or less", Hedge::Most),
        (" or so", Hedge::About),
    ];
    const ZH: &[(&str, Hedge)] = &[
        ("左右", Hedge::About),
        ("上下", Hedge::About),
        ("以内", Hedge::Most),
        ("以下", Hedge::Most),
        ("以上", Hedge::Least),
        ("出头", Hedge::Over),
        ("有余", Hedge::Over),
        ("开外", Hedge::Over),
        ("多", Hedge::Over),
        ("余", Hedge::Over),
    ];
    let (table, is_word) = match lang {
        Lang::En => (EN, true),
        Lang::Zh => (ZH, false),
    };
    let ends = |word: &str| !is_word || !after[word.len()..].starts_with(char::is_alphanumeric);
    let found = table
        .iter()
        // "3单多于" is no "3单多".
        .find(|(word, _)| {
            after.starts_with(word) && ends(word) && !after[word.len()..].starts_with('于')
        });
    found.map_or((Hedge::Exact, 0), |(word, hedge)| (*hedge, word.len()))
}
