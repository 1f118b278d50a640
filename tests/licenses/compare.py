"""The table of docs/licenses-compared.md, from what both programs say. See compare.sh.

What is right was read in the license files of the packages; it stands here, for the packages of which the two do not say
the same words.
"""

import json
import re
import sys

# What the license files say, read by a person.
TRUTH = {
    **dict.fromkeys(
        "amqp babel billiard click-plugins colorama cssselect2 django django-storages httpcore jinja2 prompt-toolkit "
        "pydyf pytest-django sqlparse tinycss2 weasyprint webencodings".split(),
        ("BSD-3-Clause", "three clauses in its license file"),
    ),
    **dict.fromkeys(
        "async-timeout boto3 botocore django-prometheus ghp-import requests s3transfer zopfli".split(),
        ("Apache-2.0", "the text in its license file"),
    ),
    **dict.fromkeys(["certifi", "pathspec"], ("MPL-2.0", "its license file")),
    "cryptography": ("Apache-2.0 OR BSD-3-Clause", "its LICENSE offers the choice"),
    "sniffio": ("MIT OR Apache-2.0", "its LICENSE offers the choice"),
    "vine": ("BSD-3-Clause", "three clauses; its documentation is under CC-BY-SA-4.0"),
    "pyphen": ("GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1", "a choice of three, by its LICENSE"),
    "python-dateutil": (None, "Apache-2.0 for what is new or relicensed, BSD-3-Clause for the rest: nobody can tell which files"),
}
# Names that stand for exactly one license.
NAMES = {"MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0"}


def main(theirs, ours, version):
    theirs = {re.sub(r"[-_.]+", "-", row["Name"]).lower(): row for row in json.load(open(theirs))}
    rows, same, named, wrong = [], 0, 0, 0
    for row in json.load(open(ours))["packages"]:
        name = row["name"]
        if name not in theirs:
            continue
        said = theirs[name]["License"]
        found = row["expression"]
        at = row["conclusion"]["evidence"]
        source = row["evidence"][at]["source"] if at is not None else "-"
        if said == found:
            same += 1
            continue
        if found is not None and NAMES.get(said) == found:
            named += 1
            continue
        if name not in TRUTH:
            raise SystemExit(f"{name}: read its license file and write into TRUTH what it says")
        truth, why = TRUTH[name]
        ours_text = found or "ambiguous: " + ", ".join(row["candidates"])
        if found is not None and truth is not None and found != truth:
            wrong += 1
            right = "pip-licenses" if said == truth else "neither"
        elif found is not None:
            right = "audit" if truth is not None else "neither"
            wrong += truth is None
        else:
            right = "both leave it open" if truth is None else "both leave it open, and could know"
        said = said.replace("|", "\\|")
        rows.append(f"| {name} {row['version']} | {said} | {ours_text} | {source} | {right}: {why} |")
    total = same + named + len(rows)
    print(
        f"""# Licenses: compared with pip-licenses

One environment, the {total} packages of [fixtures/projects/webshop](../fixtures/projects/webshop) installed from their wheels, asked by
both: {version} with `--from=mixed`, and `audit licenses`. Made by `tests/licenses/compare.sh`; what is right was read in the
license files.

- {same} packages: the same SPDX expression.
- {named} packages: the same license, which pip-licenses calls by a classifier (`MIT License`) and `audit` by its id (`MIT`).
- {len(rows)} packages: not the same; below. `audit` is wrong about {wrong} of all.

pip-licenses prints what the metadata says, so that a policy has to list every spelling, and `BSD License` is accepted or refused
whatever the text says. It needs the environment; `audit` also works from the lock alone, from wheels, and says how it knows.

| package | pip-licenses | audit | learnt from | which is right |
|---|---|---|---|---|"""
    )
    print("\n".join(rows))


main(*sys.argv[1:])
