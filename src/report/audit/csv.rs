//! `csv`: one line for each finding, and for each thing that was ignored or not audited; for spreadsheets.

use std::io::{self, BufWriter, Write};

use super::fingerprint::fingerprint;
use crate::model::{Finding, Ignored, Report, SourceMap, Version};
use crate::report::Style;
use crate::report::csv_cell::cell;
use crate::report::purl::purl;

/// The first line. Columns are only ever added at the end.
const HEADER: &str = "kind,level,rule,severity,score,package,version,id,aliases,message,next_step,path,line,column,\
                      comes_in_by,groups,safe_version,known_exploited,epss,status,reason,until,by,purl,fingerprint\r\n";
const COLUMNS: usize = 25;

pub(super) fn render(report: &Report, sources: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    out.write_all(HEADER.as_bytes())?;
    for found in &report.findings {
        row(&finding("finding", found, sources), &mut out)?;
    }
    for Ignored { finding: found, reason, until, by, .. } in &report.ignored {
        let mut columns = finding("ignored", found, sources);
        columns[20].clone_from(reason);
        columns[21] = until.clone().unwrap_or_default();
        by.as_str().clone_into(&mut columns[22]);
        row(&columns, &mut out)?;
    }
    for skip in &report.skipped {
        let mut columns = [const { String::new() }; COLUMNS];
        let kind = if skip.accepted.is_some() { "accepted" } else { "skipped" };
        let place = skip.span.map(|span| sources.location(span));
        kind.clone_into(&mut columns[0]);
        "unsupported-input".clone_into(&mut columns[2]);
        columns[5] = skip.package.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
        columns[9] = format!("{}: {}", skip.what, skip.why);
        columns[11].clone_from(&skip.path);
        columns[12] = place.as_ref().map_or(1, |place| place.line).to_string();
        columns[13] = place.as_ref().map_or(1, |place| place.column).to_string();
        columns[20] = skip.accepted.clone().unwrap_or_default();
        row(&columns, &mut out)?;
    }
    out.flush()
}

/// The columns of a finding, in the order of the header.
fn finding(kind: &str, finding: &Finding, sources: &SourceMap) -> [String; COLUMNS] {
    let place = sources.location(finding.primary.span);
    let package = finding.package.as_deref();
    let version = package.and_then(|package| package.version.as_ref()).map(Version::as_str);
    let advisory = finding.advisory();
    let range = finding.range();
    let (id, aliases) = match (advisory, range) {
        (Some(advisory), _) => (advisory.id.clone(), advisory.aliases.join(" ")),
        (None, Some(range)) => {
            let ids: Vec<_> = range.flaws.iter().map(|flaw| flaw.id.as_str()).collect();
            (ids.join(" "), String::new())
        }
        (None, None) => Default::default(),
    };
    let paths: Vec<_> = finding.paths.iter().map(|path| path.join(" > ")).collect();
    let text = |text: Option<&str>| text.unwrap_or("").to_owned();
    [
        kind.to_owned(),
        finding.level.as_str().to_owned(),
        finding.rule.id.to_owned(),
        text(finding.severity.map(crate::model::Severity::as_str)),
        advisory.and_then(|advisory| advisory.score).map(|score| format!("{score:.1}")).unwrap_or_default(),
        text(package.map(|package| package.name.as_str())),
        text(version.or(range.map(|range| range.specifier.as_str()))),
        id,
        aliases,
        finding.message.clone(),
        text(finding.help.as_deref()),
        place.path,
        place.line.to_string(),
        place.column.to_string(),
        paths.join("; "),
        package.map(|package| package.groups.join(", ")).unwrap_or_default(),
        text(advisory.and_then(|advisory| advisory.safe_version.as_deref())),
        text(advisory.and_then(|advisory| advisory.kev.as_ref()).map(|kev| kev.added.as_str())),
        advisory
            .and_then(|advisory| advisory.epss.as_ref())
            .map(|epss| format!("{:.5}", epss.probability))
            .unwrap_or_default(),
        text(finding.status.map(crate::model::Status::as_str)),
        String::new(),
        String::new(),
        String::new(),
        package.map(|package| purl(package.name.as_str(), version)).unwrap_or_default(),
        fingerprint(finding),
    ]
}

fn row(columns: &[String; COLUMNS], out: &mut dyn Write) -> io::Result<()> {
    let line: Vec<String> = columns.iter().map(|text| cell(text)).collect();
    out.write_all(line.join(",").as_bytes())?;
    out.write_all(b"\r\n")
}
