//! From facts to the bytes of a store: what `build.rs` and `audit db import` have in common.
//!
//! This folder uses std and `pep440_rs` and of `crate::` the keys of versions alone, because `build.rs` includes both
//! by path: the embedded snapshot and an imported store are made by the same code. Checksums, digests and compression come in
//! as functions ([`writer::Tools`]). The format is described in `docs/store-format.md`.

pub(crate) mod date;
pub(crate) mod excerpt;
pub(crate) mod facts;
pub(crate) mod interval;
pub(crate) mod layout;
pub(crate) mod prose;
pub(crate) mod record;
pub(crate) mod table;
pub(crate) mod writer;

pub(crate) use crate::model::version_key;
