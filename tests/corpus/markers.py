"""What `packaging` says about markers, in every environment that fits what is known of one.

    markers.py list FOLDER     every marker that the locks below a folder hold, as a JSON list
    markers.py                 reads such a list; gives for each, and each of the environments, `[answers, decided]`:
                               the different answers (true, false, or a text for an error), and whether Python and the
                               platform alone decide
"""

import itertools
import json
import sys
import tomllib
from pathlib import Path

from packaging.markers import Marker, Variable

PYTHONS = ["3.8", "3.12", "3.8.18", "3.12.4"]
# sys_platform, platform_system, os_name
PLATFORMS = [("linux", "Linux", "posix"), ("win32", "Windows", "nt"), ("darwin", "Darwin", "posix")]
MACHINES = ["x86_64", "arm64"]
IMPLEMENTATIONS = [("CPython", "cpython"), ("PyPy", "pypy")]
KNOWN = {"python_version", "python_full_version", "sys_platform", "platform_system", "os_name"}


# The keys under which locks hold markers: a text, a list of texts, or texts by group.
KEYS = {
    "marker", "markers", "resolution-markers", "environment-markers", "supported-markers", "required-markers",
    "environments", "environment_marker",
}


def texts(value):
    """The texts of a value."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        value = list(value.values())
    return set().union(*(texts(item) for item in value)) if isinstance(value, list) else set()


def held(value):
    """The markers that a document holds, wherever they stand."""
    if isinstance(value, list):
        return set().union(*(held(item) for item in value))
    if isinstance(value, dict):
        return set().union(*(texts(item) if key in KEYS else held(item) for key, item in value.items()))
    return set()


def listed(folder):
    """The markers of all locks below a folder; what is no whole document is passed over."""
    found = set()
    for path in Path(folder).rglob("*"):
        if not path.is_file() or not (path.suffix == ".lock" or path.name.startswith("pylock.")):
            continue
        try:
            text = path.read_text()
            found |= held(json.loads(text) if path.name == "Pipfile.lock" else tomllib.loads(text))
        except ValueError:
            continue
    return sorted(text for text in found if text)


def variables(parts):
    """The variables of a marker that was read."""
    if isinstance(parts, list):
        return set().union(*(variables(part) for part in parts))
    if isinstance(parts, tuple):
        return {side.value for side in (parts[0], parts[2]) if isinstance(side, Variable)}
    return set()


def environments(python, platform, patches):
    """Whole environments of one Python on one platform."""
    fulls = [python] if python.count(".") == 2 else [f"{python}.{patch}" for patch in patches]
    for full, machine, (implementation, short) in itertools.product(fulls, MACHINES, IMPLEMENTATIONS):
        yield {
            "python_version": ".".join(full.split(".")[:2]), "python_full_version": full,
            "sys_platform": platform[0], "platform_system": platform[1], "os_name": platform[2],
            "platform_machine": machine, "platform_python_implementation": implementation,
            "implementation_name": short, "implementation_version": full,
            "platform_release": "6.1.0", "platform_version": "#1 SMP", "extra": "",
        }


def answer(marker, environment):
    """True, false, or why there is no answer."""
    try:
        sets = {"extras": set(), "dependency_groups": set()}
        return bool(marker.evaluate({**environment, **sets}, context="lock_file"))
    except Exception as error:  # whatever it is, it is the answer
        return f"{type(error).__name__}: {error}"


def answers(marker, python, platform):
    """The different answers, and whether Python and the platform alone decide."""
    found = {answer(marker, environment) for environment in environments(python, platform, [0, 18])}
    decided = variables(marker._markers) <= KNOWN
    if decided and "python_full_version" in str(marker):
        decided = len({answer(marker, one) for one in environments(python, platform, range(31))}) == 1
    return [sorted(found, key=str), decided and len(found) == 1]


def main():
    """Answers about each marker, or the error with which it is refused."""
    if sys.argv[1:2] == ["list"]:
        return json.dump(listed(sys.argv[2]), sys.stdout)
    said = []
    for text in json.load(sys.stdin):
        try:
            marker = Marker(text)
        except Exception as error:
            said.append(str(error))
            continue
        said.append([answers(marker, python, platform) for python in PYTHONS for platform in PLATFORMS])
    json.dump(said, sys.stdout)


main()
