//! `setup.cfg`: what setuptools and pbr read of it.
//!
//! Sources: setuptools, "Configuring setuptools using setup.cfg files" and its `config/setupcfg.py`; pbr, "Features",
//! for `[extras]`; Python's `configparser` for the notation. The requirement files that pbr reads are inputs of their
//! own. What setuptools would take from another file or compute (`file:`, `attr:`) is named, not followed.

mod file;

pub(super) use file::FORMAT;
