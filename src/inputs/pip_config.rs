//! pip's configuration (`pip.conf`, `pip.ini`): which indexes it brings to every requirement file.
//!
//! Source: pip, "Configuration": an INI file with `[global]` and a section for each command; the names of options are
//! those of the command line without `--`, in either case and with `_` for `-` (pip's `_normalize_name`); options that
//! may be repeated take several values, apart by white space. Only what names an index is read; all else is fine.

use std::ops::Range;

use super::ini::{Entry, Ini, words};
use super::plain_text::conflict;
use crate::model::{IndexKind, IndexOrigin, IndexTool, IndexUse, SourceId, Span};

/// The commands that fetch packages, after what all of them share.
const SECTIONS: [&str; 5] = ["global", "install", "download", "wheel", "lock"];

/// The indexes that a configuration names, or every place at which pip refuses it.
///
/// # Errors
/// Lines that are no options, sections and options that stand there twice, a merge conflict.
pub fn read(text: &str, source: SourceId) -> Result<Vec<IndexUse>, Vec<(Range<usize>, String)>> {
    if let Some(place) = conflict(text) {
        return Err(vec![(place, "merge conflict: resolve it".to_owned())]);
    }
    let mut ini = Ini::read(text, "pip");
    if let Some(at) = text.find('\0') {
        ini.wrong.insert(0, (at..at + 1, "holds a NUL character: this is no text file".to_owned()));
    }
    if !ini.wrong.is_empty() {
        return Err(ini.wrong);
    }
    let mut indexes = Vec::new();
    for section in SECTIONS {
        for entry in ini.options.iter().filter(|entry| entry.section == section) {
            read_option(text, source, entry, &mut indexes);
        }
    }
    Ok(indexes)
}

fn read_option(text: &str, source: SourceId, entry: &Entry<'_>, indexes: &mut Vec<IndexUse>) {
    let name = entry.name.trim_start_matches('-').to_ascii_lowercase().replace('_', "-");
    let (option, kind) = match name.as_str() {
        "index-url" | "pypi-url" => ("index-url", IndexKind::Index),
        "extra-index-url" => ("extra-index-url", IndexKind::Index),
        "find-links" => ("find-links", IndexKind::FindLinks),
        "trusted-host" => ("trusted-host", IndexKind::TrustedHost),
        "no-index" => ("no-index", IndexKind::NoIndex),
        _ => return,
    };
    let values = entry.lines.iter();
    let values = values.flat_map(|line| words(text.get(line.clone()).unwrap_or(""), line.start));
    for (place, value) in values {
        let mut address = value;
        if kind == IndexKind::NoIndex {
            // Python's `strtobool`, as pip has it.
            if !["y", "yes", "t", "true", "on", "1"].iter().any(|yes| value.eq_ignore_ascii_case(yes)) {
                continue;
            }
            address = "";
        }
        let mut index = IndexUse::new(IndexTool::Pip, option, address, Span::new(source, place));
        index.kind = kind;
        index.replaces_public = option == "index-url";
        index.origin = IndexOrigin::PipConfig;
        indexes.push(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SourceFile, Sources};

    fn rows(text: &str) -> Vec<String> {
        let mut sources = Sources::new(0);
        let source = sources.add(SourceFile::new("pip.conf", text.to_owned()));
        let indexes = read(text, source).unwrap();
        indexes.iter().map(|index| format!("{} {}", index.option, sources.slice(index.span))).collect()
    }

    #[test]
    fn every_spelling() {
        let text = "[global]\nindex-url = https://a.example.com/simple\ntimeout = 60\n\
                    extra_index_url = https://b.example.com\n    https://c.example.com https://d.example.com\n\
                    [install]\nFIND-LINKS = /srv/wheels\n--no-index = yes\n[download]\ntrusted-host =\n  ä.example.com\n\
                    [freeze]\nindex-url = https://no.example.com\n";
        assert_eq!(
            rows(text),
            [
                "index-url https://a.example.com/simple",
                "extra-index-url https://b.example.com",
                "extra-index-url https://c.example.com",
                "extra-index-url https://d.example.com",
                "find-links /srv/wheels",
                "no-index yes",
                "trusted-host ä.example.com",
            ]
        );
        assert_eq!(rows("[global]\nno-index = false\n"), Vec::<String>::new());
        assert_eq!(rows(""), Vec::<String>::new());
    }

    #[test]
    fn what_pip_refuses_is_said_with_its_place() {
        let mut sources = Sources::new(0);
        let source = sources.add(SourceFile::new("pip.conf", String::new()));
        for (text, place, words) in [
            ("index-url = x\n", 0..13, "before the first option"),
            ("[global]\nlonely\n", 9..15, "expected `name = value`"),
            ("[global]\na = 1\na = 2\n", 15..16, "pip refuses that"),
            ("[a]\n[a]\n", 4..7, "twice, and pip refuses that"),
            ("<<<<<<< HEAD\n", 0..12, "merge conflict"),
            ("[global]\n\0\n", 9..10, "NUL"),
        ] {
            let wrong = read(text, source).unwrap_err();
            assert_eq!(wrong[0].0, place, "{text}");
            assert!(wrong[0].1.contains(words), "{}", wrong[0].1);
        }
    }
}
