//! What holds for every input, whatever its bytes.

use depaudit::model::{
    Input, Package, PackageName, Role, Skipped, SourceFile, SourceMap, Sources, Span, Via,
};

use crate::archive::Archive;

/// Every place lies in its text, every name is normalised, every entry comes from the text, and what is lost is said.
pub(crate) fn assert_input(input: &Input, sources: &Sources, archive: &Archive<'_>) {
    let places = Places { sources, map: SourceMap::new(vec![sources.clone()]) };
    for package in &input.packages {
        assert_package(package, &places);
    }
    for skipped in &input.skipped {
        assert!(!skipped.why.is_empty() && !skipped.what.is_empty(), "{skipped:?}");
        assert!(!skipped.path.is_empty(), "{skipped:?}");
        skipped.span.iter().for_each(|span| places.assert(*span, &skipped));
        skipped.package.iter().for_each(assert_name);
    }
    for note in &input.notes {
        assert!(!note.text.is_empty(), "{note:?}");
        note.span.iter().for_each(|span| places.assert(*span, &note));
    }
    input.start.iter().for_each(|span| places.assert(*span, &input.path));
    input.content_hash.iter().for_each(|hash| places.assert(hash.span, &hash));
    input.indexes.iter().for_each(|index| places.assert(index.span, index));
    input.redirects.iter().for_each(|redirect| places.assert(redirect.span, redirect));
    input.members.iter().chain(&input.project).for_each(assert_name);
    assert!(input.closed.is_none() || !input.packages.is_empty(), "closed without packages: {input:?}");
    assert_lost(input);
    assert_from_the_text(input, sources, archive);
}

/// A lock is trusted as a whole or not at all.
fn assert_lost(input: &Input) {
    let whole = |skipped: &&Skipped| skipped.path == input.path && skipped.what == input.path;
    if input.role == Role::Lock
        && input.kind != "installed"
        && input.skipped.iter().any(|skipped| whole(&skipped))
    {
        assert!(input.packages.is_empty(), "skipped as a whole, and yet read: {input:?}");
    }
    assert!(input.start.is_some() || !input.skipped.is_empty(), "not read, and nothing said: {input:?}");
}

/// No entry of which the text does not speak. What texts escape or abbreviate cannot be compared.
fn assert_from_the_text(input: &Input, sources: &Sources, archive: &Archive<'_>) {
    let texts: Vec<&str> = sources.iter().map(|(_, file)| file.text()).collect();
    let size: usize = texts.iter().map(|text| text.len()).sum();
    assert!(
        input.packages.len() <= size.max(archive.len()),
        "{} entries of {size} bytes",
        input.packages.len()
    );
    if texts.iter().any(|text| text.contains(['\\', '%'])) {
        return;
    }
    // YAML folds the lines of a text.
    let folds = input.kind == "environment.yml";
    let unfolded =
        |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    let all: Vec<String> = if folds { texts.iter().map(|text| unfolded(text)).collect() } else { Vec::new() };
    let known = |part: &str| {
        texts.iter().any(|text| text.contains(part)) || all.iter().any(|text| text.contains(&unfolded(part)))
    };
    for package in &input.packages {
        assert!(known(&package.written), "{:?} is not in the text", package.written);
        let version = package.version.as_ref().map_or("", |version| version.as_str());
        assert!(known(version), "{version:?} is not in the text: {package:?}");
    }
}

fn assert_package(package: &Package, places: &Places<'_>) {
    places.assert(package.span, package);
    places.assert(package.name_span, package);
    places.assert(package.edit_span(), package);
    package.source_span.iter().for_each(|span| places.assert(*span, package));
    package.index.iter().for_each(|pinned| places.assert(pinned.span, pinned));
    package.name.iter().chain(&package.extras).for_each(assert_name);
    assert_eq!(package.name.is_some(), !package.written.is_empty(), "{package:?}");
    assert!(
        package.name.as_ref().is_none_or(|name| *name == PackageName::new(&package.written)),
        "{package:?}"
    );
    assert!(package.extras.is_sorted() && package.groups.is_sorted(), "{package:?}");
    for edge in &package.dependencies {
        places.assert(edge.span, edge);
        assert_name(&edge.name);
        edge.extras.iter().for_each(assert_name);
        assert!(edge.extras.is_sorted(), "{edge:?}");
    }
    for via in &package.via {
        match via {
            Via::Package(name) => assert_name(name),
            Via::Direct(text) | Via::Constraint(text) => assert!(!text.is_empty(), "{package:?}"),
        }
    }
}

/// A name is normalised once for all (PEP 503).
fn assert_name(name: &PackageName) {
    assert_eq!(PackageName::new(name.as_str()), *name);
    let text = name.as_str();
    assert!(!text.contains(['_', '.']) && !text.contains("--"), "{text:?}");
    assert!(!text.bytes().any(|byte| byte.is_ascii_uppercase()), "{text:?}");
}

/// The texts of an input, and how places in them are written.
pub(crate) struct Places<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) map: SourceMap,
}

impl Places<'_> {
    /// A place lies in its text, on borders of characters, and has a line and a column.
    pub(crate) fn assert(&self, span: Span, of: &dyn std::fmt::Debug) {
        let file = self.sources.get(span.source).unwrap_or_else(|| panic!("in no text: {of:?}"));
        assert!(file.text().get(span.range()).is_some(), "{span:?} is no place in {:?}: {of:?}", file.text());
        let location = self.map.location(span);
        let (start, end) = ((location.line, location.column), (location.end_line, location.end_column));
        assert!(location.line >= 1 && location.column >= 1 && start <= end, "{location:?}: {of:?}");
        assert!(location.end_line <= file.line_count(), "{location:?}: {of:?}");
        assert_eq!(location.path, file.path());
    }
}

/// Reading twice gives the same.
pub(crate) fn assert_same(first: &(Input, Sources), second: &(Input, Sources)) {
    assert_eq!(format!("{:?}", first.0), format!("{:?}", second.0));
    let texts = |sources: &Sources| {
        let file = |(_, file): (_, &SourceFile)| (file.path().to_owned(), file.text().to_owned());
        sources.iter().map(file).collect::<Vec<_>>()
    };
    assert_eq!(texts(&first.1), texts(&second.1));
}
