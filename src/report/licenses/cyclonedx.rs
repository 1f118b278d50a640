//! `cyclonedx`: a bill of material as CycloneDX 1.6 JSON.

use std::io::{self, Write};

use crate::model::{LicenseReport, SourceMap};
use crate::report::{Style, cyclonedx};

pub(super) fn render(report: &LicenseReport, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    cyclonedx::write(report, &(), out)
}
