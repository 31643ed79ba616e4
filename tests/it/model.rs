//! `portray model`: what analysts ask of the models at hand.

use crate::support::Bench;

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/portray-narrator.gguf");

#[test]
fn the_built_in_model_is_the_file_that_is_shipped() {
    let bench = Bench::new();
    let built_in = bench.run(&["--json", "model", "inspect"]).ok().json();
    let shipped = bench
        .run(&["--json", "model", "inspect", SHIPPED])
        .ok()
        .json();
    assert_eq!(built_in, shipped);
    assert_eq!(shipped["architecture"], "gpt2");
    assert_eq!(shipped["speaks_portray"], true);
}

#[test]
fn models_in_the_workspace_are_listed_and_a_broken_one_says_why() {
    let bench = Bench::new();
    std::fs::create_dir_all(bench.workspace().join("models")).unwrap();
    bench.write("workspace/models/broken.gguf", "not a model");
    let listed = bench.run(&["model", "list"]).ok().out;
    assert!(listed.starts_with("built in\n"), "{listed}");
    assert!(listed.contains("broken.gguf"), "{listed}");
    assert!(listed.contains("not a GGUF file"), "{listed}");
}

#[test]
fn a_quantized_model_is_smaller_and_writes() {
    let bench = Bench::new();
    let small = bench.path("small.gguf");
    let small = small.to_str().unwrap();
    let quantize = ["model", "quantize", SHIPPED, "--to", "q4_0", "--out", small];
    bench.run(&quantize).ok();
    let bytes = |path: &str| std::fs::metadata(path).unwrap().len();
    assert!(bytes(small) < bytes(SHIPPED));
    let again = bench.run(&quantize);
    assert_eq!(again.code, 2, "{again:?}");

    let shop = bench.shop(300, 3);
    let run = bench
        .run(&[
            "--json",
            "run",
            "--events",
            shop.to_str().unwrap(),
            "--model",
            small,
        ])
        .ok()
        .json();
    assert_eq!(run["recipe"]["model"]["name"], "small.gguf");
    let text = run["segments"][0]["narrative"]["text"].as_str().unwrap();
    assert!(text.split_whitespace().count() > 30, "{text}");
}

#[test]
fn what_is_no_model_is_not_quantized() {
    let bench = Bench::new();
    let file = bench.write("text.gguf", "GGUF but cut");
    let out = bench.path("out.gguf");
    let call = bench.run(&[
        "model",
        "quantize",
        file.to_str().unwrap(),
        "--to",
        "f16",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(call.code, 1, "{call:?}");
    assert!(call.err.contains("text.gguf"), "{call:?}");
    assert!(!out.exists());
}

#[test]
fn the_evaluation_counts_the_sheets_asked_for_and_repeats() {
    let bench = Bench::new();
    let eval = || {
        bench
            .run(&["--json", "--quiet", "model", "eval", "--sheets", "8"])
            .ok()
            .json()
    };
    let figures = eval();
    assert_eq!(figures, eval());
    let languages: Vec<_> = figures.as_array().unwrap().iter().collect();
    assert_eq!(languages.len(), 2);
    for one in languages {
        assert_eq!(one["sheets"], 8);
        let share = |name: &str| one[name].as_f64().unwrap();
        assert!(share("first_right") <= share("own"), "{one}");
        assert!(share("telling") > 0.5, "{one}");
    }
    assert!(!bench.workspace().exists(), "an evaluation keeps nothing");
}

#[test]
fn texts_are_likelier_than_their_words_in_disorder_and_a_template_is_counted_too() {
    let bench = Bench::new();
    let texts = bench.path("texts.jsonl");
    let eval = [
        "--json",
        "--quiet",
        "model",
        "eval",
        "--template",
        "--sheets",
        "4",
        "--texts",
        texts.to_str().unwrap(),
    ];
    let figures = bench.run(&eval).ok().json();
    assert_eq!(
        figures[0]["own"], 0.0,
        "a template's are none of the model's"
    );
    let lines = std::fs::read_to_string(&texts).unwrap();
    assert_eq!(lines.lines().count(), 8, "four in each language");

    let sentence = "They order more often than the shop as a whole.";
    let mut words: Vec<&str> = sentence.split(' ').collect();
    words.sort_unstable();
    let right = bench.write("right.txt", sentence);
    let wrong = bench.write("wrong.txt", words.join(" "));
    let likelihoods = bench
        .run(&[
            "--json",
            "model",
            "perplexity",
            SHIPPED,
            right.to_str().unwrap(),
            wrong.to_str().unwrap(),
        ])
        .ok()
        .json();
    let of = |at: usize| likelihoods[at]["perplexity"].as_f64().unwrap();
    assert!(of(0) * 2.0 < of(1), "{likelihoods}");
}
