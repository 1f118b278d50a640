//! Builds the embedded advisory store from `advisory-db/`.

fn main() {}
