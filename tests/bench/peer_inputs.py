"""Writes the same pins as requirements.txt and as a uv project, for tests/bench/side-by-side.sh.

    python peer_inputs.py advisory-db 1102 FOLDER INDEX_URL

As in real projects, advisories exist for about a quarter of the names. Those names and versions are facts of advisory-db:
the highest version that a record of the package calls fixed. The other names are made up.
"""

import json
import sys
from pathlib import Path

from packaging.version import InvalidVersion, Version


def pins(folder, count):
    fixed = {}
    for file in sorted(Path(folder).glob("*.jsonl")):
        for line in file.read_text().splitlines():
            for affected in json.loads(line)["affected"]:
                for events in (entry["events"] for entry in affected.get("ranges", [])):
                    for version in (event["fixed"] for event in events if "fixed" in event):
                        try:
                            fixed.setdefault(affected["package"]["name"], []).append(Version(version))
                        except InvalidVersion:
                            pass
    chosen = sorted((name, str(max(versions))) for name, versions in fixed.items() if versions)
    assert len(chosen) >= count, len(chosen)
    step = len(chosen) / count
    known = [chosen[int(number * step)] for number in range(0, count, 4)]
    return sorted(known + [(f"made-up-{number}", f"1.{number}") for number in range(count - len(known))])


def main():
    source, count, folder, index = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    chosen = pins(source, count)
    (folder / "pins").mkdir(parents=True, exist_ok=True)
    (folder / "uv").mkdir(exist_ok=True)
    (folder / "pins" / "requirements.txt").write_text("".join(f"{name}=={version}\n" for name, version in chosen))
    wanted = "".join(f'    "{name}=={version}",\n' for name, version in chosen)
    (folder / "uv" / "pyproject.toml").write_text(
        f'[project]\nname = "pins"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = [\n{wanted}]\n'
    )
    lock = ['version = 1\nrevision = 3\nrequires-python = ">=3.11"\n']
    edges = "".join(f'    {{ name = "{name}" }},\n' for name, _ in chosen)
    requires = "".join(f'    {{ name = "{name}", specifier = "=={version}" }},\n' for name, version in chosen)
    entries = [
        (name, f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {{ registry = "{index}" }}\n')
        for name, version in chosen
    ]
    entries.append((
        "pins",
        f'[[package]]\nname = "pins"\nversion = "0"\nsource = {{ virtual = "." }}\ndependencies = [\n{edges}]\n\n'
        f"[package.metadata]\nrequires-dist = [\n{requires}]\n",
    ))
    lock += [text for _, text in sorted(entries)]
    (folder / "uv" / "uv.lock").write_text("\n".join(lock))


main()
