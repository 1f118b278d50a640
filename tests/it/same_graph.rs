//! One manifest, locked by every tool: each lock of `fixtures/tools` tells the same graph, as far as its format can.
//!
//! `tests/tools/locks/expected.json` is the truth, written down apart from the program: the packages, the edges, and of
//! each lock what it cannot say. The locks themselves were made by the tools.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::common::{Ran, audit, top};

/// The project that all locks are of.
const PROJECT: &str = "port-authority";

/// A lock of the manifest. `edges`: whether the edges that the file tells are read.
struct Row {
    file: &'static str,
    direct: Direct,
    edges: bool,
}

/// What a lock, with the manifest beside it, says about who asked for what.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direct {
    /// What a person asked for.
    Told,
    /// Nothing.
    Untold,
    /// `# via port-authority`, which is not to be told from a package: that nobody asked for anything.
    ViaProject,
}

const fn row(file: &'static str) -> Row {
    Row { file, direct: Direct::Told, edges: true }
}

const fn flat(file: &'static str) -> Row {
    Row { file, direct: Direct::Untold, edges: true }
}

const LOCKS: &[Row] = &[
    row("uv/uv.lock"),
    row("uv-revision-3/uv.lock"),
    row("uv-revision-2/uv.lock"),
    row("uv-revision-1/uv.lock"),
    row("uv-revision-0/uv.lock"),
    row("uv-distribution/uv.lock"),
    Row { file: "uv-export/requirements.txt", direct: Direct::ViaProject, edges: true },
    flat("uv-export/pylock.toml"),
    row("uv-export/bom.json"),
    row("uv-pip-compile/requirements.txt"),
    row("uv-pip-compile/requirements-hashes.txt"),
    flat("uv-pip-compile/pylock.toml"),
    row("poetry/poetry.lock"),
    row("poetry-1.8/poetry.lock"),
    row("poetry-1.1/poetry.lock"),
    row("pdm/pdm.lock"),
    row("pdm-4.4/pdm.lock"),
    row("pdm-4.0/pdm.lock"),
    row("pdm-3.1/pdm.lock"),
    row("pdm-strategies/static-urls/pdm.lock"),
    row("pdm-strategies/no-inherit-metadata/pdm.lock"),
    row("pdm-strategies/no-cross-platform/pdm.lock"),
    row("pdm-strategies/platforms/pdm.lock"),
    // Its edges stand under [packages.tool.pdm], which is PDM's own.
    Row { file: "pdm-strategies/pylock/pylock.toml", direct: Direct::Untold, edges: false },
    row("pipenv/Pipfile.lock"),
    row("pip-tools/requirements.txt"),
    row("pip-tools/dev-requirements.txt"),
    row("pip-tools/requirements-hashes.txt"),
    row("pip-tools/requirements-line.txt"),
    row("pip-tools-py39/requirements.txt"),
    row("pip-tools-py39/dev-requirements.txt"),
    row("pip-tools-py39/requirements-hashes.txt"),
    row("pip-tools-py39/requirements-line.txt"),
    flat("pip/pylock.toml"),
    flat("pip/pylock.all.toml"),
    flat("pip-py39/pylock.toml"),
    flat("pip-py39/pylock.all.toml"),
];

/// What a lock tells. A package is `name version`, an edge leads from a package (from its name alone where the format
/// tells no more, from [`PROJECT`] for what the project asks for) to a name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    packages: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
    /// The names that a person asked for; `None` when the files cannot say.
    direct: Option<BTreeSet<String>>,
}

fn expected() -> Value {
    let text = fs::read(top().join("tests/tools/locks/expected.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

fn rows<'v>(value: &'v Value, key: &str) -> &'v Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key} in {value}"))
}

fn spaced(pin: &str) -> String {
    pin.replace("==", " ")
}

fn name_of(package: &str) -> &str {
    package.split(['=', ' ']).next().unwrap()
}

/// The packages that a lock must tell: those of its groups, without what its environment has no need of.
fn wanted_packages(expected: &Value, lock: &Value) -> BTreeSet<String> {
    let absent = rows(&expected["absent"], text(lock, "environment"));
    let is_absent = |package: &String| absent.iter().any(|pin| spaced(pin.as_str().unwrap()) == *package);
    let groups = rows(lock, "groups");
    rows(expected, "packages")
        .iter()
        .filter(|package| rows(package, "groups").iter().any(|group| groups.contains(group)))
        .map(|package| format!("{} {}", text(package, "name"), text(package, "version")))
        .filter(|package| !is_absent(package))
        .collect()
}

/// What a lock must tell.
fn wanted(expected: &Value, row: &Row) -> Told {
    let lock = &expected["locks"][row.file];
    let packages = wanted_packages(expected, lock);
    let from_project = |edge: &&Value| text(edge, "from") == PROJECT;
    let untold = |edge: &Value| {
        let pair = serde_json::json!([edge["from"], edge["to"]]);
        lock["untold"].as_array().is_some_and(|untold| untold.contains(&pair))
    };
    let edges = rows(expected, "edges").iter().filter(|edge| packages.contains(&spaced(text(edge, "to"))));
    let asked = edges.clone().filter(from_project).filter(|edge| !untold(edge));
    let direct = asked.map(|edge| name_of(text(edge, "to")).to_owned()).collect();
    // Only uv.lock has an entry for the project itself.
    let has_entry = row.file.ends_with("uv.lock");
    let edges = edges
        .filter(|edge| packages.contains(&spaced(text(edge, "from"))) || has_entry && from_project(edge))
        .filter(|edge| !untold(edge))
        .map(|edge| (spaced(text(edge, "from")), name_of(text(edge, "to")).to_owned()));
    let edges = match text(lock, "edges") {
        _ if !row.edges => BTreeSet::new(),
        "versions" => edges.collect(),
        "via" => edges.map(|(from, to)| (name_of(&from).to_owned(), to)).collect(),
        "none" => BTreeSet::new(),
        other => panic!("{}: edges {other}", row.file),
    };
    let direct = match row.direct {
        Direct::Told => Some(direct),
        Direct::Untold => None,
        Direct::ViaProject => Some(BTreeSet::new()),
    };
    Told { packages, edges, direct }
}

/// Runs a command on a lock, in its own folder.
fn run(file: &str, command: &[&str], options: &[&str]) -> Ran {
    let (folder, name) = file.rsplit_once('/').unwrap();
    let folder = top().join("fixtures/tools").join(folder);
    audit(&folder, &[command, &["--root", ".", name], options].concat())
}

/// The one input of the graph of a lock, with nothing skipped.
fn graph(file: &str, options: &[&str]) -> Value {
    let ran = run(file, &["graph", "--format", "json"], options);
    assert_eq!(ran.code, 0, "{file} {options:?}: {}{}", ran.out, ran.err);
    let mut document = ran.json();
    assert_eq!(rows(&document, "inputs").len(), 1, "{file}");
    assert_eq!(document["inputs"][0]["skipped"], serde_json::json!([]), "{file}");
    document["inputs"][0].take()
}

/// The entries of a graph but for the project itself, each as `name version`.
fn packages(graph: &Value) -> BTreeSet<String> {
    let others = rows(graph, "packages").iter().filter(|package| package["name"] != PROJECT);
    others.map(|package| format!("{} {}", text(package, "name"), text(package, "version"))).collect()
}

/// What the program reads in a lock.
fn told(expected: &Value, row: &Row) -> Told {
    let graph = graph(row.file, &[]);
    let lock = &expected["locks"][row.file];
    let by_name = text(lock, "edges") == "via";
    let mut edges = BTreeSet::new();
    let mut direct = BTreeSet::new();
    let mut says = false;
    for package in rows(&graph, "packages") {
        let name = text(package, "name");
        let from = if by_name || name == PROJECT { name.to_owned() } else { spaced_package(package) };
        let conditional = package["conditional"].as_array().into_iter().flatten();
        for edge in rows(package, "dependencies").iter().chain(conditional) {
            // The entry of a package with extras (PDM) depends on the one without.
            if text(edge, "name") != name {
                edges.insert((from.clone(), text(edge, "name").to_owned()));
            }
        }
        if let Some(is_direct) = package["direct"].as_bool() {
            says = true;
            if is_direct {
                direct.insert(name.to_owned());
            }
        }
    }
    let packages = packages(&graph);
    // A lock of one environment keeps the edges to what other environments need.
    if text(lock, "environment") != "every" {
        let names: BTreeSet<_> = packages.iter().map(|package| name_of(package)).collect();
        edges.retain(|(_, to)| names.contains(to.as_str()));
    }
    Told { packages, edges, direct: says.then_some(direct) }
}

fn spaced_package(package: &Value) -> String {
    format!("{} {}", text(package, "name"), text(package, "version"))
}

/// What of two tellings differs, one line each.
fn differences(wanted: &Told, told: &Told) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, wanted: &BTreeSet<String>, told: &BTreeSet<String>| {
        found.extend(wanted.difference(told).map(|row| format!("missing {what}: {row}")));
        found.extend(told.difference(wanted).map(|row| format!("unknown {what}: {row}")));
    };
    let arrows =
        |told: &Told| told.edges.iter().map(|(from, to)| format!("{from} -> {to}")).collect::<BTreeSet<_>>();
    compare("package", &wanted.packages, &told.packages);
    compare("edge", &arrows(wanted), &arrows(told));
    let empty = BTreeSet::new();
    let names = |told: &Told| told.direct.as_ref().unwrap_or(&empty).clone();
    compare("direct package", &names(wanted), &names(told));
    if wanted.direct.is_some() != told.direct.is_some() {
        found.push(format!("direct: {:?} instead of {:?}", told.direct, wanted.direct));
    }
    found
}

#[test]
fn every_lock_tells_the_same_graph() {
    let expected = expected();
    let mut wrong = Vec::new();
    let (mut packages, mut edges) = (0, 0);
    for row in LOCKS {
        let (wanted, told) = (wanted(&expected, row), told(&expected, row));
        assert!(wanted.packages.len() >= 2, "{}: nothing to compare", row.file);
        packages += told.packages.len();
        edges += told.edges.len();
        wrong.extend(differences(&wanted, &told).into_iter().map(|line| format!("{}: {line}", row.file)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((packages, edges), COMPARED);
}

/// How many packages and edges all locks together tell.
const COMPARED: (usize, usize) = (498, 351);

#[test]
fn no_lock_is_forgotten() {
    let expected = expected();
    let known: BTreeSet<&str> = expected["locks"].as_object().unwrap().keys().map(String::as_str).collect();
    let compared: BTreeSet<&str> = LOCKS.iter().map(|row| row.file).collect();
    assert_eq!(known, compared);
    assert_eq!(compared.len(), LOCKS.len(), "a lock stands in the table twice");
}

/// Each change of one thing in what is expected is seen, and nothing else is.
#[test]
fn a_difference_is_seen() {
    let expected = expected();
    let row = &LOCKS[0];
    let told = told(&expected, row);
    let altered = |change: &dyn Fn(&mut Value)| {
        let mut other = expected.clone();
        change(&mut other);
        differences(&wanted(&other, row), &told)
    };
    assert_eq!(altered(&|_| ()), [""; 0]);
    let version = altered(&|other| other["packages"][13]["version"] = "1.0".into());
    assert_eq!(version[..2], ["missing package: tide-base 1.0", "unknown package: tide-base 1.1"]);
    assert_eq!(
        altered(&|other| other["packages"][1]["name"] = "beacon".into())[..2],
        ["missing package: beacon 1.4.0", "unknown package: beacon-lamp 1.4.0"]
    );
    assert_eq!(
        altered(&|other| other["edges"][15]["to"] = "tide-base==1.1".into()),
        ["missing edge: quay-side 2.1.0 -> tide-base", "unknown edge: quay-side 2.1.0 -> anchor-chain"]
    );
    // From another version of the same package.
    assert_eq!(
        altered(&|other| other["edges"][20]["from"] = "winch-drum==1.9.0".into()),
        ["missing edge: winch-drum 1.9.0 -> tide-base", "unknown edge: winch-drum 2.1.0 -> tide-base"]
    );
    assert_eq!(
        altered(&|other| other["edges"][7]["to"] = "pilot-boat==5.3".into()),
        [
            "missing edge: port-authority -> pilot-boat",
            "unknown edge: port-authority -> compass-rose",
            "missing direct package: pilot-boat",
            "unknown direct package: compass-rose",
        ]
    );
}

/// The locks of the three tools that tell groups, extras and edges.
fn full_locks() -> impl Iterator<Item = &'static Row> {
    let kinds = ["/uv.lock", "/poetry.lock", "/pdm.lock"];
    LOCKS.iter().filter(move |row| kinds.iter().any(|kind| row.file.ends_with(kind)))
}

const DEV: [&str; 2] = ["compass-rose 0.9.2", "pilot-boat 5.3"];

/// What each question leaves out, worked out by hand from the manifest.
const LEFT_OUT: &[(&[&str], &[&str])] = &[
    (&["--no-dev"], &DEV),
    (&["--python", "3.9"], &["winch-drum 2.1.0"]),
    (&["--python", "3.10"], &["winch-drum 1.9.0"]),
    (&["--python", "3.12"], &["winch-drum 1.9.0", "spyglass 0.2.0.post1"]),
    (&["--python", "3.12.4"], &["winch-drum 1.9.0", "spyglass 0.2.0.post1"]),
    (&["--platform", "linux"], &["anchor-chain 3.1.0"]),
    (&["--platform", "windows"], &[]),
    (&["--extra", "survey"], &[]),
    (&["--group", "main"], &["compass-rose 0.9.2", "pilot-boat 5.3", "sextant-arc 1.1.0"]),
    (&["--group", "main", "--extra", "survey"], &DEV),
    (
        &["--no-dev", "--python", "3.12", "--platform", "linux"],
        &[
            "compass-rose 0.9.2",
            "pilot-boat 5.3",
            "winch-drum 1.9.0",
            "spyglass 0.2.0.post1",
            "anchor-chain 3.1.0",
        ],
    ),
];

#[test]
fn a_question_has_the_same_answer_whatever_the_lock() {
    let expected = expected();
    let mut wrong = Vec::new();
    for row in full_locks() {
        let lock = &expected["locks"][row.file];
        for (options, left_out) in LEFT_OUT {
            // A lock for Python 3.10 and later has no answer for 3.9.
            if options.contains(&"3.9") && text(lock, "environment") != "every" {
                continue;
            }
            let mut wanted = wanted_packages(&expected, lock);
            wanted.retain(|package| !left_out.contains(&package.as_str()));
            let found = packages(&graph(row.file, options));
            if found != wanted {
                let missing: Vec<_> = wanted.difference(&found).collect();
                let more: Vec<_> = found.difference(&wanted).collect();
                wrong.push(format!("{} {options:?}: missing {missing:?}, too many {more:?}", row.file));
            }
        }
        let dev = packages(&graph(row.file, &["--group", "dev"]));
        if dev != DEV.map(str::to_owned).into() {
            wrong.push(format!("{} --group dev: {dev:?}", row.file));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The ways that `audit why` shows, each as `name version > name version`, without its conditions.
fn ways(file: &str, name: &str) -> BTreeSet<String> {
    let ran = run(file, &["why", name], &[]);
    assert_eq!(ran.code, 0, "{file} {name}: {}", ran.err);
    let mut ways: Vec<Vec<&str>> = Vec::new();
    for line in ran.out.lines().skip(1) {
        let entry = line.trim_start();
        let words = entry.trim_start_matches("└── ");
        if words.starts_with("pyproject.toml:") || words.starts_with("requirements.in:") {
            ways.push(Vec::new());
        } else {
            // `(asked for …)`, `when …` and `[extra:…]` are what the formats do not agree on.
            let end = words.match_indices(' ').nth(1).map_or(words.len(), |(at, _)| at);
            ways.last_mut().unwrap().push(&words[..end]);
        }
    }
    let count = ways.len();
    let ways: BTreeSet<String> = ways.iter().map(|way| way.join(" > ")).collect();
    assert_eq!(ways.len(), count, "{file} {name}: a way is shown twice\n{}", ran.out);
    ways
}

/// The ways to some packages, worked out by hand.
const WAYS: &[(&str, &[&str])] = &[
    (
        "tide-base",
        &[
            "harbour-wall[lights] 1.2.0 > tide-base 1.1",
            "sextant-arc 1.1.0 > tide-base 1.1",
            "winch-drum 2.1.0 > tide-base 1.1",
        ],
    ),
    ("mooring-line", &["winch-drum 1.9.0 > mooring-line 1.5.0", "winch-drum 2.1.0 > mooring-line 1.5.0"]),
    (
        "spyglass",
        &[
            "quay-side 2.1.0 > lantern-glass 0.3.2 > spyglass 0.2.0.post1",
            "harbour-wall[lights] 1.2.0 > quay-side 2.1.0 > lantern-glass 0.3.2 > spyglass 0.2.0.post1",
        ],
    ),
    ("beacon-lamp", &["harbour-wall[lights] 1.2.0 > beacon-lamp 1.4.0"]),
    ("pilot-boat", &["compass-rose 0.9.2 > pilot-boat 5.3"]),
    ("rudder-post", &["keel-plate 1.0.1 > rudder-post 1.1.0"]),
    ("keel-plate", &["keel-plate 1.0.1"]),
];

#[test]
fn every_lock_knows_the_same_ways() {
    let expected = expected();
    let mut wrong = Vec::new();
    for row in full_locks() {
        let absent = rows(&expected["absent"], text(&expected["locks"][row.file], "environment"));
        let absent: Vec<_> = absent.iter().map(|pin| spaced(pin.as_str().unwrap())).collect();
        for (name, wanted) in WAYS {
            let is_there = |way: &&&str| !absent.iter().any(|package| way.contains(package.as_str()));
            let wanted: BTreeSet<_> = wanted.iter().filter(is_there).map(|way| (*way).to_owned()).collect();
            let found = ways(row.file, name);
            if found != wanted {
                wrong.push(format!("{} {name}: {found:#?}", row.file));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
