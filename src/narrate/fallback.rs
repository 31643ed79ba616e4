//! The facts in plain sentences, for an item that no sample of the model told rightly.

use super::codes::Slot;
use super::plan::Item;
use crate::words::Lang;

/// The sentence for an item: `Average order value: £401 (shop: £290).`
#[must_use]
pub fn sentence(item: &Item, lang: Lang) -> String {
    let text = |slot: Slot| {
        // The second fact of a sentence has its figures in slots of their own.
        let is_wanted = |other: Slot| {
            other == slot
                || (slot, other) == (Slot::Val, Slot::Val2)
                || (slot, other) == (Slot::Pop, Slot::Pop2)
        };
        item.fillings
            .iter()
            .find(|f| is_wanted(f.slot))
            .map(|f| f.text.as_str())
    };
    let is_english = lang == Lang::En;
    let mut main = Vec::new();
    let mut aside = Vec::new();
    if let Some(name) = text(Slot::Name) {
        main.push(name.to_owned());
        main.extend(text(Slot::Name2).map(str::to_owned));
        aside.extend(text(Slot::Val).map(str::to_owned));
    } else {
        main.extend(
            text(Slot::Users)
                .or_else(|| text(Slot::Val))
                .map(str::to_owned),
        );
    }
    aside.extend(
        text(Slot::Share).map(|share| match (is_english, text(Slot::Users)) {
            (true, Some(_)) => format!("{share} of all"),
            (true, None) => format!("{share} of the customers"),
            (false, _) => format!("占用户{share}"),
        }),
    );
    aside.extend(text(Slot::Pop).map(|pop| {
        if is_english {
            format!("shop: {pop}")
        } else {
            format!("全店{pop}")
        }
    }));
    aside.extend(text(Slot::Ratio).map(str::to_owned));
    let label = item.label.as_str();
    match (is_english, aside.is_empty()) {
        (true, true) => format!("{label}: {}.", main.join(", ")),
        (true, false) => format!("{label}: {} ({}).", main.join(", "), aside.join(", ")),
        (false, true) => format!("{label}：{}。", main.join("、")),
        (false, false) => format!("{label}：{}（{}）。", main.join("、"), aside.join("，")),
    }
}

/// The facts of a headline by their labels: `More: orders. Less: average order value.`
#[must_use]
pub fn headline(items: &[Item], lang: Lang) -> String {
    let side = |sign: i8, (en, zh): (&str, &str)| {
        let labels: Vec<_> = items
            .iter()
            .filter(|item| item.direction.sign() == sign)
            .map(|item| item.label.as_str())
            .collect();
        match (labels.is_empty(), lang) {
            (true, _) => String::new(),
            (false, Lang::En) => format!("{en}: {}. ", labels.join(", ")),
            (false, Lang::Zh) => format!("{zh}：{}。", labels.join("、")),
        }
    };
    let text =
        side(1, ("More than the shop", "高于全店")) + &side(-1, ("Less than the shop", "低于全店"));
    text.trim_end().to_owned()
}

/// The facts that the sentence tells.
#[must_use]
pub fn facts(item: &Item) -> Vec<String> {
    let mut facts = vec![item.fact.clone()];
    for filling in &item.fillings {
        if filling.slot != Slot::Label && !facts.contains(&filling.fact) {
            facts.push(filling.fact.clone());
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Shop, plan};
    use super::super::testing::{feature, name, segment, size};
    use super::*;

    fn told(facts: Vec<crate::records::Fact>, lang: Lang) -> Vec<String> {
        let shop = Shop {
            currency: None,
            lang,
            segments: 8,
            seed: 1,
            version: 0,
        };
        plan(&segment(1, facts), shop)
            .iter()
            .map(|item| sentence(item, lang))
            .collect()
    }

    #[test]
    fn facts_read_as_plain_sentences() {
        let aov = feature("basket.aov", "aov", (4.0, 3.0), (4.0, 3.0), 1.0);
        assert_eq!(
            told(aov.clone(), Lang::En),
            ["Label of basket aov median: 4 orders (shop: 3 orders)."]
        );
        assert_eq!(told(aov, Lang::Zh), ["标签：4单（全店3单）。"]);
        let sized = told(size(), Lang::En);
        assert_eq!(
            sized[0],
            "Label of size users: 1204 customers (12.5% of all)."
        );
        assert_eq!(
            sized[1],
            "Label of revenue share: 31% (12.5% of the customers)."
        );
        let named = told(
            name("category.1", "category", "Teapots", 12.0, 4.0),
            Lang::En,
        );
        assert_eq!(
            named,
            ["Label of category 1: “Teapots” (12%, shop: 4%, 3 times)."]
        );
    }
}
