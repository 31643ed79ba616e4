//! Link settings: where the program finds `libduckdb.so`, and the early processor check.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/cpu_check.c");
    let target = |part: &str| std::env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") != "linux" {
        return;
    }
    // The program stands in target/release, the tests in target/release/deps below it.
    println!("cargo::rustc-link-arg=-Wl,-rpath,$ORIGIN");
    println!("cargo::rustc-link-arg=-Wl,-rpath,$ORIGIN/..");
    if target("ARCH") == "x86_64" {
        check_processor();
    }
}

/// Puts the processor check into the program as an object file: out of a library the linker would
/// drop it, since nothing calls it.
fn check_processor() {
    let objects = cc::Build::new()
        .file("src/cpu_check.c")
        .inherit_rustflags(false) // they name the processor that this file must not be compiled for
        .flag("-march=x86-64")
        .flag("-mtune=generic")
        .opt_level(1)
        .compile_intermediates();
    for object in objects {
        println!("cargo::rustc-link-arg-bins={}", object.display());
    }
}
