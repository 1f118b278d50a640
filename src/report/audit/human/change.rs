//! What the change under review brings, besides its findings: packages, findings that it ends, and what was there before.

use std::io::{self, Write};

use crate::model::{Change, PackageChange, PackageStep, Report, Status, Version};
use crate::report::Style;
use crate::report::paragraph::{safe, wrapped};
use crate::report::words::{count, thousands};

/// How many packages, and findings that ended, are shown without `-v`.
const SHOWN: usize = 20;

/// So many digits of a commit are shown.
const DIGITS: usize = 10;

/// What is compared, for people: `main (1a2b3c4d5e)`.
pub(super) fn compared(change: &Change) -> String {
    let side = |name: &str, commit: &Option<String>| match commit {
        Some(commit) if !commit.starts_with(name) => {
            format!("{name} ({})", commit.get(..DIGITS).unwrap_or(commit))
        }
        _ => name.to_owned(),
    };
    let base = side(&change.base, &change.base_commit);
    match &change.head {
        Some(head) => format!("{} compared with {base}", side(head, &change.head_commit)),
        None => format!("compared with {base}"),
    }
}

/// How many findings are what, in a line for the end.
pub(super) fn counts(change: &Change) -> String {
    let mut parts = vec![format!("{} new", thousands(change.new))];
    if change.news > 0 {
        parts.push(format!("{} in the news about what it does not touch", thousands(change.news)));
    }
    parts.push(format!("{} known before", thousands(change.known)));
    if !change.ended.is_empty() {
        parts.push(format!("{} ended", thousands(change.ended.len())));
    }
    format!("{}: {}", compared(change), parts.join(", "))
}

/// The packages that the change adds, removes or moves, and the findings that it ends.
pub(super) fn change(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(change) = &report.change else { return Ok(()) };
    let shown = if style.detail > 0 { usize::MAX } else { SHOWN };
    let more = |all: usize, out: &mut dyn Write| {
        let left = all.saturating_sub(shown);
        if left > 0 { writeln!(out, "  … and {} more (-v shows them)", thousands(left)) } else { Ok(()) }
    };
    if !change.packages.is_empty() {
        let of = |step| change.packages.iter().filter(|package| package.step == step).count();
        let steps = [PackageStep::Added, PackageStep::Removed, PackageStep::Moved];
        let steps = steps.map(|step| (of(step), step.as_str()));
        let steps: Vec<_> =
            steps.iter().filter(|(many, _)| *many > 0).map(|(many, step)| format!("{many} {step}")).collect();
        writeln!(out, "packages: {}", steps.join(", "))?;
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
    let versions = |versions: &[Version]| match versions {
        [] => "any version".to_owned(),
        versions => versions.iter().map(Version::as_str).collect::<Vec<_>>().join(", "),
    };
    let versions = match package.step {
        PackageStep::Added => versions(&package.after),
        PackageStep::Removed => versions(&package.before),
        PackageStep::Moved => format!("{} -> {}", versions(&package.before), versions(&package.after)),
    };
    let license = match (&package.license_before, &package.license_after) {
        (Some(before), Some(after)) if before != after => format!(" ({before} -> {after})"),
        (_, Some(license)) | (Some(license), None) => format!(" ({license})"),
        (None, None) if package.step == PackageStep::Added => " (no license learnt)".to_owned(),
        (None, None) => String::new(),
    };
    let resembles =
        package.resembles.as_ref().map(|target| format!(", resembles {target}")).unwrap_or_default();
    let text = format!("{} {versions}{license}{resembles}", package.name);
    wrapped(&safe(&text), &format!("  {} ", style.paint(color, sign)), style)
}

/// Whether a finding is drawn: what was there before only with `-v`.
pub(super) fn is_drawn(status: Option<Status>, style: Style) -> bool {
    style.detail > 0 || status != Some(Status::Known)
}
