"""Holds the reports of an audit to their standards, by official schemas and by the programs of those who made the
standards, and shows that broken documents are refused.

    python .ci/reports.py target/release/audit

Needs the folder `shared` beside the project, for the schemas, and sarif-multitool in target/node.
"""

import copy
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from jsonschema import FormatChecker
from jsonschema.validators import validator_for
from lxml import etree

TOP = Path(__file__).resolve().parent.parent
PROGRAM = str(Path(sys.argv[1]).resolve())
SCHEMAS = TOP.parent / "shared" / "schemas"
SAMPLES = TOP / "target" / "tmp" / "reports"      # written by the tests of the reports
MULTITOOL = next((TOP / "target" / "node").glob("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"))
CYCLONEDX = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)
MARKET = "fixtures/reports/market"
JUNIT = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit.xsd")))
FORMATS = ["sarif", "gitlab", "codequality", "junit", "csv", "cyclonedx", "openvex"]


def schema(file):
    text = json.loads(file.read_text())
    return validator_for(text)(text, format_checker=FormatChecker())


SARIF = schema(SCHEMAS / "sarif-2.1.0.json")
GITLAB = schema(SCHEMAS / "gitlab-dependency-scanning-15.2.1.json")
OPENVEX = schema(SCHEMAS / "openvex-0.2.0.json")
CODEQUALITY = schema(TOP / "docs" / "schema" / "codequality.schema.json")


def by_schema(validator, document):
    problem = next(validator.iter_errors(document), None)
    return problem and f"{problem.json_path}: {problem.message[:300]}"


def sarif_problem(text):
    """By the schema, and by what GitHub says that it needs."""
    document = json.loads(text)
    problem = by_schema(SARIF, document)
    if problem:
        return problem
    [run] = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    if len(set(ids)) != len(ids):
        return "a rule stands twice"
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    if len(set(prints)) != len(prints):
        return "a fingerprint stands twice"
    for result in run["results"]:
        if ids[result["ruleIndex"]] != result["ruleId"]:
            return "a result has the index of another rule"
        if not result["message"]["text"]:
            return "a result without a text"
        for place in result["locations"] + result["relatedLocations"]:
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            if uri.startswith(("/", ".", "<", "file:")) or "\\" in uri or not uri.isascii() or " " in uri:
                return f"{uri} is no relative URI"
    return None


def multitool_problems(documents):
    """What Microsoft's validator finds, per document, by its rules and those for GitHub's code scanning."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (place, text) in enumerate(documents):
            file, answer = Path(folder) / f"{number}.sarif", Path(folder) / f"{number}.answer.sarif"
            file.write_text(text)
            environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
            ran = subprocess.run(
                [MULTITOOL, "validate", file, "-o", answer, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note",
                 "--log", "ForceOverwrite"],
                env=environment, capture_output=True, text=True)
            assert answer.exists(), f"sarif-multitool: {ran.stdout}{ran.stderr}"
            results = json.loads(answer.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
            found[place] = {(result["ruleId"], result.get("level", "warning")) for result in results}
    return found


def gitlab_problem(text):
    document = json.loads(text)
    ids = [one["id"] for one in document["vulnerabilities"]]
    return by_schema(GITLAB, document) or ("an id stands twice" if len(set(ids)) != len(ids) else None)


def codequality_problem(text):
    document = json.loads(text)
    prints = [one["fingerprint"] for one in document]
    return by_schema(CODEQUALITY, document) or ("a fingerprint stands twice" if len(set(prints)) != len(prints) else None)


def openvex_problem(text):
    document = json.loads(text)
    if document["statements"] == []:
        # The schema wants one at least, but there is nothing that could be said about nothing.
        document["statements"] = [{"vulnerability": {"name": "CVE-0000-0000"}, "status": "fixed"}]
    return by_schema(OPENVEX, document)


def junit_problem(text):
    try:
        document = etree.fromstring(text.encode())
    except etree.XMLSyntaxError as error:
        return str(error)
    if not JUNIT.validate(document):
        return str(JUNIT.error_log.last_error)
    for suite in document:
        for attribute, path in [("tests", "testcase"), ("failures", "*/failure"), ("errors", "*/error"), ("skipped", "*/skipped")]:
            if int(suite.get(attribute)) != len(suite.findall(path)):
                return f"{suite.get('name')}: {attribute} is {suite.get(attribute)}, but there are {len(suite.findall(path))}"
        if not any(len(case) == 0 for case in suite.findall("testcase")):
            return f"nothing passes in {suite.get('name')}"
    return None


def cyclonedx_problem(text):
    problem = CYCLONEDX.validate_str(text)
    if problem:
        return str(problem)
    document = json.loads(text)
    components = [document["metadata"]["component"], *document["components"]]
    known = {component["bom-ref"] for component in components}
    for one in document["vulnerabilities"]:
        for affected in one["affects"]:
            if affected["ref"] not in known:
                return f"nothing has the bom-ref {affected['ref']}"
    if {"name": "gitlab:meta:schema_version", "value": "1"} not in document["metadata"]["properties"]:
        return "GitLab would read none of its properties"
    Bom.from_json(document)
    return None


def csv_problem(text):
    if not text.endswith("\r\n"):
        return "the last line has no end"
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if any(len(line) != len(lines[0]) for line in lines):
        return "the lines are not equally long"
    formula = next((cell for line in lines for cell in line if cell.lstrip().startswith(("=", "+", "-", "@"))), None)
    return formula and f"{formula} is a formula"


def documents(form):
    """The samples of the tests first, then what the program itself writes."""
    names = ["benign", "sample", "empty"]
    return [(name, (SAMPLES / f"{name}.{form}").read_bytes().decode()) for name in names] + [
        (place, texts[form]) for place, texts in RUNS.items()]


def runs():
    """Every format of real runs: projects, and every rule at work."""
    folders = [path for path in (TOP / "fixtures" / "projects").iterdir() if path.is_dir()]
    folders += [path for path in (TOP / "fixtures" / "rules").glob("*/flagged") if path.is_dir()]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        environment = {"HOME": "/nonexistent", "PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1795219200"}
        for path in [MARKET, *sorted(str(path.relative_to(TOP)) for path in folders)]:
            files = {form: Path(folder) / form for form in FORMATS}
            reports = [f"--report={form}={file}" for form, file in files.items()]
            ran = subprocess.run(
                [PROGRAM, path, "--quiet", "--ignore", "CVE-0000-0001", "--reason", "nothing has it", *reports],
                cwd=TOP, env=environment, capture_output=True, text=True)
            assert ran.returncode in (0, 1, 3), f"{path}: {ran.returncode} {ran.stderr}"
            found[path] = {form: file.read_bytes().decode() for form, file in files.items()}
    return found


def check(form, problem, breaks):
    """All documents are valid; each change of the benign one makes one that is not."""
    texts = documents(form)
    for place, text in texts:
        wrong = problem(text)
        assert not wrong, f"{form} of {place}: {wrong}"
    for what, change in breaks.items():
        text = texts[0][1]
        if callable(change):
            document = json.loads(text)
            change(document)
            broken = json.dumps(document)
        else:
            assert change[0] in text, f"{form}: {change[0]} is not there"
            broken = text.replace(*change, 1)
        assert problem(broken), f"{form}: {what} is accepted"
    print(f"{form}: {len(texts)} documents are valid, {len(breaks)} broken ones are refused")


def put(value, *path):
    def change(document):
        for step in path[:-1]:
            document = document[step]
        if value is None:
            del document[path[-1]]
        else:
            document[path[-1]] = value
    return change


RUN = ("runs", 0)
RUNS = runs()
check("sarif", sarif_problem, {
    "another version": put("2.0.0", "version"),
    "a result without a message": put(None, *RUN, "results", 0, "message"),
    "a level of its own": put("deny", *RUN, "results", 0, "level"),
    "a line 0": put(0, *RUN, "results", 5, "locations", 0, "physicalLocation", "region", "startLine"),
    "an absolute path": put("/home/x", *RUN, "results", 5, "locations", 0, "physicalLocation", "artifactLocation", "uri"),
    "a path with a blank": put("a b", *RUN, "results", 5, "locations", 0, "physicalLocation", "artifactLocation", "uri"),
    "a suppression of its own kind": put([{"kind": "policy"}], *RUN, "results", 0, "suppressions"),
    "a state of its own": put("news", *RUN, "results", 0, "baselineState"),
    "the index of another rule": put(0, *RUN, "results", 0, "ruleIndex"),
    "bytes as columns": put("bytes", *RUN, "columnKind"),
})
texts = documents("sarif")
# What it says of every tool that runs offline (2006), has no page in the web (2005, 2012), has words for ids (2009), and
# neither copies the files that it read (2010, 2011) nor writes templates for messages (2002) or reads git (2003).
KNOWN = {f"SARIF20{number:02}" for number in (2, 3, 5, 6, 9, 10, 11, 12)}
for place, problems in multitool_problems(texts).items():
    other = sorted(problem for problem in problems if problem[1] == "error" or problem[0] not in KNOWN)
    assert not other, f"sarif-multitool about {place}: {other}"
broken = json.loads(texts[0][1])
broken["runs"][0]["results"][5]["locations"][0]["physicalLocation"]["region"] = {"startLine": 7, "endLine": 3}
broken["runs"][0]["results"][5]["ruleIndex"] = 4711
[problems] = multitool_problems([("broken", json.dumps(broken))]).values()
assert any(level == "error" for _, level in problems), f"sarif-multitool accepts a broken document: {problems}"
print(f"sarif-multitool: no error in {len(texts)} documents, and a broken one is refused")
check("gitlab", gitlab_problem, {
    "a time with a zone": put("2026-11-21T00:00:00Z", "scan", "start_time"),
    "another type": put("sast", "scan", "type"),
    "a long name": put("x" * 256, "vulnerabilities", 0, "name"),
    "a severity of its own": put("critical", "vulnerabilities", 0, "severity"),
    "a vector of CVSS 4": put(
        [{"vendor": "x", "vector": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N"}],
        "vulnerabilities", 0, "cvss_vectors"),
    "no vectors": put([], "vulnerabilities", 0, "cvss_vectors"),
    "no identifiers": put([], "vulnerabilities", 0, "identifiers"),
    "a link that is none": put([{"url": "javascript:alert(1)"}], "vulnerabilities", 0, "links"),
    "no version": put(None, "vulnerabilities", 0, "location", "dependency", "version"),
})
check("codequality", codequality_problem, {
    "no description": put(None, 0, "description"),
    "a severity of its own": put("deny", 0, "severity"),
    "an absolute path": put("/etc/passwd", 0, "location", "path"),
    "a path that leads out": put("a/../../b", 0, "location", "path"),
    "a line 0": put(0, 0, "location", "lines", "begin"),
    "a fingerprint that is none": put("", 0, "fingerprint"),
    "a fingerprint twice": lambda document: document.append(document[0]),
})
check("junit", junit_problem, {
    "a test that ended in another way": ("<failure ", "<warning "),
    "no host": ("hostname=\"localhost\"", ""),
    "a time with a zone": ("T00:00:00\"", "T00:00:00Z\""),
    "a wrong count": ("failures=\"5\"", "failures=\"4\""),
    "a character that XML does not know": ("was read", "was \x1b read"),
    "an open element": ("</testsuite>", ""),
})
check("csv", csv_problem, {
    "a formula": ("finding,", "=cmd,"),
    "a cell too many": (",stale-database,", ",,stale-database,"),
})
check("cyclonedx", cyclonedx_problem, {
    "a method of its own": put("CVSS", "vulnerabilities", 0, "ratings", 0, "method"),
    "a severity of its own": put("deny", "vulnerabilities", 0, "ratings", 0, "severity"),
    "a moment that is none": put("yesterday", "vulnerabilities", 0, "published"),
    "a state of its own": put({"state": "ignored"}, "vulnerabilities", 0, "analysis"),
    "what affects nothing": put([{"ref": "nothing"}], "vulnerabilities", 0, "affects"),
    "a member that it does not know": put("x", "vulnerabilities", 0, "level"),
    "no version for GitLab": put([], "metadata", "properties"),
})
check("openvex", openvex_problem, {
    "no author": put(None, "author"),
    "a status of its own": put("ignored", "statements", 0, "status"),
    "no action": put(None, "statements", 0, "action_statement"),
    "no grounds": put({"vulnerability": {"name": "CVE-1"}, "status": "not_affected"}, "statements", 0),
    "a justification of its own": put("because", "statements", 0, "justification"),
    "the same twice": lambda document: document["statements"].append(document["statements"][0]),
    "a day for a moment": put("2026-11-21", "timestamp"),
    "an id that is none": put("no iri", "@id"),
})
