//! A bill of material as CycloneDX 1.6 JSON: of the license report, and of an audit with what it found.
//!
//! Source: CycloneDX 1.6, JSON schema `bom-1.6.schema.json`. Of `scope` it says: `optional` are components that are
//! "not capable of being called due to them not being installed" (ours of extras), `excluded` ones are for "test and
//! other non-runtime purposes" (ours of development groups), and `required` is assumed without any.

use crate::model::set_of;
use std::collections::BTreeSet;
use std::io::{self, Write};

use super::bill::{Bill, Names, checksums, declared, is_development, is_optional, uuid, web_address};
use super::licenses::rows::reading_words;
use crate::model::{
    LicenseExpression, LicenseReading, LicenseReport, LicenseRow, SimpleLicense, SourceKind, SubjectKind,
    Verdict, mask,
};
use crate::report::json_writer::JsonWriter;
use crate::report::purl::{purl_of, vcs_url};

/// What a report adds to the bill: nothing, or what was found.
pub(crate) trait Additions {
    /// The verdict, when it is not about licenses alone.
    fn verdict(&self) -> Option<Verdict> {
        None
    }

    /// Further properties of the document.
    fn properties(&self, _: &mut JsonWriter<'_>) {}

    /// Further properties of a component.
    fn component(&self, _: &LicenseRow, _: &mut JsonWriter<'_>) {}

    /// Further members of the document; every row has its `bom-ref`.
    fn members(&self, _: &References, _: &mut JsonWriter<'_>) {}
}

/// The bill alone.
impl Additions for () {}

/// Writes the bill with what is added to it. Its serial number follows from all that it says.
pub(crate) fn write(report: &LicenseReport, added: &dyn Additions, out: &mut dyn Write) -> io::Result<()> {
    let bill = Bill::of(report);
    let references = References::of(&bill);
    let identity = uuid(|sink| document(&bill, &references, added, "", sink))?;
    document(&bill, &references, added, &identity, out)
}

fn document(
    bill: &Bill<'_>,
    references: &References,
    added: &dyn Additions,
    identity: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    JsonWriter::document(out, |json| {
        json.text("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        json.text("bomFormat", "CycloneDX");
        json.text("specVersion", "1.6");
        json.text("serialNumber", &format!("urn:uuid:{identity}"));
        json.number("version", 1);
        json.object("metadata", |json| {
            json.text("timestamp", &bill.time());
            json.object("tools", |json| {
                json.list("components", |json| {
                    json.object("", |json| {
                        json.text("type", "application");
                        json.text("name", "audit");
                        json.text("version", env!("CARGO_PKG_VERSION"));
                    });
                });
            });
            json.object("component", |json| root(bill, references, added, json));
            json.list("properties", |json| {
                property("audit:verdict", added.verdict().unwrap_or(bill.report.verdict).as_str(), json);
                if let Some(gaps) = bill.gaps() {
                    property("audit:skipped", &gaps, json);
                }
                added.properties(json);
            });
        });
        json.list("components", |json| {
            for (index, row) in bill.others() {
                json.object("", |json| component(row, references.of_row(index), added, json));
            }
        });
        json.list("dependencies", |json| {
            depends(&references.root, bill.direct.iter().copied(), references, json);
            for (index, _) in bill.others() {
                depends(references.of_row(index), bill.dependencies(index), references, json);
            }
        });
        json.list("compositions", |json| {
            json.object("", |json| {
                // What a project does not lock is not known to be all that it pulls in.
                json.text("aggregate", if bill.gaps().is_some() { "incomplete" } else { "unknown" });
                json.texts("dependencies", [&references.root]);
            });
        });
        added.members(references, json);
    })
}

fn root(bill: &Bill<'_>, references: &References, added: &dyn Additions, json: &mut JsonWriter<'_>) {
    if let Some(row) = bill.root.and_then(|root| bill.report.rows.get(root)) {
        return component(row, &references.root, added, json);
    }
    json.text("type", "application");
    json.text("bom-ref", &references.root);
    json.text("name", bill.name());
}

fn component(row: &LicenseRow, reference: &str, added: &dyn Additions, json: &mut JsonWriter<'_>) {
    let own = row.kind == SubjectKind::FirstParty;
    json.text("type", if own { "application" } else { "library" });
    json.text("bom-ref", reference);
    json.text("name", row.name.as_str());
    if let Some(version) = &row.version {
        json.text("version", version.as_str());
    }
    match row {
        row if is_development(row) => json.text("scope", "excluded"),
        row if is_optional(row) => json.text("scope", "optional"),
        _ => {}
    }
    let sums = checksums(&row.hashes).filter_map(|sum| Some((sum.cyclonedx?, sum.digest)));
    let sums: BTreeSet<_> = set_of(sums);
    if !sums.is_empty() {
        json.list("hashes", |json| {
            for (algorithm, digest) in sums {
                json.object("", |json| {
                    json.text("alg", algorithm);
                    json.text("content", digest);
                });
            }
        });
    }
    licenses(row, json);
    if !row.copyrights.is_empty() {
        json.text("copyright", &row.copyrights.join("\n"));
    }
    if !own {
        json.text("purl", &purl_of(row));
    }
    external_references(row, json);
    if !own {
        evidence(row, json);
        json.list("properties", |json| {
            properties(row, json);
            added.component(row, json);
        });
    }
}

/// `licenseChoice`: licenses of the list one by one, or one expression. Declared is what the release says of itself and
/// nothing contradicts.
fn licenses(row: &LicenseRow, json: &mut JsonWriter<'_>) {
    let Some(expression) = &row.conclusion.expression else { return };
    let is_declared = declared(row).is_some_and(|(evidence, said)| {
        let decided = row.conclusion.decided_by.and_then(|index| row.evidence.get(index));
        said == expression && decided == Some(evidence)
    });
    let acknowledgement = if is_declared { "declared" } else { "concluded" };
    json.list("licenses", |json| {
        json.object("", |json| match expression {
            LicenseExpression::License(license) if is_plain(license) => {
                json.object("license", |json| {
                    json.text("id", &license.id);
                    json.text("acknowledgement", acknowledgement);
                });
            }
            other => {
                json.text("expression", &other.to_string());
                json.text("acknowledgement", acknowledgement);
            }
        });
    });
}

/// What `license.id` may be: a license of the list and nothing else. The schema has a list of its own, in whatever
/// version the reader has it: an id that is too new for it makes the whole document invalid. What both the OSI and the
/// FSF have judged is known to all of them, and is nearly all there is; anything else is an expression, or a name.
fn is_plain(license: &SimpleLicense) -> bool {
    let is_known = license.properties.osi_approved && license.properties.fsf_libre;
    is_known && !license.or_later && license.exception.is_none() && !license.is_reference()
}

fn external_references(row: &LicenseRow, json: &mut JsonWriter<'_>) {
    let source = match row.source.kind {
        SourceKind::Url => row.source.url.as_deref().and_then(web_address).map(|url| ("distribution", url)),
        kind if kind.is_vcs() => web_address(&vcs_url(row)).map(|url| ("vcs", url)),
        _ => None,
    };
    let homepage = row.homepage.as_deref().and_then(web_address).map(|url| ("website", url));
    if homepage.is_none() && source.is_none() {
        return;
    }
    json.list("externalReferences", |json| {
        for (kind, url) in homepage.into_iter().chain(source) {
            json.object("", |json| {
                json.text("type", kind);
                json.text("url", &url);
            });
        }
    });
}

/// What was seen: every license that a piece of evidence names, and the copyright lines.
fn evidence(row: &LicenseRow, json: &mut JsonWriter<'_>) {
    let readings = row.evidence.iter().flat_map(|evidence| match &evidence.reading {
        LicenseReading::License(expression) => std::slice::from_ref(expression),
        LicenseReading::Ambiguous(candidates) => &candidates[..],
        LicenseReading::Invalid(_) | LicenseReading::Unknown => &[],
    });
    let seen: BTreeSet<_> = set_of(readings.flat_map(LicenseExpression::licenses));
    if seen.is_empty() && row.copyrights.is_empty() {
        return;
    }
    json.object("evidence", |json| {
        if !seen.is_empty() {
            json.list("licenses", |json| {
                for license in seen {
                    json.object("", |json| {
                        json.object("license", |json| {
                            let key = if is_plain(license) { "id" } else { "name" };
                            json.text(key, &license.to_string());
                        });
                    });
                }
            });
        }
        if !row.copyrights.is_empty() {
            json.list("copyright", |json| {
                for line in &row.copyrights {
                    json.object("", |json| json.text("text", line));
                }
            });
        }
    });
}

fn properties(row: &LicenseRow, json: &mut JsonWriter<'_>) {
    property("audit:decision", row.decision.as_str(), json);
    for (name, value) in [("audit:rule", row.rule.unwrap_or("")), ("audit:reason", &row.reason)] {
        if !value.is_empty() {
            property(name, value, json);
        }
    }
    if row.version.is_none() {
        property("audit:specifier", &row.specifier, json);
    }
    for group in &row.groups {
        property("audit:group", group, json);
    }
    for candidate in &row.conclusion.candidates {
        property("audit:candidate", &candidate.to_string(), json);
    }
    for (index, evidence) in row.evidence.iter().enumerate() {
        let about =
            evidence.about.as_ref().map(|about| format!(", about version {about}")).unwrap_or_default();
        let words = reading_words(&evidence.reading);
        let text = format!("{}: {words} ({}{about})", evidence.source.as_str(), evidence.strength.as_str());
        let name =
            if row.conclusion.conflicts.contains(&index) { "audit:conflict" } else { "audit:evidence" };
        property(name, &text, json);
    }
}

/// A name with its value.
pub(crate) fn property(name: &str, value: &str, json: &mut JsonWriter<'_>) {
    json.object("", |json| {
        json.text("name", name);
        json.text("value", value);
    });
}

fn depends(from: &str, to: impl Iterator<Item = usize>, references: &References, json: &mut JsonWriter<'_>) {
    // `dependsOn` holds each once.
    let to: BTreeSet<_> = set_of(to.map(|index| references.of_row(index)).filter(|to| *to != from));
    json.object("", |json| {
        json.text("ref", from);
        if !to.is_empty() {
            json.texts("dependsOn", to);
        }
    });
}

/// `bom-ref` of everything: the purl, numbered where two are the same.
pub(crate) struct References {
    pub(crate) root: String,
    rows: Vec<String>,
}

impl References {
    fn of(bill: &Bill<'_>) -> Self {
        let root = format!("project:{}", mask(bill.name()));
        let mut used = Names::default();
        let root = used.new_one(&root, '#');
        let rows = bill.report.rows.iter().enumerate().map(|(index, row)| match row.kind {
            _ if Some(index) == bill.root => root.clone(),
            SubjectKind::FirstParty => used.new_one(&format!("project:{}", mask(row.name.as_str())), '#'),
            SubjectKind::Dependency => used.new_one(&purl_of(row), '#'),
        });
        let rows = rows.collect();
        Self { root, rows }
    }

    /// That of a row, by its index.
    pub(crate) fn of_row(&self, index: usize) -> &str {
        self.rows.get(index).unwrap_or(&self.root)
    }
}
