#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| harness::read("pdm.lock", data));
