//! `audit explain ADVISORY`: what the records say, and what that means for the packages of some files.

use std::io::{self, Write};

use super::Style;
use super::words::{count, place};
use super::{sanitize, wrap};
use crate::advisory::{Advisory, Concerned, RecordPackage, RecordText, Verdict};
use crate::model::{Matched, Severity, SourceMap};

/// How many listed versions and how many references are shown without `-v`.
const SHOWN: usize = 12;
/// The width of the column of labels.
const LABELS: usize = 11;

/// Writes it. Every text of a record passes [`sanitize`].
pub fn render(
    advisory: &Advisory,
    concerned: &[Concerned],
    inputs: usize,
    sources: &SourceMap,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page { style, out };
    page.head(advisory)?;
    for name in advisory.packages() {
        page.package(advisory, name.as_str())?;
    }
    page.records(advisory)?;
    page.references(advisory)?;
    for concerned in concerned {
        page.concerned(concerned, sources)?;
    }
    if concerned.is_empty() && inputs > 0 {
        let names: Vec<_> = advisory.packages().into_iter().take(SHOWN).map(ToString::to_string).collect();
        let files = count(inputs, "file", "files");
        writeln!(page.out, "\n{}", safe(&format!("{} is not in {files} here", names.join(", "))))?;
    }
    Ok(())
}

fn safe(text: &str) -> String {
    sanitize::line(text).into_owned()
}

/// The day of a time stamp, or what stands there instead.
fn day(stamp: &str) -> &str {
    stamp.get(..10).unwrap_or(stamp)
}

struct Page<'a> {
    style: Style,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    /// A label and its text, wrapped. `text` is safe.
    fn line(&mut self, label: &str, text: &str) -> io::Result<()> {
        let width = self.style.width.saturating_sub(LABELS + 2).max(20);
        for (number, line) in wrap::lines(text, width, width).iter().enumerate() {
            let label = if number == 0 { label } else { "" };
            let padding = " ".repeat(LABELS.saturating_sub(label.len()));
            writeln!(self.out, "  {}{padding}{line}", self.style.paint("2", label))?;
        }
        Ok(())
    }

    fn title(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.style.paint("1", text))
    }

    fn head(&mut self, advisory: &Advisory) -> io::Result<()> {
        self.title(&safe(&advisory.id))?;
        if let Some(line) = advisory.line() {
            writeln!(self.out, "{}", wrap::fill(&safe(&line), self.style.width))?;
        }
        writeln!(self.out)?;
        if !advisory.aliases.is_empty() {
            self.line("also:", &safe(&advisory.aliases.join(", ")))?;
        }
        if advisory.records.iter().all(|record| record.withdrawn.is_some()) {
            self.line("withdrawn:", "it affects nothing")?;
        }
        if advisory.records.iter().any(|record| record.malicious) {
            self.line("malware:", "a record says that what it names is malicious")?;
        }
        match &advisory.vector {
            Some(vector) => {
                let score = vector.score.map(|score| format!(" {score:.1}")).unwrap_or_default();
                self.line("severity:", &safe(&format!("{}{score}, {}", advisory.severity, vector.text)))?;
                if let Some(words) = &vector.words {
                    self.line("", &safe(words))?;
                }
            }
            None if advisory.severity == Severity::Unknown => self.line("severity:", "unknown")?,
            None => self.line("severity:", &format!("{}, in the record's own word", advisory.severity))?,
        }
        let published = advisory.records.iter().filter_map(|record| record.published.as_deref()).min();
        let modified = advisory.records.iter().filter_map(|record| record.modified.as_deref()).max();
        let dates: Vec<String> = [("", published), ("changed ", modified)]
            .into_iter()
            .filter_map(|(word, stamp)| stamp.map(|stamp| format!("{word}{}", safe(day(stamp)))))
            .collect();
        if !dates.is_empty() {
            self.line("published:", &dates.join(", "))?;
        }
        Ok(())
    }

    /// What all records say about one package.
    fn package(&mut self, advisory: &Advisory, name: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.title(&safe(name))?;
        let about = |record: &RecordText| -> Option<RecordPackage> {
            record.packages.iter().find(|package| package.name.as_str() == name).cloned()
        };
        let many = advisory.records.len() > 1;
        let mut fixed: Vec<String> = Vec::new();
        let mut label = "affected:";
        for record in &advisory.records {
            let Some(package) = about(record) else { continue };
            let mut parts: Vec<String> = package.ranges.iter().map(range_words).collect();
            if !package.versions.is_empty() {
                parts.push(self.listed(&package.versions));
            }
            if parts.is_empty() {
                parts.push("no version".to_owned());
            }
            let by = if many { format!(" ({})", record.id) } else { String::new() };
            let withdrawn = if record.withdrawn.is_some() { "withdrawn: " } else { "" };
            self.line(label, &safe(&format!("{withdrawn}{}{by}", parts.join("; "))))?;
            label = "";
            for version in package.fixed {
                if record.withdrawn.is_none() && !fixed.contains(&version) {
                    fixed.push(version);
                }
            }
        }
        if fixed.is_empty() {
            self.line("fixed in:", "no version is known")
        } else {
            let fixed = self.some(&fixed);
            self.line("fixed in:", &safe(&fixed))
        }
    }

    fn listed(&self, versions: &[String]) -> String {
        let word = if versions.len() == 1 { "version" } else { "versions" };
        format!("{word} {}", self.some(versions))
    }

    /// The first ones, or all with `-v`.
    fn some(&self, texts: &[String]) -> String {
        if texts.len() <= SHOWN || self.style.detail > 0 {
            return texts.join(", ");
        }
        let first: Vec<_> = texts.iter().take(SHOWN).map(String::as_str).collect();
        format!("{} … and {} more (-v lists all)", first.join(", "), texts.len() - SHOWN)
    }

    /// Which record says what.
    fn records(&mut self, advisory: &Advisory) -> io::Result<()> {
        writeln!(self.out)?;
        self.title("records")?;
        for record in &advisory.records {
            let mut words = vec![format!("{} of {}", record.id, record.source)];
            let mut add = |word: &str, text: String| {
                if !text.is_empty() {
                    words.push(format!("{word}{text}"));
                }
            };
            let date = |stamp: &Option<String>| stamp.as_deref().map(day).unwrap_or_default().to_owned();
            add("withdrawn ", date(&record.withdrawn));
            add("changed ", date(&record.modified));
            add("also ", record.aliases.join(" "));
            add("like ", record.related.join(" "));
            add("severity ", record.word.to_lowercase());
            for vector in &record.vectors {
                add(
                    "",
                    vector.score.map_or_else(String::new, |score| format!("{score:.1} by {}", vector.text)),
                );
            }
            if record.malicious {
                add("", "malware".to_owned());
            }
            self.line("", &safe(&words.join(", ")))?;
            if let Some(summary) = record.summary.as_deref().filter(|_| advisory.records.len() > 1) {
                self.line("", &safe(&format!("“{summary}”")))?;
            }
        }
        Ok(())
    }

    fn references(&mut self, advisory: &Advisory) -> io::Result<()> {
        let mut seen: Vec<&str> = Vec::new();
        for (kind, url) in advisory.records.iter().flat_map(|record| &record.references) {
            if seen.contains(&url.as_str()) {
                continue;
            }
            if seen.is_empty() {
                writeln!(self.out)?;
            }
            seen.push(url);
            if seen.len() <= SHOWN || self.style.detail > 0 {
                let plain = kind.len() < LABELS && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
                let kind = if plain && !kind.is_empty() { kind.to_lowercase() } else { "see".to_owned() };
                self.line(&format!("{kind}:"), &safe(url))?;
            }
        }
        if seen.len() > SHOWN && self.style.detail <= 0 {
            self.line("", &format!("… and {} more (-v lists all)", seen.len() - SHOWN))?;
        }
        Ok(())
    }

    /// What that means for one package of a file.
    fn concerned(&mut self, concerned: &Concerned, sources: &SourceMap) -> io::Result<()> {
        writeln!(self.out)?;
        let at = safe(&place(sources, concerned.place.span));
        let Some(version) = &concerned.version else {
            self.title(&safe(&format!("{} has no version that could be compared", concerned.name)))?;
            return self.line("at:", &format!("{at} ({})", safe(&concerned.place.message)));
        };
        let one = match &concerned.verdicts[..] {
            [(_, verdict)] if !concerned.is_affected() => format!(": {}", verdict_words(verdict)),
            _ => String::new(),
        };
        let is = if concerned.is_affected() { "is affected" } else { "is not affected" };
        self.title(&safe(&format!("{} {version} {is}{one}", concerned.name)))?;
        // The only verdict stands in the title already.
        for (record, verdict) in concerned.verdicts.iter().filter(|_| one.is_empty()) {
            self.line("why:", &safe(&format!("{record}: {}", verdict_words(verdict))))?;
        }
        self.line("at:", &format!("{at} ({})", safe(&concerned.place.message)))?;
        for related in &concerned.related {
            let text = format!("{} ({})", place(sources, related.span), related.message);
            self.line("also:", &safe(&text))?;
        }
        for path in concerned.paths.iter().filter(|path| path.len() > 1) {
            self.line("path:", &safe(&path.join(" > ")))?;
        }
        match &concerned.safe_version {
            Some(version) => {
                self.line("go to:", &safe(&format!("{version}, which no known advisory affects")))
            }
            None if concerned.is_affected() => self.line("go to:", "no version is known to be safe"),
            None => Ok(()),
        }
    }
}

/// A range of affected versions, in words.
fn range_words(range: &Matched) -> String {
    let start = match range.introduced.as_deref() {
        None | Some("0") => None,
        Some(introduced) => Some(match introduced.strip_prefix('>') {
            Some(version) => format!("after {version}"),
            None => format!("from {introduced} on"),
        }),
    };
    let end = if let Some(version) = &range.fixed {
        Some(format!("before {version}"))
    } else if let Some(version) = &range.last_affected {
        Some(format!("up to {version}"))
    } else {
        range.limit.as_ref().map(|version| format!("below {version}"))
    };
    match (start, end) {
        (None, None) => "every version".to_owned(),
        (None, Some(end)) => format!("every version {end}"),
        (Some(start), None) => start,
        (Some(start), Some(end)) => format!("{start}, {end}"),
    }
}

fn verdict_words(verdict: &Verdict) -> String {
    let then = |next: &Option<String>| match next {
        Some(next) => format!("; the next range starts {}", introduced(next)),
        None => String::new(),
    };
    match verdict {
        Verdict::Affected(matched) => match &matched.version {
            Some(version) => format!("it lists {version}"),
            None => range_words(matched),
        },
        Verdict::Withdrawn => "withdrawn, so it affects nothing".to_owned(),
        Verdict::Fixed(version, next) => format!("fixed in {version}{}", then(next)),
        Verdict::AboveLast(version, next) => format!("{version} is the last affected{}", then(next)),
        Verdict::AboveLimit(version, next) => {
            format!("the record speaks of versions below {version}{}", then(next))
        }
        Verdict::BelowIntroduced(version) => format!("introduced {}", introduced(version)),
        Verdict::NotListed(1) => "not the one version that it lists".to_owned(),
        Verdict::NotListed(number) => format!("not in its list of {number} versions"),
        Verdict::NoVersions => "it names no version".to_owned(),
    }
}

/// `in 4.0`, or `after 4.0`.
fn introduced(version: &str) -> String {
    version.strip_prefix('>').map_or_else(|| format!("in {version}"), |version| format!("after {version}"))
}
