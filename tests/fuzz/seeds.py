"""Makes the first inputs of each fuzz target from the fixtures: `seeds.py FIXTURES CORPORA`.

Files that lie together become one input: `#### PATH` on a line of its own begins each but the first (src/archive.rs).
"""

import hashlib
import re
import sys
from pathlib import Path

LONGEST = 24 * 1024

# Target, then the names of its main files.
FILES = {
    "constraints": r"constraints.*\.txt$",
    "environment_yml": r"environment.*\.ya?ml$",
    "license_metadata": r".*\.metadata$",
    "pdm_lock": r"pdm\.lock$",
    "pip_config": r"pip\.conf$|setup\.cfg$",
    "pipfile": r"Pipfile$|pipfile-",
    "pipfile_lock": r"Pipfile\.lock$",
    "poetry_lock": r"poetry\.lock$",
    "pylock": r"pylock.*\.toml$",
    "pyproject": r"pyproject\.toml$|poetry-.*\.toml$|pdm.*\.toml$",
    "requirements_txt": r".*\.(txt|in)$",
    "sbom": r".*\.json$",
    "script": r".*\.py$",
    "setup_cfg": r"setup\.cfg$",
    "uv_lock": r"uv\.lock$",
    "toml_agreement": r".*\.(toml|lock)$|Pipfile$",
    "json_agreement": r".*\.json$|Pipfile\.lock$",
}
ALONE = {"toml_agreement", "json_agreement", "license_metadata"}

INSTALLED = """#### site-packages/harbour-2.3.0.dist-info/METADATA
Metadata-Version: 2.4
Name: harbour
Version: 2.3.0
Requires-Dist: mast[tall] (>=1.4) ; extra == "sails"
Requires-Dist: pier; python_version < '3.9'

Words.
#### site-packages/harbour-2.3.0.dist-info/direct_url.json
{"url": "https://git.example.com/harbour", "vcs_info": {"vcs": "git", "commit_id": "9f31c02"}}
#### site-packages/harbour-2.3.0.dist-info/REQUESTED
#### site-packages/mast.egg-info
Name: Mast
Version: 1.4
Provides-Extra: tall
#### site-packages/pier-3.egg/EGG-INFO/PKG-INFO
Name: pier
Version: 3
#### site-packages/jetty.egg-link
/somewhere
"""

VEX = """{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://vex.example/1", "author": "us", "version": 1,
"timestamp": "2026-01-01T00:00:00Z", "statements": [{"vulnerability": {"name": "CVE-2024-1", "aliases": ["GHSA-a-b-c"]},
"products": [{"@id": "pkg:pypi/shop@1.0", "subcomponents": [{"@id": "pkg:pypi/shoplib@1.4.1"}]}, {"@id": "pkg:pypi/jinja2"}],
"status": "not_affected", "justification": "vulnerable_code_not_present"}, {"vulnerability": {"name": "CVE-2024-2"},
"products": [{"identifiers": {"purl": "pkg:pypi/jinja2@3.1.2"}}], "status": "fixed"}]}"""

PYLOCK = """lock-version = "1.0"
environments = ["sys_platform == 'linux'"]
created-by = "uv"

[[packages]]
name = "harbour"
version = "2.3.0"
marker = "python_version < '3.12' and 'sails' in extras"
index = "https://index.example/simple"
dependencies = [{ name = "mast" }]
wheels = [{ name = "h.whl", url = "https://index.example/h.whl", hashes = { sha256 = "01" } }]

[[packages]]
name = "mast"
vcs = { type = "git", url = "https://git.example.com/mast", commit-id = "9f31c02" }

[[packages]]
name = "pier"
directory = { path = "pier", editable = true }

[[packages]]
name = "jetty"
version = "3"
archive = { url = "https://index.example/j.zip", hashes = { sha256 = "02" } }
"""


def shortened(data):
    """Whole entries from the beginning of a long file."""
    end = data.rfind(b"\n\n", 0, LONGEST)
    return data if len(data) <= LONGEST else data[: max(end, 0)]


def archive(main):
    """A file and what lies beside and below it."""
    parts = [shortened(main.read_bytes())]
    for path in sorted(main.parent.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        name = path.relative_to(main.parent).as_posix()
        if path != main and data and sum(map(len, parts)) + len(data) < LONGEST and "\n" not in name:
            parts.append(b"#### " + name.encode() + b"\n" + data)
    return b"\n".join(parts)


def main():
    fixtures, corpora = map(Path, sys.argv[1:])

    def put(target, data):
        if data:
            folder = corpora / target
            folder.mkdir(parents=True, exist_ok=True)
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)

    files = [path for path in sorted(fixtures.rglob("*")) if path.is_file()]
    lines, lists = set(), set()
    for path in files:
        for target, pattern in FILES.items():
            if re.match(pattern, path.name):
                put(target, shortened(path.read_bytes()) if target in ALONE else archive(path))
                put(target, shortened(path.read_bytes()))
        if re.search(r"\.(txt|in|toml|lock)$", path.name):
            text = path.read_text(errors="replace")
            lines.update(line.split(" #")[0].strip(' ",') for line in text.splitlines() if len(line) < 200)
            lists.update(re.findall(r"(?:[\^~<>=!]=?=? ?[0-9][0-9a-z.*+]*[,| ]*)+", text))
        if path.name == "audit.toml" or (path.name == "pyproject.toml" and "tool.audit" in path.read_text(errors="replace")):
            put("policy", shortened(path.read_bytes()))
        if path.name == "hashes.tsv":
            rows = [row.split("\t") for row in path.read_text().splitlines() if not row.startswith("#")]
            for _, manifest, digest in rows:
                put("lock_hash", f"{digest}\n".encode() + (path.parent / manifest).read_bytes())
    for folder in sorted({path.parent for path in files}):
        put("join", joined(folder))
    for number, line in enumerate(sorted(lines)):
        if number % 7 == 0 or ";" in line or "@" in line:
            put("requirement_lines", line.encode())
        put("markers", line.partition(";")[2].strip().encode())
    texts = sorted(lists)
    for first, second in zip(texts, texts[1:]):
        put("specifiers", f"{first}\n{second}\n1.0\n2.0.0rc1\n1.4.post1+cpu\n".encode())
    put("vex", VEX.encode())
    put("pylock", PYLOCK.encode())
    put("installed", INSTALLED.encode())
    put("installed", INSTALLED[: INSTALLED.index("#### site-packages/mast")].encode())


def joined(folder):
    """All small files of a folder, none of them the main one."""
    parts = [b""]
    for path in sorted(folder.iterdir()):
        if path.is_file() and sum(map(len, parts)) + path.stat().st_size < 2 * LONGEST:
            parts.append(b"#### " + path.name.encode() + b"\n" + shortened(path.read_bytes()))
    return b"\n".join(parts) if len(parts) > 1 else b""


main()
