"""The packages of the fixtures: tiny wheels made in memory, the same bytes every time.

All names are invented and none is on a public index. `RELEASES` is the whole market; a tool sees it through `index.py`.
"""

import base64
import hashlib
import io
import re
import zipfile

MOMENT = (2024, 1, 2, 3, 4, 6)
UPLOADED = "2024-01-02T03:04:06Z"

# (name as its METADATA spells it, version, Requires-Python, extras, Requires-Dist)
RELEASES = [
    # The main manifest.
    ("harbour-wall", "1.0.0", ">=3.8", ["lights"], ["tide-base>=1.0", "beacon-lamp>=1.0; extra == 'lights'"]),
    ("harbour-wall", "1.2.0", ">=3.8", ["lights"],
     ["tide-base<2,>=1.0", "Quay.Side>=2.0", "beacon-lamp>=1.2; extra == 'lights'"]),
    ("harbour-wall", "2.0.0rc1", ">=3.8", ["lights"], ["tide-base>=2.0", "beacon-lamp>=1.2; extra == 'lights'"]),
    ("tide-base", "1.0", ">=3.8", [], []),
    ("tide-base", "1.1", ">=3.8", [], []),
    ("tide-base", "2.0", ">=3.8", [], []),
    ("Quay.Side", "1.9.0", ">=3.8", [], ["lantern_glass"]),
    ("Quay.Side", "2.1.0", ">=3.8", [], ["lantern_glass>=0.3", "anchor-chain>=3.0; sys_platform == 'win32'"]),
    ("lantern_glass", "0.3.1", ">=3.8", [], []),
    ("lantern_glass", "0.3.2", ">=3.8", [], ["spyglass>=0.2; python_version < '3.11'"]),
    ("anchor-chain", "3.0.0", ">=3.8", [], []),
    ("anchor-chain", "3.1.0", ">=3.8", [], []),
    ("spyglass", "0.2.0", ">=3.8", [], []),
    ("spyglass", "0.2.0.post1", ">=3.8", [], []),
    ("winch-drum", "1.8.0", ">=3.7", [], ["mooring-line"]),
    ("winch-drum", "1.9.0", ">=3.7", [], ["mooring-line>=1.0"]),
    ("winch-drum", "2.1.0", ">=3.8", [], ["mooring-line>=1.0", "tide-base>=1.0"]),
    ("mooring-line", "1.5.0", ">=3.7", [], []),
    ("beacon-lamp", "1.0.0", ">=3.8", [], []),
    ("beacon-lamp", "1.4.0", ">=3.8", [], []),
    ("keel-plate", "1.0.1", ">=3.8", [], ["rudder-post>=1.0"]),
    ("rudder-post", "1.0.0", ">=3.8", [], []),
    ("rudder-post", "1.1.0", ">=3.8", [], ["keel-plate>=1.0"]),
    ("bell-buoy", "1.4.0", ">=3.8", [], []),
    ("bell-buoy", "2.0.0b2", ">=3.8", [], []),
    ("compass-rose", "0.8.0", ">=3.8", [], []),
    ("compass-rose", "0.9.2", ">=3.8", [], ["pilot-boat~=5.0"]),
    ("pilot-boat", "5.0", ">=3.8", [], []),
    ("pilot-boat", "5.3", ">=3.8", [], []),
    ("pilot-boat", "6.0", ">=3.8", [], []),
    ("sextant-arc", "1.0.0", ">=3.8", [], []),
    ("sextant-arc", "1.1.0", ">=3.8", [], ["tide-base>=1.0"]),
    # Versions that few write: leading zeros, an epoch, a local version.
    ("tide-table", "2024.01.05", ">=3.8", [], ["ferry-line"]),
    ("ferry-line", "1!2.0", ">=3.8", [], []),
    ("hull-paint", "1.0+harbour.3", ">=3.8", [], []),
]


def normalized(name):
    """The name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def metadata(name, version, requires_python, extras, requirements):
    """The text of METADATA."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += ["Summary: A part of a harbour.", "License: MIT", f"Requires-Python: {requires_python}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requirements]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    return "\n".join(lines) + "\n"


def wheel(release):
    """The file name and the bytes of one wheel."""
    name, version = release[0], release[1]
    module = normalized(name).replace("-", "_")
    info = f"{module}-{version}.dist-info"
    members = {
        f"{module}/__init__.py": f'__version__ = "{version}"\n',
        f"{info}/METADATA": metadata(*release),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: wheelhouse\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    return f"{module}-{version}-py3-none-any.whl", zipped(members, f"{info}/RECORD")


def zipped(members, record):
    """A zip of texts by path, with a RECORD of their hashes, stamped with one moment."""
    rows = [f"{path},{record_hash(text)},{len(text.encode())}\n" for path, text in members.items()]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, text in {**members, record: "".join(rows) + f"{record},,\n"}.items():
            archive.writestr(zipfile.ZipInfo(path, MOMENT), text)
    return buffer.getvalue()


def record_hash(text):
    """A hash as RECORD writes it."""
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def market():
    """Every release by normalised name: `{name: [(file name, bytes, METADATA, Requires-Python)]}`."""
    projects = {}
    for release in RELEASES:
        file_name, content = wheel(release)
        projects.setdefault(normalized(release[0]), []).append((file_name, content, metadata(*release), release[2]))
    return projects
