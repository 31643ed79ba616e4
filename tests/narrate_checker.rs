//! The checker catches what a sentence must not say: by tables of tricky sentences, and by spoiling
//! right ones at random in every topic of the lexicon.

use portray::narrate::checker::{Claim, Complaint, check_shown, check_template};
use portray::narrate::codes::{CODES, Direction, Measure, Slot, Topic};
use portray::narrate::lexicon::{Cover, List, Looks};
use portray::records::{Fact, Value};
use portray::words::{Both, Lang, Unit};
use proptest::prelude::*;
use proptest::sample::Index;

fn claim(topic: &str, direction: Direction, measure: Measure) -> Claim {
    Claim {
        topic: CODES.topic(topic).expect("a topic of codes.toml"),
        direction,
        measure,
        looks: Looks::Known,
    }
}

/// Complaints about a sentence on recency, told by the median.
fn recency(template: &str, direction: Direction, lang: Lang) -> Vec<Complaint> {
    check_template(template, claim("recency", direction, Measure::Median), lang)
}

fn told(complaints: &[Complaint]) -> Vec<String> {
    complaints.iter().map(ToString::to_string).collect()
}

#[test]
fn right_sentences_pass() {
    let more = "Typically the last purchase is longer ago: <|val|>, in the shop <|pop|>.";
    assert_eq!(recency(more, Direction::More, Lang::En), []);
    assert_eq!(
        recency(
            "<|val|> ago they last bought, far longer ago.",
            Direction::MuchMore,
            Lang::En
        ),
        []
    );
    assert_eq!(
        recency(
            "上次购买距<|val|>，更久，全店为<|pop|>。",
            Direction::More,
            Lang::Zh
        ),
        []
    );
}

#[test]
fn slots_marks_and_strange_words_are_caught() {
    let table = [
        ("The last purchase is longer ago.", "<|val|> is missing"),
        (
            "The last purchase: <|val|>, longer ago, <|val|>.",
            "<|val|> stands twice",
        ),
        (
            "The last purchase of <|users|>: <|val|>, longer ago.",
            "<|users|> does not belong here",
        ),
        (
            "The last purchase: <|val|>, longer ago<|end|>.",
            "the code <|end|> stands in the text",
        ),
        (
            "The last purchase: <|val|>, longer ago, 3.",
            "the character '3' has no place here",
        ),
        (
            "The last purchase: <|val|>, ３ longer ago.",
            "the character '３' has no place here",
        ),
        (
            "The last purchase: <|val|>, longer ago",
            "it does not end with its only stop",
        ),
        (
            "The last purchase: <|val|>. Longer ago.",
            "it does not end with its only stop",
        ),
        (
            "the last purchase: <|val|>, longer ago.",
            "it does not begin or is not spaced as a sentence",
        ),
        (
            "The last  purchase: <|val|>, longer ago.",
            "it does not begin or is not spaced as a sentence",
        ),
        (
            "The last purchase is is longer ago: <|val|>, in the shop <|pop|>.",
            "\"is\" stands twice in a row",
        ),
        (
            "The last purchase is longer ago ago: <|val|>, in the shop <|pop|>.",
            "\"ago\" stands twice in a row",
        ),
        (
            "Rich women: last purchase <|val|>, longer ago.",
            "\"rich\" is outside the lexicon",
        ),
        ("The <|val|>, longer ago.", "no word tells the topic"),
    ];
    for (sentence, complaint) in table {
        let complaints = told(&recency(sentence, Direction::More, Lang::En));
        assert!(
            complaints.contains(&complaint.to_owned()),
            "{sentence}: {complaints:?}"
        );
    }
}

#[test]
fn looking_is_told_only_where_the_data_has_views() {
    let table = [
        (
            Lang::En,
            "They have viewed far more products: <|val|>, in the shop <|pop|>.",
            true,
        ),
        (
            Lang::En,
            "Their range of products is far wider: <|val|>, in the shop <|pop|>.",
            false,
        ),
        (
            Lang::Zh,
            "看过或买过的商品多得多，为<|val|>，全店为<|pop|>。",
            true,
        ),
        (
            Lang::Zh,
            "涉及的不同商品多得多，为<|val|>，全店为<|pop|>。",
            false,
        ),
    ];
    for (lang, sentence, tells_of_looking) in table {
        let with = |looks| {
            let claim = claim("products", Direction::MuchMore, Measure::Mean);
            check_template(sentence, Claim { looks, ..claim }, lang)
        };
        let unknown = |complaints: &[Complaint]| {
            complaints
                .iter()
                .any(|one| matches!(one, Complaint::Unknown(_)))
        };
        assert!(!unknown(&with(Looks::Known)), "{sentence}");
        assert_eq!(
            unknown(&with(Looks::Unknown)),
            tells_of_looking,
            "{sentence}"
        );
    }
}

#[test]
fn wrong_directions_strengths_and_measures_are_caught() {
    use Direction::{Less, More, MuchMore, Same};
    let table = [
        (
            "The last purchase: <|val|>.",
            More,
            "no word tells the direction",
        ),
        (
            "The last purchase: <|val|>, more recent.",
            More,
            "\"more recent\" tells another direction",
        ),
        (
            "The last purchase: <|val|>, longer ago, shorter.",
            More,
            "\"shorter\" tells another direction",
        ),
        (
            "The last purchase: <|val|>, longer ago, close to it.",
            More,
            "\"close to\" tells another direction",
        ),
        (
            "The last purchase: <|val|>, longer ago.",
            Less,
            "\"longer ago\" tells another direction",
        ),
        (
            "The last purchase: <|val|>, longer ago.",
            Same,
            "no word tells the direction",
        ),
        (
            "The last purchase: <|val|>, far longer ago.",
            More,
            "\"far\" is too strong or too mild",
        ),
        (
            "The last purchase: <|val|>, a little longer ago.",
            MuchMore,
            "\"a little\" is too strong or too mild",
        ),
        (
            "On average the last purchase: <|val|>, longer ago.",
            More,
            "\"on average\" tells another measure",
        ),
    ];
    for (sentence, direction, complaint) in table {
        let complaints = told(&recency(sentence, direction, Lang::En));
        assert!(
            complaints.contains(&complaint.to_owned()),
            "{sentence}: {complaints:?}"
        );
    }
    let only = told(&recency(
        "They last bought only <|val|> ago, longer ago.",
        More,
        Lang::En,
    ));
    assert_eq!(only, ["\"only\" tells another direction"]);
    let chinese = told(&recency("上次购买距 <|val|>，更近。", More, Lang::Zh));
    assert!(
        chinese.contains(&"\"更近\" tells another direction".to_owned()),
        "{chinese:?}"
    );
    assert!(
        chinese.contains(&"the character ' ' has no place here".to_owned()),
        "{chinese:?}"
    );
}

#[test]
fn figures_in_the_wrong_mouth_are_caught() {
    let table = [
        (
            "The last purchase: <|pop|> in the shop, <|val|> for them, longer ago.",
            Slot::Pop,
        ),
        (
            "The last purchase: <|val|>, longer ago than their <|pop|>.",
            Slot::Pop,
        ),
        (
            "The shop's last purchase, in the shop <|val|>, longer ago.",
            Slot::Val,
        ),
        ("The last purchase (shop: <|val|>), longer ago.", Slot::Val),
        (
            "The last purchase: <|val|> in the shop, longer ago.",
            Slot::Val,
        ),
    ];
    for (sentence, slot) in table {
        let complaints = recency(sentence, Direction::More, Lang::En);
        assert!(
            complaints.contains(&Complaint::Role(slot)),
            "{sentence}: {complaints:?}"
        );
    }
    let complaints = recency(
        "全店的<|val|>，上次购买比他们的<|pop|>更久。",
        Direction::More,
        Lang::Zh,
    );
    assert!(
        complaints.contains(&Complaint::Role(Slot::Val)),
        "{complaints:?}"
    );
    assert!(
        complaints.contains(&Complaint::Role(Slot::Pop)),
        "{complaints:?}"
    );
}

fn fact(value: Value, unit: Unit, population: Option<f64>) -> Fact {
    Fact {
        others: None,
        nearest: None,
        before: None,
        id: "basket.aov.median".into(),
        label: Both::new("Average order value", "客单价"),
        value,
        unit,
        population: population.map(Value::Number),
        difference: Some(1.0),
        support: 100,
        topic: Some("aov".into()),
        source: "features/basket.sql".into(),
    }
}

#[test]
fn only_figures_and_names_of_the_facts_may_be_shown() {
    let money = fact(Value::Number(401.0), Unit::Money, Some(12_290.5));
    let days = fact(Value::Number(2.0), Unit::Days, None);
    let name = fact(Value::Text("Pot ”2000”".into()), Unit::Name, None);
    let shown = |text: &str| check_shown(text, &[&money, &days, &name], Some("GBP"), Lang::En);
    for right in [
        "£401 beside £12,290.5.",
        "(2 days), “Pot \"2000\"”.",
        "No figure at all.",
    ] {
        assert_eq!(shown(right), [], "{right}");
    }
    let wrong = [
        "£402.",
        "401.",
        "-£401.",
        "£4010.",
        "£401.5.",
        "£401%.",
        "12 days.",
        "0.2 days.",
        "2 weeks.",
        "½.",
        "£12,290.",
    ];
    for wrong in wrong {
        assert!(
            shown(wrong)
                .iter()
                .any(|c| matches!(c, Complaint::Number(_))),
            "{wrong}: {:?}",
            shown(wrong)
        );
    }
    assert_eq!(shown("“Pan”."), [Complaint::Name("“Pan".into())]);
    assert_eq!(
        check_shown("£401", &[&days], Some("GBP"), Lang::En),
        [Complaint::Number("401".into())]
    );
}

/// One way to spoil a sentence.
#[derive(Debug, Clone, Copy)]
enum Spoil {
    Turn,
    DropSlot,
    DoubleSlot,
    ForeignSlot,
    Digit,
    Word,
    DropTopic,
    Overstate,
    Understate,
    Measure,
}

const SPOILS: [Spoil; 10] = [
    Spoil::Turn,
    Spoil::DropSlot,
    Spoil::DoubleSlot,
    Spoil::ForeignSlot,
    Spoil::Digit,
    Spoil::Word,
    Spoil::DropTopic,
    Spoil::Overstate,
    Spoil::Understate,
    Spoil::Measure,
];

/// A sentence of the barest kind: a phrase of the topic, one of the direction, the slots.
fn sentence(parts: &[String], lang: Lang) -> String {
    match lang {
        Lang::En => {
            let text = parts.join(", ") + ".";
            text[..1].to_uppercase() + &text[1..]
        }
        Lang::Zh => parts.join("，") + "。",
    }
}

fn wanted(direction: Direction) -> List {
    match direction {
        Direction::MuchLess | Direction::Less => List::Down,
        Direction::Same => List::Same,
        Direction::More | Direction::MuchMore => List::Up,
    }
}

fn pick<'a>(phrases: &[&'a str], index: Index) -> Option<&'a str> {
    (!phrases.is_empty()).then(|| phrases[index.index(phrases.len())])
}

/// The parts after spoiling; none where this spoil does not apply.
fn spoilt(
    parts: &[String],
    spoil: Spoil,
    claim: Claim,
    cover: &Cover,
    index: Index,
) -> Option<Vec<String>> {
    let mut parts = parts.to_vec();
    let others = |list| List::is_in(list, 28) && list != wanted(claim.direction);
    match spoil {
        Spoil::Turn => {
            let lists: Vec<_> = [List::Up, List::Down, List::Same]
                .into_iter()
                .filter(|list| others(*list))
                .collect();
            pick(&cover.phrases(lists[index.index(2)]), index)?.clone_into(&mut parts[1]);
        }
        Spoil::DropSlot => {
            parts.remove(2);
        }
        Spoil::DoubleSlot => parts.push(parts[2].clone()),
        Spoil::ForeignSlot => {
            let Topic { must, may, .. } = claim.topic;
            let foreign = Slot::ALL
                .into_iter()
                .find(|slot| !must.contains(slot) && !may.contains(slot))?;
            parts.push(foreign.to_string());
        }
        Spoil::Digit => parts[0].push('7'),
        Spoil::Word => parts.push("xylophone".into()),
        Spoil::DropTopic => {
            parts.remove(0);
        }
        Spoil::Overstate | Spoil::Understate => {
            let is_over = matches!(spoil, Spoil::Overstate);
            let is_much = matches!(claim.direction, Direction::MuchLess | Direction::MuchMore);
            if is_over == is_much {
                return None;
            }
            parts.push(
                pick(
                    &cover.phrases(if is_over { List::Strong } else { List::Mild }),
                    index,
                )?
                .to_owned(),
            );
        }
        Spoil::Measure => {
            let other = if claim.measure == Measure::Mean {
                List::Median
            } else {
                List::Mean
            };
            parts.push(pick(&cover.phrases(other), index)?.to_owned());
        }
    }
    Some(parts)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, max_global_rejects: 60_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_right_sentence_spoilt_is_caught(
        topic: Index, way: Index, spoil: Index, word: Index, phrase: Index, other: Index, chinese: bool,
    ) {
        let lang = if chinese { Lang::Zh } else { Lang::En };
        let topics: Vec<_> = CODES.topics().filter(|topic| Cover::of(lang, &topic.name).is_some()).collect();
        let topic = topics[topic.index(topics.len())];
        let cover = Cover::of(lang, &topic.name).unwrap();
        let direction = topic.directions[way.index(topic.directions.len())];
        let claim = Claim { topic, direction, measure: topic.measures[way.index(topic.measures.len())], looks: Looks::Known };
        let mut parts = vec![pick(&cover.phrases(List::Words), word).unwrap_or_default().to_owned()];
        prop_assume!(!parts[0].is_empty());
        parts.push(pick(&cover.phrases(wanted(direction)), phrase).unwrap_or(&parts[0]).to_owned());
        parts.extend(topic.must.iter().map(ToString::to_string));
        prop_assume!(check_template(&sentence(&parts, lang), claim, lang).is_empty());
        let spoil = SPOILS[spoil.index(SPOILS.len())];
        let Some(spoilt) = spoilt(&parts, spoil, claim, cover, other) else { return Err(TestCaseError::reject("n/a")) };
        if matches!(spoil, Spoil::DropTopic) {
            // The phrase of the direction may tell the topic too.
            let told = cover.take(&spoilt[0].to_lowercase()).unwrap();
            prop_assume!(!told.iter().any(|(_, lists)| List::Words.is_in(*lists)));
        }
        let complaints = check_template(&sentence(&spoilt, lang), claim, lang);
        prop_assert!(!complaints.is_empty(), "{:?}: {}", spoil, sentence(&spoilt, lang));
    }
}
