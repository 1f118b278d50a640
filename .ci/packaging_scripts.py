"""Runs the scripts of the GitHub action and of the GitLab template against releases made here.

    python .ci/packaging_scripts.py target/release/audit

The release holds a program that writes down what it was given, packed by the script that packs real ones.
"""

import functools
import hashlib
import http.server
import os
import platform
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import yaml

TOP = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.argv[1]).resolve()
WORK = TOP / "target" / "tmp" / "packaging_scripts"
TARGETS = {"x86_64": ("x86_64-unknown-linux-musl", "X64"), "aarch64": ("aarch64-unknown-linux-musl", "ARM64")}
TARGET, ARCHITECTURE = TARGETS[platform.machine()]
ARCHIVE = [sys.executable, str(TOP / ".github" / "release" / "archive.py")]
VERSION = subprocess.run([*ARCHIVE, "--version"], check=True, capture_output=True, text=True).stdout.strip()

# Writes its arguments, each on a line, and the reports that it is asked for; ends as it is told to.
RECORDER = """#!/bin/sh
for argument in "$@"; do
  printf '<%s>\\n' "$argument" >>"$RECORD"
  case $argument in
    --report=json=*)
      printf '{\\n  "version": 1,\\n  "verdict": "%s",\\n' "$RECORDED_VERDICT" >"${argument#--report=json=}" ;;
    --report=markdown=*) echo '# two findings' >"${argument#--report=markdown=}" ;;
    --report=*=*) echo "${argument%=*}" >"${argument#--report=*=}" ;;
  esac
done
echo "in $(pwd)" >>"$RECORD"
exit "$RECORDED_CODE"
"""
HOSTILE = ["a b", "$(touch PLANTED)", "`touch PLANTED`", "'; touch PLANTED; '", '"; touch PLANTED; "', "*", "-x", "~",
           "${{ github.token }}", "\\", "%0A::error::planted", "&& touch PLANTED", "ä\u202e"]


def pack(program, folder, target=TARGET, day="1750000000"):
    ran = subprocess.run([*ARCHIVE, str(program), target, str(folder)], check=True, capture_output=True, text=True,
                         env={**os.environ, "SOURCE_DATE_EPOCH": day})
    return Path(ran.stdout.strip())


def release(name, program):
    """A folder as a release has it."""
    folder = WORK / name
    archive = pack(program, folder)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  depaudit-other.zip\n{digest}  {archive.name}\n")
    return folder, archive, digest


def recorder():
    path = WORK / "recorder"
    path.write_text(RECORDER)
    path.chmod(0o755)
    return path


class Run:
    """One run of a script: its exit code, what it printed, what the program was given, the outputs of the step."""

    count = 0

    def __init__(self, command, variables, code=0, verdict="clean"):
        Run.count += 1
        self.folder = WORK / "runs" / str(Run.count)
        work = self.folder / "project"
        work.mkdir(parents=True)
        (work / "sub dir").mkdir()
        record, output, self.summary = (self.folder / name for name in ("record", "output", "summary"))
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "RECORD": str(record), "RECORDED_CODE": str(code),
            "RECORDED_VERDICT": verdict, "RUNNER_TEMP": str(self.folder), "RUNNER_OS": "Linux",
            "RUNNER_ARCH": ARCHITECTURE, "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(self.summary),
            **variables,
        }
        ran = subprocess.run(command, cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                             text=True)
        self.code, self.printed = ran.returncode, ran.stdout + ran.stderr
        lines = record.read_text().split("\n")[:-1] if record.exists() else None
        self.arguments = None if lines is None else [line[1:-1] for line in lines[:-1]]
        self.place = lines and lines[-1]
        text = output.read_text() if output.exists() else ""
        self.outputs = dict(line.split("=", 1) for line in text.splitlines())
        assert not list(self.folder.rglob("PLANTED")), f"something was executed: {variables}"

    def ended(self, code, verdict=None, says=""):
        assert self.code == code, f"ended with {self.code} instead of {code}:\n{self.printed}"
        assert verdict is None or self.outputs["verdict"] == verdict, self.outputs
        assert says in self.printed, f"does not say {says!r}:\n{self.printed}"
        return self

    def refused(self, says):
        assert self.arguments is None, "the program was run"
        return self.ended(2, None, says)


def action(release_folder, code=0, verdict="clean", **inputs):
    variables = {f"AUDIT_ACTION_{name.upper()}": value for name, value in inputs.items()}
    variables.setdefault("AUDIT_ACTION_URL", release_folder.as_uri())
    return Run(["bash", str(TOP / ".github" / "action" / "run.sh")], variables, code, verdict)


def the_action():
    good, archive, digest = release("good", recorder())

    plain = action(good).ended(0, "clean")
    assert plain.arguments[:2] == ["--format", "github"] and plain.arguments[-1] == "--", plain.arguments
    assert plain.outputs["exit-code"] == "0" and Path(plain.outputs["sarif"]).read_text() == "--report=sarif\n"
    assert plain.summary.read_text() == "# two findings\n"
    assert not action(good, summary="false").ended(0).summary.exists()
    action(good, 1, "findings").ended(1, "findings")
    action(good, 3, "incomplete").ended(3, "incomplete")
    action(good, 0, "incomplete").ended(0, "incomplete")       # --allow-incomplete
    action(good, 2).ended(2, "error", "::error title=audit::audit could not run (exit code 2)")

    asked = action(good, fail_on="high", since="origin/main", folder="sub dir",
                   reports="html=a b.html\n\ncsv=x.csv\r\n", args="--deny\nmissing-hash", paths="requirements.txt\nmy app", version=f"v{VERSION}")
    asked.ended(0)
    assert asked.arguments[-9:] == ["--fail-on=high", "--since=origin/main", "--report=html=a b.html",
                                    "--report=csv=x.csv", "--deny", "missing-hash", "--", "requirements.txt", "my app"]
    assert asked.place.endswith("/project/sub dir"), asked.place
    action(good, folder="nowhere").refused("there is no folder nowhere")

    hostile = action(good, args="\n".join(HOSTILE), paths="\n".join(HOSTILE), since="$(touch PLANTED)").ended(0)
    assert hostile.arguments[-2 * len(HOSTILE) - 1:] == [*HOSTILE, "--", *HOSTILE], hostile.arguments
    for text in HOSTILE:
        said = action(good, version=text).refused("::error title=audit::").printed
        assert [line for line in said.splitlines() if line.startswith("::")] == said.splitlines()[:1], said
    action(good, folder="x\n::error::planted").refused("x%0A::error::planted")

    # Checksums: of the release, and pinned.
    action(good, sha256=digest.upper()).ended(0, "clean")
    action(good, sha256="0" * 64).refused("but the input sha256 says 0000")
    for name, sums, says in [
        ("wrong", f"{'1' * 64}  {archive.name}\n", "but SHA256SUMS says 1111"),
        ("unlisted", f"{digest}  x{archive.name}\n", "does not list"),
        ("empty", "", "does not list"),
        ("twice", f"{digest}  {archive.name}\n{'1' * 64}  {archive.name}\n", "but SHA256SUMS says"),
    ]:
        folder = shutil.copytree(good, WORK / name)
        (folder / "SHA256SUMS").write_text(sums)
        action(folder).refused(says)
        action(folder, sha256=digest).refused(says)
    changed = shutil.copytree(good, WORK / "changed")
    (changed / archive.name).write_bytes(archive.read_bytes() + b"\0")
    action(changed).refused("nothing was run")
    (changed / "SHA256SUMS").unlink()
    action(changed).refused("cannot download")
    action(good, version="9.9.9").refused("is there a release 9.9.9?")
    action(good, url="http://127.0.0.1:1/").refused("begins with https:// or file:///")
    action(good, url="").refused("needs the input url")
    print(f"the action: {Run.count} runs, {len(HOSTILE)} hostile texts stay text, wrong checksums are refused")


def lacks(*words):
    """What of these the help of the program does not name."""
    said = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True).stdout
    return [word for word in words if word not in said]


def the_action_with_the_program():
    """What the action asks for is what the program has: fixtures in, annotations, summary and SARIF out."""
    missing = lacks("github", "sarif", "markdown")
    assert not missing, f"the program lacks {missing}"
    folder, _, _ = release("real", PROGRAM)
    webshop = str(TOP / "fixtures" / "projects" / "webshop")
    ran = action(folder, paths=webshop, args=f"--root\n{TOP}").ended(1, "findings", "::error ")
    assert Path(ran.outputs["sarif"]).stat().st_size > 1000 and ran.summary.stat().st_size > 100
    action(folder, paths=webshop + "-without", args="--no-config").ended(2, "error", "there is no such file")
    print("the action with the program: findings, annotations, a summary and SARIF")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def the_gitlab_job():
    template = yaml.safe_load((TOP / "docs" / "gitlab" / "audit.gitlab-ci.yml").read_text(encoding="utf-8"))
    script = "\n".join(template["audit"]["script"])
    artifacts = template["audit"]["artifacts"]["reports"]
    good, archive, digest = release("gitlab", recorder())
    wrong = shutil.copytree(good, WORK / "gitlab-wrong")
    (wrong / "SHA256SUMS").write_text(f"{'1' * 64}  {archive.name}\n")
    before = Run.count
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(WORK)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"

    def job(folder, code=0, **variables):
        texts = {name: str(value) for name, value in template["variables"].items()}
        return Run(["sh", "-c", script], {**texts, "AUDIT_RELEASE_URL": f"{address}/{folder}", **variables}, code)

    plain = job("gitlab").ended(0)
    assert plain.arguments[-2:] == ["--", "."] and not any("--fail-on" in text for text in plain.arguments)
    for path in artifacts.values():
        assert (plain.folder / "project" / path).exists(), f"no {path}"
    change = job("gitlab", 1, CI_MERGE_REQUEST_DIFF_BASE_SHA="0123abc", AUDIT_PATHS="app $(touch PLANTED) *").ended(1)
    assert change.arguments[-6:] == ["--since=0123abc", "--", "app", "$(touch", "PLANTED)", "*"], change.arguments
    assert "--fail-on=high" in job("gitlab", AUDIT_FAIL_ON="high").ended(0).arguments
    assert template["audit"]["allow_failure"]["exit_codes"] == [3]
    job("gitlab", 3).ended(3)
    job("gitlab", AUDIT_SHA256=digest).ended(0)
    job("gitlab", AUDIT_SHA256="1" * 64).refused("instead of 1111")
    job("gitlab-wrong").refused("instead of 1111")
    job("nowhere").refused("cannot download")
    job("gitlab", AUDIT_RELEASE_URL="").refused("set AUDIT_RELEASE_URL")
    job("gitlab", AUDIT_RELEASE_URL="http://mirror.example.com").refused("set AUDIT_RELEASE_URL")
    print(f"the GitLab job: {Run.count - before} runs, wrong checksums are refused")
    missing = lacks("gitlab", "codequality", "cyclonedx", "junit")
    assert not missing, f"the program lacks {missing}"
    release("gitlab-real", PROGRAM)
    ran = job("gitlab-real", AUDIT_PATHS=str(TOP / "fixtures" / "projects" / "webshop")).ended(1)
    for path in artifacts.values():
        assert (ran.folder / "project" / path).stat().st_size > 1000, f"{path} says little"
    print(f"the GitLab job with the program: findings, and {', '.join(sorted(artifacts.values()))}")
    server.shutdown()


def the_archives():
    program = recorder()
    for target in (TARGET, "x86_64-pc-windows-msvc"):
        first, second = (pack(program, WORK / name, target).read_bytes() for name in ("one", "two"))
        assert first == second, f"two archives for {target} differ"
    assert pack(program, WORK / "three", day="1760000000").read_bytes() != pack(program, WORK / "one").read_bytes()
    print("the archives: the same bytes for the same files")


if __name__ == "__main__":
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    the_archives()
    the_action()
    the_action_with_the_program()
    the_gitlab_job()
