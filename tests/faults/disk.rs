//! The disk is full, or files are gone: an error that names the place, and the state of before.

use std::path::Path;
use std::process::Command;

use crate::support::{Bench, Call, call};
use crate::{events, is_whole, shop};

/// Mounts a small disk at the workspace (named first) for the rest, a script.
const SMALL_DISK: &str =
    r#"mount -t tmpfs -o mode=0700,size=$1 none "$0" && shift && exec sh -ec "$@""#;

fn can_mount() -> bool {
    let probe = Command::new("unshare")
        .args(["-rm", "--", "sh", "-c", "mount -t tmpfs none /mnt"])
        .status();
    let can = probe.is_ok_and(|status| status.success());
    if !can {
        println!("skipped: this system lets no test mount a folder (unshare -rm)");
    }
    can
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    if !can_mount() {
        return;
    }
    let bench = Bench::new();
    let (small, large) = (
        bench.write("small.csv", shop(30, 0)),
        bench.write("large.csv", shop(20_000, 100)),
    );
    std::fs::create_dir_all(bench.workspace()).unwrap();
    let workspace = bench.workspace();
    let program = env!("CARGO_BIN_EXE_portray");
    let script = format!(
        r#"p() {{ "{program}" --workspace "{workspace}" "$@"; }}
        tell() {{ code=0; "$@" > out.txt 2> err.txt || code=$?; echo "$code"; cat err.txt; echo "--"; }}
        p ingest "{small}" > /dev/null 2>&1; p segment --k 2 > /dev/null 2>&1; p --json segments > before.json 2> /dev/null
        p export --out "{workspace}/out" > /dev/null 2>&1; cp "{workspace}/out/manifest.json" manifest.json
        tell p ingest "{large}"
        head -c 60m /dev/zero > "{workspace}/fill" 2> /dev/null || true
        tell p segment --k 2
        tell p narrate --samples 1
        tell p ingest "{large}"
        tell p export --out "{workspace}/out"
        tell p export --out "{workspace}/other"
        cmp manifest.json "{workspace}/out/manifest.json"; [ ! -e "{workspace}/other" ]
        p --json segments --run 1 > during.json 2> /dev/null || true
        rm "{workspace}/fill"
        p doctor; p runs > /dev/null; p --json segments --run 1 > after.json 2> /dev/null; ls "{workspace}/tmp" | wc -l
        p segment --k 2 > /dev/null 2>&1; p doctor > /dev/null; echo ok"#,
        workspace = workspace.display(),
        small = small.display(),
        large = large.display()
    );
    let inner = bench.command();
    let mut command = Command::new("unshare");
    command
        .args([
            "-rm",
            "--",
            "sh",
            "-c",
            SMALL_DISK,
            workspace.to_str().unwrap(),
            "20m",
            &script,
        ])
        .current_dir(bench.path(""));
    for (name, value) in inner.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let told: Call = call(command.output().unwrap());
    assert_eq!(told.code, 0, "{told:?}");
    let parts: Vec<&str> = told.out.split("--\n").collect();
    for (part, what) in parts.iter().zip([
        "ingest",
        "segment",
        "narrate",
        "ingest",
        "export over",
        "export",
    ]) {
        let (code, err) = part.split_once('\n').unwrap();
        assert_ne!(code, "0", "{what}: {part}");
        assert!(
            matches!(code, "1" | "7") && !err.contains("panicked"),
            "{what}: {part}"
        );
        assert!(
            err.contains("space") || err.contains("full"),
            "{what}: {part}"
        );
    }
    assert!(
        parts[6].ends_with("ok\n") && !parts[6].contains("BAD"),
        "{}",
        parts[6]
    );
    let read = |name: &str| std::fs::read_to_string(bench.path(name)).unwrap();
    assert_eq!(read("before.json"), read("after.json"));
    assert_eq!(
        read("before.json"),
        read("during.json"),
        "a full disk can still be read"
    );
}

#[test]
fn a_missing_file_is_named_and_the_rest_goes_on() {
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(40, 0)).ok();
    bench.run(&["segment", "--k", "2"]).ok();
    bench.run(&["segment", "--k", "3"]).ok();
    let gone = bench.workspace().join("runs/000001.duckdb");
    std::fs::remove_file(&gone).unwrap();
    let call = bench.run(&["show", "users", "--run", "1"]);
    assert_eq!(call.code, 7);
    assert!(
        call.err.contains("runs/000001.duckdb") && call.err.contains("missing"),
        "{}",
        call.err
    );
    bench.run(&["show", "users", "--run", "2"]).ok();
    bench.run(&["segment", "--k", "2"]).ok();

    std::fs::remove_file(bench.workspace().join("pseudonym.key")).unwrap();
    let call = bench.ingest("b.csv", &shop(5, 90));
    assert!(
        call.code != 0 && call.err.contains("pseudonym.key"),
        "{}",
        call.err
    );
    assert!(
        !bench.workspace().join("pseudonym.key").exists(),
        "a new key would split every person in two"
    );
}

#[test]
fn permission_that_is_lost_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.ingest("a.csv", &shop(40, 0)).ok();
    bench.run(&["segment", "--k", "2"]).ok();
    // Root may write everywhere, unless it lays down the capability to.
    let lay_down = "-dac_override,-dac_read_search";
    let outer = [
        "setpriv",
        "--bounding-set",
        lay_down,
        "--inh-caps",
        lay_down,
    ];
    let probe = Command::new(outer[0])
        .args(&outer[1..])
        .arg("true")
        .status();
    let is_root = rustix::process::geteuid().is_root();
    if is_root && !probe.is_ok_and(|status| status.success()) {
        println!("skipped: root, and no setpriv here");
        return;
    }
    let run = |arguments: &[&str]| {
        let mut command = if is_root {
            bench.command_inside(&outer)
        } else {
            bench.command()
        };
        call(command.args(arguments).output().unwrap())
    };
    let out = bench.path("exports-of-march");
    std::fs::create_dir(&out).unwrap();
    let report = out.join("report");
    let cases: [(&Path, &[&str]); 4] = [
        (&bench.workspace().join("tmp"), &["segment", "--k", "2"]),
        (&bench.workspace().join("tmp"), &["ingest", "b.csv"]),
        (
            &bench.workspace().join("tmp"),
            &["privacy", "forget", "user-3", "--yes"],
        ),
        (&out, &["export", "--out", report.to_str().unwrap()]),
    ];
    bench.write("b.csv", shop(5, 90));
    for (folder, arguments) in cases {
        let set = |mode| {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        set(0o500);
        let call = run(arguments);
        set(0o700);
        let name = folder.file_name().unwrap().to_str().unwrap();
        assert!(
            call.code == 1 && call.err.contains(name) && call.err.contains("ermission"),
            "{arguments:?}: {call:?}"
        );
        is_whole(&bench, "a lost permission");
    }
    assert_eq!(events(&bench), 40 * 14);
}
