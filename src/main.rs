//! The `audit` program. Everything lives in the library.

fn main() {}
