//! The formats of an audit that people read: annotations, a comment, a table, a page.

use depaudit::model::{Finding, Level, Report, Skipped, Status};

use super::audit_reports::render_with;
use super::common::{audit, test_database, top};
use super::report_sample::{benign, sample};

/// What GitHub's runner takes for a command: its name, its properties and its data.
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) data: String,
}

impl Command {
    fn property(&self, name: &str) -> &str {
        self.properties.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// The commands of a log, as the runner reads them: a line that begins with `::` behind blanks (version 2), and
/// `##[name properties]data` anywhere in a line (version 1).
pub(crate) fn commands(log: &str) -> Vec<Command> {
    let undo = |text: &str| {
        let text = text.replace("%3A", ":").replace("%2C", ",");
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    };
    let of_line = |line: &str| {
        let version_2 = line.trim_start().strip_prefix("::").and_then(|rest| rest.split_once("::"));
        let version_1 = || line.split_once("##[").and_then(|(_, rest)| rest.split_once(']'));
        let between = if version_2.is_some() { ',' } else { ';' };
        let (head, data) = version_2.or_else(version_1)?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let pairs = properties.split(between).filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), undo(value)));
        Some(Command { name: name.to_owned(), properties: pairs.collect(), data: undo(data) })
    };
    log.split(['\n', '\r']).filter_map(of_line).collect()
}

#[test]
fn github_gets_annotations() {
    let (report, sources) = benign();
    let text = render_with("github", &report, &sources);
    insta::assert_snapshot!(text);
    let all = commands(&text);
    let first = &all[0];
    assert_eq!((first.name.as_str(), first.property("file")), ("error", "pyproject.toml"));
    assert_eq!(
        ["line", "endLine", "col", "endColumn"].map(|name| first.property(name)),
        ["6", "6", "1", "8"],
        "malware is the most urgent; `reqeusts` has eight letters"
    );
    let count = |name: &str| all.iter().filter(|one| one.name == name).count();
    assert_eq!((count("error"), count("warning"), count("notice")), (6, 8, 4));
    assert_eq!(all.iter().filter(|one| one.property("title") == "not audited").count(), 1);
    assert!(!text.contains("file=<"), "what stands in no file has none");
    assert_eq!(text.matches("PYSEC-2026-101").count(), 1, "the other one was known before");
    assert!(all.last().unwrap().data.starts_with("no annotation for 1 finding that was there before\n"));
    let end: Vec<_> = text.lines().rev().take(2).collect();
    assert!(end[1].starts_with("findings: 8 denied, "), "{end:?}");
    assert!(end[0].starts_with("  compared with main (0123456789): 1 new, 4 in the news"), "{end:?}");
}

#[test]
fn github_text_from_outside_is_no_command() {
    let (report, sources) = sample();
    let text = render_with("github", &report, &sources);
    for one in commands(&text) {
        assert!(["error", "warning", "notice"].contains(&one.name.as_str()), "{}", one.name);
        assert!(one.properties.iter().all(|(name, _)| {
            ["file", "line", "endLine", "col", "endColumn", "title"].contains(&name.as_str())
        }));
    }
    assert_eq!(commands(&text).len(), text.lines().filter(|line| line.starts_with("::")).count());
    assert!(text.contains("\\x0d\\x0a\\x3a:error::boo"), "the hostile text arrived");
    assert!(text.contains("%250A"), "and its %0A");
}

/// GitHub shows ten of each kind: what is not shown is counted.
#[test]
fn github_shows_the_most_urgent_and_counts_the_rest() {
    let (mut report, sources) = benign();
    let many = |rule: &str, level: Level, how_many: usize, report: &Report| -> Vec<Finding> {
        let like = report.findings.iter().find(|one| one.rule.id == rule).unwrap();
        let one = |number| {
            let mut one = like.clone();
            (one.level, one.status) = (level, None);
            one.message = format!("{} {number}", like.message);
            one
        };
        (0..how_many).map(one).collect()
    };
    let denied = many("license-denied", Level::Deny, 30, &report);
    let warned = many("typosquat", Level::Warn, 8, &report);
    report.findings.extend(denied.into_iter().chain(warned));
    report
        .skipped
        .extend((0..20).map(|number| Skipped::file("a.lock", format!("x{number}"), "it is broken")));
    let text = render_with("github", &report, &sources);
    let all = commands(&text);
    let count = |name: &str| all.iter().filter(|one| one.name == name).count();
    assert_eq!((count("error"), count("warning"), count("notice")), (10, 10, 4));
    assert_eq!(all.iter().filter(|one| one.property("title") == "not audited").count(), 5);
    let told: usize = report.findings.iter().filter(|one| one.status != Some(Status::Known)).count();
    let last = &all.last().unwrap().data;
    let number = last.strip_prefix("no annotation for ").unwrap().split(' ').next().unwrap();
    // The four flaws of parcelbox are behind the thirty.
    let shown = count("error") + (count("warning") - 5) + (count("notice") - 1);
    assert_eq!(number.parse::<usize>().unwrap(), told - shown, "{last}");
    assert!(last.contains("16 more things not audited"), "{last}");
}

#[test]
fn github_on_a_real_run() {
    let folder = top().join("fixtures/reports/market");
    let ran = audit(&folder, &["--root", ".", "--db", test_database(), "--format", "github"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!(ran.out);
}

/// What a site would make of a Markdown document: everything outside of our own words and signs has to be text.
pub(crate) fn speaks(markdown: &str) -> Option<String> {
    let is_word = |one: char| one.is_alphanumeric() || one == '_';
    for line in markdown.lines() {
        // Our own signs: comments that break words, folds, bold, and codes of characters.
        let mut text = line.replace("<!-- -->", "\u{1}");
        for own in ["<details>", "</details>", "<summary>", "</summary>", "**"] {
            text = text.replace(own, "");
        }
        if let Some(bad) = ["<", "](", "`", "![", "\\"].iter().find(|bad| text.contains(**bad)) {
            return Some(format!("{bad} in {line}"));
        }
        // What is seen, with the breaks.
        let mut seen = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("&#") {
            let (code, after) = after.split_once(';')?;
            seen.push_str(before);
            seen.push(code.parse().ok().and_then(char::from_u32)?);
            rest = after;
        }
        seen.push_str(rest);
        let chars: Vec<char> = seen.chars().collect();
        for pair in chars.windows(2) {
            if "@#!~%$".contains(pair[0]) && is_word(pair[1]) {
                return Some(format!("{}{} in {line}", pair[0], pair[1]));
            }
        }
        let low = seen.to_lowercase();
        let mut before = low.split("://").collect::<Vec<_>>();
        before.pop();
        let has_scheme = before.iter().any(|before| before.ends_with(is_word));
        if has_scheme || ["www.", "gh-"].iter().any(|bad| low.contains(bad)) {
            return Some(format!("an address in {line}"));
        }
    }
    None
}

#[test]
fn markdown_is_short_and_says_the_verdict() {
    let (report, sources) = benign();
    let text = render_with("markdown", &report, &sources);
    insta::assert_snapshot!(text);
    assert!(text.starts_with("## Dependencies: findings\n\n8 denied, in 5 of 6 packages"));
    assert_eq!(speaks(&text), None);
    let (report, sources) = sample();
    let text = render_with("markdown", &report, &sources);
    assert_eq!(speaks(&text), None);
    assert!(text.contains("&#60;script&#62;"), "the hostile text arrived");
    for loud in ["<script>", "@team", "#1 x", "![i](x)", "https://a.example", "GH-1"] {
        assert!(speaks(loud).is_some(), "the check is blind to {loud}");
    }
}

/// Whatever comes, a comment is accepted, and says the verdict.
#[test]
fn markdown_is_bounded() {
    for all_hostile in [false, true] {
        let (mut report, sources) = if all_hostile { sample() } else { benign() };
        let few = report.findings.clone();
        let (skips, ignored) = (report.skipped.clone(), report.ignored.clone());
        for number in 0..300 {
            report.findings.extend(few.iter().cloned().map(|mut one| {
                one.message = format!("{number} {}", one.message.repeat(20));
                one.help = one.help.map(|help| help.repeat(20));
                one.status = None;
                one
            }));
            report.skipped.extend(skips.clone());
            report.ignored.extend(ignored.clone());
        }
        if let Some(change) = report.change.as_mut() {
            change.base = "@#!\u{e0041}".repeat(10_000);
            change.packages = (0..3000).map(|at| change.packages[at % 3].clone()).collect();
        }
        report.database.sources[0].name = "\u{e0041}".repeat(1_000);
        let text = render_with("markdown", &report, &sources);
        assert!(text.len() < 60_000, "{}", text.len());
        assert!(text.len() > 50_000, "{}: there was more to say", text.len());
        assert!(text.starts_with("## Dependencies: findings\n\n"));
        assert!(text.contains("left out: there is no room*"));
        assert!(text.contains("\n### Denied: "));
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert_eq!(speaks(&text), None);
    }
}

/// GitHub gives an empty file for the summary of a job.
#[test]
fn markdown_goes_into_the_summary_of_a_job() {
    let folder = super::common::folder(&[("requirements.txt", "shoplib==1.4.1\n"), ("summary.md", "")]);
    let report = format!("markdown={}", folder.path().join("summary.md").display());
    let ran = audit(folder.path(), &["--db", test_database(), "--report", &report, "--format", "github"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let summary = std::fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(summary.starts_with("## Dependencies: findings\n"), "{summary}");
}

#[test]
fn a_table_of_findings() {
    let folder = top().join("fixtures/reports/market");
    for (width, columns) in [("80", 80), ("140", 140)] {
        let mut command = super::common::program(&folder);
        command.env("COLUMNS", width).env("SOURCE_DATE_EPOCH", "1795219200");
        command.args(["--root", ".", "--db", test_database(), "--format", "table"]);
        let ran = super::common::finish(&mut command);
        assert_eq!((ran.code, ran.err.as_str()), (1, ""));
        assert!(ran.out.lines().all(|line| line.chars().count() <= columns), "{}", ran.out);
        insta::assert_snapshot!(format!("a_table_of_findings_at_{width}"), ran.out);
    }
    let (report, sources) = benign();
    insta::assert_snapshot!(render_with("table", &report, &sources));
}

/// The page without its style and script.
fn body(page: &str) -> String {
    let (_, body) = page.split_once("<body>").unwrap();
    body.split("<script>").next().unwrap().to_owned()
}

#[test]
fn the_page_has_everything() {
    let (report, sources) = benign();
    let page = render_with("html", &report, &sources);
    let body = body(&page);
    insta::assert_snapshot!(body);
    assert_eq!(body.matches("<article id=").count(), 17);
    assert_eq!(body.matches("<mark>").count(), 17, "each shows what to edit");
    let boxes = body.matches("<rect ").count();
    assert_eq!(boxes, 7, "one for each package, however many findings it has");
    for number in 1..=17 {
        assert!(body.contains(&format!("<article id=\"f{number}\"")), "{number}");
    }
    let links = body.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    assert!(
        links.clone().all(|link| body.contains(&format!("id=\"{link}\""))),
        "every box leads to its finding"
    );
    assert!(links.count() >= 5);
}

/// Text from outside opens no element: a reader of the page finds only ours.
#[test]
fn the_page_holds_text_as_text() {
    let (report, sources) = sample();
    let page = render_with("html", &report, &sources);
    let body = body(&page);
    assert!(body.contains("&lt;script&gt;document.title"), "the hostile text arrived");
    let ours = [
        "h1", "h2", "h3", "p", "ul", "li", "b", "div", "svg", "path", "a", "g", "rect", "text", "label",
        "input", "output", "article", "span", "pre", "mark", "small", "table", "thead", "tbody", "tr", "th",
        "td",
    ];
    for rest in body.split('<').skip(1) {
        let name: String =
            rest.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(ours.contains(&name.as_str()), "<{}", rest.chars().take(60).collect::<String>());
        let tag = rest.split('>').next().unwrap();
        assert!(!tag.contains("onerror") && !tag.contains("javascript") && !tag.contains("evil"), "<{tag}>");
    }
}

/// However much there is, the picture can be read, and says what it leaves out.
#[test]
fn the_picture_is_bounded() {
    let (mut report, sources) = benign();
    let like = report.findings.iter().find(|one| one.rule.id == "known-vulnerability").unwrap().clone();
    report.findings = (0..500)
        .map(|number| {
            let mut one = like.clone();
            let mut about = (*one.package.clone().unwrap()).clone();
            about.name = depaudit::model::PackageName::new(&format!("p{number}"));
            one.package = Some(about.into());
            let deep = (0..40).map(|depth| format!("d{depth}-{}", number / 10)).chain([format!("p{number}")]);
            one.paths = vec![deep.collect()].into();
            one
        })
        .collect();
    let page = body(&render_with("html", &report, &sources));
    let boxes = page.matches("<rect ").count();
    assert!((30..=48).contains(&boxes), "{boxes}");
    let (_, words) = page.split_once("</svg>").unwrap();
    let affected = page.matches("<a href=\"#f").count();
    let left_out = format!("{} more packages are left out of the picture", 500 - affected);
    assert!(words.contains(&left_out), "{left_out}: {}", words.chars().take(200).collect::<String>());
    assert!(page.contains("… 37 more …"), "a long path loses its middle");
}
