use proptest::prelude::*;

use super::*;
use crate::inputs::{Files, Included, Refusal};
use crate::model::{SourceKind, Sources};

/// Files that lie in memory.
struct Memory<'a>(&'a [(&'a str, &'a str)]);

impl Files for Memory<'_> {
    fn list(&mut self, _: &str) -> Result<Vec<String>, Refusal> {
        Ok(Vec::new())
    }

    fn include(&mut self, from: &str, target: &str) -> Result<Included, Refusal> {
        let folder = from.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let path = format!("{folder}{}", target.trim_start_matches("./"));
        let found = self.0.iter().find(|(name, _)| *name == path);
        let found = found.ok_or_else(|| Refusal { why: "there is no such file".to_owned() })?;
        Ok(Included { path, bytes: found.1.as_bytes().to_vec() })
    }
}

fn read_files(files: &[(&str, &str)], format: &Format) -> (Input, Sources) {
    let mut sources = Sources::new(1);
    let mut memory = Memory(files);
    let (path, text) = files[0];
    let bytes = text.as_bytes().to_vec();
    let input = (format.read)(Reading { path, bytes, sources: &mut sources, files: &mut memory });
    (input, sources)
}

fn read_text(text: &str) -> (Input, Sources) {
    read_files(&[("requirements.txt", text)], &REQUIREMENTS_TXT)
}

/// `name version direct path:line`, one a package.
fn rows(input: &Input, sources: &Sources) -> Vec<String> {
    let row = |package: &crate::model::Package| {
        let file = sources.get(package.span.source).unwrap();
        format!(
            "{} {} {} {}:{}",
            package.name.as_ref().map_or("-", |name| name.as_str()),
            package.version.as_ref().map_or("-", |version| version.as_str()),
            match package.direct {
                Some(true) => "direct",
                Some(false) => "transitive",
                None => "unknown",
            },
            file.path(),
            file.line_column(package.span.start as usize).0
        )
    };
    input.packages.iter().map(row).collect()
}

fn skips(input: &Input, sources: &Sources) -> Vec<String> {
    let row = |skip: &crate::model::Skipped| {
        let place = skip.span.map(|span| sources.get(span.source).unwrap().line_column(span.start as usize));
        let (line, column) = place.unwrap_or((0, 0));
        format!("{}:{line}:{column} {}", skip.path, skip.why)
    };
    input.skipped.iter().map(row).collect()
}

#[test]
fn what_discovery_takes() {
    let taken = |path: &str| {
        [&REQUIREMENTS_TXT, &REQUIREMENTS_IN, &CONSTRAINTS_TXT]
            .map(|format| (format.detect)(path))
            .iter()
            .position(|took| *took)
    };
    for path in [
        "requirements.txt",
        "requirements-dev.txt",
        "dev-requirements.txt",
        "requirements/base.txt",
        "a/Requirements_test.txt",
    ] {
        assert_eq!(taken(path), Some(0), "{path}");
    }
    assert_eq!([taken("requirements/dev.in"), taken("requirements.in")], [Some(1), Some(1)]);
    assert_eq!([taken("upper-constraints.txt"), taken("requirements/constraints.txt")], [Some(2), Some(2)]);
    assert_eq!(
        [taken("notes.txt"), taken("requirements.md"), taken("requirements/readme.md")],
        [None, None, None]
    );
}

#[test]
fn includes_stand_where_they_are_written() {
    let (input, sources) = read_files(
        &[
            ("requirements/dev.txt", "-r base.txt\n-c limits.txt\npytest==8.0\n--requirement=more/x.txt\n"),
            ("requirements/base.txt", "flask==3.0\n"),
            ("requirements/limits.txt", "werkzeug==2.0\n-r base.txt\n"),
            ("requirements/more/x.txt", "-r ../y.txt\nattrs\n"),
        ],
        &REQUIREMENTS_TXT,
    );
    assert_eq!(
        rows(&input, &sources),
        [
            "flask 3.0 direct requirements/base.txt:1",
            "werkzeug 2.0 unknown requirements/limits.txt:1",
            "flask 3.0 direct requirements/base.txt:1",
            "pytest 8.0 direct requirements/dev.txt:3",
            "attrs - direct requirements/more/x.txt:2",
        ]
    );
    assert_eq!(
        input.packages.iter().map(|package| package.constraint).collect::<Vec<_>>(),
        [false, true, false, false, false]
    );
    assert_eq!(
        skips(&input, &sources),
        ["requirements/more/x.txt:1:4 the included file cannot be read: there is no such file"]
    );
    assert_eq!(input.closed, Some(false));
}

#[test]
fn cycles_and_bombs_end() {
    let (input, sources) =
        read_files(&[("a.txt", "-r b.txt\nx==1\n"), ("b.txt", "-r a.txt\ny==1\n")], &REQUIREMENTS_TXT);
    assert_eq!(rows(&input, &sources), ["y 1 direct b.txt:2", "x 1 direct a.txt:2"]);
    assert_eq!(
        skips(&input, &sources),
        ["b.txt:1:4 an include cycle: a.txt includes itself through this line"]
    );
    let files: Vec<(String, String)> = (0..40)
        .map(|number| (format!("f{number}.txt"), format!("-r f{0}.txt\n-r f{0}.txt\n", number + 1)))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (input, _) = read_files(&files, &REQUIREMENTS_TXT);
    assert!(input.skipped.iter().any(|skip| skip.why.contains("multiply")));
}

#[test]
fn notes_become_edges() {
    let text = "flask==3.0\n    # via -r requirements.in\nwerkzeug==3.0\n    # via flask\nodd==1\n";
    let (input, sources) = read_text(text);
    assert_eq!(
        rows(&input, &sources),
        [
            "flask 3.0 direct requirements.txt:1",
            "werkzeug 3.0 transitive requirements.txt:3",
            "odd 1 unknown requirements.txt:5"
        ]
    );
    let edges: Vec<_> = input.packages[0]
        .dependencies
        .iter()
        .map(|edge| (edge.name.as_str(), sources.slice(edge.span)))
        .collect();
    assert_eq!(edges, [("werkzeug", "flask")]);
    assert_eq!(input.closed, Some(true));
}

#[test]
fn bad_lines_are_named_and_the_rest_is_read() {
    let (input, sources) = read_text(
        "flask==3.0\n<<<<<<< HEAD\n{{ cookiecutter.name }}==1\nfoo=1\n--nonsense\n-r https://x.example/r.txt\nbar==${VER}\n\
         -r ${DIR}/x.txt\nbaz==1 --hash\n-e . -e ./b\nqux\0==1\nattrs==23.1\n",
    );
    assert_eq!(
        rows(&input, &sources).iter().map(|row| row.split(' ').next().unwrap()).collect::<Vec<_>>(),
        ["flask", "baz", "-", "attrs"]
    );
    insta::assert_snapshot!(skips(&input, &sources).join("\n"), @r"
    requirements.txt:2:1 a merge conflict: resolve it first
    requirements.txt:3:1 a template: render it first, then audit the result
    requirements.txt:4:4 expected `==`: a single `=` is no operator, found `=1`
    requirements.txt:5:1 pip knows no option `--nonsense`
    requirements.txt:6:4 a remote file is not fetched: save it and include the copy
    requirements.txt:7:6 environment variables are not expanded: audit the file with them filled in
    requirements.txt:8:4 environment variables are not expanded: write the path out
    requirements.txt:9:8 expected a value after --hash
    requirements.txt:10:9 pip takes only the first of these options on a line: give each its own line
    requirements.txt:11:4 holds a NUL character: this is no text file
    ");
}

#[test]
fn hashes_close_a_file_only_when_all_lines_have_them() {
    let (input, _) = read_text("a==1 --hash=sha256:0 --hash=sha256:1\nb==1 \\\n  --hash sha256:2\n");
    assert_eq!((input.packages[0].hashes, input.packages[1].hashes, input.closed), (2, 1, Some(true)));
    let (input, _) = read_text("a==1 --hash=sha256:0\nb==1\n");
    assert_eq!(input.closed, Some(false));
    assert_eq!(read_text("# nothing\n").0.closed, None);
}

#[test]
fn constraints_ask_for_nothing() {
    let (input, sources) = read_files(&[("constraints.txt", "a==1\nb<2\n")], &CONSTRAINTS_TXT);
    assert_eq!(rows(&input, &sources), ["a 1 unknown constraints.txt:1", "b - unknown constraints.txt:2"]);
    assert!(input.packages.iter().all(|package| package.constraint) && input.closed.is_none());
}

#[test]
fn spans_cover_what_they_say() {
    let text = "\u{feff}  Flask_Login [x] \\\n   >= 1.0 ; os_name == 'nt'  # note\n-e git+https://forge.example/a/b.git@main#egg=Bee\n";
    let (input, sources) = read_text(text);
    let [first, second] = &input.packages[..] else { panic!("two packages") };
    assert_eq!(sources.slice(first.name_span), "Flask_Login");
    assert_eq!(sources.slice(first.version_span.unwrap()), ">= 1.0");
    assert!(
        sources.slice(first.span).starts_with("Flask_Login") && sources.slice(first.span).ends_with("'nt'")
    );
    assert_eq!((second.source.kind, second.editable), (SourceKind::Git, true));
    assert_eq!(sources.slice(second.name_span), "Bee");
}

#[test]
fn a_long_line_takes_linear_time() {
    let text = format!("foo{}\nbar==1\n", "[".repeat(2_000_000));
    let (input, _) = read_text(&text);
    assert_eq!((input.packages.len(), input.skipped.len()), (1, 1));
    assert!(input.skipped[0].what.len() < 400);
    let text = "# ".repeat(2_000_000) + "\nbar==1\n";
    assert_eq!(read_text(&text).0.packages.len(), 1);
    let text = "a#".repeat(1_000_000) + "\nbar==1\n";
    assert_eq!(read_text(&text).0.packages.len(), 1);
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut sources = Sources::new(1);
        let mut files = Memory(&[]);
        let input = (REQUIREMENTS_TXT.read)(Reading { path: "r.txt", bytes, sources: &mut sources, files: &mut files });
        for package in &input.packages {
            prop_assert!(sources.get(package.span.source).unwrap().text().get(package.span.range()).is_some());
        }
    }

    #[test]
    fn line_ends_do_not_matter(lines in proptest::collection::vec("[a-c]{1,3}(==1\\.[0-9])?( # via [a-c]| --hash=x| \\\\)?", 0..8)) {
        let (unix, sources) = read_text(&lines.join("\n"));
        let expected = rows(&unix, &sources);
        for end in ["\r\n", "\r"] {
            let (other, sources) = read_text(&lines.join(end));
            prop_assert_eq!(&rows(&other, &sources), &expected);
        }
    }

    #[test]
    fn names_are_sliced(text in "([a-z][a-z0-9._-]{0,6}[a-z](\\[[a-z]\\])?(==|>=)1\\.0( ;os_name=='nt')?\n){0,6}") {
        let (input, sources) = read_text(&text);
        for package in &input.packages {
            prop_assert_eq!(sources.slice(package.name_span), package.written.as_str());
        }
    }
}

#[test]
fn places_behind_quotes_and_escapes() {
    for (line, place) in [
        ("-e \"./é b\"", "./é b"),
        ("-e ./é\\ b", "./é\\ b"),
        ("-e work.b]\\//git@x.ö@v2", "work.b]\\//git@x.ö@v2"),
        ("--editable=./é", "./é"),
        ("--editable=\"./é\"", "./é"),
        ("--editable=./\\é", "--editable=./\\é"),
        ("-e./\"é\"", "-e./\"é\""),
    ] {
        let (input, sources) = read_text(&format!("# é\n{line}\n"));
        let spans = input.packages.iter().map(|package| package.span);
        let found: Vec<_> = spans.chain(input.skipped.iter().filter_map(|skip| skip.span)).collect();
        assert_eq!(found.iter().map(|span| sources.slice(*span)).collect::<Vec<_>>(), [place], "{line}");
    }
    for line in ["-r\"é\"", "--requirement=\\é.txt", "-c '\u{e9}\\'"] {
        let (input, sources) = read_text(line);
        let place = sources.slice(input.skipped[0].span.unwrap());
        assert!(line.ends_with(place) && place.contains('é'), "{line}: {place}");
    }
}
