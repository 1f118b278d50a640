//! Text from outside that tries to speak to its reader: every output of the program, every kind of place from which text
//! comes, every attack. One tree for each attack holds it in all places, each with a mark of its own, so that it can be
//! told which of them reached an output: an attack that arrives nowhere has shown nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use depaudit::report::audit::FORMATS;
use depaudit::report::licenses::FORMATS as LICENSES;
use depaudit::report::sanitize::is_unsafe;

use super::common::{audit_with_input, write};
use super::people_reports::{commands, speaks};

/// What must come out nowhere.
const SECRET: &str = "hunter2Zq9";

const ATTACKS: [(&str, &str); 18] = [
    ("escape sequences", "\u{1b}[31mred\u{1b}]0;title\u{7}\u{1b}[2J"),
    ("a carriage return", "one\rtwo"),
    ("direction marks", "\u{202e}txt\u{202c}\u{2066}x\u{2069}\u{200f}"),
    ("C1 controls", "\u{9b}31m\u{85}\u{90}q\u{9c}"),
    ("what cannot be seen", "a\u{200b}b\u{feff}c\u{2060}\u{ad}\u{e0041}"),
    ("a command of GitHub", "::error file=x::boo ##[error]boo ::stop-commands::x"),
    ("a command of GitHub on a line of its own", "x\n::add-mask::boo\n##[group]x"),
    ("an escaped command", "%0A::error::boo%0D%25"),
    ("elements", "<script>document.title='run'</script><img src=x onerror=alert(1)></td></svg>"),
    ("Markdown", "[x](javascript:alert(1)) ![i](x) | `c` **b** @team #1 !2 GH-3 www.evil.example"),
    ("a formula", "=cmd|' /C calc'!A0"),
    ("another formula", "@SUM(1)\t+1"),
    ("the end of a section", "]]> --> &xxe; <!ENTITY x SYSTEM \"file:///etc/passwd\">"),
    ("what XML cannot hold", "a\u{fffe}b\u{0}c\u{ffff}"),
    ("a password", "https://user:hunter2Zq9@evil.example/?token=glpat-hunter2Zq9hunter2Zq9"),
    ("passwords where texts are cut", "cut"),
    ("quotes", "\"' \\ \\u0000 ${x} $(id) `id`"),
    ("much", "much"),
];

/// The places, by the mark of each.
const PLACES: [&str; 18] = [
    "package name",
    "version",
    "source",
    "group",
    "extra",
    "requirement",
    "folder",
    "file",
    "summary",
    "reference",
    "alias",
    "reason",
    "inline reason",
    "VEX",
    "license field",
    "classifier",
    "license text",
    "project",
];

struct Attack {
    text: String,
}

impl Attack {
    /// The attack at a place: what comes first decides about formulas and commands, so the mark is at the end.
    fn at(&self, place: &str) -> String {
        let number = PLACES.iter().position(|known| *known == place).unwrap();
        format!("{} mk{number}mk", self.text)
    }

    fn toml(&self, place: &str) -> String {
        let mut quoted = String::from("\"");
        for one in self.at(place).chars() {
            match one {
                '"' | '\\' => quoted.extend(['\\', one]),
                one if is_unsafe(one) => write!(quoted, "\\U{:08X}", u32::from(one)).unwrap(),
                one => quoted.push(one),
            }
        }
        quoted + "\""
    }

    fn json(&self, place: &str) -> String {
        serde_json::to_string(&self.at(place)).unwrap()
    }

    /// As the name of a file.
    fn file(&self, place: &str) -> String {
        // No file name is a URL: without its slashes nobody could tell that it holds a password.
        let text = self.text.replace(SECRET, "");
        let short: String = text.chars().filter(|one| !matches!(one, '/' | '\0')).take(60).collect();
        let number = PLACES.iter().position(|known| *known == place).unwrap();
        format!("{short} mk{number}mk")
    }

    fn one_line(&self, place: &str) -> String {
        self.at(place).replace(['\n', '\r'], " ")
    }

    fn plant(&self, top: &Path) {
        let lock = format!(
            "[[package]]\nname = {}\nversion = \"1.0\"\n[package.dependencies]\nodd = \"*\"\n\n[[package]]\nname = \"odd\"\nversion = {}\n\n[[package]]\n\
             name = \"shoplib\"\nversion = \"1.4.1\"\ngroups = [\"main\", {}]\n[package.source]\ntype = \"git\"\n\
             url = {}\nreference = \"x\"\n[package.extras]\n{} = [\"odd\"]\n\n[metadata]\nlock-version = \"2.1\"\n\
             python-versions = \"*\"\ncontent-hash = \"\"\n",
            self.toml("package name"),
            self.toml("version"),
            self.toml("group"),
            self.toml("source"),
            self.toml("extra"),
        );
        write(top, "poetry.lock", lock.as_bytes());
        let manifest = format!(
            "[project]\nname = {}\nversion = \"1\"\n[project.optional-dependencies]\n{} = [\"shoplib\"]\n\
             [tool.poetry.dependencies]\nshoplib = \"*\"\n{} = \"*\"\n",
            self.toml("project"),
            self.toml("extra"),
            self.toml("package name"),
        );
        write(top, "pyproject.toml", manifest.as_bytes());
        let requirements = format!(
            "shoplib==1.4.1  # audit: ignore[PYSEC-0000-9] {}\nbad {} ==\n-r nowhere/{}.txt\n",
            self.one_line("inline reason"),
            self.one_line("requirement"),
            self.file("file"),
        );
        write(top, &format!("{}/requirements.txt", self.file("folder")), requirements.as_bytes());
        let policy = format!(
            "[[ignore]]\nid = \"PYSEC-0000-8\"\nreason = {}\n\n[[ignore]]\nid = \"CVE-1999-1\"\nreason = {}\n\
             [licenses]\nallow = [\"MIT\"]\n",
            self.toml("reason"),
            self.toml("reason"),
        );
        write(top, "audit.toml", policy.as_bytes());
        for (number, summary) in [("7", true), ("8", true), ("9", true), ("6", false)] {
            let record = format!(
                "{{\"id\": \"PYSEC-0000-{number}\", \"modified\": \"2026-01-01T00:00:00Z\", \"aliases\": [{}], \
                 \"summary\": {}, \"details\": {}, \"references\": [{{\"type\": \"WEB\", \"url\": {}}}], \"affected\": \
                 [{{\"package\": {{\"ecosystem\": \"PyPI\", \"name\": \"shoplib\"}}, \"versions\": [\"1.4.1\"]}}]}}",
                self.json("alias"),
                if summary { self.json("summary") } else { "\"\\ud800 lone\"".to_owned() },
                self.json("summary"),
                self.json("reference"),
            );
            write(top, &format!("osv/PYSEC-0000-{number}.json"), record.as_bytes());
        }
        let malware = "{\"id\": \"MAL-0000-9\", \"modified\": \"2026-01-01T00:00:00Z\", \"affected\": [{\"package\": \
                       {\"ecosystem\": \"PyPI\", \"name\": \"odd\"}, \"ranges\": [{\"type\": \"ECOSYSTEM\", \"events\": \
                       [{\"introduced\": \"0\"}]}]}]}";
        write(top, "osv/MAL-0000-9.json", malware.as_bytes());
        let vex = format!(
            "{{\"@context\": \"https://openvex.dev/ns/v0.2.0\", \"@id\": \"https://a.example/1\", \"author\": \"a\", \
             \"timestamp\": \"2026-01-01T00:00:00Z\", \"version\": 1, \"statements\": [{{\"vulnerability\": {{\"name\": \
             \"PYSEC-0000-6\"}}, \"products\": [{{\"@id\": \"pkg:pypi/shoplib@1.4.1\"}}], \"status\": \
             \"not_affected\", \"impact_statement\": {}}}]}}",
            self.json("VEX"),
        );
        write(top, "vex/x.json", vex.as_bytes());
        let metadata = format!(
            "Metadata-Version: 2.1\nName: shoplib\nVersion: 1.4.1\nLicense: {}\nClassifier: License :: {}\n\
             License-File: LICENSE\n",
            self.one_line("license field"),
            self.one_line("classifier"),
        );
        let folder = "meta/shoplib-1.4.1.dist-info";
        write(top, &format!("{folder}/METADATA"), metadata.as_bytes());
        write(top, &format!("{folder}/LICENSE"), self.at("license text").as_bytes());
    }
}

/// What is wrong with an output, to the reader that it is for.
fn harm(output: &str, text: &str) -> Option<String> {
    let format = output.split(' ').next_back().unwrap_or(output);
    if text.to_lowercase().contains(&SECRET[..4]) {
        return Some("a secret".to_owned());
    }
    let allowed = if format == "csv" { "\r\n" } else { "\n" };
    if let Some(bad) = text.chars().find(|one| is_unsafe(*one) && !allowed.contains(*one)) {
        return Some(format!("{bad:?}"));
    }
    // Documents for programs are written to files, but whoever prints one must not be spoken for either.
    let ours = ["error", "warning", "notice"];
    let log = commands(text);
    let is_log =
        !["json", "html", "sarif", "gitlab", "codequality", "cyclonedx", "openvex", "baseline", "spdx"]
            .contains(&format);
    let bad = log.iter().find(|one| format != "github" || !ours.contains(&one.name.as_str()));
    if let Some(bad) = bad.filter(|_| is_log) {
        return Some(format!("the command {}", bad.name));
    }
    if text.lines().any(|line| line.trim_start().starts_with("::")) && format != "github" {
        return Some("a line that begins with ::".to_owned());
    }
    match format {
        "json" | "sarif" | "gitlab" | "codequality" | "cyclonedx" | "openvex" | "baseline" | "spdx" => {
            serde_json::from_str::<serde_json::Value>(text).err().map(|error| error.to_string())
        }
        "csv" => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let records: Result<Vec<_>, _> = reader.records().collect();
            let Ok(records) = records else { return Some("no CSV".to_owned()) };
            let cell = records
                .iter()
                .flatten()
                .find(|cell| cell.trim_start().starts_with(['=', '+', '-', '@', '\t']));
            cell.map(|cell| format!("the formula {cell}"))
        }
        "junit" => xml_harm(text),
        "html" => {
            let body = text.split("<body>").nth(1)?.split("<script>").next()?.to_owned();
            let bad = ["<script", "<img", "onerror=alert(1)>", "</td></svg>", "<b>x"];
            bad.iter().find(|bad| body.contains(**bad)).map(|bad| (*bad).to_owned())
        }
        "markdown" => speaks(text),
        _ => None,
    }
}

/// A checker of what XML 1.0 demands of a document without a type: elements are closed in order, only the five entities.
fn xml_harm(text: &str) -> Option<String> {
    if text.contains("<!") || text.contains("]]>") || text.contains(['\u{fffe}', '\u{ffff}']) {
        return Some("a declaration, or a character that XML cannot hold".to_owned());
    }
    let mut open = Vec::new();
    for rest in text.split('<').skip(1) {
        let Some((tag, _)) = rest.split_once('>') else {
            return Some("an element without an end".to_owned());
        };
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return Some(format!("</{name}> closes another element"));
            }
        } else if !tag.ends_with('/') && !tag.starts_with('?') {
            open.push(name);
        }
    }
    if !open.is_empty() {
        return Some(format!("{open:?} are not closed"));
    }
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('&') {
        if !["amp;", "lt;", "gt;", "quot;", "apos;", "#"].iter().any(|entity| after.starts_with(entity)) {
            return Some(format!("the entity {}", after.chars().take(8).collect::<String>()));
        }
        rest = after;
    }
    None
}

/// Every output for one attack, by its name.
fn outputs(attack: &Attack) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path();
    attack.plant(top);
    let run = |arguments: &[&str], input: &str| audit_with_input(top, arguments, input.as_bytes());
    let mut all = Vec::new();
    let imported = run(&["db", "import", "osv", "--db", "own.store"], "");
    assert_eq!(imported.code, 0, "{}", imported.err);
    let out = tempfile::tempdir().unwrap();
    let mut arguments: Vec<String> =
        ["--root", ".", "--db", "own.store", "--vex", "vex/x.json", "--metadata", "meta"]
            .map(str::to_owned)
            .into();
    arguments.extend(["--deny=license-unlisted", "--deny=license-ambiguous"].map(str::to_owned));
    for format in FORMATS {
        arguments.push(format!("--report={}={}", format.name, out.path().join(format.name).display()));
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut ended = |name: &str, ran: super::common::Ran| {
        all.push((format!("the errors of {name}, human"), ran.err));
        all.push((name.to_owned(), ran.out));
        ran.code
    };
    let verbose = [&arguments[..], &["-v"]].concat();
    assert!([1, 3].contains(&ended("audit human", run(&verbose, ""))));
    for format in LICENSES {
        let code = ended(
            &format!("licenses {}", format.name),
            run(&["licenses", "--root", ".", "--metadata", "meta", "--format", format.name], ""),
        );
        assert!((0..=3).contains(&code));
    }
    for format in ["tree", "json", "dot", "mermaid"] {
        ended(&format!("graph {format}"), run(&["graph", "--root", ".", "--format", format], ""));
    }
    // No system passes more as one argument.
    let given: String = attack.at("package name").replace('\0', "").chars().take(50_000).collect();
    ended("why human", run(&["why", "--root", ".", "--", &given], ""));
    ended("name human", run(&["name", "--", &given], ""));
    ended("db show human", run(&["db", "show", "PYSEC-0000-7", "--db", "own.store"], ""));
    ended("explain human", run(&["explain", "PYSEC-0000-7", "--root", ".", "--db", "own.store"], ""));
    ended("path human", run(&["--db", "own.store", "--", &format!("no/{given}")], ""));
    ended("unknown rule human", run(&["explain", "--", &given], ""));
    ended("unknown format human", run(&["--format", &given], ""));
    ended(
        "standard input human",
        run(&["--stdin-name", "requirements.txt", "--db", "own.store", "-"], &given),
    );
    for format in FORMATS {
        let text = fs::read_to_string(out.path().join(format.name)).unwrap();
        all.push((format!("audit {}", format.name), text));
    }
    all
}

#[test]
fn no_text_from_outside_speaks_to_a_reader() {
    let mut arrived = BTreeSet::new();
    let mut outputs_seen = BTreeSet::new();
    let mut wrong = Vec::new();
    let tried: Vec<_> = std::thread::scope(|scope| {
        let all = ATTACKS.map(|(name, text)| {
            let text = match text {
                "much" => "very long text ".repeat(5_000),
                // Long passwords, so that wherever a text is cut it is cut inside one of them.
                "cut" => format!("https://u:{}@e.example ", SECRET.repeat(20)).repeat(20),
                text => text.to_owned(),
            };
            scope.spawn(move || (name, outputs(&Attack { text })))
        });
        all.map(|one| one.join().unwrap()).into()
    });
    for (name, written) in tried {
        for (output, text) in written {
            for (number, place) in PLACES.iter().enumerate() {
                if text.contains(&format!("mk{number}mk")) {
                    arrived.insert(*place);
                    outputs_seen.insert(output.clone());
                }
            }
            if let Some(harm) = harm(&output, &text) {
                wrong.push(format!("{name} in {output}: {harm}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missing: Vec<_> = PLACES.iter().filter(|place| !arrived.contains(**place)).collect();
    assert!(missing.is_empty(), "{missing:?} reached no output");
    let silent: Vec<_> = FORMATS
        .iter()
        .map(|format| format!("audit {}", format.name))
        .chain(LICENSES.iter().map(|format| format!("licenses {}", format.name)))
        .filter(|output| !outputs_seen.contains(output))
        .collect();
    assert!(silent.is_empty(), "{silent:?} hold nothing of what was planted");
}

/// The checks see what they look for.
#[test]
fn the_checks_can_fail() {
    for (output, text) in [
        ("audit human", "a\u{1b}[31m"),
        ("audit human", "  ::error::boo"),
        ("audit human", "see ##[error]boo"),
        ("audit github", "::add-mask::x"),
        ("audit csv", "a,b\r\n=1,x\r\n"),
        ("audit junit", "<a>&xxe;</a>"),
        ("audit junit", "<a><b></a>"),
        ("audit html", "<body><img src=x>"),
        ("audit markdown", "@team"),
        ("audit json", "{"),
        ("audit sarif", "\"hunter2Zq9\""),
    ] {
        assert!(harm(output, text).is_some(), "{text:?} in {output}");
    }
}
