//! Builds what is embedded: the advisory store from `advisory-db/`, with the code that `audit db import` uses, and the
//! tables of names.

// Only the writing half is used here.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use encode::facts::{Facts, Source};
use encode::writer::{Tools, write};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use license::{flags, list_table};
use sha2::{Digest, Sha256};
use sources::Listed;
use twox_hash::XxHash3_64;

#[path = "src/advisory/encode/mod.rs"]
mod encode;
#[path = "src/names"]
mod names {
    pub(crate) mod symbols;
    pub(crate) mod tables;
}
#[path = "src/license"]
mod license {
    pub(crate) mod flags;
    pub(crate) mod list_table;
    pub(crate) mod text {
        pub(crate) mod chosen;
        pub(crate) mod normal;
        pub(crate) mod template;
    }
}
#[path = "src/model"]
mod model {
    pub(crate) mod version_key;
}
#[path = "src/advisory/osv/mod.rs"]
mod osv;
#[path = "src/advisory/score.rs"]
mod score;
#[path = "src/advisory/lines/sources.rs"]
mod sources;

/// Leaves out the tables for unwinding: a twentieth of the program, and of no use to one that stops at a panic. With the
/// profile `release`, which can unwind, a panic stops the program at once as well; nothing catches one.
const WITHOUT_UNWINDING: &str =
    "SECTIONS { /DISCARD/ : { *(.eh_frame) *(.eh_frame_hdr) } } INSERT AFTER .text;\n";

fn main() -> Result<(), Box<dyn Error>> {
    without_unwinding()?;
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=advisory-db");
    println!("cargo:rerun-if-changed=src/advisory/encode");
    println!("cargo:rerun-if-changed=src/advisory/osv");
    println!("cargo:rerun-if-changed=src/advisory/score.rs");
    println!("cargo:rerun-if-changed=src/advisory/lines/sources.rs");
    println!("cargo:rerun-if-changed=src/license/flags.rs");
    println!("cargo:rerun-if-changed=src/license/list_table.rs");
    println!("cargo:rerun-if-changed=src/license/text/chosen.rs");
    println!("cargo:rerun-if-changed=src/license/text/normal.rs");
    println!("cargo:rerun-if-changed=src/license/text/template.rs");
    println!("cargo:rerun-if-changed=src/model/version_key.rs");
    println!("cargo:rerun-if-changed=src/names/symbols.rs");
    println!("cargo:rerun-if-changed=src/names/tables.rs");
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("advisory-db");
    let facts = read(&folder)?;
    // Facts are read for every finding: packing them would save little and cost at each look-up.
    let digest = |bytes: &[u8]| Sha256::digest(bytes).into();
    let tools = Tools { checksum: XxHash3_64::oneshot_with_seed, digest, score: score::score, deflate: None };
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("advisories.store"), write(&facts, &tools))?;
    let popular = fs::read_to_string(folder.join("popular.txt"))?;
    fs::write(out.join("popular.rs"), names::tables::popular(&popular)?)?;
    fs::write(out.join("licenses.deflated"), deflated(&fs::read(folder.join("licenses.txt"))?)?)?;
    fs::write(out.join("license_texts.deflated"), deflated(license_texts().as_bytes())?)?;
    fs::write(out.join("license_list.rs"), license_list()?)?;
    let skeleton = |text: &str| unicode_security::skeleton(text).collect();
    fs::write(out.join("confusables.rs"), names::tables::confusables(skeleton))?;
    Ok(())
}

/// The sources and the records of `advisory-db/`. It is our own, so anything odd in it is an error.
fn read(folder: &Path) -> Result<Facts, Box<dyn Error>> {
    let listed = sources::sources(folder)?;
    let mut records = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let text = fs::read(&path)?;
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let wrong = |why: String| format!("{}: {why}", path.display());
            let reading = osv::read(line).map_err(|why| wrong(why.to_string()))?;
            let id = &reading.record.id;
            let source = sources::source_of(&listed, id).filter(|_| reading.odd == 0);
            records.push((source.ok_or_else(|| wrong(format!("{id} is odd")))?, reading.record));
        }
    }
    let source = |listed: Listed| Source { name: listed.name, published: listed.published };
    Ok(Facts { sources: listed.into_iter().map(source).collect(), records, tables: Vec::new() })
}

/// The texts of licenses that are built in, a line each: ids, whether it is a usual one, the normalised words. Texts that
/// are alike stand together.
fn license_texts() -> String {
    use license::text::{chosen, template};
    let mut by_text: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (id, text) in spdx::text::LICENSE_TEXTS {
        if chosen::USUAL.contains(id) || chosen::COUSINS.contains(id) {
            by_text.entry(template::template(id, text)).or_default().push(id);
        }
        // The notice that names the license, at the end of its text, often stands alone.
        if let Some((_, notice)) =
            text.rsplit_once("Licensed under the Apache License").filter(|_| *id == "Apache-2.0")
        {
            let notice = format!("Licensed under the Apache License{notice}");
            by_text.entry(template::template(id, &notice)).or_default().push(id);
        }
    }
    let mut lines = String::new();
    for (words, ids) in by_text {
        let usual: Vec<&str> = ids.iter().copied().filter(|id| chosen::USUAL.contains(id)).collect();
        let (word, ids) = if usual.is_empty() { ("cousin", ids) } else { ("usual", usual) };
        lines.push_str(&format!("{}\t{word}\t{words}\n", ids.join("|")));
    }
    lines
}

/// Raw deflate, as small as it gets.
fn deflated(bytes: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The SPDX license list of the `spdx` crate as our own table.
fn license_list() -> Result<String, String> {
    let pairs = [
        (spdx::flags::IS_OSI_APPROVED, flags::OSI_APPROVED),
        (spdx::flags::IS_FSF_LIBRE, flags::FSF_LIBRE),
        (spdx::flags::IS_COPYLEFT, flags::COPYLEFT),
        (spdx::flags::IS_DEPRECATED, flags::DEPRECATED),
        (spdx::flags::IS_GNU, flags::GNU),
    ];
    let ours = |theirs: u8| pairs.iter().filter(|(flag, _)| theirs & flag != 0).map(|(_, own)| own).sum();
    // The crate counts the two words for "no license" and "not known" among the ids; the list does not.
    let is_license = |license: &&spdx::License| !matches!(license.name, "NONE" | "NOASSERTION");
    let listed = spdx::identifiers::LICENSES.iter().filter(is_license);
    let licenses: Vec<(&str, u8)> = listed.map(|license| (license.name, ours(license.flags))).collect();
    let exceptions: Vec<&str> =
        spdx::identifiers::EXCEPTIONS.iter().map(|exception| exception.name).collect();
    list_table::list(&licenses, &exceptions)
}

/// Tells the linker, where it is known to understand it.
fn without_unwinding() -> Result<(), Box<dyn Error>> {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let is_known = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if is_known && is("PROFILE", "release") {
        let script = PathBuf::from(env::var("OUT_DIR")?).join("without_unwinding.ld");
        fs::write(&script, WITHOUT_UNWINDING)?;
        println!("cargo:rustc-link-arg-bins=-Wl,--no-eh-frame-hdr,-T,{}", script.display());
    }
    Ok(())
}
