#![no_main]

#[path = "../../tests/hostile/bodies.rs"]
#[allow(dead_code)] // each target needs one body
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::model_file(bytes));
