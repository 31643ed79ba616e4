//! The gold texts of the narrator's recipe, held against the program's own checker: it passes what people wrote by
//! hand, agrees with the recipe's checker in Python, and catches each of them once it is spoilt.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use portray::narrate::checker::{Claim, Claims, Complaint, Told, check};
use portray::narrate::codes::{CODES, Direction, JOINT, Measure};
use portray::narrate::lexicon::Looks;
use portray::words::Lang;
use serde::Deserialize;

#[derive(Deserialize)]
struct Text {
    task: String,
    sentences: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    codes: Vec<String>,
    text: String,
}

fn gold(lang: Lang) -> Vec<Text> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/train/gold");
    ["portraits", "texts"]
        .iter()
        .flat_map(|part| {
            let text = fs::read_to_string(folder.join(format!("{lang}-{part}.jsonl")))
                .expect("the gold texts");
            let read = |line: &str| serde_json::from_str(line).expect("a gold text");
            text.lines().map(read).collect::<Vec<Text>>()
        })
        .collect()
}

fn direction(name: &str) -> Direction {
    Direction::ALL
        .into_iter()
        .find(|one| one.name() == name)
        .expect("a direction of codes.toml")
}

fn claim(codes: &[String]) -> Claim {
    let measures = [Measure::Median, Measure::Mean, Measure::Exact];
    Claim {
        topic: CODES.topic(&codes[0]).expect("a name of codes.toml"),
        direction: direction(&codes[1]),
        measure: measures
            .into_iter()
            .find(|m| m.name() == codes[2])
            .expect("a name of codes.toml"),
        looks: Looks::Known,
    }
}

fn claims(task: &str, codes: &[String], is_first: bool) -> Claims {
    match task {
        "headline" => Claims::Headline(
            codes
                .chunks(2)
                .map(|two| {
                    (
                        CODES.topic(&two[0]).expect("a name of codes.toml"),
                        direction(&two[1]),
                    )
                })
                .collect(),
        ),
        "persona" if codes.iter().any(|code| code == JOINT) => {
            Claims::Two(claim(&codes[..3]), claim(&codes[4..]))
        }
        "persona" => Claims::One(claim(codes)),
        "compare" => Claims::Compared(claim(codes), is_first),
        _ => Claims::Line(CODES.line(&codes[0]).expect("a name of codes.toml")),
    }
}

/// Every gold sentence with its claims and the fact before it.
fn sentences(lang: Lang) -> Vec<(String, Claims, Option<Told>)> {
    let mut all = Vec::new();
    for text in gold(lang) {
        let mut before = None;
        for (place, sentence) in text.sentences.iter().enumerate() {
            let claims = claims(&text.task, &sentence.codes, place == 0);
            let last = match &claims {
                Claims::One(claim) | Claims::Two(_, claim) => Some(claim.fact()),
                _ => None,
            };
            all.push((sentence.text.clone(), claims, before));
            before = last;
        }
    }
    all
}

#[test]
fn gold_sentences_pass_but_for_whose_figure_it_is() {
    for lang in [Lang::En, Lang::Zh] {
        let refused: Vec<String> = sentences(lang)
            .iter()
            .filter_map(|(text, claims, before)| {
                // In one thing the program asks for more: the shop's figure must be called the shop's right beside it.
                let complaints = check(text, claims, *before, lang).into_iter();
                let others = complaints.filter(|one| !matches!(one, Complaint::Role(_)));
                let told: Vec<_> = others.map(|one| one.to_string()).collect();
                (!told.is_empty()).then(|| format!("{text}\n    {}", told.join("; ")))
            })
            .collect();
        assert!(
            refused.len() * 100 <= sentences(lang).len(),
            "more than one in a hundred, {} in {lang}:\n{}",
            refused.len(),
            refused.join("\n")
        );
    }
}

fn turned(claim: Claim) -> Vec<Claim> {
    let others = claim.topic.directions.iter().copied();
    others
        .filter(|other| other.sign() != claim.direction.sign())
        .map(|direction| Claim { direction, ..claim })
        .collect()
}

/// The same sentence beside facts that it does not tell: other directions, and the two figures changed over.
fn spoilt(text: &str, claims: &Claims) -> Vec<(String, Claims)> {
    let mut all: Vec<(String, Claims)> = match claims {
        Claims::One(claim) => turned(*claim).into_iter().map(Claims::One).collect(),
        Claims::Two(first, second) => {
            let one = turned(*first)
                .into_iter()
                .map(|first| Claims::Two(first, *second));
            let other = turned(*second)
                .into_iter()
                .map(|second| Claims::Two(*first, second));
            one.chain(other).collect()
        }
        Claims::Headline(facts) => (0..facts.len())
            .map(|at| {
                let mut facts = facts.clone();
                facts[at].1 = match facts[at].1.sign() {
                    1 => Direction::Less,
                    _ => Direction::More,
                };
                Claims::Headline(facts)
            })
            .collect(),
        Claims::Compared(claim, is_first) => turned(*claim)
            .into_iter()
            .map(|claim| Claims::Compared(claim, *is_first))
            .collect::<Vec<_>>(),
        Claims::Line(_) => Vec::new(),
    }
    .into_iter()
    .map(|claims| (text.to_owned(), claims))
    .collect();
    if text.contains("<|val|>") && text.contains("<|pop|>") {
        let swapped = text
            .replace("<|val|>", "<|x|>")
            .replace("<|pop|>", "<|val|>")
            .replace("<|x|>", "<|pop|>");
        all.push((swapped, claims.clone()));
    }
    all
}

#[test]
fn a_changed_direction_or_figure_is_caught() {
    for lang in [Lang::En, Lang::Zh] {
        let (mut tried, mut missed) = (0, Vec::new());
        for (text, claims, before) in sentences(lang) {
            for (text, claims) in spoilt(&text, &claims) {
                tried += 1;
                if check(&text, &claims, before, lang).is_empty() {
                    missed.push(format!("{text} {claims:?}"));
                }
            }
        }
        assert!(tried > 2000, "{tried} in {lang}");
        assert!(
            missed.len() * 100 <= tried,
            "{} of {tried} in {lang} are not caught:\n{}",
            missed.len(),
            missed.join("\n")
        );
    }
}

#[test]
fn the_recipe_passes_its_own_checker() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/train");
    let python = |arguments: &[&str]| {
        Command::new("python3")
            .args(arguments)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(&folder)
            .output()
    };
    let has_toml = python(&["-c", "import tomllib"]).is_ok_and(|output| output.status.success());
    if !has_toml {
        println!("skipped: no python3 of 3.11 or newer is here");
        return;
    }
    for arguments in [
        &["gold.py"][..],
        &["corpus.py", "--verify", "--draws", "10"],
    ] {
        let output = python(arguments).unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// The whole recipe in a minute: corpus, tokenizer, training, conversion, and the program loads what comes out.
#[test]
fn the_recipe_makes_a_model_that_speaks_portray() {
    let Some(python) = std::env::var_os("PORTRAY_TEST_PYTHON") else {
        println!("skipped: PORTRAY_TEST_PYTHON names no Python with models/train/requirements.txt");
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/train");
    let out = tempfile::tempdir().unwrap();
    let path = |name: &str| out.path().join(name).into_os_string();
    let run = |arguments: &[OsString]| {
        let output = Command::new(&python)
            .args(arguments)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(&folder)
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
    };
    run(&[
        "train.py".into(),
        "--out".into(),
        path("build"),
        "--smoke".into(),
    ]);
    let (model, tokenizer, file) = (
        path("build/model"),
        path("build/tokenizer.json"),
        path("model.gguf"),
    );
    run(&["to_gguf.py".into(), model, tokenizer, file.clone()]);
    let card = portray::narrate::card(Some(Path::new(&file))).unwrap();
    assert!(card.speaks_portray, "{card:?}");
    assert_eq!(card.architecture, "gpt2");
}
