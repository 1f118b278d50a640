"""Holds the bills of material to their standards, by the libraries of those who made the standards, and shows that
broken ones are refused.

    python .ci/license_reports.py target/release/audit
"""

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from cyclonedx.model.bom import Bom
from spdx_tools.spdx.parser.error import SPDXParsingError
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

TOP = Path(__file__).resolve().parent.parent
PROGRAM = str(Path(sys.argv[1]).resolve())
SAMPLES = TOP / "target" / "tmp" / "licenses"      # written by the tests of the license reports
UNRECOGNIZED = re.compile(
    r'(?:Unrecognized license reference: (\S+)\. '
    r'|A (?:plain license|license exception) symbol can.*? for token: "(\S+)")')
CYCLONEDX = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)


def cyclonedx_problem(text):
    """What is wrong with a document: by the schema, with formats, and by what the schema cannot say."""
    problem = CYCLONEDX.validate_str(text)
    if problem:
        return str(problem)
    document = json.loads(text)
    components = [document["metadata"]["component"], *document["components"]]
    known = [component["bom-ref"] for component in components]
    if len(known) != len(set(known)):
        return "a bom-ref stands twice"
    for dependency in document["dependencies"]:
        for reference in [dependency["ref"], *dependency.get("dependsOn", [])]:
            if reference not in known:
                return f"nothing has the bom-ref {reference}"
    Bom.from_json(document)
    return None


def spdx_problem(text):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "document.spdx.json"
        file.write_text(text)
        try:
            document = parse_file(str(file))
        except SPDXParsingError as error:
            return "; ".join(error.get_messages())
    problems = [problem.validation_message for problem in validate_full_spdx_document(document)]
    listed = set((SAMPLES / "list.txt").read_text().split())

    def is_ours(problem):
        """The library has an older license list than we do, takes the license MPL-2.0-no-copyleft-exception for an
        exception, and knows `+` of the GNU licenses only, where SPDX 2.3, annex D.3 allows it behind any id."""
        found = UNRECOGNIZED.match(problem)
        return found and (found[1] or found[2]).removesuffix("+") in listed

    return "; ".join(problem for problem in problems if not is_ours(problem)) or None


def check(name, problem, documents, breaks):
    for place, text in documents:
        wrong = problem(text)
        assert not wrong, f"{name} of {place}: {wrong}"
    for what, change in breaks.items():
        broken = copy.deepcopy(json.loads(documents[0][1]))
        change(broken)
        assert problem(json.dumps(broken)), f"{name}: {what} is accepted"
    print(f"{name}: {len(documents)} documents are valid, {len(breaks)} broken ones are refused")


def put(value, *path):
    def change(document):
        for step in path[:-1]:
            document = document[step]
        if value is None:
            del document[path[-1]]
        else:
            document[path[-1]] = value
    return change


def documents(form):
    """The sample first, then the other documents of the tests, then what the program itself writes."""
    files = [SAMPLES / f"sample.{form}", *sorted(SAMPLES.glob(f"*.{form}"))]
    assert len(files) > 4, f"the tests wrote {files}"
    texts = [(file.name, file.read_text()) for file in files]
    environment = {"HOME": "/nonexistent", "PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1795219200"}
    run = lambda *arguments: subprocess.run(
        [PROGRAM, *arguments], cwd=TOP, env=environment, capture_output=True, text=True)
    if "Usage: audit licenses" in run("licenses", "--help").stdout:
        for project in sorted(path for path in (TOP / "fixtures" / "projects").iterdir() if path.is_dir()):
            ran = run("licenses", "--format", form, str(project.relative_to(TOP)))
            assert ran.returncode in (0, 1, 3), f"{project}: {ran.returncode} {ran.stderr}"
            texts.append((project.name, ran.stdout))
    else:
        print("this program has no command `licenses` yet")
    return texts


def expressions(form, read):
    """Every expression that was written is read again as it was."""
    written = (SAMPLES / "expressions.txt").read_text().splitlines()
    found = [read(package) for package in json.loads((SAMPLES / f"expressions.{form}").read_text())
             ["components" if form == "cyclonedx" else "packages"][0 if form == "cyclonedx" else 1:]]
    assert found == written, f"{form}: {found} instead of {written}"


def of_component(component):
    choice = component["licenses"][0]
    return choice.get("expression") or choice["license"]["id"]


check("cyclonedx", cyclonedx_problem, documents("cyclonedx"), {
    "another format": put("SPDX", "bomFormat"),
    "a serial number that is none": put("urn:uuid:1", "serialNumber"),
    "a day that is none": put("yesterday", "metadata", "timestamp"),
    "a component without a name": put(None, "components", 0, "name"),
    "a license that is on no list": put([{"license": {"id": "Foo-1.0"}}], "components", 0, "licenses"),
    "two expressions": put([{"expression": "MIT"}, {"expression": "ISC"}], "components", 0, "licenses"),
    "an acknowledgement of its own":
        put([{"expression": "MIT", "acknowledgement": "guessed"}], "components", 0, "licenses"),
    "a scope of its own": put("dev", "components", 0, "scope"),
    "a digest that is none": put([{"alg": "SHA-256", "content": "xyz"}], "components", 0, "hashes"),
    "an algorithm that it does not know": put([{"alg": "crc32", "content": "a" * 64}], "components", 0, "hashes"),
    "a dependency on nothing": put([{"ref": "nothing"}], "dependencies"),
    "a member that it does not know": put("x", "components", 0, "decision"),
})
check("spdx", spdx_problem, documents("spdx"), {
    "another version": put("SPDX-9", "spdxVersion"),
    "a namespace that is none": put("shop", "documentNamespace"),
    "a day that is none": put("yesterday", "creationInfo", "created"),
    "a package without a name": put(None, "packages", 1, "name"),
    "an id with a blank": put("SPDXRef-a b", "packages", 1, "SPDXID"),
    "a license that is on no list": put("Foo-1.0", "packages", 1, "licenseConcluded"),
    "a reference to a license that is not there": put("LicenseRef-nothing", "packages", 1, "licenseDeclared"),
    "an expression that is none": put("MIT AND", "packages", 1, "licenseConcluded"),
    "a place that is none": put("over there", "packages", 1, "downloadLocation"),
    "a digest of the wrong length": put([{"algorithm": "SHA256", "checksumValue": "abc"}], "packages", 1, "checksums"),
    "a relationship with nothing": put("SPDXRef-nothing", "relationships", 1, "relatedSpdxElement"),
    "a relationship of its own": put("LIKES", "relationships", 1, "relationshipType"),
    "a document that describes nothing": put([], "relationships"),
})
expressions("cyclonedx", of_component)
expressions("spdx", lambda package: package["licenseConcluded"])
print("every expression comes through both")
