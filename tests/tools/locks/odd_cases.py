"""What the main manifest does not show: workspaces, scripts, overrides, strategies, path projects, environments."""

import subprocess
import sys
import textwrap

from index import HOST, SIMPLE
from manifests import GROUPS, PDM_SOURCE, POETRY_SOURCE, PROJECT_FROM_310
from toolbox import write

ENVIRONMENTS = {"venv", "venv-uv"}
UV = {"UV_INDEX_URL": SIMPLE}

# A build backend inside the project, so that no tool has to fetch one.
BUILD_SYSTEM = """
[build-system]
requires = []
build-backend = "dockyard"
backend-path = ["."]
"""
DOCKYARD = '''\
"""A build backend that needs nothing but Python."""

import tomllib
import zipfile
from pathlib import Path

WHEEL = "Wheel-Version: 1.0\\nGenerator: dockyard\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"


def metadata():
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {project['version']}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in project.get("dependencies", [])]
    for extra, requirements in project.get("optional-dependencies", {}).items():
        lines += [f"Provides-Extra: {extra}"]
        lines += [f"Requires-Dist: {requirement}; extra == '{extra}'" for requirement in requirements]
    return project["name"].replace("-", "_"), project["version"], "\\n".join(lines) + "\\n"


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    name, version, text = metadata()
    info = Path(folder, f"{name}-{version}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text(text)
    (info / "WHEEL").write_text(WHEEL)
    return info.name


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name, version, text = metadata()
    info = f"{name}-{version}.dist-info"
    file_name = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(Path(folder, file_name), "w") as archive:
        archive.writestr(f"{name}.pth", str(Path.cwd()))
        archive.writestr(f"{info}/METADATA", text)
        archive.writestr(f"{info}/WHEEL", WHEEL)
        archive.writestr(f"{info}/RECORD", f"{name}.pth,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
    return file_name


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
build_editable = build_wheel
'''


def project(name, dependencies, *tables, python=">=3.9"):
    """A pyproject.toml with [project]."""
    lines = ["[project]", f'name = "{name}"', 'version = "0.1.0"', f'requires-python = "{python}"', "dependencies = ["]
    lines += [f'    "{dependency}",' for dependency in dependencies]
    return "\n".join(lines) + "\n]\n" + "".join(textwrap.dedent(table) for table in tables)


def buildable(folder, name, dependencies, *tables):
    """A project that a tool can build."""
    write(folder, "pyproject.toml", project(name, dependencies, *tables, BUILD_SYSTEM))
    write(folder, "dockyard.py", DOCKYARD)


def uv_workspace(tools, folder, case):
    """A virtual root with two members; one can be built, so it is editable, the other is virtual."""
    write(folder, "pyproject.toml", textwrap.dedent("""\
        [tool.uv.workspace]
        members = ["boats/*"]

        [dependency-groups]
        dev = ["compass-rose"]
        """))
    buildable(folder / "boats/tug", "tug", ["keel-plate", "harbour-wall<2"])
    write(folder / "boats/ferry", "pyproject.toml", project("ferry", ["tug", "Quay.Side"], """
        [tool.uv.sources]
        tug = { workspace = true }
        """))
    tools.run("uv", folder, "lock", case=case, **UV)


def uv_workspace_root(tools, folder, case):
    """A root that is a project itself, with a member it does not need, and a path project outside the workspace."""
    write(folder, "pyproject.toml", project("fleet", ["tug[radio]", "dinghy"], """
        [project.optional-dependencies]
        all = ["fleet[night]", "sextant-arc"]
        night = ["beacon-lamp"]

        [dependency-groups]
        lint = ["pilot-boat<6"]
        dev = [{ include-group = "lint" }, "compass-rose"]

        [tool.uv.sources]
        tug = { workspace = true }
        dinghy = { path = "dinghy", editable = true }

        [tool.uv.workspace]
        members = ["tug", "barge"]
        """))
    buildable(folder / "tug", "tug", ["keel-plate"], """
        [project.optional-dependencies]
        radio = ["bell-buoy"]
        """)
    buildable(folder / "dinghy", "dinghy", ["mooring-line"])
    write(folder / "barge", "pyproject.toml", project("barge", ["tide-base<2"]))
    tools.run("uv", folder, "lock", case=case, **UV)


def uv_script(tools, folder, case):
    """A script with PEP 723 metadata."""
    write(folder, "tool.py", textwrap.dedent("""\
        # /// script
        # requires-python = ">=3.9"
        # dependencies = [
        #     "harbour-wall[lights]<2",
        #     "spyglass; python_version < '3.11'",
        # ]
        # ///
        import harbour_wall

        print(harbour_wall.__version__)
        """))
    tools.run("uv", folder, "lock", "--script", "tool.py", case=case, **UV)


def uv_overrides(tools, folder, case):
    """Overrides, constraints, and a named index."""
    write(folder, "pyproject.toml", project("port-authority", ["harbour-wall", "winch-drum"], f"""
        [tool.uv]
        override-dependencies = ["tide-base==1.0", "lantern_glass<0.3.2"]
        constraint-dependencies = ["winch-drum<2", "sextant-arc<1.1"]

        [[tool.uv.index]]
        name = "harbour"
        url = "{SIMPLE}"
        default = true
        """))
    tools.run("uv", folder, "lock", case=case)


def uv_conflicts(tools, folder, case):
    """Two extras that exclude each other, two groups that do, and a fork by platform."""
    write(folder, "pyproject.toml", project(
        "port-authority", ["tide-base<1.1; sys_platform == 'win32'", "tide-base>=1.1,<2; sys_platform != 'win32'"], """
        [project.optional-dependencies]
        steam = ["winch-drum<2"]
        diesel = ["winch-drum>=2"]

        [dependency-groups]
        old = ["pilot-boat<6"]
        new = ["pilot-boat>=6"]

        [tool.uv]
        conflicts = [
            [{ extra = "steam" }, { extra = "diesel" }],
            [{ group = "old" }, { group = "new" }],
        ]
        """))
    tools.run("uv", folder, "lock", case=case, **UV)


def pdm_strategies(tools, folder, case):
    """Each strategy of PDM, and its pylock.toml."""
    strategies = {
        "static-urls": ["-S", "static_urls"],
        "no-inherit-metadata": ["-S", "no_inherit_metadata"],
        "no-cross-platform": ["-S", "no_cross_platform"],
        "direct-minimal-versions": ["-S", "direct_minimal_versions"],
        "platforms": ["--platform", "windows", "--implementation", "cpython"],
    }
    for name, options in strategies.items():
        write(folder / name, "pyproject.toml", PROJECT_FROM_310 + GROUPS + PDM_SOURCE)
        tools.run("pdm", folder / name, "lock", "-G", ":all", *options, case=f"{case}/{name}")
    write(folder / "pylock", "pyproject.toml", PROJECT_FROM_310 + GROUPS + PDM_SOURCE)
    tools.run("pdm", folder / "pylock", "lock", "-G", ":all", case=f"{case}/pylock", PDM_LOCK_FORMAT="pylock")


def pipenv_project(tools, folder, case):
    """An editable project, a path, a platform marker and a category."""
    buildable(folder, "port-authority", ["keel-plate"])
    buildable(folder / "libs/tug", "tug", ["mooring-line"])
    write(folder, "Pipfile", textwrap.dedent(f"""\
        [[source]]
        name = "harbour"
        url = "{SIMPLE}"
        verify_ssl = false

        [packages]
        port-authority = {{ editable = true, path = "." }}
        tug = {{ path = "./libs/tug" }}
        anchor-chain = {{ version = "*", sys_platform = "== 'win32'" }}

        [dev-packages]
        compass-rose = "*"

        [docs]
        sextant-arc = "~=1.0"
        """))
    categories = "packages dev-packages docs"
    tools.run("pipenv", folder, "lock", "--categories", categories, case=case)


def poetry_monorepo(tools, folder, case):
    """A root that depends on a library beside it."""
    head = '[tool.poetry]\nname = "{}"\nversion = "0.1.0"\ndescription = ""\nauthors = []\n'
    write(folder, "pyproject.toml", head.format("fleet") + textwrap.dedent("""
        [tool.poetry.dependencies]
        python = ">=3.10,<4.0"
        tug = { path = "libs/tug", develop = true, extras = ["radio"] }
        ferry = { path = "libs/ferry", develop = false }
        harbour-wall = "^1.0"

        [tool.poetry.group.docs]
        optional = true

        [tool.poetry.group.docs.dependencies]
        compass-rose = "*"
        """) + POETRY_SOURCE)
    write(folder / "libs/tug", "pyproject.toml", head.format("tug") + textwrap.dedent("""
        [tool.poetry.dependencies]
        python = ">=3.9"
        keel-plate = "^1.0"
        bell-buoy = { version = "<2", optional = true }

        [tool.poetry.extras]
        radio = ["bell-buoy"]
        """))
    write(folder / "libs/ferry", "pyproject.toml", head.format("ferry") + textwrap.dedent("""
        [tool.poetry.dependencies]
        python = ">=3.9"
        tug = { path = "../tug", develop = true }
        """))
    tools.run("poetry", folder, "lock", case=case)


ODD_VERSIONS = ["tide-table", "ferry-line", "hull-paint"]


def odd_versions(tools, folder, case):
    """Leading zeros, an epoch and a local version, as each tool writes them."""
    text = project("port-authority", ODD_VERSIONS)
    not_packaged = "\n[tool.poetry]\npackage-mode = false\n"
    for tool, tables in {"uv": "", "pdm": PDM_SOURCE, "poetry": not_packaged + POETRY_SOURCE}.items():
        write(folder / tool, "pyproject.toml", text + tables)
        tools.run(tool, folder / tool, "lock", case=f"{case}/{tool}", **(UV if tool == "uv" else {}))
    requirements = f"--index-url {SIMPLE}\n--trusted-host {HOST}\n" + "\n".join(ODD_VERSIONS) + "\n"
    write(folder / "pip", "requirements.in", requirements)
    tools.run("pip", folder / "pip", "lock", "-q", "-r", "requirements.in", "-o", "pylock.toml", case=f"{case}/pip")
    tools.run("pip-tools", folder / "pip", "-q", "--generate-hashes", "--strip-extras", "-o", "requirements.txt",
              "requirements.in", case=f"{case}/pip")
    source = f'[[source]]\nname = "harbour"\nurl = "{SIMPLE}"\nverify_ssl = false\n'
    packages = "".join(f'{name} = "*"\n' for name in ODD_VERSIONS)
    write(folder / "pipenv", "Pipfile", f"{source}\n[packages]\n{packages}")
    tools.run("pipenv", folder / "pipenv", "lock", case=f"{case}/pipenv")


WHEEL_URL = f"http://{HOST}/files/sextant_arc-1.1.0-py3-none-any.whl"


def pip_lock_project(tools, folder, case):
    """`pip lock` of a project beside it, an editable one, and the wheel of an address."""
    buildable(folder, "port-authority", ["keel-plate", "tug"])
    buildable(folder / "libs/tug", "tug", ["mooring-line"])
    write(folder, "requirements.in", f"-e .\n./libs/tug\nsextant-arc @ {WHEEL_URL}\ntide-base<2\n")
    tools.run("pip", folder, "lock", "-q", "-r", "requirements.in", case=case)
    tools.run("pip", folder, "lock", "-q", "./libs/tug", "-o", "pylock.tug.toml", case=case)


def venv(tools, folder, case):
    """An environment that pip filled: from the index, an address, a folder, an editable project. Its CycloneDX too."""
    buildable(folder / "port-authority", "port-authority", ["keel-plate", "tug"])
    buildable(folder / "libs/tug", "tug", ["mooring-line"])
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=folder, check=True)
    for requirements in (["harbour-wall[lights]<2", "winch-drum"], [f"sextant-arc @ {WHEEL_URL}"], ["./libs/tug"],
                         ["-e", "./port-authority"]):
        tools.run("pip", folder, "--python", ".venv", "install", "-q", *requirements, case=case)
    options = ["--output-reproducible", "--of", "JSON"]
    tools.run("cyclonedx", folder, "environment", ".venv", *options, "--sv", "1.6", "-o", "bom.json", case=case)
    tools.run("cyclonedx", folder, "environment", ".venv", *options, "--sv", "1.4", "--pyproject",
              "port-authority/pyproject.toml", "-o", "bom-1.4.json", case=case)


def venv_uv(tools, folder, case):
    """An environment that uv filled."""
    buildable(folder / "port-authority", "port-authority", ["keel-plate"])
    tools.run("uv", folder, "venv", "-q", "--python", sys.executable, case=case)
    for requirements in (["harbour-wall[lights]<2", f"sextant-arc @ {WHEEL_URL}"], ["-e", "./port-authority"]):
        tools.run("uv", folder, "pip", "install", "-q", *requirements, case=case, **UV)


CASES = {
    "uv-workspace": uv_workspace, "uv-workspace-root": uv_workspace_root, "uv-script": uv_script,
    "uv-overrides": uv_overrides, "uv-conflicts": uv_conflicts,
    "pdm-strategies": pdm_strategies, "pipenv-project": pipenv_project, "poetry-monorepo": poetry_monorepo,
    "odd-versions": odd_versions, "pip-lock-project": pip_lock_project,
    "venv": venv, "venv-uv": venv_uv,
}
