//! `spdx`: a bill of material as SPDX 2.3 JSON.
//!
//! Source: SPDX specification 2.3, clauses 6 (document), 7 (package), 10 (licenses that are on no list), 11
//! (relationships), and its JSON schema. What is not known is `NOASSERTION`, never left to guess.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::rows::{reading_words, version_words};
use crate::model::{LicenseExpression, LicenseReport, LicenseRow, SourceKind, SourceMap, SubjectKind};
use crate::report::Style;
use crate::report::bill::{Bill, Names, checksums, declared, is_development, is_foreign, uuid, web_address};
use crate::report::json_writer::JsonWriter;
use crate::report::purl::{percent, purl_of, vcs_url};

const NOASSERTION: &str = "NOASSERTION";
const DOCUMENT: &str = "SPDXRef-DOCUMENT";

pub(super) fn render(report: &LicenseReport, _: &SourceMap, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let bill = Bill::of(report);
    let ids = Ids::of(&bill);
    let identity = uuid(|sink| document(&bill, &ids, "", sink))?;
    document(&bill, &ids, &identity, out)
}

/// Clause 6. `identity` makes the namespace, which must be another one for every other content.
fn document(bill: &Bill<'_>, ids: &Ids, identity: &str, out: &mut dyn Write) -> io::Result<()> {
    JsonWriter::document(out, |json| {
        json.text("spdxVersion", "SPDX-2.3");
        json.text("dataLicense", "CC0-1.0");
        json.text("SPDXID", DOCUMENT);
        json.text("name", bill.name());
        let name = percent(&crate::model::mask(bill.name()), "");
        json.text("documentNamespace", &format!("https://spdx.org/spdxdocs/{name}-{identity}"));
        json.object("creationInfo", |json| {
            json.text("created", &bill.time());
            json.texts("creators", [concat!("Tool: audit-", env!("CARGO_PKG_VERSION"))]);
        });
        if let Some(gaps) = bill.gaps() {
            json.text("comment", &gaps);
        }
        json.list("packages", |json| {
            json.object("", |json| root(bill, ids, json));
            for (index, row) in bill.others() {
                json.object("", |json| package(row, ids.of_row(index), json));
            }
        });
        json.list("relationships", |json| relationships(bill, ids, json));
        let extracted = extracted(bill);
        if !extracted.is_empty() {
            json.list("hasExtractedLicensingInfos", |json| {
                for (id, text) in &extracted {
                    json.object("", |json| {
                        json.text("licenseId", id);
                        json.text("extractedText", text);
                        json.text("name", id.trim_start_matches("LicenseRef-"));
                    });
                }
            });
        }
    })
}

fn root(bill: &Bill<'_>, ids: &Ids, json: &mut JsonWriter<'_>) {
    if let Some(row) = bill.root.and_then(|root| bill.report.rows.get(root)) {
        return package(row, &ids.root, json);
    }
    json.text("SPDXID", &ids.root);
    json.text("name", bill.name());
    json.text("downloadLocation", NOASSERTION);
    json.flag("filesAnalyzed", false);
    json.text("licenseConcluded", NOASSERTION);
    json.text("licenseDeclared", NOASSERTION);
    json.text("copyrightText", NOASSERTION);
    json.text("primaryPackagePurpose", "APPLICATION");
}

/// Clause 7.
fn package(row: &LicenseRow, id: &str, json: &mut JsonWriter<'_>) {
    let own = row.kind == SubjectKind::FirstParty;
    json.text("SPDXID", id);
    json.text("name", row.name.as_str());
    if let Some(version) = &row.version {
        json.text("versionInfo", version.as_str());
    }
    json.text("supplier", NOASSERTION);
    json.text("downloadLocation", &download_location(row));
    json.flag("filesAnalyzed", false);
    if let Some(homepage) = row.homepage.as_deref().and_then(web_address) {
        json.text("homepage", &homepage);
    }
    let sums: Vec<_> = checksums(&row.hashes).collect();
    if !sums.is_empty() {
        json.list("checksums", |json| {
            for sum in &sums {
                json.object("", |json| {
                    json.text("algorithm", sum.spdx);
                    json.text("checksumValue", sum.digest);
                });
            }
        });
        json.text(
            "comment",
            "checksums: of all files of the release that the lock lists; one of them is installed",
        );
    }
    json.text("licenseConcluded", &expression(row.conclusion.expression.as_ref()));
    json.text("licenseDeclared", &expression(declared(row).map(|(_, expression)| expression)));
    if !own {
        json.text("licenseComments", &comments(row));
    }
    let copyrights = row.copyrights.join("\n");
    json.text("copyrightText", if copyrights.is_empty() { NOASSERTION } else { &copyrights });
    json.text("primaryPackagePurpose", if own { "APPLICATION" } else { "LIBRARY" });
    if !own {
        json.list("externalRefs", |json| {
            json.object("", |json| {
                json.text("referenceCategory", "PACKAGE-MANAGER");
                json.text("referenceType", "purl");
                json.text("referenceLocator", &purl_of(row));
            });
        });
    }
}

/// 7.7: the place of this very package, which the address of an index is not.
fn download_location(row: &LicenseRow) -> String {
    let address = match row.source.kind {
        SourceKind::Url => row.source.url.as_deref().and_then(web_address),
        kind if kind.is_vcs() => web_address(&vcs_url(row)),
        _ => None,
    };
    address.unwrap_or_else(|| NOASSERTION.to_owned())
}

/// The expression, when this document can hold it: a reference into another document would need that document.
fn expression(expression: Option<&LicenseExpression>) -> String {
    let expression = expression.filter(|expression| {
        expression.licenses().iter().all(|license| !is_foreign(license) && is_id(&license.id))
    });
    expression.map_or_else(|| NOASSERTION.to_owned(), ToString::to_string)
}

/// Annex D, `idstring`.
fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// 7.16: where the license was learnt, what is not sure about it, and what the policy says.
fn comments(row: &LicenseRow) -> String {
    let mut parts = Vec::new();
    for (index, evidence) in row.evidence.iter().enumerate() {
        let about =
            evidence.about.as_ref().map(|about| format!(", about version {about}")).unwrap_or_default();
        let role = match &row.conclusion {
            conclusion if conclusion.decided_by == Some(index) => ", decided",
            conclusion if conclusion.conflicts.contains(&index) => ", contradicts",
            _ => "",
        };
        parts.push(format!(
            "{}: {} ({}{about}{role})",
            evidence.source.words(),
            reading_words(&evidence.reading),
            evidence.strength.as_str()
        ));
    }
    if parts.is_empty() {
        parts.push("nothing says what the license is".to_owned());
    }
    if row.version.is_none() {
        parts.push(format!("no version is resolved: {}", version_words(row)));
    }
    let reason = if row.reason.is_empty() { "there is no policy" } else { &row.reason };
    parts.push(format!("decision: {} ({reason})", row.decision.as_str()));
    parts.join("; ")
}

/// Clause 11.
fn relationships(bill: &Bill<'_>, ids: &Ids, json: &mut JsonWriter<'_>) {
    let mut relate = |from: &str, kind: &str, to: &str| {
        json.object("", |json| {
            json.text("spdxElementId", from);
            json.text("relationshipType", kind);
            json.text("relatedSpdxElement", to);
        });
    };
    relate(DOCUMENT, "DESCRIBES", &ids.root);
    let mut edge = |from: &str, is_own: bool, to: usize| {
        let dev = is_own && bill.report.rows.get(to).is_some_and(is_development);
        if dev {
            relate(ids.of_row(to), "DEV_DEPENDENCY_OF", from);
        } else {
            relate(from, "DEPENDS_ON", ids.of_row(to));
        }
    };
    for to in &bill.direct {
        edge(&ids.root, true, *to);
    }
    for (index, row) in bill.others() {
        for to in bill.dependencies(index) {
            edge(ids.of_row(index), row.kind == SubjectKind::FirstParty, to);
        }
    }
}

/// Clause 10: the text of every license that is on no list. That of a package under nothing else, when it is known.
fn extracted(bill: &Bill<'_>) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for row in &bill.report.rows {
        let declared = declared(row).map(|(_, expression)| expression);
        for whole in row.conclusion.expression.iter().chain(declared) {
            let licenses = whole.licenses();
            let alone = licenses.len() == 1;
            for license in licenses {
                if !license.is_reference() || is_foreign(license) || !is_id(&license.id) {
                    continue;
                }
                let text = texts.entry(license.id.to_string()).or_default();
                if alone && text.is_empty() {
                    *text = row.texts.iter().map(|file| file.text.as_str()).collect::<Vec<_>>().join("\n");
                }
            }
        }
    }
    for text in texts.values_mut().filter(|text| text.is_empty()) {
        "The text of this license is not known.".clone_into(text);
    }
    texts
}

/// The ids of all packages: letters, digits, `.` and `-` (7.2).
struct Ids {
    root: String,
    rows: Vec<String>,
}

impl Ids {
    fn of(bill: &Bill<'_>) -> Self {
        let mut used = Names::default();
        let mut new = |wanted: &str| {
            let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-');
            let masked = crate::model::mask(wanted);
            let id: String = masked.chars().take(100).map(|one| if plain(one) { one } else { '-' }).collect();
            used.new_one(&format!("SPDXRef-{id}"), '-')
        };
        let root = new(&format!("Root-{}", bill.name()));
        let rows = bill.report.rows.iter().enumerate().map(|(index, row)| {
            let version = row.version.as_ref().map(|version| format!("-{version}")).unwrap_or_default();
            if Some(index) == bill.root {
                root.clone()
            } else {
                new(&format!("Package-{}{version}", row.name))
            }
        });
        Self { rows: rows.collect(), root: root.clone() }
    }

    fn of_row(&self, index: usize) -> &str {
        self.rows.get(index).unwrap_or(&self.root)
    }
}
