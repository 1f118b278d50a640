//! Which format a file is of, by its path.

use super::{FORMATS, Format};

/// What discovery makes of a path.
#[derive(Debug, Clone, Copy)]
pub enum Detected {
    /// A format that is read.
    Format(&'static Format),
    /// A dependency file that is not read yet: its kind. Never passed over in silence.
    Unsupported(&'static str),
    /// A dependency file only if its text says so: `setup.cfg`, which is read then, and `setup.py`, which is not.
    Perhaps(&'static str),
    /// No dependency file.
    No,
}

/// What discovery makes of the file at a path (relative to the root, `/` between folders).
pub fn detect(path: &str) -> Detected {
    match FORMATS.iter().find(|format| (format.detect)(path)) {
        Some(format) if format.kind == "setup.cfg" => return Detected::Perhaps(format.kind),
        Some(format) => return Detected::Format(format),
        None => {}
    }
    if file_name(path) == "setup.py" { Detected::Perhaps("setup.py") } else { Detected::No }
}

/// What a file is that somebody named: as [`detect`], any other `.txt` or `.in` is a requirement file, any other `.py`
/// a script, and a `.json` a bill of materials.
pub fn detect_named(path: &str) -> Detected {
    match detect(path) {
        Detected::No => {
            let name = file_name(path);
            let kind = match name.rsplit_once('.').map(|(_, extension)| extension) {
                Some("txt") => "requirements.txt",
                Some("in") => "requirements.in",
                Some("json") => "cyclonedx",
                Some("py") => "pep723",
                _ => return Detected::No,
            };
            by_kind(kind).map_or(Detected::No, Detected::Format)
        }
        detected => detected,
    }
}

/// The format with this name.
pub fn by_kind(kind: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.kind == kind).copied()
}

/// Whether the text of a `setup.cfg` or `setup.py` lists requirements (setuptools' keys, also with the `-` of old
/// versions for `_`; `[extras]` of pbr). A script that hands on what it has computed (`setup(**arguments)`) may list anything.
pub fn setup_lists_requirements(kind: &str, text: &[u8]) -> bool {
    const KEYS: [&[u8]; 4] = [b"install_requires", b"extras_require", b"setup_requires", b"tests_require"];
    const OF_CFG: [&[u8]; 4] = [b"install-requires", b"setup-requires", b"tests-require", b"[extras]"];
    const OF_SCRIPT: [&[u8]; 2] = [b"requires", b"**"];
    let more: &[&[u8]] = if kind == "setup.py" { &OF_SCRIPT } else { &OF_CFG };
    KEYS.iter().chain(more).any(|key| memchr::memmem::find(text, key).is_some())
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
