//! What the change under review brings, besides its findings: packages, findings that it ends, and what was there before.

use std::io::{self, Write};

use crate::model::{PackageChange, PackageStep, Report, Status};
use crate::report::Style;
use crate::report::audit::words::{license_words, step_words, version_words};
use crate::report::paragraph::{safe, wrapped};
use crate::report::words::{count, thousands};

/// How many packages, and findings that ended, are shown without `-v`.
const SHOWN: usize = 20;

/// The packages that the change adds, removes or moves, and the findings that it ends.
pub(super) fn change(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(change) = &report.change else { return Ok(()) };
    let shown = if style.detail > 0 { usize::MAX } else { SHOWN };
    let more = |all: usize, out: &mut dyn Write| {
        let left = all.saturating_sub(shown);
        if left > 0 { writeln!(out, "  … and {} more (-v shows them)", thousands(left)) } else { Ok(()) }
    };
    if !change.packages.is_empty() {
        writeln!(out, "packages: {}", step_words(change))?;
        for package in change.packages.iter().take(shown) {
            writeln!(out, "{}", line(package, style))?;
        }
        more(change.packages.len(), out)?;
        writeln!(out)?;
    }
    if !change.ended.is_empty() {
        let findings = count(change.ended.len(), "finding", "findings");
        writeln!(out, "ended by this change: {findings}")?;
        for ended in change.ended.iter().take(shown) {
            let place = &ended.location;
            let text = format!(
                "{} at {}:{}:{}: {}",
                ended.rule.id, place.path, place.line, place.column, ended.message
            );
            writeln!(out, "{}", wrapped(&safe(&text), "  ", style))?;
        }
        more(change.ended.len(), out)?;
        writeln!(out)?;
    }
    if change.known > 0 && style.detail <= 0 {
        let findings = count(change.known, "finding was", "findings were");
        writeln!(
            out,
            "{}",
            wrapped(&format!("{findings} there before and do not count (-v shows them)"), "", style)
        )?;
        writeln!(out)?;
    }
    Ok(())
}

fn line(package: &PackageChange, style: Style) -> String {
    let (color, sign) = match package.step {
        PackageStep::Added => ("32", "+"),
        PackageStep::Removed => ("31", "-"),
        PackageStep::Moved => ("33", "~"),
    };
    let license = license_words(package);
    let license = if license.is_empty() { license } else { format!(" ({license})") };
    let resembles =
        package.resembles.as_ref().map(|target| format!(", resembles {target}")).unwrap_or_default();
    let text = format!("{} {}{license}{resembles}", package.name, version_words(package));
    wrapped(&safe(&text), &format!("  {} ", style.paint(color, sign)), style)
}

/// Whether a finding is drawn: what was there before only with `-v`.
pub(super) fn is_drawn(status: Option<Status>, style: Style) -> bool {
    style.detail > 0 || status != Some(Status::Known)
}
