"""Holds what other tools read to the rules of those tools: workflows, the action, hooks, the GitLab template, and the
examples of the pages about them. Each check is also shown something broken that it must refuse.

    python .ci/packaging_files.py target/release/audit

`.ci/packaging_scripts.py` runs the scripts in them.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

TOP = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.argv[1]).resolve()
WORK = TOP / "target" / "tmp" / "packaging"
TOOLS = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PRE_COMMIT_HOME": str(WORK / "pre-commit"), "NO_COLOR": "1", "PRE_COMMIT_COLOR": "never",
               "PATH": f"{PROGRAM.parent}{os.pathsep}{TOOLS}{os.pathsep}{os.environ['PATH']}"}

SCHEMAS = {     # by the path that the first line of an example names
    ".github/workflows/": ["--builtin-schema", "vendor.github-workflows"],
    "action.yml": ["--builtin-schema", "vendor.github-actions"],
    ".gitlab-ci.yml": ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


def run(*command, folder=TOP):
    return subprocess.run([str(part) for part in command], cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)


def accepts(what, *command, folder=TOP):
    ran = run(*command, folder=folder)
    assert ran.returncode == 0, f"{what}: {' '.join(map(str, command))}\n{ran.stdout}{ran.stderr}"


def refuses(what, says, *command, folder=TOP):
    ran = run(*command, folder=folder)
    assert ran.returncode != 0, f"{what}: accepted by {' '.join(map(str, command))}"
    assert says in ran.stdout + ran.stderr, f"{what}: refused, but not for {says!r}:\n{ran.stdout}{ran.stderr}"


def written(name, text):
    path = WORK / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def replaced(path, old, new):
    """A file with one place broken."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{path} has no {old!r} to break"
    return text.replace(old, new, 1)


def validate(kind, paths):
    if kind == ".pre-commit-config.yaml":
        accepts(kind, TOOLS / "pre-commit", "validate-config", *paths)
    else:
        accepts(kind, TOOLS / "check-jsonschema", *SCHEMAS[kind], *paths)


def documents():
    """The files of the repository, with the examples in the pages, which say in their first line what they are, or are
    steps of a GitHub job, or jobs of GitLab."""
    workflows = sorted((TOP / ".github" / "workflows").glob("*.yml"))
    template = TOP / "docs" / "gitlab" / "audit.gitlab-ci.yml"
    kinds = {".github/workflows/": workflows[:], "action.yml": [TOP / "action.yml"], ".gitlab-ci.yml": [template],
             ".pre-commit-config.yaml": []}
    count = 0
    for page in sorted((TOP / "docs").glob("*.md")):
        for example in re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
            name = example.split("\n", 1)[0].removeprefix("# ")
            found = [kind for kind in kinds if name.startswith(kind)]
            part = yaml.safe_load(example)
            if not found and isinstance(part, list):
                job = {"runs-on": "ubuntu-latest", "steps": part}
                example = yaml.safe_dump({"name": "audit", "on": "push", "jobs": {"audit": job}})
                found = [".github/workflows/"]
            elif not found and isinstance(part, dict):
                found = [".gitlab-ci.yml"]
            assert found, f"{page.name}: the first line of an example names no file: {name!r}"
            count += 1
            kinds[found[0]].append(written(f"examples/{page.stem}-{count}.yaml", example))
            uses_the_action(page, example)
    assert count >= 4, f"only {count} examples found"
    for kind, paths in kinds.items():
        validate(kind, paths)
    accepts("the hooks", TOOLS / "pre-commit", "validate-manifest", TOP / ".pre-commit-hooks.yaml")
    for kind, path, old, new, says in [
        (".github/workflows/", workflows[-1], "runs-on:", "runs-in:", "runs-in"),
        ("action.yml", TOP / "action.yml", "using: composite", "using: shell", "shell"),
        (".gitlab-ci.yml", template, "when: always", "when: sometimes", "sometimes"),
    ]:
        broken = written(f"broken/{path.name}", replaced(path, old, new))
        refuses(f"a broken {path.name}", says, TOOLS / "check-jsonschema", *SCHEMAS[kind], broken)
    manifest = replaced(TOP / ".pre-commit-hooks.yaml", "language: python", "language: snake")
    hooks = written("broken/hooks.yaml", manifest)
    refuses("a hook in a language of its own", "snake", TOOLS / "pre-commit", "validate-manifest", hooks)
    config = written("broken/config.yaml", replaced(kinds[".pre-commit-config.yaml"][0], "rev:", "version:"))
    refuses("a configuration without a revision", "rev", TOOLS / "pre-commit", "validate-config", config)
    print(f"{len(workflows)} workflows, the action, the hooks, the GitLab template and {count} examples in the pages "
          "are valid; 5 broken ones are refused")


def uses_the_action(page, example):
    """Examples give the action no input, and read no output, that it does not have."""
    action = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
    for job in (yaml.safe_load(example).get("jobs") or {}).values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("OWNER/"):
                unknown = set(step.get("with", {})) - set(action["inputs"])
                assert not unknown, f"{page.name}: the action has no input {unknown}"
                for output in re.findall(rf"steps\.{step.get('id')}\.outputs\.([\w-]+)", example):
                    assert output in action["outputs"], f"{page.name}: the action has no output {output}"


def safety():
    """No text of a workflow is a script; actions are pinned; permissions are small."""
    zizmor = [TOOLS / "zizmor", "--offline", "--no-progress", "--quiet"]
    accepts("workflows and the action", *zizmor, TOP / ".github", TOP / "action.yml")
    for name, path, old, new, says in [
        ("action.yml", TOP / "action.yml",
         'run: bash "$GITHUB_ACTION_PATH', 'run: ${{ inputs.args }} "$GITHUB_ACTION_PATH', "template-injection"),
        (".github/workflows/release.yml", TOP / ".github/workflows/release.yml",
         "download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131", "download-artifact@main", "unpinned-uses"),
    ]:
        written(f"unsafe/{name}", replaced(path, old, new))
        refuses(f"an unsafe {name}", says, *zizmor, WORK / "unsafe" / name)
    print("workflows and the action are safe; 2 unsafe ones are refused")


def steps(path):
    """The scripts of a workflow or an action, each as a file."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    jobs = [*document.get("jobs", {}).values(), document.get("runs", {})]
    texts = [step["run"] for job in jobs for step in job.get("steps", []) if "run" in step]
    return [written(f"steps/{path.stem}-{number}.sh", f"set -e\n{text}") for number, text in enumerate(texts)]


def targets():
    """What the release builds is what the action fetches and what the page lists."""
    release = yaml.safe_load((TOP / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    built = {entry["target"] for entry in release["jobs"]["build"]["strategy"]["matrix"]["include"]}
    script = (TOP / ".github" / "action" / "run.sh").read_text(encoding="utf-8")
    page = (TOP / "docs" / "install.md").read_text(encoding="utf-8")
    triple = r"((?:x86_64|aarch64)-[a-z]+-[a-z]+(?:-[a-z]+)?)"
    fetched = set(re.findall(rf"echo {triple} ", script))
    listed = set(re.findall(rf"^\| `depaudit-VERSION-{triple}\.", page, re.M))
    assert built == fetched == listed, f"built {built}, fetched {fetched}, listed {listed}"
    counted = re.search(r"wc -l <SHA256SUMS\)\" = (\d+) ", release["jobs"]["release"]["steps"][1]["run"])
    assert int(counted[1]) == 2 * len(built), "an archive and a wheel for each target"
    print(f"{len(built)} targets are built, fetched by the action and listed in the page")


def shell():
    shellcheck = TOOLS / "shellcheck"
    scripts = [*TOP.glob(".github/*/*.sh"), TOP / ".ci" / "run", TOP / ".ci" / "offline"]
    for path in [*(TOP / ".github" / "workflows").glob("*.yml"), TOP / "action.yml"]:
        scripts += steps(path)
    accepts("scripts", shellcheck, "--shell", "bash", "--severity", "warning", *scripts)
    template = yaml.safe_load((TOP / "docs" / "gitlab" / "audit.gitlab-ci.yml").read_text(encoding="utf-8"))
    gitlab = written("gitlab.sh", "\n".join(template["audit"]["script"]))
    accepts("the GitLab job", shellcheck, "--shell", "sh", "--exclude", "SC2086", gitlab)     # AUDIT_PATHS is split
    broken = written("broken/run.sh", replaced(TOP / ".github/action/run.sh", 'cd -- "${AUDIT_ACTION_FOLDER:-.}" ||',
                                               "rm -rf $AUDIT_ACTION_FOLDER/* ||"))
    refuses("a script that expands text", "SC2115", shellcheck, "--shell", "bash", "--severity", "warning", broken)
    print(f"{len(scripts) + 1} scripts pass shellcheck; a broken one is refused")


NAMES = """
    requirements.txt requirements.in dev-requirements.txt requirements-dev.txt requirements_test.in xrequirements.txt
    requirements/base.txt requirements/base.in a/requirements/prod.txt requirements/deep/prod.txt requirements.md
    requirement.txt Requirements.txt requirements.txt.bak requirements.yml myrequirements/base.txt requirements/notes.md
    constraints.txt constraint.txt my-constraints-dev.txt constraints.in requirements/constraints.txt constraints.toml
    requirements-constraints.in poetry.lock uv.lock pdm.lock Pipfile.lock Pipfile tool.py.lock .py.lock py.lock
    xpoetry.lock poetry.lock.bak Poetry.lock Cargo.lock pipfile Pipfile.bak pylock.toml pylock.dev.toml pylock.a.b.toml
    pylock..toml pylock.dev.tom xpylock.toml pylock.dev.json environment.yml environment.yaml environment-dev.yml
    environment_gpu.yaml environments.yml my-environment.yml environment.json environment.yml.j2 pyproject.toml
    pyproject.toml.bak xpyproject.toml setup.cfg setup.py xsetup.py setup.cfg.in package.json go.mod README.md main.py
    REQUIREMENTS.TXT Dev-Requirements.In Constraints.Txt requirements/Base.TXT Requirements/base.txt Environment.yml
    UV.lock notes.txt a/b/c/poetry.lock a.d/pyproject.toml .hidden/requirements.txt
""".split()
TEXTS = {
    "setup.cfg": "[options]\ninstall_requires =\n    requests\n",
    "setup.py": "setup(install_requires=['requests'])\n",
}


def patterns():
    """The hooks run for exactly the files that discovery finds, and for policies."""
    hooks = yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    found = {hook["files"] for hook in hooks}
    assert len(found) == 1, "the hooks differ in `files`"
    pattern = re.compile(found.pop())
    made = ["".join(parts) for parts in itertools.product(
        ["", "sub/"], ["", "x-"], ["requirements", "constraints", "environment", "pylock", "uv", "Pipfile"],
        ["", "-dev", ".dev"], [".txt", ".in", ".toml", ".lock", ".yml", ".yaml", ""])]
    matched = 0
    for number, name in enumerate([*NAMES, *made]):
        folder = WORK / "names" / str(number)
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(TEXTS.get(name, ""))
        ran = run(PROGRAM, "--root", ".", "--no-config", ".", folder=folder)
        assert ran.returncode in (0, 1, 2, 3), f"{name}: {ran.returncode} {ran.stderr}"
        matches = pattern.search(name) is not None
        matched += matches
        assert matches == (ran.returncode != 2), f"{name}: the hook says {matches}, the program {ran.returncode}"
    for name, expected in {"audit.toml": True, "sub/audit.toml": True, "xaudit.toml": False, "audit.toml.bak": False,
                           "audit.toml\nx": False}.items():
        assert (pattern.search(name) is not None) == expected, name
    assert 0 < matched < len(NAMES) + len(made)
    print(f"the hooks and the program agree on {len(NAMES) + len(made)} names, {matched} of them dependency files")


def hooks():
    """The real pre-commit, with the hook that runs the program at hand."""
    folder = WORK / "repository"
    shutil.copytree(TOP / "fixtures" / "projects" / "webshop", folder)
    (folder / "NOTES.md").write_text("nothing to audit\n")
    accepts("git", "git", "init", "--quiet", folder=folder)
    accepts("git", "git", "add", "--all", folder=folder)
    command = [TOOLS / "pre-commit", "try-repo", TOP, "audit-system"]
    refuses("the web shop", "findings: ", *command, "--all-files", folder=folder)
    accepts("a page", *command, "--files", "NOTES.md", folder=folder)
    refuses("its lock", "findings: ", *command, "--files", "poetry.lock", folder=folder)
    print("pre-commit runs the hook for dependency files, and for nothing else")


if __name__ == "__main__":
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    documents()
    safety()
    targets()
    shell()
    patterns()
    hooks()
