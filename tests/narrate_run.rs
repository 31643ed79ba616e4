//! Whole narratives by the built-in model: what they tell, and that they come out the same.

use portray::Kind;
use portray::narrate::checker::check_shown;
use portray::narrate::{narrate, shipped};
use portray::progress::{Progress, Update};
use portray::records::{Fact, Input, NarrativeStatus, Run, Segment, SegmentKind, Value};
use portray::settings::NarrateSettings;
use portray::words::{Both, Lang, Unit};

fn fact(
    id: &str,
    topic: Option<&str>,
    value: Value,
    unit: Unit,
    population: Option<f64>,
    difference: Option<f64>,
) -> Fact {
    Fact {
        others: None,
        nearest: None,
        before: None,
        id: id.into(),
        label: Both::new(id.replace('.', " "), "标签"),
        value,
        unit,
        population: population.map(Value::Number),
        difference,
        support: 100,
        topic: topic.map(Into::into),
        source: "features/test.sql".into(),
    }
}

fn facts(i: u32) -> Vec<Fact> {
    let n = f64::from(i);
    let number = |id: &str, topic, value, unit, population, d| {
        fact(
            id,
            Some(topic),
            Value::Number(value),
            unit,
            population,
            Some(d),
        )
    };
    let mut facts = vec![
        fact(
            "size.users",
            Some("size"),
            Value::Number(100.0 + n),
            Unit::Users,
            None,
            None,
        ),
        fact(
            "size.share",
            None,
            Value::Number(12.5),
            Unit::Percent,
            None,
            None,
        ),
        number(
            "revenue.share",
            "revenue_share",
            31.0,
            Unit::Percent,
            Some(12.5),
            1.3,
        ),
        fact(
            "category.1",
            Some("category"),
            Value::Text("Tea\u{202e}pots 2000".into()),
            Unit::Name,
            None,
            Some(1.5),
        ),
        fact(
            "category.1.share",
            None,
            Value::Number(12.0),
            Unit::Percent,
            Some(4.0),
            None,
        ),
        fact(
            "category.1.lift",
            None,
            Value::Number(3.0),
            Unit::Times,
            None,
            None,
        ),
    ];
    let features = [
        ("recency", Unit::Days),
        ("orders", Unit::Orders),
        ("aov", Unit::Money),
        ("evening", Unit::Percent),
    ];
    for (j, (topic, unit)) in (0..).zip(features) {
        let sign = if (i + j).is_multiple_of(2) { 1.0 } else { -1.0 };
        let id = format!("family{j}.{topic}.median");
        facts.push(number(
            &id,
            topic,
            20.0 + sign * (3.0 + n),
            unit,
            Some(20.0),
            sign * (0.3 + f64::from(j) / 3.0),
        ));
    }
    facts.push(number(
        "breadth.products.mean",
        "products",
        5.0,
        Unit::Products,
        Some(5.1),
        -0.02,
    ));
    facts
}

fn run() -> Run {
    let segment = |id| Segment {
        nearest: None,
        previous: None,
        withheld: Vec::new(),
        given_name: None,
        tags: Vec::new(),
        note: None,
        charts: portray::records::Charts::default(),
        standing: portray::records::Standing::default(),
        id,
        kind: if id == 6 {
            SegmentKind::Inactive
        } else {
            SegmentKind::Cluster
        },
        name: Both::default(),
        users: 100 + u64::from(id),
        share: 1.0 / 6.0,
        facts: facts(id),
        narrative: None,
    };
    Run {
        id: 1,
        created_at: "2026-01-01T00:00:00Z".into(),
        seed: 42,
        k: 5,
        users: 600,
        silhouette: None,
        inertia: 0.0,
        currency: Some("GBP".into()),
        input: Input::default(),
        reconciliation: None,
        rules: None,
        week: Vec::new(),
        cohorts: Vec::new(),
        candidates: vec![],
        evidence: portray::records::Evidence::default(),
        notes: vec![],
        recipe: serde_json::Value::Null,
        seconds: std::collections::BTreeMap::new(),
        segments: (1..=6).map(segment).collect(),
    }
}

fn is_here() -> bool {
    let here = shipped::unpack().is_ok();
    if !here {
        eprintln!("skipped: built without models/portray-narrator.gguf");
    }
    here
}

fn told(run: &Run) -> Vec<&portray::records::Narrative> {
    run.segments
        .iter()
        .map(|segment| segment.narrative.as_ref().expect("a text"))
        .collect()
}

#[test]
fn texts_are_the_same_with_any_threads_and_alone_or_together() {
    if !is_here() {
        return;
    }
    for lang in [Lang::En, Lang::Zh] {
        let settings = NarrateSettings {
            lang,
            ..NarrateSettings::default()
        };
        let [mut one, mut two] = [run(), run()];
        narrate(&mut one, &settings, 1, &Progress::silent()).unwrap();
        narrate(&mut two, &settings, 2, &Progress::silent()).unwrap();
        assert_eq!(told(&one), told(&two));
        // The same segment by itself: the plan knows how many segments there are, so that stays.
        let mut few = run();
        for segment in &mut few.segments[1..] {
            segment.facts.clear();
        }
        narrate(&mut few, &settings, 1, &Progress::silent()).unwrap();
        assert_eq!(told(&one)[0], told(&few)[0]);
    }
}

#[test]
fn every_sentence_stands_on_its_facts() {
    if !is_here() {
        return;
    }
    for lang in [Lang::En, Lang::Zh] {
        let mut run = run();
        narrate(
            &mut run,
            &NarrateSettings {
                lang,
                ..NarrateSettings::default()
            },
            1,
            &Progress::silent(),
        )
        .unwrap();
        for segment in &run.segments {
            let narrative = segment.narrative.as_ref().unwrap();
            assert!(narrative.sentences.len() >= 6, "{}", narrative.text);
            assert!(
                !narrative.text.contains("<|") && !narrative.text.contains('\u{202e}'),
                "{}",
                narrative.text
            );
            let by_model = narrative.sentences.iter().all(|sentence| sentence.by_model);
            assert_eq!(narrative.status == NarrativeStatus::Checked, by_model);
            for sentence in &narrative.sentences {
                let facts: Vec<_> = segment
                    .facts
                    .iter()
                    .filter(|fact| sentence.facts.contains(&fact.id))
                    .collect();
                assert!(!facts.is_empty());
                assert_eq!(
                    check_shown(&sentence.text, &facts, Some("GBP"), lang),
                    [],
                    "{}",
                    sentence.text
                );
            }
        }
    }
}

#[test]
fn the_seed_changes_the_words_and_zero_heat_does_not_need_it() {
    if !is_here() {
        return;
    }
    let text = |seed, temperature| {
        let mut run = run();
        let settings = NarrateSettings {
            seed,
            temperature,
            ..NarrateSettings::default()
        };
        narrate(&mut run, &settings, 1, &Progress::silent()).unwrap();
        run.segments
            .into_iter()
            .map(|segment| segment.narrative.unwrap().text)
            .collect::<Vec<_>>()
    };
    assert_ne!(text(1, 0.7), text(2, 0.7));
    assert_eq!(text(1, 0.0), text(1, 0.0));
}

#[test]
fn a_cancelled_job_stops_and_a_broken_model_is_named() {
    if !is_here() {
        return;
    }
    let progress = Progress::silent();
    progress.cancel();
    let cancelled = narrate(&mut run(), &NarrateSettings::default(), 1, &progress);
    assert!(matches!(cancelled, Err(portray::Error::Cancelled)));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.gguf");
    let whole = std::fs::read(shipped::unpack().unwrap().0).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let settings = NarrateSettings {
        model: Some(path),
        ..NarrateSettings::default()
    };
    let error = narrate(&mut run(), &settings, 1, &Progress::silent()).unwrap_err();
    assert_eq!(error.kind(), Kind::Failed);
    assert!(
        error.to_string().contains("cut.gguf: it is cut short"),
        "{error}"
    );
}

#[test]
fn progress_counts_every_sentence() {
    if !is_here() {
        return;
    }
    let (send, updates) = crossbeam_channel::unbounded();
    let mut run = run();
    let progress = Progress::new(move |update| drop(send.send(update)));
    narrate(&mut run, &NarrateSettings::default(), 1, &progress).unwrap();
    let written = |narrative: &portray::records::Narrative| -> usize {
        let versions = narrative.versions.iter();
        versions
            .map(|version| version.sentences.len())
            .sum::<usize>()
            + usize::from(narrative.headline.is_some())
    };
    let sentences: usize = told(&run).into_iter().map(written).sum();
    let updates: Vec<_> = updates.try_iter().collect();
    assert!(
        matches!(updates.first(), Some(Update::Stage(_, Some(total))) if *total == sentences as u64)
    );
    assert_eq!(updates.last(), Some(&Update::Done(sentences as u64)));
}

#[test]
fn two_facts_and_two_hundred_are_both_told() {
    if !is_here() {
        return;
    }
    let mut run = run();
    run.segments.truncate(2);
    run.segments[0].facts.truncate(2);
    for i in 0..200 {
        let id = format!("mine.feature_{i}.mean");
        let value = Value::Number(f64::from(i) + 2.0);
        let more = fact(
            &id,
            Some("other"),
            value,
            Unit::Number,
            Some(1.0),
            Some(0.9),
        );
        run.segments[1].facts.push(more);
    }
    narrate(
        &mut run,
        &NarrateSettings::default(),
        2,
        &Progress::silent(),
    )
    .unwrap();
    let told = told(&run);
    assert!(!told[0].sentences.is_empty(), "two facts");
    let many = told[1].sentences.len();
    assert!(
        (5..=16).contains(&many),
        "{many} sentences of two hundred facts"
    );
}
