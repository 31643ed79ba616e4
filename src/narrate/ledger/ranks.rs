//! Ranks among the names that a segment's facts list: which category has the highest lift, which product the lowest
//! share. Of names that are not listed the facts know nothing, so the sentence must say that it means the listed ones.

use std::sync::LazyLock;

use regex::Regex;

use super::super::lexicon::Lexicon;
use super::groups::{Group, Owner};
use crate::words::{Lang, Unit};

/// Where a name stands among the listed ones of its kind: first or last, by share and by lift; ties share a place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Places {
    share: Place,
    lift: Place,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    is_first: bool,
    is_last: bool,
}

/// Gives each name its places.
pub(super) fn place(groups: &mut [Group<'_>]) {
    for unit in [Unit::Percent, Unit::Times] {
        let figures: Vec<Option<(String, f64)>> = groups
            .iter()
            .map(|group| {
                group.name.as_ref()?;
                let figure = group
                    .figures
                    .iter()
                    .find(|figure| figure.unit == unit && is_of_name(figure.owner, unit))?;
                Some((kind(group.lead).to_owned(), figure.value))
            })
            .collect();
        for (group, figure) in groups.iter_mut().zip(&figures) {
            let Some((kind, own)) = figure else { continue };
            let mut others = figures
                .iter()
                .flatten()
                .filter(|(other, _)| other == kind)
                .map(|(_, value)| *value);
            let place = Place {
                is_first: others.clone().all(|value| value <= *own),
                is_last: others.all(|value| value >= *own),
            };
            match unit {
                Unit::Percent => group.places.share = place,
                _ => group.places.lift = place,
            }
        }
    }
}

/// The share is the segment's, the lift a factor of both.
fn is_of_name(owner: Owner, unit: Unit) -> bool {
    match unit {
        Unit::Percent => owner == Owner::Segment,
        _ => owner == Owner::Both,
    }
}

fn kind(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

struct Words {
    listed: Regex,
    highest: Regex,
    lowest: Regex,
    lift: Regex,
}

static EN: LazyLock<Words> = LazyLock::new(|| Words::of(Lang::En));
static ZH: LazyLock<Words> = LazyLock::new(|| Words::of(Lang::Zh));

impl Words {
    fn of(lang: Lang) -> Self {
        // The longest first: "most common" is more than "most". In English as whole words.
        let any = |phrases: &[String]| {
            let mut phrases: Vec<String> = phrases.iter().map(|one| regex::escape(one)).collect();
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
            let edge = if lang == Lang::En { r"\b" } else { "" };
            Regex::new(&format!("{edge}(?:{}){edge}", phrases.join("|")))
                .expect("escaped words make a pattern")
        };
        let words = &Lexicon::of(lang).ranks;
        Self {
            listed: any(&words.listed),
            highest: any(&words.highest),
            lowest: any(&words.lowest),
            lift: any(&words.lift),
        }
    }
}

/// A part without its superlative, where it is true of the name among the listed ones.
pub(super) fn without_true_rank(
    part: &str,
    sentence: &str,
    group: &Group<'_>,
    lang: Lang,
) -> Option<String> {
    let words = match lang {
        Lang::En => &EN,
        Lang::Zh => &ZH,
    };
    group.name.as_ref()?;
    if !words.listed.is_match(sentence) {
        return None;
    }
    let place = if words.lift.is_match(sentence) {
        group.places.lift
    } else {
        group.places.share
    };
    let superlative = [
        (&words.highest, place.is_first),
        (&words.lowest, place.is_last),
    ]
    .into_iter()
    .filter_map(|(regex, is_true)| Some((regex.find(part)?, is_true)))
    .min_by_key(|(found, _)| found.start());
    let (found, is_true) = superlative?;
    is_true.then(|| format!("{}{}", &part[..found.start()], &part[found.end()..]))
}

#[cfg(test)]
mod tests {
    use super::super::{Shop, judge};
    use crate::narrate::testing::{name, segment, size};
    use crate::records::Verdict;
    use crate::words::Lang;

    fn verdict(text: &str, lang: Lang) -> Verdict {
        let mut facts = size();
        for (at, word, share, shop) in [
            (1, "Teapots", 12.0, 4.0),
            (2, "Mugs", 19.0, 9.5),
            (3, "Trays", 12.0, 8.0),
        ] {
            facts.extend(name(
                &format!("category.{at}"),
                "category",
                word,
                share,
                shop,
            ));
        }
        let shop = Shop {
            segments: 4,
            currency: None,
            lang,
        };
        judge(text, &segment(1, facts), shop)[0].verdict
    }

    #[test]
    fn a_rank_among_the_listed_names_is_borne_out_where_it_is_true() {
        let table = [
            (
                Lang::En,
                "Of the listed categories, “Mugs” has the highest share, 19%.",
                true,
            ),
            (
                Lang::En,
                "Of the listed categories, “Teapots” has the highest share, 12%.",
                false,
            ),
            (
                Lang::Zh,
                "在列出的品类中，“Mugs”的用户占比最高，为19%。",
                true,
            ),
            (
                Lang::Zh,
                "在列出的品类中，“Mugs”的用户占比最低，为19%。",
                false,
            ),
            (
                Lang::Zh,
                "在特征品类中，“Teapots”的提升度最高，为3倍。",
                true,
            ),
            (Lang::Zh, "在特征品类中，“Mugs”的提升度最高，为2倍。", false),
            // Of all categories the facts know nothing.
            (Lang::Zh, "“Mugs”的用户占比最高，为19%。", false),
        ];
        for (lang, text, is_true) in table {
            let expected = if is_true {
                Verdict::Supported
            } else {
                Verdict::Unsupported
            };
            assert_eq!(verdict(text, lang), expected, "{text}");
        }
    }
}
