//! The report of an audit, one file per format.

mod baseline;
mod codequality;
mod csv;
mod cyclonedx;
mod fingerprint;
mod flaw;
mod github;
mod gitlab;
mod group;
mod html;
mod human;
mod json;
mod junit;
mod markdown;
mod openvex;
mod place;
mod sarif;
mod table;
mod vector;
mod words;

use std::io::{self, Write};

use super::Style;
use crate::model::{Report, SourceMap};

/// A format in which an audit is reported.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// It lists the packages with their graph and licenses: [`Report::licenses`] is there.
    pub needs_packages: bool,
    /// Writes the report.
    pub render: fn(&Report, &SourceMap, Style, &mut dyn Write) -> io::Result<()>,
}

/// All formats, sorted by name.
pub static FORMATS: &[Format] = &[
    Format { name: "baseline", needs_packages: false, render: baseline::render },
    Format { name: "codequality", needs_packages: false, render: codequality::render },
    Format { name: "csv", needs_packages: false, render: csv::render },
    Format { name: "cyclonedx", needs_packages: true, render: cyclonedx::render },
    Format { name: "github", needs_packages: false, render: github::render },
    Format { name: "gitlab", needs_packages: false, render: gitlab::render },
    Format { name: "html", needs_packages: true, render: html::render },
    Format { name: "human", needs_packages: false, render: human::render },
    Format { name: "json", needs_packages: false, render: json::render },
    Format { name: "junit", needs_packages: false, render: junit::render },
    Format { name: "markdown", needs_packages: false, render: markdown::render },
    Format { name: "openvex", needs_packages: false, render: openvex::render },
    Format { name: "sarif", needs_packages: false, render: sarif::render },
    Format { name: "table", needs_packages: false, render: table::render },
];

/// The format with this name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
