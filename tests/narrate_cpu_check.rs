//! A processor below x86-64-v3 gets a sentence, not a crash.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::process::Command;

#[test]
fn an_old_processor_is_told_so_in_one_line() {
    let emulated = |cpu: &str| {
        Command::new("qemu-x86_64")
            .args(["-cpu", cpu, env!("CARGO_BIN_EXE_portray"), "--version"])
            .output()
    };
    let Ok(old) = emulated("Nehalem") else {
        eprintln!("skipped: qemu-x86_64 is not installed");
        return;
    };
    let told = String::from_utf8_lossy(&old.stderr);
    assert_eq!(old.status.code(), Some(1), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("AVX2"), "{told}");
    assert!(old.stdout.is_empty());
}
