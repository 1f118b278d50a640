"""Holds the wheel to what it should be: the program, the licenses and true metadata, nothing else; it installs and runs.

    python .ci/wheel.py FOLDER      # the folder that maturin wrote the one wheel into
"""

import base64
import csv
import hashlib
import io
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from packaging.metadata import InvalidMetadata, Metadata
from packaging.utils import parse_wheel_filename

TOP = Path(__file__).resolve().parent.parent
FOLDER = Path(sys.argv[1]).resolve()
CARGO = tomllib.loads((TOP / "Cargo.toml").read_text())["package"]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
NAME = f"depaudit-{CARGO['version']}"


def metadata(wheel):
    text = wheel.read(f"{NAME}.dist-info/METADATA")
    said = Metadata.from_email(text, validate=True)
    assert (said.name, str(said.version)) == ("depaudit", CARGO["version"]), (said.name, said.version)
    assert said.summary == CARGO["description"] == PROJECT["description"]
    assert said.license_expression == CARGO["license"]
    assert said.license_files == PROJECT["license-files"], said.license_files
    assert said.keywords == CARGO["keywords"], said.keywords
    assert said.description_content_type.startswith("text/markdown")
    assert said.description.strip() == (TOP / "README.md").read_text(encoding="utf-8").strip()
    assert not said.requires_dist, said.requires_dist
    # The check can fail.
    breaks = [(b"Version: ", b"Version: x", "version"), (b"MIT OR Apache", b"MIT AND OR", "license_expression")]
    for old, new, says in breaks:
        assert old in text
        try:
            Metadata.from_email(text.replace(old, new, 1), validate=True)
        except* InvalidMetadata as problems:
            assert any(says in problem.field.replace("-", "_") for problem in problems.exceptions), problems.exceptions
        else:
            raise AssertionError(f"broken metadata pass: {new}")


def contents(wheel):
    """Exactly these files, each listed in RECORD with its digest."""
    names = {name for name in wheel.namelist() if not name.endswith("/")}
    about = f"{NAME}.dist-info"
    expected = {f"{NAME}.data/scripts/audit", f"{about}/METADATA", f"{about}/WHEEL", f"{about}/RECORD",
                *(f"{about}/licenses/{path}" for path in PROJECT["license-files"])}
    others = names - expected
    assert expected <= names, f"the wheel lacks {expected - names}"
    assert all(re.fullmatch(rf"{about}/sboms/.*\.json", name) for name in others), f"the wheel also holds {others}"
    program = wheel.getinfo(f"{NAME}.data/scripts/audit")
    assert (program.external_attr >> 16) & stat.S_IXUSR, "the program may not be executed"
    assert wheel.read(program).startswith(b"\x7fELF")
    for path, digest, _ in csv.reader(io.StringIO(wheel.read(f"{about}/RECORD").decode())):
        found = base64.urlsafe_b64encode(hashlib.sha256(wheel.read(path)).digest()).rstrip(b"=").decode()
        assert path == f"{about}/RECORD" or digest == f"sha256={found}", f"RECORD is wrong about {path}"
        names.discard(path)
    assert not names, f"RECORD lacks {names}"
    return program.file_size


def installed(path):
    """In an environment of its own, without a network."""
    environment = FOLDER / "environment"
    shutil.rmtree(environment, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", path]
    subprocess.run(pip, check=True)
    program = environment / "bin" / "audit"
    ran = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    assert ran.stdout == f"audit {CARGO['version']}\n", ran.stdout
    ran = subprocess.run([program, "fixtures/projects/webshop"], cwd=TOP, capture_output=True, text=True)
    assert ran.returncode == 1 and "\nfindings: " in ran.stdout, f"{ran.returncode}: {ran.stdout}{ran.stderr}"


wheels = list(FOLDER.glob("*.whl"))
assert len(wheels) == 1, f"{len(wheels)} wheels in {FOLDER}"
name, version, _, tags = parse_wheel_filename(wheels[0].name)
assert (name, str(version)) == ("depaudit", CARGO["version"]), wheels[0].name
assert {(tag.interpreter, tag.abi) for tag in tags} == {("py3", "none")}, f"{wheels[0].name} asks for a certain Python"
with zipfile.ZipFile(wheels[0]) as opened:
    assert opened.testzip() is None
    metadata(opened)
    size = contents(opened)
installed(wheels[0])
print(f"{wheels[0].name}: {wheels[0].stat().st_size:,} bytes, a program of {size:,} bytes; it installs and runs")
