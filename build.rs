//! Builds the embedded advisory store from `advisory-db/`, with the code that `audit db import` uses.

// Only the writing half is used here.
#![allow(dead_code)]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use encode::writer::{Tools, write};
use sha2::{Digest, Sha256};
use twox_hash::XxHash3_64;

#[path = "src/advisory/encode/mod.rs"]
mod encode;
#[path = "src/advisory/lines.rs"]
mod lines;
#[path = "src/advisory/osv/mod.rs"]
mod osv;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=advisory-db");
    println!("cargo:rerun-if-changed=src/advisory/encode");
    println!("cargo:rerun-if-changed=src/advisory/osv");
    println!("cargo:rerun-if-changed=src/advisory/lines.rs");
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("advisory-db");
    let (sources, records) = lines::read(&folder)?;
    // Facts are read for every finding: packing them would save little and cost at each look-up.
    let digest = |bytes: &[u8]| Sha256::digest(bytes).into();
    let tools = Tools { checksum: XxHash3_64::oneshot_with_seed, digest, deflate: None };
    fs::write(Path::new(&env::var("OUT_DIR")?).join("advisories.store"), write(&sources, &records, &tools))?;
    Ok(())
}
