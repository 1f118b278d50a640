"""Real packaging tools, each in a venv of its own, run where they can see nothing but the fixture index."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from index import HOST, SIMPLE

# venv: (what is installed, the program, Python)
TOOLS = {
    "uv": (["uv==0.13.9"], "uv", "3.11"),
    "uv-revision-3": (["uv==0.9.5"], "uv", "3.11"),
    "uv-revision-2": (["uv==0.7.13"], "uv", "3.11"),
    "uv-revision-1": (["uv==0.6.17"], "uv", "3.11"),
    "uv-revision-0": (["uv==0.4.30"], "uv", "3.11"),
    "uv-distribution": (["uv==0.2.30"], "uv", "3.11"),
    "poetry": (["poetry==2.5.1"], "poetry", "3.11"),
    "poetry-1.8": (["poetry==1.8.5"], "poetry", "3.11"),
    "poetry-1.1": (["poetry==1.1.15"], "poetry", "3.9"),
    "pdm": (["pdm[locked]==2.29.3"], "pdm", "3.11"),
    "pdm-4.4": (["pdm==2.10.4", "unearth==0.12.1"], "pdm", "3.11"),
    "pdm-4.0": (["pdm==2.0.3"], "pdm", "3.11"),
    "pdm-3.1": (["pdm==1.15.5"], "pdm", "3.11"),
    "pipenv": (["pipenv==2026.10.3"], "pipenv", "3.11"),
    "pip": (["pip==26.3"], "pip", "3.11"),
    "pip-py39": (["pip==25.3"], "pip", "3.9"),
    "pip-tools": (["pip-tools==7.6.2", "pip==26.3"], "pip-compile", "3.11"),
    "pip-tools-py39": (["pip-tools==7.5.2", "pip==25.3"], "pip-compile", "3.9"),
    "cyclonedx": (["cyclonedx-bom==7.5.0"], "cyclonedx-py", "3.11"),
}


class Toolbox:
    """Installs the tools, runs them, and remembers each command line."""

    def __init__(self, venvs, work, proxy_port):
        self.venvs = venvs
        self.work = work
        self.proxy = f"http://127.0.0.1:{proxy_port}"
        self.runs = []

    def install(self):
        """Makes the venvs that are missing, with the pip settings of the caller."""
        for name, (requirements, _, python) in TOOLS.items():
            venv = self.venvs / name
            if not (venv / "installed").exists():
                shutil.rmtree(venv, ignore_errors=True)
                subprocess.run([interpreter(python), "-m", "venv", venv], check=True)
                subprocess.run([venv / "bin/pip", "install", "-q", *requirements], check=True)
                (venv / "installed").write_text("\n".join(requirements) + "\n")

    def program(self, tool):
        """The path of a tool's program."""
        return self.venvs / tool / "bin" / TOOLS[tool][1]

    def version(self, tool):
        """The version that was asked for."""
        return TOOLS[tool][0][0].partition("==")[2]

    def run(self, tool, folder, *arguments, case, **variables):
        """Runs a tool in a folder; gives what it printed."""
        result = subprocess.run(
            [self.program(tool), *arguments], cwd=folder, env=self.environment(tool, variables),
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )
        if result.returncode != 0:
            raise RuntimeError(f"{case}: {tool} {' '.join(arguments)}\n{result.stdout}\n{result.stderr}")
        settings = "".join(f"{name}={value} " for name, value in sorted(variables.items()))
        self.runs.append((case, tool, settings + TOOLS[tool][1] + " " + " ".join(map(quoted, arguments))))
        return result.stdout

    def machine_paths(self):
        """What of this machine may stand in a lock, and what is written instead."""
        python = Path(sys.executable)
        folders = [str(python.resolve().parent), str(python.parent)]
        return [(str(self.work / "cases"), "/srv"), *((folder, "/usr/bin") for folder in folders)]

    def environment(self, tool, variables):
        """The variables of a run: nothing of the caller's, every address through the proxy, fresh caches."""
        home = self.work / "home" / tool
        home.mkdir(parents=True, exist_ok=True)
        return {
            "HOME": str(home), "PATH": f"{self.venvs / tool / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8",
            "http_proxy": self.proxy, "https_proxy": self.proxy, "HTTP_PROXY": self.proxy, "HTTPS_PROXY": self.proxy,
            "no_proxy": "", "COLUMNS": "120", "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1",
            "SOURCE_DATE_EPOCH": "1704164646",
            "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": SIMPLE, "PIP_TRUSTED_HOST": HOST,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "UV_PYTHON_DOWNLOADS": "never", "UV_CONCURRENT_DOWNLOADS": "2", "RAYON_NUM_THREADS": "1",
            "POETRY_VIRTUALENVS_CREATE": "false", "POETRY_KEYRING_ENABLED": "false",
            "PDM_CHECK_UPDATE": "0", "PDM_PYPI_URL": SIMPLE, "PDM_USE_VENV": "0", "PDM_IGNORE_SAVED_PYTHON": "1",
            "PIPENV_VENV_IN_PROJECT": "1", "PIPENV_NOSPIN": "1", "PIPENV_IGNORE_VIRTUALENVS": "1",
            **variables,
        }


def interpreter(version):
    """A Python of one minor version: this one, one on the PATH, or one of pyenv."""
    if sys.version.startswith(version + "."):
        return sys.executable
    pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    found = next(iter(pyenv), None) or shutil.which(f"python{version}")
    if found is None:
        raise RuntimeError(f"no Python {version}")
    return str(found)


def write(folder, name, text):
    """Writes a file of a case."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def quoted(argument):
    """An argument as a shell would want it."""
    return f"'{argument}'" if set(argument) & set(" <>*!;[]") else argument
