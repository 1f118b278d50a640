"""Makes lock files of one manifest with real packaging tools, and some odd ones, from a market of invented packages.

    python3 make.py OUT [--venvs DIR] [--only CASE ...]

The tools are installed into venvs with the caller's pip, then see only the index of `index.py`. Running it again gives
the same bytes. Needs Python 3.11, and 3.9 for the locks of another environment.
"""

import argparse
import re
import shutil
import tempfile
from pathlib import Path

import index
import odd_cases
from manifests import (
    DEV_REQUIREMENTS_IN, PIPFILE, PYPROJECT_PDM, PYPROJECT_PDM_OLD, PYPROJECT_POETRY, PYPROJECT_POETRY_1,
    PYPROJECT_POETRY_1_1, PYPROJECT_UV, PYPROJECT_UV_OLD, REQUIREMENTS_IN,
)
from toolbox import TOOLS, Toolbox, write
from wheelhouse import UPLOADED

SERIAL = "00000000-0000-4000-8000-000000000000"

# File: format.
EXPORTS = {"requirements.txt": "requirements-txt", "pylock.toml": "pylock.toml", "bom.json": "cyclonedx1.5"}


def uv(tools, folder, case):
    """`uv lock` of one generation: the folder has the name of the tool."""
    write(folder, "pyproject.toml", PYPROJECT_UV_OLD if case == "uv-distribution" else PYPROJECT_UV)
    tools.run(case, folder, "lock", case=case, UV_INDEX_URL=index.SIMPLE)


def uv_export(tools, folder, case):
    """`uv export`, in each of its formats."""
    write(folder, "pyproject.toml", PYPROJECT_UV)
    tools.run("uv", folder, "lock", case=case, UV_INDEX_URL=index.SIMPLE)
    for file_name, form in EXPORTS.items():
        tools.run("uv", folder, "export", "-q", "--frozen", "--all-extras", "--all-groups", "--format", form,
                  "-o", file_name, case=case, UV_INDEX_URL=index.SIMPLE)
    (folder / "uv.lock").unlink()


def uv_pip_compile(tools, folder, case):
    """`uv pip compile`: for every environment, for one with hashes, notes on the line, and as pylock.toml."""
    write(folder, "requirements.in", REQUIREMENTS_IN)
    write(folder, "pyproject.toml", PYPROJECT_UV)
    common = {"case": case, "UV_INDEX_URL": index.SIMPLE}
    every = ["pip", "compile", "-q", "pyproject.toml", "--universal", "--python-version", "3.9",
             "--extra", "survey", "--group", "dev"]
    tools.run("uv", folder, *every, "-o", "requirements.txt", **common)
    tools.run("uv", folder, *every, "-o", "pylock.toml", **common)
    tools.run("uv", folder, "pip", "compile", "-q", "requirements.in", "--generate-hashes", "--emit-index-url",
              "--annotation-style", "line", "-o", "requirements-hashes.txt", **common)


def poetry(tools, folder, case):
    """Poetry 2, from [project] and [dependency-groups]."""
    write(folder, "pyproject.toml", PYPROJECT_POETRY)
    tools.run(case, folder, "lock", case=case)


def poetry_1(tools, folder, case):
    """Poetry 1, from [tool.poetry]."""
    write(folder, "pyproject.toml", PYPROJECT_POETRY_1_1 if case == "poetry-1.1" else PYPROJECT_POETRY_1)
    tools.run(case, folder, "lock", case=case)


def pdm(tools, folder, case):
    """PDM 2: two lock targets, since one cannot hold two versions of a package."""
    write(folder, "pyproject.toml", PYPROJECT_PDM)
    tools.run(case, folder, "lock", "-G", ":all", "--python", ">=3.10", case=case)
    tools.run(case, folder, "lock", "-G", ":all", "--python", ">=3.9,<3.10", "--append", case=case)


def pdm_old(tools, folder, case):
    """PDM before 2.17, from [tool.pdm.dev-dependencies], for Python 3.10 and later."""
    write(folder, "pyproject.toml", PYPROJECT_PDM_OLD)
    tools.run(case, folder, "lock", *(["-G", ":all"] if case == "pdm-4.4" else []), case=case)


def pipenv(tools, folder, case):
    """Pipenv, with a category."""
    write(folder, "Pipfile", PIPFILE)
    tools.run(case, folder, "lock", "--categories", "packages dev-packages survey", case=case)


def pip_tools(tools, folder, case):
    """`pip-compile`: layered, with hashes, with notes on the line."""
    write(folder, "requirements.in", REQUIREMENTS_IN)
    write(folder, "dev-requirements.in", DEV_REQUIREMENTS_IN)
    tools.run(case, folder, "-q", "--strip-extras", "-o", "requirements.txt", "requirements.in", case=case)
    tools.run(case, folder, "-q", "--strip-extras", "-o", "dev-requirements.txt", "dev-requirements.in", case=case)
    tools.run(case, folder, "-q", "--no-strip-extras", "--generate-hashes", "-o", "requirements-hashes.txt",
              "requirements.in", case=case)
    tools.run(case, folder, "-q", "--no-strip-extras", "--annotation-style", "line", "--no-emit-index-url",
              "--no-emit-trusted-host", "--no-header", "-o", "requirements-line.txt", "requirements.in", case=case)


def pip_lock(tools, folder, case):
    """`pip lock`: one environment, no edges."""
    write(folder, "requirements.in", REQUIREMENTS_IN)
    tools.run(case, folder, "lock", "-q", "-r", "requirements.in", "-o", "pylock.toml", case=case)
    tools.run(case, folder, "lock", "-q", "-r", "requirements.in", "compass-rose>=0.9", "sextant-arc>=1",
              "-o", "pylock.all.toml", case=case)


MAIN = {
    "uv": uv, "uv-revision-3": uv, "uv-revision-2": uv, "uv-revision-1": uv, "uv-revision-0": uv, "uv-distribution": uv,
    "uv-export": uv_export, "uv-pip-compile": uv_pip_compile,
    "poetry": poetry, "poetry-1.8": poetry_1, "poetry-1.1": poetry_1,
    "pdm": pdm, "pdm-4.4": pdm_old, "pdm-4.0": pdm_old, "pdm-3.1": pdm_old,
    "pipenv": pipenv,
    "pip-tools": pip_tools, "pip-tools-py39": pip_tools, "pip": pip_lock, "pip-py39": pip_lock,
}


def kept(path):
    """Whether a file of a case is a manifest or a lock, or of an environment; all else is a tool's own state."""
    if ".venv" in path.parts:
        wanted = path.name in {"METADATA", "INSTALLER", "REQUESTED", "direct_url.json", "pyvenv.cfg"}
        return wanted and path.parts[0] in odd_cases.ENVIRONMENTS
    if path.name.startswith("."):
        return False
    return path.suffix in {".toml", ".lock", ".txt", ".in", ".json"} or path.name in {"Pipfile", "tool.py"}


def copy(cases, out, machine_paths):
    """Copies what is kept, without the paths of this machine and what a tool draws or reads from the clock."""
    for path in sorted(cases.rglob("*")):
        relative = path.relative_to(cases)
        if not path.is_file() or not kept(relative):
            continue
        text = path.read_text()
        for machine, neutral in machine_paths:
            text = text.replace(machine, neutral)
        text = re.sub(r"https://pypi\.\w+/", f"https://{index.HOST}/", text)
        text = re.sub(r'("serialNumber": "urn:uuid:)[^"]*', rf"\g<1>{SERIAL}", text)
        text = re.sub(r'("timestamp": ")[^"]*', rf"\g<1>{UPLOADED}", text)
        target = out / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def readme(tools):
    """The facts: which tool, which version, which command line."""
    lines = ["# Lock files made by real tools", "",
             "Made by `tests/tools/locks/make.py` from invented packages on an index that exists only while it runs.",
             "`tests/tools/locks/expected.json` says what the locks of the main manifest must tell, and what each",
             "format cannot.",
             "/srv stands for the folder above the case.",
             "", "| folder | tool | version | Python | command |", "|---|---|---|---|---|"]
    for case, tool, command in tools.runs:
        program, python = TOOLS[tool][1:]
        for machine, neutral in tools.machine_paths():
            command = command.replace(machine, neutral)
        lines.append(f"| {case} | {program} | {tools.version(tool)} | {python} | `{command}` |")
    return "\n".join(lines) + "\n"


def main():
    """Runs the cases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--venvs", type=Path, default=Path(tempfile.gettempdir()) / "tool-fixture-venvs")
    parser.add_argument("--only", nargs="*", help="the cases to run")
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    with tempfile.TemporaryDirectory(prefix="tool-fixtures-") as temporary:
        work = Path(temporary).resolve()
        tools = Toolbox(arguments.venvs.resolve(), work, index.serve().server_address[1])
        tools.install()
        cases = {**MAIN, **odd_cases.CASES}
        for case in arguments.only or cases:
            folder = work / "cases" / case
            folder.mkdir(parents=True)
            cases[case](tools, folder, case)
            print(case, flush=True)
            shutil.rmtree(out / case, ignore_errors=True)
        copy(work / "cases", out, tools.machine_paths())
        if not arguments.only:
            (out / "README.md").write_text(readme(tools))


if __name__ == "__main__":
    main()
