"""One manifest, in the words of every tool. `expected.json` says what all of their locks must tell."""

from index import HOST, SIMPLE

PROJECT = """\
[project]
name = "port-authority"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = [
    "harbour-wall[lights]>=1.2,<2",
    "Quay.Side>=2",
    "winch-drum<2; python_version < '3.10'",
    "winch-drum>=2; python_version >= '3.10'",
    "bell-buoy>=2.0.0b1",
    "keel-plate",
]

[project.optional-dependencies]
survey = ["sextant-arc>=1"]
"""

GROUPS = """
[dependency-groups]
dev = ["compass-rose>=0.9"]
"""

# A source of another name would only be added to the public index.
PDM_SOURCE = f"""
[[tool.pdm.source]]
name = "pypi"
url = "{SIMPLE}"
verify_ssl = false
"""

POETRY_SOURCE = f"""
[[tool.poetry.source]]
name = "harbour"
url = "{SIMPLE}/"
priority = "primary"
"""

# PDM before 2.17 cannot lock two versions of one package: these two manifests are for Python 3.10 and later.
PROJECT_FROM_310 = PROJECT.replace('">=3.9"', '">=3.10"').replace(
    "    \"winch-drum<2; python_version < '3.10'\",\n", ""
)
PDM_GROUPS = """
[tool.pdm.dev-dependencies]
dev = ["compass-rose>=0.9"]
"""

PYPROJECT_UV = PROJECT + GROUPS
# uv before 0.4.27 knows no [dependency-groups].
PYPROJECT_UV_OLD = PROJECT + '\n[tool.uv]\ndev-dependencies = ["compass-rose>=0.9"]\n'
PYPROJECT_PDM = PROJECT + GROUPS + PDM_SOURCE
PYPROJECT_PDM_OLD = PROJECT_FROM_310 + PDM_GROUPS + PDM_SOURCE
PYPROJECT_POETRY = PROJECT + GROUPS + "\n[tool.poetry]\npackage-mode = false\n" + POETRY_SOURCE

PYPROJECT_POETRY_1 = f"""\
[tool.poetry]
name = "port-authority"
version = "0.1.0"
description = "Ships come and go."
authors = ["Harbour Master <master@example.com>"]

[tool.poetry.dependencies]
python = ">=3.9"
harbour-wall = {{ version = ">=1.2,<2", extras = ["lights"] }}
"Quay.Side" = ">=2"
winch-drum = [
    {{ version = "<2", python = "<3.10" }},
    {{ version = ">=2", markers = "python_version >= '3.10'" }},
]
bell-buoy = {{ version = ">=2.0.0b1", allow-prereleases = true }}
keel-plate = "*"
sextant-arc = {{ version = ">=1", optional = true }}

[tool.poetry.extras]
survey = ["sextant-arc"]

[tool.poetry.group.dev.dependencies]
compass-rose = ">=0.9"
{POETRY_SOURCE}"""

# Poetry before 1.2 knows no groups, and before 1.5 no priorities.
PYPROJECT_POETRY_1_1 = (
    PYPROJECT_POETRY_1
    .replace("tool.poetry.group.dev.dependencies", "tool.poetry.dev-dependencies")
    .replace('priority = "primary"', "default = true")
)

# A Pipfile has one line for one package: it cannot say the branch for Python 3.9. A category stands in for the extra.
PIPFILE = f"""\
[[source]]
name = "harbour"
url = "{SIMPLE}"
verify_ssl = false

[packages]
harbour-wall = {{ version = ">=1.2,<2", extras = ["lights"] }}
"Quay.Side" = ">=2"
winch-drum = {{ version = ">=2", markers = "python_version >= '3.10'" }}
bell-buoy = ">=2.0.0b1"
keel-plate = "*"

[dev-packages]
compass-rose = ">=0.9"

[survey]
sextant-arc = ">=1"

[requires]
python_version = "3.11"
"""

REQUIREMENTS_IN = f"""\
--index-url {SIMPLE}
--trusted-host {HOST}

harbour-wall[lights]>=1.2,<2
Quay.Side>=2
winch-drum<2; python_version < '3.10'
winch-drum>=2; python_version >= '3.10'
bell-buoy>=2.0.0b1
keel-plate
"""

# The layered way of pip-tools: what a developer needs, bound by the lock of what is deployed.
DEV_REQUIREMENTS_IN = "-c requirements.txt\ncompass-rose>=0.9\n"
