//! A workspace on a medium that may only be read: a mounted backup, a colleague's folder.

use std::process::Command;

use crate::support::{Bench, Call, call, tree};

/// Mounts the folder named first read-only over itself, then runs the rest.
const MOUNT: &str = r#"mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@""#;

#[test]
fn a_workspace_that_may_only_be_read_is_browsed_and_exported() {
    let bench = Bench::new();
    let workspace = bench.workspace();
    let workspace = workspace.to_str().unwrap();
    let probe = Command::new("unshare")
        .args(["-rm", "--", "sh", "-c", MOUNT, "/tmp", "true"])
        .status();
    if !probe.is_ok_and(|status| status.success()) {
        println!("skipped: this system lets no test mount a folder (unshare -rm)");
        return;
    }
    let shop = bench.shop(300, 5);
    bench.run(&["run", "--events", shop.to_str().unwrap()]).ok();
    let before = tree(&bench.workspace());
    let run = |arguments: &[&str]| -> Call {
        let outer = ["unshare", "-rm", "--", "sh", "-c", MOUNT, workspace];
        call(
            bench
                .command_inside(&outer)
                .args(arguments)
                .output()
                .unwrap(),
        )
    };
    assert!(run(&["runs"]).ok().out.contains('1'));
    let shown = run(&["show", "1"]).ok();
    assert!(shown.out.contains("customers"), "{shown:?}");
    let report = bench.path("report");
    run(&["export", "--out", report.to_str().unwrap()]).ok();
    assert!(report.join("assignments.parquet").exists());

    let refused = run(&["segment"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains(workspace), "{refused:?}");
    assert_eq!(tree(&bench.workspace()), before);
}
