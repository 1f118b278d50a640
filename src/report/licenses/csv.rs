//! `csv`: one line per package, for spreadsheets.

use std::io::{self, BufWriter, Write};

use super::rows::{Cells, cells};
use crate::model::{LicenseReport, SourceMap};
use crate::report::Style;
use crate::report::csv_cell::cell;

/// The first line. What follows the reason was added later than the rest: columns are only ever added at the end.
const HEADER: &str = "package,version,expression,evidence,strength,comes_in_by,decision,rule,reason,candidates,\
                      about_version,groups,conflicts\r\n";

pub(super) fn render(report: &LicenseReport, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    out.write_all(HEADER.as_bytes())?;
    for row in cells(report) {
        let line: Vec<String> = columns(&row).iter().map(|text| cell(text)).collect();
        out.write_all(line.join(",").as_bytes())?;
        out.write_all(b"\r\n")?;
    }
    out.flush()
}

fn columns<'a>(row: &'a Cells<'a>) -> [std::borrow::Cow<'a, str>; 13] {
    [
        row.name.as_str().into(),
        row.version.as_str().into(),
        row.expression.as_str().into(),
        row.source().into(),
        row.strength().into(),
        row.comes_in_by.as_str().into(),
        row.decision.into(),
        row.rule.into(),
        row.reason.as_str().into(),
        row.candidates.as_str().into(),
        row.about.as_str().into(),
        row.groups.as_str().into(),
        row.conflicts.join("; ").into(),
    ]
}
