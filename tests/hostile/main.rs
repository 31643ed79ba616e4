//! Files and texts from strangers, and files that a disk or a transfer changed: an error that names the thing and its mend,
//! never a panic; nothing that acts on a terminal is left of a text that was cleaned for it.
//!
//! [`bodies`] says what each kind of input is put through. Here they get the true files of `seeds/` with random changes,
//! random bytes, and texts of the signs that matter; `make torture` tries sixty times as many as `make test`. `make fuzz`
//! looks for inputs by the code that they reach (cargo-fuzz); what it kept (`corpus/`) and what it found (`findings/`) is
//! tried here again.

// Clippy's leave for tests knows functions marked as tests only, not what they share.
#![allow(clippy::unwrap_used, clippy::panic)]

mod bodies;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use bodies::{BODIES, true_bundle};
use portray::pipeline;
use portray::settings::Settings;
use portray::workspace::Workspace;
use proptest::prelude::*;

/// How many inputs of a kind, of which `make test` tries `few`.
fn cases(few: u32) -> u32 {
    let factor = std::env::var("PORTRAY_TORTURE").ok();
    few * factor.and_then(|factor| factor.parse().ok()).unwrap_or(1)
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/hostile")
        .join(name)
}

/// The files below `folder` that belong to a target; none where there is no such folder.
fn files(folder_name: &str, target: &str) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder(folder_name).join(target)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// A true file with a few random changes: bytes replaced, removed, put in, or the end cut off.
fn changed(true_file: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..6_u8);
    prop::collection::vec(change, 1..8).prop_map(move |changes| {
        let mut bytes = true_file.clone();
        for (place, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match how {
                0 | 1 => bytes[at] = byte,
                2 => bytes[at] ^= 1 << (byte % 8),
                3 => bytes.insert(at, byte),
                4 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

fn inputs(target: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let seeds = files("seeds", target);
    assert!(!seeds.is_empty(), "no seed of {target}");
    prop_oneof![
        4 => prop::sample::select(seeds).prop_flat_map(changed),
        1 => prop::collection::vec(any::<u8>(), 0..400),
        1 => "[\\x00-\\x1f,;\"'\\\\{}\\[\\]()<>%:=+@|#\\t\\r\\n0-9a-z\u{feff}é中“”\u{202e}-]{0,200}".prop_map(String::into_bytes),
    ]
}

/// A test of each body named, with so many inputs.
macro_rules! hold {
    ($($target:ident: $few:literal),* $(,)?) => {$(
        #[test]
        fn $target() {
            proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases($few)) },
                |(bytes in inputs(stringify!($target)))| bodies::$target(&bytes));
        }
    )*
    const HELD: &[&str] = &[$(stringify!($target)),*];
    };
}

hold! {
    table: 96, json_lines: 96, workbook: 96, settings: 96, queries: 96, model_file: 96, bundle: 12, checker: 96, slots: 96,
    terminal_text: 96,
}

#[test]
fn every_body_is_tried_and_has_its_target() {
    let names: BTreeSet<&str> = BODIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, HELD.iter().copied().collect());
    for name in names {
        let target =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz/fuzz_targets/{name}.rs"));
        assert!(target.exists(), "{} is missing", target.display());
    }
}

#[test]
fn what_the_fuzzer_kept_and_found_holds() {
    for (name, body) in BODIES {
        let (mut tried, mut kept) = (0, 0);
        if let Ok(archive) = std::fs::File::open(folder("corpus").join(format!("{name}.tar.zst"))) {
            let mut archive = tar::Archive::new(zstd::Decoder::new(archive).unwrap());
            for entry in archive.entries().unwrap() {
                let mut bytes = Vec::new();
                entry.unwrap().read_to_end(&mut bytes).unwrap();
                body(&bytes);
                kept += 1;
            }
        }
        assert!(
            kept > 0,
            "tests/hostile/corpus/{name}.tar.zst is missing: make fuzz"
        );
        for bytes in files("findings", name)
            .into_iter()
            .chain(files("seeds", name))
        {
            body(&bytes);
            tried += 1;
        }
        eprintln!("{name}: {} inputs", kept + tried);
    }
}

#[test]
fn the_seed_of_a_bundle_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let (path, workspace) = (
        folder.path().join("a.bundle"),
        folder.path().join("workspace"),
    );
    for content in files("seeds", "bundle") {
        std::fs::write(&path, bodies::signed(&content)).unwrap();
        pipeline::import_bundle(&workspace, &path, &Settings::default()).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(24)) })]

    #[test]
    fn a_changed_bundle_is_refused_and_nothing_is_published(bytes in changed(std::fs::read(true_bundle()).unwrap())) {
        if bytes == std::fs::read(true_bundle()).unwrap() {
            return Ok(());
        }
        let folder = tempfile::tempdir().unwrap();
        let (path, workspace) = (folder.path().join("b.bundle"), folder.path().join("workspace"));
        std::fs::write(&path, &bytes).unwrap();
        let taken = pipeline::import_bundle(&workspace, &path, &Settings::default());
        // A change that its reader does not look at (blanks in the first line) may pass; figures are under the hash.
        if let Err(error) = taken {
            prop_assert!(error.to_string().contains("b.bundle"), "{}", error);
            let runs = Workspace::open(&workspace).unwrap().runs().unwrap();
            prop_assert!(runs.is_empty());
        }
    }
}
