//! The notation: sections, options and values over several lines, with their places.
//!
//! Source: Python's `configparser.RawConfigParser`, as setuptools and pip use it: strict, the case of options kept, comments
//! on lines of their own only.

use std::collections::HashSet;
use std::ops::Range;

/// What stands in a file.
#[derive(Debug, Default)]
pub(in crate::inputs) struct Ini<'a> {
    /// All options, in the order of the file.
    pub(in crate::inputs) options: Vec<Entry<'a>>,
    /// Lines that make the tool refuse the file: place and reason.
    pub(in crate::inputs) wrong: Vec<(Range<usize>, String)>,
}

/// An option with its value.
#[derive(Debug)]
pub(in crate::inputs) struct Entry<'a> {
    pub(in crate::inputs) section: &'a str,
    pub(in crate::inputs) name: &'a str,
    /// Whether `:` and not `=` stands behind the name.
    pub(in crate::inputs) colon: bool,
    /// The lines of the value without space around them, those that are empty left out.
    pub(in crate::inputs) lines: Vec<Range<usize>>,
}

impl<'a> Ini<'a> {
    /// Reads a text as a whole. What is wrong is kept, and the rest is read. `tool` is who would
    /// refuse it.
    pub(in crate::inputs) fn read(text: &'a str, tool: &'a str) -> Self {
        let mut reader = Reader { text, tool, ini: Self::default(), section: None, indent: 0, open: false };
        let mut known = Known::default();
        let mut start = 0;
        for line in text.split_inclusive(['\n', '\r']) {
            reader.line(start, line, &mut known);
            start += line.len();
        }
        reader.ini
    }

    /// The options of a section; those of `[DEFAULT]` belong to every section that exists.
    pub(in crate::inputs) fn section<'i>(&'i self, name: &'i str) -> impl Iterator<Item = &'i Entry<'a>> {
        let exists = self.options.iter().any(|entry| entry.section == name);
        self.options
            .iter()
            .filter(move |entry| entry.section == name || (exists && entry.section == "DEFAULT"))
    }
}

/// What was seen before.
#[derive(Default)]
struct Known<'a> {
    sections: HashSet<&'a str>,
    options: HashSet<(&'a str, &'a str)>,
}

struct Reader<'a> {
    text: &'a str,
    tool: &'a str,
    ini: Ini<'a>,
    section: Option<&'a str>,
    /// How far the line with the last section or option is indented: what is further in goes on with its value.
    indent: usize,
    /// Whether an option may go on.
    open: bool,
}

impl<'a> Reader<'a> {
    fn line(&mut self, start: usize, line: &'a str, known: &mut Known<'a>) {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            return;
        }
        let indent = line.len() - line.trim_start().len();
        let place = start + indent..start + indent + content.len();
        if self.open && indent > self.indent {
            if let Some(entry) = self.ini.options.last_mut() {
                entry.lines.push(place);
            }
            return;
        }
        self.indent = indent;
        if let Some(name) = header(content) {
            if !known.sections.insert(name) && name != "DEFAULT" {
                let why = format!(
                    "the section [{name}] stands here twice, and {} refuses that: join the two",
                    self.tool
                );
                self.ini.wrong.push((place, why));
            }
            self.section = Some(name);
            self.open = false;
            return;
        }
        let Some(section) = self.section else {
            let why = "expected a section such as [options] before the first option";
            self.ini.wrong.push((place, why.to_owned()));
            return;
        };
        let delimiter = content.find(['=', ':']).filter(|at| !content[..*at].trim().is_empty());
        let Some(at) = delimiter else {
            self.ini.wrong.push((place, "expected `name = value`, or a value that is indented".to_owned()));
            self.open = false;
            return;
        };
        let name = content[..at].trim_end();
        if !known.options.insert((section, name)) {
            let why =
                format!("{name:?} stands in [{section}] twice, and {} refuses that: join the two", self.tool);
            self.ini.wrong.push((place.start..place.start + name.len(), why));
        }
        let value = content[at + 1..].trim();
        let first = (!value.is_empty()).then(|| place.end - value.len()..place.end);
        let lines = first.into_iter().collect();
        let colon = self.text.as_bytes().get(place.start + at) == Some(&b':');
        self.ini.options.push(Entry { section, name, colon, lines });
        self.open = true;
    }
}

/// The words of a text that begins at `start`, with their places.
pub(in crate::inputs) fn words(text: &str, start: usize) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let begin = at + rest.len() - rest.trim_start().len();
        let word = text.get(begin..)?.split(char::is_whitespace).next().filter(|word| !word.is_empty())?;
        at = begin + word.len();
        Some((start + begin..start + at, word))
    })
}

/// The name of a section: `\[(?P<header>.+)\]`, whatever stands behind it.
fn header(content: &str) -> Option<&str> {
    let inner = content.strip_prefix('[')?;
    let end = inner.rfind(']')?;
    inner.get(..end).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        let ini = Ini::read(text, "setuptools");
        let row = |entry: &Entry<'_>| {
            let lines: Vec<_> = entry.lines.iter().map(|line| &text[line.clone()]).collect();
            format!("{} {} {}", entry.section, entry.name, lines.join("|"))
        };
        ini.options.iter().map(row).collect()
    }

    #[test]
    fn values_go_on_as_configparser_says() {
        let text = "# top\n[a] ; rest\nx = 1\n  2 ; kept\n\n  # comment\n  ; comment\n  3\ny:\n\tz = 4\n  [b]\n  \
                    p = 5\n   6\n q = 7\r\n[c]\rr=s=t\n";
        assert_eq!(rows(text), ["a x 1|2 ; kept|3", "a y z = 4|[b]|p = 5|6|q = 7", "c r s=t"]);
        assert_eq!(rows("[a]\n  x = 1\n  y = 2\n   3\n z = 4\n"), ["a x 1", "a y 2|3", "a z 4"]);
        assert!(Ini::read(text, "setuptools").wrong.is_empty());
    }

    #[test]
    fn what_setuptools_refuses_is_named_and_the_rest_is_read() {
        let text = "early = 1\n[a]\nx = 1\n= 2\nlonely\nx = 3\n[b]\ny = 4\n[a]\nz = 5\n";
        assert_eq!(rows(text), ["a x 1", "a x 3", "b y 4", "a z 5"]);
        let wrong = Ini::read(text, "setuptools").wrong;
        let wrong: Vec<_> = wrong.iter().map(|(place, _)| &text[place.clone()]).collect();
        assert_eq!(wrong, ["early = 1", "= 2", "lonely", "x", "[a]"]);
    }

    #[test]
    fn defaults_belong_to_every_section() {
        let ini = Ini::read("[DEFAULT]\nx = 1\n[a]\ny = 2\n", "setuptools");
        let names = |section| ini.section(section).map(|entry| entry.name).collect::<Vec<_>>();
        assert_eq!((names("a"), names("b")), (vec!["x", "y"], vec![]));
    }
}
