//! Several files in one input: `#### PATH` on a line of its own begins each but the first, which is the main one.

use depaudit::inputs::{Files, Included, Refusal};

const MARK: &[u8] = b"#### ";

/// The files of one input, by their paths relative to a root.
pub(crate) struct Archive<'a> {
    files: Vec<(String, &'a [u8])>,
}

impl<'a> Archive<'a> {
    /// Takes data apart. Files without a name lie at `main`; the paths of the others are relative to its folder. Of two
    /// files of one path the first counts.
    pub(crate) fn of(data: &'a [u8], main: &str) -> Self {
        let mut files = Vec::new();
        let (mut name, mut start, mut at) = (main.to_owned(), 0, 0);
        for line in data.split_inclusive(|byte| *byte == b'\n') {
            if let Some(path) = line.strip_prefix(MARK) {
                files.push((name, &data[start..at]));
                let path = String::from_utf8_lossy(path);
                name = resolve(main, path.trim_end()).unwrap_or_default();
                start = at + line.len();
            }
            at += line.len();
        }
        files.push((name, &data[start..]));
        Self { files }
    }

    pub(crate) fn main_path(&self) -> &str {
        &self.files[0].0
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| path.as_str())
    }

    pub(crate) fn bytes(&self, path: &str) -> Option<&'a [u8]> {
        self.files.iter().find(|(known, _)| known == path).map(|(_, bytes)| *bytes)
    }

    /// The size of all of it.
    pub(crate) fn len(&self) -> usize {
        self.files.iter().map(|(path, bytes)| path.len() + bytes.len()).sum()
    }

    pub(crate) fn files(&self) -> impl Files {
        Memory { archive: self }
    }
}

/// The files of an archive, as a reader reaches them.
struct Memory<'a> {
    archive: &'a Archive<'a>,
}

impl Files for Memory<'_> {
    fn include(&mut self, from: &str, target: &str) -> Result<Included, Refusal> {
        let refuse = |why: &str| Refusal { why: why.to_owned() };
        let path = resolve(from, target).ok_or_else(|| refuse("it lies outside the root"))?;
        let bytes = self.archive.bytes(&path).ok_or_else(|| refuse("there is no such file"))?;
        Ok(Included { path, bytes: bytes.to_vec() })
    }

    fn list(&mut self, folder: &str) -> Result<Vec<String>, Refusal> {
        let below = |path: &str| {
            let rest = path.strip_prefix(folder)?.strip_prefix('/')?;
            rest.split('/').next().filter(|name| !name.is_empty()).map(str::to_owned)
        };
        let mut names: Vec<_> = self.archive.paths().filter_map(below).collect();
        names.sort();
        names.dedup();
        Ok(names)
    }
}

/// The path of `target`, which a file at `from` names; `None` outside the root.
fn resolve(from: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
