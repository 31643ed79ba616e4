//! The whole job where no network exists.

use std::process::Command;

use crate::support::{Bench, call};

#[test]
fn the_whole_job_works_where_no_network_exists() {
    let can = Command::new("unshare")
        .args(["-rn", "true"])
        .status()
        .is_ok_and(|status| status.success());
    if !can {
        println!("skipped: this system lets no test make a network namespace (unshare -rn)");
        return;
    }
    let bench = Bench::new();
    let shop = bench.shop(300, 9);
    let mut outer = bench.command_inside(&["unshare", "-rn", "--"]);
    let report = bench.path("report");
    outer.args([
        "run",
        "--events",
        shop.to_str().unwrap(),
        "--out",
        report.to_str().unwrap(),
    ]);
    call(outer.output().unwrap()).ok();
    assert!(report.join("segments.json").exists());
}
