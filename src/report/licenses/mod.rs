//! The license report, one file per format.
//!
//! What a distributor has to say (`notice`), what a lawyer reads (`table`, `markdown`, `html`, `csv`), and what
//! programs read (`json`, `spdx`, `cyclonedx`). Packages of somebody else are listed; the project itself and the
//! members of its workspace stand only in the bills of material, where they are what the others are parts of.

mod csv;
mod cyclonedx;
mod html;
mod json;
mod markdown;
mod notice;
pub(super) mod rows;
mod spdx;
mod table;

use std::io::{self, Write};

pub use notice::{NoticeDifference, differs};

use super::Style;
use crate::model::{LicenseReport, SourceMap};

/// A format in which licenses are reported.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes the report.
    pub render: Render,
}

/// Writes the report.
pub type Render = fn(&LicenseReport, &SourceMap, Style, &mut dyn Write) -> io::Result<()>;

/// All formats, sorted by name.
pub static FORMATS: &[Format] = &[
    Format { name: "csv", render: csv::render },
    Format { name: "cyclonedx", render: cyclonedx::render },
    Format { name: "html", render: html::render },
    Format { name: "json", render: json::render },
    Format { name: "markdown", render: markdown::render },
    Format { name: "notice", render: notice::render },
    Format { name: "spdx", render: spdx::render },
    Format { name: "table", render: table::render },
];

/// The format with this name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
