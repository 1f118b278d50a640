"""Holds the JSON outputs to their schemas in docs/, and shows that the schemas refuse broken ones.

    python .ci/schemas.py target/release/audit
"""

import copy
import datetime
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from jsonschema import Draft202012Validator

TOP = Path(__file__).resolve().parent.parent
PROGRAM = str(Path(sys.argv[1]).resolve())
DATABASE = str(TOP / "target" / "schemas.store")
RISK = ["fixtures/risk/known_exploited_vulnerabilities.json", "fixtures/risk/epss_scores-2026-11-10.csv"]


def audit(*arguments, folder=TOP):
    environment = {"HOME": "/nonexistent", "PATH": os.environ["PATH"]}
    ran = subprocess.run([PROGRAM, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert ran.returncode in (0, 1, 3), f"{arguments}: {ran.returncode} {ran.stderr}"
    return ran.stdout


def validator(name):
    schema = json.loads((TOP / "docs" / "schema" / f"{name}-v1.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check(name, outputs, breaks):
    schema = validator(name)
    for place, text in outputs:
        problems = list(schema.iter_errors(json.loads(text)))
        assert not problems, f"{name} of {place}: {problems[0].json_path}: {problems[0].message}"
    whole = json.loads(outputs[0][1])
    for what, change in breaks.items():
        broken = copy.deepcopy(whole)
        change(broken)
        assert not schema.is_valid(broken), f"{name}: the schema accepts {what}"
    print(f"{name}: {len(outputs)} outputs are valid, {len(breaks)} broken ones are refused")


def folders():
    market = TOP / "fixtures" / "reports" / "market"
    projects = sorted(path for path in (TOP / "fixtures" / "projects").iterdir() if path.is_dir())
    rules = sorted(path for path in (TOP / "fixtures" / "rules").glob("*/*") if path.is_dir())
    return [market, *projects, *rules]


def delete(*path):
    def change(document):
        for step in path[:-1]:
            document = document[step]
        del document[path[-1]]
    return change


def put(value, *path):
    def change(document):
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value
    return change


def of_vulnerability(change):
    """Applies a change to the first finding with an advisory."""
    def found(document):
        change(next(finding for finding in document["findings"] if finding["advisory"]))
    return found


def of_exploited(change):
    """Applies a change to the first finding that is known to be exploited."""
    def found(document):
        change(next(finding for finding in document["findings"] if (finding["advisory"] or {}).get("kev")))
    return found


def of_name(change):
    """Applies a change to the first finding about a name."""
    def found(document):
        change(next(finding for finding in document["findings"] if "name" in finding))
    return found


def plain(value):
    """A TOML value as editors hold it against a schema: days are texts."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else value


def policies():
    """Policies that the schema and the program accept, and some that both refuse."""
    schema = json.loads((TOP / "docs" / "schema" / "policy.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    schema = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    page = (TOP / "docs" / "configuration.md").read_text()
    good = {"docs/configuration.md": page.split("```toml\n")[1].split("```")[0], "nothing": ""}
    for fixture in sorted((TOP / "fixtures").glob("**/audit.toml")):
        good[str(fixture.relative_to(TOP))] = fixture.read_text()
    ignore = '[[ignore]]\nid = "CVE-1"\nreason = "r"\n'
    bad = {
        "an unknown key": 'failon = "low"',
        "an unknown threshold": 'fail-on = "hihg"',
        "a word for true": 'require-lock = "yes"',
        "an unknown rule": 'rules.typosqat = "deny"',
        "an unknown level": 'rules.typosquat = "error"',
        "a level for skips": 'rules.unsupported-input = "note"',
        "a key of no group": 'groups.dev.fail-no = "high"',
        "a threshold for a group": 'groups.dev = "high"',
        "a list of licenses for a group": "groups.dev.licenses = []",
        "an unknown severity": 'vulnerabilities.unknown-severity = "unknown"',
        "a number of days": "database.max-age = 90",
        "months": 'database.max-age = "3m"',
        "a path that is no list": 'database.extra = "advisories/"',
        "an empty path": 'database.extra = [""]',
        "a pattern with brackets": 'names.private = ["acme[x]"]',
        "trust in every name": 'names.trusted = ["*"]',
        "an index without a scheme": '[indexes]\n"index.example.com" = { private = true }',
        "an index about which nothing is said": '[indexes]\n"https://index.example.com" = {}',
        "a license that is a number": "licenses.allow = [1]",
        "an exception for nothing": 'licenses.exceptions = [{ package = "a", reason = "r" }]',
        "a clarification without its package": 'licenses.clarify = [{ expression = "MIT", reason = "r" }]',
        "an unknown level of news": 'since.news = "worn"',
        "an unknown key about changes": 'since.new = "warn"',
        "an ignore that is no list": 'ignore = { id = "CVE-1", reason = "r" }',
        "an ignore without an id": '[[ignore]]\nreason = "r"',
        "an ignore of a whole rule": '[[ignore]]\nid = "typosquat"\nreason = "r"',
        "an ignore with an unknown key": ignore + 'untill = 2026-12-31',
        "a day in another order": ignore + 'until = "31.12.2026"',
        "a day and a time": ignore + "until = 2026-12-31T00:00:00Z",
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "requirements.txt").write_text("")
        def refused(text):
            (Path(folder) / "policy.toml").write_text(text)
            ran = subprocess.run([PROGRAM, "--config", "policy.toml"], cwd=folder, capture_output=True, text=True)
            return ran.returncode == 2 and "cannot use the policy" in ran.stderr
        for stance in [[], ["--licenses", "permissive"], ["--licenses", "weak-copyleft"], ["--licenses", "any-osi"]]:
            with tempfile.TemporaryDirectory() as empty:
                audit("init", *stance, folder=empty)
                good[f"audit init {stance}"] = (Path(empty) / "audit.toml").read_text()
        for place, text in good.items():
            value = plain(tomllib.loads(text))
            # A policy without a reason is read, and denied by a rule; the schema asks for one.
            problems = [problem for problem in schema.iter_errors(value) if "unreasoned" not in place]
            assert not problems, f"policy of {place}: {problems[0].json_path}: {problems[0].message}"
            assert not refused(text), f"the program refuses the policy of {place}"
        for what, text in bad.items():
            assert not schema.is_valid(plain(tomllib.loads(text))), f"the schema accepts {what}"
            assert refused(text), f"the program accepts {what}"
    print(f"policy: {len(good)} policies are valid, {len(bad)} broken ones are refused, by the program as well")


policies()
audit("db", "import", "fixtures/advisories", *RISK, "--db", DATABASE)
reports = [(folder, audit("--root", ".", "--db", DATABASE, "--format", "json", folder=folder)) for folder in folders()]
graphs = [(folder, audit("graph", "--root", ".", "--format", "json", folder=folder)) for folder in folders()]
check("report", reports, {
    "a report without a verdict": delete("verdict"),
    "a verdict of its own": put("fine", "verdict"),
    "another version": put(2, "version"),
    "a summary without skips": delete("summary", "skipped"),
    "a negative count": put(-1, "summary", "deny"),
    "a digest that is none": put("abc", "database", "sha256"),
    "a finding without a place": delete("findings", 0, "location"),
    "line 0": put(0, "findings", 0, "location", "line"),
    "a column that is a text": put("1", "findings", 0, "location", "column"),
    "an unknown level": put("fatal", "findings", 0, "level"),
    "a rule in camel case": put("KnownVulnerability", "findings", 0, "rule"),
    "a score of 11": of_vulnerability(put(11, "advisory", "score")),
    "an advisory that matched nothing": of_vulnerability(put([], "advisory", "matched")),
    "an advisory that says nothing about exploitation": of_vulnerability(delete("advisory", "kev")),
    "exploitation without a day": of_exploited(delete("advisory", "kev", "date_added")),
    "a day in words": of_exploited(put("last week", "advisory", "kev", "date_added")),
    "a probability of 94": of_exploited(put(94, "advisory", "epss", "probability")),
    "a package without a purl": of_vulnerability(delete("package", "purl")),
    "a skip without a reason": delete("skipped", 0, "why"),
    "an ignored finding without its reason": delete("ignored", 0, "reason"),
})
states = ["fixtures/projects/webshop", "fixtures/reports/market"]
worse, better = [audit("diff", *both, "--db", DATABASE, "--format", "json") for both in [states, states[::-1]]]
check("report", [("a comparison", worse)], {
    "a status of its own": put("old", "findings", 0, "status"),
    "a comparison with nothing": delete("change", "base"),
    "a package that changed somehow": put("changed", "change", "packages", 0, "change"),
})
check("report", [("a comparison the other way round", better)], {
    "an ended finding without a place": delete("change", "ended", 0, "location"),
})
baselines = [(folder, audit("--root", ".", "--db", DATABASE, "--format", "baseline", folder=folder)) for folder in folders()]
check("baseline", baselines, {
    "another version": put(2, "version"),
    "findings without ids": delete("findings", 0, "ids"),
    "a package without a name": delete("packages", 0, "name"),
})
lying = TOP / "fixtures" / "rules" / "typosquat" / "flagged"
squats = audit("--root", ".", "--db", DATABASE, "--format", "json", folder=lying)
check("report", [(lying, squats)], {
    "a name without reasons": of_name(put([], "name", "reasons")),
    "a name that is likelier than certain": of_name(put(1.5, "name", "score")),
})
names = ["requests", "reqeusts", "", "a b", "requ\u0435sts", "json", "cv2", "x" * 10_000, "\u202e", "-x"]
lines = audit("name", "--no-config", "--format", "json", "--", *names).splitlines()
assert len(lines) == len(names), lines
check("name", [(name, line) for name, line in zip(names, lines)], {
    "a name without a verdict": delete("verdict"),
    "a verdict of its own": put("fine", "verdict"),
    "a good name with a target": put("numpy", "target"),
    "a bad name without a kind": put("suspect", "verdict"),
    "a score of 2": put(2, "score"),
    "a judgement without reasons": put([], "reasons"),
})
check("graph", graphs, {
    "a graph without inputs": delete("inputs"),
    "an input without its packages": delete("inputs", 0, "packages"),
    "a package without a line": delete("inputs", 0, "packages", 0, "line"),
    "a source of another type": put("ftp", "inputs", 0, "packages", 0, "source", "type"),
    "groups that are a text": put("main", "inputs", 0, "packages", 0, "groups"),
    "a dependency without a name": put([{}], "inputs", 0, "packages", 0, "dependencies"),
})
samples = TOP / "target" / "tmp" / "licenses"      # written by the tests of the license reports
licenses = [(samples, (samples / "sample.json").read_text())]
licenses += [(folder, audit("licenses", "--root", ".", "--format", "json", folder=folder)) for folder in folders()]
check("licenses", licenses, {
    "a license report without a verdict": delete("verdict"),
    "a license report that does not count skips": delete("summary", "skipped"),
    "a package without a decision": delete("packages", 0, "decision"),
    "a decision of its own": put("fine", "packages", 0, "decision"),
    "a rule about something else": put("typosquat", "packages", 0, "rule"),
    "an empty expression": put("", "packages", 0, "expression"),
    "evidence from nowhere": put("rumour", "packages", 0, "evidence", 0, "source"),
    "evidence that weighs nothing": delete("packages", 0, "evidence", 0, "strength"),
    "a likeness of 98": put(98, "packages", 0, "evidence", 0, "score"),
    "a place without a line": delete("packages", 0, "places", 0, "line"),
})
