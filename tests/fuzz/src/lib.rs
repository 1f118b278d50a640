//! What all fuzz targets share: an archive of files in one input, and the laws that every reader keeps.

mod archive;
pub mod join;
mod laws;
pub mod texts;

use depaudit::inputs::{Reading, by_kind};
use depaudit::model::{Input, SourceFile, Sources};

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
