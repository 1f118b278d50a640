//! Reading a file line by line, and the files that it includes where they are included.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::decode::decode;
use super::lines::{Line, ignores, logical};
use super::options::{self, Given, Kind};
use super::via::{self, Notes};
use crate::inputs::{Files, Included, Reading, requirement};
use crate::model::{
    Dependency, IndexKind, IndexTool, IndexUse, Input, Note, Package, PackageName, Skipped, SourceFile,
    SourceId, Sources, Span, Via,
};

/// Includes nested deeper than this are refused.
const DEEPEST: usize = 64;
/// More includes than this in one input are refused: two files that include each other's neighbours twice double with
/// each level.
const MOST_INCLUDES: usize = 2_000;
/// How many packages one input may have: what includes multiply stays bearable.
const MOST_PACKAGES: usize = 2_000_000;
/// How many lines of one name a note leads to: more than any tool writes, and no square of them.
const MOST_PARENTS: usize = 32;
/// How much of a line a message quotes.
const QUOTED: usize = 80;

pub(super) struct Reader<'a> {
    sources: &'a mut Sources,
    files: &'a mut dyn Files,
    input: Input,
    bytes: Option<Vec<u8>>,
    /// The texts read so far, by path, with their notes.
    read: HashMap<String, (SourceId, Notes)>,
    /// The paths from the input to the file being read.
    stack: Vec<String>,
    includes: usize,
    /// Where the indexes stand that were taken in.
    indexes: HashSet<Span>,
    exhausted: bool,
    /// Any line of any file carries `# via`.
    any_notes: bool,
}

/// What one logical line gives.
pub(super) enum Item {
    Package(Box<Package>),
    Include { target: String, place: Span, constraint: bool },
    RequireHashes(Span),
    Index(Box<IndexUse>),
    Skip { place: Span, what: String, why: String },
}

impl<'a> Reader<'a> {
    pub(super) fn new(reading: Reading<'a>, kind: &'static str) -> Self {
        let Reading { path, bytes, sources, files } = reading;
        Self { bytes: Some(bytes), stack: Vec::new(), ..Self::inside(Input::new(path, kind), sources, files) }
    }

    /// For lines of a file of another notation, which is read already.
    pub(super) fn inside(input: Input, sources: &'a mut Sources, files: &'a mut dyn Files) -> Self {
        Self {
            sources,
            files,
            stack: vec![input.path.clone()],
            input,
            bytes: None,
            read: HashMap::new(),
            includes: 0,
            indexes: HashSet::new(),
            exhausted: false,
            any_notes: false,
        }
    }

    /// The input so far.
    pub(super) fn input(&mut self) -> &mut Input {
        &mut self.input
    }

    /// The input with everything that was read.
    pub(super) fn finish(mut self) -> Input {
        self.connect();
        self.input
    }

    pub(super) fn read(mut self, constraint: bool) -> Input {
        let path = self.input.path.clone();
        let bytes = self.bytes.take().unwrap_or_default();
        match self.add(&path, bytes) {
            Ok(source) => {
                self.input.start = Some(Span::start_of(source));
                self.file(&path, source, constraint);
            }
            Err(why) => {
                let start = Span::start_of(self.sources.add(SourceFile::new(path.as_str(), String::new())));
                self.input.skipped.push(Skipped::at(&path, start, path.as_str(), why));
            }
        }
        self.connect();
        self.input.closed = closed(&self.input, self.any_notes);
        self.input
    }

    /// Decodes a file and keeps its text.
    fn add(&mut self, path: &str, bytes: Vec<u8>) -> Result<SourceId, String> {
        let (text, note) = decode(bytes)?;
        let notes = via::read(&text);
        self.any_notes |= notes.any;
        let source = self.sources.add(SourceFile::new(path, text));
        let text = self.sources.get(source).map_or("", SourceFile::text);
        self.input.ignores.extend(ignores(text, source));
        if let Some(text) = note {
            self.input.notes.push(Note { path: path.to_owned(), span: Some(Span::start_of(source)), text });
        }
        self.read.insert(path.to_owned(), (source, notes));
        Ok(source)
    }

    fn file(&mut self, path: &str, source: SourceId, constraint: bool) {
        self.stack.push(path.to_owned());
        let items = self.items(path, source, constraint);
        self.take(path, items);
        self.stack.pop();
    }

    /// Takes in what the file at `path` says.
    pub(super) fn take(&mut self, path: &str, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Package(package) if self.input.packages.len() < MOST_PACKAGES => {
                    self.input.packages.push(*package);
                }
                Item::Package(package) => self.exhaust(package.span),
                Item::Include { target, place, constraint } => self.include(path, &target, place, constraint),
                Item::RequireHashes(place) => {
                    self.input.require_hashes.get_or_insert(place);
                }
                // A file that is included again names nothing new.
                Item::Index(index) => {
                    if self.indexes.insert(index.span) {
                        self.input.indexes.push(*index);
                    }
                }
                Item::Skip { place, what, why } => {
                    self.input.skipped.push(Skipped::at(path, place, what, why));
                }
            }
        }
    }

    /// Everything that one file says, in its order. Nothing is included yet.
    fn items(&self, path: &str, source: SourceId, constraint: bool) -> Vec<Item> {
        let none = Notes::default();
        let notes = self.read.get(path).map_or(&none, |(_, notes)| notes);
        let text = self.sources.get(source).map_or("", SourceFile::text);
        let mut file = FileReader::new(source, constraint, notes);
        for line in logical(text) {
            file.line(&line);
        }
        file.items
    }

    fn include(&mut self, from: &str, target: &str, place: Span, constraint: bool) {
        let what = format!("{} {}", if constraint { "-c" } else { "-r" }, short(target));
        let skip = |reader: &mut Self, why: String| {
            reader.input.skipped.push(Skipped::at(from, place, what.clone(), why));
        };
        if self.includes >= MOST_INCLUDES {
            return self.exhaust(place);
        }
        self.includes += 1;
        let scheme = target.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        if scheme.is_some_and(|scheme| scheme != "file") {
            return skip(self, "a remote file is not fetched: save it and include the copy".to_owned());
        }
        if target.contains("${") {
            return skip(self, "environment variables are not expanded: write the path out".to_owned());
        }
        if self.stack.len() >= DEEPEST {
            return skip(self, format!("includes are nested deeper than {DEEPEST}"));
        }
        match self.files.include(from, target) {
            Err(refusal) => skip(self, format!("the included file cannot be read: {}", refusal.why)),
            Ok(Included { path, bytes }) => {
                if self.stack.contains(&path) {
                    return skip(self, format!("an include cycle: {path} includes itself through this line"));
                }
                let known = self.read.get(&path).map(|(source, _)| *source);
                match known.map_or_else(|| self.add(&path, bytes), Ok) {
                    Ok(source) => self.file(&path, source, constraint),
                    Err(why) => skip(self, format!("the included file {why}")),
                }
            }
        }
    }

    /// Says once that the includes were too many.
    fn exhaust(&mut self, place: Span) {
        if !self.exhausted {
            self.exhausted = true;
            let why = format!("includes multiply to more than {MOST_INCLUDES}: what is left was not read");
            let path = self.input.path.clone();
            self.input.skipped.push(Skipped::at(&path, place, "includes", why));
        }
    }

    /// Turns the notes into edges: from the packages that a note names to the package under which it stands.
    fn connect(&mut self) {
        let mut by_name: HashMap<(SourceId, &PackageName), Vec<usize>> = HashMap::new();
        for (index, package) in self.input.packages.iter().enumerate() {
            if let Some(name) = &package.name {
                let named = by_name.entry((package.span.source, name)).or_default();
                if named.len() < MOST_PARENTS {
                    named.push(index);
                }
            }
        }
        let mut edges = Vec::new();
        let mut known: HashSet<(usize, &PackageName)> = HashSet::new();
        for package in &self.input.packages {
            let Some(name) = &package.name else { continue };
            let file = package.span.source;
            let path = self.sources.get(file).map_or("", SourceFile::path);
            let Some((_, notes)) = self.read.get(path) else { continue };
            for note in notes.under(package.span.range().start) {
                let Via::Package(parent) = &note.via else { continue };
                for parent in by_name.get(&(file, parent)).into_iter().flatten() {
                    if known.insert((*parent, name)) {
                        edges.push((*parent, name.clone(), Span::new(file, note.place.clone())));
                    }
                }
            }
        }
        for (parent, name, span) in edges {
            self.input.packages[parent].dependencies.push(Dependency::new(name, span));
        }
    }
}

/// Whether the input lists what its packages pull in: every line hashed (pip then refuses anything else), or compiled.
fn closed(input: &Input, any_notes: bool) -> Option<bool> {
    let mut asked = input.packages.iter().filter(|package| !package.constraint).peekable();
    asked.peek()?;
    Some(any_notes || asked.all(|package| package.hashes > 0))
}

/// One file on its own.
pub(super) struct FileReader<'a> {
    source: SourceId,
    constraint: bool,
    notes: &'a Notes,
    pub(super) items: Vec<Item>,
}

impl<'a> FileReader<'a> {
    pub(super) fn new(source: SourceId, constraint: bool, notes: &'a Notes) -> Self {
        Self { source, constraint, notes, items: Vec::new() }
    }

    pub(super) fn line(&mut self, line: &Line<'_>) {
        let text = &*line.text;
        let begin = options::begin(text);
        let arguments = &text[..begin];
        let lead = arguments.len() - arguments.trim_start().len();
        let body = arguments.trim();
        let given = match options::read(&text[begin..], begin) {
            Ok(given) => given,
            Err((range, why)) => {
                let why = odd(text).unwrap_or(&why).to_owned();
                self.skip(line, range, text.trim(), why);
                Vec::new()
            }
        };
        for option in &given {
            self.index(line, option);
        }
        if !body.is_empty() {
            for option in &given {
                if matches!(option.kind, Kind::Requirement | Kind::Constraint | Kind::Editable) {
                    let why = "pip ignores this option behind a requirement: write it on a line of its own";
                    self.skip(line, option.place.clone(), &option.value, why.to_owned());
                }
            }
            self.requirement(line, body, &|range| lead + range.start..lead + range.end, false, &given);
            return;
        }
        let required = given.iter().filter(|option| option.kind == Kind::RequireHashes);
        for option in required {
            self.items.push(Item::RequireHashes(self.place(line, option.place.clone())));
        }
        let mut taken = false;
        for kind in [Kind::Editable, Kind::Requirement, Kind::Constraint] {
            for option in given.iter().filter(|option| option.kind == kind) {
                if taken {
                    let why = "pip takes only the first of these options on a line: give each its own line";
                    self.skip(line, option.place.clone(), &option.value, why.to_owned());
                    continue;
                }
                taken = true;
                match kind {
                    Kind::Editable => {
                        // A value with escapes or quotes inside has no places of its own: all that is said of it is
                        // said of the whole.
                        let written = text.get(option.place.clone()).unwrap_or("");
                        let lead = written.find(&option.value).map(|at| option.place.start + at);
                        let at = |range: Range<usize>| match lead {
                            Some(lead) => lead + range.start..lead + range.end,
                            None => option.place.clone(),
                        };
                        self.requirement(line, &option.value, &at, true, &given);
                    }
                    _ => self.items.push(Item::Include {
                        target: option.value.clone(),
                        place: self.place(line, option.place.clone()),
                        constraint: kind == Kind::Constraint,
                    }),
                }
            }
        }
    }

    /// Takes an index, or what turns one off. pip ignores those behind a requirement, and names them all the same.
    fn index(&mut self, line: &Line<'_>, option: &Given) {
        let (kind, name) = match option.kind {
            Kind::Index => (IndexKind::Index, "--index-url"),
            Kind::ExtraIndex => (IndexKind::Index, "--extra-index-url"),
            Kind::FindLinks => (IndexKind::FindLinks, "--find-links"),
            Kind::TrustedHost => (IndexKind::TrustedHost, "--trusted-host"),
            Kind::NoIndex => (IndexKind::NoIndex, "--no-index"),
            _ => return,
        };
        let place = self.place(line, option.place.clone());
        let mut index = IndexUse::new(IndexTool::Pip, name, option.value.as_str(), place);
        (index.kind, index.replaces_public) = (kind, option.kind == Kind::Index);
        self.items.push(Item::Index(Box::new(index)));
    }

    /// Reads a requirement; `at` tells where in the line a part of it stands.
    fn requirement(
        &mut self,
        line: &Line<'_>,
        body: &str,
        at: &dyn Fn(Range<usize>) -> Range<usize>,
        editable: bool,
        given: &[Given],
    ) {
        let whole = self.place(line, at(0..body.len()));
        let requirement = match requirement::read_line(body, editable) {
            Ok(requirement) => requirement,
            Err(error) => {
                let why = odd(body).map_or(error.message, str::to_owned);
                self.skip(line, at(error.range), body, why);
                return;
            }
        };
        let source = self.source;
        let place = |range: Range<usize>| Span::new(source, line.place(at(range)));
        let mut package = requirement::to_package(&requirement, &place, whole);
        package.constraint = self.constraint;
        let hashes = given.iter().filter(|option| option.kind == Kind::Hash).count();
        package.hashes = package.hashes.saturating_add(u32::try_from(hashes).unwrap_or(u32::MAX));
        let notes = self.notes.under(package.span.range().start);
        package.via = notes.iter().map(|note| note.via.clone()).collect();
        package.direct = match (&package.via[..], self.notes.any, self.constraint) {
            ([], true, _) | ([], false, true) => None,
            ([], false, false) => Some(true),
            (via, _, _) => Some(via.iter().any(|via| matches!(via, Via::Direct(_)))),
        };
        self.items.push(Item::Package(Box::new(package)));
    }

    fn place(&self, line: &Line<'_>, range: Range<usize>) -> Span {
        Span::new(self.source, line.place(range))
    }

    fn skip(&mut self, line: &Line<'_>, range: Range<usize>, what: &str, why: String) {
        let place = self.place(line, range);
        self.items.push(Item::Skip { place, what: short(what), why });
    }
}

/// The reason for texts that are no requirement file at all, or not yet.
fn odd(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| start.starts_with(mark)) {
        return Some("a merge conflict: resolve it first");
    }
    if ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark)) {
        return Some("a template: render it first, then audit the result");
    }
    if text.contains('\0') {
        return Some("holds a NUL character: this is no text file");
    }
    if text.contains("${") {
        return Some("environment variables are not expanded: audit the file with them filled in");
    }
    None
}

fn short(text: &str) -> String {
    if text.chars().nth(QUOTED).is_none() {
        text.to_owned()
    } else {
        text.chars().take(QUOTED).chain(['…']).collect()
    }
}
