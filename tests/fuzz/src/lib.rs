//! What all fuzz targets share: an archive of files in one input, and the laws that every reader keeps.

mod archive;
pub mod join;
mod laws;
pub mod texts;

use depaudit::inputs::{Reading, by_kind};
use depaudit::license::metadata;
use depaudit::model::{Input, LicenseExpression, LicenseReading, PackageName, SourceFile, Sources, Version};
use depaudit::policy::{Dialect, VexProject, read_vex, vex_ignores};

use archive::Archive;
use laws::{assert_input, assert_same};

/// Reads data as a format, twice, and holds what comes out to the laws.
pub fn read(kind: &str, data: &[u8]) {
    let archive = Archive::of(data, main_path(kind));
    let (input, sources) = read_file(kind, archive.main_path(), &archive);
    assert_input(&input, &sources, &archive);
    assert_same(&(input, sources), &read_file(kind, archive.main_path(), &archive));
}

/// Reads data as pip's configuration: every place is one of the text, and reading twice says the same.
pub fn pip_config(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let mut sources = Sources::new(0);
    let source = sources.add(SourceFile::new("pip.conf", text.clone()));
    match depaudit::inputs::pip_config::read(&text, source) {
        Ok(indexes) => {
            for index in &indexes {
                let written = sources.slice(index.span);
                assert!(index.address.is_empty() || index.address == written, "{index:?} at {written:?}");
            }
            assert_eq!(Ok(indexes), depaudit::inputs::pip_config::read(&text, source));
        }
        Err(wrong) => {
            assert!(!wrong.is_empty());
            for (range, why) in wrong {
                assert!(text.get(range.clone()).is_some() && !why.is_empty(), "{range:?} {why}");
            }
        }
    }
}

/// Reads data as a policy, on its own and in a pyproject.toml: what is complained about has a place in the text.
pub fn policy(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let source = Sources::new(0).add(SourceFile::new("audit.toml", text.clone()));
    for dialect in [Dialect::AuditToml, Dialect::Pyproject] {
        let read = depaudit::policy::read(
            &text,
            source,
            dialect,
            &depaudit::rules::all(),
            depaudit::license::wording(),
        );
        for complaint in read.err().into_iter().flatten() {
            assert!(
                text.get(complaint.span.range()).is_some() && !complaint.message.is_empty(),
                "{complaint:?}"
            );
        }
    }
}

/// Reads data as an OpenVEX document, and holds it against packages: what it says of them has a place in the text.
pub fn vex(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let source = Sources::new(0).add(SourceFile::new("vex.json", text.clone()));
    match read_vex(&text, source) {
        Ok(statements) => {
            let version = |text: &str| Some(Version::new(text));
            let packages = [
                (PackageName::new("jinja2"), version("3.1.2")),
                (PackageName::new("shoplib"), version("1.4.1")),
                (PackageName::new("shoplib"), None),
            ];
            let project = VexProject { packages: &packages, names: vec![PackageName::new("shop")] };
            for ignore in vex_ignores(&statements, &project) {
                assert!(text.get(ignore.span.range()).is_some(), "{ignore:?}");
            }
        }
        Err(complaints) => {
            assert!(!complaints.is_empty());
            for complaint in complaints {
                assert!(text.get(complaint.span.range()).is_some(), "{complaint:?}");
            }
        }
    }
}

/// Reads data as the metadata of a release: every place is one of the text, what is read as an expression comes through
/// its own print, and reading twice says the same.
pub fn license_metadata(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let mut sources = Sources::new(0);
    let source = sources.add(SourceFile::new("METADATA", text.clone()));
    let declared = metadata::read(&text, source);
    for evidence in &declared.evidence {
        let range = evidence.span.expect("metadata has places").range();
        let written = text.get(range).expect("the place is one of the text");
        match &evidence.reading {
            LicenseReading::License(license) => assert_round_trip(license),
            LicenseReading::Ambiguous(candidates) => {
                assert!(!candidates.is_empty());
                candidates.iter().for_each(assert_round_trip);
            }
            LicenseReading::Invalid(error) => {
                assert!(!error.message.is_empty());
                assert!(written.get(error.range.clone()).is_some(), "{error:?} in {written:?}");
            }
            LicenseReading::Unknown => {}
        }
    }
    let concluded = depaudit::license::conclude(&declared.evidence);
    assert!(concluded.expression.is_none() || concluded.candidates.is_empty());
    assert_eq!(declared, metadata::read(&text, source));
}

fn assert_round_trip(license: &LicenseExpression) {
    let printed = license.to_string();
    assert_eq!(depaudit::license::parse(&printed).as_ref(), Ok(license), "{printed}");
}

/// Recognises licenses in data: places are of the text, scores between 0 and 1, copyright lines short.
pub fn license_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let found = depaudit::license::text::recognise(&text);
    for license in &found.found {
        assert!((0.0..=1.0).contains(&license.score), "{license:?}");
        assert!(text.get(license.range.clone()).is_some(), "{license:?}");
        assert!(!license.candidates.is_empty());
        license.candidates.iter().for_each(assert_round_trip);
    }
    for line in depaudit::license::copyright::lines(&text) {
        assert!(!line.contains('\n') && line.len() < 4096, "{line:?}");
    }
    assert_eq!(found, depaudit::license::text::recognise(&text));
}

/// Reads one file of an archive.
fn read_file(kind: &str, path: &str, archive: &Archive<'_>) -> (Input, Sources) {
    let mut sources = Sources::new(0);
    let input = read_into(kind, path, archive, &mut sources);
    (input, sources)
}

fn read_into(kind: &str, path: &str, archive: &Archive<'_>, sources: &mut Sources) -> Input {
    let format = by_kind(kind).expect("a kind that exists");
    let bytes = archive.bytes(path).unwrap_or_default().to_vec();
    let mut input = (format.read)(Reading { path, bytes, sources, files: &mut archive.files() });
    input.role = format.role;
    input
}

/// Where the file of a format lies. In a folder, so that includes may go up and down.
fn main_path(kind: &str) -> &'static str {
    match kind {
        "cyclonedx" => "shop/ship.cdx.json",
        "installed" => "shop/site-packages",
        "pep723" => "shop/tool.py",
        "constraints.txt" => "shop/constraints.txt",
        "environment.yml" => "shop/environment.yml",
        "pdm.lock" => "shop/pdm.lock",
        "Pipfile" => "shop/Pipfile",
        "Pipfile.lock" => "shop/Pipfile.lock",
        "poetry.lock" => "shop/poetry.lock",
        "pylock.toml" => "shop/pylock.toml",
        "pyproject.toml" => "shop/pyproject.toml",
        "setup.cfg" => "shop/setup.cfg",
        "uv.lock" => "shop/uv.lock",
        _ => "shop/requirements.txt",
    }
}
