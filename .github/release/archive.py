"""Packs a built program as a release archive: the same bytes for the same files, on every system.

    python .github/release/archive.py PROGRAM TARGET FOLDER      # TARGET as rustc names it
    python .github/release/archive.py --version                  # the version in Cargo.toml

Writes FOLDER/depaudit-VERSION-TARGET.tar.gz (.zip for Windows) and prints its path. Inside is one folder of the same
name. `.github/action/run.sh` and docs/gitlab rely on these names. Python 3.11, the standard library, nothing else.
"""

import gzip
import io
import os
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BESIDE = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "advisory-db/README.md"]
FIRST_DAY = 315_532_800     # 1980-01-01, before which a zip has no time


def version():
    return tomllib.loads((TOP / "Cargo.toml").read_text(encoding="utf-8"))["package"]["version"]


def files(program, name):
    """What the archive holds: name, mode, bytes."""
    executable = "audit.exe" if program.suffix == ".exe" else "audit"
    yield f"{name}/{executable}", 0o755, program.read_bytes()
    for path in BESIDE:
        yield f"{name}/{path}", 0o644, (TOP / path).read_bytes()


def tar(entries, seconds):
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=seconds) as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path, mode, text in entries:
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode, entry.mtime = len(text), mode, seconds
                archive.addfile(entry, io.BytesIO(text))
    return packed.getvalue()


def zipped(entries):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, mode, text in entries:
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return packed.getvalue()


def main(arguments):
    if arguments == ["--version"]:
        print(version())
        return
    program, target, folder = Path(arguments[0]), arguments[1], Path(arguments[2])
    name = f"depaudit-{version()}-{target}"
    entries = list(files(program, name))
    folder.mkdir(parents=True, exist_ok=True)
    if "windows" in target:
        path, packed = folder / f"{name}.zip", zipped(entries)
    else:
        seconds = max(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), FIRST_DAY)
        path, packed = folder / f"{name}.tar.gz", tar(entries, seconds)
    path.write_bytes(packed)
    print(path.as_posix())


if __name__ == "__main__":
    main(sys.argv[1:])
