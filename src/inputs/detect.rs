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

/// What a file is that somebody named: as [`detect`], any other `.txt` or `.in` is a requirement file, any other `.py` a
/// script, and a `.json` a bill of materials.
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

/// Whether the text of a `setup.cfg` or `setup.py` lists requirements (setuptools' keys, `[extras]` of pbr). A script that
/// hands on what it has computed (`setup(**arguments)`) may list anything.
pub fn setup_lists_requirements(kind: &str, text: &[u8]) -> bool {
    const KEYS: [&[u8]; 4] = [b"install_requires", b"extras_require", b"setup_requires", b"tests_require"];
    let holds = |key: &[u8]| text.windows(key.len()).any(|window| window == key);
    let pbr =
        || kind == "setup.cfg" && text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"[extras]"));
    KEYS.iter().any(|key| holds(key)) || pbr() || (kind == "setup.py" && (holds(b"requires") || holds(b"**")))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
