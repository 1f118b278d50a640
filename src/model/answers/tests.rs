use super::*;
use crate::model::{PinnedIndex, Span};

/// `option address`, with what the readers make of it.
fn index(tool: IndexTool, address: &str, when: When, replaces_public: bool) -> IndexUse {
    IndexUse {
        name: Some(address.to_owned()),
        when,
        replaces_public,
        ..IndexUse::new(tool, "", address, Span::default())
    }
}

fn of_kind(kind: IndexKind, index: IndexUse) -> IndexUse {
    IndexUse { kind, ..index }
}

fn package(name: &str, pinned: Option<(&str, bool)>) -> Package {
    let mut package = Package::new(name, Span::default());
    package.index = pinned.map(|(name, partly)| {
        Box::new(PinnedIndex { name: name.to_owned(), address: None, partly, span: Span::default() })
    });
    package
}

/// `a+b > c (way)`: competing, then the next step.
fn shown(answers: &Answers<'_>) -> String {
    let one = |answerer: &Answerer<'_>| match answerer {
        Answerer::Public => "public".to_owned(),
        Answerer::Index(index) => index.address.clone(),
        Answerer::Named(name) => format!("?{name}"),
    };
    let step = |step: &Vec<Answerer<'_>>| step.iter().map(one).collect::<Vec<_>>().join("+");
    let steps: Vec<_> = answers.steps.iter().map(step).collect();
    format!("{} ({:?})", steps.join(" > "), answers.way())
}

fn answer(indexes: &[IndexUse], package: &Package) -> String {
    let all: Vec<_> = answers(indexes, package).iter().map(shown).collect();
    all.join(" | ")
}

fn assert_all(cases: &[(&[IndexUse], &str)]) {
    for (indexes, expected) in cases {
        assert_eq!(answer(indexes, &package("harbour", None)), *expected, "{indexes:?}");
    }
}

#[test]
fn without_any_option_the_public_index_answers() {
    assert_eq!(answer(&[], &package("harbour", None)), "public (Only)");
}

#[test]
fn pip_asks_all_of_them() {
    let main = |address| index(IndexTool::Pip, address, When::Together, true);
    let extra = |address| index(IndexTool::Pip, address, When::Together, false);
    let links = of_kind(IndexKind::FindLinks, extra("links"));
    let off = of_kind(IndexKind::NoIndex, extra(""));
    let trusted = of_kind(IndexKind::TrustedHost, extra("host"));
    assert_all(&[
        (&[extra("a")], "public+a (Any)"),
        (&[main("a")], "a (Only)"),
        (&[main("a"), extra("b")], "a+b (Any)"),
        (&[extra("b"), main("a")], "a (Only)"),
        (&[main("a"), extra("https://pypi.org/simple")], "a+https://pypi.org/simple (Any)"),
        (&[extra("https://pypi.org/simple")], "https://pypi.org/simple (Only)"),
        (std::slice::from_ref(&links), "public+links (Any)"),
        (&[off.clone(), links.clone()], "links (Only)"),
        (&[off, extra("a")], " (Nobody)"),
        (&[trusted], "public (Only)"),
    ]);
}

#[test]
fn uv_takes_the_first_that_has_the_name() {
    let first = |address| index(IndexTool::Uv, address, When::FirstWithName, false);
    let fits = |address| index(IndexTool::Uv, address, When::FirstThatFits, false);
    let best = |address| index(IndexTool::Uv, address, When::Together, false);
    let default = index(IndexTool::Uv, "d", When::Last, true);
    let explicit = index(IndexTool::Uv, "e", When::Named, false);
    let links = of_kind(IndexKind::FindLinks, best("links"));
    assert_all(&[
        (&[first("a"), first("b")], "a > b > public (FirstWithName)"),
        (&[default.clone(), first("a")], "a > d (FirstWithName)"),
        (std::slice::from_ref(&default), "d (Only)"),
        (std::slice::from_ref(&explicit), "public (Only)"),
        (&[fits("a")], "a > public (FirstThatFits)"),
        (&[best("a")], "public+a (Any)"),
        (&[first("a"), links], "links+a > public (Any)"),
    ]);
    let all = [first("a"), explicit.clone()];
    assert_eq!(answer(&all, &package("harbour", Some(("e", false)))), "e (Only)");
    assert_eq!(answer(&all, &package("harbour", Some(("e", true)))), "e+a > public (Any)");
    assert_eq!(answer(&[explicit], &package("harbour", Some(("pypi", false)))), "public (Only)");
}

#[test]
fn poetry_compares_primary_sources_and_keeps_supplemental_ones_for_what_they_lack() {
    let primary = |address| index(IndexTool::Poetry, address, When::Together, true);
    let secondary = |address| index(IndexTool::Poetry, address, When::Together, false);
    let supplemental = index(IndexTool::Poetry, "s", When::Last, false);
    let explicit = index(IndexTool::Poetry, "e", When::Named, false);
    assert_all(&[
        (&[primary("a")], "a (Only)"),
        (&[primary("a"), primary("https://pypi.org/simple")], "a+https://pypi.org/simple (Any)"),
        (std::slice::from_ref(&supplemental), "public > s (FirstThatFits)"),
        (&[secondary("b")], "public+b (Any)"),
        (&[primary("a"), supplemental.clone()], "a > s (FirstThatFits)"),
        (std::slice::from_ref(&explicit), "public (Only)"),
    ]);
    assert_eq!(answer(std::slice::from_ref(&explicit), &package("harbour", Some(("e", false)))), "e (Only)");
    assert_eq!(answer(&[explicit], &package("harbour", Some(("nowhere", false)))), "?nowhere (Only)");
}

#[test]
fn pdm_compares_all_unless_it_respects_the_order() {
    let source = |address| index(IndexTool::Pdm, address, When::Together, false);
    let ordered = |address| index(IndexTool::Pdm, address, When::FirstThatFits, false);
    let renamed = index(IndexTool::Pdm, "p", When::Together, true);
    assert_all(&[
        (&[source("a")], "public+a (Any)"),
        (&[renamed, source("a")], "p+a (Any)"),
        (&[ordered("a"), ordered("b")], "public > a > b (FirstThatFits)"),
        (&[ordered("a"), ordered("https://pypi.org/simple")], "a > https://pypi.org/simple (FirstThatFits)"),
    ]);
    let mut bound = source("a");
    bound.only_for = vec!["acme-*".to_owned()];
    bound.never_for = vec!["har?our".to_owned()];
    let all = [bound, source("b")];
    assert_eq!(answer(&all, &package("acme-quay", None)), "a (Only)");
    assert_eq!(answer(&all, &package("harbour", None)), "public+b (Any)");
    assert_eq!(answer(&all, &package("tide", None)), "public+a+b (Any)");
}

#[test]
fn pipenv_takes_each_package_from_one_source() {
    let first = index(IndexTool::Pipenv, "a", When::Together, true);
    let other = index(IndexTool::Pipenv, "b", When::Named, false);
    let all = [first, other];
    assert_eq!(answer(&all, &package("harbour", None)), "a (Only)");
    assert_eq!(answer(&all, &package("harbour", Some(("b", false)))), "b (Only)");
}

#[test]
fn each_tool_answers_for_itself() {
    let poetry = index(IndexTool::Poetry, "a", When::Together, true);
    let uv = index(IndexTool::Uv, "b", When::FirstWithName, false);
    assert_eq!(
        answer(&[poetry, uv], &package("harbour", None)),
        "b > public (FirstWithName) | a (Only)",
        "in the order of the tools"
    );
}

#[test]
fn patterns_are_those_of_fnmatch() {
    for (pattern, name, expected) in [
        ("*", "", true),
        ("", "", true),
        ("", "a", false),
        ("acme-*", "acme-quay", true),
        ("acme-*", "acme", false),
        ("*-quay", "acme-quay", true),
        ("a*b*c", "aXbYbZc", true),
        ("a*b*c", "aXbYbZ", false),
        ("A?ME", "acme", true),
    ] {
        assert_eq!(is_match(pattern, name), expected, "{pattern} {name}");
    }
    assert!(!is_match(&"*a".repeat(50), &"a".repeat(49)));
}

#[test]
fn the_manifest_tells_for_its_lock() {
    let mut manifest = Input::new("pyproject.toml", "pyproject.toml");
    manifest.indexes = vec![
        index(IndexTool::Poetry, "p", When::Together, true),
        index(IndexTool::Uv, "u", When::FirstWithName, false),
    ];
    manifest.packages = vec![package("quay", Some(("u", false)))];
    let mut lock = Input::new("uv.lock", "uv.lock");
    lock.role = Role::Lock;
    lock.manifests = vec![crate::model::ManifestPath { path: "pyproject.toml".to_owned(), whole: true }];
    lock.packages = vec![package("harbour", None), package("quay", None)];
    let mut other = lock.clone();
    (other.path, other.kind) = ("pdm.lock".to_owned(), "pdm.lock");
    let standing = |_: &Input, _: &Package| crate::model::Standing::Foreign;
    let project =
        Project::join("", vec![manifest, lock, other], &crate::model::Selection::default(), &standing);
    let shown = |input, package| {
        let answers = project.answers(EntryId { input, package });
        answers.iter().map(shown).collect::<Vec<_>>().join(" | ")
    };
    assert_eq!(shown(1, 0), "u > public (FirstWithName)");
    assert_eq!(shown(1, 1), "u (Only)");
    assert_eq!(shown(2, 0), "public (Only)");
}

#[test]
fn a_long_manifest_tells_for_a_long_lock() {
    const COUNT: usize = 20_000;
    let mut manifest = Input::new("pyproject.toml", "pyproject.toml");
    manifest.indexes = vec![index(IndexTool::Pdm, "p", When::Together, false)];
    let named =
        |index| (0..COUNT).map(|number| package(&format!("acme-{number}"), index)).collect::<Vec<_>>();
    manifest.packages = named(Some(("p", false)));
    let mut lock = Input::new("pdm.lock", "pdm.lock");
    lock.role = Role::Lock;
    lock.manifests = vec![crate::model::ManifestPath { path: "pyproject.toml".to_owned(), whole: true }];
    lock.packages = named(None);
    let standing = |_: &Input, _: &Package| crate::model::Standing::Foreign;
    let project = Project::join("", vec![manifest, lock], &crate::model::Selection::default(), &standing);
    let start = std::time::Instant::now();
    for package in 0..COUNT {
        let answers = project.answers(EntryId { input: 1, package });
        assert_eq!(answers.iter().map(shown).collect::<Vec<_>>(), ["p (Only)"], "{package}");
    }
    // What compares every pair takes minutes here.
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
