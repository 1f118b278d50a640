//! What all bills of material say: the root, the edges, the day, an identity that follows from the content.

use crate::model::Arrange as _;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use sha2::{Digest, Sha256};

use crate::model::{
    LicenseEvidence, LicenseExpression, LicenseReading, LicenseReport, LicenseRow, PackageHash, PackageName,
    SimpleLicense, SubjectKind,
};

/// The rows as a graph with one root.
pub(crate) struct Bill<'a> {
    pub(crate) report: &'a LicenseReport,
    /// The row of the project itself; `None` when no row is.
    pub(crate) root: Option<usize>,
    /// What the root depends on, sorted.
    pub(crate) direct: Vec<usize>,
}

impl<'a> Bill<'a> {
    pub(crate) fn of(report: &'a LicenseReport) -> Self {
        let own = |row: &LicenseRow| row.kind == SubjectKind::FirstParty;
        let name = report.project.as_deref().map(PackageName::new);
        let root = name.and_then(|name| report.rows.iter().position(|row| own(row) && row.name == name));
        let rows = || report.rows.iter().enumerate();
        // What first-party code brings in is known by its edges; a direct dependency of no such row, or of nobody, and
        // first-party code that nothing leads to, hang from the root.
        let held: HashSet<usize> = rows()
            .filter(|(index, row)| own(row) && Some(*index) != root)
            .flat_map(|(_, row)| row.dependencies.iter().copied())
            .collect();
        let is_direct = |row: &LicenseRow| {
            own(row) || row.paths.is_empty() || row.paths.iter().any(|path| path.len() == 1)
        };
        let mut direct: Vec<usize> =
            root.and_then(|root| report.rows.get(root)).map_or(Vec::new(), |row| row.dependencies.clone());
        direct.extend(
            rows()
                .filter(|(index, row)| Some(*index) != root && !held.contains(index) && is_direct(row))
                .map(|(index, _)| index),
        );
        direct.retain(|index| Some(*index) != root && *index < report.rows.len());
        direct.arrange();
        direct.dedup();
        Self { report, root, direct }
    }

    /// The name of the root.
    pub(crate) fn name(&self) -> &str {
        let name = self.report.project.as_deref().unwrap_or(&self.report.root_name);
        if name.is_empty() { "project" } else { name }
    }

    /// All rows but the root, with their indexes.
    pub(crate) fn others(&self) -> impl Iterator<Item = (usize, &'a LicenseRow)> {
        let root = self.root;
        self.report.rows.iter().enumerate().filter(move |(index, _)| Some(*index) != root)
    }

    /// What a row depends on. No package depends on itself here: extras that ask for their own package do.
    pub(crate) fn dependencies(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let row = self.report.rows.get(index);
        let all = row.into_iter().flat_map(|row| row.dependencies.iter().copied());
        all.filter(move |other| *other != index && *other < self.report.rows.len())
    }

    /// Midnight of today, UTC.
    pub(crate) fn time(&self) -> String {
        format!("{}T00:00:00Z", self.report.today)
    }

    /// What was not audited, in one sentence; `None` when nothing was skipped.
    pub(crate) fn gaps(&self) -> Option<String> {
        let open = self.report.skipped.iter().filter(|skip| skip.accepted.is_none());
        let gaps: Vec<_> = open.map(|skip| format!("{}: {}: {}", skip.path, skip.what, skip.why)).collect();
        (!gaps.is_empty()).then(|| format!("incomplete, not audited: {}", gaps.join("; ")))
    }
}

/// Names of which no two are the same.
#[derive(Default)]
pub(crate) struct Names(HashMap<String, usize>);

impl Names {
    /// The name, with the separator and a number behind it when it was given already.
    pub(crate) fn new_one(&mut self, wanted: &str, separator: char) -> String {
        let mut name = wanted.to_owned();
        while self.0.contains_key(&name) {
            // What was counted before is not tried again: hostile files repeat one name many times.
            let number = self.0.entry(wanted.to_owned()).or_insert(1);
            *number += 1;
            name = format!("{wanted}{separator}{number}");
        }
        self.0.insert(name.clone(), 1);
        name
    }
}

/// Whether a row is only there for development: all its groups are.
pub(crate) fn is_development(row: &LicenseRow) -> bool {
    !row.groups.is_empty() && row.groups.iter().all(|group| !is_main(group) && !is_extra(group))
}

/// Whether a row is only installed on request: none of its groups is what the project needs to run.
pub(crate) fn is_optional(row: &LicenseRow) -> bool {
    !row.groups.is_empty() && !row.groups.iter().any(|group| is_main(group))
}

fn is_main(group: &str) -> bool {
    matches!(group, "main" | "default" | "")
}

fn is_extra(group: &str) -> bool {
    group.starts_with("extra:")
}

/// The license that the release itself declares, with its evidence: not what somebody else says of it.
pub(crate) fn declared(row: &LicenseRow) -> Option<(&LicenseEvidence, &LicenseExpression)> {
    row.evidence.iter().filter(|evidence| evidence.is_declaration()).find_map(|evidence| {
        match &evidence.reading {
            LicenseReading::License(expression) => Some((evidence, expression)),
            _ => None,
        }
    })
}

/// A digest under the names that the standards give it.
pub(crate) struct Checksum<'a> {
    pub(crate) cyclonedx: Option<&'static str>,
    pub(crate) spdx: &'static str,
    pub(crate) digest: &'a str,
}

/// The digests whose algorithm a standard knows and whose length is right for it.
///
/// Sources: CycloneDX 1.6, `hash-alg`; SPDX 2.3, 7.10.
pub(crate) fn checksums(hashes: &[PackageHash]) -> impl Iterator<Item = Checksum<'_>> {
    const KNOWN: [(&str, usize, Option<&str>, &str); 9] = [
        ("md5", 32, Some("MD5"), "MD5"),
        ("sha1", 40, Some("SHA-1"), "SHA1"),
        ("sha224", 56, None, "SHA224"),
        ("sha256", 64, Some("SHA-256"), "SHA256"),
        ("sha384", 96, Some("SHA-384"), "SHA384"),
        ("sha512", 128, Some("SHA-512"), "SHA512"),
        ("blake2b", 64, Some("BLAKE2b-256"), "BLAKE2b-256"),
        ("blake2b", 96, Some("BLAKE2b-384"), "BLAKE2b-384"),
        ("blake2b", 128, Some("BLAKE2b-512"), "BLAKE2b-512"),
    ];
    hashes.iter().filter_map(|hash| {
        let is_hex = hash.digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let known = KNOWN
            .iter()
            .find(|(name, digits, ..)| *name == hash.algorithm && *digits == hash.digest.len() && is_hex);
        known.map(|(_, _, cyclonedx, spdx)| Checksum { cyclonedx: *cyclonedx, spdx, digest: &hash.digest })
    })
}

/// The name of a reference that another document can define: `LicenseRef-x` of `DocumentRef-y:LicenseRef-x` is theirs.
pub(crate) fn is_foreign(license: &SimpleLicense) -> bool {
    license.id.starts_with("DocumentRef-")
}

/// A UUID that follows from what `write` writes: version 8, name-based with SHA-256 (RFC 9562, 5.8 and B.2).
pub(crate) fn uuid(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<String> {
    let mut sink = Sink(Sha256::new());
    write(&mut sink)?;
    let digest = sink.0.finalize();
    let mut text = String::with_capacity(36);
    for (place, byte) in digest.iter().take(16).enumerate() {
        let byte = match place {
            6 => byte & 0x0f | 0x80,
            8 => byte & 0x3f | 0x80,
            _ => *byte,
        };
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    Ok(text)
}

struct Sink(Sha256);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A URL that a standard takes as one (RFC 3986): secrets cut out, other characters encoded. `None` when it is none, or
/// leads to a script.
#[inline(never)]
pub(crate) fn web_address(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://")?;
    let known = ["http", "https", "ssh", "ftp", "git"];
    let scheme = scheme.rsplit('+').next().unwrap_or(scheme);
    let is_known = known.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let has_host = rest.starts_with(|character: char| character.is_ascii_alphanumeric());
    let masked = crate::report::purl::masked_url(url);
    (is_known && has_host).then(|| crate::report::purl::percent(&masked, "!#$%&'()*+,/:;=?@"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_addresses() {
        for (url, shown) in [
            ("https://a.example/x", Some("https://a.example/x")),
            ("https://u:hunter2@a.example/x y", Some("https://u:****@a.example/x%20y")),
            ("git+ssh://a.example/é", Some("git+ssh://a.example/%C3%A9")),
            ("javascript://a.example/%0aalert(1)", None),
            ("javascript:alert(1)", None),
            ("https://", None),
            ("./folder", None),
        ] {
            assert_eq!(web_address(url).as_deref(), shown, "{url}");
        }
    }

    #[test]
    fn an_identity_follows_from_the_content() {
        let of = |text: &'static str| uuid(|out| out.write_all(text.as_bytes())).unwrap();
        // printf a | sha256sum, with version and variant.
        assert_eq!(of("a"), "ca978112-ca1b-8dca-bac2-31b39a23dc4d");
        assert_ne!(of("b"), of("a"));
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::default();
        let given = ["a", "a", "a-2", "a", "a-2", "b"].map(|name| names.new_one(name, '-'));
        assert_eq!(given, ["a", "a-2", "a-2-2", "a-3", "a-2-3", "b"]);
    }

    #[test]
    fn digests_of_the_wrong_length_are_none() {
        let hash = |algorithm: &str, digest: String| PackageHash { algorithm: algorithm.to_owned(), digest };
        let hashes = [
            hash("sha256", "a".repeat(64)),
            hash("sha256", "a".repeat(63)),
            hash("sha256", "x".repeat(64)),
            hash("blake2b", "a".repeat(128)),
            hash("sha224", "a".repeat(56)),
            hash("crc32", "a".repeat(8)),
        ];
        let names: Vec<_> = checksums(&hashes).map(|sum| (sum.cyclonedx, sum.spdx)).collect();
        let expected = [(Some("SHA-256"), "SHA256"), (Some("BLAKE2b-512"), "BLAKE2b-512"), (None, "SHA224")];
        assert_eq!(names, expected);
    }
}
