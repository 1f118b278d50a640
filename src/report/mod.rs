//! How results are written: a folder per kind of document, one file per format.
//!
//! A renderer gets a settled value and writes it. It cannot change the verdict, drop a finding or reorder; every
//! piece of text that came from a file or an advisory passes [`sanitize`] on its way out.
//!
//! To add a format: write `src/report/<document>/<format>.rs`, add its `mod` line and its entry in that folder's
//! table, and feed it the sample report in the tests.

pub mod audit;
mod bill;
mod columns;
mod csv_cell;
mod cyclonedx;
mod diagnostic;
mod excerpt;
pub mod explain;
pub mod graph;
pub(crate) mod json_text;
mod json_writer;
pub mod licenses;
mod markdown_text;
pub mod names;
mod page;
mod paragraph;
pub(crate) mod purl;
pub mod sanitize;
mod skips;
mod style;
pub(crate) mod words;
pub(crate) mod wrap;

pub use diagnostic::render_problem;
pub use style::Style;
