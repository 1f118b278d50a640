"""Checks the locks of the main manifest against `expected.json`, reading each with the standard library only.

    python3 check.py OUT
"""

import json
import re
import sys
import tomllib
from pathlib import Path

from wheelhouse import normalized

ROOT = "port-authority"


def name_of(requirement):
    """The name at the head of a requirement."""
    return normalized(re.match(r"[\w.-]+", requirement)[0])


def uv_lock(text):
    """Packages and edges of uv.lock."""
    lock = tomllib.loads(text)
    packages, edges = set(), set()
    for package in lock.get("package") or lock["distribution"]:
        key = (package["name"], package["version"])
        lists = [package.get("dependencies", []), *package.get("optional-dependencies", {}).values(),
                 *package.get("dev-dependencies", {}).values()]
        packages.add(key)
        edges |= {(key, dependency["name"]) for dependencies in lists for dependency in dependencies}
    return packages, edges


def poetry_lock(text):
    """Packages and edges of poetry.lock."""
    packages, edges = set(), set()
    for package in tomllib.loads(text)["package"]:
        key = (normalized(package["name"]), package["version"])
        packages.add(key)
        edges |= {(key, normalized(name)) for name in package.get("dependencies", {})}
    return packages, edges


def pdm_lock(text):
    """Packages and edges of pdm.lock; the entry of an extra is one with its package."""
    packages, edges = set(), set()
    for package in tomllib.loads(text)["package"]:
        key = (normalized(package["name"]), package["version"])
        packages.add(key)
        edges |= {(key, name_of(dependency)) for dependency in package.get("dependencies", [])} - {(key, key[0])}
    return packages, edges


def pylock(text):
    """Packages of pylock.toml, and the edges that PDM adds."""
    packages, edges = set(), set()
    for package in tomllib.loads(text)["packages"]:
        key = (package["name"], package["version"])
        packages.add(key)
        dependencies = package.get("tool", {}).get("pdm", {}).get("dependencies", [])
        edges |= {(key, name_of(dependency)) for dependency in dependencies} - {(key, key[0])}
    return packages, edges


def pipfile_lock(text):
    """Packages of Pipfile.lock."""
    categories = [packages for category, packages in json.loads(text).items() if category != "_meta"]
    return {(normalized(name), package["version"].removeprefix("==")) for packages in categories
            for name, package in packages.items()}, set()


def bom(text):
    """Components and dependencies of a CycloneDX bill of materials."""
    document = json.loads(text)
    components = {component["bom-ref"]: (component["name"], component["version"])
                  for component in [document["metadata"]["component"], *document["components"]]}
    edges = {(components[row["ref"]], components[to][0]) for row in document["dependencies"]
             for to in row.get("dependsOn", [])}
    return set(components.values()), edges


def requirements(text):
    """Pins of a requirements file, and the edges of its `# via` notes, by name."""
    packages, edges, name, noting = set(), set(), None, False
    for line in text.splitlines():
        pin = re.match(r"([\w.-]+)(?:\[.*?\])?==([^\s;]+)", line)
        if pin:
            name, noting = normalized(pin[1]), False
            packages.add((name, pin[2]))
        comment = line.partition("#")[2].strip()
        if name and (comment.startswith("via") or noting and comment):
            noting = True
            for parent in comment.removeprefix("via").split(","):
                parent = parent.strip()
                if parent:
                    edges.add((ROOT if parent.startswith("-r") else name_of(parent), name))
    return packages, edges


READERS = {
    "uv.lock": uv_lock, "poetry.lock": poetry_lock, "pdm.lock": pdm_lock, "Pipfile.lock": pipfile_lock, "bom.json": bom,
}


def reader(path):
    """What reads a lock, by its name."""
    return READERS.get(path.name) or (pylock if path.suffix == ".toml" else requirements)


def split(key):
    """`name==version` as a pair."""
    name, _, version = key.partition("==")
    return name, version or None


def wanted(expected, lock):
    """The packages and edges a lock should tell."""
    absent = {split(key) for key in expected["absent"][lock["environment"]]}
    packages = {(package["name"], package["version"]) for package in expected["packages"]
                if set(package["groups"]) & set(lock["groups"])} - absent
    edges = set()
    for edge in expected["edges"]:
        start, end = split(edge["from"]), split(edge["to"])
        if end not in packages or start not in packages and not (start[0] == ROOT and lock["root"]):
            continue
        if [edge["from"], edge["to"]] in lock.get("untold", []):
            continue
        edges.add((start if start[0] != ROOT else (ROOT, expected["project"]["version"]), end[0]))
    return packages, edges


def main(out):
    """Compares every lock; gives the number that differ."""
    expected = json.loads((Path(__file__).parent / "expected.json").read_text())
    failures = 0
    for path, lock in expected["locks"].items():
        packages, edges = reader(Path(path))((out / path).read_text())
        packages = {package for package in packages if package[0] != ROOT}
        packages_wanted, edges_wanted = wanted(expected, lock)
        if lock["edges"] == "via":
            edges_wanted = {(start[0], end) for start, end in edges_wanted}
        if lock["edges"] == "none":
            edges_wanted = set()
        if lock["environment"] != "every":
            names = {name for name, _ in packages_wanted}
            edges = {(start, end) for start, end in edges if end in names}
        differences = [("missing", packages_wanted - packages), ("extra", packages - packages_wanted),
                       ("missing edge", edges_wanted - edges), ("extra edge", edges - edges_wanted)]
        failures += any(rows for _, rows in differences)
        print("ok  " if not any(rows for _, rows in differences) else "DIFF", path)
        for what, rows in differences:
            for row in sorted(rows, key=str):
                print("      ", what, row)
    return failures


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
