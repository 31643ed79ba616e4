//! A workspace as one sealed file, and back.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::{Bench, Call, SMALL, call, tree};

/// Runs the program with the contents of a file on descriptor 3.
fn with_passphrase(bench: &Bench, passphrase: &str, arguments: &[&str]) -> Call {
    let secret = bench.write("passphrase", passphrase);
    let inner = bench.command();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "exec \"$@\" 3<\"$SECRET\"", "sh"])
        .arg(inner.get_program())
        .args(inner.get_args())
        .args(arguments)
        .args(["--passphrase-fd", "3"])
        .current_dir(bench.path(""));
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    call(shell.env("SECRET", secret).output().unwrap())
}

#[test]
fn a_workspace_is_sealed_and_unsealed_and_gives_the_same_run() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    bench
        .run(&["--quiet", "segment", "--k", "2", "--min-support", "1"])
        .ok();
    let before = bench.run(&["--json", "segments"]).ok().out;
    let file = bench.path("shop.age");
    let sealed = with_passphrase(
        &bench,
        "correct horse\n",
        &[
            "--json",
            "workspace",
            "seal",
            "--out",
            file.to_str().unwrap(),
        ],
    )
    .ok()
    .json();
    assert_eq!(
        std::fs::metadata(&file).unwrap().len(),
        sealed["sealed_bytes"].as_u64().unwrap()
    );
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
    // A second seal does not overwrite the first.
    assert_eq!(
        with_passphrase(
            &bench,
            "other\n",
            &["workspace", "seal", "--out", file.to_str().unwrap()]
        )
        .code,
        1
    );
    assert_eq!(std::fs::read(&file).unwrap(), bytes);

    let back = bench.path("back");
    let unseal = [
        "workspace",
        "unseal",
        file.to_str().unwrap(),
        "--out",
        back.to_str().unwrap(),
    ];
    let wrong = with_passphrase(&bench, "wrong horse\n", &unseal);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("passphrase"), "{}", wrong.err);
    assert!(!back.exists());
    with_passphrase(&bench, "correct horse\n", &unseal).ok();
    let mut command = Command::new(env!("CARGO_BIN_EXE_portray"));
    command.args(["--workspace", back.to_str().unwrap(), "--json", "segments"]);
    let there = call(command.env("LANG", "C.UTF-8").output().unwrap());
    assert_eq!(there.ok().out, before);
    for (name, _) in tree(&back) {
        let mode = std::fs::metadata(back.join(&name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777;
        assert!(
            mode.trailing_zeros() >= 6 || name.contains("catalog.sqlite-"),
            "{name} {mode:o}"
        );
    }

    // A changed byte is damage: exit code 7, and nothing is left.
    let mut changed = bytes;
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    let bad = bench.write("bad.age", changed);
    let nowhere = bench.path("nowhere");
    let damaged = with_passphrase(
        &bench,
        "correct horse\n",
        &[
            "workspace",
            "unseal",
            bad.to_str().unwrap(),
            "--out",
            nowhere.to_str().unwrap(),
        ],
    );
    assert_eq!(damaged.code, 7, "{}", damaged.err);
    assert!(!nowhere.exists());
    let log = bench
        .run(&["--json", "audit", "--action", "seal"])
        .ok()
        .json();
    assert_eq!(log["entries"][0]["detail"]["sha256"], sealed["sha256"]);
}

#[test]
fn a_workspace_that_others_can_read_is_told_and_closed() {
    let bench = Bench::new();
    bench.ingest("a.csv", SMALL).ok();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(bench.workspace(), open).unwrap();
    let told = bench.run(&["doctor"]);
    assert_eq!(told.code, 1);
    assert!(told.out.contains("portray workspace close"), "{}", told.out);
    bench.run(&["workspace", "close"]).ok();
    let told = bench.run(&["doctor"]).out;
    assert!(told.contains("ok   permissions"), "{told}");
}
